"""Simulated people: every kind of honest, careless and dishonest annotator we must handle.

Tests, benchmarks and the demo share these. A person answers one item at a time and says how
long it took, so the same person can sit behind a plain loop or behind HTTP:

    people = crowd({"competent": 20, "random": 3}, n_labels=4, seed=7)
    label = people[0].answer(true_label, item_index, nth_answer)
    seconds = people[0].seconds(item_index, nth_answer)

`campaign.run` plays a whole project and returns long arrays.
"""

from quality.simulation.crowd import crowd
from quality.simulation.person import Person
from quality.simulation.registry import KINDS
from quality.simulation.scene import Scene

__all__ = ["KINDS", "Person", "Scene", "crowd"]
