"""The machine and its versions, and its own limits: copying and sorting."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from benchmarks.networks import unsorted
from benchmarks.timing import Goal, in_turn

PACKAGES = (
    "numpy",
    "netaddr",
    "pandas",
    "pyarrow",
    "typer",
    "numba",
    "ncls",
    "pytricia",
)
"""Whose versions are told."""

WITHOUT = "X86_V4 AVX512_ICL AVX512_SPR"
"""What numpy calls the instructions with 512 bits; it then sorts with 256."""

SORT = """
import statistics
import numpy as np
from benchmarks.networks import unsorted
from benchmarks.timing import in_turn
numbers = unsorted(1_000_000)
seconds = in_turn({"sort": lambda: np.sort(numbers)}, 7)["sort"]
print(statistics.median(seconds) * 1000)
"""
"""A process that says how many nanoseconds a number takes to sort."""


def processor() -> str:
    """The processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def memory() -> str:
    """Memory in all, where the system tells."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError):
        return "memory unknown"
    return f"{size / 2**30:.0f} GiB"


def versions() -> list[tuple[str, str]]:
    """Python and packages, each with its version."""
    found = [("Python", platform.python_version())]
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, "not installed"))
    return found


def told() -> str:
    """The machine in a line."""
    kind = f"{platform.system()} {platform.machine()}"
    return f"{processor()}, {os.cpu_count()} cores, {memory()}, {kind}"


def without(*words: str) -> str:
    """What a Python process prints that has no instructions of 512 bits."""
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": WITHOUT}
    # Where the processor has none of them, numpy warns that there is nothing to do.
    command = [sys.executable, "-W", "ignore", *words]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment
    )
    return done.stdout


def run(*, quick: bool) -> list[Goal]:
    """Measure what the ratios are ratios to."""
    count = 100_000 if quick else 10_000_000
    source, numbers = np.ones(count, np.uint8), unsorted(count // 10)
    target = np.empty_like(source)
    seconds = in_turn(
        {
            "copy": lambda: np.copyto(target, source),
            "sort": lambda: np.sort(numbers),
        },
        1 if quick else 9,
    )
    speed = 2 * count / statistics.median(seconds["copy"]) / 1e9
    sort = statistics.median(seconds["sort"]) / len(numbers) * 1e9
    return [
        Goal("", "memcpy, read and written [GB/s]", speed),
        Goal("", f"np.sort of {len(numbers):,} numbers, each [ns]", sort),
        Goal(
            "",
            "np.sort of 1,000,000 numbers without AVX-512, each [ns]",
            float(without("-c", SORT)),
        ),
    ]
