"""Labelling functions in a project: they vote, are weighed, are heard; and are never counted as people."""

import pytest
from rest_framework.test import APIClient

import factories
import scenes
from jobs.running import run_job
from jobs.services import enqueue
from labeling.errors import Refused
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


@pytest.mark.parametrize("name", ["a/b", "..", " "])
def test_a_name_that_is_no_part_of_an_address_is_refused(zoo, mia, name):
    with pytest.raises(Refused) as refused:
        add_function(zoo, name, "keyword", OWL, actor=mia)
    assert refused.value.field == "name"


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


def test_one_is_tried_on_some_items_before_it_is_kept(zoo, mia):
    client = APIClient()
    client.force_authenticate(mia)
    address = f"/api/v1/projects/{zoo.public_id}/function-trials"
    tried = client.post(address, {"kind": "keyword", "parameters": OWL}, format="json").json()
    assert (tried["items"], tried["votes"], tried["unknown"]) == (42, {"owl": 27}, 0)
    assert (tried["judged"], tried["accuracy"]) == (12, 1.0)
    assert tried["examples"][0] == ["animal-1", "owl"]
    wrong = {"kind": "keyword", "parameters": {**OWL, "label": "bat"}}
    refused = client.post(address, wrong, format="json")
    assert refused.json()["errors"][0]["field"] == "parameters.label"
    assert not LabelingFunction.objects.exists()


def test_the_page_tries_adds_and_switches(zoo, mia, client):
    client.force_login(mia)
    address = f"/p/{zoo.public_id}/functions"
    form = {"kind": "keyword", "label": "owl", "field": "text", "words": "hoots\nscreech"}
    told = client.post(address, {**form, "act": "try"}).content.decode()
    assert "Of 42 items it votes about 64" in told
    assert "screech" in told  # what was typed stands there again
    assert 'role="alert"' in client.post(address, {**form, "act": "add"}).content.decode()
    client.post(address, {**form, "act": "add", "name": "night"})
    apply(zoo)
    told = client.get(address).content.decode()
    assert "text: hoots, screech → owl" in told
    assert "64 %" in told or "64\u00a0%" in told or "64%" in told
    client.post(address, {"act": "switch", "function": "night"})
    assert not LabelingFunction.objects.get().active
    assert client.post(address, {"act": "switch", "function": "day"}).status_code == 404
    limit = {"kind": "threshold", "label": "owl", "field": "n", "above": "x", "act": "try"}
    assert "cannot be read" in client.post(address, limit).content.decode()
