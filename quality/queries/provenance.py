"""Why this label: every vote as a contribution to the log-odds, and what was believed before.

The log-odds are those of the label against its strongest rival. With the stored fit they are a plain sum

    total = prior + sum over votes + doubt + experts

    vote = w(n) * log( C[a, label, said] / C[a, rival, said] )

where the prior contains the model's part, doubt is what is taken off because some items deceive everybody
(quality/inference/settling/doubt.py), and experts is what reviewers add. What stands in ``Consensus`` is this
sum, to six digits. A label that the machine gave under a certificate rests on the model alone: prior is all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.models import Enrollment, Item
from labeling.queries import AnswerArrays
from quality.given import MACHINE, REVIEWED
from quality.inference.answers import Floats
from quality.inference.belief.sums import normalised
from quality.inference.settling.parameters import priors, vote_weight
from quality.models import Consensus, Fit, SetAside
from quality.queries.fits import learned_confusions, parameters_of
from quality.queries.handling import handled
from quality.queries.labels import label_values
from quality.queries.reviews import Said, reviews_of, said_by_reviewers, strong_vote
from quality.queries.votes import Ballots, ballots, ballots_of_items

SMALLEST = 1e-12  # a stored belief is rounded: no log(0)


@dataclass(frozen=True)
class VotePart:
    """One vote: who said what, what it adds, and how often this person is right about the label."""

    pseudonym: str
    said: str | None
    log_odds: float
    right_when_label: float


@dataclass(frozen=True)
class AsideVote:
    """A vote that does not count, by which decision and why."""

    pseudonym: str
    decision: int
    reason: str


@dataclass(frozen=True)
class Provenance:
    """All that a label rests on.

    ``prior`` is the log-odds before the votes; ``class_shares`` what it would be without the model;
    ``doubt`` what is taken off, or added where labels look alike, after all votes; ``experts`` what
    reviewers then add, all the rest where their word is final. ``belief`` has every
    label with its probability, the most probable first.
    """

    label: str | None
    rival: str | None
    confidence: float | None
    state: str
    method: str
    log_odds: float
    prior: float
    class_shares: float
    doubt: float
    experts: float
    voice: dict[str, Any] | None
    votes: list[VotePart]
    set_aside: list[AsideVote]
    reviews: list[Said]
    fit_version: int
    belief: dict[str, float]


def provenance(item: Item, without: Collection[str] = ()) -> Provenance | None:
    """The grounds of the label, or what they would be had some people (by pseudonym) not answered.

    None for an item without votes. Without somebody, the fit and the label asked about stay the same.
    """
    known = Consensus.objects.filter(item=item).first()
    if known is None or known.label_code is None:
        return None
    return _Account(item, known, without).told()


class _Account:
    """One item's sum, from what is stored about it; without the votes of the people left out."""

    def __init__(self, item: Item, known: Consensus, left_out: Collection[str] = ()) -> None:
        self.item, self.known, self.left_out = item, known, left_out
        self.fit = Fit.objects.filter(project_id=item.project_id).first()
        self.parameters = parameters_of(item.project_id)
        everybody = ballots_of_items([item.pk], self.parameters.n_labels)
        self.ballots = _without(everybody, _ids(item.project_id, left_out))
        people = self.ballots.annotator_ids
        self.learned = learned_confusions(item.project_id, people, self.parameters)
        self.confusion = handled(item.project_id, people, self.learned)
        self.reviews = reviews_of([item.pk]).get(item.pk, [])
        self.prior = np.log(self._machine() if known.method == MACHINE else self._before())
        self.parts = self._parts()
        self.label, self.rival = self._best_two()

    def _before(self) -> Floats:
        """[k]: what is believed before any vote, the model's part in it as it was when the label was written."""
        voice = self.known.voice
        voiced = None if voice is None else np.array([voice["probabilities"]], dtype=np.float64)
        before: Floats = priors(self.parameters, voiced, 1)[0]
        return before

    def _machine(self) -> Floats:
        """[k]: what the model said of an item that it labeled."""
        return np.maximum(np.array(self.known.posterior, dtype=np.float64), SMALLEST)

    def _parts(self) -> Floats:
        """[v, k]: what each vote adds to the log-probability of each label."""
        votes = self.ballots.votes
        weight = vote_weight(votes.votes_per_item(), self.parameters.softening)[votes.item][:, None]
        parts: Floats = weight * np.log(self.confusion[votes.annotator, :, votes.label])
        return parts

    def _best_two(self) -> tuple[int, int]:
        joint = self._joint()
        label = int(self.known.label_code or 0)
        joint[label] = np.inf
        return label, int(np.argsort(-joint, kind="stable")[1])

    def _joint(self) -> Floats:
        """[k]: log-probability by prior and votes, up to a constant."""
        joint: Floats = self.prior + self.parts.sum(axis=0)
        return joint

    def _by_votes(self) -> Floats:
        """[k]: the probabilities that are stated for what people and the model say."""
        said = normalised(self._joint()[None])
        stated: Floats = (said if self.known.method == MACHINE else self.parameters.stated(said))[0]
        return stated

    def _stated(self) -> Floats:
        """[k]: the same with what experts say, who are heard whoever else is left out."""
        if self.known.method == REVIEWED and self.known.posterior:
            return np.maximum(np.array(self.known.posterior, dtype=np.float64), SMALLEST)
        joint = self._by_votes()
        for review in self.reviews:
            joint = joint * strong_vote(int(review.label_code or 0), joint.size)
        stated: Floats = joint / joint.sum()
        return stated

    def told(self) -> Provenance:
        values = label_values(self.item.project)
        by_votes, stated = np.log(self._by_votes()), np.log(self._stated())
        return Provenance(
            label=values.get(self.label),
            rival=values.get(self.rival),
            confidence=self._confidence(),
            state=self.known.state,
            method=self.known.method,
            log_odds=self._odds(stated),
            prior=self._odds(self.prior),
            doubt=self._odds(by_votes - self._joint()),
            experts=self._odds(stated - by_votes),
            class_shares=self._odds(np.log(self.parameters.shares)),
            voice=self.known.voice,
            votes=self._votes(values),
            set_aside=_set_aside(self.item),
            reviews=said_by_reviewers(self.item.pk),
            fit_version=self.fit.version if self.fit else 0,
            belief=self._believed(values),
        )

    def _confidence(self) -> float | None:
        """What is stored; of what was never stored, what the others say."""
        return float(self._stated()[self.label]) if self.left_out else self.known.confidence

    def _believed(self, values: dict[int, str]) -> dict[str, float]:
        share = self._stated()
        order = np.argsort(-share, kind="stable").tolist()
        return {values.get(k, str(k)): float(share[k]) for k in order}

    def _odds(self, log_probability: Floats) -> float:
        return float(log_probability[self.label] - log_probability[self.rival])

    def _votes(self, values: dict[int, str]) -> list[VotePart]:
        votes, names = self.ballots.votes, self._pseudonyms()
        people = self.ballots.annotator_ids[votes.annotator].tolist()
        right = self.learned[votes.annotator, self.label, self.label].tolist()
        rows = zip(people, votes.label.tolist(), self.parts, right, strict=True)
        return [
            VotePart(names[who], values.get(said), self._odds(part), known)
            for who, said, part, known in rows
        ]

    def _pseudonyms(self) -> dict[int, str]:
        people = Enrollment.objects.filter(
            project_id=self.item.project_id, annotator_id__in=self.ballots.annotator_ids.tolist()
        )
        return dict(people.values_list("annotator_id", "pseudonym"))


def _ids(project_id: int, pseudonyms: Collection[str]) -> list[int]:
    people = Enrollment.objects.filter(project_id=project_id, pseudonym__in=list(pseudonyms))
    return list(people.values_list("annotator_id", flat=True)) if pseudonyms else []


def _without(given: Ballots, left_out: Collection[int]) -> Ballots:
    """The votes of the others."""
    who = given.annotator_ids[given.votes.annotator]
    kept = ~np.isin(who, list(left_out))
    said = (given.answer_ids, given.item_ids[given.votes.item], who, given.votes.label)
    arrays = AnswerArrays(*(column[kept] for column in said))
    return ballots(arrays, given.votes.n_labels, given.item_ids)


def _set_aside(item: Item) -> list[AsideVote]:
    """Answers on the item that do not count, and by which decision."""
    rows = SetAside.objects.filter(answer__item=item).select_related("decision", "answer")
    people = Enrollment.objects.filter(project_id=item.project_id)
    names = dict(people.values_list("annotator_id", "pseudonym")) if rows else {}
    return [
        AsideVote(names[row.answer.annotator_id], row.decision_id, row.decision.reason)
        for row in rows
    ]
