"""Ways to part what must not be together: less space, another range, another subnet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.checks.choices import free_space, free_subnet, ipv4
from ipplan.checks.remedies import GONE, Change, Remedy
from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.indexes import shortened
from ipplan.limits import SMALLEST_SUBNET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.checks.surveys import Space, Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Peering, Subnet, VNet
    from ipplan.inventory.pools import NodePool


def ways_apart(
    survey: Survey, one: Space, two: Space, peerings: Iterable[Peering]
) -> Iterator[Remedy]:
    """What can be done about two ranges that overlap, the least work first.

    Space that no subnet lies in can be given up while everything runs; a subnet in use
    can't move, so what lies in it has to be built anew elsewhere.
    """
    for peering in peerings:
        if peering.state == "Disconnected":
            yield Remedy(
                f"delete the disconnected peering {peering.name} of "
                f"{survey.name_of(peering.vnet)}",
                (Change(peering.id, GONE),),
            )
    spaces = [each for each in (two, one) if each.vnet.seen and each.subnet is None]
    for space in spaces:
        other = two if space is one else one
        yield from smaller(survey, space, [other.cidr])
    for space in sorted(spaces, key=lambda each: len(each.vnet.subnets)):
        yield from elsewhere(survey, space)


def smaller(survey: Survey, space: Space, away: Iterable[Cidr]) -> Iterator[Remedy]:
    """A VNet's range without what no subnet of it needs, where that parts it."""
    vnet, cidr = space.vnet, space.cidr
    inside = [e for s in vnet.subnets for e in s.prefixes if cidr.covers(e)]
    if not inside:
        return
    least = _cover(inside, cidr)
    if any(least.overlaps(each) for each in away):
        return
    name = survey.called(vnet)
    yield Remedy(
        f"{name}'s subnets all lie in {least}: give it that space instead of {cidr}, "
        f"and nothing has to move{_synced(survey, vnet)}",
        _new_space(survey, vnet, _exchanged(vnet, cidr, least)),
    )


def _new_space(
    survey: Survey, vnet: VNet, space: tuple[Cidr, ...]
) -> tuple[Change, ...]:
    """Another address space, which every side that recorded the old one records."""
    recorded = ("remote_prefixes", "synced_prefixes")
    return (
        Change(vnet.id, "prefixes", space),
        *(
            Change(side.id, field, space)
            for side in _sides_to(survey, vnet)
            for field in recorded
        ),
    )


def _sides_to(survey: Survey, vnet: VNet) -> list[Peering]:
    """Sides of peerings that recorded the whole space of a VNet."""
    found = (
        survey.sides.get((each, vnet.id)) for each in survey.peers.get(vnet.id, ())
    )
    return [each for each in found if each and each.complete and each.synced_prefixes]


def _synced(survey: Survey, vnet: VNet) -> str:
    return "; then sync its peerings" if _sides_to(survey, vnet) else ""


def _cover(inside: list[Cidr], within: Cidr) -> Cidr:
    """The smallest range that holds all of some ranges that lie in another."""
    first = min(each.first for each in inside)
    last = max(each.last for each in inside)
    bits = within.bits - (first ^ last).bit_length()
    length = max(min(bits, SMALLEST_SUBNET.value), within.length)
    return shortened(Cidr(within.version, first, within.bits), length)


def _exchanged(vnet: VNet, old: Cidr, new: Cidr) -> tuple[Cidr, ...]:
    return tuple(sorted({*vnet.prefixes} - {old} | {new}))


def elsewhere(survey: Survey, space: Space) -> Iterator[Remedy]:
    """A VNet in another range, with its subnets at the same places in it."""
    vnet, cidr = space.vnet, space.cidr
    new = free_space(survey, vnet, cidr.length) if cidr.version == IPV4 else None
    if new is None:
        return
    name = survey.called(vnet)
    inside = [
        (subnet.id, _moved(subnet.prefixes, cidr, new))
        for subnet in vnet.subnets
        if any(cidr.covers(each) for each in subnet.prefixes)
    ]
    planned = vnet.origin.proposed
    verb = "give" if planned or not inside else "rebuild"
    where = f"{new}, which nothing that it reaches has"
    text = f"{verb} {name} {where}" if verb == "give" else f"rebuild {name} in {where}"
    yield Remedy(
        text + _synced(survey, vnet),
        (
            *_new_space(survey, vnet, _exchanged(vnet, cidr, new)),
            *(Change(each, "prefixes", prefixes) for each, prefixes in inside),
        ),
    )


def _moved(prefixes: tuple[Cidr, ...], old: Cidr, new: Cidr) -> tuple[Cidr, ...]:
    """Ranges at the same places of another range; those elsewhere stay."""
    return tuple(
        each._replace(first=each.first - old.first + new.first)
        if old.covers(each)
        else each
        for each in prefixes
    )


def while_empty(subnet: Subnet) -> str:
    """What has to happen before an existing subnet can change."""
    if subnet.origin.proposed or subnet.used == 0:
        return ""
    return "; a subnet can be resized only while it is empty"


def own_subnet(
    survey: Survey,
    subnet: Subnet,
    pools: Sequence[tuple[Cluster, NodePool]],
    vnet: str,
    *,
    pods: bool = False,
) -> Iterator[Remedy]:
    """Some pools out of a subnet, into a new one of its size.

    Parameters
    ----------
    survey : Survey
        Of the inventory as it is.
    subnet : Subnet
        That they leave.
    pools : sequence of tuples of Cluster and NodePool
        Those that leave it; others of these clusters stay.
    vnet : str
        Id of the VNet that gets the new subnet.
    pods : bool
        Whether only their pods leave it.
    """
    home = survey.inventory.vnet_by_id.get(vnet)
    length = min((each.length for each in ipv4(subnet)), default=None)
    identity = f"{vnet}/subnets/{subnet.name}-new".lower()
    use = f"{identity} {' '.join(sorted(pool.name for _, pool in pools))}"
    new = free_subnet(survey, home, length, use=use) if home and length else None
    if new is None:
        return
    changes = [Change(identity, "prefixes", (new,))]
    for cluster in {each.id: each for each, _ in pools}.values():
        leaving = {pool.name for one, pool in pools if one.id == cluster.id}
        changed = tuple(
            _resettled(pool, subnet.id, identity, pods=pods)
            if pool.name in leaving
            else pool
            for pool in cluster.pools
        )
        changes.append(Change(cluster.id, "pools", changed))
    names = ", ".join(f"pool {p.name} of {survey.called(c)}" for c, p in pools)
    planned = all(c.origin.proposed for c, _ in pools)
    anew = "" if planned else "; a pool can't change its subnet, so make new ones there"
    what = "the pods of " if pods else ""
    yield Remedy(
        f"put {what}{names} into another subnet, such as {new}, which is free in "
        f"{survey.name_of(vnet)}{anew}",
        tuple(changes),
    )


def _resettled(pool: NodePool, old: str, new: str, *, pods: bool) -> NodePool:
    """A pool with another subnet in the place of one."""
    pod_subnet = new if pool.pod_subnet == old else pool.pod_subnet
    nodes = new if pool.subnet == old and not pods else pool.subnet
    return replace(pool, subnet=nodes, pod_subnet=pod_subnet)
