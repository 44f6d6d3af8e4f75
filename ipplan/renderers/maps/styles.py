"""How maps look: by variables in pages, and by plain colours in pictures."""

from __future__ import annotations

import re
from functools import cache

from ipplan.renderers.pages import asset

_VARIABLE = re.compile(r"(--[a-z-]+): (#[0-9a-f]{6});")
_USE = re.compile(r"var\((--[a-z-]+)\)")


def map_style() -> str:
    """How the parts of a map look, by the variables of ``theme.css``."""
    return asset("map_svg.css")


@cache
def picture_style() -> str:
    """The same in plain colours, which all that shows SVG knows; light, and dark."""
    light, dark = asset("theme.css").split("@media ", 1)
    style = map_style()
    when = "@media screen and (prefers-color-scheme: dark)"
    return f"{_coloured(style, light)}{when} {{\n{_coloured(style, dark)}}}"


def _coloured(style: str, theme: str) -> str:
    colours = dict(_VARIABLE.findall(theme))
    return _USE.sub(lambda use: colours[use[1]], style)
