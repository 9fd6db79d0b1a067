"""Query strategies on arrays in memory, beside modAL and scikit-activeml where they are installed.

python tests/benchmarks/strategies_speed.py [--items 1000000]
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression

from learning.strategies import registry
from learning.strategies.batch import query
from learning.strategies.block import Block
from learning.strategies.context import Context
from learning.strategies.density import ranked_batch
from learning.strategies.uncertainty import entropy, least_confidence

WIDTH, N_LABELS, BLOCK, BATCH = 384, 5, 4096, 100


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def blocks(n_items: int, weights: np.ndarray) -> Iterator[Block]:
    """Blocks as a query round sees them: float16 features and a linear model's probabilities.

    A few different blocks are repeated under new ids, so the pool itself needs no memory.
    """
    rng = np.random.default_rng(0)
    stock = [rng.normal(size=(BLOCK, WIDTH)).astype(np.float16) for _ in range(8)]
    for number, start in enumerate(range(0, n_items, BLOCK)):
        features = stock[number % len(stock)][: n_items - start]
        logits = features.astype(np.float32) @ weights
        joint = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = joint / joint.sum(axis=1, keepdims=True)
        ids = np.arange(start, start + len(features))
        yield Block(ids, probabilities=probabilities, features=features)


def strategy_times(n_items: int) -> None:
    weights = np.random.default_rng(1).normal(size=(WIDTH, N_LABELS)).astype(np.float32) / 10
    for shares in (
        {"entropy": 1.0},
        {"typical_first": 1.0},
        {"core_set": 1.0},
        {"badge": 1.0},
        {"ranked_batch": 1.0},
        {"entropy": 0.7, "kmeans": 0.2, "random": 0.1},
    ):
        context = Context(np.random.default_rng(2))
        seconds = timed(lambda s=shares, c=context: query(blocks(n_items, weights), s, BATCH, c))
        print(f"{n_items:9,d} items  {'+'.join(shares):30s} {seconds:7.2f} s")


def beside_modal(n_items: int) -> None:
    try:
        from modAL.batch import uncertainty_batch_sampling
        from modAL.models import ActiveLearner
        from modAL.uncertainty import entropy_sampling
    except ImportError:
        print("modAL is not installed: no comparison")
        return
    rng = np.random.default_rng(3)
    features = rng.normal(size=(n_items, WIDTH)).astype(np.float32)
    labels = rng.integers(0, N_LABELS, 200)
    learner = ActiveLearner(LogisticRegression(), X_training=features[:200], y_training=labels)
    pool = features[200:]

    def ours(score: Callable[[Block], np.ndarray], name: str) -> Block:
        block = Block(
            np.arange(len(pool)), probabilities=learner.predict_proba(pool), features=pool
        )
        assert registry.get(name)
        return block.with_scores(score(block))

    def our_entropy() -> None:
        scores = ours(entropy, "entropy").scores
        np.argpartition(-scores, BATCH)[:BATCH]

    compare("entropy", our_entropy, lambda: entropy_sampling(learner, pool, n_instances=BATCH))
    beside_scikit_activeml(features, labels, our_entropy)
    context = Context(rng, labelled=features[:200])
    compare(
        "ranked_batch of 20",
        lambda: ranked_batch(ours(least_confidence, "ranked_batch"), 20, context),
        lambda: uncertainty_batch_sampling(learner, pool, n_instances=20),
    )


def beside_scikit_activeml(
    features: np.ndarray, labels: np.ndarray, our_entropy: Callable[[], None]
) -> None:
    try:
        from skactiveml.classifier import SklearnClassifier
        from skactiveml.pool import UncertaintySampling
    except ImportError:
        print("scikit-activeml is not installed: no comparison")
        return
    answers = np.full(len(features), np.nan)
    answers[: len(labels)] = labels
    asked = SklearnClassifier(LogisticRegression(), classes=range(N_LABELS)).fit(features, answers)
    strategy = UncertaintySampling(method="entropy", random_state=0)
    compare(
        "entropy",
        our_entropy,
        lambda: strategy.query(features, answers, asked, fit_clf=False, batch_size=BATCH),
        "scikit-activeml",
    )


def compare(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], who: str = "modAL"
) -> None:
    mine, other = min(timed(ours) for _ in range(3)), min(timed(theirs) for _ in range(3))
    print(f"{name:20s} ours {mine:7.3f} s  {who} {other:7.3f} s  ratio {other / mine:5.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    largest = parser.parse_args().items
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for n_items in (largest // 10, largest):
        strategy_times(n_items)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory above the imports: {grown:.0f} MB")
    beside_modal(10_000)


if __name__ == "__main__":
    main()
