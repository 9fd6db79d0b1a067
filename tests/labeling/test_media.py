"""Pictures reach the person who labels them and the managers, and nobody else."""

import io

import pytest
from django.db.models.functions import Now
from PIL import Image
from rest_framework.test import APIClient

import factories
from accounts.models import User
from at_work import answer
from labeling import media
from labeling.media_store import checked_image, keep_all
from labeling.models import Answer, Assignment, Project
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.leases import skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organization, settings, tmp_path) -> Project:
    settings.MEDIA_STORE = tmp_path
    file = io.BytesIO()
    Image.new("L", (8, 8), 7).save(file, "PNG")
    image = checked_image(file.getvalue())
    kept = keep_all(organization.pk, [image])[image.digest]
    made = factories.project(organization, gold_share=0)
    factories.item(made, "owl", seats=3, media=kept)
    return made


def look(user: User | None, path: str) -> int:
    api = APIClient()
    api.force_authenticate(user)
    reply = api.get(path)
    for _ in reply.streaming_content if reply.streaming else []:
        pass  # read to its end, or the file stays open
    return reply.status_code


def link(project: Project, user: User) -> tuple[Assignment, str]:
    [seat] = claim(project, user, 1).assignments
    return seat, media.seat_link(seat)


def test_the_holder_of_the_seat_gets_the_picture_as_ours(project, ada) -> None:
    _, path = link(project, ada)
    api = APIClient()
    api.force_authenticate(ada)
    reply = api.get(path)
    content = b"".join(reply.streaming_content)
    assert content == media.read(project.items.get().media)
    assert reply["Content-Type"] == "image/png"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply["Cache-Control"] == "private, max-age=86400, immutable"


def test_a_link_is_no_right(project, ada, ben, mia, zed) -> None:
    _, path = link(project, ada)
    assert [look(person, path) for person in (ben, mia, zed)] == [404, 404, 404]
    assert look(None, path) in (401, 403)
    assert look(ada, path[:-1] + ("x" if path[-1] != "x" else "y")) == 404
    assert look(ada, "/media/s-whatever") == 404


def test_managers_of_the_organization_have_links_of_their_own(project, ada, mia, zed) -> None:
    path = media.item_link(project.items.get())
    assert [look(person, path) for person in (mia, zed, ada)] == [200, 404, 404]


def test_a_picture_stays_for_an_hour_after_the_answer(project, ada) -> None:
    seat, path = link(project, ada)
    submit(ada, [answer(seat)])
    Assignment.objects.update(lease_until=Now())
    assert look(ada, path) == 200
    assert Answer.objects.count() == 1


def test_a_picture_goes_with_the_seat(project, ada) -> None:
    seat, path = link(project, ada)
    skip(ada, seat.public_id)
    assert look(ada, path) == 404


def test_a_lease_that_ended_shows_nothing(project, ada) -> None:
    _, path = link(project, ada)
    Assignment.objects.update(lease_until=Now())
    assert look(ada, path) == 404


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "I;16"])
def test_lists_show_small_pictures(organization, project, mia, zed, mode) -> None:
    file = io.BytesIO()
    Image.new(mode, (400, 200)).save(file, "PNG")
    image = checked_image(file.getvalue())
    item = project.items.get()
    item.media = keep_all(organization.pk, [image])[image.digest]
    item.save()
    path = media.thumbnail_link(item.public_id)
    api = APIClient()
    api.force_authenticate(mia)
    reply = api.get(path)
    with Image.open(io.BytesIO(b"".join(reply.streaming_content))) as small:
        assert (small.format, small.size) == ("WEBP", (96, 48))
    assert reply["Content-Type"] == "image/webp"
    assert look(mia, path) == 200  # the second time it is there already
    assert look(zed, path) == 404
