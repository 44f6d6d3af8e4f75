"""What a new network must be clear of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import Cidr
from ipplan.inventory.origins import parent_of
from ipplan.limits import FORBIDDEN_VNET_RANGES, RESERVED_RANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.externals import PoolUse

NETWORKS: PoolUse = "vnets"
"""What a pool is for that networks are drawn from."""

RESERVED = tuple(
    map(Cidr.parse, (*FORBIDDEN_VNET_RANGES.value, *RESERVED_RANGES.value))
)
"""What no VNet may have, and what none with a cluster may."""


class Aggregate(NamedTuple):
    """A range on premises that is larger than a pool's, and so says nothing of it.

    Parameters
    ----------
    name : str
        Of the network on premises.
    cidr : Cidr
        The range; what is more specific wins over it where traffic is routed.
    """

    name: str
    cidr: Cidr

    @property
    def words(self) -> str:
        """That it is not kept clear of, and why.

        >>> Aggregate("dc", Cidr.parse("10.0.0.0/8")).words
        '10.0.0.0/8 on premises (dc) covers a range of the pools: it is taken for an \
aggregate'
        """
        place = f"{self.cidr} on premises ({self.name})"
        return f"{place} covers a range of the pools: it is taken for an aggregate"


class Takings(NamedTuple):
    """What is taken, and what only seems to be.

    Parameters
    ----------
    kinds : mapping of str to frozenset of Cidr
        Different ranges by whose they are: ``vnets``, ``subnets``, ``unseen``,
        ``on_premises``, ``clusters``, ``pools`` and ``reserved``.
    aggregates : tuple of Aggregate
        Ranges on premises that are not among them.
    """

    kinds: Mapping[str, frozenset[Cidr]]
    aggregates: tuple[Aggregate, ...]


def takings(
    inventory: Inventory, pools: Iterable[Cidr], near: str | None = None
) -> Takings:
    """What a new network must be clear of, wherever it is drawn from.

    Parameters
    ----------
    inventory : Inventory
        All that there is.
    pools : iterable of Cidr
        What it is drawn from. A range on premises that is larger than one of these is
        an aggregate, which leads to whatever nothing more specific leads to.
    near : str or None
        Id of the network beside which it will be: only clusters that this one reaches
        count then. None for a network that may be peered with any.
    """
    drawn = list(pools)
    outside = [(o.name, c) for o in inventory.external_ranges for c in o.prefixes]
    larger = {
        cidr: Aggregate(name, cidr)
        for name, cidr in outside
        if any(cidr.covers(each) and cidr != each for each in drawn)
    }
    kinds: dict[str, Iterable[Cidr]] = {
        "vnets": (cidr for vnet in inventory.vnets for cidr in vnet.prefixes),
        "subnets": (cidr for subnet in inventory.subnets for cidr in subnet.prefixes),
        "unseen": (cidr for vnet in inventory.unseen for cidr in vnet.prefixes),
        "on_premises": (cidr for _, cidr in outside if cidr not in larger),
        "clusters": _inside(_reached(inventory, near)),
        "pools": (
            cidr
            for pool in inventory.address_pools
            if pool.use != NETWORKS
            for cidr in pool.prefixes
        ),
        "reserved": RESERVED,
    }
    found = {kind: frozenset(cidrs) for kind, cidrs in kinds.items()}
    return Takings(found, tuple(larger.values()))


def _reached(inventory: Inventory, near: str | None) -> Iterable[Cluster]:
    """Clusters whose pods and services a new network may have to tell apart."""
    if near is None:
        return inventory.clusters
    reached = {near}.union(*(link.networks for link in inventory.reach.of(near)))
    return (
        cluster
        for cluster in inventory.clusters
        # One whose network is not known may be anywhere.
        if not (homes := set(map(parent_of, cluster.subnets))) or homes & reached
    )


def _inside(clusters: Iterable[Cluster]) -> Iterator[Cidr]:
    """Pod and service CIDRs."""
    for cluster in clusters:
        yield from cluster.pod_cidrs
        yield from cluster.service_cidrs
