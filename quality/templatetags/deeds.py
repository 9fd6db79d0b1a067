"""Evidence and what is done about it, in the words of `quality.rules.names`, for pages."""

from collections.abc import Iterable

from django import template

from quality.rules.names import action_name
from quality.rules.names import evidence_name as name_of_evidence

register = template.Library()


@register.filter
def evidence_name(kind: str) -> str:
    """What the evidence says of a person: ``fails the gold test``."""
    return name_of_evidence(kind)


@register.filter
def action_names(actions: Iterable[str]) -> str:
    """``pause, set votes aside``."""
    return ", ".join(action_name(action) for action in actions)
