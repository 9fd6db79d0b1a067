"""An organization's audit log as CSV, as it is searched on its page."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.models import AuditEntry
from accounts.queries import STAFF, organizations_of
from labeling.services.exporting import as_csv

COLUMNS = ("at", "who", "act", "subject", "detail")
A_PART = 500


@login_required
@require_safe
def log_file(request: HttpRequest, organization: str) -> StreamingHttpResponse:
    """Who did what to what; the newest first."""
    found = get_object_or_404(organizations_of(request.user, STAFF), public_id=organization)
    entries = AuditEntry.objects.filter(organization=found).select_related("actor").order_by("-pk")
    if action := request.GET.get("action", "")[:100]:
        entries = entries.filter(action__startswith=action)
    headers = {"Content-Disposition": 'attachment; filename="audit-log.csv"'}
    lines = as_csv(COLUMNS, _parts(entries))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _parts(entries: QuerySet[AuditEntry]) -> Iterator[list[tuple[Any, ...]]]:
    """Short queries one after the other (index audit_newest_first): no cursor stays open while it is sent."""
    part = list(entries[:A_PART])
    while part:
        yield [_line(entry) for entry in part]
        part = list(entries.filter(pk__lt=part[-1].pk)[:A_PART])


def _line(entry: AuditEntry) -> tuple[Any, ...]:
    who = entry.actor.username if entry.actor else None
    return (entry.created_at.isoformat(), who, entry.action, entry.subject, entry.detail)
