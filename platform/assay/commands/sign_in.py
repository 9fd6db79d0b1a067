"""Print a link that signs a person in once; a person who is not there yet is made."""

import argparse
from typing import TYPE_CHECKING

from assay.commands._manage import carry_out, find_organization
from assay.commands._output import CannotDo, add_json, show
from assay.settings.environment import read_environment

if TYPE_CHECKING:
    from accounts.models import User

ROLES = ("owner", "manager", "auditor", "reviewer", "annotator")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="user name")
    parser.add_argument("--role", choices=ROLES, help="of a new person (default: manager)")
    parser.add_argument("--organization", help="id or name; made if there is none of that name")
    parser.add_argument("--url", help="where the site is seen (default: this machine)")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    return carry_out(_link, options)


def _link(options: argparse.Namespace) -> None:
    from accounts.services import create_sign_in_link

    user = _known(options) or _new(options)
    url = (options.url or _here()).rstrip("/")
    show(options, {"name": user.username, "link": f"{url}/sign-in/{create_sign_in_link(user)}"})


def _known(options: argparse.Namespace) -> "User | None":
    from accounts.models import User

    user = User.objects.filter(username=options.name).first()
    if user and (options.role or options.organization):
        raise CannotDo(f"{options.name!r} exists; --role and --organization are for new people")
    return user


def _new(options: argparse.Namespace) -> "User":
    from accounts.services import create_user

    organization = find_organization(options.organization)
    return create_user(options.name, organization=organization, role=options.role or "manager")


def _here() -> str:
    environment = read_environment()
    return f"http://{environment.bind}:{environment.port}"
