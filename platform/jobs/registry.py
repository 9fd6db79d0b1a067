"""The kinds of long work. An app names a kind beside its handler; a Job row names the kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobs.running import Run

Result = dict[str, Any] | None
Handler = Callable[["Run"], Result]

# Short, because a killed process costs its job this long; it is renewed three times as often.
LEASE = timedelta(seconds=15)


class UnknownKind(LookupError):
    """No handler is registered for this kind in this process."""


@dataclass(frozen=True)
class Kind:
    """A kind of job: who does it, how long a silent process keeps it, how often it may die."""

    name: str
    handler: Handler
    lease: timedelta
    max_attempts: int


_kinds: dict[str, Kind] = {}


def job_kind(
    name: str, *, lease: timedelta = LEASE, max_attempts: int = 3
) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of jobs of kind ``name``.

    The handler may run again after an attempt that died half way: what it writes goes into
    ``with run.fenced():`` and a second run must find done what the first one finished.
    """

    def register(handler: Handler) -> Handler:
        if name in _kinds:
            raise ValueError(f"the job kind {name!r} is registered twice")
        _kinds[name] = Kind(name, handler, lease, max_attempts)
        return handler

    return register


def kind_named(name: str) -> Kind:
    """The kind called ``name``. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"no job kind is called {name!r}") from None
