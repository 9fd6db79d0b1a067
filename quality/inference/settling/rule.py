"""When an item has enough answers."""

from dataclasses import dataclass
from enum import StrEnum

from quality.inference.answers import Floats, Ints


class Verdict(StrEnum):
    SETTLED = "settled"
    MORE = "open"  # one more answer is worth its price
    EXPERT = "expert"  # seats are used up and it is still not certain


@dataclass(frozen=True)
class Rule:
    """From ``votes_min`` to ``votes_max`` answers, until the belief reaches ``target``.

    Fixed redundancy n is Rule(n, n, 0).
    """

    votes_min: int
    votes_max: int
    target: float

    def verdicts(self, n_votes: Ints, confidence: Floats) -> list[Verdict]:
        """One for each item."""
        done = (n_votes >= self.votes_min) & (confidence >= self.target)
        full = n_votes >= self.votes_max
        return [
            Verdict.SETTLED if d else Verdict.EXPERT if f else Verdict.MORE
            for d, f in zip(done.tolist(), full.tolist(), strict=True)
        ]
