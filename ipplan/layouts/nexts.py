"""The next ranges for networks: out of declared pools, and clear of all that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr, Cidrs, free_blocks
from ipplan.cidrs.nexts import distance, first_blocks
from ipplan.cidrs.spellings import BITS, IPV6
from ipplan.errors import ArgumentError
from ipplan.inventory.origins import resource_group_of
from ipplan.layouts.takings import NETWORKS, Aggregate, takings
from ipplan.limits import IPV6_SUBNET, LARGEST_SUBNET, SMALLEST_SUBNET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.externals import AddressPool
    from ipplan.inventory.networks import VNet

MOST = 10_000
"""Ranges that are looked for at once. [ranges]"""

SHOWN = 5
"""Names that a message lists. [-]"""

DECLARE = (
    "declare one in ipplan's own YAML, and name that file as well: "
    "address_pools: [{name: azure, ranges: [10.64.0.0/12]}]"
)

_SIZE = re.compile(r"/?([0-9]{1,3})", re.ASCII)


class Found(NamedTuple):
    """A range that is free.

    Parameters
    ----------
    cidr : Cidr
        It lies in one pool.
    pool : str
        The name of that.
    """

    cidr: Cidr
    pool: str


class PoolLeft(NamedTuple):
    """What a pool has left when the ranges that were found are taken.

    Parameters
    ----------
    name : str
        Of the pool.
    prefixes : tuple of Cidr
        Its ranges of the family that is asked for.
    free : int
        What of them nothing has. [addresses]
    largest : Cidr or None
        The largest block of that, the lowest of several; None where nothing is left.
    """

    name: str
    prefixes: tuple[Cidr, ...]
    free: int
    largest: Cidr | None


@dataclass(frozen=True)
class Nexts:
    """Ranges that are free, and how they were found.

    Parameters
    ----------
    length : int
        Their prefix length. [bits]
    count : int
        How many were asked for; there may be fewer. [ranges]
    near : VNet or None
        The network that they shall be near to.
    found : tuple of Found
        The lowest first, or the nearest.
    rooms : tuple of PoolLeft
        What the pools have left that were drawn from.
    avoided : mapping of str to int
        How many different ranges there are of each kind that was kept clear of, as
        :class:`ipplan.layouts.takings.Takings` has them. [ranges]
    aggregates : tuple of Aggregate
        Ranges on premises that were not kept clear of.
    """

    length: int
    count: int
    near: VNet | None
    found: tuple[Found, ...]
    rooms: tuple[PoolLeft, ...]
    avoided: Mapping[str, int]
    aggregates: tuple[Aggregate, ...]


def next_ranges(
    inventory: Inventory,
    size: int | str,
    count: int = 1,
    *,
    near: str | None = None,
    pool: str | None = None,
) -> tuple[Cidr, ...]:
    """The next ranges for networks, out of the pools that are declared for them.

    Parameters
    ----------
    inventory : Inventory
        All that there is, its address pools among it.
    size : int or str
        Prefix length, such as 22 or ``"/22"``: IPv4 up to 32, and IPv6 beyond. [bits]
    count : int
        How many. [ranges]
    near : str or None
        Name or id of a network that they shall be near to, so that a small range holds
        both; None for the lowest.
    pool : str or None
        The name of the only pool to draw from; None for all.

    Returns
    -------
    tuple of Cidr
        Fewer than asked for where no more are free.

    Raises
    ------
    ArgumentError
        For a size that no network can have, for names that nothing or several have,
        and where no pool is declared.

    Notes
    -----
    They are clear of VNets, of what is known of those that were not read, of networks
    on premises, of pod and service CIDRs, of what other pools are for, and of what
    Azure reserves. A new network may be peered with any other, so every cluster counts;
    with ``near`` those do that the network named there reaches. A range on premises
    that is larger than a pool's is an aggregate, in which more specific routes win.

    Examples
    --------
    >>> from ipplan import AddressPool, Inventory, VNet
    >>> pool = AddressPool("azure", (Cidr.parse("10.64.0.0/12"),))
    >>> hub = VNet("/x/virtualnetworks/hub", "hub", (Cidr.parse("10.64.0.0/22"),))
    >>> estate = Inventory((hub,), address_pools=(pool,))
    >>> [str(each) for each in next_ranges(estate, "/22", 2)]
    ['10.64.4.0/22', '10.64.8.0/22']
    """
    found = find_next(inventory, size, count, near=near, pool=pool).found
    return tuple(each.cidr for each in found)


def find_next(
    inventory: Inventory,
    size: int | str,
    count: int = 1,
    *,
    near: str | None = None,
    pool: str | None = None,
) -> Nexts:
    """The same, with what the pools have left and what was kept clear of.

    Raises
    ------
    ArgumentError
        As :func:`next_ranges` has it.
    """
    length, version = _length(size)
    if type(count) is not int or not 1 <= count <= MOST:
        raise ArgumentError("count", repr(count), f"a whole number of 1 to {MOST:,}")
    pools = _pools(inventory, pool, version)
    network = None if near is None else network_named(inventory, near)
    drawn = [cidr for each in pools for cidr in each.prefixes]
    used = takings(inventory, drawn, network.id if network else None)
    taken = Cidrs.of({cidr for kind in used.kinds.values() for cidr in kind})
    free = [free_blocks(Cidrs.of(each.prefixes), taken) for each in pools]
    beside = network.prefixes if network else ()
    found = tuple(_first(pools, free, length, count, beside))
    drawn_now = Cidrs.of(each.cidr for each in found)
    return Nexts(
        length=length,
        count=count,
        near=network,
        found=found,
        rooms=tuple(
            _room(pool, free_blocks(blocks, drawn_now))
            for pool, blocks in zip(pools, free, strict=True)
        ),
        avoided={
            kind: sum(cidr.version == version for cidr in cidrs)
            for kind, cidrs in used.kinds.items()
        },
        aggregates=used.aggregates,
    )


def _length(size: int | str) -> tuple[int, int]:
    """A prefix length that a network can have, and the IP version that it is of.

    Raises
    ------
    ArgumentError
        For any other.
    """
    match = _SIZE.fullmatch(str(size))
    length = int(match[1]) if match else -1
    if LARGEST_SUBNET.value <= length <= SMALLEST_SUBNET.value:
        return length, IPV4
    if BITS[IPV4] < length <= IPV6_SUBNET.value:
        return length, IPV6
    allowed = (
        f"/{LARGEST_SUBNET.value} to /{SMALLEST_SUBNET.value} of IPv4, or "
        f"/{BITS[IPV4] + 1} to /{IPV6_SUBNET.value} of IPv6"
    )
    raise ArgumentError("size", repr(size), allowed)


def _pools(
    inventory: Inventory, name: str | None, version: int
) -> tuple[AddressPool, ...]:
    """Pools that networks are drawn from, with their ranges of one family.

    Raises
    ------
    ArgumentError
        Where there is none, none of that name, or none of that family.
    """
    every = [each for each in inventory.address_pools if each.use == NETWORKS]
    if not every:
        raise ArgumentError("address pool for VNets", "missing", DECLARE)
    if name is not None:
        known = ", ".join(each.name for each in every[:SHOWN])
        every = [each for each in every if each.name.lower() == name.lower()]
        if not every:
            raise ArgumentError("pool", repr(name), f"one for VNets: {known}")
    found = [
        (each, [c for c in each.prefixes if c.version == version]) for each in every
    ]
    if not any(prefixes for _, prefixes in found):
        known = ", ".join(each.name for each in every[:SHOWN])
        allowed = f"those for VNets have no range of it: {known}"
        raise ArgumentError(f"address pool for IPv{version}", "missing", allowed)
    return tuple(replace(e, prefixes=tuple(own)) for e, own in found if own)


def network_named(inventory: Inventory, text: str) -> VNet:
    """The VNet that has a name, a resource group and a name, or an id.

    Raises
    ------
    ArgumentError
        Where none has, where several have, and where its address space is not known.

    Examples
    --------
    >>> from ipplan import Inventory, VNet
    >>> hub = VNet("/x/virtualnetworks/hub", "Hub", (Cidr.parse("10.0.0.0/24"),))
    >>> network_named(Inventory((hub,)), "HUB").name
    'Hub'
    """
    asked = text.lower()
    found = [
        vnet
        for vnet in inventory.vnets
        if asked in {vnet.id, vnet.name.lower(), _full_name(vnet).lower()}
    ]
    if not found:
        names = dict.fromkeys(vnet.name for vnet in inventory.vnets)
        known = f", such as {', '.join([*names][:SHOWN])}" if names else ""
        raise ArgumentError("near", repr(text), f"a VNet that was read{known}")
    if len(found) > 1:
        which = ", ".join(_full_name(vnet) for vnet in found[:SHOWN])
        allowed = f"fits several; write which, or the id: {which}"
        raise ArgumentError("near", repr(text), allowed)
    if not found[0].prefixes:
        raise ArgumentError("near", repr(text), "its address space is not known")
    return found[0]


def _full_name(vnet: VNet) -> str:
    return f"{resource_group_of(vnet.id)}/{vnet.name}"


def _first(
    pools: Sequence[AddressPool],
    free: Sequence[Cidrs],
    length: int,
    count: int,
    beside: Sequence[Cidr],
) -> Iterable[Found]:
    """The first ranges of all pools: those of the network's own before others."""
    found: dict[Cidr, tuple[bool, int, Cidr, str]] = {}
    for pool, blocks in zip(pools, free, strict=True):
        own = any(one.overlaps(each) for one in beside for each in pool.prefixes)
        for cidr in first_blocks(blocks, length, count, near=beside):
            key = not own, distance(cidr, beside), cidr, pool.name
            found[cidr] = min(key, found.get(cidr, key))
    for *_, cidr, name in sorted(found.values())[:count]:
        yield Found(cidr, name)


def _room(pool: AddressPool, free: Cidrs) -> PoolLeft:
    """What is left of a pool."""
    import numpy as np

    if not len(free):
        return PoolLeft(pool.name, pool.prefixes, 0, None)
    bits = BITS[int(free.version[0])]
    counts = np.bincount(free.length).tolist()
    left = sum(each << bits - length for length, each in enumerate(counts))
    largest = free[int(free.length.argmin())]
    return PoolLeft(pool.name, pool.prefixes, left, largest)
