"""Texts as words to compare and words to show.

People are compared by *keys*: compatibility-composed, case-folded, without punctuation. What is
shown is the *surface* most people wrote for a key. Scripts that do not put spaces between words
(Chinese, Japanese kana, Thai, Lao, Khmer, Burmese) are compared character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from quality.inference.text_alignment import Masks, Sequences, letter_masks
from quality.inference.typed_answers import Ints

# Thai .. Lao, Burmese, Khmer, kana, Han; the two planes of rarer Han
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
# one such character with the combining marks that follow it, or a run of anything else
_TOKEN = re.compile(rf"[{_UNSPACED}][\u0300-\u036f\u3099\u309a]*|[^\s{_UNSPACED}]+")


def key_of(word: str) -> str:
    """What two spellings of a word share; empty for mere punctuation."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in folded if not unicodedata.category(c).startswith("P"))


def words_of(text: str) -> list[tuple[str, str]]:
    """(key, surface) of each word; a surface starts with a space where the text had one.

    Punctuation that stands alone belongs to the word before it.
    """
    words: list[tuple[str, str]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        surface = (" " if match.start() > end and words else "") + match.group()
        key, end = key_of(match.group()), match.end()
        if key:
            words.append((key, surface))
        elif words:
            words[-1] = (words[-1][0], words[-1][1] + surface)
    return words


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Texts as codes: ``keys`` and ``surfaces`` are parallel, word by word."""

    keys: Sequences
    surface: Ints
    key_names: list[str]
    surface_names: list[str]
    masks: Masks

    @classmethod
    def of(cls, texts: Sequence[str]) -> Vocabulary:
        keys: dict[str, int] = {}
        surfaces: dict[str, int] = {}
        coded: list[list[int]] = []
        shown: list[int] = []
        for text in texts:
            words = words_of(text)
            coded.append([keys.setdefault(key, len(keys)) for key, _ in words])
            shown.extend(surfaces.setdefault(surface, len(surfaces)) for _, surface in words)
        return cls(
            Sequences.of(coded),
            np.array(shown, dtype=np.int64),
            list(keys),
            list(surfaces),
            letter_masks(list(keys)),
        )

    def extended(self, texts: Sequence[str]) -> tuple[Vocabulary, Sequences]:
        """A vocabulary that knows the words of more texts, and these texts in its codes."""
        keys = {name: code for code, name in enumerate(self.key_names)}
        coded = [[keys.setdefault(key, len(keys)) for key, _ in words_of(text)] for text in texts]
        names = list(keys)
        masks = np.concatenate([self.masks, letter_masks(names[len(self.key_names) :])])
        shown = self.surface_names or [""]
        extended = replace(self, key_names=names, surface_names=shown, masks=masks)
        return extended, Sequences.of(coded)
