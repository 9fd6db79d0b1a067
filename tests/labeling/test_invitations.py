"""Projects whose items are offered to named people only."""

import pytest

import factories
from accounts.models import Organization, User
from labeling.services.claiming import claim
from labeling.services.people import invite


@pytest.mark.django_db
def test_an_item_is_offered_only_to_those_invited(
    organization: Organization, ada: User, ben: User
) -> None:
    project = factories.project(organization, by_invitation=True, gold_share=0)
    for name in ("for-ada", "for-both", "for-nobody"):
        factories.item(project, name, seats=5)
    assert invite(project, [("for-ada", ada.pk), ("for-both", ada.pk), ("for-both", ben.pk)]) == 3
    offered = {
        user: {a.item.external_id for a in claim(project, user, 5).assignments}
        for user in (ada, ben)
    }
    assert offered == {ada: {"for-ada", "for-both"}, ben: {"for-both"}}


@pytest.mark.django_db
def test_without_invitation_everybody_is_offered_everything(
    organization: Organization, ben: User
) -> None:
    project = factories.project(organization, gold_share=0)
    factories.item(project, "open", seats=1)
    assert [a.item.external_id for a in claim(project, ben, 5).assignments] == ["open"]
