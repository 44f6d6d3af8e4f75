"""What the payloads of all readers share: field types, and problems in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from ipplan.cidrs import Cidr
from ipplan.errors import ArgumentError
from ipplan.inventory.origins import normal_id
from ipplan.readers.readings import Skipped, Unresolved, as_list, as_object, path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MOST_PROBLEMS = 20
"""Problems of a file that are told one by one."""

LONGEST_VALUE = 40
"""Of a value that is quoted. [characters]"""


class Payload(BaseModel):
    """What Azure sends, more or less of it: unknown fields are no problem."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel)


def _cidr(value: Any) -> Cidr:
    try:
        return Cidr.parse(value)
    except ArgumentError as error:
        raise ValueError(error.allowed) from None


def _host(value: Any) -> Cidr:
    """A range of addresses that may come: one alone, or any of it and a length.

    Azure takes 137.117.106.90/29 in a list of authorized ranges, and means the range.
    """
    if not isinstance(value, str):
        return _cidr(value)
    address, slash, length = value.partition("/")
    whole = "::" if ":" in address else "0.0.0.0"  # noqa: S104  # nothing is bound
    bits = _cidr(f"{whole}/0").bits
    one = _cidr(f"{address}/{bits}")
    kept = _cidr(f"{whole}/{length}").length if slash else bits
    return Cidr(one.version, one.first >> bits - kept << bits - kept, kept)


def _reference(value: Any) -> Any:
    inner = as_object(value)
    identity = inner.get("id") if inner is not None else value
    if not isinstance(identity, str):
        return identity
    return normal_id(identity) or None


def _kept(value: Any) -> Any:
    """A list without the nulls that some serializers leave in it."""
    items = as_list(value)
    return value if items is None else [each for each in items if each is not None]


def _or_none(value: Any) -> Any:
    return None if value == "" else value


Text = Annotated[str, Strict()] | None
Truth = Annotated[bool, Strict()] | None
Range = Annotated[Cidr, BeforeValidator(_cidr)]
NO_NULLS = BeforeValidator(_kept)
"""Takes the nulls out of a list."""
Ranges = Annotated[list[Range] | None, NO_NULLS]
HostRange = Annotated[Cidr, BeforeValidator(_host)]
HostRanges = Annotated[list[HostRange] | None, NO_NULLS]
OneRange = Annotated[Range | None, BeforeValidator(_or_none)]
Texts = Annotated[list[str] | None, NO_NULLS]
Reference = Annotated[str | None, BeforeValidator(_reference)]
"""The id of another resource, in lower case: from an object with an id, or bare."""
References = Annotated[list[Reference] | None, NO_NULLS]


class _Allocation(Payload):
    number_of_ip_addresses: int | None = None
    allocated_address_prefixes: Ranges = None


Allocations = Annotated[list[_Allocation] | None, NO_NULLS]
"""What an IPAM pool was asked for and gave; the number comes as text."""


def requested(allocations: list[_Allocation] | None) -> int | None:
    """Addresses asked of IPAM pools. [addresses]."""
    counts = [each.number_of_ip_addresses or 0 for each in allocations or []]
    return sum(counts) or None


def allocated(allocations: list[_Allocation] | None) -> tuple[Cidr, ...]:
    """The prefixes that IPAM pools gave."""
    return tuple(
        prefix
        for each in allocations or []
        for prefix in each.allocated_address_prefixes or ()
    )


def either(*names: str) -> Any:
    """A field that is spelled in several ways."""
    return Field(None, validation_alias=AliasChoices(*names))


def flat(fields: dict[str, Any]) -> dict[str, Any]:
    """A resource with its ``properties`` beside its name."""
    inner = as_object(fields.get("properties"))
    return fields if inner is None else {**fields, **inner}


def _inner(value: Any) -> Any:
    fields = as_object(value)
    return value if fields is None else flat(fields)


class Inner(Payload):
    """What stands in a list of a resource, flat or with ``properties`` of its own."""

    _flat = model_validator(mode="before")(_inner)


def distinct(*lists: Iterable[str | None] | None) -> tuple[str, ...]:
    """The words of some lists, each once, sorted.

    Examples
    --------
    >>> distinct(["443", "22"], None, ["22", None])
    ('22', '443')
    """
    return tuple(sorted({each for words in lists for each in words or () if each}))


def settled(fields: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Fields without what is unresolved, and that in words, with its path.

    Examples
    --------
    >>> settled({"name": "a", "location": Unresolved("[uniqueString('x')]")})
    ({'name': 'a', 'location': None}, ("location: [uniqueString('x')]",))
    """
    said: list[str] = []
    try:
        kept = _settled(fields, (), said)
    except RecursionError:
        return {}, ("nested too deeply",)
    return kept, tuple(said)


def _settled(value: Any, keys: tuple[object, ...], said: list[str]) -> Any:
    if isinstance(value, Unresolved):
        said.append(f"{path(keys).lstrip('.')}: {value.text}")
        return None
    inner = as_object(value)
    if inner is not None:
        return {key: _settled(each, (*keys, key), said) for key, each in inner.items()}
    items = as_list(value)
    if items is None:
        return value
    return [_settled(each, (*keys, i), said) for i, each in enumerate(items)]


def problems(
    where: str,
    error: ValidationError,
    fields: dict[str, Any],
    passed_over: Callable[[Sequence[int | str]], bool] = lambda _: False,
) -> Iterator[Skipped]:
    """What is wrong with an object, each with its JSON path in the file.

    Fields that are missing are no problem where ``passed_over`` says so of their steps.
    """
    for problem in error.errors(include_url=False, include_context=False):
        steps = [each for each in problem["loc"] if not _is_union(each)]
        if problem["type"] == "missing" and passed_over(steps):
            continue
        message = problem["msg"].removeprefix("Value error, ")
        value = shown(problem["input"])
        place = where + path(_whole_path(steps, fields))
        yield Skipped(place, f"{message}, got {value}", broken=True)


def _whole_path(steps: Sequence[int | str], value: Any) -> Iterator[int | str]:
    """The steps to a value, with those that :func:`flat` has taken out of the way."""
    for step in steps:
        inner = as_object((as_object(value) or {}).get("properties")) or {}
        if step in inner:
            yield "properties"
            value = inner
        yield step
        items = as_list(value)
        if items is not None and isinstance(step, int) and step < len(items):
            value = items[step]
        else:
            value = (as_object(value) or {}).get(str(step))


def told(found: Iterable[Skipped]) -> list[str]:
    """The broken among what was skipped, as an InventoryError has its problems.

    Examples
    --------
    >>> told([Skipped(".name", "not text", broken=True), Skipped("[1]", "a NIC")])
    [' .name: not text']
    """
    lines = [
        f"{' ' if each.where else ''}{each.where.lstrip()}: {each.reason}"
        for each in found
        if each.broken
    ]
    more = len(lines) - MOST_PROBLEMS
    return [*lines[:MOST_PROBLEMS], f": and {more} more"] if more > 0 else lines


def _is_union(step: object) -> bool:
    """Whether pydantic names the branch of a union where a path has no step."""
    return isinstance(step, str) and step.startswith(("function-", "lax-", "is-"))


def shown(value: object) -> str:
    """A value as a message quotes it: short, whatever it is.

    Examples
    --------
    >>> shown("10.0.0.0/33"), shown([3] * 9)
    ("'10.0.0.0/33'", 'a list of 9')
    """
    if isinstance(value, dict | list):
        items = cast("list[Any]", value)
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(items)}"
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."
