"""Rules and rule books, and the book that every project starts with."""

from collections.abc import Iterator
from dataclasses import dataclass

PAUSE, BAN, HOLD_PAY, SET_ASIDE = "pause", "ban", "hold_pay", "set_aside"
LOWER_WEIGHT, SET_SKILL, PRACTICE = "lower_weight", "set_skill", "practice"
WARN, MORE_GOLD, NOTIFY = "warn", "more_gold", "notify"

# What rules may do, the hardest first: a decision is named by the hardest thing that it does. To ban is
# left to people: no evidence decides on it.
ACTIONS = (
    PAUSE, HOLD_PAY, SET_ASIDE, SET_SKILL, LOWER_WEIGHT, PRACTICE, WARN, MORE_GOLD, NOTIFY,
)  # fmt: skip
LASTING = {PAUSE, BAN, LOWER_WEIGHT, SET_SKILL}  # in force until reversed; the others happen once
# Nothing is taken from the person, and knowing of it would tell when gold is frequent.
QUIET = {MORE_GOLD, NOTIFY}
AMOUNTS = {LOWER_WEIGHT, SET_SKILL}


@dataclass(frozen=True)
class Rule:
    """When ``evidence`` over the latest ``window`` answers (0: all) reaches ``threshold``: ``actions``.

    ``amount`` is what a vote still counts (``lower_weight``; None: a group that copies shares one vote) or
    the accuracy that is taken for granted (``set_skill``).
    """

    evidence: str
    threshold: float
    actions: tuple[str, ...]
    window: int = 0
    amount: float | None = None

    @property
    def hardest(self) -> str:
        return min(self.actions, key=ACTIONS.index)


@dataclass(frozen=True)
class Book:
    """One version of a project's rules, in the order in which they are looked at."""

    version: int
    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)


# Version 1 of every project. Measured in docs/benchmarks.md: hardly anybody honest is met by those that pause.
DEFAULTS = Book(
    1,
    (
        Rule("gold", 1.0, (PAUSE, SET_ASIDE)),
        Rule("bad_stretch", 1.0, (PAUSE, SET_ASIDE)),
        Rule("gold_and_peers", 1.0, (PAUSE, SET_ASIDE)),
        Rule("together", 2.0, (PAUSE, HOLD_PAY, SET_ASIDE)),
        Rule("copying", 1.0, (LOWER_WEIGHT, NOTIFY)),
        Rule("gold_gap", 4.0, (LOWER_WEIGHT, NOTIFY), amount=0.5),
        Rule("camp", 1.0, (LOWER_WEIGHT, NOTIFY), amount=0.25),
        Rule("unread", 0.3, (MORE_GOLD,)),
        Rule("peers", 1.0, (MORE_GOLD,)),
        Rule("weak_class", 5.0, (NOTIFY,)),
        Rule("class_drift", 4.5, (MORE_GOLD, NOTIFY)),
    ),
)
