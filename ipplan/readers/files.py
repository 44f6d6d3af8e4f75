"""Files, folders and standard input: which there are, and their content."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from pydantic_core import from_json

from ipplan.errors import InventoryError
from ipplan.readers.readings import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = frozenset({".json", ".yaml", ".yml", ".csv", ".tsv", ".tfstate"})
"""Files of a folder that are looked at."""

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
        folder = path != "-" and Path(path).is_dir()
    except (OSError, ValueError):
        folder = False
    if not folder:
        yield path, True
        return
    for file in sorted(Path(path).rglob("*")):
        if file.suffix.lower() in SUFFIXES and file.is_file():
            yield str(file), False


def load(file: str) -> Content:
    """The content of a file; ``-`` is standard input.

    Raises
    ------
    InventoryError
        Where there is nothing to read, or what is there is not text, or begins as JSON
        and is none.
    """
    try:
        data = _standard_input() if file == "-" else Path(file).read_bytes()
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


def _standard_input() -> bytes:
    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None:
        message = "standard input is closed"
        raise ValueError(message)
    return stdin.buffer.read()
