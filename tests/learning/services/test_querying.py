"""Query rounds: which items people are asked about next."""

import numpy as np
import pytest

import loop_scene
from labeling.models import Item, ItemRole, ItemStatus, Project
from learning import queries
from learning.models import Plan, QueryRound
from learning.predictions import predicted
from learning.services import choosing
from learning.services.plans import UnusablePlan, configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 100, n_gold=10, n_people=0)
    loop_scene.run("learning.features", made.project)
    return made


def open_round(scene, number=1, wanted=20):
    return loop_scene.run(
        "learning.query_round", scene.project, number=number, wanted=wanted
    ).result


def opened(scene):
    items = Item.objects.filter(project=scene.project, role=ItemRole.WORK, status=ItemStatus.OPEN)
    return set(items.values_list("pk", flat=True))


def test_the_first_round_covers_the_pool(scene):
    assert open_round(scene)["strategy"] == "typical_first"
    kinds = {scene.truth[item_id] for item_id in opened(scene)}
    assert len(opened(scene)) == 20
    assert len(kinds) >= 8


def test_gold_opens_with_the_first_round(scene):
    open_round(scene)
    gold = Item.objects.filter(project=scene.project, role=ItemRole.GOLD, has_seat=True)
    assert gold.count() == 10


def test_a_round_may_ask_for_what_would_leave_the_least_error(scene):
    configure(scene.project.pk, random_share=0.0, strategy="expected_error_reduction")
    loop_scene.settle(scene, 50)
    loop_scene.run("learning.retrain", scene.project)
    result = open_round(scene, wanted=5)
    assert (result["strategy"], result["items"]) == ("expected_error_reduction", 5)
    assert len(opened(scene)) == 5


def test_later_rounds_ask_what_the_model_is_least_sure_of(scene):
    configure(scene.project.pk, random_share=0.0, strategy="entropy")
    loop_scene.settle(scene, 50)
    loop_scene.run("learning.retrain", scene.project)
    open_round(scene, wanted=10)
    model = queries.current_model(scene.project.pk)
    rest = [i for i in sorted(scene.truth) if i in opened(scene) or _in_pool(i)]
    found = predicted(model.pk, rest)
    sure = dict(zip(found.item_ids.tolist(), found.probabilities.max(axis=1), strict=True))
    asked = np.mean([sure[i] for i in opened(scene)])
    others = np.mean([sure[i] for i in rest if i not in opened(scene)])
    assert asked < others - 0.1


def _in_pool(item_id):
    return Item.objects.filter(pk=item_id, status=ItemStatus.POOL, role=ItemRole.WORK).exists()


def test_a_random_share_is_drawn_from_the_whole_pool(scene):
    configure(scene.project.pk, random_share=1.0)
    first = choosing.choose(scene.project.pk, 30, 1)
    again = choosing.choose(scene.project.pk, 30, 1)
    assert [pick.strategy for pick in first.picks] == ["random"] * 30
    assert first.picks == again.picks  # the same round chooses the same, whoever does it


def test_a_round_is_opened_once(scene):
    open_round(scene, 1)
    before = opened(scene)
    assert "opened before" in open_round(scene, 1)["because"]
    assert opened(scene) == before
    assert QueryRound.objects.count() == 1


def test_a_pool_smaller_than_the_round_is_opened_whole(scene):
    open_round(scene, wanted=500)
    assert len(opened(scene)) == 100
    assert open_round(scene, 2) == {"because": "the pool is empty"}


def test_items_without_features_get_their_turn_at_random(scene):
    bare = loop_scene.add_items(scene.project, np.zeros((5, 3)), start=500)  # of another width
    loop_scene.run("learning.features", scene.project)
    open_round(scene, wanted=105)
    assert {item.pk for item in bare} <= opened(scene)


def test_without_any_features_the_order_is_random(organization):
    made = loop_scene.digits_scene(organization, 30, n_gold=0, n_people=0)
    Item.objects.update(payload={"n": 1})
    loop_scene.run("learning.features", made.project)
    assert open_round(made)["strategy"] == "priced"
    assert len(opened(made)) == 20


def test_a_project_that_was_stopped_meanwhile_opens_nothing(scene):
    Project.objects.update(status="paused")
    assert open_round(scene) == {"because": "the project is paused"}
    assert not opened(scene)


@pytest.mark.parametrize(
    ("redundancy", "wanted"), [("fixed", {3}), ("adaptive", {1}), ("partial", {1, 3})]
)
def test_items_open_with_the_seats_that_the_project_wants(organization, redundancy, wanted):
    made = loop_scene.digits_scene(
        organization, 60, n_gold=0, n_people=0, redundancy=redundancy, seats_max=3,
        partial_share=0.3,
    )  # fmt: skip
    open_round(made, wanted=60)
    seats = Item.objects.filter(project=made.project).values_list("seats_wanted", flat=True)
    assert set(seats) == wanted
    if redundancy == "partial":
        assert 8 <= sum(n == 3 for n in seats) <= 30


@pytest.mark.parametrize("strategy", ["core_set", "class_balance", "badge", "ranked_batch"])
def test_other_strategies_can_be_chosen(scene, strategy):
    configure(scene.project.pk, strategy=strategy)
    loop_scene.settle(scene, 40)
    loop_scene.run("learning.retrain", scene.project)
    assert open_round(scene, wanted=10)["strategy"] == strategy
    assert len(opened(scene)) == 10


@pytest.mark.parametrize(
    "setting",
    [
        {"strategy": "magic"},
        {"strategy": "deviation"},  # needs a regression, which a round does not have
        {"estimator": "sklearn.svm.SVC"},  # not on the administrator's list
        {"estimator": "os.system"},
        {"random_share": 1.5},
        {"round_size": 0},
        {"certainty": 1},
        {"state": "done"},
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(scene, setting):
    before = Plan.objects.values().get(project=scene.project)
    with pytest.raises(UnusablePlan, match=next(iter(setting))):
        configure(scene.project.pk, **setting)
    assert Plan.objects.values().get(project=scene.project) == before
