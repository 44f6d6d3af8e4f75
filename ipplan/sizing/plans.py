"""size(): one demand under one network model, or under all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from ipplan.errors import ArgumentError
from ipplan.inventory import DEFAULT_SURGE, NodePool
from ipplan.limits import MAX_MAX_PODS
from ipplan.models import MODELS, NetworkModel, Standing, model_named
from ipplan.prefixes import network
from ipplan.sizing.demands import (
    CLUSTER,
    Demand,
    arrays_of,
    broadcast,
    check_pools,
    count,
    given_length,
    grown,
    max_pods_count,
    needs_of,
)
from ipplan.sizing.sizings import Sizing
from ipplan.surges import Surge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray


class Recommendation(NamedTuple):
    """The model to take, and the models that it was preferred to."""

    best: Sizing
    others: tuple[Sizing, ...]


class Plan(Mapping[str, Sizing]):
    """One demand under several network models: a mapping of names to sizings.

    Parameters
    ----------
    demand : Demand
        What must be carried.
    models : iterable of NetworkModel
        Rows of :data:`ipplan.models.MODELS`.
    """

    def __init__(self, demand: Demand, models: Iterable[NetworkModel]) -> None:
        self.demand = demand
        self._sizings = {model.name: Sizing(model, demand) for model in models}

    def __getitem__(self, name: str) -> Sizing:
        """The sizing of a model's name."""
        return self._sizings[name]

    def __iter__(self) -> Iterator[str]:
        """The models' names."""
        return iter(self._sizings)

    def __len__(self) -> int:
        """How many models were sized."""
        return len(self._sizings)

    def __repr__(self) -> str:
        """The table that the command line prints."""
        from ipplan.tables import text_table

        return text_table(self.columns())

    def _repr_html_(self) -> str:
        from ipplan.tables import html_table

        return html_table(self.columns())

    @property
    def recommendation(self) -> Recommendation | None:
        """What Microsoft favours among the feasible, then the fewest VNet addresses.

        None where nothing is feasible; for plans of one scenario only.
        """
        order = list(Standing)
        ranked = sorted(
            (each for each in self.values() if each.feasible),
            key=lambda each: (order.index(each.model.standing), each.vnet_addresses),
        )
        return Recommendation(ranked[0], tuple(ranked[1:])) if ranked else None

    def columns(self) -> dict[str, list[Any]]:
        """Tidy columns: a row a model and scenario, units in the names' docstrings.

        Returns
        -------
        dict of str to list, shape (models · scenarios,)
            Nodes, prefixes and addresses as ``docs/library.md`` lists them; what
            takes any of pandas, polars or Arrow.

        Examples
        --------
        >>> import ipplan
        >>> ipplan.size([10, 20], 30, model=["kubenet"]).columns()["nodes"]
        [10, 20]
        """
        from ipplan.sizing.columns import tidy

        return tidy(self)

    def to_pandas(self) -> pd.DataFrame:
        """The columns as a pandas frame; pandas must be installed.

        Examples
        --------
        >>> import ipplan
        >>> ipplan.size([10, 20], 30).to_pandas().shape[0]
        10
        """
        import pandas as pd

        return pd.DataFrame(self.columns())


@overload
def size(
    nodes: Any = ..., max_pods: Any = ..., *, model: str, **demand: Any
) -> Sizing: ...
@overload
def size(
    nodes: Any = ...,
    max_pods: Any = ...,
    *,
    model: Sequence[str] | None = ...,
    **demand: Any,
) -> Plan: ...
def size(
    nodes: int | NDArray[Any] | Sequence[int] | None = None,
    max_pods: int | NDArray[Any] | Sequence[int] | None = None,
    *,
    model: str | Sequence[str] | None = None,
    **demand: Any,
) -> Sizing | Plan:
    """Addresses that AKS clusters take, under one network model or under all.

    Parameters
    ----------
    nodes : int or array of int, shape (...,)
        A cluster's nodes in all, 1 to 2³² − 1; ``pools`` names them one by one
        instead. [nodes]
    max_pods : int or array of int, broadcast with nodes
        10 to 250; each model's own default where it is left out. [pods/node]
    model : str or sequence of str
        Names of :data:`ipplan.models.MODELS`; all where it is left out.
    **demand
        What :func:`ipplan.sizing.demand` takes: ``max_surge``, ``add_nodes``,
        ``growth``, ``pods_per_node``, ``host_network_pods``, ``extra_addresses``,
        ``pools``, ``blue_green``, ``needs``, ``other_routes``, ``node_subnet``,
        ``pod_subnet``, ``pod_cidr``, ``vnet_free``, ``pods``, ``unknown``.

    Returns
    -------
    Sizing or Plan
        A Sizing for one name, else a Plan: a mapping of names to Sizings.

    Raises
    ------
    ArgumentError
        A ValueError that names the argument, the value and what is allowed.

    References
    ----------
    Each model's ``source``.

    Examples
    --------
    Microsoft's own example: 50 nodes and one more for upgrades take 1,581 addresses.

    >>> size(50, 30, max_surge=1, model="cni-node-subnet").vnet_addresses
    1581
    >>> plan = size(300, 30)
    >>> plan["cni-overlay"].node_subnets[0].prefix_length
    23
    """
    carried = demand_of(nodes, max_pods, **demand)
    if isinstance(model, str):
        return Sizing(model_named(model), carried)
    names = MODELS if model is None else model
    return Plan(carried, [model_named(name) for name in names])


def demand_of(
    nodes: Any = None,
    max_pods: Any = None,
    *,
    max_surge: Any = DEFAULT_SURGE,
    add_nodes: Any = 0,
    growth: Any = 0,
    pods_per_node: Any = None,
    host_network_pods: Any = 0,
    extra_addresses: Any = 0,
    pools: Sequence[NodePool] = (),
    blue_green: bool = False,
    needs: Sequence[str] = (),
    other_routes: int = 0,
    node_subnet: Any = None,
    pod_subnet: Any = None,
    pod_cidr: Any = None,
    vnet_free: Sequence[Any] = (),
    pods: int | None = None,
    unknown: Sequence[str] = (),
) -> Demand:
    """Check what must be carried, and bring its arrays to one shape.

    Parameters
    ----------
    nodes, max_pods : int or array of int
        As :func:`size` takes them; they go without ``pools``.
    max_surge : int, str, Surge, or array of such
        A count, or a percentage such as ``"33%"``.
    add_nodes : int or array of int
        Nodes to be added to ``nodes``. [nodes]
    growth : int or array of int
        Growth of ``nodes``, or of each pool, rounded up. [%]
    pods_per_node : int or array of int, optional
        Pods on a node that need an address; it changes ``cni-dynamic`` alone.
    host_network_pods : int or array of int
        Pods on a node that use the node's address; likewise. [pods/node]
    extra_addresses : int or array of int
        Load balancer front ends, private endpoints and others in the node subnet.
    pools : sequence of NodePool
        Node pools one by one, in place of ``nodes``.
    blue_green : bool
        Whether a rotation runs every pool twice.
    needs : sequence of str
        Names of :data:`ipplan.models.FEATURES`.
    other_routes : int
        Routes of the kubenet route table that are not a node's.
    node_subnet, pod_subnet, pod_cidr : network or prefix length, optional
        Ranges that exist already; the others are chosen.
    vnet_free : sequence of network
        Free address space: text, ``netaddr`` or ``ipaddress`` objects.
    pods : int, optional
        Pods in all, to be compared with a cluster's ceiling.
    unknown : sequence of str
        What can't be known of the demand.

    Raises
    ------
    ArgumentError
        For anything that is none of these.

    Examples
    --------
    >>> demand_of(50, add_nodes=10).pools[0].nodes
    60
    """
    stated = _stated_pools(nodes, max_pods, pools, add_nodes)
    growing = count("growth", growth)
    more = count("add_nodes", add_nodes)
    cap = MAX_MAX_PODS.value
    carrying = {
        "max_surge": Surge.parse(max_surge),
        "pods_per_node": None
        if pods_per_node is None
        else count("pods_per_node", pods_per_node, 0, cap),
        "host_network_pods": count("host_network_pods", host_network_pods, 0, cap),
    }
    made = tuple(
        replace(
            pool,
            nodes=None if pool.nodes is None else grown(pool.nodes, more, growing),
            copies=2 if blue_green else 1,
            **({} if pools else carrying),
        )
        for pool in stated
    )
    demand = Demand(
        pools=made,
        extra_addresses=count("extra_addresses", extra_addresses),
        needs=needs_of(needs),
        other_routes=int(count("other_routes", other_routes)),
        node_subnet=given_length("node_subnet", node_subnet),
        pod_subnet=given_length("pod_subnet", pod_subnet),
        pod_cidr=given_length("pod_cidr", pod_cidr),
        vnet_free=tuple(vnet_free),
        pods=None if pods is None else int(count("pods", pods, 1)),
        unknown=tuple(unknown),
    )
    for block in vnet_free:
        network(block, "vnet_free")
    if vnet_free and arrays_of(demand):
        raise ArgumentError("vnet_free", "with arrays", "one scenario at a time")
    return broadcast(demand)


def _stated_pools(
    nodes: Any, max_pods: Any, pools: Sequence[NodePool], add_nodes: Any
) -> tuple[NodePool, ...]:
    if pools and nodes is not None:
        raise ArgumentError("nodes", nodes, "goes without pools, which have their own")
    if pools and isinstance(add_nodes, int) and add_nodes:
        raise ArgumentError("add_nodes", add_nodes, "goes with nodes, not with pools")
    if pools:
        return check_pools(pools)
    if nodes is None:
        return ()
    return (
        NodePool(
            CLUSTER,
            count("nodes", nodes, 1),
            None if max_pods is None else max_pods_count(max_pods),
            literal=False,
        ),
    )
