"""Rules on VNets by themselves: their ranges, their subnets and what they may hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from ipplan import limits
from ipplan.checks.choices import FORBIDDEN, RESERVED, free_subnet, is_public
from ipplan.checks.moves import elsewhere
from ipplan.checks.networks.special import GATEWAY_SUBNET
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.surveys import Space
from ipplan.cidrs import IPV4
from ipplan.cidrs.indexes import chains
from ipplan.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.networks import Subnet, VNet

MOST_TOLD = 1_000
"""Pairs of subnets of one VNet that are told one by one."""


@rule(limits.IP_PLANNING, Severity.ERROR)
def subnet_outside_vnet(survey: Survey) -> Iterator[Hit]:
    """A subnet lies wholly inside one range of its VNet.

    A subnet can't reach over two ranges of the address space, even where they are
    neighbours, and Azure refuses one that lies outside them.
    """
    for vnet in survey.inventory.vnets:
        if not vnet.prefixes:
            continue
        for subnet in vnet.subnets:
            for cidr in subnet.prefixes:
                if not any(each.covers(cidr) for each in vnet.prefixes):
                    space = ", ".join(map(str, vnet.prefixes))
                    yield Hit(
                        Severity.ERROR,
                        Effect.REFUSED,
                        (Side(subnet, cidr), Side(vnet)),
                        f"subnet {survey.called(subnet)} {cidr} is not inside one "
                        f"range of {survey.called(vnet)}, which has {space}",
                        _inside(survey, vnet, subnet, cidr),
                    )


def _inside(survey: Survey, vnet: VNet, subnet: Subnet, cidr: Cidr) -> Iterator[Remedy]:
    """A subnet moved into its VNet, or the VNet extended to where the subnet is."""
    name = survey.called(subnet)
    use = f"{subnet.id} {cidr}"
    v4 = cidr.version == IPV4
    new = free_subnet(survey, vnet, cidr.length, use=use) if v4 else None
    if new:
        prefixes = tuple(new if each == cidr else each for each in subnet.prefixes)
        change = Change(subnet.id, "prefixes", prefixes)
        yield Remedy(f"give {name} {new} instead", (change,))
    space = (*vnet.prefixes, cidr)
    yield Remedy(
        f"add {cidr} to the address space of {survey.called(vnet)}",
        (Change(vnet.id, "prefixes", tuple(sorted(space))),),
    )


@rule(limits.IP_PLANNING, Severity.ERROR)
def subnets_overlap(survey: Survey) -> Iterator[Hit]:
    """Subnets of one VNet do not overlap.

    Azure refuses the second one with `NetcfgSubnetRangesOverlap`.
    """
    for vnet in survey.inventory.vnets:
        cidrs = sorted(cidr for subnet in vnet.subnets for cidr in subnet.prefixes)
        if not any(one.covers(two) for one, two in pairwise(cidrs)):
            continue  # in their order, one that covers others comes just before one
        found: dict[Cidr, list[Subnet]] = defaultdict(list)
        for subnet in vnet.subnets:
            for cidr in subnet.prefixes:
                found[cidr].append(subnet)
        pairs = _pairs(found)
        for one, two in islice(pairs, MOST_TOLD):
            names = [f"{survey.called(each.noun)} {each.cidr}" for each in (one, two)]
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (two, one),
                f"subnets {names[0]} and {names[1]} overlap",
                _moved(survey, vnet, (two, one)),
            )
        if next(pairs, None):
            yield _more(survey, vnet)


def _more(survey: Survey, vnet: VNet) -> Hit:
    """That more pairs of subnets overlap than are told one by one."""
    return Hit(
        Severity.ERROR,
        Effect.REFUSED,
        (Side(vnet), *map(Side, vnet.subnets)),
        f"more than {MOST_TOLD:,} pairs of subnets of {survey.called(vnet)} overlap: "
        "the others are not told one by one",
    )


def _pairs(found: dict[Cidr, list[Subnet]]) -> Iterator[tuple[Side, Side]]:
    """Subnets that overlap, the larger range first."""
    for *outer, cidr in chains(found):
        above = [Side(each, one) for one in outer for each in found[one]]
        for subnet in found[cidr]:
            inner = Side(subnet, cidr)
            yield from ((each, inner) for each in above if each.noun is not subnet)
            above.append(inner)


def _moved(survey: Survey, vnet: VNet, sides: tuple[Side, ...]) -> Iterator[Remedy]:
    """Either subnet in free space of the VNet, the smaller first."""
    for noun, cidr in sides:
        use = f"{noun.id} {cidr}"
        new = cidr and free_subnet(survey, vnet, cidr.length, use=use)
        if new:
            prefixes = tuple(new if each == cidr else each for each in noun.prefixes)
            yield Remedy(
                f"give {survey.called(noun)} {new} instead",
                (Change(noun.id, "prefixes", prefixes),),
            )


@rule(limits.IP_PLANNING, Severity.ERROR)
def vnet_ranges_overlap(survey: Survey) -> Iterator[Hit]:
    """The ranges of one VNet do not overlap each other.

    An address space is a set of separate ranges, and Azure refuses one that repeats or
    contains another.
    """
    for vnet in survey.inventory.vnets:
        for *outer, cidr in chains(vnet.prefixes):
            if outer:
                left = tuple(each for each in vnet.prefixes if each != cidr)
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(vnet, cidr),),
                    f"{survey.called(vnet)} has {cidr} beside {outer[-1]}, which "
                    "contains it",
                    (
                        Remedy(
                            f"leave out {cidr}", (Change(vnet.id, "prefixes", left),)
                        ),
                    ),
                )


@rule(limits.IP_PLANNING, Severity.ERROR)
def subnet_size(survey: Survey) -> Iterator[Hit]:
    """An IPv4 subnet is a /2 to a /29, an IPv6 subnet exactly a /64.

    Azure keeps five addresses of every IPv4 subnet, so a /29 has three for use, and a
    smaller subnet none.
    """
    for vnet in survey.inventory.vnets:
        for subnet in vnet.subnets:
            for cidr in subnet.prefixes:
                allowed = _allowed(cidr)
                if allowed:
                    yield Hit(
                        Severity.ERROR,
                        Effect.REFUSED,
                        (Side(subnet, cidr),),
                        f"subnet {survey.called(subnet)} is {cidr}: {allowed}",
                        _resized(survey, vnet, subnet, cidr),
                    )


def _allowed(cidr: Cidr) -> str:
    """Which sizes there are, where this is none of them."""
    smallest, largest = limits.SMALLEST_SUBNET.value, limits.LARGEST_SUBNET.value
    if cidr.version != IPV4:
        only = limits.IPV6_SUBNET.value
        return "" if cidr.length == only else f"an IPv6 subnet is a /{only}"
    inside = largest <= cidr.length <= smallest
    return "" if inside else f"a subnet is a /{largest} to a /{smallest}"


def _resized(
    survey: Survey, vnet: VNet, subnet: Subnet, cidr: Cidr
) -> Iterator[Remedy]:
    """The smallest subnet that there is, in free space."""
    if cidr.version == IPV4 and cidr.length > limits.SMALLEST_SUBNET.value:
        use = f"{subnet.id} {cidr}"
        new = free_subnet(survey, vnet, limits.SMALLEST_SUBNET.value, use=use)
        if new:
            others = [each for each in subnet.prefixes if each != cidr]
            change = Change(subnet.id, "prefixes", (*others, new))
            yield Remedy(f"give {survey.called(subnet)} {new} instead", (change,))


@rule(limits.VNET_FAQ, Severity.ERROR)
def vnet_range_forbidden(survey: Survey) -> Iterator[Hit]:
    """Multicast, loopback, link-local and Azure's own addresses are for no VNet.

    Azure refuses them in an address space.
    """
    for vnet in survey.inventory.vnets:
        for cidr in vnet.prefixes:
            met = next((each for each in FORBIDDEN if each.overlaps(cidr)), None)
            if met:
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(vnet, cidr),),
                    f"{survey.called(vnet)} {cidr} overlaps {met}, which Azure keeps",
                    elsewhere(survey, Space(cidr, vnet)),
                )


@rule(limits.IP_PLANNING, Severity.NOTE)
def vnet_public_range(survey: Survey) -> Iterator[Hit]:
    """A VNet with public addresses hides their owners from everything in it.

    Azure allows any range in a VNet. Where it is not your own, whatever lives at those
    addresses on the internet can't be reached from the VNet. Declare what you own in
    `owned_public_ranges`.
    """
    for vnet in survey.inventory.vnets:
        for cidr in vnet.prefixes:
            known = any(each.covers(cidr) for each in survey.inventory.owned)
            known = known or any(each.overlaps(cidr) for each in FORBIDDEN)
            if cidr.version == IPV4 and is_public(cidr) and not known:
                yield Hit(
                    Severity.NOTE,
                    Effect.INFORMATION,
                    (Side(vnet, cidr),),
                    f"{survey.called(vnet)} has public addresses: {cidr}",
                )


@rule(limits.CNI_OVERVIEW, Severity.ERROR, Severity.WARNING)
def cluster_vnet_reserved(survey: Survey) -> Iterator[Hit]:
    """AKS keeps some ranges for itself in the VNets of clusters.

    A cluster's subnet may not meet 169.254.0.0/16, 172.30.0.0/16, 172.31.0.0/16 or
    192.0.2.0/24. The page names the VNet's whole range; that a VNet which only contains
    one of them, beside the subnets of the cluster, is refused has not been seen: there
    it is a warning.
    """
    for vnet in survey.inventory.vnets:
        clusters = tuple(survey.in_vnet(vnet.id))
        if not clusters:
            continue
        for met in RESERVED:
            ranges = [each for each in vnet.prefixes if each.overlaps(met)]
            used = [
                Side(each, cidr)
                for each in vnet.subnets
                if survey.users(each.id)
                for cidr in each.prefixes
                if cidr.overlaps(met)
            ]
            names = ", ".join(survey.called(each) for each in clusters)
            for side in used or [Side(vnet, each) for each in ranges]:
                yield Hit(
                    Severity.ERROR if used else Severity.WARNING,
                    Effect.REFUSED if used else Effect.WORKS_BUT,
                    (side, *(Side(each) for each in clusters)),
                    f"{survey.called(side.noun)} {side.cidr} of {names} overlaps "
                    f"{met}, which AKS keeps",
                    _off_reserved(survey, vnet, side),
                )


def _off_reserved(survey: Survey, vnet: VNet, side: Side) -> Iterator[Remedy]:
    """The subnet elsewhere in its VNet, else the whole VNet elsewhere."""
    if side.noun is not vnet:
        yield from _moved(survey, vnet, (side,))
    for cidr in vnet.prefixes:
        if side.cidr and cidr.overlaps(side.cidr):
            yield from elsewhere(survey, Space(cidr, vnet))


@rule(limits.AZURE_LIMITS, Severity.ERROR, Severity.WARNING)
def vnet_limit(survey: Survey) -> Iterator[Hit]:
    """A VNet has ceilings on subnets and peerings, a subscription on VNets.

    Azure refuses what goes beyond them. A VNet that Network Manager peers may have
    twice as many peerings, so between the two ceilings it is a warning.
    """
    for vnet in survey.inventory.vnets:
        subnets, peers = len(vnet.subnets), len(vnet.peerings)
        if subnets > limits.VNET_SUBNETS.value:
            yield _beyond(survey, vnet, subnets, "subnets", limits.VNET_SUBNETS)
        if peers > limits.VNET_PEERINGS_MANAGED.value:
            yield _beyond(survey, vnet, peers, "peerings", limits.VNET_PEERINGS_MANAGED)
        elif peers > limits.VNET_PEERINGS.value:
            found = _beyond(survey, vnet, peers, "peerings", limits.VNET_PEERINGS)
            yield found._replace(
                severity=Severity.WARNING,
                effect=Effect.WORKS_BUT,
                message=f"{found.message}, unless Network Manager peers them",
            )
    yield from _crowded(survey)


def _beyond(
    survey: Survey, vnet: VNet, count: int, what: str, row: limits.Limit[Any]
) -> Hit:
    return Hit(
        Severity.ERROR,
        Effect.REFUSED,
        (Side(vnet),),
        f"{survey.called(vnet)} has {count:,} {what}, and {row.value:,} are allowed",
        source=row.source,
    )


def _crowded(survey: Survey) -> Iterator[Hit]:
    """Regions of a subscription with more VNets than are allowed."""
    counts = Counter(
        (each.subscription, each.location)
        for each in survey.inventory.vnets
        if each.subscription and each.location
    )
    for (subscription, location), count in sorted(counts.items()):
        if count > limits.VNETS.value:
            first = next(
                each
                for each in survey.inventory.vnets
                if (each.subscription, each.location) == (subscription, location)
            )
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(first),),
                f"subscription {subscription} has {count:,} VNets in {location}, and "
                f"{limits.VNETS.value:,} are allowed",
            )


@rule(limits.PEERING_OVERVIEW, Severity.ERROR)
def one_remote_gateway(survey: Survey) -> Iterator[Hit]:
    """A VNet uses the gateway of one peer at most, and none beside its own.

    Only one peering of a VNet may use the remote gateway, and Azure refuses it where
    the VNet has a gateway itself.
    """
    for vnet in survey.inventory.vnets:
        users = [each for each in vnet.peerings if each.remote_gateways]
        own = [
            each
            for each in vnet.subnets
            if each.name.lower() == GATEWAY_SUBNET and each.used
        ]
        if len(users) > 1 or (users and own):
            names = [survey.name_of(each.remote or "") for each in users]
            beside = " beside its own gateway" if own else ""
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(vnet), *map(Side, users)),
                f"{survey.called(vnet)} uses the gateway of {' and of '.join(names)}"
                f"{beside}",
                _one_gateway(survey, users, own=bool(own)),
            )


def _one_gateway(survey: Survey, users: list[Any], *, own: bool) -> Iterator[Remedy]:
    """Without all but one of the remote gateways, or without any beside its own."""
    dropped = users if own else users[1:]
    names = " and ".join(survey.name_of(each.remote or "") for each in dropped)
    yield Remedy(
        f"do not use the remote gateway of {names}",
        tuple(Change(each.id, "remote_gateways", value=False) for each in dropped),
    )
