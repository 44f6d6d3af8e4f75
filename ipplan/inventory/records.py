"""Nouns as plain data, and back: one way to write them, and the same way to read."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ipplan.cidrs import Cidr
from ipplan.inventory.networks import Holder
from ipplan.inventory.origins import Origin
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import Route, SecurityRule
from ipplan.surges import Surge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Noun = TypeVar("Noun")


def record(noun: Any, *left_out: str) -> dict[str, Any]:
    """A noun's fields as plain data: text, numbers, lists and objects.

    Parameters
    ----------
    noun : dataclass
        A noun of the inventory.
    *left_out : str
        Fields that are told elsewhere.

    Examples
    --------
    >>> record(NodePool("web", 3))["max_surge"]
    '10%'
    """
    return {
        name: _plain(getattr(noun, name))
        for name in _names(noun.__class__)
        if name not in left_out
    }


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The names of a noun's fields, looked up once for each kind."""
    return tuple(each.name for each in fields(kind))


def _plain(value: Any) -> Any:
    kind: type[Any] = value.__class__
    if kind in _AS_IT_IS:
        return value
    if kind is tuple:
        return [_plain(each) for each in cast("tuple[Any, ...]", value)]
    if kind in {Origin, Holder}:
        return value._asdict()
    if kind in {SecurityRule, Route}:
        return {name: _plain(each) for name, each in value._asdict().items()}
    return str(value) if kind in {Cidr, Surge} else record(value)


_AS_IT_IS = frozenset({str, int, bool, type(None)})


def noun(kind: type[Noun], plain: Mapping[str, Any]) -> Noun:
    """A noun from its plain data; what that leaves out is as the noun has it.

    Raises
    ------
    ArgumentError
        For a range or a surge that is none.

    Examples
    --------
    >>> noun(NodePool, {"name": "web", "nodes": 3, "max_surge": "33%"}).max_surge
    Surge(count=0, percent=33)
    """
    known = {
        each.name: _READ.get(each.name, _kept)(plain[each.name])
        for each in fields(cast("Any", kind))
        if each.name in plain or each.default is MISSING
    }
    return kind(**known)


def _kept(value: Any) -> Any:
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


def _cidrs(texts: list[str]) -> tuple[Cidr, ...]:
    return tuple(map(Cidr.parse, texts))


def _holders(records: list[dict[str, Any]] | None) -> tuple[Holder, ...] | None:
    if records is None:
        return None
    return tuple(Holder(each["id"], each["addresses"]) for each in records)


def _pools(records: list[dict[str, Any]]) -> tuple[NodePool, ...]:
    return tuple(noun(NodePool, each) for each in records)


def _rules(records: list[Any]) -> tuple[Any, ...]:
    """Rules of a security group; of a load balancer they are only counted."""
    return tuple(
        each if isinstance(each, int) else _part(SecurityRule, each) for each in records
    )


def _routes(records: list[dict[str, Any]]) -> tuple[Route, ...]:
    return tuple(_part(Route, each) for each in records)


def _part(kind: type[Noun], plain: Mapping[str, Any]) -> Noun:
    """What a noun has several of, from plain data."""
    names = cast("Any", kind)._fields
    return kind(**{name: _kept(plain[name]) for name in names if name in plain})


_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            "prefixes",
            "remote_prefixes",
            "synced_prefixes",
            "pod_cidrs",
            "service_cidrs",
            "authorized_ranges",
            "egress_prefixes",
            "public_prefixes",
        ),
        _cidrs,
    ),
    "holders": _holders,
    "max_surge": Surge.parse,
    "origin": lambda plain: Origin(**plain),
    "pools": _pools,
    "prefix": lambda text: None if text is None else Cidr.parse(text),
    "routes": _routes,
    "rules": _rules,
}
"""How a field is read that is more than text, a number or a list of them."""
