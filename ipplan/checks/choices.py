"""Ranges that are free: what a fix can propose without making anything worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.private import PRIVATE_IPV4, UNIQUE_LOCAL
from ipplan.limits import (
    CLUSTER_NODES,
    FORBIDDEN_VNET_RANGES,
    MULTICAST_RANGES,
    RESERVED_RANGES,
    SPECIAL_RANGES,
    SPECIAL_RANGES_IPV6,
)
from ipplan.prefixes import prefix_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.externals import PoolUse
    from ipplan.inventory.networks import Subnet, VNet

RESERVED = tuple(map(Cidr.parse, RESERVED_RANGES.value))
FORBIDDEN = tuple(map(Cidr.parse, FORBIDDEN_VNET_RANGES.value))
MULTICAST = tuple(map(Cidr.parse, MULTICAST_RANGES.value))
_NOT_PUBLIC = (
    *PRIVATE_IPV4,
    *MULTICAST,
    *map(Cidr.parse, SPECIAL_RANGES.value),
    *map(Cidr.parse, SPECIAL_RANGES_IPV6.value),
)


def is_public(cidr: Cidr) -> bool:
    """Whether a range has addresses of the internet.

    >>> is_public(Cidr.parse("100.64.0.0/10")), is_public(Cidr.parse("172.32.0.0/16"))
    (False, True)
    """
    return not any(each.covers(cidr) for each in _NOT_PUBLIC)


def first_free(
    within: Iterable[Cidr], taken: Iterable[Cidr], length: int
) -> Cidr | None:
    """The first range of a prefix length that is in one set and meets none of another.

    Parameters
    ----------
    within, taken : iterable of Cidr
        Of IPv4 and IPv6, in any order; blocks are looked at in the order given.
    length : int
        Prefix length of the range wanted. [bits]

    Examples
    --------
    >>> ten = Cidr.parse("10.0.0.0/8")
    >>> str(first_free([ten], [Cidr.parse("10.0.0.0/15")], 16))
    '10.2.0.0/16'
    """
    sorted_ = sorted(set(taken))
    for block in within:
        if block.length <= length <= block.bits:
            found = _first(block, [e for e in sorted_ if e.overlaps(block)], length)
            if found:
                return found
    return None


def _first(block: Cidr, taken: list[Cidr], length: int) -> Cidr | None:
    """The first range in a block; a range in the way is leapt over."""
    wanted = Cidr(block.version, block.first, length)
    for each in taken:
        if each.overlaps(wanted):
            following = -(-(each.last + 1) // wanted.size) * wanted.size
            wanted = wanted._replace(first=max(wanted.first, following))
    return wanted if wanted.last <= block.last else None


def ipv4(noun: VNet | Subnet) -> list[Cidr]:
    """The IPv4 ranges of a VNet or subnet."""
    return [each for each in noun.prefixes if each.version == IPV4]


def free_subnet(survey: Survey, vnet: VNet, length: int, *, use: str) -> Cidr | None:
    """Room for a subnet in a VNet, beside its subnets and its clusters' ranges.

    Parameters
    ----------
    survey : Survey
        It remembers what was proposed, so that no two fixes propose the same room.
    vnet : VNet
        Where there has to be room.
    length : int
        Prefix length. [bits]
    use : str
        For what, such as the id of a subnet: one use always gets the same room.
    """
    taken = [cidr for subnet in vnet.subnets for cidr in subnet.prefixes]
    for cluster in survey.in_vnet(vnet.id):
        taken += [*cluster.pod_cidrs, *cluster.service_cidrs]
    with_reserved = [*taken, *RESERVED]
    return _proposed(survey, [(ipv4(vnet), with_reserved)], length, use)


def most_needed(capacity: Capacity) -> int:
    """What the pools take at the most, of all operations. [addresses]."""
    return max(capacity.upgrade.need or 0, capacity.rotation.need or 0)


def pod_cidr_length(capacity: Capacity) -> int:
    """Prefix length of a pod CIDR for all operations; 0 where none helps.

    It is for no more nodes than a cluster may have, or its route table has routes for;
    where those that are upgraded are more, no range helps.
    """
    model = capacity.tenants[0].model
    rows = [CLUSTER_NODES, *filter(None, [model.route_limit])]
    most = min(each.value for each in rows) * capacity.tenants[0].cost
    if (capacity.upgrade.need or 0) > most:
        return 0
    need = min(most_needed(capacity), most)
    return int(prefix_for(need, model.kept, model.largest, model.smallest))


def free_range(
    survey: Survey, cluster: Cluster, length: int, version: int = IPV4, *, use: str
) -> Cidr | None:
    """A range for the pods or services of a cluster: nothing it reaches has it.

    It is drawn from the address pools declared for that use, else from the private
    ranges. Where all of those lie in a network elsewhere that is larger than the range
    wanted, one inside such a network is taken: there the longer prefix wins. One use of
    a cluster always gets the same range, and no two fixes propose the same one.

    Parameters
    ----------
    survey : Survey
        It remembers what was proposed.
    cluster : Cluster
        Whose range it is.
    length : int
        Prefix length. [bits]
    version : int
        4 or 6.
    use : {"pod_cidrs", "service_cidrs"}
        The field of the cluster that it is for.
    """
    homes = survey.homes(cluster)
    taken = [*RESERVED, *_reached(survey, homes)]
    taken += [*cluster.pod_cidrs, *cluster.service_cidrs]
    outside = [
        cidr for each in survey.external_ranges(cluster) for cidr in each.prefixes
    ]
    others = [c for each in survey.inventory.clusters for c in each.pod_cidrs]
    narrow = [each for each in outside if each.length >= length]
    more = ([*outside, *others], outside, narrow)
    choices = [
        (within, [*taken, *each])
        for within in _sources(survey, _POOLS[use], version)
        for each in more
    ]
    return _proposed(survey, choices, length, f"{cluster.id} {use} {version}")


def free_space(survey: Survey, vnet: VNet, length: int) -> Cidr | None:
    """A range for a VNet that nothing has which it is joined to.

    It is drawn from the address pools declared for VNets, else from the private ranges.
    """
    peers = survey.peers.get(vnet.id, ())
    beyond = {two for one in peers for two in survey.peers[one]} - {vnet.id}
    joined = [survey.vnets[each] for each in {*peers, *beyond} if each in survey.vnets]
    taken = [*RESERVED, *FORBIDDEN, *_reached(survey, (vnet.id,)), *vnet.prefixes]
    taken += [cidr for each in joined for cidr in each.prefixes]
    for each in survey.inventory.external_ranges_of(vnet.id):
        taken += each.prefixes
    for cluster in survey.in_vnet(vnet.id):
        taken += [*cluster.pod_cidrs, *cluster.service_cidrs]
    choices = [(within, taken) for within in _sources(survey, "vnets", IPV4)]
    return _proposed(survey, choices, length, vnet.id)


_POOLS: dict[str, PoolUse] = {"pod_cidrs": "pods", "service_cidrs": "services"}
"""What address pools are declared for, by the field that is drawn from them."""


def _sources(survey: Survey, use: PoolUse, version: int) -> Iterator[list[Cidr]]:
    """What to draw from, the best first: declared address pools, private ranges."""
    pools = [each for each in survey.inventory.address_pools if each.use == use]
    yield [e for pool in pools for e in pool.prefixes if e.version == version]
    yield list(PRIVATE_IPV4 if version == IPV4 else UNIQUE_LOCAL)


def _proposed(
    survey: Survey,
    choices: Iterable[tuple[list[Cidr], list[Cidr]]],
    length: int,
    use: str,
) -> Cidr | None:
    """What was proposed for a use, or what is free and was proposed for no other.

    Each choice is what to draw from, and what is taken of it.
    """
    key = f"{use} /{length}"
    if key not in survey.proposed:
        others = list(survey.proposed.values())
        found = (
            first_free(within, [*taken, *others], length) for within, taken in choices
        )
        new = next((each for each in found if each), None)
        if new is None:
            return None
        survey.proposed[key] = new
    return survey.proposed[key]


def _reached(survey: Survey, homes: tuple[str, ...]) -> Iterator[Cidr]:
    """The spaces of some VNets, and of all that they reach."""
    seen = dict.fromkeys(homes)
    for home in homes:
        for link in survey.inventory.reach.of(home):
            seen |= dict.fromkeys(link.networks)
    for each in seen:
        vnet = survey.vnets.get(each)
        yield from vnet.prefixes if vnet else ()
