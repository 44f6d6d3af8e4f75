"""A VNet at a size: its name, its blocks, the scale, and what letters stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipplan.views.maps.badges import Badge, badge_at
from ipplan.views.maps.contents import about, marks_in, subnets_of
from ipplan.views.maps.keys import keyed, words_of
from ipplan.views.maps.plots import LOOKS, SPACE, Level, Look, Plot, plots_of
from ipplan.views.maps.words import Label, label_in

if TYPE_CHECKING:
    from ipplan.contracts.maps import MapNetworkDocument


@dataclass(frozen=True)
class Panel:
    """A VNet as it is drawn.

    Parameters
    ----------
    network : MapNetworkDocument
        The VNet.
    level : str
        How much is shown.
    width, height : float
        [pixels]
    headings : tuple of Label
        Its name and what it is.
    plots : tuple of Plot
        Its blocks.
    words : tuple of Label
        The scale, and what the letters in tiles stand for.
    badges : tuple of Badge
        Numbers of the findings about the VNet itself.
    """

    network: MapNetworkDocument
    level: Level
    width: float
    height: float
    headings: tuple[Label, ...]
    plots: tuple[Plot, ...]
    words: tuple[Label, ...]
    badges: tuple[Badge, ...] = ()

    @property
    def subnets(self) -> int:
        """How many there are."""
        return len(subnets_of(self.network))


def panel(
    network: MapNetworkDocument,
    level: Level,
    room: float,
    *,
    side: float | None = None,
    is_headed: bool = True,
) -> Panel:
    """A VNet as it is drawn at a level.

    Parameters
    ----------
    network : MapNetworkDocument
        Of a map.
    level : str
        Of :data:`LOOKS`.
    room : float
        How wide it may be. [pixels]
    side : float, optional
        Of the square that its largest block is. [pixels]
    is_headed : bool
        Whether its name stands above it.
    """
    look = LOOKS[level]
    look = look._replace(side=min(side or look.side, room))
    top = 2 * look.letters + 6 + SPACE if is_headed and look.letters else 0.0
    drawn = plots_of(network, look, room, top)
    width, bottom = max(drawn.width, look.side), top + drawn.height
    plots, keys = keyed(drawn.plots, look)
    words = words_of(network, keys, look) if look.letters else []
    headings = _headings(network, look, width) if top else ()
    return Panel(
        network,
        level,
        width,
        bottom + len(words) * (look.letters + 4) + SPACE / 2 * bool(words),
        headings,
        tuple(plots),
        _beneath(words, look, bottom, width),
        _badge(network, look, width, is_headed=is_headed),
    )


def _beneath(
    words: list[str], look: Look, top: float, room: float
) -> tuple[Label, ...]:
    size = look.letters
    return tuple(
        label_in(text, 0, top + (number + 1) * (size + 4) + 2, size, room)
        for number, text in enumerate(words)
    )


def _badge(
    network: MapNetworkDocument, look: Look, right: float, *, is_headed: bool
) -> tuple[Badge, ...]:
    """Numbers of the findings about a VNet, beside its name or on all of it."""
    if look.letters and not is_headed:
        return ()
    marks = network["marks"] if look.letters else marks_in(network)
    return (badge_at(right, 0, marks),) if marks else ()


def _headings(
    network: MapNetworkDocument, look: Look, room: float
) -> tuple[Label, ...]:
    big = look.letters + 2
    marks = network["marks"]
    taken = badge_at(0, 0, marks).box.width + 4 if marks else 0
    name = label_in(network["name"], 0, big, big, room - taken)
    beneath = label_in(about(network), 0, big + 4 + look.letters, look.letters, room)
    return (name, beneath)
