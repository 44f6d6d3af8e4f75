"""Claims: what each thing of a plan takes of a subnet, before they are added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.cidrs import IPV4
from ipplan.inventory.networks import Subnet
from ipplan.inventory.origins import Origin, name_of
from ipplan.layouts.demands.endpoints import endpoint_named
from ipplan.layouts.demands.growths import grown, growth_of
from ipplan.layouts.demands.services import (
    AKS_DELEGATION,
    MACHINES,
    SERVICES,
    service_named,
)
from ipplan.layouts.plans import PlanError
from ipplan.layouts.wants import Share
from ipplan.models import MODELS, Home
from ipplan.usages import use_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.layouts.demands.services import ServiceRow
    from ipplan.layouts.plans import (
        ClusterPlan,
        EndpointPlan,
        NetworkPlan,
        ServicePlan,
        SubnetPlan,
    )
    from ipplan.limits import Limit
    from ipplan.sizing.tenants import Tenant

NODES, PODS, GENERAL = "nodes", "pods", "general"
API_SERVER, ENDPOINT = "api-server", "private-endpoints"
"""Kinds of services that a plan asks for by other keys."""

PURPOSES = (NODES, PODS, *SERVICES, GENERAL)
"""What a subnet can be for; of several, the first names it."""


class Claim(NamedTuple):
    """What one thing takes of a subnet.

    Parameters
    ----------
    subnet, name : str
        Id of the subnet in lower case, and its name as it is written.
    purpose : str
        What the subnet is for.
    company : str
        A word for all that may stand in one subnet; empty where nothing may stand
        beside it.
    what : str
        Who claims it, in words.
    shares : tuple of Share
        What it takes; empty where a size is asked for.
    kept : int
        Addresses of the subnet that nothing can use. [addresses]
    floor : Limit or None
        The prefix length that a row asks for.
    largest : int
        Prefix length of the largest subnet allowed. [bits]
    length : int or None
        The prefix length that the plan asks for. [bits]
    ipv6 : bool
        Whether it has IPv6 addresses where the network has.
    delegation : str or None
        The service that the subnet is delegated to.
    service_endpoints : tuple of str
        Services that it has endpoints of.
    cluster : str or None
        Id of the cluster that it is for.
    origin : Origin
        Where it stands in the plan.
    """

    subnet: str
    name: str
    purpose: str
    company: str
    what: str
    shares: tuple[Share, ...] = ()
    kept: int = limits.RESERVED_ADDRESSES.value
    floor: Limit[int] | None = None
    largest: int = limits.LARGEST_SUBNET.value
    length: int | None = None
    ipv6: bool = False
    delegation: str | None = None
    service_endpoints: tuple[str, ...] = ()
    cluster: str | None = None
    origin: Origin = Origin()


def claims_of(network: NetworkPlan) -> Iterator[Claim]:
    """Everything that stands in a network, each with what it takes."""
    for plan in network.clusters:
        yield from _cluster(plan)
        name = plan.cluster.name
        overlay = _is_overlay(plan.cluster)
        for each in plan.services:
            yield _service(network, each, name, overlay=overlay)
    for each in network.services:
        yield _service(network, each)
    for endpoint in network.endpoints:
        yield _endpoint(network, endpoint)
    for subnet in network.subnets:
        yield _free(network, subnet)


def _is_overlay(cluster: Cluster) -> bool:
    model = MODELS.get(cluster.model or "")
    return model is not None and (model.home, model.route_limit) == (
        Home.POD_CIDR,
        None,
    )


def is_dual(cluster: Cluster) -> bool:
    """Whether a cluster has IPv6 as well.

    Examples
    --------
    >>> from ipplan import Cluster
    >>> is_dual(Cluster("shop", needs=("dual-stack",))), is_dual(Cluster("news"))
    (True, False)
    """
    cidrs = (*cluster.pod_cidrs, *cluster.service_cidrs)
    return "dual-stack" in cluster.needs or any(e.version != IPV4 for e in cidrs)


def _cluster(plan: ClusterPlan) -> Iterator[Claim]:
    """What the nodes, the pods and the API server of a cluster take."""
    cluster = grown(plan)
    for identity in cluster.subnets:
        use = use_of(Subnet(identity, name_of(identity)), (cluster,))
        if use.unknown:
            allowed = "what its subnets must hold has to be known"
            why = f"{cluster.name}: {use.unknown[0]}"
            raise PlanError("cluster", why, allowed, cluster.origin)
        for tenant in use.tenants:
            yield _tenant(plan, identity, tenant)
        own = cluster.api_server_subnet == identity
        asked = own and any(each.kind == API_SERVER for each in plan.services)
        if use.beside and not asked:  # what is asked for as a service counts once
            yield _api_server(cluster, identity, use.beside)


def _tenant(plan: ClusterPlan, subnet: str, tenant: Tenant) -> Claim:
    """What the nodes of a pool take, or its pods in a subnet of their own."""
    cluster, model, load = plan.cluster, tenant.model, tenant.load
    pods = tenant.kind is Home.POD_SUBNET
    what = f"{'pods of ' if pods else ''}pool {load.pool.name} of {cluster.name}"
    stated = next(each for each in cluster.pools if each.name == load.pool.name)
    grew = growth_of(int(stated.nodes or 0), plan)
    told = (
        f"{what}: ({load.nodes:,} nodes + {load.surge:,} surge) × {tenant.cost}"
        f"{f'; {grew}' if grew else ''}"
    )
    return Claim(
        subnet,
        name_of(subnet),
        PODS if pods else NODES,
        PODS if pods else MACHINES,
        what,
        (Share(told, tenant.need, model.source),),
        kept=tenant.kept,
        largest=model.largest if pods else limits.LARGEST_SUBNET.value,
        ipv6=is_dual(cluster) and not pods,
        delegation=AKS_DELEGATION if pods else None,
        cluster=cluster.id,
        origin=cluster.origin,
    )


def _api_server(cluster: Cluster, subnet: str, addresses: int) -> Claim:
    """What an API server takes: a subnet of its own, or a private endpoint."""
    row = SERVICES[API_SERVER]
    own = cluster.api_server_subnet == subnet
    limit = limits.API_SERVER if own else limits.PRIVATE_ENDPOINT
    what = f"{'' if own else 'private endpoint of the '}API server of {cluster.name}"
    return Claim(
        subnet,
        name_of(subnet),
        API_SERVER if own else NODES,
        row.company if own else MACHINES,
        what,
        (Share(what, addresses, limit.source),),
        floor=row.least if own else None,
        delegation=row.delegation if own else None,
        cluster=cluster.id,
        origin=cluster.origin,
    )


def _service(
    network: NetworkPlan, plan: ServicePlan, cluster: str = "", *, overlay: bool = False
) -> Claim:
    """What a service takes, by its row."""
    row = service_named(plan.kind)
    if row.most and plan.count > row.most.value:
        allowed = f"at most {row.most.value} {row.unit}s"
        name = f"count of {plan.kind}"
        raise PlanError(name, plan.count, allowed, plan.origin)
    name = plan.name or row.subnet
    largest = row.largest_overlay if overlay and row.largest_overlay else row.largest
    return Claim(
        network.subnet_id(name),
        name,
        plan.kind,
        row.company,
        f"{row.title} of {cluster}" if cluster else row.title,
        tuple(_shares(row, plan, cluster)),
        floor=_floor(row, plan.count),
        largest=(largest or limits.LARGEST_SUBNET).value,
        length=plan.length,
        ipv6=row.ipv6,
        delegation=row.delegation,
        cluster=plan.cluster,
        origin=plan.origin,
    )


def _floor(row: ServiceRow, count: int) -> Limit[int] | None:
    """The size that a row asks for: a larger one where it has all it may have."""
    if row.full and row.most and count >= row.most.value:
        return row.full
    return row.advised or row.least


def _shares(row: ServiceRow, plan: ServicePlan, cluster: str) -> Iterator[Share]:
    of = f" of {cluster}" if cluster else ""
    counted = f"{plan.count:,} {row.unit}{'' if plan.count == 1 else 's'}"
    addresses = row.extra + plan.count * row.each
    sums = [f"{row.extra}" * bool(row.extra)]
    sums += [f"{counted} × {row.each}"] if row.each else []
    sum_ = " + ".join(filter(None, sums)) or "a size, and no number of addresses"
    yield Share(f"{row.title}{of}: {sum_}", addresses, row.source)
    if plan.private_front_end:
        yield Share(f"private front end of {row.title}{of}", 1, row.source)


def _endpoint(network: NetworkPlan, plan: EndpointPlan) -> Claim:
    """What the private endpoints of a kind take."""
    row = endpoint_named(plan.kind)
    each = f"{row.takes.value}"
    if row.replica and plan.replicas:
        regions = f"{plan.replicas} region{'' if plan.replicas == 1 else 's'}"
        each = f"({each} + {regions} × {row.replica})"
    told = f"{row.title}: {plan.count:,} endpoint{'' if plan.count == 1 else 's'}"
    return Claim(
        network.subnet_id(network.endpoint_subnet),
        network.endpoint_subnet,
        ENDPOINT,
        MACHINES,
        f"private endpoints of {row.title}",
        (
            Share(
                f"{told} × {each}",
                plan.count * row.addresses(plan.replicas),
                row.takes.source,
            ),
        ),
        floor=row.least,
        origin=plan.origin,
    )


def _free(network: NetworkPlan, plan: SubnetPlan) -> Claim:
    """What is asked for by a subnet's name, whatever else stands in it."""
    hosts = () if plan.hosts is None else (Share("hosts asked for", plan.hosts),)
    return Claim(
        network.subnet_id(plan.name),
        plan.name,
        GENERAL,
        plan.delegation.lower() if plan.delegation else MACHINES,
        f"{plan.hosts:,} hosts" if plan.hosts is not None else "what is asked for",
        hosts,
        length=plan.length,
        ipv6=True,
        delegation=plan.delegation,
        service_endpoints=plan.service_endpoints,
        origin=plan.origin,
    )
