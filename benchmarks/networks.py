"""CIDRs to compare: scattered, side by side, and of a hub with its spokes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ipplan.cidrs import Cidrs

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW, MANY = 0.6, 0.45
"""How lengths are weighed, as 2 to the power of so many times the length: a million
CIDRs have 0.6 and 3.4 million pairs. [-]"""

SPACES = 50
"""Address spaces that the spokes of a star reuse. [-]"""


def ipv4(firsts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Cidrs:
    """CIDRs from columns, without a text for each."""
    count = len(firsts)
    return Cidrs(
        np.full(count, 4, np.uint8),
        np.zeros(count, np.uint64),
        firsts.astype(np.uint64),
        lengths.astype(np.uint8),
    )


def scattered(count: int, weight: float) -> Cidrs:
    """CIDRs from /8 to /30 anywhere, the longer ones more often."""
    random = np.random.default_rng(seed=500)
    choices = np.arange(8, 31)
    chances = 2.0 ** (weight * choices)
    lengths = random.choice(choices, count, p=chances / chances.sum())
    return ipv4(
        random.integers(0, 2**32, count) >> 32 - lengths << 32 - lengths, lengths
    )


def apart(count: int) -> Cidrs:
    """As many /24s side by side, in no order."""
    firsts = np.random.default_rng(seed=501).permutation(count) << 8
    return ipv4(firsts, np.full(count, 24))


class Star(NamedTuple):
    """A hub that is peered with spokes: VNets and a subnet or more of each."""

    cidrs: Cidrs
    owners: NDArray[np.int64]
    links: NDArray[np.int64]


def star(spokes: int) -> Star:
    """A hub, number 0, in one of the spaces that its spokes reuse."""
    random = np.random.default_rng(seed=502)
    numbers = np.arange(1, spokes + 1)
    spaces = 10 << 24 | random.integers(0, SPACES, spokes) << 16
    subnets = spaces | random.integers(0, 256, spokes) << 8
    hub = 10 << 24 | np.array([0, 0, 1 << 8])
    firsts = np.concatenate((hub, spaces, subnets))
    lengths = np.repeat([16, 24, 16, 24], [1, 2, spokes, spokes])
    owners = np.concatenate(([0, 0, 0], numbers, numbers))
    order = random.permutation(len(firsts))
    links = np.stack((np.zeros_like(numbers), numbers), axis=-1)
    return Star(ipv4(firsts[order], lengths[order]), owners[order], links)


def unsorted(count: int) -> NDArray[np.uint64]:
    """As many numbers as there are CIDRs, for np.sort."""
    return np.random.default_rng(seed=503).integers(0, 2**64, count, dtype=np.uint64)
