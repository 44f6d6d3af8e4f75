"""NAT gateways of a layout with their public addresses, and its firewalls."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.inventory.traffic import Outlet, PublicAddress
from ipplan.layouts.belongings.routes import firewalls_in, first_usable
from ipplan.layouts.belongings.sites import Named, home_of, homes, own_names
from ipplan.layouts.demands.egress import egress
from ipplan.limits import NAT_ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.layouts.belongings.sites import Site
    from ipplan.layouts.results import PlacedCluster

BY_OWN_GATEWAY = "userassignednatgateway"
"""The outbound type, in lower case, that needs a NAT gateway on the subnets."""


class Gateways(NamedTuple):
    """NAT gateways of a layout.

    Parameters
    ----------
    on : dict of str to str
        Ids of gateways by those of the new subnets that have them.
    outlets, addresses : tuple of Outlet, of PublicAddress
        Those that are new.
    """

    on: dict[str, str]
    outlets: tuple[Outlet, ...]
    addresses: tuple[PublicAddress, ...]


def nat_gateways(site: Site) -> Gateways:
    """A NAT gateway for each cluster that asks for its own; sharers of a subnet share.

    Where a subnet of theirs exists and has a gateway, the new ones take that.
    """
    groups = [each for each in site.together if any(map(_asks, each))]
    names = own_names(_named(each) for each in groups)
    found = Gateways({}, (), ())
    for group in groups:
        subnets = [one for each in group for one in homes(each.plan.cluster)]
        there = filter(None, map(site.existing, subnets))
        gateway = next((e.nat_gateway for e in there if e.nat_gateway), None)
        if gateway is None:
            made, addresses = _made(group, names[group[0].plan.cluster.id])
            gateway = made.id
            if made.id not in site.ids:
                found = found._replace(
                    outlets=(*found.outlets, made),
                    addresses=(*found.addresses, *addresses),
                )
        new = (each for each in subnets if not site.existing(each))
        found.on.update(dict.fromkeys(new, gateway))
    return found


def _asks(each: PlacedCluster) -> bool:
    return (each.plan.cluster.outbound_type or "").lower() == BY_OWN_GATEWAY


def _named(group: tuple[PlacedCluster, ...]) -> Named:
    first = group[0]
    cluster = first.plan.cluster
    return Named(cluster.id, home_of(first.network), f"{cluster.name}-nat")


def _made(
    group: tuple[PlacedCluster, ...], name: str
) -> tuple[Outlet, list[PublicAddress]]:
    """A gateway with the public addresses that its clusters need, as far as it may."""
    home, origin = home_of(group[0].network), group[0].plan.cluster.origin
    count = sum(egress(each.plan).addresses for each in filter(_asks, group))
    addresses = [
        PublicAddress(
            id=f"{home}/publicipaddresses/{name.lower()}-{number}",
            name=f"{name}-{number}",
            origin=origin,
        )
        for number in range(1, min(count, NAT_ADDRESSES.value) + 1)
    ]
    outlet = Outlet(
        id=f"{home}/natgateways/{name.lower()}",
        name=name,
        kind="nat-gateway",
        public_addresses=tuple(sorted(each.id for each in addresses)),
        origin=origin,
    )
    return outlet, addresses


def firewalls(site: Site) -> Iterator[Outlet]:
    """The firewalls that are asked for and do not exist, with their private addresses.

    They are made by nobody here: rules look at them as they will be.
    """
    for subnet in site.subnets:
        want = subnet.want
        ranges = [each for each in subnet.prefixes if each.version == IPV4]
        if want.purpose != "firewall" or not ranges or firewalls_in(site, ranges[0]):
            continue
        network = site.network_by_id[want.network]
        name = f"{network.name}-firewall"
        yield Outlet(
            id=f"{home_of(network.id)}/azurefirewalls/{name.lower()}",
            name=name,
            private_ips=(first_usable(ranges[0]),),
            origin=network.origin,
        )
