"""IPv4 CIDRs read from bytes, many at a time.

Every byte becomes a code of four bits: a digit its value, the rest a stop. The four
codes before a stop tell its number, so one look in a table of 2¹⁶ numbers replaces
splitting, arithmetic on digits and checks of ranges and leading zeros.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ipplan.cidrs.spellings import BITS, IPV4, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

DOTS = 3
"""Dots of an IPv4 address. [-]"""

_STOP = 10
"""Codes of digits are below it."""
_CODES = {**{str(digit): digit for digit in range(10)}, ".": 14, "/": 15, "\n": 10}
_OTHER = 11
_CODE_OF_BYTE = bytes(_CODES.get(chr(byte), _OTHER) for byte in range(256))
"""What a byte is to an IPv4 CIDR, in four bits."""
_STOPS = bytes(_CODES[stop] for stop in ".../\n")
"""Codes that end the five numbers of an IPv4 CIDR on its line."""
_WIDEST = len("255.255.255.255/32\n")
_NO_NUMBER = 256
"""What :func:`_number_table` has for digits that are refused."""


@cache
def _number_table() -> NDArray[np.uint16]:
    """Numbers 0 to 255 by the four codes before a stop, the last in the lowest bits.

    A number has up to three digits and no leading zero, so a stop comes before it.
    """
    import numpy as np

    table = np.full((16,) * 4, _NO_NUMBER, np.uint16)
    for text, number in NUMBERS.items():
        last_codes: tuple[Any, ...] = (slice(_STOP, None), *map(int, text))
        table[..., *last_codes] = number
    return table.ravel()


def ipv4_columns(texts: Sequence[Any]) -> tuple[NDArray[Any], ...] | None:
    """Fields of :class:`ipplan.cidrs.Cidrs`, of texts that all look like IPv4 CIDRs.

    None where one does not: where its numbers don't end in three dots, a slash and
    the text's own end. A row with numbers that are refused is all 0.
    """
    import numpy as np

    try:
        lines = "\n".join(["", "", "", "", *texts, ""])
    except TypeError:
        return None
    if len(lines) > _WIDEST * (len(texts) + 1):
        return None
    codes = lines.encode("ascii", "replace").translate(_CODE_OF_BYTE)
    each = np.frombuffer(codes, np.uint8)
    stops = np.flatnonzero(each[4:] >= _STOP)
    if each[4:][stops].tobytes() != _STOPS * len(texts):
        return None
    pairs = each[:-1] << 4 | each[1:]
    fours = pairs[:-2].astype(np.uint16) << 8 | pairs[2:]
    numbers = _number_table()[fours[stops]].reshape(-1, len(_STOPS))
    return _without_refused(numbers)


def _without_refused(numbers: NDArray[np.uint16]) -> tuple[NDArray[Any], ...]:
    import numpy as np

    one, two, three, four, length = numbers.T
    octets = numbers[:, :4].astype(np.uint8)
    first = octets.view(">u4").ravel().astype(np.uint64)
    valid = (one | two | three | four) < _NO_NUMBER
    valid &= length <= BITS[IPV4]
    valid &= first << length & 2 ** BITS[IPV4] - 1 == 0
    high = np.zeros_like(first)
    return valid * np.uint8(IPV4), high, first * valid, length * valid
