"""HCL as ``terraform fmt`` writes it: attributes, blocks and quoted text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_INDENT = "  "
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


class Expression(NamedTuple):
    """Code that stands as it is: a reference, a call.

    Parameters
    ----------
    text : str
        In one line.
    """

    text: str


Value = Expression | str | int | list["Value"]
"""Of an attribute; a ``bool`` is an ``int``."""


class Block(NamedTuple):
    """A block: ``head { … }``.

    Parameters
    ----------
    head : str
        Its type with its labels; of an attribute that is an object or a list of them,
        ``name =``; empty for an object of a list.
    attributes : mapping of str to value
        Each is one line; those that are None are left out.
    blocks : sequence of Block
        Within it, after its attributes.
    comments : sequence of str
        Lines that stand above it.
    brackets : str
        What it stands between.
    """

    head: str
    attributes: Mapping[str, Value | None]
    blocks: Sequence[Block] = ()
    comments: Sequence[str] = ()
    brackets: str = "{}"


def written(blocks: Iterable[Block]) -> str:
    """The text of a file.

    Examples
    --------
    >>> print(written([Block("locals", {"a": 1, "long": ["x", Expression("var.y")]})]))
    locals {
      a    = 1
      long = ["x", var.y]
    }
    <BLANKLINE>
    """
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def quoted(text: str) -> str:
    r"""Text as a literal that nothing in it can end or make a template of.

    Examples
    --------
    >>> print(quoted('a "${b}" \x1b'))
    "a \"$${b}\" \u001b"
    """
    escaped = "".join(map(_escaped, text))
    # A template begins at the brace, however many signs stand before it.
    return f'"{escaped.replace("${", "$${").replace("%{", "%%{")}"'


def value(given: Value) -> str:
    """An attribute's value as code.

    Examples
    --------
    >>> value([True, 2, "x", Expression("var.y")])
    '[true, 2, "x", var.y]'
    """
    match given:
        case Expression():
            return given.text
        case str():
            return quoted(given)
        case bool():
            return str(given).lower()
        case int():
            return str(given)
        case _:
            return f"[{', '.join(map(value, given))}]"


def _escaped(character: str) -> str:
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four hex digits write


def _lines(block: Block) -> Iterator[str]:
    yield from (f"# {each}" for each in block.comments)
    start = f"{block.head} {block.brackets[0]}".lstrip()
    end = block.brackets[1:] if block.head else f"{block.brackets[1:]},"
    inner = list(_inner(block))
    if not inner:
        yield f"{start}{end}"
        return
    yield start
    yield from (f"{_INDENT}{line}" if line else "" for line in inner)
    yield end


def _inner(block: Block) -> Iterator[str]:
    given = {name: one for name, one in block.attributes.items() if one is not None}
    width = max(map(len, given), default=0)
    for name, one in given.items():
        yield f"{name:{width}} = {value(one)}"
    for place, each in enumerate(block.blocks):
        if given or place:
            yield ""
        yield from _lines(each)
