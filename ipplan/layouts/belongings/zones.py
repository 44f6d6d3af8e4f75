"""Private DNS zones of a layout, and which networks are linked to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.inventory.origins import name_of
from ipplan.inventory.traffic import ZoneLink
from ipplan.layouts.belongings.sites import Named, home_of, own_names
from ipplan.layouts.demands.endpoints import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.origins import Origin
    from ipplan.layouts.belongings.sites import Site
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.layouts.results import PlacedCluster

LABELS = {False: "privatelink", True: "private"}
"""What zones of API servers begin with, by whether there is VNet Integration."""

BY_AKS = frozenset({"system", "none"})
"""Private DNS zones of clusters that are no resources of one's own."""


class _Wish(NamedTuple):
    """A zone, the networks that need it, others that reach what it names, and where."""

    zone: str
    near: tuple[str, ...]
    far: list[str]
    origin: Origin


class Zones:
    """Which zone each private cluster writes its name into, and every link.

    A VNet is linked to one zone of a name at the most, so a zone that it is linked to
    already is taken again. What a network needs itself goes before what others ask.

    Parameters
    ----------
    site : Site
        The layout.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._linked = {
            (each.vnet, name_of(each.zone)): each.zone
            for each in site.inventory.zone_links
        }
        known = site.inventory.vnets
        self._names = own_names(Named(each.id, "", each.name) for each in known)
        self.links: list[ZoneLink] = []
        self.of_clusters: dict[str, str] = {}
        wishes = [*self._of_clusters(), *self._of_endpoints()]
        self._link_all((each, each.near) for each in wishes)
        self._link_all((each, each.far) for each in wishes)

    def names_in(self, network: str) -> tuple[str, ...]:
        """Names of the zones that a network is linked to."""
        return tuple(sorted(name for vnet, name in self._linked if vnet == network))

    def _of_clusters(self) -> Iterator[_Wish]:
        """For each private cluster, its network, the hub, and those of clients."""
        clients = sorted({each.network for each in self._site.inventory.clients})
        for each in self._site.clusters:
            zone = self._zone_of(each)
            if zone:
                cluster = each.plan.cluster
                self.of_clusters[cluster.id] = zone
                network = self._site.network_by_id[each.network]
                far = self._reaching(network.id, clients)
                yield _Wish(zone, _near(network), far, cluster.origin)

    def _of_endpoints(self) -> Iterator[_Wish]:
        """For each kind of private endpoint, its network and all that reach it."""
        others = list(self._site.network_by_id)
        for network in self._site.network_by_id.values():
            kinds = dict.fromkeys(each.kind for each in network.endpoints)
            far = self._reaching(network.id, others) if kinds else []
            for name in dict.fromkeys(e for k in kinds for e in ENDPOINTS[k].zones):
                zone = self._zone(name.replace("{region}", _region(network)), network)
                yield _Wish(zone, _near(network), far, network.origin)

    def _reaching(self, network: str, others: list[str]) -> list[str]:
        reach = self._site.inventory.reach
        return [each for each in others if reach.between(each, network)]

    def _zone_of(self, each: PlacedCluster) -> str | None:
        """The zone of a private cluster: its own, or one that is chosen for it."""
        cluster, network = each.plan.cluster, self._site.network_by_id[each.network]
        stated = cluster.private_dns_zone
        if not cluster.private or stated in BY_AKS:
            return None
        name = _name(cluster, network)
        return stated or (self._zone(name, network) if name else None)

    def _zone(self, name: str, network: NetworkPlan) -> str:
        """The zone that a network or its hub is linked to, or one beside the hub."""
        near = _near(network)
        known = (self._linked.get((each, name)) for each in near)
        return next(filter(None, known), f"{home_of(near[-1])}/privatednszones/{name}")

    def _link_all(self, asked: Iterable[tuple[_Wish, Iterable[str]]]) -> None:
        for wish, networks in asked:
            for vnet in networks:
                self._link(wish.zone, vnet, wish.origin)

    def _link(self, zone: str, vnet: str, origin: Origin) -> None:
        name = self._names.get(vnet)
        if name is None or (vnet, name_of(zone)) in self._linked:
            return
        self._linked[vnet, name_of(zone)] = zone
        identity = f"{zone}/virtualnetworklinks/{name.lower()}"
        self.links.append(ZoneLink(identity, name, vnet, origin))


def _near(network: NetworkPlan) -> tuple[str, ...]:
    """A network, and its hub."""
    return (network.id, network.hub) if network.hub else (network.id,)


def _name(cluster: Cluster, network: NetworkPlan) -> str | None:
    """The zone that AKS names for a region; None where no region is known."""
    region = _region(network, cluster.location)
    return f"{LABELS[cluster.vnet_integration]}.{region}.azmk8s.io" if region else None


def _region(network: NetworkPlan, location: str | None = None) -> str:
    """A region as zones name it: West Europe is westeurope."""
    return (location or network.location or "").replace(" ", "").lower()
