"""What every inference method gives back: beliefs about items and about people."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike

from quality.inference.answers import Answers, Floats, Ints, checked_gold
from quality.inference.encoding import Frame, encode_frame
from quality.inference.skills import Skills

NO_LABEL = -1


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The result of one method on one set of answers.

    posterior[i, k]       P(true label of item i = k); the prior where nothing is known
    label[i]              most probable label; NO_LABEL without answers and gold
    confidence[i]         P(``label`` is right) as the method states it; 0 for NO_LABEL
    prior[k]              share of each label
    accuracy[a]           P(annotator a is right), with a 95 % interval low..high
    confusion[a, k, l]    P(a answers l | true label k), where the method has it
    difficulty[i]         larger is harder, where the method has it
    log_likelihood        one entry an iteration, where the method has a likelihood
    skills                what ``update_posterior`` and a warm start need, where the method has it
    ceiling               largest confidence that may be promised; None: not calibrated
    """

    posterior: Floats
    label: Ints
    confidence: Floats
    prior: Floats
    accuracy: Floats
    accuracy_low: Floats
    accuracy_high: Floats
    confusion: Floats | None = None
    difficulty: Floats | None = None
    iterations: int = 0
    converged: bool = True
    log_likelihood: list[float] = field(default_factory=list)
    ceiling: float | None = None
    skills: Skills | None = None

    def but(self, **changes: Any) -> Fit:
        """A copy with some fields changed."""
        return replace(self, **changes)


class TruthInference(ABC):
    """The scikit-learn manner: ``fit`` returns self, what was learned ends in ``_``.

    ``items_[i]``, ``annotators_[a]`` and ``classes_[k]`` are the ids behind the codes.
    """

    fit_: Fit
    items_: Sequence[Hashable]
    annotators_: Sequence[Hashable]
    classes_: Sequence[Hashable]

    def fit(
        self,
        answers: Answers | Frame,
        gold: ArrayLike | Mapping[Any, Any] | None = None,
        *,
        warm_start: Fit | None = None,
        weight: ArrayLike | None = None,
    ) -> Self:
        """Learn from votes: codes (``Answers``), or a frame with columns task, worker, label.

        Gold labels fix the posterior of their items and inform the skills. For codes, ``gold[i]``
        is the known label of item i or -1 (``NO_GOLD``); for a frame, gold maps items to labels
        (items that nobody answered are ignored). ``warm_start`` is an earlier fit of the same
        items, people and labels (it may know fewer of them). ``weight[r]`` is what row r of a frame
        counts (codes carry their own). ValueError when there is no label to choose from, or gold
        does not fit the answers.
        """
        if isinstance(answers, Answers):
            if weight is not None:
                raise ValueError("codes carry their own weight: Answers.from_codes(..., weight=)")
            self._name(*map(range, (answers.n_items, answers.n_annotators, answers.n_labels)))
            return self._fit_codes(answers, cast(ArrayLike | None, gold), warm_start)
        coded = encode_frame(answers, weight=weight)
        self._name(coded.items, coded.annotators, coded.labels)
        known = coded.gold(_pairs(gold))
        return self._fit_codes(coded.answers, known, warm_start)

    def fit_predict(
        self, answers: Answers | Frame, gold: ArrayLike | Mapping[Any, Any] | None = None
    ) -> dict[Hashable, Hashable]:
        """[item]: its label, for items about which anything is known."""
        self.fit(answers, gold)
        labels = zip(self.items_, self.label_.tolist(), strict=True)
        return {item: self.classes_[k] for item, k in labels if k != NO_LABEL}

    def _name(self, items: Sequence[Any], people: Sequence[Any], labels: Sequence[Any]) -> None:
        self.items_, self.annotators_, self.classes_ = items, people, labels

    def _fit_codes(self, answers: Answers, gold: ArrayLike | None, warm_start: Fit | None) -> Self:
        if answers.n_labels == 0:
            raise ValueError("no labels: answers without a single label cannot be aggregated")
        self.fit_ = self._infer(answers, checked_gold(gold, answers), warm_start)
        return self

    @abstractmethod
    def _infer(self, answers: Answers, gold: Ints, warm_start: Fit | None) -> Fit: ...

    @property
    def posterior_(self) -> Floats:
        return self.fit_.posterior

    @property
    def label_(self) -> Ints:
        return self.fit_.label

    @property
    def confidence_(self) -> Floats:
        return self.fit_.confidence

    @property
    def prior_(self) -> Floats:
        return self.fit_.prior

    @property
    def confusion_(self) -> Floats | None:
        return self.fit_.confusion

    @property
    def accuracy_(self) -> Floats:
        return self.fit_.accuracy

    @property
    def iterations_(self) -> int:
        return self.fit_.iterations

    @property
    def converged_(self) -> bool:
        return self.fit_.converged


def _pairs(gold: Any) -> Iterable[tuple[Any, Any]]:
    """(item, label) of a mapping, or of a pandas series; ValueError for what is neither."""
    if gold is None:
        return ()
    if not callable(getattr(gold, "items", None)):
        raise ValueError(f"gold must map items to labels, not be a {type(gold).__name__}")
    pairs: Iterable[tuple[Any, Any]] = gold.items()
    return pairs


def stated_confidence(label: Ints, posterior: Floats) -> Floats:
    """[i]: posterior of the chosen label, 0 where none was chosen."""
    chosen = np.take_along_axis(posterior, np.maximum(label, 0)[:, None], axis=1)[:, 0]
    return np.where(label == NO_LABEL, 0.0, chosen)
