"""What a list takes and gives beside its rows, so that it comes in pages; as the lists of projects have it."""

from typing import Any

from rest_framework import serializers

from accounts.strict import StrictSerializer

MOST = 1000


class PageInput(StrictSerializer):
    cursor = serializers.CharField(max_length=120, required=False, help_text="`next` of a page.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=100)


class PageOutput(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="`cursor` of the page after this one.")
