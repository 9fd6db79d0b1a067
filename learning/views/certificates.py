"""What the machine may label: what an audit would bring, the audits, and what came of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from labeling.errors import Refused
from labeling.models import Project
from labeling.pages import framed, managed_project, person_of, visible_project
from learning.certificate import Forecast
from learning.models import Certificate
from learning.queries.certificates import CertificateRow, certificate_rows
from learning.services.certifying.drifting import audit_again, withdraw_certificate
from learning.services.certifying.foreseeing import SIZES, Foreseen, Terms, foresee
from learning.services.certifying.looking import look
from learning.services.certifying.requesting import request_certificate
from learning.services.certifying.scheduling import set_schedule

SHOWN = 50
TYPED = {"bound": "2", "confidence": "95", "share": "100", "looks": "1", "audit_items": "500"}
TYPED |= {"price": "0", "screen_answers": "0", "both_wrong": "0.5", "checks": "50"}


@login_required
@require_http_methods(["GET", "POST"])
def certificates(request: HttpRequest, project: str) -> HttpResponse:
    """All of them; for managers also the forms."""
    if request.method == "GET":
        return _show(request, visible_project(request, project))
    found = managed_project(request, project)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _show(request, found)
    try:
        foreseen = act(request, found)
    except Refused as wrong:
        return _show(request, found, _told(wrong))
    if foreseen is not None:
        return _show(request, found, foreseen=foreseen)
    return redirect("certificates", found.public_id)


def _foresee(request: HttpRequest, project: Project) -> Foreseen:
    wanted = _whole(request, "audit_items")
    return foresee(project, _terms(request), sorted({*SIZES, max(1, wanted)}))


def _request(request: HttpRequest, project: Project) -> None:
    wanted = _whole(request, "audit_items")
    made = request_certificate(project, _terms(request), wanted, actor=person_of(request))
    messages.success(request, made.sentence)


def _look(request: HttpRequest, project: Project) -> None:
    messages.info(request, look(_named(request, project), actor=person_of(request)).sentence)


def _again(request: HttpRequest, project: Project) -> None:
    audit_again(_named(request, project), _whole(request, "items"), actor=person_of(request))
    messages.success(request, _("Drawn. Experts find the items among their audits."))


def _schedule(request: HttpRequest, project: Project) -> None:
    days, items = _whole(request, "days"), _whole(request, "items")
    if not (0 <= days <= 366 and 1 <= items <= 100_000):
        raise Refused(_("from 0 to 366 days, and at least one item"), field="days")
    set_schedule(_named(request, project), days=days, n_items=items, actor=person_of(request))
    messages.success(request, _("Saved."))


def _withdraw(request: HttpRequest, project: Project) -> None:
    because = request.POST.get("because", "").strip()[:200]
    if not because:
        raise Refused(_("say why, in a few words"), field="because")
    withdraw_certificate(_named(request, project), because, actor=person_of(request))
    messages.success(request, _("Withdrawn. Its items go back to people."))


_ACTS: dict[str, Callable[[HttpRequest, Project], Foreseen | None]] = {
    "forecast": _foresee,
    "request": _request,
    "look": _look,
    "again": _again,
    "schedule": _schedule,
    "withdraw": _withdraw,
}


def _terms(request: HttpRequest) -> Terms:
    """Shares are typed as percentages; what is impossible is refused where a certificate is asked for."""
    terms = Terms(
        bound=_share(request, "bound"),
        confidence=_share(request, "confidence"),
        looks=_whole(request, "looks"),
        per_class="per_class" in request.POST,
        share=_share(request, "share"),
        price_micros=_price(request),
        screen_answers=_whole(request, "screen_answers"),
        both_wrong=_share(request, "both_wrong"),
        checks=_whole(request, "checks"),
    )
    terms.check()
    return terms


def _told(wrong: Refused) -> str:
    """With the field as the page calls it."""
    title = _titles().get(wrong.field, wrong.field)
    return f"{title}: {wrong.message}" if title else wrong.message


def _titles() -> dict[str, str]:
    return {
        "bound": _("At most so many wrong, %"),
        "confidence": _("With confidence, %"),
        "share": _("Of the surest part, %"),
        "audit_items": _("Audit items"),
        "looks": _("Looks"),
        "price": _("An expert's answer costs"),
        "screen_answers": _("Answers of the crowd an item"),
        "both_wrong": _("Assumed: both wrong on at most, %"),
        "checks": _("Items to check that on"),
        "because": _("Why"),
    }


def _price(request: HttpRequest) -> int:
    """Typed in units of the project's currency."""
    try:
        price = float(request.POST.get("price", TYPED["price"]))
    except ValueError:
        price = -1.0
    if not 0 <= price <= 1_000_000:
        raise Refused(_("a number is missing or cannot be read"), field="price")
    return round(price * 1_000_000)


def _share(request: HttpRequest, name: str) -> float:
    try:
        typed = float(request.POST.get(name, TYPED.get(name, "")))
    except ValueError:
        raise Refused(_("a number is missing or cannot be read"), field=name) from None
    if not (0 < typed < 100 or (name == "share" and typed == 100)):
        raise Refused(_("must lie between 0 and 100"), field=name)
    return round(typed / 100, 6)


def _whole(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, TYPED.get(name, "")).strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Refused(_("a number is missing or cannot be read"), field=name)
    return int(text)


def _named(request: HttpRequest, project: Project) -> Certificate:
    number = _whole(request, "number")
    rows = Certificate.objects.filter(project=project, number=number)
    found = rows.select_related("model", "project").defer("model__blob").first()
    if found is None:
        raise Http404
    return found


def _costs(foreseen: Foreseen) -> list[tuple[Forecast, float]]:
    """Each forecast with its cost in units of the currency."""
    return [(one, one.cost / 1_000_000) for one in foreseen.forecasts]


def _show(
    request: HttpRequest, project: Project, problem: str = "", *, foreseen: Foreseen | None = None
) -> HttpResponse:
    typed = {name: request.POST.get(name, usual) for name, usual in TYPED.items()}
    rows: list[CertificateRow] = certificate_rows(project.pk, limit=SHOWN)
    context: dict[str, Any] = framed(
        request,
        project,
        "model",
        problem=problem,
        rows=rows,
        foreseen=foreseen,
        screening=typed["screen_answers"] != "0",
        costs=_costs(foreseen) if foreseen else [],
        typed=typed,
        per_class="per_class" in request.POST,
    )
    return render(request, "learning/certificates.html", context)
