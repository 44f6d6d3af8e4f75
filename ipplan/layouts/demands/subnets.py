"""Demands: every subnet that a plan asks for, and how large each must be."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4
from ipplan.inventory.origins import name_of, parent_of
from ipplan.layouts.demands.claims import GENERAL, PODS, PURPOSES, claims_of
from ipplan.layouts.plans import PlanError
from ipplan.layouts.wants import SubnetWant
from ipplan.limits import SMALLEST_SUBNET
from ipplan.prefixes import prefix_for, usable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.cidrs import Cidr
    from ipplan.layouts.demands.claims import Claim
    from ipplan.layouts.plans import LayoutPlan, NetworkPlan
    from ipplan.limits import Limit


def subnet_wants(plan: LayoutPlan) -> tuple[SubnetWant, ...]:
    """Every subnet of a plan, as large as what stands in it needs.

    Parameters
    ----------
    plan : LayoutPlan
        As it was read; the order of its parts does not matter.

    Returns
    -------
    tuple of SubnetWant
        By id.

    Raises
    ------
    ArgumentError
        Where two things name one subnet that can't share it, for a kind that there is
        not, for more of something than there may be, and where the nodes of a cluster
        are not known.

    Notes
    -----
    Node and pod subnets are sized by the model of their cluster, at the most nodes and
    while all pools are upgraded. A service has the size that its page advises, or a
    larger one if it needs that. A prefix length that the plan asks for is kept to,
    even if it is too small: :func:`short` tells.

    References
    ----------
    https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan, NetworkPlan, ServicePlan
    >>> hub = NetworkPlan("/virtualnetworks/hub", "hub", services=(
    ...     ServicePlan("jump-boxes", count=12), ServicePlan("firewall")))
    >>> [(each.name, each.length) for each in subnet_wants(LayoutPlan("p", (hub,)))]
    [('AzureFirewallSubnet', 26), ('jump-boxes', 27)]
    """
    known = {each.id: each.name for each in plan.inventory.subnets}
    wants = chain.from_iterable(_wants(each, known) for each in plan.networks)
    return tuple(sorted(wants, key=lambda want: want.id))


def _wants(network: NetworkPlan, known: dict[str, str]) -> list[SubnetWant]:
    claims: dict[str, list[Claim]] = {}
    for each in claims_of(network):
        claims.setdefault(each.subnet, []).append(each)
    return [
        _want(network, sorted(group, key=_order), known.get(identity))
        for identity, group in claims.items()
    ]


def _order(claim: Claim) -> tuple[int, str, tuple[object, ...]]:
    return PURPOSES.index(claim.purpose), claim.what, claim.shares


def _want(
    network: NetworkPlan, claims: Sequence[Claim], known: str | None
) -> SubnetWant:
    """A subnet, out of all that stands in it, in order."""
    _check(claims)
    first = claims[0]
    purposes = list(dict.fromkeys(each.purpose for each in claims))
    pinned = tuple(network.pinned.get(name_of(first.subnet), ()))
    shares = tuple(share for each in claims for share in each.shares)
    need = sum(each.addresses for each in shares)
    kept = max(each.kept for each in claims)
    length, why = _length(claims, need, kept, pinned)
    endpoints = {name for each in claims for name in each.service_endpoints}
    return SubnetWant(
        id=first.subnet,
        # as it stands, or with capitals if anything writes it so
        name=known or network.spelled(min(each.name for each in claims)),
        network=parent_of(first.subnet),
        purpose=first.purpose,
        beside=tuple(each for each in purposes[1:] if each != GENERAL),
        shares=shares,
        need=need,
        kept=kept,
        length=length,
        why=why,
        pinned=pinned,
        ipv6=network.dual_stack and any(each.ipv6 for each in claims),
        delegation=next((e.delegation for e in claims if e.delegation), None),
        service_endpoints=tuple(sorted(endpoints)),
        clusters=tuple(sorted({each.cluster for each in claims if each.cluster})),
    )


def _check(claims: Sequence[Claim]) -> None:
    """Whether all that stands in a subnet can share it."""
    # a size or a name alone goes with anything, if it is delegated to nobody else
    takers = [each for each in claims if each.purpose != GENERAL or each.shares]
    for other in takers[1:]:
        if not other.company or other.company != takers[0].company:
            raise _refused(takers[0], other)
    delegated = {each.delegation.lower(): each for each in claims if each.delegation}
    if len(delegated) > 1:
        raise _refused(*list(delegated.values())[:2])


def _refused(one: Claim, other: Claim) -> PlanError:
    told = f"for {one.what} and {other.what}"
    allowed = "a subnet of its own for each"
    return PlanError(f"subnet {one.name}", told, allowed, other.origin)


def _length(
    claims: Sequence[Claim], need: int, kept: int, pinned: tuple[Cidr, ...]
) -> tuple[int, Limit[int] | None]:
    """The prefix length of a subnet, and the row that makes it larger than its need."""
    asked = [each.length for each in claims if each.length is not None]
    if asked:
        return min(asked), None
    if not any(each.shares for each in claims):
        return _largest(pinned), None
    largest = max(each.largest for each in claims)
    length = int(prefix_for(need, kept, largest))
    rows = [each.floor for each in claims if each.floor]
    floor = min(rows, key=lambda row: row.value, default=None)
    if floor and floor.value < length:
        return floor.value, floor
    return length, None


def _largest(pinned: tuple[Cidr, ...]) -> int:
    """The prefix length of a subnet that is only pinned."""
    lengths = (each.length for each in pinned if each.version == IPV4)
    return min(lengths, default=SMALLEST_SUBNET.value)


def short(want: SubnetWant) -> bool:
    """Whether a subnet, as it is pinned or asked for, is too small for its need.

    Parameters
    ----------
    want : SubnetWant
        Several pinned ranges add up, but for pods: the largest counts for those.

    Examples
    --------
    >>> short(SubnetWant("s", "s", "v", "nodes", need=12, length=28))
    True
    >>> short(SubnetWant("s", "s", "v", "nodes", need=11, length=28))
    False
    """
    sizes = [
        int(usable(each.length, want.kept))
        for each in want.pinned
        if each.version == IPV4
    ]
    if sizes:
        room = max(sizes) if want.purpose == PODS else sum(max(e, 0) for e in sizes)
        return room < want.need
    return not want.length or int(usable(want.length, want.kept)) < want.need
