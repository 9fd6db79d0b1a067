"""Why a seat was given back: a closed list that managers can count, and room for the person's own words."""

from dataclasses import dataclass

from labeling.limits import REASON_LENGTH
from labeling.models import AssignmentState

OTHER, UNSURE = "other", "unsure"
REASONS: dict[AssignmentState, tuple[str, ...]] = {
    AssignmentState.SKIPPED: (
        "unclear",
        "too_hard",
        "no_fitting_answer",
        "uncomfortable",
        "cannot_load",
        UNSURE,
        OTHER,
    ),
    AssignmentState.FLAGGED: ("broken", "unreadable", "offensive", "private", "wrong_task", OTHER),
    AssignmentState.RELEASED: ("break", "technical", OTHER),
}


@dataclass(frozen=True)
class Reason:
    """``code`` is one of the list for the act, or empty; ``text`` is what the person wrote."""

    code: str = ""
    text: str = ""


def reason_for(state: AssignmentState, given: str, text: str = "") -> Reason:
    """What was given as a reason: a code of the list, or words of one's own, which are ``other``."""
    if not given or given in REASONS[state]:
        return Reason(given, text[:REASON_LENGTH])
    return Reason(OTHER, f"{given}: {text}"[:REASON_LENGTH] if text else given[:REASON_LENGTH])
