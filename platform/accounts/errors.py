"""What can go wrong with accounts, in the words of this app. ``assay/errors.py`` knows the statuses."""


class AccountRefused(Exception):
    """The account cannot be made or changed like this; ``field`` says what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


class NotYours(Exception):
    """It does not exist for this person: unknown and foreign are the same to them."""
