"""What a layout is asked for: networks, and what shall stand in them.

The ids of all that is asked for are known before any range is, so a plan names its
subnets and clusters by the ids that they will have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError
from ipplan.inventory.estates import Inventory
from ipplan.inventory.origins import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster

_STATED = Origin(evidence="proposed")


class PlanError(ArgumentError):
    """Something that a plan asks for and that can't be, and where it stands.

    >>> raise PlanError("count of bastion", -1, "at least 1", Origin("a.yaml", line=7))
    Traceback (most recent call last):
    ...
    ipplan.layouts.plans.PlanError: count of bastion -1: at least 1
    """

    def __init__(
        self, argument: str, value: object, allowed: str, origin: Origin
    ) -> None:
        super().__init__(argument, value, allowed)
        self.origin = origin


@dataclass(frozen=True, slots=True)
class SubnetPlan:
    """A subnet that is asked for by its name.

    Parameters
    ----------
    name : str
        As it will be called.
    length : int or None
        The IPv4 prefix length that is asked for. [bits]
    hosts : int or None
        Addresses that it must have for use, where that is asked for instead; where
        neither is, its range is pinned. [addresses]
    delegation : str or None
        The service that it is delegated to.
    service_endpoints : tuple of str
        Services that it has endpoints of, such as ``Microsoft.Storage``.
    origin : Origin
        Where it stands in the plan; it does not count when plans are compared.
    """

    name: str
    length: int | None = None
    hosts: int | None = None
    delegation: str | None = None
    service_endpoints: tuple[str, ...] = ()
    origin: Origin = field(default=_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """Something that takes a subnet of its own, and whose row says how large a one.

    Parameters
    ----------
    kind : str
        The name of a row of :data:`ipplan.layouts.demands.services.SERVICES`.
    name : str or None
        Of its subnet; None for the one that the row names. Services of one subnet
        share it, where their rows allow that.
    count : int
        How many of what the row counts: instances, machines, front ends. [units]
    private_front_end : bool
        Whether an Application Gateway has one, which takes an address more.
    length : int or None
        The IPv4 prefix length that is asked for in place of the row's. [bits]
    cluster : str or None
        Id of the cluster that needs it.
    origin : Origin
        Where it stands in the plan; it does not count when plans are compared.
    """

    kind: str
    name: str | None = None
    count: int = 1
    private_front_end: bool = False
    length: int | None = None
    cluster: str | None = None
    origin: Origin = field(default=_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class EndpointPlan:
    """Private endpoints of one kind of resource.

    Parameters
    ----------
    kind : str
        The name of a row of :data:`ipplan.layouts.demands.endpoints.ENDPOINTS`.
    count : int
        How many resources have one. [endpoints]
    replicas : int
        Regions beside its own that a registry is replicated to: each has a data
        endpoint, and that an address. [regions]
    origin : Origin
        Where it stands in the plan; it does not count when plans are compared.
    """

    kind: str
    count: int = 1
    replicas: int = 0
    origin: Origin = field(default=_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """A cluster, and what it needs besides its own subnets.

    Parameters
    ----------
    cluster : Cluster
        As it will be, growth not included: its pools name the subnets by their ids.
        Where ``pod_cidrs`` or ``service_cidrs`` are empty, they are chosen.
    services : tuple of ServicePlan
        Its ingress, load balancers and the like.
    growth : int
        Of each pool, rounded up. [%]
    shared_load : int
        2 where its nodes carry the load of a twin as well, when that fails; else 1.
    ports_per_node : int or None
        SNAT ports that a node is given; None for AKS's own table. [ports/node]
    twin : str or None
        Id of the cluster of which this is the other of two: blue and green, or the
        two of a failover pair. They have the same pod CIDR where the model has one.
    exists : bool
        Whether it is there already, so that it is not to be deployed.
    """

    cluster: Cluster
    services: tuple[ServicePlan, ...] = ()
    growth: int = 0
    shared_load: int = 1
    ports_per_node: int | None = None
    twin: str | None = None
    exists: bool = False


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """A VNet and what shall stand in it.

    Parameters
    ----------
    id, name : str
        The resource id that it has or will have, in lower case, and its name.
    location : str or None
        The region.
    prefixes : tuple of Cidr
        Its address space where that is fixed, of both families; of a family that has
        none here, space is drawn from a pool.
    pool : str or None
        The address pool to draw from; None for all that are meant for VNets.
    dual_stack : bool
        Whether it has IPv6 as well.
    hub : str or None
        Id of the network that it is a spoke of.
    subnets, services, endpoints, clusters : tuple
        What shall stand in it. Private endpoints share the subnet ``endpoint_subnet``.
    endpoint_subnet : str
        Name of the subnet of the private endpoints.
    pinned : mapping of str to tuple of Cidr
        Ranges that are fixed, by the names of their subnets in lower case.
    twin : str or None
        Id of the network of which this is the other of a failover pair.
    names : mapping of str to str
        Names of subnets as they are written, by themselves in lower case; see
        :meth:`spelled`.
    origin : Origin
        Where it stands in the plan; it does not count when plans are compared.
    """

    id: str
    name: str
    location: str | None = None
    prefixes: tuple[Cidr, ...] = ()
    pool: str | None = None
    dual_stack: bool = False
    hub: str | None = None
    subnets: tuple[SubnetPlan, ...] = ()
    services: tuple[ServicePlan, ...] = ()
    endpoints: tuple[EndpointPlan, ...] = ()
    clusters: tuple[ClusterPlan, ...] = ()
    endpoint_subnet: str = "private-endpoints"
    pinned: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )
    twin: str | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    origin: Origin = field(default=_STATED, compare=False)

    def spelled(self, subnet: str) -> str:
        """The name of a subnet as it is written, from its id or its name.

        >>> plan = NetworkPlan("/x/virtualnetworks/hub", "Hub", names={"aks": "AKS"})
        >>> plan.spelled("/x/virtualnetworks/hub/subnets/aks"), plan.spelled("apps")
        ('AKS', 'apps')
        """
        name = subnet.rpartition("/")[2]
        return self.names.get(name.lower(), name)

    def subnet_id(self, name: str) -> str:
        """The resource id of one of its subnets.

        >>> NetworkPlan("/x/virtualnetworks/hub", "Hub").subnet_id("GatewaySubnet")
        '/x/virtualnetworks/hub/subnets/gatewaysubnet'
        """
        return f"{self.id}/subnets/{name.lower()}"


@dataclass(frozen=True)
class LayoutPlan:
    """Everything that is to be laid out, and what stands around it.

    Parameters
    ----------
    name : str
        What the plan is called; a lock file keeps it.
    networks : tuple of NetworkPlan
        By id.
    inventory : Inventory
        What there is besides: what exists, networks on premises, groups, address
        pools, declared peerings. A network that exists already is in it as it is;
        one that does not is a VNet without a range, with its peerings. The plan's
        clusters are not in it.
    """

    name: str
    networks: tuple[NetworkPlan, ...] = ()
    inventory: Inventory = field(default_factory=Inventory)

    @property
    def clusters(self) -> Iterator[tuple[NetworkPlan, ClusterPlan]]:
        """Every cluster, with the network that it stands in."""
        return ((each, one) for each in self.networks for one in each.clusters)
