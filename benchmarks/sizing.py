"""Sizing many scenarios: against the memory's own speed, numpy, Python and netaddr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.baselines import (
    Scenarios,
    netaddr_objects,
    numpy_int64,
    pandas_columns,
    plain_python,
    scenarios,
)
from benchmarks.timing import Goal, agree, extra_memory, in_turn, ratio
from ipplan import MODELS, Columns, Surge, size_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ROW_BYTES = 26
"""A scenario: 4 + 3 x 2 in and 1 for its model, 3 x 4 + 3 x 1 out. [bytes]"""

FLAT = "cni-node-subnet"
"""The model that the loops in plain Python and with netaddr size as well."""

HEADROOM = 16
"""Memory that streaming may take besides inputs and outputs. [MiB]"""


def columns(model: Any, given: Scenarios, out: Columns | None = None) -> Columns:
    """The six columns of scenarios of one model, or of one for each."""
    return size_columns(
        given.nodes,
        given.max_pods,
        model=model,
        max_surge=Surge(percent=given.surge),
        pods_per_node=given.pods_per_node,
        out=out,
    )


class Grouped:
    """Scenarios in as many groups as there are models, and room for their columns."""

    def __init__(self, count: int) -> None:
        self.parts = dict.fromkeys(MODELS, scenarios(count // len(MODELS)))
        self.out = {name: columns(name, part) for name, part in self.parts.items()}

    def size(self) -> None:
        """Size every group."""
        for name, part in self.parts.items():
            columns(name, part, self.out[name])

    def size_with_numpy(self) -> None:
        """Do the same with straightforward numpy."""
        for name, part in self.parts.items():
            numpy_int64(name, part)


def copying(count: int) -> Callable[[], object]:
    """Copy as many bytes as so many scenarios read and write."""
    source = np.ones(count * ROW_BYTES // 2, np.uint8)
    target = np.empty_like(source)
    return lambda: np.copyto(target, source)


def mixture(count: int) -> NDArray[np.uint8]:
    """A model for each scenario, by its position."""
    random = np.random.default_rng(seed=401)
    return random.integers(0, len(MODELS), count, dtype=np.uint8)


def speed_goals(count: int, rounds: int) -> list[Goal]:
    """S1 and S2: grouped by model and mixed, against memcpy of the same bytes."""
    grouped, given, models = Grouped(count), scenarios(count), mixture(count)
    out = columns(models, given)
    seconds = in_turn(
        {
            "grouped": grouped.size,
            "mixed": lambda: columns(models, given, out),
            "memcpy": copying(count),
        },
        rounds,
    )
    return [
        Goal(
            "S1",
            f"sizing {count:,} rows grouped by model / memcpy",
            ratio(seconds, "grouped", "memcpy"),
            7,
        ),
        Goal(
            "S2",
            f"sizing {count:,} rows of mixed models / memcpy",
            ratio(seconds, "mixed", "memcpy"),
            20,
        ),
    ]


def numpy_goals(count: int, rounds: int) -> list[Goal]:
    """What S2 wants reported: against a line a formula in numpy and in pandas."""
    grouped = Grouped(count)
    rows = scenarios(count)
    ours, out = columns(FLAT, rows), columns(FLAT, rows)
    for name in ("cni-overlay", FLAT, "cni-dynamic"):
        found, theirs = columns(name, rows), numpy_int64(name, rows)
        agree(name, *(int(each[0].sum()) for each in (found, theirs)))
        agree(name, *(int(each[1].sum()) for each in (found, theirs)))
    frame = pandas_columns(rows)
    agree("pandas", int(ours.node_addresses.sum()), int(frame["need"].sum()))
    seconds = in_turn(
        {"ipplan": grouped.size, "numpy": grouped.size_with_numpy}, rounds
    )
    flat = in_turn(
        {
            "ipplan": lambda: columns(FLAT, rows, out),
            "pandas": lambda: pandas_columns(rows),
        },
        rounds,
    )
    return [
        Goal(
            "",
            f"numpy int64, a line a formula / sizing {count:,} rows",
            ratio(seconds, "numpy", "ipplan"),
        ),
        Goal(
            "",
            f"pandas, a line a formula / sizing {count:,} rows, {FLAT}",
            ratio(flat, "pandas", "ipplan"),
        ),
    ]


def object_goals(count: int, rounds: int) -> list[Goal]:
    """S3: against a loop in plain Python, and an object of netaddr for each row."""
    rows = scenarios(count)
    out = columns(FLAT, rows)
    needs = [need for need, *_ in plain_python(rows)]
    agree("needs", needs, out.node_addresses.tolist())
    seconds = in_turn(
        {
            "ipplan": lambda: columns(FLAT, rows, out),
            "python": lambda: plain_python(rows),
            "netaddr": lambda: netaddr_objects(rows),
        },
        rounds,
    )
    return [
        Goal(
            "S3",
            f"{words} / sizing {count:,} rows",
            ratio(seconds, side, "ipplan"),
            limit,
            least=True,
        )
        for side, words, limit in (
            ("python", "plain Python", 30),
            ("netaddr", "an object of netaddr a row", 250),
        )
    ]


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    count, few, rounds = (50_000, 5_000, 1) if quick else (1_000_000, 100_000, 15)
    memory = extra_memory(Grouped(count).size) / 2**20
    return [
        *speed_goals(count, rounds),
        *([] if quick else speed_goals(10_000_000, 7)),
        *numpy_goals(count, min(rounds, 7)),
        *object_goals(few, min(rounds, 7)),
        Goal("", f"sizing {count:,} rows, extra memory [MiB]", memory, HEADROOM),
    ]
