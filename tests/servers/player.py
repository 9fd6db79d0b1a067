"""A small demonstration in a process of its own, with a record of every answer that was acknowledged.

    python player.py PORT SEED N_ITEMS [ADDRESS]

Without ADDRESS it starts the site as `assay demo` does. It writes "playing" when people begin. Until it reads a
line from standard input they take their time, so that whatever the test does falls into their work. After
the end the site is stopped, everything is counted again from the rows, and a line of JSON says what was found.
"""

import json
import os
import sys
import tempfile
import threading
import time
import traceback
from contextlib import nullcontext
from pathlib import Path

from assay.django_setup import prepare_django

SLOW_SECONDS = 1.2
LONGEST_SECONDS = 500  # never a measure of speed: only the end of what would hang


def main() -> None:
    port, seed, n_items = map(int, sys.argv[1:4])
    prepare_django()
    from assay.demo import client
    from assay.demo.digits import digits_scene
    from assay.demo.site import running_site

    note = Notebook(client.Client.answer)
    client.Client.answer = lambda one, answers, count: note.answer(one, answers, count)  # type: ignore[method-assign]
    log = Path(os.environ["ASSAY_HOME"]) / "demo.log"
    log.parent.mkdir(exist_ok=True)
    site = nullcontext(sys.argv[4]) if len(sys.argv) > 4 else running_site(port, log)
    with tempfile.TemporaryDirectory() as folder, site as url:
        scene = digits_scene(Path(folder), n_items=n_items, seed=seed)
        cast, report = play_to_the_end(scene, url, note)
    found = count_again(cast.project, note.acknowledged)
    tell({**report.as_json(), "found": found, "acknowledged": len(note.acknowledged)})


class Notebook:
    """What the server said yes to: key -> verdict."""

    def __init__(self, answer) -> None:
        self._answer = answer
        self.acknowledged: dict[str, str] = {}
        self.hurry = threading.Event()
        threading.Thread(target=self._wait_for_word, daemon=True).start()

    def answer(self, client, answers, count):
        self.hurry.wait(SLOW_SECONDS)
        said = self._answer(client, answers, count)
        verdicts = zip((given.key for given in answers), said[0], strict=True)
        self.acknowledged.update(verdicts)
        return said

    def _wait_for_word(self) -> None:
        sys.stdin.readline()
        self.hurry.set()


def play_to_the_end(scene, url, note):
    from assay.demo.display import Display
    from assay.demo.play import make_report, play
    from assay.demo.setting import set_scene

    cast = set_scene(scene)
    tell("playing")
    began = time.monotonic()
    play(scene, cast, url, Display(), longest=LONGEST_SECONDS)
    return cast, make_report(scene, cast, 1, time.monotonic() - began)


def count_again(project, acknowledged: dict[str, str]) -> list[str]:
    """What is wrong, in words; nothing, when every promise was kept."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from at_work import recount
    from labeling.models import Answer

    project.refresh_from_db()
    rows = Answer.objects.filter(project=project).values_list("key", "verdict")
    found = compare(acknowledged, [(str(key), verdict) for key, verdict in rows])
    try:
        recount(project)
    except AssertionError:
        found.append(f"the rows do not agree: {traceback.format_exc(limit=-1)}")
    return found


def compare(acknowledged: dict[str, str], rows: list[tuple[str, str]]) -> list[str]:
    """Acknowledged answers beside the rows (key, verdict)."""
    kept = dict(rows)
    wrong = [f"{len(rows) - len(kept)} answers are there twice"] if len(kept) < len(rows) else []
    wrong += [f"{key} was acknowledged and is lost" for key in acknowledged if key not in kept]
    wrong += [f"{key} was never acknowledged" for key in kept if key not in acknowledged]
    return wrong + [
        f"{key} was {verdict} and is {kept[key]}"
        for key, verdict in acknowledged.items()
        if kept.get(key, verdict) != verdict
    ]


def tell(what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
