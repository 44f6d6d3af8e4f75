"""Decisions: which network model clusters have, and why not the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan import limits
from ipplan.checks.capacity.standings import demand_of
from ipplan.cidrs import IPV4
from ipplan.cidrs.spellings import IPV6
from ipplan.designs import reasons
from ipplan.designs.permanences import model_permanence
from ipplan.designs.reasons import Reason
from ipplan.designs.spaces import BETWEEN, Room, room_for
from ipplan.models import MODELS, Home
from ipplan.sizing.sizings import Sizing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ipplan.designs.studies import Study
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.models import NetworkModel
    from ipplan.sizing.demands import Demand


class Option(NamedTuple):
    """A network model, sized for what clusters ask for.

    Parameters
    ----------
    sizing : Sizing
        What it takes.
    chosen : bool
        Whether the clusters have it.
    kills : tuple of Reason
        What rules it out, the weightiest first; empty where nothing does.
    others : tuple of Reason
        What else speaks for or against it.
    retiring : Reason or None
        That its support ends, where that does not rule it out yet; among the others.
    """

    sizing: Sizing
    chosen: bool
    kills: tuple[Reason, ...]
    others: tuple[Reason, ...]
    retiring: Reason | None = None

    @property
    def model(self) -> NetworkModel:
        """The row of the model."""
        return self.sizing.model

    @property
    def told(self) -> tuple[Reason, ...]:
        """Limits and features that speak against it."""
        every = (*self.kills, *self.others)
        return tuple(each for each in every if each.kind in {"limit", "feature"})

    def without(self, reasons: Collection[Reason]) -> Option:
        """The same without what is told elsewhere."""
        kills, others = (
            tuple(each for each in some if each not in reasons)
            for some in (self.kills, self.others)
        )
        return self._replace(kills=kills, others=others)

    @property
    def killed_by(self) -> Reason | None:
        """The weightiest of what rules it out."""
        return self.kills[0] if self.kills else None

    @property
    def price(self) -> Reason | None:
        """What it takes of VNets against the chosen one."""
        return next((each for each in self.others if each.kind == "cost"), None)

    @property
    def against(self) -> Reason | None:
        """The weightiest that speaks against it, its price where nothing else does."""
        unknown = (each for each in self.others if each.kind == "unknown")
        told = self.killed_by or self.retiring
        return told or self.price or next(unknown, None)

    @property
    def feasible(self) -> bool | None:
        """Whether it runs and can be upgraded; None where that can't be known."""
        found = self.sizing.feasible
        return None if found is None else bool(found)


class Decision(NamedTuple):
    """Which model clusters of equal demand have, and what the others would take.

    Parameters
    ----------
    clusters : tuple of Cluster
        Those that it is about, by id.
    names : tuple of str
        As people call them.
    demand : Demand
        What one of them asks for.
    options : tuple of Option
        The chosen model, then the others as :data:`ipplan.models.MODELS` has them.
    shared : tuple of Reason
        What rules out or endangers all of them alike; no option has it.
    planned : tuple of str
        What ranges of the chosen model need, and what those of the first cluster have.
    way : str
        Where clusters that are there can go; empty for planned ones.
    """

    clusters: tuple[Cluster, ...]
    names: tuple[str, ...]
    demand: Demand
    options: tuple[Option, ...]
    shared: tuple[Reason, ...] = ()
    planned: tuple[str, ...] = ()
    way: str = ""

    @property
    def chosen(self) -> Option | None:
        """The model that they have; None where that can't be told."""
        return next((each for each in self.options if each.chosen), None)

    @property
    def sizing(self) -> Sizing:
        """What one of them takes under its model, or under any of them."""
        return self.options[0].sizing


def decisions(study: Study) -> tuple[Decision, ...]:
    """A decision for each kind of cluster, those with the most nodes in all first.

    Clusters are of one kind whose model, features and pools' numbers are equal, and
    whose networks have room for the same models.

    Parameters
    ----------
    study : Study
        A plan or an estate.
    """
    kinds: dict[Any, list[_Case]] = {}
    for cluster in study.clusters:
        case = _case(study, cluster)
        kinds.setdefault(case.key, []).append(case)
    found = (_decision(study, cases) for cases in kinds.values())
    return tuple(sorted(found, key=_order))


class _Case(NamedTuple):
    """A cluster, what it asks for, and whether its networks have room for models."""

    cluster: Cluster
    demand: Demand
    sizings: dict[str, Sizing]
    rooms: dict[str, Room]
    planned: tuple[str, ...]
    way: str

    @property
    def key(self) -> tuple[Any, ...]:
        """What is the same for clusters of one kind."""
        demand = self.demand
        return (
            self.cluster.origin.proposed,
            self.cluster.model,
            self.cluster.network_plugin if self.cluster.model is None else None,
            demand.needs,
            demand.other_routes,
            bool(demand.unknown),
            tuple(_numbers(demand.pools)),
            tuple(each.fits for each in self.rooms.values()),
            self.way,
        )


def _numbers(pools: tuple[NodePool, ...]) -> Iterator[tuple[Any, ...]]:
    """What counts of pools: all but their names, and which share subnets."""
    subnets = [each.subnet for each in pools]
    others = [each.pod_subnet for each in pools]
    for pool in pools:
        places = subnets.index(pool.subnet), others.index(pool.pod_subnet)
        same = replace(pool, name="", subnet=None, pod_subnet=None, unknown="")
        yield (*places, replace(same, current=None))


def _case(study: Study, cluster: Cluster) -> _Case:
    demand = _demand(study, cluster)
    sizings = {name: Sizing(row, demand) for name, row in MODELS.items()}
    rooms = {
        name: _own_room(study, cluster)
        if name == cluster.model
        else room_for(study, cluster, each)
        for name, each in sizings.items()
    }
    model = cluster.model
    planned = tuple(_planned(study, cluster, sizings[model])) if model else ()
    way = ""
    if model and not cluster.origin.proposed:
        way = model_permanence(study, cluster, model).words
    return _Case(cluster, demand, sizings, rooms, planned, way)


def _planned(study: Study, cluster: Cluster, sizing: Sizing) -> Iterator[str]:
    """What ranges need by the sizing, and what they have."""
    verb = "planned" if cluster.origin.proposed else "has"
    known = study.inventory.subnet_by_id
    for each in sizing.ranges:
        pool = each.loads[0].pool
        if each.kind is Home.POD_CIDR:
            what, there = "pod CIDR", cluster.pod_cidrs
        else:
            pods = each.kind is Home.POD_SUBNET
            subnet = known.get((pool.pod_subnet if pods else pool.subnet) or "")
            what = "pod subnet" if pods else "node subnet"
            there = subnet.prefixes if subnet else ()
        lengths = [f"/{cidr.length}" for cidr in there if cidr.version == IPV4]
        if lengths and each.length:
            yield f"{what} needs a /{each.length}, {verb} {' + '.join(lengths)}"


def _demand(study: Study, cluster: Cluster) -> Demand:
    """What a cluster asks for as it stands, features that show otherwise included."""
    demand = demand_of(cluster, study.survey.route_tables, study.inventory.subnet_by_id)
    ranges = (*cluster.pod_cidrs, *cluster.service_cidrs)
    shown = ["dual-stack"] if any(each.version == IPV6 for each in ranges) else []
    shared = (len(study.survey.users(pool.subnet or "")) for pool in cluster.pools)
    shown += ["shared-subnet"] if any(each > 1 for each in shared) else []
    return replace(demand, needs=tuple(dict.fromkeys([*demand.needs, *shown])))


def _own_room(study: Study, cluster: Cluster) -> Room:
    """What of a cluster's own ranges is too small, as ``ipplan check`` judges it."""
    own = {cluster.id, *cluster.subnets}
    lacking = (
        each.message
        for each in study.findings
        if each.rule == "layout-no-room" and own & {e.id for e in each.subjects}
    )
    for message in lacking:
        return Room(fits=False, words=f"no room was found: {message}")
    for each in study.survey.capacities_of.get(cluster.id, []):
        if each.upgrade.fits is False:
            need = f"{each.upgrade.need:,} addresses while all pools are upgraded"
            what = "the pod CIDR of " if each.kind == "pod-cidr" else ""
            ranges = ", ".join(map(str, each.cidrs))
            left = "" if each.room is None else f" and has room for {each.room:,}"
            words = f"{what}{each.name} ({ranges}) must hold {need}{left}"
            if each.upgrade.least_fits is not False:
                return Room(fits=None, words=f"{words}: {BETWEEN}")
            return Room(fits=False, words=words)
    return Room(fits=None)


def _decision(study: Study, cases: list[_Case]) -> Decision:
    """The decision on clusters of one kind; the first of them is the example."""
    first = cases[0]
    names = sorted(MODELS, key=lambda name: name != first.cluster.model)
    called = tuple(study.survey.called(each.cluster) for each in cases)
    options = tuple(_option(study, first, name) for name in names)
    clusters = tuple(each.cluster for each in cases)
    shared = tuple(e for e in options[0].told if all(e in o.told for o in options))
    rest = tuple(each.without(shared) for each in options)
    return Decision(
        clusters, called, first.demand, rest, shared, first.planned, first.way
    )


def _option(study: Study, case: _Case, name: str) -> Option:
    sizing, room = case.sizings[name], case.rooms[name]
    chosen = name == case.cluster.model
    as_of = study.checkup.as_of
    ending = tuple(reasons.retirement(sizing.model, as_of))
    over = reasons.is_over(sizing.model, as_of)
    ends = ending if over else ()
    lacks = _rooms(room, fits=False)
    # what they have fails for lack of room now, and ends later
    weighed = [*lacks, *ends] if chosen else [*ends, *lacks]
    kills = [*reasons.errors(sizing), *weighed]
    others = [] if over else [*ending]
    current = case.sizings.get(case.cluster.model or "")
    others += [] if chosen else reasons.price(sizing, current)
    others += _rooms(room, fits=True)
    others += _open_rooms(room) if sizing.loads else []
    others += reasons.warnings(sizing, as_of)
    others += reasons.silences(sizing, case.cluster.nodes_unknown)
    others += _apart(case.cluster) if chosen else []
    others.append(reasons.advice(sizing.model))
    retiring = None if over or not ending else ending[0]
    return Option(sizing, chosen, tuple(kills), tuple(others), retiring)


def _rooms(room: Room, *, fits: bool) -> Iterable[Reason]:
    if room.fits is fits and room.words:
        yield Reason("room", room.words, limits.IP_PLANNING)


def _open_rooms(room: Room) -> Iterator[Reason]:
    if room.fits is None and room.words:
        yield Reason("unknown", f"whether there is room for it: {room.words}")


def _apart(cluster: Cluster) -> Iterator[Reason]:
    """Pools that have a model of their own, which a sizing under one leaves out."""
    for pool in cluster.pools:
        if pool.model not in {None, cluster.model}:
            title = MODELS[pool.model or ""].title
            text = f"pool {pool.name} has {title}, and is counted under this model here"
            yield Reason("unknown", text)


def _order(decision: Decision) -> tuple[int, str]:
    nodes = int(decision.sizing.peak_nodes) * len(decision.clusters)
    return -nodes, decision.names[0]
