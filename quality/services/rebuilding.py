"""Everything derived, once more from answers, gold and decisions: the same rows come out.

Nothing is taken away first, so people may go on working: rows are written in place, and those that
have no ground any more are removed.
"""

from labeling.models import Item, ItemRole, Project
from labeling.queries import counted_answers
from quality.given import GIVEN
from quality.models import Consensus, GoldResult, Skill
from quality.services.fits import lock_fit
from quality.services.refit import Run, Unfenced, bring_in_line, learn_skills
from quality.services.scoring import score_gold, test_people
from quality.services.skills import read_project

GOLD_AT_ONCE = 500


def rebuild(project: Project, run: Run | None = None) -> dict[str, int]:
    """Gold results, tests, skills, parameters and labels; how many answers and labels there were."""
    run = run or Unfenced()
    _rescore(project, run)
    with run.fenced():
        lock_fit(project.pk)
        _drop_groundless(project)
    read = read_project(project.pk)
    if read is None:
        return {"answers": 0, "items": 0}
    skills = learn_skills(read, run)
    item_ids = read.item_ids[read.answered_rows()].tolist()
    bring_in_line(read.project, item_ids, run, skills)
    return {"answers": len(read.votes), "items": len(item_ids)}


def _rescore(project: Project, run: Run) -> None:
    items = Item.objects.filter(project=project, role=ItemRole.GOLD)
    gold = list(items.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(gold), GOLD_AT_ONCE):
        with run.fenced():
            lock_fit(project.pk)
            score_gold(project, gold[start : start + GOLD_AT_ONCE])
        run.progress(start, len(gold), "scoring gold")


def _drop_groundless(project: Project) -> None:
    """Results on what is no gold any more, labels of items without answers, tests of nobody."""
    answered = counted_answers(project.pk).values("item_id")
    GoldResult.objects.filter(project=project).exclude(answer__item__role=ItemRole.GOLD).delete()
    voted = Consensus.objects.filter(project=project).exclude(method__in=GIVEN)
    voted.exclude(item_id__in=answered).delete()
    tested = GoldResult.objects.filter(project=project).values("annotator_id")
    without = Skill.objects.filter(project=project, gold_seen__gt=0)
    test_people(
        project, without.exclude(annotator_id__in=tested).values_list("annotator_id", flat=True)
    )
