"""Passwords are not guessed: under one name so many tries in a while, whoever makes them, then nothing but waiting.

A try is written down before the password is looked at, so that many at once count as many. What is refused is
not counted, so waiting ends. A sign-in link goes past all this: whoever is locked out by somebody else asks for one.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import SignInTry
from accounts.tokens import digest

TRIES = 10
WITHIN = timedelta(minutes=10)


def may_try(name: str) -> bool:
    """Count this try. False when there were too many: then the password must not even be looked at."""
    SignInTry.objects.filter(at__lt=timezone.now() - WITHIN).delete()
    made = SignInTry.objects.create(digest=_digest(name))
    if SignInTry.objects.filter(digest=made.digest).count() <= TRIES:
        return True
    made.delete()
    return False


def forget_tries(name: str) -> None:
    """Whoever got in starts anew."""
    SignInTry.objects.filter(digest=_digest(name)).delete()


def _digest(name: str) -> str:
    return digest(name.strip().casefold())
