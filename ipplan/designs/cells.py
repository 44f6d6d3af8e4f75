"""Columns and cells of the matrix of ranges and what is around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr

Kind = Literal["vnet", "pods", "services"]
Verdict = Literal["refused", "breaks", "allowed", "reusable", "clear", "unknown", "n/a"]

OWN_SPACE = "own VNet"
OWN_SUBNETS = "own subnets"
REACHED = "VNets that it reaches"
ON_PREMISES = "networks on premises"
OWN_RANGES = "own pods and services"
OTHERS = "other clusters"
KEPT = "reserved ranges"
PUBLIC = "public space"
APART = "VNets that nothing joins"

RELATIONS = (
    OWN_SPACE,
    OWN_SUBNETS,
    REACHED,
    ON_PREMISES,
    OWN_RANGES,
    OTHERS,
    KEPT,
    PUBLIC,
    APART,
)
"""The columns, in order."""

AGGREGATE = "on-premises-aggregate"
"""The rule that tells of a large network once, and not of all that lies in it."""


class Cell(NamedTuple):
    """What a range has to do with others of one kind.

    Parameters
    ----------
    verdict : str
        Azure refuses it, it breaks traffic, it is allowed with a caution, it overlaps
        what it has nothing to do with, it overlaps nothing, that can't be known, or
        there is nothing of the kind.
    text : str
        What it meets, or what was not read; empty for clear ones.
    rules : tuple of str
        Ids of the rules that found it.
    """

    verdict: Verdict
    text: str = ""
    rules: tuple[str, ...] = ()


CLEAR = Cell("clear")
NONE_THERE = Cell("n/a")


class Owned(NamedTuple):
    """A range, and whose it is.

    Parameters
    ----------
    cidr : Cidr
        The range.
    kind : {"vnet", "pods", "services"}
        What it is.
    id, name : str
        Of the VNet or cluster, and what people call it.
    homes : tuple of str
        Ids of the VNets that it is in.
    """

    cidr: Cidr
    kind: Kind
    id: str
    name: str
    homes: tuple[str, ...]


class Reuse(NamedTuple):
    """Whether other clusters may have a range too.

    Parameters
    ----------
    text : str
        A sentence; empty where that is no question, as of VNets.
    source : str or None
        The page that says so; None where no page does.
    """

    text: str = ""
    source: str | None = None


class Row(NamedTuple):
    """A range, and what it has to do with everything around it.

    Parameters
    ----------
    cidr : Cidr or None
        The range; None for many VNets of which there is nothing to tell.
    kind : {"vnet", "pods", "services"}
        Whose it is.
    owners : tuple of str
        Names of the VNet, or of the clusters.
    cells : tuple of Cell
        One for each of ``RELATIONS``.
    reuse : Reuse
        Whether other clusters may have the range too.
    """

    cidr: Cidr | None
    kind: Kind
    owners: tuple[str, ...]
    cells: tuple[Cell, ...]
    reuse: Reuse = Reuse()
