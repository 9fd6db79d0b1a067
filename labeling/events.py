"""What labeling says. Sent inside the transaction; receivers send a hint on commit and do nothing else.

Each names rows by id. Everything that follows must also be derivable from the tables, because a
message may be lost.
"""

from django.dispatch import Signal

answers_stored = (
    Signal()
)  # project_id: int, item_ids: list[int]; counted answers, late ones among them
items_added = Signal()  # project_id: int
project_changed = Signal()  # project_id: int
