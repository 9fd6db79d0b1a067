"""Experts: what waits for them, taking it, and how their label is heard."""

import pytest

import factories
import scenes
from accounts.models import AuditEntry, Role
from labeling.errors import Conflict, NotFound, Refused
from labeling.models import Item, ItemStatus, Project
from quality.models import Consensus, Review, ReviewLease
from quality.queries import labels, provenance
from quality.queries.reviews import how_many_wait, waiting
from quality.services.decisions import set_aside
from quality.services.rebuilding import rebuild
from quality.services.refit import Unfenced, refit
from quality.services.reviewing import claim_reviews, give_review, set_policy
from quality.services.settling import settle_all
from together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def rhea(organization):
    return factories.member(organization, "rhea", Role.REVIEWER)


@pytest.fixture
def rob(organization):
    return factories.member(organization, "rob", Role.REVIEWER)


@pytest.fixture
def project(organization) -> Project:
    return scenes.digits_project(organization, seats_max=2)


@pytest.fixture
def disputed(project, ada, ben) -> Item:
    """Two seats, two answers, no agreement: an expert has to say."""
    [item] = scenes.open_work(project, 1, seats=2)
    scenes.say(project, ada, item, "3")
    scenes.say(project, ben, item, "8")
    settle_all(project.pk)
    item.refresh_from_db()
    assert item.status == ItemStatus.HELD
    return item


def test_an_item_whose_seats_are_used_up_waits_and_is_claimed_by_one(project, disputed, rhea, rob):
    [row] = waiting(project, rhea).rows
    assert (row.item, row.why, row.answers) == (disputed.public_id, "expert", 2)
    [task] = claim_reviews(project, rhea)
    assert (task.waiting.item, task.said) == (disputed.public_id, {"3": 1, "8": 1})
    assert claim_reviews(project, rob) == []
    assert [again.waiting.item for again in claim_reviews(project, rhea)] == [disputed.public_id]
    with pytest.raises(Conflict):
        give_review(project, rob, disputed.public_id, "8")


@pytest.mark.django_db(transaction=True)
def test_of_many_reviewers_at_once_one_gets_the_item(organization, project, disputed):
    people = [factories.member(organization, f"r{n}", Role.REVIEWER) for n in range(4)]
    found = together([lambda who=who: claim_reviews(project, who) for who in people])
    assert sum(map(len, found)) == 1
    assert ReviewLease.objects.count() == 1


def adds_up(item):
    """The grounds of the label, whose parts make what is stored."""
    why, stored = provenance(item), Consensus.objects.get(item=item)
    parts = [why.prior, *(vote.log_odds for vote in why.votes), why.doubt, why.experts]
    assert why.log_odds == pytest.approx(sum(parts))
    assert why.belief[why.label] == pytest.approx(stored.confidence, abs=1e-4)
    return why


def test_a_final_review_is_the_label_and_everything_says_so(project, disputed, rhea):
    claim_reviews(project, rhea)
    give_review(project, rhea, disputed.public_id, "8", note="the loop is closed")
    known = Consensus.objects.get(item=disputed)
    assert (known.state, known.value, known.method) == ("settled", "8", "review")
    assert known.confidence == pytest.approx(0.99)
    disputed.refresh_from_db()
    assert disputed.status == ItemStatus.SETTLED
    [said] = adds_up(disputed).reviews
    assert (said.reviewer, said.value, said.final, said.note) == (
        "rhea",
        "8",
        True,
        "the loop is closed",
    )
    assert [row.label for row in labels(project)] == ["8"]
    assert how_many_wait(project)["expert"] == 0
    assert AuditEntry.objects.filter(action="review.given", actor=rhea).count() == 1
    assert not ReviewLease.objects.exists()


def test_a_review_survives_refits_rebuilds_and_the_loss_of_all_votes(
    project, disputed, rhea, ada, ben
):
    give_review(project, rhea, disputed.public_id, "8")
    refit(project.pk, Unfenced())
    settle_all(project.pk)
    assert Consensus.objects.get(item=disputed).value == "8"
    for person in (ada, ben):
        own = disputed.answers.filter(annotator=person).values_list("pk", flat=True)
        set_aside(project, person, answer_ids=own, reason="a test", evidence={})
    settle_all(project.pk)
    known = Consensus.objects.get(item=disputed)
    assert (known.value, known.state, known.answers_used) == ("8", "settled", 0)
    Consensus.objects.all().delete()
    rebuild(project)
    assert Consensus.objects.get(item=disputed).value == "8"


def test_a_strong_vote_is_one_more_vote(project, disputed, rhea, rob):
    set_policy(project, reviews="strong")
    before = Consensus.objects.get(item=disputed).posterior
    give_review(project, rhea, disputed.public_id, "8")
    known = Consensus.objects.get(item=disputed)
    odds = (known.posterior[8] / known.posterior[3]) / (before[8] / before[3])
    assert odds == pytest.approx(0.97 / (0.03 / 9), rel=0.01)
    assert known.method != "review"
    assert adds_up(disputed).experts > 0
    give_review(project, rob, disputed.public_id, "3")
    known = Consensus.objects.get(item=disputed)
    ratio = known.posterior[3] / known.posterior[8]
    assert ratio == pytest.approx(before[3] / before[8], rel=0.01)


def test_what_a_reviewer_may_not_review(project, disputed, rhea, ada, organization):
    with pytest.raises(Refused) as wrong:
        give_review(project, rhea, disputed.public_id, "owl")
    assert wrong.value.field.startswith("value")
    with pytest.raises(Conflict):
        give_review(project, ada, disputed.public_id, "3")  # she has answered it
    [gold] = scenes.open_known(project, ["1"])
    for hidden in (gold.public_id, "x" * 16):
        with pytest.raises(NotFound):
            give_review(project, rhea, hidden, "1")
    give_review(project, rhea, disputed.public_id, "8")
    with pytest.raises(Conflict):
        give_review(project, rhea, disputed.public_id, "3")
    assert Review.objects.count() == 1


def test_settled_below_the_target_and_long_disputed_items_wait_too(organization, rhea):
    project = scenes.digits_project(organization, redundancy="fixed", seats_max=3)
    [item, other] = scenes.open_work(project, 2, seats=3)
    for person, one, two in zip(
        scenes.people(organization, 3), ("3", "3", "8"), ("1", "1", "1"), strict=True
    ):
        scenes.say(project, person, item, one)
        scenes.say(project, person, other, two)
    settle_all(project.pk)
    assert [row.item for row in waiting(project, rhea, why="uncertain").rows] == [item.public_id]
    assert waiting(project, rhea, why="expert").rows == []
