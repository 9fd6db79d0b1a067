"""Asking for work: the row is written with its cause, and told about when that is stored."""

from typing import Any

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from jobs import hints, services
from jobs.models import Job, State
from jobs.reconciling import adopt_orphans, hint_waiting_jobs
from jobs.registry import UnknownKind, job_kind
from jobs.running import Run, _take, run_job
from jobs.services import JobBusy, enqueue
from together import together


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[tuple[Any, ...]]:
    """What would have gone to the broker."""
    messages: list[tuple[Any, ...]] = []
    settings.EMBEDDED_JOBS = False
    monkeypatch.setattr(hints, "send", lambda _task, ids: messages.append(ids))
    return messages


def no_work(run: Run) -> None:
    pass


@pytest.mark.django_db
def test_a_hint_goes_out_when_the_row_is_stored(
    kind, sent, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(kind(no_work), {})
        assert sent == []
    assert sent == [(job.pk,)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_a_job_whose_cause_was_rolled_back(kind, sent) -> None:
    name = kind(no_work)
    with transaction.atomic():
        enqueue(name, {})
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert sent == []


@pytest.mark.django_db
def test_a_web_process_with_embedded_jobs_sends_nothing(
    kind, sent, settings, django_capture_on_commit_callbacks
) -> None:
    settings.EMBEDDED_JOBS = True
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(kind(no_work), {})
    assert sent == []


@pytest.mark.django_db
def test_a_broker_that_is_away_fails_nobody_and_is_not_asked_by_everybody(monkeypatch) -> None:
    asked = []

    class Task:
        def delay(self, *ids: int) -> None:
            asked.append(ids)
            raise OperationalError("away")

    monkeypatch.setattr(hints._Line, "silent_until", 0.0)
    hints.send(Task(), (1,))
    hints.send(Task(), (2,))
    assert asked == [(1,)]


@pytest.mark.django_db
def test_a_lost_hint_is_sent_again_by_the_sweep(
    kind, sent, django_capture_on_commit_callbacks
) -> None:
    job = enqueue(kind(no_work), {})  # its own hint is lost
    with django_capture_on_commit_callbacks(execute=True):
        hint_waiting_jobs()
        hint_waiting_jobs()
    assert sent == [(job.pk,)]  # the second sweep gives the first hint its time


@pytest.mark.django_db
def test_a_new_jobs_process_takes_over_what_the_dead_one_left(
    kind, sent, django_capture_on_commit_callbacks
) -> None:
    begun, hinted = enqueue(kind(no_work), {}), enqueue("tests.work", {})
    _take(begun.pk)
    hint_waiting_jobs()
    adopt_orphans()
    with django_capture_on_commit_callbacks(execute=True):
        hint_waiting_jobs()
    assert sorted(sent) == [(begun.pk,), (hinted.pk,)]


@pytest.mark.django_db
def test_one_live_job_per_key(kind) -> None:
    name = kind(no_work)
    first = enqueue(name, {}, key="7")
    assert enqueue(name, {}, key="7").pk == first.pk
    assert enqueue(name, {}, key="8").pk != first.pk
    run_job(first.pk)
    assert enqueue(name, {}, key="7").pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_the_same_job(kind) -> None:
    name = kind(no_work)
    jobs = together([lambda: enqueue(name, {}, key="7").pk] * 6)
    assert len(set(jobs)) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_messages_at_once_run_a_job_once(kind) -> None:
    runs: list[int] = []
    job = enqueue(kind(lambda run: runs.append(run.attempt)), {})
    together([lambda: run_job(job.pk)] * 6)
    assert runs == [1]


@pytest.mark.django_db
def test_a_job_can_be_tried_again_after_it_ended_badly(kind) -> None:
    name = kind(no_work)
    job = enqueue(name, {}, key="7")
    assert services.cancel(job)
    assert services.retry(job).state == State.WAITING
    run_job(job.pk)
    with pytest.raises(JobBusy):
        services.retry(job)  # it is done


@pytest.mark.django_db
def test_a_job_is_not_tried_again_beside_its_successor(kind) -> None:
    name = kind(no_work)
    job = enqueue(name, {}, key="7")
    services.cancel(job)
    enqueue(name, {}, key="7")
    with pytest.raises(JobBusy):
        services.retry(job)


@pytest.mark.django_db
def test_work_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownKind):
        enqueue("tests.nobody", {})


@pytest.mark.django_db
def test_work_of_a_kind_that_only_newer_code_knows_is_left_for_it(kind) -> None:
    job = enqueue(kind(no_work), {})
    Job.objects.filter(pk=job.pk).update(kind="tests.newer")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.WAITING, 0)


def test_a_kind_has_one_handler(kind) -> None:
    name = kind(no_work)
    with pytest.raises(ValueError, match="twice"):
        job_kind(name)(no_work)
