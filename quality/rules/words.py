"""What a person reads about a decision: true, plain, and silent about single items.

No count of gold, no number that one answer would move, no kind of check that can be told apart by trying:
who reads it may be looking for what is gold. Managers read the reasons with all their numbers.
"""

from quality.rules.book import (
    BAN,
    HOLD_PAY,
    LOWER_WEIGHT,
    PAUSE,
    PRACTICE,
    SET_ASIDE,
    SET_SKILL,
    WARN,
)

ROUNDED = 10  # answers: where a stretch begins is told so exactly and no more
WHAT = {
    PAUSE: "You get no more work in this project for now.",
    BAN: "You get no more work in this project.",
    HOLD_PAY: "Pay for some of your answers is held back until somebody has looked.",
    SET_ASIDE: "Some of your answers do not count for the result; their pay stays.",
    LOWER_WEIGHT: "Your answers count for less in the result; their pay stays.",
    SET_SKILL: "How much your answers count was set by hand.",
    PRACTICE: "Please practise once more before you go on.",
    WARN: "Please take more care: this is a warning, and nothing else changes.",
}
CARELESS = "Over a longer time many of your answers look as if they had been given without looking."
WHY = {
    "gold": CARELESS,  # the same words: which of the two it was would tell what is checked, and how
    "agreement": CARELESS,
    "gap": "Your care differs much from task to task.",
    "timing": "Many of your answers came faster than the task can be read.",
    "copying": "Your answers are the same as those of other accounts, their errors too.",
    "camp": "Your answers follow another reading of the question than the one that is meant.",
}
BY_KIND = {
    "class_drift": "Your answers about one sort of task got worse with time.",
    "weak_class": "One sort of task is often answered wrongly.",
}
SEVERAL = "Several independent checks say that your answers are not the result of careful work."
PLAIN = "A manager of the project has decided this."


def words(actions: tuple[str, ...], kind: str, family: str, since: int | None) -> str:
    """What was done and why. ``since`` is the place of the answer from which it holds."""
    why = BY_KIND.get(kind) or WHY.get(family, SEVERAL)
    when = ""
    if since and since >= ROUNDED and kind == "bad_stretch":
        when = f" It began about {round(since / ROUNDED) * ROUNDED} answers after you started."
    return " ".join([why + when, *what(actions)])


def what(actions: tuple[str, ...]) -> list[str]:
    """One sentence for each thing done that concerns the person."""
    return [WHAT[action] for action in actions if action in WHAT]
