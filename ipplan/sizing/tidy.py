"""Sizings as tidy columns: a row a model and scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.sizing.growth import Bound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.sizing.sizings import Sizing


def tidy(plan: Mapping[str, Sizing]) -> dict[str, list[Any]]:
    """Columns with a row a model and scenario; ``None`` where there is no answer.

    Examples
    --------
    >>> from ipplan.sizing.plans import size
    >>> tidy(size(300, 30, model=["kubenet"]))["grows_to_nodes"]
    [363]
    """
    columns: dict[str, list[Any]] = {}
    for name, sizing in plan.items():
        for column, value in _tidy(name, sizing).items():
            columns.setdefault(column, []).extend(value)
    return columns


def _tidy(name: str, sizing: Sizing) -> dict[str, list[Any]]:
    import numpy as np

    load = sizing.loads[0] if len(sizing.loads) == 1 else None
    subnet = sizing.node_subnets[0] if len(sizing.node_subnets) == 1 else None
    pods = sizing.pod_ranges[0] if len(sizing.pod_ranges) == 1 else None
    bound = sizing.grows_to.bound_by
    given = {
        "nodes": sizing.nodes,
        "surge_nodes": sizing.surge_nodes,
        "max_pods": load and load.max_pods,
        "node_subnet_prefix_length": subnet and _none(subnet.length),
        "node_subnet_addresses": subnet and subnet.addresses,
        "node_subnet_free": subnet and subnet.free,
        "pod_range_kind": pods and str(pods.kind.value),
        "pod_range_prefix_length": pods and _none(pods.length),
        "pod_range_addresses": pods and pods.addresses,
        "pod_range_free": pods and pods.free,
        "vnet_addresses": sizing.vnet_addresses,
        "grows_to_nodes": sizing.grows_to.nodes,
        "grows_to_bound_by": bound
        if bound is None or isinstance(bound, str)
        else _names(bound),
        "feasible": None if sizing.unknown else sizing.feasible,
    }
    cells = {key: np.asarray(value, dtype=object) for key, value in given.items()}
    whole = np.broadcast_shapes(*(cell.shape for cell in cells.values()))
    spread = {k: np.broadcast_to(v, whole).ravel().tolist() for k, v in cells.items()}
    return {"model": [name] * len(spread["nodes"]), **spread}


def _none(length: Any) -> Any:
    import numpy as np

    return np.where(np.equal(length, 0), None, length)


def _names(codes: Any) -> Any:
    import numpy as np

    return np.array([str(bound) for bound in Bound], dtype=object)[codes]
