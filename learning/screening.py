"""A cheaper audit: a crowd screens the sample, experts are asked where it does not say what the machine says.

An accepted item is wrong in one of two ways: the crowd disagreed with the machine, and experts have seen it;
or crowd and machine agree and both are wrong, and nobody has. The second share is *assumed* to be at most a.
Then "more than e wrong" means "more than e - a wrong and disagreed about", which the exact tests of
``learning.certificate`` can reject (``Promise.assumed``): under the assumption the bound holds as a full
certificate's does, and without it not at all. A bias that crowd and machine share breaks it.

So some items of the sample, drawn with it, are checked by experts although crowd and machine agree on them.
The check has two uses. If it refutes the assumption (an exact test at 5 %, shared by the looks), there is no
certificate. If not, it says up to how much the share may be nevertheless (Clopper and Pearson, 1934), and so
what holds without the assumption: usually much less than what the certificate says under it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import bdtrc, betaincinv

DOUBT = 0.05  # of the test of the assumption, and of the number that the check gives it


@dataclass(frozen=True)
class Check:
    """``agreed`` items on which crowd and machine agree were checked by experts; ``wrong``: both were."""

    agreed: int
    wrong: int

    def refutes(self, both_wrong: float, looks: int = 1) -> bool:
        """Whether so many errors are too many for the assumption, at 5 % over all looks."""
        if not self.wrong:
            return False
        return float(bdtrc(self.wrong - 1, self.agreed, both_wrong)) < DOUBT / looks

    @property
    def up_to(self) -> float:
        """The share of agreements that may be wrong, with 95 % confidence; 1 where none was checked."""
        if self.wrong >= self.agreed:
            return 1.0
        return float(betaincinv(self.wrong + 1, self.agreed - self.wrong, 1 - DOUBT))

    def at_most(self, bound: float, both_wrong: float) -> float:
        """The share of wrong labels that the certificate leaves possible without its assumption.

        The test and ``up_to`` may both fail: the confidence is that of the certificate less 5 %.
        """
        return min(1.0, bound - both_wrong + self.up_to)


def agrees(answers: Sequence[int], machine: int) -> bool:
    """Whether more than half of a crowd's answers say what the machine says."""
    return 2 * sum(code == machine for code in answers) > len(answers)


def majority_right(accuracy: float, answers: int) -> float:
    """The chance that more than half of so many people are right, if each is with this chance."""
    return float(bdtrc(answers // 2, answers, accuracy))
