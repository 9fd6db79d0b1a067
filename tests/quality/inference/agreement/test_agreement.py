"""Agreement coefficients against published worked examples, by properties, and where undefined."""

from itertools import combinations

import numpy as np
import pytest

from quality.inference import agreement as ag
from quality.inference.agreement import Ratings

# Krippendorff (2011): four observers, twelve units, gaps. Rows are observers, 0 is a gap.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)
# Fleiss' kappa: ten subjects, fourteen raters, five categories; counts [subject, category].
FOURTEEN = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


def long(table: np.ndarray, n_labels: int | None = None) -> Ratings:
    """From [annotator, item] with labels from 1, 0 for a gap."""
    annotator, item = np.nonzero(table)
    return Ratings.of(item, annotator, table[annotator, item] - 1, n_labels=n_labels)


def from_counts(counts: np.ndarray) -> Ratings:
    labels = [np.repeat(np.arange(row.size), row) for row in counts]
    item = np.repeat(np.arange(len(labels)), [row.size for row in labels])
    annotator = np.concatenate([np.arange(row.size) for row in labels])
    return Ratings.of(item, annotator, np.concatenate(labels), n_labels=counts.shape[1])


def random_ratings(seed: int, n_items: int = 60, n_labels: int = 3, accuracy: float = 0.7):
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_labels, size=n_items)
    table = np.where(
        rng.random((6, n_items)) < accuracy, truth, rng.integers(n_labels, size=(6, n_items))
    )
    return long(np.where(rng.random((6, n_items)) < 0.3, 0, table + 1), n_labels)


@pytest.mark.parametrize(
    ("distance", "published"),
    [(ag.nominal, 0.743), (ag.ordinal, 0.815), (ag.interval, 0.849), (ag.ratio, 0.797)],
)
def test_alpha_gives_krippendorffs_published_values(distance, published):
    values = np.arange(1.0, 6.0)
    got = ag.krippendorff_alpha(long(OBSERVERS), distance=distance, values=values)
    assert got.value == pytest.approx(published, abs=0.0006)


def test_alpha_of_two_observers_and_binary_data_is_the_published_one():
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    got = ag.krippendorff_alpha(long(np.array([meg, owen]) + 1))
    assert got.value == pytest.approx(0.095, abs=0.0006)


def test_alpha_of_two_observers_and_five_labels_is_the_published_one():
    ben, gerry = "aabbdcccedda", "babbbcccedd" + "d"
    table = np.array([[ord(c) - 96 for c in who] for who in (ben, gerry)])
    assert ag.krippendorff_alpha(long(table)).value == pytest.approx(0.692, abs=0.0006)


def test_fleiss_kappa_of_the_textbook_example():
    assert ag.fleiss_kappa(from_counts(FOURTEEN)).value == pytest.approx(0.210, abs=0.0006)


def test_cohens_kappa_of_the_textbook_example():
    table = np.repeat([[1, 1], [1, 2], [2, 1], [2, 2]], [20, 5, 10, 15], axis=0).T
    assert ag.cohen_kappa(long(table), 0, 1).value == pytest.approx(0.4)


def test_gwets_ac1_with_gaps_is_the_published_one():
    # Gwet (2014), the four raters of above: p_a = 0.81818, p_e = 0.19032, AC1 = 0.77544.
    ratings = long(OBSERVERS)
    assert ag.percent_agreement(ratings).value == pytest.approx(0.81818, abs=1e-5)
    assert ag.gwet_ac1(ratings).value == pytest.approx(0.77544, abs=1e-5)
    assert ag.fleiss_kappa(ratings).value == pytest.approx(0.76117, abs=1e-5)


def test_gwets_ac1_does_not_fall_apart_where_kappa_does():
    table = np.repeat([[1, 1], [1, 2], [2, 1], [2, 2]], [118, 5, 2, 0], axis=0).T
    ratings = long(table, 2)
    assert ag.cohen_kappa(ratings, 0, 1).value < 0
    assert ag.gwet_ac1(ratings).value > 0.9


def test_ac2_with_all_or_nothing_weights_is_ac1():
    ratings = random_ratings(1)
    plain, weighted = ag.gwet_ac1(ratings).value, ag.gwet_ac2(ratings, np.eye(3)).value
    assert plain == pytest.approx(weighted)
    assert ag.gwet_ac2(ratings, ag.quadratic_weights(3)).value != pytest.approx(plain)


def brute_alpha(ratings: Ratings, distance) -> float:
    """Straight from the definition: mean disagreement within units against that of all pairs."""
    units = [ratings.label[ratings.item == i] for i in range(ratings.n_items)]
    units = [u for u in units if u.size > 1]
    pool = np.concatenate(units)
    observed = sum(
        2 * sum(distance(a, b) for a, b in combinations(u.tolist(), 2)) / (u.size - 1)
        for u in units
    )
    expected = 2 * sum(distance(a, b) for a, b in combinations(pool.tolist(), 2))
    return 1 - observed / pool.size / (expected / (pool.size * (pool.size - 1)))


@pytest.mark.parametrize("seed", range(3))
def test_alpha_agrees_with_its_definition(seed):
    ratings = random_ratings(seed)
    squared = brute_alpha(ratings, lambda a, b: (a - b) ** 2)
    unequal = brute_alpha(ratings, lambda a, b: float(a != b))
    assert ag.krippendorff_alpha(ratings, distance=ag.interval).value == pytest.approx(squared)
    assert ag.krippendorff_alpha(ratings).value == pytest.approx(unequal)


@pytest.mark.parametrize("seed", range(3))
def test_numbers_and_codes_give_the_same_interval_alpha(seed):
    ratings = random_ratings(seed)
    values = np.array([0.5, 2.0, 7.25])
    by_codes = ag.krippendorff_alpha(ratings, distance=ag.interval, values=values)
    by_numbers = ag.alpha_of_numbers(ratings.item, ratings.annotator, values[ratings.label])
    assert by_numbers.value == pytest.approx(by_codes.value)


def test_numbers_far_from_zero_lose_nothing():
    ratings = random_ratings(4)
    near = ag.alpha_of_numbers(ratings.item, ratings.annotator, ratings.label.astype(float))
    far = ag.alpha_of_numbers(ratings.item, ratings.annotator, ratings.label + 1e8)
    assert far.value == pytest.approx(near.value, abs=1e-6)


def test_a_matrix_may_stand_for_the_distance():
    ratings = random_ratings(5)
    matrix = np.subtract.outer(np.arange(3.0), np.arange(3.0)) ** 2
    by_matrix = ag.krippendorff_alpha(ratings, distance=matrix)
    assert by_matrix.value == ag.krippendorff_alpha(ratings, distance=ag.interval).value


def test_any_answers_with_a_distance_give_the_same_alpha_as_codes():
    ratings = random_ratings(6)
    words = [("owl", "cat", "dog")[k] for k in ratings.label]
    got = ag.alpha_by_distance(
        ratings.item, words, lambda a, b: float(a != b), rng=np.random.default_rng(0)
    )
    assert got.value == pytest.approx(ag.krippendorff_alpha(ratings).value, abs=0.02)
    assert got.low < got.value < got.high


def test_a_negative_distance_is_refused():
    with pytest.raises(ValueError, match="distance"):
        ag.alpha_by_distance(
            np.array([0, 0]), ["a", "b"], lambda a, b: -1.0, rng=np.random.default_rng(0)
        )


COEFFICIENTS = [
    ag.krippendorff_alpha,
    ag.fleiss_kappa,
    ag.gwet_ac1,
    ag.percent_agreement,
    ag.entropy,
    ag.consistency,
]


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
def test_renaming_labels_and_people_changes_nothing(coefficient):
    ratings = random_ratings(7)
    renamed = Ratings.of(
        ratings.item,
        5 - ratings.annotator,
        np.array([2, 0, 1])[ratings.label],
        n_labels=3,
    )
    assert coefficient(renamed).value == pytest.approx(coefficient(ratings).value)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
def test_the_interval_holds_the_value_and_narrows_with_more_items(coefficient):
    width = []
    for n_items in (40, 640):
        got = coefficient(random_ratings(8, n_items), rng=np.random.default_rng(0), resamples=300)
        assert got.low <= got.value <= got.high
        width.append(got.high - got.low)
    assert 2.5 < width[0] / width[1] < 6.5  # a sixteenth of the variance: a quarter of the width


def test_intervals_cover_the_value_of_the_population():
    population = ag.krippendorff_alpha(random_ratings(9, n_items=20_000)).value
    found = [
        ag.krippendorff_alpha(
            random_ratings(100 + seed, n_items=80), rng=np.random.default_rng(seed), resamples=200
        )
        for seed in range(100)
    ]
    assert sum(e.low <= population <= e.high for e in found) >= 87


@pytest.mark.parametrize(
    "coefficient", [ag.krippendorff_alpha, ag.fleiss_kappa, ag.gwet_ac1, ag.percent_agreement]
)
def test_perfect_agreement_is_one(coefficient):
    table = np.tile(np.arange(1, 4), (3, 4))
    assert coefficient(long(table)).value == pytest.approx(1.0)


@pytest.mark.parametrize("coefficient", [ag.krippendorff_alpha, ag.fleiss_kappa, ag.gwet_ac1])
def test_random_answers_agree_by_chance_only(coefficient):
    assert coefficient(random_ratings(10, 3000, accuracy=0.0)).value == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
def test_without_answers_there_is_a_reason_and_no_number(coefficient):
    empty = np.array([], dtype=np.int64)
    got = coefficient(Ratings.of(empty, empty, empty), rng=np.random.default_rng(0))
    assert got.value is None
    assert got.low is None
    assert got.reason


@pytest.mark.parametrize(
    "coefficient", [ag.krippendorff_alpha, ag.fleiss_kappa, ag.gwet_ac1, ag.percent_agreement]
)
def test_one_answer_an_item_is_undefined(coefficient):
    item = np.arange(5)
    got = coefficient(Ratings.of(item, item % 2, item % 3), rng=np.random.default_rng(0))
    assert got.value is None
    assert "two people" in got.reason


@pytest.mark.parametrize("coefficient", [ag.krippendorff_alpha, ag.fleiss_kappa])
def test_one_label_for_everything_leaves_chance_nothing_to_beat(coefficient):
    got = coefficient(long(np.ones((3, 5), dtype=np.int64), 2), rng=np.random.default_rng(0))
    assert got.value is None
    assert "same label" in got.reason


def test_equal_numbers_leave_no_variation():
    got = ag.alpha_of_numbers(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.full(4, 0.1))
    assert got.value is None


def test_a_value_that_cannot_be_resampled_says_so():
    got = ag.krippendorff_alpha(
        long(np.array([[1, 2], [1, 1]])), rng=np.random.default_rng(0), resamples=200
    )
    assert got.value is not None
    assert got.low is None or got.low <= got.value
    single = ag.krippendorff_alpha(
        long(np.array([[1], [2], [1]])), rng=np.random.default_rng(0), resamples=50
    )
    assert single.low == single.value == single.high
