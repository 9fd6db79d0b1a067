"""Logs are events with ids: one line each, control characters escaped, secrets taken out.

A line is ``time level event name=value ...``. An error is told by its type, the first line of its
message and the places it went through; not by values, which may be somebody's data.
"""

import json
import logging.config
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_NAME = re.compile(r"passw|secret|authorization|cookie|api_?key|credential|token", re.I)
PASSWORD_IN_URL = re.compile(r"://[^/@\s]*@")
PLAIN = re.compile(r"[A-Za-z0-9_.:/+\-]+")
LONGEST_VALUE = 2000
MESSAGE_OF_ERROR = 300
PLACES_OF_ERROR = 12
NOISY = {  # their ordinary chatter says nothing that our own events do not
    "celery": "WARNING",
    "kombu": "WARNING",
    "amqp": "WARNING",
    "granian.access": "WARNING",
    "django.request": "ERROR",
    "PIL": "WARNING",
}


def logging_configuration(level: str) -> dict[str, Any]:
    """For ``logging.config.dictConfig``: everything to standard error through one formatter."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": _formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            **{name: {"level": at_least} for name, at_least in NOISY.items()},
            "django": {"handlers": [], "level": level, "propagate": True},
            "_granian": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }


def configure_structlog() -> None:
    """Let structlog's events take the same way as those of the standard library."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _common() -> list[Any]:
    return [
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter() -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common()[1:],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_error,
            hide_secrets,
            one_line,
        ],
    )


def describe_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace ``exc_info`` by the error's type, first line and places."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["said"] = str(error).partition("\n")[0][:MESSAGE_OF_ERROR]
        event["at"] = _places(error.__traceback__)
    return event


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-PLACES_OF_ERROR:]
    return " > ".join(f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames)


def hide_secrets(
    _logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace texts under a secret's name, and the user and password inside any URL."""
    for name, value in event.items():
        if isinstance(value, str):
            hidden = name != "event" and SECRET_NAME.search(name)
            event[name] = "***" if hidden else PASSWORD_IN_URL.sub("://***@", value)
    return event


def one_line(_logger: WrappedLogger, _method: str, event: Mapping[str, Any]) -> str:
    """The line. Whatever is not plain is written as JSON in ASCII, so no value can break out of it."""
    rest = dict(event)
    head = [
        str(rest.pop("timestamp", "")),
        str(rest.pop("level", "")),
        _value(rest.pop("event", "")),
    ]
    return " ".join([*head, *(f"{name}={_value(value)}" for name, value in rest.items())])


def _value(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    text = text[:LONGEST_VALUE]
    return text if PLAIN.fullmatch(text) else json.dumps(text)


def configure(level: str) -> None:
    """Set up logging in a process that does not load Django."""
    logging.config.dictConfig(logging_configuration(level))
    configure_structlog()
