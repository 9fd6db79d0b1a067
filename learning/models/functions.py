"""Small rules that vote."""

from django.db import models
from django.utils import timezone


class LabelingFunction(models.Model):
    """A small rule that votes about items. It is nobody: see ``learning.functions``.

    ``confusion[k][l]``: P(votes l | truth k, votes), counted against the labels of people. ``problem``
    says why a function that cannot vote was switched off.
    """

    project = models.ForeignKey(
        "labeling.Project", models.CASCADE, related_name="labeling_functions"
    )
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    problem = models.CharField(max_length=300, blank=True)
    confusion = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="one_function_per_name"),
        ]


class FunctionBlock(models.Model):
    """One function's votes about some items: int64 ids, ascending, and int16 codes, -1 abstains."""

    function = models.ForeignKey("learning.LabelingFunction", models.CASCADE, related_name="blocks")
    first_item = models.BigIntegerField()
    last_item = models.BigIntegerField()
    item_ids = models.BinaryField()
    votes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["function", "first_item"], name="one_function_block_per_range"
            ),
        ]
