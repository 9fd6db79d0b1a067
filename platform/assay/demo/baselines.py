"""The plain alternatives, replayed on the same people: n answers an item in random order, majority vote."""

from collections.abc import Callable, Sequence

import numpy as np

from assay.demo.scene import Actor, Scene


def majority_baseline(
    scene: Scene, actors: Sequence[Actor], n_answers: int, seed: int
) -> dict[str, float | int]:
    """Answers bought and share of right labels when each work item gets ``n_answers`` and a majority vote.

    ``actors`` are the same people before their first answer. Ties are broken at random.
    """
    rng = np.random.default_rng(seed)
    given = [0] * len(actors)
    who = _people_for(scene)
    right = bought = 0
    for item in rng.permutation(scene.work):
        votes = np.zeros(len(scene.labels))
        for person in rng.permutation(who(int(item)))[:n_answers]:
            answer = actors[person].answer(int(item), given[person])
            if answer is not None:
                given[person] += 1
                votes[answer] += 1
        bought += int(votes.sum())
        right += int(_winner(votes, rng) == scene.truth[item])
    return {"answers": bought, "accuracy": right / scene.work.size}


def _people_for(scene: Scene) -> Callable[[int], Sequence[int]]:
    if scene.eligible is None:
        everybody = range(len(scene.actors))
        return lambda _item: everybody
    by_item: dict[int, list[int]] = {}
    for item, person in scene.eligible:
        by_item.setdefault(item, []).append(person)
    return lambda item: by_item.get(item, [])


def _winner(votes: "np.ndarray[tuple[int], np.dtype[np.float64]]", rng: np.random.Generator) -> int:
    return int(rng.choice(np.flatnonzero(votes == votes.max())))
