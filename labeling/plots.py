"""Curves as accessible SVG, drawn on the server: numbers in, coordinates out. The table view is the page's.

A figure's box is WIDTH x HEIGHT units with room for the axes; templates draw what is computed here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 96, 16, 36


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
class _Scale:
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        return round(LEFT + value / self.x_high * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def draw(series: dict[str, Sequence[Point]]) -> Plot | None:
    """Shares between 0 and 1 against a count; None when no series has two points."""
    shown = {name: points for name, points in series.items() if len(points) > 1}
    if not shown:
        return None
    scale = _scale([point for points in shown.values() for point in points])
    curves = [_curve(number, name, shown[name], scale) for number, name in enumerate(shown, 1)]
    x_ticks = [Tick(scale.x(value), f"{value:,.0f}") for value in _round_steps(scale.x_high)]
    y_ticks = [Tick(scale.y(value), f"{value:.0%}") for value in _round_shares(scale.y_low)]
    return Plot(curves, x_ticks, y_ticks)


def _scale(points: Sequence[Point]) -> _Scale:
    lowest = min(point.y if point.low is None else point.low for point in points)
    return _Scale(max(point.x for point in points) or 1, max(0.0, int(lowest * 10) / 10), 1.0)


def _curve(number: int, name: str, points: Sequence[Point], scale: _Scale) -> Curve:
    dots = [Drawn(scale.x(p.x), scale.y(p.y), f"{name}: {p.y:.1%} at {p.x:,.0f}") for p in points]
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    return Curve(name, number, line, _band(points, scale), dots, dots[-1])


def _band(points: Sequence[Point], scale: _Scale) -> str:
    banded = [point for point in points if point.low is not None and point.high is not None]
    upper = [f"{scale.x(p.x)},{scale.y(p.high or 0)}" for p in banded]
    lower = [f"{scale.x(p.x)},{scale.y(p.low or 0)}" for p in reversed(banded)]
    return " ".join(upper + lower)


def _round_steps(high: float) -> list[float]:
    """From 0 up to ``high`` in three to six steps of 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(high))
    sizes = [power * factor for factor in (0.1, 0.2, 0.25, 0.5, 1, 2)]
    size = max(1.0, next(size for size in sizes if high / size < 6))
    return [size * step for step in range(int(high / size) + 1)]


def _round_shares(low: float) -> list[float]:
    """From 1 down to ``low``, in steps of 5, 10 or 20 percent points."""
    step = next((size for size in (0.05, 0.1) if (1 - low) / size < 6), 0.2)
    return [1 - step * n for n in range(int((1 - low) / step + 1e-9) + 1)]
