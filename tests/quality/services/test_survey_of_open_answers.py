"""Where answers are near or far: the survey rests on gold and time, and rules on what it can know."""

import pytest

import scenes
from labeling.errors import Refused
from labeling.models import ItemRole, Project
from labeling.services.projects import ProjectSpec, create_project, set_status
from quality.models import Decision, Finding, Survey
from quality.services.refit import Unfenced
from quality.services.rule_sets import set_rules
from quality.services.settling import settle_all
from quality.services.surveying import survey_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization) -> Project:
    configuration = {"min": 0, "max": 100, "step": 1}
    spec = ProjectSpec("Ages", configuration, label_type="number", seats_min=1, seats_max=3)
    made = create_project(organization, spec)
    set_status(made, "live")
    return made


def test_gold_errors_beyond_the_threshold_are_found_and_acted_upon(project, ada, ben):
    gold = [scenes.factories.item(project, f"g{n}", role=ItemRole.GOLD) for n in range(20)]
    for n, item in enumerate(gold):
        scenes.GoldAnswer.objects.create(item=item, value=5 * n)
    scenes.open_gold(project.pk)
    said = [(item, (5 * n + 40 * (n % 3 == 0)) % 100) for n, item in enumerate(gold)]
    scenes.say_all(project, ada, said)
    scenes.say_all(project, ben, [(item, 5 * n) for n, item in enumerate(gold)])
    settle_all(project.pk)
    set_rules(project, [{"evidence": "gold_errors", "threshold": 0.15, "actions": ["warn"]}])
    found = survey_project(project.pk, Unfenced())
    assert (found["people"], found["decisions"]) == (2, 1)
    assert Decision.objects.get().annotator == ada
    wrong = {
        row.annotator_id: row.counts["wrong"] for row in Finding.objects.filter(kind="gold_errors")
    }
    assert wrong == {ada.pk: 7, ben.pk: 0}
    near = Survey.objects.get().agreement["near_enough"]
    assert near["value"] == pytest.approx(13 / 20)
    assert near["low"] < near["value"] < near["high"]
    alpha = Survey.objects.get().agreement["alpha"]
    assert alpha["low"] < alpha["value"] < near["value"]  # what chance would give is taken off


@pytest.mark.parametrize(
    "rule",
    [
        {"evidence": "peers", "actions": ["warn"]},
        {"evidence": "unread", "actions": ["lower_weight"], "amount": 0.5},
    ],
)
def test_rules_that_need_labels_are_refused(project, rule):
    with pytest.raises(Refused):
        set_rules(project, [rule])
