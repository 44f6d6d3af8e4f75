"""What a chart says of axes, and of what stops a model, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.features import Support
from ipplan.inventory import DEFAULT_SURGE
from ipplan.limits import CLUSTER_NODES
from ipplan.sizing.rules import ERRORS
from ipplan.sweeps.axes import SURGE
from ipplan.sweeps.columns import default_pods

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ipplan.sizing.sizings import Sizing
    from ipplan.sweeps.grids import Grid

_AXES = {
    "nodes": "{:,} nodes",
    "add_nodes": "{:,} nodes added",
    "growth": "growth of {} %",
    "growth_per_year": "growth of {:g} % a year",
    "months": "{} months of growth",
    "max_pods": "{} max pods",
    SURGE: "surge {}",
    "pods_per_node": "{} pods a node",
    "host_network_pods": "{} host-network pods a node",
    "extra_addresses": "{:,} other addresses in the node subnet",
    "node_subnet": "a /{} node subnet",
    "pod_subnet": "a /{} pod subnet",
    "pod_cidr": "a /{} pod CIDR",
}

_GROWING = {"add_nodes", "growth", "growth_per_year", "months"}

_UNEQUAL = "Pods a node are not equal: give max pods to compare models."
_BEFORE = "Nodes are counted before they grow."
_ONCE = "Nodes are those of one of the two copies."

_LIMITED = {
    "kubenet-route-limit": "routes, surge included",
    "vnet-address-limit": "addresses a VNet",
    "cluster-node-limit": "nodes a cluster with surge",
}

_SUMMARIES = {rule.name: rule.summary for rule in ERRORS}


def told(grid: Grid, name: str, value: Any) -> str:
    """A value of an axis in words; of the surge, the code of its label."""
    if name == SURGE and grid.surges is not None:
        value = grid.surges.labels[int(value)].replace("%", " %")
    return _AXES[name].format(value)


def fixed_words(grid: Grid, fixed: Mapping[str, Any], moving: Iterable[str]) -> str:
    """What does not vary, and what is assumed where nothing was given."""
    parts = [told(grid, name, value) for name, value in fixed.items()]
    known = {*fixed, *moving}
    if "max_pods" not in known:
        each = [f"{row.default_max_pods.value} {row.name}" for row in grid.models]
        parts.append(f"max pods by default ({', '.join(each)})")
    if SURGE not in known:
        parts.append(f"surge {DEFAULT_SURGE} (AKS's default)".replace("%", " %"))
    if "pods_per_node" not in known:
        parts.append("full nodes")
    parts += [f"needs {need}" for need in needs_of(grid)]
    if grid.constants.get("blue_green"):
        parts.append("every pool twice (blue/green)")
    if grid.constants.get("other_routes"):
        parts.append(f"{grid.constants['other_routes']} other routes")
    return ", ".join(parts)


def left_out(
    grid: Grid, fixed: Mapping[str, Any], panels: Iterable[str] = ()
) -> list[str]:
    """A sentence for each thing that a picture does not show and one must know."""
    return [
        *(
            f"Of {each.size:,} values of {', '.join(each.names)} the first is shown."
            for each in grid.dimensions
            if each.size > 1 and set(each.names) <= set(fixed)
        ),
        *([_UNEQUAL] if len(default_pods(grid)) > 1 else []),
        *([_BEFORE] if _GROWING & {*fixed, *panels} else []),
        *([_ONCE] if grid.constants.get("blue_green") else []),
        *(
            f"Microsoft's pages do not say whether {row.name} has {need}."
            for need in needs_of(grid)
            for row in grid.models
            if row.support(need) is Support.UNKNOWN
        ),
    ]


def needs_of(grid: Grid) -> list[str]:
    """The features that were asked for."""
    needs = grid.constants.get("needs", ())
    return [needs] if isinstance(needs, str) else list(needs)


def stop(rule: str, sizing: Sizing, at: int) -> str:
    """What a rule says of a number of nodes, in the words of a label."""
    model = sizing.model
    if rule == "range-too-small":
        return _full(sizing, at)
    if rule == "no-pod-range-fits":
        return f"the largest {model.home.words}, a /{model.largest}, is full"
    limit = {
        "kubenet-route-limit": model.route_limit,
        "vnet-address-limit": model.vnet_limit,
        "cluster-node-limit": CLUSTER_NODES,
    }.get(rule)
    if limit:
        return f"{limit.value:,} {_LIMITED[rule]}"
    summary = _SUMMARIES[rule].removesuffix(".")
    return summary[0].lower() + summary[1:]


def _full(sizing: Sizing, at: int) -> str:
    """The range that so many nodes do not fit in."""
    import numpy as np

    def one(cells: Any) -> Any:
        return np.broadcast_to(cells, np.shape(sizing.nodes))[at]

    full = next(each for each in sizing.ranges if one(each.addresses > each.capacity))
    return f"the /{one(full.length)} {full.kind.words} is full"


def listed(names: Iterable[str]) -> str:
    """Names with commas and an "and".

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
