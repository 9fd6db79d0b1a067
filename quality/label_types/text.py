"""Free text: the alignment vote word by word, in the canonical form of the question."""

from labeling.label_types.text import normalised
from quality.inference.text import TextConsensus
from quality.inference.typed_answers import TypedAnswers
from quality.label_types.base import Json


class TextMerge:
    method = "alignment vote on words"

    def values(self, configuration: dict[str, Json], answers: TypedAnswers[Json]) -> list[Json]:
        fitted = TextConsensus().fit(answers)
        texts = [normalised(text, lines=configuration["lines"]) for text in fitted.value_]
        return [text[: configuration["longest"]].strip() for text in texts]


merge = TextMerge()
