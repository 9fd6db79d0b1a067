"""Have labelling functions look at items that came since. Cheap enough for a sweep."""

from django.db.models import Max

from labeling.models import Item, ItemStatus, Project
from learning import kinds
from learning.models import LabelingFunction
from learning.services.asking import ask


def ask_where_new() -> int:
    """Ask for a job in each project whose newest items some function has not seen; how many."""
    functions = LabelingFunction.objects.filter(active=True).annotate(last=Max("blocks__last_item"))
    seen: dict[int, int] = {}
    for project_id, last in functions.values_list("project_id", "last"):
        seen[project_id] = min(last or 0, seen.get(project_id, last or 0))
    behind = [project_id for project_id, last in seen.items() if _newer(project_id, last)]
    for project in Project.objects.filter(pk__in=behind):
        ask(kinds.FUNCTIONS, project)
    return len(behind)


def _newer(project_id: int, last: int) -> bool:
    items = Item.objects.filter(project_id=project_id, pk__gt=last)
    return items.exclude(status=ItemStatus.STAGED).exists()
