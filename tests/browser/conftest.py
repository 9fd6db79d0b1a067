"""One real site a test process, one Chromium a module.

Playwright's sync interface keeps an event loop in the thread, under which Django's ORM refuses to work:
so the browser ends with the module, before a test that uses the database can come.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.stage import Site, launch, running_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Iterator[Site]:
    """Its scene is set once for all processes of the run."""
    home = tmp_path_factory.mktemp("site")
    scene = tmp_path_factory.getbasetemp().parent / f"scene-{testrun_uid}"
    with running_site(home, scene) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()
