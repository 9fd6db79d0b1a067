"""A number with a unit, within a range, in steps.

Configuration: ``{"unit": "cm", "min": 0, "max": 250, "step": 0.5, "tolerance": 5}``; everything may be left
out. Steps are counted from ``min``, else from 0. An answer agrees with gold if it is at most
``tolerance`` away (default: a twentieth of the range; without a range, a twentieth of the known number,
and in any case half a step). Answer: a number; whole numbers are stored without a point.
"""

from collections.abc import Mapping
from decimal import Decimal

from labeling.label_types.answer_parts import LARGEST, finite, number_from
from labeling.label_types.base import (
    CanonicalAnswer,
    InvalidAnswer,
    InvalidConfiguration,
    Json,
    LabelType,
)
from labeling.label_types.configuration import known_fields, number, plain_number, text

UNIT_LENGTH = 40
SMALLEST_STEP = 1e-9
NEAR = 0.05  # of the range, or of the known number
ROUNDING = Decimal("1e-6")  # of a step: what floating point may be off


class Number(LabelType):
    name = "number"

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = known_fields(configuration, {"unit", "min", "max", "step", "tolerance"})
        checked: dict[str, Json] = {}
        if "unit" in given:
            checked["unit"] = text("unit", given["unit"], UNIT_LENGTH)
        bounds = {"min": -LARGEST, "max": -LARGEST, "step": SMALLEST_STEP, "tolerance": 0.0}
        for name, low in bounds.items():
            if name in given:
                checked[name] = number(given, name, low, LARGEST, 0)
        _check_range(checked)
        return checked

    def label_values(self, configuration: dict[str, Json]) -> list[str]:  # noqa: ARG002
        return []

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        said = _on_a_step(configuration, finite("value", value))
        if "min" in configuration and said < configuration["min"]:
            raise InvalidAnswer("value", f"must be at least {configuration['min']}")
        if "max" in configuration and said > configuration["max"]:
            raise InvalidAnswer("value", f"must be at most {configuration['max']}")
        return CanonicalAnswer(said)

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        return bool(abs(value - known) <= tolerance_of(configuration, known))

    def from_text(self, configuration: dict[str, Json], text: str) -> Json:  # noqa: ARG002
        return number_from("value", text.strip())


def tolerance_of(configuration: dict[str, Json], known: float) -> float:
    """How far a right answer may be from the known one."""
    if "tolerance" in configuration:
        return float(configuration["tolerance"])
    has_range = "min" in configuration and "max" in configuration
    width = configuration["max"] - configuration["min"] if has_range else abs(known)
    return float(max(NEAR * width, configuration.get("step", 0) / 2))


def _check_range(checked: Mapping[str, Json]) -> None:
    if "min" in checked and "max" in checked and checked["max"] <= checked["min"]:
        raise InvalidConfiguration("max", "must be above min")


def _on_a_step(configuration: dict[str, Json], said: float) -> float:
    """The multiple of the step that is meant, exact in decimal digits."""
    if "step" not in configuration:
        return said
    step, start = _decimal(configuration["step"]), _decimal(configuration.get("min", 0))
    steps = (_decimal(said) - start) / step
    whole_steps = steps.to_integral_value()
    if abs(steps - whole_steps) > ROUNDING:
        raise InvalidAnswer("value", f"must be a multiple of {configuration['step']}")
    return plain_number(float(start + whole_steps * step))


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


label_type = Number()
