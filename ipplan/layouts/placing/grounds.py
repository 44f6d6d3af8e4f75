"""What there is already, as a layout of one family of addresses finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.inventory.origins import parent_of
from ipplan.layouts.placing.supplies import source_of
from ipplan.layouts.takings import NETWORKS, RESERVED, takings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.layouts.locks import Lock
    from ipplan.layouts.plans import ClusterPlan, LayoutPlan, NetworkPlan
    from ipplan.layouts.results import Whence
    from ipplan.layouts.takings import Aggregate, Takings
    from ipplan.layouts.wants import SubnetWant


class Settled(NamedTuple):
    """Ranges that something has.

    Parameters
    ----------
    prefixes : tuple of Cidr
        Of one family.
    whence : str
        Where they come from.
    """

    prefixes: tuple[Cidr, ...]
    whence: Whence


@dataclass(frozen=True)
class Ground:
    """A plan, its lock, and what stands around it, of one family.

    Parameters
    ----------
    plan : LayoutPlan
        What is asked for.
    lock : Lock
        What an earlier layout gave; an empty one if there was none.
    version : int
        4 or 6.
    wanted : frozenset of str
        Ids of the subnets that the plan asks for.
    """

    plan: LayoutPlan
    lock: Lock
    version: int = IPV4
    wanted: frozenset[str] = frozenset()
    _reached: dict[tuple[str, str], bool] = field(
        default_factory=dict[tuple[str, str], bool], repr=False, compare=False
    )

    def of(self, cidrs: Iterable[Cidr]) -> tuple[Cidr, ...]:
        """Those of this family."""
        return tuple(each for each in cidrs if each.version == self.version)

    def locked(self, identity: str) -> tuple[Cidr, ...]:
        """What a network or subnet has by the lock."""
        return self.of(self.lock.ranges.get(identity, ()))

    def existing(self, network: str) -> tuple[Cidr, ...]:
        """The address space of a network as it exists."""
        found = self.plan.inventory.vnet_by_id.get(network)
        return self.of(found.prefixes) if found else ()

    def settled(self, want: SubnetWant) -> Settled | None:
        """The ranges of a subnet where the plan fixes them, or where it exists."""
        if pinned := self.of(want.pinned):
            return Settled(pinned, "pinned")
        found = self.plan.inventory.subnet_by_id.get(want.id)
        prefixes = self.of(found.prefixes) if found else ()
        return Settled(prefixes, "existing") if prefixes else None

    def other_subnets(self, network: str, wanted: set[str]) -> Iterator[Cidr]:
        """The ranges of a network's subnets that the plan does not ask for."""
        found = self.plan.inventory.vnet_by_id.get(network)
        for subnet in found.subnets if found else ():
            if subnet.id not in wanted:
                yield from self.of(subnet.prefixes)

    @cached_property
    def clusters(self) -> dict[str, Cluster]:
        """Clusters that exist, by id."""
        return {each.id: each for each in self.plan.inventory.clusters}

    @cached_property
    def _own(self) -> frozenset[Cidr]:
        """The space of the plan's networks that exist, and subnets that lie in it.

        Where its space was not read, one that the plan does not name is in the way.
        """
        ids = {each.id for each in self.plan.networks}
        vnets = [each for each in self.plan.inventory.vnets if each.id in ids]
        subnets = (
            cidr
            for vnet in vnets
            for each in vnet.subnets
            for cidr in each.prefixes
            if each.id in self.wanted or any(own.covers(cidr) for own in vnet.prefixes)
        )
        return frozenset((*subnets, *(e for vnet in vnets for e in vnet.prefixes)))

    @cached_property
    def _takings(self) -> Takings:
        """What a network of the plan must be clear of, as far as it exists."""
        drawn = [
            cidr
            for network in self.plan.networks
            for cidr in source_of(
                self.plan, NETWORKS, self.version, network.pool
            ).ranges
        ]
        return takings(self.plan.inventory, drawn)

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        """Ranges on premises that networks are not kept clear of."""
        return self._takings.aggregates

    @cached_property
    def others(self) -> tuple[Cidr, ...]:
        """All that the plan's networks must be clear of, besides each other."""
        kinds = self._takings.kinds
        found = {e for kind, own in kinds.items() if kind != "pools" for e in own}
        found -= self._own
        found |= {cidr for *_, cidrs in self.ranges for cidr in cidrs}
        return self.of((*found, *RESERVED))

    @cached_property
    def others_pools(self) -> tuple[Cidr, ...]:
        """Declared pools that no network is drawn from."""
        pools = self.plan.inventory.address_pools
        return self.of(c for e in pools if e.use != NETWORKS for c in e.prefixes)

    @cached_property
    def ranges(self) -> tuple[tuple[frozenset[str], tuple[Cidr, ...]], ...]:
        """Pod and service CIDRs that are settled, with the networks of the cluster."""
        found = [
            (frozenset(map(parent_of, each.subnets)), _inside(each))
            for each in self.plan.inventory.clusters
        ]
        found += [
            (frozenset({network.id}), self._of_plan(each))
            for network, each in self.plan.clusters
        ]
        return tuple((homes, self.of(each)) for homes, each in found if each)

    def _of_plan(self, plan: ClusterPlan) -> tuple[Cidr, ...]:
        """What a cluster of the plan has, by the plan or by the lock."""
        cluster = plan.cluster
        pods = self.of(cluster.pod_cidrs) or self.lock.pod_cidrs.get(cluster.id, ())
        services = self.of(cluster.service_cidrs)
        return (*pods, *(services or self.lock.service_cidrs.get(cluster.id, ())))

    def inside(self, network: str) -> Iterator[Cidr]:
        """Ranges in which a network can't have subnets, even where its space does."""
        yield from RESERVED
        for homes, cidrs in self.ranges:
            if any(self.reaches(network, home) for home in homes):
                yield from cidrs

    def reaches(self, network: str, home: str) -> bool:
        """Whether what is in one network can reach what is in the other."""
        key = network, home
        if key not in self._reached:
            between = self.plan.inventory.reach.between
            self._reached[key] = network == home or between(*key) is not None
        return self._reached[key]

    def needs(self, network: NetworkPlan, wants: Iterable[SubnetWant]) -> bool:
        """Whether a network has this family."""
        return (
            self.version == IPV4
            or network.dual_stack
            or any(self.of((*network.prefixes, *self.existing(network.id))))
            or any(each.ipv6 or self.of(each.pinned) for each in wants)
        )


def _inside(cluster: Cluster) -> tuple[Cidr, ...]:
    return (*cluster.pod_cidrs, *cluster.service_cidrs)
