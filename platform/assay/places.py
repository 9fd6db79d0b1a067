"""Where a manager or auditor can jump to: pages, projects, and the items and people of the project at hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import Roles, roles_of
from labeling.models import Enrollment, Item, ItemStatus, Project

SHOWN, OF_EACH = 12, 5


@dataclass(frozen=True)
class Place:
    """``kind`` says what sort of place it is."""

    title: str
    kind: str
    href: str


def places(user: User, words: str, project: Project | None) -> list[Place]:
    """What begins with or contains the words, the nearest first; without words, where one usually goes."""
    wanted = words.strip().casefold()
    found = [*_tabs(project, wanted), *_pages(user, wanted)]
    if wanted:
        inside = _inside(project, words.strip()) if project else ()
        return list(islice([*inside, *found, *_projects(user, wanted)], SHOWN))
    return list(islice([*found, *_projects(user, wanted)], SHOWN))


def _tabs(project: Project | None, wanted: str) -> Iterator[Place]:
    if project is None:
        return
    for name, title in _tab_names().items():
        if wanted in title.casefold():
            yield Place(title, project.name, reverse(name, args=[project.public_id]))


def _pages(user: User, wanted: str) -> Iterator[Place]:
    for name, title in _page_names(roles_of(user)).items():
        if wanted in title.casefold():
            yield Place(title, _("page"), reverse(name))


def _projects(user: User, wanted: str) -> Iterator[Place]:
    mine = Project.objects.visible_to(user).order_by("-pk")
    for project in mine.filter(name__icontains=wanted)[:SHOWN]:
        yield Place(
            project.name, _("project"), reverse("project-overview", args=[project.public_id])
        )


def _inside(project: Project, words: str) -> Iterator[Place]:
    """Items by the beginning of their name, people by their pseudonym."""
    named = Item.objects.filter(project=project, external_id__startswith=words)
    for item in named.exclude(status=ItemStatus.STAGED).order_by("pk")[:OF_EACH]:
        href = reverse("item-page", args=[project.public_id, item.public_id])
        yield Place(item.external_id, _("item"), href)
    people = Enrollment.objects.filter(project=project, pseudonym__icontains=words)
    for name in people.order_by("pk").values_list("pseudonym", flat=True)[:OF_EACH]:
        yield Place(name, _("person"), reverse("person", args=[project.public_id, name]))


def _tab_names() -> dict[str, str]:
    return {
        "project-overview": _("Overview"),
        "items": _("Items"),
        "project-people": _("People"),
        "appeals": _("Appeals"),
        "gold": _("Gold"),
        "rules": _("Rules"),
        "decisions": _("Decisions"),
        "model": _("Model"),
        "exports": _("Export"),
        "imports": _("Imports"),
        "project-settings": _("Settings"),
    }


def _page_names(roles: Roles) -> dict[str, str]:
    managing = {"new-project": _("New project")} if roles.manager else {}
    reviewing = {"review-projects": _("Review")} if roles.reviewer else {}
    return {
        "projects": _("Projects"),
        **managing,
        **reviewing,
        "jobs": _("Background work"),
        "organizations": _("Organization"),
        "account": _("Your account"),
        "api-docs": _("API"),
    }
