"""The organization's pages: members and roles, invitation links, the audit log."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import membership
from accounts.errors import AccountRefused
from accounts.models import AuditEntry, InvitationLink, Membership, Organization, Role, User
from accounts.paging import around, page_number
from accounts.queries import MANAGERS, STAFF, organizations_of

ENTRIES, MEMBERS, NAME_LENGTH = 100, 50, 150


@login_required
@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """Sends whoever belongs to one organization there; lets others choose."""
    mine = organizations_of(request.user, STAFF).order_by("name")
    if not mine:
        raise Http404
    if len(mine) == 1:
        return redirect("organization", mine[0].public_id)
    context = {"site": "organization", "organizations": mine}
    return render(request, "accounts/organizations.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def organization(request: HttpRequest, organization: str) -> HttpResponse:
    """Members and open invitations; a POST makes an invitation, whose link is shown this once."""
    if request.method == "GET":
        return _show(request, _one(request, organization, STAFF))
    found = _one(request, organization, MANAGERS)
    try:
        role, note = request.POST.get("role", ""), request.POST.get("note", "")
        made = membership.invite(found, role, actor=_user(request), note=note)
    except AccountRefused as refused:
        messages.error(request, _("The role %(what)s.") % {"what": refused.message})
        return redirect("organization", found.public_id)
    link = request.build_absolute_uri(reverse("join", args=[made.secret]))
    return _show(request, found, link=link)


def _show(request: HttpRequest, found: Organization, **links: str) -> HttpResponse:
    grantable = membership.grantable(found, _user(request))
    name, start = request.GET.get("name", "")[:NAME_LENGTH], (page_number(request) - 1) * MEMBERS
    members = membership.members_of(found, name.strip())
    shown = list(members[start : start + MEMBERS + 1])
    context = {
        **_framed(request, found, "members"),
        "name": name,
        "members": shown[:MEMBERS],
        "pages": around(request, more=len(shown) > MEMBERS),
        "links": membership.open_links(found),
        **links,  # shown this once
        "roles_to_give": [role for role in Role if role in grantable],
    }
    return render(request, "accounts/organization.html", context)


@login_required
@require_POST
def member(request: HttpRequest, organization: str, member: str) -> HttpResponse:
    """Another role for a member, or the end of the membership."""
    found = _one(request, organization, MANAGERS)
    person = get_object_or_404(
        Membership.objects.select_related("user", "organization"),
        organization=found,
        user__public_id=member,
    )
    act = request.POST.get("act")
    try:
        if act == "link":
            secret = membership.link_for_forgetful(person, actor=_user(request))
            path = reverse("sign-in-link", args=[secret])
            return _show(request, found, sign_in=request.build_absolute_uri(path))
        if act == "remove":
            membership.remove_member(person, actor=_user(request))
            messages.success(request, _("Removed. What this person answered and earned stays."))
        else:
            membership.change_role(person, request.POST.get("role", ""), actor=_user(request))
            messages.success(request, _("The role was changed."))
    except AccountRefused as refused:
        messages.error(request, _("The role %(what)s.") % {"what": refused.message})
    return redirect("organization", found.public_id)


@login_required
@require_POST
def revoke_link(request: HttpRequest, organization: str, link: str) -> HttpResponse:
    found = _one(request, organization, MANAGERS)
    known = get_object_or_404(InvitationLink, organization=found, public_id=link)
    if membership.revoke_invitation(known, actor=_user(request)):
        messages.success(request, _("Revoked. The link leads nowhere now."))
    return redirect("organization", found.public_id)


@login_required
@require_safe
def log(request: HttpRequest, organization: str) -> HttpResponse:
    """Who did what to what, and why; the newest first."""
    found = _one(request, organization, STAFF)
    entries = AuditEntry.objects.filter(organization=found).select_related("actor").order_by("-pk")
    before, action = request.GET.get("before", ""), request.GET.get("action", "")[:100]
    if before.isascii() and before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    if action:
        entries = entries.filter(action__startswith=action)
    rows = list(entries[: ENTRIES + 1])
    context = {
        **_framed(request, found, "log"),
        "entries": rows[:ENTRIES],
        "next": rows[ENTRIES - 1].pk if len(rows) > ENTRIES else None,
        "action": action,
    }
    return render(request, "accounts/log.html", context)


def _framed(request: HttpRequest, found: Organization, here: str) -> dict[str, Any]:
    can_change = organizations_of(request.user, MANAGERS).filter(pk=found.pk).exists()
    return {
        "site": "organization",
        "organization": found,
        "here": here,
        "can_change": can_change,
    }


def _one(request: HttpRequest, public_id: str, roles: tuple[str, ...]) -> Organization:
    return get_object_or_404(organizations_of(request.user, roles), public_id=public_id)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
