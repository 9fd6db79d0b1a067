"""Labelling functions: what they are worth, and trying, adding and switching them."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, add_json, show, show_all

if TYPE_CHECKING:
    from learning.models import LabelingFunction

PARAMETERS = 'JSON, such as {"field": "text", "words": ["hoots"], "label": "owl"}'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True)
    for name, act, says in (
        ("list", _list, "coverage, overlap, conflict and accuracy of each"),
        ("try", _try, "what one would say about 200 items; nothing is kept"),
        ("add", _add, "keep one; a job collects its votes"),
        ("on", _switch, "hear one again"),
        ("off", _switch, "hear one no more"),
    ):
        each = acts.add_parser(name, help=says, description=says)
        each.set_defaults(act=act, active=name == "on")
        each.add_argument("project", help="id or name")
        if name in ("add", "on", "off"):
            each.add_argument("name", help="of the function")
        if name in ("try", "add"):
            each.add_argument("kind", choices=["keyword", "pattern", "threshold", "python"])
            each.add_argument("parameters", help=PARAMETERS)
        add_json(each)


def run(options: argparse.Namespace) -> int:
    return carry_out(options.act, options)


def _list(options: argparse.Namespace) -> None:
    from learning.services.functions import function_table

    rows = function_table(find_project(options.project).pk)
    show_all(options, [_row(one, row) for one, row in rows])


def _try(options: argparse.Namespace) -> None:
    from learning.services.trying import try_function

    project = find_project(options.project)
    tried = try_function(project, options.kind, _parameters(options))
    show(options, {"items": tried.items, "votes": tried.votes, "unknown": tried.unknown}
         | _figures(tried.row))  # fmt: skip


def _add(options: argparse.Namespace) -> None:
    from learning.services.functions import add_function

    project = find_project(options.project)
    made = add_function(project, options.name, options.kind, _parameters(options), actor=None)
    show(options, _row(made, None))


def _switch(options: argparse.Namespace) -> None:
    from learning.models import LabelingFunction
    from learning.services.functions import switch

    project = find_project(options.project)
    found = LabelingFunction.objects.filter(project=project, name=options.name).first()
    if found is None:
        raise CannotDo(f"the project has no function {options.name!r}")
    show(options, _row(switch(found, active=options.active, actor=None), None))


def _parameters(options: argparse.Namespace) -> dict[str, Any]:
    try:
        told = json.loads(options.parameters)
    except ValueError as wrong:
        raise CannotDo(f"the parameters are no JSON: {wrong}") from None
    if not isinstance(told, dict):
        raise CannotDo("the parameters must be an object")
    return told


def _row(one: "LabelingFunction", row: Any) -> dict[str, Any]:
    state = "heard" if one.active else f"off {one.problem}".strip()
    return {"name": one.name, "kind": one.kind, "state": state, **(_figures(row) if row else {})}


def _figures(row: Any) -> dict[str, Any]:
    names = ("coverage", "overlap", "conflict", "judged", "accuracy", "low", "high")
    return {name: getattr(row, name) for name in names}
