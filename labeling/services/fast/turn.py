"""What a turn is made of, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from accounts.identifiers import public_ids
from labeling.services import candidates


class Given(NamedTuple):
    """One answer that fits the question: ``value`` is its canonical form, as JSON text."""

    assignment: str
    key: UUID
    value: str
    label_code: int | None
    seconds: float | None


class NextSeat(NamedTuple):
    """A seat that was taken; ``payload`` is JSON text."""

    assignment: str
    item: str
    payload: str
    picture: bool


@dataclass(frozen=True)
class Turn:
    """Answers to seats of one project, judged under ``version`` of its label set, and seats wanted next.

    ``token`` is the digest of the person's bearer token: who they are is looked up in the same call.
    """

    token: str
    project: str
    version: int = 0
    given: Sequence[Given] = ()
    wanted: int = 0
    claim_key: UUID | None = None


@dataclass(frozen=True)
class Turned:
    """What became of it: names of the stored answers in order, the seats taken, or why there are none."""

    answers: list[str] = field(default_factory=list)
    seats: list[NextSeat] = field(default_factory=list)
    lease_until: datetime | None = None
    why_empty: str | None = None


class Chances(NamedTuple):
    """Everything random about a turn: names of new rows, and whether and where gold is mixed in."""

    answers: list[str]
    seats: list[str]
    draws: list[float]
    starts: list[int]


def chances(turn: Turn) -> Chances:
    """Drawn before the transaction, so that nothing but the transaction holds its locks."""
    wanted = range(turn.wanted)
    return Chances(
        answers=public_ids(len(turn.given)),
        seats=public_ids(turn.wanted),
        draws=[candidates.chance.random() for _ in wanted],
        starts=[candidates.chance.randrange(1 << 62) for _ in wanted],
    )
