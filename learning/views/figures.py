"""The six numbers of the overview, each with how sure it is or what it still needs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from labeling.amounts import duration, money, percent
from labeling.models import Project, ProjectStatus
from labeling.queries.queue import Queue
from learning.pace import FEWEST, Range
from learning.queries.outlook import Outlook
from quality.queries import Expected, Progress
from quality.queries.agreed import Agreed

UNKNOWN = "–"
WORKING = (ProjectStatus.PILOT, ProjectStatus.LIVE)


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    note: str
    tab: str = ""  # the page with the rows behind it


def figures(
    project: Project,
    done: Progress,
    seen: Outlook,
    promise: Expected,
    agreement: dict[str, Agreed],
    waiting: Queue,
) -> list[Figure]:
    return [
        _settled(done),
        _time(project, done, seen),
        _money(project, seen),
        _accuracy(promise),
        _agreement(agreement),
        _waiting(waiting),
    ]


def _settled(done: Progress) -> Figure:
    note = _("of %(total)s; %(answers)s answers, gold included") % {
        "total": f"{done.total:,}",
        "answers": f"{done.answers:,}",
    }
    return Figure(_("Items settled"), f"{done.settled:,}", note, "items")


def _time(project: Project, done: Progress, seen: Outlook) -> Figure:
    name = _("Time left")
    if not done.total:
        return Figure(name, UNKNOWN, _("needs items"))
    if project.status == ProjectStatus.DONE:
        return Figure(name, UNKNOWN, _("the project has ended"))
    if not seen.left:
        return Figure(name, UNKNOWN, _("nothing waits for people"))
    if project.status not in WORKING:
        return Figure(name, UNKNOWN, _("nobody can answer at the moment"))
    if seen.seconds is None:
        words = _("needs %(n)d labels within the last quarter of the work") % {"n": FEWEST}
        return Figure(name, UNKNOWN, words)
    return Figure(name, duration(seen.seconds.value), _band(seen.seconds, duration))


def _money(project: Project, seen: Outlook) -> Figure:
    def said(micros: float) -> str:
        return money(round(micros), project.currency)

    cap = project.budget_micros
    notes = [_("no cap") if cap is None else _("of %(cap)s") % {"cap": said(cap)}]
    if seen.cost_micros and seen.left:
        band = _band(seen.cost_micros, said)
        notes.append(
            _("about %(n)s at the end") % {"n": f"{said(seen.cost_micros.value)} ({band})"}
        )
    return Figure(_("Spent"), said(seen.spent_micros), "; ".join(notes))


def _accuracy(found: Expected) -> Figure:
    name = _("Expected accuracy")
    if found.value is None or found.low is None or found.high is None:
        return Figure(name, UNKNOWN, _("needs gold or settled items"), "gold")
    return Figure(name, percent(found.value), f"{found.low:.1%} – {found.high:.1%}", "gold")


def _agreement(found: dict[str, Agreed]) -> Figure:
    name = _("Agreement (alpha)")
    alpha = found.get("alpha") or found.get("near_enough")
    if alpha is None or alpha.value is None:
        words = alpha.why_not if alpha else _("needs items that several people answered")
        return Figure(name, UNKNOWN, words, "project-people")
    band = "" if alpha.low is None else f"{alpha.low:.2f} – {alpha.high:.2f}"
    return Figure(name, f"{alpha.value:.2f}", band, "project-people")


def _waiting(found: Queue) -> Figure:
    """The chart of what items wait for, in one number."""
    note = _("%(open)s for answers, %(expert)s for an expert") % {
        "open": f"{found.for_answers:,}",
        "expert": f"{found.for_expert:,}",
    }
    return Figure(_("Waiting"), f"{found.for_answers + found.for_expert:,}", note, "items")


def _band(found: Range, said: Callable[[float], str]) -> str:
    return f"{said(found.low)} – {said(found.high)}"
