"""Reviewers' labels within the belief about items: the label itself, or a strong vote.

A final review is the label, of two the later. It is held with `FINAL`, not with 1: reviewers err as well.
A strong vote is that of somebody who is rarely wrong (`strong_vote`) and errs evenly; without codes every
review is final.
"""

from collections.abc import Sequence

import numpy as np

from labeling.models import Project
from quality.given import REVIEWED
from quality.models import Review
from quality.queries.reviews import reviews_of, strong_vote
from quality.queries.votes import n_labels_of
from quality.services.beliefs import DIGITS, rounded
from quality.services.opinions import Opinion

FINAL = 0.99


def with_reviews(
    project: Project, opinions: Sequence[Opinion], item_ids: Sequence[int]
) -> list[Opinion]:
    """The same opinions with what reviewers said; a reviewed item without any vote gets one, too."""
    found = reviews_of(item_ids)
    if not found:
        return list(opinions)
    known = {opinion.item_id: opinion for opinion in opinions}
    n_labels = n_labels_of(project.pk)
    for item_id, reviews in found.items():
        known[item_id] = _heard(item_id, known.get(item_id), reviews, n_labels)
    return [known[item_id] for item_id in sorted(known)]


def _heard(
    item_id: int, opinion: Opinion | None, reviews: Sequence[Review], n_labels: int
) -> Opinion:
    decisive = [r for r in reviews if r.final or r.label_code is None or opinion is None]
    if decisive:
        return _final(item_id, opinion, decisive[-1], n_labels)
    assert opinion is not None
    if opinion.posterior is None:
        return opinion
    return _weighed(opinion, reviews)


def _final(item_id: int, opinion: Opinion | None, review: Review, n_labels: int) -> Opinion:
    posterior = None
    if review.label_code is not None:
        belief = np.full((1, n_labels), (1 - FINAL) / (n_labels - 1))
        belief[0, review.label_code] = FINAL
        posterior = rounded(belief)[0].tolist()
    return Opinion(
        item_id=item_id,
        n_votes=opinion.n_votes if opinion else 0,
        value=review.value,
        confidence=FINAL,
        method=REVIEWED,
        label_code=review.label_code,
        posterior=posterior,
        voice=opinion.voice if opinion else None,
    )


def _weighed(opinion: Opinion, reviews: Sequence[Review]) -> Opinion:
    belief = np.array([opinion.posterior], dtype=np.float64)
    for review in reviews:
        belief *= strong_vote(int(review.label_code or 0), belief.shape[1])
    belief = rounded(belief / belief.sum())
    code = int(belief[0].argmax())
    changed = code != opinion.label_code
    value = next((r.value for r in reviews if r.label_code == code), opinion.value)
    return opinion._replace(
        value=value if changed else opinion.value,
        label_code=code,
        confidence=round(float(belief[0, code]), DIGITS),
        posterior=belief[0].tolist(),
    )
