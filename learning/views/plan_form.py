"""What a manager can set about learning, each with one sentence about what it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from learning.estimators import numbers, registry
from learning.features import registry as extractors
from learning.models import Plan
from learning.says import AUTO
from learning.services.plans import UnusablePlan, usable_strategies

WHOLE = ("round_size", "retrain_after", "retrain_hours", "interactive_after")
SHARES = ("certainty", "random_share", "retrain_share")
WORDS = ("strategy", "estimator", "features")
SWITCHES = ("turn_away",)
STOP = "stop_"  # and the name of a rule: a box of its own


@dataclass(frozen=True)
class Field:
    """``options`` to choose from, ``suggested`` words for free text, else a number; or a box to tick."""

    name: str
    title: str
    note: str
    value: str = ""
    options: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    ticked: bool | None = None


@dataclass(frozen=True)
class Group:
    title: str
    fields: list[Field]


def groups(plan: Plan) -> list[Group]:
    return [
        Group(_("When it ends"), _ending(plan)),
        Group(_("What is asked"), _asking(plan)),
        Group(_("The model"), _model(plan)),
        Group(_("Who is asked"), _people(plan)),
    ]


def _ending(plan: Plan) -> list[Field]:
    notes = {
        "certainty": (
            _("Stop at that certainty"),
            _("Judged on gold: without enough gold items nothing ends by it."),
        ),
        "plateau": (
            _("Stop where the learning curve is level"),
            _("More labels make the model no better. Items that nobody answered stay unanswered."),
        ),
        "stability": (
            _("Stop when models agree with each other"),
            _("The last three say the same about nearly every item."),
        ),
    }
    promise = Field(
        "certainty",
        _("Share of labels that shall be right, %"),
        _("Expected over all items. A spent budget always ends the project, too."),
        f"{plan.certainty * 100:g}",
    )
    boxes = [
        Field(f"{STOP}{name}", title, note, ticked=name in plan.stop_rules)
        for name, (title, note) in notes.items()
    ]
    return [promise, *boxes]


def _asking(plan: Plan) -> list[Field]:
    return [
        Field(
            "strategy",
            _("Choose by"),
            _(
                "“priced” weighs new items against further answers by what they repair for the money."
            ),
            plan.strategy,
            options=tuple(usable_strategies()),
        ),
        Field(
            "random_share",
            _("Of them at random, %"),
            _("This part measures without bias what the model and random sampling are worth."),
            f"{plan.random_share * 100:g}",
        ),
        Field(
            "round_size",
            _("Items in a round"),
            _("Larger rounds follow the model less closely and keep more people at work."),
            str(plan.round_size),
        ),
        Field(
            "interactive_after",
            _("Ask anew after so many answers"),
            _("For the estimator “sgd”, which learns step by step; 0 asks in rounds."),
            str(plan.interactive_after),
        ),
    ]


def _model(plan: Plan) -> list[Field]:
    return [
        Field(
            "features",
            _("Features"),
            _(
                "What a model sees of an item; “auto” takes what suits. Another kind is computed anew."
            ),
            plan.features,
            options=(extractors.AUTO, *extractors.names(), extractors.SUPPLIED),
        ),
        Field(
            "estimator",
            _("Estimator"),
            _(
                "“auto” suits the question; a Python path or an address where the administrator allows it."
            ),
            plan.estimator,
            suggested=tuple(dict.fromkeys([AUTO, *registry.names(), *numbers.RECIPES])),
        ),
        Field(
            "retrain_after",
            _("Train after so many new labels"),
            _("A model that is worse beyond luck is not used."),
            str(plan.retrain_after),
        ),
        Field(
            "retrain_share",
            _("And so much more than it has seen, %"),
            _("A model from hardly more labels is hardly another model."),
            f"{plan.retrain_share * 100:g}",
        ),
        Field(
            "retrain_hours",
            _("Or after so many hours"),
            _("Then one new label is enough; 0 for never."),
            str(plan.retrain_hours),
        ),
    ]


def _people(plan: Plan) -> list[Field]:
    note = _(
        "Whoever is probably below half way between guessing and the crowd gets no more questions until the "
        "evidence changes; nothing is taken from them. At least a dozen answers are looked at."
    )
    return [
        Field(
            "turn_away",
            _("No more questions for people clearly below the crowd"),
            note,
            ticked=plan.turn_away,
        )
    ]


def changes_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The plan as typed. Raises UnusablePlan where a number cannot be read."""
    found: dict[str, Any] = {name: form[name].strip() for name in WORDS if name in form}
    try:
        found |= {name: int(form[name]) for name in WHOLE if name in form}
        found |= {name: round(float(form[name]) / 100, 6) for name in SHARES if name in form}
    except ValueError:
        raise UnusablePlan(_("a number is missing or cannot be read")) from None
    return found | _boxes(form)


def _boxes(form: Mapping[str, str]) -> dict[str, Any]:
    """A box that is not ticked is not sent: ``boxes`` says that they were there."""
    if "boxes" not in form:
        return {}
    rules = [name.removeprefix(STOP) for name in sorted(form) if name.startswith(STOP)]
    return {"stop_rules": rules, **{name: name in form for name in SWITCHES}}
