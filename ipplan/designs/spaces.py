"""Whether networks, as they are, have room for a cluster of another network model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.capacity.costs import least_cost
from ipplan.cidrs import IPV4
from ipplan.cidrs.carving import Space
from ipplan.models import Home
from ipplan.prefixes import prefix_for
from ipplan.sizing.tenants import Tenant
from ipplan.usages import held_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.cidrs import Cidr
    from ipplan.designs.studies import Study
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet, VNet
    from ipplan.models import NetworkModel
    from ipplan.sizing.loads import Range
    from ipplan.sizing.sizings import Sizing


class Room(NamedTuple):
    """Whether there is room in the networks that a cluster has.

    Parameters
    ----------
    fits : bool or None
        None where that can't be known.
    words : str
        What is too small and what new subnets that takes, or what is not known; empty
        where all stays as it is.
    """

    fits: bool | None
    words: str = ""


class _Want(NamedTuple):
    """A subnet that is to be made anew, and why."""

    length: int
    kind: str
    why: str = ""


def room_for(study: Study, cluster: Cluster, sizing: Sizing) -> Room:
    """Whether a cluster finds room in its own VNet under another model.

    Parameters
    ----------
    study : Study
        What there is. Subnets of a plan that nothing pins are laid out anew.
    cluster : Cluster
        Its pools name the node subnets that it has; those stay where they are large
        enough beside what else is in them.
    sizing : Sizing
        What it takes under the other model.

    Returns
    -------
    Room
        Pod subnets and node subnets that are too small must find a free block of the
        VNet, all of them at once. A pod CIDR is outside, and takes no room there.
    """
    if not sizing.loads:
        return Room(None, "its node count is not known")
    found = _judged(study, cluster, sizing, _by_page)
    if found.fits is False:
        least = _judged(study, cluster, sizing, partial(_certain, sizing.model))
        if least.fits is not False:
            return Room(None, f"{found.words}: {BETWEEN}")
    return found


BETWEEN = "there is for what is certain to be taken, and not for the documented need"
"""Where two counts tell otherwise."""

_Count = Callable[["Range"], tuple[int, int]]
"""Addresses of a range, and the prefix length that it needs."""


def _by_page(wanted: Range) -> tuple[int, int]:
    """What a range takes as documented."""
    return int(wanted.addresses), int(wanted.length)


def _certain(model: NetworkModel, wanted: Range) -> tuple[int, int]:
    """What a range takes for certain, as ``ipplan check`` counts it."""
    spared = 0
    for load in wanted.loads:
        one = Tenant("", wanted.kind, load, wanted.kept, model)
        spared += int(load.peak) * (one.cost - least_cost(one))
    least = int(wanted.addresses) - spared
    length = prefix_for(least, wanted.kept) if spared else wanted.length
    return least, int(length)


def _judged(study: Study, cluster: Cluster, sizing: Sizing, count: _Count) -> Room:
    """Whether there is room by one count."""
    wants: list[_Want] = []
    for each in sizing.node_subnets:
        found = _node_subnet(study, cluster, sizing.model, each, count)
        if isinstance(found, str):
            return Room(None, found)
        wants += found
    wants += _pod_subnets(sizing, count)
    if not wants:
        return Room(fits=True)
    homes = study.survey.homes(cluster)
    vnet = study.survey.vnets.get(homes[0]) if homes else None
    if vnet is None or not vnet.seen or not any(map(_is_ipv4, vnet.prefixes)):
        return Room(None, "the address space of its VNet was not read")
    return _placed(study, cluster, vnet, wants)


def _is_ipv4(cidr: Cidr) -> bool:
    return cidr.version == IPV4


def _node_subnet(
    study: Study, cluster: Cluster, model: NetworkModel, wanted: Range, count: _Count
) -> list[_Want] | str:
    """Nothing where the subnet that is there holds it, a new one, or what is unread."""
    identity = wanted.loads[0].pool.subnet
    subnet = study.inventory.subnet_by_id.get(identity or "")
    if subnet is None or not (subnet.prefixes or _is_movable(study, subnet)):
        return "its node subnet was not read"
    addresses, length = count(wanted)
    if _is_movable(study, subnet):
        return [_Want(length, "node subnet")]
    users = study.survey.users(subnet.id)
    use = study.survey.usage[subnet.id]
    held = held_after(use, users, cluster, _under(cluster, model))
    open_ = held.others is None and subnet.usage
    if held.need is None or held.usable is None or open_:
        return f"what {study.survey.called(subnet)} must hold is not known"
    room = held.usable - (held.others or 0)
    need = held.need - int(wanted.addresses) + addresses
    if need <= room:
        return []
    ranges = ", ".join(map(str, subnet.prefixes))
    why = (
        f"nodes take {need:,} addresses, and {study.survey.called(subnet)} "
        f"({ranges}) has room for {room:,}"
    )
    return [_Want(length, "node subnet", why)]


def _is_movable(study: Study, subnet: Subnet) -> bool:
    """Whether a subnet is but a plan: another model would have it elsewhere."""
    placed = study.wants.get(subnet.id)
    return placed is not None and placed.whence in {"new", "pinned"}


def _under(cluster: Cluster, model: NetworkModel) -> Cluster:
    pools = tuple(replace(each, model=None, pod_subnet=None) for each in cluster.pools)
    return replace(cluster, model=model.name, pools=pools)


def _pod_subnets(sizing: Sizing, count: _Count) -> Iterator[_Want]:
    """Pods of another model can't share the pod subnets that there are."""
    if sizing.model.home is Home.POD_SUBNET:
        for each in sizing.pod_ranges:
            yield _Want(count(each)[1], "pod subnet")


def _placed(study: Study, cluster: Cluster, vnet: VNet, wants: list[_Want]) -> Room:
    """Whether new subnets find room beside the subnets that stay."""
    space = Space(vnet.prefixes, _taken(study, cluster, vnet))
    lengths = [each.length for each in wants]
    if 0 in lengths:
        return Room(None)  # no subnet is so large: a limit, and not for lack of room
    fits = space.fits(lengths)
    name = study.survey.called(vnet)
    free = f"whose largest free block is {space.largest}"
    if space.largest is None:
        free = "which has no free block"
    needs = f"needs {_told(wants)} in {name}, {free}"
    why = "; ".join(each.why for each in wants if each.why)
    return Room(fits, f"{needs}, as {why}" if why else needs)


def _taken(study: Study, cluster: Cluster, vnet: VNet) -> Iterable[Cidr]:
    """What stays as it is: every subnet but those that the layout moves with it."""
    own = set(cluster.subnets)
    return [
        cidr
        for subnet in vnet.subnets
        if not (subnet.id in own and _is_movable(study, subnet))
        for cidr in subnet.prefixes
    ]


def _told(wants: list[_Want]) -> str:
    """What is needed, in words.

    Examples
    --------
    >>> _told([_Want(22, "node subnet"), _Want(24, "pod subnet")])
    'a /22 node subnet and a /24 pod subnet'
    """
    return " and ".join(f"a /{each.length} {each.kind}" for each in wants)
