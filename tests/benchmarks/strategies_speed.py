"""Query strategies on arrays in memory, beside modAL and scikit-activeml where they are installed.

python tests/benchmarks/strategies_speed.py [--items 1000000]
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
from sklearn.linear_model import LogisticRegression

from learning.strategies.batch import query
from learning.strategies.block import Block
from learning.strategies.context import Context
from learning.strategies.density import ranked_batch
from learning.strategies.merge import top_k
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

    ids, said = np.arange(len(pool)), learner.predict_proba(pool)

    def our_entropy(classifier: object = learner) -> None:
        block = Block(ids, probabilities=classifier.predict_proba(pool), features=pool)
        top_k([(block, entropy(block))], BATCH)

    def their_entropy(classifier: object = learner) -> None:
        entropy_sampling(classifier, pool, n_instances=BATCH)

    known = SimpleNamespace(predict_proba=lambda _pool: said)
    compare("entropy, with scikit-learn's prediction", our_entropy, their_entropy)
    compare(
        "entropy, of what is predicted",
        lambda: our_entropy(known),
        lambda: their_entropy(known),
    )
    beside_scikit_activeml(features, labels, our_entropy)
    context = Context(rng, labelled=features[:200])

    def our_ranked_batch() -> None:
        block = Block(ids, probabilities=learner.predict_proba(pool), features=pool)
        ranked_batch(block.with_scores(least_confidence(block)), 20, context)

    compare(
        "ranked batch of 20, with the prediction",
        our_ranked_batch,
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
        "entropy, with the prediction",
        our_entropy,
        lambda: strategy.query(features, answers, asked, fit_clf=False, batch_size=BATCH),
        "scikit-activeml",
    )


def compare(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], who: str = "modAL"
) -> None:
    """In turns, so that both see the same machine; the best of thirty."""
    both = [(timed(ours), timed(theirs)) for _ in range(30)]
    mine, other = (1000 * min(column) for column in zip(*both, strict=True))
    print(f"{name:40s} ours {mine:8.2f} ms  {who} {other:8.2f} ms  ratio {other / mine:5.1f}")


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
