"""Items: the list of them, and one item's file: what it is, who said what, and why it has its label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from labeling.media import item_link
from labeling.models import Item, ItemRole, ItemStatus
from labeling.pages import framed, visible_project, wants_fragment
from quality.given import SCREENED
from quality.models import Decision, GoldAnswer, Review
from quality.queries import Provenance, provenance
from quality.queries.answered import answers_about
from quality.queries.items import item_page
from quality.queries.provenance import belief_without

ROLES = (ItemRole.WORK, ItemRole.GOLD, ItemRole.PRACTICE)
STATUSES = ("", *(s for s in ItemStatus.values if s != ItemStatus.STAGED))
NAME_LENGTH = 200
BARS = 100  # width of the picture of the sum, in its own units


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
    """Everything about one item. ``without`` leaves people's votes out of the sum, to see what then."""
    found = visible_project(request, project)
    shown = get_object_or_404(
        Item.objects.select_related("media", "project"), project=found, public_id=item
    )
    context = framed(request, found, "items", item=shown, **_file_of(shown, request))
    return render(request, "quality/item.html", context)


def _file_of(item: Item, request: HttpRequest) -> dict[str, Any]:
    why, left_out = provenance(item), request.GET.getlist("without")[:50]
    answers = answers_about(item)
    known = {answer.pseudonym for answer in answers}
    left_out = [name for name in left_out if name in known]
    return {
        "picture": item_link(item) if item.media_id else "",
        "status_name": _status_names()[item.status],
        "role_name": _role_names().get(item.role, item.role),
        "answers": answers,
        "why": why,
        "bars": _bars(why) if why else [],
        "left_out": left_out,
        "what_if": belief_without(item, left_out) if left_out else None,
        "known": GoldAnswer.objects.filter(item=item).first(),
        "reviews": Review.objects.filter(item=item).order_by("pk"),
        "decisions": _decisions_on(item),
    }


def _decisions_on(item: Item) -> list[Decision]:
    """What was decided about answers to this item."""
    about = Decision.objects.filter(set_aside__answer__item=item)
    return list(about.distinct().order_by("-pk")[:20])


@dataclass(frozen=True)
class Bar:
    """One term of the sum: where it starts and how wide it is, in units of the picture."""

    name: str
    note: str
    person: str
    log_odds: float
    x: float
    width: float
    zero: float
    tone: str


def _bars(why: Provenance) -> list[Bar]:
    """Each bar begins where the last one ended, so that they add up before one's eyes."""
    terms = [
        (_("How common the labels are"), "", "", why.class_shares),
        *([(_("The model"), _model_note(why), "", why.prior - why.class_shares)] if why.voice else []),
        *((vote.pseudonym, _vote_note(vote.said), vote.pseudonym, vote.log_odds) for vote in why.votes),
        (_("What all may have missed"), "", "", why.doubt),
    ]  # fmt: skip
    ends = _running(term[-1] for term in terms)
    low, high = min(0.0, *ends), max(0.0, *ends)
    unit = BARS / ((high - low) or 1.0)
    starts = [0.0, *ends[:-1]]
    bars = [
        _bar(term, start, end, low, unit)
        for term, start, end in zip(terms, starts, ends, strict=True)
    ]
    return [*bars, _bar((_("Together"), "", "", ends[-1]), 0.0, ends[-1], low, unit)]


def _bar(
    term: tuple[str, str, str, float], start: float, end: float, low: float, unit: float
) -> Bar:
    name, note, person, odds = term
    left, right = sorted((start, end))
    return Bar(
        name=name,
        note=note,
        person=person,
        log_odds=odds,
        x=round((left - low) * unit, 2),
        width=max(round((right - left) * unit, 2), 0.4),
        zero=round(-low * unit, 2),
        tone="for" if odds >= 0 else "against",
    )


def _running(values: Any) -> list[float]:
    total, ends = 0.0, []
    for value in values:
        total += value
        ends.append(total)
    return ends


def _model_note(why: Provenance) -> str:
    voice = why.voice or {}
    if "certificate" not in voice:
        return str(voice.get("version", ""))
    said = _("%(model)s, certificate %(n)d")
    if voice.get("basis") == SCREENED:
        said = _("%(model)s, certificate %(n)d, under an assumption")
    return said % {"model": voice.get("version", ""), "n": voice["certificate"]}


def _vote_note(said: str | None) -> str:
    return _("said %(label)s") % {"label": said}


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
