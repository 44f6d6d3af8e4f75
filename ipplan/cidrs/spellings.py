"""A CIDR's text and its numbers: how one becomes the other, and why it is refused."""

from __future__ import annotations

import re

from ipplan.errors import ArgumentError

IPV4 = 4
IPV6 = 6
BITS = {IPV4: 32, IPV6: 128}
"""Bits of an address, by the version of the protocol. [bits]"""

NUMBERS = {str(number): number for number in range(256)}
"""What octets and prefix lengths may look like: any other spelling is refused."""

REFUSED = (KeyError, OSError, TypeError, ValueError)
"""What :func:`fields` raises; OSError is how ``inet_pton`` says no."""

EXAMPLES = "an IPv4 or IPv6 CIDR such as 10.0.0.0/16 or 2001:db8::/32"
NO_ZEROS = "no leading zeros, which some programs read as octal"

SHOWN = 60
"""Characters of a refused text that a message shows. [-]"""

_IPV6 = re.compile(r"(?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f]{0,4}(?:\.[0-9.]+)?")
_ZERO_GROUPS = re.compile(r"\b0(?::0)+\b")


def fields(text: object) -> tuple[int, int, int]:
    """Version, first address and prefix length of a CIDR, or an error of REFUSED."""
    if not isinstance(text, str):
        raise TypeError
    address, _, digits = text.partition("/")
    length = NUMBERS[digits]
    version, first = _address(address)
    if length > BITS[version] or first & (1 << BITS[version] - length) - 1:
        raise ValueError
    return version, first, length


def _address(text: str) -> tuple[int, int]:
    if ":" in text:
        import socket

        found = socket.inet_pton(socket.AF_INET6, checked_ipv6(text))
        return IPV6, int.from_bytes(found)
    one, two, three, four = text.split(".", 4)
    return IPV4, (
        NUMBERS[one] << 24 | NUMBERS[two] << 16 | NUMBERS[three] << 8 | NUMBERS[four]
    )


def checked_ipv6(text: str) -> str:
    """Text that ``inet_pton`` may read, or an error of REFUSED.

    What one platform's ``inet_pton`` takes and another's refuses is sorted out: zones,
    groups of five digits, leading zeros in the octets of an IPv4 address at the end.
    """
    if not _IPV6.fullmatch(text):
        raise ValueError
    if "." in text:
        _address(text.rpartition(":")[2])
    return text


def text_of(version: int, first: int, length: int) -> str:
    """Write a CIDR: IPv6 in lower case, its longest run of zeros left out.

    >>> text_of(4, 10 << 24, 8), text_of(6, 1, 128)
    ('10.0.0.0/8', '::1/128')
    """
    if version == IPV6:
        return f"{_compressed(first)}/{length}"
    return f"{'.'.join(str(octet) for octet in first.to_bytes(4))}/{length}"


def _compressed(address: int) -> str:
    """Write an IPv6 address as in RFC 5952.

    >>> _compressed(0x2001_0DB8 << 96 | 1), _compressed(0)
    ('2001:db8::1', '::')
    """
    groups = (address >> shift & 0xFFFF for shift in range(112, -1, -16))
    text = ":".join(f"{group:x}" for group in groups)
    run = max(
        _ZERO_GROUPS.finditer(text), key=lambda found: len(found[0]), default=None
    )
    if run is None:
        return text
    before, after = text[: run.start()], text[run.end() :]
    return f"{before.removesuffix(':')}::{after.removeprefix(':')}"


def refusal(value: object, argument: str) -> ArgumentError:
    """Say why a value is no CIDR."""
    if not isinstance(value, str):
        return ArgumentError(argument, f"of type {type(value).__name__}", EXAMPLES)
    shown = value if len(value) <= SHOWN else f"{value[: SHOWN - 3]}..."
    return ArgumentError(argument, repr(shown), _allowed(value))


def _allowed(text: str) -> str:
    """Say what is allowed instead of a text, and what was meant where that is plain."""
    address, slash, digits = text.strip().partition("/")
    try:
        version, first = _address(address)
    except REFUSED:
        return NO_ZEROS if _has_leading_zero(address) else EXAMPLES
    bits = BITS[version]
    length, allowed = NUMBERS.get(digits, bits + 1), "no host bits"
    if not slash:
        length, allowed = bits, "a prefix length after a slash"
    elif _has_leading_zero(digits):
        return NO_ZEROS
    elif version == IPV4 and "." in digits:
        length, allowed = _netmask_length(digits), "a prefix length, not a netmask"
    if length > bits:
        return f"a prefix length of /0 to /{bits}"
    meant = first >> bits - length << bits - length
    if first == meant and digits == str(length):
        allowed = "no blanks around it"
    return f"{allowed}: did you mean {text_of(version, meant, length)}?"


def _has_leading_zero(text: str) -> bool:
    """Whether a number between dots is written with a zero before it."""
    numbers = [part for part in text.split(".", 4) if part.isdigit()]
    return text.isascii() and any(part[0] == "0" != part for part in numbers)


def _netmask_length(text: str) -> int:
    """Prefix length that a netmask stands for; beyond 32 where it is none.

    >>> _netmask_length("255.255.0.0"), _netmask_length("0.0.255.255")
    (16, 33)
    """
    try:
        hosts = ~_address(text)[1] & 2 ** BITS[IPV4] - 1
    except REFUSED:
        return BITS[IPV4] + 1
    return BITS[IPV4] + 1 if hosts & (hosts + 1) else BITS[IPV4] - hosts.bit_length()
