"""A number with its interval, or the reason why there is none."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Estimate:
    """`value` with `low <= value <= high`; all None where undefined, and `reason` says why.

    A value may stand without an interval (too little data to resample); `reason` says so then too.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""

    @classmethod
    def undefined(cls, reason: str) -> Self:
        return cls(value=None, reason=reason)
