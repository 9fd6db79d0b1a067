"""The task page as a person uses it: keys, a connection that comes and goes, two tabs, a lost session."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError

from browser.pages import item_is_there, nothing_left, until
from browser.stage import DESKTOP, PHONE, Site, visit

ANSWERS = "**/api/v1/answers"
PLACES = """
[...document.querySelectorAll(".strip, .item, .answers button, .quiet button")].map(
  (element) => Object.values(element.getBoundingClientRect().toJSON()))
"""
BACK_WHILE_FAILING = """() => {
  const real = window.fetch;
  window.tries = 0;
  window.fetch = (path, ...more) => {
    if (!path.endsWith("/answers") || window.tries >= 7) return real(path, ...more);
    window.tries += 1;
    if (window.tries === 7) dispatchEvent(new Event("online"));
    return Promise.reject(new TypeError("gone"));
  };
}"""
Work = Callable[..., tuple[BrowserContext, Page]]


@pytest.fixture
def work(browser: Browser, site: Site) -> Iterator[Work]:
    """Opens the task page as one of the workers; every test has one of its own."""
    opened: list[BrowserContext] = []

    def start(user: str, project: str = "texts", **options: Any) -> tuple[BrowserContext, Page]:
        context = visit(browser, site, user, **options)
        opened.append(context)
        return context, open_task(context, site, project)

    yield start
    for context in opened:
        context.close()


def open_task(context: BrowserContext, site: Site, project: str = "texts") -> Page:
    page = context.new_page()
    page.goto(site.task(project))
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        item_is_there(page)
    return page


def item_text(page: Page) -> str:
    return page.inner_text("[data-part=item]")


def press(page: Page, key: str) -> None:
    """One key; the next item is painted in the same turn of the page, before anything is sent."""
    before = item_text(page)
    page.keyboard.press(key)
    assert item_text(page) != before


def stored(context: BrowserContext, site: Site, project: str = "texts") -> int:
    """How many counted answers of this person the server knows."""
    me = context.request.get("/api/v1/me").json()
    return sum(p["done"] for p in me["projects"] if p["id"] == site.projects[project])


def waiting(page: Page) -> int:
    return int(
        page.evaluate("Object.keys(localStorage).filter((n) => n.startsWith('assay-')).length")
    )


def all_sent(page: Page) -> None:
    until(page, "!Object.keys(localStorage).some((n) => n.startsWith('assay-'))")


def test_fifty_items_by_fifty_keys(work: Work, site: Site) -> None:
    context, page = work("worker2")
    seen = []
    for n in range(50):
        page.wait_for_selector("[data-state=working]")
        seen.append(item_text(page))
        press(page, "123"[n % 3])
    all_sent(page)
    assert len(set(seen)) == 50
    assert stored(context, site) == 50
    assert page.inner_text("[data-part=done]") == "50"
    assert page.inner_text("[data-part=earned]") == "$1.00"


def test_answers_given_offline_arrive_once_each(work: Work, site: Site) -> None:
    context, page = work("worker3")
    for _ in range(8):  # who answers quickly is given more to hold
        page.wait_for_selector("[data-state=working]")
        press(page, "1")
    all_sent(page)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    for _ in range(10):
        press(page, "1")
    expect(page.locator("[data-part=notice]")).to_contain_text("saved on this device: 10")
    assert waiting(page) == 10
    while page.locator("[data-state=working]").count():
        page.keyboard.press("2")
    assert "connection" in item_text(page)
    given = 8 + waiting(page)
    context.set_offline(False)
    all_sent(page)
    item_is_there(page)
    assert stored(context, site) == given
    expect(page.locator("[data-part=notice]")).to_be_empty()
    page.wait_for_load_state("networkidle")
    page.evaluate(BACK_WHILE_FAILING)
    for n in range(7):
        press(page, "1")
        until(page, f"window.tries > {n}")
    all_sent(page)  # and not only half a minute or a whole one later
    assert stored(context, site) == given + 7


def test_answers_survive_a_reload_and_a_reply_that_was_lost(work: Work, site: Site) -> None:
    context, page = work("worker4")
    page.wait_for_load_state("networkidle")
    page.route(ANSWERS, _store_but_lose_the_reply)
    press(page, "1")
    press(page, "2")
    page.wait_for_selector("[data-part=strip][data-state=offline]")
    assert waiting(page) == 2
    page.unroute(ANSWERS)
    page.reload()
    all_sent(page)
    assert stored(context, site) == 2


def _store_but_lose_the_reply(route: Route) -> None:
    route.fetch()
    with suppress(PlaywrightError):  # the reload has taken the request away by itself
        route.abort()


@pytest.mark.parametrize(("status", "user"), [(500, "worker5"), (429, "worker6")])
def test_a_server_that_fails_costs_nothing(work: Work, site: Site, status: int, user: str) -> None:
    context, page = work(user)
    page.route(ANSWERS, lambda route: route.fulfill(status=status), times=1)
    press(page, "1")
    all_sent(page)
    assert stored(context, site) == 1


def test_two_tabs_do_not_ask_or_answer_twice(work: Work, site: Site) -> None:
    context, first = work("worker7")
    first.wait_for_load_state("networkidle")
    second = open_task(context, site)
    assert item_text(first) == item_text(second)  # both took up the same seats
    shared = item_text(first)
    press(first, "1")
    expect(second.locator("[data-part=item]")).not_to_contain_text(shared)
    press(second, "2")
    press(first, "3")
    all_sent(first)
    assert stored(context, site) == 3


def test_a_lost_session_tells_and_keeps_the_answers_until_the_person_is_back(
    work: Work, site: Site
) -> None:
    context, page = work("worker8")
    page.wait_for_load_state("networkidle")
    session = next(c for c in context.cookies() if c["name"] == "sessionid")
    context.clear_cookies(name="sessionid")
    press(page, "1")
    notice = page.locator("[data-part=notice]")
    expect(notice).to_contain_text("You are signed out. Answers saved on this device: 1")
    href = notice.locator("a").get_attribute("href") or ""
    assert re.fullmatch(r"/sign-in\?next=.*" + site.projects["texts"], href)
    press(page, "2")
    context.add_cookies([session])  # type: ignore[list-item]
    all_sent(page)
    assert stored(context, site) == 2


def test_skipping_asks_for_a_reason_and_costs_nothing(work: Work, site: Site) -> None:
    context, page = work("worker9", viewport=PHONE)
    first = item_text(page)
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    assert item_text(page) == first
    with page.expect_request("**/skip") as sent:
        page.keyboard.press("s")
        page.keyboard.press("3")
    assert sent.value.post_data_json == {"reason": "no_fitting_answer", "text": ""}
    assert item_text(page) != first
    with page.expect_request("**/flag") as sent:
        page.keyboard.press("f")
        page.fill("[data-part=other]", "1 & <b>2</b>")
        page.click("dialog [value=other]")
    assert sent.value.post_data_json == {"reason": "other", "text": "1 & <b>2</b>"}
    all_sent(page)
    assert stored(context, site) == 0


def test_undo_opens_the_last_items_and_another_answer_changes_them(work: Work, site: Site) -> None:
    context, page = work("worker9")
    shown = []
    for _ in range(3):
        shown.append(item_text(page))
        press(page, "1")
    present = item_text(page)
    page.keyboard.press("z")
    page.keyboard.press("Backspace")
    assert item_text(page) == shown[1]
    assert page.locator("button.given").get_attribute("value") == "happy"
    page.keyboard.press("Escape")
    assert item_text(page) == present
    with page.expect_response("**/revise") as revised:
        page.click("[data-part=undo]")
        page.keyboard.press("3")
    assert revised.value.json()["revision"] == 2
    assert json.loads(revised.value.request.post_data or "")["value"] == "angry"
    assert item_text(page) == present
    all_sent(page)
    assert stored(context, site) == 3


def test_plain_forms_do_without_scripts(work: Work, site: Site) -> None:
    context, page = work("worker10", java_script_enabled=False)
    page.click("noscript button")
    first = page.inner_text(".item")
    assert page.locator("button[value=undo]").is_disabled()
    page.click("button[value=angry]")
    second = page.inner_text(".item")
    page.click("button[value=skip]")
    assert len({first, second, page.inner_text(".item")}) == 3
    assert stored(context, site) == 1


def test_digits_are_answered_by_their_own_keys_and_nothing_moves(work: Work, site: Site) -> None:
    _, page = work("worker10", "pictures")
    before = page.evaluate(PLACES)
    with page.expect_request(ANSWERS) as sent:
        page.keyboard.press("7")
    [said] = json.loads(sent.value.post_data or "")["answers"]
    assert said["value"] == "7"
    assert page.evaluate("document.activeElement.dataset.part") == "heading"
    assert page.inner_text("[data-part=heading]") == "Item 2"
    until(page, "[...document.images].every((image) => image.naturalWidth > 0)")
    assert page.evaluate(PLACES) == before


def test_text_stays_text_also_when_the_script_paints_it(work: Work) -> None:
    _, page = work("worker9", "markers")
    for _ in range(3):
        press(page, "1")
    assert page.locator(".frame b, .frame script").count() == 0
    page.click("summary")
    expect(page.locator(".panel")).to_contain_text("\"'><script>alert(1)</script>")


def test_somebody_who_is_paused_reads_why(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "worker11")
    page = context.new_page()
    page.goto(site.task())
    nothing_left(page)
    expect(page.locator("[data-part=item]")).to_contain_text("checks were at chance")
    context.close()


GIVEN = {
    "multiple_choice": ("1", "Enter"),
    "number": ("5", "Enter"),
    "text": ("h", "Control+Enter"),
    "spans": ("Enter",),
    "boxes": ("Enter",),
}
KINDS = ["texts", "pairwise", "ordinal", "markers", "sensitive", *GIVEN]


@pytest.mark.nightly
@pytest.mark.parametrize(("user", "size"), [("worker7", DESKTOP), ("worker9", PHONE)])
def test_nothing_moves_between_items_of_any_type(
    work: Work, user: str, size: dict[str, int]
) -> None:
    for kind in KINDS:
        _, page = work(user, kind, viewport=size)
        page.wait_for_load_state("networkidle")
        before = page.evaluate(PLACES)
        for key in GIVEN.get(kind, ("1",)):
            page.keyboard.press(key)
        item_is_there(page)
        assert page.evaluate(PLACES) == before, kind
