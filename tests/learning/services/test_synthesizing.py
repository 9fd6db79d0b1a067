"""Made items are asked about beside the real project, teach its model, and are never among its data."""

import io

import numpy as np
import pytest
from PIL import Image
from rest_framework.test import APIClient

import loop_scene
from labeling.errors import Conflict, Refused
from labeling.models import Enrollment, Item, Project
from learning import generators, queries
from learning.features.raw import RawItem
from learning.generators import NothingToMake, generator_for
from learning.models import Synthetic
from learning.services.examples import lessons
from learning.services.synthesizing import synthesize
from quality.models import Consensus
from quality.queries import labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(organization):
    made = loop_scene.digits_scene(organization, 80, n_gold=0, n_people=3)
    loop_scene.run("learning.features", made.project)
    loop_scene.settle(made, 50)
    loop_scene.run("learning.retrain", made.project)
    return made


def test_made_items_are_the_same_question_for_the_same_people_elsewhere(scene, mia):
    before = Item.objects.filter(project=scene.project).count()
    work = synthesize(scene.project, 5, actor=mia)
    made_in = work.made_in
    assert made_in.pk != scene.project.pk
    assert Project.objects.get(pk=made_in.pk).status == "live"
    assert Enrollment.objects.filter(project=made_in).count() == 3
    assert Synthetic.objects.filter(item__project=made_in).count() == 5
    assert Item.objects.filter(project=scene.project).count() == before
    exported = {row.external_id for row in labels(scene.project)}
    assert not any(name.startswith("synthetic") for name in exported)
    assert synthesize(scene.project, 2, actor=mia).made_in == made_in  # one project for all of them


def test_what_people_say_about_them_teaches_the_real_model(scene, mia):
    work = synthesize(scene.project, 5, actor=mia)
    space = queries.space_of(scene.project.pk)
    before = lessons(space)
    item = Item.objects.filter(project=work.made_in).first()
    Item.objects.filter(pk=item.pk).update(status="settled")
    Consensus.objects.create(
        item=item, project=work.made_in, state="settled", label_code=3, confidence=0.9,
        posterior=loop_scene.belief(3), method="test", answers_used=2, settled_at=item.created_at,
    )  # fmt: skip
    after = lessons(space)
    assert set(after.item_ids) - set(before.item_ids) == {item.pk}
    row = int(np.searchsorted(after.item_ids, item.pk))
    assert np.allclose(after.examples.features[row], item.payload["vector"], atol=1e-5)
    assert after.examples.labels[row] == 3
    assert after.labels == before.labels  # it is no label of the real project
    assert loop_scene.run("learning.retrain", scene.project).result["outcome"] == "published"


def test_a_made_item_lies_between_its_two_real_ones(scene, mia):
    synthesize(scene.project, 3, actor=mia)
    for made in Synthetic.objects.select_related("item", "first", "second"):
        start, end = (np.array(one.payload["vector"]) for one in (made.first, made.second))
        expected = (1 - made.share) * start + made.share * end
        assert np.allclose(made.item.payload["vector"], expected, atol=1e-5)


def test_pictures_are_blended():
    def picture(value, size):
        content = io.BytesIO()
        Image.new("RGB", size, (value,) * 3).save(content, "PNG")
        return RawItem("x", {}, content.getvalue)

    [(payload, made)] = generator_for("images")([(picture(0, (8, 6)), picture(200, (4, 4)), 0.25)])
    shown = Image.open(io.BytesIO(made))
    assert (payload, shown.size, shown.getpixel((2, 2))) == ({}, (8, 6), (50, 50, 50))


def test_texts_are_not_mixed_and_strange_paths_not_called(settings):
    with pytest.raises(NothingToMake, match="not made"):
        generator_for("text")
    settings.ALLOWED_PYTHON = ()
    with pytest.raises(ValueError, match="administrator's list"):
        generator_for("text", "os.system")


def test_a_generator_by_dotted_path_makes_items_in_a_process_with_an_end(
    scene, mia, settings, monkeypatch
):
    settings.ALLOWED_PYTHON = ("bad_functions.",)
    work = synthesize(scene.project, 3, generator="bad_functions.halves", actor=mia)
    made = Synthetic.objects.filter(item__project=work.made_in).select_related("item", "first")
    for one in made.select_related("second"):
        ends = np.array([one.first.payload["vector"], one.second.payload["vector"]])
        between = (1 - one.share) * ends[0] + one.share * ends[1]
        assert one.item.payload["vector"] == pytest.approx(between.tolist())
    monkeypatch.setattr(generators, "SECONDS", 1.0)
    with pytest.raises(Refused, match="not come to an end within 1 s"):
        synthesize(scene.project, 3, generator="bad_functions.makes_nothing", actor=mia)
    assert made.count() == 3


def test_without_a_model_there_is_no_border(organization, mia):
    made = loop_scene.digits_scene(organization, 5, n_gold=0, n_people=0)
    with pytest.raises(Conflict, match="no model"):
        synthesize(made.project, 3, actor=mia)


def test_over_http(scene, mia, zed):
    client = APIClient()
    client.force_authenticate(mia)
    address = f"/api/v1/projects/{scene.project.public_id}/synthetic"
    assert client.get(address).json() == {"project": None, "items": 0, "settled": 0}
    made = client.post(address, {"items": 4}, format="json")
    assert (made.status_code, made.json()["items"], made.json()["settled"]) == (201, 4, 0)
    refused = client.post(address, {"items": 4, "generator": "os.system"}, format="json")
    assert refused.status_code == 422 or refused.status_code == 400
    client.force_authenticate(zed)
    assert client.get(address).status_code == 404
