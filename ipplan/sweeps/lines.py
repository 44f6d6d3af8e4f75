"""Lines of a grid: everything stays as it is while the nodes grow along them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ipplan.surges import steady_nodes
from ipplan.sweeps.grids import with_growth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipplan.sizing.demands import Demand
    from ipplan.sweeps.grids import Grid


class Lines:
    """Some lines of a grid, all of the same nodes.

    Parameters
    ----------
    grid : Grid
        The product of all axes but the nodes.
    start, stop : int
        Which of its cells; each is a line here.
    values : ndarray of int64, shape (n,)
        Nodes along every line, before any growth; strictly rising. [nodes]
    """

    def __init__(self, grid: Grid, start: int, stop: int, values: NDArray[Any]) -> None:
        import numpy as np

        inputs = grid.inputs(start, stop)
        self.values = values
        self._step = _even_step(values)
        self.count = stop - start
        self._more = inputs.get("add_nodes", 0)
        self._percent = inputs.get("growth", 0)
        self._whole = grid.demand(
            {**inputs, "nodes": np.full(self.count, int(values[-1]))}
        )

    def at(self, places: NDArray[Any]) -> Demand:
        """What must be carried at one place of each line, counted from 0."""
        pool: Any = self._whole.pools[0]
        nodes = with_growth(self.values[places], self._more, self._percent)
        there = replace(pool, nodes=nodes.astype(pool.nodes.dtype))
        return replace(self._whole, pools=(there,))

    def within(self, peak: NDArray[Any]) -> NDArray[Any]:
        """How many places of each line have no more nodes than these at their peak.

        Parameters
        ----------
        peak : ndarray of int64, shape (lines,)
            Of the cluster, all copies of its pool together. [nodes]
        """
        pool: Any = self._whole.pools[0]
        copy = peak if pool.copies == 1 else peak // pool.copies
        nodes: Any = steady_nodes(copy, pool.surge)
        if not isinstance(self._more, int):
            nodes = nodes - self._more
        if not isinstance(self._percent, int):
            nodes = nodes * 100 // (100 + self._percent)
        return _rank(self.values, nodes, self._step)


def _even_step(values: NDArray[Any]) -> int:
    """What lies between all neighbours; 0 where it differs, or there are none."""
    import numpy as np

    steps = np.diff(values)
    return int(steps[0]) if len(steps) and (steps == steps[0]).all() else 0


def _rank(values: NDArray[Any], nodes: NDArray[Any], step: int) -> NDArray[Any]:
    """How many of the values are no more than each of some numbers."""
    import numpy as np

    found: NDArray[Any]
    if step:
        first = int(values[0])
        below = nodes - first if step == 1 else (nodes - first) // step
        found = np.clip(below + 1, 0, len(values))
    else:
        found = np.searchsorted(values, nodes, side="right")
    return found
