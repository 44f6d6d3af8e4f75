"""Functions of strings."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin

from ipplan.readers.readings import as_list
from ipplan.readers.templates.signatures import strict
from ipplan.readers.templates.values import (
    MOST_ITEMS,
    MOST_TEXT,
    Unknown,
    UnsuitableError,
    flat,
    join,
    spelled,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HOLE = re.compile(
    r"\{\{|\}\}|\{(?P<index>[0-9]{1,4})(?:,(?P<width>-?[0-9]{1,4}))?"
    r"(?::(?P<form>[^{}]*))?\}|[{}]"
)
_FORM = re.compile(r"(?P<letter>[dxnf])(?P<digits>[0-9]{0,3})", re.IGNORECASE)
_DATA_URI = re.compile(
    r"data:(?P<type>[^,]*?)(?P<base64>;base64)?,(?P<data>.*)", re.DOTALL
)


def canonical(value: Any) -> str:
    """A value as JSON in which equal values are equal texts, and 1 is not true.

    >>> canonical({"b": 1, "a": True})
    '{"a": true, "b": 1}'
    """
    return json.dumps(value, sort_keys=True)


def string(value: Any) -> str:
    """A value as text, as Azure writes it.

    >>> string([1, "a"]), string(True), string(4)
    ('[1,"a"]', 'True', '4')
    """
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def joined(parts: Sequence[Any]) -> Any:
    """Put parts together, the known as they are and the unknown as they are spelled.

    An id whose subscription or group is unknown is as good as known: it meets the ids
    of the same file.
    """
    text = join([spelled(part) for part in parts])
    if any(isinstance(part, Unknown) for part in parts):
        return text if text.startswith("/subscriptions/") else Unknown("", text)
    return text


def _concat(*parts: Any) -> Any:
    """Strings one after another, or lists."""
    if not any(isinstance(part, list) for part in parts):
        return joined(parts)
    return flat(parts)


def _format(form: str, *arguments: Any) -> Any:
    """Fill the holes of a text, ``{0}`` or ``{0:D2}``, as .NET does."""
    parts: list[Any] = []
    at = 0
    for hole in _HOLE.finditer(form):
        parts += [form[at : hole.start()], _filled(hole, arguments)]
        at = hole.end()
    return joined([*parts, form[at:]])


def _filled(hole: re.Match[str], arguments: Sequence[Any]) -> Any:
    if hole[0] in {"{{", "}}"}:
        return hole[0][0]
    if hole["index"] is None or int(hole["index"]) >= len(arguments):
        raise UnsuitableError
    value = arguments[int(hole["index"])]
    if isinstance(value, Unknown):
        return value
    text = _shaped(value, hole["form"]) if hole["form"] else string(value)
    width = int(hole["width"] or 0)
    return text.ljust(-width) if width < 0 else text.rjust(width)


def _shaped(value: Any, form: str) -> str:
    match = _FORM.fullmatch(form)
    if not match or type(value) is not int:
        raise UnsuitableError
    letter, digits = match["letter"], match["digits"]
    if letter in "dD":
        return f"{'-' * (value < 0)}{str(abs(value)).zfill(int(digits or 1))}"
    if letter in "xX":
        return f"{value & (2**64 - 1):{letter}}".zfill(int(digits or 1))
    places = int(digits or 2)
    return f"{value:,.{places}f}" if letter in "nN" else f"{value:.{places}f}"


def _changed(change: Callable[[str], str]) -> Callable[[Any], Any]:
    """A change of letters that leaves unknown what is unknown, and spells it so."""

    def call(value: Any) -> Any:
        if isinstance(value, Unknown):
            return Unknown("", change(value.spelling))
        if not isinstance(value, str):
            raise UnsuitableError
        return change(value)

    return call


def _substring(text: str, start: int, length: int | None = None) -> str:
    end = len(text) if length is None else start + length
    if not 0 <= start <= end <= len(text):
        raise UnsuitableError
    return text[start:end]


def _split(text: str, marks: Any) -> list[str]:
    every = as_list(marks) or [marks]
    pattern = "|".join(re.escape(mark) for mark in every if isinstance(mark, str))
    return re.split(pattern, text, maxsplit=MOST_ITEMS) if pattern else [text]


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise UnsuitableError
    if len(text) + text.count(old) * (len(new) - len(old)) > MOST_TEXT:
        raise UnsuitableError
    return text.replace(old, new)


def _index(find: Callable[[str, str], int]) -> Callable[[Any, Any], int]:
    """Where a string stands in another, whatever its case, or an element in a list."""

    def call(whole: Any, part: Any) -> int:
        if isinstance(whole, str) and isinstance(part, str):
            return find(whole.lower(), part.lower())
        items = as_list(whole)
        if items is None:
            raise UnsuitableError
        marks = [canonical(one) for one in items]
        wanted = canonical(part)
        places = [index for index, mark in enumerate(marks) if mark == wanted] or [-1]
        return places[0 if find is str.find else -1]

    return call


def _pad_left(value: Any, width: int, filling: str = " ") -> str:
    if not 0 <= width <= MOST_TEXT or len(filling) != 1:
        raise UnsuitableError
    return string(value).rjust(width, filling)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        raise UnsuitableError from None


def _from_data_uri(text: str) -> str:
    match = _DATA_URI.fullmatch(text)
    if not match:
        raise UnsuitableError
    return _from_base64(match["data"]) if match["base64"] else unquote(match["data"])


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise UnsuitableError from None


def _uri(base: str, relative: str) -> str:
    try:
        return urljoin(base, relative)
    except ValueError:
        raise UnsuitableError from None


def _quoted(text: str) -> str:
    return quote(text, safe="-_.!~*'()", errors="replace")


def _json_from_base64(text: str) -> Any:
    return _json(_from_base64(text))


def _data_uri(text: str) -> str:
    return f"data:text/plain;charset=utf8;base64,{_base64(text)}"


def _starts_with(text: str, start: str) -> bool:
    return text.lower().startswith(start.lower())


def _ends_with(text: str, end: str) -> bool:
    return text.lower().endswith(end.lower())


def _join(parts: Any, mark: str) -> str:
    items = as_list(parts)
    if items is None:
        raise UnsuitableError
    return join([string(part) for part in items], mark)


FUNCTIONS = {
    "base64": strict("text", _base64),
    "base64tojson": strict("text", _json_from_base64),
    "base64tostring": strict("text", _from_base64),
    "concat": strict("maybe maybe*", _concat),
    "datauri": strict("text", _data_uri),
    "datauritostring": strict("text", _from_data_uri),
    "endswith": strict("text text", _ends_with),
    "format": strict("text maybe*", _format),
    "indexof": strict("known known", _index(str.find)),
    "join": strict("known text", _join),
    "json": strict("text", _json),
    "lastindexof": strict("known known", _index(str.rfind)),
    "padleft": strict("known int text?", _pad_left),
    "replace": strict("text text text", _replace),
    "split": strict("text known", _split),
    "startswith": strict("text text", _starts_with),
    "string": strict("known", string),
    "substring": strict("text int int?", _substring),
    "tolower": strict("maybe", _changed(str.lower)),
    "toupper": strict("maybe", _changed(str.upper)),
    "trim": strict("text", str.strip),
    "uri": strict("text text", _uri),
    "uricomponent": strict("text", _quoted),
    "uricomponenttostring": strict("text", unquote),
}
