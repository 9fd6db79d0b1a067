"""The charts of how far a project is: drawn, as a table, and as the file behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from labeling.amounts import money
from labeling.bars import Bar
from labeling.models import Project
from labeling.plots import COUNTS, Axis, Plot, Point, Whiskers, amounts, draw, draw_whiskers
from learning.queries import CurvePoint
from learning.queries.outlook import Outlook, Spent
from quality.queries.agreed import Agreed

UNITS = (
    (3 * 86400, 86400, "d"),
    (2 * 3600, 3600, "h"),
    (0, 60, "min"),
)  # longer than, seconds, said


CURVES = ("label_accuracy", "model_accuracy", "random_baseline")


@dataclass(frozen=True)
class Chart:
    """``missing`` says what the chart needs, where it cannot be drawn yet."""

    key: str
    title: str
    note: str
    missing: str
    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    plot: Plot | None = None
    whiskers: Whiskers | None = None
    bars: list[Bar] = field(default_factory=list)


def learning_curve(points: Sequence[CurvePoint]) -> Chart:
    names = {
        "label_accuracy": _("labels"),
        "model_accuracy": _("model"),
        "random_baseline": _("random"),
    }
    series = {
        said: [Point(p.answers, p.value, p.low, p.high) for p in points if p.name == name]
        for name, said in names.items()
    }
    return Chart(
        "learning-curve",
        _("Accuracy against answers paid"),
        _(
            "Labels: the share of all items that is expected to be right; what nobody has answered counts as "
            "wrong. Model: on gold items, which no model is trained on. Random: a model of as many items drawn "
            "at random, without active learning. With 95 % intervals."
        ),
        _("The curve needs two trained models. The first is trained when enough items are settled."),
        [_("Figure"), _("Answers"), _("Labels settled"), _("Share right"), _("95 % interval")],
        [
            [names[p.name], f"{p.answers:,}", f"{p.labels:,}", f"{p.value:.1%}", _between(p.low, p.high)]
            for p in points
            if p.name in names
        ],
        plot=draw(series),
    )  # fmt: skip


def burn_up(seen: Outlook) -> Chart:
    marks = seen.marks
    rows = [[f"{localtime(mark.at):%Y-%m-%d %H:%M}", f"{mark.settled:,}"] for mark in marks]
    return Chart(
        "burn-up",
        _("Items settled over time"),
        _("The dashed line goes on at the pace of the last quarter, as if every item were settled.")
        if seen.left and seen.seconds
        else _("Labels that hold now, by when they were settled."),
        _("It begins with the second settled item."),
        [_("Until"), _("Items settled")],
        rows,
        plot=_burn_up_plot(seen) if marks else None,
    )


def _burn_up_plot(seen: Outlook) -> Plot | None:
    first, last = seen.marks[0].at, seen.marks[-1]
    end = (last.at - first).total_seconds()
    unit, axis = in_time(end + (seen.seconds.value if seen.seconds else 0))
    done = [Point((m.at - first) / timedelta(seconds=unit), m.settled) for m in seen.marks]
    series = {_("settled"): done, _("forecast"): _forecast(seen, done[-1], unit)}
    return draw(series, x=axis, y=COUNTS)


def _forecast(seen: Outlook, now: Point, unit: int) -> list[Point]:
    """A line to the last item; its band is what the pace's band gives by then."""
    if seen.seconds is None or not seen.left:
        return []
    total, after = now.y + seen.left, now.x + seen.seconds.value / unit
    slow = now.y + seen.left * seen.seconds.value / seen.seconds.high
    return [Point(now.x, now.y, now.y, now.y), Point(after, total, slow, total)]


def in_time(seconds: float) -> tuple[int, Axis]:
    """The unit for so long a time, in seconds, and the axis that says it."""
    unit, name = next((unit, name) for least, unit, name in UNITS if seconds >= least)
    axis = amounts(lambda value: f"{value:g} {name}")  # ticks are round and said in full
    return unit, replace(axis, say=lambda value: f"{round(value, 1):g} {name}")


def spend(project: Project, past: Sequence[Spent], settled: int, seen: Outlook) -> Chart:
    cap, total = project.budget_micros, settled + seen.left
    steps = [*past, Spent(settled, seen.spent_micros)]
    steps = sorted(
        {step.labels: step for step in [Spent(0, 0), *steps]}.values(), key=lambda s: s.labels
    )

    def said(micros: float) -> str:
        return money(round(micros), project.currency)

    series = {
        _("spent"): [Point(step.labels, step.micros) for step in steps],
        _("forecast"): _cost_to_come(settled, seen),
        _("cap"): [Point(0, cap), Point(total, cap)] if cap is not None else [],
    }
    return Chart(
        "spend",
        _("Money against items settled"),
        _("The forecast: what the items left will cost at the present cost of a label, with its 95 % band."),
        _("It begins when items are settled."),
        [_("Items settled"), _("Spent")],
        [[f"{step.labels:,}", said(step.micros)] for step in steps if len(steps) > 1],
        plot=draw(series, y=amounts(said)) if len(steps) > 1 else None,
    )  # fmt: skip


def _cost_to_come(settled: int, seen: Outlook) -> list[Point]:
    if seen.cost_micros is None or not seen.left:
        return []
    now, end = seen.spent_micros, seen.cost_micros
    return [Point(settled, now, now, now), Point(settled + seen.left, end.value, end.low, end.high)]


def agreement(found: dict[str, Agreed]) -> Chart:
    known = {
        a.name: Point(0, a.value, a.low, a.high) for a in found.values() if a.value is not None
    }
    rows = [
        [a.name, "–" if a.value is None else f"{a.value:.2f}", _interval(a), a.why_not]
        for a in found.values()
    ]
    return Chart(
        "agreement",
        _("How far people agree"),
        _(
            "1 is always; chance-corrected coefficients are 0 where people agree as often as by chance."
        ),
        next((a.why_not for a in found.values() if a.why_not), "")
        or _("It needs items that several people have answered, and the first look at everybody."),
        [_("Coefficient"), _("Value"), _("95 % interval"), _("Why there is none")],
        rows,
        whiskers=draw_whiskers(known),
    )


def _interval(found: Agreed) -> str:
    return "" if found.low is None or found.high is None else f"{found.low:.2f} – {found.high:.2f}"


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.1%} – {high:.1%}"
