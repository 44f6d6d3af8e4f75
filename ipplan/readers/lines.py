"""On which line of a JSON text the value of a path starts."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NOWHERE = -1
"""Position of a value that has not come by."""

_STEP = re.compile(
    r"""\.([^.\["]+)|\[([0-9]{1,9})\]"""
    r"""|\[("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")\]"""
)
_BLANKS = re.compile(r"[ \t\n\r]*")
_KEY = re.compile(r'"([^"\\]*)"[ \t\n\r]*:[ \t\n\r]*')
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*")
_INDENT = re.compile(r"[ \t]*")
_CLOSING = {"{": "}", "[": "]"}
_BEHIND = ("", ",", "\n")
"""What stands behind a value that ends a line."""
WIDEST = 2**18
"""How far ahead the end of a value is sought. [characters]"""
FAR = 512
"""How far back the beginning of a line is sought. [characters]"""
# Values are skipped, not read: text does for numbers of any length.
_SKIP = json.JSONDecoder(parse_int=str, parse_float=str, strict=False).raw_decode


@dataclass(slots=True)
class _Wanted:
    """A step of a path that somebody asked for, and where its value was last seen."""

    path: str | None = None
    at: int = NOWHERE
    below: dict[str | int, _Wanted] = field(default_factory=dict[str | int, "_Wanted"])


def lines(text: str, paths: Collection[str]) -> dict[str, int]:
    r"""Line on which the value of each path starts.

    Parameters
    ----------
    text : str
        A JSON document. Where it is broken, what came before is found.
    paths : collection of str
        JSON paths, spelled as :func:`ipplan.readers.readings.path` spells them.

    Returns
    -------
    dict of str to int
        Counted from 1. Paths that are not in the document are not in it either. Of
        keys that are repeated in one object the last counts, as for :mod:`json`.

    Examples
    --------
    >>> lines('{"value": [\n  {"name": "hub"},\n  {"name": "aks"}\n]}',
    ...       [".value", ".value[1].name", ".value[2]"])
    {'.value': 1, '.value[1].name': 3}
    """
    root = _wanted(paths)
    # Whatever is no JSON: a key that is a list cannot be looked up, for one.
    with suppress(ValueError, IndexError, TypeError, RecursionError):
        _visit(text, _end(_BLANKS, text, text.startswith("\ufeff")), root)
    found: dict[str, int] = {}
    line, counted = 1, 0
    for at, path in sorted(_seen(root)):
        line += text.count("\n", counted, at)
        counted = at
        found[path] = line
    return found


def _wanted(paths: Collection[str]) -> _Wanted:
    """What is asked for, as a tree; what is not spelled like a path is left out."""
    root = _Wanted()
    known = {"": root}
    for path in paths:
        node = known.get(path) or _grown(root, path, known)
        if node is not None:
            node.path = path
    return root


def _grown(root: _Wanted, path: str, known: dict[str, _Wanted]) -> _Wanted | None:
    """The node of a path, below the longest part of it that is known."""
    head = path[: path.rfind("[")] if path.endswith("]") else ""
    at, end = (known[head], len(head)) if head in known else (root, 0)
    while match := _STEP.match(path, end):
        name, index, quoted = match.groups()
        key = int(index) if index else name or _SKIP(quoted)[0]
        at = at.below.setdefault(key, _Wanted())
        end = match.end()
        known[path[:end]] = at
    return at if end == len(path) else None


def _seen(root: _Wanted) -> Iterator[tuple[int, str]]:
    """Positions of what was found; a repeated key takes back what was found in it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.path is not None and node.at != NOWHERE:
            yield node.at, node.path
        waiting += [each for each in node.below.values() if each.at > node.at]


def _visit(text: str, at: int, node: _Wanted, outer: int = -1) -> int:
    """Note where a value starts, and in it what is wanted; the position behind it."""
    opening = text[at]
    node.at = at
    if node.below and opening == "{":
        return _visit_object(text, at, node)
    if node.below and opening == "[":
        return _visit_array(text, at, node)
    return _skip(text, at, outer)


def _visit_object(text: str, at: int, node: _Wanted) -> int:
    margin = _margin(text, at)
    at = _end(_BLANKS, text, at + 1)
    while text[at] != "}":
        key, at = _key(text, at)
        wanted = node.below.get(key)
        if wanted is None:
            at = _skip(text, at, margin)
        else:
            at = _visit(text, at, wanted, margin)
        at = _end(_COMMA, text, at)
    return at + 1


def _key(text: str, at: int) -> tuple[str, int]:
    """A key, and the position of its value."""
    match = _KEY.match(text, at)
    if match:
        return match[1], match.end()
    key, at = _SKIP(text, at)
    return key, _end(_COLON, text, at)


def _visit_array(text: str, at: int, node: _Wanted) -> int:
    margin = _margin(text, at)
    at = _end(_BLANKS, text, at + 1)
    index = 0
    while text[at] != "]":
        wanted = node.below.get(index)
        if wanted is None:
            at = _skip(text, at, margin)
        else:
            at = _visit(text, at, wanted, margin)
        at = _end(_COMMA, text, at)
        index += 1
    return at + 1


def _skip(text: str, at: int, outer: int) -> int:
    """The position behind a value: what is indented ends where its line began.

    That holds where lines are indented more than those of what is around them, and
    less than those of what is in them; elsewhere the value is decoded.
    """
    close = _CLOSING.get(text[at])
    margin = _margin(text, at) if close and text.startswith("\n", at + 1) else FAR
    blanks = text[at + 2 : at + 3 + margin]  # one more than its own line has
    if outer < margin < FAR and blanks.isspace():
        last = text.find(f"\n{blanks[:margin]}{close}", at, at + WIDEST)
        end = last + margin + 2
        if last >= 0 and text[end : end + 1] in _BEHIND:
            return end
    return _SKIP(text, at)[1]


def _margin(text: str, at: int) -> int:
    """Blanks with which the line of a position begins; FAR where that is far away."""
    start = text.rfind("\n", max(at - FAR, 0), at) + 1
    if not start and at >= FAR:
        return FAR
    return _end(_INDENT, text, start) - start


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
