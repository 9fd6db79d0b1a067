"""What the task page does when something goes wrong around it, and what it does for the person's sake."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route, expect

from browser.pages import item_is_there, until
from browser.stage import Site, visit

ANSWERS = "**/api/v1/answers"
NOTHING_WAITS = "!Object.keys(localStorage).some((name) => name.startsWith('assay-'))"
A_DAY_AHEAD = """
const now = Date.now;
Date.now = () => now() + 86400000;
"""
OUTSIDE = """
[...document.querySelectorAll(".answers button, .quiet button, .item, .strip")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1
    || element.getBoundingClientRect().bottom > innerHeight + 1)
  .map((element) => element.textContent.slice(0, 40))
"""
Open = Callable[..., tuple[BrowserContext, Page]]


@pytest.fixture
def work(browser: Browser, site: Site) -> Iterator[Open]:
    opened: list[BrowserContext] = []

    def start(user: str, project: str, script: str = "") -> tuple[BrowserContext, Page]:
        context = visit(browser, site, user)
        opened.append(context)
        page = context.new_page()
        page.add_init_script(script or ";")
        page.goto(site.task(project))
        item_is_there(page)
        page.wait_for_load_state("networkidle")
        return context, page

    yield start
    for context in opened:
        context.close()


def notice(page: Page) -> Locator:
    return page.locator("[data-part=notice]")


def picture(page: Page) -> str | None:
    return page.get_attribute("[data-part=item] img", "src")


def told(request: Request) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = json.loads(request.post_data or "")["answers"]
    return answers


def stored(context: BrowserContext, site: Site, project: str) -> int:
    me = context.request.get("/api/v1/me").json()
    return sum(p["done"] for p in me["projects"] if p["id"] == site.projects[project])


def test_a_busy_server_is_told_from_a_lost_connection(work: Open, site: Site) -> None:
    context, page = work("worker2", "pictures")
    page.route(ANSWERS, lambda route: route.fulfill(status=503), times=1)
    page.keyboard.press("1")
    expect(notice(page)).to_contain_text("The server is busy. Answers saved on this device: 1")
    until(page, NOTHING_WAITS)
    assert stored(context, site, "pictures") == 1
    expect(notice(page)).to_be_empty()


def test_a_silent_server_is_told_and_does_not_stop_the_work(work: Open) -> None:
    _, page = work("worker3", "pictures")
    page.route(ANSWERS, lambda route: None)
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(notice(page)).to_contain_text("The server is slow. Answers saved on this device: 2")
    assert page.locator("[data-state=working]").count() == 1


def test_one_answer_that_cannot_be_read_comes_back_and_holds_up_no_other(
    work: Open, site: Site
) -> None:
    context, page = work("worker2", "text")
    page.route(ANSWERS, refuse_what_spoils)
    context.set_offline(True)
    for text in ("it spoils", "all is well"):
        page.fill("[name=value]", text)
        page.keyboard.press("Control+Enter")
    context.set_offline(False)
    until(page, NOTHING_WAITS)
    expect(notice(page)).to_contain_text("its item is back")
    assert stored(context, site, "text") == 1
    assert page.inner_text("[data-part=done]") == "1"


def refuse_what_spoils(route: Route) -> None:
    spoiled = "spoils" in (route.request.post_data or "")
    route.fulfill(status=400) if spoiled else route.continue_()


def test_an_answer_larger_than_a_browser_sends_in_passing_arrives(work: Open, site: Site) -> None:
    context, page = work("worker3", "essays")
    page.evaluate("document.querySelector('[name=value]').value = '🎉'.repeat(20000)")
    with page.expect_response(ANSWERS) as answered:
        page.click("[data-reads]")
    assert [a["verdict"] for a in answered.value.json()["answers"]] == ["stored"]
    assert stored(context, site, "essays") == 1


def test_a_picture_that_does_not_come_is_told_and_never_answered(work: Open) -> None:
    _, page = work("worker8", "pictures")
    page.route("**/media/**", lambda route: route.abort())
    before = page.inner_text("[data-part=heading]")
    page.reload()
    item = page.locator("[data-part=item]")
    expect(item).to_contain_text("could not be loaded")
    page.keyboard.press("1")
    assert page.inner_text("[data-part=heading]") == before
    with page.expect_request("**/skip") as skipped:
        page.keyboard.press("s")  # the reason is plain
    assert skipped.value.post_data_json == {"reason": "cannot_load", "text": ""}
    page.unroute("**/media/**")
    page.keyboard.press("r")
    until(page, "document.querySelector('[data-part=item] img')?.naturalWidth > 0")
    width = "document.querySelector('[data-part=item] img').clientWidth"
    fitted = page.evaluate(width)
    page.keyboard.press("+")
    assert page.evaluate(width) > fitted
    for _ in range(3):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")  # moves the picture, and nothing else
    assert page.evaluate("document.querySelector('[data-part=item]').scrollLeft") > 0
    page.keyboard.press("Alt+0")
    assert page.evaluate(width) == fitted
    with page.expect_request(ANSWERS):
        page.keyboard.press("1")


def test_a_word_of_100_kilobytes_moves_nothing_off_the_page(work: Open) -> None:
    _, page = work("worker9", "markers")
    for _ in range(3):
        assert page.evaluate(OUTSIDE) == []
        page.keyboard.press("1")
        item_is_there(page)


def test_what_is_half_typed_is_there_again_after_a_reload(work: Open) -> None:
    _, page = work("worker4", "text")
    typed = page.locator("[name=value]")
    typed.press_sequentially("not fini")
    page.reload()
    item_is_there(page)
    expect(typed).to_have_value("not fini")
    typed.press("End")
    typed.press_sequentially("shed")
    with page.expect_request(ANSWERS) as sent:
        page.keyboard.press("Control+Enter")
    assert told(sent.value)[0]["value"] == "not finished"
    expect(typed).to_have_value("")


def test_a_clock_that_is_wrong_by_a_day_changes_nothing(work: Open, site: Site) -> None:
    context, page = work("worker5", "pictures", A_DAY_AHEAD)
    with page.expect_request(ANSWERS) as sent:
        page.keyboard.press("1")
    assert told(sent.value)[0]["seconds"] < 3600
    until(page, NOTHING_WAITS)
    assert stored(context, site, "pictures") == 1


def test_unsure_is_one_key_and_the_next_item_is_there(work: Open) -> None:
    _, page = work("worker6", "pictures")
    before = picture(page)
    with page.expect_request("**/skip") as sent:
        page.keyboard.press("u")
    assert sent.value.post_data_json == {"reason": "unsure", "text": ""}
    assert picture(page) != before


def test_sensitive_pictures_are_blurred_until_wanted_and_a_rest_is_offered(work: Open) -> None:
    _, page = work("worker2", "sensitive")
    blur = "getComputedStyle(document.querySelector('[data-part=item] img')).filter"
    assert page.evaluate(blur) != "none"
    page.keyboard.press("b")
    assert page.evaluate(blur) == "none"
    page.evaluate("document.querySelector('[data-part=task]').dataset.restAfter = '0'")
    page.keyboard.press("1")
    assert page.evaluate(blur) != "none"
    page.get_by_role("button", name="Take a rest").click()
    expect(page.locator("[data-part=rest]")).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("[data-part=rest]")).to_be_hidden()


def test_a_mistake_in_practice_is_explained_with_the_item_and_the_rule(work: Open) -> None:
    _, page = work("worker2", "practice")
    item = page.inner_text("[data-part=item]")
    page.keyboard.press("2")
    dialog = page.locator("[data-part=practice]")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Your answer: fox")
    expect(dialog).to_contain_text("The right answer is: owl")
    expect(dialog).to_contain_text("It flies by night. rule\"'><script>")
    assert item in page.inner_text("[data-part=practice-item]")
    assert dialog.locator("script, b").count() == 0
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_leases_are_renewed_until_nobody_is_there_and_any_key_goes_on_without_answering(
    browser: Browser, site: Site
) -> None:
    context = visit(browser, site, "worker9")
    page = context.new_page()
    page.clock.install()
    page.goto(site.task("pictures"))
    item_is_there(page)
    done = page.inner_text("[data-part=done]")
    with page.expect_request("**/renew"):
        page.clock.run_for(100_000)
    page.clock.run_for(90_000)
    paused = "document.querySelector('[data-part=rest]').open"
    until(page, paused)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(120_000)
    assert asked == []
    page.keyboard.press("1")
    assert not page.evaluate(paused)
    assert page.inner_text("[data-part=done]") == done
    context.close()


def test_work_goes_on_where_it_was_left_on_another_device(work: Open, site: Site) -> None:
    context, first = work("worker7", "pictures")
    _, second = work("worker7", "pictures")
    assert picture(first) == picture(second)  # its link names the seat
    first.keyboard.press("1")
    until(first, NOTHING_WAITS)
    second.keyboard.press("2")
    expect(notice(second)).to_contain_text("too late and do not count: 1")
    assert stored(context, site, "pictures") == 1
