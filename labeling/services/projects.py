"""Projects: making them, changing their settings while work runs, starting, pausing, stopping."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.events import project_changed
from labeling.label_types import InvalidConfiguration, Json, label_type
from labeling.models import (
    GoldRule,
    Instructions,
    Label,
    LabelSet,
    Order,
    Project,
    ProjectStatus,
    Redundancy,
)
from labeling.services.admission import check_projects, lets_staff_in
from labeling.services.in_line import bring_in_line
from labeling.services.money import set_budget
from labeling.services.project_rules import check_settings

VERSIONED = ("configuration", "instructions")
NEXT = {
    ProjectStatus.DRAFT: {ProjectStatus.PILOT, ProjectStatus.LIVE},
    ProjectStatus.PILOT: {ProjectStatus.LIVE, ProjectStatus.PAUSED, ProjectStatus.DONE},
    ProjectStatus.LIVE: {ProjectStatus.PAUSED, ProjectStatus.DONE},
    ProjectStatus.PAUSED: {ProjectStatus.LIVE, ProjectStatus.DONE},
    ProjectStatus.DONE: {ProjectStatus.LIVE},
}


@dataclass(frozen=True)
class ProjectSpec:
    """Everything that a manager says about a project. Money in integer micro-units."""

    name: str
    configuration: Json
    label_type: str = "choice"
    instructions: str = ""
    redundancy: str = Redundancy.ADAPTIVE
    seats_min: int = 2
    seats_max: int = 7
    partial_share: float = 0.2
    target_certainty: float = 0.95
    order: str = Order.PRIORITY
    lease_seconds: int = 600
    gold_share: float = 0.08
    max_answers_per_person: int | None = None
    by_invitation: bool = False
    gold_rule: str = GoldRule.FALLING
    max_share_per_person: float | None = None
    max_answers_per_day: int | None = None
    practice_bound: float | None = None
    who_may_work: dict[str, Any] = field(default_factory=dict)
    media_rules: dict[str, Any] = field(default_factory=dict)
    match_people: bool = False
    shuffle_labels: bool = False
    currency: str = "USD"
    price_micros: int = 0
    budget_micros: int | None = None


@transaction.atomic
def create_project(
    organization: Organization, spec: ProjectSpec, *, actor: User | None = None
) -> Project:
    """A draft with the first versions of its label set and instructions. Raises Refused."""
    settings = asdict(spec)
    check_settings(settings)
    check_projects(spec.who_may_work, organization)
    configuration = _checked_configuration(spec.label_type, spec.configuration)
    row = {name: value for name, value in settings.items() if name not in VERSIONED}
    row["staff_may_work"] = lets_staff_in(spec.who_may_work)
    project = Project.objects.create(organization=organization, **row)
    _add_label_set(project, 1, configuration)
    Instructions.objects.create(project=project, version=1, text=spec.instructions)
    audit(organization, actor, "project.created", project.public_id, name=spec.name)
    return project


def update_project(
    project: Project, changes: Mapping[str, Any], *, actor: User | None = None
) -> Project:
    """Change settings, also while work runs. Raises Refused or Conflict, and then changes nothing.

    Seats already given out keep the label set, instructions and price of their moment. Where many
    items must follow the change, a job does it (see ``labeling.services.in_line``).
    """
    with transaction.atomic():
        current = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        _change(current, dict(changes))
        audit(
            current.organization, actor, "project.changed", current.public_id, changes=dict(changes)
        )
        bring_in_line(current, changes)
        project_changed.send(sender=None, project_id=current.pk)
    return current


@transaction.atomic
def set_status(project: Project, status: str, *, actor: User | None = None) -> bool:
    """Start, pause, resume or end. False if it was so before; Conflict if it cannot be from here."""
    current = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if current.status == status:
        return False
    if status not in NEXT[ProjectStatus(current.status)]:
        raise Conflict(f"A project that is {current.status} cannot become {status}.")
    _set_status(current, status, "")
    audit(current.organization, actor, f"project.{status}", current.public_id)
    return True


@transaction.atomic
def stop(project_id: int, because: str) -> bool:
    """End the work and say why. False if the project is not running."""
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    if project.status in (ProjectStatus.DRAFT, ProjectStatus.DONE):
        return False
    _set_status(project, ProjectStatus.DONE, because[:300])
    audit(project.organization, None, "project.stopped", project.public_id, because=because)
    return True


def _set_status(project: Project, status: str, because: str) -> None:
    if project.status == ProjectStatus.PILOT:
        project.pilot_until = timezone.now()
    project.status, project.stopped_because = status, because
    project.save(update_fields=["status", "stopped_because", "pilot_until"])
    project_changed.send(sender=None, project_id=project.pk)


def _change(project: Project, values: dict[str, Any]) -> None:
    _check_changes(project, values)
    if "budget_micros" in values:
        set_budget(project.pk, values.pop("budget_micros"))
    if "configuration" in values:
        _new_label_set(project, values.pop("configuration"))
    if "instructions" in values:
        _new_instructions(project, values.pop("instructions"))
    if "who_may_work" in values:
        values["staff_may_work"] = lets_staff_in(values["who_may_work"])
    for name, value in values.items():
        setattr(project, name, value)
    project.save(update_fields=[*values, "label_set_version", "instructions_version"])


def _check_changes(project: Project, values: dict[str, Any]) -> None:
    known = set(ProjectSpec.__dataclass_fields__) - {"label_type", "currency"}
    for name in values:
        if name not in known:
            raise Refused("is unknown or cannot be changed", field=name[:100])
    now = {name: getattr(project, name) for name in ("seats_min", "seats_max")}
    check_settings({**now, **values})
    check_projects(values.get("who_may_work", {}), project.organization)


def _checked_configuration(kind: str, configuration: Json) -> dict[str, Json]:
    try:
        return label_type(kind).check_configuration(configuration)
    except InvalidConfiguration as wrong:
        known = wrong.field in ("label_type", "configuration")
        field = wrong.field if known else f"configuration.{wrong.field}"
        raise Refused(wrong.message, field=field) from None


def _new_label_set(project: Project, configuration: Json) -> None:
    """The next version. Labels keep their places, so that codes mean the same in every version."""
    checked = _checked_configuration(project.label_type, configuration)
    before = LabelSet.objects.get(project=project, version=project.label_set_version)
    kind = label_type(project.label_type)
    old, new = kind.label_values(before.configuration), kind.label_values(checked)
    if new[: len(old)] != old:
        raise Refused("must keep the labels there are, in their order", field="configuration")
    project.label_set_version += 1
    _add_label_set(project, project.label_set_version, checked)


def _add_label_set(project: Project, version: int, configuration: dict[str, Json]) -> None:
    added = LabelSet.objects.create(project=project, version=version, configuration=configuration)
    values = label_type(project.label_type).label_values(configuration)
    Label.objects.bulk_create(
        Label(label_set=added, code=code, value=value) for code, value in enumerate(values)
    )


def _new_instructions(project: Project, text: str) -> None:
    project.instructions_version += 1
    Instructions.objects.create(project=project, version=project.instructions_version, text=text)
