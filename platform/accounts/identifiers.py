"""Public ids: random, so that neither order nor number of rows can be read from them."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no look-alikes: people read ids aloud
LENGTH = 16  # 31**16 is over 79 bits

# One byte a letter: 248 values fall evenly on 31 letters, the other eight are thrown away.
_EVEN = 256 - 256 % len(ALPHABET)
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_THROWN_AWAY = bytes(range(_EVEN, 256))


def public_id() -> str:
    """A new random id for anything that a person outside the server may see."""
    return public_ids(1)[0]


def public_ids(count: int) -> list[str]:
    """So many new random ids: a file of a million rows needs a million of them."""
    letters = ""
    while (missing := count * LENGTH - len(letters)) > 0:
        drawn = secrets.token_bytes(missing + missing // 16 + 4)
        letters += drawn.translate(_LETTERS, _THROWN_AWAY).decode()
    return [letters[start : start + LENGTH] for start in range(0, count * LENGTH, LENGTH)]
