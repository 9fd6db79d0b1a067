"""Dawid-Skene against the figures of the 1979 paper, and against crowd-kit."""

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import DawidSkene as CrowdKitDawidSkene
from crowdkit.aggregation import OneCoinDawidSkene as CrowdKitOneCoin

from quality.inference.answers import Answers
from quality.inference.dawid_skene import DawidSkene
from quality.inference.one_coin import OneCoinDawidSkene
from simulated_crowd import simulate

# Dawid and Skene (1979), table 1: fitness of 45 patients, classes 1 to 4. One word a patient: three
# readings of the first clinician, then one of each of the other four.
PATIENTS = (
    "1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 "
    "2223343 1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 "
    "2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 "
    "2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 "
    "2222222 "
)
CLINICIAN = [0, 0, 0, 1, 2, 3, 4]


def paper() -> Answers:
    item = np.repeat(np.arange(45), 7)
    label = np.array([int(digit) - 1 for patient in PATIENTS.split() for digit in patient])
    return Answers(item, np.tile(CLINICIAN, 45), label, 45, 5, 4)


def frame(answers: Answers) -> pd.DataFrame:
    columns = {"task": answers.item, "worker": answers.annotator, "label": answers.label}
    return pd.DataFrame(columns)


def test_the_paper_of_1979_is_reproduced():
    fit = DawidSkene(tolerance=1e-7, max_iterations=500).fit(paper()).fit_
    assert fit.converged
    assert fit.prior == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    first_clinician = [
        [0.89, 0.11, 0, 0],
        [0.07, 0.88, 0.05, 0],
        [0, 0.34, 0.66, 0],
        [0, 0, 0.56, 0.44],
    ]
    assert fit.confusion[0] == pytest.approx(np.array(first_clinician), abs=0.006)
    assert np.flatnonzero(fit.label == 3).tolist() == [1, 10, 35]


def test_the_likelihood_never_falls():
    trace = DawidSkene(tolerance=1e-7).fit(paper()).fit_.log_likelihood
    assert np.diff(trace).min() > -1e-6


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(DawidSkene, CrowdKitDawidSkene), (OneCoinDawidSkene, CrowdKitOneCoin)],
)
def test_crowd_kit_finds_the_same_posteriors(ours, theirs):
    answers, _, _ = simulate(per_item=7)
    posterior = ours(max_iterations=10, tolerance=0, smoothing=1e-9).fit(answers).posterior_
    reference = theirs(n_iter=10, tol=0).fit(frame(answers)).probas_
    reference = reference.sort_index().sort_index(axis=1).to_numpy()
    assert posterior == pytest.approx(reference, abs=1e-5)


def test_true_confusions_are_found_in_many_answers():
    answers, truth, confusion = simulate(n_items=4000, n_annotators=8)
    fit = DawidSkene().fit(answers).fit_
    assert np.abs(fit.confusion - confusion).max() < 0.1
    own = (answers.label == truth[answers.item]).astype(float)
    measured = np.bincount(answers.annotator, own) / answers.votes_per_annotator()
    assert np.abs(fit.accuracy - measured).max() < 0.05


def test_smoothing_of_zero_is_refused():
    with pytest.raises(ValueError, match="smoothing"):
        DawidSkene(smoothing=0)
