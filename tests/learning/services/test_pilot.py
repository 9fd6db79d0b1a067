"""A pilot asks about its first items and no others, says when it is over, and goes on when it is launched."""

from dataclasses import replace

import pytest

import loop_scene
from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.services.projects import set_status
from learning import queries
from learning.loop_rules import decide
from learning.models import Plan
from learning.queries import PILOT_ITEMS
from learning.situation import facts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, PILOT_ITEMS + 30, n_gold=5, n_people=0)
    Project.objects.filter(pk=made.project.pk).update(status="pilot")
    made.project.refresh_from_db()
    loop_scene.run("learning.features", made.project)
    return made


def open_round(scene, number):
    loop_scene.run("learning.query_round", scene.project, number=number, wanted=40)


def asked(scene):
    items = Item.objects.filter(project=scene.project, role=ItemRole.WORK)
    return set(items.exclude(status=ItemStatus.POOL).values_list("pk", flat=True))


def test_rounds_of_a_pilot_stay_within_its_first_items(scene):
    first = sorted(scene.truth)[:PILOT_ITEMS]
    for number in (1, 2, 3):
        open_round(scene, number)
    assert asked(scene) == set(first)
    set_status(scene.project, "live")
    open_round(scene, 4)
    assert len(asked(scene)) > PILOT_ITEMS


def test_a_pilot_that_is_answered_says_so_and_does_not_end_the_project(scene):
    open_round(scene, 1)
    open_round(scene, 2)
    Item.objects.filter(pk__in=asked(scene)).update(status="settled", has_seat=False)
    plan, _ = Plan.objects.get_or_create(project=scene.project)
    facts = facts_of(plan, scene.project)
    assert (facts.pilot, facts.pool, facts.open) == (True, 0, 0)
    step = decide(replace(facts, labels_at_last_model=facts.labels))
    assert step.state.startswith("The pilot is over")
    assert not step.actions
    assert queries.pool(scene.project.pk).count() == 30
