"""How far two texts are apart, in words."""

import re

import numpy as np

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff"  # scripts that put no space between words
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:['’][^\W{UNSPACED}]+)*")


def words_of(text: str) -> list[str]:
    """The words without case and punctuation; of a text without words, its characters."""
    folded = text.casefold()
    return WORD.findall(folded) or list("".join(folded.split()))


def share_of_edits(a: list[str], b: list[str]) -> float:
    """Words to change, put in or leave out, as a share of the longer text; 0 for two empty ones."""
    longer = max(len(a), len(b))
    return edits(a, b) / longer if longer else 0.0


def edits(a: list[str], b: list[str]) -> int:
    """Levenshtein's distance; one row of the table at a time, which numpy fills at once."""
    codes = {word: code for code, word in enumerate(dict.fromkeys([*a, *b]))}
    column = np.array([codes[word] for word in b], dtype=np.int64)
    ramp = np.arange(len(b) + 1)
    row = ramp.copy()
    for place, word in enumerate(a, start=1):
        best = np.empty_like(row)
        best[0] = place
        best[1:] = np.minimum(row[:-1] + (column != codes[word]), row[1:] + 1)
        row = np.minimum.accumulate(best - ramp) + ramp  # words of b put in, one after the other
    return int(row[-1])
