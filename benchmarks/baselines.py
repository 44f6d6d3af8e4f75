"""What a user would write instead: numpy, pandas, plain Python, netaddr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from netaddr import IPNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Scenarios(NamedTuple):
    """Scenarios in narrow integers: 10 bytes and a model a row."""

    nodes: NDArray[np.int32]
    max_pods: NDArray[np.int16]
    surge: NDArray[np.int16]
    pods_per_node: NDArray[np.int16]


def scenarios(count: int) -> Scenarios:
    """Make scenarios that never change from run to run."""
    random = np.random.default_rng(seed=400)
    max_pods = random.integers(10, 251, count, dtype=np.int16)
    return Scenarios(
        random.integers(1, 5000, count, dtype=np.int32),
        max_pods,
        random.integers(0, 51, count, dtype=np.int16),
        np.minimum(random.integers(0, 251, count, dtype=np.int16), max_pods),
    )


def numpy_int64(model: str, given: Scenarios) -> tuple[Any, ...]:
    """The same six columns in one go with 64-bit integers, a line a formula."""
    nodes, max_pods, surge, ppn = (column.astype(np.int64) for column in given)
    peak = nodes + np.minimum(nodes, -(-nodes * surge // 100))
    pods = np.minimum(max_pods, ppn)
    block = {
        "kubenet": np.full_like(nodes, 256),
        "cni-overlay": np.full_like(nodes, 256),
        "cni-node-subnet": np.zeros_like(nodes),
        "cni-dynamic": 16 * -(-(pods + 8) // 16),
        "cni-static-block": 16 * -(-(max_pods + 1) // 16),
    }[model]
    flat = model == "cni-node-subnet"
    node_need = peak * (1 + max_pods) if flat else peak
    pod_need = peak * block
    kept = {"kubenet": 0, "cni-overlay": 0, "cni-static-block": 32}.get(model, 5)
    node_prefix = np.minimum(32 - np.ceil(np.log2(node_need + 5)).astype(np.int64), 29)
    pod_prefix = 32 - np.ceil(np.log2(np.maximum(pod_need + kept, 1))).astype(np.int64)
    most = 400 if model == "kubenet" else 5000
    feasible = (peak <= most) & (nodes * max_pods >= 30) & (ppn <= max_pods)
    if model in ("cni-node-subnet", "cni-dynamic"):
        feasible &= node_need + pod_need <= 65_536
    return peak, node_need, pod_need, node_prefix, pod_prefix, feasible


def pandas_columns(given: Scenarios) -> pd.DataFrame:
    """Node-subnet sizing in columns of a frame."""
    frame = pd.DataFrame(given._asdict()).astype("int64")
    surge = -(-frame["nodes"] * frame["surge"] // 100)
    frame["peak"] = frame["nodes"] + surge.clip(upper=frame["nodes"])
    frame["need"] = frame["peak"] * (1 + frame["max_pods"])
    bits = np.ceil(np.log2(frame["need"] + 5)).astype("int64")
    frame["prefix"] = (32 - bits).clip(upper=29)
    frame["feasible"] = (
        (frame["peak"] <= 5000)
        & (frame["need"] <= 65_536)
        & (frame["nodes"] * frame["max_pods"] >= 30)
    )
    return frame


def plain_python(given: Scenarios) -> list[tuple[int, int, bool]]:
    """Node-subnet sizing with a loop over whole numbers."""
    found = []
    rows = zip(*(column.tolist() for column in given[:3]), strict=True)
    for nodes, max_pods, surge in rows:
        peak = nodes + min(nodes, -(-nodes * surge // 100))
        need = peak * (1 + max_pods)
        prefix = min(32 - (need + 4).bit_length(), 29)
        fits = peak <= 5000 and need <= 65_536 and nodes * max_pods >= 30
        found.append((need, prefix, fits))
    return found


def netaddr_objects(given: Scenarios) -> list[bool]:
    """Node-subnet sizing with one netaddr network a row to hold what it needs."""
    found = []
    rows = zip(*(column.tolist() for column in given[:3]), strict=True)
    for nodes, max_pods, surge in rows:
        peak = nodes + min(nodes, -(-nodes * surge // 100))
        need = peak * (1 + max_pods)
        subnet = IPNetwork(f"10.0.0.0/{min(32 - (need + 4).bit_length(), 29)}")
        found.append(subnet.size - 5 >= need and peak <= 5000)
    return found
