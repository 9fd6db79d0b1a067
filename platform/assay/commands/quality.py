"""Rules about people: show them, change them, and try them without a write."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.commands._manage import Act, carry_out, find_project
from assay.commands._output import CannotDo, add_json, show_all

if TYPE_CHECKING:
    from labeling.models import Project
    from quality.rules.book import Book

RULES_HELP = 'JSON file: a list of rules, or {"rules": [...]}'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(metavar="WHAT", required=True)
    rules = what.add_parser("rules", help="when which evidence leads to what")
    acts = rules.add_subparsers(metavar="ACT", required=True)
    _add(acts, "show", _show, "the rules in force")
    changing = _add(acts, "set", _set, "rules from a file, in force at once as a new version")
    changing.add_argument("file", type=Path, help=RULES_HELP)
    trying = _add(acts, "dry-run", _dry_run, "who would be affected, and why; writes nothing")
    trying.add_argument("file", type=Path, nargs="?", help=f"{RULES_HELP}; absent: those in force")


def run(options: argparse.Namespace) -> int:
    return carry_out(options.act, options)


def _add(acts: Any, name: str, act: Act, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=about, description=about)
    parser.add_argument("project", help="id or name")
    parser.set_defaults(act=act)
    add_json(parser)
    return parser


def _show(options: argparse.Namespace) -> None:
    from quality.queries.rules import current_book

    project = find_project(options.project)
    _list(options, project, current_book(project.pk))


def _set(options: argparse.Namespace) -> None:
    from quality.services.rule_sets import set_rules

    project = find_project(options.project)
    _list(options, project, set_rules(project, _rules(options.file)))


def _list(options: argparse.Namespace, project: "Project", book: "Book") -> None:
    from quality.queries.rules import facts_of
    from quality.rules.checking import able
    from quality.rules.names import evidence_name

    firing = able(book.rules, facts_of(project))
    rows = (
        {
            "version": book.version,
            "evidence": rule.evidence,
            "means": evidence_name(rule.evidence),
            "window": rule.window,
            "threshold": rule.threshold,
            "actions": list(rule.actions) if options.json else "+".join(rule.actions),
            "amount": rule.amount,
            "can_fire": rule in firing,
        }
        for rule in book
    )
    show_all(options, rows)


def _dry_run(options: argparse.Namespace) -> None:
    from quality.services.looking import affected
    from quality.services.trying import proposed_book

    project = find_project(options.project)
    book = proposed_book(project, _rules(options.file) if options.file else None)
    show_all(
        options, ({**vars(one), "actions": list(one.actions)} for one in affected(project, book))
    )


def _rules(path: Path) -> Any:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CannotDo(f"{path}: {error}") from None
    return given["rules"] if isinstance(given, dict) and "rules" in given else given
