"""What managers and auditors get about labels and people, and which parameters they may give."""

from typing import Any

from rest_framework import serializers

from accounts.strict import StrictSerializer
from quality.api.pages import PageInput, PageOutput
from quality.models import ConsensusState
from quality.queries.labels import UNANSWERED
from quality.services.exporting import CONTENT_TYPES


class LabelsInput(PageInput):
    state = serializers.ChoiceField([*ConsensusState.values, UNANSWERED], required=False)


class LabelOutput(serializers.Serializer[Any]):
    item = serializers.CharField()
    external_id = serializers.CharField()
    label = serializers.JSONField(  # type: ignore[assignment]  # a field of that name
        allow_null=True, help_text="As the label type writes its answers: a text for `choice`."
    )
    confidence = serializers.FloatField(allow_null=True)
    answers = serializers.IntegerField()
    method = serializers.CharField()
    state = serializers.CharField()


class LabelsOutput(PageOutput):
    labels = LabelOutput(many=True)


class AnnotatorOutput(serializers.Serializer[Any]):
    annotator = serializers.CharField(source="pseudonym", help_text="Differs per project.")
    answers = serializers.IntegerField()
    accuracy = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    gold_right = serializers.IntegerField()
    gold_seen = serializers.IntegerField()
    status = serializers.CharField()
    reason = serializers.CharField()
    set_aside = serializers.IntegerField(help_text="Answers that do not count, by decision.")


class AnnotatorsOutput(PageOutput):
    annotators = AnnotatorOutput(many=True)


class ExpectedOutput(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    gold_items = serializers.IntegerField()


class ProgressOutput(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    settled = serializers.IntegerField()
    open = serializers.IntegerField()
    expert = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    answers = serializers.IntegerField()
    votes = serializers.IntegerField()
    mean_confidence = serializers.FloatField(allow_null=True)
    fit_version = serializers.IntegerField()


class GoldOutput(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    retired = serializers.IntegerField()
    labels_without = serializers.IntegerField()
    answers = serializers.IntegerField()
    right = serializers.IntegerField()
    least_per_person = serializers.IntegerField(allow_null=True)
    median_per_person = serializers.FloatField(allow_null=True)


class VoteOutput(serializers.Serializer[Any]):
    annotator = serializers.CharField(source="pseudonym")
    said = serializers.CharField(allow_null=True)
    log_odds = serializers.FloatField()
    right_when_label = serializers.FloatField()


class AsideOutput(serializers.Serializer[Any]):
    annotator = serializers.CharField(source="pseudonym")
    reason = serializers.CharField()


class SaidOutput(serializers.Serializer[Any]):
    reviewer = serializers.CharField()
    value = serializers.JSONField()
    final = serializers.BooleanField(help_text="It is the label; else a strong vote.")
    note = serializers.CharField()
    at = serializers.DateTimeField()


class VoiceOutput(serializers.Serializer[Any]):
    version = serializers.CharField()
    weight = serializers.FloatField(required=False)
    probabilities = serializers.ListField(child=serializers.FloatField(), required=False)
    certificate = serializers.IntegerField(
        required=False, help_text="Under which the machine gave the label, without any vote."
    )
    basis = serializers.CharField(
        required=False, help_text="`crowd_screen`: the certificate rests on an assumption."
    )


class ProvenanceOutput(serializers.Serializer[Any]):
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field of that name
    rival = serializers.CharField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    state = serializers.CharField()
    method = serializers.CharField()
    log_odds = serializers.FloatField()
    prior = serializers.FloatField()
    class_shares = serializers.FloatField()
    doubt = serializers.FloatField(
        help_text="What is taken off because some items deceive everybody; with prior, votes and experts: log_odds."
    )
    experts = serializers.FloatField(help_text="What reviewers add.")
    voice = VoiceOutput(allow_null=True)
    votes = VoteOutput(many=True)
    set_aside = AsideOutput(many=True)
    reviews = SaidOutput(many=True)
    fit_version = serializers.IntegerField()


class LabelsExportInput(StrictSerializer):
    format = serializers.ChoiceField(choices=list(CONTENT_TYPES), default="csv")
