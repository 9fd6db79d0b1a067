"""People at work over HTTP: what they do when the server goes away in the middle of an answer."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assay.demo import client
from assay.demo.client import Client, Refused, ServerGone
from assay.demo.crew import Crew, Worker


class Office:
    """A server of one seat at a time, which stores answers by key and can lose its replies."""

    def __init__(self, n_items: int) -> None:
        self.left = list(range(n_items))
        self.stored: dict[str, str] = {}
        self.requests: list[tuple[str, Any]] = []
        self.losses: list[str] = []  # what happens to the next requests: "reply", "request", "500"
        self.status = 200
        self.guard = threading.Lock()

    def handle(self, path: str, body: Any) -> dict[str, Any]:
        self.requests.append((path, body))
        if path.endswith("/claims"):
            return self._claim(body["count"])
        verdicts = [{"verdict": self._store(answer)} for answer in body["answers"]]
        return {"answers": verdicts, "claim": self._claim(body["claim"]["count"])}

    def _store(self, answer: dict[str, str]) -> str:
        self.stored.setdefault(answer["key"], f"{answer['assignment']}={answer['value']}")
        return "stored"

    def _claim(self, count: int) -> dict[str, Any]:
        taken, self.left = self.left[:count], self.left[count:]
        seats = [{"id": f"seat-{n}", "item": {"id": f"item-{n}"}} for n in taken]
        return {"assignments": seats, "why_empty": None if taken else "done"}


def handler(office: Office) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with office.guard:
                loss = office.losses.pop(0) if office.losses else ""
                reply = {} if loss in ("request", "500") else office.handle(self.path, body)
            if loss in ("request", "reply"):
                self.close_connection = True
                return
            self._reply(500 if loss else office.status, json.dumps(reply).encode())

        def _reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def office() -> Office:
    return Office(n_items=6)


@pytest.fixture
def url(office: Office) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(office))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Parity:
    """Says whether the item's number is even; notes the number of each answer."""

    name, kind, honest, pace = "Parity", "scripted", True, 0.0

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def answer(self, item: int, nth: int) -> int:
        self.asked.append((item, nth))
        return item % 2


def worker(url: str, prefetch: int = 1) -> Worker:
    numbers = {f"item-{n}": n for n in range(6)}
    return Worker(Parity(), Client(url, "token", "p"), numbers, ["even", "odd"], prefetch)


def work_to_the_end(*workers: Worker) -> Crew:
    crew = Crew(workers, lambda: all(one.why_empty == "done" for one in workers))
    crew.start()
    end = time.monotonic() + 30
    while not (crew._finished() or crew.failure) and time.monotonic() < end:
        time.sleep(0.01)
    crew.stop()
    for one in workers:
        one._client.close()
    return crew


EVERYTHING = {f"seat-{n}={['even', 'odd'][n % 2]}" for n in range(6)}


@pytest.mark.parametrize(
    "losses", [[], ["", "reply"], ["", "request"], ["", "500", "reply", "500"]]
)
def test_an_answer_whose_reply_is_lost_is_sent_again_under_its_key(
    office: Office, url: str, losses: list[str]
) -> None:
    """The first request is a claim. A reply that is lost takes the seats of its claim along, as it would."""
    office.losses = [*losses]
    one = worker(url)
    crew = work_to_the_end(one)
    assert crew.failure is None
    sent = [body["answers"][0] for path, body in office.requests if path == "/api/v1/answers"]
    assert sent[0]["assignment"] == "seat-0"
    assert sum(answer == sent[0] for answer in sent) == 1 + ("reply" in losses)
    assert len(office.stored) == one.answered
    assert set(office.stored.values()) <= EVERYTHING


def test_everybody_together_answers_everything_once(office: Office, url: str) -> None:
    people = [worker(url, prefetch=2) for _ in range(3)]
    assert work_to_the_end(*people).failure is None
    assert sorted(office.stored.values()) == sorted(EVERYTHING)
    assert sum(one.answered for one in people) == 6


def test_a_person_counts_their_own_answers(office: Office, url: str) -> None:
    one = worker(url)
    work_to_the_end(one)
    assert one.actor.asked == [(n, n) for n in range(6)]  # type: ignore[attr-defined]


def test_a_server_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(client, "PATIENCE_SECONDS", 0.3)
    one = worker("http://127.0.0.1:9")  # nobody listens at the port of "discard"
    crew = work_to_the_end(one)
    assert isinstance(crew.failure, ServerGone)


def test_a_paused_person_rests_and_a_bug_is_told(office: Office, url: str) -> None:
    one = worker(url)
    crew = Crew([one], lambda: False)
    office.status = 403
    assert crew._rest(one) > 1
    office.status = 400
    with pytest.raises(Refused, match="HTTP 400"):
        crew._rest(one)
    one._client.close()
