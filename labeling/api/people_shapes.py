"""What managers send and get about people. Names of accounts are told only of those just made."""

from typing import Any

from rest_framework import serializers

from accounts.strict import StrictSerializer
from labeling.limits import BONUS_LIMIT, PEOPLE_AT_ONCE
from labeling.services.admission import DOOR_LENGTH, ENTRIES_LONGEST, NAME_LENGTH
from labeling.services.crowd import INVITED


def _names() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=NAME_LENGTH),
        max_length=ENTRIES_LONGEST,
        default=list,
    )


class TraitsInput(StrictSerializer):
    groups = _names()
    languages = _names()
    door = serializers.CharField(
        max_length=DOOR_LENGTH, default=INVITED, help_text="The way that the person came in."
    )


class PeopleInput(TraitsInput):
    count = serializers.IntegerField(min_value=1, max_value=PEOPLE_AT_ONCE)


class NewPersonOutput(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Of the account.")
    pseudonym = serializers.CharField(help_text="In this project.")
    token = serializers.CharField(help_text="For the API; it is told once.")


class PeopleOutput(serializers.Serializer[Any]):
    people = NewPersonOutput(many=True)


class TraitsOutput(serializers.Serializer[Any]):
    person = serializers.CharField(help_text="The person's pseudonym in this project.")
    groups = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    door = serializers.CharField()


class BonusInput(StrictSerializer):
    bonus_micros = serializers.IntegerField(
        min_value=0, max_value=BONUS_LIMIT, help_text="On top of the price of each answer."
    )


class BonusOutput(serializers.Serializer[Any]):
    person = serializers.CharField(help_text="The person's pseudonym in this project.")
    bonus_micros = serializers.IntegerField()
