"""What can be refused, in the words of labeling. ``assay/errors.py`` knows the HTTP statuses."""


class Refused(Exception):
    """The change cannot be made; ``field`` names what it is about, if it is about one field."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.message = message
        self.field = field
        super().__init__(f"{field}: {message}" if field else message)


class Conflict(Refused):
    """It could be made, but not in the present state of things."""


class NotFound(Exception):
    """It does not exist for this person; unknown and foreign look the same."""
