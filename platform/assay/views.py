"""The start page sends everybody to where their work is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.queries import STAFF, organizations_of


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("projects" if organizations_of(request.user, STAFF).exists() else "tasks")
