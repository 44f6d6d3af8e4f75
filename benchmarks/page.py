"""docs/performance.md: figures of one run, with the text around them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machine import told, versions
from benchmarks.timing import ENOUGH, MISSING, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.timing import Goal

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

FRAME = """\
# Performance

ipplan is measured beside what you would pick instead, and beside what the machine can
do at all: copying the same bytes (`memcpy`), sorting as many numbers (`np.sort`). Both
sides run in turn, round after round, in one process, and a figure is the ratio of their
medians: absolute times move by half between runs of the same machine, ratios hardly.
Beside objects of Python, which take a hundred times as long, a side runs for
{enough:g} ms in each round. Each comparison first makes sure that both sides give the
same answer.

This page is written by `make bench`, which exits 1 where a goal is missed.

{machine}

{versions}

{verdict}

{sections}
"""

SECTIONS = {
    "machine": (
        "The machine itself",
        """\
What the ratios are ratios to.""",
    ),
    "sizing": (
        "Sizing",
        """\
`size_columns` for six columns: nodes at the peak, two needs, two prefixes, feasible. A
row reads and writes {row} bytes; `memcpy` copies as many. Rows are in groups, one a
model, or each has a model of its own, which is parted and put back.""",
    ),
    "parsing": (
        "Reading CIDRs",
        """\
`parse_cidrs` makes columns of a list of texts; the others make an object of each.""",
    ),
    "overlaps": (
        "Overlaps",
        """\
CIDRs come in no order. *Few* and *many* are how lengths are spread: a million CIDRs
have 0.6 or 3.4 million pairs. All give the pairs as row numbers, `cidr_merge` only
whether there is one. In a *star* a hub is peered with spokes that all use the same 50
spaces: only overlaps of peered networks matter, and time must follow those.""",
    ),
    "blocks": (
        "Aggregates and free blocks",
        """\
Of an invented company's address plan, which is in the repository.""",
    ),
    "nexts": (
        "The next free blocks",
        """\
Out of all of IPv4; CIDRs come in no order, /24s *side by side* or *scattered*, of many
lengths. *Near* sorts what is free by how near it is.""",
    ),
    "narrow": (
        "Without AVX-512",
        """\
numpy sorts with the widest instructions that a processor has. On AMD's Zen 4 those of
512 bits are several times slower at it than those of 256, as is [known][zen4]. There
you gain most of that for whatever compares CIDRs, if you set
`NPY_DISABLE_CPU_FEATURES="{without}"` before Python starts. Above it
is not set, since you will hardly have set it; here, where it pays, it is.

[zen4]: https://github.com/numpy/x86-simd-sort/issues/6""",
    ),
    "sweeping": (
        "Sweeps",
        """\
Where answers rise with the nodes, a summary is found by break points, and no cell is
looked at. A filter, samples or growth over time look at every cell, some at a time:
memory stays flat. Resident memory is that of a process which writes a file, Python,
numpy and pyarrow among it.""",
    ),
    "scaling": (
        "How time grows",
        """\
The exponent k of n^k, by least squares over the logarithms of sizes ten apart. Over the
whole range it is below 1 where a call has a price of its own. From 100,000 on n log n
has 1.07, and each step out of a cache adds to it; nothing may exceed 1.2. All pairs
grow with the square of the CIDRs where space stays the same, so their time is held
against what is read and what is given: CIDRs and pairs.""",
    ),
    "executors": (
        "In more than one place",
        """\
Two threads, two processes, or two workers of a Dask cluster on this machine, all beside
the one process that asks. Others pay where the ratio is below 1.""",
    ),
    "compiled": (
        "A compiled kernel?",
        """\
Written with numba as you would write them, for the same answers: a loop over rows that
sizes, and one with a stack over sorted CIDRs. {decision}""",
    ),
    "reading": (
        "Reading an estate",
        """\
What `az` prints of an invented estate; `json.loads` only decodes it.""",
    ),
    "checking": (
        "Checking an estate",
        """\
All rules and the table, beside reading the files.""",
    ),
    "layouts": (
        "Laying out networks",
        """\
The whole command, from a plan of free subnets of mixed sizes to the table: read, laid
out, checked by every rule, and shown.""",
    ),
    "startup": (
        "Start-up",
        """\
Whole processes. numpy is not imported where it is not needed.""",
    ),
}
"""Title and introduction of each module's figures."""

DECISION = """\
It pays once it saves more than the {before} s that it takes to import and compile:
from {grouped} million rows on where they are grouped by model, from {mixed} million
where models are mixed, for all pairs from {pairs} million CIDRs. That is more than
anybody plans, and a sweep of that many cells is summed up by break points. So ipplan
has no compiled kernel, and no dependency on a compiler; S5 and O3 are reported for
those who want to write one."""


def page(found: Mapping[str, Sequence[Goal]]) -> str:
    """The page, in Markdown."""
    goals = [goal for each in found.values() for goal in each]
    sections = [section(name, each, found) for name, each in found.items()]
    left_out = [f"Left out, for {name} is not installed." for name in MISSING]
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return FRAME.format(
        enough=ENOUGH * 1000,
        machine=f"Machine\n: {told()}; measured on {day}.",
        versions="Versions\n: " + ", ".join(map(" ".join, versions())) + ".",
        verdict="\n".join([summed_up(goals), *left_out]),
        sections="\n\n".join(sections),
    )


def summed_up(goals: Sequence[Goal]) -> str:
    """How many goals are met, and which are not."""
    held = [goal for goal in goals if goal.met is not None]
    missed = [goal for goal in held if not goal.met]
    if not missed:
        return f"All {len(held)} figures with a limit keep it."
    told_of = "\n".join(
        f"- {goal.goal}: {shown(goal.figure)}, limit {goal.bound}" for goal in missed
    )
    return f"{len(missed)} of {len(held)} figures with a limit miss it:\n\n{told_of}"


def section(
    name: str, goals: Sequence[Goal], found: Mapping[str, Sequence[Goal]]
) -> str:
    """A heading, what is compared, and a table."""
    from benchmarks.machine import WITHOUT
    from benchmarks.sizing import ROW_BYTES

    title, words = SECTIONS[name]
    words = words.format(without=WITHOUT, row=ROW_BYTES, decision=decision(found))
    rows = [
        f"| {goal.id} | {goal.what} | {shown(goal.figure)} | {goal.bound} "
        f"| {verdict(goal)} |"
        for goal in goals
    ]
    head = ["| Goal | What | Figure | Limit | |", "|---|---|---:|---:|---|"]
    return "\n".join([f"## {title}", "", words, "", *head, *rows])


def decision(found: Mapping[str, Sequence[Goal]]) -> str:
    """What follows for a compiled kernel from the figures, where there are some."""
    figures = {goal.what: goal.figure for goal in found.get("compiled", ())}
    start = "millions of rows from which numba pays, "
    if start + "mixed models" not in figures:
        return "They were not measured in this run."
    return DECISION.format(
        before=shown(figures["numba, seconds to import and to compile"]),
        grouped=shown(figures[start + "grouped by model"]),
        mixed=shown(figures[start + "mixed models"]),
        pairs=shown(figures["millions of CIDRs from which numba pays, all pairs"]),
    )


def verdict(goal: Goal, *, quick: bool = False) -> str:
    """Whether a goal is met, in a word."""
    if goal.met is None:
        return "reported"
    if quick:
        return "not held"
    return "met" if goal.met else "missed"
