"""How good the model has become: accuracy and macro F1 on gold, against labels and against money."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from labeling.amounts import money
from labeling.models import Project
from labeling.plots import Point, amounts, draw
from learning.queries import CurvePoint
from learning.views.charts import Chart

CURVES = ("model_accuracy", "model_macro_f1", "random_baseline")


def model_charts(project: Project, points: Sequence[CurvePoint]) -> list[Chart]:
    return [_against_labels(points), _against_money(project, points)]


def _against_labels(points: Sequence[CurvePoint]) -> Chart:
    names = _names()
    series = {
        said: [Point(p.labels, p.value, p.low, p.high) for p in points if p.name == name]
        for name, said in names.items()
    }
    return Chart(
        "model-labels",
        _("The model against labels"),
        _(
            "Accuracy and macro F1 on gold items, which no model is trained on. Random: the accuracy of a model "
            "of as many items drawn at random. With 95 % intervals."
        ),
        _missing(),
        [_("Figure"), _("Labels"), _("Value"), _("95 % interval")],
        [[names[p.name], f"{p.labels:,}", f"{p.value:.1%}", _between(p)] for p in _known(points)],
        plot=draw(series),
    )


def _against_money(project: Project, points: Sequence[CurvePoint]) -> Chart:
    """Without the random baseline: nobody has paid for its labels alone."""
    names = {name: said for name, said in _names().items() if name != "random_baseline"}
    known = [p for p in _known(points) if p.name in names and p.spent_micros is not None]

    def said(micros: float) -> str:
        return money(round(micros), project.currency)

    series = {
        name: [Point(p.spent_micros or 0, p.value, p.low, p.high) for p in known if p.name == key]
        for key, name in names.items()
    }
    return Chart(
        "model-money",
        _("The model against money"),
        _("The same by what was spent when the model was judged, gold and all."),
        _missing(),
        [_("Figure"), _("Spent"), _("Value"), _("95 % interval")],
        [[names[p.name], said(p.spent_micros or 0), f"{p.value:.1%}", _between(p)] for p in known],
        plot=draw(series, x=amounts(said)) if any(p.spent_micros for p in known) else None,
    )


def _names() -> dict[str, str]:
    return {
        "model_accuracy": _("accuracy"),
        "model_macro_f1": _("macro F1"),
        "random_baseline": _("random"),
    }


def _known(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    return [point for point in points if point.name in CURVES]


def _missing() -> str:
    return _("It needs two models and gold items that both have predicted, and for money a price.")


def _between(point: CurvePoint) -> str:
    if point.low is None or point.high is None:
        return ""
    return f"{point.low:.1%} – {point.high:.1%}"
