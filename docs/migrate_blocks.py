"""The page of migrations: the ways from one model to another, as rows have them."""

from __future__ import annotations

from blocks import link, table

from ipplan.migrations.bars import CONDITIONS
from ipplan.migrations.paths import DESTINATIONS, PATHS

AS_OF = "2026-11-28"
"""The day on which the examples of the page were made."""

_ANY = "any other"


def conditions() -> str:
    """What may bar a way, a row each, with the destinations that ask for it."""
    rows = [
        (
            f"`{row.id}`",
            ", ".join(f"`{each}`" for each in DESTINATIONS if each in row.goals),
            ", ".join(each.replace("-", " ") for each in row.ways),
            row.words,
        )
        for row in CONDITIONS
    ]
    return table(("bar", "to", "ways", "what is in the way, or may be"), rows)


def paths() -> str:
    """The ways, a row each, with the page that names them."""
    rows = [
        (
            ", ".join(f"`{each}`" for each in row.models) or _ANY,
            f"`{row.to}`" if row.to else _ANY,
            row.way.replace("-", " "),
            row.words,
            link(row.source),
        )
        for row in PATHS
    ]
    return table(("from", "to", "way", "what the page says", "source"), rows)
