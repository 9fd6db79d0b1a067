"""New items and further answers compete for the same money: by the decision that replay measures."""

import numpy as np
import pytest

import loop_scene
from labeling.models import Item, ItemRole, ItemStatus
from learning import queries
from learning.decision import next_questions
from learning.models import FeatureSpace, Plan, PredictionBlock, QueryRound
from learning.services.choosing import choose
from learning.services.features import store_block
from learning.services.market import offer_of
from learning.services.plans import UnusablePlan, configure
from quality.models import Consensus
from quality.queries import waiting
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 150, n_gold=10, n_people=5)
    made.accuracy = 0.7
    loop_scene.settle(made, 60)
    loop_scene.pretend_model(made, right=0.75)
    return made


def open_round(scene, number, wanted=30):
    return loop_scene.run(
        "learning.query_round", scene.project, number=number, wanted=wanted
    ).result


def answer_all(scene, times=1):
    for _ in range(times):
        scene.shift(each=12)
    settle_all(scene.project.pk)


def put_off_some(scene):
    """A priced round was opened and answered; some items are in doubt and wait."""
    open_round(scene, 1)
    Plan.objects.update(asking_price=2.0)  # whatever comes next repairs more than any item here
    answer_all(scene)


def test_production_asks_what_the_decision_says(scene):
    model = queries.current_model(scene.project.pk)
    offer = offer_of(scene.project, model)
    bought = next_questions(
        offer.market, 30, np.random.default_rng([scene.project.pk, 1]), explored=0.1
    )
    chosen = choose(scene.project.pk, 30, 1)
    assert [pick.item_id for pick in chosen.picks] == offer.item_ids[bought.items].tolist()
    assert chosen.strategy == "priced"


def test_an_item_in_doubt_waits_until_its_answer_is_worth_its_price(scene):
    put_off_some(scene)
    doubtful = Consensus.objects.filter(project=scene.project, state="open")
    asleep = waiting(scene.project.pk)
    assert asleep.item_ids.tolist() == sorted(doubtful.values_list("item_id", flat=True))
    assert len(asleep.item_ids) > 3
    assert not Item.objects.filter(pk__in=asleep.item_ids, has_seat=True).exists()
    assert asleep.answers.min() >= 1


def test_a_round_names_waiting_items_beside_new_ones(scene):
    put_off_some(scene)
    asleep = waiting(scene.project.pk)
    left = queries.ids_of(queries.pool(scene.project.pk))
    result = open_round(scene, 2, wanted=len(asleep.item_ids) + len(left) - 3)
    opened = QueryRound.objects.get(number=2)
    again = set(opened.again)
    assert result["items"] == len(opened.item_ids)
    assert again <= set(asleep.item_ids.tolist())
    assert again
    assert set(opened.item_ids) - again
    for item in Item.objects.filter(pk__in=again):
        assert item.has_seat
        assert item.seats_wanted == item.seats_taken + 1


def test_the_margin_of_a_round_is_the_price_until_the_next(scene):
    open_round(scene, 1, wanted=20)
    margin = Plan.objects.get().asking_price
    assert 0 < margin < 1
    answer_all(scene)
    for row in Consensus.objects.filter(project=scene.project, state="open"):
        item = Item.objects.get(pk=row.item_id)
        assert item.has_seat == (1 - row.confidence >= margin)


def test_when_everything_on_offer_was_bought_nobody_waits(scene):
    open_round(scene, 1, wanted=500)
    assert Plan.objects.get().asking_price == 0
    answer_all(scene)
    assert not len(waiting(scene.project.pk).item_ids)


def test_a_plan_that_no_longer_prices_asks_about_all_that_wait(scene):
    put_off_some(scene)
    asleep = set(waiting(scene.project.pk).item_ids.tolist())
    configure(scene.project.pk, strategy="entropy")
    open_round(scene, 2, wanted=10)
    opened = QueryRound.objects.get(number=2)
    assert set(opened.again) == asleep
    assert len(opened.item_ids) == 10 + len(asleep)
    assert Plan.objects.get().asking_price is None


def test_a_mixed_batch_has_the_shares_that_the_manager_chose(scene):
    configure(scene.project.pk, shares={"value": 0.7, "diverse": 0.2, "random": 0.1})
    put_off_some(scene)  # the opening: first answers go to random items
    Plan.objects.update(asking_price=None)
    answered = Consensus.objects.filter(project=scene.project).count()
    assert answered > 40
    open_round(scene, 2, wanted=20)
    parts = QueryRound.objects.get(number=2).parts
    assert {name: len(ids) for name, ids in parts.items()} == {
        "priced": 14,
        "typical_first": 4,
        "random": 2,
    }
    every = [item_id for ids in parts.values() for item_id in ids]
    assert len(set(every)) == 20


@pytest.mark.parametrize(
    "shares",
    [{"magic": 1.0}, {"value": 0.5}, {"value": 1.5, "random": -0.5}, {"value": 0.5, "priced": 0.5}],
)
def test_shares_that_mean_nothing_are_refused(scene, shares):
    with pytest.raises(UnusablePlan, match="shares"):
        configure(scene.project.pk, shares=shares)


def test_fixed_redundancy_is_never_a_question_of_price(organization):
    made = loop_scene.digits_scene(
        organization, 20, n_gold=0, n_people=4, redundancy="fixed", seats_max=2
    )
    open_round(made, 1, wanted=20)
    Plan.objects.update(asking_price=2.0)
    answer_all(made, times=4)
    assert not len(waiting(made.project.pk).item_ids)
    work = Item.objects.filter(project=made.project, role=ItemRole.WORK)
    assert not work.filter(status=ItemStatus.OPEN, has_seat=False).exists()


def test_a_refit_buys_no_answer_beside_the_rounds(scene):
    put_off_some(scene)
    refit(scene.project.pk, Unfenced())
    seats = Item.objects.filter(pk__in=waiting(scene.project.pk).item_ids, has_seat=True)
    assert not seats.exists()


def test_copies_of_one_item_are_not_asked_about_in_one_round(organization):
    """Half of the pool are copies of the other half, and the model doubts the copies as much."""
    made = loop_scene.digits_scene(
        organization, 80, n_gold=0, n_people=0, plan={"random_share": 0.0}
    )
    loop_scene.settle(made, 40)
    space = FeatureSpace.objects.create(
        project=made.project, kind="supplied", parameters={"width": 16}
    )
    ids = np.array(sorted(made.truth), dtype=np.int64)
    half = np.random.default_rng(0).normal(size=(20, 16)).astype(np.float32)
    vectors = np.vstack([np.random.default_rng(1).normal(size=(40, 16)), half, 1.001 * half])
    store_block(space, ids, vectors.astype(np.float32), "float32")
    loop_scene.pretend_model(made)
    said = PredictionBlock.objects.get()
    rows = np.frombuffer(said.probabilities, "<f4").reshape(80, 10).copy()
    rows[60:] = rows[40:60]
    said.probabilities = rows.tobytes()
    said.save()
    place = {item_id: n for n, item_id in enumerate(ids.tolist())}
    asked = [place[pick.item_id] for pick in choose(made.project.pk, 20, 1).picks]
    assert len({(n - 40) % 20 for n in asked}) == len(asked) == 20
