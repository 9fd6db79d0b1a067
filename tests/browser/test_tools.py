"""Marking text and drawing boxes: by mouse and by keyboard alone, and what is sent of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.pages import item_is_there, until
from browser.stage import Site, visit

ANSWERS = "**/api/v1/answers"
FAMILY = "A 👩‍👩‍👧 family\nwent home 🎉 late."


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Any]:
    contexts = []

    def start(user: str, kind: str) -> Page:
        context = visit(browser, site, user)
        contexts.append(context)
        page = context.new_page()
        page.goto(site.task(kind))
        page.wait_for_selector("[data-tools]:not([hidden])")
        item_is_there(page)
        if kind == "boxes":
            page.wait_for_selector("svg.canvas")  # built once the picture has come
        return page

    yield start
    for context in contexts:
        context.close()


def given(page: Page) -> Any:
    """What Enter sends."""
    with page.expect_request(ANSWERS) as sent:
        page.keyboard.press("Enter")
    [said] = json.loads(sent.value.post_data or "")["answers"]
    return said["value"]


def come_to(page: Page, text: str) -> None:
    """Items come in any order: turn the others away."""
    for _ in range(5):
        if page.inner_text(".item .text") == text:
            return
        before = page.inner_text(".item")
        page.keyboard.press("s")
        page.keyboard.press("2")
        until(page, f"document.querySelector('.item').innerText !== {json.dumps(before)}")
    raise AssertionError(f"{text!r} never came")


def marked(page: Page) -> list[str]:
    return page.locator(".marks bdi").all_inner_texts()


def test_words_are_marked_by_the_keyboard_alone(opened: Any) -> None:
    page = opened("worker1", "spans")
    come_to(page, FAMILY)
    page.keyboard.press("1")
    expect(page.locator("[data-part=notice]")).to_contain_text("Select a passage first")
    for keys in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "1", "ArrowRight", "2"):
        page.keyboard.press(keys)
    value = given(page)
    text = list(FAMILY)
    said = [("".join(text[one["start"] : one["end"]]), one["label"]) for one in value]
    assert said == [("family\nwent", "praise"), ("home", "complaint")]


def test_positions_count_code_points_over_emoji_and_lines(opened: Any) -> None:
    page = opened("worker2", "spans")
    come_to(page, FAMILY)
    select(page, FAMILY.index("🎉"), FAMILY.index(" late"))
    page.get_by_role("button", name="praise").click()
    assert marked(page) == ["🎉"]
    assert given(page) == [{"start": 25, "end": 26, "label": "praise"}]
    assert FAMILY[25:26] == "🎉"


def select(page: Page, start: int, end: int) -> None:
    """As a mouse does it; positions in code points. Returns when the page has been told."""
    page.evaluate(
        """([before, marked]) => new Promise((told) => {
          const node = document.querySelector(".item .text").firstChild;
          document.addEventListener("selectionchange", () => told(), { once: true });
          getSelection().setBaseAndExtent(node, before.length, node, before.length + marked.length);
        })""",
        [FAMILY[:start], FAMILY[start:end]],
    )


def test_passages_do_not_overlap_unless_allowed_and_are_removed(opened: Any) -> None:
    page = opened("worker3", "spans")
    come_to(page, FAMILY)
    select(page, 8, 14)
    page.keyboard.press("1")
    expect(page.locator(".marks button")).to_have_count(1)
    select(page, 10, 19)
    page.keyboard.press("2")
    expect(page.locator("[data-part=notice]")).to_contain_text("may not overlap")
    assert len(marked(page)) == 1
    page.locator(".marks button").press("Delete")
    assert marked(page) == []
    assert given(page) == []


def test_an_answer_with_marks_comes_back_with_undo(opened: Any) -> None:
    page = opened("worker4", "spans")
    come_to(page, FAMILY)
    select(page, 8, 14)
    page.keyboard.press("3")
    given(page)
    page.keyboard.press("z")
    assert marked(page) == ["family"]
    page.keyboard.press("Escape")
    assert marked(page) == []


def test_a_box_is_drawn_moved_and_resized_by_mouse(opened: Any) -> None:
    page = opened("worker5", "boxes")
    svg = page.locator("svg.canvas").bounding_box()
    assert svg
    side = min(svg["width"], svg["height"])
    left, top = svg["x"] + (svg["width"] - side) / 2, svg["y"] + (svg["height"] - side) / 2

    def drag(*shares: tuple[float, float]) -> None:
        places = [(left + x * side, top + y * side) for x, y in shares]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=3)
        page.mouse.up()

    page.keyboard.press("2")
    drag((0.25, 0.25), (0.5, 0.5))
    drag((0.375, 0.375), (0.5, 0.5))  # moves by an eighth
    drag((0.625, 0.625), (0.75, 0.625))  # the lower right corner
    [box] = given(page)
    assert box["label"] == "complaint"
    expected = {"x": 36, "y": 36, "width": 36, "height": 24}
    assert {name: box[name] for name in expected} == pytest.approx(expected, abs=1)


def test_a_box_is_made_by_the_keyboard_alone(opened: Any) -> None:
    page = opened("worker6", "boxes")
    for keys in ("n", "3", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "n", "Delete"):
        page.keyboard.press(keys)
    [box] = given(page)
    expected = {"x": 37.92, "y": 36, "width": 24, "height": 24.96}
    assert box == {"label": "question", **expected}


def test_zooming_changes_what_is_seen_and_nothing_that_is_said(opened: Any) -> None:
    page = opened("worker7", "boxes")
    page.keyboard.press("n")
    whole = page.locator("svg.canvas").get_attribute("viewBox")
    page.keyboard.press("+")
    assert page.locator("svg.canvas").get_attribute("viewBox") != whole
    page.keyboard.press("Alt+0")
    assert page.locator("svg.canvas").get_attribute("viewBox") == whole
    assert given(page)[0]["width"] == 24


def test_keys_are_changed_kept_and_switched_off(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "worker8")
    page = context.new_page()
    page.goto(site.task("pictures"))
    item_is_there(page)
    given_before = page.inner_text("[data-part=done]")
    page.keyboard.press("?")
    page.fill("[name=skip]", "1")  # the key of an answer
    assert not page.evaluate("document.querySelector('[name=skip]').checkValidity()")
    page.fill("[name=skip]", "q")
    page.click("[value=keep]")
    page.reload()
    item_is_there(page)
    page.keyboard.press("s")
    assert not page.evaluate("document.querySelector('[data-part=reasons]').open")
    page.keyboard.press("q")
    assert page.evaluate("document.querySelector('[data-part=reasons]').open")
    page.keyboard.press("Escape")
    page.click("[data-part=help]")
    page.uncheck("[data-single]")
    page.click("[value=keep]")
    page.keyboard.press("q")
    page.keyboard.press("3")
    assert not page.evaluate("document.querySelector('[data-part=reasons]').open")
    assert page.inner_text("[data-part=done]") == given_before
    context.close()
