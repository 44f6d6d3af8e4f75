"""AKS clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4
from ipplan.inventory.origins import Origin, resource_group_of, subscription_of
from ipplan.limits import NODE_GROUP_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.cidrs import Cidr
    from ipplan.inventory.pools import NodePool


STATE_NODES = "--nodes N"
"""What to state of a cluster whose node count is not known."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster as it stands.

    Parameters
    ----------
    name : str
        The resource's name.
    pools : tuple of NodePool
        As they are, with the autoscaler's maxima.
    model : str or None
        The name of its network model, where that can be told.
    id : str
        Resource id in lower case.
    pod_cidrs, service_cidrs : tuple of Cidr
        Of both families; ``assumed`` says which of them are only AKS's defaults.
    dns_service_ip : str or None
        Of the first family.
    location, kubernetes_version, node_resource_group : str or None
        As Azure says them; the resource group of the nodes in lower case.
    identity : str or None
        ``SystemAssigned``, ``UserAssigned`` or ``ServicePrincipal``.
    network_plugin, outbound_type, network_policy : str or None
        As Azure spells them.
    private : bool
        Whether its API server has no public address.
    public_fqdn : bool or None
        Whether a private cluster has a public name all the same.
    private_dns_zone : str or None
        ``system``, ``none`` or a resource id.
    vnet_integration : bool
        Whether its API server lives in a subnet (API Server VNet Integration).
    api_server_subnet : str or None
        Resource id of that subnet where it is the user's own.
    hosted_subnets : tuple of str
        Resource ids of the subnets of hosted pools, which do not show.
    authorized_ranges : tuple of Cidr
        Who may reach the public API server; empty for everybody.
    egress_prefixes : tuple of Cidr
        Public addresses that its traffic is stated to leave from, each as a /32 or a
        prefix; empty where that follows from other things, or is not known.
    load_balancer_services, load_balancer_ports : int or None
        Services of type LoadBalancer that it is stated to run, and the ports of all of
        them together; None where that is not stated. [services], [ports]
    needs : tuple of str
        Features that it uses, of :data:`ipplan.features.FEATURES`.
    unbounded : tuple of str
        Why its node count has no end, or does not show, whatever its pools say.
    assumed : tuple of str
        Fields that the file leaves to AKS's defaults.
    unresolved : tuple of str
        What the file does not settle, in its words.
    seen : bool
        False for a cluster of which only pools were read.
    origin : Origin
        Where it was read; it does not count when clusters are compared.
    """

    name: str
    pools: tuple[NodePool, ...] = ()
    model: str | None = None
    id: str = ""
    pod_cidrs: tuple[Cidr, ...] = ()
    service_cidrs: tuple[Cidr, ...] = ()
    dns_service_ip: str | None = None
    location: str | None = None
    kubernetes_version: str | None = None
    node_resource_group: str | None = None
    identity: str | None = None
    network_plugin: str | None = None
    outbound_type: str | None = None
    network_policy: str | None = None
    private: bool = False
    public_fqdn: bool | None = None
    private_dns_zone: str | None = None
    vnet_integration: bool = False
    api_server_subnet: str | None = None
    hosted_subnets: tuple[str, ...] = ()
    authorized_ranges: tuple[Cidr, ...] = ()
    egress_prefixes: tuple[Cidr, ...] = ()
    load_balancer_services: int | None = None
    load_balancer_ports: int | None = None
    needs: tuple[str, ...] = ()
    unbounded: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    seen: bool = True
    origin: Origin = field(default=Origin(), compare=False)

    @property
    def pod_cidr(self) -> Cidr | None:
        """The pod CIDR that sizes it: the IPv4 one, where the model has one."""
        return next((each for each in self.pod_cidrs if each.version == IPV4), None)

    @property
    def private_endpoint(self) -> bool:
        """Whether its API server takes an address of the first pool's subnet."""
        return self.private and not self.vnet_integration

    @property
    def subscription(self) -> str | None:
        """The subscription that it is in, where its id says so."""
        return subscription_of(self.id)

    @property
    def resource_group(self) -> str | None:
        """The resource group that it is in, where its id says so."""
        return resource_group_of(self.id)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What can't be known, each with what to state."""
        why = self.nodes_unknown
        return (f"{why}; state {STATE_NODES}",) if why else ()

    @property
    def nodes_unknown(self) -> str:
        """Why its node count is not known; empty where it is."""
        of_pools = (pool.unknown for pool in self.pools if pool.unknown)
        none = () if self.pools else ("the file shows no node pools",)
        why = ", ".join([*self.unbounded, *none, *of_pools])
        return f"node count: {why}" if why else ""

    @property
    def node_group(self) -> str | None:
        """Resource group of the nodes: as it is said, or as AKS names it."""
        if self.node_resource_group or not self.location or not self.id:
            return self.node_resource_group
        named = f"mc_{self.resource_group}_{self.name}_{self.location}".lower()
        return named[: NODE_GROUP_NAME.value]

    @property
    def subnets(self) -> Iterator[str]:
        """Ids of the subnets that it uses: of nodes, of pods and of the API server."""
        named = [
            *(pool.subnet for pool in self.pools),
            *(pool.pod_subnet for pool in self.pools),
            self.api_server_subnet,
            *self.hosted_subnets,
        ]
        return iter(dict.fromkeys(each for each in named if each))
