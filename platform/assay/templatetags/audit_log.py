"""Entries of the audit log in words: what was done, and on what. Of an unknown act, its code."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry, User
from labeling.models import Project

register = template.Library()

ACTS = {
    "appeal.overturned": gettext_lazy("took a decision back after an appeal"),
    "appeal.upheld": gettext_lazy("let a decision stand after an appeal"),
    "bonus.set": gettext_lazy("set a bonus"),
    "certificate.audited_again": gettext_lazy("drew a later audit"),
    "certificate.looked": gettext_lazy("looked at an audit"),
    "certificate.requested": gettext_lazy("asked for a certificate"),
    "certificate.scheduled": gettext_lazy("planned later audits"),
    "certificate.withdrawn": gettext_lazy("withdrew a certificate"),
    "decision.ban": gettext_lazy("banned a person"),
    "decision.hold_pay": gettext_lazy("held somebody's pay"),
    "decision.lower_weight": gettext_lazy("lowered the weight of somebody's votes"),
    "decision.more_gold": gettext_lazy("asked for more gold for a person"),
    "decision.notify": gettext_lazy("told managers about a person"),
    "decision.pause": gettext_lazy("paused a person"),
    "decision.practice": gettext_lazy("asked a person to practise again"),
    "decision.reversed": gettext_lazy("took a decision back"),
    "decision.set_aside": gettext_lazy("set somebody's votes aside"),
    "decision.set_skill": gettext_lazy("set somebody's skill"),
    "decision.warn": gettext_lazy("warned a person"),
    "export.asked": gettext_lazy("asked for an export"),
    "function.added": gettext_lazy("added a labelling function"),
    "function.on": gettext_lazy("switched a labelling function on"),
    "function.off": gettext_lazy("switched a labelling function off"),
    "gold.added": gettext_lazy("added gold"),
    "gold.kept": gettext_lazy("kept suspected gold"),
    "gold.promoted": gettext_lazy("made settled items gold"),
    "gold.retired": gettext_lazy("retired gold"),
    "import.accepted": gettext_lazy("imported items"),
    "invitation.made": gettext_lazy("made an invitation link"),
    "invitation.revoked": gettext_lazy("revoked an invitation link"),
    "items.synthesized": gettext_lazy("added synthetic items"),
    "items.withdrawn": gettext_lazy("withdrew items"),
    "member.joined": gettext_lazy("joined"),
    "member.removed": gettext_lazy("removed a member"),
    "member.role": gettext_lazy("changed a member's role"),
    "member.sign_in_link": gettext_lazy("made a sign-in link for a member"),
    "model.asked": gettext_lazy("asked for a model"),
    "model.promoted": gettext_lazy("put a model in use"),
    "organization.created": gettext_lazy("made the organization"),
    "people.added": gettext_lazy("added people to a project"),
    "person.described": gettext_lazy("changed what is known of a person"),
    "person.reinstated": gettext_lazy("let a person work again"),
    "plan.changed": gettext_lazy("changed the plan of rounds"),
    "policy.changed": gettext_lazy("changed how labels, gold and appeals are looked after"),
    "practice.added": gettext_lazy("added practice items"),
    "project.changed": gettext_lazy("changed settings"),
    "project.created": gettext_lazy("made a project"),
    "project.done": gettext_lazy("ended a project"),
    "project.draft": gettext_lazy("made a project a draft"),
    "project.live": gettext_lazy("launched a project"),
    "project.paused": gettext_lazy("paused a project"),
    "project.pilot": gettext_lazy("launched a pilot"),
    "project.stopped": gettext_lazy("stopped: the loop has ended"),
    "review.given": gettext_lazy("decided an item as an expert"),
    "rules.changed": gettext_lazy("changed the rules"),
    "token.created": gettext_lazy("made a token"),
    "token.revoked": gettext_lazy("revoked a token"),
    "vectors.accepted": gettext_lazy("took vectors from a file"),
}
SORTS = {
    "": gettext_lazy("everything"),
    "member.": gettext_lazy("members"),
    "invitation.": gettext_lazy("invitations"),
    "token.": gettext_lazy("tokens"),
    "project.": gettext_lazy("projects"),
    "decision.": gettext_lazy("decisions about people"),
    "appeal.": gettext_lazy("appeals"),
    "review.": gettext_lazy("experts' labels"),
    "rules.": gettext_lazy("rules"),
    "policy.": gettext_lazy("policies"),
    "gold.": gettext_lazy("gold"),
    "import.": gettext_lazy("imports"),
    "export.": gettext_lazy("exports"),
    "model.": gettext_lazy("models"),
    "certificate.": gettext_lazy("certificates"),
}
"""What one may look for: how the codes begin, and what they are about."""


@register.filter
def act_in_words(action: str) -> str:
    return str(ACTS.get(action, action))


@register.simple_tag
def sorts_of_acts() -> dict[str, object]:
    return dict(SORTS)


@register.filter
def subjects_named(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """By subject, what it is called, where it is a project or a person of theirs. Two queries."""
    ids = {entry.subject: entry.subject.partition(":")[0] for entry in entries}
    projects = Project.objects.filter(public_id__in=ids.values())
    people = User.objects.filter(public_id__in=ids.values())
    names = {
        **dict(people.values_list("public_id", "username")),
        **dict(projects.values_list("public_id", "name")),
    }
    return {subject: names[key] for subject, key in ids.items() if key in names}
