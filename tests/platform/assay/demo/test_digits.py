"""The scene of handwritten digits: files a manager would upload, and the same people for the same seed."""

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from assay.demo.digits import LEAST_GOLD, digits_scene
from assay.demo.scene import Scene, choose_gold


def answers(scene: Scene) -> list[list[int | None]]:
    return [[actor.answer(n, n) for n in range(20)] for actor in scene.fresh_actors()]


def test_work_and_gold_are_all_items_once_and_gold_is_spread_over_the_classes(
    tmp_path: Path,
) -> None:
    scene = digits_scene(tmp_path, n_items=200, seed=3)
    assert sorted([*scene.work, *scene.gold]) == list(range(200))
    assert scene.gold.size == LEAST_GOLD
    assert set(np.bincount(scene.truth[scene.gold])) == {4}
    with zipfile.ZipFile(scene.import_file) as work, zipfile.ZipFile(scene.gold_file) as gold:
        assert len(work.namelist()) == 200 - LEAST_GOLD
        assert not set(work.namelist()) & set(gold.namelist())
        assert {*work.namelist(), *gold.namelist()} == {*scene.external_ids}
        assert Image.open(io.BytesIO(work.read(work.namelist()[0]))).size == (96, 96)
    with scene.gold_table.open() as file:
        table = {row["id"]: row["label"] for row in csv.DictReader(file)}
    named = {scene.external_ids[n]: scene.labels[scene.truth[n]] for n in scene.gold}
    assert table == named


def test_twenty_honest_people_and_five_bad_ones(tmp_path: Path) -> None:
    scene = digits_scene(tmp_path, n_items=60, seed=3)
    kinds = Counter(actor.kind for actor in scene.actors)
    assert kinds == {"competent": 20, "random": 3, "one_label": 1, "turns_bad": 1}
    assert sum(actor.honest for actor in scene.actors) == 20


def test_a_seed_gives_the_same_people_again_and_another_seed_others(tmp_path: Path) -> None:
    first, second = (
        digits_scene(tmp_path, n_items=60, seed=3),
        digits_scene(tmp_path, n_items=60, seed=4),
    )
    assert answers(first) == answers(first)
    assert answers(first) != answers(second)


def test_gold_of_a_class_with_few_members_is_made_up_from_the_others() -> None:
    truth = np.array([0] * 20 + [1] * 2)
    gold = choose_gold(truth, 10, np.random.default_rng(0))
    assert np.bincount(truth[gold]).tolist() == [8, 2]
    assert choose_gold(truth, 99, np.random.default_rng(0)).tolist() == list(range(22))
