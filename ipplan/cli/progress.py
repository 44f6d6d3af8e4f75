"""A bar on standard error for work that takes over a second, where somebody looks."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Self, TextIO, cast

import typer

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE = 1.0
"""Work that is done before shows no bar. [s]"""


class Progress:
    """Called with how much was done since the last call; a bar where it takes long.

    Parameters
    ----------
    total : int
        How much there is to do.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._start = time.monotonic()
        self._bar: Any = None
        stderr = cast("TextIO | None", sys.stderr)
        self._seen = stderr is not None and stderr.isatty()

    def __call__(self, done: int) -> None:
        """Note that so much more is done."""
        self._done += done
        if self._bar is not None:
            self._bar.update(done)
        elif self._seen and time.monotonic() - self._start > PATIENCE:
            self._bar = typer.progressbar(
                length=self._total, file=sys.stderr, label="cells", show_pos=True
            )
            self._bar.update(self._done)

    def __enter__(self) -> Self:
        """Work begins."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Work ends, or fails: the line of the bar ends with it."""
        if self._bar is not None:
            self._bar.render_finish()
