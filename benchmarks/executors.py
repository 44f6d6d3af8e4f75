"""Executors: from what size on it pays to work a sweep out in more than one place."""

from __future__ import annotations

import multiprocessing
import pickle
import statistics
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.timing import Goal, in_turn, ratio
from ipplan.sweeps.clusters import connected
from ipplan.sweeps.runs import Costs, in_order
from ipplan.sweeps.sweeps import Sweep, sweep
from ipplan.sweeps.tally import Counting, streamed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

SIZES = (10**5, 10**6, 10**7, 10**8)
"""Cells that are tried. [-]"""

MOST = {"rows": 10**7, "summary": 10**8}
"""Beyond it all sides only take longer, alike. [cells]"""


@contextmanager
def _executors() -> Iterator[dict[str, Executor]]:
    from distributed import LocalCluster

    spawned = multiprocessing.get_context("spawn")
    with (
        ThreadPoolExecutor(2) as threads,
        ProcessPoolExecutor(2, mp_context=spawned) as processes,
        LocalCluster(  # type: ignore[no-untyped-call]  # Dask has few types
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=":0",
        ) as cluster,
        connected(cluster.scheduler_address) as dask,
    ):
        # Two of each, and this process beside them.
        yield {"threads": threads, "processes": processes, "dask": dask}


def _asked(cells: int) -> Sweep:
    """A sweep of about so many cells under all models."""
    whole = sweep(max_pods="10:249", nodes="1", max_surge="1,10%,33%")
    nodes = max(1, cells // whole.cells)
    return sweep(max_pods="10:249", nodes=f"1:{nodes}", max_surge="1,10%,33%")


def _rows(asked: Sweep, executor: Executor | None, costs: Costs) -> None:
    for _ in in_order(asked.work, asked.grid.walk(), executor, costs):
        pass


def _summary(asked: Sweep, executor: Executor | None, costs: Costs) -> None:
    streamed(asked.work, executor, None, costs)


KINDS = {"rows": _rows, "summary": _summary}
"""What is asked of all of them."""


def _sent(asked: Sweep) -> list[Goal]:
    """What goes to a worker with each chunk."""
    span = asked.grid.spans()[0]
    parts = {
        "rows": asked.work.part(span),
        "summary": Counting(asked.work).part((span.start, span.stop)),
    }
    return [
        Goal("", f"sent with a chunk of {name} [kB]", len(pickle.dumps(each)) / 1e3)
        for name, each in parts.items()
    ]


def _compared(
    kind: str, cells: int, executors: dict[str, Executor], rounds: int
) -> list[Goal]:
    """One size: seconds here, others beside it, and what a chunk costs them besides."""
    asked = _asked(cells)
    costs = {who: Costs() for who in ("here", *executors)}
    sides = {
        who: partial(KINDS[kind], asked, executors.get(who), told)
        for who, told in costs.items()
    }
    seconds = in_turn(sides, rounds)
    what = f"{kind} of {asked.cells:,} cells"
    goals = [Goal("", f"{what} here [s]", statistics.median(seconds["here"]))]
    for who in executors:
        chunks = len(costs[who].seconds) / (rounds + 1)
        spent = statistics.median(seconds[who])
        goals += [
            Goal("", f"{what}, 2 {who} / here", ratio(seconds, who, "here")),
            Goal("", f"{what}, a chunk by 2 {who} [ms]", 1e3 * spent / chunks),
        ]
    return goals


def run(*, quick: bool) -> list[Goal]:
    """Measure; nothing is held to a limit, for it depends on what the workers are."""
    goals = _sent(_asked(10**7))
    with _executors() as executors:
        for kind, most in MOST.items():
            for cells in SIZES[:1] if quick else SIZES:
                if cells <= most:
                    rounds = 1 if quick or cells == SIZES[-1] else 3
                    goals += _compared(kind, cells, executors, rounds)
    return goals
