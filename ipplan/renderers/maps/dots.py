"""PNG in fewer bytes: what draws a picture compresses it in haste."""

from __future__ import annotations

import struct
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DOTS = b"IDAT"
"""The chunks that hold the dots, compressed."""

START = 8
"""Where the first chunk of a PNG stands. [bytes]"""

AROUND = 12
"""Of a chunk, its length, its kind and its checksum. [bytes]"""


def packed(png: bytes) -> bytes:
    """The same PNG with its dots compressed once more; none of them changes.

    Parameters
    ----------
    png : bytes
        A whole file.

    References
    ----------
    https://www.w3.org/TR/png-3/#5Chunk-layout
    """
    found: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for kind, data in chunks(png):
        found[kind].append(data)
    parts = {kind: b"".join(data) for kind, data in found.items()}
    parts[DOTS] = zlib.compress(zlib.decompress(parts[DOTS]))
    return png[:START] + b"".join(_chunk(*each) for each in parts.items())


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG: the kind of each, and what it holds."""
    place = START
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        yield kind, png[place + 8 : place + 8 + length]
        place += AROUND + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return (
        struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    )
