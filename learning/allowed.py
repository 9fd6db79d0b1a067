"""Python by dotted path, as far as the administrator has allowed it (setting ``ALLOWED_PYTHON``).

An entry is a full path (``sklearn.neighbors.KNeighborsClassifier``) or a module with a dot behind it
(``sklearn.neighbors.``) for everything directly in it. Nothing else is ever imported.
"""

from importlib import import_module
from typing import Any

from django.conf import settings


class NotAllowed(ValueError):
    """The path is not on the list, or nothing is there; the message is for people."""


def require(path: Any) -> None:
    """Raises NotAllowed unless the path is on the list."""
    if not isinstance(path, str) or not all(part.isidentifier() for part in path.split(".")):
        raise NotAllowed("a dotted path is wanted, such as package.module.name")
    module, _, _name = path.rpartition(".")
    if path not in settings.ALLOWED_PYTHON and f"{module}." not in settings.ALLOWED_PYTHON:
        raise NotAllowed(f"{path} is not on the administrator's list (ASSAY_ALLOWED_PYTHON)")


def resolve(path: str) -> Any:
    """What stands at the path. Raises NotAllowed."""
    require(path)
    module, _, name = path.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise NotAllowed(f"{path} cannot be imported: {error}") from None
