"""Changing a project's rules: every change is a new version, and decisions name the version they rest on."""

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict
from labeling.models import Project
from quality.models import Rule, RuleSet, Skill
from quality.queries.rules import current_book, facts_of
from quality.rules import book
from quality.rules.checking import read_rules


def set_rules(
    project: Project, given: Any, *, actor: User | None = None, based_on: int | None = None
) -> book.Book:
    """Rules from plain JSON, in force from now on. Raises Refused, naming the field.

    ``based_on`` is the version that the caller has seen: Conflict if another is in force meanwhile.
    """
    rules = read_rules(given, facts_of(project))
    before = current_book(project.pk)
    if based_on is not None and based_on != before.version:
        raise Conflict(f"version {before.version} is in force meanwhile", field="version")
    made = book.Book(before.version + 1, rules)
    try:
        with transaction.atomic():
            _ensure(project, before)
            _insert(project, made, actor)
            Skill.objects.filter(project=project).update(judged_at=None)
            audit(
                project.organization,
                actor,
                "rules.changed",
                project.public_id,
                version=made.version,
            )
    except IntegrityError:  # one_rule_set_per_version
        raise Conflict(
            "somebody else changed the rules at the same time", field="version"
        ) from None
    return made


def stored_rule(project: Project, of: book.Book, rule: book.Rule) -> Rule:
    """The row of this rule; the default book is written down when it is first needed.

    The caller holds a lock of the project's own (a person's): two may still write the defaults at once,
    and then the second finds them.
    """
    _ensure(project, of)
    place = of.rules.index(rule)
    return Rule.objects.get(rule_set__project=project, rule_set__version=of.version, place=place)


def _ensure(project: Project, made: book.Book) -> None:
    """The version is written down, by us or by somebody who was first."""
    versions = RuleSet.objects.filter(project=project, version=made.version)
    if versions.exists():
        return
    try:
        with transaction.atomic():
            _insert(project, made, None)
    except IntegrityError:
        if not versions.exists():
            raise


def _insert(project: Project, made: book.Book, actor: User | None) -> None:
    row = RuleSet.objects.create(project=project, version=made.version, created_by=actor)
    Rule.objects.bulk_create(_rows(row, made))


def _rows(rule_set: RuleSet, made: book.Book) -> list[Rule]:
    return [
        Rule(
            rule_set=rule_set,
            place=place,
            evidence=rule.evidence,
            window=rule.window,
            threshold=rule.threshold,
            action=rule.hardest,
            also=[action for action in rule.actions if action != rule.hardest],
            amount=rule.amount,
        )
        for place, rule in enumerate(made)
    ]
