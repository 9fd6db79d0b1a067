"""The audit log speaks in words: every act that is ever written down has a name, and is found by its sort."""

import ast
import csv
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Organization, Role, User
from accounts.services import audit, create_user
from assay.templatetags.audit_log import ACTS, act_in_words
from labeling.models import ProjectStatus
from quality.models import Action, AppealState

ROOT = Path(__file__).resolve().parents[3]
SPELT_OUT = {
    "project.": ProjectStatus.values,
    "decision.": Action.values,
    "appeal.": [AppealState.UPHELD, AppealState.OVERTURNED],
    "function.": ["on", "off"],
}


def written_down() -> set[str]:
    """The codes that calls of ``audit`` name in the source."""
    found = {sort + end for sort, ends in SPELT_OUT.items() for end in ends}
    for app in ("platform", "labeling", "quality", "learning"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit":
                    found.update(_codes(node.args[2]))
    return found


def _codes(said: ast.expr) -> set[str]:
    literal = isinstance(said, ast.Constant) and isinstance(said.value, str)
    return {str(said.value)} if literal else set()  # type: ignore[attr-defined]


def test_every_act_has_a_name() -> None:
    codes = written_down()
    assert len(codes) > 40
    assert codes - ACTS.keys() == set()
    assert act_in_words("unheard.of") == "unheard.of"


@pytest.mark.django_db
def test_an_entry_is_told_in_words_and_found_by_its_sort(
    organization: Organization, mia: User
) -> None:
    person = create_user("ann", organization=organization, role=Role.ANNOTATOR)
    audit(organization, mia, "member.role", person.public_id, role="auditor")
    audit(organization, mia, "gold.added", "x", items=3)
    client = Client()
    client.force_login(mia)
    page = client.get(f"/organizations/{organization.public_id}/log").content.decode()
    assert "changed a member&#x27;s role" in page
    assert '<span dir="auto">ann</span>' in page
    whole = client.get(f"/organizations/{organization.public_id}/log.csv")
    lines = list(csv.reader(b"".join(whole).decode().splitlines()))  # type: ignore[arg-type]
    assert [line[1:3] for line in lines[1:3]] == [["mia", "gold.added"], ["mia", "member.role"]]
    found = client.get(f"/organizations/{organization.public_id}/log?action=gold.").content.decode()
    assert "added gold" in found
    assert "changed a member" not in found
