"""What is left for visitors when the demonstration has ended."""

from pathlib import Path

import pytest

import factories
from accounts.models import Role
from assay.demo import setting
from assay.demo.digits import digits_scene
from assay.demo.setting import Cast, open_practice, sign_in_links
from jobs.models import Job
from jobs.running import run_job
from labeling.services.claiming import claim

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_workers_link_leads_to_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def finish(job: Job) -> None:  # no site runs here that would do it
        run_job(job.pk)

    monkeypatch.setattr(setting, "_finish", finish)
    project = factories.project(factories.organization())
    people = [
        setting.create_user(name, organization=project.organization, role=role)
        for name, role in (("m", Role.MANAGER), ("o", Role.AUDITOR), ("v", Role.ANNOTATOR))
    ]
    cast = Cast(project.organization, project, *people, annotators=[])
    practice = open_practice(digits_scene(tmp_path, n_items=40, seed=1), cast)
    assert len(claim(practice, cast.visitor, 3).assignments) == 3
    assert set(sign_in_links(cast, practice, "http://x")) == {"worker", "manager", "auditor"}
