"""PostgreSQL, Redis, worker and scheduler: each is killed or forgets everything while people work."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from fault_play import Play, assert_kept, playing
from servers import assay
from servers.process import free_port
from servers.redis import Redis

WITHOUT_MESSAGES = f"-P {Path(__file__).with_name('site_without_messages.py')}"


@pytest.fixture
def broker() -> Iterator[Redis]:
    """A Redis that may be killed."""
    server = Redis()
    server.start_own(free_port())
    yield server
    server.stop()


@pytest.fixture
def play(tmp_path: Path, fresh_database: str, broker: Redis, seed: int) -> Iterator[Play]:
    with playing(tmp_path, seed, DATABASE_URL=fresh_database, REDIS_URL=broker.url) as play:
        yield play


class Faults:
    """What can break under a play, each by name."""

    def __init__(self, play: Play, broker: Redis, database: str) -> None:
        self.play, self.broker, self.database = play, broker, database

    def web(self) -> None:
        self.play.kill("web", child=True)

    def worker(self) -> None:
        self.play.kill("worker")

    def workers_child(self) -> None:
        self.play.kill("worker", child=True)

    def scheduler(self) -> None:
        self.play.kill("scheduler")

    def forgetful_broker(self) -> None:
        redis.Redis.from_url(self.broker.url).flushall()

    def dead_broker(self) -> None:
        """Away until somebody starts it again, a moment later and with nothing in it."""
        self.broker.kill()
        self.broker.start_own(urlsplit(self.broker.url).port or 0)

    def cut_connections(self) -> None:
        with psycopg.connect(self.database, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND random() < 0.7"
            )


ALL = ["web", "worker", "workers_child", "scheduler", "forgetful_broker", "dead_broker"]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [1])
def test_everything_breaks_once_while_people_work(
    play: Play, broker: Redis, fresh_database: str
) -> None:
    faults = Faults(play, broker, fresh_database)
    play.break_down([getattr(faults, name) for name in [*ALL, "cut_connections"]])
    assert_kept(play.outcome())


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 5))
@pytest.mark.parametrize("name", [*ALL, "cut_connections"])
def test_one_thing_breaks_again_and_again(
    play: Play, broker: Redis, fresh_database: str, name: str
) -> None:
    play.break_down([getattr(Faults(play, broker, fresh_database), name)] * 4)
    assert_kept(play.outcome())


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [1])
def test_only_the_scheduler_is_heard_and_the_end_is_reached(
    tmp_path: Path, fresh_database: str, broker: Redis, seed: int
) -> None:
    """Web and worker throw every message away; what the sweeps find is all that happens."""
    log, port = tmp_path / "site.log", free_port()
    environ = assay.environment(tmp_path, DATABASE_URL=fresh_database, REDIS_URL=broker.url)
    assert assay.run("migrate", "--verbosity=0", environ=environ).returncode == 0
    with ExitStack() as site:
        for program, *command in [
            (WITHOUT_MESSAGES, "web", "--port", str(port)),
            (WITHOUT_MESSAGES, "worker"),
            ("-m assay", "scheduler"),
        ]:
            site.enter_context(assay.running(*command, environ=environ, log=log, program=program))
        assay.wait_until(lambda: assay.answers(port), log=log)
        address = f"http://127.0.0.1:{port}"
        with playing(
            tmp_path, seed, address, DATABASE_URL=fresh_database, REDIS_URL=broker.url
        ) as play:
            assert_kept(play.outcome())
        assert "thrown_away" in log.read_text()
