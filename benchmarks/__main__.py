"""``python -m benchmarks``: one table, results.json, a page, exit 1 for a missed goal.

With ``--quick`` it runs small sizes to prove the benchmarks' own code, and that both
sides give one answer; ratios of such sizes mean nothing, so no goal is held. With
``--only sizing,overlaps`` it runs some modules, and writes no file; with ``--json`` it
prints their figures alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machine import told, versions
from benchmarks.page import PAGE, page, verdict
from benchmarks.timing import MISSING, shown
from ipplan.tables import Table, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.timing import Goal

RESULTS = Path(__file__).parent / "results.json"

MODULES = (
    "machine",
    "sizing",
    "parsing",
    "overlaps",
    "blocks",
    "nexts",
    "narrow",
    "sweeping",
    "scaling",
    "executors",
    "compiled",
    "reading",
    "checking",
    "layouts",
    "startup",
)
"""What there is to run, in the order in which it is told."""


def main(words: Sequence[str] | None = None) -> int:
    """Run benchmarks and say which goals are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="small sizes, no goals")
    parser.add_argument("--only", help="modules, with commas between them")
    parser.add_argument("--json", action="store_true", help="figures alone")
    given = parser.parse_args(words)
    chosen = given.only.split(",") if given.only else MODULES
    unknown = [name for name in chosen if name not in MODULES]
    if unknown:
        parser.error(f"{unknown[0]!r} is none of {', '.join(MODULES)}")
    found = {name: measured(name, quick=given.quick) for name in chosen}
    goals = [goal for each in found.values() for goal in each]
    if given.json:
        print(json.dumps(goals))
        return 0
    print(told())
    print(", ".join(" ".join(each) for each in versions()))
    print(table(goals, quick=given.quick))
    for name, what in MISSING.items():
        print(f"left out, for {name} is not installed: {what}")
    if given.quick:
        return 0
    if not given.only:
        RESULTS.write_text(json.dumps([row(goal) for goal in goals], indent=2) + "\n")
        PAGE.write_text(page(found), encoding="utf-8")
    return int(any(goal.met is False for goal in goals))


def measured(name: str, *, quick: bool) -> list[Goal]:
    """What a module measures; how long it took is told to who waits."""
    start = time.perf_counter()
    goals: list[Goal] = import_module(f"benchmarks.{name}").run(quick=quick)
    print(f"{name}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
    return goals


def table(goals: Sequence[Goal], *, quick: bool) -> str:
    """Every figure with its limit, for a terminal."""
    rows = [
        (goal.id, goal.what, shown(goal.figure), goal.bound, verdict(goal, quick=quick))
        for goal in goals
    ]
    return plain(Table(["goal", "", "figure", "limit", ""], rows), 120)


def row(goal: Goal) -> dict[str, object]:
    """What results.json holds of a figure."""
    return {
        "goal": goal.goal,
        "figure": goal.figure,
        "limit": goal.limit,
        "met": goal.met,
    }


if __name__ == "__main__":
    sys.exit(main())
