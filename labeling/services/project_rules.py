"""What the settings of a project may be; the database's constraints say the same once more."""

from collections.abc import Callable, Mapping
from typing import Any

from labeling.errors import Refused
from labeling.limits import INSTRUCTIONS_LENGTH
from labeling.models import GoldRule, Order, Redundancy
from labeling.services.admission import check_who_may_work
from labeling.services.media_rules import check_media_rules
from labeling.texts import is_storable

MONEY_LIMIT = 10**15
MANY = 100_000
Rule = tuple[str, Callable[[Any], bool], str]


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _number(low: float, high: float) -> Callable[[Any], bool]:
    """At least ``low`` and below ``high``; NaN is neither."""
    return lambda value: type(value) in (int, float) and low <= value < high


def _text(longest: int, *, empty: bool = False) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, str)
        and len(value) <= longest
        and (empty or bool(value.strip()))
        and is_storable(value)
    )


def _or_none(rule: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or rule(value)


RULES: tuple[Rule, ...] = (
    ("name", _text(200), "must be a text of 1 to 200 characters"),
    ("instructions", _text(INSTRUCTIONS_LENGTH, empty=True), "must be a text, not too long"),
    ("redundancy", lambda v: v in Redundancy.values, "must be fixed, partial or adaptive"),
    ("seats_min", _whole(1, 1000), "must be a whole number from 1 to 1000"),
    ("seats_max", _whole(1, 1000), "must be a whole number from 1 to 1000"),
    ("partial_share", _number(0, 1.0000001), "must be from 0 to 1"),
    ("target_certainty", _number(0.000001, 1), "must be above 0 and below 1"),
    ("order", lambda v: v in Order.values, "must be priority, random or oldest"),
    ("lease_seconds", _whole(1, 7 * 86400), "must be a whole number from 1 to 604800"),
    ("gold_share", _number(0, 1), "must be from 0 to below 1"),
    ("gold_rule", lambda v: v in GoldRule.values, "must be fixed or falling"),
    ("by_invitation", lambda value: type(value) is bool, "must be true or false"),
    ("max_answers_per_person", _or_none(_whole(1, 10**9)), "must be a whole number above 0"),
    ("max_share_per_person", _or_none(_number(0.000001, 1.0000001)), "must be above 0, at most 1"),
    ("max_answers_per_day", _or_none(_whole(1, MANY)), "must be a whole number from 1 to 100000"),
    ("practice_bound", _or_none(_number(0.000001, 1)), "must be above 0 and below 1"),
    ("match_people", lambda value: type(value) is bool, "must be true or false"),
    ("shuffle_labels", lambda value: type(value) is bool, "must be true or false"),
    ("currency", lambda v: isinstance(v, str) and len(v) == 3 and v.isalpha() and v.isupper(),
     "must be three capital letters"),
    ("price_micros", _whole(0, MONEY_LIMIT), "must be a whole number of micro-units, 0 or more"),
    ("budget_micros", _or_none(_whole(0, MONEY_LIMIT)), "must be a whole number, 0 or more"),
)  # fmt: skip


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raises Refused with the field of the first setting that cannot be."""
    for name, is_right, message in RULES:
        if name in settings and not is_right(settings[name]):
            raise Refused(message, field=name)
    if "who_may_work" in settings:
        check_who_may_work(settings["who_may_work"])
    if "media_rules" in settings:
        check_media_rules(settings["media_rules"])
    if settings["seats_max"] < settings["seats_min"]:
        raise Refused("must not be below the fewest answers an item (seats_min)", field="seats_max")
