"""Rebuilding: open label types, and what decisions stand for, come out of the rows as they were."""

import pytest

import scenes
from labeling.models import Enrollment, EnrollmentStatus, Item
from labeling.services.projects import ProjectSpec, create_project, set_status
from quality.models import Consensus, Decision, SetAside, Skill
from quality.services.by_hand import decide_by_hand
from quality.services.decisions import reverse
from quality.services.rebuilding import rebuild
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all
from quality.tasks import judge_left_behind

pytestmark = pytest.mark.django_db
UNTIMED = {"id", "updated_at", "judged_at"}


def rows(model, project):
    found = model.objects.filter(project=project).values()
    return sorted(({k: v for k, v in row.items() if k not in UNTIMED} for row in found), key=repr)


def test_a_project_of_open_answers_is_rebuilt_from_answers_alone(organization):
    spec = ProjectSpec("Owls", {}, label_type="text", seats_min=1, seats_max=3, gold_share=0.0)
    project = create_project(organization, spec)
    set_status(project, "live")
    items = scenes.open_work(project, 6, seats=3)
    for n, person in enumerate(scenes.people(organization, 3)):
        said = [(item, "two owls" if n < 2 or i % 2 else "an owl") for i, item in enumerate(items)]
        scenes.say_all(project, person, said)
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    before = rows(Consensus, project), rows(Skill, project)
    assert before[0]
    assert before[1]
    Consensus.objects.all().delete()
    assert rebuild(project) == {"answers": 18, "items": 6}
    assert (rows(Consensus, project), rows(Skill, project)) == before


def test_who_is_paused_and_whose_votes_count_follow_from_decisions(project, ada, ben):
    items = scenes.open_work(project, 2, seats=2)
    for person in (ada, ben):
        scenes.say_all(project, person, [(item, "3") for item in items])
    names = dict(Enrollment.objects.values_list("annotator_id", "pseudonym"))
    decide_by_hand(
        project, names[ada.pk], actions=["pause", "set_aside"], reason="to look at", by=None
    )
    taken_back = decide_by_hand(project, names[ben.pk], actions=["pause"], reason="no", by=None)
    reverse(taken_back, by=None, reason="a mistake")
    settle_all(project.pk)
    aside = set(SetAside.objects.values_list("answer_id", flat=True))
    before = rows(Consensus, project)
    SetAside.objects.all().delete()
    Enrollment.objects.filter(annotator=ada).update(status=EnrollmentStatus.ACTIVE)
    Enrollment.objects.filter(annotator=ben).update(status=EnrollmentStatus.PAUSED)
    rebuild(project)
    settle_all(project.pk)
    assert set(SetAside.objects.values_list("answer_id", flat=True)) == aside
    status = dict(Enrollment.objects.values_list("annotator_id", "status"))
    assert (status[ada.pk], status[ben.pk]) == ("paused", "active")
    after = rows(Consensus, project)
    assert [row["answers_used"] for row in after] == [row["answers_used"] for row in before]


def test_a_rebuild_decides_nothing_about_anybody_and_a_second_one_finds_the_same(project, ada, ben):
    gold, work = (
        scenes.open_known(project, [str(k % 10) for k in range(15)]),
        scenes.open_work(project, 4),
    )
    scenes.say_all(
        project, ada, [*((item, "7") for item in gold[:7] + gold[8:]), *((i, "3") for i in work)]
    )
    scenes.say_all(project, ben, [(item, str(k % 10)) for k, item in enumerate(gold)])
    rebuild(project)
    assert Skill.objects.get(annotator=ada).failing
    assert not Decision.objects.exists()
    before = rows(Consensus, project), rows(Skill, project), list(Item.objects.values())
    rebuild(project)
    assert (rows(Consensus, project), rows(Skill, project), list(Item.objects.values())) == before
    judge_left_behind()
    assert Decision.objects.get().annotator == ada
