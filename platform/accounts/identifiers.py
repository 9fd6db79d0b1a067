"""Public ids: random, so that neither order nor number of rows can be read from them."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no look-alikes: people read ids aloud
LENGTH = 16  # 31**16 is over 79 bits


def public_id() -> str:
    """A new random id for anything that a person outside the server may see."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
