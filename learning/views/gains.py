"""What learning has brought, as figures for people: the same as the API has."""

from django.utils.translation import gettext as _

from labeling.amounts import duration, money, percent
from labeling.models import Project
from learning.queries.gains import Gains
from learning.views.figures import UNKNOWN, Figure


def gain_figures(project: Project, found: Gains) -> list[Figure]:
    return [
        _labels_saved(found),
        _money_saved(project, found),
        _time_saved(found),
        _machine(found),
        _query_to_label(found),
        _retraining(found),
        _voice(found),
        _curve(found),
    ]


def _labels_saved(found: Gains) -> Figure:
    name = _("Labels saved")
    if found.labels_saved is None or found.random_labels is None:
        return Figure(name, UNKNOWN, _("needs gold, and three models of the random share"))
    note = _("random sampling would need %(n)s for this model") % {
        "n": f"{found.random_labels:,.0f}"
    }
    return Figure(name, f"{found.labels_saved:,.0f}", note)


def _money_saved(project: Project, found: Gains) -> Figure:
    name, spent = _("Money saved"), money(found.spent_micros, project.currency)
    note = _("against random sampling; %(spent)s spent") % {"spent": spent}
    if found.money_saved_micros is None:
        return Figure(name, UNKNOWN, note)
    return Figure(name, money(found.money_saved_micros, project.currency), note)


def _time_saved(found: Gains) -> Figure:
    note = _("%(n)s answers fewer than the most seats") % {"n": f"{found.answers_saved:,}"}
    saved = UNKNOWN if found.hours_saved is None else duration(found.hours_saved * 3600)
    return Figure(_("Work saved"), saved, note)


def _machine(found: Gains) -> Figure:
    note = _("of %(n)s labels, under certificates") % {"n": f"{found.labels:,}"}
    return Figure(_("Labeled by the machine"), f"{found.machine_labels:,}", note)


def _query_to_label(found: Gains) -> Figure:
    seconds = found.query_to_label_seconds
    shown = UNKNOWN if seconds is None else duration(seconds)
    return Figure(_("From question to label"), shown, _("median of the newest rounds"))


def _retraining(found: Gains) -> Figure:
    seconds = found.seconds_between_models
    note = "" if seconds is None else _("one in %(time)s") % {"time": duration(seconds)}
    return Figure(_("Models trained"), f"{found.models_trained:,}", note)


def _voice(found: Gains) -> Figure:
    shown = UNKNOWN if found.voice is None else percent(found.voice)
    return Figure(_("The model's voice"), shown, _("how much it is heard beside people"))


def _curve(found: Gains) -> Figure:
    shown = _("level") if found.level else _("rising")
    stable = _("the last models agree") if found.stable else _("the last models still differ")
    return Figure(_("Learning curve"), shown, stable)
