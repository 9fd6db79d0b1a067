"""Setting the scene in the database: an organization, its people with tokens, a project with items and gold.

All by the services that the API and the commands call; the items come in through an import job, which
the running site's own worker does.
"""

import time
from dataclasses import dataclass, replace

from django.utils import timezone

from accounts.models import Organization, Role, User
from accounts.services import create_organization, create_sign_in_link, create_token, create_user
from assay.demo.client import Client
from assay.demo.crew import Worker
from assay.demo.scene import Scene
from jobs.models import LIVE, Job, State
from labeling.models import Item, Project, ProjectStatus, Redundancy
from labeling.services.importing import enqueue_import
from labeling.services.people import enroll, invite
from labeling.services.projects import ProjectSpec, create_project, set_status
from learning.services.plans import configure
from learning.services.supplying import supply_features
from quality.services.gold import import_gold

PRICE_MICROS = 20_000  # two cents an answer
PROMISE = 0.98
PROMISE_ON_LITTLE_GOLD = (
    0.97  # forty gold items bear out no more without buying answers for it alone
)
LITTLE_GOLD = 60
IMPORT_SECONDS = 120


class SettingFailed(Exception):
    """The scene could not be set; the message is the platform's own."""


@dataclass(frozen=True)
class Cast:
    """The project with everybody in it. ``annotators[n]`` plays the scene's actor n."""

    organization: Organization
    project: Project
    manager: User
    auditor: User
    visitor: User  # the worker whose link is printed
    annotators: list[User]


def set_scene(scene: Scene) -> Cast:
    """Everything up to the first claim. Raises SettingFailed."""
    cast = _cast(scene)
    _import(cast, scene)
    import_gold(cast.project, scene.gold_table, items=scene.gold_file, actor=cast.manager)
    if scene.features is not None:
        supply_features(cast.project.pk, scene.external_ids, scene.features)
    configure(cast.project.pk, certainty=_promise(scene), round_size=_round_size(scene))
    if scene.eligible is not None:
        pairs = (
            (scene.external_ids[item], cast.annotators[actor].pk) for item, actor in scene.eligible
        )
        invite(cast.project, pairs)
    set_status(cast.project, ProjectStatus.LIVE, actor=cast.manager)
    return cast


def workers(scene: Scene, cast: Cast, url: str) -> list[Worker]:
    """Everybody of the scene with a token of their own, ready to work over HTTP."""
    numbers = _item_numbers(scene, cast.project)
    return [
        Worker(
            actor,
            Client(url, _token(user), cast.project.public_id),
            numbers,
            scene.labels,
            scene.prefetch,
        )
        for actor, user in zip(scene.actors, cast.annotators, strict=True)
    ]


def open_practice(scene: Scene, cast: Cast) -> Project:
    """A small live project of the same kind: the demonstration has ended, and a visitor wants to try.

    Its items are those that served as gold before. Raises SettingFailed.
    """
    spec = replace(_spec(scene), name=f"{scene.title}: your turn", by_invitation=False)
    project = create_project(cast.organization, spec, actor=cast.manager)
    _finish(enqueue_import(project, scene.gold_file, open_at_once=True, actor=cast.manager))
    set_status(project, ProjectStatus.LIVE, actor=cast.manager)
    return project


def sign_in_links(cast: Cast, practice: Project, url: str) -> dict[str, str]:
    """One-time links: to work that is open, and into the finished project."""
    project = cast.project.public_id
    places = {
        "worker": (cast.visitor, f"/tasks/{practice.public_id}"),
        "manager": (cast.manager, f"/p/{project}"),
        "auditor": (cast.auditor, f"/p/{project}/people"),
    }
    return {
        name: f"{url}/sign-in/{create_sign_in_link(user, path)}"
        for name, (user, path) in places.items()
    }


def _cast(scene: Scene) -> Cast:
    tag = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
    organization = create_organization(f"Demonstration {tag}")

    def person(name: str, role: str = Role.ANNOTATOR) -> User:
        return create_user(f"{name}-{tag}", organization=organization, role=role, display_name=name)

    manager = person("Mia", Role.MANAGER)
    project = create_project(organization, _spec(scene), actor=manager)
    return Cast(
        organization=organization,
        project=project,
        manager=manager,
        auditor=person("Olu", Role.AUDITOR),
        visitor=person("Ada"),
        annotators=[person(actor.name) for actor in scene.actors],
    )


def _spec(scene: Scene) -> ProjectSpec:
    return ProjectSpec(
        name=scene.title,
        configuration={"labels": [{"value": label} for label in scene.labels]},
        instructions=scene.instructions,
        redundancy=Redundancy.ADAPTIVE,
        seats_min=1,
        seats_max=7,
        target_certainty=0.95,
        price_micros=PRICE_MICROS,
        lease_seconds=60,
        by_invitation=scene.eligible is not None,
    )


def _promise(scene: Scene) -> float:
    return PROMISE if scene.gold.size >= LITTLE_GOLD else PROMISE_ON_LITTLE_GOLD


def _round_size(scene: Scene) -> int:
    return max(20, min(600, scene.work.size // 14))


def _import(cast: Cast, scene: Scene) -> None:
    _finish(enqueue_import(cast.project, scene.import_file, actor=cast.manager))
    for user in cast.annotators:
        enroll(cast.project, user)


def _finish(job: Job) -> None:
    """Wait for the running site to do the import."""
    end = time.monotonic() + IMPORT_SECONDS
    while job.state in LIVE and time.monotonic() < end:
        time.sleep(0.1)
        job.refresh_from_db()
    if job.state != State.DONE:
        raise SettingFailed(f"the import ended as {job.state}: {job.error}")


def _item_numbers(scene: Scene, project: Project) -> dict[str, int]:
    number = {name: n for n, name in enumerate(scene.external_ids)}
    rows = Item.objects.filter(project=project).values_list("public_id", "external_id")
    return {public_id: number[external_id] for public_id, external_id in rows}


def _token(user: User) -> str:
    return create_token(user, name="demonstration").secret
