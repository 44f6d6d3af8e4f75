"""Text as the words of bash: nothing in it can break out, and it stays on its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

UNTOLD = (
    "az takes no NUL in a value, loses one that is --, reads the file that one names "
    "which begins with @, and takes one of a list that begins with - for an option"
)

_BARE = re.compile(r"[A-Za-z0-9_./:=,+%-]+", re.ASCII)
"""What bash takes as it is, wherever it stands."""

_OPTION = re.compile(r"--[a-z][a-z0-9-]*", re.ASCII)
"""An option by its long name; a value may still follow it."""

SWITCHES = frozenset(
    {
        "--all",
        "--disable-public-fqdn",
        "--enable-apiserver-vnet-integration",
        "--enable-cluster-autoscaler",
        "--enable-managed-identity",
        "--enable-private-cluster",
        "--migrate-vmas-to-vms",
        "--node-image-only",
    }
)
"""Options without a value: what follows one is another word, however it begins."""

_WORD = re.compile(r"(?:\$'(?:[^'\\]|\\.)*'|'[^']*'|\\.|[^\s'\\])+")
"""A word of a command line, quoted as here."""

_ESCAPES = {"\\": r"\\", "'": r"\'", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def quoted(text: str) -> str:
    r"""Text as one word that bash reads back as it was.

    Two number signs are kept apart: build agents obey what follows them.

    Raises
    ------
    ArgumentError
        For text with a NUL, which no command can be told.

    Examples
    --------
    >>> print(quoted("it's $(here)"), quoted("a\n"), quoted("##[x]"))
    'it'\''s $(here)' $'a\n' '#''#[x]'
    """
    if "\0" in text:
        raise ArgumentError("text", repr(text), UNTOLD)
    if text.isprintable():
        return "'" + text.replace("'", r"'\''").replace("##", "#''#") + "'"
    return "$'" + "".join(map(_escaped, text)).replace("##", r"#\043") + "'"


def _escaped(character: str) -> str:
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    # Bytes in octal: three digits end by themselves, and no locale changes them.
    return "".join(
        f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogatepass")
    )


def command_line(words: Iterable[str]) -> str:
    r"""A command of az on one line; only what needs quotes has them.

    Options have their long names. What follows one that takes a value is its value, and
    a sign joins them where it looks like an option itself.

    Raises
    ------
    ArgumentError
        For a word that az can't be told.

    Examples
    --------
    >>> print(command_line(["az", "show", "--name", "it's", "--vnet-name", "--ids"]))
    az show --name 'it'\''s' --vnet-name=--ids
    """
    line: list[str] = []
    for word in words:
        option, _, value = word.partition("=")
        named = _OPTION.fullmatch(option)
        told = value if named else word
        if word == "--" or told.startswith("@"):
            raise ArgumentError("word", repr(word), UNTOLD)
        if word.startswith("-") and _awaits(*line[-1:]):
            line[-1] += f"={_spelled(word)}"
        else:
            line.append(_spelled(word))
    return " ".join(line)


def _awaits(last: str = "") -> bool:
    """Whether the word behind one is its value."""
    return _OPTION.fullmatch(last) is not None and last not in SWITCHES


def _spelled(word: str) -> str:
    """A word without quotes where it needs none; an option's name never has any."""
    if _BARE.fullmatch(word):
        return word
    option, sign, value = word.partition("=")
    if sign and _OPTION.fullmatch(option):
        return f"{option}={quoted(value)}"
    return quoted(word)


def folded(line: str, width: int) -> list[str]:
    r"""A command on as many lines as it takes, with a backslash at their ends.

    Examples
    --------
    >>> print("\n".join(folded("az aks show --name 'a b' --debug", 24)))
    az aks show \
      --name 'a b' --debug
    """
    lines = [""]
    for unit in _units(_WORD.findall(line)):
        # Room for a blank and a backslash.
        if lines[-1].strip() and len(lines[-1]) + len(unit) + 3 > width:
            lines.append(" ")
        lines[-1] += f" {unit}" if lines[-1] else unit
    return [*(f"{each} \\" for each in lines[:-1]), lines[-1]]


def _units(words: list[str]) -> list[str]:
    """Words, with the value of an option beside it."""
    units: list[str] = []
    for word in words:
        if units and units[-1].startswith("-") and not word.startswith("-"):
            units[-1] += f" {word}"
        else:
            units.append(word)
    return units
