"""Gold on a page: whether there is enough of it, how it is used, and the file that brings more."""

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from labeling.errors import Refused
from labeling.models import Project
from labeling.pages import (
    around,
    framed,
    managed_project,
    page_number,
    person_of,
    visible_project,
    wants_fragment,
)
from labeling.services.staging import ImportRefused
from quality.queries import GoldHealth, gold_health
from quality.queries.gold_exposure import exposure_of
from quality.queries.gold_suggestions import gold_suggestions
from quality.queries.gold_use import gold_use
from quality.queries.votes import n_labels_of
from quality.services.gold import GoldRefused, import_gold
from quality.services.gold_care import promote, retire_gold

ENOUGH, ENOUGH_EACH = 20, 5  # the loop promises nothing on fewer (learning.loop_rules)
SUFFIXES = re.compile(r"(\.[a-z]{2,6}){1,2}")
PROBLEMS_SHOWN, AT_ONCE = 100, 100


@login_required
@require_http_methods(["GET", "POST"])
def gold(request: HttpRequest, project: str) -> HttpResponse:
    """The state of the gold set, its items by use, and the form that takes a file."""
    if request.method == "POST":
        return _take(request, managed_project(request, project))
    return _show(request, visible_project(request, project))


def _show(request: HttpRequest, project: Project, problems: Iterable[str] = ()) -> HttpResponse:
    health, use = (
        gold_health(project.pk, n_labels_of(project.pk)),
        gold_use(project, page_number(request)),
    )
    context = framed(
        request,
        project,
        "gold",
        health=health,
        exposure=exposure_of(project),
        advice=_advice(health),
        use=use,
        pages=around(request, more=use.more),
        suggestions=gold_suggestions(project),
        problems=list(problems)[:PROBLEMS_SHOWN],
    )
    return render(request, "quality/gold.html", context)


@login_required
@require_POST
def care(request: HttpRequest, project: str) -> HttpResponse:
    """Make settled items gold as suggested, or take gold out of use."""
    found, user = managed_project(request, project), person_of(request)
    if "one" in request.POST:
        return _make_one(request, found, request.POST["one"])
    named = request.POST.getlist("item")[:AT_ONCE]
    try:
        if "retire" in request.POST:
            reason = request.POST.get("reason", "")
            count = retire_gold(found, [request.POST["retire"]], actor=user, reason=reason)
            messages.success(
                request, _("Retired: %(n)d. It scores nobody any more.") % {"n": count}
            )
        elif named:
            count = promote(found, named, actor=user)
            messages.success(request, _("New gold items: %(n)d.") % {"n": count})
    except Refused as refused:
        messages.error(request, _("Nothing was changed: %(why)s") % {"why": refused.message})
    return redirect("gold", found.public_id)


def _make_one(request: HttpRequest, project: Project, item: str) -> HttpResponse:
    """One of the suggested; for htmx its row says what became of it."""
    try:
        promote(project, [item], actor=person_of(request))
        level, said = (
            messages.SUCCESS,
            _("It is gold now. Whoever answered it never meets it again."),
        )
    except Refused as refused:
        level, said = messages.ERROR, _("Nothing was changed: %(why)s") % {"why": refused.message}
    if wants_fragment(request):
        return render(request, "quality/_made_gold.html", {"said": said})
    messages.add_message(request, level, said)
    return redirect("gold", project.public_id)


def _take(request: HttpRequest, project: Project) -> HttpResponse:
    if "file" not in request.FILES:
        return _show(request, project, [_("Choose a file first.")])
    upload = cast("UploadedFile[Any]", request.FILES["file"])
    try:
        count = _import(project, upload, request)
    except (GoldRefused, ImportRefused) as refused:
        return _show(request, project, [str(problem) for problem in refused.problems])
    except Refused as refused:
        return _show(request, project, [str(refused)])
    said = ngettext("%(n)d item is gold now.", "%(n)d items are gold now.", count)
    messages.success(request, said % {"n": count})
    return redirect("gold", project.public_id)


def _import(project: Project, upload: "UploadedFile[Any]", request: HttpRequest) -> int:
    """The readers tell the kind of a file by the end of its name."""
    ending = "".join(PurePosixPath((upload.name or "").lower()).suffixes[-2:])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"gold{ending if SUFFIXES.fullmatch(ending) else ''}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return import_gold(project, path, actor=person_of(request))


def _advice(health: GoldHealth) -> list[str]:
    """What is missing, as sentences with a remedy."""
    said = []
    if health.items < ENOUGH:
        missing = ENOUGH - health.items
        said.append(
            ngettext(
                "%(n)d more gold item would let the accuracy of the labels be promised.",
                "%(n)d more gold items would let the accuracy of the labels be promised.",
                missing,
            )
            % {"n": missing}
        )
    if health.labels_without > 0:
        said.append(
            ngettext(
                "%(n)d label has no gold item: people who confuse it go unnoticed.",
                "%(n)d labels have no gold item: people who confuse them go unnoticed.",
                health.labels_without,
            )
            % {"n": health.labels_without}
        )
    least = health.least_per_person
    if least is not None and least < ENOUGH_EACH:
        said.append(
            ngettext(
                "Somebody has met only %(n)d gold item. Raise the share of gold, or wait.",
                "Somebody has met only %(n)d gold items. Raise the share of gold, or wait.",
                least,
            )
            % {"n": least}
        )
    return said
