"""Where what is printed was read."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class OriginDocument(TypedDict):
    """Where an object was read."""

    file: str
    """As it was named; - is standard input."""
    path: str
    """JSON path in the file."""
    line: int | None
    """The line on which it starts, where that can be had."""
    evidence: Literal["observed", "proposed"]
    """What Azure has accepted, or a plan of what will be."""
