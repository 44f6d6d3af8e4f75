"""Address space of networks, and the ranges of their subnets: one family at a time.

What is fixed stands first, then what a lock says, then what is new: the largest
networks before smaller ones, and in each the largest subnets before smaller ones.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.cidrs.carving import common, span
from ipplan.layouts.placing.draws import Draws
from ipplan.layouts.placing.grounds import Settled
from ipplan.layouts.placing.remedies import Change, Missing, declared, roomier, words
from ipplan.layouts.placing.rooms import Room, furnished, length_of, listed, settled
from ipplan.layouts.results import Unfit
from ipplan.limits import (
    IPV6_SUBNET,
    RESERVED_ADDRESSES,
    SMALLEST_SUBNET,
    VNET_ADDRESSES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ipplan.cidrs import Cidr
    from ipplan.layouts.placing.grounds import Ground
    from ipplan.layouts.placing.supplies import Source
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.layouts.wants import SubnetWant


class Spaces(NamedTuple):
    """Networks and subnets of one family, as they were laid out.

    Parameters
    ----------
    networks, subnets : dict of str to Settled
        Their ranges, by id.
    missing : tuple of Missing
        What found no room.
    assumed : tuple of str
        Defaults that were drawn from, in words.
    """

    networks: dict[str, Settled]
    subnets: dict[str, Settled]
    missing: tuple[Missing, ...]
    assumed: tuple[str, ...]


def spaces_of(ground: Ground, wants: Mapping[str, Sequence[SubnetWant]]) -> Spaces:
    """Lay out the networks and subnets of a plan in one family.

    Parameters
    ----------
    ground : Ground
        What there is.
    wants : mapping of str to sequence of SubnetWant
        By the ids of networks; those of one network by id.
    """
    return _Builder(ground, wants).built()


class _Builder:
    """One family while it is laid out."""

    def __init__(
        self, ground: Ground, wants: Mapping[str, Sequence[SubnetWant]]
    ) -> None:
        self.ground = ground
        self.wants = wants
        self.draws = Draws(ground)
        self.rooms: dict[str, Room] = {}
        self.missing: list[Missing] = []
        self.undrawn: list[Room] = []

    def built(self) -> Spaces:
        networks = [
            each
            for each in sorted(self.ground.plan.networks, key=lambda each: each.id)
            if self.ground.needs(each, self._wants(each))
        ]
        fixed = [(each, self._fixed(each)) for each in networks]
        for _, space in fixed:
            self.draws.take(space.prefixes)
        for network, space in fixed:
            self._keep(network, space)
        for room in sorted(self.rooms.values(), key=self._order):
            self._extend(room)
        self._tell_undrawn()
        subnets = chain.from_iterable(e.subnets.items() for e in self.rooms.values())
        missing = chain.from_iterable(e.missing for e in self.rooms.values())
        return Spaces(
            {each.id: self._space(each) for each in networks},
            dict(subnets),
            (*self.missing, *missing),
            tuple(self.draws.used),
        )

    def _wants(self, network: NetworkPlan) -> Sequence[SubnetWant]:
        return self.wants.get(network.id, ())

    def _space(self, network: NetworkPlan) -> Settled:
        """The space that a network has in the end."""
        room = self.rooms.get(network.id)
        return room.space if room else Settled((), "new")

    # What there is before anything is drawn.

    def _fixed(self, network: NetworkPlan) -> Settled:
        """The space that the plan fixes, or that exists; else none yet."""
        if given := self.ground.of(network.prefixes):
            return Settled(given, "pinned")
        if existing := self.ground.existing(network.id):
            return Settled(existing, "existing")
        return Settled((), "new")

    def _keep(self, network: NetworkPlan, space: Settled) -> None:
        """Give a network what the lock says, and put in it what it holds."""
        if space.whence != "pinned":
            had = self._had(network, space)
            clash = [each for each in had if not self.draws.is_free(each)]
            if clash and not space.prefixes:
                text = f"it has {listed(had)} by the lock, which is taken"
                unfit = self._unfit(network, clash[0].length, listed(had), text)
                self.missing.append(Missing(unfit, locked=True))
                return
            more = tuple(each for each in had if each not in clash)
            self.draws.take(more)
            whence = "locked" if more and not space.prefixes else space.whence
            space = Settled((*space.prefixes, *more), whence)
        self._furnish(network, space)

    def _had(self, network: NetworkPlan, space: Settled) -> list[Cidr]:
        """The space that a network had by the lock, besides what exists.

        What nothing is in any more is not kept, so that nothing is left of what was
        added and removed again; but the first is, as no network goes without space.
        """
        wants = self._wants(network)
        there = settled(self.ground, wants)
        used = [
            cidr
            for want in wants
            for cidr in (
                there[want.id].prefixes
                if want.id in there
                else self.ground.locked(want.id)
            )
        ]
        first = () if space.prefixes else self.ground.locked(network.id)[:1]
        return [
            each
            for each in self.ground.locked(network.id)
            if not any(each.overlaps(own) for own in space.prefixes)
            and (each in first or any(each.covers(cidr) for cidr in used))
        ]

    def _furnish(self, network: NetworkPlan, space: Settled) -> Room:
        room = furnished(self.ground, network, self._wants(network), space)
        self.rooms[network.id] = room
        return room

    # What is drawn.

    def _order(self, room: Room) -> tuple[bool, bool, int, bool, str]:
        """What lies around fixed ranges first, then more for what is, then the largest.

        Of one size, those come first that only one pool can give what they need.
        """
        new, any_pool = not room.space.prefixes, room.plan.pool is None
        return not room.outside, new, self._span(room), any_pool, room.plan.id

    def _span(self, room: Room) -> int:
        """The prefix length of space for what is left. [bits]."""
        version = self.ground.version
        return span(self._lengths(room) or (0,), version)

    def _lengths(self, room: Room) -> list[int]:
        """Prefix lengths of what is left; no network goes without any space."""
        version = self.ground.version
        found = [length_of(each, version) or 0 for each in room.left]
        least = SMALLEST_SUBNET if version == IPV4 else IPV6_SUBNET
        bare = not (found or room.space.prefixes or room.outside)
        return [least.value] if bare else found

    def _extend(self, room: Room) -> None:
        """Give a network the space that it lacks."""
        lengths = self._lengths(room)
        if room.space.whence == "pinned":
            self._propose(room, lengths)
        elif lengths or room.outside:
            found = self._drawn(room, lengths)
            if found:
                prefixes = (*room.space.prefixes, found)
                space = room.space._replace(prefixes=prefixes)
                self._extend(self._furnish(room.plan, space))

    def _drawn(self, room: Room, lengths: list[int]) -> Cidr | None:
        """Space for what is left of a network; where there is none, that is told."""
        own = room.space.prefixes
        if room.outside:
            found = self.draws.around(room.outside, lengths)
            if found is None:
                text = f"state the ranges of {room.plan.name}: nothing free is around"
                around = listed(room.outside)
                length = common(room.outside).length
                unfit = self._unfit(room.plan, length, around, f"{text} {around}")
                self.missing.append(Missing(unfit))
            return found
        found = self._largest(room, lengths, own)
        if found is None:
            self.undrawn.append(room)
        return found

    def _largest(
        self, room: Room, lengths: list[int], near: Sequence[Cidr]
    ) -> Cidr | None:
        """Space for all that is left, or for the largest part that one range holds.

        A network has several ranges only where no single one is free, and only if all
        of it finds room in that way.
        """
        pool = room.plan.pool
        whole = self._span(room)
        parts = range(whole, min(lengths) + 1)
        if not self.draws.pool(pool).free.fits(lengths):
            parts = range(whole, whole + 1)
        tried = (self.draws.draw(pool, each, near) for each in parts)
        return next(filter(None, tried), None)

    # What is missing.

    def _unfit(
        self, network: NetworkPlan, length: int, where: str, remedy: str
    ) -> Unfit:
        """A network that finds no space."""
        largest = self.draws.pool(network.pool).free.largest
        version = self.ground.version
        return Unfit(
            network.id, network.name, "vnet", length, version, where, largest, remedy
        )

    def _propose(self, room: Room, lengths: list[int]) -> None:
        """Say which ranges more the plan would have to give a network."""
        version = self.ground.version
        for want in self._wants(room.plan):
            has = room.subnets.get(want.id)
            for cidr in has.prefixes if has else ():
                if cidr in room.outside:
                    self._name(room, want, cidr if self.draws.is_free(cidr) else None)
        if lengths:
            near = room.space.prefixes
            found = self.draws.proposed(room.plan.pool, span(lengths, version), near)
            for want in room.left:
                self._name(room, want, found)

    def _name(self, room: Room, want: SubnetWant, cidr: Cidr | None) -> None:
        """Tell of a subnet that has no room, and of the range that would give it."""
        room.subnets.pop(want.id, None)
        change, text = None, _less(room)
        if want.need > VNET_ADDRESSES.value:
            text = f"plan fewer nodes: a VNet holds {VNET_ADDRESSES.value:,} addresses"
        elif cidr:
            change = Change(cidr, room.plan.id)
            text = words(change, room.plan.name)
        self.missing.append(Missing(room.unfit(want, text), change))

    def _tell_undrawn(self) -> None:
        """Tell of what no pool has room for, and of the pool that could have it."""
        by_pool: dict[str | None, list[Room]] = {}
        more: list[Cidr] = []
        for room in self.undrawn:
            by_pool.setdefault(room.plan.pool, []).append(room)
        for pool, rooms in by_pool.items():
            source = self.draws.pool(pool).source
            lengths = [self._span(each) for each in rooms]
            taken = (*self.draws.taken, *more)
            change = roomier(self.ground.plan, source, lengths, taken)
            more += [change.cidr] if change and change.before is None else []
            text = words(change) if change else declared(source, lengths)
            for room, length in zip(rooms, lengths, strict=True):
                self.missing += self._undrawn(room, length, source, text, change)

    def _undrawn(
        self, room: Room, length: int, source: Source, text: str, change: Change | None
    ) -> Iterator[Missing]:
        """A network that no pool has space for, or its subnets that need more."""
        if not room.space.prefixes:
            yield Missing(self._unfit(room.plan, length, source.words, text), change)
            return
        for want in room.left:
            where = f"{room.where}, and {source.words}"
            yield Missing(room.unfit(want, text)._replace(where=where), change)


def _less(room: Room) -> str:
    """What could be asked for instead of more than there is."""
    largest = room.free.largest
    if largest is None or largest.version != IPV4:
        return ""
    hosts = max(largest.size - RESERVED_ADDRESSES.value, 0)
    return f"ask for a /{largest.length} at the most, which holds {hosts:,} addresses"
