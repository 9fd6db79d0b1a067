"""The dry run of rules: at once, or as a job where looking at everybody takes longer than a request may."""

from dataclasses import asdict
from typing import Any

from django.db.models import Sum

from jobs.models import Job
from jobs.services import enqueue
from labeling.models import Enrollment, Project
from quality.queries.rules import current_book, facts_of
from quality.rules.book import Book
from quality.rules.checking import read_rules
from quality.services.fits import project_of
from quality.services.looking import Affected, affected
from quality.services.refit import Run

TRY_RULES = "quality.try_rules"
TRIED_AT_ONCE = 20_000  # answers: looked at in about a second
MOST_TOLD = 1_000  # people; the result is read as one piece


def proposed_book(project: Project, rules: list[Any] | None) -> Book:
    """The project's book with these rules in place of its own; None: as it is. Raises Refused."""
    book = current_book(project.pk)
    return book if rules is None else Book(book.version, read_rules(rules, facts_of(project)))


def takes_long(project: Project) -> bool:
    """Whether trying rules here is work for a job."""
    people = Enrollment.objects.filter(project=project)
    return (people.aggregate(n=Sum("answers"))["n"] or 0) > TRIED_AT_ONCE


def request_trying(project: Project, rules: list[Any] | None) -> Job:
    """Have these rules tried. Rules that can never fire are refused at once."""
    proposed_book(project, rules)
    return enqueue(
        TRY_RULES,
        {"project": project.pk, "rules": rules},
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


def try_rules(project_id: int, rules: list[Any] | None, run: Run) -> dict[str, Any]:
    """Who would be affected, the first ``MOST_TOLD``, and how many in all. Writes nothing."""
    project = project_of(project_id)
    run.progress(0, None, "looking at everybody")
    would = affected(project, proposed_book(project, rules), run.progress)
    told = [plain(one) for one in would[:MOST_TOLD]]
    return {"affected": told, "in_all": len(would), "people": len({one.annotator for one in would})}


def plain(one: Affected) -> dict[str, Any]:
    """As a job's result keeps it, and pages read it."""
    return {**asdict(one), "actions": list(one.actions)}
