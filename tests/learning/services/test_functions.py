"""Labelling functions in a project: they vote, are weighed, are heard; and are never counted as people."""

import pytest
from rest_framework.test import APIClient

import factories
import scenes
from jobs.running import run_job
from jobs.services import enqueue
from labeling.models import Answer, Item
from learning.models import LabelingFunction
from learning.services.functions import add_function, function_table
from learning.services.voting import ask_where_new
from learning.voices import model_voice
from quality.models import Consensus, GoldAnswer
from quality.queries import provenance
from quality.services.settling import settle_all

pytestmark = pytest.mark.django_db

OWL = {"field": "text", "words": ["hoots"], "label": "owl"}


@pytest.fixture
def zoo(organization):
    project = factories.project(organization, seats_min=1, target_certainty=0.97)
    for n in range(30):
        word = "hoots" if n % 2 else "purrs"
        factories.item(project, f"animal-{n}", payload={"text": f"it {word} {n}"}, seats=2)
    gold = [factories.item(project, f"gold-{n}", payload={"text": "it hoots"}, role="gold")
            for n in range(12)]  # fmt: skip
    GoldAnswer.objects.bulk_create(
        GoldAnswer(item=item, value="owl", label_code=1) for item in gold
    )
    return project


def apply(project):
    job = enqueue("learning.functions", {"project_id": project.pk})
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error


def test_a_function_votes_about_every_item_and_is_weighed_on_gold(zoo, mia):
    add_function(zoo, "hoots", "keyword", OWL, actor=mia)
    apply(zoo)
    [(function, row)] = function_table(zoo.pk)
    assert row.coverage == pytest.approx(27 / 42)
    assert (row.judged, row.accuracy) == (12, 1.0)
    assert function.confusion[1][1] > 0.9


def test_its_vote_is_heard_with_the_model_and_named(zoo, mia, ada):
    add_function(zoo, "hoots", "keyword", OWL, actor=mia)
    apply(zoo)
    owl = Item.objects.get(project=zoo, external_id="animal-1")
    cat = Item.objects.get(project=zoo, external_id="animal-2")
    voice = model_voice(zoo.pk, [owl.pk, cat.pk])
    assert voice.version == "1 functions"
    assert voice.item_ids.tolist() == [owl.pk]  # about the other it has nothing to say
    assert voice.probabilities[0, 1] > 0.6
    scenes.say(zoo, ada, owl, "owl")
    settle_all(zoo.pk)
    assert provenance(owl).state in ("open", "settled")


def test_it_is_nobody(zoo, mia, ada):
    """No answer, no seat, no part in the number of answers that an item has."""
    add_function(zoo, "hoots", "keyword", OWL, actor=mia)
    apply(zoo)
    owl = Item.objects.get(project=zoo, external_id="animal-1")
    scenes.say(zoo, ada, owl, "owl")
    settle_all(zoo.pk)
    assert Answer.objects.filter(project=zoo).count() == 1
    assert Consensus.objects.get(item=owl).answers_used == 1
    owl.refresh_from_db()
    assert owl.seats_taken == 1


def test_a_function_that_fails_is_switched_off_and_says_why(zoo, mia, settings):
    settings.ALLOWED_PYTHON = ("os.fspath",)
    add_function(zoo, "bad", "python", {"path": "os.fspath"}, actor=mia)
    add_function(zoo, "hoots", "keyword", OWL, actor=mia)
    apply(zoo)
    bad = LabelingFunction.objects.get(name="bad")
    assert not bad.active
    assert "TypeError" in bad.problem
    assert [function.name for function, row in function_table(zoo.pk) if row] == ["hoots"]


def test_new_items_are_voted_on_too(zoo, mia):
    add_function(zoo, "hoots", "keyword", OWL, actor=mia)
    apply(zoo)
    assert ask_where_new() == 0
    factories.item(zoo, "late", payload={"text": "it hoots late"})
    assert ask_where_new() == 1
    apply(zoo)
    assert function_table(zoo.pk)[0][1].coverage == pytest.approx(28 / 43)


def test_over_http_with_its_table(zoo, mia, ada):
    client, address = APIClient(), f"/api/v1/projects/{zoo.public_id}/functions"
    client.force_authenticate(mia)
    body = {"name": "hoots", "kind": "keyword", "parameters": OWL}
    assert client.post(address, body, format="json").status_code == 201
    assert client.post(address, body, format="json").status_code == 409
    assert client.post(address, {**body, "kind": "x"}, format="json").status_code == 400
    apply(zoo)
    [row] = client.get(address).json()["functions"]
    assert (row["name"], row["judged"], row["conflict"]) == ("hoots", 12, 0)
    off = client.patch(f"{address}/hoots", {"active": False}, format="json").json()
    assert off["active"] is False
    assert model_voice(zoo.pk, [1]) is None
