"""lay_out(): address space for networks, and ranges for all that is in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.cidrs.spellings import IPV6
from ipplan.layouts.belongings.nouns import nouns_of
from ipplan.layouts.demands.subnets import subnet_wants
from ipplan.layouts.locks import Lock, fitted
from ipplan.layouts.moves import lock_of, moves_between
from ipplan.layouts.placing.cluster_cidrs import Ranges, ranges_of
from ipplan.layouts.placing.grounds import Ground, Settled
from ipplan.layouts.placing.remedies import Missing, changed
from ipplan.layouts.placing.spaces import Spaces, spaces_of
from ipplan.layouts.results import Layout, PlacedCluster, PlacedNetwork, PlacedSubnet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.cidrs import Cidr
    from ipplan.layouts.plans import ClusterPlan, LayoutPlan, NetworkPlan
    from ipplan.layouts.results import Unfit, Whence
    from ipplan.layouts.wants import SubnetWant

NOTHING = Settled((), "new")


def lay_out(plan: LayoutPlan, lock: Lock | None = None) -> Layout:
    """Give everything that a plan asks for its ranges.

    Parameters
    ----------
    plan : LayoutPlan
        What is asked for, and what stands around it. The order of its parts does not
        matter.
    lock : Lock, optional
        What an earlier layout gave; it is kept to.

    Returns
    -------
    Layout
        With what found no room, if anything did.

    Raises
    ------
    ArgumentError
        For a plan of things that can't be, such as a pool without a number of nodes.

    Notes
    -----
    What the plan fixes and what exists never moves, then the lock counts. New networks
    get the smallest aligned range that holds their subnets, the largest network first,
    each in the tightest block of the address pools that is clear of all that there is.
    Largest first finds room whenever there is room. Without growth stated there is none
    kept for it.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan, NetworkPlan, ServicePlan
    >>> hub = NetworkPlan("/virtualnetworks/hub", "hub", services=(
    ...     ServicePlan("firewall"), ServicePlan("jump-boxes", count=12)))
    >>> layout = lay_out(LayoutPlan("shop", (hub,)))
    >>> [str(each.prefixes[0]) for each in (*layout.networks, *layout.subnets)]
    ['10.0.0.0/25', '10.0.0.0/26', '10.0.0.64/27']
    """
    layout = laid_out(plan, subnet_wants(plan), lock)
    planned, inventory = nouns_of(
        plan, layout.networks, layout.subnets, layout.clusters
    )
    return replace(layout, planned=planned, inventory=inventory)


def laid_out(
    plan: LayoutPlan, wants: Sequence[SubnetWant], lock: Lock | None = None
) -> Layout:
    """The same for subnets whose sizes are known, without the nouns that follow.

    Parameters
    ----------
    plan, lock : LayoutPlan, Lock
        As :func:`lay_out` takes them.
    wants : sequence of SubnetWant
        The plan's subnets.
    """
    ids = (
        *(each.id for each in plan.networks),
        *(each.id for each in wants),
        *(each.cluster.id for _, each in plan.clusters),
    )
    work = _Work.of(plan, wants, fitted(lock or Lock(plan.name), ids))
    layout = Layout(
        plan,
        tuple(work.networks()),
        tuple(work.subnets(wants)),
        tuple(_reused(list(work.clusters()))),
        _told(work, plan, wants),
        assumed=tuple(sorted({*work.assumed()})),
    )
    moves = moves_between(lock, layout) if lock else ()
    return replace(layout, moves=moves, lock=lock_of(layout))


class _Work(NamedTuple):
    """What was found in both families."""

    ground: Ground
    spaces: tuple[Spaces, Spaces]
    ranges: tuple[Ranges, Ranges]

    @classmethod
    def of(cls, plan: LayoutPlan, wants: Iterable[SubnetWant], lock: Lock) -> _Work:
        by_network: dict[str, list[SubnetWant]] = defaultdict(list)
        for want in sorted(wants, key=lambda each: each.id):
            by_network[want.network].append(want)
        wanted = frozenset(each.id for own in by_network.values() for each in own)
        four, six = (Ground(plan, lock, each, wanted) for each in (IPV4, IPV6))
        spaces = spaces_of(four, by_network), spaces_of(six, by_network)
        ranges = (
            ranges_of(four, spaces[0].networks),
            ranges_of(six, spaces[1].networks),
        )
        return cls(four, spaces, ranges)

    def missing(self) -> Iterator[Missing]:
        for each in (*self.spaces, *self.ranges):
            yield from each.missing

    def assumed(self) -> Iterator[str]:
        for each in (*self.spaces, *self.ranges):
            yield from each.assumed

    def networks(self) -> Iterator[PlacedNetwork]:
        for network in sorted(self.ground.plan.networks, key=lambda each: each.id):
            prefixes, whence = _both([e.networks for e in self.spaces], network.id)
            yield PlacedNetwork(
                network, prefixes, whence, self._added(network, prefixes)
            )

    def _added(
        self, network: NetworkPlan, prefixes: Iterable[Cidr]
    ) -> tuple[Cidr, ...]:
        """What a network has now besides what it had."""
        existing = self.ground.plan.inventory.vnet_by_id.get(network.id)
        had = existing.prefixes if existing else ()
        had = had or self.ground.lock.ranges.get(network.id, ())
        new = (each for each in prefixes if not any(e.covers(each) for e in had))
        return tuple(new) if had else ()

    def subnets(self, wants: Iterable[SubnetWant]) -> Iterator[PlacedSubnet]:
        for want in sorted(wants, key=lambda each: each.id):
            prefixes, whence = _both([each.subnets for each in self.spaces], want.id)
            yield PlacedSubnet(want, prefixes, whence)

    def clusters(self) -> Iterator[PlacedCluster]:
        def by_id(pair: tuple[NetworkPlan, ClusterPlan]) -> str:
            return pair[1].cluster.id

        for network, plan in sorted(self.ground.plan.clusters, key=by_id):
            key = plan.cluster.id
            pods, pods_whence = _both([each.pods for each in self.ranges], key)
            found, whence = _both([each.services for each in self.ranges], key)
            yield PlacedCluster(plan, network.id, pods, found, pods_whence, whence)


def _both(
    families: Sequence[dict[str, Settled]], key: str
) -> tuple[tuple[Cidr, ...], Whence]:
    """The ranges of both families; nothing where that of the first is missing."""
    first, second = (each.get(key, NOTHING) for each in families)
    prefixes = (*first.prefixes, *second.prefixes) if first.prefixes else ()
    return prefixes, first.whence


def _reused(clusters: list[PlacedCluster]) -> Iterator[PlacedCluster]:
    """Clusters that know who else has their pod CIDR."""
    names: dict[tuple[Cidr, ...], list[PlacedCluster]] = defaultdict(list)
    for each in clusters:
        names[each.pod_cidrs].append(each)
    for each in clusters:
        others = names[each.pod_cidrs] if each.pod_cidrs else []
        found = (e.plan.cluster.name for e in others if e is not each)
        yield each._replace(reused_by=tuple(found))


def _told(
    work: _Work, plan: LayoutPlan, wants: Sequence[SubnetWant]
) -> tuple[Unfit, ...]:
    """What found no room, each with a remedy that was tried out."""
    missing = list(work.missing())
    lock = work.ground.lock
    changes = [each.change for each in missing if each.change]
    changes_work = (
        _still_missing(changed(plan, changes), wants, lock) if changes else ()
    )
    locked = any(each.locked for each in missing)
    anew = _still_missing(plan, wants, Lock(plan.name)) if locked else ()
    found = [_tried(each, anew if each.locked else changes_work) for each in missing]
    return tuple(sorted(found, key=lambda each: (each.version, each.length, each.id)))


def _still_missing(
    plan: LayoutPlan, wants: Sequence[SubnetWant], lock: Lock
) -> set[tuple[str, str, int]]:
    work = _Work.of(plan, wants, lock)
    return {_key(each.unfit) for each in work.missing()}


def _key(unfit: Unfit) -> tuple[str, str, int]:
    return unfit.id, unfit.kind, unfit.version


def _tried(missing: Missing, left: Iterable[tuple[str, str, int]]) -> Unfit:
    """What is told of something, by what is left when its remedy was followed."""
    unfit = missing.unfit
    if missing.locked:
        helps = _key(unfit) not in left
        end = "--replan would move it" if helps else "--replan finds it no room either"
        return unfit._replace(remedy=f"{unfit.remedy}: {end}")
    if missing.change and _key(unfit) in left:
        return unfit._replace(remedy="")
    return unfit
