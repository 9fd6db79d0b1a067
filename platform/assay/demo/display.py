"""Progress on standard error: one line that renews itself on a terminal, a line now and then elsewhere."""

import sys
import time
from dataclasses import dataclass
from typing import TextIO

EVERY_SECONDS = 5.0  # where lines pile up


@dataclass(frozen=True)
class Progress:
    settled: int
    items: int
    answers: int
    expected: float | None
    model: float | None
    paused: int

    def line(self) -> str:
        bar_length = 24
        filled = round(bar_length * self.settled / max(1, self.items))
        return (
            f"[{'#' * filled}{'.' * (bar_length - filled)}] {self.settled}/{self.items} items settled"
            f" | {self.answers} answers paid | certainty {_share(self.expected)}"
            f" | model {_share(self.model)} | {self.paused} paused"
        )


class Display:
    """``say`` starts a line of its own; ``show`` renews the progress line."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._renews = stream.isatty()
        self._open = False
        self._last = 0.0

    def say(self, sentence: str) -> None:
        self._write(("\n" if self._open else "") + sentence + "\n")
        self._open = False

    def show(self, progress: Progress, *, last: bool = False) -> None:
        if self._renews:
            self._write("\r\x1b[2K" + progress.line())
            self._open = True
        elif last or time.monotonic() - self._last > EVERY_SECONDS:
            self._last = time.monotonic()
            self._write(progress.line() + "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
