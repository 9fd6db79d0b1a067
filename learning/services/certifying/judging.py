"""What a look reads: the audit as experts have labeled it, or as a crowd has screened it for them."""

from dataclasses import dataclass

import numpy as np

from learning import queries
from learning.blocks import Bools, Ints, unpack_ids
from learning.models import Certificate
from learning.queries.screens import screened
from learning.screening import Check
from learning.services.certifying.population import Population, predicted_of
from learning.services.certifying.sample import answered, expert_codes
from quality.queries import machine_labels

ALL = "all"


@dataclass(frozen=True, eq=False)
class Audited:
    """The population, which of its items nobody else was asked about, and the judged sample.

    ``checked``: of the sample, where crowd and machine agree and an expert has said what it is.
    """

    population: Population
    left: Bools
    sampled: Ints  # rows of the population
    wrong: Bools
    checked: Bools

    def check_above(self, thresholds: dict[str, float]) -> Check:
        """Over what the certificate accepts: the other labels have no say in that."""
        accepted = accepted_by(thresholds, self.population)[self.sampled]
        return _check(self.checked & accepted, self.wrong)

    @property
    def check(self) -> Check:
        return _check(self.checked, self.wrong)


def audit_of(certificate: Certificate, seen: list[int]) -> Audited:
    """An item without an expert's word was screened, and counts as right: that is the assumption."""
    population = predicted_of(certificate.model, unpack_ids(certificate.population))
    said = expert_codes(seen)
    rows = np.searchsorted(population.item_ids, np.array(seen, dtype=np.int64))
    machine = population.code[rows]
    unsaid = machine.tolist() if certificate.screen else [-1] * len(seen)
    expert = [said.get(item_id, code) for item_id, code in zip(seen, unsaid, strict=True)]
    return Audited(
        population=population,
        left=np.isin(population.item_ids, _untouched(certificate)),
        sampled=rows,
        wrong=machine != np.array(expert, dtype=np.int64),
        checked=_checked(certificate, seen),
    )


def accepted_by(thresholds: dict[str, float], found: Population) -> Bools:
    """Which items reach the threshold of their label, or the one for all: [i]."""
    least = [thresholds.get(str(code), thresholds.get(ALL, np.inf)) for code in found.code.tolist()]
    accepted: Bools = found.confidence >= np.array(least, dtype=np.float64)
    return accepted


def is_refuted(certificate: Certificate, audited: Audited) -> bool:
    """Whether the check speaks against what the screen assumes."""
    if not certificate.screen:
        return False
    return audited.check.refutes(certificate.screen["both_wrong"], certificate.looks)


def _checked(certificate: Certificate, seen: list[int]) -> Bools:
    if not certificate.screen:
        return np.zeros(len(seen), dtype=bool)
    checked = screened(certificate).agreed & set(certificate.screen["checked"])
    known = checked & answered(certificate)
    return np.array([item_id in known for item_id in seen], dtype=bool)


def _check(checked: Bools, wrong: Bools) -> Check:
    return Check(int(checked.sum()), int((checked & wrong).sum()))


def _untouched(certificate: Certificate) -> Ints:
    """Items that people were not asked about: in the pool, in the audit, or the machine's already."""
    pool = queries.ids_of(queries.pool(certificate.project_id))
    machine = machine_labels(certificate.project_id, certificate.number)
    mine = np.fromiter(machine.values_list("item_id", flat=True), dtype=np.int64)
    return np.concatenate([pool, np.array(certificate.sample, dtype=np.int64), mine])
