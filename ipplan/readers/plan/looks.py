"""How the values in ipplan's own YAML look: checks, and their JSON Schema."""

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator, Field, Strict, WithJsonSchema

from ipplan.cidrs import Cidr
from ipplan.counts import CEILING
from ipplan.errors import ArgumentError
from ipplan.inventory.pools import MOST_MAX_PODS
from ipplan.limits import FIRST_PRIORITY, LAST_PRIORITY
from ipplan.readers.payloads import HostRanges, Range
from ipplan.readers.pools import MaxSurge
from ipplan.readers.readings import (
    CLUSTER,
    FIREWALL,
    NAT_GATEWAY,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VNET,
    ZONE,
)
from ipplan.readers.spellings import type_of

LONGEST_LABEL = 80
"""Of what people call something. [characters]"""

LAST_PORT = 2**16 - 1
"""The highest that TCP and UDP have."""

KEPT_BY_AKS = frozenset({"system", "none"})
"""Words for the zone of a private cluster where that is not the user's own."""

_NAME = re.compile(r"\w[\w.()-]{0,89}")
_DOMAIN = re.compile(r"(?=.{3,253}$)[\w-]+(?:\.[\w-]+)+", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4}){1,2}")
_REGION = re.compile(r"[A-Za-z][A-Za-z0-9 ]{1,49}")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9._]{0,79}")
_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_FAMILY = re.compile(r"Microsoft(?:\.[A-Za-z0-9]{1,40}){1,3}")
_SERVICE = re.compile(r"[A-Za-z0-9.]{1,80}/[A-Za-z0-9/]{1,80}")

_REFERENCES = {
    VNET: "a VNet's name, resource-group/name, or its resource id",
    CLUSTER: "a cluster's name, resource-group/name, or its resource id",
    SUBNET: "vnet/subnet, resource-group/vnet/subnet, or its resource id",
    SECURITY_GROUP: "a network security group's name, resource-group/name, or its "
    "resource id",
    ROUTE_TABLE: "a route table's name, resource-group/name, or its resource id",
    NAT_GATEWAY: "a NAT gateway's name, resource-group/name, or its resource id",
    ZONE: "a private DNS zone's name, resource-group/name, or its resource id",
}
"""What a reference may be, in words, by the type of what it names."""


def _matching(pattern: re.Pattern[str], what: str) -> Any:
    """Check of text that has one look; messages say what it is."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            message = f"expected {what}"
            raise ValueError(message)
        return text

    return AfterValidator(check)


def _label(text: str) -> str:
    plain = text.isprintable() and text == text.strip() and "/" not in text
    if not plain or not 0 < len(text) <= LONGEST_LABEL:
        message = f"expected 1 to {LONGEST_LABEL} plain characters, none of them /"
        raise ValueError(message)
    return text


def _file(text: str) -> str:
    if not text.strip() or str(PurePath(text)) == "-":
        message = "expected the name of a file or folder"
        raise ValueError(message)
    return text


def _is_id(text: str, kind: str) -> bool:
    whole = text.lower().startswith("/subscriptions/") and text.isprintable()
    return whole and type_of(text) == kind


def _is_reference(text: str, kind: str) -> bool:
    names = text.split("/")
    fewest = kind.count("/")
    known = all(_NAME.fullmatch(name) for name in names)
    return _is_id(text, kind) or (known and len(names) in {fewest, fewest + 1})


def _identifies(kind: str) -> Any:
    """Check of the resource id of a type."""

    def check(text: str) -> str:
        if not _is_id(text, kind):
            message = f"expected an id: /subscriptions/.../providers/{kind}/NAME"
            raise ValueError(message)
        return text

    return AfterValidator(check)


def _refers(*kinds: str) -> Any:
    """Check of a reference to a resource of one of the types."""

    def check(text: str) -> str:
        if not any(_is_reference(text, kind) for kind in kinds):
            message = f"expected {' or '.join(_REFERENCES[kind] for kind in kinds)}"
            raise ValueError(message)
        return text

    return AfterValidator(check)


def _place(text: str) -> str:
    """A reference to a VNet, or what people call an external range."""
    return text if _is_reference(text, VNET) else _label(text)


def _bounded(one: Cidr) -> Cidr:
    if not one.length:
        message = f"{one} is every address there is"
        raise ValueError(message)
    return one


def _own_zone(text: str) -> str:
    """What AKS calls the zone of a private cluster, or a reference to one."""
    named = _DOMAIN.fullmatch(text.rpartition("/")[2])
    known = named and _is_reference(text, ZONE)
    if not known and text.lower() not in KEPT_BY_AKS:
        message = f"expected system, none, or {_REFERENCES[ZONE]}"
        raise ValueError(message)
    return text


def _parsed(text: str) -> Cidr:
    try:
        return Cidr.parse(text)
    except ArgumentError as error:
        raise ValueError(error.allowed) from None


def _address(text: str) -> str:
    """One address, in the usual spelling."""
    try:
        one = Cidr.parse(f"{text}/{128 if ':' in text else 32}")
    except ArgumentError:
        message = "expected an address such as 10.0.0.10 or fd00::a"
        raise ValueError(message) from None
    return str(one).partition("/")[0]


def _destination(text: str) -> str:
    """Where a route leads: a service tag, or a range in the usual spelling."""
    return text if _TAG.fullmatch(text) else str(_parsed(text))


def _peer(text: str) -> str:
    """Whom a security rule is for: everybody, a service tag, a range, an address."""
    if text == "*" or _TAG.fullmatch(text):
        return text
    return str(_parsed(text)) if "/" in text else _address(text)


def _digits(value: Any) -> Any:
    """A whole number as text, which ports are."""
    return str(value) if type(value) is int else value


def _ports(text: str) -> str:
    """Every port, one, or those from one to another."""
    if text == "*":
        return text
    match = _PORTS.fullmatch(text)
    ends = [int(each) for each in match.groups() if each] if match else []
    if not ends or ends != sorted(ends) or ends[-1] > LAST_PORT:
        message = f'expected a port, two with - between them, or "*"; 0 to {LAST_PORT}'
        raise ValueError(message)
    return "-".join(map(str, ends))


def _region(text: str) -> str:
    """A region by its name, which people also write as it is displayed."""
    if not _REGION.fullmatch(text):
        message = "expected a region such as westeurope"
        raise ValueError(message)
    return "".join(text.lower().split())


def in_any_capitals(literal: Any) -> Any:
    """Reads the words of a Literal whatever their capitals are."""
    known = {word.lower(): word for word in get_args(literal)}

    def read(value: Any) -> Any:
        return known.get(value.lower(), value) if isinstance(value, str) else value

    return BeforeValidator(read)


def words(literal: Any) -> Any:
    """Schema of the words of a Literal, and of those in lower case."""
    known = get_args(literal)
    return enum(dict.fromkeys([*known, *(word.lower() for word in known)]))


def word_of(names: Iterable[str]) -> Any:
    """Check of text that is one of several words."""
    words = list(names)
    look = re.compile("|".join(map(re.escape, words)))
    return _matching(look, f"one of {', '.join(words)}")


def enum(names: Iterable[str]) -> Any:
    """Schema of text that is one of several words."""
    return WithJsonSchema({"type": "string", "enum": list(names)})


_CIDR = {"type": "string", "pattern": r"^[0-9A-Fa-f:.]+/[0-9]{1,3}$"}
_HOST = {"type": "string", "pattern": r"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"}
_SOME_TEXT = {"type": "string", "minLength": 1}
_ONE = {"type": "string", "pattern": "^[0-9A-Fa-f:.]+$"}
_PORT = {"type": ["integer", "string"], "minimum": 0, "pattern": r"^([0-9-]+|\*)$"}
_SURGE = {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+%?$"}

Truth = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=CEILING)]
MaxPods = Annotated[int, Strict(), Field(ge=1, le=MOST_MAX_PODS)]
SurgeText = Annotated[MaxSurge, WithJsonSchema(_SURGE)]
Name = Annotated[str, _matching(_NAME, "letters, digits and _ . - ( )")]
Zone = Annotated[str, _matching(_DOMAIN, "a domain such as privatelink.example.com")]
OwnZone = Annotated[str, AfterValidator(_own_zone)]
Version = Annotated[str, _matching(_VERSION, 'a version such as "1.33" or "1.33.2"')]
Region = Annotated[str, AfterValidator(_region)]
Service = Annotated[str, _matching(_SERVICE, "a service as Azure spells it")]
ServiceFamily = Annotated[str, _matching(_FAMILY, "one such as Microsoft.Storage")]
Label = Annotated[str, AfterValidator(_label)]
FileName = Annotated[str, AfterValidator(_file), WithJsonSchema(_SOME_TEXT)]
Block = Annotated[Range, WithJsonSchema(_CIDR)]
PodBlock = Annotated[Range, AfterValidator(_bounded), WithJsonSchema(_CIDR)]
Hosts = Annotated[HostRanges, WithJsonSchema({"type": "array", "items": _HOST})]
Address = Annotated[str, AfterValidator(_address), WithJsonSchema(_ONE)]
Destination = Annotated[str, AfterValidator(_destination)]
Peer = Annotated[str, AfterValidator(_peer)]
Ports = Annotated[
    str, BeforeValidator(_digits), AfterValidator(_ports), WithJsonSchema(_PORT)
]
RulePriority = Annotated[
    int, Strict(), Field(ge=FIRST_PRIORITY.value, le=LAST_PRIORITY.value)
]
VNetId = Annotated[str, _identifies(VNET)]
ClusterId = Annotated[str, _identifies(CLUSTER)]
SecurityGroupId = Annotated[str, _identifies(SECURITY_GROUP)]
RouteTableId = Annotated[str, _identifies(ROUTE_TABLE)]
FirewallId = Annotated[str, _identifies(FIREWALL)]
NatGatewayId = Annotated[str, _identifies(NAT_GATEWAY)]
ZoneId = Annotated[str, _identifies(ZONE)]
VNetReference = Annotated[str, _refers(VNET)]
SubnetReference = Annotated[str, _refers(SUBNET)]
SecurityGroupReference = Annotated[str, _refers(SECURITY_GROUP)]
RouteTableReference = Annotated[str, _refers(ROUTE_TABLE)]
NatGatewayReference = Annotated[str, _refers(NAT_GATEWAY)]
MemberReference = Annotated[str, _refers(VNET, CLUSTER)]
Place = Annotated[str, AfterValidator(_place)]
