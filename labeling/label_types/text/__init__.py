"""Free text: a transcription, a translation, a name.

Configuration: ``{"shortest": 1, "longest": 1000, "lines": false, "tolerance": 0.1}``, in characters (Unicode
code points) of the canonical form. Canonical: composed (NFC), without space at the ends, runs of space as
one blank; with ``lines`` the lines stay, each treated like that. An answer agrees with gold if the
words that have to be changed, put in or left out are at most ``tolerance`` of the words of the longer of
both; case and punctuation do not count.
"""

import unicodedata

from labeling.label_types.base import (
    CanonicalAnswer,
    InvalidAnswer,
    InvalidConfiguration,
    Json,
    LabelType,
)
from labeling.label_types.configuration import flag, known_fields, number, whole
from labeling.label_types.text.words import share_of_edits, words_of
from labeling.texts import is_storable

LONGEST = 20_000
USUAL_LONGEST = 2000
NEAR = 0.1
SLACK = 4  # times the longest: what may be sent before spaces are taken away
MARKS = 30  # on one letter, as in Unicode's stream-safe format: sorting more takes quadratic time


class Text(LabelType):
    name = "text"

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = known_fields(configuration, {"shortest", "longest", "lines", "tolerance"})
        shortest = whole(given, "shortest", 0, LONGEST, 1)
        longest = whole(given, "longest", 1, LONGEST, max(USUAL_LONGEST, shortest))
        if longest < shortest:
            raise InvalidConfiguration("longest", "must not be below shortest")
        return {
            "shortest": shortest,
            "longest": longest,
            "lines": flag(given, "lines", default=False),
            "tolerance": number(given, "tolerance", 0, 1, NEAR),
        }

    def label_values(self, configuration: dict[str, Json]) -> list[str]:  # noqa: ARG002
        return []

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        if not isinstance(value, str):
            raise InvalidAnswer("value", "must be a text")
        longest = configuration["longest"]
        if len(value) > SLACK * longest:
            raise InvalidAnswer("value", f"is longer than {longest} characters")
        if not is_storable(value):
            raise InvalidAnswer("value", "holds a character that cannot be stored")
        _refuse_piled_marks(value)
        said = normalised(value, lines=configuration["lines"])
        _refuse_piled_marks(said)
        if len(said) > longest:
            raise InvalidAnswer("value", f"is longer than {longest} characters")
        if len(said) < configuration["shortest"]:
            raise InvalidAnswer("value", f"is shorter than {configuration['shortest']} characters")
        return CanonicalAnswer(said)

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        apart = share_of_edits(words_of(value), words_of(known))
        return apart <= float(configuration["tolerance"])


def normalised(text: str, *, lines: bool) -> str:
    """The canonical form; applied twice it is the same."""
    composed = unicodedata.normalize("NFC", text)
    if not lines:
        return " ".join(composed.split())
    return "\n".join(" ".join(line.split()) for line in composed.splitlines()).strip("\n")


def _refuse_piled_marks(text: str) -> None:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MARKS:
            raise InvalidAnswer("value", f"has more than {MARKS} marks on one letter")


label_type = Text()
