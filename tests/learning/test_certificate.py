"""The stated bound must be kept; simulated pools with a machine that errs in 11.6 % of the items."""

import numpy as np
import pytest
from scipy.stats import binom

from learning.certificate import (
    WHOLE_POOL,
    Promise,
    audit_sample,
    certify,
    fewest_audited,
    forecast,
    naive_share,
    p_value,
    region_of_share,
)

SEEDS = range(200)
N_POOL = 5000
ERROR = 0.05


def machine(rng, *, honest=True):
    """Confidence of each item, and whether the machine is wrong about it."""
    confidence = 1 - 0.5 * rng.beta(0.55, 1.8, N_POOL)
    wrong = rng.random(N_POOL) < 1 - confidence
    return (confidence if honest else rng.permutation(confidence)), wrong


def kept(verdict, confidence, wrong, region=WHOLE_POOL, error=ERROR):
    """Whether the accepted items keep the bound (nothing accepted keeps it)."""
    accepted = verdict.accepts(confidence, region)
    return not accepted.any() or bool(wrong[accepted].mean() <= error)


def share_kept(run):
    return float(np.mean([run(np.random.default_rng([seed, 77])) for seed in SEEDS]))


def audited(confidence, wrong, rng, m=300):
    rows = audit_sample(np.arange(N_POOL), m, rng)
    return confidence[rows], wrong[rows]


@pytest.mark.parametrize("error", [0.02, 0.05])
@pytest.mark.parametrize("honest", [True, False])
def test_the_bound_is_kept_in_95_of_100_audits(error, honest):
    def run(rng):
        confidence, wrong = machine(rng, honest=honest)
        verdict = certify(confidence, *audited(confidence, wrong, rng), Promise(error))
        return kept(verdict, confidence, wrong, error=error)

    assert share_kept(run) >= 0.95


def test_the_largest_share_with_a_small_observed_error_breaks_it():
    """The broken variant that the simulation must catch."""

    def run(rng):
        confidence, wrong = machine(rng)
        verdict = naive_share(confidence, *audited(confidence, wrong, rng), ERROR)
        return kept(verdict, confidence, wrong)

    assert share_kept(run) < 0.8


def looked_at_often(rng, promise, looks=10):
    """A manager who looks as the audit grows and takes the first share that passes.

    The machine is a little too bad everywhere: of any share, every 19th item is wrong.
    """
    confidence = np.linspace(1, 0, N_POOL)
    wrong = np.arange(N_POOL) % 19 == 0
    rows = audit_sample(np.arange(N_POOL), 1000, rng)
    for look in range(1, looks + 1):
        seen = rows[: 1000 * look // looks]
        verdict = certify(confidence, confidence[seen], wrong[seen], promise)
        if verdict.threshold is not None:
            return kept(verdict, confidence, wrong)
    return True


def test_several_looks_are_kept_when_they_are_paid_for():
    assert share_kept(lambda rng: looked_at_often(rng, Promise(ERROR, looks=10))) >= 0.95


def test_several_looks_that_are_not_paid_for_break_it():
    assert share_kept(lambda rng: looked_at_often(rng, Promise(ERROR, looks=1))) < 0.95


def test_a_pool_that_was_queried_adaptively_keeps_it():
    """Only items of which the model was unsure went to people; the rest is the pool of the audit."""

    def run(rng):
        confidence, wrong = machine(rng)
        left = confidence > np.quantile(confidence, 0.2)
        confidence, wrong = confidence[left], wrong[left]
        rows = audit_sample(np.arange(len(confidence)), 300, rng)
        verdict = certify(confidence, confidence[rows], wrong[rows], Promise(ERROR))
        return kept(verdict, confidence, wrong)

    assert share_kept(run) >= 0.95


def asked_meanwhile(rng, *, corrected):
    """While the audit runs people take half of the items that the machine had right."""
    confidence, wrong = machine(rng)
    left = wrong | (rng.random(N_POOL) < 0.5)
    rows = audit_sample(np.arange(N_POOL), 300, rng)
    promise = Promise(ERROR)
    known = left if corrected else None
    verdict = certify(confidence, confidence[rows], wrong[rows], promise, known)
    return kept(verdict, confidence[left], wrong[left])


def test_what_people_took_meanwhile_makes_the_test_stricter():
    assert share_kept(lambda rng: asked_meanwhile(rng, corrected=True)) >= 0.95


def test_what_people_took_meanwhile_breaks_the_bound_when_it_is_forgotten():
    assert share_kept(lambda rng: asked_meanwhile(rng, corrected=False)) < 0.9


def test_a_share_that_could_not_pass_without_an_error_ends_nothing():
    """Half of the surest items were asked about: their first shares have too few audited for what is left."""
    place = np.arange(1000)
    confidence, left = np.linspace(1, 0.5, 1000), (place >= 300) | (place % 2 == 0)
    nothing_wrong = np.zeros(500, dtype=bool)
    verdict = certify(confidence, confidence[::2], nothing_wrong, Promise(0.05), left)
    assert verdict.share == 1


def test_an_audit_of_the_confident_region_accepts_nothing_outside():
    def run(rng):
        confidence, wrong = machine(rng)
        region = region_of_share(confidence, 0.6)
        inside = np.flatnonzero(region.holds(confidence))
        rows = audit_sample(inside, 300, rng)
        verdict = certify(confidence[inside], confidence[rows], wrong[rows], Promise(ERROR))
        accepted = verdict.accepts(confidence, region)
        assert not accepted[~region.holds(confidence)].any()
        return kept(verdict, confidence, wrong, region)

    assert share_kept(run) >= 0.95


def shared_bias(rng):
    """People are drawn to the machine's answer on 40 % of its errors."""
    confidence, wrong = machine(rng)
    crowd_sees_it = wrong & (rng.random(N_POOL) > 0.4)
    return confidence, wrong, crowd_sees_it


def test_under_a_shared_bias_only_experts_can_certify():
    def run(rng, by_experts):
        confidence, wrong, crowd = shared_bias(rng)
        seen = wrong if by_experts else crowd
        verdict = certify(confidence, *audited(confidence, seen, rng, 1000), Promise(ERROR))
        return kept(verdict, confidence, wrong)

    assert share_kept(lambda rng: run(rng, by_experts=True)) >= 0.95
    assert share_kept(lambda rng: run(rng, by_experts=False)) < 0.8


def test_a_larger_audit_covers_more():
    def coverage(m):
        shares = []
        for seed in range(60):
            rng = np.random.default_rng(seed)
            confidence, wrong = machine(rng)
            verdict = certify(confidence, *audited(confidence, wrong, rng, m), Promise(ERROR))
            shares.append(verdict.share)
        return np.mean(shares)

    assert coverage(1000) > coverage(300) > coverage(100)


def test_the_forecast_is_what_audits_of_an_honest_machine_then_bring():
    rng = np.random.default_rng(5)
    confidence, _ = machine(rng)
    promised = forecast(confidence, 400, Promise(ERROR), rng, price=2.5)
    brought = []
    for _ in range(100):
        wrong = rng.random(N_POOL) >= confidence
        verdict = certify(confidence, *audited(confidence, wrong, rng, 400), Promise(ERROR))
        brought.append(verdict.share)
    assert promised.coverage == pytest.approx(np.mean(brought), abs=0.06)
    assert promised.cost == 1000


def test_the_forecast_says_when_an_audit_is_too_small_to_promise_anything():
    confidence, _ = machine(np.random.default_rng(0))
    small = forecast(confidence, 40, Promise(0.02), np.random.default_rng(1))
    assert small.nothing == 1
    assert small.coverage == 0


def test_the_fewest_audited_items_is_where_no_error_just_passes():
    for promise in (Promise(0.02), Promise(0.05, 0.01), Promise(0.05, looks=5)):
        n = fewest_audited(promise)
        assert p_value(n, 0, promise.error) <= promise.level < p_value(n - 1, 0, promise.error)


def test_the_test_is_the_exact_binomial_one():
    assert p_value(300, 7, 0.05) == pytest.approx(sum(binom.pmf(k, 300, 0.05) for k in range(8)))


def test_one_error_early_ends_the_sequence():
    """All errors among the most confident: later shares would pass, but are not reached."""
    confidence = np.linspace(1, 0.5, 1000)
    wrong = np.arange(1000) < 10
    assert certify(confidence, confidence, wrong, Promise(0.05)).threshold is None
    assert naive_share(confidence, confidence, wrong, 0.05).share == 1


@pytest.mark.parametrize("size", [0, 10])
def test_no_audit_or_no_pool_accepts_nothing(size):
    nothing = np.zeros(0)
    verdict = certify(np.linspace(0, 1, size), nothing, nothing.astype(bool), Promise(0.05))
    assert verdict.threshold is None
    assert not verdict.accepts(np.ones(5)).any()


def test_equal_confidences_are_accepted_together_or_not_at_all():
    pool = np.repeat([0.9, 0.6], [500, 500])
    wrong = np.repeat([False, True], [500, 500])
    verdict = certify(pool, pool, wrong, Promise(0.05))
    assert verdict.share == 0.5
    assert verdict.threshold == 0.9


def test_a_larger_audit_contains_the_smaller_one():
    items = np.arange(100)
    small, large = (audit_sample(items, n, np.random.default_rng(3)) for n in (10, 30))
    assert large[:10].tolist() == small.tolist()


@pytest.mark.parametrize(
    "wrong", [{"error": 0}, {"error": 0.1, "risk": 1}, {"error": 0.1, "looks": 0}]
)
def test_a_promise_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Promise(**wrong)
