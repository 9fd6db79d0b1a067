"""Hashed TF-IDF: words and word pairs, and pieces of words, in a fixed number of columns.

Every term is hashed to a column and a sign (Weinberger et al. 2009, "Feature hashing"), so a new item
never changes the width and needs no vocabulary. The weights idf = 1 + log((1 + n) / (1 + df)) are taken
once from a sample of the items. Words and pieces are scaled to length one each: neither drowns the
other.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from learning.features.raw import Floats, Parameters, RawItem, UnusableItem

WORD_COLUMNS, PIECE_COLUMNS = 768, 256
WORD = r"(?u)\b\w+\b"  # one letter is a word too
LONGEST = 20_000  # characters: what comes later in a text changes no topic and costs time


@cache
def _words() -> Any:
    return _hashing(WORD_COLUMNS, ngram_range=(1, 2), token_pattern=WORD)


@cache
def _pieces() -> Any:
    return _hashing(PIECE_COLUMNS, ngram_range=(3, 4), analyzer="char_wb")


def _hashing(columns: int, **options: Any) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer  # takes long to import

    return HashingVectorizer(n_features=columns, norm=None, **options)


class Text:
    name = "text"
    dtype = "float16"

    def suits(self, item: RawItem) -> bool:
        return bool(text_of(item))

    def plan(self, sample: Sequence[RawItem]) -> Parameters:
        texts = [text for item in sample if (text := text_of(item))]
        return {
            "words": idf(_words().transform(texts)).round(4).tolist(),
            "pieces": idf(_pieces().transform(texts)).round(4).tolist(),
        }

    def vector(self, item: RawItem, parameters: Parameters) -> Floats:
        text = text_of(item)
        if not text:
            raise UnusableItem("it has no text")
        words = weighted(_words().transform([text]), np.array(parameters["words"]))
        pieces = weighted(_pieces().transform([text]), np.array(parameters["pieces"]))
        return np.concatenate([words, pieces]).astype(np.float32)


def text_of(item: RawItem) -> str:
    """All texts of the payload, in the order of their field names."""
    whole = "\n".join(_texts(item.payload))[:LONGEST].strip()
    return whole.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be hashed


def idf(counts: csr_matrix) -> NDArray[np.float64]:
    """The weight of each column, from term counts [n, columns]."""
    present = counts.getnnz(axis=0)
    weights: NDArray[np.float64] = 1 + np.log((1 + counts.shape[0]) / (1 + present))
    return weights


def weighted(counts: csr_matrix, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """One text's counts, damped, weighted and scaled to length one: [columns]."""
    row = counts.toarray()[0]
    damped = np.sign(row) * np.log1p(np.abs(row)) * weights
    length = float(np.linalg.norm(damped))
    scaled: NDArray[np.float64] = damped / length if length else damped
    return scaled


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for _, inner in sorted(value.items()):
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
