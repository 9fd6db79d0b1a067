"""The whole loop on digits with the service's default rules in it: who is paused, rightly and wrongly.

    python tests/benchmarks/rules_in_the_loop.py --seeds 4 --crowd demo|unusual|dishonest [--items 300]
    python tests/benchmarks/rules_in_the_loop.py --seeds 4 --crowd dishonest --oracle

The loop of quality_loop.py; after every second refit (``--every``) a survey looks at everybody and the default
rules pause whom they would pause. ``--items`` takes that many digits only, as `assay demo --quick` does.
``--oracle``: whoever is dishonest is known beforehand and gets no work.
"""

# ruff: noqa: E402 (a script: it finds the repository first, and prints)

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [
    str(Path(__file__).parents[2]),
    str(Path(__file__).parents[1]),
    str(Path(__file__).parent),
]

import quality_loop

from quality.inference.people.survey import AnswerLog
from quality.rules.book import DEFAULTS
from quality.rules.gathering import look_around
from quality.rules.matching import matches


class Surveyed(quality_loop.World):
    """A world whose people are looked at after every second refit."""

    surveying = True
    refits, every = 0, 2

    def refit(self) -> None:
        super().refit()
        self.refits += 1
        if self.surveying and self.refits % self.every == 0:
            self._survey()

    def _survey(self) -> None:
        votes = self.votes()
        log = AnswerLog(
            votes.item,
            votes.annotator,
            votes.label,
            self.gold,
            len(self.people),
            quality_loop.N_LABELS,
        )
        for a, known in enumerate(look_around(log, np.random.default_rng(0)).profiles):
            for match in matches(DEFAULTS, known):
                if "pause" in match.actions and a not in self.paused:
                    self.by = {**getattr(self, "by", {}), a: match.rule.evidence}
                    self._pause(a, known.start or 0)


def set_up(seed: int, *, kinds: str, items: int | None, surveying: bool) -> Surveyed:
    made = quality_loop.set_up(seed, kinds=kinds)
    gold = np.flatnonzero(made.gold >= 0)
    work = made.work[:items]
    kept = np.sort(np.r_[gold, work])
    world = Surveyed(made.features[kept], made.truth[kept], made.gold[kept], made.people, made.rng)
    world.surveying = surveying
    return world


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--crowd", choices=list(quality_loop.CROWDS), default="demo")
    parser.add_argument("--items", type=int)
    parser.add_argument("--turns", type=int, default=72)
    parser.add_argument("--every", type=int, default=2, help="survey after so many refits")
    parser.add_argument("--without-survey", action="store_true")
    parser.add_argument("--oracle", action="store_true")
    options = parser.parse_args()
    quality_loop.TURNS_AFTER = options.turns
    Surveyed.every = options.every
    for seed in range(options.first, options.first + options.seeds):
        world = set_up(
            seed,
            kinds=options.crowd,
            items=options.items,
            surveying=not options.without_survey,
        )
        if options.oracle:
            bad = (a for a, person in enumerate(world.people) if not person.honest)
            world.paused = dict.fromkeys(bad, 0)
        found = quality_loop.report(world, quality_loop.play(world, 0.999))
        kept = ("right", "answers", "missed", "wrongly paused", "paused after")
        given = [int(world.given[a]) for a, p in enumerate(world.people) if p.kind == "turns_bad"]
        print(
            seed,
            {name: found[name] for name in kept},
            "by survey",
            getattr(world, "by", {}),
            "turner gave",
            given,
            flush=True,
        )


if __name__ == "__main__":
    main()
