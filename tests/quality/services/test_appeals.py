"""Decisions contested, answered and made by several at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import crowd_at_work
import scenes
from accounts.models import AuditEntry
from labeling.errors import Conflict, NotFound, Refused
from labeling.models import Enrollment, EnrollmentStatus
from labeling.services.claiming import claim
from quality.models import Appeal, Decision, SetAside
from quality.queries.decided import appeals, my_decisions
from quality.queries.policies import policy_of
from quality.services.appeals import appeal, decide_appeal
from quality.services.by_hand import decide_by_hand
from quality.services.decisions import reverse
from quality.services.refit import Unfenced, refit
from quality.services.surveying import survey_project
from together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(project, ada, mia):
    items = scenes.open_work(project, 2, seats=2)
    scenes.say_all(project, ada, [(item, "3") for item in items])
    name = Enrollment.objects.get(annotator=ada).pseudonym
    return decide_by_hand(
        project, name, actions=["pause", "set_aside"], reason="0 of 9 gold right", by=mia
    )


def test_a_person_contests_a_decision_once_at_a_time(decided, ada, ben, mia, project):
    made = appeal(ada, decided.public_id, "  I read every one.  ")
    assert (made.state, made.text) == ("open", "I read every one.")
    with pytest.raises(Conflict):
        appeal(ada, decided.public_id, "really")
    with pytest.raises(NotFound):
        appeal(ben, decided.public_id, "not me")
    with pytest.raises(Refused):
        appeal(ada, decided.public_id, " ")
    [row] = appeals(project, state="open").rows
    assert (row.text, row.decision.id) == ("I read every one.", decided.public_id)


def test_an_upheld_decision_stands_and_an_overturned_one_is_reversed(decided, ada, mia, project):
    first = appeal(ada, decided.public_id, "I read every one.")
    decide_appeal(first, overturn=False, words="We looked: it stays.", by=mia)
    decided.refresh_from_db()
    assert decided.reversed_at is None
    second = appeal(ada, decided.public_id, "Look again.")
    decide_appeal(second, overturn=True, words="You are right.", by=mia)
    decided.refresh_from_db()
    assert (decided.reversed_by, decided.reversal_reason) == (mia, "You are right.")
    assert not SetAside.objects.exists()
    assert Enrollment.objects.get(annotator=ada).status == EnrollmentStatus.ACTIVE
    with pytest.raises(Conflict):
        decide_appeal(second, overturn=False, words="No.", by=mia)
    with pytest.raises(Conflict):
        appeal(ada, decided.public_id, "once more")
    [mine] = my_decisions(ada.pk).rows
    assert [one.state for one in mine.appeals] == ["upheld", "overturned"]


def test_until_when_an_appeal_is_answered_is_promised_and_kept(decided, ada, mia, project):
    before = timezone.now()
    first = appeal(ada, decided.public_id, "I read every one.")
    assert timedelta(days=7) <= first.due - before < timedelta(days=7, minutes=1)
    client, page = Client(), f"/p/{project.public_id}/appeals"
    client.force_login(mia)
    name = Enrollment.objects.get(annotator=ada).pseudonym
    shown = client.get(page).content.decode()
    assert f"{first.due:%Y-%m-%d %H:%M}" in shown
    assert "Overdue" not in shown
    assert name not in shown  # hidden until asked for
    assert name in client.get(f"{page}?names").content.decode()
    assert [row.said for row in shown_answers(client, page)] == ["3", "3"]
    for wrong in ("0", "61", "x", ""):
        client.post(page, {"days": wrong})
    assert policy_of(project.pk).appeal_days == 7
    client.post(page, {"days": "2"})
    assert appeals(project).rows[0].due == first.due  # what was promised stays
    decide_appeal(first, overturn=False, words="It stays.", by=mia)
    second = appeal(ada, decided.public_id, "Look again.")
    assert second.due - timezone.now() < timedelta(days=2)
    Appeal.objects.filter(pk=second.pk).update(due_at=before)
    assert "Overdue" in client.get(page).content.decode()
    told = b"".join(client.get(f"/p/{project.public_id}/decisions.csv")).decode()
    assert told.splitlines()[1].split(",")[2:5] == [name, "pause set_aside", "0 of 9 gold right"]
    client.force_login(ada)
    assert "and late" in client.get("/me").content.decode()


def shown_answers(client, page):
    [entry] = client.get(page).context["appeals"]
    return entry["answers"]


def test_what_takes_nothing_away_is_neither_told_nor_contested(project, ada, mia):
    scenes.enroll(project, ada)
    name = Enrollment.objects.get(annotator=ada).pseudonym
    Enrollment.objects.filter(annotator=ada).update(claimed=500)
    quiet = decide_by_hand(project, name, actions=["more_gold"], reason="odd", by=mia)
    assert Enrollment.objects.get(annotator=ada).claimed == 0
    assert my_decisions(ada.pk).rows == []
    with pytest.raises(NotFound):
        appeal(ada, quiet.public_id, "why")


@pytest.mark.django_db(transaction=True)
def test_two_managers_answer_an_appeal_once(decided, ada, mia):
    made = appeal(ada, decided.public_id, "I read every one.")

    def answer() -> bool:
        try:
            decide_appeal(made, overturn=True, words="Right.", by=mia)
        except Conflict:
            return False
        return True

    assert sum(together([answer] * 4)) == 1
    assert AuditEntry.objects.filter(action="decision.reversed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_surveys_at_once_decide_once(organization):
    played = crowd_at_work.play(organization, {"competent": 5, "many_accounts": 2}, n_work=60)
    refit(played.project.pk, Unfenced())
    together([lambda: survey_project(played.project.pk, Unfenced())] * 3)
    rows = Decision.objects.values_list("annotator", "action")
    assert len(rows) == len(set(rows)) == 2


def test_who_is_asked_to_practise_again_starts_over(organization, ada, mia):
    project = scenes.digits_project(organization, practice_bound=0.5)
    scenes.open_work(project, 3)
    scenes.enroll(project, ada)
    Enrollment.objects.filter(annotator=ada).update(practiced_at=timezone.now())
    name = Enrollment.objects.get(annotator=ada).pseudonym
    made = decide_by_hand(project, name, actions=["practice"], reason="rules changed", by=mia)
    assert Enrollment.objects.get(annotator=ada).practiced_at is None
    assert claim(project, ada, 1).why_empty == "nothing_open"  # no practice item is
    reverse(made, by=mia, reason="not needed")
    assert claim(project, ada, 1).assignments
