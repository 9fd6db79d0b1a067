"""The settings of a project as a form: which there are, how they are typed, and what a post changes.

The table below is the only list; the page, the reading of a post and the tests follow it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from labeling.drafts import LABELED, micros
from labeling.errors import Refused
from labeling.models import GoldRule, Order, Project, Redundancy
from labeling.queries import current_instructions, label_set

Json = Any


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


def _object(name: str, text: str) -> Json:
    try:
        return json.loads(text or "{}")
    except ValueError:
        raise Refused(str(_("must be JSON")), field=name) from None


def _money(name: str, text: str) -> int:
    return micros(name, text) or 0


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _as_percent(value: float) -> str:
    return f"{value * 100:g}"


def _as_some_percent(value: float | None) -> str:
    return "" if value is None else _as_percent(value)


def _as_yes(value: bool) -> str:
    return "yes" if value else "no"


def _as_object(value: Json) -> str:
    return json.dumps(value or {}, ensure_ascii=False, indent=2)


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
QUESTION, ASKING, PEOPLE, MONEY = "question", "asking", "people", "money"
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
        "who_may_work", _("Who may work, as JSON"),
        _('{} lets every annotator in. Entries: roles, groups, languages, doors, skills.'),
        PEOPLE, _as_object, _object, lines=4,
    ),
    Setting(
        "media_rules", _("What pictures must be, as JSON"),
        _(
            "{} asks for nothing. Entries: required, types, most_pixels, least_side, most_bytes; "
            "with sensitive pictures are blurred until people want to look."
        ),
        ASKING, _as_object, _object, lines=3,
    ),
    Setting("price_micros", _("Pay for an answer"), "", MONEY, _as_money, _money),
    Setting(
        "budget_micros", _("Spend at most"), _("Empty: no limit."), MONEY, _as_money, micros,
    ),
)  # fmt: skip


def shown_settings(
    project: Project, typed: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The fields with what holds now, or what was typed."""
    now = {**{s.name: getattr(project, s.name, None) for s in SETTINGS}}
    now["instructions"] = current_instructions(project)
    return [
        {
            "name": setting.name,
            "title": setting.title,
            "note": setting.note,
            "group": setting.group,
            "options": setting.options,
            "rows": setting.lines if setting.lines > 1 else 0,
            "value": (typed or {}).get(setting.name, setting.show(now[setting.name])),
        }
        for setting in SETTINGS
    ]


def changes_in(project: Project, form: Mapping[str, str]) -> dict[str, Any]:
    """What the form changes, by setting; what stays as it is, is left out. Raises Refused."""
    given = {s.name: s.read(s.name, _lines(form[s.name])) for s in SETTINGS if s.name in form}
    now = {name: getattr(project, name, None) for name in given}
    if "instructions" in given:
        now["instructions"] = _lines(current_instructions(project))
    changed = {name: value for name, value in given.items() if value != now[name]}
    return {**changed, **_configuration_change(project, form)}


def shown_configuration(project: Project) -> dict[str, str]:
    """Labels one a line where the type has labels, and the whole configuration as JSON."""
    configuration = label_set(project.pk, project.label_set_version).configuration
    labels = configuration.get("labels", []) if project.label_type in LABELED else []
    return {
        "labels": "\n".join(_label_line(label) for label in labels),
        "configuration": json.dumps(configuration, ensure_ascii=False, indent=2),
    }


def _label_line(label: dict[str, str]) -> str:
    title = label.get("title")
    return f"{label['value']} = {title}" if title else label["value"]


def _configuration_change(project: Project, form: Mapping[str, str]) -> dict[str, Json]:
    before = label_set(project.pk, project.label_set_version).configuration
    after = _configuration(project, form, before)
    return {} if after == before else {"configuration": after}


def _configuration(project: Project, form: Mapping[str, str], before: Json) -> Json:
    if project.label_type in LABELED and "labels" in form:
        known = {label["value"]: label for label in before["labels"]}
        lines = [line.strip() for line in form["labels"].splitlines() if line.strip()]
        return {**before, "labels": [_label(line, known) for line in lines]}
    if "configuration" not in form:
        return before
    try:
        return json.loads(form["configuration"])
    except ValueError:
        raise Refused(str(_("must be JSON")), field="configuration") from None


def _label(line: str, known: Mapping[str, dict[str, str]]) -> dict[str, str]:
    value, equals, title = (part.strip() for part in line.partition("="))
    label = {**known.get(value, {}), "value": value}
    label.pop("title", None)
    return {**label, "title": title} if equals and title else label


def _lines(text: str) -> str:
    """A browser sends lines that end in CR LF."""
    return text.replace("\r\n", "\n")
