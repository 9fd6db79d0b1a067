"""What PostgreSQL itself can do on this machine: the least claim and the least answer, in pgbench."""

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("hot_path_minimal.sql")
TABLES = """
DROP TABLE IF EXISTS least_item, least_seat, least_answer;
CREATE TABLE least_item (id bigserial PRIMARY KEY, taken integer NOT NULL DEFAULT 0,
    wanted integer NOT NULL DEFAULT 3, open boolean NOT NULL DEFAULT true, CHECK (taken <= wanted));
CREATE INDEX ON least_item (id) WHERE open;
CREATE TABLE least_seat (id bigserial PRIMARY KEY, item_id bigint NOT NULL, person bigint NOT NULL,
    state text NOT NULL DEFAULT 'leased', lease_until timestamptz NOT NULL, UNIQUE (item_id, person));
CREATE TABLE least_answer (id bigserial PRIMARY KEY, seat_id bigint NOT NULL, item_id bigint NOT NULL,
    person bigint NOT NULL, key uuid NOT NULL, value jsonb NOT NULL, UNIQUE (person, key));
INSERT INTO least_item SELECT FROM generate_series(1, 60000);
"""


def least(url: str, clients: int, seconds: int) -> float:
    """Pairs of a minimal claim and a minimal answer a second, in pgbench."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
    command = [
        "pgbench",
        "-n",
        "-f",
        str(SCRIPT),
        "-c",
        str(clients),
        "-j",
        "2",
        "-T",
        str(seconds),
    ]
    ran = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    rate = float(next(x.split()[2] for x in ran.stdout.splitlines() if x.startswith("tps")))
    pair = float(next(x.split()[3] for x in ran.stdout.splitlines() if x.startswith("latency av")))
    print(
        f"plain PostgreSQL, {clients} clients: {rate:.0f} claims and answers a second, "
        f"{pair:.1f} ms each",
        flush=True,
    )
    return rate
