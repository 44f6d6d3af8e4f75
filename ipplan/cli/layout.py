"""``ipplan layout``: networks out of a plan, and the code that deploys them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ipplan.cli import options, printing
from ipplan.cli.inventory import tell_of
from ipplan.cli.locks import Kept
from ipplan.emitters import EMITTERS
from ipplan.errors import ArgumentError, InventoryError
from ipplan.layouts.locks import lock_beside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.layouts.locks import Lock
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.results import Layout

UNFIT = 1
"""Exit code where something found no room."""

MOST_NAMED = 5
"""Networks of a file that are only proposed, which are told by name."""


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
    written. The lock also stays while errors are found in what it would keep.
    """
    from ipplan.documents.layouts import layout_document

    printing.check_output(output, fail_on, beside=EMITTERS)
    kept = Kept.of(plan, lock, no_lock=no_lock, replan=replan, yes=yes)
    _check_code(output, query, kept)
    printing.spare(out, [plan], "the plan")
    printing.spare(out, [kept.path or "", lock_beside(plan)], "the lock")
    today = options.day(as_of)
    read, before, found = _laid_out(plan, kept, out)
    given = options.given(plan=plan, replan=replan, as_of=as_of)
    document = layout_document(found, _checked(found, today), given)
    kept.refuse_changes(before, read.name)
    if output not in EMITTERS:
        _report(document, output, out, query, explained=explain)
    elif not found.unfit:
        _emit(found, document["findings"], output, out)
    tell_of(read.inventory)
    _tell_proposed(read)
    _tell_unfit(document, code=output in EMITTERS)
    if not found.unfit:
        kept.keep(before, found, document)
    code = UNFIT if found.unfit else printing.exit_code([document], fail_on)
    if code:
        raise typer.Exit(code)


def _check_code(output: str, query: str | None, kept: Kept) -> None:
    """Refuse what there is no code of, before any work."""
    if output not in EMITTERS:
        return
    if query is not None:
        allowed = f"not with -o {output}, which is code"
        raise ArgumentError("--query", repr(query), allowed)
    if kept.replan and not kept.yes:
        allowed = "with --replan only if --yes keeps what it draws"
        raise ArgumentError("--output", repr(output), allowed)


def _laid_out(
    plan: str, kept: Kept, out: str | None
) -> tuple[LayoutPlan, Lock | None, Layout]:
    """The plan, what the lock says, and the layout."""
    from ipplan.layouts.moves import moves_between
    from ipplan.readers.layouts import read_layout_plan

    written = {kept.path: "lock", out: "out"}
    read = read_layout_plan(plan, without={e: to for e, to in written.items() if e})
    before = kept.read(read.name)
    if not kept.replan:
        return read, before, placed(read, before)
    found = placed(read, None)
    moves = moves_between(before, found) if before else ()
    return read, before, replace(found, moves=moves)


def placed(read: LayoutPlan, lock: Lock | None) -> Layout:
    """The layout of a plan whose file is at fault where it asks for what can't be."""
    from ipplan.layouts.layouts import lay_out
    from ipplan.layouts.plans import PlanError
    from ipplan.readers.plan.mistakes import Mistake, told

    try:
        return lay_out(read, lock)
    except PlanError as error:
        place = error.origin
        raise InventoryError(place.file, told([Mistake(place, f"{error}")])) from None


def _tell_proposed(read: LayoutPlan) -> None:
    """Which networks of a plan others propose, so that no code makes them."""
    known = read.inventory.vnet_by_id
    named: dict[str, list[str]] = defaultdict(list)
    for each in read.networks:
        found = known[each.id].origin
        if found.proposed and found.file != each.origin.file:
            named[found.file].append(each.name)
    for file, names in named.items():
        several = len(names) > 1
        shown = ", ".join(names[:MOST_NAMED])
        more = f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else ""
        printing.tell(
            f"{shown}{more} {'are' if several else 'is'} only proposed by {file}: "
            f"{'their' if several else 'its'} ranges are kept, and the code leaves "
            f"{'them' if several else 'it'} out"
        )


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
