"""Every page in every state that is worth looking at: what the checks and the screenshots go through."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from browser.stage import Site

PATIENCE, LOOK_EVERY = 30_000, 20  # milliseconds


@dataclass(frozen=True)
class Shown:
    """A page as ``user`` sees it; ``act`` brings it into the state that is meant."""

    name: str
    user: str | None
    path: Callable[[Site], str]
    act: Callable[[Page], object] = lambda page: None


def until(page: Page, expression: str) -> None:
    """Return when it is true in the page. Playwright's own wait evaluates in a way that our policy forbids."""
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(LOOK_EVERY)
    raise AssertionError(f"it never came: {expression}")


def item_is_there(page: Page) -> None:
    page.wait_for_selector("[data-state=working]")
    until(page, "[...document.images].every((image) => image.naturalWidth > 0)")


def instructions(page: Page) -> None:
    item_is_there(page)
    page.keyboard.press("i")


def reasons(page: Page) -> None:
    item_is_there(page)
    page.keyboard.press("s")


def offline(page: Page) -> None:
    item_is_there(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.wait_for_selector("[data-part=strip][data-state=offline]")


def mistaken(page: Page) -> None:
    item_is_there(page)
    page.keyboard.press("2")
    page.wait_for_selector("[data-part=practice][open]")


def rest_offered(page: Page) -> None:
    item_is_there(page)
    page.evaluate("document.querySelector('[data-part=offer]').showModal()")


def keys_shown(page: Page) -> None:
    item_is_there(page)
    page.keyboard.press("?")


def nothing_left(page: Page) -> None:
    page.wait_for_selector("[data-state=empty]")


def wrong_password(page: Page) -> None:
    page.fill("[name=username]", "mia")
    page.fill("[name=password]", "wrong")
    page.click("main button")
    page.wait_for_selector("[role=alert]")


def table_view(page: Page) -> None:
    page.click("summary")


CSV = b"id,review,feeling\n" + b"".join(
    b"r%d,The train was late again %d.,%s\n" % (n, n, (b"good", b"bad")[n % 2]) for n in range(40)
)


def file_dropped(page: Page) -> None:
    page.set_input_files(
        "#file", {"name": "customer_reviews.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    page.wait_for_selector(".new-project table")


def wrong_gold(page: Page) -> None:
    table = b"id,label\nanimal-1,cat\nunknown,cat\n"
    page.set_input_files("#file", {"name": "gold.csv", "mimeType": "text/csv", "buffer": table})
    page.click("main button")
    page.wait_for_selector("[role=alert]")


def tried_function(page: Page) -> None:
    page.fill("[name=field]", "text")
    page.fill("[name=words]", "train\nowl")
    page.get_by_role("button", name="Try on 200 items").click()
    page.wait_for_selector("[role=status]")


def wrong_vectors(page: Page) -> None:
    page.set_input_files("#file", {"name": "x.txt", "mimeType": "text/plain", "buffer": b"1"})
    page.click("main form button.primary")
    page.wait_for_selector("[role=alert]")


def rules_tried(page: Page) -> None:
    page.get_by_role("button", name="Dry run").click()
    page.wait_for_selector("#tried")
    page.locator(".rules summary").first.click()


def jumping(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("animal-1")
    page.wait_for_selector("#places a >> text=animal-1")


def invitation_made(page: Page) -> None:
    page.get_by_role("button", name="Make an invitation link").click()
    page.wait_for_selector(".secret")


def review_taken(page: Page) -> None:
    page.get_by_role("button", name="Next of all").click()
    page.wait_for_selector(".filters")


def of_type(kind: str) -> Shown:
    return Shown(f"task-{kind}", "worker0", lambda site: site.task(kind), item_is_there)


OTHER_TYPES = ["multiple_choice", "ordinal", "number", "pairwise", "text", "spans", "boxes"]
PAGES = [
    Shown("sign-in", None, lambda site: "/sign-in"),
    Shown("sign-in-wrong", None, lambda site: "/sign-in", wrong_password),
    Shown("sign-in-link-spent", None, lambda site: "/sign-in/unknown"),
    Shown("join", None, lambda site: f"/join/{site.names['invitation']}"),
    Shown("join-spent", "mia", lambda site: "/join/unknown"),
    Shown("my-work", "worker2", lambda site: "/me"),
    Shown("my-work-empty", "mia", lambda site: "/me"),
    Shown("appeals", "mia", lambda site: site.page("appeals", "judged")),
    Shown("account", "mia", lambda site: "/account"),
    Shown("organization", "owen", lambda site: "/organizations", invitation_made),
    Shown("audit-log", "olu", lambda site: f"/organizations/{site.names['organization']}/log"),
    Shown("tasks", "worker0", lambda site: "/tasks"),
    Shown("tasks-paused", "worker11", lambda site: "/tasks"),
    Shown("task-text", "worker0", lambda site: site.task(), item_is_there),
    Shown("task-picture", "worker0", lambda site: site.task("pictures"), item_is_there),
    Shown("task-markers", "worker0", lambda site: site.task("markers"), item_is_there),
    *(of_type(kind) for kind in OTHER_TYPES),
    Shown("task-instructions", "worker0", lambda site: site.task(), instructions),
    Shown("task-reasons", "worker0", lambda site: site.task(), reasons),
    Shown("task-offline", "worker1", lambda site: site.task(), offline),
    Shown("task-sensitive", "worker0", lambda site: site.task("sensitive"), item_is_there),
    Shown("task-rest", "worker0", lambda site: site.task("sensitive"), rest_offered),
    Shown("task-practice", "worker1", lambda site: site.task("practice"), mistaken),
    Shown("task-keys", "worker0", lambda site: site.task(), keys_shown),
    Shown("task-caught-up", "worker0", lambda site: site.task("nothing"), nothing_left),
    Shown("task-stopped", "worker0", lambda site: site.task("finished"), nothing_left),
    Shown("task-you-are-paused", "worker11", lambda site: site.task(), nothing_left),
    Shown("projects", "mia", lambda site: "/projects"),
    Shown("projects-empty", "zed", lambda site: "/projects"),
    Shown("jobs", "mia", lambda site: "/jobs"),
    Shown("jobs-empty", "zed", lambda site: "/jobs"),
    Shown("overview", "mia", lambda site: site.overview()),
    Shown("overview-under-way", "mia", lambda site: site.overview("under_way")),
    Shown("overview-table", "mia", lambda site: site.overview(), table_view),
    Shown("new-project", "mia", lambda site: "/projects/new"),
    Shown("new-project-file", "mia", lambda site: "/projects/new", file_dropped),
    Shown("imports", "mia", lambda site: site.page("imports", "draft")),
    Shown("import-refused", "mia", lambda site: site.page("imports/{upload}", "draft")),
    Shown("overview-empty", "mia", lambda site: site.overview("draft")),
    Shown("items", "olu", lambda site: site.page("items", "judged")),
    Shown("items-gold", "olu", lambda site: site.page("items?role=gold", "judged")),
    Shown("items-empty", "mia", lambda site: site.page("items", "draft")),
    Shown("item", "olu", lambda site: site.page("items/{item}?without={person}", "judged")),
    Shown("person", "mia", lambda site: site.page("people/{person}", "judged")),
    Shown("person-paused", "mia", lambda site: site.page("people/{paused}", "judged")),
    Shown("person-act", "mia", lambda site: site.page("people/{person}/set-aside", "judged")),
    Shown("review-projects", "mia", lambda site: "/reviews"),
    Shown("reviews", "mia", lambda site: site.page("reviews", "judged"), review_taken),
    Shown("rules", "mia", lambda site: site.page("rules", "judged"), rules_tried),
    Shown("decisions", "olu", lambda site: site.page("decisions", "judged")),
    Shown("gold", "mia", lambda site: site.page("gold", "judged")),
    Shown("gold-suggested", "mia", lambda site: site.page("gold", "under_way")),
    Shown("gold-refused", "mia", lambda site: site.page("gold", "judged"), wrong_gold),
    Shown("model", "mia", lambda site: site.page("model")),
    Shown("model-empty", "olu", lambda site: site.page("model", "draft")),
    Shown("certificates", "mia", lambda site: site.page("certificates")),
    Shown("functions", "mia", lambda site: site.page("functions", "finished"), tried_function),
    Shown("vectors", "mia", lambda site: site.page("vectors")),
    Shown("vectors-refused", "mia", lambda site: site.page("vectors"), wrong_vectors),
    Shown("audits", "mia", lambda site: "/audits"),
    Shown("export", "olu", lambda site: site.page("export")),
    Shown("settings", "mia", lambda site: site.page("settings", "judged")),
    Shown("settings-read", "olu", lambda site: site.page("settings", "boxes")),
    Shown("jump", "olu", lambda site: site.page("people", "judged"), jumping),
    Shown("jump-list", "olu", lambda site: "/jump?words=un"),
    Shown(
        "people-records", "olu", lambda site: site.page("people?order=gold", "judged"), table_view
    ),
    Shown("people", "olu", lambda site: site.people()),
    Shown("people-empty", "olu", lambda site: site.people("draft")),
    Shown("api", "mia", lambda site: "/api/v1/docs?words=gold"),
    Shown("api-operation", "mia", lambda site: "/api/v1/docs?operation=submit_answers"),
    Shown("not-found", "mia", lambda site: "/p/unknown"),
]


def open_page(context: BrowserContext, site: Site, shown: Shown) -> Page:
    page = context.new_page()
    page.set_default_timeout(20_000)
    answer = page.goto(shown.path(site))
    assert answer, shown.name
    assert answer.status < 500, f"{shown.name}: {answer.status}"
    shown.act(page)
    return page
