"""One step of the learning loop: look, decide, set in motion. Idempotent; call it as often as you like.

Looking takes no lock; only when something is due is the plan's row locked and everything looked at once
more. Whoever finds it taken goes home, for the one inside (or the next sweep) sees the same rows.
"""

from django.db import transaction
from django.utils import timezone

from labeling.models import Project, ProjectStatus
from labeling.services.projects import stop
from learning import kinds, queries
from learning.loop_rules import Action, Facts, Step, decide
from learning.models import Plan
from learning.services import scoring
from learning.services.asking import ask
from learning.services.plans import plan_for
from learning.situation import facts_of

RUNNING = (ProjectStatus.LIVE, ProjectStatus.PILOT)


def advance(project_id: int) -> Step | None:
    """Do what is due now; None when somebody else is at it, or the project is not running."""
    project = Project.objects.filter(pk=project_id, status__in=RUNNING).first()
    if project is None:
        return None
    plan = plan_for(project_id)
    step = decide(facts_of(plan, project))
    if not step.actions and step.state == plan.state:
        return step  # the usual case: it took no lock, and nobody waited for us
    with transaction.atomic():
        waiting = queries.plan_rows(project_id).select_for_update(no_key=True, skip_locked=True)
        plan_held = waiting.first()
        return _act(plan_held, project) if plan_held else None


def live_projects() -> list[int]:
    """Projects that the sweep looks after."""
    return list(Project.objects.filter(status__in=RUNNING).values_list("pk", flat=True))


def _act(plan: Plan, project: Project) -> Step:
    """Under the plan's lock, so that no two loops act on the same gap: look again, then act."""
    facts = facts_of(plan, project)
    step = decide(facts)
    for action in step.actions:
        _ACTS[action](project, facts, step)
    if step.state != plan.state:
        plan.state, plan.updated_at = step.state, timezone.now()
        plan.save(update_fields=["state", "updated_at"])
    return step


def _ask_for_features(project: Project, _facts: Facts, _step: Step) -> None:
    ask(kinds.FEATURES, project)


def _ask_for_model(project: Project, facts: Facts, _step: Step) -> None:
    ask(kinds.RETRAIN, project, labels=facts.labels)


def _ask_for_round(project: Project, facts: Facts, step: Step) -> None:
    ask(kinds.ROUND, project, number=facts.rounds + 1, wanted=step.wanted)


def _stop(project: Project, facts: Facts, step: Step) -> None:
    scoring.record_label_accuracy(project.pk, labels=facts.labels)
    stop(project.pk, step.state)


_ACTS = {
    Action.FEATURES: _ask_for_features,
    Action.RETRAIN: _ask_for_model,
    Action.ROUND: _ask_for_round,
    Action.STOP: _stop,
}
