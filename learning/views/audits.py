"""The expert's side of a certificate: audit items one by one. What the machine said is not told."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import roles_of
from labeling.errors import NotFound, Refused
from labeling.frames import widget_of
from labeling.label_types import InvalidAnswer, label_type
from labeling.media import item_link
from labeling.models import Item, Project
from labeling.pages import framed, person_of
from labeling.queries import current_instructions, label_set
from learning.models import Certificate
from learning.queries.certificates import certificate_row, certificates_of, open_audits
from learning.services.certifying.auditing import answer_audit, audit_item, next_audit_items

LISTED = 50


@login_required
@require_safe
def audits(request: HttpRequest) -> HttpResponse:
    """The audits that wait for this person."""
    if not roles_of(request.user).reviewer:
        raise Http404
    mine = Project.objects.reviewed_by(request.user)
    context = {"site": "audits", "rows": open_audits(mine, limit=LISTED)}
    return render(request, "learning/audits.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def audit(request: HttpRequest, project: str, number: str) -> HttpResponse:
    """The next item; a POST is the answer to the one that was shown."""
    found = Project.objects.reviewed_by(request.user).filter(public_id=project).first()
    certificate = _certificate(found, number) if found else None
    if found is None or certificate is None:
        raise Http404
    problem = _answer(request, certificate) if request.method == "POST" else ""
    items = next_audit_items(certificate, 1, reviewer=person_of(request))
    context = framed(
        request,
        found,
        "audit",
        row=certificate_row(certificate),
        problem=problem,
        **_frame(found, items[0] if items else None),
    )
    return render(request, "learning/audit.html", context)


def _certificate(project: Project, number: str) -> Certificate | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    return certificates_of(project.pk).filter(number=int(number)).first()


def _answer(request: HttpRequest, certificate: Certificate) -> str:
    """What is wrong with the answer, if anything; then the same item comes again."""
    if "item" not in request.POST:
        return ""
    project = certificate.project
    item = audit_item(project, request.POST.get("item", "")[:32])
    if item is None:
        raise Http404
    configuration = label_set(project.pk, project.label_set_version).configuration
    try:
        kind = label_type(project.label_type)
        value = kind.from_form(configuration, dict(request.POST.lists()))
        answer_audit(certificate, item, value, reviewer=person_of(request))
    except (InvalidAnswer, Refused) as wrong:
        return str(wrong.message)
    except NotFound:
        raise Http404 from None
    return ""


def _frame(project: Project, item: Item | None) -> dict[str, Any]:
    if item is None:
        return {"item": None}
    configuration = label_set(project.pk, project.label_set_version).configuration
    return {
        "item": item,
        "media": item_link(item) if item.media_id else None,
        "seat": True,
        "question": current_instructions(project).partition("\n")[0],
        **widget_of(project.label_type, configuration),
    }
