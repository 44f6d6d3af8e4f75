"""Writers put a sweep's rows into a file: one format a module, a row each here."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from ipplan.errors import ArgumentError
from ipplan.sweeps.grids import CHUNK
from ipplan.sweeps.runs import Costs, in_order
from ipplan.writers.parts import Parts
from ipplan.writers.requests import request

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from os import PathLike

    from ipplan.sweeps.grids import Span
    from ipplan.sweeps.sweeps import Rows, Sweep

WRITERS: dict[str, str] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
}
"""The module of every format, by the ending of its files."""

PART = 4
"""Chunks in a part: a quarter of a million cells, lost at most to a kill. [chunks]"""


class Written(NamedTuple):
    """What was written, and how much of it an earlier run had left.

    Parameters
    ----------
    path : Path
        The file; where a link was given, what it points to.
    rows, parts, resumed : int
        Rows of the file, parts that it was joined from, and those of them that were
        complete before. [-]
    """

    path: Path
    rows: int
    parts: int
    resumed: int


def write_sweep(
    sweep: Sweep,
    path: str | PathLike[str],
    *,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Written:
    """Write every row of a sweep to a file, part by part; an interrupted one goes on.

    Parts lie in a folder beside the file until all are complete; then they are joined
    and take the file's name, so that under it stands a whole file or what was there
    before. Memory does not grow with the rows.

    Parameters
    ----------
    sweep : Sweep
        Its executor works, if it has one.
    path : str or path
        Ends with one of :data:`~ipplan.writers.WRITERS`.
    resume : bool
        Go on behind the parts that an earlier run of the same sweep completed, if any.
    progress : callable, optional
        Told how many cells were done since it was last told.

    Returns
    -------
    Written
        The file, its rows and parts.

    Raises
    ------
    ArgumentError
        Where the file can't be written, another run writes it, an earlier run left
        parts that are not to be resumed, or was of another sweep.
    KeyboardInterrupt
        When it is interrupted; it says what is complete.
    """
    named = str(path)
    target, ending = _target(named)
    writer = import_module(f"ipplan.writers.{WRITERS[ending]}")
    sweep.costs = Costs()
    asked = request(sweep, ending, CHUNK * PART, writer.versions())
    spans = sweep.grid.spans(CHUNK)
    parts = Parts(target, repr(named), ending, -(-len(spans) // PART))
    how = (sweep.columns, ending)
    with parts.held():
        resumed = parts.begin(asked, resume=resume)
        if progress is not None:
            progress(_cells(spans[: resumed * PART]))
        for chunks in _chunks(sweep, spans[resumed * PART :], progress):
            rows = sum(len(each[sweep.columns[0].name]) for each in chunks)
            parts.add(partial(writer.write, *how, chunks), rows)
        return Written(
            target, parts.finish(partial(writer.join, *how)), parts.count, resumed
        )


def _target(named: str) -> tuple[Path, str]:
    """The file that a name stands for, links followed, and the ending of the name."""
    ending = Path(named).suffix.lower()
    if ending not in WRITERS:
        allowed = f"a file that ends with one of {', '.join(WRITERS)}"
        raise ArgumentError("out", repr(named), allowed)
    reason, target = "", Path(named)
    try:
        target = target.resolve()
        reason = _refusal(target)
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a null byte
        reason = getattr(error, "strerror", None) or str(error)
    if reason:
        raise ArgumentError("out", repr(named), reason)
    return target, ending


def _refusal(target: Path) -> str:
    """Why there can be no such file, or nothing."""
    if target.is_dir():
        return "a file; this is a folder"
    if target.exists() and not target.is_file():
        return "a file; this is a device or a pipe"
    return "" if target.parent.is_dir() else f"there is no folder {target.parent}"


def _cells(spans: Iterable[Span]) -> int:
    return sum(each.stop - each.start for each in spans)


def _chunks(
    sweep: Sweep, spans: Iterable[Span], progress: Callable[[int], None] | None
) -> Generator[list[Rows]]:
    """The rows of some cells, chunks of a part at a time."""
    results = in_order(sweep.work, spans, sweep.executor, sweep.costs)
    with closing(cast("Generator[tuple[Span, Rows]]", results)):
        while part := [_seen(*each, progress) for each in islice(results, PART)]:
            yield part
            part.clear()  # or there would be two in memory


def _seen(span: Span, rows: Rows, progress: Callable[[int], None] | None) -> Rows:
    if progress is not None:
        progress(_cells([span]))
    return rows
