"""The registry of label types: every folder here whose package holds a ``label_type`` is one.

The folder's name is not used; ``label_type.name`` is what a project stores. See README.md.
"""

import pkgutil
from functools import cache
from importlib import import_module

from labeling.label_types.base import (
    CanonicalAnswer,
    InvalidAnswer,
    InvalidConfiguration,
    Json,
    LabelType,
)

__all__ = [
    "CanonicalAnswer",
    "InvalidAnswer",
    "InvalidConfiguration",
    "Json",
    "LabelType",
    "label_type",
    "label_types",
]


@cache
def label_types() -> dict[str, LabelType]:
    """All label types by name."""
    packages = [found.name for found in pkgutil.iter_modules(__path__) if found.ispkg]
    types: list[LabelType] = [
        import_module(f"{__name__}.{name}").label_type for name in sorted(packages)
    ]
    return {kind.name: kind for kind in types}


def label_type(name: str) -> LabelType:
    """The label type of that name. Raises InvalidConfiguration for an unknown one."""
    if name not in label_types():
        known = ", ".join(sorted(label_types()))
        raise InvalidConfiguration("label_type", f"is unknown; known are {known}")
    return label_types()[name]
