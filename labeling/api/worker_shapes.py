"""What workers send and get. Fields are listed one by one; gold and ordinary items cannot differ here."""

import math
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from accounts.strict import StrictSerializer
from labeling.api.pages import PageOutput
from labeling.feedback import Feedback
from labeling.limits import (
    ANSWERS_AT_ONCE,
    REASON_LENGTH,
    SEATS_AT_ONCE,
    SECONDS_LONGEST,
)
from labeling.models import Answer, AssignmentState
from labeling.seat_json import seat_json
from labeling.services.claiming import Claim, WhyEmpty
from labeling.services.reasons import REASONS
from labeling.services.verdicts import GONE, INVALID, REPLAYED, Outcome

ID_LENGTH = 32
VERDICTS = ["stored", REPLAYED, "late_stored", "late_extra", GONE, INVALID]


class SecondsField(serializers.FloatField):
    """A finite number of seconds, given as a number."""

    def to_internal_value(self, data: Any) -> float:
        if type(data) not in (int, float) or not math.isfinite(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class ClaimInput(StrictSerializer):
    count = serializers.IntegerField(min_value=1, max_value=SEATS_AT_ONCE)
    key = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Made by the client. The same key brings the same seats again, not new ones.",
    )


class NextClaimInput(StrictSerializer):
    project = serializers.CharField(max_length=ID_LENGTH)
    count = serializers.IntegerField(min_value=1, max_value=SEATS_AT_ONCE)


class AnswerInput(StrictSerializer):
    """One answer. What is wrong with one does not spoil the others: it gets the verdict ``invalid``."""

    assignment = serializers.CharField(max_length=ID_LENGTH)
    value = serializers.JSONField(help_text="What the label type asks for; a text for `choice`.")
    seconds = SecondsField(
        required=False, allow_null=True, min_value=0, max_value=SECONDS_LONGEST, default=None
    )
    key = serializers.UUIDField(
        help_text="Made by the client, one for each answer: the same key is the same answer for ever."
    )


class AnswersInput(StrictSerializer):
    answers = serializers.ListField(
        child=serializers.JSONField(), min_length=1, max_length=ANSWERS_AT_ONCE
    )
    claim = NextClaimInput(required=False, allow_null=True, default=None)


class DocumentedAnswersInput(serializers.Serializer[Any]):
    """``AnswersInput`` as the OpenAPI document shows it; the entries are checked one by one."""

    answers = serializers.ListField(child=AnswerInput(), min_length=1, max_length=ANSWERS_AT_ONCE)
    claim = NextClaimInput(required=False, allow_null=True)


def _reason(state: AssignmentState, **more: Any) -> serializers.CharField:
    codes = ", ".join(f"`{code}`" for code in REASONS[state])
    words = f"One of {codes}; words of your own are kept as `other`."
    return serializers.CharField(max_length=REASON_LENGTH, help_text=words, **more)


def _text() -> serializers.CharField:
    return serializers.CharField(
        max_length=REASON_LENGTH, required=False, allow_blank=True, default=""
    )


class SkipInput(StrictSerializer):
    reason = _reason(AssignmentState.SKIPPED, required=False, allow_blank=True, default="")
    text = _text()


class ReleaseInput(StrictSerializer):
    reason = _reason(AssignmentState.RELEASED, required=False, allow_blank=True, default="")
    text = _text()


class FlagInput(StrictSerializer):
    reason = _reason(AssignmentState.FLAGGED)
    text = _text()


class ReviseInput(StrictSerializer):
    value = serializers.JSONField(help_text="The whole new answer.")
    seconds = SecondsField(
        required=False, allow_null=True, min_value=0, max_value=SECONDS_LONGEST, default=None
    )
    key = serializers.UUIDField(
        help_text="Made by the client. The same key is the same revision for ever."
    )


class RevisionOutput(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Id of this revision.")
    assignment = serializers.CharField()
    revision = serializers.IntegerField(help_text="1 was the first answer.")


class RenewInput(StrictSerializer):
    assignments = serializers.ListField(
        child=serializers.CharField(max_length=ID_LENGTH), min_length=1, max_length=SEATS_AT_ONCE
    )


class ItemOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    payload = serializers.JSONField()
    media = serializers.CharField(allow_null=True, help_text="Address of the picture, or null.")


class SeatOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    item = ItemOutput()
    lease_until = serializers.DateTimeField()


class ClaimOutput(serializers.Serializer[Any]):
    assignments = SeatOutput(many=True)
    why_empty = serializers.ChoiceField(choices=[w.value for w in WhyEmpty], allow_null=True)


class FeedbackOutput(serializers.Serializer[Any]):
    right = serializers.BooleanField()
    answer = serializers.JSONField(help_text="What would have been right.")
    explanation = serializers.CharField()


class OutcomeOutput(serializers.Serializer[Any]):
    assignment = serializers.CharField(allow_null=True)
    key = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(choices=VERDICTS)
    answer = serializers.CharField(allow_null=True, help_text="Id of the stored answer.")
    field = serializers.CharField(allow_null=True, help_text="With `invalid`: what is wrong.")
    message = serializers.CharField(allow_null=True)
    feedback = FeedbackOutput(
        allow_null=True, help_text="Only to practice: whether it was right, and why."
    )


class AnswersOutput(serializers.Serializer[Any]):
    answers = OutcomeOutput(many=True)
    claim = ClaimOutput(allow_null=True)


class SeatStateOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    state = serializers.CharField()


class LeaseOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    lease_until = serializers.DateTimeField()


class RenewOutput(serializers.Serializer[Any]):
    assignments = LeaseOutput(many=True, help_text="Those still held; the others are gone.")


class OpenProjectOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    instructions = serializers.CharField()
    label_type = serializers.CharField()
    configuration = serializers.JSONField()
    currency = serializers.CharField()
    price_micros = serializers.IntegerField()
    median_seconds = serializers.FloatField(allow_null=True)
    done = serializers.IntegerField(help_text="My counted answers.")
    why_not = serializers.CharField(allow_null=True)


class OpenProjectsOutput(PageOutput):
    projects = OpenProjectOutput(many=True)


class BandOutput(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()
    checks = serializers.IntegerField(help_text="How many checks it rests on; grows in steps.")


class ContestedOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    state = serializers.CharField()
    about = serializers.CharField()
    answer = serializers.CharField()


class MyProjectOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    done = serializers.IntegerField()
    currency = serializers.CharField()
    paid_micros = serializers.IntegerField(help_text="Earned by counted answers.")
    pending_micros = serializers.IntegerField(help_text="Promised for seats that I hold.")
    status = serializers.CharField()
    reason = serializers.CharField(help_text="Why I am paused, if I am.")
    accuracy = BandOutput(
        allow_null=True, help_text="Late and in batches: no single answer can be read from it."
    )
    appeals = ContestedOutput(many=True)


class MeOutput(PageOutput):
    id = serializers.CharField()
    name = serializers.CharField()
    projects = MyProjectOutput(many=True)


def revision_json(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.public_id,
        "assignment": answer.assignment.public_id,
        "revision": answer.revision,
    }


def claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "assignments": [seat_json(seat) for seat in claim.assignments],
        "why_empty": claim.why_empty,
    }


def outcome_json(
    outcome: Outcome, assignment: str | None, key: str | None, feedback: Feedback | None = None
) -> dict[str, Any]:
    return {
        "assignment": assignment,
        "key": key,
        "verdict": outcome.verdict,
        "answer": outcome.answer,
        "field": outcome.field or None,
        "message": outcome.message or None,
        "feedback": asdict(feedback) if feedback else None,
    }
