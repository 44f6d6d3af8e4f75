"""``python -m benchmarks``: one table, results.json, exit 1 where a goal is missed.

With ``--quick`` it runs small sizes to prove the benchmarks' own code; ratios of such
sizes mean nothing, so no goal is held.
"""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

import numpy as np

from benchmarks import checking, overlaps, parsing, reading, sizing, startup
from ipplan.tables import Table, plain

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Run every benchmark and say which goals are met."""
    quick = "--quick" in sys.argv[1:]
    modules = (sizing, parsing, overlaps, reading, checking, startup)
    goals = [goal for module in modules for goal in module.run(quick=quick)]
    words = {True: "met", False: "missed", None: "reported"}
    rows = [
        (
            each.goal,
            f"{each.figure:.2f}",
            ""
            if each.limit is None
            else f"{'>=' if each.least else '<='} {each.limit}",
            "not held" if quick else words[each.met],
        )
        for each in goals
    ]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    print(f"{platform.machine()}, {versions}")
    print(plain(Table(["goal", "figure", "limit", ""], rows), 80))
    if quick:
        return 0
    results = [{**each._asdict(), "met": each.met} for each in goals]
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    return int(any(each.met is False for each in goals))


if __name__ == "__main__":
    sys.exit(main())
