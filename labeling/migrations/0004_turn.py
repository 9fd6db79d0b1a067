"""The database function behind ``labeling.services.fast``: one person's turn in one call (PostgreSQL only).

In few statements: starting one costs as much as most of them take. Limits are repeated here on purpose: a
migration does not change when the program does, and a test compares them. Every statement names the index
that it needs in labeling/models.

Rows that change often leave room in their page: then a change stays in it, and no index has to know. And
public ids are never searched by a pattern, so the indexes for patterns, which cost every answer something,
go.
"""

from django.db import migrations

GRANT = """
CREATE OR REPLACE FUNCTION labeling_grant(of_project bigint, to_enrollment bigint, missing bigint, price bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    cap bigint; granted bigint; remaining bigint; back bigint; more bigint;
BEGIN
    SELECT b.cap_micros, b.granted_micros INTO cap, granted
        FROM labeling_budget b WHERE b.project_id = of_project FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO labeling_budget (project_id, cap_micros, granted_micros)
            SELECT p.id, p.budget_micros, 0 FROM labeling_project p WHERE p.id = of_project
            ON CONFLICT DO NOTHING;
        SELECT b.cap_micros, b.granted_micros INTO cap, granted
            FROM labeling_budget b WHERE b.project_id = of_project FOR NO KEY UPDATE;
    END IF;
    remaining := CASE WHEN cap IS NULL THEN greatest(missing * 16 * 32, 1) ELSE cap - granted END;
    IF remaining < missing THEN
        WITH idle AS (
            SELECT e.id, e.allowance_micros FROM labeling_enrollment e
            WHERE e.project_id = of_project AND e.allowance_micros > 0 AND e.id <> to_enrollment
            FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE labeling_enrollment e SET allowance_micros = 0
            WHERE e.id = ANY (ARRAY(SELECT idle.id FROM idle))
        )
        SELECT coalesce(sum(idle.allowance_micros), 0) INTO back FROM idle;
        remaining := remaining + back;
        granted := granted - back;
    END IF;
    more := greatest(0, least(remaining, greatest(missing, least(price * 32, remaining / 16))));
    UPDATE labeling_budget b SET granted_micros = granted + more WHERE b.project_id = of_project;
    RETURN more;
END $$
"""

# The row as JSON, so that rules which a later migration adds are seen here, and only those known to be
# plain are served: see labeling.services.fast.

# By its columns: making JSON of the whole row took longer than most statements of the turn.
PLAIN = """
CREATE OR REPLACE FUNCTION labeling_is_plain(p labeling_project) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT (p.by_invitation OR p.match_people OR p.pays_bonuses) AND p.gold_rule = 'falling'
        AND p.who_may_work = '{}'::jsonb AND p.max_share_per_person IS NULL
        AND p.max_answers_per_day IS NULL AND p.practice_bound IS NULL
$$
"""

# The settings keep the plans on the indexes, also on connections that planned while the tables were empty;
# and compiling a statement takes longer than running it. What a seat must be is asked after it was found by
# its name, and what a lease must be beside counting: as conditions they tempt the planner to walk over the
# leases of everybody.
SETTINGS = """
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET jit = off
"""

TURN = (
    """
CREATE OR REPLACE FUNCTION labeling_turn(
    token_digest text, project_name text, asked_version integer,
    seats text[], keys uuid[], given text[], codes integer[], times double precision[],
    answer_names text[],
    wanted integer, this_claim uuid, seat_names text[],
    draws double precision[], starts bigint[],
    OUT state text, OUT why text, OUT next_seats text[], OUT next_items text[],
    OUT payloads text[], OUT pictures boolean[], OUT lease timestamptz,
    OUT project bigint, OUT answered_items bigint[]
) LANGUAGE plpgsql """
    + SETTINGS
    + """
AS $$
DECLARE
    me bigint; moment timestamptz; place integer := 0; free integer; held integer;
    answers integer := coalesce(array_length(seats, 1), 0);
    organization bigint; p_status text; p_version integer; p_instructions integer;
    p_lease integer; p_share double precision; p_limit integer; p_price bigint; plain boolean; member bigint;
    enrollment bigint; e_status text; e_answers integer; e_claimed integer; allowance bigint;
    answered bigint[]; prices bigint[]; hit record; gold bigint;
    chosen bigint[] := '{}'; taken bigint[] := '{}'; odds double precision;
    e_place bigint; e_mark bigint; e_placed timestamptz; lowest bigint; newest bigint;
    known boolean; back boolean;
BEGIN
    state := 'uncommon';
    SELECT t.user_id, p.id, p.organization_id, p.status, p.label_set_version, p.instructions_version,
            p.lease_seconds, p.gold_share, p.max_answers_per_person, p.price_micros, labeling_is_plain(p),
            e.id, e.status, e.answers, e.claimed, e.allowance_micros, e.place, e.place_mark, e.placed_at,
            (SELECT m.id FROM accounts_membership m
             WHERE m.organization_id = p.organization_id AND m.user_id = t.user_id AND m.role = 'annotator')
        INTO me, project, organization, p_status, p_version, p_instructions,
            p_lease, p_share, p_limit, p_price, plain,
            enrollment, e_status, e_answers, e_claimed, allowance, e_place, e_mark, e_placed,
            member
        FROM accounts_apitoken t
        JOIN accounts_user u ON u.id = t.user_id
        JOIN labeling_project p ON p.public_id = project_name
        JOIN labeling_enrollment e ON e.project_id = p.id AND e.annotator_id = t.user_id
        WHERE t.digest = token_digest AND t.revoked_at IS NULL AND u.is_active
        AND (t.expires_at IS NULL OR t.expires_at > statement_timestamp())
        FOR NO KEY UPDATE OF e;
    IF NOT FOUND OR NOT plain THEN RETURN; END IF;
    IF wanted > 0 AND (p_status = 'draft' OR member IS NULL) THEN RETURN; END IF;
    moment := clock_timestamp();

    SELECT count(*) FILTER (WHERE a.lease_until > moment),
            count(*) FILTER (WHERE a.lease_until > moment AND a.claim_key = this_claim),
            EXISTS (SELECT FROM labeling_answer k WHERE k.annotator_id = me AND k.key = ANY (keys))
        INTO held, free, known
        FROM labeling_assignment a
        WHERE a.annotator_id = me AND a.project_id = project AND a.state = 'leased';
    IF known OR (wanted > 0 AND free > 0) THEN RETURN; END IF;

    IF answers > 0 THEN
        WHILE place < answers LOOP
            place := place + 1;
            SELECT a.id, a.item_id, a.price_micros, a.label_set_version,
                    a.annotator_id = me AND a.project_id = project AND a.state = 'leased'
                    AND a.lease_until > moment AS holds INTO hit
                FROM labeling_assignment a WHERE a.public_id = seats[place];
            IF NOT FOUND OR NOT hit.holds THEN RETURN; END IF;
            IF hit.label_set_version <> asked_version THEN state := 'other_version'; RETURN; END IF;
            answered[place] := hit.id;
            answered_items[place] := hit.item_id;
            prices[place] := hit.price_micros;
        END LOOP;
        UPDATE labeling_assignment a SET state = 'answered', unused = true
            WHERE a.id = ANY (answered);
        WITH stored AS (
            INSERT INTO labeling_answer (public_id, project_id, item_id, assignment_id, annotator_id,
                    key, revision, value, label_code, verdict, counted, seconds, created_at)
                SELECT answer_names[n], project, answered_items[n], answered[n], me,
                    keys[n], 1, given[n]::jsonb, codes[n], 'stored', true, times[n], moment
                FROM generate_series(1, answers) n
                RETURNING id, assignment_id
        )
        INSERT INTO labeling_ledgerentry (project_id, annotator_id, answer_id, kind, amount_micros, created_at)
            SELECT project, me, s.id, 'answer', prices[array_position(answered, s.assignment_id)], moment
            FROM stored s;
        e_answers := e_answers + answers;
    END IF;
    state := 'done';

    IF wanted > 0 THEN
        held := least(held - answers, 50);
        free := least(wanted, 50 - held, coalesce(p_limit - e_answers - held, 50));
        why := CASE
            WHEN p_status = 'done' THEN 'done'
            WHEN p_status NOT IN ('live', 'pilot') THEN 'paused'
            WHEN e_status <> 'active' THEN 'you_are_paused'
            WHEN free <= 0 THEN 'limit' END;
    END IF;
    IF wanted > 0 AND why IS NULL THEN
        IF p_price > 0 THEN
            IF allowance < p_price * free THEN
                allowance := allowance + labeling_grant(project, enrollment, p_price * free - allowance, p_price);
            END IF;
            free := least(free, allowance / p_price);
        END IF;
        IF free = 0 THEN why := 'budget_spent'; END IF;
    END IF;
    IF wanted > 0 AND why IS NULL THEN
        SELECT min(o.position), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            INTO lowest, newest
            FROM labeling_opening o WHERE o.project_id = project AND o.mark >= e_mark;
        back := e_placed IS NULL OR e_placed <= moment - interval '5 minutes' OR e_mark > newest;
        IF back THEN
            e_place := -9223372036854775808;
            e_placed := moment;
        ELSIF lowest < e_place THEN
            back := true;
            e_place := lowest;
        END IF;
        e_mark := newest;
        IF back OR e_claimed % 8 < wanted THEN
            SELECT i.position INTO lowest
                FROM labeling_item i
                WHERE i.project_id = project AND i.has_seat AND NOT (i.role = 'gold')
                AND NOT (i.role = 'practice') AND i.position >= e_place
                AND (SELECT a.id FROM labeling_assignment a
                     WHERE a.item_id = i.id AND a.annotator_id = me) IS NULL
                ORDER BY i.position, i.id LIMIT 1;
            e_place := coalesce(lowest, e_place);
        END IF;
        FOR hit IN
            SELECT i.id, i.public_id, i.payload::text AS payload, i.media_id IS NOT NULL AS picture
            FROM labeling_item i
            WHERE i.project_id = project AND i.has_seat AND NOT (i.role = 'gold')
            AND NOT (i.role = 'practice') AND i.position >= e_place
            AND (SELECT a.id FROM labeling_assignment a
                 WHERE a.item_id = i.id AND a.annotator_id = me) IS NULL
            ORDER BY i.position, i.id LIMIT free
            FOR NO KEY UPDATE OF i SKIP LOCKED
        LOOP
            chosen := chosen || hit.id;
            next_items := next_items || hit.public_id::text;
            payloads := payloads || hit.payload;
            pictures := pictures || hit.picture;
        END LOOP;
        free := coalesce(array_length(chosen, 1), 0);
        FOR place IN 1..free LOOP
            odds := p_share;
            IF p_share > 0 AND p_share < 1.0::double precision / 3 THEN
                odds := p_share + (1.0::double precision / 3 - p_share) * 10
                    / (10 + 4 * greatest(e_claimed + place - 1 - 10, 0));
            END IF;
            CONTINUE WHEN draws[place] >= odds;
            gold := coalesce(array_length(taken, 1), 0) + 1;
            SELECT i.id, i.public_id, i.payload::text AS payload, i.media_id IS NOT NULL AS picture
                INTO hit FROM labeling_item i
                WHERE i.project_id = project AND i.has_seat AND i.role = 'gold'
                AND i.position >= starts[gold] AND i.id <> ALL (taken)
                AND (SELECT a.id FROM labeling_assignment a
                     WHERE a.item_id = i.id AND a.annotator_id = me) IS NULL
                ORDER BY i.position, i.id LIMIT 1
                FOR NO KEY UPDATE OF i SKIP LOCKED;
            IF NOT FOUND THEN
                SELECT i.id, i.public_id, i.payload::text AS payload, i.media_id IS NOT NULL AS picture
                    INTO hit FROM labeling_item i
                    WHERE i.project_id = project AND i.has_seat AND i.role = 'gold'
                    AND i.id <> ALL (taken)
                    AND (SELECT a.id FROM labeling_assignment a
                         WHERE a.item_id = i.id AND a.annotator_id = me) IS NULL
                    ORDER BY i.position, i.id LIMIT 1
                    FOR NO KEY UPDATE OF i SKIP LOCKED;
                EXIT WHEN NOT FOUND;
            END IF;
            taken := taken || hit.id;
            chosen[place] := hit.id;
            next_items[place] := hit.public_id;
            payloads[place] := hit.payload;
            pictures[place] := hit.picture;
        END LOOP;
        IF free = 0 THEN
            why := CASE
                WHEN EXISTS (
                    SELECT FROM labeling_item i
                    WHERE i.project_id = project AND i.has_seat AND NOT (i.role = 'gold')
                    AND NOT (i.role = 'practice') AND i.position >= e_place
                    AND (SELECT a.id FROM labeling_assignment a
                         WHERE a.item_id = i.id AND a.annotator_id = me) IS NULL
                ) THEN 'busy'
                WHEN EXISTS (
                    SELECT FROM labeling_item i
                    WHERE i.project_id = project AND i.has_seat AND NOT (i.role = 'gold')
                    AND NOT (i.role = 'practice')
                ) THEN 'caught_up'
                ELSE 'nothing_open' END;
        ELSE
            UPDATE labeling_item i SET seats_taken = i.seats_taken + 1,
                    has_seat = (i.status = 'open' AND i.seats_wanted > i.seats_taken + 1)
                WHERE i.id = ANY (chosen);
            lease := moment + make_interval(secs => p_lease);
            INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state,
                    label_set_version, instructions_version, lease_until, price_micros, claim_key,
                    unused, reason, created_at)
                SELECT seat_names[n], project, chosen[n], me, 'leased', p_version, p_instructions,
                    lease, p_price, this_claim, false, '', moment
                FROM generate_series(1, free) n;
            next_seats := seat_names[1:free];
            e_claimed := e_claimed + free;
            allowance := allowance - free * p_price;
        END IF;
    END IF;
    UPDATE labeling_enrollment e
        SET answers = e_answers, claimed = e_claimed, allowance_micros = allowance,
            place = e_place, place_mark = e_mark, placed_at = e_placed
        WHERE e.id = enrollment;
END $$
"""
)

SIGNATURE = (
    "text, text, integer, text[], uuid[], text[], integer[], double precision[], text[], "
    "integer, uuid, text[], double precision[], bigint[]"
)
ROOM = [
    "ALTER TABLE labeling_item SET (fillfactor = 85)",
    "ALTER TABLE labeling_enrollment SET (fillfactor = 50)",
]
NAMED = ("labeling_item", "labeling_assignment", "labeling_answer")


def create(_apps, editor):
    if editor.connection.vendor == "postgresql":
        for statement in [*ROOM, GRANT, PLAIN, TURN]:
            editor.execute(statement, params=None)


def drop(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP FUNCTION labeling_turn({SIGNATURE})", params=None)
        editor.execute("DROP FUNCTION labeling_is_plain(labeling_project)", params=None)
        editor.execute("DROP FUNCTION labeling_grant(bigint, bigint, bigint, bigint)", params=None)


def drop_patterns(_apps, editor):
    if editor.connection.vendor == "postgresql":
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename = ANY (%s) AND indexname LIKE %s",
                [list(NAMED), r"%\_public\_id\_%\_like"],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [("labeling", "0003_openings")]
    replaces = [("labeling", "0007_turn"), ("labeling", "0011_place_in_the_queue")]

    operations = [
        migrations.RunPython(create, drop),
        migrations.RunPython(drop_patterns, migrations.RunPython.noop),
    ]
