"""Draw the random audit sample, set it apart from the crowd and from training, and let experts find it.

The sample is drawn under the project's lock, which opening a round takes too: nobody is asked about an
item between the draw and its becoming an audit item, so the sample stays a uniform one.
"""

import secrets
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.models import EnrollmentStatus, Project, ProjectStatus
from labeling.services.setting_apart import have_screened, set_apart
from learning.blocks import pack_ids
from learning.certificate import audit_sample, fewest_audited
from learning.models import Certificate, CertificateState
from learning.services.certifying.foreseeing import Terms
from learning.services.certifying.population import Population, population_now

ASSUMPTION = (
    "Experts are right. The bound speaks about the items of the pool on the day the audit was drawn, "
    "labeled by this model."
)

SCREENED = (
    "Not a full certificate. It assumes that where the crowd agrees with the machine both are wrong on at most "
    "{wrong:.1%} of the items. A bias that both share breaks it, and then the bound does not hold. Experts are "
    "right; the pool is that of the day of the draw."
)


@transaction.atomic
def request_certificate(
    project: Project, terms: Terms, audit_items: int, *, actor: User
) -> Certificate:
    """A certificate whose audit waits for experts. Raises Refused or Conflict, with the reason."""
    terms.check()
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if Certificate.objects.filter(project=project, state=CertificateState.AUDITING).exists():
        raise Conflict("Another certificate's audit is still under way.")
    population, region = population_now(project, terms.share)
    n_items = len(population.item_ids)
    _check_size(audit_items, population, terms)
    _check_crowd(project, terms)
    rng = np.random.default_rng(secrets.randbits(64))  # nobody may foresee the sample
    sample = audit_sample(population.item_ids, audit_items, rng).tolist()
    set_apart(sample)
    if terms.screen_answers:
        have_screened(sample, terms.screen_answers)
    certificate = Certificate.objects.create(
        project=project,
        model=population.model,
        number=_next_number(project),
        bound=terms.bound,
        confidence=terms.confidence,
        per_class=terms.per_class,
        looks=terms.looks,
        region={"floor": region.floor, "share": terms.share, "items": n_items},
        population=pack_ids(population.item_ids),
        sample=sample,
        screen=_screen(terms, sample, rng),
        assumption=_assumption(terms),
        sentence=_waiting(terms, audit_items),
    )
    audit(
        project.organization,
        actor,
        "certificate.requested",
        project.public_id,
        certificate=certificate.number,
        items=audit_items,
    )
    return certificate


def _check_size(audit_items: int, population: Population, terms: Terms) -> None:
    n_items = len(population.item_ids)
    if audit_items > n_items:
        message = f"the region has only {n_items} items.{population.told_unseen}"
        raise Refused(message, field="audit_items")
    fewest = fewest_audited(terms.promise(len(np.unique(population.code))))
    if audit_items < fewest:
        raise Refused(
            f"the bound cannot be met: even without one error it takes {fewest} audited items",
            field="audit_items",
        )


def _check_crowd(project: Project, terms: Terms) -> None:
    """Whether a crowd can be asked at all."""
    if not terms.screen_answers:
        return
    project.refresh_from_db(fields=["status"])
    if project.status != ProjectStatus.LIVE:
        raise Conflict(
            f"A crowd can screen only while the project is live: it is {project.status}."
        )
    if project.by_invitation:
        raise Conflict("Items are offered by invitation here: no crowd can screen the audit.")
    people = project.enrollments.filter(status=EnrollmentStatus.ACTIVE).count()
    if people < terms.screen_answers:
        raise Refused(f"only {people} people can be asked", field="screen_answers")


def _screen(terms: Terms, sample: list[int], rng: np.random.Generator) -> dict[str, Any]:
    """Which of the sample are checked is drawn with it: nothing that is said later may choose them."""
    if not terms.screen_answers:
        return {}
    checked = rng.permutation(sample)[: terms.checks].tolist()
    return {
        "answers": terms.screen_answers,
        "both_wrong": terms.both_wrong,
        "checked": sorted(checked),
    }


def _assumption(terms: Terms) -> str:
    if not terms.screen_answers:
        return ASSUMPTION
    return SCREENED.format(wrong=terms.both_wrong)


def _waiting(terms: Terms, audit_items: int) -> str:
    if not terms.screen_answers:
        return f"Waiting for experts: {audit_items} audit items."
    return f"Waiting for the crowd, which screens {audit_items} audit items, and for experts."


def _next_number(project: Project) -> int:
    found = Certificate.objects.filter(project=project).aggregate(top=Max("number"))
    return int(found["top"] or 0) + 1
