"""What a demand takes under one model: pools, and the ranges that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.counts import Count, choose, is_array, least, most, plus, times, total
from ipplan.limits import RESERVED_ADDRESSES
from ipplan.models import Home, Takes
from ipplan.prefixes import prefix_for, usable
from ipplan.surges import surge_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.inventory import NodePool
    from ipplan.models import NetworkModel
    from ipplan.sizing.demands import Demand


class Load(NamedTuple):
    """A pool under one model.

    Parameters
    ----------
    pool : NodePool
        As it was stated.
    max_pods, pods : int or ndarray of int
        Pods that a node can run, and those of them that take addresses. [pods/node]
    nodes, surge, peak : int or ndarray of int
        All copies together: steady, added by an upgrade, and both. [nodes]
    node_cost, pod_cost : int or ndarray of int
        What a node takes in its node subnet, and in the range that only pods live
        in. [addresses/node]
    """

    pool: NodePool
    max_pods: Count
    pods: Count
    nodes: Count
    surge: Count
    peak: Count
    node_cost: Count
    pod_cost: Count

    @property
    def steady(self) -> Count:
        """Nodes of one copy, surge not among them. [nodes]."""
        return self.nodes if self.pool.copies == 1 else self.nodes // self.pool.copies

    def cost(self, kind: Home) -> Count:
        """What a node takes in a range of a kind. [addresses/node]."""
        return self.node_cost if kind is Home.NODE_SUBNET else self.pod_cost


def pods_on_node(model: NetworkModel, pool: NodePool, max_pods: Count) -> Count:
    """Pods on a node for which the model takes addresses.

    Parameters
    ----------
    model : NetworkModel
        Only a model that allocates on demand looks at the pods that run.
    pool : NodePool
        Its ``pods_per_node`` and ``host_network_pods``.
    max_pods : int or ndarray of int
        [pods/node]

    Returns
    -------
    int or ndarray of int
        Never more than max pods less those of the host network. [pods/node]

    Examples
    --------
    >>> from ipplan.inventory import NodePool
    >>> from ipplan.models import MODELS
    >>> pool = NodePool("a", 3, host_network_pods=6)
    >>> [pods_on_node(MODELS[name], pool, 30) for name in ("cni-dynamic", "kubenet")]
    [24, 30]
    """
    if model.takes is not Takes.RUNNING_PODS:
        return max_pods
    room = max_pods
    if is_array(pool.host_network_pods) or pool.host_network_pods:
        room = most(max_pods - pool.host_network_pods, 0)
    return room if pool.pods_per_node is None else least(room, pool.pods_per_node)


def load(model: NetworkModel, pool: NodePool, nodes: Count) -> Load:
    """A pool of a number of nodes under one model.

    Examples
    --------
    >>> from ipplan.inventory import NodePool
    >>> from ipplan.models import MODELS
    >>> found = load(MODELS["cni-node-subnet"], NodePool("a", 50), 50)
    >>> found.peak, found.node_cost
    (55, 31)
    """
    max_pods = model.default_max_pods.value if pool.max_pods is None else pool.max_pods
    pods = pods_on_node(model, pool, max_pods)
    block = model.node_block(pods)
    beside = model.home is Home.NODE_SUBNET
    surge = times(pool.copies, surge_nodes(nodes, pool.surge))
    steady = times(pool.copies, nodes)
    return Load(
        pool=pool,
        max_pods=max_pods,
        pods=pods,
        nodes=steady,
        surge=surge,
        peak=steady + surge,
        node_cost=plus(block, 1) if beside else 1,
        pod_cost=0 if beside else block,
    )


class Range(NamedTuple):
    """A subnet or a pod CIDR, and what it must hold.

    Parameters
    ----------
    kind : Home
        Node subnet, pod subnet or pod CIDR.
    loads : tuple of Load
        The pools that share it.
    addresses : int or ndarray of int
        What they take, without what the range reserves. [addresses]
    length : int or ndarray of int
        Prefix length; 0 where no allowed range is large enough. [bits]
    kept : int
        Addresses of the range that nothing can use, our margin among them.
    """

    kind: Home
    loads: tuple[Load, ...]
    addresses: Count
    length: Count
    kept: int

    @property
    def pools(self) -> tuple[str, ...]:
        """The names of the pools that share it."""
        return tuple(each.pool.name for each in self.loads)

    @property
    def reserved(self) -> int:
        """What Azure reserves in it: five in a subnet. [addresses]."""
        return 0 if self.kind is Home.POD_CIDR else RESERVED_ADDRESSES.value

    @property
    def addresses_with_reserved(self) -> Count:
        """What it must hold with what Azure reserves. [addresses]."""
        return self.addresses + self.reserved

    @property
    def prefix_length(self) -> Count | None:
        """None (0 in arrays) where no allowed range is large enough. [bits]."""
        return self._or_none(self.length)

    @property
    def capacity(self) -> Count:
        """Addresses for use in the range chosen, 0 where there is none."""
        return choose(self.length > 0, usable(self.length, self.kept), 0)

    @property
    def usable(self) -> Count | None:
        """Capacity, or None where there is no range. [addresses]."""
        return self._or_none(self.capacity)

    @property
    def free(self) -> Count | None:
        """What is left over, or None (0 in arrays) without a range. [addresses]."""
        left = choose(self.length > 0, self.capacity - self.addresses, 0)
        return left if self.prefix_length is not None else None

    def _or_none(self, value: Count) -> Count | None:
        return None if isinstance(self.length, int) and not self.length else value


def node_subnets(loads: Iterable[Load], demand: Demand) -> tuple[Range, ...]:
    """The node subnets of a cluster: one for all pools, or those that they name."""
    ranges: list[Range] = []
    for shared in _grouped(loads, "subnet"):
        nodes = total(times(each.peak, each.node_cost) for each in shared)
        addresses = nodes if ranges else plus(demand.extra_addresses, nodes)
        given = demand.given(Home.NODE_SUBNET)
        length = prefix_for(addresses) if given is None else given
        kept = RESERVED_ADDRESSES.value
        ranges.append(Range(Home.NODE_SUBNET, shared, addresses, length, kept))
    return tuple(ranges)


def pod_ranges(
    model: NetworkModel, loads: tuple[Load, ...], demand: Demand
) -> tuple[Range, ...]:
    """The ranges that only pods live in: none, pod subnets, or one pod CIDR."""
    if model.home is Home.NODE_SUBNET:
        return ()
    apart = model.home is Home.POD_SUBNET
    groups = _grouped(loads, "pod_subnet") if apart else [loads]
    given = demand.given(model.home)
    return tuple(_pod_range(model, group, given) for group in groups if group)


def _pod_range(
    model: NetworkModel, loads: tuple[Load, ...], given: Count | None
) -> Range:
    addresses = total(times(each.peak, each.pod_cost) for each in loads)
    length = given
    if length is None:
        length = prefix_for(addresses, model.kept, model.largest, model.smallest)
    return Range(model.home, loads, addresses, length, model.kept)


def _grouped(loads: Iterable[Load], by: str) -> list[tuple[Load, ...]]:
    groups: dict[str | None, list[Load]] = {}
    for each in loads:
        groups.setdefault(getattr(each.pool, by), []).append(each)
    return [tuple(group) for group in groups.values()]
