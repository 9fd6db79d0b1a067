"""Words and figures that pages of several apps share."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import Job, State
from labeling import amounts

register = template.Library()

KINDS = {
    "labeling.import": gettext_lazy("Import"),
    "labeling.export": gettext_lazy("Export of answers"),
    "labeling.bring_in_line": gettext_lazy("Settings applied"),
    "quality.export": gettext_lazy("Export of labels"),
    "quality.refit": gettext_lazy("Skills of people"),
    "quality.survey": gettext_lazy("Looking for careless answers"),
    "quality.try_rules": gettext_lazy("Trying rules"),
    "learning.features": gettext_lazy("Features"),
    "learning.retrain": gettext_lazy("Training a model"),
    "learning.predict": gettext_lazy("Predicting the pool"),
    "learning.query_round": gettext_lazy("Choosing items"),
    "learning.people": gettext_lazy("Who gets questions"),
    "learning.vectors": gettext_lazy("Vectors of a file"),
    "learning.functions": gettext_lazy("Asking labelling functions"),
}
STATES = {
    State.WAITING: gettext_lazy("waiting"),
    State.RUNNING: gettext_lazy("running"),
    State.DONE: gettext_lazy("done"),
    State.FAILED: gettext_lazy("failed"),
    State.CANCELLED: gettext_lazy("stopped"),
}
TONES = {State.DONE: "good", State.FAILED: "bad", State.CANCELLED: "muted"}


@register.filter
def kind_name(job: Job) -> str:
    """What the job does, in words; of an unknown kind its name."""
    return str(KINDS.get(job.kind, job.kind))


@register.filter
def tone(job: Job) -> str:
    return TONES.get(State(job.state), "")


@register.filter
def state_name(job: Job) -> str:
    """The state, with the number of the attempt when it is not the first."""
    name = STATES[State(job.state)]
    if job.attempts < 2:
        return str(name)
    return _("%(state)s (attempt %(count)d)") % {"state": name, "count": job.attempts}


@register.filter
def took(job: Job) -> str:
    """``2.4 s``, ``3 min``: from the start of the last attempt to its end; empty before."""
    if job.started_at is None or job.finished_at is None:
        return ""
    return duration((job.finished_at - job.started_at).total_seconds())


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as people say them."""
    return "" if seconds is None else amounts.duration(seconds)


@register.filter
def amount_done(job: Job | None) -> str:
    """``400 of 1,000``, as far as it is known."""
    if job is None:
        return ""
    if job.total:
        return _("%(done)s of %(total)s") % {"done": f"{job.done:,}", "total": f"{job.total:,}"}
    return f"{job.done:,}" if job.done else ""


@register.filter
def entry(mapping: Mapping[Any, Any], key: object) -> Any:
    """The value under a key that only the page knows; nothing when there is none."""
    return mapping.get(key, "")


@register.filter
def pairs(mapping: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    """Key and value, for mappings whose keys people choose: a template's ``.items`` would find a key of that name."""
    return list(mapping.items())


@register.filter
def percent(share: float | None) -> str:
    """``92 %``; above 99 with one decimal; a dash while it is not known."""
    return "–" if share is None else amounts.percent(share)


@register.filter
def signed(value: float) -> str:
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")  # no zero is less than nothing


@register.filter
def answer(value: Any) -> str:
    """An answer or known label of any type, as one line of text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(answer(part) for part in value) or "–"
    if isinstance(value, Mapping):
        return " ".join(f"{key} {answer(part)}" for key, part in value.items())
    return "–" if value is None else str(value)


@register.filter
def spaced(code: str) -> str:
    """A name of the field as it is written in sentences: ``typical_first`` is "typical first"."""
    return code.replace("_", " ")
