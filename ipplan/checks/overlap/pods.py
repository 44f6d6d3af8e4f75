"""Rules on pod CIDRs: what they must not overlap, and which ranges are no good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks.choices import RESERVED, is_public
from ipplan.checks.overlap.meetings import own_spaces, own_subnets, reachable
from ipplan.checks.overlap.ranges import Range, exchanges, pod_ranges
from ipplan.checks.rules import Hit, rule
from ipplan.findings import Effect, Severity
from ipplan.limits import CHANGELOG, CNI_OVERVIEW, OVERLAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.remedies import Remedy
    from ipplan.checks.surveys import Survey


@rule(OVERLAY, Severity.ERROR)
def pod_cidr_meets_subnet(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR does not overlap a subnet of the cluster's own VNet.

    Pods of kubenet and of Overlay have addresses that the VNet does not know. A node
    that sends to an address in the pod CIDR keeps the packet among the pods, so hosts
    of an overlapping subnet can't be reached. AKS compares it with every subnet of the
    VNet, and refuses.
    """
    yield from own_subnets(survey, pod_ranges(survey))


@rule(CHANGELOG, Severity.WARNING)
def pod_cidr_in_vnet(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR lies outside the address space of the cluster's own VNet.

    Since October 2024 AKS compares a pod CIDR with the subnets of the VNet alone; until
    then it refused any overlap with `NetworkProfileCIDROverlapVNET`. A subnet that is
    made in the shared range later can't be reached from the pods.
    """
    yield from own_spaces(survey, pod_ranges(survey))


@rule(OVERLAY, Severity.ERROR, Severity.WARNING)
def pod_cidr_meets_reachable_network(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR does not overlap a network that the cluster reaches.

    Pods can't reach hosts whose addresses lie in their own pod CIDR: the packets stay
    in the cluster. What counts is what is reached: peered VNets, others beyond a hub or
    in a declared group, and VNets that meet on premises. Of a subnet peering only the
    subnets that take part count. A subnet that is hit is an error; address space where
    no subnet is known is a warning. Clusters that only have the same pod CIDR do not
    disturb each other.
    """
    yield from reachable(survey, pod_ranges(survey), Severity.ERROR)


@rule(OVERLAY, Severity.ERROR)
def pod_cidr_meets_service_cidr(survey: Survey) -> Iterator[Hit]:
    """A cluster's pod CIDR and its service CIDR do not overlap.

    An address would be a pod's and a service's at once, so AKS refuses the cluster.
    """
    for each in pod_ranges(survey):
        for cidr in each.cluster.service_cidrs:
            if cidr.overlaps(each.cidr):
                other = Range(each.cluster, cidr, "service_cidrs")
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (each.side, other.side),
                    f"{each.called(survey)} overlaps its {other.words}",
                    _either(survey, each, other),
                )


def _either(survey: Survey, *ranges: Range) -> Iterator[Remedy]:
    for each in ranges:
        yield from exchanges(survey, each)


@rule(CNI_OVERVIEW, Severity.ERROR, Severity.WARNING)
def pod_cidr_reserved(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR neither lies in a range that AKS keeps for itself nor contains one.

    AKS keeps 169.254.0.0/16, 172.30.0.0/16, 172.31.0.0/16 and 192.0.2.0/24. A pod CIDR
    that contains one of them, such as 172.16.0.0/12, has been refused since May 2026.
    Clusters that had it before keep working: for them it is a warning.
    """
    for each in pod_ranges(survey):
        met = [kept for kept in RESERVED if kept.overlaps(each.cidr)]
        if not met:
            continue
        inside = any(kept.covers(each.cidr) for kept in met)
        tolerated = not each.side.proposed and not inside
        names = " and ".join(map(str, met))
        later = ": it keeps working, but AKS refuses new clusters with it"
        yield Hit(
            Severity.WARNING if tolerated else Severity.ERROR,
            Effect.WORKS_BUT if tolerated else Effect.REFUSED,
            (each.side,),
            f"{each.called(survey)} overlaps {names}, which AKS keeps"
            f"{later if tolerated else ''}",
            exchanges(survey, each),
        )


@rule(OVERLAY, Severity.WARNING)
def pod_cidr_public(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR is private space: RFC 1918, or 100.64.0.0/10.

    AKS does not refuse public addresses for pods, and does not support them: whatever
    has these addresses on the internet can't be reached from the pods. Ranges that are
    your own are passed over; declare them in `owned_public_ranges`.
    """
    for each in pod_ranges(survey):
        owned = any(own.covers(each.cidr) for own in survey.inventory.owned)
        if is_public(each.cidr) and not owned:
            yield Hit(
                Severity.WARNING,
                Effect.WORKS_BUT,
                (each.side,),
                f"{each.called(survey)} is public space, which AKS does not support "
                "for pods",
                exchanges(survey, each),
            )
