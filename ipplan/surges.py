"""Surge: the extra nodes that an upgrade brings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ipplan.counts import CEILING, Count, is_array, least, most, plus
from ipplan.errors import ArgumentError

_SURGE = re.compile(r"([0-9]{1,10})(%?)", re.ASCII)
ALLOWED = "a number of nodes such as 1, or a whole percentage from 0% to 100%"
"""What a surge may be, in words."""


@dataclass(frozen=True, slots=True)
class Surge:
    """How many nodes an upgrade adds to a pool: a count, or a percentage of it.

    Parameters
    ----------
    count : int or ndarray of int
        Nodes added whatever the pool's size. [nodes]
    percent : int or ndarray of int, broadcast with count
        Nodes added for each hundred; where one is set the other is 0. [%]

    Examples
    --------
    >>> str(Surge(percent=10)), str(Surge(1))
    ('10%', '1')
    """

    count: Count = 0
    percent: Count = 0

    @classmethod
    def parse(cls, value: object) -> Surge:
        """Read ``1``, ``"10%"``, an array of counts, or a list of such spellings.

        Raises
        ------
        ArgumentError
            For anything else; AKS takes no fraction of a percent.

        Examples
        --------
        >>> Surge.parse("33%")
        Surge(count=0, percent=33)
        """
        if isinstance(value, Surge):
            return value
        if not is_array(value):
            return cls(*_count_and_percent(value))
        import numpy as np

        cells = np.asarray(value, dtype=object)
        pairs = [_count_and_percent(cell) for cell in cells.ravel()]
        columns = np.array(pairs, dtype=np.int64).reshape(*cells.shape, 2)
        counts, percents = columns[..., 0], columns[..., 1]
        return cls(counts if counts.any() else 0, percents if percents.any() else 0)

    def __str__(self) -> str:
        """As AKS spells it."""
        return f"{self.percent}%" if self.percent else f"{self.count}"


def _count_and_percent(value: object) -> tuple[int, int]:
    match = _SURGE.fullmatch(str(value))
    number = int(match[1]) if match else CEILING + 1
    percent = bool(match and match[2])
    if number > (100 if percent else CEILING):
        raise ArgumentError("max_surge", repr(value), ALLOWED)
    return (0, number) if percent else (number, 0)


def surge_nodes(nodes: Count, surge: Surge) -> Count:
    """Nodes that an upgrade adds to a pool.

    Parameters
    ----------
    nodes : int or ndarray of int, shape (...,)
        Nodes of the pool before the upgrade, of a type that holds 100 times as many.
        [nodes]
    surge : Surge
        The pool's maximum surge; broadcasts with nodes.

    Returns
    -------
    int or ndarray of int
        Rounded up, and never more than the pool has. [nodes]

    References
    ----------
    https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling

    Examples
    --------
    >>> surge_nodes(10, Surge(percent=33)), surge_nodes(3, Surge(5))
    (4, 3)
    """
    by_percent: Count = 0
    if is_array(surge.percent) or surge.percent:
        by_percent = nodes * surge.percent  # a new array, so it can change in place
        by_percent += 99
        by_percent //= 100
    return least(nodes, plus(surge.count, by_percent))


def steady_nodes(peak: Count, surge: Surge) -> Count:
    """Most nodes that, with their surge, are no more than a peak: surge's inverse.

    Parameters
    ----------
    peak : int or ndarray of int, shape (...,)
        Nodes there is room for while an upgrade runs, at least 0, of a type that
        holds 100 times as many. [nodes]
    surge : Surge
        The pool's maximum surge; broadcasts with peak.

    Returns
    -------
    int or ndarray of int
        [nodes]

    Notes
    -----
    n + min(n, c + ⌈n·p/100⌉) ≤ peak holds when either term of the minimum does:
    n ≤ peak/2, or n ≤ 100·(peak − c)/(100 + p). Both are exact.

    Examples
    --------
    A /24 of Azure CNI holds 8 nodes of 30 pods, so 7 can be upgraded.

    >>> steady_nodes(8, Surge(1)), steady_nodes(251, Surge(percent=10))
    (7, 228)
    """
    return most(peak // 2, (peak - surge.count) * 100 // (100 + surge.percent))
