"""Tables that stand below the overview: the pilot beside what came after it, and people at both ends."""

from django.utils.translation import gettext as _

from labeling.amounts import duration, money, percent
from labeling.models import EnrollmentStatus, Project
from learning.queries.pilot import Part, Pilot
from learning.views.figures import UNKNOWN
from quality.queries.people import AnnotatorRow

FEW = 10  # below this many answers no percent stands alone


def pilot_table(project: Project, found: Pilot) -> list[tuple[str, str, str]]:
    """Rows of a name, the pilot's figure and the one since."""
    names = [
        _("Items settled"),
        _("Answers for a label"),
        _("Paid for a label"),
        _("Certainty of the labels"),
        _("Time for an answer"),
    ]
    columns = (_figures(project, found.pilot), _figures(project, found.since))
    return list(zip(names, *columns, strict=True))


def _figures(project: Project, part: Part) -> list[str]:
    each, cost = part.answers_each, part.micros_each
    return [
        f"{part.labels:,}",
        UNKNOWN if each is None else f"{each:.1f}",
        UNKNOWN if cost is None else money(round(cost), project.currency),
        UNKNOWN if part.certainty is None else percent(part.certainty),
        UNKNOWN if part.seconds is None else duration(part.seconds),
    ]


def people_rows(rows: list[AnnotatorRow]) -> list[dict[str, str]]:
    return [
        {
            "name": row.pseudonym,
            "accuracy": accuracy(row),
            "gold": f"{row.gold_right:,} / {row.gold_seen:,}",
            "answers": f"{row.answers:,}",
            "state": _states().get(row.status, ""),
        }
        for row in rows
    ]


def _states() -> dict[str, str]:
    """What is said of those who are not at work."""
    return {EnrollmentStatus.PAUSED: _("paused"), EnrollmentStatus.BANNED: _("banned")}


def accuracy(row: AnnotatorRow) -> str:
    """With its interval; of few answers the interval alone."""
    if row.accuracy is None or row.low is None or row.high is None:
        return UNKNOWN
    interval = f"({row.low * 100:.0f}–{row.high * 100:.0f})"
    return interval if row.answers < FEW else f"{percent(row.accuracy)} {interval}"
