"""Which networks reach which: through peerings, hubs, groups and on-premises.

A link joins a set of networks, so a hub with 100,000 spokes is one link and not five
thousand million pairs.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.externals import ExternalRange, Group
    from ipplan.inventory.networks import Peering, VNet

Way = Literal["peering", "hub", "group", "on-premises"]

Sides = dict[tuple[str, str], "Peering"]
"""Peerings by the VNet that has them and the one that they name."""


class Link(NamedTuple):
    """Networks that all reach one another in one way.

    Parameters
    ----------
    way : {"peering", "hub", "group", "on-premises"}
        What joins them.
    through : str or None
        Id of the hub, or name of the group or the external range.
    networks : tuple of str
        Ids of VNets, sorted.
    ipv6_only : bool
        Whether only IPv6 takes this way.
    """

    way: Way
    through: str | None
    networks: tuple[str, ...]
    ipv6_only: bool = False


class Reach:
    """Links between networks, and the answers that follow from them.

    Parameters
    ----------
    links : tuple of Link
        The direct ones first.

    Examples
    --------
    >>> reach = Reach((Link("peering", None, ("a", "hub")),))
    >>> reach.between("a", "hub").way, reach.between("a", "b")
    ('peering', None)
    """

    def __init__(self, links: tuple[Link, ...]) -> None:
        self.links = links

    @cached_property
    def _of(self) -> dict[str, dict[int, None]]:
        """Numbers of the links that a network takes part in, the direct ones first."""
        found: dict[str, dict[int, None]] = defaultdict(dict)
        for number, link in enumerate(self.links):
            for network in link.networks:
                found[network][number] = None
        return found

    def between(self, first: str, second: str) -> Link | None:
        """The most direct way from one network to another; None where there is none."""
        ours, theirs = self._of.get(first, {}), self._of.get(second, {})
        few, many = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
        number = min((each for each in few if each in many), default=None)
        return None if number is None or first == second else self.links[number]

    def of(self, network: str) -> Iterator[Link]:
        """The links that a network takes part in, the direct ones first."""
        return (self.links[number] for number in self._of.get(network, ()))


def links(
    vnets: Iterable[VNet], groups: Iterable[Group], external: Iterable[ExternalRange]
) -> tuple[Link, ...]:
    """Every link that peerings, declared groups and on-premises networks make.

    Notes
    -----
    Two VNets are peered where no side that was read says otherwise: a side that is
    Initiated or Disconnected, or lets no traffic in, does. Through a hub go those of
    its peers that let forwarded traffic in or use its gateway.

    References
    ----------
    https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
    """
    sides = sides_of(vnets)
    pairs = {
        (min(key), max(key))
        for key in sides
        if key[0] != key[1] and _flows(sides, *key)
    }
    peers: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        peers[first].add(second)
        peers[second].add(first)
    found = [
        Link("peering", None, pair, _is_ipv6_only(sides, *pair))
        for pair in sorted(pairs)
    ]
    for hub in sorted(peers):
        spokes = [each for each in sorted(peers[hub]) if _transits(sides, each, hub)]
        if len(spokes) > 1:
            found.append(Link("hub", hub, tuple(spokes)))
    found += [
        Link("group", group.name, tuple(sorted(group.members)))
        for group in groups
        if group.kind != "pod-mesh"
    ]
    found += _on_premises(external, sides)
    return tuple(found)


def sides_of(vnets: Iterable[VNet]) -> Sides:
    """Every side of a peering that names the other VNet."""
    return {
        (vnet.id, peering.remote): peering
        for vnet in vnets
        for peering in vnet.peerings
        if peering.remote
    }


def _flows(sides: Sides, first: str, second: str) -> bool:
    """Whether no side that was read says that traffic does not flow."""
    both = [sides.get((first, second)), sides.get((second, first))]
    return all(side.effective for side in both if side)


def _is_ipv6_only(sides: Sides, first: str, second: str) -> bool:
    both = [sides.get((first, second)), sides.get((second, first))]
    return any(side.ipv6_only for side in both if side)


def _transits(sides: Sides, spoke: str, hub: str) -> bool:
    """Whether a spoke reaches beyond a hub; its own side decides where it was read."""
    own, other = sides.get((spoke, hub)), sides.get((hub, spoke))
    if _is_ipv6_only(sides, spoke, hub):
        return False
    forwards = own.forwarded_traffic if own else bool(other and other.forwarded_traffic)
    return forwards or _uses_gateway(sides, spoke, hub)


def _uses_gateway(sides: Sides, spoke: str, hub: str) -> bool:
    """Whether a spoke goes through the hub's gateway, as far as what was read says."""
    own, other = sides.get((spoke, hub)), sides.get((hub, spoke))
    uses = own is None or own.remote_gateways
    lends = other is None or other.gateway_transit
    return uses and lends


def attached(external: ExternalRange, sides: Sides) -> frozenset[str] | None:
    """VNets that reach a network elsewhere: its own, and spokes through their gateway.

    None stands for every VNet.
    """
    if external.attached is None:
        return None
    ends = frozenset(external.attached)
    spokes = {
        spoke
        for pair in sides
        for spoke, gateway in (pair, pair[::-1])
        if gateway in ends and _flows(sides, *pair)
        if _uses_gateway(sides, spoke, gateway)
    }
    return ends | spokes


def _on_premises(external: Iterable[ExternalRange], sides: Sides) -> Iterator[Link]:
    """VNets that meet in a network on premises."""
    for each in external:
        joined = attached(each, sides)
        if joined:
            yield Link("on-premises", each.name, tuple(sorted(joined)))
