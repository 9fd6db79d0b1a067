"""What the frame of the task page shows for a label type: the same for the worker and for a preview."""

from typing import Any

from labeling.choice_keys import size_of_labels, task_choices
from labeling.label_types import label_type

ROWS = 6  # of a form without JavaScript that asks for a list


def widget_of(kind_name: str, configuration: dict[str, Any]) -> dict[str, Any]:
    """The form of this label type under a checked configuration, as its templates read it."""
    kind = label_type(kind_name)
    closed = [
        {"value": value, "title": str(kind.titles.get(value, value))}
        for value in kind.label_values(configuration)
    ]
    shown = {"labels": closed, **configuration}
    return {
        "widgets": [f"labeling/widgets/{kind.name}.html", "labeling/widgets/any.html"],
        "configuration": configuration,
        "choices": task_choices(shown),
        "size": size_of_labels(shown),
        "rows": range(min(configuration.get("most", ROWS), ROWS)),
    }
