"""The overview: what it forecasts, what it says needs doing, and the numbers behind its charts."""

import csv
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import factories
import scenes
from accounts.models import Organization, User
from labeling.models import Item, Project
from labeling.services.claiming import claim
from labeling.services.leases import skip
from labeling.services.people import enroll
from labeling.services.projects import set_status
from learning.models import Metric
from learning.queries import thinned_curve
from learning.queries.figures import DRAWN
from learning.queries.outlook import MARKS, burn_up, outlook
from learning.views import charts
from learning.views.alerts import alerts
from quality.models import Consensus, ConsensusState, Skill, Survey
from quality.queries import progress
from quality.queries.extremes import extremes

SETTLED, ITEMS = 40, 100


@pytest.fixture
def project(organization: Organization) -> Project:
    made = factories.project(organization, budget_micros=1_000)
    items = [factories.item(made, f"item-{n}", seats=2) for n in range(ITEMS)]
    settle(made, items[:SETTLED])
    return made


def settle(project: Project, items: Sequence[Item]) -> None:
    """One each minute; the last just now."""
    now = timezone.now()
    Consensus.objects.bulk_create(
        Consensus(
            item=item,
            project=project,
            state=ConsensusState.SETTLED,
            confidence=0.97,
            method="test",
            answers_used=2,
            settled_at=now - timedelta(minutes=len(items) - 1 - n),
        )
        for n, item in enumerate(items)
    )


@pytest.fixture
def client(mia: User) -> Client:
    made = Client()
    made.force_login(mia)
    return made


def test_marks_count_every_label_once(project: Project) -> None:
    marks = burn_up(project.pk)
    times = list(Consensus.objects.values_list("settled_at", flat=True))
    assert len(marks) == MARKS + 1
    assert marks[-1].settled == SETTLED
    for mark in marks[1:]:
        assert mark.settled == sum(at <= mark.at for at in times if at)


def test_marks_are_few_statements(project: Project, django_assert_num_queries) -> None:
    with django_assert_num_queries(3):  # the two ends, and the counts between them
        burn_up(project.pk)


def test_a_curve_is_thinned_evenly_and_keeps_its_newest_point(project: Project) -> None:
    Metric.objects.bulk_create(
        Metric(project=project, name=name, labels=n, answers=n, value=0.5)
        for n in range(3 * DRAWN)
        for name in (*charts.CURVES, "model_stability")
    )
    points = thinned_curve(project.pk, charts.CURVES)
    for name in charts.CURVES:
        assert [p.labels for p in points if p.name == name] == list(range(2, 3 * DRAWN, 3))
    assert len(points) == len(charts.CURVES) * DRAWN


def test_what_is_left_takes_as_long_as_the_last_took(project: Project) -> None:
    seen = outlook(project, progress(project.pk), working=True)
    assert seen.seconds
    assert seen.left == ITEMS - SETTLED
    assert seen.seconds.value == pytest.approx((ITEMS - SETTLED) * 60, rel=0.15)
    assert outlook(project, progress(project.pk), working=False).seconds is None


def test_nothing_comes_after_the_end(project: Project) -> None:
    project.status = "done"
    seen = outlook(project, progress(project.pk), working=False)
    assert (seen.left, seen.seconds) == (0, None)


def test_money_that_will_not_do_is_told_before_it_is_gone(project: Project, ada: User) -> None:
    priced = factories.project(project.organization, price_micros=100, budget_micros=2_000)
    items = [factories.item(priced, f"item-{n}", seats=2) for n in range(ITEMS)]
    scenes.say_all(priced, ada, [(item, "owl") for item in items[:15]])
    settle(priced, items[:15])
    done = progress(priced.pk)
    said = [a.sentence for a in alerts(priced, done, outlook(priced, done, working=True))]
    assert any("the money ends" in sentence for sentence in said)
    Project.objects.filter(pk=priced.pk).update(budget_micros=10**9)
    priced.refresh_from_db()
    said = [a.sentence for a in alerts(priced, done, outlook(priced, done, working=True))]
    assert not any("the money ends" in sentence for sentence in said)


def test_a_page_says_what_needs_doing_and_leads_there(
    client: Client, project: Project, ada: User
) -> None:
    Survey.objects.create(project=project, version=1, flagged=True, camps={"reason": "Two camps."})
    for seat in claim(project, ada, 25).assignments:
        skip(ada, seat.public_id, "unclear")
    page = client.get(f"/p/{project.public_id}").content.decode()
    assert "Two camps." in page
    assert "as “unclear”: 25 of the last 25 seats" in page
    assert f'href="/p/{project.public_id}/reviews"' in page
    Project.objects.filter(pk=project.pk).update(status="done")
    assert "Two camps." not in client.get(f"/p/{project.public_id}").content.decode()


def test_the_number_that_waits_is_that_of_the_chart(client: Client, project: Project) -> None:
    items = Item.objects.filter(project=project)
    items.filter(consensus__isnull=False).update(status="settled", has_seat=False)
    items.filter(external_id="item-99").update(status="held", has_seat=False)
    shown = client.get(f"/p/{project.public_id}").context
    waiting = next(figure for figure in shown["figures"] if figure.name == "Waiting")
    queue = next(chart for chart in shown["charts"] if chart.key == "queue")
    assert waiting.value == str(sum(int(amount) for _, amount in queue.rows)) == "60"
    assert waiting.note == "59 for answers, 1 for an expert"


def test_a_project_without_items_does_not_say_that_all_is_done(
    client: Client, organization: Organization
) -> None:
    empty = factories.project(organization)
    page = client.get(f"/p/{empty.public_id}").content.decode()
    assert "No items yet." in page
    assert "every item has its label" not in page
    assert "nothing waits for people" not in page


def test_a_pilot_is_told_apart_from_what_came_after(
    client: Client, organization: Organization, ada: User, ben: User
) -> None:
    made = factories.project(organization, price_micros=20_000, status="pilot")
    items = [factories.item(made, f"item-{n}", seats=2) for n in range(4)]
    scenes.say_all(made, ada, [(item, "owl") for item in items[:2]])
    settle(made, items[:1])
    assert client.get(f"/p/{made.public_id}").context["pilot"] == []
    set_status(made, "live")
    scenes.say_all(made, ben, [(item, "owl") for item in items])
    for item in items[1:]:
        settle(made, [item])
    shown = client.get(f"/p/{made.public_id}").context["pilot"]
    rows = {name: more for name, *more in shown}
    assert rows["Items settled"] == ["1", "3"]
    assert rows["Answers for a label"] == ["2.0", "1.3"]
    assert rows["Paid for a label"] == ["$0.04", "$0.027"]


def test_people_at_both_ends_are_named_once(
    client: Client, project: Project, organization: Organization
) -> None:
    for n, person in enumerate(scenes.people(organization, 12)):
        enroll(project, person)
        lows = {"accuracy": 0.5 + n / 40, "accuracy_low": 0.4 + n / 40, "accuracy_high": 0.9}
        Skill.objects.create(project=project, annotator=person, **lows)
    rows = extremes(project.pk)
    lows = [round((row.low or 0) * 40 - 16) for row in rows]
    assert lows == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
    page = client.get(f"/p/{project.public_id}").content.decode()
    assert page.count(f'/people/{rows[0].pseudonym}"') == 1


def test_the_numbers_behind_a_chart_are_a_file(client: Client, project: Project) -> None:
    answer = client.get(f"/p/{project.public_id}/charts/burn-up.csv")
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert rows[0] == ["Until", "Items settled"]
    assert rows[-1][1] == str(SETTLED)
    assert client.get(f"/p/{project.public_id}/charts/nothing.csv").status_code == 404


def test_nobody_else_sees_the_numbers(project: Project, zed: User) -> None:
    other = Client()
    other.force_login(zed)
    assert other.get(f"/p/{project.public_id}/charts/burn-up.csv").status_code == 404


def test_a_moment_is_said_in_tenths_whatever_the_clock_says() -> None:
    unit, axis = charts.in_time(90)
    assert (unit, axis.say(0.0065255), axis.say(1.26)) == (60, "0 min", "1.3 min")
