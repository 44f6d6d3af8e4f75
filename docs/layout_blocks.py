"""The page of layouts: one plan after another in a folder of their own, for real."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from blocks import run, table

from ipplan.layouts.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLES = Path("docs/samples/layout")
AS_OF = "2026-11-24"
"""The day on which the output of the page was made."""

DATED = ("ipplan layout ", "ipplan map ", "ipplan report ")
"""Commands whose output depends on the day."""


class Story:
    """A folder with the plans of the page, in which commands leave their locks."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp())
        weakref.finalize(self, shutil.rmtree, self._folder)
        for each in SAMPLES.iterdir():
            shutil.copy(each, self._folder)

    def file(self, name: str) -> str:
        """A plan as it stands now."""
        text = (self._folder / name).read_text(encoding="utf-8")
        return f"```yaml\n{text.rstrip()}\n```"

    def write(self, name: str, text: str) -> str:
        """A plan that is written now."""
        (self._folder / name).write_text(text, encoding="utf-8")
        return self.file(name)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a plan where it says something once."""
        path = self._folder / name
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def console(
        self, command: str, code: int = 0, parts: Iterable[tuple[int, int]] = ()
    ) -> str:
        """A command with its output, or with some of its paragraphs."""
        day = f" --as-of {AS_OF}" if command.startswith(DATED) else ""
        with chdir(self._folder):
            found, output = run(f"{command}{day}")
        if found != code:
            message = f"{command}: exit code {found}, not {code}\n{output}"
            raise ValueError(message)
        told = f"$ echo $?\n{code}\n" if code else ""
        shown = _parts(output, list(parts))
        return f"```shell-session\n$ {command}\n{shown}{told}```"

    def picture(self, name: str, title: str) -> str:
        """A picture that a command has drawn, which goes with these pages."""
        shutil.copy(self._folder / name, Path("docs/_static") / name)
        return f"![{title}](_static/{name})"


def _parts(output: str, parts: list[tuple[int, int]]) -> str:
    """Some paragraphs of an output, with dots for the others."""
    if not parts:
        return output
    every = output.rstrip("\n").split("\n\n")
    kept = ["\n\n".join(every[slice(*part)]) for part in parts]
    return "\n\n[...]\n\n".join(kept) + "\n"


def rules_table() -> str:
    """What a layout is looked through for besides the rules of check."""
    rows = [
        (
            f"`{each.name}`",
            each.severity.value,
            each.summary,
            " ".join(each.why.split()),
        )
        for each in RULES
    ]
    return table(("rule", "severity", "what holds", "why"), rows)
