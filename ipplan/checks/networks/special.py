"""Rules on subnets that a service has for itself: gateways, firewalls, API servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.choices import free_subnet, ipv4
from ipplan.checks.moves import own_subnet, while_empty
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.cidrs import IPV4
from ipplan.findings import Effect, Severity
from ipplan.models import MODELS, Home
from ipplan.prefixes import usable
from ipplan.usages import DELEGATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet, VNet
    from ipplan.inventory.pools import NodePool
    from ipplan.limits import Limit


class Special(NamedTuple):
    """A subnet whose name Azure imposes.

    Parameters
    ----------
    service : str
        Whose it is.
    wanted : Limit
        Prefix length of the smallest that pages name today.
    accepted : Limit
        Prefix length of the smallest that there is.
    """

    service: str
    wanted: Limit[int]
    accepted: Limit[int]


GATEWAY_SUBNET = "gatewaysubnet"

SPECIAL: dict[str, Special] = {
    GATEWAY_SUBNET: Special(
        "VPN and ExpressRoute gateways",
        limits.GATEWAY_SUBNET,
        limits.GATEWAY_SUBNET_SMALLEST,
    ),
    "azurefirewallsubnet": Special(
        "Azure Firewall", limits.FIREWALL_SUBNET, limits.FIREWALL_SUBNET
    ),
    "azurefirewallmanagementsubnet": Special(
        "Azure Firewall", limits.FIREWALL_SUBNET, limits.FIREWALL_SUBNET
    ),
    "azurebastionsubnet": Special(
        "Azure Bastion", limits.BASTION_SUBNET, limits.BASTION_SUBNET_SMALLEST
    ),
    "routeserversubnet": Special(
        "Route Server", limits.ROUTE_SERVER_SUBNET, limits.ROUTE_SERVER_SUBNET_SMALLEST
    ),
}
"""Subnets by the name that Azure imposes, in lower case."""

GATEWAYS = "microsoft.network/applicationgateways"
TRAFFIC_CONTROLLERS = "microsoft.servicenetworking/trafficcontrollers"
RESOLVERS = "microsoft.network/dnsresolvers"
"""To whom subnets of gateways and resolvers are delegated."""

MACHINES = (
    "/virtualmachinescalesets/",
    "/virtualmachines/",
    "/networkinterfaces/",
    "/privateendpoints/",
    "/applicationgateways/",
)
"""What in the id of a resource tells that it is a machine, or another's front end."""


@rule(limits.IP_PLANNING, Severity.ERROR, Severity.WARNING)
def special_subnet_size(survey: Survey) -> Iterator[Hit]:
    """A subnet that Azure names has a least size.

    GatewaySubnet is a /27 or larger, the subnets of Azure Firewall, Bastion and Route
    Server a /26. Smaller ones of GatewaySubnet (to /29), Bastion and Route Server (to
    /27) come from older pages: they run, and are a warning, for newer features ask for
    more.
    """
    for vnet, subnet, cidr in _named(survey):
        row = SPECIAL[subnet.name.lower()]
        if cidr.length > row.wanted.value:
            broken = cidr.length > row.accepted.value
            least = row.accepted if broken else row.wanted
            verb = "needs" if broken else "is advised"
            yield Hit(
                Severity.ERROR if broken else Severity.WARNING,
                Effect.REFUSED if broken else Effect.WORKS_BUT,
                (Side(subnet, cidr),),
                f"{survey.called(subnet)} is {cidr}: {row.service} {verb} a "
                f"/{least.value} or larger",
                resized(survey, vnet, subnet, row.wanted.value),
                row.wanted.source,
            )


def _named(survey: Survey) -> Iterator[tuple[VNet, Subnet, Cidr]]:
    """IPv4 ranges of subnets whose names Azure imposes."""
    for vnet in survey.inventory.vnets:
        for subnet in vnet.subnets:
            if subnet.name.lower() in SPECIAL:
                yield from ((vnet, subnet, cidr) for cidr in ipv4(subnet))


def resized(
    survey: Survey, vnet: VNet, subnet: Subnet, length: int
) -> Iterator[Remedy]:
    """The subnet in free space of its VNet, of another size."""
    new = free_subnet(survey, vnet, length, use=subnet.id)
    if new:
        kept = [each for each in subnet.prefixes if each.version != IPV4]
        yield Remedy(
            f"give {survey.called(subnet)} {new}, which is free in "
            f"{survey.called(vnet)}{while_empty(subnet)}",
            (Change(subnet.id, "prefixes", (new, *kept)),),
        )


@rule(limits.IP_PLANNING, Severity.ERROR)
def special_subnet_use(survey: Survey) -> Iterator[Hit]:
    """A subnet that Azure names is for its service alone, and a gateway's has no NSG.

    No cluster runs in GatewaySubnet, AzureFirewallSubnet and their like.
    """
    for vnet, subnet, _ in _named(survey):
        clusters = survey.users(subnet.id)
        service = SPECIAL[subnet.name.lower()].service
        if clusters:
            names = ", ".join(map(survey.called, clusters))
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (*map(Side, clusters), Side(subnet)),
                f"{names} uses {survey.called(subnet)}, which is for {service} alone",
                own_subnet(survey, subnet, _pools(clusters), vnet.id),
            )
        if subnet.network_security_group and subnet.name.lower() == GATEWAY_SUBNET:
            group = subnet.network_security_group.rpartition("/")[2]
            yield Hit(
                Severity.ERROR,
                Effect.BREAKS_TRAFFIC,
                (Side(subnet), Side(vnet)),
                f"{survey.called(subnet)} has the network security group {group}",
                (
                    Remedy(
                        f"take the network security group off {survey.called(subnet)}",
                        (Change(subnet.id, "network_security_group"),),
                    ),
                ),
                limits.GATEWAY,
            )


API_SERVERS = f"{limits.AKS}/api-server-vnet-integration"


@rule(API_SERVERS, Severity.ERROR)
def api_server_subnet_size(survey: Survey) -> Iterator[Hit]:
    """API servers in a subnet take a /28 at the least, and nine addresses each.

    With API Server VNet Integration a cluster's API server takes nine addresses or
    more of a subnet of its own, which clusters of the VNet can share: a /28 holds one
    cluster, a /27 three, a /26 six.
    """
    for vnet, subnet, clusters in _api_servers(survey):
        need = len(clusters) * limits.API_SERVER.value
        least = limits.API_SERVER_SUBNET.value
        for cidr in ipv4(subnet):
            room = int(usable(cidr.length))
            if cidr.length > least or need > room:
                names = ", ".join(map(survey.called, clusters))
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(subnet, cidr), *map(Side, clusters)),
                    f"{survey.called(subnet)} {cidr} has {max(room, 0)} addresses, and "
                    f"the API servers of {names} take {need}, in a /{least} or larger",
                    _roomier(survey, vnet, subnet, need),
                )


def _api_servers(
    survey: Survey,
) -> Iterator[tuple[VNet, Subnet, tuple[Cluster, ...]]]:
    """Subnets in which API servers live, and those of which clusters."""
    found: dict[str, list[Cluster]] = {}
    for cluster in survey.inventory.clusters:
        if cluster.api_server_subnet:
            found.setdefault(cluster.api_server_subnet, []).append(cluster)
    for identity, clusters in found.items():
        subnet = survey.inventory.subnet_by_id.get(identity)
        if subnet:
            yield survey.inventory.vnet_by_id[subnet.vnet], subnet, tuple(clusters)


def _roomier(survey: Survey, vnet: VNet, subnet: Subnet, need: int) -> Iterator[Remedy]:
    """The smallest subnet that holds what is needed, in free space."""
    length = limits.API_SERVER_SUBNET.value
    while usable(length) < need:
        length -= 1
    yield from resized(survey, vnet, subnet, length)


@rule(API_SERVERS, Severity.ERROR)
def api_server_subnet_use(survey: Survey) -> Iterator[Hit]:
    """A subnet of API servers holds nothing else, and is delegated to AKS.

    No node pool, virtual machine or private endpoint may be in it.
    """
    for vnet, subnet, clusters in _api_servers(survey):
        name = survey.called(subnet)
        pools = [
            f"pool {pool.name} of {survey.called(each)}"
            for each in survey.users(subnet.id)
            for pool in each.pools
            if subnet.id in {pool.subnet, pool.pod_subnet}
        ]
        others = [
            e.id for e in subnet.holders or () if any(m in e.id for m in MACHINES)
        ]
        pools += [each.rpartition("/")[2] for each in others]
        to = [each for each in subnet.delegations if each.lower() != DELEGATION]
        told = {
            f"{name} is for API servers alone, and holds {', '.join(pools)}": pools,
            f"{name} is for API servers, and is delegated to {', '.join(to)}": to,
        }
        for message, holds in told.items():
            if holds:
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(subnet), *map(Side, clusters)),
                    message,
                    own_subnet(
                        survey, subnet, _pools(survey.users(subnet.id)), vnet.id
                    ),
                )


def _pools(clusters: Iterable[Cluster]) -> list[tuple[Cluster, NodePool]]:
    return [(each, pool) for each in clusters for pool in each.pools]


@rule(limits.APPLICATION_GATEWAY, Severity.ERROR, Severity.NOTE)
def application_gateway_subnet_size(survey: Survey) -> Iterator[Hit]:
    """An Application Gateway is advised a /24, and with CNI Overlay allowed no more.

    A gateway takes an address for each of up to 125 instances and one for a private
    front end. As the ingress of an Overlay cluster in the same VNet, its subnet may be
    no larger than a /24. That is judged where such a cluster has the ingress controller
    of Application Gateway, as its add-on or as a stated need: a gateway that serves
    anything else can have a larger subnet.
    """
    for vnet in survey.inventory.vnets:
        overlay = any(
            _is_overlay(each) and "application-gateway-ingress" in each.needs
            for each in survey.in_vnet(vnet.id)
        )
        for subnet in vnet.subnets:
            if not has_gateway(subnet):
                continue
            for cidr in ipv4(subnet):
                yield from _gateway(survey, vnet, Side(subnet, cidr), overlay=overlay)


def _gateway(survey: Survey, vnet: VNet, side: Side, *, overlay: bool) -> Iterator[Hit]:
    """What is wrong with the size of an Application Gateway's subnet."""
    length = side.cidr.length if side.cidr else 0
    advised = limits.APPLICATION_GATEWAY_SUBNET
    most = limits.APPLICATION_GATEWAY_OVERLAY
    called = f"{survey.called(side.noun)} {side.cidr}"
    delegated = any(each.lower() == GATEWAYS for each in side.noun.delegations)
    if overlay and delegated and length < most.value:
        yield Hit(
            Severity.ERROR,
            Effect.REFUSED,
            (side,),
            f"{called} is larger than the /{most.value} that an ingress of a "
            "CNI Overlay cluster may have",
            resized(survey, vnet, side.noun, most.value),
            most.source,
        )
    if length > advised.value:
        yield Hit(
            Severity.NOTE,
            Effect.INFORMATION,
            (side,),
            f"{called} is smaller than the /{advised.value} advised for an "
            f"Application Gateway: it holds {int(usable(length)):,} instances and "
            "front ends",
        )


def has_gateway(subnet: Subnet) -> bool:
    """Whether a subnet is an Application Gateway's, as far as was read."""
    holds = any("/applicationgateways/" in each.id for each in subnet.holders or ())
    return holds or any(each.lower() == GATEWAYS for each in subnet.delegations)


def _is_overlay(cluster: Cluster) -> bool:
    """Whether its pods have a CIDR of their own that no route table tells of."""
    model = MODELS.get(cluster.model or "")
    in_cidr = model is not None and model.home is Home.POD_CIDR
    return bool(in_cidr and model and model.route_limit is None)


@rule(limits.CONTAINERS_GATEWAY, Severity.ERROR)
def containers_gateway_subnet_size(survey: Survey) -> Iterator[Hit]:
    """Application Gateway for Containers takes a /24, with CNI Overlay exactly that.

    Its subnet needs 250 addresses that are free. AKS checks since 2026-01 that in the
    VNet of an Overlay cluster it is a /24 and no other size.
    """
    for vnet in survey.inventory.vnets:
        overlay = any(map(_is_overlay, survey.in_vnet(vnet.id)))
        for subnet in vnet.subnets:
            if not any(e.lower() == TRAFFIC_CONTROLLERS for e in subnet.delegations):
                continue
            for cidr in ipv4(subnet):
                wanted = limits.CONTAINERS_GATEWAY_SUBNET.value
                if cidr.length > wanted or (overlay and cidr.length != wanted):
                    size = "a" if overlay else "at least a"
                    yield Hit(
                        Severity.ERROR,
                        Effect.REFUSED,
                        (Side(subnet, cidr),),
                        f"{survey.called(subnet)} is {cidr}: Application Gateway for "
                        f"Containers takes {size} /{wanted}",
                        resized(survey, vnet, subnet, wanted),
                    )


@rule(limits.RESOLVER, Severity.ERROR)
def resolver_subnet_size(survey: Survey) -> Iterator[Hit]:
    """An endpoint of DNS Private Resolver takes a subnet of /28 to /24.

    Inbound and outbound endpoints have subnets of their own, delegated to
    Microsoft.Network/dnsResolvers.
    """
    least = limits.RESOLVER_SUBNET_SMALLEST.value
    most = limits.RESOLVER_SUBNET_LARGEST.value
    for vnet in survey.inventory.vnets:
        for subnet in vnet.subnets:
            if not any(each.lower() == RESOLVERS for each in subnet.delegations):
                continue
            for cidr in ipv4(subnet):
                if not most <= cidr.length <= least:
                    yield Hit(
                        Severity.ERROR,
                        Effect.REFUSED,
                        (Side(subnet, cidr),),
                        f"{survey.called(subnet)} is {cidr}: an endpoint of DNS "
                        f"Private Resolver takes a /{least} to a /{most}",
                        resized(survey, vnet, subnet, least),
                    )
