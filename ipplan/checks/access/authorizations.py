"""Rules on authorized ranges: who is let in to a public API server."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule, standing
from ipplan.cidrs import IPV4, Cidr
from ipplan.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster

SPECIAL = tuple(map(Cidr.parse, limits.SPECIAL_RANGES.value))
OWN_EGRESS = Cidr.parse(limits.OWN_EGRESS.value)

MOST_QUOTED = 8
"""Ranges beyond which a command is not spelled out."""


def restricted(survey: Survey) -> Iterator[Cluster]:
    """The clusters with authorized ranges whose API server is public."""
    for cluster in survey.inventory.clusters:
        if cluster.authorized_ranges and not cluster.private:
            yield cluster


def authorize(survey: Survey, cluster: Cluster, ranges: Iterable[Cidr]) -> Remedy:
    """Other authorized ranges for a cluster, as a command where that is short."""
    kept = tuple(dict.fromkeys(ranges))
    group = cluster.resource_group
    if not cluster.origin.proposed and group and len(kept) <= MOST_QUOTED:
        text = (
            f"az aks update --resource-group={shlex.quote(group)} "
            f"--name={shlex.quote(cluster.name)} "
            f"--api-server-authorized-ip-ranges {','.join(map(str, kept))}"
        )
    else:
        text = f"give {survey.called(cluster)} the authorized ranges {listed(kept)}"
    return Remedy(text, (Change(cluster.id, "authorized_ranges", kept),))


@rule(limits.AUTHORIZED, Severity.ERROR, Severity.WARNING)
def authorized_range_not_public(survey: Survey) -> Iterator[Hit]:
    """Authorized ranges are public IPv4 ranges.

    A public API server sees the public address that traffic leaves its network from,
    never a private one, so a private range lets nobody in. The az CLI refuses ranges
    that are not global, and IPv6. State the address of the firewall, NAT gateway or
    proxy through which those people leave. Where such a range is there all the same, it
    is a warning: it has no effect.
    """
    for cluster in restricted(survey):
        wrong = [each for each in cluster.authorized_ranges if not _is_public(each)]
        if wrong:
            kept = [each for each in cluster.authorized_ranges if each not in wrong]
            yield Hit(
                *standing(cluster),
                tuple(Side(cluster, each) for each in wrong),
                f"{survey.called(cluster)} authorizes {listed(wrong)}: not public "
                "IPv4, so nobody comes to its API server from there",
                # Without any range everybody would be let in.
                (authorize(survey, cluster, kept or [OWN_EGRESS]),),
            )


def _is_public(cidr: Cidr) -> bool:
    if cidr == OWN_EGRESS:
        return True
    return cidr.version == IPV4 and not any(each.covers(cidr) for each in SPECIAL)


@rule(limits.AUTHORIZED, Severity.ERROR)
def authorized_ranges_limit(survey: Survey) -> Iterator[Hit]:
    """A cluster has at most 200 authorized ranges, or 2,000 with VNet integration.

    Ranges that lie side by side or within others can be one. With API Server VNet
    Integration there may be ten times as many.
    """
    for cluster in restricted(survey):
        row = limits.AUTHORIZED_RANGES
        if cluster.vnet_integration:
            row = limits.AUTHORIZED_RANGES_INTEGRATED
        count = len(cluster.authorized_ranges)
        if count > row.value:
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster),),
                f"{survey.called(cluster)} has {count:,} authorized ranges, and may "
                f"have {row.value:,}",
                _fewer(survey, cluster),
            )


def _fewer(survey: Survey, cluster: Cluster) -> Iterator[Remedy]:
    """The fewest ranges that let in the same addresses, or the larger limit."""
    from ipplan.cidrs.aggregates import aggregate

    name = survey.called(cluster)
    fewest = tuple(aggregate(cluster.authorized_ranges))
    yield Remedy(
        f"{len(fewest):,} ranges let in the same addresses: give {name} "
        f"{listed(fewest)}",
        (Change(cluster.id, "authorized_ranges", fewest),),
    )
    yield Remedy(
        f"use API Server VNet Integration for {name}, which allows "
        f"{limits.AUTHORIZED_RANGES_INTEGRATED.value:,}",
        (Change(cluster.id, "vnet_integration", True),),  # noqa: FBT003  # a value
    )


@rule(limits.PRIVATE_CLUSTERS, Severity.WARNING)
def authorized_ranges_on_private_cluster(survey: Survey) -> Iterator[Hit]:
    """Authorized ranges have no effect on a private cluster.

    They are for the public endpoint of an API server, which a private cluster has not;
    the az CLI refuses both together. Who reaches a private API server is for routes,
    network security groups and firewalls to say.
    """
    for cluster in survey.inventory.clusters:
        if cluster.authorized_ranges and cluster.private:
            name = survey.called(cluster)
            ranges = listed(cluster.authorized_ranges)
            yield Hit(
                Severity.WARNING,
                Effect.WORKS_BUT,
                (Side(cluster),),
                f"{name} is private, so its authorized ranges {ranges} have no effect",
                (
                    Remedy(
                        f"leave the authorized ranges of {name} out",
                        (Change(cluster.id, "authorized_ranges", ()),),
                    ),
                ),
            )


@rule(limits.AUTHORIZED, Severity.ERROR, Severity.WARNING)
def authorized_own_address_alone(survey: Survey) -> Iterator[Hit]:
    """0.0.0.0/32 among the authorized ranges stands alone.

    It stands for the address that the cluster's own load balancer sends from, and for
    letting in nobody else. The az CLI refuses it beside other ranges: those need it
    not, for AKS adds that address by itself.
    """
    for cluster in restricted(survey):
        others = [each for each in cluster.authorized_ranges if each != OWN_EGRESS]
        if others and OWN_EGRESS in cluster.authorized_ranges:
            yield Hit(
                *standing(cluster),
                (Side(cluster, OWN_EGRESS),),
                f"{survey.called(cluster)} authorizes {OWN_EGRESS}, which lets in "
                f"nobody but itself, and {listed(others)}",
                (authorize(survey, cluster, others),),
            )


@rule(f"{limits.AKS}/virtual-nodes", Severity.ERROR, Severity.WARNING)
def authorized_ranges_with_virtual_nodes(survey: Survey) -> Iterator[Hit]:
    """Virtual nodes don't work with authorized ranges.

    Their pods run in Azure Container Instances, which no authorized range stands for.
    An existing cluster that has both is a warning.
    """
    for cluster in restricted(survey):
        if "virtual-nodes" in cluster.needs:
            name = survey.called(cluster)
            needs = tuple(each for each in cluster.needs if each != "virtual-nodes")
            yield Hit(
                standing(cluster)[0],
                Effect.BREAKS_TRAFFIC,
                (Side(cluster),),
                f"{name} has virtual nodes, which don't work with its authorized "
                f"ranges {listed(cluster.authorized_ranges)}",
                (
                    Remedy(
                        f"use node pools in place of virtual nodes in {name}",
                        (Change(cluster.id, "needs", needs),),
                    ),
                ),
            )
