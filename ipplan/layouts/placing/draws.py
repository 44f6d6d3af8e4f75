"""Drawing ranges for networks out of address pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.carving import Space, common, widened
from ipplan.cidrs.private import is_private
from ipplan.layouts.placing.supplies import Source, source_of
from ipplan.layouts.takings import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.layouts.placing.grounds import Ground


class Draw(NamedTuple):
    """A pool to draw from.

    Parameters
    ----------
    source : Source
        What it is, in words and in ranges.
    free : Space
        What is left of it.
    """

    source: Source
    free: Space


class Draws:
    """All that is free for networks, in pools and elsewhere.

    Parameters
    ----------
    ground : Ground
        What there is.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._taken = [*ground.others]
        everything = [Cidr(ground.version, 0, 0)]
        self._free = Space(everything, self._taken, ground.version)
        self._pools: dict[str | None, Draw] = {}
        self.used: dict[str, None] = {}

    @property
    def taken(self) -> tuple[Cidr, ...]:
        """All that can't be drawn from any pool."""
        return (*self._taken, *self.ground.others_pools)

    def pool(self, name: str | None) -> Draw:
        """The pool of a name, or all that are for networks."""
        if name not in self._pools:
            version = self.ground.version
            source = source_of(self.ground.plan, NETWORKS, version, name)
            free = Space(source.ranges, self.taken, version)
            self._pools[name] = Draw(source, free)
        return self._pools[name]

    def is_free(self, cidr: Cidr) -> bool:
        """Whether nothing has a range, in a pool or not."""
        return self._free.is_free(cidr)

    def take(self, cidrs: Iterable[Cidr]) -> None:
        """Keep ranges from being drawn."""
        for cidr in cidrs:
            self._taken.append(cidr)
            self._free.take(cidr)
            for draw in self._pools.values():
                draw.free.take(cidr)

    def draw(
        self, name: str | None, length: int, near: Iterable[Cidr] = ()
    ) -> Cidr | None:
        """Take a range out of a pool: beside others where that is free.

        Parameters
        ----------
        name : str or None
            Of the pool; None for all that are for networks.
        length : int
            Its prefix length. [bits]
        near : iterable of Cidr
            What it shall be beside.
        """
        source, free = self.pool(name)
        beside = (each for each in _beside(near, length) if free.is_free(each))
        found = next(beside, None) or free.carve(length)
        if found:
            self.take((found,))
            self.used |= dict.fromkeys(source.assumed(found, self.ground.aggregates))
        return found

    def proposed(
        self, name: str | None, length: int, near: Iterable[Cidr]
    ) -> Cidr | None:
        """Take a range that a plan could name: beside others even outside the pools."""
        beside = (
            each
            for each in _beside(near, length)
            if self.is_free(each) and (each.version != IPV4 or is_private(each))
        )
        found = next(beside, None)
        if found is None:
            return self.draw(name, length)
        self.take((found,))
        return found

    def around(self, cidrs: Iterable[Cidr], lengths: Iterable[int]) -> Cidr | None:
        """Take the smallest range that holds some ranges, and has room for others.

        Around private ranges it is private too.

        Parameters
        ----------
        cidrs : iterable of Cidr
            At least one.
        lengths : iterable of int
            Prefix lengths of the others. [bits]
        """
        inner, wanted = tuple(cidrs), tuple(lengths)
        core = common(inner)
        wider = (widened(core, length) for length in range(core.length, -1, -1))
        fitting = (e for e in wider if Space([e], inner, e.version).fits(wanted))
        found = next(fitting, None)
        public = found and is_private(core) and not is_private(found)
        if found is None or public or not self.is_free(found):
            return None
        self.take((found,))
        return found


def _beside(cidrs: Iterable[Cidr], length: int) -> Iterator[Cidr]:
    """The next ranges of a length after some, and before."""
    for each in cidrs:
        wanted = each._replace(length=length)
        size = wanted.size
        after, before = -(-(each.last + 1) // size), each.first // size - 1
        for first in (after * size, before * size):
            if first >= 0 and not first >> each.bits:
                yield wanted._replace(first=first)
