"""What pod CIDRs and service CIDRs meet: their own VNet, and all that it reaches."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.names import MOST_NAMES, listed
from ipplan.checks.overlap.ranges import exchanges
from ipplan.checks.rules import Hit, Side
from ipplan.cidrs import IPV4
from ipplan.cidrs.indexes import CidrIndex
from ipplan.findings import Effect, Severity
from ipplan.limits import VNET_PEERINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ipplan.checks.overlap.ranges import Range
    from ipplan.checks.surveys import Space, Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.reach import Link

MOST = VNET_PEERINGS.value
"""Networks that one range meets, and that are told: as many as a hub has spokes."""

Near = dict[str, list["Space"]]
"""Ranges of VNets and subnets that overlap one range, by the VNet's id."""


class Meeting(NamedTuple):
    """A range of a network that a cluster reaches, and how it does."""

    space: Space
    link: Link


class Meetings:
    """What the ranges of clusters meet, each question answered once.

    Parameters
    ----------
    survey : Survey
        What is looked at.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._found: dict[Cidr, Near] = {}
        self._networks: dict[int, frozenset[str]] = {}

    @cached_property
    def _recorded(self) -> CidrIndex[str]:
        """What the sides of subnet peerings recorded of each other."""
        return CidrIndex(
            (cidr, side.remote or "")
            for key, one in self._survey.sides.items()
            if not one.complete
            for side in self._survey.peered(*key)
            for cidr in side.remote_prefixes
        )

    def near(self, cidr: Cidr) -> Near:
        """Everything that overlaps a range, wherever it is."""
        if cidr not in self._found:
            near: Near = {}
            for index in (self._survey.subnet_spaces, self._survey.spaces):
                for _, space in index.overlapping(cidr):
                    near.setdefault(space.vnet.id, []).append(space)
            for _, vnet in self._recorded.overlapping(cidr):
                near.setdefault(vnet, [])
            self._found[cidr] = near
        return self._found[cidr]

    def own(self, each: Range, homes: Iterable[str]) -> list[Space]:
        """What it meets of its own VNets: subnets, else their address space."""
        near = self.near(each.cidr)
        found = [_closest(near[home]) for home in homes if home in near]
        return [space for spaces in found for space in spaces]

    def reached(self, each: Range) -> list[Meeting]:
        """What it meets elsewhere: of each VNet its subnets, else its address space."""
        near, homes = self.near(each.cidr), self._survey.homes(each.cluster)
        if near.keys() <= set(homes):
            return []
        found: dict[str, list[Meeting]] = {}
        for home in homes:
            for link in self._survey.inventory.reach.of(home):
                for vnet in islice(self._members(link, near), MOST):
                    if vnet not in homes:
                        spaces = self._joined(each, home, link, vnet)
                        met = [Meeting(space, link) for space in spaces]
                        found.setdefault(vnet, []).extend(met)
        return [
            meeting
            for vnet in islice(sorted(found), MOST)
            for meeting in _once(found[vnet])
        ]

    def _members(self, link: Link, near: Near) -> Iterator[str]:
        """The networks of a link that have something near."""
        if len(link.networks) < len(near):
            return (each for each in link.networks if each in near)
        key = id(link)  # links live as long as their inventory
        if key not in self._networks:
            self._networks[key] = frozenset(link.networks)
        return (each for each in near if each in self._networks[key])

    def _joined(self, each: Range, home: str, link: Link, vnet: str) -> list[Space]:
        """Of what is near in a VNet, that which a link joins with the cluster."""
        near = self.near(each.cidr)[vnet]
        if link.way not in {"peering", "hub"}:
            return near
        through = link.through or ""
        middle, other = (home, vnet) if link.way == "peering" else (through, through)
        sides = self._survey.peered(vnet, middle)
        only_ipv6 = any(side.ipv6_only for side in sides)
        if only_ipv6 and each.cidr.version == IPV4:
            return []
        if not self._takes_part(each, home, other):
            return []
        if all(side.complete for side in sides):
            return near
        parts = self._survey.taking_part(vnet, middle)
        return [space for space in parts if space.cidr.overlaps(each.cidr)]

    def _takes_part(self, each: Range, home: str, other: str) -> bool:
        """Whether a subnet of the cluster is among those that a peering joins."""
        if all(side.complete for side in self._survey.peered(home, other)):
            return True
        known = self._survey.inventory.subnet_by_id
        own = [
            cidr
            for subnet in each.cluster.subnets
            if subnet in known
            for cidr in known[subnet].prefixes
        ]
        parts = self._survey.taking_part(home, other)
        return not own or any(p.cidr.overlaps(cidr) for p in parts for cidr in own)


def _closest(spaces: Collection[Space]) -> list[Space]:
    """The subnets of a VNet that are met, or else its address space."""
    subnets = [each for each in spaces if each.subnet]
    return subnets or [*spaces]


def _once(meetings: list[Meeting]) -> list[Meeting]:
    """The subnets of a VNet, or else its address space, however often it is reached."""
    found: dict[tuple[str, Cidr], Meeting] = {}
    for each in meetings:
        subnet = each.space.subnet
        found.setdefault((subnet.id if subnet else "", each.space.cidr), each)
    subnets = [each for each in found.values() if each.space.subnet]
    return subnets or [*found.values()]


def own_subnets(survey: Survey, ranges: Iterable[Range]) -> Iterator[Hit]:
    """Ranges that overlap subnets of their own VNets: Azure refuses that."""
    meetings = Meetings(survey)
    for each in ranges:
        homes = survey.homes(each.cluster)
        subnets = [s for s in meetings.own(each, homes) if s.subnet]
        if subnets:
            words = f"overlaps {_named(survey, subnets, 'subnets')} of its own VNet"
            yield _hit(survey, each, subnets, Severity.ERROR, Effect.REFUSED, words)


def own_spaces(survey: Survey, ranges: Iterable[Range]) -> Iterator[Hit]:
    """Ranges that overlap only the address space of their own VNets.

    Where AKS made the VNet, it chose the range too, and nobody makes subnets there.
    """
    meetings = Meetings(survey)
    for each in ranges:
        homes = survey.homes(each.cluster) if any(each.cluster.subnets) else ()
        spaces = [s for s in meetings.own(each, homes) if not s.subnet]
        if spaces:
            words = f"overlaps its own VNet, {_named(survey, spaces, 'ranges')}"
            yield _told_space(survey, each, spaces, words)


def reachable(
    survey: Survey, ranges: Iterable[Range], of_subnets: Severity
) -> Iterator[Hit]:
    """Ranges that overlap networks elsewhere that the cluster reaches."""
    meetings = Meetings(survey)
    for each in ranges:
        met = meetings.reached(each)
        subnets = [one for one in met if one.space.subnet]
        if subnets:
            words = _words(survey, subnets, "subnets")
            spaces = [one.space for one in subnets]
            effect = Effect.BREAKS_TRAFFIC
            yield _hit(survey, each, spaces, of_subnets, effect, words)
        for seen in (False, True):
            group = [
                one
                for one in met
                if not one.space.subnet and one.space.vnet.seen is seen
            ]
            if group:
                words = _words(survey, group, "VNets")
                spaces = [one.space for one in group]
                yield _told_space(survey, each, spaces, words)


def _words(survey: Survey, meetings: list[Meeting], kind: str) -> str:
    """What a range overlaps elsewhere, and how that is reached."""
    spaces = [one.space for one in meetings]
    ways = {_way(survey, one.link): None for one in meetings}
    way = next(iter(ways)) if len(ways) == 1 else "in several ways"
    return f"overlaps {_named(survey, spaces, kind)}, reached {way}"


def _way(survey: Survey, link: Link) -> str:
    if link.way == "peering":
        return "by a peering"
    through = link.through or ""
    return f"through {survey.name_of(through) if link.way == 'hub' else through}"


def _named(survey: Survey, spaces: list[Space], kind: str) -> str:
    """Ranges with the names of their owners, counted where there are several."""
    first, others = spaces[:MOST_NAMES], spaces[MOST_NAMES:]
    told = [f"{survey.called(s.subnet or s.vnet)} {s.cidr}" for s in first]
    names = listed([*told, *others])
    return names if len(spaces) == 1 else f"{len(spaces):,} {kind} ({names})"


def _told_space(survey: Survey, each: Range, spaces: list[Space], words: str) -> Hit:
    """That address space is met, and whether its subnets are known."""
    read = all(space.vnet.seen for space in spaces)
    effect = Effect.WORKS_BUT if read else Effect.BREAKS_TRAFFIC
    tail = "no subnet lies there yet" if read else "its subnets were not read"
    return _hit(survey, each, spaces, Severity.WARNING, effect, f"{words}; {tail}")


def _hit(  # noqa: PLR0913, PLR0917  # what a hit has, and what it is made from
    survey: Survey,
    each: Range,
    spaces: list[Space],
    severity: Severity,
    effect: Effect,
    words: str,
) -> Hit:
    sides = [Side(space.subnet or space.vnet, space.cidr) for space in spaces]
    return Hit(
        severity,
        effect,
        (each.side, *sides),
        f"{each.called(survey)} {words}",
        exchanges(survey, each),
    )
