"""The dry run on the rules page: at once where that is quick, else by a job that the page follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from jobs.models import LIVE, Job
from labeling.models import Project
from quality.queries.rules import current_book
from quality.rules.book import Book
from quality.services.looking import affected
from quality.services.trying import TRY_RULES, plain, proposed_book
from quality.views.rule_form import TypedRule, as_json, typed, typed_before


@dataclass(frozen=True)
class Tried:
    """What the rules would do, as far as it is listed, and to how many people. ``job`` found it or is at it."""

    affected: list[Mapping[str, Any]]
    in_all: int
    people: int
    job: Job | None = None

    @property
    def live(self) -> bool:
        return self.job is not None and self.job.state in LIVE


def proposed(project: Project, rows: list[TypedRule]) -> list[dict[str, Any]] | None:
    """What is typed, as plain JSON; None for what holds, which may be tried also where a part cannot fire."""
    book, given = current_book(project.pk), as_json(rows)
    return None if given == as_json(typed(book, book.rules)) else given


def tried_at_once(project: Project, rules: list[Any] | None) -> Tried:
    """Raises Refused."""
    found = affected(project, proposed_book(project, rules))
    people = {one.annotator for one in found}
    return Tried([plain(one) for one in found], len(found), len(people))


def job_of(project: Project, public_id: str) -> Job:
    """The job that tries rules of this project under this id. Raises Http404."""
    jobs = Job.objects.filter(subject=f"project:{project.public_id}", kind=TRY_RULES)
    job = jobs.filter(public_id=public_id).first()
    if job is None:
        raise Http404
    return job


def tried_by(job: Job) -> Tried:
    """What the job has found; nothing so far where it is not done."""
    result = job.result or {}
    affected_ones, in_all = result.get("affected", []), result.get("in_all", 0)
    return Tried(affected_ones, in_all, result.get("people", in_all), job)


def typed_for(job: Job, book: Book) -> list[TypedRule]:
    """The rows that the job was asked about."""
    rules = job.arguments["rules"]
    return typed(book, book.rules) if rules is None else typed_before(rules)
