"""Pictures of every page of the real site with the scene of the tests, in every look that a person may choose.

python tests/browser/screenshots.py OUT_DIR [NAME ...]

NAME is that of a page (pages.py) or of a look (below); without one of a kind, all of that kind.
"""

import sys
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, sync_playwright

from browser.pages import PAGES, Shown, open_page
from browser.stage import DESKTOP, PHONE, Site, launch, running_site, visit


@dataclass(frozen=True)
class Look:
    """How a page is looked at: in which window, theme and language."""

    name: str
    size: dict[str, int]
    scheme: str = "light"
    language: str = "en"


LOOKS = (
    Look("desktop-light", DESKTOP),
    Look("desktop-dark", DESKTOP, "dark"),
    Look("phone-light", PHONE),
    Look("phone-dark", PHONE, "dark"),
    Look("desktop-arabic", DESKTOP, language="ar"),  # from right to left
    Look("phone-arabic", PHONE, "dark", "ar"),
)


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
        take_pictures(site, folder, set(sys.argv[2:]))
    return 0


def take_pictures(site: Site, folder: Path, names: set[str]) -> None:
    pages = [shown for shown in PAGES if shown.name in names] or PAGES
    looks = [look for look in LOOKS if look.name in names] or LOOKS
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for shown, look in product(pages, looks):
            _picture(browser, site, shown, look, folder)
        browser.close()


def _picture(browser: Browser, site: Site, shown: Shown, look: Look, folder: Path) -> None:
    context = visit(browser, site, shown.user, viewport=look.size, color_scheme=look.scheme)
    spoken = {"name": "django_language", "value": look.language, "url": site.url}
    context.add_cookies([spoken])  # type: ignore[list-item]
    path = folder / f"{shown.name}-{look.name}.png"
    try:
        page = open_page(context, site, shown)
        page.screenshot(path=path, full_page=True, animations="disabled")
        sys.stderr.write(f"{path}\n")
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main())
