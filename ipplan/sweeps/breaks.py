"""Summaries by break points: where answers change along the nodes, not every cell.

What is assumed: along the nodes, with all else fixed, what a cell takes does not get
less and no prefix gets longer; each rule of :data:`ipplan.sizing.rules.ERRORS` holds
up to some node count or from some node count on, or for all; and a range's addresses
are so many for each node at the peak, beside what does not depend on the nodes. The
tests compare every summary with one that looks at every cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.prefixes import usable
from ipplan.sizing.rules import ERRORS
from ipplan.sizing.sizings import Sizing
from ipplan.sweeps.dimensions import Samples
from ipplan.sweeps.grids import OURS
from ipplan.sweeps.lines import Lines
from ipplan.sweeps.outcomes import PERCENTS, ModelSummary, Spread, rank_of
from ipplan.sweeps.tally import (
    TOO_SMALL,
    Tally,
    add_use,
    preference,
    stopped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ipplan.models import NetworkModel
    from ipplan.sizing.loads import Range
    from ipplan.sizing.rules.hits import Rule
    from ipplan.sweeps.grids import Grid
    from ipplan.sweeps.sweeps import Work
    from ipplan.sweeps.tally import Uses

CHUNK = 16_384
"""Lines worked on at a time: what a formula's temporaries keep in cache. [-]"""

MOST_LINES = 1_000_000
"""Lines of which so much is kept that percentiles can be found. [-]"""


def hindrance(work: Work) -> str:
    """Why every cell must be looked at, and what to change; empty where none must."""
    grid = work.grid
    if work.where is not None:
        return "a filter looks at every cell: leave it out"
    if any(isinstance(each, Samples) for each in grid.dimensions):
        return "samples are looked at one by one: take fewer of them"
    for name in OURS:
        if name in grid.names:
            return f"{name} is looked at cell by cell: take fewer values"
    return _of_nodes(grid)


def _of_nodes(grid: Grid) -> str:
    """What of the nodes, and of the lines beside them, keeps lines from a search."""
    nodes = next(each for each in grid.dimensions if "nodes" in each.names)
    if len(nodes.names) > 1:
        return "scenarios with nodes are looked at one by one: take fewer of them"
    if not _rises(nodes.flat["nodes"]):  # type: ignore[attr-defined]  # no samples
        return "nodes are only searched where they rise: sort them, each once"
    if grid.size // nodes.size > MOST_LINES:
        return f"at most {MOST_LINES:,} combinations besides nodes: take fewer values"
    return ""


def _rises(values: NDArray[Any]) -> bool:
    return bool((values[1:] > values[:-1]).all())


class Part(NamedTuple):
    """Where a model is feasible on some lines, and what it takes there.

    Parameters
    ----------
    lines : Lines
        The lines.
    start, stop : ndarray of int, shape (lines,)
        The feasible places of each line.
    base, cost : ndarray of int64, shape (lines,)
        Addresses in the VNet whatever the nodes are, and for each node at the peak.
    """

    lines: Lines
    start: NDArray[Any]
    stop: NDArray[Any]
    base: NDArray[Any]
    cost: NDArray[Any]

    def within(self, addresses: int) -> int:
        """How many feasible cells take no more addresses than these."""
        import numpy as np

        upto = self.lines.within((addresses - self.base) // self.cost)
        return int((np.clip(upto, self.start, self.stop) - self.start).sum())


@dataclass
class _Model:
    """What is known so far of a model."""

    model: NetworkModel
    tally: Tally
    parts: list[Part]
    least: int = 2**62
    most: int = 0
    unknown: tuple[str, ...] = ()

    def summary(self) -> ModelSummary:
        spread = self._spread() if self.tally.feasible else None
        return self.tally.summary(self.model, self.unknown, spread)

    def _spread(self) -> Spread:
        ranks = (rank_of(percent, self.tally.feasible) for percent in PERCENTS)
        found: list[int] = []
        for rank in ranks:
            low = found[-1] if found else self.least
            found.append(self._ranked(rank, low))
        return Spread(self.least, tuple(found), self.most)

    def _ranked(self, rank: int, low: int) -> int:
        """The smallest number of addresses that so many cells do not exceed."""
        high = self.most
        while low < high:
            middle = (low + high) // 2
            if sum(part.within(middle) for part in self.parts) >= rank:
                high = middle
            else:
                low = middle + 1
        return low


def by_break_points(
    work: Work, progress: Callable[[int], None] | None = None, chunk: int = CHUNK
) -> list[ModelSummary]:
    """A summary of each model by break points; there must be no hindrance.

    Parameters
    ----------
    work : Work
        The cells.
    progress : callable, optional
        Told how many cells were done since it was last told.
    chunk : int
        Lines at a time. [-]
    """
    rest, values = _split(work.grid)
    found = [_Model(model, Tally(), []) for model in work.grid.models]
    for start in range(0, rest.size, chunk):
        lines = Lines(rest, start, min(start + chunk, rest.size), values)
        keys = [_look(each, lines) for each in found]
        _wins(found, keys)
        if progress is not None:
            progress(lines.count * len(values) * len(found))
    return [each.summary() for each in found]


def _split(grid: Grid) -> tuple[Grid, NDArray[Any]]:
    """The other dimensions, and the nodes."""
    import numpy as np

    others = tuple(each for each in grid.dimensions if each.names != ("nodes",))
    own: list[Any] = [each for each in grid.dimensions if each.names == ("nodes",)]
    values: NDArray[Any] = own[0].flat["nodes"].astype(np.int64, copy=False)
    return replace(grid, dimensions=others), values


def _look(found: _Model, lines: Lines) -> NDArray[Any]:
    """Add some lines to what is known. Returns a number that grows as addresses do."""
    import numpy as np

    first = Sizing(found.model, lines.at(np.zeros(lines.count, np.int64)))
    found.unknown = first.unknown
    start, stop = _feasible(found, lines, first)
    base, cost = _linear(first, [each for each in first.ranges if each.reserved])
    found.parts.append(Part(lines, start, stop, base, cost))
    found.tally.cells += lines.count * len(lines.values)
    found.tally.feasible += int((stop - start).sum())
    have = stop > start
    if have.any():
        _ends(found, lines, start, stop, have)
    return np.asarray(first.vnet_addresses, dtype=np.int64)


def _feasible(
    found: _Model, lines: Lines, first: Sizing
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Take from each line what rules stop, in their order, and count it."""
    import numpy as np

    last = Sizing(found.model, lines.at(np.full(lines.count, len(lines.values) - 1)))
    start = np.zeros(lines.count, np.int64)
    stop = np.full(lines.count, len(lines.values))
    for number, rule in enumerate(ERRORS):
        before = _stopped(rule, first, lines.count)
        after = _stopped(rule, last, lines.count)
        if not (before.any() or after.any()):
            continue
        change = _change(rule, found.model, lines, before, after)
        if number == TOO_SMALL:
            found.tally.outgrown += int(
                np.where(before, change, len(lines.values) - change).sum()
            )
        left = stop - start
        change = np.clip(change, start, stop)
        start, stop = np.where(before, change, start), np.where(before, stop, change)
        found.tally.refused[number] += int((left - (stop - start)).sum())
    return start, stop


def _stopped(rule: Rule, sizing: Sizing, count: int) -> NDArray[Any]:
    import numpy as np

    found = stopped(rule.hits(sizing), (count,))
    return np.zeros(count, bool) if found is None else found


def _change(
    rule: Rule,
    model: NetworkModel,
    lines: Lines,
    before: NDArray[Any],
    after: NDArray[Any],
) -> NDArray[Any]:
    """The first place of each line where a rule says other than at the first one."""
    import numpy as np

    count = len(lines.values)
    low = np.zeros(lines.count, np.int64)
    high = np.where(before == after, count, count - 1)
    low[before == after] = count - 1
    while (high - low > 1).any():
        middle = (low + high) // 2
        there = _stopped(rule, Sizing(model, lines.at(middle)), lines.count)
        same = there == before
        # where the ends say the same, low is the last place and stays there
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return high


def _linear(
    sizing: Sizing, ranges: Sequence[Range]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """What ranges take whatever the nodes are, and for each node at its peak."""
    import numpy as np

    peak, load = np.asarray(sizing.peak_nodes, dtype=np.int64), sizing.loads[0]
    cost = peak * 0 + sum(load.cost(each.kind) for each in ranges)
    return sum(each.addresses for each in ranges) - cost * peak, cost


def _ends(
    found: _Model,
    lines: Lines,
    start: NDArray[Any],
    stop: NDArray[Any],
    have: NDArray[Any],
) -> None:
    """Look at the first and the last feasible cell of each line, and between them."""
    import numpy as np

    first: Any = Sizing(found.model, lines.at(np.where(have, start, 0)))
    last: Any = Sizing(found.model, lines.at(np.where(have, stop - 1, 0)))
    nodes = first.nodes[have].min(), last.nodes[have].max()
    found.tally.add_nodes(int(nodes[0]), int(nodes[1]))
    found.least = min(found.least, int(first.vnet_addresses[have].min()))
    found.most = max(found.most, int(last.vnet_addresses[have].max()))
    here = _Feasible(found.model, lines, start, stop, have)
    _prefixes(found.tally.node_prefixes, here, first, last, 0)
    if first.pod_ranges:
        _prefixes(found.tally.pod_prefixes, here, first, last, 1)


class _Feasible(NamedTuple):
    model: NetworkModel
    lines: Lines
    start: NDArray[Any]
    stop: NDArray[Any]
    have: NDArray[Any]


def _prefixes(uses: Uses, here: _Feasible, first: Any, last: Any, which: int) -> None:
    """Count feasible cells by the prefix length of one of their ranges."""
    import numpy as np

    kept: Range = first.ranges[which]
    lengths: Any = kept.length
    if first.demand.given(kept.kind) is not None:
        for length in np.unique(lengths[here.have]).tolist():
            start = np.where(lengths == length, here.start, here.stop)
            _use(uses, here, length, start, here.stop)
        return
    base, cost = _linear(first, [kept])
    longest = int(lengths[here.have].max())
    shortest = int(last.ranges[which].length[here.have].min())
    start = here.start
    for length in range(longest, shortest - 1, -1):
        upto = here.lines.within((usable(length, kept.kept) - base) // cost)
        stop = np.clip(upto, start, here.stop)
        _use(uses, here, length, start, stop)
        start = stop


def _use(
    uses: Uses, here: _Feasible, length: int, start: NDArray[Any], stop: NDArray[Any]
) -> None:
    import numpy as np

    have = stop > start
    if have.any():
        first: Any = Sizing(here.model, here.lines.at(np.where(have, start, 0)))
        last: Any = Sizing(here.model, here.lines.at(np.where(have, stop - 1, 0)))
        least, most = int(first.nodes[have].min()), int(last.nodes[have].max())
        add_use(uses, length, int((stop - start).sum()), least, most)


def _wins(found: Sequence[_Model], keys: Sequence[NDArray[Any]]) -> None:
    """Count the cells of lines that each model wins, piece by piece.

    Addresses of all models grow along the same peak from the same base, so which takes
    fewest at the first cell does at every other one.
    """
    import numpy as np

    parts = [each.parts[-1] for each in found]
    ends = np.sort([end for part in parts for end in (part.start, part.stop)], axis=0)
    nothing = np.iinfo(np.int64).max
    for start, stop in pairwise(ends):
        fewest = np.full(start.shape, nothing)
        winner = np.full(start.shape, len(found))
        for number in preference([each.model for each in found]):
            part = parts[number]
            fits = (part.start <= start) & (start < part.stop)
            fewer = fits & (keys[number] < fewest)
            fewest = np.where(fewer, keys[number], fewest)
            winner = np.where(fewer, number, winner)
        for number, each in enumerate(found):
            each.tally.wins += int((stop - start)[winner == number].sum())
