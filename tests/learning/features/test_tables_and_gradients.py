"""Rows of a table, and the edges of pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from learning.features import registry
from learning.features.gradients import histograms
from learning.features.raw import RawItem, UnusableItem
from learning.features.table import Table


def row(name="r", **payload):
    return RawItem(name, payload)


ROWS = [
    row(age=30, income=1.5, town="Ulm"),
    row(age=40, income=2.5, town="Ulm"),
    row(age=50, income=None, town="Bonn"),
    row(age=60, income=3.5, town="Bonn"),
    row(age=20, income=0.5, town="Jena"),
]


def vectors(rows):
    table = Table()
    parameters = table.plan(ROWS)
    return np.stack([table.vector(one, parameters) for one in rows])


def test_numbers_are_scaled_and_what_is_missing_is_said():
    found = vectors(ROWS)
    ages, missing_age, incomes, missing_income = found[:, :4].T
    assert (ages.mean(), ages.std()) == pytest.approx((0, 1), abs=1e-6)
    assert missing_age.tolist() == [0] * 5
    assert missing_income.tolist() == [0, 0, 1, 0, 0]
    assert incomes[2] == 0


def test_values_that_come_more_than_once_are_columns_and_others_share_one():
    bonn, ulm, other = vectors(ROWS)[:, 4:].T
    assert ulm.tolist() == [1, 1, 0, 0, 0]
    assert bonn.tolist() == [0, 0, 1, 1, 0]
    assert other.tolist() == [0, 0, 0, 0, 1]


def test_what_is_far_out_or_new_does_no_harm():
    [found] = vectors([row(age=10**30, income=-1e300 * 1e-280, town="Nowhere", more="x")])
    assert np.isfinite(found).all()
    assert np.abs(found).max() == 10


@pytest.mark.parametrize("payload", [{"age": "old"}, {"age": float("nan")}, {"age": 10**400}, {}])
def test_a_row_that_does_not_fit_says_why(payload):
    with pytest.raises(UnusableItem):
        Table().vector(row(**payload), Table().plan(ROWS))


def test_auto_knows_a_table_from_a_text():
    assert registry.choose("auto", ROWS).name == "table"
    words = [row(text="an owl", stars=5, votes=9), row(title="An owl", stars=5)]
    assert registry.choose("auto", words).name == "text"


def stripes(angle, shift=0.0):
    y, x = np.mgrid[:32, :32]
    turned = x * np.cos(angle) + y * np.sin(angle)
    return (np.sin(turned / 2 + shift) + 1) / 2


def test_pictures_with_edges_of_one_direction_are_alike_whatever_their_light():
    level, steep = stripes(0.0), stripes(np.pi / 2)
    same = histograms(0.3 * stripes(0.0, shift=1.0) + 0.1)
    assert histograms(level) @ same > 0.9 * (same @ same)
    assert histograms(level) @ histograms(steep) < 0.1 * (same @ same)


def test_an_even_picture_has_no_edges():
    assert np.abs(histograms(np.full((32, 32), 0.7))).max() == 0


def test_gradients_of_a_picture_have_one_width():
    content = io.BytesIO()
    Image.fromarray((stripes(0.3) * 255).astype(np.uint8)).resize((90, 50)).save(content, "PNG")
    item = RawItem("p", {}, content.getvalue)
    extractor = registry.get("gradients")
    assert extractor.vector(item, extractor.plan([item])).shape == (324,)
    with pytest.raises(UnusableItem):
        extractor.vector(RawItem("q", {}, lambda: b"no picture"), {"edge": 32})
