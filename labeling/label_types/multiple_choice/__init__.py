"""Multiple choice: any labels out of a closed set.

Configuration: ``{"labels": [...], "fewest": 0, "most": 5, "tolerance": 0}``. Labels as for single choice;
``fewest`` and ``most`` bound how many may be chosen (default: none to all); an answer agrees with gold if
at most ``tolerance`` labels are chosen wrongly or left out. Answer: a list of values; its canonical form
is in the order of the labels. In a table: a JSON list, or values between ``|``.
"""

from collections.abc import Mapping, Sequence

from labeling.label_types.answer_parts import entries, json_from, one_of
from labeling.label_types.base import (
    CanonicalAnswer,
    InvalidAnswer,
    InvalidConfiguration,
    Json,
    LabelType,
)
from labeling.label_types.configuration import known_fields, label_list, values_of, whole


class MultipleChoice(LabelType):
    name = "multiple_choice"
    any_order = True

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = known_fields(configuration, {"labels", "fewest", "most", "tolerance"})
        labels = label_list(given.get("labels"))
        fewest = whole(given, "fewest", 0, len(labels), 0)
        most = whole(given, "most", 1, len(labels), len(labels))
        if most < fewest:
            raise InvalidConfiguration("most", "must not be below fewest")
        tolerance = whole(given, "tolerance", 0, len(labels), 0)
        return {"labels": labels, "fewest": fewest, "most": most, "tolerance": tolerance}

    def label_values(self, configuration: dict[str, Json]) -> list[str]:  # noqa: ARG002
        return []  # the answers are sets of labels, of which there are too many to number

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        values = values_of(configuration)
        given = entries(value, len(values))
        chosen = {one_of(f"value.{n}", entry, values) for n, entry in enumerate(given)}
        if len(chosen) < len(given):
            raise InvalidAnswer("value", "names a label twice")
        if not configuration["fewest"] <= len(chosen) <= configuration["most"]:
            span = f"{configuration['fewest']} to {configuration['most']}"
            raise InvalidAnswer("value", f"must hold {span} labels")
        return CanonicalAnswer([label for label in values if label in chosen])

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:
        return len(set(value) ^ set(known)) <= int(configuration["tolerance"])

    def from_text(self, configuration: dict[str, Json], text: str) -> Json:  # noqa: ARG002
        if text.lstrip().startswith("["):
            return json_from(text)
        return [part.strip() for part in text.split("|") if part.strip()]

    def from_form(
        self,
        configuration: dict[str, Json],  # noqa: ARG002
        fields: Mapping[str, Sequence[str]],
    ) -> Json:
        return list(fields.get("value", ()))


label_type = MultipleChoice()
