"""What the manager's commands have in common: a site that is ready, and looking things up by id or name.

The person at the shell is trusted: no tenant walls here.
"""

import argparse
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assay.commands._output import REFUSED, CannotDo, say
from assay.django_setup import prepare_site

if TYPE_CHECKING:
    from accounts.models import Organization
    from labeling.models import Project

Act = Callable[[argparse.Namespace], None]


def carry_out(act: Act, options: argparse.Namespace) -> int:
    """Do it on the site's database; the exit code. What is refused is said in one line."""
    prepare_site()
    from accounts.errors import AccountRefused
    from labeling.errors import Refused

    try:
        with _no_news():
            act(options)
    except (CannotDo, AccountRefused, Refused) as problem:
        say(f"assay: {problem}")
        return REFUSED
    return 0


@contextmanager
def _no_news() -> Iterator[None]:
    """A server's news would stand between progress and result."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def find_project(name: str) -> "Project":
    """The project with that id, or the only one with that name. Raises CannotDo."""
    from django.db.models import Q

    from labeling.models import Project

    found = list(Project.objects.filter(Q(public_id=name) | Q(name=name)).order_by("-pk")[:2])
    if not found:
        raise CannotDo(f"there is no project {name!r}; `assay project list` shows all")
    if len(found) > 1 and found[0].public_id != name:
        raise CannotDo(f"more than one project is named {name!r}; use its id")
    return found[0]


def find_organization(name: str | None) -> "Organization":
    """The organization of that id or name, made if there is none of that name; or the only one."""
    from django.db.models import Q

    from accounts.models import Organization
    from accounts.services import create_organization

    if name:
        named = Organization.objects.filter(Q(public_id=name) | Q(name=name)).first()
        return named or create_organization(name)
    found = list(Organization.objects.order_by("pk")[:2])
    if len(found) > 1:
        raise CannotDo("there is more than one organization; say which with --organization")
    return found[0] if found else create_organization("My organization")
