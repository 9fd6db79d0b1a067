"""People's matrices in memory, for as long as the fit that wrote them stands.

Settling reads the votes of thousands of people, and to read their matrices out of rows takes longer than
all the arithmetic. So a process keeps what it has read, under the mark of the fit: its version and its
moment. The fit's row is read every time, so what another process has learned is heard at once, and a fit
that was undone, or restored from a backup, is never taken for another.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

import numpy as np

from quality.inference.answers import Floats, Ints

MOST_NUMBERS = 4_000_000  # 32 MB, of all projects together


@dataclass(frozen=True, eq=False)
class _Known:
    """``matrices[a, k, l]`` of the ascending ``annotator_ids[a]``, by the fit with this mark."""

    mark: Hashable
    annotator_ids: Ints
    matrices: Floats


class Remembered:
    """Matrices by project; those that were asked for longest ago are forgotten first."""

    def __init__(self, most_numbers: int = MOST_NUMBERS) -> None:
        self._most_numbers = most_numbers
        self._projects: OrderedDict[int, _Known] = OrderedDict()
        self._lock = Lock()

    def matrices(
        self, project_id: int, mark: Hashable, annotator_ids: Ints, read: Callable[[Ints], Floats]
    ) -> Floats:
        """[a, k, l] of these people (ascending); ``read`` gives those that are not known by this mark."""
        with self._lock:
            known = self._projects.get(project_id)
        if known is None or known.mark != mark:
            known = _Known(mark, annotator_ids, read(annotator_ids))
        else:
            known = _with(known, np.setdiff1d(annotator_ids, known.annotator_ids), read)
        self._keep(project_id, known)
        return known.matrices[np.searchsorted(known.annotator_ids, annotator_ids)]

    def know(self, project_id: int, mark: Hashable, annotator_ids: Ints, matrices: Floats) -> None:
        """Who has just learned ``matrices[a, k, l]`` need not read them."""
        self._keep(project_id, _Known(mark, annotator_ids, matrices))

    def _keep(self, project_id: int, known: _Known) -> None:
        with self._lock:
            self._projects[project_id] = known
            self._projects.move_to_end(project_id)
            while sum(one.matrices.size for one in self._projects.values()) > self._most_numbers:
                self._projects.popitem(last=False)


def _with(known: _Known, missing: Ints, read: Callable[[Ints], Floats]) -> _Known:
    if not len(missing):
        return known
    ids = np.concatenate([known.annotator_ids, missing])
    order = np.argsort(ids)
    matrices = np.concatenate([known.matrices, read(missing)])
    return _Known(known.mark, ids[order], matrices[order])
