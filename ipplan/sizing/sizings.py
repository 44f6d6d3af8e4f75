"""One demand under one model: every column is worked out when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ipplan.counts import most, total
from ipplan.errors import ArgumentError
from ipplan.features import Support
from ipplan.prefixes import place, prefix_for
from ipplan.sizing.growth import Growth, growth
from ipplan.sizing.loads import Load, Range, load, node_subnets, pod_ranges
from ipplan.sizing.rules import ERRORS, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.counts import Count, Mask
    from ipplan.findings import Finding
    from ipplan.limits import Limit
    from ipplan.models import NetworkModel, Observation
    from ipplan.sizing.demands import Demand


class Observed(NamedTuple):
    """A count that the service was seen to make of one range.

    Parameters
    ----------
    what : {"pre-flight", "held"}
        What AKS counts before it acts, or what nodes were seen to hold.
    range : Range
        Where it is counted.
    addresses : int or ndarray of int
        [addresses]
    length : int or ndarray of int
        Prefix length that would hold it; 0 where none does. [bits]
    limit : Limit
        The row that it rests on.
    """

    what: Literal["pre-flight", "held"]
    range: Range
    addresses: Count
    length: Count
    limit: Limit[int]


class Sizing:
    """What one demand takes under one network model.

    Ints in the demand give ints (or None) here; arrays give integer arrays of their
    common shape, with 0 for "no prefix" and one boolean mask for each rule.

    Parameters
    ----------
    model : NetworkModel
        A row of :data:`ipplan.models.MODELS`.
    demand : Demand
        What must be carried.

    Examples
    --------
    >>> import ipplan
    >>> found = ipplan.size(300, 30, model="cni-node-subnet")
    >>> found.node_subnets[0].prefix_length, found.vnet_addresses, found.feasible
    (18, 10230, True)
    """

    def __init__(self, model: NetworkModel, demand: Demand) -> None:
        self.model = model
        self.demand = demand

    def __repr__(self) -> str:
        """Name the model and what its subnets take."""
        subnets = ", ".join(f"/{each.length}" for each in self.ranges)
        return f"<Sizing {self.model.name}: {subnets or 'unknown'}>"

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """The pools under this model; none where a node count is unknown."""
        return tuple(
            load(self.model, pool, pool.nodes)
            for pool in self.demand.pools
            if pool.nodes is not None and not self.demand.unknown
        )

    @cached_property
    def nodes(self) -> Count:
        """Nodes without surge; copies of a blue/green rotation count. [nodes]."""
        return total(each.nodes for each in self.loads)

    @cached_property
    def surge_nodes(self) -> Count:
        """Nodes that an upgrade of all pools at once adds. [nodes]."""
        return total(each.surge for each in self.loads)

    @cached_property
    def peak_nodes(self) -> Count:
        """Nodes while every pool is upgraded. [nodes]."""
        return total(each.peak for each in self.loads)

    @cached_property
    def stated_pods(self) -> Count:
        """Pods that were stated, in all or on each node; 0 for none. [pods]."""
        if self.demand.pods is not None:
            return self.demand.pods
        return total(
            each.steady * each.pool.pods_per_node
            for each in self.loads
            if each.pool.pods_per_node is not None
        )

    @cached_property
    def possible_pods(self) -> Count:
        """Pods that were stated, and those of full nodes elsewhere. [pods]."""
        if self.demand.pods is not None:
            return self.demand.pods
        return self.stated_pods + total(
            each.steady * each.max_pods
            for each in self.loads
            if each.pool.pods_per_node is None
        )

    @cached_property
    def node_subnets(self) -> tuple[Range, ...]:
        """One node subnet, or those that the pools name."""
        return node_subnets(self.loads, self.demand)

    @cached_property
    def pod_ranges(self) -> tuple[Range, ...]:
        """No range, pod subnets or one pod CIDR, as the model has it."""
        return pod_ranges(self.model, self.loads, self.demand)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Node subnets, then pod ranges."""
        return (*self.node_subnets, *self.pod_ranges)

    @cached_property
    def vnet_addresses(self) -> Count:
        """Addresses that nodes, pods and extras take in the VNet. [addresses]."""
        return total(each.addresses for each in self.ranges if each.reserved)

    @cached_property
    def grows_to(self) -> Growth:
        """Nodes that the chosen ranges still hold with the same surge."""
        return growth(self)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Features asked for, and those that the pools' systems ask for."""
        windows = any(pool.os == "windows" for pool in self.demand.pools)
        asked = (*self.demand.needs, *(("windows",) if windows else ()))
        return tuple(dict.fromkeys(asked))

    @cached_property
    def observed(self) -> tuple[Observed, ...]:
        """What the service was seen to count; never used to size."""
        return tuple(
            self._observe(row, each)
            for row in self.model.observed
            for each in self.ranges
            if each.kind is self.model.home and self._looked_at(each)
        )

    def _looked_at(self, each: Range) -> bool:
        """Where some ranges are given, only those are: the others are left open."""
        return not self.demand.open or self.demand.given(each.kind) is not None

    def _observe(self, row: Observation, kept: Range) -> Observed:
        addresses = total(_seen_on(each, self.model, row) for each in kept.loads)
        length = prefix_for(addresses, kept.reserved)
        return Observed(row.what, kept, addresses, length, row.limit)

    @cached_property
    def placements(self) -> tuple[tuple[Range, Any], ...]:
        """Each subnet and where it fits in the free space named, or None."""
        free = self.demand.vnet_free
        if not free:
            return ()
        wanted = [each for each in self.ranges if each.reserved and each.length]
        found = place([int(each.length) for each in wanted], free)
        return tuple(zip(wanted, found, strict=True))

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """What can't be known, each with what to state."""
        silent = [
            f"{need}: Microsoft's pages do not say whether {self.model.title} has it"
            for need in self.needs
            if self.model.support(need) is Support.UNKNOWN
        ]
        return (*self.demand.unknown, *silent)

    @cached_property
    def broken(self) -> Mask:
        """Where at least one rule finds an error."""
        found: Mask = False
        for rule in ERRORS:
            for hit in rule.hits(self):
                found = hit.where if found is False else found | hit.where
        return found

    @property
    def feasible(self) -> Mask | None:
        """Whether it runs and can still be upgraded; None where that is unknown."""
        broken = self.broken
        if not isinstance(broken, bool):
            return ~broken
        return False if broken else None if self.unknown else True

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules find in one scenario; arrays have :attr:`masks`."""
        self.check_one("findings")
        return tuple(finding for rule in RULES for finding in rule.findings(self))

    @cached_property
    def masks(self) -> dict[str, Mask]:
        """Where each rule that can speak of this model finds something.

        Arrays have one named ``unknown`` besides: what :attr:`feasible` says there
        holds but for what :attr:`unknown` lists.
        """
        found: dict[str, Mask] = {}
        for rule in RULES:
            for hit in rule.hits(self):
                found[rule.name] = found.get(rule.name, False) | hit.where
        if isinstance(self.nodes, int):
            return found
        nothing = self.nodes < 0
        found["unknown"] = bool(self.unknown)
        return {name: mask | nothing for name, mask in found.items()}

    def possible_under(self, models: Iterable[NetworkModel]) -> list[str]:
        """The names of those models under which the same demand is feasible."""
        return [row.name for row in models if Sizing(row, self.demand).feasible]

    def check_one(self, what: str) -> None:
        """Refuse for arrays what only one scenario has.

        Raises
        ------
        ArgumentError
            It names what arrays have instead.
        """
        if not isinstance(self.nodes, int):
            raise ArgumentError(what, "of arrays", "one scenario; arrays have masks")


def seen_on_node(load: Load, model: NetworkModel, row: Observation) -> Count:
    """What the service was seen to count on a node of a pool.

    Examples
    --------
    >>> from ipplan.inventory import NodePool
    >>> from ipplan.models import MODELS
    >>> model = MODELS["cni-node-subnet"]
    >>> seen_on_node(load(model, NodePool("a", 3, 250), 3), model, model.observed[0])
    249
    """
    block = model.node_block(load.pods, row.spare)
    return most(row.max_pods * load.max_pods + row.cost * block + row.limit.value, 0)


def _seen_on(load: Load, model: NetworkModel, row: Observation) -> Count:
    nodes = load.peak if row.surge else load.nodes
    return nodes * seen_on_node(load, model, row)
