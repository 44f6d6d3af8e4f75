"""What is wrong with a plan of networks that its keys and values alone do not show."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.inventory.naming import is_reference
from ipplan.inventory.origins import name_of
from ipplan.layouts.demands.services import SERVICES
from ipplan.readers.payloads import MOST_PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ipplan.cidrs import Cidr
    from ipplan.inventory.externals import AddressPool
    from ipplan.inventory.networks import VNet
    from ipplan.inventory.origins import Origin
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.readers.plan.networks import NetworkEntry


class Mistake(NamedTuple):
    """Something that is wrong: where it stands, and what it is."""

    origin: Origin
    message: str


class Asked(NamedTuple):
    """A network that is asked for, and where its hub was written."""

    network: NetworkPlan
    hub: Origin


def told(mistakes: Iterable[Mistake]) -> list[str]:
    """Mistakes by their lines, as an InventoryError has its problems."""
    found = sorted(mistakes, key=lambda each: each.origin.line or 0)
    lines = [
        f" line {origin.line}: {origin.path.lstrip('.')}: {message}"
        for origin, message in found[:MOST_PROBLEMS]
    ]
    more = len(found) - len(lines)
    return [*lines, f": and {more} more"] if more else lines


def in_network(
    entry: NetworkEntry,
    network: NetworkPlan,
    pools: Iterable[AddressPool],
    where: Callable[..., Origin],
) -> Iterator[Mistake]:
    """What is wrong within one network.

    Parameters
    ----------
    entry, network : NetworkEntry, NetworkPlan
        As it was written, and what that asks for.
    pools : iterable of AddressPool
        Those that were declared.
    where : function
        Tells where a key of the network stands.
    """
    ranges = sorted((each, "ranges") for each in entry.ranges)
    yield from _overlaps(ranges, lambda _: where("ranges"))
    yield from _pins(entry, network, where)
    yield from _unsized(network, where)
    known = [each.name for each in pools if each.use == "vnets"]
    other = entry.failover.pool if entry.failover else None
    for name, steps in ((entry.pool, ["pool"]), (other, ["failover", "pool"])):
        if name and name.lower() not in map(str.lower, known):
            message = f"no address pool for VNets is called {name}"
            yield Mistake(where(*steps), f"{message}: {_there_are(known)}")


def _unsized(network: NetworkPlan, where: Callable[..., Origin]) -> Iterator[Mistake]:
    """Subnets that nothing gives a size, nor anything that stands in them."""
    counts = Counter(map(str.lower, subnet_names(network)))
    for index, subnet in enumerate(network.subnets):
        name = subnet.name.lower()
        pinned = any(each.version == IPV4 for each in network.pinned.get(name, ()))
        sized = subnet.length is not None or subnet.hosts is not None
        if not sized and not pinned and counts[name] == 1:
            message = "needs prefix or hosts, or an IPv4 range in pinned"
            yield Mistake(where("subnets", index), message)


def _there_are(names: Iterable[str]) -> str:
    """What may be written instead."""
    found = ", ".join(names)
    return f"there are {found}" if found else "there is none"


def _pins(
    entry: NetworkEntry, network: NetworkPlan, where: Callable[..., Origin]
) -> Iterator[Mistake]:
    """Ranges that are fixed for no subnet, or in the wrong place."""
    names = dict.fromkeys(subnet_names(network))
    seen: set[str] = set()
    for name, ranges in entry.pinned.items():
        place = where("pinned", name)
        if name.lower() not in map(str.lower, names):
            message = f"no subnet of {network.name} is called so: {_there_are(names)}"
            yield Mistake(place, message)
        if name.lower() in seen:
            yield Mistake(place, "a second time, in other capitals")
        seen.add(name.lower())
        for each in ranges:
            homes = [one for one in network.prefixes if one.version == each.version]
            if homes and not any(home.covers(each) for home in homes):
                spaces = ", ".join(map(str, homes))
                message = f"{each} lies outside {spaces}, the ranges of {network.name}"
                yield Mistake(place, message)
    every = sorted((one, name) for name, to in entry.pinned.items() for one in to)
    yield from _overlaps(every, lambda name: where("pinned", name))


def _overlaps(
    ranges: Sequence[tuple[Cidr, str]], where: Callable[[str], Origin]
) -> Iterator[Mistake]:
    """Ranges that others, before them in order, have addresses of."""
    for (outer, one), (inner, other) in pairwise(ranges):
        if outer.covers(inner):
            yield Mistake(where(other), f"{inner} lies in {outer} of {one}")


def subnet_names(network: NetworkPlan) -> Iterator[str]:
    """The names of all subnets that are asked for in a network."""
    yield from (each.name for each in network.subnets)
    inner = (each for plan in network.clusters for each in plan.services)
    for each in (*network.services, *inner):
        yield each.name or SERVICES[each.kind].subnet
    if network.endpoints:
        yield network.endpoint_subnet
    for plan in network.clusters:
        yield from (network.spelled(each) for each in plan.cluster.subnets)


def among(asked: Sequence[Asked], vnets: Mapping[str, VNet]) -> Iterator[Mistake]:
    """What is wrong among networks: two of one name, hubs that are none.

    Parameters
    ----------
    asked : sequence of Asked
        Every network.
    vnets : mapping of str to VNet
        All that there are, by id.
    """
    yield from _twice(asked)
    hubs = {each.network.id: each.network.hub for each in asked}
    for network, place in asked:
        if network.hub is None:
            continue
        if network.hub not in vnets:
            name = name_of(network.hub) if is_reference(network.hub) else network.hub
            message = f"{name} is no network of this plan, and none that exists"
            yield Mistake(place, message)
        elif network.id in _above(network.id, hubs):
            yield Mistake(place, f"{network.name} is a spoke of itself in the end")


def _above(identity: str, hubs: Mapping[str, str | None]) -> list[str]:
    """The hub of a network, that of its hub and so on, each once."""
    found: list[str] = []
    hub = hubs.get(identity)
    while hub is not None and hub not in found:
        found.append(hub)
        hub = hubs.get(hub)
    return found


def _twice(asked: Iterable[Asked]) -> Iterator[Mistake]:
    """Networks that are one, and clusters of one id or of one name in a network."""
    seen: set[object] = set()

    def is_new(*keys: object) -> bool:
        new = seen.isdisjoint(keys)
        seen.update(keys)
        return new

    for network, _ in asked:
        if not is_new(network.id):
            yield Mistake(network.origin, f"a second network is {network.name}")
        for plan in network.clusters:
            cluster = plan.cluster
            if not is_new(cluster.id, (network.id, cluster.name.lower())):
                yield Mistake(cluster.origin, f"a second cluster is {cluster.name}")
