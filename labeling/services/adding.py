"""One item from outside, at once: for those who bring items one by one."""

from typing import Any

from labeling.errors import Conflict, Refused
from labeling.events import items_added
from labeling.files import Row
from labeling.models import Item, Project
from labeling.services.item_rows import RowProblem, new_item


def check_item(external_id: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as it would be stored, by the rules of an import. Raises Refused."""
    fields: dict[str, Any] = {"id": external_id, "payload": payload}
    text = payload.get("text")
    try:
        new_item(Row(1, {**fields, **({"text": text} if text is not None else {})}))
    except RowProblem as problem:
        raise Refused(problem.message, field=problem.field) from None
    return payload


def add_item(project: Project, external_id: str, payload: dict[str, Any]) -> Item:
    """A new work item in the pool. Raises Refused or Conflict. Needs a transaction."""
    checked = check_item(external_id, payload)
    if Item.objects.filter(project=project, external_id=external_id).exists():
        raise Conflict(f"The project has an item {external_id[:100]!r} already.")
    item = Item.objects.create(project=project, external_id=external_id, payload=checked)
    items_added.send(sender=None, project_id=project.pk)
    return item
