"""Gold is served evenly over the labels, however many gold items each label has.

Who only ever says the commonest label is caught by the rarer ones; where gold is as lopsided as the world,
that takes several times as long.
"""

from collections import Counter

from labeling.models import ItemRole, Project
from labeling.services.gold_places import place_gold
from quality.models import GoldAnswer


def balance_gold(project: Project) -> int:
    """Place the gold items in use so that every label is met alike. How many there are."""
    used = GoldAnswer.objects.filter(
        item__project=project, item__role=ItemRole.GOLD, retired_at__isnull=True
    )
    codes = dict(used.values_list("item_id", "label_code"))
    sizes = Counter(codes.values())
    shares = {item_id: 1.0 / sizes[code] for item_id, code in codes.items()}
    return place_gold(project.pk, shares) if shares else 0
