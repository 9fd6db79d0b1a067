"""All extractors by name, in the order in which ``auto`` tries them: the only place that lists them."""

from collections.abc import Sequence

from learning.features.gradients import Gradients
from learning.features.images import Images
from learning.features.raw import Extractor, RawItem
from learning.features.table import Table
from learning.features.text import Text
from learning.features.vectors import Vectors

AUTO = "auto"
SUPPLIED = "supplied"  # vectors that were handed in at set-up: nothing to extract
SENTENCES = "sentences"  # asked for by name; Assay ships no weights, so they are handed in
NONE = "none"  # nothing suits: random order and no model
SUITS_SHARE = 0.5


class UnknownExtractor(ValueError):
    """No extractor has that name."""


_EXTRACTORS: dict[str, Extractor] = {
    extractor.name: extractor for extractor in (Vectors(), Images(), Table(), Text(), Gradients())
}


def get(name: str) -> Extractor:
    if name not in _EXTRACTORS:
        raise UnknownExtractor(f"no features {name!r}; there are {', '.join(names())}")
    return _EXTRACTORS[name]


def names() -> list[str]:
    return list(_EXTRACTORS)


def choose(wanted: str, sample: Sequence[RawItem]) -> Extractor | None:
    """The extractor of that name, or with ``auto`` the first that suits at least half of the sample.

    None when it suits nothing at all: there is nothing to learn from then.
    """
    candidates = list(_EXTRACTORS.values()) if wanted == AUTO else [get(wanted)]
    least = SUITS_SHARE * len(sample) if wanted == AUTO else 1
    for extractor in candidates:
        if sample and sum(extractor.suits(item) for item in sample) >= max(1, least):
            return extractor
    return None
