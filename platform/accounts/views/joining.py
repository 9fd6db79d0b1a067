"""Following an invitation: with the account one has, or with a new one. Looking spends nothing."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import membership
from accounts.errors import AccountRefused, NotYours
from accounts.models import InvitationLink, User
from accounts.views.signing import BACKEND


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What the link offers, and the button or form that takes it."""
    link = membership.link_behind(secret)
    if link is None:
        return render(request, "accounts/join.html", status=410)
    if request.method == "POST":
        return _take(request, link)
    return render(request, "accounts/join.html", {"link": link})


def _take(request: HttpRequest, link: InvitationLink) -> HttpResponse:
    form = {name: request.POST.get(name, "") for name in ("username", "password", "shown")}
    try:
        if isinstance(request.user, User):
            membership.join(link, request.user)
        else:
            user = membership.join_anew(
                link, name=form["username"], password=form["password"], shown=form["shown"]
            )
            login(request, user, backend=BACKEND)
    except NotYours:
        return render(request, "accounts/join.html", status=410)
    except AccountRefused as refused:
        context = {"link": link, "problem": refused, "form": form}
        return render(request, "accounts/join.html", context)
    said = _("You belong to %(name)s now.") % {"name": link.organization.name}
    messages.success(request, said)
    return redirect("home")
