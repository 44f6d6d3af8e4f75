"""Bars as lines of text, for Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.views import designs, occurrences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.views.bars import Bar

WIDTH = 25
"""Of a bar of text, 100 %. [characters]"""

BLOCKS = {"steady": "█", "maximum": "▓", "upgrade": "▒", "rotation": "░"}
"""What stages are drawn with."""

FREE, END, OVER = "·", "│", "!"
"""What has no need, the end of what can be used, and a need that lies beyond it."""


def legend(bars: Sequence[Bar]) -> str:
    """What the characters of bars mean: of those alone that occur."""
    stages = occurrences.stages_of(each.room for each in bars)
    key = [f"`{BLOCKS[each]}` {designs.STAGES[each]}" for each in stages]
    key += [f"`{FREE}` free", f"`{END}` end of what can be used"]
    key += [f"`{OVER}` no room"] if any(each.over for each in bars) else []
    each = "Each bar is its own range, whatever its size; the fullest come first"
    return f"{each}: {', '.join(key)}."


def drawn(bar: Bar) -> str:
    """A bar as text: each character stands for what lies where it begins."""
    unit = 100 / WIDTH
    cells = [_cell(bar, place * unit) for place in range(WIDTH)]
    end = sum(place * unit < bar.end for place in range(WIDTH))
    return "".join([*cells[:end], END, *cells[end:]]).rstrip()


def _cell(bar: Bar, start: float) -> str:
    if start >= bar.end:
        return OVER if start < bar.end + bar.over else " "
    for part in bar.segments:
        if start < part.start + part.width:
            return BLOCKS[part.stage]
    return FREE
