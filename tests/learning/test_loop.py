"""The loop as a whole, without a single message: sweeps and rows alone must carry it to the end."""

import pytest

import loop_scene
from jobs import hints
from labeling.models import Item, ItemRole
from learning import queries
from quality.queries import labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_messages(monkeypatch):
    sent = []
    monkeypatch.setattr(hints, "send", lambda task, ids: sent.append((task, ids)))
    return sent


@pytest.mark.django_db(transaction=True)
def test_with_every_message_thrown_away_the_loop_reaches_the_end(organization, no_messages):
    scene = loop_scene.digits_scene(organization, 120, n_people=9)
    project = loop_scene.play(scene)
    rows = list(labels(project))
    right = [row.label == loop_scene.DIGITS[scene.truth[_item(row)]] for row in rows]
    assert project.stopped_because
    assert len(rows) == 120
    assert sum(right) / len(right) > 0.9
    assert queries.current_model(project.pk) is not None
    assert [row.number for row in queries.rounds(project.pk)] == [3, 2, 1]


def _item(row) -> int:
    return Item.objects.get(public_id=row.item, role=ItemRole.WORK).pk
