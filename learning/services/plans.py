"""How a project learns: its Plan, with defaults where nobody chose."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from labeling.errors import Refused
from learning.estimators import numbers
from learning.features import registry as extractors
from learning.models import Plan
from learning.recipes import require_estimator
from learning.says import AUTO

DIVERSE = "diverse"
PRICED = "priced"  # new items and further answers by what they repair for the money
RANDOM = "random"
STOP_RULES = {"certainty", "plateau", "stability"}
READABLE = {
    "features",
    "probabilities",
    "committee",
    "numbers",
}  # what a round can show to a strategy
ALIASES = {DIVERSE: "typical_first", "value": PRICED}  # what managers call it -> the strategy


class UnusablePlan(Refused, ValueError):
    """A setting that does not exist or has no meaning; the message names it."""


NO_SENTENCES = (
    "no package that ships weights for sentence vectors is installed: compute them and hand them in (the page "
    "Vectors, or assay vectors)"
)


def plan_for(project_id: int) -> Plan:
    """The project's plan; made with the defaults if there is none yet."""
    plan, _ = Plan.objects.get_or_create(project_id=project_id)
    return plan


def configure(project_id: int, **settings: Any) -> Plan:
    """Change some settings of the plan. Raises UnusablePlan; nothing is changed then."""
    for name, value in settings.items():
        _check(name, value)
    with transaction.atomic():
        plan_for(project_id)
        Plan.objects.filter(project_id=project_id).update(**settings, updated_at=timezone.now())
    return Plan.objects.get(project_id=project_id)


def strategy_named(name: str) -> str:
    """The registered strategy (or ``priced``) that a plan's word means."""
    return ALIASES.get(name, name)


def shares_of(plan: Plan) -> dict[str, float]:
    """Each strategy's part of a batch; they sum to one."""
    if plan.shares:
        total = sum(plan.shares.values())
        return {strategy_named(name): share / total for name, share in plan.shares.items()}
    strategy = strategy_named(plan.strategy)
    if strategy == RANDOM:
        return {RANDOM: 1.0}
    return {strategy: 1 - plan.random_share, RANDOM: plan.random_share}


def _check(name: str, value: Any) -> None:
    allowed = _ALLOWED.get(name)
    if allowed is None:
        raise UnusablePlan("a plan has no such setting", field=name)
    if not allowed(value):
        raise UnusablePlan(f"{value!r} is not usable here"[:200], field=name)


def usable_strategies() -> list[str]:
    """What a plan may name as its strategy."""
    return [PRICED, *_served()]


def _served() -> list[str]:
    """Registered strategies that a round can serve."""
    from learning.strategies import registry as strategies  # takes long to import

    return sorted(name for name in strategies.names() if strategies.get(name).needs <= READABLE)


def _is_strategy(value: Any) -> bool:
    return isinstance(value, str) and strategy_named(value) in _served()


def _is_main_strategy(value: Any) -> bool:
    return _is_strategy(value) or (isinstance(value, str) and strategy_named(value) == PRICED)


def _are_stop_rules(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(one, str) for one in value)
        and set(value) <= STOP_RULES
    )


def _is_mixture(value: Any) -> bool:
    """Nothing, or known strategies with positive parts that sum to one."""
    if not isinstance(value, dict) or len({strategy_named(name) for name in value}) < len(value):
        return False
    sound = all(_is_main_strategy(name) and _from_0_to_1(part) for name, part in value.items())
    return not value or (sound and min(value.values()) > 0 and abs(sum(value.values()) - 1) < 1e-6)


def _is_features(value: Any) -> bool:
    if value == extractors.SENTENCES:
        raise UnusablePlan(NO_SENTENCES, field="features")
    return value in (extractors.AUTO, extractors.SUPPLIED, *extractors.names())


def _is_estimator(value: Any) -> bool:
    """Which of them learns the project's kind of answers is said when a model is trained."""
    of_numbers = isinstance(value, str) and value in numbers.RECIPES
    return value == AUTO or of_numbers or require_estimator(value)


def _from_0_to_1(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 1


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _is_none(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value == 0


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100_000


_ALLOWED: dict[str, Callable[[Any], bool]] = {
    "features": _is_features,
    "estimator": _is_estimator,
    "first_strategy": _is_strategy,
    "strategy": _is_main_strategy,
    "shares": _is_mixture,
    "stop_rules": _are_stop_rules,
    "random_share": _from_0_to_1,
    "round_size": _counts,
    "retrain_after": _counts,
    "retrain_share": lambda value: _is_number(value) and 0 <= value <= 10,
    "retrain_hours": lambda value: _is_none(value) or (_counts(value) and value <= 8760),
    "interactive_after": lambda value: _is_none(value) or _counts(value),
    "turn_away": lambda value: isinstance(value, bool),
    "certainty": lambda value: _from_0_to_1(value) and 0 < value < 1,
}
