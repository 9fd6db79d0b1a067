"""The short way and the reference do the same, answer by answer, whatever happens around them."""

import pytest

from twin_worlds import live_through

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(4))
def test_two_worlds_stay_the_same(seed) -> None:
    assert live_through(seed, acts=60) > 15


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 140))
def test_two_worlds_stay_the_same_for_long(seed) -> None:
    assert live_through(seed, acts=200) > 40
