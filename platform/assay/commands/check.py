"""Check the environment, the database and the broker; exit code 0 when all is well."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

from assay.django_setup import NotWell, prepare_django
from assay.settings.environment import Environment, read_environment

NOT_WELL = 1


@dataclass(frozen=True)
class Finding:
    """What one check saw."""

    what: str
    well: bool
    detail: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one line of JSON")


def run(options: argparse.Namespace) -> int:
    """BadEnvironment is told by the front door, with all that is wrong."""
    environment = read_environment()
    findings = [Finding("environment", True, f"mode {environment.mode}"), *_look(environment)]
    sys.stdout.write(_as_json(findings) if options.json else _as_text(findings))
    return 0 if all(finding.well for finding in findings) else NOT_WELL


def _look(environment: Environment) -> list[Finding]:
    prepare_django()
    from assay import reachability

    checks: list[tuple[str, Callable[[], str]]] = [
        ("database", reachability.reach_database),
        ("migrations", reachability.require_migrated),
    ]
    if environment.redis_url:
        checks.append(("broker", reachability.reach_broker))
    return [_found(what, check) for what, check in checks]


def _found(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, check())
    except NotWell as problem:
        return Finding(what, False, str(problem))


def _as_text(findings: list[Finding]) -> str:
    return "".join(
        f"{'ok  ' if finding.well else 'FAIL'}  {finding.what}: {finding.detail}\n"
        for finding in findings
    )


def _as_json(findings: list[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in findings]) + "\n"
