"""The statements of a turn on SQLite. Their columns are named as in the database function."""

PERSON = """
SELECT t.user_id FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
WHERE t.digest = ? AND t.revoked_at IS NULL AND u.is_active
AND (t.expires_at IS NULL OR t.expires_at > ?)
"""
PROJECT = "SELECT p.* FROM labeling_project p WHERE p.public_id = ?"
MEMBER = """
SELECT m.id FROM accounts_membership m
WHERE m.organization_id = ? AND m.user_id = ? AND m.role = 'annotator'
"""
ENROLLMENT = """
SELECT e.id, e.status, e.answers, e.claimed, e.allowance_micros, e.place, e.place_mark,
    coalesce(e.placed_at > ?, 0)
FROM labeling_enrollment e WHERE e.project_id = ? AND e.annotator_id = ?
"""
HELD = """
SELECT a.claim_key FROM labeling_assignment a
WHERE a.annotator_id = ? AND a.project_id = ? AND a.state = 'leased' AND a.lease_until > ?
"""
SEAT = """
SELECT a.id, a.item_id, a.price_micros FROM labeling_assignment a
WHERE a.public_id = ? AND a.annotator_id = ? AND a.project_id = ?
AND a.state = 'leased' AND a.lease_until > ? AND a.label_set_version = ?
"""
KEY = "SELECT a.id FROM labeling_answer a WHERE a.annotator_id = ? AND a.key = ?"
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
COLUMNS = "SELECT i.id, i.public_id, i.payload, i.media_id IS NOT NULL FROM labeling_item i"
OPEN = "i.project_id = ? AND i.has_seat AND NOT (i.role = 'gold') AND NOT (i.role = 'practice')"
GOLD = "i.project_id = ? AND i.has_seat AND i.role = 'gold'"
FROM_PLACE = f"{OPEN} AND i.position >= ? AND {UNSEEN} ORDER BY i.position, i.id"
FIRST_POSITION = f"SELECT i.position FROM labeling_item i WHERE {FROM_PLACE} LIMIT 1"  # noqa: S608
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
