"""Numbers: the robust hierarchical model, brought to the question's steps and range."""

from labeling.label_types.configuration import plain_number
from quality.inference.number import NumberConsensus
from quality.inference.typed_answers import TypedAnswers
from quality.label_types.base import Json

DIGITS = 9  # significant ones; enough for any measure, and equal whoever computes it


class NumberMerge:
    method = "robust hierarchical model of numbers"

    def values(self, configuration: dict[str, Json], answers: TypedAnswers[Json]) -> list[Json]:
        said = TypedAnswers(
            answers.item,
            answers.annotator,
            [float(value) for value in answers.label],
            answers.n_items,
            answers.n_annotators,
        )
        return [
            _placed(configuration, value) for value in NumberConsensus().fit(said).value_.tolist()
        ]


def _placed(configuration: dict[str, Json], value: float) -> float:
    """The nearest number that the question allows."""
    low = configuration.get("min", 0)
    if "step" in configuration:
        step = configuration["step"]
        value = low + round((value - low) / step) * step
    value = max(value, configuration.get("min", value))
    value = min(value, configuration.get("max", value))
    return plain_number(float(f"{value:.{DIGITS}g}"))


merge = NumberMerge()
