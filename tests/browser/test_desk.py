"""What managers and auditors see: the curve, the people table, and a link that signs in once."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.pages import file_dropped
from browser.stage import Site, visit


def test_overview_shows_the_curve_with_its_table(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "mia")
    page = context.new_page()
    page.goto(site.overview())
    curve = page.locator("#learning-curve")
    assert curve.locator("polyline").count() == 3  # labels, model, random
    assert curve.locator(".dot").count() == 24
    points = curve.locator(".line-1").get_attribute("points") or ""
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert heights == sorted(heights, reverse=True)  # the curve climbs, so y falls
    curve.locator("summary").click()
    assert curve.locator("tbody tr").count() == 24
    expect(page.locator(".figures")).to_contain_text("380")
    context.close()


def test_people_are_sorted_by_the_lower_end_and_few_answers_get_no_percent(
    browser: Browser, site: Site
) -> None:
    context = visit(browser, site, "olu")
    page = context.new_page()
    page.goto(site.people())
    rows = page.locator("tbody tr").all_inner_texts()
    lows = [int(re.search(r"\((\d+) –", row)[1]) for row in rows]  # type: ignore[index]
    assert len(rows) == 12
    assert lows == sorted(lows)
    assert re.search(r"\t\(35 – 45 %\)", rows[0])  # 3 answers: the interval alone
    assert "paused" in rows[0]
    assert "worker" not in page.content()  # pseudonyms only
    context.close()


def test_a_link_that_is_only_looked_at_is_not_spent(browser: Browser, site: Site) -> None:
    address = f"/sign-in/{site.links[0]}"
    looking = visit(browser, site, java_script_enabled=False)
    page = looking.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    looking.close()

    using = visit(browser, site)
    page = using.new_page()
    page.goto(address)
    page.wait_for_url("**/projects")
    using.close()

    late = visit(browser, site)
    page = late.new_page()
    page.goto(address)
    expect(page.locator("h1")).to_contain_text("has been used")
    late.close()


def test_signing_in_by_password_failing_and_out(browser: Browser, site: Site) -> None:
    context = visit(browser, site)  # the session ends: it must be of this test alone
    page = context.new_page()
    page.goto(f"/sign-in/{site.links[1]}")
    page.wait_for_url("**/projects")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto("/projects")
    assert "/sign-in?next=/projects" in page.url
    context.close()


def test_a_file_becomes_a_live_project_in_four_clicks(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "mia")
    page = context.new_page()
    page.goto("/projects")
    page.get_by_role("link", name="New project").click()
    file_dropped(page)
    expect(page.locator("#name")).to_have_value("Customer reviews")
    expect(page.locator("#labels")).to_have_value("bad\ngood")
    expect(page.locator(".preview")).to_contain_text("The train was late again 0.")
    page.fill("#labels", "bad\nso so\ngood")
    expect(page.locator(".preview .answers")).to_contain_text("so so")
    page.fill("#question", "How does the writer feel?")
    page.locator("#as-dark").check()  # leaving the field draws the preview anew
    expect(page.locator(".preview .question")).to_have_text("How does the writer feel?")
    assert page.locator("#as-dark").is_checked()
    before = page.inner_text("#outlook")
    page.locator("#certainty").press("Home")
    expect(page.locator("#outlook")).not_to_have_text(before)
    page.get_by_role("button", name="Launch", exact=True).click()
    expect(page.locator("h1")).to_have_text("Customer reviews")
    link = page.locator("#task-link").input_value()
    assert f"{site.url}/tasks/" in link
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".copy [role=status]")).to_have_text("Copied.")
    expect(page.locator("table")).to_contain_text("Import")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[role=status]").first).to_contain_text("nothing more is handed out")
    context.close()


def test_votes_are_set_aside_with_a_reason_and_restored(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "mia")
    page = context.new_page()
    page.goto(site.page("people/{second}", "judged"))
    page.get_by_role("link", name="Set aside votes").click()
    expect(page.locator("main")).to_contain_text("Affects")
    page.fill("#reason", "They asked for it.")
    page.get_by_role("button", name="Set aside votes").click()
    expect(page.locator("[role=status]")).to_contain_text("Votes set aside")
    decision = page.locator("section.card").first
    expect(decision).to_contain_text("They asked for it.")
    decision.get_by_role("textbox").fill("They did not.")
    decision.get_by_role("button", name="Take back").click()
    expect(page.locator("section.card").first).to_contain_text("taken back")
    context.close()


def test_items_are_searched_as_one_types(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "olu")
    page = context.new_page()
    page.goto(site.page("items", "judged"))
    expect(page.locator("tbody tr")).to_have_count(20)
    page.fill("#name", "animal-7")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="animal-7").click()
    page.wait_for_selector(".sum")
    votes = page.locator("[aria-labelledby=answers] tbody tr", has_text="yes").count()
    # besides: how common the labels are, what all may have missed, and the sum
    expect(page.locator(".sum tbody tr:not(.out)")).to_have_count(votes + 3)
    assert sums(page)[-1] == pytest.approx(sum(sums(page)[:-1]), abs=0.03)
    whole = sums(page)
    page.keyboard.press("j")  # the first row with something in it: that of the first vote
    page.keyboard.press("x")
    expect(page.locator("#why [role=status]")).to_contain_text("Without")
    assert sums(page) != whole
    assert sums(page)[-1] == pytest.approx(sum(sums(page)[:-1]), abs=0.03)
    page.keyboard.press("x")  # the focus has stayed where it was
    expect(page.locator("#why [role=status]")).to_contain_text("With every vote")
    assert sums(page) == whole
    context.close()


def sums(page: Page) -> list[float]:
    """The log-odds of the rows that count, the total last."""
    told = page.locator(".sum tr:not(.out) td.end").all_inner_texts()
    return [float(text.split()[0].replace("−", "-")) for text in told]


def test_rows_are_reached_by_keys(browser: Browser, site: Site) -> None:
    context = visit(browser, site, "olu")
    page = context.new_page()
    page.goto(site.page("items", "judged"))
    focused = "document.activeElement.closest('tr')?.rowIndex ?? 0"
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(focused) == 2
    page.keyboard.press("/")
    page.keyboard.type("jk")
    expect(page.locator("#name")).to_have_value("jk")
    page.goto(site.page("items", "judged"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sum, [aria-labelledby=answers]")
    context.close()
