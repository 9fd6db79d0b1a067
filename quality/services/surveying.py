"""The survey: all evidence about everybody, written down, and handed to the rules.

A background job, asked for after refits and found by a sweep. It reads in key ranges, computes outside any
transaction, writes its findings fenced, and then acts on people one by one, each in a transaction of its
own. Findings are derived: the next survey, or ``assay rebuild``, makes the same rows again.
"""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from accounts.models import User
from jobs.services import enqueue
from labeling.models import Project
from quality.models import Finding, Fit, Survey
from quality.queries.rules import current_book
from quality.rules.book import Book
from quality.rules.findings import Found
from quality.rules.matching import matches
from quality.services.agreement import agreement_of
from quality.services.fits import project_of
from quality.services.looking import Looked, look
from quality.services.reacting import react
from quality.services.refit import Run
from quality.services.suspicions import suspect_gold

SURVEY = "quality.survey"
AT_ONCE = 2000
WORDS = 500
WRITTEN = ["family", "statistic", "threshold", "reason", "counts", "since", "others", "updated_at"]


def request_survey(project_id: int) -> None:
    """Have everybody in the project looked at soon; one live job a project is enough."""
    project = project_of(project_id)
    enqueue(
        SURVEY,
        {"project": project_id},
        key=str(project_id),
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


def survey_project(project_id: int, run: Run) -> dict[str, Any]:
    """Findings, camps and agreement written down, and the rules applied; what was found, in numbers."""
    project, book = project_of(project_id), current_book(project_id)
    fit = Fit.objects.filter(project=project).values_list("version", flat=True).first() or 0
    run.progress(0, None, "looking at everybody")
    looked = look(project, book)
    agreement = agreement_of(project, looked.read)
    with run.fenced():
        _write(project, looked, agreement, fit)
    suspects = suspect_gold(project, run)
    made = apply_rules(project, book, looked, run)
    return {
        "answers": len(looked.read.answer_ids),
        "people": len(looked.profiles),
        "findings": sum(1 for _ in raised(looked)),
        "decisions": made,
        "gold_suspects": suspects,
        "camps": looked.sides.flagged,
    }


def apply_rules(project: Project, book: Book, looked: Looked, run: Run) -> int:
    """What the rules say about everybody, done; how many decisions."""
    waiting = [who for who, known in looked.profiles.items() if any(matches(book, known))]
    people = User.objects.in_bulk(waiting)
    made = 0
    for done, who in enumerate(waiting):
        known, answers = looked.profiles[who], looked.answers_of(who)
        made += len(react(project, people[who], book, known, answers))
        run.progress(done + 1, len(waiting), "applying the rules")
    return made


def raised(looked: Looked) -> Iterator[tuple[int, Found]]:
    """What speaks against somebody, beyond its usual threshold."""
    for who, known in looked.profiles.items():
        yield from ((who, one) for one in known.findings.values() if one.raised)


def _write(project: Project, looked: Looked, agreement: dict[str, Any], fit_version: int) -> None:
    now = timezone.now()
    rows = [_row(project, who, one, looked, now) for who, one in _kept(looked)]
    Finding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["project", "annotator", "kind", "window"],
        update_fields=WRITTEN,
        batch_size=AT_ONCE,
    )
    Finding.objects.filter(project=project, updated_at__lt=now).delete()
    survey, _ = Survey.objects.get_or_create(project=project)
    survey.version += 1
    survey.fit_version = fit_version
    survey.answers_used = len(looked.read.answer_ids)
    survey.flagged, survey.camps = looked.sides.flagged, looked.sides.as_json()
    survey.agreement, survey.updated_at = agreement, now
    survey.save()


def _kept(looked: Looked) -> Iterator[tuple[int, Found]]:
    for who, known in looked.profiles.items():
        yield from ((who, one) for one in known.findings.values())


def _row(project: Project, who: int, one: Found, looked: Looked, now: Any) -> Finding:
    return Finding(
        project=project,
        annotator_id=who,
        kind=one.kind,
        family=one.family,
        window=one.window,
        statistic=round(one.statistic, 6),
        threshold=round(one.threshold, 6),
        reason=one.reason[:WORDS],
        counts=dict(one.counts),
        since=_answer(one, looked, who),
        others=list(one.others),
        updated_at=now,
    )


def _answer(one: Found, looked: Looked, who: int) -> int | None:
    if one.since is None:
        return None
    ids = looked.answers_of(who)
    return ids[min(one.since, len(ids) - 1)] if ids else None
