"""One attempt after another: what the row says after each way that an attempt can end."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs import limits, services
from jobs.clock import in_future
from jobs.events import job_ended
from jobs.models import Job, State
from jobs.reconciling import release_lapsed_jobs
from jobs.running import JobFailed, LeaseLost, Run, _take, run_job
from jobs.services import enqueue

pytestmark = pytest.mark.django_db


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(due_at=Now())


def lapse(job: Job) -> None:
    """As if the process that runs it had died a while ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=in_future(timedelta(seconds=-1)))
    release_lapsed_jobs()
    make_due(job)


def test_a_job_runs_and_keeps_its_result(kind) -> None:
    job = enqueue(kind(lambda run: {"doubled": run.arguments["n"] * 2}), {"n": 21})
    run_job(job.pk)
    assert again(job).state == State.DONE
    assert job.result == {"doubled": 42}
    assert job.attempts == 1
    assert job.lease_until is None
    assert job.finished_at is not None


def test_a_doubled_message_runs_a_job_once(kind) -> None:
    runs = []
    job = enqueue(kind(lambda run: runs.append(run.job_id)), {})
    run_job(job.pk)
    run_job(job.pk)
    assert runs == [job.pk]


def test_a_message_before_its_time_does_nothing(kind) -> None:
    job = enqueue(kind(lambda run: None), {}, due_at=in_future(timedelta(hours=1)))
    run_job(job.pk)
    assert again(job).state == State.WAITING


def test_a_message_about_a_job_that_is_gone_does_nothing() -> None:
    run_job(123456789)


def test_an_error_is_kept_and_the_job_tried_again_until_its_attempts_are_used(kind) -> None:
    def fail(run: Run) -> None:
        raise RuntimeError(f"disk {run.attempt} is full")

    job = enqueue(kind(fail, max_attempts=2), {})
    run_job(job.pk)
    assert again(job).state == State.WAITING
    assert job.error == "RuntimeError: disk 1 is full"
    make_due(job)
    run_job(job.pk)
    assert again(job).state == State.FAILED
    assert job.error == "RuntimeError: disk 2 is full"
    assert job.attempts == 2


def test_the_next_attempt_waits_longer_each_time(kind) -> None:
    def fail(run: Run) -> None:
        raise RuntimeError

    job = enqueue(kind(fail), {})
    run_job(job.pk)
    run_job(job.pk)  # too early
    assert again(job).attempts == 1


def test_bad_input_fails_at_once_with_words_for_people(kind) -> None:
    def refuse(run: Run) -> None:
        raise JobFailed("Row 3 has no column named text.")

    job = enqueue(kind(refuse), {})
    run_job(job.pk)
    assert again(job).state == State.FAILED
    assert job.error == "Row 3 has no column named text."
    assert job.attempts == 1


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "x" * 10_000])
def test_any_text_of_an_error_can_be_stored(kind, text: str) -> None:
    def fail(run: Run) -> None:
        run.progress(1, 2, text)
        raise JobFailed(text)

    job = enqueue(kind(fail), {})
    run_job(job.pk)
    assert again(job).state == State.FAILED
    assert len(job.error) <= limits.ERROR_LENGTH


@pytest.mark.parametrize("result", [{"x": float("nan")}, {"x": "a\0b"}, {"x": object()}])
def test_a_result_that_is_no_json_counts_as_an_error(kind, result) -> None:
    job = enqueue(kind(lambda run: result, max_attempts=1), {})
    run_job(job.pk)
    assert again(job).state == State.FAILED
    assert job.error


def test_a_job_that_kills_its_process_is_given_up_after_its_attempts(kind) -> None:
    job = enqueue(kind(lambda run: None, max_attempts=3), {})
    for attempt in (1, 2, 3):
        _take(job.pk)
        lapse(job)
        assert again(job).state == (State.FAILED if attempt == 3 else State.WAITING)
    assert "died, 3 times" in job.error


def test_progress_is_written_but_not_at_every_call(kind, django_assert_max_num_queries) -> None:
    def work(run: Run) -> None:
        with django_assert_max_num_queries(2):
            for done in range(1001):
                run.progress(done, 1000, "reading")

    job = enqueue(kind(work), {})
    run_job(job.pk)
    assert (again(job).done, job.total, job.message) == (1000, 1000, "reading")


def test_a_cancelled_job_stops_at_its_next_write(kind) -> None:
    after = []

    def work(run: Run) -> None:
        assert services.cancel(Job.objects.get(pk=run.job_id))
        run.progress(1)
        after.append(run)

    job = enqueue(kind(work), {})
    run_job(job.pk)
    assert again(job).state == State.CANCELLED
    assert after == []


def test_a_late_attempt_writes_nothing(kind, organization) -> None:
    assert late_write(kind, organization, fenced) == "second"


def test_without_the_fence_a_late_attempt_would_write(kind, organization) -> None:
    """The deliberately broken variant: the test above would catch it."""
    assert late_write(kind, organization, unfenced) == "first"


def fenced(run: Run, write) -> None:
    with run.fenced():
        write()


def unfenced(run: Run, write) -> None:
    write()


def late_write(kind, organization, how) -> str:
    """The first attempt sleeps through its lease and the second one finishes; then the first wakes up."""

    def work(run: Run) -> None:
        if run.attempt == 1:
            lapse(job)
            run_job(job.pk)
        name = {1: "first", 2: "second"}[run.attempt]
        how(run, lambda: type(organization).objects.update(name=name))

    job = enqueue(kind(work), {})
    run_job(job.pk)
    assert (again(job).state, job.attempts) == (State.DONE, 2)
    organization.refresh_from_db()
    return organization.name


def test_a_lost_lease_is_an_error_only_of_the_late_attempt(kind) -> None:
    runs: list[Run] = []
    job = enqueue(kind(runs.append), {})
    run_job(job.pk)
    with pytest.raises(LeaseLost), runs[0].fenced():
        pytest.fail("the fence is open for a job that has ended")


def test_the_end_of_a_job_is_said_once(kind) -> None:
    heard = []

    def listen(job: Job, **_: object) -> None:
        heard.append((job.pk, job.state))

    job = enqueue(kind(lambda run: None), {})
    job_ended.connect(listen)
    try:
        run_job(job.pk)
        run_job(job.pk)
    finally:
        job_ended.disconnect(listen)
    assert heard == [(job.pk, State.DONE)]
