"""Curves as accessible SVG, drawn on the server: numbers in, coordinates out. The table view is the page's.

A figure's box is WIDTH x HEIGHT units with room for the axes; templates draw what is computed here.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 72, 96, 16, 36
NAMES, MARGIN, ROW = 200, 24, 44  # of figures in rows: room for their names, at the end, for each
DOTS = 60  # of a curve, at most: the line goes through all points
NAME_HEIGHT = 14  # names of series stand below each other, never on each other


@dataclass(frozen=True)
class Point:
    """One measured point: ``y`` with its interval, at ``x``."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Drawn:
    """A point in the picture, with the sentence that hovering over it shows."""

    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Curve:
    """One series as drawn: SVG point lists for the line and its band."""

    name: str
    number: int
    line: str
    band: str
    dots: list[Drawn]
    end: Drawn


@dataclass(frozen=True)
class Tick:
    position: float
    text: str


@dataclass(frozen=True)
class Plot:
    """All that a template needs to draw the curves with their axes."""

    curves: list[Curve]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Axis:
    """How one direction is measured out: from where to where, with which ticks, and how a value is said."""

    span: Callable[[float, float], tuple[float, float]]
    ticks: Callable[[float, float], list[float]]
    tick: Callable[[float], str]
    say: Callable[[float], str]


@dataclass(frozen=True)
class _Scale:
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        share = (value - self.x_low) / (self.x_high - self.x_low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _round_steps(_low: float, high: float) -> list[float]:
    """From 0 up to ``high`` in three to six steps of 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(high))
    sizes = [power * factor for factor in (0.1, 0.2, 0.25, 0.5, 1, 2)]
    size = next(size for size in sizes if high / size < 6)
    return [size * step for step in range(int(high / size) + 1)]


def _whole_steps(low: float, high: float) -> list[float]:
    """Of things that are counted, nothing between one and the next."""
    steps = _round_steps(low, high)
    return steps if steps[1] >= 1 else [float(n) for n in range(int(high) + 1)]


def _round_shares(low: float, _high: float) -> list[float]:
    """From 1 down to ``low``, in steps of 5, 10 or 20 percent points."""
    step = next((size for size in (0.05, 0.1) if (1 - low) / size < 6), 0.2)
    return [1 - step * n for n in range(int((1 - low) / step + 1e-9) + 1)]


def amounts(say: Callable[[float], str]) -> Axis:
    """From nothing upwards, in any unit."""
    return Axis(lambda _low, high: (0.0, high or 1.0), _round_steps, say, say)


COUNTS = replace(amounts("{:,.0f}".format), ticks=_whole_steps)
SHARES = Axis(
    lambda low, _high: (max(0.0, int(low * 10) / 10), 1.0),
    _round_shares,
    "{:.0%}".format,
    "{:.1%}".format,
)


def draw(
    series: Mapping[str, Sequence[Point]], *, x: Axis = COUNTS, y: Axis = SHARES
) -> Plot | None:
    """One curve a series; None when none has two points."""
    shown = {name: points for name, points in series.items() if len(points) > 1}
    if not shown:
        return None
    scale = _scale([point for points in shown.values() for point in points], x, y)
    curves = [_curve(n, name, shown[name], scale, (x, y)) for n, name in enumerate(shown, 1)]
    x_ticks = [Tick(scale.x(value), x.tick(value)) for value in x.ticks(scale.x_low, scale.x_high)]
    y_ticks = [Tick(scale.y(value), y.tick(value)) for value in y.ticks(scale.y_low, scale.y_high)]
    return Plot(_apart(curves), x_ticks, y_ticks)


def _scale(points: Sequence[Point], x: Axis, y: Axis) -> _Scale:
    lows, highs = [_low(point) for point in points], [_high(point) for point in points]
    across = [point.x for point in points]
    return _Scale(*x.span(min(across), max(across)), *y.span(min(lows), max(highs)))


def _curve(
    number: int, name: str, points: Sequence[Point], scale: _Scale, axes: tuple[Axis, Axis]
) -> Curve:
    x, y = axes
    dots = [
        Drawn(scale.x(p.x), scale.y(p.y), f"{name}: {y.say(p.y)} at {x.say(p.x)}") for p in points
    ]
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    every = math.ceil(len(dots) / DOTS)
    return Curve(name, number, line, _band(points, scale), dots[::-1][::every][::-1], dots[-1])


def _apart(curves: list[Curve]) -> list[Curve]:
    """The names at the ends of the curves, none on another: pushed down from the top, the order kept."""
    placed: dict[int, float] = {}
    lowest = -math.inf
    for curve in sorted(curves, key=lambda curve: curve.end.y):
        lowest = max(curve.end.y, lowest + NAME_HEIGHT)
        placed[curve.number] = lowest
    return [replace(curve, end=replace(curve.end, y=placed[curve.number])) for curve in curves]


def _band(points: Sequence[Point], scale: _Scale) -> str:
    banded = [point for point in points if point.low is not None and point.high is not None]
    upper = [f"{scale.x(p.x)},{scale.y(p.high or 0)}" for p in banded]
    lower = [f"{scale.x(p.x)},{scale.y(p.low or 0)}" for p in reversed(banded)]
    return " ".join(upper + lower)


@dataclass(frozen=True)
class Whisker:
    """One figure with its interval, in a row of its own."""

    name: str
    y: float
    x: float
    low: float
    high: float
    title: str


@dataclass(frozen=True)
class Whiskers:
    """Figures between 0 and 1 (or below, where one is negative) in rows."""

    rows: list[Whisker]
    x_ticks: list[Tick]
    height: int
    width: int = WIDTH
    left: int = NAMES
    right: int = WIDTH - MARGIN


def draw_whiskers(figures: dict[str, Point]) -> Whiskers | None:
    """One row a figure: ``y`` of its point with the interval; None when there is none."""
    if not figures:
        return None
    lowest = min([0.0, *(_low(point) for point in figures.values())])
    low = math.floor(lowest * 5) / 5

    def across(value: float) -> float:
        return round(NAMES + (value - low) / (1 - low) * (WIDTH - NAMES - MARGIN), 1)

    rows = [
        Whisker(
            name, ROW * (n + 0.5), across(point.y), across(_low(point)), across(_high(point)),
            f"{name}: {point.y:.2f} ({_low(point):.2f} to {_high(point):.2f})",
        )
        for n, (name, point) in enumerate(figures.items())
    ]  # fmt: skip
    steps = [low + 0.2 * n for n in range(round((1 - low) / 0.2) + 1)]
    return Whiskers(rows, [Tick(across(x), f"{x:.1f}") for x in steps], ROW * len(rows) + BOTTOM)


def _low(point: Point) -> float:
    return point.y if point.low is None else point.low


def _high(point: Point) -> float:
    return point.y if point.high is None else point.high
