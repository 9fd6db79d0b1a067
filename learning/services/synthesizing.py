"""Have people label items that were made on the border between two labels (query synthesis).

They live in a project of their own beside the real one, with the same question, people and price. What is
settled there teaches the real project's model (``services.examples``), and nothing else of it is shared.
"""

from typing import Any

import numpy as np
from django.db import transaction
from numpy.random import Generator

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.media_store import BadImage, checked_image, keep_all
from labeling.models import EnrollmentStatus, Item, Project, ProjectStatus
from labeling.queries import current_instructions, label_set
from labeling.services.adding import add_item
from labeling.services.people import enroll
from labeling.services.projects import ProjectSpec, create_project, set_status
from learning import generators, queries
from learning.allowed import NotAllowed
from learning.blocks import Floats, Ints
from learning.children import Unanswered
from learning.estimators import training
from learning.models import FeatureSpace, ModelVersion, Synthetic, SyntheticWork
from learning.raw_items import raw_items
from learning.says import Says, said_by
from learning.sealing import TamperedModel
from learning.services.interactive import some_of_pool
from learning.services.predicting import classifier_of, in_a_hurry
from learning.strategies.block import Block
from learning.strategies.synthesis import Between, between

LOOKED_AT = 1000  # real items among which pairs are sought
COPIED = [
    "redundancy",
    "seats_min",
    "seats_max",
    "target_certainty",
    "currency",
    "price_micros",
    "lease_seconds",
]
NO_MODEL = "There is no model yet whose border between labels could be looked for."
NO_BORDER = "The model sees no border: it labels everything alike."


def synthesize(project: Project, wanted: int, *, generator: str = "", actor: User) -> SyntheticWork:
    """Make at most ``wanted`` items and have people asked about them. Raises Conflict or Refused."""
    project.refresh_from_db(fields=["status"])
    if project.status not in (ProjectStatus.LIVE, ProjectStatus.PILOT):
        raise Conflict(f"Nobody can be asked: the project is {project.status}.")
    model, space = _known(project)
    make = _generator(space, generator)
    rng = np.random.default_rng([project.pk, Synthetic.objects.count()])
    ids, points = _points(space, model, wanted, rng)
    if not points:
        raise Conflict(NO_BORDER)
    made = _made(make, ids, points)  # before the transaction: it may take its time
    with transaction.atomic():
        work = _work_for(project, actor)
        _add(work.made_in, made, ids, points)
    audit(project.organization, actor, "items.synthesized", project.public_id, items=len(points))
    set_status(work.made_in, ProjectStatus.LIVE, actor=actor)
    return work


def _known(project: Project) -> tuple[ModelVersion, FeatureSpace]:
    model, space = queries.current_model(project.pk), queries.space_of(project.pk)
    if model is None or space is None or said_by(model) is not Says.LABEL:
        raise Conflict(NO_MODEL)
    return model, space


def _generator(space: FeatureSpace, path: str) -> generators.Generator:
    try:
        return generators.generator_for(space.kind, path)
    except (generators.NothingToMake, NotAllowed) as error:
        raise Refused(str(error), field="generator") from None


def _points(
    space: FeatureSpace, model: ModelVersion, wanted: int, rng: Generator
) -> tuple[Ints, list[Between]]:
    """Ids of the items that were looked at, and points between some of them. Raises Conflict."""
    try:
        classifier = in_a_hurry(classifier_of(model))
    except TamperedModel as error:
        raise Conflict(str(error)) from None
    n_labels = int(model.parameters["n_labels"])

    def label_of(features: Floats) -> Ints:
        said = training.predict(classifier, features, n_labels=n_labels)
        codes: Ints = said.argmax(axis=1).astype(np.int64)
        return codes

    ids, features = some_of_pool(space, rng)
    block = Block(ids=ids[:LOOKED_AT], features=features[:LOOKED_AT])
    try:
        return block.ids, between(block, label_of, wanted, rng)
    except training.BadModel as error:
        raise Conflict(f"The model's border cannot be looked for: {error}.") from None


def _work_for(project: Project, actor: User) -> SyntheticWork:
    """The project beside this one, made when it is first wanted."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if known := SyntheticWork.objects.filter(project=project).first():
        return known
    spec = ProjectSpec(
        name=f"{project.name[:180]} (synthetic)",
        configuration=label_set(project.pk, project.label_set_version).configuration,
        label_type=project.label_type,
        instructions=current_instructions(project),
        **{name: getattr(project, name) for name in COPIED},
    )
    made_in = create_project(project.organization, spec, actor=actor)
    active = project.enrollments.filter(status=EnrollmentStatus.ACTIVE).order_by("pk")
    for enrollment in active.select_related("annotator"):
        enroll(made_in, enrollment.annotator)
    return SyntheticWork.objects.create(project=project, made_in=made_in)


def _made(make: generators.Generator, ids: Ints, points: list[Between]) -> list[generators.Made]:
    """Whatever is wrong with a generator is told, and nothing is made."""
    real = queries.items_by_id(np.unique(ids[[n for p in points for n in (p.first, p.second)]]))
    raw = dict(zip(real, raw_items(real.values()), strict=True))
    pairs = [(raw[int(ids[p.first])], raw[int(ids[p.second])], p.share) for p in points]
    try:
        return make(pairs)
    except Unanswered as unanswered:
        raise Refused(str(unanswered), field="generator") from None
    except Exception as error:
        said = f"failed: {type(error).__name__}: {error}"[:200]
        raise Refused(said, field="generator") from error


def _add(made_in: Project, made: list[generators.Made], ids: Ints, points: list[Between]) -> None:
    before = Item.objects.filter(project=made_in).count()
    for number, (point, one) in enumerate(zip(points, made, strict=True), before + 1):
        payload, picture = one
        item = add_item(made_in, f"synthetic-{number}", payload)
        if picture is not None:
            _show(item, picture)
        first, second = int(ids[point.first]), int(ids[point.second])
        Synthetic.objects.create(item=item, first_id=first, second_id=second, share=point.share)


def _show(item: Item, picture: bytes) -> None:
    try:
        checked = checked_image(picture)
    except BadImage as error:
        raise Refused(f"the generator's picture {error}", field="generator") from None
    item.media = keep_all(item.project.organization_id, [checked])[checked.digest]
    item.save(update_fields=["media"])


def as_json(work: SyntheticWork) -> dict[str, Any]:
    made = Synthetic.objects.filter(item__project=work.made_in)
    return {
        "project": work.made_in.public_id,
        "items": made.count(),
        "settled": made.filter(item__status="settled").count(),
    }
