"""Real Celery workers on a real Redis, killed while they work; and a Redis that forgets everything."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from django.db import connection

from jobs.models import Job, ScheduleSlot, State
from servers import assay

SITE = f"-P {Path(__file__).with_name('site_with_kinds.py')}"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def worker(tmp_path: Path, log: Path, redis_url: str) -> Iterator[int]:
    """A worker and a scheduler on the database of the test; the worker's process id."""
    redis.Redis.from_url(redis_url).flushdb()
    environ = assay.environment(tmp_path, DATABASE_URL=database_url(), REDIS_URL=redis_url)
    with ExitStack() as processes:
        start = [["worker", "--slots", "2"], ["scheduler"]]
        started = [
            processes.enter_context(assay.running(*command, environ=environ, log=log, program=SITE))
            for command in start
        ]
        yield started[0].pid


def database_url() -> str:
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def waiting_job(kind: str, max_attempts: int = 3) -> Job:
    """A job whose message was lost: nobody is told."""
    return Job.objects.create(kind=kind, max_attempts=max_attempts)


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def ended(job: Job) -> bool:
    return again(job).state in (State.DONE, State.FAILED)


def cut_connections() -> None:
    """What a restart of the database does to everybody who was connected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.rowcount > 0


def test_jobs_outlive_workers_messages_and_connections(
    worker: int, log: Path, redis_url: str
) -> None:
    job, deadly = waiting_job("tests.sleepy"), waiting_job("tests.deadly", max_attempts=2)
    assay.wait_until(lambda: again(job).message, log=log)
    assert job.state == State.RUNNING
    child = int(job.message)
    assert child in assay.descendants(worker)
    assay.kill(child)
    redis.Redis.from_url(redis_url).flushdb()

    assay.wait_until(lambda: ended(job), log=log)
    assert (job.state, job.result) == (State.DONE, {"attempt": 2})
    assert ScheduleSlot.objects.filter(schedule="tests.effect", slot=job.pk).count() == 1

    assay.wait_until(lambda: ended(deadly), log=log)
    assert (deadly.state, deadly.attempts) == (State.FAILED, 2)
    assert "died, 2 times" in deadly.error

    cut_connections()
    plain = waiting_job("tests.plain")
    assay.wait_until(lambda: ended(plain), log=log)
    assert plain.state == State.DONE

    family = assay.descendants(worker)
    assert family
    assay.kill(worker)
    assay.wait_until(lambda: not assay.alive(family), log=log)
