"""Items as vectors, in blocks."""

from django.db import models
from django.utils import timezone


class FeatureSpace(models.Model):
    """How the items of a project become vectors. The highest version is the one in use.

    ``kind`` names an extractor, or ``supplied`` (vectors handed in), or ``none`` (nothing suits: random
    order, no model). ``unusable`` are the items that have no vector, as int64 bytes; ``problem`` names
    the first of them and says why.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="feature_spaces")
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    unusable = models.BinaryField(default=bytes)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="one_feature_space_per_version"
            ),
        ]


class FeatureBlock(models.Model):
    """Features of some thousand items: ``item_ids`` int64 bytes [n], ``matrix`` bytes [n, width] of ``dtype``.

    ``item_ids`` ascend; ``first_item`` and ``last_item`` say which range they lie in.
    """

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="feature_blocks")
    version = models.PositiveIntegerField(default=1)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    dtype = models.CharField(max_length=10)
    first_item = models.BigIntegerField()
    last_item = models.BigIntegerField()
    item_ids = models.BinaryField()
    matrix = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version", "number"], name="one_feature_block_per_number"
            ),
        ]
