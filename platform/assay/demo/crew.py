"""The people at work: a few threads take turns over all people, so that 25 or 200 of them cost the same."""

import heapq
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assay.demo.client import Client, Given, Refused, Task, new_key
from assay.demo.scene import Actor

THREADS = 8
REST_SECONDS = 0.3  # when there is nothing to do just now; doubled each time
LONG_REST_SECONDS = (
    2.0  # at most, for up to 25 people; the more people, the longer, so that asking costs the same
)
FEW_PEOPLE = 25


@dataclass(order=True)
class _Turn:
    due: float
    order: int
    worker: "Worker" = field(compare=False)


class Worker:
    """One person with their own token and connection, and the seats they hold."""

    def __init__(
        self,
        actor: Actor,
        client: Client,
        item_numbers: Mapping[str, int],
        labels: Sequence[str],
        prefetch: int,
    ) -> None:
        self.actor = actor
        self._client = client
        self._item_numbers = item_numbers
        self._labels = labels
        self._prefetch = prefetch
        self._tasks: list[Task] = []
        self.answered = 0
        self.why_empty: str | None = None
        self._rest = REST_SECONDS

    def take_turn(self, longest_rest: float) -> float:
        """Answer what is held and claim more. Returns the seconds until the next turn."""
        answers = [answer for task in self._tasks if (answer := self._answer(task))]
        if answers:
            verdicts, self._tasks, self.why_empty = self._client.answer(answers, self._prefetch)
            self.answered += sum(verdict in ("stored", "late_stored") for verdict in verdicts)
        else:
            self._tasks, self.why_empty = self._client.claim(self._prefetch)
        return self._next_rest(longest_rest)

    def _next_rest(self, longest: float) -> float:
        if self._tasks:
            self._rest = REST_SECONDS
            return self.actor.pace * len(self._tasks)
        may_come = self.why_empty in (None, "caught_up", "nothing_open", "busy")
        self._rest = min(2 * self._rest, longest) if may_come else longest
        return self._rest

    def _answer(self, task: Task) -> Given | None:
        if task.media:
            self._client.look(task.media)
        code = self.actor.answer(self._item_numbers[task.item], self.answered)
        if code is None:
            self._client.skip(task.assignment)
            return None
        return Given(task.assignment, self._labels[code], new_key())


class Crew:
    """Runs until ``finished()`` says so; ``failure`` keeps the first error of any thread."""

    def __init__(self, workers: Sequence[Worker], finished: Callable[[], bool]) -> None:
        self.workers = workers
        self._finished = finished
        self._longest_rest = LONG_REST_SECONDS * max(1.0, len(workers) / FEW_PEOPLE)
        self._turns = [_Turn(0.0, order, worker) for order, worker in enumerate(workers)]
        self._guard = threading.Condition()
        self._stop = False
        self.failure: BaseException | None = None
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._guard:
            self._stop = True
            self._guard.notify_all()
        for thread in self._threads:
            thread.join(timeout=40)

    def _work(self) -> None:
        try:
            while turn := self._next_turn():
                self._give_back(turn, self._rest(turn.worker))
        except Exception as error:  # the thread's last act is to tell the main thread
            self.failure = self.failure or error

    def _rest(self, worker: Worker) -> float:
        try:
            return worker.take_turn(self._longest_rest)
        except Refused as refusal:
            if refusal.status not in (403, 404, 409, 429):
                raise
            return self._longest_rest

    def _next_turn(self) -> _Turn | None:
        with self._guard:
            while not (self._stop or self._finished()):
                wait = self._turns[0].due - time.monotonic() if self._turns else REST_SECONDS
                if wait <= 0:
                    return heapq.heappop(self._turns)
                self._guard.wait(min(wait, REST_SECONDS))
            return None

    def _give_back(self, turn: _Turn, rest: float) -> None:
        with self._guard:
            heapq.heappush(
                self._turns, _Turn(time.monotonic() + rest, turn.order + 1000, turn.worker)
            )
            self._guard.notify()
