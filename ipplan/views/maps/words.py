"""Words in pictures: how wide they are, and what of them fits."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from unicodedata import category, east_asian_width

from ipplan.tables import printable

ELLIPSIS = "…"

MOST_LETTERS = 400
"""Letters of a text that a line could have."""

MOST_TOLD = 2**32
"""Addresses that are written out: as many as IPv4 has."""

_NARROW = frozenset("ijl.,:;|!'`()[]/ \\-ft")
_BROAD = frozenset("mwMWGOQ@%&…—")


@lru_cache(maxsize=4096)
def _em(char: str) -> float:
    """How wide a letter is, generously, in letters' heights."""
    if char in _NARROW:
        return 0.38
    if char in _BROAD or east_asian_width(char) in "WF":
        return 1.05
    if category(char) in {"Mn", "Me"}:
        return 0.0
    if char.isascii():
        return 0.72 if char.isupper() else 0.6
    return 0.9


def width_of(text: str, size: float) -> float:
    """How wide a text is at most in Liberation Sans or Arial, in pixels.

    Examples
    --------
    >>> width_of("10.0.0.0/16", 10) < width_of("10.255.255.255/16", 10) < 100
    True
    """
    return size * sum(map(_em, text))


def shortened(text: str, size: float, room: float) -> str:
    r"""A text, or its start and an ellipsis where it has less room; safe to show.

    Examples
    --------
    >>> shortened("snet-clusternodes", 12, 80), shortened("web", 12, 80)
    ('snet-clust…', 'web')
    >>> shortened("web", 12, 5)
    ''
    """
    text = printable(text[:MOST_LETTERS])
    if width_of(text, size) <= room:
        return text
    ends = accumulate(map(_em, text), initial=_em(ELLIPSIS))
    fits = sum(size * each <= room for each in ends) - 1
    return text[:fits] + ELLIPSIS if fits > 0 else ""


def wrapped(text: str, size: float, room: float) -> list[str]:
    """A text in lines, broken at blanks, or within a word that is wider than a line.

    Examples
    --------
    >>> wrapped("pods overlap the VNet", 10, 70)
    ['pods overlap', 'the VNet']
    """
    lines: list[str] = []
    left = 0.0
    for word in printable(text).split():
        for piece in _pieces(word, size, room):
            needs = width_of(f" {piece}", size)
            if lines and needs <= left:
                lines[-1] += f" {piece}"
                left -= needs
            else:
                lines.append(piece)
                left = room - width_of(piece, size)
    return lines


def _pieces(word: str, size: float, room: float) -> list[str]:
    pieces = [""]
    left = room
    for char in word:
        wide = size * _em(char)
        if wide > left and pieces[-1]:
            pieces.append("")
            left = room
        pieces[-1] += char
        left -= wide
    return pieces


def spanned(addresses: int) -> str:
    """How many addresses, in words that can be read.

    Examples
    --------
    >>> spanned(65_536), spanned(1), spanned(2**72)
    ('65,536 addresses', '1 address', '2^72 addresses')
    """
    if addresses == 1:
        return "1 address"
    if addresses <= MOST_TOLD:
        return f"{addresses:,} addresses"
    return f"2^{addresses.bit_length() - 1} addresses"


class Label(NamedTuple):
    """A line of text in a picture."""

    text: str
    x: float
    """Where it starts. [pixels]"""
    y: float
    """Of its base line. [pixels]"""
    size: float
    """Of its letters. [pixels]"""
    width: float
    """What it takes at most. [pixels]"""
    title: str = ""
    """All of it, where it was shortened."""


def label(text: str, x: float, y: float, size: float) -> Label:
    """A line of text that fits."""
    return Label(text, x, y, size, width_of(text, size))


def label_in(text: str, x: float, y: float, size: float, room: float) -> Label:
    """A line of text, shortened to the room that it has.

    Examples
    --------
    >>> label_in("snet-clusternodes", 0, 12, 12, 80).text
    'snet-clust…'
    """
    shown = shortened(text, size, room)
    full = "" if shown == printable(text) else text
    return label(shown, x, y, size)._replace(title=full)


def centred(text: str, x: float, y: float, size: float, room: float) -> Label:
    """A line of text around a point, shortened to the room that it has."""
    found = label_in(text, x, y, size, room)
    return found._replace(x=x - found.width / 2)
