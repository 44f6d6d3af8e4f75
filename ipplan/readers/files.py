"""Bytes of a file, or of standard input, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

from ipplan.errors import InventoryError


def read_json(path: str, expected: str) -> Any:
    """Decode a JSON file; ``-`` is standard input, ``expected`` what it should be.

    Raises
    ------
    InventoryError
        Where there is nothing to read, or what is there is no JSON.
    """
    try:
        data = _standard_input() if path == "-" else Path(path).read_bytes()
    except ValueError as error:
        raise InventoryError(path, [f": {error}; expected {expected}"]) from None
    except OSError as error:
        raise InventoryError(
            path, [f": {error.strerror}; expected {expected}"]
        ) from None
    try:
        return json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise InventoryError(
            path, [f": nested too deeply; expected {expected}"]
        ) from None
    except UnicodeDecodeError:
        raise InventoryError(
            path, [f": not text in UTF-8; expected {expected}"]
        ) from None
    except json.JSONDecodeError as error:
        where = f" line {error.lineno} column {error.colno}"
        raise InventoryError(
            path, [f"{where}: {error.msg}; expected {expected}"]
        ) from None
    except ValueError as error:
        raise InventoryError(path, [f": {error}; expected {expected}"]) from None


def _standard_input() -> bytes:
    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None:
        message = "standard input is closed"
        raise ValueError(message)
    return stdin.buffer.read()


def as_object(value: Any) -> dict[str, Any] | None:
    """A JSON object, or None for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    """A JSON array, or None for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not JSON"
    raise ValueError(message)
