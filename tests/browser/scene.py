"""Fills a fresh database with one of everything that pages show, and prints who is who as one line of JSON.

Run as a process of its own before the site starts: ``python scene.py`` with the site's environment.
"""

import json
import sys
from typing import Any

from assay.django_setup import prepare_django

prepare_django()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from scene_desk import finished, refused_import, under_way  # noqa: E402
from scene_judged import judged, names_in  # noqa: E402
from scene_parts import enrolled, marked, person, session, spec  # noqa: E402
from scene_tasks import worked_in  # noqa: E402

from accounts.membership import invite  # noqa: E402
from accounts.models import Role  # noqa: E402
from accounts.services import create_organization, create_sign_in_link  # noqa: E402
from labeling.services.people import pause  # noqa: E402
from labeling.services.projects import create_project  # noqa: E402

WORKERS = 12


def main() -> int:
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        told = set_scene()
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def set_scene() -> dict[str, Any]:
    organization = create_organization(marked("organization"))
    workers = [person(organization, f"worker{n}") for n in range(WORKERS)]
    manager = person(organization, "mia", Role.MANAGER, marked("person"))
    auditor = person(organization, "olu", Role.AUDITOR)
    owner = person(organization, "owen", Role.OWNER)
    other = person(create_organization("Elsewhere"), "zed", Role.MANAGER)
    projects = {
        **worked_in(organization),
        "judged": (judged_project := judged(organization, workers)),
        "finished": finished(organization, workers),
        "under_way": under_way(organization, workers),
        "draft": create_project(organization, spec("A draft", ["yes", "no"])),
    }
    pause(
        *enrolled(projects["texts"], workers[-1]), "Your last 20 answers to checks were at chance."
    )
    everybody = {user.username: user for user in [*workers, manager, auditor, owner, other]}
    return {
        "projects": {name: project.public_id for name, project in projects.items()},
        "sessions": {name: session(user) for name, user in everybody.items()},
        "names": {
            "upload": refused_import(projects["draft"]),
            **names_in(judged_project),
            "organization": organization.public_id,
            "invitation": invite(organization, Role.ANNOTATOR, actor=owner).secret,
        },
        "links": [create_sign_in_link(manager, "/projects") for _ in range(4)],
    }


if __name__ == "__main__":
    sys.exit(main())
