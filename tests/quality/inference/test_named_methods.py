"""Methods by name against crowd-kit, and the habits they are known for."""

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import GLAD, MACE, MajorityVote

from quality.inference.answers import Answers
from quality.inference.bcc import BayesianClassifierCombination
from quality.inference.dawid_skene import DawidSkene
from quality.inference.glad import Glad
from quality.inference.mace import Mace
from quality.inference.majority import MajorityVote as OurMajorityVote
from quality.inference.multi_label import MultiLabel
from quality.inference.voting import Wawa, ZeroBasedSkill
from simulated_crowd import simulate

pytestmark = pytest.mark.filterwarnings("ignore")  # crowd-kit is behind pandas


def crowd():
    return simulate(n_items=200, n_annotators=15, n_labels=2, per_item=5)


def frame(answers: Answers) -> pd.DataFrame:
    columns = {"task": answers.item, "worker": answers.annotator, "label": answers.label}
    return pd.DataFrame(columns)


def test_majority_and_wawa_are_those_of_crowd_kit():
    answers, _, _ = crowd()
    table = frame(answers)
    majority = MajorityVote().fit_predict(table)
    assert (OurMajorityVote().fit(answers).label_ == majority.sort_index()).all()
    # crowd-kit's own Wawa does not run with today's scikit-learn; these are its two steps
    agreed = (table["label"] == table["task"].map(majority)).groupby(table["worker"]).mean()
    second = MajorityVote().fit_predict(table, agreed)
    assert (Wawa().fit(answers).label_ == second.sort_index()).all()


@pytest.mark.nightly  # crowd-kit needs seconds for each
@pytest.mark.parametrize(
    ("ours", "reference"),
    [(Glad(), GLAD(silent=True)), (Mace(), MACE(n_restarts=3, random_state=0))],
    ids=["glad", "mace"],
)
def test_labels_are_as_good_as_those_of_crowd_kit(ours, reference):
    gaps = []
    for seed in range(5):
        answers, truth, _ = simulate(n_items=200, n_annotators=15, seed=seed)
        theirs = (reference.fit_predict(frame(answers)).sort_index() == truth).mean()
        gaps.append((ours.fit(answers).label_ == truth).mean() - theirs)
    assert np.mean(gaps) > -0.01


def test_zero_based_skill_ends_where_skill_is_agreement():
    answers, _, _ = crowd()
    fit = ZeroBasedSkill().fit(answers).fit_
    agreed = (answers.label == fit.label[answers.item]).astype(float)
    share = np.bincount(answers.annotator, agreed) / answers.votes_per_annotator()
    support = np.bincount(answers.item * 2 + answers.label, share[answers.annotator]).reshape(-1, 2)
    assert fit.converged
    assert np.array_equal(support.argmax(axis=1), fit.label)


def with_habit(n_items: int = 400) -> tuple[Answers, np.ndarray]:
    """Three good people and four who always say 0."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, n_items)
    good = np.where(
        rng.random((n_items, 3)) < 0.85, truth[:, None], rng.integers(0, 3, (n_items, 3))
    )
    label = np.concatenate([good, np.zeros((n_items, 4), np.int64)], axis=1)
    item, annotator = np.indices(label.shape)
    return Answers(item.ravel(), annotator.ravel(), label.ravel(), n_items, 7, 3), truth


def test_mace_sees_through_people_who_always_say_the_same():
    answers, truth = with_habit()
    fit = Mace().fit(answers).fit_
    assert (
        (fit.label == truth).mean() > 0.9 > (OurMajorityVote().fit(answers).label_ == truth).mean()
    )


def test_glad_calls_disputed_items_harder():
    answers, _, _ = simulate(n_items=200, n_annotators=10, n_labels=2, per_item=9)
    share = OurMajorityVote().fit(answers).confidence_
    difficulty = Glad().fit(answers).fit_.difficulty
    assert difficulty[share < 0.6].mean() > 1.5 * difficulty[share > 0.9].mean()


def test_ibcc_stands_few_answers_better_than_dawid_skene():
    answers, truth, _ = simulate(n_items=200, n_annotators=60, per_item=3)
    ibcc, plain = (
        method.fit(answers).posterior_[np.arange(200), truth]
        for method in (BayesianClassifierCombination(), DawidSkene())
    )
    assert np.log(ibcc).mean() > np.log(np.maximum(plain, 1e-12)).mean() + 0.5


@pytest.mark.parametrize("method", [BayesianClassifierCombination, Mace])
def test_pseudo_answers_of_zero_are_refused(method):
    with pytest.raises(ValueError, match="pseudo-answers"):
        method(**{"wrong" if method is BayesianClassifierCombination else "habits": 0})


def test_several_labels_an_item_are_questions_of_their_own():
    rng = np.random.default_rng(0)
    truth = rng.random((200, 4)) < 0.4
    item, annotator = (grid.ravel() for grid in np.indices((200, 6)))
    chosen = truth[item] ^ (rng.random((1200, 4)) < 0.15)
    several = MultiLabel().fit(item, annotator, chosen)
    assert several.probability_.shape == (200, 4)
    assert (several.label_ == truth).mean() > 0.97
    gold = np.full((200, 4), -1)
    gold[0] = ~truth[0]
    assert (MultiLabel().fit(item, annotator, chosen, gold).label_[0] == ~truth[0]).all()


def test_several_labels_need_a_table_of_choices_and_gold_of_its_shape():
    with pytest.raises(ValueError, match="chosen"):
        MultiLabel().fit([0], [0], [1])
    with pytest.raises(ValueError, match="gold has shape"):
        MultiLabel().fit([0], [0], [[1, 0]], [[1]])
