"""The process in which a model that is not ours answers: what it reads, what it says (see ``learning.apart``).

    python -m learning.estimators.serving

It reads a list of trusted types and a model in skops' format, and says which codes the model was taught. Then
each matrix that it reads is answered by the probabilities, until nothing more comes. A message is its length in
eight bytes, and itself; before an answer stands one byte: whether it went well.
"""

import io
import json
import os
import signal
import struct
import threading
import time
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

LENGTH = struct.Struct("<Q")
WELL, BADLY = b"\1", b"\0"
ALONE = 900  # seconds after which a process that nobody ends any more ends itself


def send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(LENGTH.pack(len(message)) + message)
    pipe.flush()


def received(pipe: IO[bytes]) -> bytes:
    """The next message. Raises EOFError where the other side has gone."""
    (length,) = LENGTH.unpack(_exactly(pipe, LENGTH.size))
    return _exactly(pipe, length)


def answered(pipe: IO[bytes]) -> bytes:
    """The answer to a question. Raises ValueError with the words of a child that could not give one."""
    went_well = _exactly(pipe, 1) == WELL
    message = received(pipe)
    if not went_well:
        raise ValueError(message.decode(errors="replace"))
    return message


def packed(matrix: NDArray[Any]) -> bytes:
    wide = io.BytesIO()
    np.save(wide, matrix, allow_pickle=False)
    return wide.getvalue()


def unpacked(message: bytes) -> NDArray[Any]:
    """Raises ValueError for what is no matrix of plain numbers."""
    found: NDArray[Any] = np.load(io.BytesIO(message), allow_pickle=False)
    return found


def end_with_parent() -> None:
    """When the process that asked has gone, end with everything that was started here."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    end_with_parent()
    asked, answers = own_pipes()
    with asked, answers:
        try:
            trusted, blob = json.loads(received(asked)), received(asked)
            signal.alarm(ALONE)
            model = _loaded(blob, trusted)
            say(answers, WELL, packed(np.asarray(model.classes_, dtype=np.int64)))
            while True:
                signal.alarm(0)
                features = unpacked(received(asked))
                signal.alarm(ALONE)
                say(answers, WELL, packed(np.asarray(model.predict_proba(features), dtype=float)))
        except EOFError:
            return
        except Exception as error:
            say(answers, BADLY, f"{type(error).__name__}: {error}"[:200].encode())


def own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Input and output for us alone: what the class prints must not stand among the answers."""
    asked, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    return os.fdopen(asked, "rb"), os.fdopen(answers, "wb")


def _loaded(blob: bytes, trusted: list[str]) -> Any:
    import skops.io

    return skops.io.loads(blob, trusted=trusted)


def say(pipe: IO[bytes], how: bytes, message: bytes) -> None:
    pipe.write(how)
    send(pipe, message)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


if __name__ == "__main__":
    main()
