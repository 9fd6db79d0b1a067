"""How long an answer may take before anybody has given one: reading at a usual pace, and then the hand.

210 words a minute is slow reading of English (Brysbaert, 2019, finds 238 on average); the time to answer is ours.
"""

from collections.abc import Iterable
from statistics import median

WORDS_A_SECOND = 3.5
LETTERS_A_WORD = 6  # with its space; also where words are not told apart by spaces
LOOKING = 2.0  # seconds at a picture
ANSWERING = {
    "choice": 2.0,
    "multiple_choice": 4.0,
    "ordinal": 2.5,
    "number": 5.0,
    "pairwise": 3.0,
    "text": 25.0,
    "spans": 15.0,
    "boxes": 20.0,
}


def seconds_guessed(kind: str, texts: Iterable[str]) -> float:
    """For one answer to a question of this kind about texts like these; pictures have none."""
    letters = [len(text) for text in texts]
    reading = median(letters) / LETTERS_A_WORD / WORDS_A_SECOND if letters else LOOKING
    return reading + ANSWERING.get(kind, 5.0)
