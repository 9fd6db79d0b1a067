"""Refusing rules that cannot be, and rules that could never fire. The error names the field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from labeling.errors import Refused
from quality.rules.book import ACTIONS, AMOUNTS, HOLD_PAY, LOWER_WEIGHT, PRACTICE, SET_SKILL, Rule
from quality.rules.kinds import KINDS, TOGETHER, Kind
from quality.rules.names import action_name

MOST_RULES = 50
LONGEST_WINDOW = 10_000
FIELDS = {"evidence", "window", "threshold", "actions", "amount"}


@dataclass(frozen=True)
class Facts:
    """What about a project decides which rules can fire. ``labels`` is 0 without a closed set of them."""

    labels: int
    graded: bool
    gold_items: int
    practice_items: int  # 0 also where nobody has to practise
    pays: bool


def read_rules(given: Any, facts: Facts) -> tuple[Rule, ...]:
    """Rules out of plain JSON, all of them sound and able to fire. Raises Refused."""
    if not isinstance(given, list) or not given:
        raise Refused("must be a list of at least one rule", field="rules")
    if len(given) > MOST_RULES:
        raise Refused(f"may hold at most {MOST_RULES} rules", field="rules")
    rules = tuple(_read(one, f"rules.{place}") for place, one in enumerate(given))
    check_rules(rules, facts)
    return rules


def check_rules(rules: Sequence[Rule], facts: Facts) -> None:
    """Raises Refused for the first rule that could never fire, or stands in the book twice."""
    seen: set[tuple[str, int, str]] = set()
    for place, rule in enumerate(rules):
        check_rule(rule, facts, f"rules.{place}")
        key = (rule.evidence, rule.window, rule.hardest)
        if key in seen:
            raise Refused(
                "stands in the list twice, so one could never fire", field=f"rules.{place}"
            )
        seen.add(key)


def able(rules: Iterable[Rule], facts: Facts) -> tuple[Rule, ...]:
    """Those of the rules that can fire in this project."""
    return tuple(rule for rule in rules if _can_fire(rule, facts))


def _can_fire(rule: Rule, facts: Facts) -> bool:
    try:
        check_rule(rule, facts, "")
    except Refused:
        return False
    return True


def check_rule(rule: Rule, facts: Facts, path: str) -> None:
    kind = KINDS[rule.evidence]
    _check_evidence(kind, facts, f"{path}.evidence")
    _check_window(rule, kind, facts, f"{path}.window")
    _check_threshold(rule, kind, facts, f"{path}.threshold")
    _check_actions(rule, facts, path)


def _check_evidence(kind: Kind, facts: Facts, field: str) -> None:
    if kind.gold and not facts.gold_items:
        raise Refused("needs gold, and the project has none", field=field)
    if kind.codes and (facts.graded or facts.labels < 2):
        raise Refused("needs answers that are one of several labels", field=field)


def _check_window(rule: Rule, kind: Kind, facts: Facts, field: str) -> None:
    if not rule.window:
        return
    if kind.whole:
        raise Refused("must be 0: this evidence looks at whole records", field=field)
    if kind.name == "gold" and facts.graded:
        raise Refused(
            "must be 0 where answers are near or far: the test counts all of them", field=field
        )
    if rule.window < kind.least:
        raise Refused(f"is too small: this evidence needs {kind.least} answers", field=field)
    if kind.name in ("gold", "gold_errors") and rule.window > facts.gold_items:
        raise Refused(
            f"is larger than the {facts.gold_items} gold items, so nobody ever fills it",
            field=field,
        )


def _check_threshold(rule: Rule, kind: Kind, facts: Facts, field: str) -> None:
    if not isfinite(rule.threshold) or rule.threshold <= 0:
        raise Refused("must be a number above 0", field=field)
    most = _most(rule, kind, facts)
    if rule.threshold > most:
        raise Refused(f"can never be reached: the most here is {most:.3g}", field=field)


def _most(rule: Rule, kind: Kind, facts: Facts) -> float:
    if kind.name == "together":
        families = len(TOGETHER) if facts.gold_items else len(TOGETHER) - 2
        return float(families if facts.labels >= 2 and not facts.graded else 2)
    if kind.name == "gold" and facts.graded:
        return 1.0
    return kind.reach(rule.window, max(facts.labels, 2))


def _check_actions(rule: Rule, facts: Facts, path: str) -> None:
    field = f"{path}.actions"
    if HOLD_PAY in rule.actions and not facts.pays:
        raise Refused(
            f'"{action_name(HOLD_PAY)}" has nothing to hold: the project pays nothing', field=field
        )
    if PRACTICE in rule.actions and not facts.practice_items:
        raise Refused(
            f'"{action_name(PRACTICE)}" needs a practice bound and practice items,'
            " and the project has none",
            field=field,
        )
    weighed = AMOUNTS.intersection(rule.actions)
    if weighed and facts.labels < 2:
        name = action_name(min(weighed))
        raise Refused(f'"{name}" needs a closed set of labels', field=field)
    if len(weighed) == len(AMOUNTS):
        raise Refused(f"{_weighing()} need a rule each", field=field)
    _check_amount(rule, f"{path}.amount")


def _weighing() -> str:
    return f'"{action_name(LOWER_WEIGHT)}" and "{action_name(SET_SKILL)}"'


def _check_amount(rule: Rule, field: str) -> None:
    if SET_SKILL in rule.actions and rule.amount is None:
        raise Refused("is missing: the accuracy to take for granted", field=field)
    if LOWER_WEIGHT in rule.actions and rule.amount is None and rule.evidence != "copying":
        raise Refused("is missing: what a vote still counts", field=field)
    if rule.amount is None:
        return
    if not AMOUNTS.intersection(rule.actions):
        raise Refused(f"belongs to {_weighing()} only", field=field)
    if not isfinite(rule.amount) or not 0 < rule.amount < 1:
        raise Refused("must lie between 0 and 1", field=field)


# --- plain JSON ---------------------------------------------------------------------------------


def _read(given: Any, path: str) -> Rule:
    if not isinstance(given, Mapping):
        raise Refused("must be an object", field=path)
    for name in sorted(set(map(str, given)) - FIELDS):
        raise Refused("is no field of a rule", field=f"{path}.{name[:40]}")
    evidence = given.get("evidence")
    if not isinstance(evidence, str) or evidence not in KINDS:
        raise Refused(f"must be one of {', '.join(KINDS)}", field=f"{path}.evidence")
    kind = KINDS[evidence]
    amount = given.get("amount")
    return Rule(
        evidence,
        _number(given.get("threshold", kind.usual), f"{path}.threshold"),
        _actions(given.get("actions"), f"{path}.actions"),
        _window(given.get("window", 0), f"{path}.window"),
        None if amount is None else _number(amount, f"{path}.amount"),
    )


def _number(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise Refused("must be a number", field=field)
    return float(value)


def _window(value: Any, field: str) -> int:
    if type(value) is not int or not 0 <= value <= LONGEST_WINDOW:
        raise Refused(f"must be a whole number from 0 to {LONGEST_WINDOW}", field=field)
    return value


def _actions(value: Any, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise Refused("must be a list of at least one action", field=field)
    for one in value:
        if not isinstance(one, str) or one not in ACTIONS:
            raise Refused(f"must be among {', '.join(ACTIONS)}", field=field)
    if len(set(value)) < len(value):
        raise Refused("names an action twice", field=field)
    return tuple(action for action in ACTIONS if action in value)
