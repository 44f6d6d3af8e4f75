"""Letters in tiles that have no room for a name, and the words beneath a panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import Cidr
from ipplan.views.maps.blocks import LETTERS, Tile
from ipplan.views.maps.plots import VERSIONS
from ipplan.views.maps.words import centred, spanned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ipplan.contracts.maps import MapNetworkDocument
    from ipplan.views.maps.plots import Look, Plot


class Key(NamedTuple):
    """A letter in a tile, and what it stands for."""

    letter: str
    tile: Tile


def keyed(plots: list[Plot], look: Look) -> tuple[list[Plot], list[Key]]:
    """Plots with letters where names have no room, if they are to be explained."""
    if not look.keys:
        return plots, []
    keys: list[Key] = []
    found = [each if each.is_enlarged else _lettered(each, keys) for each in plots]
    return found, keys


def _lettered(plot: Plot, keys: list[Key]) -> Plot:
    tiles = [
        _with_letter(each, keys) if each.kind != "space" and not each.labels else each
        for each in plot.figure.tiles
    ]
    return plot._replace(figure=replace(plot.figure, tiles=tuple(tiles)))


def _with_letter(tile: Tile, keys: list[Key]) -> Tile:
    letter = _letter(len(keys))
    keys.append(Key(letter, tile))
    box = tile.box
    size = min(LETTERS, box.height - 1)
    x, y = box.x + box.width / 2, box.y + box.height / 2 + size * 0.35
    return replace(tile, labels=(centred(letter, x, y, size, box.width),))


def _letter(number: int) -> str:
    """The letters of a key: a to z, then aa and on.

    Examples
    --------
    >>> _letter(0), _letter(25), _letter(26)
    ('a', 'z', 'aa')
    """
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + last)


def words_of(network: MapNetworkDocument, keys: Sequence[Key], look: Look) -> list[str]:
    """What stands beneath: the scale, and what letters stand for."""
    lines = [*_scales(network, look), *map(_explained, keys[: look.keys])]
    more = len(keys) - look.keys
    return [*lines, f"and {more} more that have letters"] if more > 0 else lines


def _scales(network: MapNetworkDocument, look: Look) -> Iterator[str]:
    """What the largest square of a family is, in words."""
    if not network["blocks"]:
        yield "address space not known"
    every = (*network["blocks"], *network["strays"])
    blocks = [Cidr.parse(each["cidr"]) for each in every]
    for version in VERSIONS:
        family = [each for each in blocks if each.version == version]
        if family:
            largest = max(family, key=lambda each: each.size)
            told = f"/{largest.length}, {spanned(largest.size)}"
            yield look.scale.format(told)


def _explained(key: Key) -> str:
    tile = key.tile
    if tile.kind == "group":
        return f"{key.letter}  {tile.title}"
    known = f", {tile.free:,} free" if tile.free is not None else ""
    return f"{key.letter}  {tile.cidr}  {tile.name}{known}"
