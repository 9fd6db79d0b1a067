"""One look at the audit: the tests in their fixed order, and machine labels for what passes.

Each look spends its part of the risk, so what one look has granted stands whatever a later one says; a
later one may grant more. When the last look is taken, audit items that nobody labeled go back.

Where a crowd screens the audit, each look also reads the check of what that assumes; if the check refutes it,
nothing is granted, and what was granted is withdrawn.
"""

from dataclasses import asdict

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict
from labeling.models import Project
from labeling.services.setting_apart import make_work, put_back
from learning import queries
from learning.blocks import unpack_ids
from learning.certificate import Verdict, certify
from learning.models import Certificate, CertificateState
from learning.screening import DOUBT
from learning.services.certifying.drifting import withdraw_certificate
from learning.services.certifying.foreseeing import Terms
from learning.services.certifying.judging import (
    ALL,
    Audited,
    accepted_by,
    audit_of,
    is_refuted,
)
from learning.services.certifying.population import predicted_of
from learning.services.certifying.sample import answered, answered_beginning, looks_left
from quality.given import SCREENED
from quality.queries import machine_labels
from quality.services.given_labels import MachineLabels, accept

REFUTED = "Experts found too many items on which crowd and machine agree and both are wrong."


def look(certificate: Certificate, *, actor: User) -> Certificate:
    """Judge what experts have answered so far. Raises Conflict when no look is left or nothing is new."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=certificate.project_id)
        certificate.refresh_from_db()
        _check(certificate)
        seen = answered_beginning(certificate)
        found = audit_of(certificate, seen)
        broken = is_refuted(certificate, found)
        verdicts = {} if broken else _verdicts(certificate, found)
        _note(certificate, verdicts, len(seen))
        if certificate.screen:
            _note_check(certificate, found)
        if broken and not certificate.thresholds:
            certificate.state = CertificateState.REFUSED
        if not looks_left(certificate):
            _let_go(certificate, seen)
        certificate.save()
    if broken and certificate.thresholds:
        return withdraw_certificate(certificate, REFUTED, actor=actor)
    accepted = accept_items(certificate) if certificate.thresholds else 0
    certificate.sentence = _sentence(certificate, verdicts)
    certificate.save(update_fields=["sentence"])
    audit(
        certificate.project.organization,
        actor,
        "certificate.looked",
        certificate.project.public_id,
        certificate=certificate.number,
        state=certificate.state,
        accepted=accepted,
    )
    return certificate


def accept_items(certificate: Certificate) -> int:
    """Machine labels for the population's items above the threshold that are still in the pool."""
    pool = queries.ids_of(queries.pool(certificate.project_id))
    mine = np.intersect1d(pool, unpack_ids(certificate.population))
    found = predicted_of(certificate.model, mine)
    rows = np.flatnonzero(accepted_by(certificate.thresholds, found))
    labels = MachineLabels(
        found.item_ids[rows],
        found.probabilities[rows].astype(np.float64),
        f"model {certificate.model.number}",
        certificate.number,
        basis=SCREENED if certificate.screen else "",
    )
    return accept(certificate.project, labels)


def _check(certificate: Certificate) -> None:
    if not looks_left(certificate):
        raise Conflict("No look is left: each one was paid for with a part of the risk.")
    taken = certificate.looks_taken
    if len(answered_beginning(certificate)) <= (taken[-1]["answered"] if taken else 0):
        raise Conflict("Experts have labeled nothing since the last look.")


def _verdicts(certificate: Certificate, audit: Audited) -> dict[str, Verdict]:
    """Label code to verdict, or one for all."""
    terms = Terms(
        certificate.bound,
        certificate.confidence,
        certificate.looks,
        certificate.per_class,
        screen_answers=certificate.screen.get("answers", 0),
        both_wrong=certificate.screen.get("both_wrong", 0.0),
    )
    confidence, code = audit.population.confidence, audit.population.code
    classes = np.unique(code)
    promise = terms.promise(len(classes))
    groups = {str(k): code == k for k in classes.tolist()} if terms.per_class else {}
    verdicts = {}
    for name, inside in (groups or {ALL: np.ones(len(code), dtype=bool)}).items():
        mine = inside[audit.sampled]
        sampled = confidence[audit.sampled[mine]]
        left = audit.left[inside]
        verdicts[name] = certify(confidence[inside], sampled, audit.wrong[mine], promise, left)
    return verdicts


def _let_go(certificate: Certificate, seen: list[int]) -> None:
    """Nobody is asked about the rest any more; what the crowd has screened is work like any other."""
    put_back([item_id for item_id in certificate.sample if item_id not in set(seen)])
    if certificate.screen:
        make_work(set(certificate.sample) - answered(certificate))


def _note(certificate: Certificate, verdicts: dict[str, Verdict], seen: int) -> None:
    """What this look saw, and the lowest thresholds that any look has passed."""
    certificate.looks_taken = [
        *certificate.looks_taken,
        {
            "at": timezone.now().isoformat(),
            "answered": seen,
            "tests": {name: asdict(verdict) for name, verdict in verdicts.items()},
        },
    ]
    passed = {name: v.threshold for name, v in verdicts.items() if v.threshold is not None}
    known = dict(certificate.thresholds)
    for name, threshold in passed.items():
        known[name] = min(threshold, known.get(name, threshold))
    certificate.thresholds = known
    certificate.threshold = min(known.values()) if known else None
    if known:
        certificate.state = CertificateState.GRANTED
    elif not looks_left(certificate):
        certificate.state = CertificateState.REFUSED


def _note_check(certificate: Certificate, audited: Audited) -> None:
    """The number of the assumption: over what is accepted, or over all where nothing is."""
    known = certificate.thresholds
    check = audited.check_above(known) if known else audited.check
    certificate.screen = {
        **certificate.screen,
        "check": {
            "agreed": check.agreed,
            "wrong": check.wrong,
            "up_to": round(check.up_to, 4),
            "at_most": round(check.at_most(certificate.bound, certificate.screen["both_wrong"]), 4),
            "confidence": round(max(0.0, certificate.confidence - DOUBT), 4),  # both may fail
        },
    }


def _sentence(certificate: Certificate, verdicts: dict[str, Verdict]) -> str:
    if certificate.state == CertificateState.GRANTED:
        n_items = machine_labels(certificate.project_id, certificate.number).count()
        if certificate.screen:
            return _under_assumption(certificate, n_items)
        return (
            f"At most {certificate.bound:.1%} of the machine's labels above the threshold are wrong, "
            f"with {certificate.confidence:.0%} confidence: {n_items} items."
        )
    if not verdicts:
        return f"{REFUTED} Nothing was accepted."
    worst = min(verdicts.values(), key=lambda verdict: verdict.audited)
    found = f"{worst.wrong} of the {worst.audited} surest audited items were wrong"
    if not worst.wrong:
        found += "; too few were audited, or people were asked about too many of the rest"
    if certificate.state == CertificateState.REFUSED:
        return f"The bound of {certificate.bound:.1%} cannot be met: {found}. Nothing was accepted."
    left, total = looks_left(certificate), len(certificate.sample)
    return f"Not yet: {found}. {len(answered(certificate))} of {total} are labeled, looks left: {left}."


def _under_assumption(certificate: Certificate, n_items: int) -> str:
    check = certificate.screen["check"]
    return (
        f"Under an assumption, at most {certificate.bound:.1%} of the machine's labels above the threshold "
        f"are wrong, with {certificate.confidence:.0%} confidence: {n_items} items. Experts checked "
        f"{check['agreed']} agreements, {check['wrong']} were wrong; without the assumption it is up to "
        f"{check['at_most']:.1%}, with {check['confidence']:.0%} confidence."
    )[:300]
