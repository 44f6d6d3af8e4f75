"""Forms: what a command writes, by its name or by how the name of a file ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ipplan.cli import printing
from ipplan.errors import ArgumentError
from ipplan.layouts.locks import lock_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDINGS = {
    ".svg": "svg",
    ".png": "png",
    ".html": "html",
    ".md": "markdown",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "table",
    ".sh": "az",
}
"""What files hold, by how their names end."""


def form_option(formats: Sequence[str], usual: str = "by the ending of --out") -> Any:
    """The option that names one of some formats; what it says of the usual one."""
    return typer.Option(
        "--output",
        "-o",
        metavar="FORMAT",
        help=f"One of {', '.join(formats)}.  [default: {usual}]",
        autocompletion=lambda: list(formats),
    )


def check_out(
    output: str | None,
    out: str | None,
    formats: Sequence[str],
    files: Sequence[str],
    *,
    usual: str | None = None,
) -> str:
    """The format that is asked for: by its name, or by how the file's name ends.

    Parameters
    ----------
    output, out : str or None
        The format and the file, where they were given.
    formats : sequence of str
        What the command writes.
    files : sequence of str
        What it reads, which is not written over.
    usual : str or None
        The format where neither is given; None where one must be.

    Raises
    ------
    ArgumentError
        For a format that there is none of, where nothing says which, and for a file
        that can't be written.
    """
    endings = {ending: each for ending, each in ENDINGS.items() if each in formats}
    ending = Path(out).suffix.lower() if out else ""
    chosen = output or (usual if out is None else None) or endings.get(ending)
    printing.spare(out, [*files, *map(lock_beside, files)])
    if chosen is None:
        allowed = f"a file in {', '.join(endings)}, or -o {' | '.join(formats)}"
        raise ArgumentError("--out", repr(out) if out else "missing", allowed)
    printing.check_format(chosen, formats)
    return chosen


def check_query(query: str | None, form: str) -> None:
    """Refuse a query of what is not JSON.

    Raises
    ------
    ArgumentError
        For a query of another form.
    """
    if query is not None and form != "json":
        allowed = f"not with -o {form}: it selects from -o json"
        raise ArgumentError("--query", repr(query), allowed)
