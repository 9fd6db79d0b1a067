"""The budget is never exceeded, not by one answer, and no lease that was given is unpayable."""

import time
import uuid

import pytest
from rest_framework.test import APIClient

import factories
from accounts.models import User
from accounts.services import create_token
from at_work import answer, crowd, open_items, recount, recount_money, work_until_empty
from labeling.errors import Conflict
from labeling.models import Assignment, Enrollment, Project
from labeling.queries import spent_micros
from labeling.services import claiming
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.projects import update_project
from together import together

PRICE = 20_000
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seats_paid", [0, 1, 7, 50])
def test_the_budget_is_never_exceeded_and_spent_to_the_last_seat(organization, seats_paid) -> None:
    budget = PRICE * seats_paid + PRICE // 2
    project = factories.project(organization, price_micros=PRICE, budget_micros=budget)
    people = crowd(project, 8)
    open_items(project, 40, seats=3)
    together([lambda p=p, n=n: work_until_empty(project, p, n) for n, p in enumerate(people)])
    recount(project)
    for person in people:  # alone, nobody is at work: what idle people had set aside is found
        work_until_empty(project, person, 1)
        assert claim(project, person, 1).why_empty == "budget_spent"
    recount(project)
    assert spent_micros(project.pk) == PRICE * seats_paid


def test_a_lease_is_payable_whatever_the_manager_does(organization, ada, ben) -> None:
    project = factories.project(
        organization, price_micros=PRICE, budget_micros=5 * PRICE, gold_share=0
    )
    open_items(project, 9, seats=1)
    held = claim(project, ada, 4).assignments
    with pytest.raises(Conflict):
        update_project(project, {"budget_micros": 3 * PRICE})
    update_project(project, {"budget_micros": 4 * PRICE, "price_micros": 3 * PRICE})
    assert claim(project, ben, 1).why_empty == "budget_spent"
    assert {o.verdict for o in submit(ada, [answer(seat) for seat in held])} == {"stored"}
    assert spent_micros(project.pk) == 4 * PRICE
    recount_money(Project.objects.get())


def without_reserve(enrollment: Enrollment, price: int, seats: int) -> int:
    """What seems to work: add up the ledger and the leases, and compare."""
    left = budget_of(enrollment) - spent_micros(enrollment.project_id)
    promised = Assignment.objects.filter(project_id=enrollment.project_id, state="leased").count()
    affordable = min(seats, left // price - promised)
    time.sleep(0.05)  # long enough for the others to add up as well
    enrollment.allowance_micros += price * affordable
    return affordable


def budget_of(enrollment: Enrollment) -> int:
    return enrollment.project.budget_micros or 0


@pytest.mark.parametrize("right", [True, False])
def test_adding_up_and_then_spending_is_caught(organization, right, monkeypatch) -> None:
    if not right:
        monkeypatch.setattr(claiming, "affordable_seats", without_reserve)
    project = factories.project(
        organization, price_micros=PRICE, budget_micros=10 * PRICE, gold_share=0
    )
    people = crowd(project, 12)
    open_items(project, 40, seats=1)

    def work(person: User) -> None:
        submit(person, [answer(seat) for seat in claim(project, person, 3).assignments])

    together([lambda p=p: work(p) for p in people])
    assert (spent_micros(project.pk) <= 10 * PRICE) is right


@pytest.mark.parametrize("size", [40, pytest.param(200, marks=pytest.mark.nightly)])
def test_answers_of_a_whole_crowd_at_once_stay_within_the_cap(organization, size) -> None:
    """Each person with a connection of their own, all at the same moment, by the short way."""
    payable = size // 2
    budget = PRICE * payable + PRICE // 2
    project = factories.project(organization, price_micros=PRICE, budget_micros=budget)
    apis = [signed_in(person) for person in crowd(project, size)]
    open_items(project, payable, seats=3)
    calls = [lambda api=api: answer_one(api, project) for api in apis]
    verdicts = [verdict for told in together(calls) for verdict in told]
    recount(project)
    paid = spent_micros(project.pk) // PRICE
    assert verdicts == ["stored"] * paid
    assert paid <= payable
    waiting = iter(apis)
    while len(verdicts) < payable:  # alone: what was set aside for people at work then is found
        verdicts += answer_one(next(waiting), project)
    recount(project)
    assert spent_micros(project.pk) == PRICE * len(verdicts) == PRICE * payable


def signed_in(person: User) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(person).secret}")
    return api


def answer_one(api: APIClient, project: Project) -> list[str]:
    """Claim a seat and answer it; the verdict, if there was a seat."""
    claims = f"/api/v1/projects/{project.public_id}/claims"
    seats = api.post(claims, {"count": 1}, format="json").json()["assignments"]
    sent = [{"assignment": s["id"], "value": "owl", "key": str(uuid.uuid4())} for s in seats]
    if not sent:
        return []
    outcomes = api.post("/api/v1/answers", {"answers": sent}, format="json").json()["answers"]
    return [outcome["verdict"] for outcome in outcomes]
