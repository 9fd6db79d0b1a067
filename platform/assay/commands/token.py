"""Make and revoke tokens for the API."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING

from assay.commands._manage import carry_out
from assay.commands._output import CannotDo, add_json, show

if TYPE_CHECKING:
    from accounts.models import User


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True)
    create = acts.add_parser("create", help="make a token; it is shown once")
    create.add_argument("user", help="name of the account")
    create.add_argument("--name", default="", help="what it is for")
    create.add_argument("--days", type=int, help="it ends after so many days (default: never)")
    create.set_defaults(act=_create)
    revoke = acts.add_parser("revoke", help="end tokens, from the next request on")
    revoke.add_argument("user", help="name of the account")
    revoke.add_argument("--name", help="only the tokens of this name (default: all)")
    revoke.set_defaults(act=_revoke)
    for parser_of_act in (create, revoke):
        add_json(parser_of_act)


def run(options: argparse.Namespace) -> int:
    return carry_out(options.act, options)


def _create(options: argparse.Namespace) -> None:
    from accounts.services import create_token

    if options.days is not None and not 1 <= options.days <= 36_500:
        raise CannotDo("--days must be from 1 to 36500")
    lifetime = timedelta(days=options.days) if options.days else None
    made = create_token(_user(options.user), name=options.name[:100], lifetime=lifetime)
    show(options, {"user": options.user, "name": made.token.name, "token": made.secret})


def _revoke(options: argparse.Namespace) -> None:
    from accounts.models import ApiToken
    from accounts.services import revoke_token

    tokens = ApiToken.objects.filter(user=_user(options.user), revoked_at=None)
    if options.name is not None:
        tokens = tokens.filter(name=options.name)
    show(options, {"user": options.user, "revoked": sum(revoke_token(token) for token in tokens)})


def _user(name: str) -> "User":
    from accounts.models import User

    user = User.objects.filter(username=name).first()
    if user is None:
        raise CannotDo(f"there is no account named {name!r}")
    return user
