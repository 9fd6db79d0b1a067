"""From a file to a project on one page: what is guessed, what comes in, what is refused."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import factories
import scenes
from accounts.models import Organization, User
from jobs.models import Job
from jobs.running import run_job
from jobs.services import cancel
from labeling.estimates import estimate
from labeling.files import Row
from labeling.guessing import guess
from labeling.models import Item, Project, ProjectStatus
from labeling.services.answering import submit
from labeling.services.people import enroll
from labeling.services.verdicts import Submission

CSV = "id,review,sentiment,when\n" + "".join(
    f"r{n},The {n}. train was late,{('positive', 'negative', 'neutral')[n % 3]},2026\n"
    for n in range(30)
)


def rows(**columns: list[Any]) -> list[Row]:
    names = list(columns)
    return [
        Row(n, dict(zip(names, values, strict=True)))
        for n, values in enumerate(zip(*columns.values(), strict=True), 2)
    ]


@pytest.mark.parametrize(
    ("columns", "kind", "labels"),
    [
        ({"text": ["a b", "c"], "label": ["owl", "cat"]}, "choice", ["cat", "owl"]),
        ({"text": ["a b", "c"], "rating": ["5", "1"]}, "ordinal", ["1", "5"]),
        ({"text": ["a b", "c"], "label": ["high", "low"]}, "ordinal", ["low", "high"]),
        ({"text": ["a b", "c"], "tags": ["x|y", "z"]}, "multiple_choice", ["x", "y", "z"]),
        ({"left": ["a", "b"], "right": ["c", "d"]}, "pairwise", []),
        ({"number": ["7", "8"], "what": ["long words here", "and here"]}, "choice", ["yes", "no"]),
    ],
)  # fmt: skip
def test_the_question_is_guessed_from_the_columns(
    columns: dict[str, list[str]], kind: str, labels: list[str]
) -> None:
    found = guess("some_reviews.csv.gz", rows(**columns))
    assert (found.name, found.kind, found.labels) == ("Some reviews", kind, labels)


def test_the_longest_column_is_the_text_where_no_name_says_so() -> None:
    roles = guess("x.csv", rows(number=["7", "8"], what=["long words here", "and here"])).roles
    assert roles == {"number": "out", "what": "text"}


def test_few_values_that_come_again_are_taken_for_labels() -> None:
    found = guess("x.csv", rows(text=list("abcdef"), mood=["up", "down"] * 3, day=["1"] * 6))
    assert found.roles == {"text": "text", "mood": "known", "day": "out"}
    assert found.labels == ["down", "up"]


def test_more_certainty_costs_more_answers_and_brings_more_right_labels() -> None:
    cheap = estimate(3, target=0.7, fewest=1, most=9)
    sure = estimate(3, target=0.99, fewest=1, most=9)
    for one, other in ((cheap.typical, sure.typical), (cheap.careless, sure.careless)):
        assert one.answers < other.answers
        assert one.accuracy < other.accuracy
    assert sure.careful.answers < sure.typical.answers < sure.careless.answers
    assert estimate(2, target=0.5, fewest=3, most=3).typical.answers == 3


@pytest.fixture
def client(mia: User, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_STORE = tmp_path
    made = Client()
    made.force_login(mia)
    return made


def uploaded(client: Client, content: str = CSV, name: str = "customer_reviews.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode())
    return client.post("/projects/new", {"file": file}).context


def form(context: Any, **fields: str) -> dict[str, str]:
    draft = context["draft"]
    given = {
        "upload": context["upload"],
        "name": draft.name,
        "kind": draft.kind,
        "labels": draft.labels,
        "price": "0.02",
        "most": "5",
        **{f"column:{name}": role for name, role in draft.roles.items()},
    }
    return {**given, **fields}


def test_a_file_becomes_a_live_project_with_its_items(client: Client) -> None:
    context = uploaded(client)
    client.post("/projects/new", form(context, act="launch", certainty="90", budget="12.50"))
    project = Project.objects.get()
    assert (project.name, project.status) == ("Customer reviews", ProjectStatus.LIVE)
    assert (project.price_micros, project.budget_micros) == (20_000, 12_500_000)
    assert (project.target_certainty, project.seats_max) == (0.9, 5)
    run_job(Job.objects.get(kind="labeling.import").pk)
    items = Item.objects.filter(project=project)
    assert items.count() == 30
    assert items.get(external_id="r7").payload == {"text": "The 7. train was late"}


def test_what_cannot_be_is_said_with_its_field_and_nothing_is_made(client: Client) -> None:
    context = uploaded(client)
    wrong = [
        ({"name": " "}, "name"),
        ({"labels": "only one"}, "configuration.labels"),
        ({"price": "much"}, "price"),
        ({"most": "0"}, "most"),
        ({"upload": ""}, "file"),
    ]
    for fields, name in wrong:
        answer = client.post("/projects/new", form(context, act="launch", **fields))
        assert answer.context["problem"]["field"] == name
    assert not Project.objects.exists()


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client: Client) -> None:
    fields = {"price": "much", "question": "How is it?", "certainty": "88"}
    page = client.post(
        "/projects/new", form(uploaded(client), act="launch", **fields)
    ).content.decode()
    field = page[page.index('id="price"') :]
    assert 'value="much"' in field[: field.index(">")]
    assert "must be an amount of money" in field[: field.index("</p>")]
    assert "How is it?" in page
    assert 'value="88"' in page


def test_the_time_it_takes_rests_on_what_was_like_it(
    client: Client, organization: Organization
) -> None:
    """Guessed from the length of the texts, until people of the organization have shown it."""
    found = uploaded(client)["outlook"]["time"]
    assert (found["project"], found["people"], found["supposed"]) == ("", 5, True)
    long = CSV.replace("train was late", "train was late " * 40)
    slow = uploaded(client, long)["outlook"]["time"]
    assert float(slow["each"].split()[0]) > 2 * float(found["each"].split()[0])
    before = factories.project(organization, name="Trains before")
    items = [factories.item(before, f"item-{n}", seats=1) for n in range(20)]
    people = scenes.people(organization, 2)
    for n, person in enumerate(people):
        enroll(before, person)
        for item in items[n::2]:
            seat = scenes.take(before, person, item)
            submit(person, [Submission(seat.public_id, "owl", 7.0 + n, uuid.uuid4())])
    found = uploaded(client)["outlook"]["time"]
    assert (found["project"], found["people"], found["each"]) == ("Trains before", 2, "7.5 s")


@pytest.mark.parametrize("content", ["", "a,b\n", "\xff"])
def test_a_file_without_rows_is_refused_in_words(client: Client, content: str) -> None:
    assert uploaded(client, content).get("problem")["field"] == "file"


def test_somebody_elses_file_cannot_be_taken(
    client: Client, organization: Organization, zed: User
) -> None:
    upload = uploaded(client)["upload"]
    other = Client()
    other.force_login(zed)
    assert other.post("/projects/new", {"upload": upload}).context["file"] == {}


def test_the_import_page_names_the_bad_rows(client: Client, mia: User) -> None:
    context = uploaded(client)
    client.post("/projects/new", form(context, act="draft"))
    project = Project.objects.get()
    file = SimpleUploadedFile("more.csv", b"id,text\nr1,again\nr2,\n")
    page = client.post(f"/p/{project.public_id}/imports", {"file": file}).headers["Location"]
    assert "data-live" in client.get(page).content.decode()
    for job in Job.objects.order_by("pk"):
        run_job(job.pk)
    said = client.get(page).content.decode()
    assert "data-live" not in said
    assert "2 bad rows" in said
    assert "is already in" in said


def test_a_form_that_is_sent_twice_makes_one_project(client: Client, mia: User) -> None:
    typed = form(uploaded(client), act="launch")
    first, second = (client.post("/projects/new", typed) for _ in "ab")
    assert first.headers["Location"] == second.headers["Location"]
    assert Project.objects.count() == 1


def test_an_import_that_was_stopped_does_not_stand_as_waiting(client: Client, mia: User) -> None:
    client.post("/projects/new", form(uploaded(client), act="draft"))
    page = f"/p/{Project.objects.get().public_id}/imports"
    client.post(page, {"file": SimpleUploadedFile("more.csv", b"id,text\nr1,again\n")})
    assert "Ended without a result" not in client.get(page).content.decode()
    assert cancel(Job.objects.latest("pk"))
    assert "Ended without a result" in client.get(page).content.decode()
