"""What a person waits for on the task page, and what it costs the network, in the system's Chromium.

    python tests/benchmarks/task_page.py            # 50 answers at 0 ms and at 300 ms of added delay

A three-way choice of texts on the real web server (SQLite). Key to painted: from the keydown event's own
time stamp to the end of the frame after the next item entered the page. A key is pressed every 300 ms.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from browser.pages import item_is_there
from browser.stage import Site, launch, running_site, visit

ANSWERS = 50
PACE = 300  # milliseconds between keys
DELAYS = {0: "worker2", 300: "worker3"}
WATCH = """
window.times = [];
window.largest = 0;
new PerformanceObserver((list) => { largest = list.getEntries().at(-1).startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
let pressed = 0;
addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const since = pressed;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => since && times.push(performance.now() - since);
    channel.port2.postMessage(null);
  });
}).observe(document.querySelector("[data-part=item]"), { childList: true }));
"""


class Wire:
    """Bytes and requests as Chromium counts them, headers included."""

    def __init__(self, session: CDPSession) -> None:
        self.requests: list[str] = []
        self.bytes = 0
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._came)

    def _sent(self, event: Any) -> None:
        self.requests.append(event["request"]["url"])
        self.bytes += len(event["request"].get("postData", ""))

    def _came(self, event: Any) -> None:
        self.bytes += int(event["encodedDataLength"])


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as home,
        running_site(Path(home), Path(home) / "scene") as site,
    ):
        measure(site)
    return 0


def measure(site: Site) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for delay, user in DELAYS.items():
            answers(browser, site, user, delay)
        browser.close()


def answers(browser: Browser, site: Site, user: str, delay: int) -> None:
    context = visit(browser, site, user)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    wire = Wire(session)
    _slow_down(session, delay)
    page.goto(site.task())
    item_is_there(page)
    page.wait_for_load_state("networkidle")
    if not delay:
        size = wire.bytes / 1000
        print(
            f"first page: {len(wire.requests)} requests, {size:.1f} kB over the wire with headers"
        )
        print("  " + " ".join(url.removeprefix(site.url) for url in wire.requests))
    print(f"delay {delay} ms: largest contentful paint after {page.evaluate('largest'):.0f} ms")
    requests, size = len(wire.requests), wire.bytes
    _press_keys(page)
    times = np.array(page.evaluate("times"))
    p50, p95 = np.percentile(times, [50, 95])
    print(
        f"delay {delay} ms: {times.size} answers, key to next item painted p50 {p50:.1f} p95 {p95:.1f} ms"
    )
    print(
        f"delay {delay} ms: {(len(wire.requests) - requests) / ANSWERS:.2f} requests, "
        f"{(wire.bytes - size) / ANSWERS:.0f} bytes an answer"
    )
    context.close()


def _slow_down(session: CDPSession, delay: int) -> None:
    conditions = {
        "offline": False,
        "latency": delay,
        "downloadThroughput": -1,
        "uploadThroughput": -1,
    }
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def _press_keys(page: Page) -> None:
    for n in range(ANSWERS):
        item_is_there(page)
        page.keyboard.press("123"[n % 3])
        page.wait_for_timeout(PACE)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main())
