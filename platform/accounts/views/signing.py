"""Signing in and out. A link that was only looked at is not spent: spending it takes a POST."""

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guessing import WITHIN, forget_tries, may_try
from accounts.services import consume_sign_in

BY_LINK = "by_link"  # in a session that a one-time link began: a new password needs no old one
BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if may_try(request.POST.get("username", "")):
            return super().post(request, *args, **more)
        context = self.get_context_data(form=self.form_class(request), locked=True)
        response = render(request, self.template_name, context, status=429)
        response.headers["Retry-After"] = str(int(WITHIN.total_seconds()))
        return response

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        forget_tries(form.data.get("username", ""))
        return super().form_valid(form)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page that a one-time link opens, and what its button does."""
    if request.method != "POST":
        return render(request, "accounts/sign_in_link.html")
    allowed = consume_sign_in(secret)
    if allowed is None:
        return render(request, "accounts/sign_in_link.html", {"spent": True}, status=410)
    login(request, allowed.user, backend=BACKEND)
    request.session[BY_LINK] = True
    return redirect(allowed.next_path)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")
