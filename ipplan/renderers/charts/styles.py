"""How charts look: colours that the colour-blind and a grey print tell apart."""

from __future__ import annotations

from typing import NamedTuple

from ipplan.models import MODELS

INK = "#1a1a1a"
"""Of text."""

PALE = "#595959"
"""Of text that matters less; it still has a contrast of 7."""

GRID = "#d9d9d9"
"""Of lines behind the data."""

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


class Style(NamedTuple):
    """A colour as of Okabe and Ito, dashes, and the mark at a line's end."""

    colour: str
    dash: list[int]
    shape: str
    width: float


_STYLES = (
    Style("#0072B2", [1, 0], "circle", 3.2),
    Style("#E69F00", [5, 4], "square", 2.2),
    Style("#00583F", [12, 3], "triangle-up", 1.8),
    Style("#D55E00", [8, 3, 2, 3], "diamond", 1.8),
    Style("#36084D", [2, 3], "triangle-down", 1.8),
)


def style_of(model: str) -> Style:
    """How a model is drawn, whichever others are drawn with it.

    Examples
    --------
    >>> style_of("cni-overlay").colour
    '#0072B2'
    """
    return _STYLES[list(MODELS).index(model) % len(_STYLES)]


_SHADES = (
    "#00224e",
    "#123570",
    "#3b496c",
    "#575d6d",
    "#707173",
    "#8a8779",
    "#a59c74",
    "#c3b369",
    "#e1cc55",
    "#fdea45",
)
"""Cividis: as light in grey as in colour, dark first, for the largest subnets."""


def shade(length: int, lengths: list[int]) -> str:
    """The colour of a prefix length among those that are shown, sorted.

    Examples
    --------
    >>> shade(24, [16, 24]), shade(16, [16, 24])
    ('#fdea45', '#00224e')
    """
    where = lengths.index(length) * (len(_SHADES) - 1) / max(len(lengths) - 1, 1)
    below = min(int(where), len(_SHADES) - 2)
    pairs = zip(_parts(_SHADES[below]), _parts(_SHADES[below + 1]), strict=True)
    mixed = (round(a + (b - a) * (where - below)) for a, b in pairs)
    return "#" + "".join(f"{each:02x}" for each in mixed)


def _parts(colour: str) -> list[int]:
    """Red, green and blue, each of 255."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def ink_on(colour: str) -> str:
    """Black or white, whichever is read on a colour.

    Examples
    --------
    >>> ink_on("#fdea45"), ink_on("#00224e")
    ('#1a1a1a', '#ffffff')
    """
    red, green, blue = _parts(colour)
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 130 else "#ffffff"  # noqa: PLR2004  # a middle grey
