"""redacted(): the same inventory without anybody's names, so that it can be shared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ipplan.inventory.origins import (
    Contradiction,
    Origin,
    Skipped,
    is_resource_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import Holder, VNet
    from ipplan.inventory.pools import NodePool

Noun = TypeVar("Noun", bound=Any)

KINDS = {
    "subscriptions": "subscription",
    "resourcegroups": "group",
    "virtualnetworks": "vnet",
    "subnets": "subnet",
    "virtualnetworkpeerings": "peering",
    "managedclusters": "cluster",
    "agentpools": "pool",
}
"""What stands for a name in a resource id, by the type before it."""

PROVIDER = 6
"""Where the provider stands in an id."""

PROVIDERS = frozenset(
    {"microsoft.network", "microsoft.compute", "microsoft.containerservice"}
)
TYPES = frozenset(KINDS) | {
    "applicationgateways",
    "azurefirewalls",
    "bastionhosts",
    "loadbalancers",
    "natgateways",
    "networkinterfaces",
    "networksecuritygroups",
    "privatednszones",
    "privateendpoints",
    "privatelinkservices",
    "publicipaddresses",
    "routetables",
    "virtualmachines",
    "virtualmachinescalesets",
    "virtualnetworkgateways",
}
"""Types of resources that are told as they are."""

_ADDRESS = re.compile(r"[0-9a-f.:]{1,45}", re.IGNORECASE)
_WORDS = re.compile(r"microsoft\.[a-z./]{1,80}", re.IGNORECASE)

STANDARD = frozenset(
    {
        "gatewaysubnet",
        "azurefirewallsubnet",
        "azurefirewallmanagementsubnet",
        "azurebastionsubnet",
        "routeserversubnet",
    }
)
"""Names that Azure imposes, and rules look at."""


class _Pseudonyms:
    """Names by kind, each always replaced by the same."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def of(self, kind: str, name: str) -> str:
        """The pseudonym of a name; names that differ only in case have one."""
        key = kind, name.lower()
        if not name or key[1] in STANDARD:
            return name
        if key not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            given = f"{kind}-{self._counts[kind]}"
            # What a file does not say stays recognisable as that.
            self._given[key] = f"<{given}>" if "<" in name else given
        return self._given[key]

    def id(self, identity: str | None) -> str | None:
        """A resource id with every name in it replaced; other text whole."""
        if identity is None:
            return None
        if not is_resource_id(identity):
            return self.of("network", identity)
        steps = identity.split("/")
        for index in range(2, len(steps), 2):
            kind = steps[index - 1]
            if kind != "providers":
                steps[index] = self.of(KINDS.get(kind, "resource"), steps[index])
                steps[index - 1] = kind if kind in TYPES else "resources"
        provider = steps[PROVIDER]
        known = provider.startswith("microsoft.") and provider in PROVIDERS
        steps[PROVIDER] = provider if known else "provider"
        return "/".join(steps)

    def ids(self, identities: tuple[str, ...]) -> tuple[str, ...]:
        """Ids, each with its names replaced."""
        return tuple(str(self.id(each)) for each in identities)

    def origin(self, origin: Origin) -> Origin:
        """Where a noun was read, without the file's name and the keys of its path."""
        file = origin.file if origin.file == "-" else self.of("file", origin.file)
        return origin._replace(file=file, path="")


def redacted(inventory: Inventory) -> Inventory:
    """The same inventory with every name and id replaced, and every range kept.

    The same name gets the same replacement wherever it stands, so that networks,
    peerings and clusters still meet. What files say in their own words is left out.

    Examples
    --------
    >>> from ipplan import Inventory, VNet
    >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    >>> vnet = VNet(f"{home}/virtualnetworks/contoso", "Contoso")
    >>> shared = redacted(Inventory((vnet,)))
    >>> shared.vnets[0].name, shared.vnets[0].subscription
    ('vnet-1', 'subscription-1')
    """
    names = _Pseudonyms()
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
            _plain(each, names, "client", network=names.id(each.network), dns_zones=())
            for each in inventory.clients
        ),
        skipped=tuple(_skipped(each, names) for each in inventory.skipped),
        contradictions=tuple(
            Contradiction(str(names.id(each.id)), each.field, "redacted", "redacted")
            for each in inventory.contradictions
        ),
        incomplete=tuple("a file has further pages" for _ in inventory.incomplete[:1]),
    )


def _sorted(nouns: Iterable[Noun]) -> tuple[Noun, ...]:
    """In the order of their new ids, as an inventory has them."""
    return tuple(sorted(nouns, key=lambda noun: noun.id))


def _only(pattern: re.Pattern[str], text: str | None) -> str | None:
    """Text that can be nobody's name, by how it is written."""
    return text if text is not None and pattern.fullmatch(text) else None


def _plain(noun: Noun, names: _Pseudonyms, kind: str, **changes: Any) -> Noun:
    """A noun with a name of its own, and other changes."""
    return replace(
        noun,
        name=names.of(kind, noun.name),
        origin=names.origin(noun.origin),
        **changes,
    )


def _vnet(vnet: VNet, names: _Pseudonyms) -> VNet:
    changed = _resource(vnet, names, "vnet")
    return replace(
        changed,
        dns_servers=tuple(filter(None, (_only(_ADDRESS, e) for e in vnet.dns_servers))),
        subnets=_sorted(
            _resource(
                each,
                names,
                "subnet",
                delegations=tuple(
                    _only(_WORDS, e) or "redacted" for e in each.delegations
                ),
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


def _resource(noun: Noun, names: _Pseudonyms, kind: str, **changes: Any) -> Noun:
    """A resource with its id and name replaced, and what its file says left out."""
    unresolved = tuple("redacted" for _ in noun.unresolved)
    identity = names.id(noun.id)
    return _plain(noun, names, kind, id=identity, unresolved=unresolved, **changes)


def _holder(holder: Holder, names: _Pseudonyms) -> Holder:
    return holder._replace(id=str(names.id(holder.id)))


def _cluster(cluster: Cluster, names: _Pseudonyms) -> Cluster:
    group, zone = cluster.node_resource_group, cluster.private_dns_zone
    return _resource(
        cluster,
        names,
        "cluster",
        pools=tuple(_pool(each, names) for each in cluster.pools),
        node_resource_group=group and names.of("group", group),
        private_dns_zone=zone if zone in {"system", "none"} else names.id(zone),
        dns_service_ip=_only(_ADDRESS, cluster.dns_service_ip),
        api_server_subnet=names.id(cluster.api_server_subnet),
        hosted_subnets=names.ids(cluster.hosted_subnets),
        unbounded=tuple(_cause(each) for each in cluster.unbounded),
    )


def _pool(pool: NodePool, names: _Pseudonyms) -> NodePool:
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


def _skipped(skipped: Skipped, names: _Pseudonyms) -> Skipped:
    return Skipped(names.of("object", skipped.where), "redacted", skipped.broken)
