"""Text from handlers and exceptions, made fit for a text column."""


def storable(text: str, length: int) -> str:
    """The text without what PostgreSQL refuses (NUL, lone surrogates), cut to ``length``."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return whole if len(whole) <= length else f"{whole[: length - 1]}…"


def in_short(error: BaseException) -> str:
    """Type and first line of an unexpected error; the rest may show somebody's data."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
