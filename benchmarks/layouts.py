"""Laying out: a whole command, from a plan of 10,000 subnets to the table."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.startup import process
from benchmarks.timing import Goal, in_turn

LENGTHS = (29, 28, 27, 26, 25, 24)


def write(folder: Path, vnets: int, subnets: int) -> str:
    """A plan of so many subnets, of mixed sizes, shared out among so many VNets."""
    lines = ["ipplan: 1", "networks:"]
    for vnet in range(vnets):
        lines += [f"  - name: spoke-{vnet:03}", "    subnets:"]
        lines += [
            f"      - {{name: subnet-{each:03}, prefix: /{LENGTHS[each % 6]}}}"
            for each in range(subnets // vnets)
        ]
    path = folder / "plan.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goal."""
    vnets, subnets = (5, 50) if quick else (100, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        plan = write(Path(folder), vnets, subnets)
        words = [sys.executable, "-m", "ipplan", "layout", plan, "--fail-on", "never"]
        process(*words)  # which writes the lock
        seconds = in_turn(
            {
                "new": lambda: process(*words, "--no-lock"),
                "locked": lambda: process(*words),
            },
            1 if quick else 7,
        )
    name = f"ipplan layout of {subnets:,} subnets in {vnets} VNets"
    new, locked = (statistics.median(seconds[each]) for each in ("new", "locked"))
    return [
        Goal("", f"{name} [s]", new, 3),
        Goal("", f"{name}, kept by its lock [s]", locked, 3),
    ]
