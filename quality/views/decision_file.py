"""All decisions about people in a project, as CSV."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from labeling.models import Project
from labeling.pages import visible_project
from labeling.services.exporting import as_csv
from quality.queries.decided import DecisionRow, decisions

COLUMNS = (
    "decision", "at", "person", "actions", "reason", "words", "by", "rules", "set_aside", "reversed_at",
    "reversal_reason", "appeal",
)  # fmt: skip
A_PART = 500


@login_required
@require_safe
def decisions_file(request: HttpRequest, project: str) -> StreamingHttpResponse:
    """The newest first, read part by part."""
    parts = _parts(visible_project(request, project))
    headers = {"Content-Disposition": 'attachment; filename="decisions.csv"'}
    content_type = "text/csv; charset=utf-8"
    return StreamingHttpResponse(as_csv(COLUMNS, parts), content_type=content_type, headers=headers)


def _parts(project: Project) -> Iterator[list[tuple[Any, ...]]]:
    cursor: str | None = None
    while True:
        page = decisions(project, cursor=cursor, limit=A_PART)
        yield [_line(row) for row in page.rows]
        if page.next is None:
            return
        cursor = page.next


def _line(row: DecisionRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.at.isoformat(),
        row.annotator,
        " ".join(row.actions),
        row.reason,
        row.words,
        row.by,
        row.rules,
        row.set_aside,
        row.reversed_at.isoformat() if row.reversed_at else None,
        row.reversal_reason,
        row.appeal,
    )
