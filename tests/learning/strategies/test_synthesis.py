import numpy as np
import pytest

from learning.strategies.block import Block
from learning.strategies.synthesis import between, borders, mixed


def side(features):
    """A plane that nothing real lies on."""
    return (features[:, 0] + 2 * features[:, 1] > 0.3).astype(np.int64)


def block(n=60, seed=0):
    return Block(ids=np.arange(n), features=np.random.default_rng(seed).normal(size=(n, 4)))


def test_points_lie_on_the_border_between_two_real_items():
    items = block()
    points = between(items, side, 20, np.random.default_rng(1))
    assert len(points) == 20
    for point in points:
        at = mixed(items.features[point.first], items.features[point.second], point.share)
        assert abs(at[0] + 2 * at[1] - 0.3) < 0.02
        assert side(items.features[[point.first]])[0] != side(items.features[[point.second]])[0]


def test_the_other_end_is_the_nearest_item_of_another_label():
    items = block()
    for point in between(items, side, 60, np.random.default_rng(1)):
        apart = ((items.features - items.features[point.first]) ** 2).sum(axis=1)
        others = side(items.features) != side(items.features[[point.first]])[0]
        assert apart[point.second] == apart[others].min()


@pytest.mark.parametrize("n", [0, 1, 30])
def test_where_everything_looks_alike_nothing_is_made(n):
    alike = between(
        block(n), lambda f: np.zeros(len(f), dtype=np.int64), 5, np.random.default_rng(0)
    )
    assert alike == []


def test_the_border_may_lie_anywhere_on_the_way():
    where = np.array([0.01, 0.5, 0.99])

    def side_of_its_own(features):
        return (features[:, 0] > where).astype(np.int64)

    found = borders(np.zeros((3, 1)), np.ones((3, 1)), side_of_its_own)
    assert found == pytest.approx(where, abs=0.002)


def test_the_model_is_asked_as_often_for_many_points_as_for_one():
    asked = []

    def counted(features):
        asked.append(len(features))
        return side(features)

    for wanted in (1, 30):
        asked.clear()
        between(block(), counted, wanted, np.random.default_rng(1))
        assert len(asked) < 15
