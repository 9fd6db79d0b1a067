"""Settle touched items at once, from stored skills and the items' answers, without a refit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from quality.inference.answers import NO_GOLD, Answers, Floats, Ints, checked_gold
from quality.inference.build import chosen_labels
from quality.inference.fit import stated_confidence
from quality.inference.skills import Skills
from quality.inference.votes import Votes


class Update(NamedTuple):
    """posterior[i, k], label[i] and confidence[i] of the touched items."""

    posterior: Floats
    label: Ints
    confidence: Floats


def update_posterior(skills: Skills, answers: Answers, gold: ArrayLike | None = None) -> Update:
    """Beliefs about the items of ``answers``, which holds **all** answers of each of them.

    Items are numbered 0.. as the caller likes, annotators as in the fit; higher codes are newcomers
    and judged as such. The result is that of the fit for the same answers (to rounding). ValueError
    when the number of labels differs from the fit's.
    """
    if answers.n_labels != skills.n_labels:
        raise ValueError(f"skills know {skills.n_labels} labels, answers have {answers.n_labels}")
    codes = checked_gold(gold, answers)
    votes = Votes(_among(answers, skills.n_annotators))
    posterior = skills.posterior(votes, codes)
    label = chosen_labels(votes, codes, posterior)
    return Update(posterior, label, capped(stated_confidence(label, posterior), codes, skills.cap))


def capped(confidence: Floats, gold: Ints, cap: float) -> Floats:
    """[i]: no more than ``cap`` for items without gold."""
    return np.where(gold == NO_GOLD, np.minimum(confidence, cap), confidence)


def _among(answers: Answers, n_annotators: int) -> Answers:
    """The same answers with every newcomer in the one row behind the known annotators."""
    annotator = np.minimum(answers.annotator, n_annotators)
    return Answers(
        answers.item,
        annotator,
        answers.label,
        answers.n_items,
        n_annotators + 1,
        answers.n_labels,
        answers.weight,
    )
