"""A signed POST with an end: so many seconds for all of it, so many bytes of answer.

Signed as Standard Webhooks 1.0 has it, so any library for that can check our calls: header
``webhook-signature`` is ``v1,`` and the base64 of HMAC-SHA256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from outgoing.places import Place, checked

LARGEST = 32 * 1024 * 1024  # bytes of an answer
AT_ONCE = 64 * 1024


class CallFailed(Exception):
    """No usable answer came; the message is for people and holds nothing of the answer."""


def post_json(url: str, body: Any, *, secret: bytes, seconds: float) -> Any:
    """What the machine there answers to this. Raises NotAllowed (not called) or CallFailed."""
    data = json.dumps(body, allow_nan=False).encode()
    answer = post(url, data, headers=signed(data, secret), seconds=seconds)
    try:
        return json.loads(answer)
    except ValueError:
        raise CallFailed("the answer is no JSON") from None


def signed(body: bytes, secret: bytes) -> dict[str, str]:
    """The headers that prove who calls, and when."""
    name, now = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
    digest = hmac.digest(secret, b".".join([name.encode(), now.encode(), body]), hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": now,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def post(url: str, body: bytes, *, headers: dict[str, str], seconds: float) -> bytes:
    """The body of a 2xx answer. Raises NotAllowed or CallFailed."""
    end = time.monotonic() + seconds
    place = checked(url)
    try:
        with _open(place, end) as connection:
            connection.request("POST", place.path, body, {"User-Agent": "Assay", **headers})
            answer = _read(connection.getresponse())
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() < end:
            raise CallFailed(f"{place.host} failed ({type(error).__name__})") from None
    if time.monotonic() >= end:  # what came until the cut may be a part
        raise CallFailed(f"{place.host} did not answer within {seconds:g} s")
    return answer


def _read(response: http.client.HTTPResponse) -> bytes:
    if not 200 <= response.status < 300:  # a redirect may lead to where nobody may go
        raise CallFailed(f"the answer is HTTP {response.status}")
    parts, size = [], 0
    while part := response.read1(AT_ONCE):
        size += len(part)
        if size > LARGEST:
            raise CallFailed(f"the answer is larger than {LARGEST} bytes")
        parts.append(part)
    return b"".join(parts)


@contextmanager
def _open(place: Place, end: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the checked address that is cut when time is up, whatever it is doing then."""
    left = max(0.001, end - time.monotonic())
    line = _wrapped(socket.create_connection((place.address, place.port), timeout=left), place)
    cut = threading.Timer(max(0.0, end - time.monotonic()), _cut, [line])
    cut.daemon = True
    cut.start()
    try:
        yield _spoken_to(line, place)
    finally:
        cut.cancel()
        line.close()


def _wrapped(raw: socket.socket, place: Place) -> socket.socket:
    """With TLS still to be agreed on, where it is wanted: that too is done before the cut."""
    if place.scheme == "http":
        return raw
    context = ssl.create_default_context()
    return context.wrap_socket(raw, server_hostname=place.host, do_handshake_on_connect=False)


def _spoken_to(line: socket.socket, place: Place) -> http.client.HTTPConnection:
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.host, place.port)
    connection.sock = line
    connection.auto_open = 0  # never by itself to whatever the name means now
    return connection


def _cut(line: socket.socket) -> None:
    """Past ``SSLSocket.shutdown``, which would go on without TLS."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
