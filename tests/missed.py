"""What a person's place in the queue would hide from them: must always be nothing."""

from django.db.models.functions import Now

from labeling.models import Enrollment, Project
from labeling.services import candidates
from labeling.services.places import go_back


def missed(project: Project) -> list[tuple[str, str]]:
    """Each person with each item that a search from the head of the queue finds, and theirs does not."""
    found = []
    for person in Enrollment.objects.filter(project=project).annotate(now=Now()):
        go_back(person, person.now)
        assert person.place is not None
        unseen = candidates.ordinary_only(candidates._never_seen(person))
        behind = unseen.filter(position__lt=person.place).values_list("external_id", flat=True)
        found += [(person.pseudonym, item) for item in behind]
    return found
