"""Regular expressions with a time limit: in a process of their own, which is killed when time is up.

A pattern may take longer than the universe on one line of text, and nothing inside a thread can stop it.
The child starts Python without site packages and reads patterns and texts as JSON.
"""

import json
import subprocess
import sys
from collections.abc import Sequence

LONGEST = 20_000  # characters of a text that are looked at
LONGEST_PATTERN = 1000
SECONDS = 10.0  # for a whole batch of texts
SEARCH = """
import json, re, sys
pattern, texts = json.load(sys.stdin)
wanted = re.compile(pattern)
json.dump([wanted.search(text) is not None for text in texts], sys.stdout)
"""


class TooSlow(Exception):
    """The pattern did not come to an end in time; the message is for people."""


def found(pattern: str, texts: Sequence[str], *, seconds: float = SECONDS) -> list[bool]:
    """For each text, whether the pattern is found in it. Raises TooSlow."""
    try:
        child = subprocess.run(  # noqa: S603  (our own interpreter and program; the input is data)
            [sys.executable, "-I", "-S", "-c", SEARCH],
            input=json.dumps([pattern, list(texts)]),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise TooSlow(
            f"the pattern took more than {seconds:g} s for {len(texts)} texts: make it simpler"
        ) from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or ["no reason was given"]
        raise TooSlow(f"the pattern failed: {last[0]}"[:300]) from None
    answers: list[bool] = json.loads(child.stdout)
    return answers
