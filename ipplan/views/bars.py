"""Bars: ranges to scale, with what they must hold at each stage, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.views.designs import STAGES, Shown, first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.reports import ReportRoomDocument

MOST_BARS = 60
"""Bars that a report has."""

END = 80.0
"""Where the end of what is usable stands, while nothing needs much more. [%]"""

WHEN = {
    "steady": "now",
    "maximum": "at the maximum",
    "upgrade": "with the surge of all pools",
    "rotation": "while the largest pool runs twice (blue/green)",
}
"""Stages in a sentence."""


class Segment(NamedTuple):
    """A part of a bar in percent of it, and the stage that needs it."""

    stage: str
    start: float
    width: float


class Bar(NamedTuple):
    """A range with its stages, to scale.

    Parameters
    ----------
    room : ReportRoomDocument
        The range.
    end : float
        Where what is usable ends. [%]
    segments : tuple of Segment
        By need; nothing lies behind 100 %.
    over : float
        How far the bar goes beyond the end. [%]
    words : str
        The binding step, in words.
    state : str
        ``good``, ``warn``, ``bad`` or ``unknown``.
    """

    room: ReportRoomDocument
    end: float
    segments: tuple[Segment, ...]
    over: float
    words: str
    state: str


def bars(rooms: Sequence[ReportRoomDocument]) -> Shown:
    """A bar for each range whose needs are known, the worst first."""
    drawn = [e for e in rooms if e["usable"] is not None and _known(e)]
    chosen = first(sorted(drawn, key=tightness), MOST_BARS)
    return Shown([bar(each) for each in chosen.rows], chosen.more)


def bar(room: ReportRoomDocument) -> Bar:
    """A range to scale: where what is usable ends, and how far its stages go.

    What is usable takes the same width in all bars, unless more than a quarter over
    that is needed: then all of the bar is drawn smaller, so that nothing is cut off.
    """
    usable, stages = room["usable"] or 0, _known(room)
    most = max(need for _, need in stages)
    whole = max(most, usable * 100 / END, 1)
    unit, end = 100 / whole, 100 * usable / whole
    segments: list[Segment] = []
    before = 0
    for name, need in sorted(stages, key=lambda each: each[1]):
        if need > before:
            start, width = before * unit, (need - before) * unit
            segments.append(Segment(name, round(start, 3), round(width, 3)))
            before = need
    over = max(most * unit - end, 0)
    words, state = _binding(room)
    return Bar(room, round(end, 3), tuple(segments), round(over, 3), words, state)


def _known(room: ReportRoomDocument) -> list[tuple[str, int]]:
    """The stages whose need is known."""
    found = ((each["name"], each["need"]) for each in room["stages"])
    return [(name, need) for name, need in found if need is not None]


def _binding(room: ReportRoomDocument) -> tuple[str, str]:
    """The step that binds, in words, and how bad that is."""
    usable, needs = room["usable"] or 0, dict(_known(room))
    step = room["binding"]
    if step is not None:
        need = needs.get(step)
        told = "of unknown size" if need is None else f"{need:,} of {usable:,}"
        short = f", {need - usable:,} too many" if need and need > usable else ""
        state = "warn" if step == "rotation" else "bad"
        return f"No room {WHEN[step]}: {told}{short}", state
    name = max(needs, key=needs.__getitem__)
    told = f"{needs[name]:,} of {usable:,}"
    if any(each["fits"] is None for each in room["stages"]):
        why = "; ".join(room["unknown"]) or "not every stage is known"
        return f"{told} {WHEN[name]}; unknown: {why}", "unknown"
    if len(room["stages"]) == 1:
        return f"Fits: {told}", "good"
    return f"Fits. Tightest: {told} {WHEN[name]}", "good"


def tightness(room: ReportRoomDocument) -> tuple[Any, ...]:
    """What sorts ranges: those without room first, then by what is left of them."""
    order = [*STAGES, None].index(room["binding"])
    used = any(each["need"] is not None for each in room["stages"])
    left, usable = room["free"], room["usable"]
    share = 1.0 if left is None or not usable else left / usable
    return (order, not used, share)
