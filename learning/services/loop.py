"""One step of the learning loop: look, decide, set in motion. Idempotent; call it as often as you like.

The lock on the plan's row makes it one at a time for a project; whoever finds it taken goes home, for
the one inside (or the next sweep) sees the same rows.
"""

from django.db import transaction
from django.utils import timezone

from jobs.services import enqueue
from labeling.models import Project, ProjectStatus
from labeling.services.projects import stop
from learning import queries
from learning.loop_rules import Action, Facts, Step, decide
from learning.models import Plan
from learning.services import querying, retraining, scoring
from learning.services.features import ask_for_features
from learning.services.plans import plan_for
from learning.situation import facts_of

RUNNING = (ProjectStatus.LIVE, ProjectStatus.PILOT)


def advance(project_id: int) -> Step | None:
    """Do what is due now; None when somebody else is at it, or the project is not running."""
    project = Project.objects.filter(pk=project_id, status__in=RUNNING).first()
    if project is None:
        return None
    plan_for(project_id)
    with transaction.atomic():
        waiting = queries.plan_rows(project_id).select_for_update(no_key=True, skip_locked=True)
        plan = waiting.first()
        return _step(plan, project) if plan else None


def live_projects() -> list[int]:
    """Projects that the sweep looks after."""
    return list(Project.objects.filter(status__in=RUNNING).values_list("pk", flat=True))


def _step(plan: Plan, project: Project) -> Step:
    facts = facts_of(plan, project)
    step = decide(facts)
    for action in step.actions:
        _ACTS[action](project, facts, step)
    if step.state != plan.state:
        plan.state, plan.updated_at = step.state, timezone.now()
        plan.save(update_fields=["state", "updated_at"])
    return step


def _ask_for_features(project: Project, _facts: Facts, _step: Step) -> None:
    ask_for_features(project)


def _ask_for_model(project: Project, facts: Facts, _step: Step) -> None:
    _enqueue(retraining.KIND, project, labels=facts.labels)


def _ask_for_round(project: Project, facts: Facts, step: Step) -> None:
    _enqueue(querying.KIND, project, number=facts.rounds + 1, wanted=step.wanted)


def _stop(project: Project, facts: Facts, step: Step) -> None:
    scoring.record_label_accuracy(project.pk, labels=facts.labels)
    stop(project.pk, step.state)


def _enqueue(kind: str, project: Project, **arguments: int) -> None:
    enqueue(
        kind,
        {"project_id": project.pk, **arguments},
        key=str(project.pk),
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
    )


_ACTS = {
    Action.FEATURES: _ask_for_features,
    Action.RETRAIN: _ask_for_model,
    Action.ROUND: _ask_for_round,
    Action.STOP: _stop,
}
