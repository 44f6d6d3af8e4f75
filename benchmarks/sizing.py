"""Sizing many scenarios: against the memory's own speed, numpy, Python and netaddr."""

from __future__ import annotations

import numpy as np

from benchmarks.baselines import (
    Scenarios,
    netaddr_objects,
    numpy_int64,
    plain_python,
    scenarios,
)
from benchmarks.timing import Goal, extra_memory, in_turn, ratio
from ipplan import MODELS, Columns, Surge, size_columns

ROW_BYTES = 26
"""A scenario: 4 + 3 x 2 in and 1 for its model, 3 x 4 + 3 x 1 out. [bytes]"""

FLAT = "cni-node-subnet"
"""The model that the loops in plain Python and with netaddr size as well."""

HEADROOM = 16
"""Memory that streaming may take besides inputs and outputs. [MiB]"""


def columns(model: str, given: Scenarios, out: Columns | None = None) -> Columns:
    """The six columns of one model's scenarios."""
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


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    count, few, rounds = (50_000, 5_000, 3) if quick else (1_000_000, 100_000, 15)
    many, rows = Grouped(count), scenarios(few)
    out = columns(FLAT, rows)
    source = np.ones(count * ROW_BYTES // 2, np.uint8)
    target = np.empty_like(source)
    memory_speed = in_turn(
        {"ipplan": many.size, "memcpy": lambda: np.copyto(target, source)}, rounds
    )
    straight = in_turn(
        {"ipplan": many.size, "numpy": many.size_with_numpy}, min(rounds, 7)
    )
    small = in_turn(
        {
            "ipplan": lambda: columns(FLAT, rows, out),
            "python": lambda: plain_python(rows),
            "netaddr": lambda: netaddr_objects(rows),
        },
        min(rounds, 7),
    )
    memory = extra_memory(many.size) / 2**20
    return [
        Goal(
            f"sizing {count:,} rows / memcpy",
            ratio(memory_speed, "ipplan", "memcpy"),
            7,
        ),
        Goal(
            f"numpy int64 / sizing {count:,} rows", ratio(straight, "numpy", "ipplan")
        ),
        Goal(
            f"netaddr / sizing {few:,} rows",
            ratio(small, "netaddr", "ipplan"),
            250,
            least=True,
        ),
        Goal(
            f"Python / sizing {few:,} rows",
            ratio(small, "python", "ipplan"),
            30,
            least=True,
        ),
        Goal("sizing, extra memory [MiB]", memory, HEADROOM),
    ]
