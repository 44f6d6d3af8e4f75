"""Bytes of a file, or of standard input, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from ipplan.errors import InventoryError


def read_json(path: str) -> Any:
    """Decode a JSON file; ``-`` is standard input.

    Raises
    ------
    InventoryError
        Where there is nothing to read, or what is there is no JSON.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InventoryError(path, [f": {error.strerror}"]) from None
    try:
        return json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise InventoryError(path, [": nested too deeply"]) from None
    except UnicodeDecodeError:
        raise InventoryError(path, [": not text in UTF-8"]) from None
    except json.JSONDecodeError as error:
        where = f" line {error.lineno} column {error.colno}"
        raise InventoryError(path, [f"{where}: {error.msg}"]) from None
    except ValueError as error:
        raise InventoryError(path, [f": {error}"]) from None


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not JSON"
    raise ValueError(message)
