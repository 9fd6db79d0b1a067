"""The default: the average of three related models, softened to a confidence that holds.

Choosing one model from the answers alone loses against a fixed average, because what explains
answers best (habits, drifting classes) is not what is true. The three views are blends of a
one-coin model and a learned pool of confusion matrices (see ``tables``), the third with hard items
(``blindness``). Then ``confidence`` softens the average, and gold, where given, fixes its items and
corrects the rest (``correction``).

Evidence and figures: docs/benchmarks.md, tests/benchmarks/truth_inference.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quality.inference.answers import NO_GOLD, Answers, Floats, Ints
from quality.inference.build import chosen_labels, confusion, describe
from quality.inference.ceiling import CAP_WITHOUT_PROOF, TESTED, UNTESTED, tested_ceiling
from quality.inference.confidence import correlation
from quality.inference.correction import Correction, learn_correction, out_of_fold
from quality.inference.em import Run
from quality.inference.fit import Fit, TruthInference
from quality.inference.look_alikes import look_alikes
from quality.inference.skills import Lens, Skills, mean
from quality.inference.start import Start, cold, lenses_of, warm
from quality.inference.update import capped
from quality.inference.views import OTHERS, VIEWS, View
from quality.inference.votes import Votes

Starts = tuple[Start, ...]


class Auto(TruthInference):
    """The best labels from a given set of answers, without a setting.

    ``fit_.ceiling`` is the largest confidence that may be promised: 0.95 without gold, 0.99 only
    when enough gold items bear it out, 0.9 when gold contradicts 0.95.
    """

    def _infer(self, answers: Answers, gold: Ints, warm_start: Fit | None) -> Fit:
        votes = Votes(answers)
        begin = starts(votes, warm_start)
        runs = run_views(VIEWS, votes, gold, begin)
        tested = np.flatnonzero((gold != NO_GOLD) & (votes.per_item > 0))
        if not tested.size:
            return describe_runs(votes, gold, runs, skills_of(votes, runs), UNTESTED)
        others = run_views(OTHERS, votes, gold, (cold(votes),) * len(OTHERS))
        correction, ceiling = judge(votes, gold, tested, begin)
        skills = corrected(skills_of(votes, runs), others, correction, ceiling)
        return describe_runs(votes, gold, runs, skills, ceiling)


def run_views(views: tuple[View, ...], votes: Votes, gold: Ints, begin: Starts) -> list[Run]:
    """One EM run for each view."""
    return [view.run(votes, gold, start) for view, start in zip(views, begin, strict=True)]


def starts(votes: Votes, earlier: Fit | None) -> Starts:
    """One start for each view: its own lens of an earlier ``Auto`` fit, or the vote shares."""
    lenses = lenses_of(votes, earlier)
    if len(lenses) != len(VIEWS):
        return (cold(votes),) * len(VIEWS)
    return tuple(warm(votes, lens) for lens in lenses)


def skills_of(votes: Votes, runs: list[Run]) -> Skills:
    """Skills without a correction by gold."""
    belief, counts = mean([run.posterior for run in runs]), mean([run.counts for run in runs])
    shared = correlation(votes, belief, counts)
    moved = look_alikes(votes, counts)
    return Skills(tuple(map(Lens.of, runs)), correlation=shared, moved=moved, cap=CAP_WITHOUT_PROOF)


def corrected(skills: Skills, others: list[Run], correction: Correction, ceiling: float) -> Skills:
    """The same skills with what gold taught."""
    cap = 1.0 if ceiling >= TESTED else CAP_WITHOUT_PROOF
    lenses = tuple(map(Lens.of, others))
    return replace(skills, others=lenses, correction=correction, cap=cap)


def judge(votes: Votes, gold: Ints, tested: Ints, begin: Starts) -> tuple[Correction, float]:
    """What gold says about fits that have not seen it: the correction, and the ceiling.

    The ceiling is judged on beliefs corrected by the other gold items only.
    """
    unseen = np.full_like(gold, NO_GOLD)
    runs = run_views(VIEWS, votes, unseen, begin)
    others = run_views(OTHERS, votes, unseen, (cold(votes),) * len(OTHERS))
    belief, *rest = skills_of(votes, runs).softened(
        votes, [mean([run.posterior for run in runs]), *(run.posterior for run in others)]
    )
    examples, truth = (belief[tested], [other[tested] for other in rest]), gold[tested]
    ceiling = tested_ceiling(out_of_fold(*examples, truth), truth)
    return learn_correction(*examples, truth), ceiling


def describe_runs(votes: Votes, gold: Ints, runs: list[Run], skills: Skills, ceiling: float) -> Fit:
    """The fit: finished beliefs, and people as the middle view sees them."""
    middle = runs[len(runs) // 2]
    posterior = skills.posterior(votes, gold)
    fit = describe(chosen_labels(votes, gold, posterior), posterior, _counts(runs), middle.prior)
    return fit.but(
        confidence=capped(fit.confidence, gold, skills.cap),
        confusion=confusion(middle.log_table),
        iterations=max(run.iterations for run in runs),
        converged=all(run.converged for run in runs),
        log_likelihood=middle.log_likelihood,
        ceiling=ceiling,
        skills=skills,
    )


def _counts(runs: list[Run]) -> Floats:
    return mean([run.counts for run in runs])
