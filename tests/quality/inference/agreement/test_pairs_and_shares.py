"""Pairs of people, shares, and how answers become ratings."""

import numpy as np
import pytest

from quality.inference import agreement as ag
from quality.inference.agreement import Ratings


def random_ratings(seed: int) -> Ratings:
    """Six people, sixty items, three labels, a third of the answers missing."""
    rng = np.random.default_rng(seed)
    item, annotator = np.divmod(np.flatnonzero(rng.random(360) < 0.67), 6)
    truth = rng.integers(3, size=60)[item]
    label = np.where(rng.random(item.size) < 0.7, truth, rng.integers(3, size=item.size))
    return Ratings.of(item, annotator, label, n_labels=3)


def test_two_people_who_never_met_have_no_kappa():
    ratings = Ratings.of(np.array([0, 1]), np.array([0, 1]), np.array([0, 1]))
    got = ag.cohen_kappa(ratings, 0, 1)
    assert got.value is None
    assert "in common" in got.reason


def test_the_last_of_repeated_answers_counts():
    item, annotator, label = np.array([0, 0, 0]), np.array([0, 1, 0]), np.array([0, 1, 1])
    assert ag.percent_agreement(Ratings.of(item, annotator, label)).value == 1.0


@pytest.mark.parametrize(
    ("item", "label", "message"),
    [([0, 1], [0], "same length"), ([0, -1], [0, 0], "negative"), ([0, 1], [0, 9], "outside")],
)
def test_bad_codes_are_refused(item, label, message):
    with pytest.raises(ValueError, match=message):
        Ratings.of(np.array(item), np.arange(2), np.array(label), n_labels=3)


def test_the_pair_table_has_the_kappas_of_all_who_met():
    ratings = random_ratings(11)
    table = ag.pairwise(ratings)
    assert table.first.size == 15
    for row, (a, b) in enumerate(zip(table.first, table.second, strict=True)):
        assert table.kappa(row) == pytest.approx(ag.cohen_kappa(ratings, a, b).value)


def test_the_pair_matrix_is_symmetric_and_masks_strangers():
    ratings = Ratings.of(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3]), np.array([0, 0, 1, 0]))
    matrix = ag.pairwise(ratings).matrix()
    assert matrix[0, 1] == matrix[1, 0] == 1.0
    assert matrix[2, 3] == 0.0
    assert matrix.mask[0, 2]
    assert ag.pairwise(ratings).kappa(0) is None


def test_entropy_and_consistency_of_plain_cases():
    ratings = Ratings.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0, 0, 0, 1]))
    assert ag.entropy_of_items(ratings) == pytest.approx([0.0, np.log(2)])
    assert ag.entropy(ratings).value == pytest.approx(0.5)
    assert ag.consistency(ratings).value == pytest.approx(0.75)


def test_self_consistency_counts_repeats_of_one_person():
    item = np.array([0, 1, 0, 1, 0, 2])
    annotator = np.array([0, 0, 0, 0, 1, 1])
    label = np.array([1, 1, 1, 0, 1, 0])
    ada, ben = ag.self_consistency(item, annotator, label, n_annotators=2)
    assert ada.value == 0.5
    assert ben.value is None
    assert "twice" in ben.reason
