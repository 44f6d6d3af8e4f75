"""One writer at a time, among threads and processes; a kill lets go."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

LOCK = "lock"
"""The file in a folder that its writer holds."""

_HELD: dict[Path, object] = {}
"""Folders that this process holds; the system tells processes apart, not threads."""


class Busy(Exception):  # noqa: N818  # it is a state, and told as ArgumentError
    """Somebody else writes there."""


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Be the only writer of a folder, made where there is none, and gone when empty.

    Raises
    ------
    Busy
        Where somebody else is.
    OSError
        Where there can be no such folder.
    """
    mine = object()
    if _HELD.setdefault(folder, mine) is not mine:
        raise Busy
    try:
        folder.mkdir(exist_ok=True)
        with (folder / LOCK).open("ab") as file:
            _take(file)
            yield
    finally:
        with suppress(OSError):
            folder.rmdir()
        del _HELD[folder]


def _take(file: BinaryIO) -> None:
    """Lock a file for this process: not for those that it forks, which may outlive it.

    Raises
    ------
    Busy
        Where another process has it.
    """
    try:
        _lock(file)
    except (BlockingIOError, PermissionError):
        raise Busy from None


def _lock(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # of Windows
    else:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
