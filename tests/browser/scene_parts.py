"""What the parts of the scene are made of: people, projects, items.

Every text that a person can type carries a marker with markup in it (``marked``), so that each page proves it is
shown as text.
"""

import io
from collections.abc import Sequence

from django.test import Client
from PIL import Image, ImageDraw

from accounts.models import Organization, Role, User
from accounts.services import create_user
from labeling.media_store import checked_image, keep_all
from labeling.models import Item, Project, Redundancy
from labeling.services.opening import open_items
from labeling.services.people import enroll
from labeling.services.projects import ProjectSpec, create_project, set_status

SEATS = 50
A_WORD = "long" * 25_000  # without a place to break it


def marked(name: str) -> str:
    """A text that would run, break out of a tag or vanish if it were taken for markup."""
    return f"""{name}"'><script>alert(1)</script><b id="{name}">&amp;"""


def person(
    organization: Organization, name: str, role: str = Role.ANNOTATOR, shown: str = ""
) -> User:
    return create_user(name, organization=organization, role=role, display_name=shown)


def session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def spec(name: str, labels: Sequence[str], instructions: str = "") -> ProjectSpec:
    return ProjectSpec(
        name=name,
        configuration={"labels": [{"value": value} for value in labels]},
        instructions=instructions or f"{name}?\n\nRead to the end before you answer.",
        redundancy=Redundancy.FIXED,
        seats_min=SEATS,
        seats_max=SEATS,
        gold_share=0.0,
        price_micros=20_000,
    )


def live(
    organization: Organization, name: str, labels: Sequence[str], instructions: str = ""
) -> Project:
    project = create_project(organization, spec(name, labels, instructions))
    set_status(project, "live")
    return project


def add_pictures(project: Project, count: int) -> None:
    images = [checked_image(drawn(number)) for number in range(count)]
    kept = keep_all(project.organization_id, images)
    items = [
        Item(project=project, external_id=f"picture-{n}", media=kept[image.digest])
        for n, image in enumerate(images)
    ]
    opened(project, Item.objects.bulk_create(items))


def drawn(number: int) -> bytes:
    image = Image.new("L", (96, 96), 255)
    ImageDraw.Draw(image).text((30, 20), str(number), fill=0, font_size=48)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def add(project: Project, payloads: Sequence[dict[str, str]]) -> None:
    items = [
        Item(project=project, external_id=f"item-{n}", payload=payload)
        for n, payload in enumerate(payloads)
    ]
    opened(project, Item.objects.bulk_create(items))


def opened(project: Project, items: Sequence[Item]) -> None:
    open_items(project.pk, [item.pk for item in items], SEATS)


def enrolled(project: Project, user: User) -> tuple[Project, User]:
    enroll(project, user)
    return project, user
