"""The manager's pages and their API with 1,000,000 answers in the database (SQLite): how long they take.

    python tests/benchmarks/desk.py [--answers 1000000] [--rounds 20]

A thousand people gave three answers to each item asked, and 200 to each of 500 gold items. The real web server
answers one request after the other; first paint is what Chromium calls first contentful paint.
"""

import argparse
import http.client
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).parent)]

from desk_scene import make, prepared  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from browser.pages import until  # noqa: E402
from browser.stage import DESKTOP, launch  # noqa: E402
from servers import assay  # noqa: E402
from servers.process import free_port  # noqa: E402

FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
PAGES = {
    "overview, its API (learning)": "/api/v1/projects/{project}/learning",
    "overview, its API (quality)": "/api/v1/projects/{project}/quality",
    "project, API": "/api/v1/projects/{project}",
    "people, API": "/api/v1/projects/{project}/annotators",
    "gold, API": "/api/v1/projects/{project}/gold",
    "labels, API": "/api/v1/projects/{project}/labels",
    "overview, the part that is refreshed": "#/p/{project}",
    "overview, whole": "/p/{project}",
    "items": "/p/{project}/items",
    "one item": "/p/{project}/items/{item}",
    "people": "/p/{project}/people",
    "one person": "/p/{project}/people/{person}",
    "gold": "/p/{project}/gold",
    "decisions": "/p/{project}/decisions",
    "reviews": "/p/{project}/reviews",
    "projects to review": "/reviews",
    "model": "/p/{project}/model",
    "export": "/p/{project}/export",
    "settings": "/p/{project}/settings",
    "projects": "/projects",
    "the API's pages": "/api/v1/docs",
    "jump": "/jump?words=item-12&project={project}",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--home", type=Path, help="keep the database there, or use the one that is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = options.home or Path(made)
        home.mkdir(exist_ok=True)
        prepared(home)
        clock = time.perf_counter()
        names = make(home, options.answers)
        print(f"scene with {options.answers:,} answers: {time.perf_counter() - clock:.0f} s")
        serve(home, names, options.rounds)
    return 0


def serve(home: Path, names: dict[str, str], rounds: int) -> None:
    environ, port, log = assay.environment(home), free_port(), home / "log"
    with assay.running("web", "--port", str(port), environ=environ, log=log):
        assay.wait_until(lambda: assay.answers(port), log=log)
        for name, path in PAGES.items():
            measure(port, name, path.format(**names), names["session"], rounds)
        first_paint(f"http://127.0.0.1:{port}", f"/p/{names['project']}", names["session"], rounds)


def measure(port: int, name: str, path: str, session: str, rounds: int) -> None:
    headers = {"Cookie": f"sessionid={session}"}
    if path.startswith("#"):
        headers["HX-Request"] = "true"
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = [ask(connection, path.lstrip("#"), headers) for _ in range(rounds + 1)]
    p50, p95 = np.percentile(times[1:], [50, 95]) * 1000
    print(f"{name:40} first {times[0] * 1000:6.0f}  p50 {p50:6.0f}  p95 {p95:6.0f} ms", flush=True)


def ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> float:
    clock = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    return time.perf_counter() - clock


def first_paint(url: str, path: str, session: str, rounds: int) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(base_url=url, viewport=DESKTOP)
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        times = []
        for _ in range(rounds + 1):
            page.goto(path)
            until(page, f"({FIRST_PAINT}) > 0")
            times.append(page.evaluate(FIRST_PAINT))
        browser.close()
    p50, p95 = np.percentile(times[1:], [50, 95])
    print(
        f"{'overview, first contentful paint':40} first {times[0]:6.0f}  p50 {p50:6.0f}  p95 {p95:6.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
