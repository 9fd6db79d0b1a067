"""Skills in memory are those of the fit that stands, and never more than there is room for."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import scenes
from quality.models import Fit, Skill
from quality.queries.fits import StoredSkills
from quality.queries.remembered import Remembered
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all


class Rows:
    """Matrices with the person's id in them; ``asked`` are those that were read."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, annotator_ids):
        self.asked += annotator_ids.tolist()
        return np.tile(annotator_ids[:, None, None], (1, 2, 2)).astype(float)


def test_each_person_is_read_once_for_a_fit():
    memory, rows = Remembered(), Rows()
    for ids in ([3, 5], [4, 5, 9], [3, 4]):
        found = memory.matrices(1, "first", np.array(ids), rows)
        assert found[:, 0, 0].tolist() == ids
    assert rows.asked == [3, 5, 4, 9]
    memory.matrices(1, "second", np.array([3]), rows)
    memory.matrices(2, "second", np.array([3]), rows)
    assert rows.asked == [3, 5, 4, 9, 3, 3]


def test_what_was_asked_for_longest_ago_is_forgotten_first():
    memory, rows = Remembered(most_numbers=8), Rows()
    for project in (1, 2, 1, 3, 1):  # two people have room
        memory.matrices(project, "fit", np.array([7]), rows)
    assert rows.asked == [7, 7, 7]
    memory.matrices(2, "fit", np.array([7]), rows)
    assert rows.asked == [7, 7, 7, 7]
    assert memory.matrices(4, "fit", np.array([1, 2, 3]), rows)[:, 0, 0].tolist() == [1, 2, 3]


@pytest.mark.django_db
def test_a_new_fit_and_one_that_was_undone_are_heard_at_once(organization, ada):
    project = scenes.digits_project(organization)
    scenes.say_all(project, ada, [(item, "3") for item in scenes.open_work(project, 4, seats=1)])
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    people, skills = np.array([ada.pk]), Skill.objects.filter(project=project)
    with CaptureQueriesContext(connection) as said:
        first = StoredSkills(project.pk).confusion(people)
    assert "quality_skill" not in str(said.captured_queries), "who has learned it need not read it"
    assert np.array_equal(first[0], skills.get().confusion)
    other = np.roll(first[0], 1, axis=0).tolist()
    skills.update(confusion=other)
    fit = Fit.objects.get(project=project)
    fit.updated_at = project.created_at  # the same version, learned at another moment
    fit.save()
    assert np.array_equal(StoredSkills(project.pk).confusion(people)[0], other)
