"""What subnets and pod CIDRs in use hold: at creation, maximum, upgrade, rotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.checks.capacity import amounts
from ipplan.checks.capacity.costs import (
    counted_cost,
    is_counted,
    least_cost,
    most_held,
)
from ipplan.cidrs import IPV4
from ipplan.inventory.networks import Subnet
from ipplan.inventory.origins import name_of
from ipplan.limits import RESERVED_ADDRESSES
from ipplan.models import MODELS, Home
from ipplan.sizing.tenants import nodes_left
from ipplan.usages import pod_cidr_tenants, unknown_of, usable_in, use_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.capacity.amounts import Amount
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.sizing.tenants import Tenant
    from ipplan.usages import SubnetUse

Kind = Literal["node-subnet", "pod-subnet", "node-and-pod-subnet", "pod-cidr"]
Operation = Literal["create", "maximum", "upgrade", "rotation"]

OPERATIONS: tuple[Operation, ...] = ("create", "maximum", "upgrade", "rotation")
"""What a range is judged at, in the order in which it comes."""


class Count(NamedTuple):
    """What AKS was seen to count before it acts: one cluster, beside what there is.

    Parameters
    ----------
    cluster : str
        Id of the cluster of the range for which it is tightest.
    own : int
        What its nodes count for. [addresses]
    held : int
        What the nodes of other clusters are known to hold by now. [addresses]
    fits : bool or None
        Whether there is room for both.
    """

    cluster: str
    own: int
    held: int
    fits: bool | None


class Verdict(NamedTuple):
    """Whether a range holds what one operation takes.

    Parameters
    ----------
    need : int or None
        The documented need; None where it can't be known. Where not all pools are
        known, what the known ones need, if that alone does not fit. [addresses]
    fits : bool or None
        Whether there is room for it; None where that can't be known.
    least : int or None
        What is taken for certain: what AKS was seen to count, where that is less; of
        pods that take addresses as they run, and of which only the maximum is known,
        the first batch of each node; and of clusters that share a subnet one, beside
        what nodes of the others hold now. [addresses]
    least_fits : bool or None
        Whether there is room for that.
    counted : Count or None
        What AKS was seen to count before it acts; None for models of which that was
        not seen.
    """

    need: int | None
    fits: bool | None
    least: int | None = None
    least_fits: bool | None = None
    counted: Count | None = None


class Capacity(NamedTuple):
    """What a subnet or a pod CIDR that clusters use holds.

    Parameters
    ----------
    noun : Subnet or Cluster
        The subnet, or the cluster of the pod CIDR.
    cidrs : tuple of Cidr
        Its ranges of both families; IPv4 alone is counted.
    kind : {"node-subnet", "pod-subnet", "node-and-pod-subnet", "pod-cidr"}
        What lives there.
    room : int or None
        Addresses for these clusters: those for use, less what others hold; None where
        that is not known. [addresses]
    clusters : tuple of str
        The clusters that use it, as people call them.
    create : Verdict
        The pools at their present counts, or as stated where they have none.
    maximum : Verdict
        The pools at the autoscaler's maxima.
    upgrade : Verdict
        The same, with the surge of all pools at once.
    rotation : Verdict
        The maximum, and the largest pool a second time: a pool is replaced by way of
        a twin of as many nodes.
    nodes_left : int or None
        Nodes that any one of the pools can still get; where they are too many, the
        fewest to give up, as a negative number. [nodes]
    observed : int or None
        What AKS was seen to count at the maximum before it acts, of the cluster for
        which it is tightest; None for models of which that was not seen. [addresses]
    observed_fits : bool or None
        Whether there is room for that.
    unknown : tuple of str
        What can't be known, and why.
    one_pool : Verdict
        The maximum, with the surge of one pool alone: upgrades one after another.
    held : Verdict
        The most that nodes were seen to hold during an upgrade.
    tenants : tuple of Tenant
        The pools in it whose nodes are known.
    beside : int
        What is needed besides them, for API servers. [addresses]
    name : str
        What people call the subnet, or the cluster.
    known : bool
        Whether the tenants are all that there are; else what they need is a lower
        bound, and is judged only where it does not fit.
    """

    noun: Subnet | Cluster
    cidrs: tuple[Cidr, ...]
    kind: Kind
    room: int | None
    clusters: tuple[str, ...]
    create: Verdict
    maximum: Verdict
    upgrade: Verdict
    rotation: Verdict
    nodes_left: int | None
    observed: int | None
    observed_fits: bool | None
    unknown: tuple[str, ...]
    one_pool: Verdict
    held: Verdict
    tenants: tuple[Tenant, ...] = ()
    beside: int = 0
    name: str = ""
    known: bool = True

    @property
    def cidr(self) -> Cidr | None:
        """The first range that is counted."""
        return next((each for each in self.cidrs if each.version == IPV4), None)

    @property
    def fails(self) -> Operation | None:
        """The first operation that fails for certain, else the first that may fail."""
        for each in OPERATIONS[:-1]:
            if self.verdict(each).least_fits is False:
                return each
        for each in OPERATIONS:
            if self.verdict(each).fits is False:
                return each
        return None

    def verdict(self, operation: Operation) -> Verdict:
        """The verdict on an operation."""
        found: Verdict = getattr(self, operation)
        return found


class _Room(NamedTuple):
    """What a range has, and between how much and how much of it others hold.

    ``usable`` is without what the model can't use, ``counted`` only without what Azure
    reserves, as its own check has it.
    """

    usable: int | None
    counted: int | None
    others: int
    others_at_most: int

    @property
    def left(self) -> int | None:
        """What others leave, where that is known."""
        sure = self.others == self.others_at_most
        return self.usable - self.others if self.usable is not None and sure else None

    def fits(self, need: int | None, *, counted: bool = False) -> bool | None:
        """Whether a need fits; None where that depends on what is not known."""
        room = self.counted if counted else self.usable
        if need == 0:
            return True
        if need is None or room is None:
            return None
        if need + self.others > room:
            return False
        return True if need + self.others_at_most <= room else None


def capacities(survey: Survey) -> tuple[Capacity, ...]:
    """What every subnet and pod CIDR that clusters use holds.

    Parameters
    ----------
    survey : Survey
        What there is.

    Returns
    -------
    tuple of Capacity
        Subnets as the inventory has them, then those that were not read, then pod
        CIDRs by cluster.

    References
    ----------
    https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning
    """
    read = (each for each in survey.usage.values() if each.clusters)
    uses = (*read, *_unread(survey))
    subnets = (_of_subnet(survey, each) for each in uses)
    cidrs = (_of_pod_cidr(survey, each) for each in survey.inventory.clusters)
    return tuple(
        each._replace(name=survey.called(each.noun))
        for each in (*subnets, *cidrs)
        if each
    )


def _unread(survey: Survey) -> Iterator[SubnetUse]:
    """What the subnets must hold that clusters name and no file shows."""
    for identity, clusters in survey.inventory.users.items():
        if identity not in survey.usage:
            yield use_of(Subnet(identity, name_of(identity)), clusters)


def _of_subnet(survey: Survey, use: SubnetUse) -> Capacity | None:
    subnet = use.subnet
    users = [each for each in survey.users(subnet.id) if _lives(each, subnet.id)]
    if not users or not (use.tenants or use.need is None):
        return None
    kind = _kind(users, subnet.id)
    low, high = (0, 0) if kind != "node-subnet" else _others(use)
    counted = usable_in(subnet, tuple(users), RESERVED_ADDRESSES.value)
    unknown = use.unknown
    if not subnet.prefixes:
        unknown = (*unknown, "its address range is not known")
    return _capacity(
        _Range(
            noun=subnet,
            cidrs=subnet.prefixes,
            kind=kind,
            room=_Room(use.usable, counted, low, high),
            clusters=tuple(survey.called(each) for each in users),
            tenants=use.tenants,
            beside=use.beside,
            nodes_left=use.nodes_left,
            known=use.need is not None,
            unknown=unknown,
        )
    )


def _lives(cluster: Cluster, subnet: str) -> bool:
    """Whether nodes or pods of a cluster live in a subnet."""
    homes = {e for pool in cluster.pools for e in (pool.subnet, pool.pod_subnet)}
    return subnet in homes | {*cluster.hosted_subnets}


def _kind(users: Iterable[Cluster], subnet: str) -> Kind:
    pools = [pool for each in users for pool in each.pools]
    if not any(each.pod_subnet == subnet for each in pools):
        return "node-subnet"
    both = any(each.subnet == subnet for each in pools)
    return "node-and-pod-subnet" if both else "pod-subnet"


def _others(use: SubnetUse) -> tuple[int, int]:
    """How much others hold, at the least and at the most. [addresses]."""
    if use.others is None:
        return 0, use.subnet.used or 0
    listed_together = use.used is None
    return 0 if listed_together else use.others, use.others


def _of_pod_cidr(survey: Survey, cluster: Cluster) -> Capacity | None:
    if cluster.model is None or MODELS[cluster.model].home is not Home.POD_CIDR:
        return None
    sizes = [each.size for each in cluster.pod_cidrs if each.version == IPV4]
    size = sum(sizes) if sizes else None
    unknown = [*unknown_of(cluster, cluster.pools)]
    unknown += [] if cluster.pools else [f"{cluster.name}: no node pools were read"]
    tenants = pod_cidr_tenants(cluster)
    if not tenants and not unknown:
        return None
    left = None
    if size is not None and not unknown:
        left = nodes_left(tenants, size - sum(each.need for each in tenants))
    unread = [] if sizes else ["its pod CIDR is not known"]
    return _capacity(
        _Range(
            noun=cluster,
            cidrs=cluster.pod_cidrs,
            kind="pod-cidr",
            room=_Room(size, size, 0, 0),
            clusters=(survey.called(cluster),),
            tenants=tenants,
            beside=0,
            nodes_left=left,
            known=not unknown,
            unknown=(*unknown, *unread),
        )
    )


class _Range(NamedTuple):
    """A range and who lives in it; ``known`` says whether that is all."""

    noun: Subnet | Cluster
    cidrs: tuple[Cidr, ...]
    kind: Kind
    room: _Room
    clusters: tuple[str, ...]
    tenants: tuple[Tenant, ...]
    beside: int
    nodes_left: int | None
    known: bool
    unknown: tuple[str, ...]


def _capacity(place: _Range) -> Capacity:
    room, tenants, beside = place.room, place.tenants, place.beside
    held = None
    if place.known:
        held = beside + sum(int(each.load.peak) * most_held(each) for each in tenants)
    maximum = _verdict(place, amounts.at_most)
    return Capacity(
        noun=place.noun,
        cidrs=place.cidrs,
        kind=place.kind,
        room=room.left,
        clusters=place.clusters,
        create=_verdict(place, amounts.now),
        maximum=maximum,
        upgrade=_verdict(place, amounts.surging),
        rotation=amounts.limited(_verdict(place, amounts.with_twin), tenants),
        nodes_left=place.nodes_left,
        observed=maximum.counted and maximum.counted.own,
        observed_fits=maximum.counted and maximum.counted.fits,
        unknown=place.unknown,
        one_pool=_verdict(place, amounts.one_surging),
        held=Verdict(held, room.fits(held)),
        tenants=tenants,
        beside=beside,
        known=place.known,
    )


def _verdict(place: _Range, amount: Amount) -> Verdict:
    room, need = place.room, place.beside + amount(place.tenants, amounts.cost)
    least = min(need, _most_for_one(place, amount))
    found = Verdict(need, room.fits(need), least, room.fits(least, counted=True))
    if place.known:
        return found._replace(counted=_counted(place, amount))
    if found.fits is False and place.tenants:
        return found._replace(least_fits=False if found.least_fits is False else None)
    return Verdict(None, None)


def _most_for_one(place: _Range, amount: Amount) -> int:
    """What is taken for certain where it is most for one cluster. [addresses]."""
    counts = amounts.by_cluster(place.tenants, amount, least_cost)
    taken = (own + held for _, own, held in counts if own)
    return place.beside + max(taken, default=0)


def _counted(place: _Range, amount: Amount) -> Count | None:
    """What AKS was seen to count of the cluster for which it is tightest.

    A private endpoint that there is already is in use.
    """
    if not place.tenants or not all(map(is_counted, place.tenants)):
        return None
    counts = amounts.by_cluster(place.tenants, amount, counted_cost)
    cluster, own, held = max(counts, key=lambda each: (each[1] > 0, each[1] + each[2]))
    total = place.beside + own + held if own else 0
    return Count(cluster, own, held, place.room.fits(total, counted=True))
