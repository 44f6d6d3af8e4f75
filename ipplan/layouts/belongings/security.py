"""Network security groups of a layout: a skeleton of rules for each new subnet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4, Cidr
from ipplan.errors import ArgumentError
from ipplan.inventory.traffic import SecurityGroup, SecurityRule
from ipplan.layouts.belongings.allowances import ALLOWANCES, Allowance, Who
from ipplan.layouts.belongings.sites import (
    Named,
    has_pod_cidr,
    home_of,
    node_homes,
    own_names,
    pod_homes,
)
from ipplan.layouts.demands.services import SERVICES
from ipplan.limits import FIRST_PRIORITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.layouts.belongings.sites import Site
    from ipplan.layouts.results import PlacedSubnet

IPV6 = 6
STEP = 10
"""From one priority to the next, so that rules can be put between."""

WITHOUT_EGRESS = frozenset({"none", "block"})
"""Outbound types of clusters that reach nothing public."""

_PLAIN = frozenset({"nodes", "pods", "general"})
"""Purposes that are no service's: a group may stand on every such subnet."""

_WITHOUT = frozenset(
    row.subnet.lower()
    for row in SERVICES.values()
    if row.imposed and not row.security_group
)
"""Names of subnets on which Azure allows no group."""


def security_groups(site: Site) -> dict[str, SecurityGroup]:
    """Groups for the subnets that are new and may have one, by the ids of these."""
    subnets = [each for each in site.new_subnets if _may_have_one(each)]
    names = own_names(_named(site, each) for each in subnets)
    found: dict[str, SecurityGroup] = {}
    for each in subnets:
        want, name = each.want, names[each.want.id]
        network = site.network_by_id[want.network]
        found[want.id] = SecurityGroup(
            id=f"{home_of(want.network)}/networksecuritygroups/{name.lower()}",
            name=name,
            rules=_rules(_Whose(site, each)),
            origin=network.origin,
        )
    return found


def _may_have_one(subnet: PlacedSubnet) -> bool:
    want = subnet.want
    allowed = (e in _PLAIN or SERVICES[e].security_group for e in want.purposes)
    return all(allowed) and want.name.lower() not in _WITHOUT


def _named(site: Site, subnet: PlacedSubnet) -> Named:
    """Its name: with that of the network, for subnets are called alike."""
    want = subnet.want
    network = site.network_by_id[want.network].name
    return Named(want.id, home_of(want.network), f"{network}-{want.name}-nsg")


def _rules(whose: _Whose) -> tuple[SecurityRule, ...]:
    """The rules of all purposes of a subnet, as far as both sides have addresses."""
    found: list[SecurityRule] = []
    counts: Counter[str] = Counter()
    for row in _rows(whose.subnet.want.purposes):
        for version in (IPV4, IPV6):
            sides = [whose.texts(e, version) for e in (row.source, row.destination)]
            if all(sides):
                priority = FIRST_PRIORITY.value + STEP * counts[row.direction]
                counts[row.direction] += 1
                found.append(_rule(row, version, priority, *sides))
            if not whose.has_ranges(row):
                break
    return tuple(sorted(found, key=lambda each: (each.direction, each.priority)))


def _rows(purposes: Iterable[str]) -> list[Allowance]:
    """The rows of purposes: what keeps out stands before what lets in by a tag."""
    rows = dict.fromkeys(row for each in purposes for row in ALLOWANCES.get(each, ()))
    return sorted(rows, key=lambda row: (_is_wide(row), row.access))


def _is_wide(row: Allowance) -> bool:
    """Whether it lets in whoever has a tag, rather than ranges of the plan's."""
    return row.access == "Allow" and isinstance(row.source, str)


def _rule(
    row: Allowance,
    version: int,
    priority: int,
    sources: tuple[str, ...],
    destinations: tuple[str, ...],
) -> SecurityRule:
    way = {"Inbound": "in", "Outbound": "out"}[row.direction]
    family = "" if version == IPV4 else "-ipv6"
    return SecurityRule(
        name=f"{row.access.lower()}-{row.name}-{way}{family}",
        priority=priority,
        direction=row.direction,
        access=row.access,
        protocol=row.protocol,
        sources=sources,
        destinations=destinations,
        ports=row.ports,
    )


@dataclass(frozen=True)
class _Whose:
    """Whose addresses the rules of one subnet are about."""

    site: Site
    subnet: PlacedSubnet

    @cached_property
    def clusters(self) -> list[Cluster]:
        """The plan's clusters that use the subnet."""
        known = self.site.cluster_by_id
        return [known[each].plan.cluster for each in self.subnet.want.clusters]

    def texts(self, side: str | Who, version: int) -> tuple[str, ...]:
        """One side of a rule: a tag, or the ranges of a family, sorted."""
        found = (side,) if isinstance(side, str) else self._words[side]
        return tuple(
            sorted(
                str(each)
                for each in found
                if isinstance(each, str) or each.version == version
            )
        )

    def has_ranges(self, row: Allowance) -> bool:
        """Whether a side of a row has ranges, of which each family needs a rule."""
        sides = (e for e in (row.source, row.destination) if isinstance(e, Who))
        return any(isinstance(e, Cidr) for side in sides for e in self._words[side])

    @cached_property
    def _words(self) -> dict[Who, tuple[Cidr | str, ...]]:
        bastion = self.site.ranges(
            f"{each}/subnets/{SERVICES['bastion'].subnet.lower()}"
            for each in self.site.around(self.subnet.want.network)
        )
        vnet = self.site.vnet(self.subnet.want.network)
        return {
            **self._clusters_words(),
            **self._public_words(),
            Who.HERE: self.subnet.prefixes,
            Who.BASTION: bastion,
            Who.NO_BASTION: ("*",) if bastion else (),
            Who.DNS: tuple(_hosts(vnet.dns_servers if vnet else ())),
        }

    def _clusters_words(self) -> dict[Who, tuple[Cidr | str, ...]]:
        """Ranges of the clusters that use the subnet."""
        site, clusters = self.site, self.clusters
        cidrs = [
            cidr
            for each in clusters
            if has_pod_cidr(each)
            for cidr in site.cluster_by_id[each.id].pod_cidrs
        ]
        pods = site.ranges(one for each in clusters for one in pod_homes(each))
        return {
            Who.NODES: site.ranges(one for e in clusters for one in node_homes(e)),
            Who.PODS: (*dict.fromkeys(cidrs), *pods),
            Who.SERVERS: site.ranges(
                each.api_server_subnet for each in clusters if each.api_server_subnet
            ),
            Who.GATEWAYS: site.ranges(
                one for each in clusters for one in site.gateways.get(each.id, ())
            ),
        }

    def _public_words(self) -> dict[Who, tuple[Cidr | str, ...]]:
        """Service tags of what the clusters reach by a public address."""
        out = [e for e in self.clusters if not _is_isolated(e)]
        tunnel = [e for e in out if not e.private and not e.vnet_integration]
        return {
            Who.CLOUD: ("AzureCloud",) if out else (),
            Who.TUNNEL: ("AzureCloud",) if tunnel else (),
            Who.REGISTRY: ("MicrosoftContainerRegistry",) if out else (),
            Who.FRONT_DOOR: ("AzureFrontDoor.FirstParty",) if out else (),
            Who.INTERNET: ("Internet",) if out else (),
        }


def _is_isolated(cluster: Cluster) -> bool:
    return (cluster.outbound_type or "").lower() in WITHOUT_EGRESS


def _hosts(addresses: tuple[str, ...]) -> Iterator[Cidr]:
    """Addresses as ranges of one; what is none is left out."""
    for each in addresses:
        try:
            yield Cidr.parse(f"{each}/{128 if ':' in each else 32}")
        except ArgumentError:
            continue
