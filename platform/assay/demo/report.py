"""How the demonstration went: labels against the known truth, money, people, and the plain alternatives."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Paused:
    """Somebody the platform paused, who that really was, and what it knew."""

    person: str
    kind: str
    reason: str
    answers: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """Accuracies are shares from 0 to 1, over the items that are not gold."""

    label_accuracy: float
    expected_accuracy: float
    expected_low: float
    expected_high: float
    items: int
    answers_paid: int
    stopped_because: str
    baselines: Mapping[str, Mapping[str, float | int]]
    paused: Sequence[Paused]
    wrongly_paused: Sequence[str]
    model_accuracy: float | None
    rounds: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        return "\n".join([*self._labels(), "", *self._alternatives(), "", *self._people()])

    def _labels(self) -> list[str]:
        expected = (
            f"{self.expected_accuracy:.1%} ({self.expected_low:.1%} to {self.expected_high:.1%})"
        )
        model = "no model" if self.model_accuracy is None else f"{self.model_accuracy:.1%}"
        return [
            f"Stopped because   {self.stopped_because}",
            f"Labels right      {self.label_accuracy:.1%} of {self.items:,} items, by the known truth",
            f"Assay expected    {expected}, without knowing it",
            f"Answers paid      {self.answers_paid:,} (gold questions included)",
            f"Model right       {model} on the same items, after {self.rounds} rounds",
            f"Time              {self.seconds:.0f} s",
        ]

    def _alternatives(self) -> list[str]:
        names = {
            "majority3": "3 answers an item, majority vote",
            "majority5": "5 answers an item, majority vote",
        }
        lines = [f"{'The same people otherwise':36} {'right':>7} {'answers':>9}"]
        for key, baseline in self.baselines.items():
            lines.append(f"{names[key]:36} {baseline['accuracy']:7.1%} {baseline['answers']:9,}")
        return [*lines, f"{'Assay':36} {self.label_accuracy:7.1%} {self.answers_paid:9,}"]

    def _people(self) -> list[str]:
        if not self.paused:
            return ["Nobody was paused."]
        lines = [f"Paused ({len(self.wrongly_paused)} of them wrongly):"]
        return lines + [
            f"  {p.person} ({p.kind}) after {p.answers} answers: {p.reason}" for p in self.paused
        ]
