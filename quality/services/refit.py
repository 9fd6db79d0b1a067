"""Learning all skills anew from all answers, and bringing every label in line with them.

The fit reads once and computes outside any transaction. What it writes is fenced: first the skills,
then the labels that change under them, some hundred items a transaction. A refit that dies half way
has changed nothing for good: the next one goes through all of it again.

``Fit.answers_since`` counts the answers settled with the present skills. A refit is asked for when they
are many against what the skills rest on, or few but old (the sweep).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from django.db import transaction

from jobs.services import enqueue
from labeling.models import Project
from labeling.queries import lock_item_rows
from quality.inference.settling.learning import learn
from quality.label_types import merge_of
from quality.models import Fit
from quality.queries.fits import LearnedSkills, StoredSkills
from quality.queries.said import answered_items
from quality.services.consensus import DECIDED, decide_items
from quality.services.fits import lock_fit, project_of
from quality.services.judging import act_on_failing
from quality.services.open_people import learn_people
from quality.services.skills import Read, read_project, write_skills
from quality.services.stale import stale_items

REFIT = "quality.refit"
LEAST_NEW = 50  # answers; a fit of fewer is not worth its while
NEW_SHARE = 0.1  # of the answers that the present skills rest on
ITEMS_AT_ONCE = 500  # in one transaction
CODED_AT_ONCE = 2_000  # where beliefs are arrays: some tenths of a second

Say = Callable[[int, int | None, str], None]


class Run(Protocol):
    """What a refit needs of its job: a fence around writes, and somewhere to report progress."""

    def fenced(self) -> AbstractContextManager[None]: ...
    def progress(self, done: int, total: int | None = None, message: str = "") -> None: ...


class Unfenced:
    """For callers that are no job: a command, a test. ``say`` gets the progress."""

    def __init__(self, say: Say = lambda _done, _total, _message: None) -> None:
        self._say = say

    def fenced(self) -> AbstractContextManager[None]:
        return transaction.atomic()

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        self._say(done, total, message)


def request(project_id: int) -> None:
    """Have the project refitted soon; one live job a project is enough."""
    project = project_of(project_id)
    enqueue(
        REFIT,
        {"project": project_id},
        key=str(project_id),
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


def request_if_due(fit: Fit) -> None:
    if fit.answers_since >= max(LEAST_NEW, NEW_SHARE * fit.answers_used):
        request(fit.project_id)


def refit(project_id: int, run: Run) -> dict[str, int]:
    """Skills, parameters and labels from all answers; how many answers were used and labels decided.

    Who was noticed is acted upon at the end.
    """
    done = _learned_anew(project_of(project_id), run)
    act_on_failing(project_id)
    return done


def _learned_anew(project: Project, run: Run) -> dict[str, int]:
    project_id, merge = project.pk, merge_of(project.label_type)
    run.progress(0, None, "learning from all answers")
    if merge is None:
        return _refit_codes(project, run)
    answers = learn_people(project, merge, run.fenced)
    item_ids = answered_items(project_id)
    bring_in_line(project, item_ids, run, items_at_once=ITEMS_AT_ONCE)
    return {"answers": answers, "items": len(item_ids)}


def _refit_codes(project: Project, run: Run) -> dict[str, int]:
    """By confusion matrices and parameters; only labels that no longer follow are decided."""
    read = read_project(project.pk)
    if read is None:
        return {"answers": 0, "items": 0}
    skills = learn_skills(read, run)
    item_ids = stale_items(read, skills)
    bring_in_line(project, item_ids, run, skills)
    return {"answers": len(read.votes), "items": len(item_ids)}


def learn_skills(read: Read, run: Run) -> LearnedSkills:
    """The fit, and what it says about people written down."""
    learned = learn(read.votes, read.gold, read.voiced, version=read.version)
    with run.fenced():
        return write_skills(read, learned)


def bring_in_line(
    project: Project,
    item_ids: list[int],
    run: Run,
    learned: LearnedSkills | None = None,
    *,
    items_at_once: int = CODED_AT_ONCE,
) -> None:
    """Decide these items anew, some hundred at a time.

    ``learned`` spares reading the skills again, for as long as they are the ones that stand.
    """
    for start in range(0, len(item_ids), items_at_once):
        with run.fenced():
            version = lock_fit(project.pk).version
            stands = learned is not None and learned.version == version
            skills = learned if learned and stands else StoredSkills(project.pk)
            items = lock_item_rows(item_ids[start : start + items_at_once])
            decide_items(project, [item for item in items if item.role in DECIDED], skills)
        run.progress(start + len(items), len(item_ids), "bringing labels in line")
