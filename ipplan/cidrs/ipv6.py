"""IPv6 CIDRs read many at a time: addresses by the system, host bits with numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.cidrs.spellings import BITS, IPV6, NUMBERS, REFUSED, checked_ipv6

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_HALF = BITS[IPV6] // 2


def ipv6_columns(texts: Sequence[Any]) -> tuple[NDArray[Any], ...] | None:
    """Fields of :class:`ipplan.cidrs.Cidrs`, of texts that are IPv6 addresses/lengths.

    None where one is not. A row with host bits, or a prefix too long, is all 0.
    """
    import socket

    import numpy as np

    addresses: list[bytes] = []
    lengths: list[int] = []
    try:
        for text in texts:
            address, _, digits = text.partition("/")
            checked = checked_ipv6(address)
            addresses.append(socket.inet_pton(socket.AF_INET6, checked))
            lengths.append(NUMBERS[digits])
    except REFUSED:
        return None
    high, low = np.frombuffer(b"".join(addresses), (">u8", 2)).T.astype(np.uint64)
    return _without_refused(high, low, np.array(lengths, np.uint8))


def _without_refused(
    high: NDArray[np.uint64], low: NDArray[np.uint64], length: NDArray[np.uint8]
) -> tuple[NDArray[Any], ...]:
    import numpy as np

    # A shift by 64 is 0 in numpy.
    valid = high << np.minimum(length, _HALF) == 0
    valid &= low << np.maximum(length, _HALF) - _HALF == 0
    valid &= length <= BITS[IPV6]
    return valid * np.uint8(IPV6), high * valid, low * valid, length * valid
