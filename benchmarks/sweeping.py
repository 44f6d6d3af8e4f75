"""Sweeps: a thousand million cells by break points, rows a second, and memory."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks.timing import Goal, agree, extra_memory, in_turn, peer, ratio
from ipplan.sweeps.sweeps import Sweep, sweep

if TYPE_CHECKING:
    from collections.abc import Mapping

BILLION: dict[str, Any] = {
    "nodes": "1:5000",
    "max_pods": "10:250",
    "max_surge": "1,10%,33%",
    "growth": "0:55%:1%",
}
"""Axes of 1,012,200,000 cells for five models."""

PART: dict[str, Any] = {
    "nodes": "1:5000:50",
    "max_pods": "10:250:24",
    "max_surge": "1,10%,33%",
}
"""Axes of a grid that can be walked cell by cell."""

SAME = ("nodes", "max_pods", "peak_nodes", "node_subnet_addresses", "feasible")
"""Columns that the straightforward frame has as well."""

RSS = """
import sys
from pathlib import Path
from ipplan.sweeps.sweeps import sweep
from ipplan.writers import write_sweep
nodes = f"1:{int(sys.argv[2]) // 20}"
write_sweep(sweep(nodes=nodes, max_pods=[30, 60, 110, 250]), sys.argv[1])
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""
"""A process that writes a sweep, and says what it took at most. [KiB]"""


def billion_goals(axes: Mapping[str, Any], rounds: int) -> list[Goal]:
    """S4: the aggregate of so many cells, in seconds and in memory."""
    found = sweep(**axes)
    seconds = in_turn({"summary": found.summary}, rounds)
    memory = extra_memory(found.summary) / 2**20
    what = f"summary of {found.cells:,} cells by break points"
    return [
        Goal("S4", f"{what} [s]", statistics.median(seconds["summary"]), 5),
        Goal("S4", f"{what}, extra memory [MiB]", memory, 16),
    ]


def same_answer() -> None:
    """Compare a summary by break points with one that looks at every cell."""
    quickly, slowly = (
        sweep(**PART, where=where).summary() for where in (None, "nodes >= 1")
    )
    agree("summaries", quickly.models, slowly.models)


def walked(found: Sweep) -> int:
    """Rows of a sweep, chunk by chunk; none of them is kept."""
    return sum(len(rows["nodes"]) for rows in found.chunks())


def with_pandas(nodes: int, densities: list[int]) -> pd.DataFrame:
    """The same cells of one model in a frame, a line a formula."""
    index = pd.MultiIndex.from_product(
        [np.arange(1, nodes + 1), densities], names=["nodes", "max_pods"]
    )
    frame = index.to_frame(index=False)
    surge = -(-frame["nodes"] // 10)
    frame["peak_nodes"] = frame["nodes"] + surge
    frame["node_subnet_addresses"] = frame["peak_nodes"] * (1 + frame["max_pods"])
    frame["feasible"] = (
        (frame["peak_nodes"] <= 5000)
        & (frame["node_subnet_addresses"] <= 65_536)
        & (frame["nodes"] * frame["max_pods"] >= 30)
    )
    return frame


def throughput_goals(count: int, rounds: int) -> list[Goal]:
    """Rows a second of every usual column, and against a frame of pandas."""
    densities = [30, 60, 110, 250]
    usual = sweep(nodes=f"1:{count // 20}", max_pods=densities)
    alike = sweep(
        nodes=f"1:{count // 4}",
        max_pods=densities,
        model="cni-node-subnet",
        columns=SAME,
    )
    filtered = sweep(nodes=f"1:{count // 20}", max_pods=densities, where="feasible")
    frame = with_pandas(count // 4, densities)
    agree(
        "needs", *(int(each["node_subnet_addresses"].sum()) for each in (alike, frame))
    )
    agree("feasible", *(int(each["feasible"].sum()) for each in (alike, frame)))
    seconds = in_turn(
        {
            "usual": lambda: walked(usual),
            "alike": lambda: walked(alike),
            "streamed": filtered.summary,
            "pandas": lambda: with_pandas(count // 4, densities),
        },
        rounds,
    )
    taken = statistics.median(seconds["usual"])
    values = usual.cells * len(usual.columns)
    streamed = statistics.median(seconds["streamed"])
    return [
        Goal("", "sweep, million rows a second", usual.cells / taken / 1e6),
        Goal(
            "",
            f"sweep of {len(usual.columns)} columns, a value [ns]",
            taken / values * 1e9,
        ),
        Goal(
            "",
            "sweep, summary of each filtered cell [ns]",
            streamed / usual.cells * 1e9,
        ),
        Goal(
            "",
            f"pandas, a line a formula / sweep of {count:,} rows",
            ratio(seconds, "pandas", "alike"),
        ),
        Goal(
            "",
            f"sweep of {count:,} rows, memory [MiB]",
            extra_memory(lambda: walked(usual)) / 2**20,
        ),
    ]


def written(count: int) -> float:
    """Memory that a process takes to write so many rows as Parquet. [MiB]."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-c", RSS, str(Path(folder) / "rows.parquet")]
        done = subprocess.run(
            [*words, str(count)], check=True, capture_output=True, text=True
        )
    return int(done.stdout) / 2**10


def parquet_goals(count: int, rounds: int) -> list[Goal]:
    """Parquet files: nanoseconds a row, and the memory of a process that writes one."""
    if peer("pyarrow", "Parquet files of sweeps") is None:
        return []
    from ipplan.writers import write_sweep

    found = sweep(nodes=f"1:{count // 20}", max_pods=[30, 60, 110, 250])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        seconds = in_turn({"write": lambda: write_sweep(found, path)}, rounds)
    taken = statistics.median(seconds["write"]) / count * 1e9
    goals = [Goal("", f"Parquet of {count:,} rows, a row [ns]", taken)]
    if Path("/proc/self/status").exists():
        goals += [
            Goal("", f"Parquet of {rows:,} rows, resident [MiB]", written(rows), 300)
            for rows in (count // 10, count)
        ]
    return goals


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    same_answer()
    if quick:
        return [
            *billion_goals(PART, 1),
            *throughput_goals(20_000, 1),
            *parquet_goals(20_000, 1),
        ]
    return [
        *billion_goals(BILLION, 5),
        *throughput_goals(1_000_000, 7),
        *parquet_goals(10_000_000, 1),
    ]
