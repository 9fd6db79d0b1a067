"""See the whole of Assay work on real images, end to end, in minutes."""

import argparse
import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.commands import _process
from assay.django_setup import NotWell, prepare_django
from assay.processes.ports import PortTaken, check_port
from assay.settings.environment import read_environment

if TYPE_CHECKING:
    from assay.demo.display import Display
    from assay.demo.report import Report
    from assay.demo.scene import Scene
    from assay.demo.setting import Cast

QUICK_ITEMS = 300
LONGEST_SECONDS = 1800


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="300 items, and no site left running")
    parser.add_argument(
        "--seed", type=_seed, default=1, help="another crowd, another order (default: 1)"
    )
    parser.add_argument(
        "--json", action="store_true", help="end with one line of JSON on standard output"
    )
    parser.add_argument(
        "--answers", type=Path, metavar="DIR", help="play back recorded answers of real people"
    )
    parser.add_argument(
        "--port",
        type=_process.port,
        help="port of the site (default: ASSAY_PORT; --quick: a free one)",
    )
    parser.add_argument("--no-stay", action="store_true", help="stop the site after the report")


def _seed(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a whole number from 0 up, of 19 digits at most"
    )


def run(options: argparse.Namespace) -> int:
    sys.stderr.write("assay demo: starting ...\n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="assay-demo-")))
        if options.quick:
            os.environ["ASSAY_HOME"] = str(folder / "home")  # nothing stays behind
        environment = read_environment()
        port = options.port or _port(options.quick, environment.port)
        _check(environment.bind, port)
        environment.home.mkdir(parents=True, exist_ok=True)
        prepare_django()
        return _run_on_site(options, folder, port)


def _check(bind: str, port: int) -> None:
    """Before anything that takes time."""
    try:
        check_port(bind, port)
    except PortTaken as taken:
        raise NotWell(str(taken)) from taken


def _run_on_site(options: argparse.Namespace, folder: Path, port: int) -> int:
    from assay.demo.display import Display
    from assay.demo.play import PlayFailed
    from assay.demo.recording import RecordingUnusable
    from assay.demo.setting import SettingFailed
    from assay.demo.site import SiteNotStarted, end_of, running_site
    from labeling.errors import Refused

    display = Display()
    log = read_environment().home / "demo.log"
    try:
        scene = _scene(options, folder)
        with running_site(port, log) as url:
            display.say(f"The site runs at {url} (its log: {log})")
            cast, report = _play(options, scene, url, display)
            _show(options, report, display)
            if not (options.quick or options.no_stay):
                _stay(scene, cast, url, display)
    except PlayFailed as problem:
        raise NotWell(f"{problem}\n{end_of(log)}") from problem
    except (RecordingUnusable, SiteNotStarted, PortTaken) as problem:
        raise NotWell(str(problem)) from problem
    except (SettingFailed, Refused) as problem:
        raise NotWell(f"The scene cannot be set: {problem}") from problem
    return 0


def _scene(options: argparse.Namespace, folder: Path) -> "Scene":
    from assay.demo.digits import digits_scene
    from assay.demo.recorded import recorded_scene

    if options.answers:
        return recorded_scene(options.answers, folder, seed=options.seed)
    return digits_scene(folder, n_items=QUICK_ITEMS if options.quick else None, seed=options.seed)


def _play(
    options: argparse.Namespace, scene: "Scene", url: str, display: "Display"
) -> tuple["Cast", "Report"]:
    from assay.demo.patience import patiently
    from assay.demo.play import make_report, play
    from assay.demo.setting import set_scene

    cast = set_scene(scene)
    display.say(
        f"{scene.work.size:,} items and {scene.gold.size} gold items are in. {len(scene.actors)} people start."
    )
    started = time.monotonic()
    play(scene, cast, url, display, longest=LONGEST_SECONDS)
    seconds = time.monotonic() - started
    return cast, patiently(lambda: make_report(scene, cast, options.seed, seconds))


def _show(options: argparse.Namespace, report: "Report", display: "Display") -> None:
    display.say(f"\n{report.as_text()}\n")
    if options.json:
        sys.stdout.write(json.dumps(report.as_json()) + "\n")
        sys.stdout.flush()


def _stay(scene: "Scene", cast: "Cast", url: str, display: "Display") -> None:
    from assay.demo.setting import open_practice, sign_in_links

    practice = open_practice(scene, cast)

    display.say("The site keeps running. Each link signs you in once:")
    for name, link in sign_in_links(cast, practice, url).items():
        display.say(f"  {name:8} {link}")
    display.say("Press Ctrl-C to stop.")
    with _until_told_to_stop():
        signal.pause()


@contextmanager
def _until_told_to_stop() -> Iterator[None]:
    """SIGTERM ends the demonstration as Ctrl-C does: the site is stopped, the exit code is 0."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\n")


def _port(quick: bool, port: int) -> int:
    if not quick:
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
        return free
