"""A network's subnets in the address space that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.cidrs.carving import Space
from ipplan.cidrs.spellings import BITS
from ipplan.layouts.placing.grounds import Settled
from ipplan.layouts.placing.remedies import Missing
from ipplan.layouts.results import Unfit
from ipplan.limits import IPV6_SUBNET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ipplan.cidrs import Cidr
    from ipplan.layouts.placing.grounds import Ground
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.layouts.wants import SubnetWant


class Room(NamedTuple):
    """A network with subnets in it.

    Parameters
    ----------
    plan : NetworkPlan
        What was asked for.
    space : Settled
        Its address space.
    free : Space
        What is left of that.
    subnets : dict of str to Settled
        Ranges of subnets, by id.
    left : tuple of SubnetWant
        New ones that found no range, the largest first.
    outside : tuple of Cidr
        Ranges that are pinned or exist, and lie outside the space.
    missing : tuple of Missing
        Subnets whose lock can't be kept to, and those that no space can hold.
    """

    plan: NetworkPlan
    space: Settled
    free: Space
    subnets: dict[str, Settled]
    left: tuple[SubnetWant, ...]
    outside: tuple[Cidr, ...]
    missing: tuple[Missing, ...]

    @property
    def where(self) -> str:
        """The network and its space, in words."""
        return f"{self.plan.name} ({listed(self.space.prefixes)})"

    def unfit(self, want: SubnetWant, remedy: str = "") -> Unfit:
        """A subnet that is not to be had here."""
        version, largest = self.free.version, self.free.largest
        length = length_of(want, version) or 0
        return Unfit(
            want.id, want.name, "subnet", length, version, self.where, largest, remedy
        )


def listed(cidrs: Iterable[Cidr]) -> str:
    """Ranges with commas between them.

    >>> listed(())
    'no address space'
    """
    return ", ".join(map(str, cidrs)) or "no address space"


def length_of(want: SubnetWant, version: int) -> int | None:
    """The prefix length of a subnet in a family; None if it needs none. [bits].

    >>> from ipplan.layouts.wants import SubnetWant
    >>> length_of(SubnetWant("s", "s", "n", "general", length=26), 6) is None
    True
    """
    if version == IPV4:
        return want.length
    return IPV6_SUBNET.value if want.ipv6 else None


def settled(ground: Ground, wants: Iterable[SubnetWant]) -> dict[str, Settled]:
    """The ranges of subnets that the plan fixes or that exist, by their ids."""
    found = ((want.id, ground.settled(want)) for want in wants)
    return {identity: each for identity, each in found if each}


def furnished(
    ground: Ground, network: NetworkPlan, wants: Sequence[SubnetWant], space: Settled
) -> Room:
    """A network with its subnets in the space that it has.

    Parameters
    ----------
    ground : Ground
        What there is.
    network : NetworkPlan
        The network.
    wants : sequence of SubnetWant
        Its subnets.
    space : Settled
        Its address space so far.
    """
    subnets = settled(ground, wants)
    used = [cidr for each in subnets.values() for cidr in each.prefixes]
    others = ground.other_subnets(network.id, {each.id for each in wants})
    taken = (*used, *others, *ground.inside(network.id))
    free = Space(space.prefixes, taken, ground.version)
    outside = (e for e in used if not any(own.covers(e) for own in space.prefixes))
    missing: list[Missing] = []
    room = Room(network, space, free, subnets, (), tuple(outside), ())
    new: list[tuple[int, str, SubnetWant]] = []
    for want in wants:
        length = length_of(want, ground.version)
        if length is None or want.id in subnets:
            continue
        if not length:
            missing.append(Missing(room.unfit(want, TOO_LARGE)))
        elif had := ground.locked(want.id):
            if why := _why_not(had, length, room):
                text = f"it has {listed(had)} by the lock, {why}"
                missing.append(Missing(room.unfit(want, text), locked=True))
            else:
                _settle(want, had, room)
        else:
            new.append((length, want.id, want))
    left = tuple(e for length, _, e in sorted(new) if not _carved(e, length, room))
    return room._replace(left=left, missing=tuple(missing))


TOO_LARGE = "no subnet can be so large: plan fewer nodes, or subnets for pools"


def _why_not(had: tuple[Cidr, ...], length: int, room: Room) -> str:
    """Why a subnet can't keep what it has by the lock; nothing if it can."""
    if sum(each.size for each in had) < 1 << BITS[room.free.version] - length:
        return f"and needs a /{length}"
    if not all(any(e.covers(each) for e in room.space.prefixes) for each in had):
        return f"which is outside {room.where}"
    return "" if all(map(room.free.is_free, had)) else "which is taken"


def _settle(want: SubnetWant, had: tuple[Cidr, ...], room: Room) -> None:
    for cidr in had:
        room.free.take(cidr)
    room.subnets[want.id] = Settled(had, "locked")


def _carved(want: SubnetWant, length: int, room: Room) -> bool:
    """Whether there is room for a new subnet, which it then has."""
    found = room.free.carve(length)
    if found:
        room.subnets[want.id] = Settled((found,), "new")
    return found is not None
