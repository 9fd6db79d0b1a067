import csv
import gzip
import json

import numpy as np
import pytest

from datasets import dataset_path
from learning.replay import policies
from learning.replay.command import main, run
from learning.replay.recording import Recording, UnreadableRecording, majority_accuracy, read
from learning.replay.run import Point, reached_for_good, replay
from learning.replay.shelf import Shelf
from quality.inference.answers import Answers


@pytest.fixture
def large_batches(monkeypatch):
    """A tenth of the answers a batch instead of a fortieth: a quarter of the work."""
    monkeypatch.setattr("learning.replay.run.N_BATCHES", 10)


def recording(*, n_items=150, per_item=3, seed=0, useful=True):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n_items)
    item = np.repeat(np.arange(n_items), per_item)
    person = np.argsort(rng.random((n_items, 12)), axis=1)[:, :per_item].ravel()
    label = np.where(rng.random(len(item)) < 0.75, truth[item], 1 - truth[item])
    features = rng.normal(size=(n_items, 6)) + 2 * useful * truth[:, None]
    return Recording(Answers(item, person, label, n_items, 12, 2), truth, features)


def write(folder, recorded):
    def table(name, rows):
        with gzip.open(folder / name, "wt", newline="") as file:
            csv.writer(file).writerows(rows)

    said = recorded.answers
    rows = zip(said.item, said.annotator, said.label, strict=True)
    table("items.csv.gz", [["item"], *[[f"i{i}"] for i in range(said.n_items)]])
    table("answers.csv.gz", [["item", "worker", "label"], *[[f"i{i}", a, k] for i, a, k in rows]])
    known = enumerate(recorded.truth)
    table("truth.csv.gz", [["item", "label"], *[[f"i{i}", k] for i, k in known]])
    np.save(folder / "features.npy", recorded.features.astype(np.float16))


def test_the_shelf_sells_every_answer_once():
    recorded = recording().answers
    shelf = Shelf(recorded, np.random.default_rng(0))
    for _ in range(3):
        shelf.buy(np.arange(recorded.n_items))
    assert shelf.paid == len(recorded)
    assert not shelf.available.any()
    sold = shelf.answers()
    bought = sorted(zip(sold.item, sold.annotator, sold.label, strict=True))
    assert bought == sorted(zip(recorded.item, recorded.annotator, recorded.label, strict=True))


def test_what_was_bought_stays_bought():
    shelf = Shelf(recording().answers, np.random.default_rng(0))
    shelf.buy(np.array([4, 9]))
    first = set(zip(shelf.answers().item, shelf.answers().annotator, strict=True))
    shelf.buy(np.array([4]))
    second = set(zip(shelf.answers().item, shelf.answers().annotator, strict=True))
    assert len(first) == 2
    assert len(second) == 3
    assert first < second


@pytest.mark.parametrize("name", policies.names())
@pytest.mark.usefixtures("large_batches")
def test_every_policy_runs_to_its_end(name):
    recorded = recording()
    seed = replay(recorded, policies.get(name), 0, majority_accuracy(recorded))
    paid = [point.paid for point in seed.curve]
    assert paid == sorted(set(paid))
    assert paid[-1] <= 120 * 3  # a fifth of the items is the test set and is never bought
    if not name.startswith("dynamic"):
        assert paid[-1] == 120 * 3


@pytest.mark.usefixtures("large_batches")
def test_the_policy_never_sees_the_truth():
    """With the truth scrambled, the same answers are bought."""
    recorded = recording()
    scrambled = Recording(recorded.answers, recorded.truth[::-1].copy(), recorded.features)
    runs = [replay(r, policies.get("default"), 3, 0.8).curve for r in (recorded, scrambled)]
    assert [p.voice for p in runs[0]] == [p.voice for p in runs[1]]
    assert [p.paid for p in runs[0]] == [p.paid for p in runs[1]]


@pytest.mark.usefixtures("large_batches")
def test_good_features_reach_the_majority_for_less():
    recorded = recording(n_items=300)
    target = majority_accuracy(recorded)
    helped = replay(recorded, policies.get("default"), 0, target)
    alone = replay(recorded, policies.get("people-only"), 0, target)
    assert helped.reaches["1.00"] < 0.5
    assert (alone.reaches["1.00"] or 1.0) > helped.reaches["1.00"]


def test_reaching_means_staying():
    def point(share, label_accuracy):
        return Point(int(100 * share), share, label_accuracy, 0.5, None, 0.0)

    curve = [point(0.1, 0.9), point(0.2, 0.7), point(0.3, 0.9), point(0.4, 0.95)]
    assert reached_for_good(curve, 0.8) == 0.3
    assert reached_for_good(curve, 0.7) == 0.1
    assert reached_for_good(curve, 0.99) is None


def test_ties_of_the_majority_count_as_their_expected_share():
    said = Answers(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0, 1, 1]), 3, 2, 2)
    assert majority_accuracy(Recording(said, np.array([0, 1, 0]), None)) == pytest.approx(2 / 3)


@pytest.mark.usefixtures("large_batches")
def test_the_command_prints_the_promised_json(tmp_path, capsys):
    write(tmp_path, recording(n_items=80))
    assert main([str(tmp_path), "--seeds", "2", "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert {"majority_of_all", "dawid_skene_of_all", "answers_total", "seeds"} <= out.keys()
    assert out["answers_total"] == 240
    assert [seed["seed"] for seed in out["seeds"]] == [0, 1]
    assert set(out["seeds"][0]["reaches"]) == {"0.95", "0.98", "1.00"}
    expected = {"paid", "share", "label_accuracy", "people_only_accuracy", "model_accuracy"}
    assert expected <= out["seeds"][0]["curve"][0].keys()


@pytest.mark.usefixtures("large_batches")
def test_the_same_seed_gives_the_same_run():
    results = [run(recording(), "default", 1) for _ in range(2)]
    assert results[0] == results[1]


def test_a_folder_that_cannot_be_read_says_why(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "items.csv.gz is missing" in capsys.readouterr().err
    write(tmp_path, recording(n_items=10))
    np.save(tmp_path / "features.npy", np.ones((3, 2)))
    with pytest.raises(UnreadableRecording, match="a row for each item"):
        read(tmp_path)


SPOILT = {
    "features.npy": b"no array",
    "items.csv.gz": b"no gzip",
    "truth.csv.gz": gzip.compress(b'item,label\n0,1\n1,"0\n', mtime=0),
    "answers.csv.gz": gzip.compress(b"item,worker,label\n0,1\n", mtime=0),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_refused_by_its_name(name, tmp_path, capsys):
    write(tmp_path, recording(n_items=10))
    (tmp_path / name).write_bytes(SPOILT[name])
    assert main([str(tmp_path)]) == 2
    problem = capsys.readouterr().err
    assert name in problem
    assert problem.count("\n") == 1


def test_an_item_that_is_named_twice_is_refused(tmp_path):
    write(tmp_path, recording(n_items=10))
    (tmp_path / "items.csv.gz").write_bytes(gzip.compress(b"item\n0\n0\n", mtime=0))
    with pytest.raises(UnreadableRecording, match="twice"):
        read(tmp_path)


@pytest.mark.usefixtures("large_batches")
def test_a_truth_for_a_few_items_is_enough():
    recorded = recording(n_items=60)
    truth = np.where(np.arange(60) < 3, recorded.truth, -1)
    out = run(Recording(recorded.answers, truth, recorded.features), "default", 2)
    assert all(0 <= p["label_accuracy"] <= 1 for seed in out["seeds"] for p in seed["curve"])


def test_no_truth_at_all_is_refused(tmp_path):
    recorded = recording(n_items=10)
    write(tmp_path, recorded)
    with gzip.open(tmp_path / "truth.csv.gz", "wt") as file:
        file.write("item,label\n")
    with pytest.raises(UnreadableRecording, match="names no item"):
        read(tmp_path)


@pytest.mark.usefixtures("large_batches")
def test_no_features_leaves_the_people(tmp_path):
    write(tmp_path, recording(n_items=60))
    (tmp_path / "features.npy").unlink()
    out = run(read(tmp_path), "default", 1)
    assert out["seeds"][0]["curve"][-1]["model_accuracy"] is None


@pytest.mark.nightly
def test_real_answers_cost_less_than_half_for_the_same_labels():
    out = run(read(dataset_path("al_rte")), "default", 10)
    reached = [seed["reaches"]["1.00"] or 1.0 for seed in out["seeds"]]
    assert np.mean(reached) <= 0.42


@pytest.mark.nightly
def test_real_features_lift_the_labels_and_they_never_fall():
    out = run(read(dataset_path("al_product_er")), "default", 10)
    curves = [seed["curve"] for seed in out["seeds"]]
    at = {share: np.mean([_accuracy_at(c, share) for c in curves]) for share in (0.2, 0.4, 1.0)}
    assert at[0.2] >= 0.935
    assert at[0.4] >= 0.940
    assert at[1.0] >= 0.943


def _accuracy_at(curve, share):
    return min(curve, key=lambda point: abs(point["share"] - share))["label_accuracy"]
