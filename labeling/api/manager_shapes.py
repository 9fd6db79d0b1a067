"""What managers send and get."""

from typing import Any

from rest_framework import serializers

from accounts.strict import StrictSerializer
from labeling.api.pages import PageOutput
from labeling.limits import EXTERNAL_ID_LENGTH, WITHDRAWN_AT_ONCE
from labeling.models import GoldRule, Import, Order, Project, ProjectStatus, Redundancy
from labeling.queries import budget_left_micros, pending_micros, spent_micros, work_counts
from labeling.services.exporting import CONTENT_TYPES, PEOPLE


class SettingsInput(StrictSerializer):
    """Shape only; what the values may be is the service's word."""

    name = serializers.CharField(max_length=200)
    configuration = serializers.JSONField(help_text="What the label type needs.")
    instructions = serializers.CharField(allow_blank=True)
    redundancy = serializers.ChoiceField(choices=Redundancy.choices)
    seats_min = serializers.IntegerField()
    seats_max = serializers.IntegerField()
    partial_share = serializers.FloatField()
    target_certainty = serializers.FloatField()
    order = serializers.ChoiceField(choices=Order.choices)
    lease_seconds = serializers.IntegerField()
    gold_share = serializers.FloatField()
    gold_rule = serializers.ChoiceField(
        choices=GoldRule.choices, help_text="Falling: a newcomer meets more gold, then less."
    )
    max_answers_per_person = serializers.IntegerField(allow_null=True)
    max_share_per_person = serializers.FloatField(
        allow_null=True, help_text="One person answers at most this part of the items."
    )
    max_answers_per_day = serializers.IntegerField(allow_null=True, help_text="A person; UTC.")
    practice_bound = serializers.FloatField(
        allow_null=True,
        help_text="Practice items first, until the lower end of the accuracy there reaches this.",
    )
    who_may_work = serializers.JSONField(
        help_text='Like {"groups": [...], "languages": [...], "doors": [...], "roles": [...], '
        '"skills": [{"at_least": 0.8}]}; an empty object lets in all annotators.'
    )
    media_rules = serializers.JSONField(
        help_text='Like {"required": true, "types": ["image/png"], "most_pixels": 4000000, '
        '"least_side": 64, "most_bytes": 2000000}; for items that come in from now on.'
    )
    match_people = serializers.BooleanField(
        help_text="Of the first in the queue, give people what they are best at."
    )
    shuffle_labels = serializers.BooleanField(
        help_text="Each person has an order of the labels of their own, always the same."
    )
    by_invitation = serializers.BooleanField(help_text="Items go to named people only.")
    price_micros = serializers.IntegerField()
    budget_micros = serializers.IntegerField(allow_null=True)


class ProjectInput(SettingsInput):
    """Everything but name and configuration has a default."""

    organization = serializers.CharField(
        max_length=32, help_text="Id of the organization that the project belongs to."
    )
    label_type = serializers.CharField(max_length=40)
    currency = serializers.CharField(max_length=3)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name in ("name", "configuration", "organization")
        return fields


class StatusInput(StrictSerializer):
    status = serializers.ChoiceField(choices=[s for s in ProjectStatus.values if s != "draft"])


class FileInput(StrictSerializer):
    file = serializers.FileField(max_length=255)
    open = serializers.BooleanField(
        required=False, default=False, help_text="Ask people about all of it at once."
    )
    keep_good = serializers.BooleanField(
        required=False, default=False, help_text="Leave bad rows out instead of refusing the file."
    )


class AnswersExportInput(StrictSerializer):
    format = serializers.ChoiceField(choices=list(CONTENT_TYPES), default="csv")
    people = serializers.ChoiceField(choices=list(PEOPLE), default="pseudonyms")


class JobOutput(serializers.Serializer[Any]):
    job = serializers.CharField(help_text="Id of the job that does it.")


class WorkOutput(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    pool = serializers.IntegerField()
    open = serializers.IntegerField()
    settled = serializers.IntegerField()
    held = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class MoneyOutput(serializers.Serializer[Any]):
    currency = serializers.CharField()
    price_micros = serializers.IntegerField()
    budget_micros = serializers.IntegerField(allow_null=True)
    spent_micros = serializers.IntegerField()
    pending_micros = serializers.IntegerField()
    left_micros = serializers.IntegerField(allow_null=True)


class ProjectOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    organization = serializers.CharField()
    status = serializers.CharField()
    stopped_because = serializers.CharField()
    label_type = serializers.CharField()


class SettingsOutput(serializers.Serializer[Any]):
    redundancy = serializers.CharField()
    seats_min = serializers.IntegerField()
    seats_max = serializers.IntegerField()
    partial_share = serializers.FloatField()
    target_certainty = serializers.FloatField()
    order = serializers.CharField()
    lease_seconds = serializers.IntegerField()
    gold_share = serializers.FloatField()
    gold_rule = serializers.CharField()
    max_answers_per_person = serializers.IntegerField(allow_null=True)
    max_share_per_person = serializers.FloatField(allow_null=True)
    max_answers_per_day = serializers.IntegerField(allow_null=True)
    practice_bound = serializers.FloatField(allow_null=True)
    who_may_work = serializers.JSONField()
    media_rules = serializers.JSONField()
    match_people = serializers.BooleanField()
    shuffle_labels = serializers.BooleanField()
    by_invitation = serializers.BooleanField()


class WithdrawInput(StrictSerializer):
    items = serializers.ListField(
        child=serializers.CharField(max_length=EXTERNAL_ID_LENGTH),
        min_length=1,
        max_length=WITHDRAWN_AT_ONCE,
        help_text="The items' names, as they were imported.",
    )


class WithdrawOutput(serializers.Serializer[Any]):
    withdrawn = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())


class ProjectDetailOutput(ProjectOutput):
    settings = SettingsOutput()
    work = WorkOutput()
    money = MoneyOutput()


class ProjectsOutput(PageOutput):
    projects = ProjectOutput(many=True)


class ProblemRowOutput(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="0: the file as a whole.")
    field = serializers.CharField()
    message = serializers.CharField()


class ImportOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()
    items = serializers.IntegerField()
    problems = ProblemRowOutput(many=True, help_text="The first hundred.")
    problem_count = serializers.IntegerField()


class AcceptedOutput(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Id of the import.")
    job = serializers.CharField(help_text="Id of the job that reads the file.")


def project_json(project: Project) -> dict[str, Any]:
    return {
        "id": project.public_id,
        "name": project.name,
        "organization": project.organization.public_id,
        "status": project.status,
        "stopped_because": project.stopped_because,
        "label_type": project.label_type,
    }


def project_detail_json(project: Project) -> dict[str, Any]:
    counts = work_counts(project.pk)
    names = ("items", "pool", "open", "settled", "held", "withdrawn")
    return {
        **project_json(project),
        "settings": {str(name): getattr(project, str(name)) for name in SettingsOutput().fields},
        "work": {name: getattr(counts, name) for name in names},
        "money": _money_json(project),
    }


def _money_json(project: Project) -> dict[str, Any]:
    return {
        "currency": project.currency,
        "price_micros": project.price_micros,
        "budget_micros": project.budget_micros,
        "spent_micros": spent_micros(project.pk),
        "pending_micros": pending_micros(project.pk),
        "left_micros": budget_left_micros(project.pk),
    }


def import_json(upload: Import) -> dict[str, Any]:
    return {
        "id": upload.public_id,
        "name": upload.name,
        "state": upload.state,
        "items": upload.items,
        "problems": upload.problems,
        "problem_count": upload.problem_count,
    }
