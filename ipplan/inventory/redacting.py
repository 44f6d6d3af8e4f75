"""redacted(): the same inventory without anybody's names, so that it can be shared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ipplan.inventory.origins import Contradiction, Skipped, name_of
from ipplan.inventory.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import Holder, VNet
    from ipplan.inventory.pools import NodePool
    from ipplan.inventory.traffic import Route, RouteTable, SecurityGroup, SecurityRule

MORE = "there is more than was read"
"""Why an inventory is not complete, without a name."""

Noun = TypeVar("Noun", bound=Any)

_ADDRESS = re.compile(r"[0-9a-f.:]{1,45}", re.IGNORECASE)
_WORDS = re.compile(r"microsoft\.[a-z./]{1,80}", re.IGNORECASE)
_TAG = re.compile(
    r"(?:VirtualNetwork|AzureLoadBalancer|Internet|GatewayManager|Any"
    r"|Azure(?:Cloud|ActiveDirectory|ContainerRegistry|FrontDoor|KeyVault|Monitor)"
    r"|MicrosoftContainerRegistry|Storage|Sql)(?:\.(?:[a-z]{1,20}[0-9]?))?",
    re.IGNORECASE,
)
"""Service tags that rules look at, or that say where traffic goes."""
_PROTOCOL = re.compile(r"\*|any|tcp|udp|icmp(?:v6)?|esp|ah", re.IGNORECASE)
_PORTS = re.compile(r"\*|[0-9]{1,5}(?:-[0-9]{1,5})?")
_OUTBOUND = re.compile(
    r"loadBalancer|managedNATGateway(?:V2)?|userAssignedNATGateway|userDefinedRouting"
    r"|none|block",
    re.IGNORECASE,
)
_POLICY = re.compile(r"none|azure|calico|cilium", re.IGNORECASE)
_PLUGIN = re.compile(r"none|azure|kubenet", re.IGNORECASE)
_VERSION = re.compile(r"v?[0-9]{1,3}(?:\.[0-9]{1,5}){0,2}")
_HOP = re.compile(
    r"VirtualAppliance|VirtualNetworkGateway|VNetLocal|Internet|None", re.IGNORECASE
)


def redacted(inventory: Inventory, names: Pseudonyms | None = None) -> Inventory:
    """The same inventory with every name and id replaced, and every range kept.

    The same name gets the same replacement wherever it stands, so that networks,
    peerings and clusters still meet. What files say in their own words is left out.

    Parameters
    ----------
    inventory : Inventory
        As it was read.
    names : Pseudonyms or None
        What it remembers stays: for what else names the same things.

    Examples
    --------
    >>> from ipplan import Inventory, VNet
    >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    >>> vnet = VNet(f"{home}/virtualnetworks/contoso", "Contoso")
    >>> shared = redacted(Inventory((vnet,)))
    >>> shared.vnets[0].name, shared.vnets[0].subscription
    ('vnet-1', 'subscription-1')
    """
    names = Pseudonyms() if names is None else names
    return replace(
        inventory,
        vnets=_sorted(_vnet(each, names) for each in inventory.vnets),
        clusters=_sorted(_cluster(each, names) for each in inventory.clusters),
        external_ranges=tuple(
            _plain(
                each,
                names,
                "network",
                attached=each.attached and names.ids(each.attached),
            )
            for each in inventory.external_ranges
        ),
        groups=tuple(
            _plain(each, names, "group", members=names.ids(each.members))
            for each in inventory.groups
        ),
        clients=tuple(
            _plain(
                each,
                names,
                "client",
                network=names.id(each.network),
                dns_zones=tuple(map(names.named_zone, each.dns_zones)),
            )
            for each in inventory.clients
        ),
        address_pools=tuple(
            _plain(each, names, "address-pool") for each in inventory.address_pools
        ),
        **_traffic(inventory, names),
        skipped=tuple(_skipped(each, names) for each in inventory.skipped),
        contradictions=tuple(
            Contradiction(str(names.id(each.id)), each.field, "redacted", "redacted")
            for each in inventory.contradictions
        ),
        incomplete=(MORE,) if inventory.incomplete else (),
    )


def _traffic(inventory: Inventory, names: Pseudonyms) -> dict[str, tuple[Any, ...]]:
    """What steers traffic, list by list."""
    return {
        "security_groups": _sorted(
            _named(each, names, **_unsaid(each), rules=_rules(each, names))
            for each in inventory.security_groups
        ),
        "route_tables": _sorted(
            _named(each, names, **_unsaid(each), routes=_routes(each, names))
            for each in inventory.route_tables
        ),
        "public_addresses": _sorted(
            _named(each, names) for each in inventory.public_addresses
        ),
        "outlets": _sorted(
            _named(
                each,
                names,
                private_ips=tuple(filter(_ADDRESS.fullmatch, each.private_ips)),
                public_addresses=tuple(sorted(names.ids(each.public_addresses))),
            )
            for each in inventory.outlets
        ),
        "zone_links": _sorted(
            _named(each, names, vnet=names.id(each.vnet))
            for each in inventory.zone_links
        ),
        "node_interfaces": _sorted(
            _named(
                each,
                names,
                network_security_group=names.id(each.network_security_group),
            )
            for each in inventory.node_interfaces
        ),
        "load_balancers": _sorted(
            _named(each, names) for each in inventory.load_balancers
        ),
    }


def _named(noun: Noun, names: Pseudonyms, **changes: Any) -> Noun:
    """A resource with its id replaced, and called what that ends in."""
    identity = str(names.id(noun.id))
    origin = names.origin(noun.origin)
    return replace(noun, id=identity, name=name_of(identity), origin=origin, **changes)


def _rules(group: SecurityGroup, names: Pseudonyms) -> tuple[SecurityRule, ...]:
    return tuple(
        each._replace(
            name=names.of("rule", each.name),
            protocol=_only(_PROTOCOL, each.protocol) or "redacted",
            sources=tuple(names.among(_TAG, one) for one in each.sources),
            destinations=tuple(names.among(_TAG, one) for one in each.destinations),
            ports=tuple(_only(_PORTS, one) or "redacted" for one in each.ports),
        )
        for each in group.rules
    )


def _routes(table: RouteTable, names: Pseudonyms) -> tuple[Route, ...]:
    return tuple(
        each._replace(
            name=names.of("route", each.name),
            prefix=names.among(_TAG, each.prefix),
            next_hop_type=_only(_HOP, each.next_hop_type) or "redacted",
            next_hop=_only(_ADDRESS, each.next_hop),
        )
        for each in table.routes
    )


def _unsaid(noun: Any) -> dict[str, tuple[str, ...]]:
    """That a file leaves something open, without its words."""
    return {"unresolved": tuple("redacted" for _ in noun.unresolved)}


def _sorted(nouns: Iterable[Noun]) -> tuple[Noun, ...]:
    """In the order of their new ids, as an inventory has them."""
    return tuple(sorted(nouns, key=lambda noun: noun.id))


def _only(pattern: re.Pattern[str], text: str | None) -> str | None:
    """Text that can be nobody's name, by how it is written."""
    return text if text is not None and pattern.fullmatch(text) else None


def azure_words(services: tuple[str, ...]) -> tuple[str, ...]:
    """Services of Azure's own as they are."""
    return tuple(_only(_WORDS, each) or "redacted" for each in services)


def _plain(noun: Noun, names: Pseudonyms, kind: str, **changes: Any) -> Noun:
    """A noun with a name of its own, and other changes."""
    return replace(
        noun,
        name=names.of(kind, noun.name),
        origin=names.origin(noun.origin),
        **changes,
    )


def _vnet(vnet: VNet, names: Pseudonyms) -> VNet:
    changed = _resource(vnet, names, "vnet")
    return replace(
        changed,
        dns_servers=tuple(filter(None, (_only(_ADDRESS, e) for e in vnet.dns_servers))),
        subnets=_sorted(
            _resource(
                each,
                names,
                "subnet",
                delegations=azure_words(each.delegations),
                service_endpoints=azure_words(each.service_endpoints),
                holders=each.holders and tuple(_holder(h, names) for h in each.holders),
                route_table=names.id(each.route_table),
                network_security_group=names.id(each.network_security_group),
                nat_gateway=names.id(each.nat_gateway),
            )
            for each in vnet.subnets
        ),
        peerings=_sorted(
            _resource(
                each,
                names,
                "peering",
                remote=names.id(each.remote),
                local_subnets=tuple(names.of("subnet", n) for n in each.local_subnets),
                remote_subnets=tuple(
                    names.of("subnet", n) for n in each.remote_subnets
                ),
            )
            for each in vnet.peerings
        ),
    )


def _resource(noun: Noun, names: Pseudonyms, kind: str, **changes: Any) -> Noun:
    """A resource with its id and name replaced, and what its file says left out."""
    identity = names.id(noun.id)
    if getattr(noun, "location", None):
        changes["location"] = names.region(noun.location)
    return _plain(noun, names, kind, id=identity, **_unsaid(noun), **changes)


def _holder(holder: Holder, names: Pseudonyms) -> Holder:
    return holder._replace(id=str(names.id(holder.id)))


def _cluster(cluster: Cluster, names: Pseudonyms) -> Cluster:
    group, zone = cluster.node_resource_group, cluster.private_dns_zone
    return _resource(
        cluster,
        names,
        "cluster",
        pools=tuple(_pool(each, names) for each in cluster.pools),
        node_resource_group=group and names.of("group", group),
        private_dns_zone=zone if zone in {"system", "none"} else names.id(zone),
        dns_service_ip=_only(_ADDRESS, cluster.dns_service_ip),
        outbound_type=_only(_OUTBOUND, cluster.outbound_type),
        network_policy=_only(_POLICY, cluster.network_policy),
        network_plugin=_only(_PLUGIN, cluster.network_plugin),
        kubernetes_version=_only(_VERSION, cluster.kubernetes_version),
        api_server_subnet=names.id(cluster.api_server_subnet),
        hosted_subnets=names.ids(cluster.hosted_subnets),
        unbounded=tuple(_cause(each) for each in cluster.unbounded),
    )


def _pool(pool: NodePool, names: Pseudonyms) -> NodePool:
    return replace(
        pool,
        name=names.of("pool", pool.name),
        subnet=names.id(pool.subnet),
        pod_subnet=names.id(pool.pod_subnet),
        unknown="redacted" if pool.unknown else "",
    )


def _cause(text: str) -> str:
    """Why something has no end: in our words, but not in those of the file."""
    return "redacted" if ":" in text else text


def _skipped(skipped: Skipped, names: Pseudonyms) -> Skipped:
    return Skipped(names.of("object", skipped.where), "redacted", skipped.broken)
