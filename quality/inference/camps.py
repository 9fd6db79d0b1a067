"""Two camps: when the answers alone can not say who is right.

If nearly half of the people answer after one rule and the rest after another, any inference method
will follow the larger side and be sure of itself. This module looks for that, and says so.

1. Split. People are divided by the leading eigenvector of their agreement beyond what each one's
   usual agreement gives (the modularity of Newman, 2006), then each moves to the camp whose other
   members explain their answers better, until nobody moves.
2. Judge. Both camps must agree more among themselves than with each other (careless people are no
   camp). That contrast, or the log-likelihood gained by foretelling each answer from the rest of
   its own camp, must exceed what the same search finds after shuffling the labels within each
   item, which keeps how hard the items are and destroys who goes with whom.
3. Tell apart. With gold, the camp that is right there is right. A camp of under `LEAST_SHARE`
   of the answers can not mislead the rest. Otherwise the project is flagged, and the items on which
   the camps disagree most clearly are listed for an expert, spread over the labels in dispute.

Work per round is linear in the answers, besides the pairs that met.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

from quality.inference.agreement.pairwise import pairwise
from quality.inference.agreement.ratings import Ratings
from quality.inference.grouped import count_by, sum_by

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

LEAST_SHARE = 0.3  # more dishonest people than this can not be outvoted safely
LEAST_PEOPLE = 2  # in each camp
LEAST_CONTRAST = 0.1
LEAST_DISPUTED = 0.05  # of the items that both camps answered
SURE = 4.0  # standard deviations above the shuffled answers
GOLD_SURE, LEAST_GOLD = 3.0, 8  # standard errors between the camps on gold; items needed
SHUFFLES = 20
SMOOTHING = 1.0  # an answer's worth of even belief in each share
ROUNDS = 20
EXPERT_ITEMS = 20


@dataclass(frozen=True, eq=False)
class Camps:
    """What was found.

    flagged     two camps of weight exist and can not be told apart
    camp        [annotator] 0 or 1, 0 being the larger by answers; all -1 when there are no camps
    trusted     the camp that gold shows to be right, else None
    ask_expert  items to label by an expert, the most telling first; empty unless flagged
    reason      one sentence
    """

    flagged: bool
    camp: Codes
    trusted: int | None
    ask_expert: Codes
    reason: str


def find_camps(
    item: Codes,
    annotator: Codes,
    label: Codes,
    rng: Generator,
    *,
    n_annotators: int,
    n_labels: int,
    gold: Codes | None = None,
    n_expert_items: int = EXPERT_ITEMS,
) -> Camps:
    """Look for two camps. `gold` is [item], the known label or -1."""
    ratings = Ratings.of(item, annotator, label, n_labels=n_labels)
    if np.unique(ratings.annotator).size < 2 * LEAST_PEOPLE:
        return _none(n_annotators, "There are too few people to form camps.")
    camp = _split(ratings, n_annotators)
    if not _is_real(ratings, camp, rng, n_annotators):
        return _none(n_annotators, "People do not fall into two camps.")
    camp = _larger_first(camp, ratings.annotator)
    votes = _camp_votes(ratings, camp)
    disputed = _disputed(votes)
    share = float((camp[ratings.annotator] == 1).mean())
    if disputed.size < LEAST_DISPUTED * _met(votes):
        return _none(n_annotators, "The two camps hardly disagree on any item.")
    return _judge(ratings, camp, share, disputed, votes, gold, n_expert_items)


def _none(n_annotators: int, reason: str) -> Camps:
    return Camps(False, np.full(n_annotators, -1), None, np.empty(0, dtype=np.int64), reason)


def _judge(
    ratings: Ratings,
    camp: Codes,
    share: float,
    disputed: Codes,
    votes: Floats,
    gold: Codes | None,
    n_expert_items: int,
) -> Camps:
    nothing = np.empty(0, dtype=np.int64)
    trusted = None if gold is None else _right_on_gold(ratings, camp, gold)
    if trusted is not None:
        return Camps(False, camp, trusted, nothing, "Gold tells which of two camps is right.")
    if share < LEAST_SHARE:
        words = f"A camp with {share:.0%} of the answers differs from the rest."
        return Camps(False, camp, None, nothing, words)
    ask = _for_expert(disputed, votes, gold, n_expert_items)
    words = (
        f"Two camps with {1 - share:.0%} and {share:.0%} of the answers disagree on "
        f"{disputed.size} items; the answers alone can not tell who is right."
    )
    return Camps(True, camp, None, ask, words)


def _split(ratings: Ratings, n_annotators: int) -> Codes:
    """[annotator]: 0 or 1, after moving people to the camp that explains them better."""
    camp = _eigen_split(ratings, n_annotators)
    for _ in range(ROUNDS):
        fit = [_log_share(ratings, np.where(camp == g, 1.0, 0.0)) for g in (0, 1)]
        each = [sum_by(ratings.annotator, f, n_annotators) for f in fit]
        moved = (each[1] > each[0]).astype(np.int64)
        if (moved == camp).all():
            break
        camp = moved
    return camp


def _eigen_split(ratings: Ratings, n_annotators: int) -> Codes:
    """By the sign of the leading eigenvector of agreed - common * r_a r_b / r."""
    table = pairwise(ratings, n_annotators=n_annotators)
    shape = (n_annotators, n_annotators)
    index = (np.r_[table.first, table.second], np.r_[table.second, table.first])
    agreed, common = (
        csr_array(coo_array((np.r_[v, v].astype(float), index), shape=shape))
        for v in (table.agreed, table.common)
    )
    met = common @ np.ones(n_annotators)
    own = (agreed @ np.ones(n_annotators)) / np.maximum(met, 1.0)
    rate = max(float(table.agreed.sum()) / max(float(table.common.sum()), 1.0), 1e-9)

    def excess(v: Floats) -> Floats:
        v = v.ravel()
        product: Floats = agreed @ v - own * (common @ (own * v)) / rate
        return product

    return (_leading(excess, n_annotators) > 0).astype(np.int64)


def _leading(product: Callable[[Floats], Floats], size: int) -> Floats:
    if size <= 64:
        dense = np.stack([product(unit) for unit in np.eye(size)], axis=1)
        return np.asarray(np.linalg.eigh((dense + dense.T) / 2)[1][:, -1], dtype=np.float64)
    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=size)  # fixed: the same split every time
    vector: Floats = eigsh(operator, k=1, which="LA", v0=start, tol=1e-3)[1][:, 0]
    return vector


def _log_share(ratings: Ratings, counted: Floats) -> Floats:
    """[answer]: log of the share of its label among the item's other answers.

    Only people with `counted` 1 are among them; the answer itself never is.
    """
    k = ratings.n_labels
    weight = counted[ratings.annotator]
    cell = ratings.item * k + ratings.label
    same = sum_by(cell, weight, ratings.n_items * k)[cell] - weight
    every = sum_by(ratings.item, weight, ratings.n_items)[ratings.item] - weight
    share: Floats = np.log((same + SMOOTHING / k) / (every + SMOOTHING))
    return share


def _is_real(ratings: Ratings, camp: Codes, rng: Generator, n_annotators: int) -> bool:
    people = count_by(camp[np.unique(ratings.annotator)], 2)
    if people.min() < LEAST_PEOPLE or _contrast(ratings, camp, n_annotators) < LEAST_CONTRAST:
        return False
    by_luck = []
    for _ in range(SHUFFLES):
        shuffled = _shuffled_within_items(ratings, rng)
        by_luck.append(_signs(shuffled, _split(shuffled, n_annotators), n_annotators))
    limit = np.mean(by_luck, axis=0) + SURE * np.std(by_luck, axis=0)
    return bool((_signs(ratings, camp, n_annotators) > limit).any())


def _signs(ratings: Ratings, camp: Codes, n_annotators: int) -> Floats:
    """Two signs of camps: the gain is the sharper one on two labels, the contrast on more."""
    contrast = _contrast(ratings, camp, n_annotators)
    return np.array([contrast, _gain(ratings, camp, n_annotators)])


def _gain(ratings: Ratings, camp: Codes, n_annotators: int) -> float:
    """How much better an answer is foretold by its own camp than by everybody, in nats."""
    own = np.zeros(ratings.item.size)
    for g in (0, 1):
        members = np.where(camp == g, 1.0, 0.0)
        own += members[ratings.annotator] * _log_share(ratings, members)
    return float((own - _log_share(ratings, np.ones(n_annotators))).mean())


def _contrast(ratings: Ratings, camp: Codes, n_annotators: int) -> float:
    """Agreement within the camp that agrees less with itself, above that across the camps."""
    table = pairwise(ratings, n_annotators=n_annotators)
    kind = camp[table.first] + camp[table.second]  # 0 and 2 within a camp, 1 across
    common, agreed = (sum_by(kind, v.astype(float), 3) for v in (table.common, table.agreed))
    rate = agreed / np.maximum(common, 1.0)
    return float(min(rate[0], rate[2]) - rate[1])


def _shuffled_within_items(ratings: Ratings, rng: Generator) -> Ratings:
    by_item = np.argsort(ratings.item, kind="stable")
    mixed = np.lexsort((rng.random(ratings.item.size), ratings.item))
    label = np.empty_like(ratings.label)
    label[by_item] = ratings.label[mixed]
    return Ratings(ratings.item, ratings.annotator, label, ratings.n_items, ratings.n_labels)


def _larger_first(camp: Codes, annotator: Codes) -> Codes:
    return 1 - camp if (camp[annotator] == 1).mean() > 0.5 else camp


def _camp_votes(ratings: Ratings, camp: Codes) -> Floats:
    """[camp, item, label]: how many votes."""
    size = ratings.n_items * ratings.n_labels
    cell = camp[ratings.annotator] * size + ratings.item * ratings.n_labels + ratings.label
    return count_by(cell, 2 * size).astype(float).reshape(2, ratings.n_items, ratings.n_labels)


def _met(votes: Floats) -> int:
    """Items that both camps answered."""
    return int((votes.sum(axis=2) > 0).all(axis=0).sum())


def _margin(votes: Floats) -> Floats:
    """[camp, item]: votes of the commonest label above the next."""
    ranked = np.sort(votes, axis=2)
    margin: Floats = ranked[:, :, -1] - (ranked[:, :, -2] if votes.shape[2] > 1 else 0.0)
    return margin


def _disputed(votes: Floats) -> Codes:
    """Items on which both camps have a majority, and not the same."""
    choice = votes.argmax(axis=2)
    return np.flatnonzero((_margin(votes) > 0).all(axis=0) & (choice[0] != choice[1]))


def _right_on_gold(ratings: Ratings, camp: Codes, gold: Codes) -> int | None:
    """The camp that is better on gold by GOLD_SURE standard errors, if there is one.

    The items are the sample, not the answers: members of a camp repeat each other's errors.
    """
    votes = _camp_votes(ratings, camp)
    both = np.flatnonzero((votes.sum(axis=2) > 0).all(axis=0) & (gold[: ratings.n_items] >= 0))
    if both.size < LEAST_GOLD:
        return None
    right = votes[:, both, gold[both]] / votes[:, both].sum(axis=2)
    ahead = right[0] - right[1]
    error = np.sqrt((ahead.var() + 0.25 / both.size) / both.size)  # never zero by luck
    if abs(ahead.mean()) < GOLD_SURE * error:
        return None
    return int(ahead.mean() < 0)


def _for_expert(disputed: Codes, votes: Floats, gold: Codes | None, n_expert_items: int) -> Codes:
    """The clearest disputes of each pair of labels in turn; gold needs no expert."""
    if gold is not None:
        disputed = disputed[gold[disputed] < 0]
    clear = _margin(votes)[:, disputed].min(axis=0)
    choice = votes[:, disputed].argmax(axis=2)
    pair = choice[0] * votes.shape[2] + choice[1]
    order = np.lexsort((disputed, -clear, pair))
    grouped = pair[order]
    turn = np.arange(order.size) - np.searchsorted(grouped, grouped)
    return disputed[order[np.lexsort((-clear[order], turn))]][:n_expert_items]
