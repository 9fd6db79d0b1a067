"""From items to vectors."""

import io

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from learning.features import registry
from learning.features.images import Images
from learning.features.raw import RawItem, UnusableItem
from learning.features.text import Text
from learning.features.vectors import Vectors


def png(pixels, scale=1, mode="L"):
    image = Image.fromarray(np.asarray(pixels, dtype=np.uint8), mode=None).convert(mode)
    image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def picture(content, name="p"):
    return RawItem(name, {}, lambda: content)


def text(words, name="t"):
    return RawItem(name, {"text": words})


def test_an_enlarged_digit_comes_back_as_scikit_learn_knows_it():
    digit = load_digits().images[5]
    content = png(255 - digit * (255 / 16), scale=12)
    images = Images()
    parameters = images.plan([picture(content)])
    vector = images.vector(picture(content), parameters)
    assert vector.shape == (64,)
    assert np.allclose((1 - vector) * 16, digit.ravel(), atol=0.07)


def test_large_pictures_get_a_finer_grid():
    assert Images().plan([picture(png(np.zeros((300, 200))))]) == {"edge": 16}


def test_transparent_places_are_paper():
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    assert np.all(Images().vector(picture(file.getvalue()), {"edge": 8}) == 1)


@pytest.mark.parametrize("content", [b"", b"no picture", png(np.zeros((9, 9)))[:45]])
def test_bytes_that_are_no_picture_are_unusable(content):
    with pytest.raises(UnusableItem):
        Images().vector(picture(content), {"edge": 8})


def test_texts_about_the_same_are_nearer_than_others():
    texts = ["the owl hunts at night", "an owl that hunts by night", "invoices are due on Monday"]
    extractor = Text()
    parameters = extractor.plan([text(words) for words in texts])
    owl, other_owl, invoice = (extractor.vector(text(words), parameters) for words in texts)
    assert owl @ other_owl > 2 * (owl @ invoice)
    assert np.isclose(owl @ owl, 2, atol=0.01)  # two parts, each of length one


def test_a_text_is_read_the_same_whatever_came_before_it():
    extractor = Text()
    parameters = extractor.plan([text("a b c"), text("c d e")])
    assert np.array_equal(
        extractor.vector(text("über 漢字"), parameters),
        extractor.vector(text("über 漢字"), parameters),
    )


def test_texts_are_found_wherever_the_payload_holds_them():
    nested = RawItem("n", {"b": ["two", {"x": "three"}], "a": "one", "n": 4, "none": None})
    assert Text().suits(nested)
    assert not Text().suits(RawItem("e", {"n": 4, "empty": ""}))


def test_odd_characters_do_no_harm():
    extractor = Text()
    parameters = extractor.plan([text("plain")])
    assert np.isfinite(extractor.vector(text("\ud800 \x00 ?!"), parameters)).all()


@pytest.mark.parametrize(
    ("vector", "says"),
    [
        ([1.0, float("nan")], "not a finite number"),
        ([1.0, float("inf")], "not a finite number"),
        ([1.0, 10**400], "not a finite number"),
        ([1.0, "2"], "not a finite number"),
        ([1.0, True], "not a finite number"),
        ([1.0], "has 1 numbers, the others 2"),
        ("1, 2", "no vector"),
        (None, "no vector"),
    ],
)
def test_a_vector_that_cannot_be_used_says_why(vector, says):
    with pytest.raises(UnusableItem, match=says):
        Vectors().vector(RawItem("x", {"vector": vector}), {"width": 2})


def test_auto_takes_vectors_before_pictures_before_text():
    vector = RawItem("v", {"vector": [1, 2], "text": "words"}, lambda: b"")
    assert registry.choose("auto", [vector]).name == "vectors"
    assert registry.choose("auto", [RawItem("p", {"text": "words"}, lambda: b"")]).name == "images"
    assert registry.choose("auto", [text("words")]).name == "text"


def test_auto_takes_what_suits_most_items():
    mixed = [text("a"), text("b"), RawItem("v", {"vector": [1], "text": "c"})]
    assert registry.choose("auto", mixed).name == "text"


def test_nothing_to_learn_from_is_no_error():
    assert registry.choose("auto", [RawItem("n", {"n": 1})]) is None
    assert registry.choose("text", [RawItem("n", {"n": 1})]) is None


def test_an_unknown_name_is_named():
    with pytest.raises(registry.UnknownExtractor, match="magic"):
        registry.choose("magic", [])
