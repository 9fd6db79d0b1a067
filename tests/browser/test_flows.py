"""What managers and auditors do, by the keyboard alone, and what hostile names and addresses come to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.pages import file_dropped, item_is_there
from browser.stage import Site, visit

ON_IT = "document.activeElement.innerText?.trim() ?? ''"


@pytest.fixture
def mia(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = visit(browser, site, "mia")
    yield context
    context.close()


def tab_to(page: Page, text: str) -> None:
    """Tab until the element with this text has the focus, as a person without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(ON_IT) == text:
            return
    raise AssertionError(f"the Tab key never came to {text!r}")


def test_a_project_is_made_launched_and_a_person_audited_without_a_mouse(
    mia: BrowserContext, site: Site
) -> None:
    page = mia.new_page()
    page.goto("/projects")
    tab_to(page, "New project")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/new")
    file_dropped(page)  # the dialog of the system that chooses a file has keys of its own
    tab_to(page, "Launch")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Customer reviews")
    expect(page.locator("main")).to_contain_text("Pause")
    page.goto(site.page("people", "judged"))
    page.keyboard.press("j")
    name = page.evaluate(ON_IT)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    tab_to(page, "Warn")
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_be_visible()


def test_jumping_goes_to_an_item_by_a_few_letters(mia: BrowserContext, site: Site) -> None:
    page = mia.new_page()
    page.goto(site.page("gold", "judged"))
    page.keyboard.press("Control+k")
    page.keyboard.type("animal-7")
    expect(page.locator("#places a").first).to_contain_text("animal-7")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("animal-7")


def test_gold_is_suggested_made_by_one_key_and_is_gold(mia: BrowserContext, site: Site) -> None:
    page = mia.new_page()
    page.goto(site.page("gold", "under_way"))
    suggested = page.locator("[aria-labelledby=suggested] tbody tr")
    expect(suggested).to_have_count(20)
    names = suggested.locator("a").all_inner_texts()
    page.keyboard.press("j")
    for name in names[:2]:
        page.keyboard.press("g")
        expect(suggested.locator("a", has_text=re.compile(f"^{name}$"))).to_have_count(0)
    page.reload()
    expect(page.locator("[aria-labelledby=use] tbody tr")).to_have_count(2)
    made = page.locator("[aria-labelledby=use] td:first-child").all_inner_texts()
    assert sorted(made) == sorted(names[:2])


def test_gold_is_retired(mia: BrowserContext, site: Site) -> None:
    page = mia.new_page()
    page.goto(site.page("gold", "judged"))
    rows = page.locator("[aria-labelledby=use] tbody tr")
    in_use = page.locator("[aria-labelledby=use] button", has_text="Retire")
    before = in_use.count()
    assert rows.count() >= before > 0
    in_use.last.click()
    expect(page.locator("[aria-labelledby=use] button", has_text="Retire")).to_have_count(
        before - 1
    )


def test_the_back_button_and_a_form_sent_twice_do_no_harm(mia: BrowserContext, site: Site) -> None:
    page = mia.new_page()
    page.goto(site.page("people/{person}/warn", "judged"))
    for _ in range(2):
        page.fill("#reason", "Once is enough.")
        page.get_by_role("button", name="Warn").click()
        page.wait_for_load_state()
        page.goto(site.page("people/{person}/warn", "judged"))
    page.go_back()
    answer = page.goto(site.page("people/{person}", "judged"))
    assert answer
    assert answer.status == 200
    assert page.locator("section.card", has_text="Once is enough.").count() <= 2


def test_what_is_of_another_house_is_nowhere(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "zed")
    paths = [site.page(tab, "judged") for tab in ("items", "people", "gold", "rules", "people.csv")]
    paths += [site.overview("judged"), site.page("people/{person}", "judged"), site.task()]
    for path in paths:
        assert context.request.get(path).status == 404, path
    found = context.request.get(f"/jump?words=judged&project={site.projects['judged']}").text()
    assert not re.search(r"/p/\w+", found)
    context.close()


def test_a_seat_that_was_lost_is_told(browser: Browser, site: Site) -> None:
    """Somebody else's device gives the item back while this page still shows it."""
    context = visit(browser, site, "worker6")
    page = context.new_page()
    page.goto(site.task())
    item_is_there(page)
    page.wait_for_load_state("networkidle")
    held = context.request.get(f"/api/v1/projects/{site.projects['texts']}/claims").json()
    token = page.get_attribute("[data-part=task]", "data-token") or ""
    for seat in held["assignments"]:
        path = f"/api/v1/assignments/{seat['id']}/release"
        answer = context.request.post(path, data={}, headers={"X-CSRFToken": token})
        assert answer.ok, answer.text()
    page.keyboard.press("1")
    expect(page.locator("[data-part=notice]")).to_contain_text("too late and do not count: 1")
    context.close()
