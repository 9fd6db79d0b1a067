"""Open the next round: let people be asked about the items that were chosen.

An item of the pool opens with the seats of a beginner; an item that was answered before gets one more.
"""

from typing import Any

from jobs.running import Run
from labeling.models import Project, ProjectStatus
from labeling.services.opening import open_gold, open_items, want_more
from labeling.services.redundancy import seats_at_first
from learning import queries
from learning.events import round_opened
from learning.models import QueryRound
from learning.services.choosing import Chosen, choose
from learning.services.predicting import catch_up


def open_round(run: Run) -> dict[str, Any]:
    """The handler: round ``number`` with at most ``wanted`` items, unless it is there already."""
    project_id, number = int(run.arguments["project_id"]), int(run.arguments["number"])
    catch_up(project_id, run)
    chosen = choose(project_id, int(run.arguments["wanted"]), number)
    with run.fenced():
        return _open(project_id, number, chosen)


def _open(project_id: int, number: int, chosen: Chosen) -> dict[str, Any]:
    """Under the plan's lock, so that a round is opened once and only while the project runs."""
    queries.locked_plan(project_id)
    if QueryRound.objects.filter(project_id=project_id, number=number).exists():
        return {"round": number, "because": "it was opened before"}
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    if project.status not in (ProjectStatus.LIVE, ProjectStatus.PILOT):
        return {"because": f"the project is {project.status}"}
    if not chosen.picks:
        return {"because": "the pool is empty"}
    return _opened(project, number, chosen)


def _opened(project: Project, number: int, chosen: Chosen) -> dict[str, Any]:
    item_ids = [pick.item_id for pick in chosen.picks]
    opened = QueryRound.objects.create(
        project=project,
        number=number,
        strategy=chosen.strategy,
        model=chosen.model,
        item_ids=item_ids,
        parts=_parts(chosen),
        again=sorted(chosen.again),
    )
    queries.plan_rows(project.pk).update(asking_price=chosen.margin)
    open_gold(project.pk)
    want_more(chosen.again)
    fresh = [item_id for item_id in item_ids if item_id not in chosen.again]
    for seats, ids in seats_at_first(project, fresh):
        open_items(project.pk, ids, seats)
    round_opened.send(sender=None, project_id=project.pk, round_id=opened.pk)
    return {"round": number, "items": len(item_ids), "strategy": chosen.strategy}


def _parts(chosen: Chosen) -> dict[str, list[int]]:
    """Strategy to the ids that it wanted."""
    parts: dict[str, list[int]] = {}
    for pick in chosen.picks:
        parts.setdefault(pick.strategy, []).append(pick.item_id)
    return parts
