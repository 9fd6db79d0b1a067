"""What holds on every page in every state: readable by everybody, nothing sideways, nothing run that was typed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from assay.middleware import HEADERS
from browser.pages import PAGES, Shown, open_page
from browser.stage import DESKTOP, PHONE, Site, visit

NETWORK = "Failed to load resource"  # an answer like 404, or none: what the page is about
# Style sheets are preloaded for an experimental rule alone.
OPTIONS = "{ preload: false, resultTypes: ['violations'], ...rules }"
CHECK = f"(rules) => axe.run({OPTIONS}).then((found) => found.violations)"
ALL_RULES: dict[str, object] = {}
# What a page says and how it is built is the same in every theme and size; this is not.
RULES_OF_LOOK = {
    "runOnly": [
        "color-contrast",
        "link-in-text-block",
        "scrollable-region-focusable",
        "target-size",
    ]
}
LOOKS = (("light", DESKTOP, ALL_RULES), ("dark", PHONE, RULES_OF_LOOK))
VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});
"""


class Witness:
    """Writes down whatever went wrong while a page was open."""

    def __init__(self, page: Page) -> None:
        self.troubles: list[str] = []
        page.add_init_script(VIOLATIONS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(NETWORK):
            self.troubles.append(message.text)

    def _response(self, response: Response) -> None:
        missing = [name for name in HEADERS if name.lower() not in response.headers]
        policy = response.headers.get("content-security-policy", "")
        if missing or "unsafe" in policy:
            self.troubles.append(f"{response.url}: without {missing}, policy {policy!r}")


@pytest.fixture(params=PAGES, ids=lambda shown: shown.name)
def shown(request: pytest.FixtureRequest) -> Shown:
    page: Shown = request.param
    return page


@pytest.fixture(scope="module")
def profiles(browser: Browser, site: Site) -> Iterator[dict[str | None, BrowserContext]]:
    """Of each user, with what they have loaded before: most people come back to the site."""
    opened: dict[str | None, BrowserContext] = {}
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture
def profile(
    browser: Browser, site: Site, shown: Shown, profiles: dict[str | None, BrowserContext]
) -> BrowserContext:
    if shown.user not in profiles:
        profiles[shown.user] = visit(browser, site, shown.user)
        profiles[shown.user].add_init_script(Axe().axe_script)
    return profiles[shown.user]


@pytest.fixture
def witnessed(site: Site, shown: Shown, profile: BrowserContext) -> Iterator[tuple[Page, Witness]]:
    witnesses: list[Witness] = []
    profile.once("page", lambda page: witnesses.append(Witness(page)))
    page = open_page(profile, site, shown)
    yield page, witnesses[0]
    page.close()
    profile.set_offline(False)


def test_page_is_accessible_in_both_themes_fits_a_phone_and_runs_nothing_foreign(
    witnessed: tuple[Page, Witness],
) -> None:
    page, witness = witnessed
    for scheme, size, rules in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert broken_rules(page, rules) == []
    assert page.evaluate("violations") == []
    assert page.locator("main script:not([type='application/json']), main b").count() == 0
    assert page.locator("[style], script:not([src]):not([type='application/json'])").count() == 0
    assert witness.troubles == []


def broken_rules(page: Page, rules: dict[str, object]) -> list[str]:
    found = page.evaluate(CHECK, rules)
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
