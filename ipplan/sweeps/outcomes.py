"""What a summary holds: plain numbers, a part for each model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

PERCENTS = (5, 25, 50, 75, 95)
"""Percentiles that are told. [%]"""

DAYS_A_MONTH = 30.436875
"""Of the Gregorian calendar, on average. [days]"""


class PrefixUse(NamedTuple):
    """How often feasible cells take a prefix length, and with how many nodes.

    Parameters
    ----------
    length : int
        [bits]
    cells : int
        Feasible cells that take it. [-]
    nodes_least, nodes_most : int
        Of those cells, growth included. [nodes]
    """

    length: int
    cells: int
    nodes_least: int
    nodes_most: int


class Spread(NamedTuple):
    """How addresses are spread over feasible cells.

    Parameters
    ----------
    least, most : int
        [addresses]
    percentiles : tuple of int
        At :data:`PERCENTS`, by nearest rank. [addresses]
    """

    least: int
    percentiles: tuple[int, ...]
    most: int


class Exhaustion(NamedTuple):
    """When nodes outgrow the ranges, over all cells, from before they grow on.

    Of cells that are outgrown after the months that they were given it is the end of
    these: by then they are.

    Parameters
    ----------
    days : tuple of int or None
        At :data:`PERCENTS`, by nearest rank; None where that is never, or later than
        can be looked ahead. [days]
    beyond, never : int
        Cells that are outgrown later than can be looked ahead, and never. [-]
    """

    days: tuple[int | None, ...]
    beyond: int
    never: int


@dataclass(frozen=True)
class ModelSummary:
    """All cells of one model in a few numbers.

    Parameters
    ----------
    model : str
        Its name.
    cells, feasible : int
        Cells that the filter keeps, and those of them that nothing refuses. [-]
    unknown : tuple of str
        What can't be known of the model, each with what to state.
    refused_by : tuple of pairs of str and int
        The first rule that stops a cell, in the rules' order, and how many. [-]
    wins : int
        Cells in which the model is feasible and takes the fewest VNet addresses. [-]
    nodes_least, nodes_most : int or None
        Of feasible cells, growth included; None where there is none. [nodes]
    node_prefixes, pod_prefixes : tuple of PrefixUse
        Of feasible cells, the smallest ranges first.
    vnet_addresses : Spread or None
        Of feasible cells; None where there is none. [addresses]
    outgrown : int
        Cells that outgrow a range that was given. [-]
    months_left : Exhaustion or None
        Where nodes grow over years.
    """

    model: str
    cells: int
    feasible: int
    unknown: tuple[str, ...]
    refused_by: tuple[tuple[str, int], ...]
    wins: int
    nodes_least: int | None
    nodes_most: int | None
    node_prefixes: tuple[PrefixUse, ...]
    pod_prefixes: tuple[PrefixUse, ...]
    vnet_addresses: Spread | None
    outgrown: int
    months_left: Exhaustion | None


@dataclass(frozen=True)
class Summary:
    """A sweep in a few numbers for each model.

    Parameters
    ----------
    models : tuple of ModelSummary
        In the order in which they were asked for.
    cells : int
        Cells of the sweep, all models together and before any filter. [-]
    by_break_points : bool
        Whether it was worked out without a look at every cell.
    """

    models: tuple[ModelSummary, ...]
    cells: int
    by_break_points: bool


def rank_of(percent: int, count: int) -> int:
    """Nearest rank of a percentile, counted from 1.

    Examples
    --------
    >>> rank_of(50, 4), rank_of(51, 4), rank_of(0, 4)
    (2, 3, 1)
    """
    return max(1, -(-percent * count // 100))
