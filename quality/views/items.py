"""Items: the list of them, and one item's file: what it is, who said what, and why it has its label."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from labeling.media import item_link
from labeling.models import Item, ItemRole, ItemStatus
from labeling.pages import framed, visible_project, wants_fragment
from quality.models import Decision, GoldAnswer, Review
from quality.queries.answered import answers_about
from quality.queries.items import item_page
from quality.views.why import grounds_of

ROLES = (ItemRole.WORK, ItemRole.GOLD, ItemRole.PRACTICE)
STATUSES = ("", *(s for s in ItemStatus.values if s != ItemStatus.STAGED))
NAME_LENGTH = 200


@login_required
@require_safe
def items(request: HttpRequest, project: str) -> HttpResponse:
    """The items of one role, filtered and searched; only the list for htmx."""
    found = visible_project(request, project)
    chosen = {
        "role": _one_of(request.GET.get("role", ""), ROLES),
        "status": _one_of(request.GET.get("status", ""), STATUSES),
        "name": request.GET.get("name", "")[:NAME_LENGTH],
    }
    after = request.GET.get("after", "")
    role, status, name = chosen.values()
    page = item_page(found, role=role, status=status, name=name, after=after)
    context = framed(
        request,
        found,
        "items",
        page=page,
        chosen=chosen,
        after=after,
        roles_named={role: _role_names()[role] for role in ROLES},
        statuses={status: _status_names()[status] for status in STATUSES},
    )
    part = "_items" if wants_fragment(request) else "items"
    return render(request, f"quality/{part}.html", context)


@login_required
@require_safe
def item(request: HttpRequest, project: str, item: str) -> HttpResponse:
    """Everything about one item. ``without`` leaves people's votes out of the sum, to see what then.

    Only the sum for htmx: a switch recomputes it where it stands.
    """
    found = visible_project(request, project)
    shown = get_object_or_404(
        Item.objects.select_related("media", "project"), project=found, public_id=item
    )
    grounds = grounds_of(shown, request.GET.getlist("without"))
    if wants_fragment(request):
        context = {"project": found, "item": shown, **grounds}
        return render(request, "quality/_why.html", context)
    context = framed(request, found, "items", item=shown, **grounds, **_file_of(shown))
    return render(request, "quality/item.html", context)


def _file_of(item: Item) -> dict[str, Any]:
    return {
        "picture": item_link(item) if item.media_id else "",
        "status_name": _status_names()[item.status],
        "role_name": _role_names().get(item.role, item.role),
        "answers": answers_about(item),
        "known": GoldAnswer.objects.filter(item=item).first(),
        "reviews": Review.objects.filter(item=item).order_by("pk"),
        "decisions": _decisions_on(item),
    }


def _decisions_on(item: Item) -> list[Decision]:
    """What was decided about answers to this item."""
    about = Decision.objects.filter(set_aside__answer__item=item).select_related("rule__rule_set")
    return list(about.distinct().order_by("-pk")[:20])


def _one_of(value: str, allowed: Sequence[str]) -> str:
    return value if value in allowed else allowed[0]


def _role_names() -> dict[str, str]:
    return {
        ItemRole.WORK: _("Work"),
        ItemRole.GOLD: _("Gold"),
        ItemRole.PRACTICE: _("Practice"),
        ItemRole.AUDIT: _("Audit"),
    }


def _status_names() -> dict[str, str]:
    return {
        "": _("any state"),
        ItemStatus.POOL: _("not asked yet"),
        ItemStatus.OPEN: _("being asked"),
        ItemStatus.SETTLED: _("settled"),
        ItemStatus.HELD: _("waits for an expert"),
        ItemStatus.WITHDRAWN: _("withdrawn"),
        ItemStatus.STAGED: _("coming in"),
    }
