"""``ipplan next``: the next free ranges for networks."""

from __future__ import annotations

from typing import Annotated

import typer

from ipplan.cli import options, printing
from ipplan.cli.inventory import tell_of

FEWER = 1
"""Exit code where fewer ranges are free than were asked for."""


def next(  # noqa: A001  # the command's name
    files: options.Files,
    size: Annotated[
        str, typer.Option(metavar="/N", help="Prefix length; beyond /32 of IPv6.")
    ],
    count: Annotated[str, typer.Option(metavar="N", help="How many ranges.")] = "1",
    near: Annotated[
        str | None,
        typer.Option(
            metavar="NETWORK", help="Near a VNet: its name, group/name or id."
        ),
    ] = None,
    pool: Annotated[
        str | None, typer.Option(metavar="NAME", help="Out of this pool alone.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 where an object is broken.")
    ] = False,
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
) -> None:
    """Say which ranges are free for new networks, out of declared address pools.

    FILES are what inventory reads, and ipplan's own YAML with address_pools among them.
    A range a line goes to standard output, and what there is to say to standard error;
    exits with 1 where fewer are free than asked for.
    """
    from ipplan.documents.nexts import next_document
    from ipplan.layouts.nexts import find_next
    from ipplan.readers.estates import read_inventory
    from ipplan.views.nexts import next_report, remarks

    printing.check_output(output)
    printing.spare(out, files)
    number = options.number(count)
    asked = options.given(size=size, count=number, near=near, pool=pool)
    found = read_inventory(*files)
    nexts = find_next(found, size, number, near=near, pool=pool)
    document = next_document(nexts, asked, complete=found.complete)
    lines = output == "table"
    if nexts.found or not lines:
        printing.emit(next_report(document, lines=lines), output, out, query)
    if output not in {"wide", "markdown"}:
        for text in remarks(document):
            printing.tell(text)
    if output in {"csv", "tsv"} and not nexts.found:
        printing.tell(f"{output} has a row for each range: there is none")
    tell_of(found)
    if strict and any(each.broken for each in found.skipped):
        raise typer.Exit(printing.UNREADABLE)
    if len(nexts.found) < nexts.count:
        raise typer.Exit(FEWER)
