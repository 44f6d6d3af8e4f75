"""Ways to have more room: a larger range, or a further one."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from ipplan.checks.capacity.reductions import pools_changed
from ipplan.checks.choices import (
    free_range,
    free_subnet,
    is_public,
    most_needed,
    pod_cidr_length,
)
from ipplan.checks.remedies import Change, Remedy
from ipplan.cidrs import IPV4
from ipplan.cidrs.indexes import shortened
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.networks import Subnet
from ipplan.limits import PRIVATE_ENDPOINT
from ipplan.models import MODELS, RECOMMENDED, Home
from ipplan.prefixes import prefix_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.networks import VNet
    from ipplan.sizing.tenants import Tenant


def is_plan(survey: Survey, capacity: Capacity) -> bool:
    """Whether a range can still be given another size: it is planned, or empty.

    A subnet in use can't be resized, of a proposal that shows use no less than of what
    Azure shows.
    """
    noun = capacity.noun
    if isinstance(noun, Cluster):
        return noun.origin.proposed
    users = survey.users(noun.id)
    empty = noun.used == 0 or (noun.origin.proposed and not noun.used)
    return empty and all(each.origin.proposed for each in users)


def larger_range(survey: Survey, capacity: Capacity) -> Iterator[Remedy]:
    """A larger subnet or pod CIDR for a plan, that also has room for a rotation."""
    noun, old = capacity.noun, capacity.cidr
    if old is None:
        return
    if isinstance(noun, Cluster):
        yield from _larger_pod_cidr(survey, capacity, noun, old)
    elif noun.vnet in survey.inventory.vnet_by_id:
        yield from _larger_subnet(survey, capacity, noun, old)


def _larger_subnet(
    survey: Survey, capacity: Capacity, subnet: Subnet, old: Cidr
) -> Iterator[Remedy]:
    held = survey.usage[subnet.id].others or 0
    kept = max((each.kept for each in capacity.tenants), default=0)
    length = int(prefix_for(most_needed(capacity) + held, kept))
    vnet = survey.inventory.vnet_by_id[subnet.vnet]
    if not 0 < length < old.length or len(subnet.prefixes) > 1:
        return
    free = free_subnet(survey, vnet, length, use=subnet.id)
    new = _in_place(vnet, subnet, old, length) or free
    if new:
        yield Remedy(
            f"give {survey.called(subnet)} {new} instead of {old}",
            (Change(subnet.id, "prefixes", (new,)),),
        )


def _in_place(vnet: VNet, subnet: Subnet, old: Cidr, length: int) -> Cidr | None:
    """The range of a length around a subnet's, if nothing else lies in it."""
    new = shortened(old, length)
    others = [e for each in vnet.subnets if each is not subnet for e in each.prefixes]
    inside = any(each.covers(new) for each in vnet.prefixes)
    return new if inside and not any(new.overlaps(e) for e in others) else None


def _larger_pod_cidr(
    survey: Survey, capacity: Capacity, cluster: Cluster, old: Cidr
) -> Iterator[Remedy]:
    """More of the same range, or of another where that has something in its way."""
    length = pod_cidr_length(capacity)
    if not 0 < length < old.length:
        return
    others = tuple(each for each in cluster.pod_cidrs if each.version != IPV4)
    for new in (
        shortened(old, length),
        free_range(survey, cluster, length, use="pod_cidrs"),
    ):
        if new and not is_public(new):
            yield Remedy(
                f"give {survey.called(cluster)} the pod CIDR {new} instead of {old}",
                (Change(cluster.id, "pod_cidrs", (new, *others)),),
            )


def other_pod_cidr(survey: Survey, capacity: Capacity) -> Iterator[Remedy]:
    """A pod CIDR that exists, expanded to one that covers it.

    AKS does that for IPv4 clusters of Linux nodes alone. Where each node takes a route
    the pod CIDR can't be changed, but with the move to another model.
    """
    cluster, old = capacity.noun, capacity.cidr
    if not isinstance(cluster, Cluster) or old is None:
        return
    length = pod_cidr_length(capacity)
    linux = all(each.os == "linux" for each in cluster.pools)
    if not (linux and len(cluster.pod_cidrs) == 1 and 0 < length < old.length):
        return
    name, new = survey.called(cluster), shortened(old, length)
    if is_public(new):
        return
    change = Change(cluster.id, "pod_cidrs", (new,))
    if any(each.model.route_limit for each in capacity.tenants):
        title = MODELS[RECOMMENDED].title
        text = f"move {name} to {title}, with the pod CIDR {new} instead of {old}"
        yield Remedy(text, (change, Change(cluster.id, "model", RECOMMENDED)))
    else:
        yield Remedy(f"expand the pod CIDR of {name} from {old} to {new}", (change,))


def further_subnet(survey: Survey, capacity: Capacity) -> Iterator[Remedy]:
    """A new pool on a new subnet of the same VNet, in the place of one that is there.

    A subnet in use can't be resized, and max pods are fixed in each pool.
    """
    subnet = capacity.noun
    if not isinstance(subnet, Subnet):
        return
    vnet = survey.inventory.vnet_by_id.get(subnet.vnet)
    moved = _to_move(capacity)
    if vnet is None or not moved:
        return
    kind = moved[0].kind
    need = sum(each.need for each in moved)
    need += max(int(each.load.nodes) * each.cost for each in moved)
    if kind is Home.NODE_SUBNET:
        need += PRIVATE_ENDPOINT.value  # where the first pool of a cluster is moved
    kept = max(each.kept for each in moved)
    length = int(prefix_for(need, kept))
    use = f"{subnet.id} pools"
    new = free_subnet(survey, vnet, length, use=use) if length else None
    if new:
        yield _moved(survey, vnet, subnet, moved, new)


def _to_move(capacity: Capacity) -> list[Tenant]:
    """The smallest pool without which the rest can be upgraded, else all of them."""
    if capacity.room is None or capacity.upgrade.need is None:
        return []
    lack = capacity.upgrade.need - capacity.room
    by_need = sorted(capacity.tenants, key=lambda each: each.need)
    for each in by_need:
        if each.need >= lack:
            return [each]
    first = capacity.tenants[0]
    alike = all(
        (each.cluster, each.kind) == (first.cluster, first.kind) for each in by_need
    )
    return list(capacity.tenants) if alike else []


def _moved(
    survey: Survey, vnet: VNet, subnet: Subnet, moved: list[Tenant], new: Cidr
) -> Remedy:
    taken = {each.name.lower() for each in vnet.subnets}
    names = (f"{subnet.name}-{number}" for number in count(2))
    name = next(each for each in names if each.lower() not in taken)
    identity = f"{vnet.id}/subnets/{name.lower()}"
    field = "subnet" if moved[0].kind is Home.NODE_SUBNET else "pod_subnet"
    cluster = survey.cluster_by_id[moved[0].cluster]
    pools = [each.load.pool.name for each in moved]
    kind = "" if field == "subnet" else "pod "
    several = "new pools" if len(pools) > 1 else "a new pool"
    return Remedy(
        f"make a {kind}subnet {new} in {survey.called(vnet)}, and {several} on it in "
        f"the place of {', '.join(pools)} of {survey.called(cluster)}: a subnet in use "
        "can't be resized",
        (
            Change(identity, "prefixes", (new,)),
            *(Change(identity, key, value) for key, value in _alike(subnet)),
            pools_changed(cluster, {each: {field: identity} for each in pools}),
        ),
    )


def _alike(subnet: Subnet) -> Iterator[tuple[str, Any]]:
    """What a new subnet has like the one that it stands beside."""
    fields = ("route_table", "network_security_group", "nat_gateway", "delegations")
    for field in fields:
        value = getattr(subnet, field)
        if value:
            yield field, value
