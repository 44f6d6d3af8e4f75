"""fit(): how many nodes, pods or surge nodes given ranges hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from ipplan.counts import Count, Mask, choose, is_array, keep, least, most, times
from ipplan.errors import ArgumentError
from ipplan.inventory import DEFAULT_SURGE
from ipplan.limits import MAX_MAX_PODS, MIN_MAX_PODS
from ipplan.models import models_named
from ipplan.prefixes import usable
from ipplan.sizing.arguments import count, demand_of
from ipplan.sizing.demands import widened
from ipplan.sizing.growth import Bound, peak_of
from ipplan.sizing.sizings import Sizing
from ipplan.surges import Surge, steady_nodes, surge_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ipplan.findings import Finding
    from ipplan.models import NetworkModel
    from ipplan.sizing.demands import Demand
    from ipplan.sizing.loads import Range


GIVEN = (
    "pod_subnet",
    "pod_cidr",
    "pods_per_node",
    "host_network_pods",
    "needs",
    "other_routes",
)
"""What fit() takes besides the arguments that it names."""

HALVINGS = (MAX_MAX_PODS.value - MIN_MAX_PODS.value).bit_length()
"""Steps in which halving finds one of the max pods that AKS allows."""


class Sought(NamedTuple):
    """What was looked for, and the most of it that fits.

    None (0 in arrays) where none does.
    """

    name: str
    value: Count | None


class Fit(NamedTuple):
    """What given ranges hold under one network model.

    Parameters
    ----------
    model : NetworkModel
        A row of :data:`ipplan.models.MODELS`.
    sizing : Sizing
        Of the most nodes that fit, or of those that were asked for.
    max_nodes : int or ndarray of int
        Most nodes that can still be upgraded; 0 where none can. [nodes]
    max_nodes_without_surge : int or ndarray of int
        Most nodes there is room for at once. [nodes]
    bound_by : str or ndarray of int
        What stops the next node; codes of :class:`Bound` in arrays.
    sought : Sought or None
        Max pods or surge, where the nodes were given.
    """

    model: NetworkModel
    sizing: Sizing
    max_nodes: Count
    max_nodes_without_surge: Count
    bound_by: Count | str
    sought: Sought | None

    @property
    def feasible(self) -> Mask | None:
        """Whether something fits that runs and can still be upgraded."""
        return self.sizing.feasible

    @property
    def max_pods_total(self) -> Count:
        """Pods that the most nodes run. [pods]."""
        load = self.sizing.loads[0]
        stated = load.pool.pods_per_node
        return times(self.max_nodes, load.max_pods if stated is None else stated)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules find in one scenario."""
        return self.sizing.findings


class Fits(Mapping[str, Fit]):
    """What given ranges hold under several models: a mapping of names to fits."""

    def __init__(self, fits: Sequence[Fit], demand: Demand) -> None:
        self.demand = demand
        self._fits = {each.model.name: each for each in fits}

    def __getitem__(self, name: str) -> Fit:
        """The fit of a model's name."""
        return self._fits[name]

    def __iter__(self) -> Iterator[str]:
        """The models' names."""
        return iter(self._fits)

    def __len__(self) -> int:
        """How many models were looked at."""
        return len(self._fits)


@overload
def fit(node_subnet: Any = ..., *, model: str, **given: Any) -> Fit: ...
@overload
def fit(
    node_subnet: Any = ..., *, model: list[str] | None = ..., **given: Any
) -> Fits: ...
def fit(
    node_subnet: Any = None,
    *,
    model: str | list[str] | None = None,
    nodes: Any = None,
    max_pods: Any = None,
    max_surge: Any = None,
    in_use: Any = 0,
    **given: Any,
) -> Fit | Fits:
    """Most nodes, max pods or surge that given ranges hold.

    Parameters
    ----------
    node_subnet : network or prefix length, or array of lengths
        ``"10.20.0.0/24"``, ``"/24"``, 24, a ``netaddr`` or ``ipaddress`` network.
    model : str or list of str
        Names of :data:`ipplan.models.MODELS`; all where it is left out.
    nodes : int or array of int, optional
        Given, max pods are sought, or surge where max pods are given too. [nodes]
    max_pods : int or array of int, optional
        10 to 250; each model's own default where it is left out. [pods/node]
    max_surge : int, str, Surge, or array of such, optional
        A count, or a percentage such as ``"33%"``; 10 % where it is left out.
    in_use : int or array of int
        Addresses of the node subnet that others use. [addresses]
    **given
        ``pod_subnet`` and ``pod_cidr``, as ``node_subnet``; ``pods_per_node``,
        ``host_network_pods``, ``needs`` and ``other_routes``, as :func:`ipplan.size`
        takes them. A range that is not given does not bound.

    Returns
    -------
    Fit or Fits
        A Fit for one name, else a mapping of names to Fits.

    Raises
    ------
    ArgumentError
        A ValueError that names the argument, the value and what is allowed.

    Examples
    --------
    Microsoft's own example: a /24 of Azure CNI runs 8 nodes of 30 pods.

    >>> found = fit("10.20.0.0/24", max_pods=30, max_surge=1, model="cni-node-subnet")
    >>> found.max_nodes, found.max_nodes_without_surge, found.bound_by
    (7, 8, 'node-subnet')
    >>> fit("/22", nodes=12, model="cni-node-subnet").sought
    Sought(name='max_pods', value=71)
    """
    for argument in given:
        if argument not in GIVEN:
            raise ArgumentError(argument, "given", f"fit takes {', '.join(GIVEN)}")
    wanted = None if nodes is None else count("nodes", nodes, 1)
    surge = DEFAULT_SURGE if max_surge is None else max_surge
    demand = demand_of(
        1 if wanted is None else wanted,
        max_pods,
        max_surge=surge,
        node_subnet=node_subnet,
        extra_addresses=count("in_use", in_use),
        **given,
    )
    demand = replace(widened(demand), open=True)
    if demand.node_subnet is demand.pod_subnet is demand.pod_cidr is None:
        raise ArgumentError(
            "node_subnet",
            "left out",
            "give it, or pod_subnet, or pod_cidr",
        )
    seek = None
    if wanted is not None and max_pods is None:
        seek = "max_pods"
    elif wanted is not None and max_surge is None:
        seek = "max_surge"
    names = models_named(model)
    fits = [_fit(row, demand, seek, asked=wanted is not None) for row in names]
    return fits[0] if isinstance(model, str) else Fits(fits, demand)


def _fit(model: NetworkModel, demand: Demand, seek: str | None, *, asked: bool) -> Fit:
    sought = None
    if seek == "max_pods":
        demand, most_pods = _with_most_pods(model, demand)
        sought = Sought(seek, most_pods)
    elif seek == "max_surge":
        demand, surge = _with_most_surge(model, demand)
        sought = Sought(seek, surge)
    peak, code = _peak(model, demand)
    surge_setting = demand.pools[0].surge
    steady = steady_nodes(peak, surge_setting)
    sizing = Sizing(model, demand if asked else _with(demand, nodes=most(steady, 1)))
    enough = Sizing(model, _with(demand, nodes=most(steady, 1))).broken
    fits = (steady > 0) & (enough == False)  # noqa: E712  # of arrays too
    return Fit(
        model=model,
        sizing=sizing,
        max_nodes=keep(steady, fits),
        max_nodes_without_surge=peak,
        bound_by=str(Bound(code)) if isinstance(code, int) else code,
        sought=sought,
    )


def _with(demand: Demand, **changes: Any) -> Demand:
    return replace(demand, pools=(replace(demand.pools[0], **changes),))


def _peak(model: NetworkModel, demand: Demand) -> tuple[Count, Count]:
    """Most nodes at once in the given ranges; the others do not bind."""

    def room(kept: Range) -> Count | None:
        given = demand.given(kept.kind)
        return None if given is None else usable(given, kept.kept)

    sizing = Sizing(model, demand)
    return peak_of(sizing, sizing.loads[0], room)


def _with_most_pods(model: NetworkModel, demand: Demand) -> tuple[Demand, Count | None]:
    """Halve 10 to 250 until the most pods a node are left for which the nodes fit."""
    pool = demand.pools[0]
    nodes = _nodes(demand)
    needed = nodes + surge_nodes(nodes, pool.surge)

    def fits(max_pods: Count) -> Mask:
        return _peak(model, _with(demand, max_pods=max_pods))[0] >= needed

    low: Count = MIN_MAX_PODS.value
    high: Count = MAX_MAX_PODS.value
    for _ in range(HALVINGS):
        middle = (low + high + 1) // 2
        enough = fits(middle)
        low, high = choose(enough, middle, low), choose(enough, high, middle - 1)
    found = keep(low, fits(low))
    return _with(demand, max_pods=low), _or_none(found)


def _with_most_surge(
    model: NetworkModel, demand: Demand
) -> tuple[Demand, Count | None]:
    """What the nodes leave of the most that fit at once, and no more than the nodes."""
    nodes = _nodes(demand)
    left = _peak(model, demand)[0] - nodes
    surge = least(most(left, 0), nodes)
    none = left < 0
    value = choose(none, 0, surge) if is_array(none) else None if none else surge
    return _with(demand, max_surge=Surge(surge)), value


def _nodes(demand: Demand) -> Count:
    nodes = demand.pools[0].nodes
    return 0 if nodes is None else nodes


def _or_none(found: Count) -> Count | None:
    return None if isinstance(found, int) and not found else found
