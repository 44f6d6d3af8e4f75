"""A layout as a plain document, with what rules find of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.cidrs import IPV4
from ipplan.cidrs.carving import Space
from ipplan.designs.tellings import told
from ipplan.documents.checks import finding_document, summary_document
from ipplan.inventory.origins import name_of
from ipplan.layouts.demands.egress import egress
from ipplan.layouts.demands.holds import holds
from ipplan.layouts.demands.reasons import reasons
from ipplan.layouts.results import PlacedSubnet
from ipplan.layouts.wants import SubnetWant
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ipplan.checks.checkups import Checkup
    from ipplan.cidrs import Cidr
    from ipplan.contracts.layouts import (
        EgressDocument,
        LayoutClusterDocument,
        LayoutDocument,
        LayoutNetworkDocument,
        LayoutSubnetDocument,
        LayoutTotalsDocument,
        MoveDocument,
        UnfitDocument,
        ZoneDocument,
    )
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.layouts.demands.egress import Egress
    from ipplan.layouts.results import (
        Layout,
        Move,
        PlacedCluster,
        PlacedNetwork,
        Unfit,
    )

OTHER = "other"
"""What a subnet is for that exists and that the plan does not name."""

PAGE = "https://"
"""What those of a subnet's reasons begin with that are pages."""


def layout_document(
    layout: Layout, checkup: Checkup, given: Mapping[str, Any] | None = None
) -> LayoutDocument:
    """A layout as the document that ``ipplan layout`` prints.

    Parameters
    ----------
    layout : Layout
        As :func:`ipplan.lay_out` gives it.
    checkup : Checkup
        What :func:`ipplan.check` found in its inventory.
    given : mapping of str to object
        The plan file and the options that were given.

    Examples
    --------
    >>> from datetime import date
    >>> import ipplan
    >>> layout = ipplan.lay_out(ipplan.LayoutPlan("shop"))
    >>> checkup = ipplan.check(layout.inventory, as_of=date(2026, 11, 24))
    >>> layout_document(layout, checkup)["totals"]["networks"]
    0
    """
    standing = _standing(layout)
    networks = [
        _network(layout, each, standing[each.plan.id]) for each in layout.networks
    ]
    own, others = told(layout, checkup)
    names = _names(layout)
    return {
        "kind": "ipplan.layout",
        "version": __version__,
        "as_of": checkup.as_of.isoformat(),
        "input": dict(given or {}),
        "plan": layout.plan.name,
        "complete": layout.inventory.complete,
        "totals": _totals(layout, networks),
        "networks": networks,
        "subnets": [
            _subnet(each, names)
            for network in layout.networks
            for each in standing[network.plan.id]
        ],
        "clusters": _clusters(layout, names),
        "private_dns_zones": _zones(layout),
        "unfit": [_unfit(each) for each in layout.unfit],
        "moves": [_move(each) for each in layout.moves],
        "summary": summary_document(own),
        "findings": [finding_document(each) for each in own],
        "others": summary_document(others),
        "assumed": list(layout.assumed),
    }


# Networks and subnets.


def _standing(layout: Layout) -> dict[str, list[PlacedSubnet]]:
    """The subnets of each network by address, those that the plan does not name too."""
    asked = {each.want.id for each in layout.subnets}
    found: dict[str, list[PlacedSubnet]] = {e.plan.id: [] for e in layout.networks}
    for each in layout.subnets:
        found[each.want.network].append(each)
    for identity, subnets in found.items():
        there = layout.inventory.vnet_by_id.get(identity)
        subnets += [
            PlacedSubnet(_other(each, identity), each.prefixes, "existing")
            for each in (there.subnets if there else ())
            if each.id not in asked
        ]
        subnets.sort(key=lambda each: (not each.prefixes, each.prefixes, each.want.id))
    return found


def _other(subnet: Subnet, network: str) -> SubnetWant:
    return SubnetWant(
        subnet.id,
        subnet.name,
        network,
        OTHER,
        delegation=next(iter(subnet.delegations), None),
        service_endpoints=subnet.service_endpoints,
    )


def _totals(
    layout: Layout, networks: Iterable[LayoutNetworkDocument]
) -> LayoutTotalsDocument:
    addresses = sum(each["addresses"] for each in networks)
    free = sum(each["free"] for each in networks)
    return {
        "networks": len(layout.networks),
        "subnets": len(layout.subnets),
        "clusters": len(layout.clusters),
        "addresses": addresses,
        "carved": addresses - free,
        "asked": sum(each.want.need + each.want.kept for each in layout.subnets),
    }


def _network(
    layout: Layout, network: PlacedNetwork, subnets: Iterable[PlacedSubnet]
) -> LayoutNetworkDocument:
    plan = network.plan
    there = layout.inventory.vnet_by_id.get(plan.id)
    taken = [cidr for each in subnets for cidr in each.prefixes]
    free = Space(network.prefixes, taken)
    blocks = list(free)
    return {
        "id": plan.id,
        "name": plan.name,
        "location": plan.location or (there.location if there else None),
        "hub": plan.hub,
        "ranges": _texts(network.prefixes),
        "whence": network.whence,
        "added": _texts(network.added),
        "addresses": sum(e.size for e in network.prefixes if e.version == IPV4),
        "free": sum(each.size for each in blocks),
        "free_blocks": _texts(blocks),
        "largest_free": _text(free.largest),
    }


def _subnet(placed: PlacedSubnet, names: Mapping[str, str]) -> LayoutSubnetDocument:
    want = placed.want
    asked = want.purpose != OTHER
    why = list(reasons(placed)) if asked else []
    usable = holds(placed) if placed.prefixes else None
    return {
        "id": want.id,
        "name": want.name,
        "network": names[want.network],
        "network_id": want.network,
        "purpose": want.purpose,
        "beside": list(want.beside),
        "ranges": _texts(placed.prefixes),
        "whence": placed.whence,
        "prefix_length": want.length or None,
        "need": want.need if asked else None,
        "kept": want.kept,
        "usable": usable,
        "free": usable - want.need if asked and usable is not None else None,
        "ipv6": want.ipv6,
        "shares": [
            {
                "what": each.what,
                "addresses": each.addresses,
                "source": each.source or None,
            }
            for each in want.shares
        ],
        "rule": want.why
        and {
            "prefix_length": want.why.value,
            "note": want.why.note,
            "source": want.why.source,
        },
        "why": why,
        "source": next((each for each in why if each.startswith(PAGE)), None),
        "delegation": want.delegation,
        "service_endpoints": list(want.service_endpoints),
        "clusters": [names[each] for each in want.clusters],
    }


# Clusters, zones, and what found no room.


def _names(layout: Layout) -> dict[str, str]:
    """Names of the plan's networks and clusters by their ids."""
    names = {each.plan.id: each.plan.name for each in layout.networks}
    clusters = (each.plan.cluster for each in layout.clusters)
    return names | {each.id: each.name for each in clusters}


def _clusters(layout: Layout, names: Mapping[str, str]) -> list[LayoutClusterDocument]:
    planned = {each.id: each for each in layout.inventory.clusters}
    return [
        _cluster(each, names[each.network], planned.get(each.plan.cluster.id))
        for each in layout.clusters
    ]


def _cluster(
    placed: PlacedCluster, network: str, planned: Cluster | None
) -> LayoutClusterDocument:
    cluster, found = placed.plan.cluster, egress(placed.plan)
    return {
        "id": cluster.id,
        "name": cluster.name,
        "network": network,
        "model": cluster.model,
        "nodes": found.nodes,
        "surge_nodes": found.surge,
        "pod_cidrs": _texts(placed.pod_cidrs),
        "pods_whence": placed.pods_whence,
        "service_cidrs": _texts(placed.service_cidrs),
        "services_whence": placed.services_whence,
        "dns_service_ip": planned.dns_service_ip if planned else None,
        "reused_by": list(placed.reused_by),
        "twin": placed.plan.twin,
        "egress": _egress(found),
    }


def _egress(found: Egress) -> EgressDocument:
    return {
        "outbound_type": found.outbound_type,
        "ports": found.ports,
        "public_addresses": found.addresses,
        "most_public_addresses": found.most,
        "fits": found.fits,
        "words": found.words,
        "source": found.source,
    }


def _zones(layout: Layout) -> list[ZoneDocument]:
    """Zones of the links that are new, with their networks."""
    names = {each.id: each.name for each in layout.inventory.vnets}
    found: dict[str, set[str]] = {}
    for link in layout.planned.zone_links:
        vnet = link.vnet or ""
        found.setdefault(link.zone, set()).add(names.get(vnet, name_of(vnet)))
    return [
        {"id": zone, "name": name_of(zone), "networks": sorted(found[zone])}
        for zone in sorted(found)
    ]


def _unfit(each: Unfit) -> UnfitDocument:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "prefix_length": each.length,
        "version": each.version,
        "where": each.where,
        "largest": _text(each.largest),
        "remedy": each.remedy or None,
    }


def _move(each: Move) -> MoveDocument:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "before": _texts(each.before),
        "after": _texts(each.after),
    }


def _texts(cidrs: Iterable[Cidr]) -> list[str]:
    return [str(each) for each in cidrs]


def _text(cidr: Cidr | None) -> str | None:
    return None if cidr is None else str(cidr)
