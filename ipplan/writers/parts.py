"""Complete parts in a folder beside their file, and what they are parts of."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.writers.locks import Busy, locked
from ipplan.writers.requests import changes, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

KIND = "ipplan.sweep.parts"

MANIFEST = "manifest.json"

NEW = ".new"
"""How a name ends while what it names is being written."""

_OURS = re.compile(r"(part-[0-9]{6,}|joined|manifest)\.[a-z]+(\.new)?|lock")


_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What reading a manifest raises that somebody else has written to."""


class Part(NamedTuple):
    """A part that is complete: its rows, and what tells its file from any other."""

    rows: int
    sha256: str


class Parts:
    """The parts of one file, for one writer at a time.

    Parameters
    ----------
    target : Path
        The file that they become.
    named : str
        As errors call it.
    ending : str
        Of the target and of the parts.
    count : int
        How many there will be.
    """

    def __init__(self, target: Path, named: str, ending: str, count: int) -> None:
        self.target = target
        self.named = named
        self.ending = ending
        self.count = count
        self.folder = target.with_name(target.name + ".parts")
        self.done: list[Part] = []
        self._asked: Mapping[str, Any] | None = None

    def file(self, number: int) -> Path:
        """Where a part is, or will be."""
        return self.folder / f"part-{number:06}{self.ending}"

    @contextmanager
    def held(self) -> Generator[None]:
        """Be the only writer; when stopped, say what stays and how to go on.

        Raises
        ------
        ArgumentError
            Where another writes it.
        KeyboardInterrupt
            When interrupted.
        """
        with ExitStack() as stack:
            with self.told():
                self._refuse_strangers()
                try:
                    stack.enter_context(locked(self.folder))
                except Busy:
                    raise self._refusal("another ipplan is writing it") from None
            try:
                yield
            except KeyboardInterrupt:
                raise KeyboardInterrupt(f"interrupted{self._kept()}") from None
            finally:
                if self._asked is not None and not self.done:
                    self._remove()

    def _refuse_strangers(self) -> None:
        names = _names(self.folder)
        if MANIFEST not in names and not all(map(_OURS.fullmatch, names)):
            raise self._refusal(f"{self.folder} is none of ipplan's: move it away")

    @contextmanager
    def told(self) -> Generator[None]:
        """Say in one line why a file can't be written."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise self._refusal(f"{reason}{self._kept()}") from None

    def _refusal(self, allowed: str) -> ArgumentError:
        """An error about the file."""
        return ArgumentError("out", self.named, allowed)

    def _kept(self) -> str:
        if not self.done:
            return ""
        complete = f"{len(self.done):,} of {self.count:,} parts are complete"
        return f"; {complete} in {self.folder}, and --resume goes on from there"

    def begin(self, asked: Mapping[str, Any], *, resume: bool) -> int:
        """Begin, or go on behind what is complete; give back how much that is.

        Raises
        ------
        ArgumentError
            Where parts are there that are not to be mixed with what is asked.
        """
        with self.told():
            was, parts = self._read()
            if parts:
                self._refuse(was, asked, len(parts), resume=resume)
            self.done = self._whole(parts)  # before it is ours to remove
            self._asked = asked
            self._save(self.done)
        return len(self.done)

    def _read(self) -> tuple[Any, list[Part]]:
        """What an earlier run was asked, and the parts that it left."""
        file = self.folder / MANIFEST
        if not file.exists():
            return None, []
        try:
            found: Any = json.loads(file.read_bytes())
            asked = found["asked"]
            sound = found["kind"] == KIND and found["digest"] == digest(asked)
            parts = [Part(int(rows), str(seen)) for rows, seen in found["parts"]]
        except _DAMAGE:
            asked, parts, sound = None, [], False
        if not sound:
            raise self._damaged()
        return asked, parts

    def _damaged(self) -> ArgumentError:
        file = self.folder / MANIFEST
        return self._refusal(f"{file} is damaged: remove the folder")

    def _refuse(self, was: Any, asked: Any, count: int, *, resume: bool) -> None:
        if not resume:
            allowed = (
                f"{count:,} of its parts, of an earlier run, are in {self.folder}: "
                "--resume goes on behind them, or remove the folder"
            )
            raise self._refusal(allowed)
        try:
            changed = changes(was, asked)
        except _DAMAGE:  # of a form that no ipplan writes
            raise self._damaged() from None
        if changed:
            allowed = f"{changed}; go on with what it was, or remove {self.folder}"
            raise ArgumentError("resume", "with other arguments", allowed)

    def _whole(self, parts: list[Part]) -> list[Part]:
        """Those before the first whose file is not there as it was written."""
        for number, part in enumerate(parts):
            file = self.file(number)
            if not file.is_file() or _sha256(file) != part.sha256:
                return parts[:number]
        return parts

    def _save(self, done: list[Part]) -> None:
        what = {"digest": digest(self._asked), "asked": self._asked, "parts": done}
        text = json.dumps({"kind": KIND, **what}, indent=1).encode()
        put(self.folder / MANIFEST, lambda file: file.write(text))

    def add(self, write: Callable[[BinaryIO], object], rows: int) -> None:
        """Write the next part; it counts once the manifest has it."""
        with self.told():
            file = self.file(len(self.done))
            put(file, write)
            done = [*self.done, Part(rows, _sha256(file))]
            self._save(done)
            self.done = done

    def finish(self, join: Callable[..., object]) -> int:
        """Join the parts to the file; give back how many rows it has."""
        files = map(self.file, range(self.count))
        with self.told():
            beside = self.folder / f"joined{self.ending}"
            put(self.target, partial(join, files), beside)
        rows = sum(part.rows for part in self.done)
        self.done = []
        return rows

    def _remove(self) -> None:
        """Remove what is ours: the manifest first, so that what is left is nothing."""
        with suppress(OSError):
            (self.folder / MANIFEST).unlink(missing_ok=True)
            for name in filter(_OURS.fullmatch, _names(self.folder)):
                (self.folder / name).unlink()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def put(
    file: Path, write: Callable[[BinaryIO], object], beside: Path | None = None
) -> None:
    """Write beside and rename: a name stands for a whole file or for none."""
    beside = beside or file
    new = beside.with_name(beside.name + NEW)
    try:
        with new.open("wb") as opened:
            write(opened)
            opened.flush()
            os.fsync(opened.fileno())
        if file.exists():
            new.chmod(file.stat().st_mode & 0o777)
        new.replace(file)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
