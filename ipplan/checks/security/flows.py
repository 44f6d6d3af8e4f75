"""What network security groups do to a flow: whether a rule cuts all of it for certain.

A group is read as Azure does: by priority, the first rule that matches decides. A flow
is many packets, and a rule may match some of them only. It is cut where a rule denies
all of it, and none before may allow a part of it: what is open stays so. The rules that
every group has by default let through what flows inside a VNet and what the load
balancer sends, and what leaves for the internet. No other flows are asked about, so
they need no looking at.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.private import PRIVATE_IPV4
from ipplan.errors import ArgumentError
from ipplan.limits import HOST_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.inventory.traffic import Direction, SecurityRule

HOST = Cidr.parse(HOST_ADDRESS.value)
EVERYWHERE = Cidr(IPV4, 0, 0)

ANY = frozenset({"*", "any"})
"""Words for every address and for every protocol."""

OTHERS = frozenset({"udp", "icmp", "icmpv6", "esp", "ah"})
"""Protocols that are certainly not TCP."""

EVERY_PORT = frozenset({"*", "0-65535"})

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9.]*")
_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


class Words(Enum):
    """What a side of a rule stands for that is no range."""

    ANY = "*"
    VIRTUAL_NETWORK = "virtualnetwork"
    LOAD_BALANCER = "azureloadbalancer"
    TAG = "a service tag: public addresses"
    UNKNOWN = "not known, such as an application security group"


class End(NamedTuple):
    """Where a flow comes from, or goes to.

    Parameters
    ----------
    ranges : tuple of Cidr
        All of its addresses.
    in_vnet : bool
        Whether they are in the address space of a VNet, which the pod CIDR of an
        overlay is not.
    tag : str
        The service tag that has all of them, in lower case; nothing where none has.
    """

    ranges: tuple[Cidr, ...]
    in_vnet: bool = True
    tag: str = ""


class Flow(NamedTuple):
    """TCP from each address of one end to each of another.

    Parameters
    ----------
    source, destination : End
        Its two ends.
    port : int or None
        Its port there; None for all of them.
    """

    source: End
    destination: End
    port: int | None = None


FROM_LOAD_BALANCER = End((HOST,), in_vnet=False)
"""Where the probes of Azure Load Balancer come from."""

INTERNET = End((EVERYWHERE,), in_vnet=False, tag="internet")
"""Every public address, written as all IPv4 addresses that there are."""


def cutting_rule(
    rules: Iterable[SecurityRule], direction: Direction, flow: Flow
) -> SecurityRule | None:
    """The rule that certainly denies all of a flow; None where part may get through.

    Parameters
    ----------
    rules : iterable of SecurityRule
        Of one network security group, in any order.
    direction : {"Inbound", "Outbound"}
        Whether the group is on the subnet that the flow goes to, or comes from.
    flow : Flow
        What flows.

    Examples
    --------
    >>> from ipplan.inventory.traffic import SecurityRule
    >>> nodes = End((Cidr.parse("10.1.0.0/24"),))
    >>> deny = SecurityRule("deny-all", 4000, "Inbound", "Deny")
    >>> allow = SecurityRule("vnet", 100, "Inbound", "Allow", "*", ("VirtualNetwork",))
    >>> cutting_rule([deny], "Inbound", Flow(nodes, nodes)).name
    'deny-all'
    >>> cutting_rule([deny, allow], "Inbound", Flow(nodes, nodes))
    """
    for rule in deciding(rules, direction):
        if rule.access == "Deny" and _matches_all(rule, flow):
            return rule
        if rule.access == "Allow" and _matches_some(rule, flow):
            return None
    return None


def deciding(rules: Iterable[SecurityRule], direction: Direction) -> list[SecurityRule]:
    """The rules of a direction down to the last that denies, in their order."""
    own = [each for each in rules if each.direction == direction]
    own.sort(key=lambda each: each.priority)
    while own and own[-1].access == "Allow":
        own.pop()
    return own


def narrowed(rules: Iterable[SecurityRule], flow: Flow) -> list[SecurityRule]:
    """The rules that may matter to a flow or to a part of it."""
    return [
        each for each in rules if each.access == "Deny" or _matches_some(each, flow)
    ]


def _matches_all(rule: SecurityRule, flow: Flow) -> bool:
    return (
        rule.protocol.lower() in {*ANY, "tcp"}
        and any(_has_port(each, flow.port) for each in rule.ports)
        and _covers(rule.sources, flow.source)
        and _covers(rule.destinations, flow.destination)
    )


def _matches_some(rule: SecurityRule, flow: Flow) -> bool:
    """Whether a rule may match a part of a flow: so it does where that is not known."""
    ports = not rule.ports or any(_may_have(each, flow.port) for each in rule.ports)
    return (
        rule.protocol.lower() not in OTHERS
        and ports
        and _meets(rule.sources, flow.source)
        and _meets(rule.destinations, flow.destination)
    )


def _has_port(text: str, port: int | None) -> bool:
    """Whether a rule's ports certainly have a port; for None, every port."""
    if text in EVERY_PORT:
        return True
    found = _PORTS.fullmatch(text)
    if found is None or port is None:
        return False
    return int(found[1]) <= port <= int(found[2] or found[1])


def _may_have(text: str, port: int | None) -> bool:
    readable = text in EVERY_PORT or _PORTS.fullmatch(text)
    return port is None or not readable or _has_port(text, port)


def _covers(texts: tuple[str, ...], end: End) -> bool:
    """Whether a side of a rule certainly has every address of an end."""
    return all(any(_has(text, each, end) for text in texts) for each in end.ranges)


def _meets(texts: tuple[str, ...], end: End) -> bool:
    """Whether a side of a rule may have an address of an end."""
    return not texts or any(
        _may_hold(text, each) for text in texts for each in end.ranges
    )


def _has(text: str, cidr: Cidr, end: End) -> bool:
    found = _meaning(text)
    if isinstance(found, Cidr):
        return found.covers(cidr)
    if found is Words.VIRTUAL_NETWORK:
        return end.in_vnet
    if found is Words.TAG:
        return text.lower() == end.tag
    return found is Words.ANY or (found is Words.LOAD_BALANCER and cidr == HOST)


def _may_hold(text: str, cidr: Cidr) -> bool:
    """Whether a text of a rule may stand for an address of a range.

    Service tags other than VirtualNetwork stand for public addresses. What is neither a
    tag nor a range, such as an application security group, may stand for anything. Of
    everywhere, only public addresses are asked about.
    """
    found = _meaning(text)
    if isinstance(found, Cidr):
        return found.overlaps(cidr) and (cidr != EVERYWHERE or _is_public(found))
    if found is Words.LOAD_BALANCER:
        return cidr == HOST
    return found is not Words.TAG or _is_public(cidr)


@lru_cache(maxsize=4096)
def _is_public(cidr: Cidr) -> bool:
    return cidr != HOST and not any(each.covers(cidr) for each in PRIVATE_IPV4)


@lru_cache(maxsize=4096)
def _meaning(text: str) -> Cidr | Words:
    """A range or an address as a CIDR, or what else a text stands for."""
    for whole in (text, f"{text}/32"):
        try:
            return Cidr.parse(whole)
        except ArgumentError:
            continue
    try:
        return Words("*" if text.lower() in ANY else text.lower())
    except ValueError:
        return Words.TAG if _TAG.fullmatch(text) else Words.UNKNOWN
