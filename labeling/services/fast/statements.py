"""The statements of a turn on SQLite. Their columns are named as in the database function."""

from labeling.queries import openings

PLAIN = """
NOT (p.by_invitation OR p.match_people OR p.pays_bonuses) AND p.gold_rule = 'falling'
AND p.who_may_work = '{}' AND p.max_share_per_person IS NULL
AND p.max_answers_per_day IS NULL AND p.practice_bound IS NULL
"""
# Each table by a unique index, in this order: CROSS JOIN says so to SQLite.
DOOR = f"""
SELECT t.user_id, p.id, p.status, p.label_set_version, p.instructions_version, p.lease_seconds,
    p.gold_share, p.max_answers_per_person, p.price_micros,
    e.id, e.status, e.answers, e.claimed, e.allowance_micros, e.place, e.place_mark,
    coalesce(e.placed_at > ?, 0),
    EXISTS (SELECT 1 FROM accounts_membership m
        WHERE m.organization_id = p.organization_id AND m.user_id = t.user_id AND m.role = 'annotator')
FROM accounts_apitoken t CROSS JOIN accounts_user u CROSS JOIN labeling_project p
    CROSS JOIN labeling_enrollment e
WHERE t.digest = ? AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?)
AND u.id = t.user_id AND u.is_active AND p.public_id = ? AND {PLAIN}
AND e.project_id = p.id AND e.annotator_id = t.user_id
"""  # noqa: S608
OPENINGS = openings.SQLITE.replace("%s", "?")
HELD = """
SELECT a.claim_key FROM labeling_assignment a
WHERE a.annotator_id = ? AND a.project_id = ? AND a.state = 'leased' AND a.lease_until > ?
"""
SEAT = """
SELECT a.id, a.item_id, a.price_micros FROM labeling_assignment a
WHERE a.public_id = ? AND a.annotator_id = ? AND a.project_id = ?
AND a.state = 'leased' AND a.lease_until > ? AND a.label_set_version = ?
"""
CLOSE = "UPDATE labeling_assignment SET state = 'answered', unused = 1 WHERE id = ?"
ANSWER = """
INSERT INTO labeling_answer (public_id, project_id, item_id, assignment_id, annotator_id, key,
    revision, value, label_code, verdict, counted, seconds, created_at)
VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, 'stored', 1, ?, ?)
"""
PAY = """
INSERT INTO labeling_ledgerentry (project_id, annotator_id, answer_id, kind, amount_micros, created_at)
VALUES (?, ?, ?, 'answer', ?, ?)
"""
UNSEEN = """
NOT EXISTS (SELECT 1 FROM labeling_assignment a WHERE a.item_id = i.id AND a.annotator_id = ?)
"""
COLUMNS = """
SELECT i.id, i.public_id, i.payload, i.media_id IS NOT NULL, i.position FROM labeling_item i
"""
OPEN = "i.project_id = ? AND i.has_seat AND NOT (i.role = 'gold') AND NOT (i.role = 'practice')"
GOLD = "i.project_id = ? AND i.has_seat AND i.role = 'gold'"
FROM_PLACE = f"{OPEN} AND i.position >= ? AND {UNSEEN} ORDER BY i.position, i.id"
ORDINARY_ITEMS = f"{COLUMNS} WHERE {FROM_PLACE} LIMIT ?"
GOLD_ITEM = (
    f"{COLUMNS} WHERE {GOLD} AND i.position >= ? AND {UNSEEN} "  # noqa: S608
    "AND i.id NOT IN (SELECT value FROM json_each(?)) ORDER BY i.position, i.id LIMIT 1"
)
ANYTHING_OPEN = f"SELECT 1 FROM labeling_item i WHERE {OPEN} LIMIT 1"  # noqa: S608
TAKE = """
UPDATE labeling_item SET seats_taken = seats_taken + 1,
    has_seat = (status = 'open' AND seats_wanted > seats_taken + 1) WHERE id = ?
"""
LEASE = """
INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state,
    label_set_version, instructions_version, lease_until, price_micros, claim_key, unused, reason, created_at)
VALUES (?, ?, ?, ?, 'leased', ?, ?, ?, ?, ?, 0, '', ?)
"""
PERSON_DID = """
UPDATE labeling_enrollment SET answers = ?, claimed = ?, allowance_micros = ?,
    place = ?, place_mark = ?, placed_at = coalesce(?, placed_at) WHERE id = ?
"""
