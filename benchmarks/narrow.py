"""What compares CIDRs once more, where numpy sorts faster without AVX-512.

numpy takes the widest instructions that a processor has. On AMD's Zen 4 its sort is
then several times slower than with narrower ones (issue 6 of numpy/x86-simd-sort).
"""

from __future__ import annotations

import json
import statistics

import numpy as np

from benchmarks.machine import SORT, without
from benchmarks.networks import unsorted
from benchmarks.timing import Goal, in_turn

AGAIN = "overlaps,blocks"
"""Modules that are run once more."""

FASTER = 2
"""So many times faster must it sort for that. [-]"""


def run(*, quick: bool) -> list[Goal]:
    """Measure again in a process without them; nothing is held to a limit."""
    numbers = unsorted(1_000_000)
    seconds = in_turn({"sort": lambda: np.sort(numbers)}, 3)["sort"]
    gain = statistics.median(seconds) * 1000 / float(without("-c", SORT))
    goals = [Goal("", "np.sort, with AVX-512 / without it", gain)]
    if gain < FASTER:
        return goals
    words = ["--quick"] if quick else []
    told = without("-m", "benchmarks", "--only", AGAIN, "--json", *words)
    return [*goals, *(Goal(*each)._replace(limit=None) for each in json.loads(told))]
