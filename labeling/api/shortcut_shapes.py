"""The shapes of ``worker_shapes`` once more, by hand, for what is certainly right.

What is doubtful, or would be put right on the way (a text around an id, a number as a text), is not
ours: ``WrongShape`` sends the request on to the views.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.queries import live_token
from labeling.api import worker_shapes
from labeling.limits import ANSWERS_AT_ONCE, SEATS_AT_ONCE, SECONDS_LONGEST
from labeling.media import seat_address
from labeling.models import Project
from labeling.services.claiming import Claim, WhyEmpty, claim
from labeling.services.fast import Given, NextSeat, Turn, Turned
from labeling.services.fast.questions import Question, canonical, project_of_seat, question
from labeling.texts import is_storable

ID = re.compile(r"[0-9a-z]{1,32}")
KEY = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ANSWER_NAMES = {"assignment", "value", "seconds", "key"}
Entry = dict[str, Any]


class WrongShape(Exception):
    """Not certainly right: for the views to judge."""


def answers_body(token: str, body: Any) -> tuple[Turn, list[Entry]]:
    """The turn that the body asks for, and its entries as they were sent."""
    _check_names(body, {"answers", "claim"})
    entries = body.get("answers")
    _check(type(entries) is list and 1 <= len(entries) <= ANSWERS_AT_ONCE)
    for entry in entries:
        _check_entry(entry)
    _check(len({entry["key"].lower() for entry in entries}) == len(entries))
    _check(len({entry["assignment"] for entry in entries}) == len(entries))
    project, wanted = _next_claim(body.get("claim"))
    return _turn(token, project or _project_of(entries), wanted, entries), entries


def claim_body(token: str, project: str, body: Any) -> Turn:
    """The turn of a claim alone."""
    _check_names(body, {"count", "key"})
    key = body.get("key")
    _check(key is None or _is_key(key))
    return Turn(
        token, project, wanted=_count(body.get("count")), claim_key=UUID(key) if key else None
    )


def _next_claim(asked: Any) -> tuple[str | None, int]:
    if asked is None:
        return None, 0
    _check_names(asked, {"project", "count"})
    _check(_is_id(asked.get("project")))
    return asked["project"], _count(asked.get("count"))


def _project_of(entries: Sequence[Entry]) -> str:
    project = project_of_seat(entries[0]["assignment"])
    _check(project is not None)
    return str(project)


def _turn(token: str, project: str, wanted: int, entries: Sequence[Entry]) -> Turn:
    asked = question(project)
    if asked is None:
        raise WrongShape
    given = [_given(asked, entry) for entry in entries]
    key = given[0].key if wanted else None
    return Turn(token, project, asked.version, given, wanted, key)


def _given(asked: Question, entry: Entry) -> Given:
    answer = canonical(asked, entry["value"])
    if answer is None:
        raise WrongShape
    value, label_code = answer
    return Given(entry["assignment"], UUID(entry["key"]), value, label_code, entry.get("seconds"))


def _check_entry(entry: Any) -> None:
    _check_names(entry, ANSWER_NAMES)
    _check(_is_id(entry.get("assignment")) and _is_key(entry.get("key")))
    seconds = entry.get("seconds")
    right = type(seconds) in (int, float) and 0 <= seconds <= SECONDS_LONGEST
    _check(seconds is None or right)
    _check("value" in entry and is_storable(entry["value"]))


def _check_names(given: Any, known: set[str]) -> None:
    _check(type(given) is dict and given.keys() <= known)


def _count(given: Any) -> int:
    _check(type(given) is int and 1 <= given <= SEATS_AT_ONCE)
    return int(given)


def _is_id(given: Any) -> bool:
    return type(given) is str and ID.fullmatch(given) is not None


def _is_key(given: Any) -> bool:
    return type(given) is str and KEY.fullmatch(given) is not None


def _check(right: bool) -> None:
    if not right:
        raise WrongShape


def outcomes_text(entries: Sequence[Entry], names: Sequence[str]) -> str:
    """One outcome for each entry, all stored. Ids and keys were checked: nothing in them needs a quote."""
    return ",".join(
        f'{{"assignment":"{entry["assignment"]}","key":"{entry["key"]}","verdict":"stored",'
        f'"answer":"{name}","field":null,"message":null,"feedback":null}}'
        for entry, name in zip(entries, names, strict=True)
    )


def claim_text(turn: Turn, turned: Turned) -> str:
    """The seats, or why there are none. Items that others hold this instant: the reference asks again."""
    if turned.why_empty == WhyEmpty.BUSY:
        return json.dumps(worker_shapes.claim_json(_claim_again(turn)))
    if turned.lease_until is None:
        return f'{{"assignments":[],"why_empty":"{turned.why_empty}"}}'
    until = turned.lease_until.isoformat()
    seats = ",".join(_seat_text(seat, until) for seat in turned.seats)
    return f'{{"assignments":[{seats}],"why_empty":null}}'


def _claim_again(turn: Turn) -> Claim:
    """The turn was this person's a moment ago, and their project."""
    token = live_token(turn.token)
    if token is None:
        return Claim([], WhyEmpty.BUSY)
    project = Project.objects.get(public_id=turn.project)
    return claim(project, token.user, turn.wanted, turn.claim_key)


def _seat_text(seat: NextSeat, until: str) -> str:
    media = f'"{seat_address(seat.assignment)}"' if seat.picture else "null"
    return (
        f'{{"id":"{seat.assignment}","item":{{"id":"{seat.item}","payload":{seat.payload},'
        f'"media":{media}}},"lease_until":"{until}"}}'
    )
