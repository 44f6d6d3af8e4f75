"""Reading: a big estate as az lists it, against the standard library's decoder."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

from benchmarks.estates import write
from benchmarks.timing import Goal, extra_memory, in_turn, ratio
from ipplan.readers.estates import read_inventory


def decoded(files: list[str]) -> list[Any]:
    """What the standard library makes of the same files."""
    return [json.loads(Path(file).read_bytes()) for file in files]


def decoded_memory(files: list[str]) -> int:
    """What the decoded JSON takes. [bytes]."""
    tracemalloc.start()
    kept = decoded(files)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return size


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    counts = (100, 500, 20) if quick else (10_000, 50_000, 2_000)
    vnets, subnets, clusters = counts
    with tempfile.TemporaryDirectory() as folder:
        written = write(Path(folder), vnets=vnets, subnets=subnets, clusters=clusters)
        files = [str(file) for file in written]
        seconds = in_turn(
            {"ipplan": lambda: read_inventory(*files), "json": lambda: decoded(files)},
            1 if quick else 5,
        )
        memory = extra_memory(lambda: read_inventory(*files)) / decoded_memory(files)
    return [
        Goal(
            "",
            f"read_inventory of {vnets:,} VNets / json.loads",
            ratio(seconds, "ipplan", "json"),
            3,
        ),
        Goal("", "read_inventory, extra memory / decoded JSON", memory, 3),
    ]
