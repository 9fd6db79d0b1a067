"""The sessions of one person: noted at sign-in, listed and ended from their account page."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SessionNote, User

AGENT_LENGTH = 200
LISTED = 50


@dataclass(frozen=True)
class LiveSession:
    """One session that still counts; ``own`` is the one that asks."""

    id: str
    agent: str
    since: datetime
    own: bool


def note_session(request: HttpRequest, user: User) -> None:
    """Remember where this sign-in came from."""
    if request.session.session_key is None:
        request.session.create()
    agent = request.META.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH].replace("\0", "")
    SessionNote.objects.update_or_create(
        session_key=request.session.session_key, defaults={"user": user, "agent": agent}
    )


def sessions_of(user: User, own_key: str | None) -> list[LiveSession]:
    """The newest first; ended ones left out."""
    notes = list(SessionNote.objects.filter(user=user).order_by("-pk")[:LISTED])
    keys = [note.session_key for note in notes]
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    known = set(alive.values_list("session_key", flat=True))
    return [
        LiveSession(note.public_id, note.agent, note.created_at, note.session_key == own_key)
        for note in notes
        if note.session_key in known
    ]


@transaction.atomic
def end_session(user: User, session_id: str) -> bool:
    """Sign that session out. False if it is not this person's, or ended before."""
    note = SessionNote.objects.filter(user=user, public_id=session_id).first()
    if note is None:
        return False
    ended, _ = Session.objects.filter(session_key=note.session_key).delete()
    note.delete()
    return ended > 0
