"""Pod CIDRs and service CIDRs: one family at a time.

Neither is routed, so clusters may have the same, and have: all of one size get the
lowest range that is clear of everything they could reach. Only where pods of two
clusters meet, in a mesh or in one route table, do they get different ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.carving import Space
from ipplan.cidrs.spellings import BITS, IPV6
from ipplan.layouts.demands.claims import is_dual
from ipplan.layouts.demands.growths import grown
from ipplan.layouts.placing.grounds import Settled
from ipplan.layouts.placing.mates import mates_of, twins_of
from ipplan.layouts.placing.remedies import Missing, declared, roomier, words
from ipplan.layouts.placing.rooms import listed
from ipplan.layouts.placing.supplies import source_of
from ipplan.layouts.results import Unfit
from ipplan.layouts.takings import takings
from ipplan.limits import (
    DEFAULT_POD_CIDR_IPV6,
    DEFAULT_SERVICE_CIDR,
    DEFAULT_SERVICE_CIDR_IPV6,
)
from ipplan.prefixes import prefix_for
from ipplan.usages import pod_cidr_tenants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.layouts.placing.grounds import Ground
    from ipplan.layouts.plans import ClusterPlan

Use = Literal["pods", "services"]

_KINDS: dict[Use, str] = {"pods": "pod CIDR", "services": "service CIDR"}

_LENGTHS: dict[tuple[Use, int], int] = {
    ("services", IPV4): Cidr.parse(DEFAULT_SERVICE_CIDR.value).length,
    ("services", IPV6): Cidr.parse(DEFAULT_SERVICE_CIDR_IPV6.value).length,
    ("pods", IPV6): Cidr.parse(DEFAULT_POD_CIDR_IPV6.value).length,
}
"""Those of AKS's own defaults; pod CIDRs of IPv4 are as large as pods need them."""


class Ranges(NamedTuple):
    """Pod and service CIDRs of one family, as they were chosen.

    Parameters
    ----------
    pods, services : dict of str to Settled
        By the ids of clusters.
    missing : tuple of Missing
        What found no room.
    assumed : tuple of str
        Defaults that were drawn from, in words.
    """

    pods: dict[str, Settled]
    services: dict[str, Settled]
    missing: tuple[Missing, ...]
    assumed: tuple[str, ...]


def ranges_of(ground: Ground, spaces: Mapping[str, Settled]) -> Ranges:
    """Choose the pod and service CIDRs of a plan's clusters, in one family.

    Parameters
    ----------
    ground : Ground
        What there is.
    spaces : mapping of str to Settled
        The address space of the plan's networks, by id.
    """
    clusters = sorted(
        (each for _, each in ground.plan.clusters), key=lambda each: each.cluster.id
    )
    space = [cidr for each in spaces.values() for cidr in each.prefixes]
    pods = _Chooser(ground, "pods", clusters, space)
    services = _Chooser(ground, "services", clusters, space)
    kept = {each.cluster.id: pods.had(each) for each in clusters}
    services.avoided = {
        key: (each.prefixes if each else ()) for key, each in kept.items()
    }
    services.choose()
    pods.avoided = {key: each.prefixes for key, each in services.found.items()}
    pods.choose()
    return Ranges(
        pods.found,
        services.found,
        (*pods.missing(), *services.missing()),
        (*pods.assumed, *services.assumed),
    )


class _Chooser:
    """Ranges of one use and family while they are chosen.

    ``avoided`` has what a cluster's own range must be clear of, by its id.
    """

    def __init__(
        self, ground: Ground, use: Use, clusters: list[ClusterPlan], space: list[Cidr]
    ) -> None:
        plan, version = ground.plan, ground.version
        self.ground, self.clusters = ground, clusters
        self.use: Use = use
        self.source = source_of(plan, use, version)
        kinds, self.aggregates = takings(plan.inventory, self.source.ranges)
        met = ("vnets", "subnets", "unseen", "on_premises", "reserved")
        self.taken = (*space, *(cidr for kind in met for cidr in kinds[kind]))
        self._open = Space([Cidr(version, 0, 0)], self.taken, version)
        self.avoided: Mapping[str, tuple[Cidr, ...]] = {}
        self._homes = {each.cluster.id: network.id for network, each in plan.clusters}
        self.found: dict[str, Settled] = {}
        self.lost: list[Missing] = []
        self.failed: list[tuple[ClusterPlan, int]] = []
        self.assumed: dict[str, None] = {}
        self.mates = mates_of(plan) if use == "pods" else {}
        self.twins = twins_of(plan) if use == "pods" else {}
        self.lengths = self._lengths()
        self._spaces: dict[frozenset[Cidr], Space] = {}

    # What there is before anything is chosen.

    def had(self, plan: ClusterPlan) -> Settled | None:
        """What a cluster has by the plan, as it exists, or by the lock."""
        return self._fixed(plan) or self._locked(plan)

    def _fixed(self, plan: ClusterPlan) -> Settled | None:
        cluster = plan.cluster
        given = cluster.pod_cidrs if self.use == "pods" else cluster.service_cidrs
        if own := self.ground.of(given):
            return Settled(own, "pinned")
        existing = self.ground.clusters.get(cluster.id)
        if existing is None:
            return None
        has = existing.pod_cidrs if self.use == "pods" else existing.service_cidrs
        own = self.ground.of(has)
        return Settled(own, "existing") if own else None

    def _locked(self, plan: ClusterPlan) -> Settled | None:
        lock = self.ground.lock
        kept = lock.pod_cidrs if self.use == "pods" else lock.service_cidrs
        had = self.ground.of(kept.get(plan.cluster.id, ()))
        needed = self.lengths.get(plan.cluster.id) is not None
        return Settled(had, "locked") if had and needed else None

    # How large they must be.

    def _lengths(self) -> dict[str, int]:
        """Prefix lengths by the ids of the clusters that need one; twins' are equal."""
        found = {
            each.cluster.id: length
            for each in self.clusters
            if (length := self._length(each)) is not None
        }
        return {
            key: min(found.get(twin, length) for twin in self.twins.get(key, (key,)))
            for key, length in found.items()
        }

    def _length(self, plan: ClusterPlan) -> int | None:
        """What a cluster needs by itself; None if nothing, and 0 if it can't be had."""
        version = self.ground.version
        if version != IPV4 and not is_dual(plan.cluster):
            return None
        tenants = pod_cidr_tenants(grown(plan))
        if self.use == "pods" and not tenants:
            return None
        if (self.use, version) not in _LENGTHS:
            row, need = tenants[0].model, sum(each.need for each in tenants)
            return int(prefix_for(need, row.kept, row.largest, row.smallest))
        # A pool that is smaller than the default is one that is meant to be used up.
        default = _LENGTHS[self.use, version]
        shortest = (each.length for each in self.source.ranges)
        return max(default, min(shortest, default=default))

    def _wanted(self, plan: ClusterPlan, *, roomy: bool) -> int:
        """Its prefix length, or one with room to replace the largest pool by a twin.

        For pods that takes no address of a VNet, and can't be changed later. What no
        route leads to is of no use.
        """
        length = self.lengths[plan.cluster.id]
        if not roomy or (self.use, self.ground.version) != ("pods", IPV4):
            return length
        tenants = pod_cidr_tenants(grown(plan))
        row, needs = tenants[0].model, [each.need for each in tenants]
        both = sum(needs) + max(needs)
        if row.route_limit:
            both = min(both, row.route_limit.value * row.block)
        more = int(prefix_for(both, row.kept, row.largest, row.smallest))
        return min(more or length, length)

    # Choosing.

    def choose(self) -> None:
        """Give every cluster its range: first what is fixed, then locked, then new."""
        later: list[ClusterPlan] = []
        for plan in self.clusters:
            if fixed := self._fixed(plan):
                self.found[plan.cluster.id] = fixed
        for plan in self.clusters:
            key = plan.cluster.id
            if key in self.found or key not in self.lengths:
                continue
            if locked := self._locked(plan):
                self._keep(plan, locked)
            else:
                later.append(plan)
        self._give(later, roomy=True)

    def _give(self, plans: list[ClusterPlan], *, roomy: bool) -> None:
        """Choose new ranges; where not all find room, none is larger than its need."""
        before, self.failed, self.assumed = dict(self.found), [], {}
        wanted = [(self._wanted(each, roomy=roomy), each) for each in plans]
        for length, plan in sorted(wanted, key=lambda e: (e[0], e[1].cluster.id)):
            chosen = self._new(plan.cluster.id, length) if length else None
            if chosen:
                self.found[plan.cluster.id] = Settled((chosen,), "new")
                said = self.source.assumed(chosen, self.aggregates)
                self.assumed |= dict.fromkeys(said)
            else:
                self.failed.append((plan, self.lengths[plan.cluster.id]))
        if roomy and self.failed:
            self.found = before
            self._give(plans, roomy=False)

    def _keep(self, plan: ClusterPlan, locked: Settled) -> None:
        """Keep to the lock, if that is still possible."""
        key, length = plan.cluster.id, self.lengths[plan.cluster.id]
        had = locked.prefixes
        size = sum(each.size for each in had)
        why = ""
        if not length or size < 1 << BITS[self.ground.version] - length:
            why = f"and needs a /{length}"
        elif met := self._met(key, had):
            why = f"which meets {met}"
        if not why:
            self.found[key] = locked
            return
        text = f"it has {listed(had)} by the lock, {why}"
        self.lost.append(Missing(self._unfit(plan, length, text), locked=True))

    def _met(self, key: str, had: Iterable[Cidr]) -> Cidr | None:
        """A range that one of a cluster's must be clear of, and is not."""
        avoided = self._avoided(key)
        clear = all(map(self._open.is_free, had))
        taken = avoided if clear else (*self.taken, *avoided)
        return next((e for own in had for e in taken if own.overlaps(e)), None)

    def _avoided(self, key: str) -> frozenset[Cidr]:
        """What a cluster's range must be clear of, and another's need not be."""
        others = (self._range_of(each) for each in self.mates.get(key, ()))
        return frozenset(
            (*self.avoided.get(key, ()), *(e for own in others for e in own))
        )

    def _range_of(self, key: str) -> tuple[Cidr, ...]:
        """What another cluster has, of the plan or not."""
        if key in self.found:
            return self.found[key].prefixes
        existing = self.ground.clusters.get(key)
        return self.ground.of(existing.pod_cidrs) if existing else ()

    def _new(self, key: str, length: int) -> Cidr | None:
        """What a twin has where that is possible, or else the lowest range."""
        avoided = self._avoided(key)
        for twin in self.twins.get(key, ()):
            for own in self.found[twin].prefixes if twin in self.found else ():
                if own.length <= length and not self._met(key, (own,)):
                    return own
        return self._space(key, avoided).lowest(length)

    def _space(self, key: str, avoided: frozenset[Cidr]) -> Space:
        """What is free for a cluster that must be clear of some ranges."""
        clear = avoided | self._beside(key)
        if clear not in self._spaces:
            taken = (*self.taken, *clear, *self._others())
            self._spaces[clear] = Space(self.source.ranges, taken, self.ground.version)
        return self._spaces[clear]

    def _others(self) -> Iterator[Cidr]:
        """What is meant for other uses."""
        for pool in self.ground.plan.inventory.address_pools:
            networks = pool.use == "vnets" and self.source.pools
            if pool.use != self.use and not networks:
                yield from pool.prefixes

    def _beside(self, key: str) -> frozenset[Cidr]:
        """For services the pods, where they are settled, that a cluster can reach."""
        if self.use != "services":
            return frozenset()
        home, reaches = self._homes[key], self.ground.reaches
        return frozenset(
            cidr
            for other, own in self.avoided.items()
            if own and reaches(home, self._homes[other])
            for cidr in own
        )

    # What is missing.

    def _unfit(self, plan: ClusterPlan, length: int, remedy: str) -> Unfit:
        cluster, version = plan.cluster, self.ground.version
        largest = self._space(cluster.id, self._avoided(cluster.id)).largest
        kind, where = _KINDS[self.use], self.source.words
        return Unfit(
            cluster.id, cluster.name, kind, length, version, where, largest, remedy
        )

    def missing(self) -> Iterator[Missing]:
        """What found no room, with what would make some."""
        yield from self.lost
        lengths = [length for _, length in self.failed if length]
        keys = [each.cluster.id for each, _ in self.failed]
        avoided = (self._avoided(each) | self._beside(each) for each in keys)
        taken = [*self.taken, *self._others(), *(e for own in avoided for e in own)]
        apart = any(each in self.mates for each in keys)
        wanted = lengths if apart else lengths[:1]
        change = roomier(self.ground.plan, self.source, wanted, taken)
        for plan, length in self.failed:
            text = "no pod CIDR can be so large: plan fewer nodes"
            if length:
                text = words(change) if change else declared(self.source, wanted)
            yield Missing(self._unfit(plan, length, text), change if length else None)
