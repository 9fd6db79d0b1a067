import pytest

import scenes
from accounts.models import Organization
from labeling.models import Project


@pytest.fixture
def project(organization: Organization) -> Project:
    return scenes.digits_project(organization)
