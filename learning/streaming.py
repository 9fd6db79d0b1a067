"""Which items of a stream people are asked about, when only a share of them can be paid for.

Variable uncertainty with randomisation (Zliobaite, Bifet, Pfahringer and Holmes, 2014, "Active learning
with drifting streaming data"): an item is asked about when the model's confidence is below a threshold
that has been multiplied by a random factor around one. The threshold falls with every question and rises
with every item that is not asked about, so it follows the stream: in a calm stretch it asks about what is
a little doubtful, in a storm only about the worst. Asked is at most the budget's share of about the last
``WINDOW`` items:

    spent(t)  = spent(t-1)  * (WINDOW - 1) / WINDOW + asked(t)
    weight(t) = weight(t-1) * (WINDOW - 1) / WINDOW + 1,     ask only while spent / weight < budget
"""

from dataclasses import dataclass, replace

from numpy.random import Generator

WINDOW = 100
FADING = (WINDOW - 1) / WINDOW
NOTHING = 1e-9  # before the first item, which may be asked about
STEP = 0.01  # by which part of itself the threshold moves
SPREAD = 0.1  # of the random factor: what the model is sure of is looked at now and then
FIRST = 0.9
LEAST, MOST = 0.05, 1.2  # a threshold beyond these bounds would take too long to come back


@dataclass(frozen=True)
class Gate:
    """``spent`` of ``weight`` items, fading, were asked about; at most ``budget`` of the stream is."""

    budget: float
    threshold: float = FIRST
    spent: float = 0.0
    weight: float = 0.0

    def may_ask(self) -> bool:
        return self.spent < self.budget * max(self.weight, NOTHING)

    def asks(self, confidence: float, rng: Generator) -> bool:
        """Whether this item is doubtful enough, and within the budget."""
        return self.may_ask() and confidence < self.threshold * rng.normal(1.0, SPREAD)

    def after(self, *, asked: bool) -> "Gate":
        """The gate for the next item. What the budget kept from being asked moves no threshold."""
        spent = self.spent * FADING + asked
        weight = self.weight * FADING + 1
        if not asked and not self.may_ask():
            return replace(self, spent=spent, weight=weight)
        moved = self.threshold * (1 - STEP if asked else 1 + STEP)
        threshold = min(MOST, max(LEAST, moved))
        return replace(self, spent=spent, weight=weight, threshold=threshold)
