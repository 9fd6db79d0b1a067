"""Reading uploaded files row by row: CSV, TSV, JSON Lines, JSON, plain lines, zips of pictures, each also gzipped.

Nothing is trusted and nothing is held whole in memory: rows come one after the other, with their number
in the file, and whatever is wrong is a ``BadFile`` that names row and field. The kind of a file is told
by the end of its name.
"""

from labeling.files.reading import read_every_row, read_rows
from labeling.files.rows import BadFile, Row

__all__ = ["BadFile", "Row", "read_every_row", "read_rows"]
