"""Gold that good people miss is proposed to managers, or taken out at once where the project says so."""

from labeling.models import Project
from quality.models import GoldAnswer, SuspectGold, Suspicion, SuspicionState
from quality.queries.gold_record import gold_log
from quality.queries.gold_suspects import THRESHOLD, Suspect, suspects
from quality.queries.labels import label_values
from quality.queries.policies import policy_of
from quality.queries.votes import n_labels_of
from quality.services.fits import lock_fit
from quality.services.gold_care import retire_gold
from quality.services.refit import Run


def suspect_gold(project: Project, run: Run) -> int:
    """Write down what is suspect now; how many gold items that is. Proposals without ground go."""
    found = {one.item_id: one for one in suspects(gold_log(project.pk), n_labels_of(project.pk))}
    with run.fenced():
        lock_fit(project.pk)
        _write(project, found)
        if policy_of(project.pk).suspect_gold == SuspectGold.RETIRE:
            retire_gold(project, _proposed(project), reason="good people miss it")
    return len(found)


def _write(project: Project, found: dict[int, Suspect]) -> None:
    proposals = Suspicion.objects.filter(project=project, state=SuspicionState.PROPOSED)
    proposals.exclude(gold__item_id__in=list(found)).delete()
    gold = GoldAnswer.objects.filter(item_id__in=list(found)).exclude(
        suspicion__state=SuspicionState.KEPT
    )
    values = label_values(project)
    Suspicion.objects.bulk_create(
        [_row(project, row, found[row.item_id], values) for row in gold],
        update_conflicts=True,
        unique_fields=["gold"],
        update_fields=["statistic", "said_instead", "right", "wrong"],
    )


def _row(project: Project, gold: GoldAnswer, one: Suspect, values: dict[int, str]) -> Suspicion:
    return Suspicion(
        gold=gold,
        project=project,
        statistic=round(one.statistic, 3),
        threshold=round(THRESHOLD, 3),
        said_instead=None if one.instead is None else values.get(one.instead),
        right=one.right,
        wrong=one.wrong,
    )


def _proposed(project: Project) -> list[str]:
    rows = Suspicion.objects.filter(project=project, state=SuspicionState.PROPOSED)
    return list(rows.values_list("gold__item__public_id", flat=True))
