"""The settings of a project as a form: what it shows, and what a post changes."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from labeling.drafts import LABELED
from labeling.errors import Refused
from labeling.models import Project
from labeling.queries import current_instructions, label_set
from labeling.settings_fields import SETTINGS

Json = Any


def shown_settings(
    project: Project, typed: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The fields with what holds now, or what was typed."""
    now = {**_now(project), "instructions": current_instructions(project)}
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
    now = {**_now(project), "instructions": _lines(current_instructions(project))}
    changed = {name: value for name, value in given.items() if value != now[name]}
    return {**_whole_objects(project, changed), **_configuration_change(project, form)}


def _now(project: Project) -> dict[str, Any]:
    """What holds, by the name of the field; an entry that is not there, or is false, is None."""
    return {setting.name: _held(project, setting.name) for setting in SETTINGS}


def _held(project: Project, name: str) -> Any:
    whole, _dot, entry = name.partition(".")
    value = getattr(project, whole, None)
    return (value.get(entry) or None) if entry and value is not None else value


def _whole_objects(project: Project, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Entries that change, put into the objects that they belong to; None takes an entry away."""
    settings: dict[str, Any] = {}
    for name, value in changed.items():
        whole, _dot, entry = name.partition(".")
        if not entry:
            settings[name] = value
            continue
        held = settings.setdefault(whole, dict(getattr(project, whole)))
        held[entry] = value
    return {name: _without_none(value) for name, value in settings.items()}


def _without_none(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {entry: held for entry, held in value.items() if held is not None}


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
