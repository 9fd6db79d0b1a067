"""Evidence and actions in plain words: the one place that pages, commands and the API take them from.

A name of evidence completes the sentence "this person ...", so that a rule reads: who fails the gold test
is paused. Managers read these; what a person is told about a decision is in `words`.
"""

from django.utils.translation import gettext_lazy

from quality.rules.book import (
    BAN,
    HOLD_PAY,
    LOWER_WEIGHT,
    MORE_GOLD,
    NOTIFY,
    PAUSE,
    PRACTICE,
    SET_ASIDE,
    SET_SKILL,
    WARN,
)

EVIDENCE = {
    "gold": gettext_lazy("fails the gold test"),
    "gold_errors": gettext_lazy("is often wrong on gold"),
    "bad_stretch": gettext_lazy("guesses for a stretch of answers"),
    "peers": gettext_lazy("disagrees with others as if guessing"),
    "gold_and_peers": gettext_lazy("looks like guessing on gold and beside others"),
    "gold_gap": gettext_lazy("is better on gold than elsewhere"),
    "unread": gettext_lazy("answers faster than one can read"),
    "streak": gettext_lazy("gives one label many times in a row"),
    "copying": gettext_lazy("gives the same wrong answers as others"),
    "weak_class": gettext_lazy("is much worse on one label"),
    "class_drift": gettext_lazy("got worse on one label"),
    "camp": gettext_lazy("belongs to the camp that gold shows to be wrong"),
    "together": gettext_lazy("is met by several sorts of evidence at once"),
    "regular": gettext_lazy("is wrong in a regular way, which is of use"),
}
ACTIONS = {
    BAN: gettext_lazy("ban"),
    PAUSE: gettext_lazy("pause"),
    HOLD_PAY: gettext_lazy("hold pay"),
    SET_ASIDE: gettext_lazy("set votes aside"),
    SET_SKILL: gettext_lazy("set the skill"),
    LOWER_WEIGHT: gettext_lazy("lower the weight"),
    PRACTICE: gettext_lazy("practice again"),
    WARN: gettext_lazy("warn"),
    MORE_GOLD: gettext_lazy("more gold"),
    NOTIFY: gettext_lazy("tell managers"),
}


def evidence_name(kind: str) -> str:
    """In words; of an unknown kind, its code."""
    return str(EVIDENCE.get(kind, kind))


def action_name(action: str) -> str:
    """In words; of an unknown action, its code."""
    return str(ACTIONS.get(action, action))
