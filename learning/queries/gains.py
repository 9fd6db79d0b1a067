"""What learning has brought, in labels, money and time: the manager's figures."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median

from django.db.models import Avg, Count, Min

from labeling.models import Answer, Item, Project, Redundancy
from labeling.queries import spent_micros
from labeling.queries.among import among
from learning.insight import Point, is_level, is_stable, labels_for, remedy
from learning.models import Metric, ModelVersion, QueryRound
from learning.queries.items import space_of
from quality.models import Consensus, ConsensusState
from quality.queries import machine_labels
from quality.queries.fits import parameters_of
from quality.queries.progress import standing_of

NEWEST_ROUNDS = 10
NEWEST_ANSWERS = 500


@dataclass(frozen=True)
class Gains:
    """Figures that are None have no evidence yet.

    ``random_labels``: labels that random sampling would need for the model's present accuracy, from the
    random share (see ``learning.services.baseline``); ``money_saved_micros`` prices the difference at the
    present cost of a label. ``answers_saved``: against the most seats for every labeled item.
    ``query_to_label_seconds``: median from a round's opening to the settled label.
    """

    labels: int
    machine_labels: int
    spent_micros: int
    model_accuracy: float | None
    random_labels: float | None
    labels_saved: float | None
    money_saved_micros: int | None
    answers_saved: int
    hours_saved: float | None
    query_to_label_seconds: float | None
    models_trained: int
    seconds_between_models: float | None
    voice: float | None
    level: bool
    stable: bool
    remedy: str


def gains(project: Project) -> Gains:
    """All figures of a project."""
    known = _labels(project.pk)
    accuracy = _curve(project.pk, "model_accuracy")
    spent, level = spent_micros(project.pk), has_levelled(project.pk)
    random = (
        labels_for(_curve(project.pk, "random_baseline"), accuracy[-1].value) if accuracy else None
    )
    saved = None if random is None else random - accuracy[-1].labels
    answers_saved = _answers_saved(project, known)
    pace = seconds_an_answer(project.pk)
    voice = _voice(project.pk)
    return Gains(
        labels=known.items,
        machine_labels=machine_labels(project.pk).count(),
        spent_micros=spent,
        model_accuracy=accuracy[-1].value if accuracy else None,
        random_labels=random,
        labels_saved=saved,
        money_saved_micros=_price_of(saved, spent, known.items),
        answers_saved=answers_saved,
        hours_saved=None if pace is None else answers_saved * pace / 3600,
        query_to_label_seconds=_query_to_label(project.pk),
        models_trained=len(times := _trained_at(project.pk)),
        seconds_between_models=_between(times),
        voice=voice,
        level=level,
        stable=has_settled(project.pk),
        remedy=_remedy(project.pk, voice) if level else "",
    )


def has_levelled(project_id: int) -> bool:
    """Whether the model's accuracy on gold (else its agreement with people) has stopped rising."""
    curve = _curve(project_id, "model_accuracy") or _curve(project_id, "model_agreement")
    return is_level(curve)


def has_settled(project_id: int) -> bool:
    """Whether the last models agree with each other."""
    return is_stable([point.value for point in _curve(project_id, "model_stability")])


def _curve(project_id: int, name: str) -> list[Point]:
    rows = Metric.objects.filter(project_id=project_id, name=name).order_by("pk")
    return [Point(*row) for row in rows.values_list("labels", "value", "low", "high")]


@dataclass(frozen=True)
class _Labels:
    """Settled work items and the votes behind them."""

    items: int
    votes: int


def _labels(project_id: int) -> _Labels:
    found = standing_of(project_id).counts.get(ConsensusState.SETTLED, {"n": 0, "answers": 0})
    return _Labels(found["n"], found["answers"])


def _answers_saved(project: Project, known: _Labels) -> int:
    fixed = project.redundancy == Redundancy.FIXED
    asked = known.items - machine_labels(project.pk).count() if fixed else known.items
    wanted = project.seats_max * known.items
    return max(0, wanted - (project.seats_max * asked if fixed else known.votes))


def _price_of(labels: float | None, spent: int, n_labels: int) -> int | None:
    return None if labels is None or not n_labels else round(labels * spent / n_labels)


def seconds_an_answer(project_id: int) -> float | None:
    """The median of the newest answers; None while no time is known."""
    newest = Answer.objects.filter(project_id=project_id, seconds__isnull=False).order_by("-pk")
    seconds = [
        s for s in newest.values_list("seconds", flat=True)[:NEWEST_ANSWERS] if s is not None
    ]
    return median(seconds) if seconds else None


def _query_to_label(project_id: int) -> float | None:
    rounds = QueryRound.objects.filter(project_id=project_id).order_by("-number")[:NEWEST_ROUNDS]
    waits: list[timedelta] = []
    for item_ids, opened in rounds.values_list("item_ids", "created_at"):
        settled = Consensus.objects.filter(
            item_id__in=among(item_ids), state=ConsensusState.SETTLED, settled_at__gte=opened
        )
        waits += [at - opened for at in settled.values_list("settled_at", flat=True) if at]
    return median(wait.total_seconds() for wait in waits) if waits else None


def _trained_at(project_id: int) -> list[float]:
    rows = ModelVersion.objects.filter(project_id=project_id).order_by("pk")
    return [at.timestamp() for at in rows.values_list("created_at", flat=True)]


def _between(times: list[float]) -> float | None:
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return median(gaps) if gaps else None


def _voice(project_id: int) -> float | None:
    """The weight of the model in the beliefs, between 0 and 1; None while it has not been asked."""
    parameters = parameters_of(project_id)
    return parameters.weight if parameters.version else None


def _remedy(project_id: int, voice: float | None) -> str:
    space = space_of(project_id)
    return remedy(
        voice=voice,
        has_features=space is not None and space.kind != "none",
        label_level=is_level(_curve(project_id, "label_accuracy")),
    )


@dataclass(frozen=True)
class RoundGain:
    """What one round brought so far: of its items, how many are settled and how sure they are."""

    number: int
    parts: dict[str, int]
    again: int
    settled: int
    mean_confidence: float | None
    first_settled_seconds: float | None


def round_gains(project_id: int) -> list[RoundGain]:
    """The newest rounds, the newest first."""
    rounds = QueryRound.objects.filter(project_id=project_id).order_by("-number")[:NEWEST_ROUNDS]
    return [_round_gain(row) for row in rounds]


def _round_gain(row: QueryRound) -> RoundGain:
    items = Item.objects.filter(pk__in=among(row.item_ids)).values("pk")
    settled = Consensus.objects.filter(item_id__in=items, state=ConsensusState.SETTLED)
    found = settled.aggregate(n=Count("pk"), sure=Avg("confidence"), first=Min("settled_at"))
    first = found["first"]
    return RoundGain(
        number=row.number,
        parts={name: len(ids) for name, ids in row.parts.items()},
        again=len(row.again),
        settled=found["n"],
        mean_confidence=found["sure"],
        first_settled_seconds=(first - row.created_at).total_seconds() if first else None,
    )
