import numpy as np
import pytest

from learning.strategies import committee, multilabel, numbers
from learning.strategies.block import Block


def committee_of(*items):
    return Block(ids=np.arange(len(items)), committee=np.array(items, dtype=float))


SURE, OTHER, UNSURE = [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]


def test_a_committee_that_agrees_has_nothing_to_dispute():
    block = committee_of([SURE, SURE], [SURE, OTHER])
    for measure in (
        committee.vote_entropy,
        committee.consensus_entropy,
        committee.max_disagreement,
    ):
        assert measure(block).tolist() == pytest.approx([0, np.log(2)])


def test_shared_doubt_is_consensus_entropy_but_no_disagreement():
    block = committee_of([UNSURE, UNSURE])
    assert committee.consensus_entropy(block)[0] == pytest.approx(np.log(2))
    assert committee.max_disagreement(block)[0] == pytest.approx(0)


def test_disagreement_is_the_divergence_of_the_member_farthest_from_the_mean():
    members = np.random.default_rng(0).dirichlet(np.ones(3), size=5)
    mean = members.mean(axis=0)
    expected = max(float((m * np.log(m / mean)).sum()) for m in members)
    assert committee.max_disagreement(committee_of(members))[0] == pytest.approx(expected)


def test_numbers_are_asked_where_the_members_are_far_apart():
    block = Block(ids=np.arange(2), numbers=np.array([[1.0, 1.1], [0.0, 5.0]]))
    assert numbers.committee_spread(block).argmax() == 1


def test_with_several_labels_one_open_question_differs_from_many_small_ones():
    block = Block(ids=np.arange(2), probabilities=np.array([[0.5, 0, 0, 0], [0.8, 0.2, 0.2, 0.8]]))
    assert multilabel.worst_doubt(block).argmax() == 0
    assert multilabel.mean_doubt(block).argmax() == 1
    assert multilabel.mean_entropy(block)[0] == pytest.approx(np.log(2) / 4)
