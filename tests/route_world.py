"""One organization at work with one of everything that a route names, and people in and outside of it."""

import io
from dataclasses import dataclass

from django.test import Client
from PIL import Image

import factories
import scenes
from accounts.membership import invite
from accounts.models import Organization, Role, User
from accounts.services import create_sign_in_link, create_token, create_user
from jobs.models import Job, State
from labeling import media
from labeling.media_store import checked_image, keep_all
from labeling.models import Enrollment, Import, Project
from labeling.services.claiming import claim
from labeling.services.exporting import export_path
from learning.models import Certificate, LabelingFunction, ModelVersion
from quality.models import Decision
from quality.services.appeals import appeal
from quality.services.by_hand import decide_by_hand
from quality.services.settling import settle_unused


@dataclass(frozen=True)
class World:
    """One organization at work, and the names of what is in it."""

    names: dict[str, str]
    sessions: dict[str, str]


def make_world(organization: Organization, ada: User, mia: User) -> World:
    people = {
        "annotator": ada,
        "manager": mia,
        "owner": factories.member(organization, "owen", Role.OWNER),
        "auditor": factories.member(organization, "olu", Role.AUDITOR),
        "reviewer": factories.member(organization, "rhea", Role.REVIEWER),
        **_foreigners(),
    }
    sessions = {name: session(person) for name, person in people.items()}
    return World(_names(factories.project(organization), ada, mia), sessions)


def session(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def _foreigners() -> dict[str, User]:
    """They have a project of their own with people and items in it; it does not help them here."""
    elsewhere = factories.organization("Elsewhere")
    zed, zoe = factories.manager(elsewhere, "zed"), factories.annotator(elsewhere, "zoe")
    factories.item(factories.project(elsewhere), seats=2)
    return {"foreign manager": zed, "foreign annotator": zoe}


def _names(project: Project, ada: User, mia: User) -> dict[str, str]:
    [image] = keep_all(project.organization_id, [checked_image(picture())]).values()
    factories.item(project, seats=3, media=image)
    answered = factories.item(project, seats=1)
    seat = scenes.say(project, ada, answered, "owl")
    settle_unused(project.pk)
    [held] = claim(project, ada, 1).assignments
    upload = Import.objects.create(project=project, name="rows.csv", stored_as="nowhere")
    decision = warn(project, ada)
    return {
        "annotator": Enrollment.objects.get(project=project, annotator=ada).pseudonym,
        "decision": decision.public_id or "",
        "appeal": appeal(ada, decision.public_id or "", "why?").public_id or "",
        "project": project.public_id,
        "item": answered.public_id,
        "organization": project.organization.public_id,
        "api_token": _token_of_a_made_account(project.organization),
        "person": ada.enrollments.get(project=project).pseudonym,
        "assignment": held.public_id,
        "answer": seat.answers.get().public_id,
        "token": media.seat_link(held).removeprefix("/media/"),
        "upload": upload.public_id,
        "job": _export_of(project),
        "secret": create_sign_in_link(mia),
        "number": _certificate_of(project),
        "function": _function_of(project),
        "model": "1",
        "act": "set-aside",
        "chart": "burn-up",
        "member": ada.public_id,
        "link": invite(project.organization, Role.ANNOTATOR, actor=mia).link.public_id,
        "job_act": "stop",
    }


def _token_of_a_made_account(organization: Organization) -> str:
    made = create_user("made", organization=organization)
    return create_token(made).token.digest[:16]


def warn(project: Project, person: User) -> Decision:
    name = Enrollment.objects.get(project=project, annotator=person).pseudonym
    return decide_by_hand(project, name, actions=["warn"], reason="too quick", by=None)


def _certificate_of(project: Project) -> str:
    """A certificate whose audit is under way."""
    model = ModelVersion.objects.create(
        project=project, number=1, estimator="logistic", labels_seen=20, parameters={"n_labels": 2}
    )
    made = Certificate.objects.create(project=project, model=model, bound=0.1, confidence=0.9)
    return str(made.number)


def _function_of(project: Project) -> str:
    made = LabelingFunction.objects.create(
        project=project,
        name="says-cat",
        kind="keyword",
        parameters={"field": "text", "words": ["cat"], "label": "cat"},
    )
    return made.name


def _export_of(project: Project) -> str:
    """An export job that has written its file."""
    job = Job.objects.create(
        kind="labeling.export",
        tenant=project.organization_id,
        subject=f"project:{project.public_id}",
        state=State.DONE,
        result={"file": "export.csv"},
    )
    path = export_path("export.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("task,worker,label\n")
    return job.public_id


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "PNG")
    return file.getvalue()
