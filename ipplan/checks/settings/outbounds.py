"""Rules on outbound types: what goes with a VNet, and with IPv6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule, standing
from ipplan.checks.settings.routes import (
    BY_AKS_GATEWAY,
    BY_NOTHING,
    BY_OWN_GATEWAY,
    OF_MANAGED_VNETS,
    node_subnets,
    outbound,
)
from ipplan.cidrs import IPV4
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import parent_of, resource_group_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster

DUAL = "dual-stack"
"""The feature of a cluster with IPv4 and IPv6."""


@rule(limits.OUTBOUND, Severity.ERROR, Severity.WARNING)
def outbound_type_of_managed_vnet(survey: Survey) -> Iterator[Hit]:
    """In a VNet of your own, no outbound type is used that is for VNets of AKS.

    managedNATGateway, managedNATGatewayV2 and block are for clusters whose VNet AKS
    makes. In a subnet of your own the nodes leave by loadBalancer,
    userAssignedNATGateway or userDefinedRouting, or with none by nothing that AKS
    makes. An existing cluster that has it otherwise is a warning.
    """
    for cluster in survey.inventory.clusters:
        vnets = [survey.name_of(each) for each in _own_vnets(cluster)]
        if vnets and outbound(cluster) in OF_MANAGED_VNETS:
            yield Hit(
                *standing(cluster),
                (Side(cluster),),
                f"the outbound type of {survey.called(cluster)} is "
                f"{cluster.outbound_type}, which is for VNets that AKS makes, and its "
                f"nodes are in {listed(vnets)}",
                (_by(survey, cluster, _in_own_vnet(survey, cluster)),),
            )


def _in_own_vnet(survey: Survey, cluster: Cluster) -> str:
    """The outbound type that comes next to one of a managed VNet."""
    if outbound(cluster) == BY_NOTHING:
        return "none"
    subnets = node_subnets(survey, cluster)
    gateways = bool(subnets) and all(each.nat_gateway for each in subnets)
    return "userAssignedNATGateway" if gateways else "loadBalancer"


def _by(survey: Survey, cluster: Cluster, other: str) -> Remedy:
    """Another outbound type; from one that its VNet can't have nothing leads away."""
    name, planned = survey.called(cluster), cluster.origin.proposed
    stuck = bool(_own_vnets(cluster)) and outbound(cluster) in OF_MANAGED_VNETS
    text = f"use outbound type {other} for {name}"
    if stuck and not planned:
        text = f"build {name} anew with outbound type {other}"
    return Remedy(text, (Change(cluster.id, "outbound_type", other),))


def _own_vnets(cluster: Cluster) -> dict[str, None]:
    """Ids of VNets with node subnets, but for those in the nodes' resource group."""
    named = [pool.subnet for pool in cluster.pools if pool.subnet]
    own = (each for each in named if resource_group_of(each) != cluster.node_group)
    return dict.fromkeys(map(parent_of, own))


@rule(f"{limits.AKS}/configure-dual-stack", Severity.WARNING)
def dual_stack_nat_gateway(survey: Survey) -> Iterator[Hit]:
    """A dual-stack cluster does not leave through a Standard NAT gateway.

    Such a gateway has IPv4 alone; one of StandardV2 has both. The SKU is not read, so
    it is a warning.
    """
    for cluster in survey.inventory.clusters:
        way = outbound(cluster)
        if _is_dual(cluster) and way in {BY_AKS_GATEWAY, BY_OWN_GATEWAY}:
            # A cluster of a managed VNet can't be moved from there to loadBalancer.
            stays = way == BY_AKS_GATEWAY and not cluster.origin.proposed
            other = "managedNATGatewayV2" if stays else "loadBalancer"
            yield Hit(
                Severity.WARNING,
                Effect.BREAKS_TRAFFIC,
                (Side(cluster),),
                f"{survey.called(cluster)} has IPv6, and its outbound type is "
                f"{cluster.outbound_type}: a NAT gateway takes IPv6 out only if it is "
                "StandardV2",
                (_by(survey, cluster, other),),
            )


def _is_dual(cluster: Cluster) -> bool:
    """Whether pods have IPv6 addresses as well."""
    return DUAL in cluster.needs or any(e.version != IPV4 for e in cluster.pod_cidrs)
