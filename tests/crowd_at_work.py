"""A simulated crowd that has answered a project through the services: gold first met at random among work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import scenes
from accounts.models import Organization, User
from labeling.models import Item, Project
from quality.services.refit import Unfenced, refit
from quality.services.settling import settle_all
from quality.simulation import Person, Scene, crowd

LABELS = ("ant", "bee", "cat", "dog")


@dataclass(frozen=True)
class Played:
    """``truth``: item id to label code. ``actors[n]`` is who stands behind ``people[n]``."""

    project: Project
    people: list[User]
    actors: list[Person]
    gold: list[Item]
    work: list[Item]
    truth: dict[int, int]

    def of(self, kind: str) -> list[User]:
        return [p for p, a in zip(self.people, self.actors, strict=True) if a.kind == kind]


def play(
    organization: Organization,
    kinds: Mapping[str, int],
    *,
    n_gold: int = 40,
    n_work: int = 150,
    share: float = 0.5,
    seed: int = 2,
    name: str = "person",
    options: Mapping[str, Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Played:
    """Everybody answers all gold and a share of the work, in an order of their own; then all is settled."""
    settings = {"seats_min": 1, "seats_max": 7, "price_micros": 1000, **fields}
    project = scenes.factories.project(organization, LABELS, **settings)
    people = scenes.people(organization, sum(kinds.values()), name)
    gold = scenes.open_known(project, [LABELS[k % 4] for k in range(n_gold)])
    work = scenes.open_work(project, n_work, seats=len(people) + 1)
    truth = {item.pk: n % 4 for n, item in enumerate([*gold, *work])}
    scene = Scene(seed=seed, gold=set(range(n_gold)))
    actors = crowd(kinds, 4, seed, scene=scene, options=options)
    played = Played(project, people, actors, gold, work, truth)
    _answer(played, share, seed)
    settle_all(project.pk)
    refit(project.pk, Unfenced())
    settle_all(project.pk)
    return played


def _answer(played: Played, share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Known to the actors by their place, not by their row: the same crowd in every order of tests.
    place = {item.pk: n for n, item in enumerate([*played.gold, *played.work])}
    for person, actor in zip(played.people, played.actors, strict=True):
        asked = [*played.gold, *(item for item in played.work if rng.random() < share)]
        asked = [asked[n] for n in rng.permutation(len(asked))]
        said = [
            (item, LABELS[actor.answer(played.truth[item.pk], place[item.pk], n)])
            for n, item in enumerate(asked)
        ]
        scenes.say_all(played.project, person, said)
