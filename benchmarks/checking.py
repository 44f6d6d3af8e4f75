"""Checking: a big estate as az lists it, against reading it."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from benchmarks.estates import write
from benchmarks.timing import Goal, in_turn, ratio
from ipplan.checks.checkups import check
from ipplan.documents.checks import check_document
from ipplan.readers.estates import read_inventory
from ipplan.renderers import render
from ipplan.views.checks import check_report

TODAY = date(2026, 11, 1)


def checked(files: list[str]) -> str:
    """What the command prints of some files."""
    document = check_document(check(read_inventory(*files), as_of=TODAY))
    return render(check_report(document), "table")


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goal."""
    counts = (100, 500, 20) if quick else (10_000, 50_000, 2_000)
    vnets, subnets, clusters = counts
    with tempfile.TemporaryDirectory() as folder:
        written = write(Path(folder), vnets=vnets, subnets=subnets, clusters=clusters)
        files = [str(file) for file in written]
        seconds = in_turn(
            {"check": lambda: checked(files), "read": lambda: read_inventory(*files)},
            1 if quick else 5,
        )
    name = f"check of {vnets:,} VNets / reading"
    return [Goal("", name, ratio(seconds, "check", "read"), 2)]
