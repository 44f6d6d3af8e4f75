"""Rules on the addresses that a VNet, and those that it is peered with, can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.capacity.costs import is_given_blocks, least_cost
from ipplan.checks.capacity.reductions import fewer_nodes
from ipplan.checks.rules import Hit, Side, rule
from ipplan.findings import Effect, Severity
from ipplan.inventory.networks import Subnet
from ipplan.limits import (
    AZURE_LIMITS,
    PEERED_ADDRESSES,
    PLANNING,
    VNET_ADDRESSES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.checks.remedies import Remedy
    from ipplan.checks.surveys import Survey
    from ipplan.inventory.networks import VNet
    from ipplan.sizing.tenants import Tenant

MOST_NAMES = 5
"""Clusters or VNets that a message names, those with the most addresses."""


class _Total(NamedTuple):
    """Addresses of a VNet's interfaces: as documented, and at the least."""

    need: int = 0
    least: int = 0
    capacities: tuple[Capacity, ...] = ()


@rule(PLANNING, Severity.ERROR, Severity.WARNING)
def vnet_address_limit(survey: Survey) -> Iterator[Hit]:
    """A VNet has a ceiling on addresses, and the pods of flat models count.

    All interfaces in a VNet have 65,536 addresses together, whatever its address space
    holds. Where pods have addresses of the VNet, they count; of a static block only
    the block does, and pods in a pod CIDR do not. Added up are the pools of all
    clusters at their maximum and during an upgrade, and what else is in use.
    """
    for vnet, total in _totals(survey):
        if total.need > VNET_ADDRESSES.value:
            certain = total.least > VNET_ADDRESSES.value
            yield Hit(
                Severity.ERROR if certain else Severity.WARNING,
                Effect.REFUSED if certain else Effect.WORKS_BUT,
                (Side(vnet), *_clusters(survey, total)),
                f"{survey.called(vnet)} needs {total.need:,} addresses during an "
                f"upgrade, most of them for {_who(total)}, and a VNet holds "
                f"{VNET_ADDRESSES.value:,}",
                _fewer(survey, total, total.need - VNET_ADDRESSES.value),
            )


@rule(AZURE_LIMITS, Severity.WARNING)
def peered_vnets_address_limit(survey: Survey) -> Iterator[Hit]:
    """A set of peered VNets has a ceiling on addresses.

    All interfaces in a VNet and in those that it is peered with have 128,000 addresses
    together. Only one page of Azure's limits says so, and it is of 2022.
    """
    totals = {vnet.id: total for vnet, total in _totals(survey)}
    sums = {
        hub: sum(totals[each].need for each in (hub, *peers) if each in totals)
        for hub, peers in survey.peers.items()
    }
    told: set[str] = set()
    for hub in sorted(sums, key=lambda each: -sums[each]):
        if sums[hub] <= PEERED_ADDRESSES.value:
            return
        if hub in told:
            continue
        members = (hub, *survey.peers[hub])
        told |= {*members}
        known = [each for each in members if each in totals and totals[each].need]
        largest = sorted(known, key=lambda each: -totals[each].need)[:MOST_NAMES]
        names = ", ".join(f"{survey.name_of(e)} {totals[e].need:,}" for e in largest)
        yield Hit(
            Severity.WARNING,
            Effect.WORKS_BUT,
            tuple(Side(survey.vnets[each]) for each in largest),
            f"{survey.name_of(hub)} and the VNets that it is peered with need "
            f"{sums[hub]:,} addresses during an upgrade, most of them in {names}, and "
            f"peered VNets hold {PEERED_ADDRESSES.value:,}",
        )


def _totals(survey: Survey) -> Iterator[tuple[VNet, _Total]]:
    """Addresses of each VNet that was read."""
    in_use = {c.noun.id: c for c in survey.capacities if isinstance(c.noun, Subnet)}
    for vnet in survey.inventory.vnets:
        need = least = 0
        found: list[Capacity] = []
        for subnet in vnet.subnets:
            capacity = in_use.get(subnet.id)
            if capacity is None or capacity.upgrade.need is None:
                held = subnet.used or 0
                need, least = need + held, least + held
                continue
            found.append(capacity)
            held = (survey.usage[subnet.id].others or 0) + capacity.beside
            need += held + sum(map(_interfaces, capacity.tenants))
            least += held + sum(map(_least_interfaces, capacity.tenants))
        yield vnet, _Total(need, least, tuple(found))


def _interfaces(tenant: Tenant) -> int:
    return int(tenant.load.peak) * (tenant.cost // _block(tenant))


def _least_interfaces(tenant: Tenant) -> int:
    return int(tenant.load.peak) * (least_cost(tenant) // _block(tenant))


def _block(tenant: Tenant) -> int:
    """How many addresses of a VNet count as one: those of a static block."""
    return tenant.model.block if is_given_blocks(tenant) else 1


def _by_need(total: _Total) -> list[Tenant]:
    found = [tenant for each in total.capacities for tenant in each.tenants]
    return sorted(found, key=lambda each: -_interfaces(each))


def _clusters(survey: Survey, total: _Total) -> Iterable[Side]:
    keys = dict.fromkeys(each.cluster for each in _by_need(total))
    return [Side(survey.cluster_by_id[each]) for each in keys][:MOST_NAMES]


def _who(total: _Total) -> str:
    """The clusters of the subnets that need the most."""
    order = sorted(total.capacities, key=lambda each: -(each.upgrade.need or 0))
    names = dict.fromkeys(name for each in order for name in each.clusters)
    return ", ".join(list(names)[:MOST_NAMES]) or "what is in use"


def _fewer(survey: Survey, total: _Total, lack: int) -> Iterator[Remedy]:
    for tenant in _by_need(total)[:MOST_NAMES]:
        each = tenant.cost // _block(tenant)
        peak = int(tenant.load.peak) - -(-lack // each)
        cluster = survey.cluster_by_id[tenant.cluster]
        yield from fewer_nodes(survey, cluster, tenant.load, peak)
