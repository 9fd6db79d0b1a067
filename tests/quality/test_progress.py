"""Where a project stands: what is no work, or was withdrawn, counts in no figure, whatever is believed about it."""

import pytest
from django.utils import timezone

import factories
from accounts.models import Organization
from labeling.models import Item, ItemRole, ItemStatus, Project
from quality.models import Consensus, ConsensusState
from quality.queries import progress

SURE = {"settled": 0.9, "open": 0.5}


def believed(project: Project, name: str, state: str, **fields: str) -> Item:
    item = factories.item(project, name, **fields)
    Consensus.objects.create(
        item=item,
        project=project,
        state=state,
        confidence=SURE[state],
        method="test",
        answers_used=3,
        settled_at=timezone.now(),
    )
    return item


def test_only_work_that_stands_is_counted(organization: Organization) -> None:
    project = factories.project(organization)
    for n in range(4):
        believed(project, f"settled-{n}", ConsensusState.SETTLED)
    believed(project, "open", ConsensusState.OPEN)
    factories.item(project, "not asked")
    before = progress(project.pk)
    believed(project, "promoted", ConsensusState.SETTLED, role=ItemRole.GOLD)
    believed(project, "gone", ConsensusState.SETTLED, status=ItemStatus.WITHDRAWN)
    believed(factories.project(organization, name="other"), "other", ConsensusState.SETTLED)
    found = progress(project.pk)
    assert found == before
    assert (found.total, found.settled, found.open, found.unanswered) == (6, 4, 1, 1)
    assert (found.votes, found.mean_confidence) == (15, pytest.approx((4 * 0.9 + 0.5) / 5))
