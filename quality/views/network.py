"""Who answers like a person, drawn: the person in the middle, the others around, and lines for shared errors.

A line is as thick as the errors that two people made in the same way; who shares none is tied by a hairline.
The table beside it says the same in numbers.
"""

import math
from dataclasses import dataclass

from django.utils.translation import ngettext

from quality.queries.neighbours import Circle

WIDTH, HEIGHT = 640, 360
ACROSS, UP = 200.0, 140.0  # half the width and height of the ring
THICKEST, GAP = 8.0, 14.0
FEWEST = 3  # people, below which the table alone says it better


@dataclass(frozen=True)
class Node:
    x: float
    y: float
    name: str
    name_x: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """``weight`` 0 is a hairline: they share items but no error."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float
    title: str


@dataclass(frozen=True)
class Network:
    center: Node
    nodes: list[Node]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT


def draw_network(name: str, found: Circle) -> Network | None:
    """None where there are too few others to make a picture."""
    around = found.neighbours
    if len(around) < FEWEST:
        return None
    center = Node(WIDTH / 2, HEIGHT / 2, name, WIDTH / 2, "middle")
    nodes = [_node(n, len(around), one.pseudonym) for n, one in enumerate(around)]
    ties = [(center, node, one.wrong_alike) for node, one in zip(nodes, around, strict=True)]
    ties += [(nodes[tie.first], nodes[tie.second], tie.errors) for tie in found.ties]
    most = max([1, *(errors for _one, _other, errors in ties)])
    lines = [_line(one, other, errors, most) for one, other, errors in ties]
    return Network(center, nodes, sorted(lines, key=lambda line: line.weight))


def _node(n: int, of: int, name: str) -> Node:
    """On the ring, from the top on; the name stands outside."""
    angle = 2 * math.pi * n / of - math.pi / 2
    x = round(WIDTH / 2 + ACROSS * math.cos(angle), 1)
    y = round(HEIGHT / 2 + UP * math.sin(angle), 1)
    right = x >= WIDTH / 2 - 1
    return Node(x, y, name, x + (GAP if right else -GAP), "start" if right else "end")


def _line(one: Node, other: Node, errors: int, most: int) -> Line:
    said = ngettext("%(n)d error in common", "%(n)d errors in common", errors) % {"n": errors}
    title = f"{one.name}, {other.name}: {said}"
    return Line(one.x, one.y, other.x, other.y, round(THICKEST * errors / most, 1), title)
