"""explain(): which check spoke, what gave its number, and what to change."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import Cidr
from ipplan.diagnosis.codes import IN_USE
from ipplan.diagnosis.readings import (
    USUAL_MAX_PODS,
    is_likely,
    is_of_new_nodes,
    is_usual,
    readings,
    room,
)
from ipplan.diagnosis.remedies import passing, pool_told, remedies, without_surge
from ipplan.diagnosis.texts import understood
from ipplan.limits import RESERVED_ADDRESSES
from ipplan.models import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.diagnosis.readings import Reading, Room
    from ipplan.diagnosis.texts import AzureError, Message


class Diagnosis(NamedTuple):
    """What an error text says, and the ways out.

    Parameters
    ----------
    error : AzureError
        What the text says: code, addresses asked for and available, the range.
    checked_by : str
        Which check spoke, and when it does.
    meaning : str
        What is wrong.
    readings : tuple of Reading
        Nodes and max pods that give its number, the likeliest first.
    more_readings : int
        Readings that fit as well and are not listed.
    notes : tuple of str
        What its numbers and ranges say besides.
    remedies : tuple of str
        Ways out that also survive an upgrade.
    rules : tuple of str
        Rules of ``ipplan check`` that find it beforehand.
    others : tuple of str
        Codes of other errors that the text holds too.
    source : str
        The page that says so.
    """

    error: AzureError
    checked_by: str
    meaning: str
    readings: tuple[Reading, ...]
    more_readings: int
    notes: tuple[str, ...]
    remedies: tuple[str, ...]
    rules: tuple[str, ...]
    others: tuple[str, ...]
    source: str


def explain(text: str) -> Diagnosis:
    """What an error text of AKS or of Azure's network says, and the ways out.

    Parameters
    ----------
    text : str
        As it was printed: a message, JSON, what the az CLI or Terraform print, or a
        whole log with it.

    Returns
    -------
    Diagnosis
        Of the first error in the text that is known.

    Raises
    ------
    InventoryError
        For a text without an error that is known; it names those that are.

    Notes
    -----
    What AKS counts before it acts is not what its pages say to plan for: see
    ``preflight-node-subnet`` in :data:`ipplan.LIMITS`. Remedies are sized by what is
    documented, surge included.

    References
    ----------
    https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes

    Examples
    --------
    >>> found = explain("Pre-allocated IPs 747 exceeds IPs available 251 in Subnet "
    ...     "Cidr 10.240.0.0/24, Subnet Name aks")
    >>> found.readings[0].formula
    '3 x (250 - 1)'
    >>> found.remedies[0]
    'To run and upgrade 3 nodes of 250 pods (surge 1): 1,004 addresses, a /22.'
    """
    message = understood(text)
    found, more = readings(message)
    where = room(message)
    return Diagnosis(
        error=message.error,
        checked_by=message.row.checked_by,
        meaning=message.row.meaning,
        readings=found,
        more_readings=more,
        notes=tuple(_notes(message, where, found)),
        remedies=tuple(_remedies(message, where, found)),
        rules=message.row.rules,
        others=message.others,
        source=message.row.source,
    )


def _remedies(
    message: Message, where: Room, found: tuple[Reading, ...]
) -> Iterator[str]:
    """Those worked out for what is no guess, if the number is of all nodes."""
    yield from message.row.remedies
    number = message.error.preallocated
    if is_of_new_nodes(message) or not number:
        return
    likely = next(filter(is_likely, found), None)
    if likely:
        yield from remedies(likely, where, message.error.subnet)
        return
    yield passing(number, where)
    if found:
        yield "Every reading is a guess: no way out is sized by one."
    if where.homes != (Home.POD_CIDR,):
        yield IN_USE


def _notes(message: Message, where: Room, found: tuple[Reading, ...]) -> Iterator[str]:
    if message.error.available is not None:
        yield from _available(message.error.available, where)
    if message.error.preallocated:
        yield from _readings(message, message.error.preallocated, found)
    yield from _related(message.error.ranges)


def _available(left: int, where: Room) -> Iterator[str]:
    """How the number of available addresses comes about."""
    if where.length is None or where.held < 0:
        yield f"{left:,} is not what one prefix has left: there may be several."
        return
    prefix = f"/{where.length}"
    if where.guessed and where.held:
        prefix += " or larger"
    if where.homes == (Home.POD_CIDR,) and not where.held:
        yield f"{left:,} is all of a {prefix}: nothing of a pod CIDR is reserved."
        return
    others = f" - {where.held:,} that others hold" if where.held else ""
    kept = RESERVED_ADDRESSES.value
    size = left + where.held + kept
    yield f"{left:,} = {size:,} - {kept} reserved{others}: a {prefix}."


def _readings(
    message: Message, number: int, found: tuple[Reading, ...]
) -> Iterator[str]:
    """How far the readings can be trusted, and what the documented formula counts."""
    several = "" if is_of_new_nodes(message) else " Pools that share a range add up."
    likely = next(filter(is_likely, found), None)
    if not found:
        yield f"No single pool gives {number:,}.{several}"
    elif not likely:
        yield f"{_guessed(number, found)}: the readings are guesses.{several}"
    elif (documented := without_surge(likely)) != number:
        yield (
            f"The documented formula counts {documented:,} for {pool_told(likely)} "
            "without surge."
        )


def _guessed(number: int, found: tuple[Reading, ...]) -> str:
    """Why no reading is more than a guess."""
    usual = ", ".join(map(str, USUAL_MAX_PODS))
    old = " and ".join(each.formula for each in found if is_usual(each))
    if old:
        return (
            f"Of a default max pods ({usual}) only {old} gives {number:,}, counted as "
            "it was until 2021"
        )
    return (
        f"No single pool of a default max pods ({usual}) gives {number:,} where max "
        "pods count"
    )


def _related(ranges: tuple[str, ...]) -> Iterator[str]:
    """Which of the ranges that a message quotes lie in each other."""
    for first, second in combinations([Cidr.parse(each) for each in ranges], 2):
        if first.overlaps(second):
            outer, inner = sorted((first, second), key=lambda each: each.length)
            yield f"{inner} lies in {outer}."
