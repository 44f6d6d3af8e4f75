"""An error text as people paste it: its code, its numbers and its ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import Cidr
from ipplan.counts import CEILING
from ipplan.diagnosis.codes import CODES
from ipplan.errors import ArgumentError, InventoryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.diagnosis.codes import ErrorCode

LONGEST = 20_000_000
"""What is read of a text: the log of a long pipeline. [characters]"""

BEFORE, BEHIND = 600, 3_000
"""What is looked at around the place where an error is named. [characters]"""

MOST_RANGES = 10
"""Ranges of a text that are told."""

SOURCE = "the text"
"""What a refusal calls it."""

_COLOURS = re.compile("\x1b\\[[0-9;]{0,20}m")
_CLEANER = str.maketrans("\\│╷╵|‐‑–İ", "     ---I")  # as typed
_NUMBER = "([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,19})(?![0-9]|[.,][0-9])"
_ASKED = re.compile(
    rf"pre-?allocated? {_NUMBER} IP|pre-?allocated IPs? {_NUMBER}", re.IGNORECASE
)
_LEFT = re.compile(rf"exceeds IPs? available (in Subnet )?{_NUMBER}", re.IGNORECASE)
_CAPACITY = re.compile(rf"enough capacity for {_NUMBER} IP", re.IGNORECASE)
_SUBNET = re.compile(
    r"(?:subnet cidr|address prefix) ([0-9a-fx*.:/]{3,50})", re.IGNORECASE
)
_NAME = re.compile(
    r"(?:subnet name ['\"<]?|subnet (?=[^ ]{1,80} with address prefix))"
    r"([a-z0-9_][\w.<>*-]{0,79})",
    re.IGNORECASE | re.ASCII,
)
_TARGET = re.compile(r"\btarget\W{1,6}([a-z][a-z0-9_.\[\]]{2,79})", re.IGNORECASE)
_RANGE = re.compile(
    r"(?<![\w.:/])([0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}"
    r"|[0-9a-f]{1,4}:[0-9a-f:]{1,36}/[0-9]{1,3})(?![\w/])",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:\bcode\W{1,6}|\berrorcode\W{1,6}|\()([A-Z][A-Za-z_]{5,79})\b", re.ASCII
)
_MODERN = ("autoscaler is enabled", "surge nodes would also consume")
"""What only messages of 2023 and later say."""


class AzureError(NamedTuple):
    """What a text says that Azure said.

    Parameters
    ----------
    code : str
        As Azure spells it.
    preallocated : int or None
        Addresses that were asked for. [addresses]
    available : int or None
        Addresses that the range had left. [addresses]
    subnet : str or None
        The range, as a CIDR or as the text has it.
    subnet_name : str or None
        Its name.
    target : str or None
        The property of the request that was refused.
    ranges : tuple of str
        Every CIDR that the message quotes.
    """

    code: str
    preallocated: int | None = None
    available: int | None = None
    subnet: str | None = None
    subnet_name: str | None = None
    target: str | None = None
    ranges: tuple[str, ...] = ()


class Message(NamedTuple):
    """An error text as it was understood.

    Parameters
    ----------
    row : ErrorCode
        The error.
    error : AzureError
        What the text says of it.
    others : tuple of str
        Codes of other errors in the text that are known too.
    old, modern : bool
        Whether its wording is that of 2018 to 2020, or of 2023 and later.
    """

    row: ErrorCode
    error: AzureError
    others: tuple[str, ...]
    old: bool
    modern: bool


def understood(text: str) -> Message:
    r"""The first error in a text that is known.

    Parameters
    ----------
    text : str
        Plain, as JSON, or as the az CLI or Terraform print it; lines may be wrapped.

    Raises
    ------
    InventoryError
        For a text without an error that is known; it names those that are.

    Examples
    --------
    >>> understood("(SubnetIsFull) Subnet a with address prefix 10.0.0.0/24\n does "
    ...     "not have enough capacity for 31 IP addresses.").error.preallocated
    31
    """
    if len(text) > LONGEST:
        reason = f": longer than {LONGEST:,} characters: give the error alone"
        raise InventoryError(SOURCE, [reason])
    flat = _flattened(text)
    places = _places(flat)
    if not places:
        raise InventoryError(SOURCE, [_unknown(flat)])
    row, place = places[0]
    end = places[1][1] if places[1:] else len(flat)
    # A message may stand before its code.
    message = flat[max(place - BEFORE, 0) : min(place + BEHIND, end)]
    left = _LEFT.search(message)
    words = message.lower()
    return Message(
        row=row,
        error=_error(row, message),
        others=tuple(each.name for each, _ in places[1:]),
        old=left is not None and left[1] is not None,
        modern=any(phrase in words for phrase in _MODERN),
    )


def _flattened(text: str) -> str:
    """The text on one line: escapes, colours and frames are blanks."""
    for escape in ("\\r", "\\n", "\\t"):
        text = text.replace(escape, " ")
    return " ".join(_COLOURS.sub("", text).translate(_CLEANER).split())


def _places(flat: str) -> list[tuple[ErrorCode, int]]:
    """Where which errors are named first, by their codes or else by their words."""
    words = flat.lower()
    codes = [(row, words.find(row.name.lower())) for row in CODES]
    phrases = [(row, words.find(each)) for row in CODES for each in row.phrases]
    for found in (codes, phrases):
        known = [(row, place) for row, place in found if place >= 0]
        if known:
            return sorted(known, key=lambda pair: pair[1])
    return []


def _unknown(flat: str) -> str:
    codes = dict.fromkeys(match[1] for match in _CODE.finditer(flat[:BEHIND]))
    held = f" ({', '.join(list(codes)[:3])})" if codes else ""
    names = ", ".join(row.name for row in CODES)
    return f": holds no error that ipplan explains{held}: it knows {names}"


def _error(row: ErrorCode, message: str) -> AzureError:
    left = _LEFT.search(message)
    asked = _ASKED.search(message) or _CAPACITY.search(message)
    number = next((each for each in asked.groups() if each), "") if asked else ""
    subnet = _SUBNET.search(message)
    name = _NAME.search(message)
    target = _TARGET.search(message)
    return AzureError(
        code=row.name,
        preallocated=_count(number),
        available=_count(left[2]) if left else None,
        subnet=_range(subnet[1].rstrip(".")) if subnet else None,
        subnet_name=name[1].rstrip(".") if name else None,
        target=target[1].rstrip(".") if target else None,
        ranges=tuple(dict.fromkeys(_ranges(message)))[:MOST_RANGES],
    )


def _count(digits: str) -> int | None:
    """A number of addresses; None for more than IPv4 has."""
    number = int(digits.replace(",", "")) if digits else CEILING + 1
    return number if number <= CEILING else None


def _range(text: str) -> str:
    """A CIDR in its canonical spelling, or the text that is none."""
    try:
        return str(Cidr.parse(text))
    except ArgumentError:
        return text


def _ranges(message: str) -> Iterator[str]:
    for match in _RANGE.finditer(message):
        try:
            yield str(Cidr.parse(match[1]))
        except ArgumentError:
            continue
