"""How likely a value is right, where an answer either agrees with it or not.

Answers of open label types (texts, boxes, numbers) are merged into a value by a model of the type. The
models' own confidence is an expected overlap or rests on a variance that three answers cannot tell, so
neither is a promise to stop on. This one is: each person is right with their accuracy,
and an answer within the type's tolerance of the value says that it is right,

    log odds[i] = sum over answers v about i of  +-logit(accuracy[a(v)]) / (1 + SHARED (n[i] - 1)),

which is the one-coin model (Dawid and Skene, 1979, with one parameter a person) for the question "is
this value right?" with an even prior, and with votes softened because answers about one item share
their errors. One unknown person is right with .8, as among closed labels.
"""

import numpy as np
from scipy.special import betaincinv, expit, logit

from quality.inference.evidence import Reliability, design_effect
from quality.inference.typed_answers import Bools, Floats, Ints, sums

ANCHOR = 0.8  # accuracy of somebody unknown
ANCHOR_ANSWERS = 8.0  # answers' worth of it
LEAST, MOST = 0.5, 0.98  # who is wrong more often than not says nothing; nobody is never wrong
SUREST = 0.99


def confidence(item: Ints, agrees: Bools, accuracy: Floats, n_items: int) -> Floats:
    """[i]: P(the value of item i is right); ``item``, ``agrees`` and ``accuracy`` are [answer]."""
    weight = logit(np.clip(accuracy, LEAST, MOST))
    said = sums(item, np.where(agrees, weight, -weight), n_items)
    answers = np.bincount(item, minlength=n_items)
    surely: Floats = np.minimum(expit(said / design_effect(answers)), SUREST)
    return surely


def accuracies(annotator: Ints, right: Floats, weight: Floats, n_annotators: int) -> Reliability:
    """[a]: how often each person is right, drawn to ANCHOR, with a 95 % interval.

    ``right`` and ``weight`` are [answer]: an answer to gold weighs 1, one of n about an item (n - 1) / n,
    for its value rests in part on the answer itself.
    """
    hits = sums(annotator, right * weight, n_annotators) + ANCHOR * ANCHOR_ANSWERS
    total = sums(annotator, weight, n_annotators) + ANCHOR_ANSWERS
    a, b = hits, np.maximum(total - hits, 1e-9)
    low, high = (np.asarray(betaincinv(a, b, tail), dtype=np.float64) for tail in (0.025, 0.975))
    return Reliability(hits / total, low, high)
