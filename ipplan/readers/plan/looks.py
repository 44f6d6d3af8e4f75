"""How the values in ipplan's own YAML look: checks, and their JSON Schema."""

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, Strict, WithJsonSchema

from ipplan.cidrs import Cidr
from ipplan.counts import CEILING
from ipplan.inventory.pools import MOST_MAX_PODS
from ipplan.readers.payloads import HostRanges, Range
from ipplan.readers.pools import MaxSurge
from ipplan.readers.readings import CLUSTER, SUBNET, VNET
from ipplan.readers.spellings import type_of

LONGEST_LABEL = 80
"""Of what people call something. [characters]"""

_NAME = re.compile(r"\w[\w.()-]{0,89}")
_ZONE = re.compile(r"(?=.{3,253}$)[\w-]+(?:\.[\w-]+)+", re.ASCII)
_OWN_ZONE = re.compile(r"system|none|/subscriptions/[\w./()-]+", re.IGNORECASE)
_SERVICE = re.compile(r"[A-Za-z0-9.]{1,80}/[A-Za-z0-9/]{1,80}")

_REFERENCES = {
    VNET: "a VNet's name, resource-group/name, or its resource id",
    CLUSTER: "a cluster's name, resource-group/name, or its resource id",
    SUBNET: "vnet/subnet, resource-group/vnet/subnet, or its resource id",
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
_SURGE = {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+%?$"}

Truth = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=CEILING)]
MaxPods = Annotated[int, Strict(), Field(ge=1, le=MOST_MAX_PODS)]
SurgeText = Annotated[MaxSurge, WithJsonSchema(_SURGE)]
Name = Annotated[str, _matching(_NAME, "letters, digits and _ . - ( )")]
Zone = Annotated[str, _matching(_ZONE, "a domain such as privatelink.example.com")]
OwnZone = Annotated[
    str, _matching(_OWN_ZONE, "system, none, or the resource id of a private DNS zone")
]
Service = Annotated[str, _matching(_SERVICE, "a service as Azure spells it")]
Label = Annotated[str, AfterValidator(_label)]
Block = Annotated[Range, WithJsonSchema(_CIDR)]
PodBlock = Annotated[Range, AfterValidator(_bounded), WithJsonSchema(_CIDR)]
Hosts = Annotated[HostRanges, WithJsonSchema({"type": "array", "items": _HOST})]
VNetId = Annotated[str, _identifies(VNET)]
ClusterId = Annotated[str, _identifies(CLUSTER)]
VNetReference = Annotated[str, _refers(VNET)]
SubnetReference = Annotated[str, _refers(SUBNET)]
MemberReference = Annotated[str, _refers(VNET, CLUSTER)]
Place = Annotated[str, AfterValidator(_place)]
