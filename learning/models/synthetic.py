"""Items that nobody brought."""

from django.db import models


class SyntheticWork(models.Model):
    """The project in which people label what was made for ``project``.

    Made items live there and nowhere else: no count, certificate or export of the real project can hold one.
    """

    project = models.OneToOneField(
        "labeling.Project", models.CASCADE, related_name="synthetic_work"
    )
    made_in = models.OneToOneField("labeling.Project", models.CASCADE, related_name="made_for")


class Synthetic(models.Model):
    """How one item was made: at ``share`` of the way from one real item to another."""

    item = models.OneToOneField("labeling.Item", models.CASCADE, related_name="synthetic")
    first = models.ForeignKey("labeling.Item", models.CASCADE, related_name="+")
    second = models.ForeignKey("labeling.Item", models.CASCADE, related_name="+")
    share = models.FloatField()
