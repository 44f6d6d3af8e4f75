"""Rooms: subnets and pod CIDRs, what they are for, and what they hold at each stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.checks.capacity.amounts import beyond_limits
from ipplan.checks.capacity.capacities import OPERATIONS
from ipplan.checks.networks.special import SPECIAL
from ipplan.cidrs import IPV4
from ipplan.cidrs.spellings import BITS
from ipplan.counts import counted
from ipplan.designs.changes import pod_cidr_change, subnet_change
from ipplan.designs.purposes import Purpose, purposes, users
from ipplan.inventory.networks import Subnet
from ipplan.inventory.origins import name_of, parent_of
from ipplan.layouts.demands.reasons import pages, words
from ipplan.limits import API_SERVER
from ipplan.models import MODELS
from ipplan.usages import kept_by, use_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.cidrs import Cidr
    from ipplan.designs.changes import Change
    from ipplan.designs.studies import Study
    from ipplan.inventory.clusters import Cluster
    from ipplan.layouts.results import PlacedSubnet
    from ipplan.sizing.tenants import Tenant
    from ipplan.usages import SubnetUse

StageName = Literal["steady", "maximum", "upgrade", "rotation"]

STAGES: tuple[StageName, ...] = ("steady", "maximum", "upgrade", "rotation")
"""What a check judges ranges at, in its order, as documents call it."""

NO_ROOM = "no room was found for it"
"""Why something that a plan asks for has no range."""


class Stage(NamedTuple):
    """What a room must hold at one stage.

    Parameters
    ----------
    name : {"steady", "maximum", "upgrade", "rotation"}
        Present counts; the autoscalers' maxima; with the surge of all pools; the
        maxima with the largest pool a second time.
    need : int or None
        What a check says that clusters need, and what others hold beside them where
        that is known, so that it fits where it is no more than what is usable. None
        where it can't be known; where not all pools are known, and those that are do
        not fit, what these need. [addresses]
    fits : bool or None
        Whether there is room, as a check says; None where that can't be known.
    """

    name: StageName
    need: int | None
    fits: bool | None


@dataclass(frozen=True, slots=True)
class Room:
    """A subnet or a pod CIDR, and what it holds. Of addresses, IPv4 counts alone.

    Parameters
    ----------
    id, name, network : str
        Id of the subnet, or of the cluster of a pod CIDR; its name, and that of its
        VNet, which is empty for a pod CIDR.
    is_subnet : bool
        Whether it is a subnet, or else a pod CIDR.
    cidrs : tuple of Cidr
        Its ranges of both families; empty where they are not known.
    purposes : tuple of Purpose
        What it is for.
    clusters : tuple of str
        Names of the clusters that use it.
    addresses, reserved, usable : int or None
        What its ranges span, what of them nobody can use, and what can be used: of
        several ranges all or the largest, as an inventory counts it. [addresses]
    used, others : int or None
        In use as Azure shows it, and what of that is no node's of its clusters.
        [addresses]
    stages : tuple of Stage
        All four where nodes or pods live in it; steady alone where something else
        with a known need does; none where no need is known.
    nodes_left : int or None
        Nodes that any one of the pools can still get. [nodes]
    change : Change
        Whether it can change later.
    why : tuple of str
        Why it has its size, where a plan says; of a pod CIDR how what nodes take adds
        up, and what bars a rotation beside its size.
    source : str or None
        The page that its size rests on.
    unknown : tuple of str
        What can't be known, and why.
    """

    id: str
    name: str
    network: str
    is_subnet: bool
    cidrs: tuple[Cidr, ...]
    purposes: tuple[Purpose, ...]
    clusters: tuple[str, ...]
    addresses: int | None
    reserved: int | None
    usable: int | None
    used: int | None
    others: int | None
    stages: tuple[Stage, ...]
    nodes_left: int | None
    change: Change
    why: tuple[str, ...] = ()
    source: str | None = None
    unknown: tuple[str, ...] = ()

    def need(self, name: StageName) -> int | None:
        """What it must hold at a stage; None where that can't be known. [addresses]."""
        return next((each.need for each in self.stages if each.name == name), None)

    @property
    def most(self) -> int | None:
        """What it must hold while all pools are upgraded, or at all. [addresses]."""
        name: StageName = "upgrade" if len(self.stages) > 1 else "steady"
        return self.need(name)

    @property
    def binding(self) -> StageName | None:
        """The first stage without room."""
        return next((each.name for each in self.stages if each.fits is False), None)

    @property
    def free(self) -> int | None:
        """Usable, not needed at the most and not in use. [addresses].

        Below 0 where it lacks; in use as Azure shows it, where it does.
        """
        most = self.most if self.stages else self.used
        if self.usable is None or most is None:
            return None
        return self.usable - max(most, self.used or 0)

    @property
    def growth(self) -> int | None:
        """What is kept up to the maximum, without upgrades. [addresses].

        The need at the maximum of autoscalers, failover and planned growth together
        less the present one.
        """
        steady, most = self.need("steady"), self.need("maximum")
        return None if steady is None or most is None else max(most - steady, 0)


def rooms(study: Study) -> tuple[Room, ...]:
    """The subnets of a study network by network and by address, then its pod CIDRs.

    Behind the subnets that were read stand those that its clusters name and no file
    shows.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Cidr, Cluster, Inventory, NodePool
    >>> from ipplan.designs.studies import study
    >>> pool = NodePool("a", 3)
    >>> cidrs = (Cidr.parse("10.244.0.0/21"),)
    >>> cluster = Cluster("shop", (pool,), "cni-overlay", "c", pod_cidrs=cidrs)
    >>> inventory = Inventory(clusters=(cluster,))
    >>> (room,) = rooms(study(inventory, "shop", as_of=date(2026, 11, 28)))
    >>> room.name, room.need("upgrade"), room.usable, room.nodes_left
    ('pod CIDR of shop', 1024, 2048, 4)
    """
    judged = {each.noun.id: each for each in study.checkup.capacities}
    subnets = [_of_subnet(study, e, judged.get(e.id)) for e in _subnets(study)]
    cidrs = [
        _of_pod_cidr(study, each, judged.get(each.id))
        for each in study.clusters
        if each.id in judged or _may_have_pods(each)
    ]
    return (*subnets, *cidrs)


def no_range(requested: int | None) -> str:
    """Why the range of a VNet or subnet is not known.

    Parameters
    ----------
    requested : int or None
        What it asks an IPAM pool for. [addresses]

    Examples
    --------
    >>> no_range(256)
    'it asks an IPAM pool for 256 addresses: which, does not show'
    """
    if not requested:
        return "its address range is not known"
    asked = counted(requested, "address", "es")
    return f"it asks an IPAM pool for {asked}: which, does not show"


def _subnets(study: Study) -> Iterator[Subnet]:
    """Subnets of its VNets, and those that no file shows, or that found no room."""
    for network in study.networks:
        yield from sorted(network.vnet.subnets, key=_place)
    named = [each for cluster in study.clusters for each in cluster.subnets]
    for identity in sorted({*named, *study.wants} - study.survey.usage.keys()):
        placed = study.wants.get(identity)
        yield Subnet(identity, placed.want.name if placed else name_of(identity))


def _place(subnet: Subnet) -> tuple[bool, tuple[Cidr, ...], str]:
    """Where it stands among others: by address, those without a range at the end."""
    return not subnet.prefixes, subnet.prefixes, subnet.id


def _may_have_pods(cluster: Cluster) -> bool:
    """Whether a cluster of an unknown model has a pod CIDR all the same."""
    return cluster.model is None and bool(cluster.pod_cidrs)


# Subnets.


def _of_subnet(study: Study, subnet: Subnet, judged: Capacity | None) -> Room:
    survey, placed = study.survey, study.wants.get(subnet.id)
    clusters = survey.users(subnet.id)
    use = survey.usage.get(subnet.id) or use_of(subnet, clusters)
    kept = kept_by(use.tenants)
    sizes = _sizes(subnet.prefixes)
    return Room(
        id=subnet.id,
        name=subnet.name,
        network=survey.name_of(parent_of(subnet.id)),
        is_subnet=True,
        cidrs=subnet.prefixes,
        purposes=purposes(study, subnet),
        clusters=users(study, subnet),
        addresses=sum(sizes) if sizes else None,
        reserved=sum(min(kept, each) for each in sizes) if sizes else None,
        usable=use.usable,
        used=use.used,
        others=use.others,
        stages=tuple(_stages(use, judged, placed)),
        nodes_left=use.nodes_left,
        change=subnet_change(subnet, clusters),
        why=words(placed) if placed else (),
        source=_source(use, placed),
        unknown=(*_unknown(use, placed), *_less_shown(use, judged)),
    )


def _sizes(cidrs: Iterable[Cidr]) -> list[int]:
    return [each.size for each in cidrs if each.version == IPV4]


def _stages(
    use: SubnetUse, judged: Capacity | None, placed: PlacedSubnet | None
) -> Iterator[Stage]:
    """What must be held, as a check says it, and what a plan puts beside that."""
    planned = placed.want.need if placed else 0
    if judged:
        beside = max(planned - (use.need or 0), 0)
        yield from _judged(judged, use.usable, beside)
        return
    need = max(planned, use.need or 0)
    if need:
        fits = None if use.usable is None else need <= use.usable
        yield Stage("steady", need, fits)


def _judged(judged: Capacity, usable: int | None, beside: int = 0) -> Iterator[Stage]:
    """The four stages of a range, with what others than its pools hold of it."""
    held = beside
    if usable is not None and judged.room is not None:
        held += usable - judged.room
    for name, operation in zip(STAGES, OPERATIONS, strict=True):
        need, fits = judged.verdict(operation)[:2]
        if need is None:
            yield Stage(name, None, fits)
            continue
        lacks = beside and usable is not None and need + held > usable
        yield Stage(name, need + held, False if lacks else fits)


def _source(use: SubnetUse, placed: PlacedSubnet | None) -> str | None:
    """The page that its size rests on: of a plan's row, of a model, of a name."""
    if placed:
        return next(iter(pages(placed.want)), None)
    if use.tenants:
        return use.tenants[0].model.source
    if use.beside:
        return API_SERVER.source
    special = SPECIAL.get(use.subnet.name.lower())
    return special.wanted.source if special else None


def _unknown(use: SubnetUse, placed: PlacedSubnet | None) -> Iterator[str]:
    subnet = use.subnet
    if not subnet.prefixes:
        yield NO_ROOM if placed else no_range(subnet.requested)
    yield from use.unknown
    yield from _of_several(use)
    yield from subnet.unresolved


def _less_shown(use: SubnetUse, judged: Capacity | None) -> Iterator[str]:
    """That Azure shows less in use than the nodes that there are take."""
    now = judged.create.need if judged else None
    there = judged and not judged.noun.origin.proposed
    if there and use.used is not None and now is not None and use.used < now:
        yield f"Azure shows {use.used:,} in use, and its pools take {now:,} now"


def _of_several(use: SubnetUse) -> Iterator[str]:
    """That what it must hold takes several ranges, which AKS may not use."""
    sizes = _sizes(use.subnet.prefixes)
    largest = max(sizes, default=0) - kept_by(use.tenants)
    held = (use.need or 0) + (use.others or 0)
    if len(sizes) > 1 and use.tenants and largest < held <= (use.usable or 0):
        yield (
            f"it holds its nodes only if AKS uses all its ranges, which no page "
            f"confirms: {held:,} of {largest:,} in the largest"
        )


# Pod CIDRs.


def _of_pod_cidr(study: Study, cluster: Cluster, judged: Capacity | None) -> Room:
    name = study.survey.called(cluster)
    sizes = _sizes(cluster.pod_cidrs)
    size = sum(sizes) if sizes else None
    return Room(
        id=cluster.id,
        name=f"pod CIDR of {name}",
        network="",
        is_subnet=False,
        cidrs=cluster.pod_cidrs,
        purposes=(Purpose("pods", (name,)),),
        clusters=(name,),
        addresses=size,
        reserved=None if judged is None or size is None else 0,
        usable=None if judged is None else size,
        used=None,
        others=None,
        stages=tuple(_judged(judged, size)) if judged else (),
        nodes_left=judged.nodes_left if judged else None,
        change=pod_cidr_change(cluster),
        why=tuple(_reckoned(judged.tenants)) if judged else (),
        source=MODELS[cluster.model].source if cluster.model else None,
        unknown=judged.unknown if judged else ("what pods take of it is not known",),
    )


def _reckoned(tenants: Sequence[Tenant]) -> Iterator[str]:
    """How what nodes take of a pod CIDR adds up, and what bars a twin."""
    for cost in sorted({each.cost for each in tenants}):
        loads = [each.load for each in tenants if each.cost == cost]
        nodes = counted(sum(int(each.nodes) for each in loads), "node")
        surge = sum(int(each.surge) for each in loads)
        need = sum(int(each.peak) for each in loads) * cost
        block = f"{cost:,}, a /{BITS[IPV4] - (cost - 1).bit_length()} a node"
        yield f"({nodes} + {surge:,} surge) × {block}: {need:,}"
    bar = beyond_limits(tenants)
    if bar:
        yield bar
