"""Files, folders and standard input: which there are, and their content."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from pydantic_core import from_json

from ipplan.errors import InventoryError
from ipplan.readers.readings import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = frozenset({".json", ".yaml", ".yml", ".csv", ".tsv", ".tfstate"})
"""Files of a folder that are looked at."""

LARGEST = 2**30
"""What is read of a file: a listing of 60,000 networks. [bytes]"""

CHUNK = 2**20
"""What is read at a time. [bytes]"""

JSON_STARTS = frozenset("{[")
"""What begins so is meant as JSON."""

_FIRST = re.compile(r"\s*(\S)")

_CLEARER = {"recursion limit exceeded": "nested too deeply"}
"""The decoder's own words, where others say it better."""


def expanded(paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Every file that was named, and of folders every file that may be one.

    Yields
    ------
    tuple of str and bool
        The file, and whether it was named rather than found in a folder. A file that
        is named twice comes once.
    """
    seen: set[str] = set()
    for path in paths:
        for file, named in _files(path):
            if file not in seen:
                seen.add(file)
                yield file, named


def _files(path: str) -> Iterator[tuple[str, bool]]:
    try:
        folder = path not in {"", "-"} and Path(path).is_dir()
    except (OSError, ValueError):
        folder = False
    if folder:
        yield from ((file, False) for file in _below(path))
    else:
        yield path, True


def _below(folder: str) -> Iterator[str]:
    """Files below a folder that may be ipplan's; links to folders are not followed.

    A folder that can't be looked into comes as if it were a file: reading it says why.
    """
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            yield place
            continue
        folders = [each.path for each in entries if each.is_dir(follow_symlinks=False)]
        waiting += reversed(folders)
        yield from (
            each.path
            for each in entries
            if Path(each.name).suffix.lower() in SUFFIXES and each.is_file()
        )


def same_file(one: str, other: str) -> bool:
    """Whether two paths lead to one file, be it there or not.

    Standard input is no file, and no path leads to none.

    Examples
    --------
    >>> same_file("nets/../shop.yaml", "./shop.yaml"), same_file("-", "./-")
    (True, False)
    """
    if not {one, other}.isdisjoint({"", "-"}):
        return False
    try:
        alike = os.path.realpath(one) == os.path.realpath(other)
        return alike or Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def load(file: str) -> Content:
    """The content of a file; ``-`` is standard input.

    Raises
    ------
    InventoryError
        Where there is nothing to read, or what is there is not text, or begins as JSON
        and is none.
    """
    try:
        data = _bytes(file)
    except OSError as error:
        raise InventoryError(file, [f": {error.strerror}"]) from None
    except ValueError as error:
        raise InventoryError(file, [f": {error}"]) from None
    try:
        text = data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = f" byte {error.start}"
        raise InventoryError(file, [f"{place}: not text in UTF-8 or UTF-16"]) from None
    if not _FIRST.match(text):
        raise InventoryError(file, [": empty"])
    return Content(file, text, _document(file, text))


def _document(file: str, text: str) -> Any:
    """What the text holds as JSON; None where it does not begin as JSON."""
    first = _FIRST.match(text)
    if first is None or first[1] not in JSON_STARTS:
        return None
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        where, reason = _told(str(error))
        raise InventoryError(file, [f"{where}: {reason}"]) from None


def _told(reason: str) -> tuple[str, str]:
    """Where the JSON ends to be JSON, and why."""
    reason, _, place = reason.partition(" at line ")
    reason = _CLEARER.get(reason, reason)
    line, _, column = place.partition(" column ")
    return f" line {line} column {column}", f"not JSON: {reason}"


def _bytes(file: str) -> bytes:
    if not file:
        message = "no file is named so"
        raise ValueError(message)
    if file == "-":
        stdin = cast("TextIO | None", sys.stdin)
        if stdin is None:
            message = "standard input is closed"
            raise ValueError(message)
        return _whole(stdin.buffer)
    with Path(file).open("rb") as opened:
        return _whole(opened)


def _whole(stream: BinaryIO) -> bytes:
    """All that a stream holds, and no more than :data:`LARGEST`: some have no end."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > LARGEST:
            message = f"larger than {LARGEST:,} bytes"
            raise ValueError(message)
        chunks.append(chunk)
    return b"".join(chunks)
