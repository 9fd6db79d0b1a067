"""What the frame of the task page shows for a label type: the same for the worker and for a preview."""

from typing import Any

from labeling.choice_keys import in_own_order, size_of_labels, task_choices
from labeling.label_types import label_type

ROWS = 6  # of a form without JavaScript that asks for a list


def widget_of(kind_name: str, configuration: dict[str, Any], own_order: str = "") -> dict[str, Any]:
    """The form of this label type under a checked configuration, as its templates read it.

    ``own_order`` names whoever has an order of the labels of their own; for nobody, they stand as configured.
    """
    kind = label_type(kind_name)
    closed = [
        {"value": value, "title": str(kind.titles.get(value, value))}
        for value in kind.label_values(configuration)
    ]
    shown = {"labels": closed, **configuration}
    if own_order and kind.any_order:
        shown["labels"] = in_own_order(shown["labels"], own_order)
    return {
        "widgets": [f"labeling/widgets/{kind.name}.html", "labeling/widgets/any.html"],
        "configuration": configuration,
        "choices": task_choices(shown),
        "size": size_of_labels(shown),
        "rows": range(min(configuration.get("most", ROWS), ROWS)),
    }
