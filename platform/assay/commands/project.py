"""Create, list, show, change, start, pause and resume projects."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.commands._manage import Act, carry_out, find_organization, find_project
from assay.commands._output import CannotDo, add_json, show, show_all

if TYPE_CHECKING:
    from labeling.models import Project
    from labeling.services.projects import ProjectSpec

NONE = "none"


def _or_none(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    """The word ``none`` takes a limit away."""

    def parse(text: str) -> Any:
        return None if text == NONE else kind(text)

    parse.__name__ = f"{kind.__name__} or {NONE}"  # argparse says it when the text is wrong
    return parse


def yes_or_no(text: str) -> bool:
    return {"yes": True, "no": False}[text] if text in ("yes", "no") else _wrong(text)


def _wrong(text: str) -> bool:
    raise ValueError(text)


SETTINGS: tuple[tuple[str, Callable[[str], Any] | None, str], ...] = (
    ("instructions", None, "what annotators are told"),
    ("redundancy", None, "a number of answers for each item; or fixed, partial, adaptive"),
    ("seats-min", int, "fewest answers an item"),
    ("seats-max", int, "most answers an item"),
    ("target-certainty", float, "an item is settled at this probability"),
    ("gold-share", float, "share of gold among the seats"),
    ("lease-seconds", int, "how long a seat is held"),
    ("gold-rule", None, "fixed: the same chance for everybody; falling: more for newcomers"),
    ("partial-share", float, "with partial redundancy: share of items with seats-max answers"),
    ("order", None, "priority, random or oldest"),
    ("max-answers-per-person", _or_none(int), "most answers of one person, or none"),
    ("max-share-per-person", _or_none(float), "most of the items that one person answers, or none"),
    ("max-answers-per-day", _or_none(int), "most answers of one person on one day (UTC), or none"),
    ("practice-bound", _or_none(float), "accuracy to reach on practice items first, or none"),
    (
        "who-may-work",
        json.loads,
        "JSON object with roles, groups, languages, doors, skills; {} for all",
    ),
    (
        "media-rules",
        json.loads,
        "JSON object with required, types, most_pixels, least_side, most_bytes",
    ),
    ("match-people", yes_or_no, "give people what they are best at: yes or no"),
    ("by-invitation", yes_or_no, "items go to named people only: yes or no"),
    ("price-micros", int, "pay for an answer, in millionths"),
    ("budget-micros", _or_none(int), "never pay more than this, in millionths, or none"),
)


STATUSES = (("start", "live"), ("pause", "paused"), ("resume", "live"), ("stop", "done"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True)
    _add(acts, "list", _list, "list all projects")
    _add_create(acts)
    _add(acts, "show", _show, "one project: its items, its money").add_argument("project")
    about = "change settings, also while work runs"
    changing = _add(acts, "set", _change, about, aliases=["change"])
    changing.add_argument("project")
    changing.add_argument(
        "--config", type=Path, help="JSON file with settings, as the API takes them"
    )
    _add_settings(changing)
    for name, status in STATUSES:
        act = _add(acts, name, _set_status, f"make the project {status}")
        act.add_argument("project")
        act.set_defaults(status=status)


def run(options: argparse.Namespace) -> int:
    return carry_out(options.act, options)


def _add(acts: Any, name: str, act: Act, about: str, **more: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=about, description=about, **more)
    add_json(parser)
    parser.set_defaults(act=act)
    return parser


def _add_create(acts: Any) -> None:
    parser = _add(acts, "create", _create, "make a project, as a draft")
    parser.add_argument(
        "--config", type=Path, help="JSON file with all settings, as the API takes them"
    )
    parser.add_argument("--organization", help="id or name; made if there is none of that name")
    parser.add_argument("--name")
    parser.add_argument("--type", default="choice", dest="label_type")
    parser.add_argument("--labels", help="values separated by commas")
    parser.add_argument("--configuration", help="what else the type needs, as a JSON object")
    parser.add_argument("--start", action="store_true", help="make it live at once")
    _add_settings(parser)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    for name, kind, about in SETTINGS:
        parser.add_argument(f"--{name}", type=kind or str, default=argparse.SUPPRESS, help=about)


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    names = [name.replace("-", "_") for name, _, _ in SETTINGS]
    given = {n: getattr(options, n) for n in names if hasattr(options, n)}
    number = str(given.get("redundancy", ""))
    if number.isdecimal():
        return {"seats_min": 1, **given, "redundancy": "fixed", "seats_max": int(number)}
    return given


def _create(options: argparse.Namespace) -> None:
    from labeling.services.projects import ProjectSpec

    values = {**_configured(options), **_settings(options)}
    unknown = sorted(set(values) - set(ProjectSpec.__dataclass_fields__))
    if unknown:
        raise CannotDo(f"{unknown[0]!r} is no setting of a project")
    show(options, _facts(_create_all(options, ProjectSpec(**values))))


def _create_all(options: argparse.Namespace, spec: "ProjectSpec") -> "Project":
    """The project, and the organization if there is none yet: both, or neither."""
    from django.db import transaction

    from labeling.services.projects import create_project, set_status

    with transaction.atomic():
        project = create_project(find_organization(options.organization), spec)
        if options.start:
            set_status(project, "live")
            project.refresh_from_db()
    return project


def _configured(options: argparse.Namespace) -> dict[str, Any]:
    """Name, type and labels from the file, and from the options before it."""
    values = _read(options.config) if options.config else {"label_type": options.label_type}
    if options.name:
        values["name"] = options.name
    if options.configuration:
        values["configuration"] = _object("--configuration", options.configuration)
    if options.labels:
        labels = [value.strip() for value in options.labels.split(",")]
        others = values.get("configuration")
        values["configuration"] = {**(others if isinstance(others, dict) else {}), "labels": labels}
    if "name" not in values:
        raise CannotDo("a project needs --name, or a name in the --config file")
    return {"configuration": {}, **values}


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CannotDo(f"{path}: {error}") from None
    return _object(str(path), text)


def _object(source: str, text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CannotDo(f"{source}: {error}") from None
    if not isinstance(values, dict):
        raise CannotDo(f"{source}: must hold one object")
    return values


def _list(options: argparse.Namespace) -> None:
    from labeling.models import Project

    show_all(options, (_line(project) for project in Project.objects.order_by("-pk")))


def _show(options: argparse.Namespace) -> None:
    show(options, _facts(find_project(options.project)))


def _change(options: argparse.Namespace) -> None:
    from labeling.services.projects import update_project

    changes = {**(_read(options.config) if options.config else {}), **_settings(options)}
    show(options, _facts(update_project(find_project(options.project), changes)))


def _set_status(options: argparse.Namespace) -> None:
    from labeling.services.projects import set_status

    project = find_project(options.project)
    set_status(project, options.status)
    project.refresh_from_db()
    show(options, _facts(project))


def _line(project: "Project") -> dict[str, Any]:
    return {"id": project.public_id, "status": project.status, "name": project.name}


def _facts(project: "Project") -> dict[str, Any]:
    from labeling.queries import pending_micros, spent_micros, work_counts

    counts = work_counts(project.pk)
    return {
        **_line(project),
        "stopped_because": project.stopped_because,
        "items": counts.items,
        "pool": counts.pool,
        "open": counts.open,
        "settled": counts.settled,
        "held": counts.held,
        "spent_micros": spent_micros(project.pk),
        "pending_micros": pending_micros(project.pk),
        "budget_micros": project.budget_micros,
    }
