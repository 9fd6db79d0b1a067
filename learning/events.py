"""What learning says. Sent inside the transaction; every consequence is derivable from the tables too."""

from django.dispatch import Signal

model_published = Signal()  # project_id: int, model_id: int
round_opened = Signal()  # project_id: int, round_id: int
