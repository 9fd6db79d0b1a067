"""How a project reviews labels and keeps its gold."""

from quality.models import Policy


def policy_of(project_id: int) -> Policy:
    """The project's policy; the defaults, unsaved, where nothing was set."""
    return Policy.objects.filter(project_id=project_id).first() or Policy(project_id=project_id)
