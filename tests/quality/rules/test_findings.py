"""What was found about a person, put together."""

from quality.inference.people.combine import combine
from quality.rules.findings import Found, profile
from quality.services.reacting import reason_of


def _raised(kind: str, family: str, reason: str) -> Found:
    return Found(kind=kind, family=family, statistic=2.0, threshold=1.0, reason=reason)


def test_each_reason_is_told_once() -> None:
    found = [_raised("gold", "gold", "Fails gold."), _raised("streak", "agreement", "One label.")]
    about = profile(found, combine(()))
    together = about.findings["together", 0]
    assert together.statistic == 2
    assert reason_of(together, about) == "Fails gold. One label."
    assert reason_of(about.findings["streak", 0], about) == "One label. Fails gold."
