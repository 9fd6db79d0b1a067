"""Limits of the labeling engine. Every one is a number in this module."""

from datetime import timedelta

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

# Work
SEATS_AT_ONCE = 50  # seats that one person holds in one project
ANSWERS_AT_ONCE = 50
REVISE_WITHIN = timedelta(minutes=10)
REVISIONS = 50  # of one answer
RENEWALS_LAST = 10  # a lease can be stretched to this many times its length
SECONDS_LONGEST = 24 * 3600.0  # the client's own measure of an answer
GOLD_SEATS = 1_000_000  # a gold item never runs out of seats
BONUS_LIMIT = 10**12  # micro-units on top of one answer
PEOPLE_AT_ONCE = 200  # accounts made by one request
WITHDRAWN_AT_ONCE = 10_000

# Label sets and texts
LABELS = 500
LABEL_LENGTH = 200
INSTRUCTIONS_LENGTH = 100_000
REASON_LENGTH = 300

# Imports
EXTERNAL_ID_LENGTH = 200
PAYLOAD_BYTES = 256 * KIBIBYTE
ROW_BYTES = MEBIBYTE
COLUMNS = 200
IMPORT_BATCH = 1000
ERRORS_REPORTED = 100
UNPACKED_RATIO = 200  # a packed file that grows more than this is a bomb
UNPACKED_BYTES = 20 * 1024 * MEBIBYTE
ARCHIVE_ENTRIES = 200_000
DIRECTORY_BYTES = 20 * MEBIBYTE  # an archive's list of entries, which is read whole

# Media
IMAGE_BYTES = 20 * MEBIBYTE
IMAGE_PIXELS = 32_000_000  # decoded, a picture is held twice: 3 or 4 bytes a pixel
MEDIA_AFTER_ANSWER = timedelta(hours=1)  # how long a person may still look at what they answered
