"""Whether an item in doubt is asked about again at once, or waits for a round (``quality.asking``)."""

from learning.decision import Bools, Floats, still_worth
from learning.queries import plan_rows


def worth_asking(project_id: int, certainty: Floats) -> Bools | None:
    """By the margin of the newest priced round; None (at once) where no such round was opened."""
    least = plan_rows(project_id).values_list("asking_price", flat=True).first()
    return None if least is None else still_worth(certainty, least)
