"""``ipplan layout``: networks out of a plan, and the code that deploys them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from ipplan.cli import options, printing
from ipplan.cli.inventory import tell_of
from ipplan.emitters import EMITTERS
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.layouts.locks import Lock
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.results import Layout

UNFIT = 1
"""Exit code where something found no room."""

STANDARD_INPUT = "-"


def layout(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="A YAML file; - for standard input.")
    ],
    lock: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What keeps ranges where they are.  [default: beside the plan]",
        ),
    ] = None,
    no_lock: Annotated[
        bool, typer.Option("--no-lock", help="Neither keep to a lock nor write one.")
    ] = False,
    replan: Annotated[
        bool,
        typer.Option("--replan", help="Lay out anew: say what would move."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --replan: do it, and write the lock.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each subnet has its size.")
    ] = False,
    as_of: options.AsOf = None,
    output: options.CodeOutput = "table",
    out: options.Out = None,
    query: options.Query = None,
    fail_on: options.FailOn = "error",
) -> None:
    """Lay out the networks of a plan, and write the code that deploys them.

    Ranges that were given once stay: a lock file beside the plan keeps them. Exits with
    1 where something finds no room; then the lock stays as it is, and no code is
    written.
    """
    from ipplan.documents.layouts import layout_document

    printing.check_output(output, fail_on, beside=EMITTERS)
    kept = _Kept.of(plan, lock, no_lock=no_lock, replan=replan, yes=yes)
    _check_code(output, query, kept)
    today = options.day(as_of)
    read, before, found = _laid_out(plan, kept)
    given = options.given(plan=plan, replan=replan, as_of=as_of)
    document = layout_document(found, _checked(found, today), given)
    if output not in EMITTERS:
        _report(document, output, out, query, explained=explain)
    elif not found.unfit:
        _emit(found, document["findings"], output, out)
    tell_of(read.inventory)
    _tell_unfit(document, code=output in EMITTERS)
    if not found.unfit:
        kept.keep(before, found)
    code = UNFIT if found.unfit else printing.exit_code([document], fail_on)
    if code:
        raise typer.Exit(code)


class _Kept(NamedTuple):
    """Where ranges are kept, and what is done with them.

    Parameters
    ----------
    path : str or None
        The lock file; None where there is none.
    replan, yes : bool
        Whether it is drawn anew, and whether that is kept.
    """

    path: str | None
    replan: bool
    yes: bool

    @classmethod
    def of(
        cls, plan: str, lock: str | None, *, no_lock: bool, replan: bool, yes: bool
    ) -> _Kept:
        """By the options, where they go together."""
        if lock is not None and no_lock:
            raise ArgumentError("--lock", repr(lock), "not with --no-lock")
        if yes and not replan:
            raise ArgumentError("--yes", "given", "with --replan alone")
        beside = None if plan == STANDARD_INPUT else _beside(plan)
        path = None if no_lock else lock or beside
        if replan and path is None:
            allowed = "with a lock: there is nothing that could move without"
            raise ArgumentError("--replan", "given", allowed)
        return cls(path, replan, yes)

    def keep(self, before: Lock | None, found: Layout) -> None:
        """Write the lock, if that is wanted and it changed."""
        if self.path is None or found.lock is None or found.lock == before:
            return
        if self.replan and not self.yes:
            printing.tell("nothing is written: --replan --yes does it")
            return
        from ipplan.documents.locks import lock_document

        text = json.dumps(lock_document(found.lock), indent=2) + "\n"
        printing.write(text.encode(), self.path, "--lock")
        printing.tell(f"wrote {self.path}")


def _beside(plan: str) -> str:
    """The lock file of a plan.

    >>> _beside("nets/shop.yaml")
    'nets/shop.lock.json'
    """
    return str(Path(plan).with_suffix(".lock.json"))


def _check_code(output: str, query: str | None, kept: _Kept) -> None:
    """Refuse what there is no code of, before any work."""
    if output not in EMITTERS:
        return
    if query is not None:
        allowed = f"not with -o {output}, which is code"
        raise ArgumentError("--query", repr(query), allowed)
    if kept.replan and not kept.yes:
        allowed = "with --replan only if --yes keeps what it draws"
        raise ArgumentError("--output", repr(output), allowed)


def _laid_out(plan: str, kept: _Kept) -> tuple[LayoutPlan, Lock | None, Layout]:
    """The plan, what the lock says, and the layout."""
    from ipplan.layouts.layouts import lay_out
    from ipplan.layouts.moves import moves_between
    from ipplan.readers.layouts import read_layout_plan
    from ipplan.readers.locks import read_lock

    read = read_layout_plan(plan)
    before = None if kept.path is None else read_lock(kept.path, read.name)
    if not kept.replan:
        return read, before, lay_out(read, before)
    found = lay_out(read)
    moves = moves_between(before, found) if before else ()
    return read, before, replace(found, moves=moves)


def _checked(found: Layout, today: Any) -> Any:
    from ipplan.checks.checkups import check

    return check(found.inventory, as_of=today)


def _report(
    document: Any, output: str, out: str | None, query: str | None, *, explained: bool
) -> None:
    from ipplan.views.layouts import layout_report

    report = layout_report(
        document, EMITTERS, wide=output == "wide", explained=explained
    )
    printing.emit(report, output, out, query)


def _emit(found: Layout, findings: Iterable[Any], output: str, out: str | None) -> None:
    """Write code, and say on standard error what is wrong with what it deploys."""
    from ipplan.emitters import emit

    printing.deliver(emit(found, output), output, out)
    bad = (each for each in findings if each["severity"] != "note")
    for each in bad:
        printing.tell(f"{each['severity']}: {each['message']} ({each['rule']})")


def _tell_unfit(document: Any, *, code: bool) -> None:
    """What found no room, where the report does not say it."""
    unfit = [e for e in document["findings"] if e["rule"] == "layout-no-room"]
    for each in unfit if code else ():
        fix = f"; {each['fix']}" if each["fix"] else ""
        printing.tell(f"error: {each['message']}{fix}")
    if unfit:
        less = "no code and no lock is written" if code else "no lock is written"
        printing.tell(f"{less}: not everything found room")
