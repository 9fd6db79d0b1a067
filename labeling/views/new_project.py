"""One page from a file to a running project. The file is kept at once; everything else is a proposal."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organization, User
from accounts.queries import MANAGERS, organizations_of
from labeling.amounts import money
from labeling.drafts import Draft, draft_from
from labeling.errors import Refused
from labeling.frames import widget_of
from labeling.guessing import ID, IMAGE, KNOWN, LEFT, OUT, PRIORITY, RIGHT, TEXT, guess
from labeling.label_types import InvalidConfiguration, label_type, label_types
from labeling.models import Import, Project
from labeling.pages import person_of, wants_fragment
from labeling.services.importing import keep_upload, queue_import
from labeling.services.looking import SHOWN, Look, look
from labeling.services.projects import create_project, set_status
from labeling.views.outlook import CURRENCY, outlook

SALT = "new-project"
UPLOAD_LASTS = 24 * 3600
START = {"pilot": "pilot", "launch": "live", "draft": ""}


@login_required
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """The form; a POST looks at the file anew or makes the project."""
    mine = organizations_of(request.user, MANAGERS).order_by("name")
    if not mine:
        raise Http404
    file, draft = _file(request), draft_from(request.POST.dict())
    problem: dict[str, str] = {}
    chosen = mine.filter(public_id=request.POST.get("organization", "")).first() or mine[0]
    if "file" in request.FILES:
        file, draft, problem = _take_upload(request, draft)
    elif request.POST.get("act") in START:
        try:
            made = _make(request, chosen, draft, file)
            return redirect("project-overview", made.public_id)
        except Refused as refused:
            problem = {"field": refused.field, "message": refused.message}
    context = {
        **_context(draft, file, chosen),
        "organizations": mine,
        "organization": chosen,
        "problem": problem,
        "errors": _beside_fields(problem),
    }
    part = "_new_project" if wants_fragment(request) else "new_project"
    return render(request, f"labeling/{part}.html", {"site": "projects", **context})


FIELDS = {
    "configuration.labels": "labels",
    "seats_max": "most",
    "price_micros": "price",
    "budget_micros": "budget",
}  # names of settings that the form has under another name


def _beside_fields(problem: dict[str, str]) -> dict[str, str]:
    name = problem.get("field", "")
    return {FIELDS.get(name, name): problem["message"]} if name else {}


def _take_upload(
    request: HttpRequest, draft: Draft
) -> tuple[dict[str, str], Draft, dict[str, str]]:
    """Keep the file; where nothing was typed yet, fill the form with what it seems to be."""
    upload = cast("UploadedFile[Any]", request.FILES["file"])
    name = (upload.name or "")[-255:]
    try:
        stored_as = keep_upload(upload.chunks())
    except Refused as refused:
        return {}, draft, {"field": "file", "message": refused.message}
    seen = look(stored_as, name)
    if not seen.rows:
        return {}, draft, {"field": "file", "message": seen.problem or _("has no rows")}
    file = {"stored_as": stored_as, "name": name, "person": person_of(request).public_id}
    return file, draft.with_guess(guess(name, seen.rows)), {}


def _file(request: HttpRequest) -> dict[str, str]:
    """The kept file that the form names, if it is this person's own."""
    try:
        file: dict[str, str] = signing.loads(
            request.POST.get("upload", ""), salt=SALT, max_age=UPLOAD_LASTS
        )
    except signing.BadSignature:
        return {}
    return file if file.get("person") == person_of(request).public_id else {}


def _make(
    request: HttpRequest, organization: Organization, draft: Draft, file: dict[str, str]
) -> Project:
    user, start = person_of(request), START[request.POST["act"]]
    if start and not file:
        raise Refused(_("choose a file first, or keep it as a draft"), field="file")
    with transaction.atomic():
        # A form that is sent twice at once: the second waits here, and finds what the first has made.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if file and (made := _made_of(file)):
            messages.info(request, _("The project was made from this file before."))
            return made
        project = create_project(organization, draft.spec(), actor=user)
        if file:
            name, stored_as = file["name"], file["stored_as"]
            queue_import(project, stored_as, name, columns=draft.columns(), actor=user)
        if start:
            set_status(project, start, actor=user)
    messages.success(request, _("The project is there. Its items are coming in below."))
    return project


def _made_of(file: dict[str, str]) -> Project | None:
    """A kept file becomes the items of one project: its import removes it."""
    kept = Import.objects.filter(stored_as=file["stored_as"])
    found = kept.select_related("project").first()
    return found.project if found else None


def _context(draft: Draft, file: dict[str, str], organization: Organization) -> dict[str, Any]:
    seen = look(file["stored_as"], file["name"]) if file else Look()
    return {
        "draft": draft,
        "file": file,
        "upload": signing.dumps(file, salt=SALT) if file else "",
        "look": seen,
        "kinds": {name: _kind_names()[name] for name in label_types() if name in _kind_names()},
        "columns": _columns(draft, seen),
        "role_names": _role_names(),
        "sample": [_cells(draft, row.fields) for row in seen.rows[:SHOWN]],
        "preview": _preview(draft, seen),
        "outlook": outlook(draft, seen, organization),
    }


def _columns(draft: Draft, seen: Look) -> list[dict[str, str]]:
    return [{"name": name, "role": role} for name, role in draft.roles.items()] if seen.rows else []


def _cells(draft: Draft, fields: dict[str, Any]) -> list[str]:
    return [str(fields.get(name, ""))[:200] for name in draft.roles]


def _preview(draft: Draft, seen: Look) -> dict[str, Any]:
    """The real frame with the first row in it; the sentence of what is wrong when it cannot be."""
    try:
        configuration = label_type(draft.kind).check_configuration(draft.configuration())
    except InvalidConfiguration as wrong:
        return {"problem": f"{wrong.field} {wrong.message}"}
    except Refused as wrong:
        return {"problem": f"{wrong.field} {wrong.message}"}
    fields = next((row.fields for row in seen.rows if not row.broken), {})
    by_role = {role: str(fields.get(name, "")) for name, role in draft.roles.items()}
    return {
        "text": by_role.get(TEXT) or _("The text of an item stands here."),
        "left": by_role.get(LEFT, _("One thing")),
        "right": by_role.get(RIGHT, _("The other thing")),
        "picture": seen.picture,
        "earned": money(0, CURRENCY),
        "question": draft.question.partition("\n")[0],
        **widget_of(draft.kind, configuration),
    }


def _kind_names() -> dict[str, str]:
    return {
        "choice": _("One label"),
        "multiple_choice": _("Several labels"),
        "ordinal": _("A step on a scale"),
        "number": _("A number"),
        "pairwise": _("Which of two"),
        "text": _("A text"),
        "spans": _("Passages of a text"),
        "boxes": _("Boxes on a picture"),
    }


def _role_names() -> dict[str, str]:
    return {
        TEXT: _("text shown"),
        ID: _("item name"),
        IMAGE: _("picture shown"),
        LEFT: _("left thing"),
        RIGHT: _("right thing"),
        PRIORITY: _("priority"),
        KNOWN: _("known label"),
        OUT: _("left out"),
    }
