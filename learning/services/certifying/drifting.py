"""Later audits of accepted items. Too many errors, and the certificate is withdrawn.

After batch b the hypothesis "at most ``bound`` of the accepted items are wrong" is tested on all later
audit answers together, by the exact binomial test at level .05 * 6 / (pi * b)^2: over any number of
batches a sound certificate is withdrawn by mistake with at most 5 %.
"""

import secrets

import numpy as np
from django.db import transaction
from django.utils import timezone
from scipy.special import bdtrc

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.models import ItemStatus, Project
from labeling.services.setting_apart import make_work, put_back, set_apart
from learning.models import Certificate, CertificateState
from learning.queries.certificates import audit_ids
from learning.services.certifying.population import predicted_of
from learning.services.certifying.sample import answered, expert_codes
from quality.given import MACHINE
from quality.models import Consensus
from quality.queries import machine_labels
from quality.services.given_labels import give_back

LEVEL = 0.05
DRIFTED = "A later audit found {wrong} of {seen} accepted items wrong: more than the bound allows."


@transaction.atomic
def audit_again(certificate: Certificate, n_items: int, *, actor: User | None) -> Certificate:
    """Set a fresh random sample of accepted items apart for experts. Raises Conflict or Refused."""
    Project.objects.select_for_update(no_key=True).get(pk=certificate.project_id)
    certificate.refresh_from_db()
    if certificate.state != CertificateState.GRANTED:
        raise Conflict("Only a certificate that was granted is audited again.")
    rows = machine_labels(certificate.project_id, certificate.number)
    accepted = np.fromiter(rows.values_list("item_id", flat=True), dtype=np.int64)
    if not 1 <= n_items <= len(accepted):
        raise Refused(f"must be from 1 to {len(accepted)}", field="items")
    rng = np.random.default_rng(secrets.randbits(64))
    chosen = rng.permutation(accepted)[:n_items].tolist()
    apart = set_apart(chosen, of=ItemStatus.SETTLED)
    Consensus.objects.filter(item_id__in=apart, method=MACHINE).delete()
    certificate.drift = [*certificate.drift, [i for i in chosen if i in set(apart)]]
    certificate.audited_again_at = timezone.now()
    certificate.save(update_fields=["drift", "audited_again_at"])
    _audit(certificate, actor, "certificate.audited_again", items=len(apart))
    return certificate


def check_drift(certificate: Certificate) -> Certificate:
    """After an answer: once the newest later audit is complete, test; withdraw if it fails."""
    batches = certificate.drift
    seen = [item_id for batch in batches for item_id in batch]
    if not batches or not set(seen) <= answered(certificate):
        return certificate
    wrong = wrong_among(certificate, seen)
    level = LEVEL * 6 / (np.pi * len(batches)) ** 2
    if float(bdtrc(wrong - 1, len(seen), certificate.bound)) < level and wrong:
        because = DRIFTED.format(wrong=wrong, seen=len(seen))
        return withdraw_certificate(certificate, because)
    return certificate


def wrong_among(certificate: Certificate, item_ids: list[int]) -> int:
    """How many of these items the certificate's model labels otherwise than the experts."""
    found = predicted_of(certificate.model, np.array(item_ids, dtype=np.int64))
    machine = dict(zip(found.item_ids.tolist(), found.code.tolist(), strict=True))
    said = expert_codes(item_ids)
    return sum(machine.get(item_id) != said.get(item_id) for item_id in item_ids)


@transaction.atomic
def withdraw_certificate(
    certificate: Certificate, because: str, *, actor: User | None = None
) -> Certificate:
    """Its machine labels are taken back, and their items go back to people. Raises Conflict."""
    Project.objects.select_for_update(no_key=True).get(pk=certificate.project_id)
    certificate.refresh_from_db()
    if certificate.state == CertificateState.WITHDRAWN:
        raise Conflict("The certificate was withdrawn before.")
    done = answered(certificate)
    n_items = give_back(certificate.project, certificate.number)
    put_back([item_id for item_id in audit_ids(certificate) if item_id not in done])
    if certificate.screen:
        make_work(set(certificate.sample) - done)
    certificate.state = CertificateState.WITHDRAWN
    certificate.withdrawn_at, certificate.withdrawn_because = timezone.now(), because
    certificate.sentence = f"Withdrawn: {because} {n_items} items went back to people."[:300]
    certificate.save()
    _audit(certificate, actor, "certificate.withdrawn", because=because, items=n_items)
    return certificate


def _audit(certificate: Certificate, actor: User | None, action: str, **detail: object) -> None:
    project = certificate.project
    audit(
        project.organization,
        actor,
        action,
        project.public_id,
        certificate=certificate.number,
        **detail,
    )
