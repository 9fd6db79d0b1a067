"""Experts and their audit items: what is next, and what they say.

Items come in the random order of the sample, and a look reads the longest answered beginning of it: who
leaves out the hard ones stops the audit, and cannot bend it. Experts are not told what the machine said.
"""

from accounts.models import User
from labeling.errors import Conflict
from labeling.label_types import Json
from labeling.models import Answer, Item, Project
from labeling.queries.among import among
from learning.models import Certificate
from learning.services.certifying.drifting import check_drift
from learning.services.certifying.sample import answered, answered_beginning, asked_ids
from quality.services.reviewing import give_review

NOT_ASKED = "Nobody is asked about this item (any more)."


def next_audit_items(
    certificate: Certificate, limit: int = 10, *, reviewer: User | None = None
) -> list[Item]:
    """The next items without an expert's label, in the order of the sample; none that the reviewer answered."""
    done = answered(certificate)
    if certificate.screen and reviewer is not None:
        mine = Answer.objects.filter(item_id__in=among(certificate.sample), annotator=reviewer)
        done |= set(mine.values_list("item_id", flat=True))
    missing = [item_id for item_id in asked_ids(certificate) if item_id not in done][:limit]
    items = Item.objects.select_related("media", "project").in_bulk(missing)
    return [items[item_id] for item_id in missing if item_id in items]


def answer_audit(
    certificate: Certificate, item: Item, value: Json, *, reviewer: User
) -> Certificate:
    """Keep what the expert says. Raises Refused (a bad value) or Conflict (nobody is asked about it)."""
    if item.pk not in asked_ids(certificate):
        raise Conflict(NOT_ASKED)
    give_review(item.project, reviewer, item.public_id, value, why="audit")
    if item.pk not in certificate.sample:
        return check_drift(certificate)
    seen, total = len(answered_beginning(certificate)), len(certificate.sample)
    if not certificate.looks_taken:
        certificate.sentence = f"Experts have labeled {seen} of {total} audit items."
        if certificate.screen:
            certificate.sentence = f"The first {seen} of {total} audit items are judged."
        certificate.save(update_fields=["sentence"])
    return certificate


def audit_item(project: Project, public_id: str) -> Item | None:
    items = Item.objects.filter(project=project, public_id=public_id)
    return items.select_related("media", "project").first()
