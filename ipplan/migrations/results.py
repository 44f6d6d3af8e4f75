"""What is found of a migration: the way of each cluster, and what bars it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import Subnet
    from ipplan.limits import Limit

Way = Literal["in-place", "new-pool", "new-cluster", "already", "unknown"]
"""An update of the cluster, a new pool in another subnet, a new cluster, or nothing."""

State = Literal["bars", "removable", "unknown"]
"""It bars the way for good, can be taken away first, or the file does not say."""


Kind = Literal["open", "removable", "rebuild", "already", "unknown"]
"""It can move in place now, or when something is taken away first; it needs new pools \
or a new cluster; it is there; or that can't be told."""


class Obstacle(NamedTuple):
    """What a condition finds in the way of a cluster.

    Parameters
    ----------
    state : {"bars", "removable", "unknown"}
        How much it does.
    text : str
        What it is, with what was found.
    source : str
        The page that says so.
    remedy : str
        How to take it away; empty where nothing does.
    commands : tuple of tuple of str
        az commands that take it away, word by word, unquoted.
    """

    state: State
    text: str
    source: str
    remedy: str = ""
    commands: tuple[tuple[str, ...], ...] = ()


class Bar(NamedTuple):
    """Something that stands in the way, by its name.

    Parameters
    ----------
    id : str
        The condition or rule that found it.
    state : {"bars", "removable", "unknown"}
        How much it is in the way.
    text, source, remedy : str
        What it is, with what was found; the page that says so; how to take it away,
        empty where nothing does.
    commands : tuple of tuple of str
        az commands that take it away, word by word, unquoted.
    """

    id: str
    state: State
    text: str
    source: str
    remedy: str = ""
    commands: tuple[tuple[str, ...], ...] = ()


class Step(NamedTuple):
    """A step of the way.

    Parameters
    ----------
    text : str
        What is done.
    commands : tuple of tuple of str
        Commands to review, word by word, unquoted; empty where people decide.
    outage : str
        What does not work meanwhile; empty for nothing.
    reversible : bool
        Whether it can be undone.
    source : str
        The page that says so; empty where nobody need.
    """

    text: str
    commands: tuple[tuple[str, ...], ...] = ()
    outage: str = ""
    reversible: bool = True
    source: str = ""


class Freed(NamedTuple):
    """A subnet, and what it has to hold before and after.

    Parameters
    ----------
    subnet : Subnet
        The subnet.
    before, after : int or None
        What its clusters take at their most nodes while all are upgraded; None where
        that can't be known. [addresses]
    """

    subnet: Subnet
    before: int | None
    after: int | None

    @property
    def addresses(self) -> int | None:
        """What is set free. [addresses]."""
        known = self.before is not None and self.after is not None
        return self.before - self.after if known else None  # type: ignore[operator]


class PodCidr(NamedTuple):
    """The pod CIDR to ask for.

    Parameters
    ----------
    cidr : Cidr or None
        The range; None where none is free.
    kept : bool
        Whether it is the one that the cluster has.
    needed : int or None
        Nodes that it must hold, surge among them. [nodes]
    words : str
        Why this one.
    source : str
        The page that asks for it.
    """

    cidr: Cidr | None
    kept: bool
    needed: int | None
    words: str
    source: str


@dataclass(frozen=True)
class ClusterMigration:
    """The way of one cluster.

    Parameters
    ----------
    cluster : Cluster
        As it is.
    name : str
        As people call it.
    to : str
        The model, or ``cilium`` for the data plane.
    way : str
        The documented path.
    open : bool or None
        Whether the documented in-place path is open now; None where that is unknown.
    verdict : str
        All that in a sentence.
    bars : tuple of Bar
        The worst first.
    pod_cidr : PodCidr or None
        None where none is needed.
    freed : tuple of Freed
        Subnet by subnet.
    steps : tuple of Step
        In order.
    irreversible, changes : tuple of str
        What can't be undone, and what will be different.
    deadline : Limit or None
        The day on which support of its model ends.
    sources : tuple of str
        The pages that it rests on.
    """

    cluster: Cluster
    name: str
    to: str
    way: Way
    open: bool | None
    verdict: str
    bars: tuple[Bar, ...] = ()
    pod_cidr: PodCidr | None = None
    freed: tuple[Freed, ...] = ()
    steps: tuple[Step, ...] = ()
    irreversible: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    deadline: Limit[date] | None = None
    sources: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it amounts to, all clusters told by it once."""
        if self.way != "in-place":
            return _KINDS[self.way]
        if self.open is None:
            return "unknown"
        return "open" if self.open else "removable"

    @property
    def outages(self) -> tuple[str, ...]:
        """What does not work on the way, each once."""
        return tuple(dict.fromkeys(e.outage for e in self.steps if e.outage))


_KINDS: dict[Way, Kind] = {
    "new-pool": "rebuild",
    "new-cluster": "rebuild",
    "already": "already",
    "unknown": "unknown",
}
"""What ways other than the one in place amount to."""


@dataclass(frozen=True)
class Migration:
    """The ways of all clusters of an estate.

    Parameters
    ----------
    inventory : Inventory
        What there is.
    as_of : date
        The day on which retirements are judged.
    to : str
        The model, or ``cilium`` for the data plane.
    clusters : tuple of ClusterMigration
        Those that can move first, then by name.
    unknown : tuple of str
        What was not seen and may lie in the way of a pod CIDR.
    """

    inventory: Inventory
    as_of: date
    to: str
    clusters: tuple[ClusterMigration, ...] = ()
    unknown: tuple[str, ...] = ()
