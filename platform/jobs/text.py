"""Text from handlers and exceptions, made fit for a text column."""


def storable(text: str, length: int) -> str:
    """The text without what PostgreSQL refuses (NUL, lone surrogates), cut to ``length``."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return whole if len(whole) <= length else f"{whole[: length - 1]}…"
