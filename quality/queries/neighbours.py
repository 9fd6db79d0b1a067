"""With whom somebody answers alike: the other people of their items, the most alike in errors first.

Agreeing on what is right tells little; the same wrong answer again and again is a sign of copying. Read from
the newest answers, so that the page stays quick however long the record.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from labeling.models import Enrollment
from labeling.queries import counted_answers, counted_answers_to
from quality.inference.estimate import Estimate
from quality.inference.intervals import share
from quality.models import Consensus

LATEST = 2_000  # answers of the person
SHOWN = 12
LEAST_SHARED = 5  # items, below which a pair says nothing


@dataclass(frozen=True)
class Neighbour:
    """``shared`` items answered by both; on ``same`` of them alike, on ``wrong_alike`` with the same error.

    ``errors``: shared items that the person has wrong by what is believed now. ``agreement`` is the share
    ``same`` of ``shared`` with its 95 % interval, ``beyond_chance`` the same by Cohen (1960): 0 is what their
    habits alone would give, 1 is always; undefined where both always say one label.
    """

    pseudonym: str
    shared: int
    same: int
    errors: int
    wrong_alike: int
    agreement: Estimate
    beyond_chance: Estimate


@dataclass(frozen=True)
class Tie:
    """Two of the neighbours, by their places in the list, and the errors that both made on the person's items."""

    first: int
    second: int
    errors: int


@dataclass(frozen=True)
class Circle:
    """The person's neighbours, and the ties of those among each other."""

    neighbours: list[Neighbour]
    ties: list[Tie]


def neighbours(enrollment: Enrollment) -> list[Neighbour]:
    return circle(enrollment).neighbours


def circle(enrollment: Enrollment) -> Circle:
    """Nobody while the answers are not one of several labels."""
    own = _own(enrollment)
    believed = dict(
        Consensus.objects.filter(item_id__in=list(own), label_code__isnull=False).values_list(
            "item_id", "label_code"
        )
    )
    pairs = _pairs(enrollment, own)
    names = _names(enrollment, list(pairs))
    found = [
        (_neighbour(names[who], own, believed, theirs), theirs)
        for who, theirs in pairs.items()
        if len(theirs) >= LEAST_SHARED and who in names
    ]
    found.sort(key=lambda one: _nearness(one[0]))
    shown = found[:SHOWN]
    return Circle([one for one, _said in shown], _ties([said for _one, said in shown], believed))


def _nearness(one: Neighbour) -> tuple[int, float, str]:
    return (-one.wrong_alike, -one.same / one.shared, one.pseudonym)


def _ties(said: Sequence[Mapping[int, int]], believed: Mapping[int, int | None]) -> list[Tie]:
    """Of each two, the errors in common, where there are any."""
    wrong = [
        {(item, code) for item, code in one.items() if believed.get(item, code) != code}
        for one in said
    ]
    found = [
        Tie(first, second, len(wrong[first] & wrong[second]))
        for first, second in combinations(range(len(wrong)), 2)
    ]
    return [tie for tie in found if tie.errors]


def _own(enrollment: Enrollment) -> dict[int, int]:
    mine = counted_answers(enrollment.project_id).filter(
        annotator_id=enrollment.annotator_id, label_code__isnull=False
    )
    rows = mine.order_by("-pk").values_list("item_id", "label_code")[:LATEST]
    return {item: code for item, code in rows if code is not None}


def _pairs(enrollment: Enrollment, own: dict[int, int]) -> dict[int, dict[int, int]]:
    """By other person: what they said about the shared items."""
    others = counted_answers_to(own).filter(label_code__isnull=False)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = others.exclude(annotator_id=enrollment.annotator_id)
    for who, item, code in rows.values_list("annotator_id", "item_id", "label_code"):
        if code is not None:
            found[who][item] = code
    return found


def _names(enrollment: Enrollment, people: list[int]) -> dict[int, str]:
    rows = Enrollment.objects.filter(project_id=enrollment.project_id, annotator_id__in=people)
    return dict(rows.values_list("annotator_id", "pseudonym"))


def _neighbour(
    name: str, own: dict[int, int], believed: dict[int, int | None], theirs: dict[int, int]
) -> Neighbour:
    alike = {item for item, code in theirs.items() if own[item] == code}
    wrong = {item for item in theirs if believed.get(item, own[item]) != own[item]}
    agreement = share(len(alike), len(theirs) - len(alike))
    return Neighbour(
        pseudonym=name,
        shared=len(theirs),
        same=len(alike),
        errors=len(wrong),
        wrong_alike=len(alike & wrong),
        agreement=agreement,
        beyond_chance=_beyond_chance(own, theirs, agreement),
    )


def _beyond_chance(own: Mapping[int, int], theirs: Mapping[int, int], same: Estimate) -> Estimate:
    """Kappa, with the interval of the share, by the labels that each of the two has used here."""
    one, other = Counter(own[item] for item in theirs), Counter(theirs.values())
    chance = sum(one[code] * other[code] for code in one) / len(theirs) ** 2
    if chance == 1 or same.value is None or same.low is None or same.high is None:
        return Estimate.undefined("both always say the same label")
    value, low, high = ((end - chance) / (1 - chance) for end in (same.value, same.low, same.high))
    return Estimate(value, low, high)
