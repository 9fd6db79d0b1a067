"""What a labelling function may be. A rule looks at the payload alone; None is an abstention.

| kind | parameters | votes for ``label`` where |
|---|---|---|
| keyword | ``field``, ``words``, ``label`` | one of the words stands in the text, as a word, in any case |
| pattern | ``field``, ``pattern``, ``label`` | the regular expression is found in the text |
| threshold | ``field``, ``above`` or ``below``, ``label`` | the number lies beyond it |
| python | ``path`` | the function of that dotted path says: payload to label or None |

A dotted path must be on the administrator's list (``learning.allowed``).
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from labeling.errors import Refused
from labeling.limits import LABEL_LENGTH
from learning import allowed
from learning.children import Unanswered, call
from learning.functions.searching import LONGEST, LONGEST_PATTERN, TooSlow, found

Payload = dict[str, Any]
Parameters = dict[str, Any]
Votes = list[str | None]
WORDS = 1000
PYTHON_SECONDS = 60.0  # for a block of items, as an estimator by dotted path has them


class FunctionBroken(Exception):
    """The rule cannot vote; the message says why, for people."""


def check(kind: str, parameters: Parameters, labels: Sequence[str]) -> None:
    """Raises Refused, naming what is wrong."""
    if kind not in _FIELDS:
        raise Refused(f"must be one of {', '.join(_FIELDS)}", field="kind")
    needed, more = _FIELDS[kind]
    given = set(parameters)
    if not needed <= given or given - needed - more:
        names = ", ".join(sorted(needed | more))
        raise Refused(f"a {kind} function takes {names}", field="parameters")
    if "label" in parameters and parameters["label"] not in labels:
        raise Refused("must be a label of the project", field="parameters.label")
    if "field" in parameters and not _is_name(parameters["field"]):
        raise Refused("must be the name of a field of the payload", field="parameters.field")
    _CHECKS[kind](parameters)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LABEL_LENGTH


def votes(kind: str, parameters: Parameters, payloads: Sequence[Payload]) -> Votes:
    """One vote or abstention for each payload. Raises FunctionBroken."""
    return _VOTES[kind](parameters, payloads)


def _keyword(parameters: Parameters, payloads: Sequence[Payload]) -> Votes:
    words = "|".join(re.escape(word) for word in sorted(parameters["words"]))
    wanted = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)  # only literals: linear time
    texts = _texts(parameters["field"], payloads)
    return [parameters["label"] if wanted.search(text) else None for text in texts]


def _pattern(parameters: Parameters, payloads: Sequence[Payload]) -> Votes:
    try:
        hits = found(parameters["pattern"], _texts(parameters["field"], payloads))
    except TooSlow as slow:
        raise FunctionBroken(str(slow)) from None
    return [parameters["label"] if hit else None for hit in hits]


def _threshold(parameters: Parameters, payloads: Sequence[Payload]) -> Votes:
    above, below = parameters.get("above"), parameters.get("below")
    return [
        parameters["label"] if _beyond(payload.get(parameters["field"]), above, below) else None
        for payload in payloads
    ]


def _beyond(value: Any, above: float | None, below: float | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (above is None or value > above) and (below is None or value < below)


def _python(parameters: Parameters, payloads: Sequence[Payload]) -> Votes:
    """In a process of its own: the functions of others have an end, too."""
    path = parameters["path"]
    try:
        allowed.require(path)
        return call(path, "votes", [[payload] for payload in payloads], PYTHON_SECONDS)
    except (allowed.NotAllowed, Unanswered) as error:
        raise FunctionBroken(str(error)[:300]) from None


def _texts(field: str, payloads: Sequence[Payload]) -> list[str]:
    values = [payload.get(field) for payload in payloads]
    return [value[:LONGEST] if isinstance(value, str) else "" for value in values]


def _check_keyword(parameters: Parameters) -> None:
    words = parameters["words"]
    sound = isinstance(words, list) and all(_is_name(w) and w.strip() for w in words)
    if not sound or not 0 < len(words) <= WORDS:
        raise Refused(f"must be a list of 1 to {WORDS} words", field="parameters.words")


def _check_pattern(parameters: Parameters) -> None:
    pattern = parameters["pattern"]
    if not isinstance(pattern, str) or not 0 < len(pattern) <= LONGEST_PATTERN:
        raise Refused(f"must be a text of at most {LONGEST_PATTERN}", field="parameters.pattern")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise Refused(f"is no regular expression: {error}", field="parameters.pattern") from None


def _check_threshold(parameters: Parameters) -> None:
    limits = [parameters[name] for name in ("above", "below") if name in parameters]
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in limits)
    if not limits or not numbers:
        raise Refused("needs a number as above or below", field="parameters")


def _check_python(parameters: Parameters) -> None:
    try:
        allowed.require(parameters["path"])
    except allowed.NotAllowed as error:
        raise Refused(str(error), field="parameters.path") from None


_FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "keyword": ({"field", "words", "label"}, set()),
    "pattern": ({"field", "pattern", "label"}, set()),
    "threshold": ({"field", "label"}, {"above", "below"}),
    "python": ({"path"}, set()),
}
_CHECKS: dict[str, Callable[[Parameters], None]] = {
    "keyword": _check_keyword,
    "pattern": _check_pattern,
    "threshold": _check_threshold,
    "python": _check_python,
}
_VOTES: dict[str, Callable[[Parameters, Sequence[Payload]], Votes]] = {
    "keyword": _keyword,
    "pattern": _pattern,
    "threshold": _threshold,
    "python": _python,
}
