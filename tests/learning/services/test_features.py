"""Features of items as blocks: computed once, only for what is new, and honest about what cannot be."""

import io

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

import factories
import loop_scene
from jobs.models import Job
from jobs.running import run_job
from labeling.models import Item, ItemStatus
from learning import queries
from learning.blocks import unpack_ids
from learning.models import FeatureBlock, FeatureSpace
from learning.queries.matrices import block_at, matrix_of, vectors_in
from learning.services import features
from learning.services.plans import configure
from learning.services.supplying import UnusableFeatures, supply_features
from learning.situation import feature_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization):
    return factories.project(organization)


def add(project, name, **payload):
    return factories.item(project, name, payload=payload)


def compute(project):
    return loop_scene.run("learning.features", project)


def stored(project):
    """Item id -> its vector."""
    return {
        int(item_id): row.tolist()
        for block in FeatureBlock.objects.filter(project=project)
        for item_id, row in zip(unpack_ids(block.item_ids), matrix_of(block), strict=True)
    }


def test_every_item_gets_its_vector(project):
    items = [add(project, f"i{n}", vector=[n, 2 * n]) for n in range(5)]
    compute(project)
    assert stored(project) == {item.pk: [n, 2 * n] for n, item in enumerate(items)}


def test_a_second_run_changes_nothing_and_new_items_get_a_block_of_their_own(project):
    add(project, "a", vector=[1])
    compute(project)
    compute(project)
    assert FeatureBlock.objects.count() == 1
    new = add(project, "b", vector=[5])
    compute(project)
    assert stored(project)[new.pk] == [5]
    assert FeatureBlock.objects.count() == 2


def test_more_than_a_block_is_shared_out_as_one_job_a_block(project, monkeypatch):
    monkeypatch.setattr(features, "BLOCK_ROWS", 4)
    items = [add(project, f"i{n}", vector=[n]) for n in range(10)]
    assert compute(project).result["blocks"] == 3
    parts = list(Job.objects.filter(kind="learning.features", state="waiting"))
    for job in [*parts, *parts]:  # each message doubled
        run_job(job.pk)
    assert stored(project) == {item.pk: [n] for n, item in enumerate(items)}
    assert FeatureBlock.objects.count() == 3


def test_overlapping_runs_never_store_an_item_twice(project):
    items = [add(project, f"i{n}", vector=[n]) for n in range(4)]
    compute(project)
    space = queries.space_of(project.pk)
    ids = np.array([item.pk for item in items] + [10**9])
    features.store_block(space, ids, np.ones((5, 1)), "float32")
    newest = FeatureBlock.objects.latest("pk")
    assert unpack_ids(newest.item_ids).tolist() == [10**9]


def test_an_item_that_cannot_be_used_is_named_and_the_others_go_on(project):
    add(project, "good", vector=[1.0, 2.0])
    bad = add(project, "x17", vector=[1.0, "NaN"])
    short = add(project, "x18", vector=[1.0])
    assert compute(project).result["unusable"] == 2
    space = queries.space_of(project.pk)
    assert "'x17'" in space.problem
    assert set(unpack_ids(space.unusable)) == {bad.pk, short.pk}
    assert len(queries.items_without_features(space)) == 0


def test_items_of_an_import_under_way_are_left_for_later(project):
    add(project, "a", vector=[1])
    staged = factories.item(project, "b", payload={"vector": [2]}, status=ItemStatus.STAGED)
    compute(project)
    assert staged.pk not in stored(project)
    Item.objects.filter(pk=staged.pk).update(status=ItemStatus.POOL)
    compute(project)
    assert stored(project)[staged.pk] == [2]


def test_where_nothing_can_be_learned_from_it_is_said(project):
    add(project, "a", number=3)
    assert compute(project).result == {"kind": "none"}
    assert "no text, number, picture or vector" in queries.space_of(project.pk).problem


def test_texts_get_features(project):
    item = add(project, "a", text="the owl hunts at night")
    compute(project)
    assert np.isclose(np.linalg.norm(stored(project)[item.pk]) ** 2, 2, atol=0.01)


def test_vectors_can_be_handed_in(project):
    items = [add(project, name) for name in ("a", "b", "c")]
    assert supply_features(project.pk, ["c", "a"], np.array([[3.0, 1], [1, 1]])) == 2
    assert stored(project) == {items[0].pk: [1, 1], items[2].pk: [3, 1]}
    assert supply_features(project.pk, ["b", "c"], np.array([[2.0, 2], [9, 9]])) == 3
    assert stored(project)[items[2].pk] == [3, 1]


def test_many_vectors_are_cut_into_blocks(project, monkeypatch):
    monkeypatch.setattr("learning.services.supplying.BLOCK_ROWS", 2)
    items = [add(project, f"i{n}") for n in range(5)]
    supply_features(project.pk, [f"i{n}" for n in range(5)], np.arange(5, dtype=float)[:, None])
    assert FeatureBlock.objects.count() == 3
    assert stored(project) == {item.pk: [n] for n, item in enumerate(items)}


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_single_rows_are_cut_out_of_a_block_as_they_stand_in_the_whole(project, dtype):
    ids = np.arange(1, 101)
    vectors = np.random.default_rng(1).normal(size=(100, 7)).astype(dtype)
    space = FeatureSpace.objects.create(project=project, kind="supplied", parameters={"width": 7})
    features.store_block(space, ids, vectors, dtype)
    block = block_at(FeatureBlock.objects.get().pk)
    rows = np.array([99, 0, 41])  # few of them: cut out; all of them: read whole
    assert np.array_equal(vectors_in(block, rows), vectors[rows])
    assert np.array_equal(vectors_in(block, np.arange(100)), matrix_of(block))


@pytest.mark.parametrize(
    ("names", "matrix", "says"),
    [
        (["a", "b"], [[1.0], [float("nan")]], "'b'.*not finite"),
        (["a", "b"], [[1.0], [1e300]], "'b'.*not finite"),
        (["a", "zz"], [[1.0], [2.0]], "'zz'.*no such item"),
        (["a", "a"], [[1.0], [2.0]], "twice"),
        (["a"], [[1.0], [2.0]], "2 vectors for 1 items"),
        (["a"], [1.0], "matrix"),
        (["a"], [["x"]], "not floating-point"),
    ],
)
def test_vectors_that_cannot_be_taken_store_nothing(project, names, matrix, says):
    add(project, "a")
    add(project, "b")
    with pytest.raises(UnusableFeatures, match=says):
        supply_features(project.pk, names, np.array(matrix))
    assert not FeatureBlock.objects.exists()
    assert queries.space_of(project.pk) is None


def test_later_vectors_must_have_the_same_width(project):
    add(project, "a")
    add(project, "b")
    supply_features(project.pk, ["a"], np.ones((1, 3)))
    with pytest.raises(UnusableFeatures, match="2 numbers, the earlier ones 3"):
        supply_features(project.pk, ["b"], np.ones((1, 2)))


def test_another_kind_of_features_is_computed_anew_and_the_old_stay(project):
    item = add(project, "a", text="the owl", vector=[1, 2])
    compute(project)
    assert queries.space_of(project.pk).kind == "vectors"
    plan = configure(project.pk, features="text")
    assert feature_facts(project.pk, queries.space_of(project.pk), "text")["missing_features"] == 1
    compute(project)
    assert (queries.space_of(project.pk).kind, queries.space_of(project.pk).version) == ("text", 2)
    assert len(stored(project)[item.pk]) == 1024  # of the newest version
    assert FeatureBlock.objects.filter(version=1).exists()
    assert feature_facts(project.pk, queries.space_of(project.pk), plan.features)["featured"] == 1


def test_features_of_a_kind_that_suits_nothing_are_looked_for_once(project):
    add(project, "a", text="the owl")
    configure(project.pk, features="images")
    compute(project)
    compute(project)
    space = queries.space_of(project.pk)
    assert (space.kind, space.version) == ("none", 1)
    assert "'images'" in space.problem
    assert feature_facts(project.pk, space, "images")["feature_kind"] == "none"


def hand_in(client, project, name, content, **more):
    address = f"/api/v1/projects/{project.public_id}/features"
    file = SimpleUploadedFile(name, content)
    return client.post(address, {"file": file, **more}, format="multipart")


def test_a_file_of_vectors_over_http(project, mia, zed, settings, tmp_path):
    settings.MEDIA_STORE = tmp_path
    items = [add(project, name) for name in ("a", "b")]
    client, content = APIClient(), io.BytesIO()
    np.savez(content, ids=np.array(["b", "a"]), vectors=np.array([[2.0, 2], [1, 1]]))
    client.force_authenticate(zed)
    assert hand_in(client, project, "v.npz", content.getvalue()).status_code == 404
    client.force_authenticate(mia)
    made = hand_in(client, project, "v.npz", content.getvalue())
    assert made.status_code == 202
    run_job(Job.objects.get(public_id=made.json()["job"]).pk)
    assert stored(project) == {items[0].pk: [1, 1], items[1].pk: [2, 2]}
    told = client.get(f"/api/v1/projects/{project.public_id}/features").json()
    assert told == {"kind": "supplied", "items": 2, "unusable": 0, "problem": ""}
    assert not list((tmp_path / "uploads").iterdir())


@pytest.mark.parametrize(
    ("name", "matrix", "says"),
    [
        ("v.npz", [[1.0, float("nan")]], "not finite"),
        ("v.npz", [[]], "matrix"),
        ("v.exe", [[1.0]], "known are"),
        ("v.npz", [[1.0], [2.0]], "2 vectors for 1 items"),
    ],
)
def test_a_bad_file_of_vectors_is_the_reason_why_its_job_failed(
    project, mia, settings, tmp_path, name, matrix, says
):
    settings.MEDIA_STORE = tmp_path
    add(project, "a")
    client, content = APIClient(), io.BytesIO()
    client.force_authenticate(mia)
    np.savez(content, ids=np.array(["a"]), vectors=np.array(matrix))
    made = hand_in(client, project, name, content.getvalue())
    run_job(Job.objects.get(public_id=made.json()["job"]).pk)
    job = Job.objects.get()
    assert (job.state, says in job.error) == ("failed", True)
    assert not FeatureBlock.objects.exists()


def test_the_page_takes_a_file_and_shows_how_far_it_is(project, mia, client):
    client.force_login(mia)
    address = f"/p/{project.public_id}/vectors"
    add(project, "a")
    packed = io.BytesIO()
    np.savez(packed, vectors=np.ones((1, 3)), ids=np.array(["a"]))
    file = SimpleUploadedFile("v.npz", packed.getvalue())
    assert client.post(address, {"file": file}).status_code == 302
    waiting = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "v.npz" in waiting
    run_job(Job.objects.get(kind="learning.vectors").pk)
    done = client.get(address).content.decode()
    assert "every 1s" not in done
    assert "features of kind supplied: 1 items" in done
    for form in ({}, {"file": SimpleUploadedFile("v.txt", b"1")}):
        assert 'role="alert"' in client.post(address, form).content.decode()
