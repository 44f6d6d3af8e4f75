"""What maps and reports are about: a plan that is laid out, or files of an estate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipplan.cli import options, printing
from ipplan.cli.inventory import tell_of
from ipplan.errors import ArgumentError, InventoryError
from ipplan.layouts.locks import LOCK

if TYPE_CHECKING:
    from datetime import date

    from ipplan.designs.studies import Study

MOST_NAMED = 3
"""Files that a title names."""


def study_of(
    files: list[str],
    *,
    lock: str | None,
    as_of: date,
    redact: bool,
    out: str | None = None,
) -> Study:
    """What some files hold: one plan of networks, or an estate.

    Raises
    ------
    ArgumentError
        For a lock of what is no plan or that there is not, for a plan that is not given
        alone, and for a file to write that the plan reads.
    """
    from ipplan.readers.layouts import is_layout_plan

    if len(files) == 1 and is_layout_plan(files[0]):
        return _of_plan(files[0], lock, out, as_of, redact=redact)
    if lock is not None:
        raise ArgumentError("--lock", repr(lock), "with one plan of networks alone")
    return _of_estate(files, as_of, redact=redact)


def _of_estate(files: list[str], as_of: date, *, redact: bool) -> Study:
    from ipplan.designs.studies import study
    from ipplan.inventory.redacting import redacted
    from ipplan.readers.estates import read_inventory

    try:
        found = read_inventory(*files)
    except InventoryError:
        _refuse_plans(files)
        raise
    origins = [each.origin for each in found.vnets]
    origins += [each.origin for each in found.clusters]
    if all(each.file.endswith(LOCK) for each in origins):
        _refuse_plans(files)
    if redact:
        found = redacted(found)
    tell_of(found)
    return study(found, "estate" if redact else _title(files), as_of=as_of)


def _refuse_plans(files: list[str]) -> None:
    """Refuse plans among other files, and in folders that hold no estate besides."""
    from ipplan.readers.layouts import layout_plans

    plan = next(layout_plans(files), None)
    if plan is not None:
        allowed = "it is to be given alone, and names what else there is under existing"
        raise ArgumentError("plan of networks", repr(plan), allowed)


def _of_plan(
    plan: str, lock: str | None, out: str | None, as_of: date, *, redact: bool
) -> Study:
    from ipplan.cli.layout import placed
    from ipplan.cli.locks import Kept
    from ipplan.designs.studies import study_of_layout
    from ipplan.layouts.redacting import redacted_layout
    from ipplan.readers.layouts import read_layout_plan

    kept = Kept.of(plan, lock, no_lock=False, replan=False, yes=False)
    if lock and not os.path.lexists(lock):  # it is never written here
        raise ArgumentError("--lock", repr(lock), "a lock that is there")
    written = {kept.path: "lock", out: "--out"}
    read = read_layout_plan(plan, without={e: to for e, to in written.items() if e})
    layout = placed(read, kept.read(read.name))
    if redact:
        layout = redacted_layout(layout)
    tell_of(layout.inventory)
    return study_of_layout(layout, as_of=as_of)


def _title(files: list[str]) -> str:
    """What an estate is called: its files, without their folders."""
    names = ["standard input" if e == "-" else Path(e).name or e for e in files]
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def given_of(
    files: list[str], lock: str | None, as_of: str | None, *, redact: bool
) -> dict[str, Any]:
    """The files and options that were given; nothing where names are replaced."""
    return {} if redact else options.given(files=files, lock=lock, as_of=as_of)


def exit_for(study: Study, fail_on: str) -> None:
    """Exit with 1 where a finding of a study is as bad as the severity named."""
    bad = [{"severity": each.severity.value} for each in study.findings]
    printing.exit_for([{"findings": bad}], fail_on)
