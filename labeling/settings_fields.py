"""The fields of the form of a project's settings: the only list of them; page, reading and tests follow it.

A name with a dot is one entry of a setting that is an object, such as ``media_rules.types``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from labeling.drafts import micros
from labeling.errors import Refused
from labeling.models import GoldRule, Order, Redundancy


@dataclass(frozen=True)
class Setting:
    """One field of the form. ``read`` makes the value of the typed text; raises Refused."""

    name: str
    title: str | Promise
    note: str | Promise
    group: str
    show: Callable[[Any], str]
    read: Callable[[str, str], Any]
    options: dict[str, str | Promise] | None = None
    lines: int = 1


def _whole(name: str, text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise Refused(str(_("must be a whole number")), field=name) from None


def _percent(name: str, text: str) -> float:
    try:
        return round(float(text.strip().removesuffix("%")) / 100, 6)
    except ValueError:
        raise Refused(str(_("must be a percentage")), field=name) from None


def _text(_name: str, text: str) -> str:
    return text


def _some_percent(name: str, text: str) -> float | None:
    return _percent(name, text) if text.strip() else None


def _yes(_name: str, text: str) -> bool:
    return text == "yes"


def _yes_or_none(_name: str, text: str) -> bool | None:
    return True if text == "yes" else None


def _entries(_name: str, text: str) -> list[str] | None:
    return [line.strip() for line in text.splitlines() if line.strip()] or None


def _skills(name: str, text: str) -> list[dict[str, Any]] | None:
    """Each line a percentage, behind the name of a project if it is that of another."""
    return [_skill(name, line) for line in _entries(name, text) or ()] or None


def _skill(name: str, line: str) -> dict[str, Any]:
    project, _space, bound = line.removesuffix("%").strip().rpartition(" ")
    skill = {"at_least": _percent(name, bound)}
    return {"project": project.strip(), **skill} if project else skill


def _money(name: str, text: str) -> int:
    return micros(name, text) or 0


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _as_percent(value: float) -> str:
    return f"{value * 100:g}"


def _as_some_percent(value: float | None) -> str:
    return "" if value is None else _as_percent(value)


def _as_yes(value: bool | None) -> str:
    return "yes" if value else "no"


def _as_entries(values: list[str] | None) -> str:
    return "\n".join(values or ())


def _as_skills(skills: list[dict[str, Any]] | None) -> str:
    return "\n".join(
        f"{skill.get('project', '')} {_as_percent(skill['at_least'])} %".strip()
        for skill in skills or ()
    )


def _as_money(value: int | None) -> str:
    return "" if value is None else f"{value / 1_000_000:.6f}".rstrip("0").rstrip(".")


REDUNDANCIES: dict[str, str | Promise] = {
    Redundancy.ADAPTIVE: _("as many as the certainty needs"),
    Redundancy.FIXED: _("the same number for every item"),
    Redundancy.PARTIAL: _("more for a share of the items"),
}
ORDERS: dict[str, str | Promise] = {
    Order.PRIORITY: _("by priority"),
    Order.RANDOM: _("at random"),
    Order.OLDEST: _("oldest first"),
}
GOLD_RULES: dict[str, str | Promise] = {
    GoldRule.FALLING: _("more for newcomers, less the longer their record"),
    GoldRule.FIXED: _("the same for everybody"),
}
YES_NO: dict[str, str | Promise] = {"no": _("no"), "yes": _("yes")}
QUESTION, ASKING, ITEMS, PEOPLE, MONEY = "question", "asking", "items", "people", "money"
SETTINGS = (
    Setting("name", _("Name"), "", QUESTION, _plain, _text),
    Setting(
        "instructions", _("Instructions"),
        _("The first line stands above every item. A change is a new version for seats given from then on."),
        QUESTION, _plain, _text, lines=8,
    ),
    Setting("redundancy", _("How many answers"), "", ASKING, _plain, _text, REDUNDANCIES),
    Setting("seats_min", _("Fewest answers an item"), "", ASKING, _plain, _whole),
    Setting("seats_max", _("Most answers an item"), "", ASKING, _plain, _whole),
    Setting(
        "target_certainty", _("A label is settled at this certainty, %"), "", ASKING,
        _as_percent, _percent,
    ),
    Setting(
        "partial_share", _("Share of items with the most answers, %"),
        _("Only when more answers are for a share of the items."), ASKING, _as_percent, _percent,
    ),
    Setting("order", _("Order"), "", ASKING, _plain, _text, ORDERS),
    Setting(
        "gold_share", _("Gold among what people see, %"),
        _("They cannot tell it from work."), ASKING, _as_percent, _percent,
    ),
    Setting(
        "lease_seconds", _("An item is held for, seconds"),
        _("Then it goes to somebody else; the page renews it while somebody works."),
        ASKING, _plain, _whole,
    ),
    Setting("gold_rule", _("Who meets how much gold"), "", ASKING, _plain, _text, GOLD_RULES),
    Setting(
        "max_answers_per_person", _("Most answers of one person"), _("Empty: no limit."),
        PEOPLE, _plain, _whole,
    ),
    Setting(
        "max_answers_per_day", _("Most answers of one person in a day"), _("Empty: no limit."),
        PEOPLE, _plain, _whole,
    ),
    Setting(
        "max_share_per_person", _("Largest share of the items for one person, %"),
        _("Empty: no limit."), PEOPLE, _as_some_percent, _some_percent,
    ),
    Setting(
        "practice_bound", _("Practice until the accuracy is surely above, %"),
        _("Empty: no practice. Practice needs items whose answer and explanation are known."),
        PEOPLE, _as_some_percent, _some_percent,
    ),
    Setting(
        "match_people", _("Ask those first who are good at an item"), "", PEOPLE,
        _as_yes, _yes, YES_NO,
    ),
    Setting(
        "shuffle_labels", _("Each person has an order of the labels of their own"),
        _("It stays the same for them. What stands first is then not favoured in all answers at once."),
        PEOPLE, _as_yes, _yes, YES_NO,
    ),
    Setting(
        "who_may_work.groups", _("Only these groups, one in each line"),
        _("Empty: everybody. Else who is in one of them."),
        PEOPLE, _as_entries, _entries, lines=2,
    ),
    Setting(
        "who_may_work.languages", _("Only these languages, one in each line"),
        _("Codes such as de and fr. Empty: everybody. Else who speaks one of them."),
        PEOPLE, _as_entries, _entries, lines=2,
    ),
    Setting(
        "who_may_work.doors", _("Only who came in by these doors, one in each line"),
        _("Empty: everybody, however they came."), PEOPLE, _as_entries, _entries, lines=2,
    ),
    Setting(
        "who_may_work.roles", _("Roles, one in each line"),
        _("Empty: annotators. Known are annotator, reviewer, auditor, manager and owner."),
        PEOPLE, _as_entries, _entries, lines=2,
    ),
    Setting(
        "who_may_work.skills", _("Only who is surely right in at least, one in each line"),
        _(
            "“80 %” looks at this project, and lets newcomers begin; with the id of another project "
            "before it, at that one. Counted is the lower end of the accuracy."
        ),
        PEOPLE, _as_skills, _skills, lines=2,
    ),
    Setting(
        "media_rules.required", _("Every item has a picture"), "", ITEMS, _as_yes, _yes_or_none,
        YES_NO,
    ),
    Setting(
        "media_rules.types", _("Kinds of pictures, one in each line"),
        _("Such as image/png. Empty: every kind that browsers show."),
        ITEMS, _as_entries, _entries, lines=2,
    ),
    Setting(
        "media_rules.most_pixels", _("Most pixels of a picture"),
        _("Width times height. Empty: no limit of this project."), ITEMS, _plain, _whole,
    ),
    Setting(
        "media_rules.least_side", _("Least width and height, pixels"), _("Empty: no limit."),
        ITEMS, _plain, _whole,
    ),
    Setting(
        "media_rules.most_bytes", _("Most bytes of a picture"),
        _("As it is kept. Empty: no limit of this project."), ITEMS, _plain, _whole,
    ),
    Setting(
        "media_rules.sensitive", _("Blur pictures until people want to look"),
        _("They are offered a rest after twenty minutes."), ITEMS, _as_yes, _yes_or_none, YES_NO,
    ),
    Setting("price_micros", _("Pay for an answer"), "", MONEY, _as_money, _money),
    Setting(
        "budget_micros", _("Spend at most"), _("Empty: no limit."), MONEY, _as_money, micros,
    ),
)  # fmt: skip
