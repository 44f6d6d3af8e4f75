"""A grid with all but a few axes fixed, and how far models go in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError
from ipplan.limits import CLUSTER_NODES
from ipplan.sizing.rules import ERRORS
from ipplan.sizing.sizings import Sizing
from ipplan.sweeps.dimensions import Samples, Values
from ipplan.views.charts.words import stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ipplan.models import NetworkModel
    from ipplan.sizing.loads import Range
    from ipplan.sweeps.dimensions import Dimension
    from ipplan.sweeps.grids import Grid

MOST_NODES = CLUSTER_NODES.value + 1
"""No cluster has so many nodes, so whatever stops one is seen below it. [nodes]"""


def is_drawn(dimension: Dimension) -> bool:
    """Whether it is drawn from distributions."""
    return isinstance(dimension, Samples)


def dimension_of(grid: Grid, name: str) -> Dimension:
    """The dimension in which an axis lies."""
    return next(each for each in grid.dimensions if name in each.names)


def values_of(grid: Grid, name: str) -> NDArray[Any]:
    """The values of an axis, in their own order.

    Raises
    ------
    ArgumentError
        Where it is not there, drawn, tied to another axis, or the same everywhere.
    """
    if name not in grid.names:
        raise ArgumentError("chart", f"without {name}", _several(name))
    dimension = dimension_of(grid, name)
    if not isinstance(dimension, Values):
        raise ArgumentError("chart", f"of {name} drawn", "only a fan shows what is")
    if len(dimension.names) > 1:
        allowed = "give axes that multiply, such as nodes 10:1000:10"
        raise ArgumentError("chart", f"of {name} in scenarios", allowed)
    found = dimension.flat[name]
    if found.min() == found.max():
        raise ArgumentError("chart", f"of one value of {name}", _several(name))
    return found


def _several(name: str) -> str:
    return f"give several values of {name}, such as 10:250:10"


@dataclass(frozen=True)
class Slice:
    """A grid with one value for each axis but those that move.

    Parameters
    ----------
    grid : Grid
        Where it lies.
    fixed : mapping of str to number
        An axis and its value; of the surge, the code of its label.
    """

    grid: Grid
    fixed: Mapping[str, Any]

    def sizing(self, model: NetworkModel, nodes: NDArray[Any], **moving: Any) -> Sizing:
        """What some nodes take, other axes with them. Shape (nodes,)."""
        import numpy as np

        given = {**self.fixed, **moving, "nodes": nodes}
        inputs = {
            name: np.broadcast_to(np.asarray(each), nodes.shape)
            for name, each in given.items()
        }
        return Sizing(model, self.grid.demand(inputs))

    def reach(self, model: NetworkModel, low: int, high: int, **moving: Any) -> Reach:
        """What every number of nodes from low to high takes."""
        import numpy as np

        nodes = np.arange(low, max(low, min(high, MOST_NODES)) + 1)
        return Reach(model, nodes, self.sizing(model, nodes, **moving), high)


def first_of(grid: Grid, *moving: str) -> dict[str, Any]:
    """The first value of every axis but some."""
    import numpy as np

    found: dict[str, Any] = {}
    for each in grid.dimensions:
        if not set(each.names) & set(moving):
            taken = each.take(np.array([0]))
            found |= {name: cells[0] for name, cells in taken.items()}
    return found


@dataclass(frozen=True)
class Reach:
    """What a model takes for every number of nodes in a row.

    Parameters
    ----------
    model : NetworkModel
        Whose it is.
    nodes : ndarray of int, shape (n,)
        From the lowest asked for, and no more than any cluster has. [nodes]
    sizing : Sizing
        Of the same shape.
    high : int
        The highest asked for. [nodes]
    """

    model: NetworkModel
    nodes: NDArray[Any]
    sizing: Sizing
    high: int

    @cached_property
    def fits(self) -> NDArray[Any]:
        """Whether so many nodes run and can be upgraded. Shape (n,)."""
        import numpy as np

        return np.broadcast_to(~np.asarray(self.sizing.broken), self.nodes.shape)

    @cached_property
    def addresses(self) -> NDArray[Any]:
        """In the VNet. Shape (n,). [addresses]."""
        import numpy as np

        cells = np.asarray(self.sizing.vnet_addresses, dtype=np.int64)
        return np.broadcast_to(cells, self.nodes.shape)

    @property
    def subnets(self) -> list[Range]:
        """The node subnet and the pod subnet behind it; of them those not given."""
        given = self.sizing.demand.given
        found = [each for each in self.sizing.ranges if each.reserved]
        return [each for each in found if given(each.kind) is None] or found

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """Prefix length of the larger VNet subnet, 0 without one. Shape (n,)."""
        import numpy as np

        each = [np.asarray(one.length, dtype=np.int64) for one in self.subnets]
        found = np.minimum.reduce(each)
        return np.broadcast_to(found, self.nodes.shape)

    @property
    def last(self) -> int:
        """The most nodes that fit; 0 where none do. [nodes]."""
        return int(self.nodes[self.fits].max(initial=0))

    @cached_property
    def why(self) -> str:
        """What stops the next node; nothing where the axis ends before."""
        import numpy as np

        if self.last == self.high:
            return ""
        at = int(np.searchsorted(self.nodes, self.last + 1)) if self.last else 0
        return stop(self._breaks(at), self.sizing, at)

    def _breaks(self, at: int) -> str:
        """The first rule that stops a number of nodes."""
        import numpy as np

        shape = self.nodes.shape
        return next(
            rule.name
            for rule in ERRORS
            for hit in rule.hits(self.sizing)
            if np.broadcast_to(hit.where, shape)[at]
        )
