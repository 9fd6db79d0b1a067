"""Acting at once on people whose tests say so, without waiting for the next survey.

``Skill.failing`` (the gold test) and ``Skill.noticed`` (a bad stretch that the others see and gold
confirms) are the record of what is to be done: who has one and no standing pause is looked at closely, and
the project's rules say what follows. This runs after settling, in transactions of its own, and again by
the sweep. ``judged_at`` remembers whom the rules left alone, until something about them changes.
"""

from labeling.models import Project
from quality.models import Skill
from quality.queries.decisions import people_to_judge
from quality.queries.rules import current_book
from quality.rules.book import Book
from quality.rules.matching import windows_of
from quality.services.evidence import Case, cases_of
from quality.services.fits import project_of
from quality.services.reacting import react


def act_on_failing(project_id: int) -> int:
    """Do what the rules say about everybody whose tests speak against them; how many decisions."""
    rows = people_to_judge().filter(project_id=project_id).select_related("annotator")
    people = list(rows.order_by("pk"))
    if not people:
        return 0
    project, book = project_of(project_id), current_book(project_id)
    cases = cases_of(project, people, windows_of(book))
    return sum(_judge(project, book, *one) for one in zip(people, cases, strict=True))


def _judge(project: Project, book: Book, skill: Skill, case: Case) -> int:
    made = react(project, skill.annotator, book, case.profile, case.answer_ids.tolist())
    # Only if nothing has changed since it was read: else the change wants to be judged as well.
    Skill.objects.filter(pk=skill.pk, updated_at=skill.updated_at).update(
        judged_at=skill.updated_at
    )
    return len(made)
