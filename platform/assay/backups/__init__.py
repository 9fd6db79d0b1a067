"""Backups: one tar file with the database, the media and a manifest of checksums.

The database is copied first and the media after it: a picture is on disk before a row names it, so whatever the
copy of the database names is among the media. The manifest comes last; a file that was cut off has none.
"""


class BackupProblem(Exception):
    """It cannot be done; the message says why and what to do."""
