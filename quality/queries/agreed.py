"""How far people agree, as the last survey found it, for pages that need no more of it."""

from dataclasses import dataclass

from quality.models import Survey

NAMES = {
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
    "fleiss": "Fleiss' kappa",
    "percent": "Same answer",
    "near_enough": "Near enough",
}


@dataclass(frozen=True)
class Agreed:
    """One coefficient with its 95 % interval; ``why_not`` where it is undefined."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    why_not: str


def agreed(project_id: int) -> dict[str, Agreed]:
    """By coefficient, the corrected ones first; empty before the first survey."""
    known = Survey.objects.filter(project_id=project_id).values_list("agreement", flat=True).first()
    return {key: _read(NAMES[key], known[key]) for key in NAMES if known and key in known}


def _read(name: str, found: dict[str, float | str | None]) -> Agreed:
    numbers = [found.get(key) for key in ("value", "low", "high")]
    value, low, high = (None if n is None else float(n) for n in numbers)
    return Agreed(name, value, low, high, str(found.get("reason") or ""))
