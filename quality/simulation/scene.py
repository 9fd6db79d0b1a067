"""What simulated people share: the items' own nature, and what they can learn of each other.

Properties of an item (length, contested or not, a trap or not) are a hash of its index and the
scene's seed. They need no table and do not depend on who reaches the item first.
"""

from collections import Counter
from dataclasses import dataclass, field

_MASK = (1 << 64) - 1


def _mix(number: int) -> int:
    """One round of splitmix64: every input bit changes about half of the output bits."""
    number = (number + 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


@dataclass(eq=False)
class Scene:
    """The world around a crowd.

    hard_share       share of items that mislead: honest people fall for the item's own trap
                     label half of the time, so that honest errors are correlated as in real crowds
    contested_share  share of items with two defensible readings; `honest_minority` takes the other
    gold             indexes of the gold items, for those who have learned to recognise them;
                     gold is never contested
    """

    seed: int = 0
    hard_share: float = 0.0
    contested_share: float = 0.15
    gold: set[int] = field(default_factory=set)
    _heard: dict[int, Counter[int]] = field(default_factory=dict)
    _first: dict[tuple[str, int], int] = field(default_factory=dict)

    def uniform(self, item_index: int, purpose: int) -> float:
        """A number in [0, 1) that belongs to this item and this purpose."""
        return _mix(_mix(_mix(self.seed) ^ item_index) ^ purpose) / 2.0**64

    def length(self, item_index: int) -> float:
        """How much longer than usual the item takes to read: between half and twice."""
        return float(2.0 ** (2.0 * self.uniform(item_index, 1) - 1.0))

    def is_hard(self, item_index: int) -> bool:
        return self.uniform(item_index, 2) < self.hard_share

    def is_contested(self, item_index: int) -> bool:
        if item_index in self.gold:
            return False
        return self.uniform(item_index, 3) < self.contested_share

    def trap(self, true_label: int, item_index: int, n_labels: int) -> int:
        """The one wrong label that this item suggests."""
        step = 1 + int(self.uniform(item_index, 4) * (n_labels - 1))
        return (true_label + step) % n_labels

    def hear(self, item_index: int, label: int) -> None:
        self._heard.setdefault(item_index, Counter())[label] += 1

    def heard(self, item_index: int) -> Counter[int]:
        """Answers given so far to an item, for those who peek."""
        return self._heard.get(item_index, Counter())

    def first_answer(self, group: str, item_index: int, label: int) -> int:
        """The answer the group agreed on; the first member to arrive decides it."""
        return self._first.setdefault((group, item_index), label)
