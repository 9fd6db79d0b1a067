"""One person's browser, reduced to what matters: claims, pictures and answers over real HTTP.

A connection that breaks or a server that is away is waited for, as the task page does: the answer
keeps its key, so sending it again is safe.
"""

import http.client
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 180  # a killed site starts again by itself, on a busy machine not at once


class ServerGone(Exception):
    """The server did not come back within PATIENCE_SECONDS."""


class Refused(Exception):
    """The server understood and said no."""

    def __init__(self, status: int, body: str) -> None:
        self.status = status
        super().__init__(f"HTTP {status}: {body[:500]}")


@dataclass(frozen=True)
class Task:
    """A seat on one item."""

    assignment: str
    item: str
    media: str | None


@dataclass(frozen=True)
class Given:
    """An answer to send; ``key`` makes sending it twice harmless."""

    assignment: str
    value: str
    key: str


class Client:
    """HTTP for one person; one connection, kept open. Not for use by two threads at once."""

    def __init__(self, url: str, token: str, project: str) -> None:
        self._place = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._project = project
        self._connection: http.client.HTTPConnection | None = None

    def claim(self, count: int) -> tuple[list[Task], str | None]:
        """Up to ``count`` seats, and why there are none."""
        body = self._json("POST", f"/api/v1/projects/{self._project}/claims", {"count": count})
        return _tasks(body["assignments"]), body["why_empty"]

    def answer(
        self, answers: Sequence[Given], count: int
    ) -> tuple[list[str], list[Task], str | None]:
        """Each answer's verdict, and the next seats, in one request."""
        sent = [{"assignment": a.assignment, "value": a.value, "key": a.key} for a in answers]
        claim = {"project": self._project, "count": count}
        body = self._json("POST", "/api/v1/answers", {"answers": sent, "claim": claim})
        verdicts = [answer["verdict"] for answer in body["answers"]]
        return verdicts, _tasks(body["claim"]["assignments"]), body["claim"]["why_empty"]

    def close(self) -> None:
        """Leave; the next request opens a new connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def skip(self, assignment: str) -> None:
        self._json("POST", f"/api/v1/assignments/{assignment}/skip", {"reason": "other"})

    def look(self, media: str) -> bytes:
        """The picture, as the browser loads it."""
        return self._request("GET", media, None)

    def _json(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        answer = self._request(method, path, json.dumps(body).encode())
        return json.loads(answer) if answer else None

    def _request(self, method: str, path: str, body: bytes | None) -> bytes:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._send(method, path, body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if time.monotonic() > end:
                    raise ServerGone(f"{method} {path}: {error}") from error
                time.sleep(0.2)

    def _send(self, method: str, path: str, body: bytes | None) -> bytes:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._place, timeout=TIMEOUT_SECONDS)
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 500:
            raise http.client.HTTPException(f"HTTP {response.status}")
        if response.status >= 400:
            raise Refused(response.status, content.decode(errors="replace"))
        return content


def new_key() -> str:
    return str(uuid.uuid4())


def _tasks(assignments: Sequence[Mapping[str, Any]]) -> list[Task]:
    return [
        Task(assignment["id"], assignment["item"]["id"], assignment["item"].get("media"))
        for assignment in assignments
    ]
