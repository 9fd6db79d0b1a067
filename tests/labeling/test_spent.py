"""What was spent is the ledger's sum, remembered or not."""

import pytest
from django.core.cache import cache
from django.db.models import Sum

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import LedgerEntry
from labeling.queries import spent, spent_micros


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the last three entries can be remembered."""
    monkeypatch.setattr(spent, "TAIL", 3)
    cache.clear()


def test_what_comes_later_is_added_to_what_is_remembered(
    organization: Organization, ada: User, ben: User
) -> None:
    project = factories.project(organization, price_micros=1_000)
    other = factories.project(organization, price_micros=50)
    items, others = scenes.open_work(project, 12, seats=2), scenes.open_work(other, 1, seats=2)
    assert spent_micros(project.pk) == 0
    for person, part in ((ada, items), (ben, items[:5])):
        scenes.say_all(project, person, [(item, "owl") for item in part])
        scenes.say_all(other, person, [(others[0], "owl")])
        rows = LedgerEntry.objects.filter(project=project)
        assert spent_micros(project.pk) == rows.aggregate(sum=Sum("amount_micros"))["sum"]
    until, known = cache.get(f"spent:{project.pk}")
    assert known == LedgerEntry.objects.filter(project=project, pk__lte=until).count() * 1_000 > 0
