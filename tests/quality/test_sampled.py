"""Samples of labels: every label of a small project, of a large one a few from every stretch of time."""

from datetime import timedelta

import pytest
from django.utils import timezone

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Item, Project
from quality.models import Consensus, ConsensusState
from quality.queries.sampled import BINS, OF_EACH, agreeing, sampled
from quality.services.settling import settle_unused

N = 2 * BINS * OF_EACH


@pytest.fixture
def project(organization: Organization) -> Project:
    """Cats first, then owls; one a minute, half of them in the last twelfth."""
    made = factories.project(organization, ["cat", "owl"])
    items = Item.objects.bulk_create(Item(project=made, external_id=f"{n}") for n in range(N))
    start = timezone.now() - timedelta(minutes=N)
    Consensus.objects.bulk_create(
        Consensus(
            item=item,
            project=made,
            state=ConsensusState.SETTLED,
            label_code=int(n >= N // 2),
            confidence=0.9,
            method="test",
            answers_used=1,
            settled_at=start + timedelta(minutes=n),
        )
        for n, item in enumerate(items)
    )
    return made


def test_a_sample_is_bounded_and_tells_what_came_when(
    project: Project, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(BINS + 2):
        found = sampled(project.pk)
    assert [one.read for one in found.bins] == [OF_EACH] * BINS
    shares = [one.by_code.get(1, 0) / one.read for one in found.bins]
    assert shares == [0.0] * (BINS // 2) + [1.0] * (BINS // 2)


def test_nothing_is_said_before_there_are_labels(organization: Organization) -> None:
    empty = factories.project(organization, ["cat", "owl"])
    assert sampled(empty.pk).bins == []
    assert sum(one.items for one in agreeing([])) == 0


def test_unanimity_counts_items_by_the_share_that_says_the_label(
    organization: Organization, ada: User, ben: User
) -> None:
    made = factories.project(organization, ["cat", "owl"], seats_min=2)
    items = scenes.open_work(made, 6, seats=3)
    people = [ada, ben, factories.annotator(organization, "cleo")]
    said = [["cat"] * 6, ["cat"] * 6, ["cat"] * 2 + ["owl"] * 4]
    for person, labels in zip(people, said, strict=True):
        scenes.say_all(made, person, list(zip(items, labels, strict=True)))
    settle_unused(made.pk)
    now = timezone.now()
    for n, item in enumerate(items):
        Consensus.objects.filter(item=item).update(
            state=ConsensusState.SETTLED, settled_at=now + timedelta(minutes=n), label_code=0
        )
    found = {one.least: one.items for one in agreeing(sampled(made.pk).labels)}
    assert found == {1.0: 2, 0.8: 0, 0.6: 4, 0.0: 0}
