"""redacted_layout(): the same layout without names, so that it can be shared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.inventory.estates import Inventory
from ipplan.inventory.pseudonyms import Pseudonyms
from ipplan.inventory.redacting import azure_words, redacted
from ipplan.layouts.demands.services import service_named
from ipplan.layouts.demands.subnets import subnet_wants
from ipplan.layouts.results import Layout
from ipplan.layouts.takings import Aggregate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.layouts.plans import (
        ClusterPlan,
        EndpointPlan,
        LayoutPlan,
        NetworkPlan,
        ServicePlan,
        SubnetPlan,
    )
    from ipplan.layouts.results import (
        Move,
        PlacedCluster,
        PlacedNetwork,
        PlacedSubnet,
        Unfit,
    )
    from ipplan.layouts.wants import SubnetWant

_TITLE = "plan"
"""What a plan is called whose name is nobody's business."""

_KINDS = {"vnet": "vnet", "subnet": "subnet"}
"""Kinds of what ranges belong to, other than clusters."""


def redacted_layout(layout: Layout) -> Layout:
    """The same layout with every name and id replaced, and every range kept.

    The same name gets the same replacement in the plan, in what is deployed and in what
    stands around it. What found no room keeps its size and its largest free block, and
    loses the words that say where it was to be. There is no lock.

    Parameters
    ----------
    layout : Layout
        As :func:`ipplan.lay_out` gives it, of a plan whose ids are those of Azure.

    Examples
    --------
    >>> import ipplan
    >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    >>> hub = ipplan.layouts.plans.NetworkPlan(
    ...     f"{home}/virtualnetworks/contoso",
    ...     "contoso",
    ...     services=(ipplan.layouts.plans.ServicePlan("firewall"),),
    ... )
    >>> layout = redacted_layout(ipplan.lay_out(ipplan.LayoutPlan("shop", (hub,))))
    >>> layout.plan.name, layout.networks[0].plan.name, layout.subnets[0].want.name
    ('plan', 'vnet-1', 'AzureFirewallSubnet')
    """
    return _Redacting(Pseudonyms()).layout(layout)


class _Redacting:
    """The parts of a layout, one by one, under the names that stand for others."""

    def __init__(self, names: Pseudonyms) -> None:
        self._names = names

    def layout(self, layout: Layout) -> Layout:
        plan = self._plan(layout.plan)
        networks = {each.id: each for each in plan.networks}
        clusters = {each.cluster.id: each for _, each in plan.clusters}
        wants = {each.id: each for each in subnet_wants(plan)}
        return Layout(
            plan,
            self._networks(layout, networks),
            self._subnets(layout, wants),
            self._clusters(layout, clusters),
            self._unfits(layout),
            tuple(self._move(each) for each in layout.moves),
            tuple(sorted(self._assumed(layout))),
            planned=redacted(layout.planned, self._names),
            inventory=redacted(layout.inventory, self._names),
        )

    def _id(self, identity: str) -> str:
        return str(self._names.id(identity))

    # What was placed.

    def _networks(
        self, layout: Layout, plans: dict[str, NetworkPlan]
    ) -> tuple[PlacedNetwork, ...]:
        found = (
            each._replace(plan=plans[self._id(each.plan.id)])
            for each in layout.networks
        )
        return tuple(sorted(found, key=lambda each: each.plan.id))

    def _subnets(
        self, layout: Layout, wants: dict[str, SubnetWant]
    ) -> tuple[PlacedSubnet, ...]:
        """Subnets by their new ids: their words are those of the plan without names."""
        found = (
            each._replace(want=wants[self._id(each.want.id)]) for each in layout.subnets
        )
        return tuple(sorted(found, key=lambda each: each.want.id))

    def _clusters(
        self, layout: Layout, plans: dict[str, ClusterPlan]
    ) -> tuple[PlacedCluster, ...]:
        found = (
            each._replace(
                plan=plans[self._id(each.plan.cluster.id)],
                network=self._id(each.network),
                reused_by=tuple(self._names.of("cluster", e) for e in each.reused_by),
            )
            for each in layout.clusters
        )
        return tuple(sorted(found, key=lambda each: each.plan.cluster.id))

    def _unfits(self, layout: Layout) -> tuple[Unfit, ...]:
        found = map(self._unfit, layout.unfit)
        return tuple(
            sorted(found, key=lambda each: (each.version, each.length, each.id))
        )

    def _unfit(self, unfit: Unfit) -> Unfit:
        name = self._names.of(_KINDS.get(unfit.kind, "cluster"), unfit.name)
        return unfit._replace(id=self._id(unfit.id), name=name, where="", remedy="")

    def _move(self, move: Move) -> Move:
        name = self._names.of(_KINDS.get(move.kind, "cluster"), move.name)
        return move._replace(id=self._id(move.id), name=name)

    def _assumed(self, layout: Layout) -> Iterator[str]:
        """What was assumed: of words only those on aggregates name anybody."""
        words = {
            Aggregate(each.name, cidr).words: Aggregate(
                self._names.of("network", each.name), cidr
            ).words
            for each in layout.plan.inventory.external_ranges
            for cidr in each.prefixes
        }
        return (words.get(each, each) for each in layout.assumed)

    # What was asked for.

    def _plan(self, plan: LayoutPlan) -> LayoutPlan:
        networks = sorted(map(self._network, plan.networks), key=lambda each: each.id)
        around = redacted(plan.inventory, self._names)
        return replace(plan, name=_TITLE, networks=tuple(networks), inventory=around)

    def _network(self, network: NetworkPlan) -> NetworkPlan:
        names = self._names
        return replace(
            network,
            id=self._id(network.id),
            name=names.of("vnet", network.name),
            location=network.location and names.region(network.location),
            pool=network.pool and names.of("address-pool", network.pool),
            hub=names.id(network.hub),
            subnets=tuple(map(self._subnet, network.subnets)),
            services=tuple(map(self._service, network.services)),
            endpoints=tuple(map(self._located, network.endpoints)),
            clusters=tuple(map(self._cluster, network.clusters)),
            endpoint_subnet=self._called(network.endpoint_subnet),
            pinned={
                self._called(each).lower(): cidrs
                for each, cidrs in network.pinned.items()
            },
            twin=names.id(network.twin),
            names={
                self._called(each).lower(): self._called(spelled)
                for each, spelled in network.names.items()
            },
            origin=names.origin(network.origin),
        )

    def _located(self, endpoint: EndpointPlan) -> EndpointPlan:
        return replace(endpoint, origin=self._names.origin(endpoint.origin))

    def _called(self, subnet: str) -> str:
        return self._names.of("subnet", subnet)

    def _subnet(self, subnet: SubnetPlan) -> SubnetPlan:
        delegated = (subnet.delegation,) if subnet.delegation else ()
        return replace(
            subnet,
            name=self._called(subnet.name),
            delegation=next(iter(azure_words(delegated)), None),
            service_endpoints=azure_words(subnet.service_endpoints),
            origin=self._names.origin(subnet.origin),
        )

    def _service(self, service: ServicePlan) -> ServicePlan:
        """A service; where its row names the subnet, that is replaced like others."""
        subnet = service.name or service_named(service.kind).subnet
        return replace(
            service,
            name=self._called(subnet),
            cluster=self._names.id(service.cluster),
            origin=self._names.origin(service.origin),
        )

    def _cluster(self, plan: ClusterPlan) -> ClusterPlan:
        alone = redacted(Inventory(clusters=(plan.cluster,)), self._names)
        return replace(
            plan,
            cluster=alone.clusters[0],
            services=tuple(map(self._service, plan.services)),
            twin=self._names.id(plan.twin),
        )
