"""Plans, models and rounds of a project."""

from django.db.models import Max, QuerySet

from learning.models import Circuit, ModelVersion, Plan, QueryRound


def plan_rows(project_id: int) -> QuerySet[Plan]:
    return Plan.objects.filter(project_id=project_id)


def locked_plan(project_id: int) -> Plan:
    """The plan, locked: whoever holds it decides what the project does next. Needs a transaction."""
    return plan_rows(project_id).select_for_update(no_key=True).get()


def rounds_opened(project_id: int) -> int:
    """The number of the newest round; 0 before the first."""
    rounds = QueryRound.objects.filter(project_id=project_id)
    return int(rounds.aggregate(last=Max("number"))["last"] or 0)


def models_of(project_id: int) -> QuerySet[ModelVersion]:
    """All models, the newest first."""
    return ModelVersion.objects.filter(project_id=project_id).order_by("-number")


def next_model_number(project_id: int) -> int:
    newest = models_of(project_id).values_list("number", flat=True).first()
    return (newest or 0) + 1


def unfinished_models(project_id: int) -> QuerySet[ModelVersion]:
    """What attempts left behind that died before they could judge their model."""
    return models_of(project_id).filter(current=False, scores={})


def current_model(project_id: int) -> ModelVersion | None:
    """The model in use, without its bytes."""
    return ModelVersion.objects.filter(project_id=project_id, current=True).defer("blob").first()


def silence_of(project_id: int, estimator: str) -> str:
    """Why a model that is not ours did not answer when it was last asked; empty when it did."""
    failed = Circuit.objects.filter(project_id=project_id, url=estimator, failures__gt=0)
    return failed.values_list("problem", flat=True).first() or ""
