"""What this app says to those above it."""

from django.dispatch import Signal

# job: Job. Sent inside the transaction that ends the job (done, failed or cancelled).
job_ended = Signal()
