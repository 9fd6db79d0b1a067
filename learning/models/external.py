"""Models that live on other machines."""

from django.db import models


class Circuit(models.Model):
    """Whether a model at an address is asked at all: see ``learning.services.calling``.

    ``failures``: calls in a row that brought nothing; ``opens_at``: nobody calls before.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="circuits")
    url = models.CharField(max_length=200)
    failures = models.PositiveIntegerField(default=0)
    opens_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "url"], name="one_circuit_per_address"),
        ]
