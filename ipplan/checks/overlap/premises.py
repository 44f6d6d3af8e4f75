"""Rules on ranges that meet networks elsewhere: on premises, mostly.

A network elsewhere is an *aggregate* where its range is shorter than the prefixes of
the VNet: 10.0.0.0/8 or 0.0.0.0/0, as gateways advertise them. It then covers what it
meets, the longer prefix wins on the way, and nothing breaks that was not meant to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.moves import elsewhere, smaller
from ipplan.checks.names import listed
from ipplan.checks.overlap.ranges import exchanges, pod_ranges, service_ranges
from ipplan.checks.rules import Hit, Side, rule
from ipplan.cidrs import Cidr
from ipplan.findings import Effect, Severity
from ipplan.limits import DEFAULT_SERVICE_CIDR, IP_PLANNING, KUBENET, OVERLAY, PLANNING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.overlap.ranges import Range
    from ipplan.checks.remedies import Remedy
    from ipplan.checks.surveys import Space, Survey
    from ipplan.inventory.externals import ExternalRange

DEFAULT_SERVICES = Cidr.parse(DEFAULT_SERVICE_CIDR.value)

HELD = {
    "dns": "DNS servers",
    "firewall": "the firewall",
    "private-endpoints": "private endpoints",
    "api-server": "the API server",
}
"""What must stay reachable, in words."""


class Contact(NamedTuple):
    """A range of a cluster that overlaps ranges of a network elsewhere."""

    range: Range
    network: ExternalRange
    cidrs: tuple[Cidr, ...]


@rule(OVERLAY, Severity.ERROR, Severity.WARNING)
def pod_cidr_meets_on_premises(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR does not overlap a network on premises.

    Pods can't reach hosts whose addresses lie in their own pod CIDR. A network of the
    same or a longer prefix lies in it as a whole: an error where that network holds DNS
    servers, the firewall, private endpoints or the API server, and a warning elsewhere.
    One that is larger than the pod CIDR is a warning, unless it is an aggregate: its
    prefix is shorter than all those of the cluster's VNet, or the VNet was not read.
    `on-premises-aggregate` tells of those.
    """
    for contact in _contacts(survey, pod_ranges(survey)):
        pods, held = contact.range.cidr, contact.network.holds
        lost = tuple(e for e in contact.cidrs if held and pods.covers(e))
        others = tuple(e for e in contact.cidrs if e not in lost)
        if lost:
            told = contact._replace(cidrs=lost)
            things = " and ".join(HELD[each] for each in held)
            yield _cut(survey, told, Severity.ERROR, f", which has {things}")
        if others:
            yield _cut(survey, contact._replace(cidrs=others), Severity.WARNING)


@rule(PLANNING, Severity.WARNING)
def service_cidr_meets_on_premises(survey: Survey) -> Iterator[Hit]:
    """A service CIDR does not overlap a network on premises.

    Addresses of the service CIDR never leave the cluster, so hosts on premises that
    have one can't be reached from it. Aggregates are told by `on-premises-aggregate`:
    ranges shorter than those of the cluster's VNet, and any shorter than a /16 that
    covers AKS's default of 10.0.0.0/16.
    """
    for contact in _contacts(survey, service_ranges(survey)):
        yield _cut(survey, contact, Severity.WARNING)


def _cut(survey: Survey, contact: Contact, severity: Severity, which: str = "") -> Hit:
    """That a cluster can't reach a part of a network elsewhere."""
    each, network, cidrs = contact
    return Hit(
        severity,
        Effect.BREAKS_TRAFFIC,
        (each.side, *(Side(network, cidr) for cidr in cidrs)),
        f"{each.called(survey)} overlaps {network.name} {listed(cidrs)}{which}",
        exchanges(survey, each),
    )


@rule(IP_PLANNING, Severity.WARNING)
def vnet_meets_on_premises(survey: Survey) -> Iterator[Hit]:
    """A VNet does not overlap a network on premises that it is connected to.

    Where a network elsewhere has the same range as the VNet or a part of it, the route
    that happens to be longer decides which of the two is reached, and one of them is
    cut off. A network of a shorter prefix is an aggregate, and
    `on-premises-aggregate` tells of it.
    """
    met: dict[tuple[str, str, Cidr], tuple[ExternalRange, Space, list[Cidr]]] = {}
    for network, cidr, space in _spaces(survey):
        if space.cidr.covers(cidr):
            key = network.name, space.vnet.id, space.cidr
            met.setdefault(key, (network, space, []))[2].append(cidr)
    for network, space, cidrs in met.values():
        yield Hit(
            Severity.WARNING,
            Effect.BREAKS_TRAFFIC,
            (Side(space.vnet, space.cidr), *(Side(network, cidr) for cidr in cidrs)),
            f"{survey.called(space.vnet)} {space.cidr} overlaps "
            f"{network.name} {listed(cidrs)}: one of them can't be reached",
            _parted(survey, space, cidrs),
        )


def _parted(survey: Survey, space: Space, cidrs: list[Cidr]) -> Iterator[Remedy]:
    """The VNet without what it shares, where no subnet needs that, or elsewhere."""
    if space.vnet.seen:
        yield from smaller(survey, space, cidrs)
        yield from elsewhere(survey, space)


@rule(KUBENET, Severity.NOTE)
def on_premises_aggregate(survey: Survey) -> Iterator[Hit]:
    """A network on premises that covers VNets, pods or services hides a part of itself.

    Many gateways advertise 10.0.0.0/8 or a default route. Everywhere in Azure the
    longer prefix wins, so VNets, pod CIDRs and service CIDRs in it work; only hosts on
    premises that really have these addresses can't be reached from there. Keep them
    apart when you hand out addresses. An aggregate is shorter than the VNet's prefixes;
    for AKS's default service CIDR of 10.0.0.0/16, shorter than a /16.
    """
    counts: dict[tuple[str, Cidr], Counter[str]] = defaultdict(Counter)
    vnets = {
        (network.name, cidr, space.vnet.id)
        for network, cidr, space in _spaces(survey)
        if space.cidr.length > cidr.length
    }
    for name, cidr, _ in vnets:
        counts[name, cidr]["VNet"] += 1
    for each in (*pod_ranges(survey), *service_ranges(survey)):
        for cidr, network in _networks(survey, each):
            if _is_aggregate(survey, each, cidr):
                counts[network.name, cidr][each.kind] += 1
    for network in survey.inventory.external_ranges:
        for cidr in network.prefixes:
            if counts[network.name, cidr]:
                yield Hit(
                    Severity.NOTE,
                    Effect.INFORMATION,
                    (Side(network, cidr),),
                    f"{network.name} {cidr} covers "
                    f"{_counted(counts[network.name, cidr])}: the longer prefix wins",
                )


def _counted(counts: Counter[str]) -> str:
    words = [f"{n:,} {what}{'s' if n > 1 else ''}" for what, n in counts.items()]
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _contacts(survey: Survey, ranges: Iterable[Range]) -> Iterator[Contact]:
    """Ranges of clusters that overlap networks elsewhere, aggregates left out."""
    for each in ranges:
        found: dict[str, Contact] = {}
        for cidr, network in _networks(survey, each):
            if not _is_aggregate(survey, each, cidr):
                known = found.setdefault(network.name, Contact(each, network, ()))
                found[network.name] = known._replace(cidrs=(*known.cidrs, cidr))
        yield from found.values()


def _networks(survey: Survey, each: Range) -> Iterator[tuple[Cidr, ExternalRange]]:
    """What a cluster's range overlaps of the networks elsewhere that it reaches."""
    met = list(survey.outside.overlapping(each.cidr))
    if met:
        reached = {one.name for one in survey.external_ranges(each.cluster)}
        yield from (pair for pair in met if pair[1].name in reached)


def _is_aggregate(survey: Survey, each: Range, cidr: Cidr) -> bool:
    """Whether a range elsewhere is so large that the longer prefix settles it."""
    if cidr.length >= each.cidr.length:
        return False
    if each.field == "service_cidrs" and each.cidr == DEFAULT_SERVICES:
        return True
    vnets = (survey.vnets.get(home) for home in survey.homes(each.cluster))
    spaces = [
        prefix
        for vnet in vnets
        for prefix in (vnet.prefixes if vnet else ())
        if prefix.version == cidr.version
    ]
    return all(cidr.length < prefix.length for prefix in spaces)


def _spaces(survey: Survey) -> Iterator[tuple[ExternalRange, Cidr, Space]]:
    """Ranges of VNets that overlap a network elsewhere that they reach."""
    reached: dict[str, frozenset[str]] = {}
    for network in survey.inventory.external_ranges:
        for cidr in network.prefixes:
            for _, space in survey.spaces.overlapping(cidr):
                vnet = space.vnet.id
                if vnet not in reached:
                    found = survey.inventory.external_ranges_of(vnet)
                    reached[vnet] = frozenset(each.name for each in found)
                if network.name in reached[vnet]:
                    yield network, cidr, space
