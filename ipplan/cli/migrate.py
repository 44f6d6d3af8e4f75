"""``ipplan migrate``: whether the way to another model is open, and what it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ipplan.cli import options, printing
from ipplan.cli.forms import check_out, form_option
from ipplan.cli.inventory import tell_of
from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.models import MODELS, RECOMMENDED
from ipplan.renderers import RENDERERS

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr
    from ipplan.contracts.migrations import MigrationDocument
    from ipplan.inventory.estates import Inventory

SCRIPT = "az"
"""The format that is a shell script, which is there to be reviewed."""

FORMATS = (*RENDERERS, SCRIPT)
"""What the way to another model can be written as."""

USUAL = "table"
"""The format where neither it nor a file is named."""

MOST_NAMED = 20
"""Clusters that an error names."""


def migrate(
    files: options.Files,
    to: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help=f"Where clusters are to go: {', '.join(MODELS)} or cilium.",
            autocompletion=lambda: [*MODELS, "cilium"],
        ),
    ] = RECOMMENDED,
    cluster: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|ID", help="These alone, repeatable."),
    ] = None,
    within: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR", help="Where new pod CIDRs come from first, repeatable."
        ),
    ] = None,
    as_of: options.AsOf = None,
    redact: options.Redact = False,
    output: Annotated[
        str | None, form_option(FORMATS, f"by the ending of --out; {USUAL}")
    ] = None,
    out: options.Out = None,
    query: options.Query = None,
) -> None:
    """Say whether clusters can move to another network model, and what it takes.

    For each cluster: the documented way, what bars it, the pod CIDR to ask for, what is
    set free, the steps with their commands, outages, and what can't be undone. FILES
    are what inventory reads. Nothing is changed: commands are there to be reviewed.
    """
    from ipplan.documents.migrations import migration_document
    from ipplan.inventory.pseudonyms import Pseudonyms
    from ipplan.inventory.redacting import redacted
    from ipplan.migrations.migrations import migrate as migrated
    from ipplan.readers.estates import read_inventory

    form = check_out(output, out, FORMATS, files, usual=USUAL)
    if form == SCRIPT and query is not None:
        allowed = f"not with -o {form}, which is a script"
        raise ArgumentError("--query", repr(query), allowed)
    pools = tuple(map(_space, within or []))
    today = options.day(as_of)
    found = read_inventory(*files)
    wanted = _wanted(found, cluster or [], redact=redact)
    if redact:
        names = Pseudonyms()
        found = redacted(found, names)
        wanted = set(names.ids(tuple(sorted(wanted))))
    migration = migrated(found, to, as_of=today, within=pools)
    if cluster:
        chosen = tuple(e for e in migration.clusters if e.cluster.id in wanted)
        migration = replace(migration, clusters=chosen)
    given = options.given(
        files=[] if redact else files,
        to=to,
        cluster=sorted(wanted) if cluster else [],
        within=[str(each) for each in pools],
        as_of=as_of,
    )
    document = migration_document(migration, given)
    _write(document, form, out, query)
    if out is not None:
        clusters = counted(len(migration.clusters), "cluster")
        printing.tell(f"wrote {out}: {clusters} to {migration.to}")
    if not migration.clusters:
        printing.tell("nothing to migrate: no cluster was read")
    tell_of(found)


def _space(text: str) -> Cidr:
    """A range that pod CIDRs may come from.

    Raises
    ------
    ArgumentError
        For what is no private range of IPv4.
    """
    from ipplan.cidrs import IPV4, Cidr
    from ipplan.cidrs.private import PRIVATE_IPV4, is_private

    cidr = Cidr.parse(text, "--within")
    if cidr.version != IPV4 or not is_private(cidr):
        allowed = f"a range in {', '.join(map(str, PRIVATE_IPV4))}"
        raise ArgumentError("--within", repr(text), allowed)
    return cidr


def _wanted(found: Inventory, names: list[str], *, redact: bool) -> set[str]:
    """Ids of the clusters that are asked for, by their names or ids.

    Raises
    ------
    ArgumentError
        For one that was not read.
    """
    wanted: set[str] = set()
    for name in names:
        key = name.lower()
        ids = {e.id for e in found.clusters if key in {e.name.lower(), e.id}}
        if not ids:
            raise ArgumentError("--cluster", repr(name), _read(found, redact=redact))
        wanted |= ids
    return wanted


def _read(found: Inventory, *, redact: bool) -> str:
    """What an error says of the clusters that were read: no names to be replaced."""
    if redact:
        read = counted(len(found.clusters), "cluster")
        return f"no such cluster; read: {read}, whose names --redact keeps back"
    names = sorted({each.name for each in found.clusters})
    more = len(names) - MOST_NAMED
    others = f" and {more:,} more" if more > 0 else ""
    read = f"{', '.join(names[:MOST_NAMED])}{others}" if names else "none"
    return f"no such cluster; read: {read}"


def _write(
    document: MigrationDocument, form: str, out: str | None, query: str | None
) -> None:
    """The report, or the script, printed or written to a file."""
    if form == SCRIPT:
        from ipplan.emitters.migrations import migration_script

        printing.deliver(migration_script(document), form, out)
        return
    from ipplan.views.migrations import migration_report

    whole = form in {"wide", "markdown"}
    report = migration_report(document, wide=whole)
    printing.emit(report, form, out, query)
