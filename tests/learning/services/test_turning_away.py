"""People clearly below the crowd get no more questions, and get them again; nobody is accused."""

import numpy as np
import pytest

import factories
import loop_scene
from labeling.models import Enrollment, EnrollmentStatus, Project
from labeling.services.claiming import claim
from labeling.services.opening import open_items
from labeling.services.people import reinstate
from learning.models import TurnedAway
from learning.services import turning_away
from learning.services.plans import configure
from quality.models import Decision, SetAside
from quality.services.decisions import pause_annotator
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    """Five people, two of whom say anything, have answered thirty items each."""
    made = loop_scene.digits_scene(organization, 30, n_gold=0, n_people=5, seats_max=3)
    configure(made.project.pk, turn_away=True)
    open_items(made.project.pk, sorted(made.truth), 5)
    for number, person in enumerate(made.people):
        made.accuracy = 0.1 if number < 2 else 0.95
        made.work(person, 30)
    settle_all(made.project.pk)
    refit(made.project.pk, Unfenced())
    # What the rules of quality did about them is not the matter here.
    Decision.objects.all().delete()
    SetAside.objects.all().delete()
    for person in made.people:
        reinstate(made.project, person)
    return made


def judge(scene):
    return loop_scene.run("learning.people", scene.project).result


def paused(scene):
    rows = Enrollment.objects.filter(project=scene.project, status=EnrollmentStatus.PAUSED)
    return set(rows.values_list("annotator_id", flat=True))


def test_who_is_clearly_below_gets_no_more_questions_and_loses_nothing(scene):
    assert judge(scene) == {"away": 2, "back": 0}
    assert paused(scene) == {person.pk for person in scene.people[:2]}
    more = loop_scene.add_items(scene.project, np.ones((3, 64)), start=1000)
    open_items(scene.project.pk, [item.pk for item in more], 5)
    project = Project.objects.get(pk=scene.project.pk)
    assert claim(project, scene.people[0], 1).assignments == []
    assert claim(project, scene.people[4], 1).assignments
    assert not Decision.objects.exists()
    assert judge(scene) == {"away": 0, "back": 0}  # a second look changes nothing


def test_the_way_back_is_other_evidence(scene, monkeypatch):
    judge(scene)
    plain = turning_away.standing_of

    def lifted(project_id):
        found = plain(project_id)
        return turning_away.Standing(
            found.annotator_ids, found.judged, found.judged, found.n_labels, found.version
        )

    monkeypatch.setattr(turning_away, "standing_of", lifted)
    assert judge(scene) == {"away": 0, "back": 2}
    assert not paused(scene)
    assert not TurnedAway.objects.filter(ended_at__isnull=True).exists()


def test_a_plan_that_turns_nobody_away_any_more_lets_everybody_back(scene):
    judge(scene)
    configure(scene.project.pk, turn_away=False)
    assert turning_away.ask_where_due() == 1
    assert judge(scene) == {"away": 0, "back": 2}
    assert turning_away.ask_where_due() == 0


def test_a_pause_that_quality_decided_on_is_not_lifted_here(scene):
    judge(scene)
    pause_annotator(scene.project, scene.people[0], reason="gold", evidence={})
    configure(scene.project.pk, turn_away=False)
    judge(scene)
    assert paused(scene) == {scene.people[0].pk}


def test_never_so_many_that_items_find_no_answers(scene):
    Project.objects.update(seats_max=5)
    assert judge(scene) == {"away": 0, "back": 0}


def test_little_evidence_turns_nobody_away(organization):
    made = loop_scene.digits_scene(organization, 10, n_gold=0, n_people=4, seats_max=3)
    configure(made.project.pk, turn_away=True)
    open_items(made.project.pk, sorted(made.truth), 4)
    for number, person in enumerate(made.people):
        made.accuracy = 0.0 if number == 0 else 1.0
        made.work(person, 10)
    settle_all(made.project.pk)
    refit(made.project.pk, Unfenced())
    assert judge(made) == {"away": 0, "back": 0}


def test_people_are_judged_once_after_every_fit(scene):
    assert turning_away.ask_where_due() == 1
    judge(scene)
    assert turning_away.ask_where_due() == 0
    refit(scene.project.pk, Unfenced())
    assert turning_away.ask_where_due() == 1


def test_a_plan_says_so_only_to_those_who_may_change_it(scene, mia):
    from rest_framework.test import APIClient

    client = APIClient()
    client.force_authenticate(mia)
    address = f"/api/v1/projects/{scene.project.public_id}/plan"
    assert client.patch(address, {"turn_away": False}, format="json").json()["turn_away"] is False
    client.force_authenticate(factories.annotator(scene.project.organization, "nobody"))
    assert client.get(address).status_code == 404
