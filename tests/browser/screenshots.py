"""Pictures of every page, light and dark, desktop and phone, of the real site with the scene of the tests.

python tests/browser/screenshots.py OUT_DIR [NAME ...]      (names as in pages.py; all without)
"""

import sys
import tempfile
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from browser.pages import PAGES, Shown, open_page
from browser.stage import DESKTOP, PHONE, Site, launch, running_site, visit

SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = ("light", "dark")


def main() -> int:
    if len(sys.argv) < 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running_site(Path(home), Path(home) / "scene") as site,
    ):
        _pictures(site, folder, set(sys.argv[2:]))
    return 0


def _pictures(site: Site, folder: Path, names: set[str]) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        pages = [shown for shown in PAGES if not names or shown.name in names]
        for shown, size, scheme in product(pages, SIZES, SCHEMES):
            _picture(browser, site, shown, size, scheme, folder)
        browser.close()


def _picture(
    browser: Browser, site: Site, shown: Shown, size: str, scheme: str, folder: Path
) -> None:
    context = visit(browser, site, shown.user, viewport=SIZES[size], color_scheme=scheme)
    page: Page = open_page(context, site, shown)
    path = folder / f"{shown.name}-{size}-{scheme}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    context.close()
    sys.stderr.write(f"{path}\n")


if __name__ == "__main__":
    sys.exit(main())
