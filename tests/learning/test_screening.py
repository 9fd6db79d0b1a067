"""The cheaper certificate: it keeps its bound as long as its assumption holds, and says what is left without."""

import numpy as np
import pytest

from learning.certificate import Promise, audit_sample, certify, fewest_audited
from learning.screening import Check, agrees, majority_right

SEEDS = range(200)
N_POOL, AUDITED, CHECKED = 5000, 600, 100
ERROR, BOTH_WRONG = 0.05, 0.01


def campaign(seed, *, shared):
    """One screened audit. On this share of the machine's errors the crowd is drawn to the same label.

    Whether the accepted items keep the bound, whether the check refutes the assumption, and whether what is
    said to hold without it does hold.
    """
    rng = np.random.default_rng([seed, 78])
    confidence = 1 - 0.5 * rng.beta(0.55, 1.8, N_POOL)
    wrong = rng.random(N_POOL) < 1 - confidence
    unseen = wrong & (rng.random(N_POOL) < shared)
    agreed = unseen | (~wrong & (rng.random(N_POOL) < 0.95))
    rows = audit_sample(np.arange(N_POOL), AUDITED, rng)
    seen = wrong[rows] & ~agreed[rows]
    promise = Promise(ERROR, assumed=BOTH_WRONG)
    verdict = certify(confidence, confidence[rows], seen, promise)
    accepted = verdict.accepts(confidence)
    share = wrong[accepted].mean() if accepted.any() else 0.0
    checked = rows[:CHECKED][agreed[rows[:CHECKED]]]
    inside = checked[accepted[checked]]
    refuted = Check(len(checked), int(unseen[checked].sum())).refutes(BOTH_WRONG)
    left = Check(len(inside), int(unseen[inside].sum())).at_most(ERROR, BOTH_WRONG)
    return share <= ERROR, refuted, share <= left


def shares(shared):
    """[kept, refuted, holds without the assumption]: shares of the campaigns."""
    return np.mean([campaign(seed, shared=shared) for seed in SEEDS], axis=0)


def test_the_bound_is_kept_and_the_check_silent_while_the_assumption_holds():
    kept, refuted, left = shares(0.05)
    assert kept >= 0.95
    assert refuted <= 0.05
    assert left >= 0.9


def test_a_shared_bias_breaks_the_bound_and_the_check_refutes_it_or_its_number_holds():
    kept, refuted, left = shares(0.6)
    assert kept < 0.8  # the broken assumption: the certificate is only as good as that
    assert refuted > 0.5
    assert left >= 0.9  # two risks of 5 % each


@pytest.mark.parametrize(
    ("agreed", "wrong", "up_to"),
    [(100, 0, 0.0295), (59, 0, 0.0495), (100, 2, 0.0616), (3, 3, 1.0), (0, 0, 1.0)],
)
def test_the_number_of_the_assumption_is_the_exact_upper_limit(agreed, wrong, up_to):
    assert Check(agreed, wrong).up_to == pytest.approx(up_to, abs=1e-4)


def test_the_assumption_is_refuted_by_what_it_makes_too_unlikely_and_looks_share_the_doubt():
    assert not Check(100, 0).refutes(0.01)
    assert not Check(100, 3).refutes(0.01)  # .079
    assert Check(100, 4).refutes(0.01)  # .018
    assert not Check(100, 4).refutes(0.01, looks=5)


def test_what_is_assumed_is_taken_off_the_bound():
    assert fewest_audited(Promise(0.05, assumed=0.01)) == fewest_audited(Promise(0.04))
    with pytest.raises(ValueError, match="leaves nothing"):
        Promise(0.05, assumed=0.05)


def test_a_crowd_agrees_by_more_than_half_of_its_answers():
    assert agrees([2, 2, 1], 2)
    assert not agrees([2, 1], 2)
    assert not agrees([], 2)
    assert majority_right(0.9, 3) == pytest.approx(0.9**3 + 3 * 0.9**2 * 0.1)
