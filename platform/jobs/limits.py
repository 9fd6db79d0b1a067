"""The numbers of the job engine."""

from datetime import timedelta

HINT_AGAIN = timedelta(seconds=30)  # a due job that waits on is hinted again this much later
HINTS_PER_SWEEP = 100  # a long line is not hinted anew as a whole
RELEASED_PER_SWEEP = 100
PROGRESS_EVERY = 0.5  # seconds between two writes of progress
RENEWALS_PER_LEASE = 3
ERROR_LENGTH = 2000
MESSAGE_LENGTH = 300
SLOTS_KEPT = 20  # turns of a schedule that stay on record
RETRY_FIRST = 2.0  # seconds before the second attempt; doubled for each one after
RETRY_LONGEST = 60.0
