"""One look at the audit: the tests in their fixed order, and machine labels for what passes.

Each look spends its part of the risk, so what one look has granted stands whatever a later one says; a
later one may grant more. When the last look is taken, audit items that nobody labeled go back.
"""

from dataclasses import asdict, dataclass

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict
from labeling.models import Project
from labeling.services.setting_apart import put_back
from learning import queries
from learning.blocks import Bools, Ints, unpack_ids
from learning.certificate import Verdict, certify
from learning.models import Certificate, CertificateState
from learning.services.certifying.foreseeing import Terms
from learning.services.certifying.population import Population, predicted_of
from learning.services.certifying.sample import (
    answered,
    answered_beginning,
    expert_codes,
    looks_left,
)
from quality.queries import machine_labels
from quality.services.given_labels import MachineLabels, accept

ALL = "all"


@dataclass(frozen=True, eq=False)
class _Audit:
    """The population, which of its items nobody else was asked about, and the answered sample."""

    population: Population
    left: Bools
    sampled: Ints  # rows of the population
    wrong: Bools


def look(certificate: Certificate, *, actor: User) -> Certificate:
    """Judge what experts have answered so far. Raises Conflict when no look is left or nothing is new."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=certificate.project_id)
        certificate.refresh_from_db()
        _check(certificate)
        seen = answered_beginning(certificate)
        verdicts = _verdicts(certificate, _audit_of(certificate, seen))
        _note(certificate, verdicts, len(seen))
        if not looks_left(certificate):
            put_back([item_id for item_id in certificate.sample if item_id not in set(seen)])
        certificate.save()
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
    rows = np.flatnonzero(_accepted(certificate, found))
    labels = MachineLabels(
        found.item_ids[rows],
        found.probabilities[rows].astype(np.float64),
        f"model {certificate.model.number}",
        certificate.number,
    )
    return accept(certificate.project, labels)


def _accepted(certificate: Certificate, found: Population) -> Bools:
    thresholds = certificate.thresholds
    least = [thresholds.get(str(code), thresholds.get(ALL, np.inf)) for code in found.code.tolist()]
    accepted: Bools = found.confidence >= np.array(least, dtype=np.float64)
    return accepted


def _check(certificate: Certificate) -> None:
    if not looks_left(certificate):
        raise Conflict("No look is left: each one was paid for with a part of the risk.")
    taken = certificate.looks_taken
    if len(answered_beginning(certificate)) <= (taken[-1]["answered"] if taken else 0):
        raise Conflict("Experts have labeled nothing since the last look.")


def _audit_of(certificate: Certificate, seen: list[int]) -> _Audit:
    population = predicted_of(certificate.model, unpack_ids(certificate.population))
    untouched = _untouched(certificate)
    said = expert_codes(seen)
    rows = np.searchsorted(population.item_ids, np.array(seen, dtype=np.int64))
    expert = np.array([said.get(item_id, -1) for item_id in seen], dtype=np.int64)
    wrong = population.code[rows] != expert
    return _Audit(population, np.isin(population.item_ids, untouched), rows, wrong)


def _untouched(certificate: Certificate) -> Ints:
    """Items that people were not asked about: in the pool, in the audit, or the machine's already."""
    pool = queries.ids_of(queries.pool(certificate.project_id))
    machine = machine_labels(certificate.project_id, certificate.number)
    mine = np.fromiter(machine.values_list("item_id", flat=True), dtype=np.int64)
    return np.concatenate([pool, np.array(certificate.sample, dtype=np.int64), mine])


def _verdicts(certificate: Certificate, audit: _Audit) -> dict[str, Verdict]:
    """Label code to verdict, or one for all."""
    terms = Terms(
        certificate.bound, certificate.confidence, certificate.looks, certificate.per_class
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


def _sentence(certificate: Certificate, verdicts: dict[str, Verdict]) -> str:
    if certificate.state == CertificateState.GRANTED:
        n_items = machine_labels(certificate.project_id, certificate.number).count()
        return (
            f"At most {certificate.bound:.1%} of the machine's labels above the threshold are wrong, "
            f"with {certificate.confidence:.0%} confidence: {n_items} items."
        )
    worst = min(verdicts.values(), key=lambda verdict: verdict.audited)
    found = f"{worst.wrong} of the {worst.audited} surest audited items were wrong"
    if certificate.state == CertificateState.REFUSED:
        return f"The bound of {certificate.bound:.1%} cannot be met: {found}. Nothing was accepted."
    left, total = looks_left(certificate), len(certificate.sample)
    return f"Not yet: {found}. {len(answered(certificate))} of {total} are labeled, looks left: {left}."
