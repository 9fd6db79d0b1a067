"""What requests and replies about certificates look like."""

from typing import Any

from rest_framework import serializers

from accounts.strict import StrictSerializer
from learning.api.paging import NumberedOutput
from learning.services.certifying.foreseeing import SIZES


class TermsInput(StrictSerializer):
    bound = serializers.FloatField(help_text="At most this share of the machine's labels is wrong.")
    confidence = serializers.FloatField(default=0.95)
    looks = serializers.IntegerField(
        default=1, help_text="How often the growing audit may be judged; each costs coverage."
    )
    per_class = serializers.BooleanField(default=False, help_text="The bound for each label alone.")
    share = serializers.FloatField(
        default=1.0, help_text="The most confident part of the pool that is audited and accepted."
    )
    screen_answers = serializers.IntegerField(
        default=0,
        help_text="0: experts label the whole audit. Else a cheaper certificate under an assumption: so many "
        "people screen each audit item, and experts label those on which they disagree with the machine.",
    )
    both_wrong = serializers.FloatField(
        default=0.005,
        help_text="The assumption of a screened audit: of the items on which crowd and machine agree, at most "
        "this share is wrong.",
    )
    checks = serializers.IntegerField(
        default=50,
        max_value=100_000,
        help_text="Of a screened audit: random items that experts label even if crowd and machine agree.",
    )


class ForecastInput(TermsInput):
    sizes = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=100_000),
        default=list(SIZES),
        min_length=1,
        max_length=10,
    )
    price_micros = serializers.IntegerField(default=0, min_value=0)


class ForecastRow(serializers.Serializer[Any]):
    audited = serializers.IntegerField()
    coverage = serializers.FloatField(help_text="Expected share of the region that is accepted.")
    nothing = serializers.FloatField(help_text="Probability that nothing can be accepted.")
    cost = serializers.FloatField(
        help_text="The experts' price, and that of a screening crowd, in micro-units."
    )
    experts = serializers.FloatField(help_text="Answers of experts that it takes, about.")


class ForecastOut(serializers.Serializer[Any]):
    items = serializers.IntegerField(help_text="Items of the region.")
    fewest = serializers.IntegerField(help_text="Audit items without one error that it takes.")
    forecasts = ForecastRow(many=True)
    sentence = serializers.CharField()


class CertificateInput(TermsInput):
    audit_items = serializers.IntegerField(min_value=1, max_value=100_000)


class CheckOut(serializers.Serializer[Any]):
    agreed = serializers.IntegerField(help_text="Agreements that experts have checked.")
    wrong = serializers.IntegerField(help_text="Of them, wrong by the experts.")
    up_to = serializers.FloatField(help_text="Up to this share may be wrong, with 95 % confidence.")
    at_most = serializers.FloatField(help_text="The bound without the assumption.")
    confidence = serializers.FloatField(help_text="With which that bound holds.")


class ScreenOut(serializers.Serializer[Any]):
    answers = serializers.IntegerField(help_text="Of the crowd about each item.")
    both_wrong = serializers.FloatField(help_text="The assumption.")
    checks = serializers.IntegerField(help_text="Items drawn to check it.")
    done = serializers.IntegerField(help_text="Items that the crowd has screened.")
    agreed = serializers.IntegerField(
        help_text="Of them, those on which it agrees with the machine."
    )
    check = CheckOut(allow_null=True)


class CertificateOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.CharField(help_text="auditing, granted, refused or withdrawn")
    basis = serializers.CharField(
        help_text="experts: a full certificate. crowd_screen: it holds under its assumption only."
    )
    sentence = serializers.CharField()
    bound = serializers.FloatField()
    confidence = serializers.FloatField()
    per_class = serializers.BooleanField()
    threshold = serializers.FloatField(allow_null=True)
    thresholds = serializers.DictField(help_text='Label code to threshold, or "all".')
    region = serializers.DictField()
    model = serializers.IntegerField()
    assumption = serializers.CharField()
    screen = ScreenOut(allow_null=True)
    audit_items = serializers.IntegerField()
    audited = serializers.IntegerField()
    looks = serializers.IntegerField()
    looks_left = serializers.IntegerField()
    looks_taken = serializers.ListField()
    accepted = serializers.IntegerField(help_text="Items that have the machine's label now.")
    withdrawn_because = serializers.CharField()
    again_days = serializers.IntegerField(
        help_text="How often accepted items are audited; 0: never."
    )
    again_items = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class CertificatesOut(NumberedOutput):
    certificates = CertificateOut(many=True)


class AuditItemOut(serializers.Serializer[Any]):
    item = serializers.CharField()
    payload = serializers.JSONField()
    media = serializers.CharField(allow_null=True)


class AuditOut(serializers.Serializer[Any]):
    items = AuditItemOut(many=True)
    sentence = serializers.CharField()


class AuditInput(StrictSerializer):
    item = serializers.CharField(max_length=32)
    value = serializers.JSONField()


class AgainInput(StrictSerializer):
    items = serializers.IntegerField(min_value=1, max_value=100_000)


class AgainScheduleInput(StrictSerializer):
    days = serializers.IntegerField(
        min_value=0, max_value=366, help_text="0: only when it is asked for."
    )
    items = serializers.IntegerField(min_value=1, max_value=100_000)


class WithdrawCertificateInput(StrictSerializer):
    because = serializers.CharField(max_length=200)
