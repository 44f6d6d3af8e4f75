"""Rules on ranges: subnets, pod CIDRs, VNets, and what was observed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan import limits
from ipplan.models import MODELS
from ipplan.prefixes import prefix_for, usable
from ipplan.sizing.rules.hits import Hit, hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.sizing.loads import Range
    from ipplan.sizing.sizings import Observed, Sizing


def no_node_subnet_fits(sizing: Sizing) -> Iterator[Hit]:
    """No subnet that Azure allows is large enough for the nodes."""
    for each in chosen(sizing, sizing.node_subnets):
        yield hit(
            each.length == 0,
            "{addresses:,} addresses in one node subnet, and the largest is a /{limit}",
            limits.LARGEST_SUBNET,
            addresses=each.addresses,
        )


def no_pod_range_fits(sizing: Sizing) -> Iterator[Hit]:
    """No pod subnet or pod CIDR that Azure allows is large enough for the pods."""
    for each in chosen(sizing, sizing.pod_ranges):
        model = sizing.model
        yield Hit(
            each.length == 0,
            "{addresses:,} addresses in one {kind}, and the largest is a /{largest} "
            "of {room:,}: use several pod subnets or clusters",
            {
                "addresses": each.addresses,
                "kind": each.kind.words,
                "largest": model.largest,
                "room": usable(model.largest, model.kept),
            },
            model.source,
        )


def chosen(sizing: Sizing, ranges: tuple[Range, ...]) -> Iterator[Range]:
    """The ranges that are sized, not those that exist or are left open."""
    demand = sizing.demand
    return (
        each for each in ranges if not demand.open and demand.given(each.kind) is None
    )


def range_too_small(sizing: Sizing) -> Iterator[Hit]:
    """A subnet or pod CIDR that exists already is smaller than what it must hold."""
    for each in existing(sizing):
        yield Hit(
            each.addresses > each.capacity,
            "{addresses:,} addresses, upgrade included, and the /{length} {kind} "
            "holds {capacity:,}: it takes a new one of /{wanted}",
            {
                "addresses": each.addresses,
                "length": each.length,
                "kind": each.kind.words,
                "capacity": each.capacity,
                "wanted": lambda each=each: prefix_for(each.addresses, each.kept),
            },
            sizing.model.source,
        )


def range_too_large(sizing: Sizing) -> Iterator[Hit]:
    """A pod subnet or pod CIDR that exists already is larger than the model allows."""
    model = sizing.model
    for each in existing(sizing):
        if each.kind is model.home:
            yield Hit(
                each.length < model.largest,
                "a /{length} {kind}, and the largest is a /{largest}",
                {
                    "length": each.length,
                    "kind": each.kind.words,
                    "largest": model.largest,
                },
                model.source,
            )


def existing(sizing: Sizing) -> Iterator[Range]:
    """The ranges that exist already."""
    given = sizing.demand.given
    return (each for each in sizing.ranges if given(each.kind) is not None)


def vnet_address_limit(sizing: Sizing) -> Iterator[Hit]:
    """A VNet has a ceiling on addresses, and the pods of flat models count."""
    if sizing.model.vnet_limit:
        yield hit(
            sizing.vnet_addresses > sizing.model.vnet_limit.value,
            "{addresses:,} VNet addresses and a VNet holds {limit:,}; not bound by it: "
            "{others}",
            sizing.model.vnet_limit,
            addresses=sizing.vnet_addresses,
            others=lambda: _who_can(sizing),
        )


def _who_can(sizing: Sizing) -> str:
    """Models without this ceiling that can carry the same demand; each is sized."""
    others = [row for row in MODELS.values() if not row.vnet_limit]
    return ", ".join(sizing.possible_under(others)) or "none that can carry this"


def vnet_free_too_small(sizing: Sizing) -> Iterator[Hit]:
    """The free space that was named has no room for the subnets."""
    for wanted, found in sizing.placements:
        yield Hit(
            found is None,
            "the subnets do not all fit in --vnet-free {free}: no room is left for the "
            "/{length} {kind}",
            {
                "length": wanted.length,
                "kind": wanted.kind.words,
                "free": ", ".join(str(block) for block in sizing.demand.vnet_free),
            },
            limits.IP_PLANNING,
        )


def observed_exceeds_range(sizing: Sizing) -> Iterator[Hit]:
    """The service was seen to count more than a range holds that is large enough."""
    for each in sizing.observed:
        kept = each.range
        room = usable(kept.length, kept.reserved)
        fits = (kept.length > 0) & (kept.addresses <= kept.capacity)
        yield Hit(
            fits & (each.addresses > room),
            "observed ({what}): {addresses:,} addresses, and the /{length} that holds "
            "the documented {needed:,} has {room:,}: take one size more",
            {**_seen(each), "room": room},
            each.limit.source,
        )


def observed_needs_less(sizing: Sizing) -> Iterator[Hit]:
    """The service was seen to count less, and a range too small would pass."""
    for each in sizing.observed:
        kept = each.range
        if sizing.demand.given(kept.kind) is None:
            less = each.length > kept.length
        else:
            enough = each.addresses <= usable(kept.length, kept.reserved)
            less = enough & (kept.addresses > kept.capacity)
        yield Hit(
            less,
            "observed ({what}): {addresses:,} addresses would fit a /{smaller}; the "
            "documented {needed:,} do not, so do not rely on it",
            {**_seen(each), "smaller": each.length},
            each.limit.source,
        )


def _seen(each: Observed) -> dict[str, Any]:
    return {
        "what": each.what,
        "addresses": each.addresses,
        "needed": each.range.addresses,
        "length": each.range.length,
    }
