"""Maps as files: SVG, PNG, or a page to zoom into."""

from __future__ import annotations

import math
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipplan.contracts.maps import MapDocument

SCALE = 2
"""Pixels of a PNG for each of the layout. [-]"""

MOST_PIXELS = 12_000_000
"""Of a PNG, so that one of a large estate can still be sent around. [pixels]"""


def check_png() -> None:
    """Refuse a PNG before any work where what makes it is not installed.

    Raises
    ------
    ArgumentError
        Without vl-convert or Pillow.
    """
    try:
        import_module("vl_convert")
        import_module("PIL.Image")
    except ImportError as error:
        allowed = "it needs vl-convert and Pillow: pip install ipplan[charts]"
        raise ArgumentError("--output", "'png'", allowed) from error


def _svg(document: MapDocument) -> bytes:
    from ipplan.renderers.maps.pictures import map_svg

    return map_svg(document).encode()


def _png(document: MapDocument) -> bytes:
    check_png()
    import vl_convert
    from PIL import Image

    from ipplan.renderers.maps.pictures import map_svg

    picture = map_svg(document)
    drawn = vl_convert.svg_to_png(picture, scale=_scale_of(picture))
    packed = BytesIO()  # what draws it compresses it in haste
    Image.open(BytesIO(drawn)).save(packed, "PNG")
    return packed.getvalue()


def _scale_of(picture: str) -> float:
    """How much a picture is enlarged: twice, or less where it is a large one."""
    start = picture[: picture.index(">")]
    width, height = (
        float(start.partition(f' {side}="')[2].partition('"')[0])
        for side in ("width", "height")
    )
    return min(SCALE, math.sqrt(MOST_PIXELS / (width * height)))


def _html(document: MapDocument) -> bytes:
    from ipplan.renderers.maps.pages import map_page

    return map_page(document).encode()


MAPS: dict[str, Callable[[MapDocument], bytes]] = {
    "svg": _svg,
    "png": _png,
    "html": _html,
}
"""What draws a map, by the form."""


def draw_map(document: MapDocument, form: str) -> bytes:
    """A map as the bytes of a file; the same ones for the same document.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    form : str
        Of :data:`~ipplan.renderers.maps.MAPS`.

    Raises
    ------
    ArgumentError
        For another form, and for a PNG where what makes it is not installed.
    """
    if form not in MAPS:
        raise ArgumentError("form", repr(form), f"one of {', '.join(MAPS)}")
    return MAPS[form](document)
