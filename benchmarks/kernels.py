"""Kernels as a user would write them to have them compiled: plain loops over rows.

They are ordinary Python until :mod:`benchmarks.compiled` hands them to numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ipplan.models import Home, Takes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipplan.models import NetworkModel

TAKES = list(Takes)
"""What a node takes its pod addresses for, by number."""

NODES = 5000
"""Nodes that a cluster can have, where no route is in the way. [nodes]"""

NEVER = 2**31 - 1
"""A limit that nothing reaches."""


class Parameters(NamedTuple):
    """What rows of a model are sized with: plain numbers, which a compiler can fold."""

    flat: int
    shift: int
    spare: int
    kept: int
    smallest: int
    largest: int
    takes: int
    routes: int
    vnet: int


def parameters(row: NetworkModel) -> Parameters:
    """Those of a model; its blocks are powers of two."""
    return Parameters(
        int(row.home is Home.NODE_SUBNET),
        row.block.bit_length() - 1,
        row.spare,
        row.kept,
        row.smallest,
        row.largest,
        TAKES.index(row.takes),
        row.route_limit.value if row.route_limit else NODES,
        row.vnet_limit.value if row.vnet_limit else NEVER,
    )


def bits(number: int) -> int:
    """Bits of a number from 0 to 2**32 - 1, in steps that a compiler can do abreast."""
    count = 0
    for step in (16, 8, 4, 2, 1):
        if number >> step:
            count += step
            number >>= step
    return count + (number > 0)


def size_rows(row: Parameters, given: Any, out: Any, bits: Any) -> None:
    """The six columns of one model, row by row."""
    nodes, max_pods, surges, running = given
    peaks, needs, pod_needs, lengths, pod_lengths, feasible = out
    for at in range(len(nodes)):
        count, density = np.int64(nodes[at]), np.int64(max_pods[at])
        peak = count + min(count, (count * surges[at] + 99) // 100)
        pods: Any = density
        if row.takes == 0:
            pods = 1
        if row.takes == 2:
            pods = min(density, running[at])
        per_node = (pods + row.spare + (1 << row.shift) - 1) >> row.shift << row.shift
        pod_need = 0 if row.flat else peak * per_node
        need = peak * (1 + density) if row.flat else peak
        length = min(32 - bits(pod_need + row.kept - 1), row.smallest)
        length = 0 if row.flat or length < row.largest else length
        peaks[at], needs[at], pod_needs[at] = peak, need, pod_need
        lengths[at], pod_lengths[at] = min(32 - bits(need + 4), 29), length
        feasible[at] = (
            (peak <= row.routes)
            & (count * density >= 30)
            & (running[at] <= density)
            & (need + pod_need <= row.vnet)
            & ((row.flat == 1) | (length > 0))
        )


def count_pairs(keys: NDArray[Any], ends: NDArray[Any]) -> int:
    """How many pairs overlap, of packed CIDRs in order; a stack holds what is open."""
    depth = total = 0
    for key in keys:
        while depth and ends[depth - 1] < key:
            depth -= 1
        total += depth
        ends[depth] = key | np.uint64(2**64 - 1) >> (
            key >> np.uint64(26) & np.uint64(63)
        )
        depth += 1
    return total


def fill_pairs(
    keys: NDArray[Any], ends: NDArray[Any], rows: NDArray[Any], pairs: NDArray[Any]
) -> None:
    """Write the pairs of what is open and what begins, in order of the latter."""
    depth = at = 0
    for key in keys:
        while depth and ends[depth - 1] < key:
            depth -= 1
        row = np.int64(key & np.uint64(2**26 - 1))
        for level in range(depth):
            pairs[at, 0], pairs[at, 1] = rows[level], row
            at += 1
        ends[depth] = key | np.uint64(2**64 - 1) >> (
            key >> np.uint64(26) & np.uint64(63)
        )
        rows[depth] = row
        depth += 1
