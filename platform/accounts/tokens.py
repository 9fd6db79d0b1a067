"""Secrets that people carry: made here, and known to the database by their digest only."""

import hashlib
import secrets

PREFIX = "assay_"  # so that a token that leaked into a file can be found and named


def new_secret() -> str:
    """A token of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 under which the token is kept: the secret is long and random, so no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
