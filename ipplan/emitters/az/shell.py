"""Words of a bash script that nothing in them can break out of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.shells import UNTOLD, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable


class Variable(NamedTuple):
    """A variable of the script, as part of a word.

    Parameters
    ----------
    name : str
        A legal one.
    """

    name: str


Word = str | Variable | tuple["Word", ...]
"""Text, a variable, or several parts of one word."""


class Option(NamedTuple):
    """An option of a command.

    Parameters
    ----------
    name : str
        Without the dashes.
    value : Word or None
        None for a switch, and for a list.
    values : tuple of Word
        Those of a list, which are words of their own.
    """

    name: str
    value: Word | None = None
    values: tuple[Word, ...] = ()


def word(given: Word) -> str:
    r"""A word as bash reads it back.

    Raises
    ------
    ArgumentError
        For text that az can't be told: its own rules for values have no escape.

    Examples
    --------
    >>> print(word("it's $(here)"), word(("/x/", Variable("group"))), word("a\n"))
    'it'\''s $(here)' '/x/'"${group}" $'a\n'
    """
    match given:
        case Variable():
            return f'"${{{given.name}}}"'
        case str():
            return quoted(given)
        case _:
            return "".join(map(word, given))


def command(words: str, options: Iterable[Option]) -> str:
    r"""A command, an option a line.

    Raises
    ------
    ArgumentError
        For values that az can't be told.

    Examples
    --------
    >>> tags = Option("tags", values=("a", "b"))
    >>> print(command("az group list", [Option("name", "-a"), tags, Option("debug")]))
    az group list \
      --name='-a' \
      --tags 'a' 'b' \
      --debug
    """
    return " \\\n  ".join([words, *map(_option, options)])


def _option(option: Option) -> str:
    """An option; a sign before its value keeps one that begins with a dash."""
    if option.value is not None:
        _told(option.name, option.value, "@")
        return f"--{option.name}={word(option.value)}"
    for each in option.values:
        _told(option.name, each, "@-")
    return " ".join([f"--{option.name}", *map(word, option.values)])


def _told(name: str, given: Word, signs: str) -> None:
    if isinstance(given, str) and given.startswith(tuple(signs)):
        raise ArgumentError(f"--{name}", repr(given), UNTOLD)
