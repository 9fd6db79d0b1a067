-- The least that a claim and an answer can be: two transactions of plain statements.
\set person random(1, 1000000000)
BEGIN;
SELECT id AS item FROM least_item WHERE open ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED \gset
UPDATE least_item SET taken = taken + 1, open = taken + 1 < wanted WHERE id = :item;
INSERT INTO least_seat (item_id, person, lease_until) VALUES (:item, :person, now() + interval '10 minutes') RETURNING id AS seat \gset
COMMIT;
BEGIN;
UPDATE least_seat SET state = 'answered' WHERE id = :seat AND person = :person AND state = 'leased' AND lease_until > now();
INSERT INTO least_answer (seat_id, item_id, person, key, value) VALUES (:seat, :item, :person, gen_random_uuid(), '"3"');
COMMIT;
