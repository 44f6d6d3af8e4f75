"""The product of dimensions, cell by cell or many at once, as demands to size."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.counts import CEILING, ceil_div, is_array
from ipplan.errors import ArgumentError
from ipplan.sizing.arguments import demand_of
from ipplan.sizing.demands import largest_count, map_arrays
from ipplan.sizing.sizings import Sizing
from ipplan.sweeps.axes import SURGE
from ipplan.sweeps.dimensions import Values, surge_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ipplan.models import NetworkModel
    from ipplan.sizing.demands import Demand
    from ipplan.sweeps.axes import Surges
    from ipplan.sweeps.dimensions import Dimension

CHUNK = 65_536
"""Cells worked on at a time: what a formula's temporaries keep in cache. [-]"""

MOST_CELLS = 10**12
"""Cells of a sweep; more of them are refused before any work. [-]"""

OURS = ("growth_per_year", "months")
"""Axes that change the nodes here, before a demand is made of them."""

ROUNDING = 1e-9
"""What growth over years is taken to be off by, at most; it is worked out in floats."""


class Span(NamedTuple):
    """Cells of one model, from start up to stop."""

    model: int
    start: int
    stop: int


class Cells(NamedTuple):
    """Some cells of a grid under one model.

    Parameters
    ----------
    model : int
        Which of the grid's models.
    inputs : dict of str to ndarray
        The axes' values, each of shape (cells,); of the surge, codes of its labels.
    sizing : Sizing
        What they take.
    """

    model: int
    inputs: dict[str, NDArray[Any]]
    sizing: Sizing


@dataclass(frozen=True, eq=False)
class Grid:
    """Every model with every combination of the dimensions' cells, in C order.

    Parameters
    ----------
    models : tuple of NetworkModel
        The first and slowest of the dimensions.
    dimensions : tuple of Dimension
        The last one is the fastest.
    constants : dict of str to object
        Arguments of :func:`ipplan.size` that do not vary.
    surges : Surges or None
        Where the surge is an axis: its labels.
    """

    models: tuple[NetworkModel, ...]
    dimensions: tuple[Dimension, ...]
    constants: Mapping[str, Any]
    surges: Surges | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Refuse what is too large, and what no cell could be sized with."""
        size = prod(each.size for each in self.dimensions)
        object.__setattr__(self, "size", size)
        if size * len(self.models) > MOST_CELLS:
            told = " x ".join(f"{each.size:,}" for each in self.dimensions)
            allowed = f"at most {MOST_CELLS:,} in all: take larger steps"
            raise ArgumentError(
                "cells in all", f"{len(self.models)} models x {told}", allowed
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Models, then the dimensions' shapes."""
        shapes = (n for each in self.dimensions for n in each.shape)
        return (len(self.models), *shapes)

    @property
    def names(self) -> tuple[str, ...]:
        """The axes, in the order of the dimensions."""
        return tuple(name for each in self.dimensions for name in each.names)

    def inputs(self, start: int, stop: int) -> dict[str, NDArray[Any]]:
        """The axes' values of some cells, whatever the model. Shape (stop - start,)."""
        import numpy as np

        rest = np.arange(start, stop)
        found: dict[str, NDArray[Any]] = {}
        for each in reversed(self.dimensions):
            rest, indices = np.divmod(rest, each.size)
            found |= each.take(indices)
        return {name: found[name] for name in self.names}

    def demand(self, inputs: Mapping[str, NDArray[Any]]) -> Demand:
        """What must be carried in cells with some inputs, in narrow integers."""
        given: dict[str, Any] = {**self.constants, **inputs}
        times = {name: given.pop(name, 0) for name in OURS}
        more, growth = (given.pop(name, 0) for name in ("add_nodes", "growth"))
        if self.surges is not None:
            given[SURGE] = surge_of(self.surges, given[SURGE])
        given["nodes"] = with_growth(nodes_after(given["nodes"], **times), more, growth)
        demand = demand_of(**given)
        work = "int32" if largest_count(demand) < 2**31 else "int64"
        return map_arrays(demand, lambda array: array.astype(work))

    def cells(self, span: Span) -> Cells:
        """Cells of one model, sized."""
        inputs = self.inputs(span.start, span.stop)
        sizing = Sizing(self.models[span.model], self.demand(inputs))
        return Cells(span.model, inputs, sizing)

    def part(self, start: int, stop: int) -> tuple[Grid, int]:
        """A grid with no more of the axes than some cells need, to be sent elsewhere.

        Returns
        -------
        Grid, int
            Where the first of the cells is in it; the others follow.
        """
        rest = self.size
        dimensions = list(self.dimensions)
        for number, each in enumerate(dimensions):
            if not isinstance(each, Values):
                break  # samples are drawn where they are needed
            rest //= each.size
            first, last = start // rest, (stop - 1) // rest
            dimensions[number] = each.cut(first, last + 1)
            start, stop = start - first * rest, stop - first * rest
            if first != last:
                break  # all of the faster ones are needed
        surges = self.surges and self.surges._replace(codes=self.surges.codes[:0])
        return Grid(self.models, tuple(dimensions), self.constants, surges), start

    def spans(self, size: int = CHUNK) -> list[Span]:
        """Every cell once, in order, so many at a time."""
        return list(self.walk(size))

    def walk(self, size: int = CHUNK) -> Iterator[Span]:
        """The :meth:`spans` one by one: there may be millions."""
        for model in range(len(self.models)):
            for start in range(0, self.size, size):
                yield Span(model, start, min(start + size, self.size))


def nodes_after(nodes: Any, growth_per_year: Any, months: Any) -> Any:
    """Nodes after so many months of growth, rounded up.

    Parameters
    ----------
    nodes : int or ndarray of int, shape (...,)
        [nodes]
    growth_per_year : float or ndarray of float, broadcast with nodes
        Compound growth. [%/year]
    months : int or ndarray of int, broadcast with nodes
        [months]

    Returns
    -------
    int or ndarray of int
        nodes · (1 + growth / 100) ^ (months / 12), at most 2³² − 1. [nodes]

    Examples
    --------
    >>> import numpy as np
    >>> nodes_after(np.array([100]), 10, np.array([0, 12, 24]))
    array([100, 110, 121])
    """
    if isinstance(months, int) and not months:
        return nodes
    import numpy as np

    factor = (1 + np.asarray(growth_per_year) / 100) ** (np.asarray(months) / 12)
    exact = nodes * factor
    grown = np.ceil(exact * (1 - ROUNDING)).clip(0, CEILING).astype(np.int64)
    return np.maximum(grown, nodes)


def with_growth(nodes: Any, add_nodes: Any, growth: Any) -> Any:
    """Nodes after growth as :func:`ipplan.size` has it, rounded up.

    Parameters
    ----------
    nodes : int or ndarray of int, shape (...,)
        [nodes]
    add_nodes : int or ndarray of int, broadcast with nodes
        [nodes]
    growth : int or ndarray of int, broadcast with nodes
        [%]

    Returns
    -------
    int or ndarray of int
        Cut off at 2³² − 1, which no model allows: a sweep does not stop there. [nodes]

    Examples
    --------
    >>> import numpy as np
    >>> with_growth(np.array([11, 2**32 - 1]), 0, 20)
    array([        14, 4294967295])
    """
    if not any(is_array(each) or each for each in (add_nodes, growth)):
        return nodes
    import numpy as np

    wide = np.asarray(nodes, dtype=np.int64)
    return np.minimum(wide + add_nodes + ceil_div(wide * growth, 100), CEILING)
