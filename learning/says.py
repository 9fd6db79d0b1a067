"""What a model of a project says about an item: it follows from the label type.

    label    one of a closed set of labels: probabilities [i, k] whose rows sum to one
    labels   any of a set of labels: for each a probability of its own, [i, k]
    number   a number: what each member of a committee predicts, [i, m]
    nothing  no model learns answers of this kind (texts, spans, boxes)

Only models that say one label have a voice beside the people, a stream and certificates.
"""

from enum import StrEnum

from labeling.models import Project
from learning.blocks import Floats
from learning.models import ModelVersion


class Says(StrEnum):
    LABEL = "label"
    LABELS = "labels"
    NUMBER = "number"
    NOTHING = "nothing"


AUTO = "auto"
OF_TYPES = {
    "choice": Says.LABEL,
    "ordinal": Says.LABEL,
    "pairwise": Says.LABEL,
    "multiple_choice": Says.LABELS,
    "number": Says.NUMBER,
}
USUAL = {Says.LABEL: "logistic", Says.LABELS: "logistic", Says.NUMBER: "ridge"}


def said_in(project: Project) -> Says:
    return OF_TYPES.get(project.label_type, Says.NOTHING)


def said_by(model: ModelVersion) -> Says:
    return Says(model.parameters.get("says", Says.LABEL))


def estimator_in(project: Project, chosen: str) -> str:
    """The estimator that is meant: for ``auto`` the one that suits the label type."""
    if chosen != AUTO:
        return chosen
    if project.label_type == "ordinal":
        return "ordinal"
    return USUAL.get(said_in(project), "logistic")


def doubt_of(says: Says, said: Floats) -> Floats:
    """How unsure a model is, [i]: from 0 to 1, for numbers the spread of its committee."""
    if says is Says.NUMBER:
        spread: Floats = said.std(axis=1)
        return spread / max(float(spread.max(initial=0)), 1e-12)
    if says is Says.LABELS:
        mean: Floats = (1 - abs(2 * said - 1)).mean(axis=1)
        return mean
    best: Floats = said.max(axis=1, initial=0)
    return 1 - best
