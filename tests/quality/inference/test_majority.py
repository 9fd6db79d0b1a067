import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.majority import MajorityVote


def tied(n_items: int) -> Answers:
    item = np.repeat(np.arange(n_items), 2)
    return Answers(item, item % 2, np.tile([0, 1], n_items), n_items, 2, 2)


def test_confidence_is_the_share_of_the_votes():
    fit = MajorityVote().fit(Answers.from_codes([0, 0, 0], [0, 1, 2], [1, 1, 0])).fit_
    assert fit.label.tolist() == [1]
    assert fit.confidence == pytest.approx([2 / 3])


def test_ties_fall_evenly_and_follow_the_seed():
    labels = MajorityVote(seed=1).fit(tied(2000)).label_
    assert 0.45 < labels.mean() < 0.55
    assert np.array_equal(labels, MajorityVote(seed=1).fit(tied(2000)).label_)
    assert not np.array_equal(labels, MajorityVote(seed=2).fit(tied(2000)).label_)


def test_weights_decide():
    answers = Answers.from_codes([0, 0, 0], [0, 1, 2], [1, 1, 0], weight=[1, 1, 3])
    assert MajorityVote().fit(answers).label_.tolist() == [0]
