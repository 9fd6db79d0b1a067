"""A project that a manager is about to make: what the form on the page holds, and what it amounts to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from labeling.amounts import MICROS
from labeling.errors import Refused
from labeling.guessing import IMPORTED, OUT, Guess
from labeling.models import Redundancy
from labeling.services.projects import ProjectSpec

LABELED = ("choice", "multiple_choice", "ordinal", "spans", "boxes")
COLUMN = "column:"
GOLD_SHARE = 0.08


@dataclass(frozen=True)
class Draft:
    """The form's fields as texts, as they were typed."""

    name: str = ""
    kind: str = "choice"
    labels: str = "yes\nno"
    question: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    ties: bool = False
    certainty: int = 95
    most: str = "7"
    price: str = "0.02"
    budget: str = ""
    roles: dict[str, str] = field(default_factory=dict)

    @property
    def label_list(self) -> list[str]:
        lines = (line.strip() for line in self.labels.splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def has_labels(self) -> bool:
        return self.kind in LABELED

    def columns(self) -> dict[str, str]:
        """The name under which the import takes each column; empty for those left out."""
        return {name: IMPORTED.get(role, "") for name, role in self.roles.items()}

    def configuration(self) -> dict[str, Any]:
        if self.has_labels:
            return {"labels": [{"value": label} for label in self.label_list]}
        if self.kind == "number":
            limits = {"min": _number("low", self.low), "max": _number("high", self.high)}
            given = {name: value for name, value in limits.items() if value is not None}
            return {**given, **({"unit": self.unit.strip()} if self.unit.strip() else {})}
        return {"ties": self.ties} if self.kind == "pairwise" else {}

    def fewest(self) -> int:
        """A typical price of one answer is the least that adaptive asking can spend."""
        return min(2, self.most_answers())

    def most_answers(self) -> int:
        if not re.fullmatch(r"\d{1,4}", self.most.strip()) or int(self.most) < 1:
            raise Refused("must be a whole number above 0", field="most")
        return int(self.most)

    def price_micros(self) -> int:
        return micros("price", self.price) or 0

    def spec(self) -> ProjectSpec:
        """Raises Refused with the name of the field that cannot be."""
        if not self.name.strip():
            raise Refused("is missing", field="name")
        return ProjectSpec(
            name=self.name.strip(),
            label_type=self.kind,
            configuration=self.configuration(),
            instructions=self.question,
            redundancy=Redundancy.ADAPTIVE,
            seats_min=self.fewest(),
            seats_max=self.most_answers(),
            target_certainty=self.certainty / 100,
            gold_share=GOLD_SHARE,
            price_micros=self.price_micros(),
            budget_micros=micros("budget", self.budget),
        )

    def with_guess(self, guess: Guess) -> "Draft":
        """What the file seems to be, where nothing was typed before."""
        labels = "\n".join(guess.labels) or self.labels
        name = self.name or guess.name
        return replace(self, name=name, kind=guess.kind, labels=labels, roles=guess.roles)


def draft_from(form: Mapping[str, str]) -> Draft:
    """The draft that a posted form holds; nothing is refused yet."""
    texts = ("name", "kind", "labels", "question", "low", "high", "unit", "most", "price", "budget")
    given = {name: form[name] for name in texts if name in form}
    roles = {key.removeprefix(COLUMN): form[key] for key in form if key.startswith(COLUMN)}
    certainty = form.get("certainty", "")
    known = int(certainty) if re.fullmatch(r"\d{1,2}", certainty) else Draft.certainty
    return Draft(
        **given,
        ties="ties" in form,
        certainty=min(max(known, 70), 99),
        roles={name: role if role in IMPORTED else OUT for name, role in roles.items()},
    )


def micros(name: str, text: str) -> int | None:
    """Money as typed, in micro-units; None for nothing. Raises Refused."""
    if not text.strip():
        return None
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise Refused("must be an amount of money, like 0.02", field=name) from None
    if not amount.is_finite() or amount < 0 or amount > 10**9:
        raise Refused("must be an amount of money, 0 or more", field=name)
    return int(amount * MICROS)


def _number(name: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Refused("must be a number", field=name) from None
    if not value.is_finite():
        raise Refused("must be a number", field=name)
    return int(value) if value == int(value) else float(value)
