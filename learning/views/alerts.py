"""What a manager should know now, as sentences: each with what it means and the one thing that helps."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Job, State
from labeling.amounts import money
from labeling.models import Project, ProjectStatus
from labeling.queries.turned_away import turned_away
from learning.loop_rules import LEAST_GOLD
from learning.queries.gains import has_levelled
from learning.queries.outlook import Outlook
from quality.models import Appeal, AppealState
from quality.queries import Progress
from quality.queries.findings import surveyed
from quality.queries.gold import gold_in_use
from quality.queries.project_quality import suspicions

MANY, OFTEN = (
    20,
    0.1,
)  # seats that must have ended, and the share turned away, before it is worth a word


@dataclass(frozen=True)
class Alert:
    """``tab`` names the page where the remedy is, ``remedy`` the link to it, ``effect`` what comes of it."""

    sentence: str
    remedy: str
    tab: str
    effect: str = ""


def alerts(project: Project, done: Progress, seen: Outlook) -> list[Alert]:
    """The costly first. Nothing is said about projects that have not begun or are over."""
    if project.status in (ProjectStatus.DRAFT, ProjectStatus.DONE):
        return []
    return [
        *_money(project, seen),
        *_turned_away(project),
        *_camps(project),
        *_appeals(project),
        *_suspects(project),
        *_few_gold(project),
        *_experts(done),
        *_plateau(project, seen),
        *_failed(project),
    ]


def _money(project: Project, seen: Outlook) -> Iterator[Alert]:
    cap, end = project.budget_micros, seen.cost_micros
    if cap is None or end is None or end.low <= cap or not seen.left:
        return
    enough = round(seen.left * (cap - seen.spent_micros) / max(1.0, end.value - seen.spent_micros))
    sentence = _(
        "At the present cost the money ends with %(left)s items unsettled: %(more)s more is needed."
    )
    words = {
        "left": f"{max(0, seen.left - max(0, enough)):,}",
        "more": money(round(end.value) - cap, project.currency),
    }
    effect = _("Then all %(n)s items that are left can be settled.") % {"n": f"{seen.left:,}"}
    yield Alert(sentence % words, _("Raise the cap"), "project-settings", effect)


def _turned_away(project: Project) -> Iterator[Alert]:
    lately = turned_away(project.pk)
    if lately.seats < MANY or lately.most < OFTEN * lately.seats:
        return
    sentence = _(
        "People turn away %(share)s of the items as “%(reason)s”: %(n)d of the last %(seats)d seats."
    )
    words = {
        "share": f"{lately.most / lately.seats:.0%}".replace("%", " %"),
        "reason": lately.reason.replace("_", " "),
        "n": lately.most,
        "seats": lately.seats,
    }
    effect = _("What is turned away goes to somebody else: %(n)d seats were taken for nothing.")
    yield Alert(
        sentence % words,
        _("Look at the question and its instructions"),
        "project-settings",
        effect % {"n": lately.most},
    )


def _camps(project: Project) -> Iterator[Alert]:
    found = surveyed(project.pk)
    if found.flagged:
        yield Alert(
            found.reason
            or _("Two camps answer differently, and the answers cannot tell which is right."),
            _("Let an expert answer the items that tell"),
            "reviews",
            _(
                "Then the votes of the camp that is wrong weigh less, and its labels are judged anew."
            ),
        )


def _appeals(project: Project) -> Iterator[Alert]:
    waiting = Appeal.objects.filter(decision__project=project, state=AppealState.OPEN)
    n = waiting.count()
    if late := waiting.filter(due_at__lt=timezone.now()).count():
        said = ngettext(
            "%(n)d person contests a decision and was promised an answer by now.",
            "%(n)d people contest decisions and were promised an answer by now.",
            late,
        )
        yield Alert(said % {"n": late}, _("Answer"), "appeals")
    elif n:
        said = ngettext(
            "%(n)d person contests a decision and waits for an answer.",
            "%(n)d people contest decisions and wait for an answer.",
            n,
        )
        effect = _("Overturning gives back work, votes and held pay; upholding says why it stands.")
        yield Alert(said % {"n": n}, _("Answer"), "appeals", effect)


def _suspects(project: Project) -> Iterator[Alert]:
    found = suspicions(project)
    if n := len(found):
        said = ngettext(
            "%(n)d gold item is missed by good people: it may be wrong, and people are judged by it.",
            "%(n)d gold items are missed by good people: they may be wrong, and people are judged by them.",
            n,
        )
        effect = _("Retiring takes back %(n)d results, and tests the people behind them anew.")
        results = sum(one.right + one.wrong for one in found)
        yield Alert(said % {"n": n}, _("Keep or retire"), "gold", effect % {"n": results})


def _few_gold(project: Project) -> Iterator[Alert]:
    items = gold_in_use(project.pk)
    if items < LEAST_GOLD:
        said = _(
            "%(n)d gold items of %(least)d: nothing can be promised about the labels until there are more."
        )
        effect = _(
            "With %(n)d more the accuracy of the labels can be promised, and guessing is found."
        )
        words = {"n": items, "least": LEAST_GOLD}
        yield Alert(said % words, _("Add gold"), "gold", effect % {"n": LEAST_GOLD - items})


def _experts(done: Progress) -> Iterator[Alert]:
    if done.expert:
        said = ngettext(
            "People cannot decide %(n)d item: it waits for an expert.",
            "People cannot decide %(n)d items: they wait for an expert.",
            done.expert,
        )
        effect = _("One review settles one: %(now)s items would become %(then)s of %(total)s.")
        words = {
            "now": f"{done.settled:,}",
            "then": f"{done.settled + done.expert:,}",
            "total": f"{done.total:,}",
        }
        yield Alert(said % {"n": done.expert}, _("Review"), "reviews", effect % words)


def _plateau(project: Project, seen: Outlook) -> Iterator[Alert]:
    if has_levelled(project.pk):
        said = _("The learning curve has levelled off: more labels make the model no better.")
        yield Alert(said, _("Stop here, or choose differently"), "model", _saving(project, seen))


def _saving(project: Project, seen: Outlook) -> str:
    if seen.cost_micros is None or not seen.left:
        return ""
    saved = money(round(seen.cost_micros.value) - seen.spent_micros, project.currency)
    words = {"money": saved, "n": f"{seen.left:,}"}
    return _("Stopping here saves about %(money)s; %(n)s items stay unsettled.") % words


def _failed(project: Project) -> Iterator[Alert]:
    subject = f"project:{project.public_id}"
    newest = (
        Job.objects.filter(tenant=project.organization_id, subject=subject).order_by("-pk").first()
    )
    if newest and newest.state == State.FAILED:
        sentence = _("The last background work failed: %(why)s")
        effect = _("It goes on from what it had stored.")
        yield Alert(sentence % {"why": newest.error[:200]}, _("Look and try again"), "jobs", effect)
