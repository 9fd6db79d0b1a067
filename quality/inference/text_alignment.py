"""Many word sequences aligned to their items' reference at once.

Sequences are arrays of word codes. Pairs of similar size are padded into one batch and their edit
tables are filled row by row for the whole batch, so the loops in Python are as long as one text
and not as long as the file (Wagner and Fischer, The string-to-string correction problem, 1974).

A wrong word costs less the more it looks like the right one: ``recognise`` is put opposite
``recognize`` and not opposite its neighbour. Likeness is the Dice share of hashed letter pairs, 64
bits a word, so it takes one ``and`` and two bit counts for a cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.inference.typed_answers import Floats, Ints

Masks = NDArray[np.uint64]
Bytes = NDArray[np.int8]

GAP = 20  # cost of a missing or an extra word; a wrong word costs 10 (alike) to 20 (unlike)
CELLS = 2_000_000  # cells of edit tables held at once: some tens of megabytes
BOTH, MISSING, EXTRA = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """Word codes of many texts, end to end: text r is ``word[start[r]:start[r] + length[r]]``."""

    word: Ints
    length: Ints
    start: Ints

    @classmethod
    def of(cls, texts: Sequence[Sequence[int]] | Sequence[Ints]) -> Sequences:
        length = np.array([len(text) for text in texts], dtype=np.int64)
        parts = [np.asarray(text, dtype=np.int64) for text in texts]
        word = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        return cls(word, length, np.cumsum(length) - length)

    def put_into(self, others: Sequences, places: Ints) -> Sequences:
        """``others`` with these texts instead of those at ``places``."""
        if not places.size:
            return others
        texts = [others.text(row) for row in range(others.length.size)]
        for row, place in enumerate(places.tolist()):
            texts[place] = self.text(row)
        return Sequences.of(texts)

    def text(self, row: int) -> Ints:
        """The words of one text."""
        return self.word[self.start[row] : self.start[row] + self.length[row]]

    def padded(self, rows: Ints) -> Ints:
        """[row, position]: word codes, -1 beyond the end of a text."""
        width = int(self.length[rows].max(initial=0))
        position = np.arange(width)
        inside = position < self.length[rows][:, None]
        at = np.where(inside, self.start[rows][:, None] + position, 0)
        return np.where(inside, self.word[at], -1) if width else np.empty((rows.size, 0), int)


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """One entry for each word of a text that was aligned, and for each reference word it lacks.

    ``text[e]`` is the pair's number; ``slot[e]`` the position in the reference, for extra words
    the position they come before; ``word[e]`` the text's word, -1 where it is missing;
    ``place[e]`` its position in the text; ``extra[e]`` marks words without a reference word.
    """

    text: Ints
    slot: Ints
    word: Ints
    place: Ints
    extra: NDArray[np.bool_]


def letter_masks(words: Sequence[str]) -> Masks:
    """[word]: one bit for each hashed pair of neighbouring letters, ends included."""
    return np.array([_mask(word) for word in words], dtype=np.uint64)


def likeness(a: Masks, b: Masks) -> Floats:
    """Dice share of the bits of two arrays of masks, in 0..1."""
    common = np.bitwise_count(a & b).astype(np.float64)
    total = np.bitwise_count(a).astype(np.float64) + np.bitwise_count(b)
    share: Floats = 2.0 * common / np.maximum(total, 1.0)
    return share


def align(texts: Sequences, references: Sequences, masks: Masks) -> Alignment:
    """Each text ``r`` against reference ``r``."""
    parts = [
        _aligned_batch(texts, references, rows, masks)
        for rows in _batches(texts.length, references.length)
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    if not columns:
        columns = [np.empty(0, dtype=np.int64)] * 5
    text, slot, word, place, extra = columns
    return Alignment(text, slot, word, place, extra.astype(bool))


def edit_distances(texts: Sequences, references: Sequences) -> Ints:
    """[r]: plain number of word edits between text r and reference r."""
    edits = np.zeros(texts.length.size, dtype=np.int64)
    for rows in _batches(texts.length, references.length):
        table = _EditTable(texts, references, rows, None)
        for _ in range(table.height):
            table.next_row()
        edits[rows] = table.final()
    return edits


def edit_distance(a: Sequence[str], b: Sequence[str]) -> int:
    """Word edits between two texts."""
    code = {word: number for number, word in enumerate(dict.fromkeys([*a, *b]))}
    first, second = ([code[word] for word in text] for text in (a, b))
    return int(edit_distances(Sequences.of([first]), Sequences.of([second]))[0])


class _EditTable:
    """The edit tables of a batch, of which only the current row is kept."""

    def __init__(
        self, texts: Sequences, references: Sequences, rows: Ints, masks: Masks | None
    ) -> None:
        self.text, self.reference = texts.padded(rows), references.padded(rows)
        self.text_length, self.height_of = texts.length[rows], references.length[rows]
        self.height, self.width = self.reference.shape[1], self.text.shape[1]
        self.masks = masks
        self.gap = GAP if masks is not None else 1
        self.ramp = self.gap * np.arange(self.width + 1, dtype=np.int64)
        self.row = np.tile(self.ramp, (rows.size, 1))
        self.done = 0
        self.result = self._at_end()

    def next_row(self) -> Bytes:
        """Advance by one reference word; which move leads to each cell."""
        diagonal = self.row[:, :-1] + self._wrong_word_costs()
        missing = self.row + self.gap
        best = missing.copy()
        np.minimum(best[:, 1:], diagonal, out=best[:, 1:])
        row = np.minimum.accumulate(best - self.ramp, axis=1) + self.ramp
        moves = np.where(row == missing, MISSING, EXTRA).astype(np.int8)
        moves[:, 1:][row[:, 1:] == diagonal] = BOTH
        self.row, self.done = row, self.done + 1
        self.result = np.where(self.height_of == self.done, self._at_end(), self.result)
        return moves

    def final(self) -> Ints:
        return self.result

    def _at_end(self) -> Ints:
        return np.take_along_axis(self.row, self.text_length[:, None], axis=1)[:, 0]

    def _wrong_word_costs(self) -> Ints:
        right = self.reference[:, self.done][:, None]
        if self.masks is None:
            return np.asarray(self.text != right, dtype=np.int64)
        alike = likeness(self.masks[self.text], self.masks[right])
        unlike = GAP - np.rint(0.5 * GAP * alike).astype(np.int64)
        return np.where(self.text == right, 0, unlike)


def _aligned_batch(
    texts: Sequences, references: Sequences, rows: Ints, masks: Masks
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    table = _EditTable(texts, references, rows, masks)
    first = np.full((rows.size, table.width + 1), EXTRA, dtype=np.int8)
    moves = np.stack([first, *(table.next_row() for _ in range(table.height))], axis=1)
    return _walk_back(moves, texts, references, rows)


def _walk_back(
    moves: Bytes, texts: Sequences, references: Sequences, rows: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """From the last cell of each table to its first, all tables in step."""
    pair = np.arange(rows.size)
    i, j = references.length[rows].copy(), texts.length[rows].copy()
    steps = []
    while pair.size:
        alive = (i[pair] > 0) | (j[pair] > 0)
        pair = pair[alive]
        move = moves[pair, i[pair], j[pair]]
        i[pair] -= move != EXTRA
        j[pair] -= move != MISSING
        place = np.where(move == MISSING, -1, j[pair])
        steps.append((rows[pair], i[pair], place, move == EXTRA))
    text, slot, place, extra = (np.concatenate(column) for column in zip(*steps, strict=True))
    at = np.minimum(texts.start[text] + place, max(texts.word.size - 1, 0))
    word = np.where(place >= 0, texts.word[at], -1) if texts.word.size else place
    return text, slot, word, place, extra


def _batches(length: Ints, other: Ints) -> Iterator[Ints]:
    """Rows in groups of similar size, each with at most CELLS cells (or a single row)."""
    order = np.lexsort((length, other))
    start = 0
    while start < order.size:
        stop = start + 1
        widest, tallest = length[order[start]] + 1, other[order[start]] + 1
        while stop < order.size:
            wide = max(widest, length[order[stop]] + 1)
            tall = max(tallest, other[order[stop]] + 1)
            if (stop - start + 1) * wide * tall > CELLS:
                break
            widest, tallest, stop = wide, tall, stop + 1
        yield order[start:stop]
        start = stop


def _mask(word: str) -> int:
    padded = f"^{word}$"
    bits = 0
    for a, b in itertools.pairwise(padded):
        bits |= 1 << ((ord(a) * 37 + ord(b)) % 64)
    return bits
