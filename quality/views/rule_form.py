"""Rules as a form: one row a rule and an empty one at the end. What is typed stays as it is until it is read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from labeling.errors import Refused
from quality.rules.book import Rule
from quality.rules.checking import MOST_RULES

NUMBERS: dict[str, Callable[[str], float]] = {"window": int, "threshold": float, "amount": float}


@dataclass(frozen=True)
class TypedRule:
    """The fields of one row as they stand in the form."""

    evidence: str = ""
    window: str = ""
    threshold: str = ""
    amount: str = ""
    actions: tuple[str, ...] = ()
    able: bool = True


def typed(rules: Iterable[Rule], able: Iterable[Rule]) -> list[TypedRule]:
    """What holds, as the form shows it."""
    firing = set(able)
    return [
        TypedRule(
            rule.evidence,
            str(rule.window or ""),
            _shown(rule.threshold),
            _shown(rule.amount),
            rule.actions,
            rule in firing,
        )
        for rule in rules
    ]


def typed_before(given: Iterable[Mapping[str, Any]]) -> list[TypedRule]:
    """Rules in plain JSON, as they were sent to be tried."""
    return [
        TypedRule(
            one["evidence"],
            str(one.get("window") or ""),
            _shown(one.get("threshold")),
            _shown(one.get("amount")),
            tuple(one["actions"]),
        )
        for one in given
    ]


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.12g}"


def typed_in(form: QueryDict) -> list[TypedRule]:
    """The rows of a post; one without evidence is none."""
    rows = [_row(form, n) for n in range(MOST_RULES + 1) if form.get(f"evidence-{n}")]
    return [row for row in rows if row.evidence]


def _row(form: QueryDict, n: int) -> TypedRule:
    evidence, window, threshold, amount = (
        form.get(f"{name}-{n}", "").strip() for name in ("evidence", *NUMBERS)
    )
    return TypedRule(evidence, window, threshold, amount, tuple(form.getlist(f"actions-{n}")))


def as_json(rows: Iterable[TypedRule]) -> list[dict[str, Any]]:
    """What ``quality.rules.checking`` reads. Raises Refused with the rule and field that are no number."""
    return [_as_json(row, place) for place, row in enumerate(rows)]


def _as_json(row: TypedRule, place: int) -> dict[str, Any]:
    numbers = {name: _number(vars(row), name, place) for name in NUMBERS}
    said = {name: value for name, value in numbers.items() if value is not None}
    return {"evidence": row.evidence, "actions": list(row.actions), **said}


def _number(row: Mapping[str, str], name: str, place: int) -> float | None:
    if not row[name]:
        return None
    try:
        return NUMBERS[name](row[name].replace(",", "."))
    except ValueError:
        raise Refused(_("must be a number"), field=f"rules.{place}.{name}") from None
