"""VNets of a layout with their subnets and peerings: what is new, and all there is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ipplan.inventory.intents import is_intended
from ipplan.inventory.networks import Subnet, VNet
from ipplan.inventory.origins import name_of, resource_group_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.inventory.networks import Peering
    from ipplan.inventory.origins import Origin
    from ipplan.inventory.traffic import SecurityGroup
    from ipplan.layouts.belongings.sites import Site
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.layouts.results import PlacedNetwork, PlacedSubnet


@dataclass(frozen=True)
class Fittings:
    """What stands on new subnets, by the ids of these.

    Parameters
    ----------
    groups : mapping of str to SecurityGroup
        Network security groups.
    tables, gateways : mapping of str to str
        Ids of route tables and of NAT gateways.
    """

    groups: Mapping[str, SecurityGroup]
    tables: Mapping[str, str]
    gateways: Mapping[str, str]


def vnets(site: Site, fittings: Fittings) -> Iterator[tuple[VNet, VNet | None]]:
    """Every VNet as it will be, and what of it is new; None where nothing is."""
    placed = {each.plan.id: each for each in site.networks}
    new: dict[str, list[Subnet]] = defaultdict(list)
    for each in site.new_subnets:
        new[each.want.network].append(_subnet(site, each, fittings))
    known = site.inventory.vnet_by_id
    for identity in sorted({*known, *placed}):
        peerings, made = _peerings(known.get(identity))
        network = placed.get(identity)
        if network is None:
            whole = replace(known[identity], peerings=peerings)
            part = replace(whole, subnets=(), peerings=made)
            yield whole, part if made and whole.seen else None
        else:
            yield _vnet(site, network, new[identity], peerings, made)


def _vnet(
    site: Site,
    network: PlacedNetwork,
    new: list[Subnet],
    peerings: tuple[Peering, ...],
    made: tuple[Peering, ...],
) -> tuple[VNet, VNet | None]:
    """A network of the plan: whole, and what of it is new."""
    asked = network.plan
    there = site.vnet(asked.id)
    draft = there or site.inventory.vnet_by_id.get(asked.id) or _draft(asked)
    subnets = sorted([*draft.subnets, *new], key=lambda each: each.id)
    whole = replace(
        draft,
        prefixes=network.prefixes,
        subnets=tuple(subnets),
        peerings=peerings,
        location=draft.location or asked.location,
    )
    if there is None:
        return whole, whole
    part = replace(whole, subnets=tuple(new), peerings=made)
    return whole, part if new or made or network.added else None


def _draft(asked: NetworkPlan) -> VNet:
    return VNet(asked.id, asked.name, origin=asked.origin)


def _subnet(site: Site, placed: PlacedSubnet, fittings: Fittings) -> Subnet:
    want = placed.want
    group = fittings.groups.get(want.id)
    return Subnet(
        id=want.id,
        name=want.name,
        prefixes=placed.prefixes,
        delegations=(want.delegation,) if want.delegation else (),
        route_table=fittings.tables.get(want.id),
        network_security_group=group.id if group else None,
        nat_gateway=fittings.gateways.get(want.id),
        service_endpoints=tuple(sorted(want.service_endpoints)),
        origin=_origin(site, placed),
    )


def _origin(site: Site, placed: PlacedSubnet) -> Origin:
    """Where the plan asks for a subnet: by its name, for a cluster, or in a network."""
    want = placed.want
    if want.id in site.origins:
        return site.origins[want.id]
    if want.clusters:
        return site.cluster_by_id[want.clusters[0]].plan.cluster.origin
    return site.network_by_id[want.network].origin


def _peerings(
    vnet: VNet | None,
) -> tuple[tuple[Peering, ...], tuple[Peering, ...]]:
    """The peerings of a VNet, by id, and those of them that are new, with plain names.

    A name that another has already is told apart by the resource group it leads to.
    """
    every = vnet.peerings if vnet else ()
    taken = {each.id for each in every}
    made: list[Peering] = []
    for each in every:
        if is_intended(each.id):
            named = _plain(each, taken)
            taken.add(named.id)
            made.append(named)
    kept = [each for each in every if not is_intended(each.id)]
    return _by_id([*kept, *made]), _by_id(made)


def _by_id(peerings: list[Peering]) -> tuple[Peering, ...]:
    return tuple(sorted(peerings, key=lambda each: each.id))


def _plain(peering: Peering, taken: set[str]) -> Peering:
    home = peering.id.rpartition("/")[0]
    remote = peering.remote or ""
    group = resource_group_of(remote)
    names = (f"to-{name_of(remote)}", f"to-{group}-{name_of(remote)}")
    name = next((e for e in names if f"{home}/{e}" not in taken), names[-1])
    return replace(peering, id=f"{home}/{name.lower()}", name=name)
