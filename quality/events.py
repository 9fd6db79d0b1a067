"""What quality says. Sent inside the transaction; receivers send a hint on commit and do nothing else."""

from django.dispatch import Signal

items_settled = Signal()  # project_id: int, item_ids: list[int]; newly settled work items
annotator_paused = Signal()  # project_id: int, annotator_id: int
