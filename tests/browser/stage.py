"""The real web server for browser tests: ``assay web`` on a free port, a fresh SQLite home, a scene in it.

Without ``assay jobs``: what people see is in the scene, and nothing may change it while a test looks.
"""

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

from servers import assay
from servers.process import free_port

SCENE = Path(__file__).with_name("scene.py")
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Site:
    """A running site; ``sessions`` by user name, ``projects`` (public ids) by their name in the scene."""

    url: str
    home: Path
    projects: dict[str, str]
    sessions: dict[str, str]
    links: list[str]
    names: dict[str, str]  # public ids of other things in the scene

    def page(self, path: str, project: str = "finished") -> str:
        """A page of the project; ``{name}`` in the path stands for one of ``names``."""
        return f"{self.overview(project)}/{path.format(**self.names)}"

    def task(self, project: str = "texts") -> str:
        return f"/tasks/{self.projects[project]}"

    def overview(self, project: str = "finished") -> str:
        return f"/p/{self.projects[project]}"

    def people(self, project: str = "finished") -> str:
        return f"{self.overview(project)}/people"


@contextmanager
def running_site(home: Path, scene: Path) -> Iterator[Site]:
    """A site in ``home`` with a copy of the scene in the other folder, which is set if it is not yet."""
    told = _copy_scene(scene, home)
    port, log = free_port(), home / "log"
    environ = assay.environment(home)
    with assay.running("web", "--port", str(port), environ=environ, log=log):
        assay.wait_until(lambda: assay.answers(port), log=log)
        yield Site(f"http://127.0.0.1:{port}", home, **told)


def _copy_scene(scene: Path, home: Path) -> dict[str, Any]:
    """Whoever comes first sets it; the others wait for it."""
    scene.mkdir(exist_ok=True)
    told = scene / "told.json"
    with (scene.parent / "scene.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(_set_scene(assay.environment(scene))))
    shutil.copytree(scene, home, dirs_exist_ok=True)
    return dict(json.loads(told.read_text()))


def _set_scene(environ: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(SCENE)], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium."""
    return playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)


def _chromium() -> str:
    from shutil import which

    found = next((path for name in CHROMIUM if (path := which(name))), None)
    assert found, "no Chromium: run deploy/install-system"
    return found


def visit(browser: Browser, site: Site, user: str | None = None, **options: Any) -> BrowserContext:
    """A browser profile of its own, signed in as that user of the scene, or as nobody."""
    context = browser.new_context(base_url=site.url, **{"viewport": DESKTOP, **options})
    if user:
        cookie = {"name": "sessionid", "value": site.sessions[user], "url": site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
    return context
