"""Answers can be changed for ten minutes, while the item is unsettled; gold does not show by it."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

import factories
import scenes
from accounts.services import create_token
from labeling.errors import Conflict, NotFound, Refused
from labeling.models import Answer, Assignment, Enrollment, Item, ItemStatus, LedgerEntry, Project
from labeling.queries import answer_arrays
from labeling.services import people
from labeling.services.claiming import claim
from labeling.services.opening import settle
from labeling.services.revising import Wording, revise
from labeling.services.verdicts import Submission
from quality.models import GoldResult
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization) -> Project:
    return factories.project(organization, price_micros=5, gold_share=0)


def answered(project: Project, person, label: str = "owl", **item) -> Answer:
    factories.item(project, seats=3, **item)
    [seat] = claim(project, person, 1).assignments
    scenes.answer(person, seat, label)
    return Answer.objects.get(assignment=seat)


def wording(value: object = "cat") -> Wording:
    return Wording(value, 1.0, uuid.uuid4())


def test_the_last_revision_counts_and_the_first_stays(project, ada) -> None:
    first = answered(project, ada)
    settle_all(project.pk)
    second = revise(ada, first.public_id, wording())
    assert (second.revision, second.label_code, second.counted) == (2, 0, True)
    assert answer_arrays(project.pk).label_code.tolist() == [0]
    assert list(Answer.objects.values_list("value", flat=True).order_by("pk")) == ["owl", "cat"]
    assert Assignment.objects.get().unused
    assert LedgerEntry.objects.count() == 1
    assert Enrollment.objects.get().answers == 1


def test_the_same_key_is_the_same_revision(project, ada) -> None:
    first, again = answered(project, ada), wording()
    one = revise(ada, first.public_id, again)
    assert revise(ada, first.public_id, again) == revise(ada, one.public_id, again) == one
    assert Answer.objects.count() == 2


def test_the_key_of_an_answer_cannot_become_a_revision(project, ada) -> None:
    first = answered(project, ada)
    with pytest.raises(Refused, match="key"):
        revise(ada, first.public_id, Wording("cat", None, first.key))


def test_after_ten_minutes_or_once_settled_it_is_too_late(project, ada) -> None:
    first = answered(project, ada)
    settle([first.item_id])
    with pytest.raises(Conflict):
        revise(ada, first.public_id, wording())
    second = factories.item(project, seats=1)
    seat = scenes.take(project, ada, second)
    late = Answer(created_at=seat.created_at - timedelta(minutes=11), **_given(seat))
    late.save()
    with pytest.raises(Conflict, match="ten minutes"):
        revise(ada, late.public_id, wording())


def _given(seat: Assignment) -> dict[str, object]:
    return {
        "project": seat.project,
        "item": seat.item,
        "assignment": seat,
        "annotator": seat.annotator,
        "key": uuid.uuid4(),
        "value": "owl",
        "label_code": 1,
        "verdict": "stored",
        "counted": True,
    }


def test_what_is_settled_later_can_still_be_found_under_its_key(project, ada) -> None:
    first, again = answered(project, ada), wording()
    one = revise(ada, first.public_id, again)
    settle([first.item_id])
    assert revise(ada, first.public_id, again) == one


def test_another_s_answer_does_not_exist_and_a_wrong_value_is_named(project, ada, ben) -> None:
    first = answered(project, ada)
    with pytest.raises(NotFound):
        revise(ben, first.public_id, wording())
    with pytest.raises(Refused, match="value"):
        revise(ada, first.public_id, wording("dog"))


def test_a_paused_person_changes_nothing(project, ada) -> None:
    first = answered(project, ada)
    people.pause(project, ada, "waits")
    with pytest.raises(Conflict):
        revise(ada, first.public_id, wording())


def test_gold_is_refused_as_often_as_work(project, ada) -> None:
    work = [answered(project, ada) for _ in range(40)]
    Item.objects.filter(pk__in=[a.item_id for a in work[::2]]).update(
        status=ItemStatus.SETTLED, has_seat=False
    )
    Item.objects.filter(status="open").update(has_seat=False)
    gold = scenes.open_known(project, ["owl"] * 40)
    refused = 0
    for item in gold:
        seat = scenes.take(project, ada, item)
        scenes.answer(ada, seat, "owl")
        try:
            revise(ada, Answer.objects.get(assignment=seat).public_id, wording())
        except Conflict:
            refused += 1
    assert 8 <= refused <= 32


def test_over_http_a_revision_says_its_number(project, ada) -> None:
    first = answered(project, ada)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(ada).secret}")
    path = f"/api/v1/answers/{first.public_id}/revise"
    body = {"value": "cat", "key": str(uuid.uuid4())}
    reply = api.post(path, body, format="json")
    assert reply.status_code == 200
    assert reply.json()["revision"] == 2
    assert api.post(path, body, format="json").json() == reply.json()
    assert api.post(path, {"value": "cat"}, format="json").status_code == 400
    unknown = api.post("/api/v1/answers/none/revise", body, format="json")
    assert unknown.status_code == 404


def test_accuracy_is_told_late_and_in_batches(organization, ada) -> None:
    project = factories.project(organization, gold_share=0)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(ada).secret}")
    gold = scenes.open_known(project, ["owl"] * 39)
    scenes.say_all(project, ada, [(item, "owl") for item in gold])
    settle_all(project.pk)

    def accuracy():
        return api.get("/api/v1/me").json()["projects"][0]["accuracy"]

    assert accuracy() is None
    GoldResult.objects.update(created_at=Now() - timedelta(hours=2))
    band = accuracy()
    assert band["checks"] == 20
    assert band["low"] < 0.9 <= band["high"]


def test_reasons_are_counted_by_code_and_own_words_are_kept(project, ada) -> None:
    from labeling.services.leases import flag, skip

    for n in range(3):
        factories.item(project, seats=1, position=n)
    first, second, third = claim(project, ada, 3).assignments
    assert skip(ada, first.public_id, "too_hard").reason == "too_hard"
    kept = flag(ada, second.public_id, "an owl bit me")
    assert (kept.reason, kept.reason_text) == ("other", "an owl bit me")
    kept = flag(ada, third.public_id, "broken", "half of it")
    assert (kept.reason, kept.reason_text) == ("broken", "half of it")


def test_answers_are_dated_by_the_database(project, ada) -> None:
    seat = scenes.take(project, ada, factories.item(project, seats=1))
    from labeling.services.answering import submit

    submit(ada, [Submission(seat.public_id, "owl", None, uuid.uuid4())])
    dated = Answer.objects.annotate(now=Now()).get()
    assert timedelta(0) <= dated.now - dated.created_at < timedelta(minutes=1)
