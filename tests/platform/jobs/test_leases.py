"""A lease is kept by a thread, by the database's clock, and lost without harm."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs.clock import in_future
from jobs.models import Job, State
from jobs.reconciling import release_lapsed_jobs
from jobs.running import LeaseLost, Run, _take, run_job
from jobs.services import enqueue

pytestmark = pytest.mark.django_db(transaction=True)


def lease_runs_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=in_future(timedelta(seconds=-1)))


def lease_left(job: Job) -> timedelta:
    left: timedelta = Job.objects.annotate(left=F("lease_until") - Now()).get(pk=job.pk).left
    return left


def test_a_running_handler_keeps_its_lease(kind) -> None:
    """It would be taken away after 0.6 s; the handler works on until the lease was renewed twice."""

    def work(run: Run) -> None:
        for _ in range(2):
            lease_runs_out(job)
            while lease_left(job) < timedelta(0):
                threading.Event().wait(0.02)

    job = enqueue(kind(work, lease=timedelta(seconds=0.6)), {})
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 1)


def test_nobody_takes_a_job_whose_attempt_is_inside_its_fence(kind) -> None:
    job = enqueue(kind(lambda run: None), {})
    run, _ = _take(job.pk)
    lease_runs_out(job)
    with run.fenced():
        assert in_another_connection(release_lapsed_jobs) == 0
    assert in_another_connection(release_lapsed_jobs) == 1


def test_after_its_lease_a_job_is_given_to_the_next_and_lost_to_the_first(kind) -> None:
    job = enqueue(kind(lambda run: None), {})
    run, _ = _take(job.pk)
    lease_runs_out(job)
    assert release_lapsed_jobs() == 1
    with pytest.raises(LeaseLost):
        run.progress(1)
    _take(job.pk)
    with pytest.raises(LeaseLost), run.fenced():
        pytest.fail("the fence is open for an attempt that lost its lease")


def test_a_clock_of_a_process_does_not_end_a_lease(kind, monkeypatch) -> None:
    """The process believes that it is next year; the database knows better."""
    job = enqueue(kind(lambda run: None), {})
    _take(job.pk)
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(days=365))
    assert release_lapsed_jobs() == 0


def in_another_connection(action) -> int:
    results: list[int] = []

    def run() -> None:
        try:
            results.append(action())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return results[0]
