"""sweep(): every combination of named axes, worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.models import models_named
from ipplan.sweeps.axes import AXES
from ipplan.sweeps.columns import Column, columns_of, plain, worked_out
from ipplan.sweeps.dimensions import Given
from ipplan.sweeps.filters import Filter, filter_of
from ipplan.sweeps.grids import CHUNK, Grid, Span
from ipplan.sweeps.runs import Costs, in_order
from ipplan.tables import MOST_ROWS, html_table, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    import pandas as pd
    import polars as pl
    from numpy.typing import NDArray

    from ipplan.sweeps.summaries import Summary

CONSTANTS = ("needs", "other_routes", "blue_green")
"""What :func:`sweep` takes of :func:`ipplan.size` besides axes."""

SAMPLES = 10_000
"""Samples where distributions are given and nobody says how many. [-]"""

Rows = dict[str, "NDArray[Any]"]


@dataclass(frozen=True, eq=False)
class Work:
    """What a process needs to work out rows; it can be pickled.

    Parameters
    ----------
    grid : Grid
        Every cell.
    columns : tuple of Column
        Those that are shown.
    where : Filter or None
        Which rows are kept.
    """

    grid: Grid
    columns: tuple[Column, ...]
    where: Filter | None = None

    def __call__(self, span: Span) -> Rows:
        """The rows of some cells: kept values by column, each of shape (rows,)."""
        cells = self.grid.cells(span)
        if self.where is None:
            return worked_out(self.columns, cells)
        asked = worked_out(self.where.columns, cells)
        kept = self.where.mask(asked)
        rows = worked_out(self.columns, cells)
        return {name: values[kept] for name, values in rows.items()}

    def part(self, span: Span) -> tuple[Work, Span]:
        """The same rows from less: what is sent to work elsewhere."""
        grid, start = self.grid.part(span.start, span.stop)
        here = Span(span.model, start, start + span.stop - span.start)
        return Work(grid, self.columns, self.where), here


class Sweep:
    """Every combination of some axes under some models; nothing is kept of it.

    It has as many rows as cells, or fewer where a filter keeps some of them. Whatever
    speaks the Arrow C stream protocol takes a Sweep as it is: ``pl.DataFrame(sweep)``,
    ``pa.table(sweep)``, DuckDB.

    Parameters
    ----------
    work : Work
        The cells, columns and filter.
    executor : Executor or None
        Who works; this process where there is none.

    Attributes
    ----------
    costs : Costs
        What the latest rows or summary took, chunk by chunk.
    """

    def __init__(self, work: Work, executor: Executor | None = None) -> None:
        self.work = work
        self.executor = executor
        self.costs = Costs()

    @property
    def grid(self) -> Grid:
        """The cells."""
        return self.work.grid

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown."""
        return self.work.columns

    @property
    def shape(self) -> tuple[int, ...]:
        """Models, then each axis in the order in which it was given."""
        return self.grid.shape

    @property
    def cells(self) -> int:
        """How many combinations there are. [-]."""
        return len(self.grid.models) * self.grid.size

    def chunks(
        self, size: int = CHUNK, progress: Callable[[int], None] | None = None
    ) -> Iterator[Rows]:
        """The rows in order, some cells at a time, as the columns keep them.

        Parameters
        ----------
        size : int
            Cells at a time. [-]
        progress : callable, optional
            Told how many cells were done since it was last told.
        """
        self.costs = Costs()
        spans = self.grid.walk(_count("size", size))
        for span, rows in in_order(self.work, spans, self.executor, self.costs):
            if progress is not None:
                progress(span.stop - span.start)
            yield rows

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A column by its name, as it is kept; of :attr:`shape` without a filter.

        Prefix lengths are 0 where there is none, truths 2 where they are unknown, and
        labels are numbers into the column's ``labels``.
        """
        import numpy as np

        only = Work(self.grid, columns_of(self.grid, [name]), self.work.where)
        parts = list(Sweep(only, self.executor).chunks())
        whole = np.concatenate([part[name] for part in parts])
        return whole if self.work.where else whole.reshape(self.shape)

    def head(self, n: int = 20) -> dict[str, list[Any]]:
        """The first rows as Python values, by column; None where there is no answer.

        Parameters
        ----------
        n : int
            How many, at most; no more cells are worked out than they take. [rows]

        Examples
        --------
        >>> sweep(nodes="10:30:10", model="kubenet", columns=["nodes"]).head(2)
        {'nodes': [10, 20]}
        """
        return plain(self.columns, self._first(_count("n", n, 0), self.cells))

    def _first(self, n: int, cells: int) -> Rows:
        """At most n of the rows that the first cells have."""
        from itertools import takewhile

        import numpy as np

        grid = self.grid
        size = min(CHUNK, cells if self.work.where else max(n, 1))
        parts: list[Rows] = []
        found = 0
        for span in takewhile(
            lambda each: each.model * grid.size + each.start < cells, grid.walk(size)
        ):
            parts.append(self.work(span))
            found += len(parts[-1][self.columns[0].name])
            if found >= n:
                break
        names = [each.name for each in self.columns]
        return {name: np.concatenate([p[name] for p in parts])[:n] for name in names}

    def __repr__(self) -> str:
        """Each axis with its size, how many cells that makes, and the columns."""
        return f"<Sweep of {self._cells()}: {', '.join(c.name for c in self.columns)}>"

    def _cells(self) -> str:
        factors = [counted(len(self.grid.models), "model")]
        factors += [f"{d.size:,} {'+'.join(d.names)}" for d in self.grid.dimensions]
        return f"{counted(self.cells, 'cell')} ({' x '.join(factors)})"

    def _repr_html_(self) -> str:
        """The first rows as a table for notebooks, and how many cells there are.

        However large the sweep is, no more than a chunk of it is worked out.
        """
        from html import escape

        rows = plain(self.columns, self._first(MOST_ROWS, min(CHUNK, self.cells)))
        kept = self.work.where
        told = self._cells() + (f" where {printable(kept.text)}" if kept else "")
        count = len(next(iter(rows.values())))
        said = "All" if count == self.cells else f"The first {count}"
        return f"{html_table(rows)}<p>{said} of {escape(told)}</p>"

    def summary(self, progress: Callable[[int], None] | None = None) -> Summary:
        """What a look at every row would show; exact, and often without that look."""
        from ipplan.sweeps.summaries import summary

        self.costs = Costs()
        return summary(self.work, self.executor, progress, self.costs)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the rows as an Arrow stream, chunk by chunk; pyarrow must be there."""
        from ipplan.sweeps.arrow import reader

        return reader(self).__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """All rows as a ``pyarrow.Table``; pyarrow must be installed."""
        from ipplan.sweeps.arrow import reader

        return reader(self).read_all()

    def to_pandas(self) -> pd.DataFrame:
        """All rows as a pandas frame; pandas and pyarrow must be installed."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> pl.DataFrame:
        """All rows as a polars frame; polars and pyarrow must be installed."""
        import polars as pl

        return pl.DataFrame(self)


def sweep(  # noqa: PLR0913  # as many as a sweep has; all go by name
    *,
    model: str | Iterable[str] | None = None,
    columns: str | Iterable[str] | None = None,
    where: str | None = None,
    scenarios: Mapping[str, Any] | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    **given: Any,
) -> Sweep:
    """What if: every combination of the axes that are given, a row a cell.

    Parameters
    ----------
    model : str or iterable of str
        Names of :data:`ipplan.models.MODELS`; all where it is left out.
    columns : str or iterable of str
        Of :data:`ipplan.sweeps.columns.COLUMNS`; the usual ones where left out.
    where : str
        Which rows are kept, such as ``"feasible and vnet_addresses < 4096"``.
    scenarios : mapping of str to array
        Axes that do not multiply but go together row by row.
    samples, seed : int
        How often axes are drawn that are distributions, and their luck.
    executor : concurrent.futures.Executor
        Who works; this process where it is left out.
    **given
        Axes by name, of :data:`ipplan.sweeps.axes.AXES`: a value, an array of any
        shape, or text such as ``"10:1000:10"``, ``"1,10%,33%"``, ``"normal(200,30)"``.
        Besides, ``needs``, ``other_routes`` and ``blue_green`` of :func:`ipplan.size`.

    Returns
    -------
    Sweep
        Lazy: rows are worked out when they are asked for.

    Raises
    ------
    ArgumentError
        A ValueError that names the argument, the value and what is allowed.

    Examples
    --------
    >>> found = sweep(nodes="10:30:10", max_pods=[30, 110], model="cni-node-subnet")
    >>> found.shape
    (1, 3, 2)
    >>> found["node_subnet_prefix_length"].tolist()
    [[[23, 21], [22, 20], [21, 20]]]
    """
    constants = {name: given.pop(name) for name in CONSTANTS if name in given}
    axes = Given(_count("samples", samples), _count("seed", seed, 0))
    if scenarios is not None:
        axes.add_scenarios(scenarios)
    for name, each in given.items():
        axes.add_axis(name, each)
    dimensions = axes.finish()
    if "nodes" not in {name for each in dimensions for name in each.names}:
        allowed = f"an axis that every sweep needs; others are {', '.join(AXES)}"
        raise ArgumentError("nodes", "left out", allowed)
    rows = tuple(dict.fromkeys(models_named(model)))
    grid = Grid(rows, dimensions, constants, axes.surges)
    kept = None if where is None else filter_of(where, grid)
    grid.cells(Span(0, 0, 1))  # refuses constants before any work
    return Sweep(Work(grid, columns_of(grid, columns), kept), executor)


def _count(argument: str, value: Any, low: int = 1) -> int:
    from ipplan.sizing.arguments import single

    whole = isinstance(value, float) and value.is_integer()  # 1e6 is a float
    return single(argument, int(value) if whole else value, low)
