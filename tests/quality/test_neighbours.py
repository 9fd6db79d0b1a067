"""Who answers alike: counted item by item, and the copier stands on top."""

import pytest

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Project
from quality.queries.neighbours import LEAST_SHARED, circle, neighbours
from quality.services.settling import settle_unused
from quality.views.network import draw_network

TRUTH = ["cat", "owl"] * 8
WRONG = (2, 5, 9, 12)  # the copied errors


def flipped(places: tuple[int, ...]) -> list[str]:
    other = {"cat": "owl", "owl": "cat"}
    return [other[label] if n in places else label for n, label in enumerate(TRUTH)]


@pytest.fixture
def project(organization: Organization, ada: User, ben: User) -> Project:
    """Ada, Ben who copies her, and three who look for themselves."""
    made = factories.project(organization, match_people=False)
    items = scenes.open_work(made, len(TRUTH), seats=6)
    others = [factories.annotator(organization, name) for name in ("cleo", "dan", "eve")]
    said = [flipped(WRONG), flipped(WRONG), flipped((1,)), flipped((7,)), TRUTH]
    for person, labels in zip([ada, ben, *others], said, strict=True):
        scenes.say_all(made, person, list(zip(items, labels, strict=True)))
    last = factories.annotator(organization, "fay")
    scenes.say_all(made, last, list(zip(items, TRUTH, strict=True))[: LEAST_SHARED - 1])
    settle_unused(made.pk)
    return made


def test_the_copier_stands_on_top_with_the_shared_errors(
    project: Project, ada: User, ben: User
) -> None:
    found = neighbours(project.enrollments.get(annotator=ada))
    assert found[0].pseudonym == project.enrollments.get(annotator=ben).pseudonym
    assert (found[0].shared, found[0].same) == (len(TRUTH), len(TRUTH))
    assert (found[0].errors, found[0].wrong_alike) == (len(WRONG), len(WRONG))
    assert found[0].beyond_chance.value == pytest.approx(1)
    n, same = len(TRUTH), found[1].same
    chance = (
        sum(  # the table of the two, by hand
            flipped(WRONG).count(label) * TRUTH.count(label) for label in ("cat", "owl")
        )
        / n**2
    )
    by_hand = (same / n - chance) / (1 - chance)
    assert found[1].beyond_chance.value == pytest.approx(by_hand, abs=0.02)
    assert [one.same for one in found[1:]].count(len(TRUTH) - len(WRONG) - 1) == 2


def test_a_pair_with_few_items_is_not_shown(project: Project, ada: User) -> None:
    fay = project.enrollments.get(annotator__username="fay").pseudonym
    assert fay not in [one.pseudonym for one in neighbours(project.enrollments.get(annotator=ada))]


def test_reading_it_takes_four_statements(
    project: Project, ada: User, django_assert_num_queries
) -> None:
    enrollment = project.enrollments.get(annotator=ada)
    with django_assert_num_queries(4):
        neighbours(enrollment)


def test_those_who_copy_from_each_other_are_tied(project: Project) -> None:
    """Seen from Cleo, who shares no error with them: Ada and Ben are tied by theirs."""
    found = circle(project.enrollments.get(annotator__username="cleo"))
    names = [one.pseudonym for one in found.neighbours]
    copiers = {
        project.enrollments.get(annotator__username=name).pseudonym for name in ("ada", "ben")
    }
    [tie] = [one for one in found.ties if {names[one.first], names[one.second]} == copiers]
    assert tie.errors == len(WRONG)
    drawn = draw_network("P-cleo", found)
    assert drawn
    thick = max(drawn.lines, key=lambda line: line.weight)
    assert all(name in thick.title for name in copiers)
    assert len(drawn.nodes) == len(names)
