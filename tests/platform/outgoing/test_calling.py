"""A call is signed, has an end, and goes nowhere but where it was sent."""

import base64
import hashlib
import hmac
import threading

import pytest

from calling_scene import machine, say
from outgoing import calling
from outgoing.calling import CallFailed, post_json

SECRET = b"secret of this project"


@pytest.fixture(autouse=True)
def this_machine(settings):
    settings.OUTGOING = ("127.0.0.1",)


def call(url, seconds=10.0):
    return post_json(url, {"a": 1}, secret=SECRET, seconds=seconds)


def test_the_other_side_can_check_who_calls():
    seen = []

    def answer(handler, path, body):
        seen.append((path, body, handler.headers))
        say(handler, {"b": 2})

    with machine(answer) as url:
        assert call(f"{url}/train?x=y") == {"b": 2}
    path, body, headers = seen[0]
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(SECRET, told, hashlib.sha256)).decode()
    assert path == "/train?x=y"
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_a_redirect_is_not_followed():
    seen = []

    def answer(handler, path, body):
        seen.append(path)
        say(handler, {}, 307, Location="/elsewhere")

    with machine(answer) as url, pytest.raises(CallFailed, match="HTTP 307"):
        call(url)
    assert seen == ["/"]


def test_a_machine_that_says_one_byte_now_and_then_is_cut_off():
    """Each byte comes in time, so no limit on a single read would ever end this."""
    gone = threading.Event()

    def answer(handler, path, body):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not gone.wait(0.02):
            handler.wfile.write(b" ")

    with machine(answer) as url:
        try:
            with pytest.raises(CallFailed, match="did not answer within"):
                call(url, seconds=0.2)
        finally:
            gone.set()


def test_an_answer_without_end_is_not_read_to_the_end(monkeypatch):
    monkeypatch.setattr(calling, "LARGEST", 1000)
    with (
        machine(lambda handler, *_: say(handler, b"1" * 2000)) as url,
        pytest.raises(CallFailed, match="larger"),
    ):
        call(url)


@pytest.mark.parametrize(("body", "status"), [(b"<html>", 200), (b"{}", 500), (b"", 204)])
def test_what_is_no_answer_is_a_sentence(body, status):
    with (
        machine(lambda handler, *_: say(handler, body, status)) as url,
        pytest.raises(CallFailed, match="the answer is"),
    ):
        call(url)


def test_nobody_there_is_a_sentence():
    with machine(lambda *_: None) as url:
        pass
    with pytest.raises(CallFailed, match="ConnectionRefused"):
        call(url)
