"""Rules on service CIDRs and on the address of the DNS service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks.choices import MULTICAST, RESERVED, is_public
from ipplan.checks.overlap.meetings import own_spaces, own_subnets, reachable
from ipplan.checks.overlap.ranges import (
    dns_address,
    exchanges,
    service_ranges,
)
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.spellings import BITS, IPV6
from ipplan.errors import ArgumentError
from ipplan.findings import Effect, Severity
from ipplan.limits import (
    AKS,
    CHANGELOG,
    CNI_OVERVIEW,
    LARGEST_SERVICE_CIDR,
    LARGEST_SERVICE_CIDR_IPV6,
    PLANNING,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster

LEGACY_CNI = f"{AKS}/concepts-network-legacy-cni"
LEAST = 4
"""Addresses of a service CIDR that has one for DNS: the others are taken."""


@rule(PLANNING, Severity.ERROR)
def service_cidr_too_large(survey: Survey) -> Iterator[Hit]:
    """A service CIDR is smaller than a /12; of IPv6, a /108 at the most.

    Kubernetes itself would take a /12, AKS takes a /13. A /16 has room for 65,534
    services.
    """
    for each in service_ranges(survey):
        ipv4 = each.cidr.version == IPV4
        row = LARGEST_SERVICE_CIDR if ipv4 else LARGEST_SERVICE_CIDR_IPV6
        if each.cidr.length < row.value:
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (each.side,),
                f"{each.called(survey)} is larger than the /{row.value} that AKS "
                "allows at the most",
                exchanges(survey, each),
                source=row.source,
            )


@rule(CNI_OVERVIEW, Severity.ERROR)
def service_cidr_reserved(survey: Survey) -> Iterator[Hit]:
    """A service CIDR does not meet a range that AKS keeps for itself.

    Those are 169.254.0.0/16, 172.30.0.0/16, 172.31.0.0/16 and 192.0.2.0/24.
    """
    for each in service_ranges(survey):
        met = [str(kept) for kept in RESERVED if kept.overlaps(each.cidr)]
        if met:
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (each.side,),
                f"{each.called(survey)} overlaps {' and '.join(met)}, which AKS keeps",
                exchanges(survey, each),
            )


@rule(CHANGELOG, Severity.ERROR, Severity.WARNING)
def service_cidr_public(survey: Survey) -> Iterator[Hit]:
    """A service CIDR has no public and no multicast addresses.

    AKS has refused them since October 2023, whoever owns them. Clusters that have one
    from before keep it, and their pods can't reach what has these addresses on the
    internet: a warning, unless the range is declared in `owned_public_ranges`.
    """
    for each in service_ranges(survey):
        multicast = any(kind.overlaps(each.cidr) for kind in MULTICAST)
        owned = any(own.covers(each.cidr) for own in survey.inventory.owned)
        planned = each.side.proposed
        if multicast or (is_public(each.cidr) and (planned or not owned)):
            what = "multicast" if multicast else "public"
            yield Hit(
                Severity.ERROR if planned else Severity.WARNING,
                Effect.REFUSED if planned else Effect.WORKS_BUT,
                (each.side,),
                f"{each.called(survey)} has {what} addresses",
                exchanges(survey, each),
            )


@rule(PLANNING, Severity.ERROR)
def service_cidr_meets_subnet(survey: Survey) -> Iterator[Hit]:
    """A service CIDR does not overlap a subnet of the cluster's own VNet.

    Nodes turn what is sent to a service's address to one of its pods, so hosts of an
    overlapping subnet can't be reached. AKS refuses it with
    `ServiceCidrOverlapExistingSubnetsCidr`. A cluster without a service CIDR has
    10.0.0.0/16, and that counts too.
    """
    yield from own_subnets(survey, service_ranges(survey))


@rule(LEGACY_CNI, Severity.WARNING)
def service_cidr_in_vnet(survey: Survey) -> Iterator[Hit]:
    """A service CIDR lies outside the address space of the cluster's own VNet.

    AKS refuses only subnets that overlap it, and Microsoft's own samples put
    10.0.0.0/16 in a VNet of 10.0.0.0/8. But a subnet that is made in the shared range
    later can't be reached from the cluster.
    """
    yield from own_spaces(survey, service_ranges(survey))


@rule(LEGACY_CNI, Severity.WARNING)
def service_cidr_meets_reachable_network(survey: Survey) -> Iterator[Hit]:
    """A service CIDR does not overlap a network that the cluster reaches.

    Addresses of the service CIDR never leave the cluster, so hosts with such an address
    in a peered VNet, beyond a hub or in a declared group can't be reached from it. AKS
    does not look there, so nothing is refused. Clusters that have the same service CIDR
    do not disturb each other.
    """
    yield from reachable(survey, service_ranges(survey), Severity.WARNING)


@rule(PLANNING, Severity.ERROR)
def dns_service_ip_outside(survey: Survey) -> Iterator[Hit]:
    """The DNS service's address lies in the service CIDR.

    It is the address of a service like any other.
    """
    for cluster, address in _addresses(survey):
        services = [e for e in cluster.service_cidrs if e.version == address.version]
        if services and not any(each.covers(address) for each in services):
            ranges = ", ".join(map(str, services))
            default = "default " if "service_cidrs" in cluster.assumed else ""
            yield _dns_hit(
                survey,
                cluster,
                services[0],
                f"is outside its {default}service CIDR {ranges}",
            )


@rule(PLANNING, Severity.ERROR)
def dns_service_ip_taken(survey: Survey) -> Iterator[Hit]:
    """The DNS service's address is not the service CIDR's first, and not at its edge.

    The first address is that of the API server inside the cluster,
    `kubernetes.default`; the addresses at both ends of an IPv4 range are no host's.
    Microsoft's samples take .10.
    """
    for cluster, address in _addresses(survey):
        for cidr in cluster.service_cidrs:
            taken = {cidr.first: "begins", cidr.last: "ends"}
            if cidr.version == IPV6:
                del taken[cidr.last]
            why = "is the first of its service CIDR {}, which kubernetes.default has"
            if address.first in taken:
                why = f"is where its service CIDR {{}} {taken[address.first]}"
            elif address.first != cidr.first + 1:
                continue
            yield _dns_hit(survey, cluster, cidr, why.format(cidr))


def _addresses(survey: Survey) -> Iterator[tuple[Cluster, Cidr]]:
    """Clusters with the address of their DNS service; broken ones are left out."""
    for cluster in survey.inventory.clusters:
        text = cluster.dns_service_ip
        if text is not None:
            version = IPV6 if ":" in text else IPV4
            try:
                yield cluster, Cidr.parse(f"{text}/{BITS[version]}")
            except ArgumentError:
                continue


def _dns_hit(survey: Survey, cluster: Cluster, services: Cidr, words: str) -> Hit:
    name = survey.called(cluster)
    return Hit(
        Severity.ERROR,
        Effect.REFUSED,
        (Side(cluster, services),),
        f"{name}'s DNS service IP {cluster.dns_service_ip} {words}",
        _moved(survey, cluster, services),
    )


def _moved(survey: Survey, cluster: Cluster, services: Cidr) -> Iterator[Remedy]:
    """Another address in the same range."""
    if services.size < LEAST:
        return
    name, new = survey.called(cluster), dns_address(services)
    planned = Side(cluster).proposed
    text = f"give {name}" if planned else f"create {name} anew with"
    later = "" if planned else ": it can't be changed later"
    change = Change(cluster.id, "dns_service_ip", new)
    yield Remedy(f"{text} DNS service IP {new}{later}", (change,))
