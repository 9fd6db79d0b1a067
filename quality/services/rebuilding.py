"""Everything derived, once more from answers, gold, reviews and decisions: the same rows come out.

Nothing is taken away first, so people may go on working: rows are written in place, and those that
have no ground any more are removed. Nothing new is decided about anybody: decisions are what this rests on,
and what speaks against people is left to the sweep, or a second rebuild would find other ground.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef

from labeling.models import Item, ItemRole, Project
from labeling.queries import counted_answers
from labeling.services import people
from quality.given import MACHINE
from quality.label_types import Merge, merge_of
from quality.models import Action, Consensus, Decision, GoldResult, Review, Skill
from quality.queries.decisions import PAUSING
from quality.queries.said import answered_items
from quality.services.aside import realign
from quality.services.fits import lock_fit
from quality.services.open_people import learn_people
from quality.services.refit import ITEMS_AT_ONCE, Run, Unfenced, bring_in_line, learn_skills
from quality.services.scoring import score_gold, test_people
from quality.services.skills import read_project

GOLD_AT_ONCE = 500


def rebuild(project: Project, run: Run | None = None) -> dict[str, int]:
    """Votes set aside, gold results, tests, skills, parameters and labels; how many answers and labels."""
    run = run or Unfenced()
    _follow_decisions(project, run)
    _rescore(project, run)
    with run.fenced():
        lock_fit(project.pk)
        drop_groundless(project)
    merge = merge_of(project.label_type)
    if merge is None:
        return _rebuild_codes(project, run)
    return _rebuild_open(project, merge, run)


def _rebuild_codes(project: Project, run: Run) -> dict[str, int]:
    """By confusion matrices; a project without any vote may still have reviews."""
    read, reviewed = read_project(project.pk), _reviewed(project)
    if read is None:
        bring_in_line(project, reviewed, run)
        return {"answers": 0, "items": len(reviewed)}
    skills = learn_skills(read, run)
    item_ids = sorted({*read.item_ids[read.answered_rows()].tolist(), *reviewed})
    bring_in_line(read.project, item_ids, run, skills)
    return {"answers": len(read.votes), "items": len(item_ids)}


def _rebuild_open(project: Project, merge: Merge, run: Run) -> dict[str, int]:
    """Values without codes, by who agrees with them."""
    answers = learn_people(project, merge, run.fenced)
    work = Item.objects.filter(project=project).exclude(role=ItemRole.GOLD)
    others = set(work.values_list("pk", flat=True))
    item_ids = sorted({*answered_items(project.pk), *_reviewed(project)} & others)
    bring_in_line(project, item_ids, run, items_at_once=ITEMS_AT_ONCE)
    return {"answers": answers, "items": len(item_ids)}


def _reviewed(project: Project) -> list[int]:
    rows = Review.objects.filter(item__project=project).order_by("item_id")
    return list(rows.values_list("item_id", flat=True).distinct())


def _follow_decisions(project: Project, run: Run) -> None:
    """Who is paused, and whose votes count: what standing decisions say, and nothing else."""
    rows = Decision.objects.filter(project=project).order_by("annotator_id")
    for who in rows.values_list("annotator_id", flat=True).distinct():
        with run.fenced(), transaction.atomic():
            people.lock_person(project.pk, who)
            realign(project.pk, who)
            _restore_status(project, who)


def _restore_status(project: Project, annotator_id: int) -> None:
    rows = Decision.objects.filter(
        project=project, annotator_id=annotator_id, action__in=PAUSING
    ).select_related("annotator")
    last = rows.filter(reversed_at__isnull=True).order_by("pk").last()
    if last is not None:
        put = people.ban if last.action == Action.BAN else people.pause
        put(project, last.annotator, last.words or last.reason)
    elif (reversed_one := rows.first()) is not None:
        people.reinstate(project, reversed_one.annotator)


def _rescore(project: Project, run: Run) -> None:
    items = Item.objects.filter(project=project, role=ItemRole.GOLD)
    gold = list(items.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(gold), GOLD_AT_ONCE):
        with run.fenced():
            lock_fit(project.pk)
            score_gold(project, gold[start : start + GOLD_AT_ONCE])
        run.progress(start, len(gold), "scoring gold")


def drop_groundless(project: Project) -> None:
    """Results on what is no gold any more, labels of items without answers, tests of nobody."""
    # NOT EXISTS, not NOT IN: for the latter PostgreSQL may read all answers once for each label.
    answered = counted_answers(project.pk).filter(item=OuterRef("item"))
    reviewed = Review.objects.filter(item=OuterRef("item"))
    GoldResult.objects.filter(project=project).exclude(answer__item__role=ItemRole.GOLD).delete()
    voted = Consensus.objects.filter(project=project).exclude(method=MACHINE)
    voted.filter(~Exists(answered), ~Exists(reviewed)).delete()
    tested = GoldResult.objects.filter(project=project, annotator=OuterRef("annotator"))
    without = Skill.objects.filter(~Exists(tested), project=project, gold_seen__gt=0)
    test_people(project, without.values_list("annotator_id", flat=True))
