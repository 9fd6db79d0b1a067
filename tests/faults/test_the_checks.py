"""The checks of the fault tests can fail: each kind of broken promise is made, and must be found."""

import uuid

import pytest

import at_work
import factories
from accounts.models import Organization
from labeling.models import Answer, Item, LedgerEntry, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from servers.player import compare

pytestmark = pytest.mark.django_db

SAID = {"a": "stored", "b": "late_extra"}
ROWS = [("a", "stored"), ("b", "late_extra")]


def test_what_was_kept_is_no_complaint() -> None:
    assert compare(SAID, ROWS) == []


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (ROWS[:1], "b was acknowledged and is lost"),
        ([*ROWS, ("a", "stored")], "1 answers are there twice"),
        ([*ROWS, ("c", "stored")], "c was never acknowledged"),
        ([ROWS[0], ("b", "stored")], "b was late_extra and is stored"),
    ],
)
def test_each_broken_promise_is_named(rows: list[tuple[str, str]], complaint: str) -> None:
    assert compare(SAID, rows) == [complaint]


@pytest.fixture
def project(organization: Organization) -> Project:
    """Four answers by two people, paid and counted."""
    project = factories.project(organization, price_micros=1000)
    at_work.open_items(project, 2, seats=3)
    for person in at_work.crowd(project, 2):
        seats = claim(project, person, 2).assignments
        submit(person, [at_work.answer(seat) for seat in seats])
    at_work.recount(project)
    return project


def test_a_seat_too_many_is_found(project: Project) -> None:
    Item.objects.filter(project=project, external_id="0").update(seats_taken=1)
    with pytest.raises(AssertionError):
        at_work.recount(project)


def test_an_answer_paid_twice_or_not_at_all_is_found(project: Project) -> None:
    answer = Answer.objects.filter(project=project).first()
    assert answer
    LedgerEntry.objects.create(
        project=project, annotator=answer.annotator, answer=answer, kind="bonus", amount_micros=1
    )
    with pytest.raises(AssertionError):
        at_work.recount(project)


def test_an_answer_that_nobody_paid_is_found(project: Project) -> None:
    first = Answer.objects.filter(project=project).first()
    assert first
    Answer.objects.create(
        project=project, item=first.item, assignment=first.assignment, annotator=first.annotator,
        key=uuid.uuid4(), revision=2, value="owl", verdict="stored", counted=True,
    )  # fmt: skip
    with pytest.raises(AssertionError):
        at_work.recount(project)
