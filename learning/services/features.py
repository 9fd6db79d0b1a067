"""Turn items into feature blocks: in parallel over blocks, and only what is new.

A features job that finds more than one block of work asks for one job a block and ends; each of those
stands alone. Which items a block gets is decided when it is written, under the lock of the space's row:
however jobs overlap or repeat, no item gets two rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from jobs.running import Run
from labeling.models import Project
from learning import queries
from learning.blocks import Floats, Ints, pack, pack_ids, unpack_ids
from learning.features import registry
from learning.features.raw import Extractor, RawItem, UnusableItem
from learning.models import FeatureBlock, FeatureSpace
from learning.raw_items import raw_items
from learning.services.asking import ask_for_block
from learning.services.plans import plan_for

BLOCK_ROWS = 4096
SAMPLE = 500


@dataclass
class Extracted:
    """Vectors of some items, and what is wrong with those that have none."""

    item_ids: list[int] = field(default_factory=list)
    vectors: list[Floats] = field(default_factory=list)
    unusable: list[int] = field(default_factory=list)
    problem: str = ""


def compute(run: Run) -> dict[str, object]:
    """The handler: one range of items where the arguments name one, else whatever is missing."""
    space = current_space(int(run.arguments["project_id"]), run)
    if space.kind in (registry.NONE, registry.SUPPLIED):
        return {"kind": space.kind}
    missing = queries.items_without_features(space)
    if "last" in run.arguments:
        first, last = int(run.arguments["first"]), int(run.arguments["last"])
        missing = missing[(missing >= first) & (missing <= last)]
    if len(missing) > BLOCK_ROWS:
        return _fan_out(space, missing, run)
    return _compute_block(space, missing, run)


def current_space(project_id: int, run: Run) -> FeatureSpace:
    """The space in use; decided from a sample of the items when there is none yet, or the plan wants another."""
    space, wanted = queries.space_of(project_id), plan_for(project_id).features
    if space is not None and queries.is_wanted(space, wanted):
        return space
    sample = raw_items(queries.sample_items(project_id, SAMPLE))
    drafted = _draft(registry.choose(wanted, sample), sample, wanted)
    version = space.version + 1 if space else 1
    with run.fenced():
        made, _ = FeatureSpace.objects.get_or_create(
            project_id=project_id, version=version, defaults=drafted
        )
    return made


def store_block(space: FeatureSpace, item_ids: Ints, matrix: Floats, dtype: str) -> None:
    """Write those of the rows whose items have none yet. Needs a transaction; raises UnusableMatrix."""
    FeatureSpace.objects.select_for_update(no_key=True).get(pk=space.pk)
    fresh = np.flatnonzero(~np.isin(item_ids, queries.items_with_features(space)))
    if not len(fresh):
        return
    rows = fresh[np.argsort(item_ids[fresh])]
    ids = item_ids[rows]
    FeatureBlock.objects.create(
        project_id=space.project_id,
        version=space.version,
        number=queries.next_block_number(space),
        rows=len(rows),
        width=matrix.shape[1],
        dtype=dtype,
        first_item=int(ids[0]),
        last_item=int(ids[-1]),
        item_ids=pack_ids(ids),
        matrix=pack(matrix[rows], dtype),
    )


def _draft(
    extractor: Extractor | None, sample: Sequence[RawItem], wanted: str
) -> dict[str, object]:
    if extractor is None:
        why = "these items hold no text, number, picture or vector that a model could learn from"
        if wanted != registry.AUTO:
            why = f"these items hold nothing of which features of kind {wanted!r} could be made"
        return {"kind": registry.NONE, "problem": why, "parameters": {"wanted": wanted}}
    suited = [item for item in sample if extractor.suits(item)]
    return {"kind": extractor.name, "parameters": extractor.plan(suited)}


def _fan_out(space: FeatureSpace, missing: Ints, run: Run) -> dict[str, object]:
    project = Project.objects.get(pk=space.project_id)
    ranges = list(_ranges(missing))
    with run.fenced():
        for first, last in ranges:
            ask_for_block(project, first, last)
    return {"kind": space.kind, "blocks": len(ranges)}


def _ranges(ascending: Ints) -> Iterator[tuple[int, int]]:
    for start in range(0, len(ascending), BLOCK_ROWS):
        chunk = ascending[start : start + BLOCK_ROWS]
        yield int(chunk[0]), int(chunk[-1])


def _compute_block(space: FeatureSpace, item_ids: Ints, run: Run) -> dict[str, object]:
    extracted = _extract(space, item_ids, run)
    with run.fenced():
        if extracted.unusable:
            _note_unusable(space, extracted)
        if extracted.item_ids:
            ids = np.array(extracted.item_ids, dtype=np.int64)
            dtype = registry.get(space.kind).dtype
            store_block(space, ids, np.stack(extracted.vectors), dtype)
    run.progress(len(item_ids), len(item_ids), "features computed")
    return {
        "kind": space.kind,
        "items": len(extracted.item_ids),
        "unusable": len(extracted.unusable),
    }


def _extract(space: FeatureSpace, item_ids: Ints, run: Run) -> Extracted:
    extractor, extracted = registry.get(space.kind), Extracted()
    rows = queries.items_by_id(item_ids)
    for done, (item_id, raw) in enumerate(zip(rows, raw_items(rows.values()), strict=True)):
        run.progress(done, len(rows), "computing features")
        try:
            vector = extractor.vector(raw, space.parameters)
        except UnusableItem as reason:
            extracted.unusable.append(item_id)
            extracted.problem = extracted.problem or f"item {raw.external_id!r}: {reason}"
        else:
            extracted.item_ids.append(item_id)
            extracted.vectors.append(vector)
    return extracted


def _note_unusable(space: FeatureSpace, extracted: Extracted) -> None:
    locked = FeatureSpace.objects.select_for_update(no_key=True).get(pk=space.pk)
    known = np.union1d(unpack_ids(locked.unusable), np.array(extracted.unusable, dtype=np.int64))
    locked.unusable = pack_ids(known)
    locked.problem = locked.problem or extracted.problem[:300]
    locked.save(update_fields=["unusable", "problem"])
