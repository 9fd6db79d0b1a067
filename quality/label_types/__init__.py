"""How answers become one value, for label types whose answers are not codes: one module a type.

The registry takes every module here that holds an object named ``merge``; the module's name is that of
the label type (``labeling/label_types``). Types without a module have a closed set of answers and are
believed through confusion matrices. What a merge gives is a value for each item; how likely it is
right follows for every type alike from who agrees with it (``quality.inference.agreeing``).
"""

import pkgutil
from functools import cache
from importlib import import_module

from quality.label_types.base import Json, Merge

__all__ = ["Json", "Merge", "merge_of"]

NOT_TYPES = {"base", "by_label"}


@cache
def _merges() -> dict[str, Merge]:
    names = {found.name for found in pkgutil.iter_modules(__path__)} - NOT_TYPES
    return {name: import_module(f"{__name__}.{name}").merge for name in sorted(names)}


def merge_of(label_type: str) -> Merge | None:
    """How open answers of that type become one; None for a type with a closed set of answers."""
    return _merges().get(label_type)
