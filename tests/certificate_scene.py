"""Experts who answer what a certificate asks them."""

import numpy as np
from django.utils import timezone

import loop_scene
from accounts.models import User
from labeling.models import Item, ItemStatus
from learning.models import Certificate
from learning.services.certifying.auditing import next_audit_items
from learning.services.certifying.drifting import check_drift
from loop_scene import Scene
from quality.models import Consensus, Review


def says_truth(
    scene: Scene, certificate: Certificate, reviewer: User, *, wrong: float = 0.0
) -> Certificate:
    """The expert labels all that is left; a share of the labels as if the machine were wrong there.

    Written at once, as the reviews would stand there in the end.
    """
    rng = np.random.default_rng(0)
    todo = [item.pk for item in next_audit_items(certificate, 1000)]
    codes = [(scene.truth[pk] + 5 * int(rng.random() < wrong)) % 10 for pk in todo]
    Review.objects.bulk_create(
        Review(item_id=pk, reviewer=reviewer, value=loop_scene.DIGITS[code], label_code=code)
        for pk, code in zip(todo, codes, strict=True)
    )
    Consensus.objects.filter(item_id__in=todo).delete()  # what a crowd has said before
    Consensus.objects.bulk_create(
        Consensus(
            item_id=pk, project=scene.project, state="settled", label_code=code, confidence=1.0,
            method="review", answers_used=0, settled_at=timezone.now(),
        )
        for pk, code in zip(todo, codes, strict=True)
    )  # fmt: skip
    Item.objects.filter(pk__in=todo).update(status=ItemStatus.SETTLED)
    return check_drift(certificate)
