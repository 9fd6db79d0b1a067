"""Single choice: one label out of a closed set.

Configuration: ``{"labels": [{"value": "owl", "title": "An owl", "key": "o"}, ...]}``. ``value`` is what
answers and exports hold; ``title`` (what people read) and ``key`` (the key that chooses it) may be left
out. Answer: the value, as a string.
"""

from labeling.label_types.answer_parts import one_of
from labeling.label_types.base import CanonicalAnswer, Json, LabelType
from labeling.label_types.configuration import known_fields, label_list, values_of


class Choice(LabelType):
    name = "choice"
    any_order = True

    def check_configuration(self, configuration: Json) -> dict[str, Json]:
        given = known_fields(configuration, {"labels"})
        return {"labels": label_list(given.get("labels"))}

    def label_values(self, configuration: dict[str, Json]) -> list[str]:
        return values_of(configuration)

    def canonical(
        self,
        configuration: dict[str, Json],
        value: Json,
        payload: Json,  # noqa: ARG002
    ) -> CanonicalAnswer:
        values = self.label_values(configuration)
        chosen = one_of("value", value, values)
        return CanonicalAnswer(chosen, values.index(chosen))

    def agrees(self, configuration: dict[str, Json], value: Json, known: Json) -> bool:  # noqa: ARG002
        return bool(value == known)


label_type = Choice()
