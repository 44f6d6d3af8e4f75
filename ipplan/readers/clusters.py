"""Clusters: from payloads in the ARM shape to nouns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from ipplan.cidrs import Cidr
from ipplan.counts import CEILING
from ipplan.features import FEATURES
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.origins import name_of
from ipplan.limits import DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR
from ipplan.models import MODELS, Home
from ipplan.readers.payloads import (
    HostRanges,
    OneRange,
    Payload,
    Ranges,
    Reference,
    Text,
    Texts,
    Truth,
    either,
)
from ipplan.readers.pools import PoolPayload, Power

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.origins import Origin
    from ipplan.inventory.pools import NodePool
    from ipplan.readers.readings import Resource

_POOL = re.compile(r"agentPoolProfiles\[(\d+)\]\.(.*)", re.DOTALL)
"""What is not settled of one pool."""
_DECIDES = re.compile(
    r"networkProfile(:|\.networkPlugin(Mode)?:)|agentPoolProfiles(:|.*podSubnetI[dD]:)"
)
"""Fields without which its network model can't be told."""


def _named_once(pools: list[PoolPayload]) -> list[PoolPayload]:
    names: set[str] = set()
    for pool in pools:
        if pool.name in names:
            message = f"two pools are named {pool.name!r}"
            raise ValueError(message)
        if (pool.nodes() or 0) > CEILING:
            message = f"pool {pool.name!r} has more than {CEILING:,} nodes"
            raise ValueError(message)
        names |= {pool.name} if pool.name else set()
    return pools


def _bounded(ranges: list[Cidr] | None) -> list[Cidr] | None:
    for each in ranges or []:
        if not each.length:
            message = f"{each} is every address there is"
            raise ValueError(message)
    return ranges


def _one_bounded(one: Cidr | None) -> Cidr | None:
    _bounded([one] if one else None)
    return one


class _Switch(Payload):
    enabled: Truth = None


class _Hosted(_Switch):
    node_subnet_id: Reference = either("nodeSubnetID", "nodeSubnetId")
    system_node_subnet_id: Reference = either(
        "systemNodeSubnetID", "systemNodeSubnetId"
    )


class _Network(Payload):
    network_plugin: Text = None
    network_plugin_mode: Text = None
    network_dataplane: Text = None
    network_policy: Text = None
    pod_cidr: Annotated[OneRange, AfterValidator(_one_bounded)] = None
    pod_cidrs: Annotated[Ranges, AfterValidator(_bounded)] = None
    service_cidr: OneRange = None
    service_cidrs: Ranges = None
    dns_service_ip: Text = either("dnsServiceIP", "dnsServiceIp")
    ip_families: Texts = None
    outbound_type: Text = None
    static_egress_gateway_profile: _Switch | None = None

    def policy(self) -> str:
        """The network policy engine, or nothing."""
        engine = (self.network_policy or "").lower()
        if (self.network_dataplane or "").lower() == "cilium":
            engine = "cilium"
        return engine if f"network-policy={engine}" in FEATURES else ""

    def has_pod_cidr(self) -> bool:
        """Whether a pod CIDR is named: old releases show no plugin mode beside it."""
        return bool(self.pod_cidr or self.pod_cidrs)


class _ApiServer(Payload):
    enable_private_cluster: Truth = None
    enable_private_cluster_public_fqdn: Truth = either(
        "enablePrivateClusterPublicFQDN", "enablePrivateClusterPublicFqdn"
    )
    private_dns_zone: Text = either("privateDNSZone", "privateDnsZone")
    enable_vnet_integration: Truth = None
    subnet_id: Reference = None
    authorized_ip_ranges: HostRanges = either(
        "authorizedIPRanges", "authorizedIpRanges"
    )


class _Named(Payload):
    name: Text = None
    type: Text = None
    mode: Text = None
    client_id: Text = None


class _Cluster(Payload):
    name: Text = None
    location: Text = None
    kubernetes_version: Text = None
    node_resource_group: Text = None
    agent_pool_profiles: (
        Annotated[list[PoolPayload], AfterValidator(_named_once)] | None
    ) = None
    network_profile: _Network | None = None
    api_server_access_profile: _ApiServer | None = None
    node_provisioning_profile: _Named | None = None
    hosted_system_profile: _Hosted | None = None
    addon_profiles: dict[str, _Switch | None] | None = None
    sku: _Named | None = None
    identity: _Named | None = None
    service_principal_profile: _Named | None = None
    power_state: Power | None = None

    def network(self) -> _Network:
        """Its network profile, or an empty one."""
        return self.network_profile or _Network()

    def pools(self) -> list[PoolPayload]:
        """Its pools, or none."""
        return self.agent_pool_profiles or []

    def model(self) -> str | None:
        """The name of the network model, where it can be told."""
        net = self.network()
        plugin = (net.network_plugin or "").lower()
        if self.automatic() and not plugin:
            return "cni-overlay"
        if plugin != "azure":
            return "kubenet" if plugin == "kubenet" else None
        if (net.network_plugin_mode or "").lower() == "overlay":
            return "cni-overlay"
        modes = {pool.allocation() for pool in self.pools()} - {None}
        if not modes:
            # Old releases of az print no mode, and a pod CIDR only of Overlay.
            return "cni-overlay" if net.has_pod_cidr() else "cni-node-subnet"
        return "cni-dynamic" if len(modes) > 1 else modes.pop()

    def hosted(self) -> tuple[str, ...]:
        """Subnets of pools that do not show."""
        found = self.hosted_system_profile or _Hosted()
        return tuple(filter(None, [found.node_subnet_id, found.system_node_subnet_id]))

    def stopped(self) -> bool:
        """Whether the whole cluster is stopped."""
        return bool(self.power_state and self.power_state.stopped())

    def provisions(self) -> bool:
        """Whether node auto-provisioning makes nodes as pods ask for them."""
        found = self.node_provisioning_profile
        return bool(found and (found.mode or "").lower() == "auto")

    def automatic(self) -> bool:
        """Whether it is AKS Automatic."""
        return bool(self.sku and (self.sku.name or "").lower() == "automatic")

    def who(self) -> str | None:
        """The kind of identity that it acts as."""
        if self.identity and self.identity.type:
            return self.identity.type
        principal = self.service_principal_profile
        return "ServicePrincipal" if principal and principal.client_id else None

    def needs(self) -> Iterator[str]:
        """Features that it uses and not every model has."""
        net = self.network()
        gateway = net.static_egress_gateway_profile
        addons = {
            name.lower()
            for name, switch in (self.addon_profiles or {}).items()
            if switch and switch.enabled
        }
        used = {
            "node-auto-provisioning": self.provisions(),
            "automatic": self.automatic(),
            "windows": any(pool.windows() for pool in self.pools()),
            "dual-stack": len(net.ip_families or []) > 1,
            "virtual-nodes": "aciconnectorlinux" in addons,
            "application-gateway-ingress": "ingressapplicationgateway" in addons,
            "static-egress-gateway": bool(gateway and gateway.enabled),
            "availability-sets": any(
                (pool.type or "").lower() == "availabilityset" for pool in self.pools()
            ),
            f"network-policy={net.policy()}": bool(net.policy()),
        }
        return (need for need, uses in used.items() if uses)

    def unbounded(self, unresolved: tuple[str, ...]) -> Iterator[str]:
        """Why the node count can't be known, whatever the pools say."""
        if self.automatic():
            yield "AKS Automatic has no maximum"
        elif self.provisions():
            yield "node auto-provisioning has no maximum"
        if self.hosted_system_profile and self.hosted_system_profile.enabled:
            yield "a hosted system pool does not show and takes subnets of its own"
        yield from (e for e in unresolved if e.startswith("agentPoolProfiles:"))


def cluster(
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> Cluster:
    """A cluster with its pools.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _Cluster.model_validate(fields)
    net, api = found.network(), found.api_server_access_profile or _ApiServer()
    guessed = origin.proposed and _says_too_little(net)
    settled = not guessed and not any(_DECIDES.match(each) for each in unresolved)
    model = found.model() if settled else None
    pods, services, assumed = _ranges(net, model, unresolved)
    return Cluster(
        name=found.name or name_of(resource.id),
        pools=tuple(_pools(found, model, unresolved)),
        model=model,
        id=resource.id,
        pod_cidrs=pods,
        service_cidrs=services,
        dns_service_ip=net.dns_service_ip,
        location=found.location,
        kubernetes_version=found.kubernetes_version,
        node_resource_group=(found.node_resource_group or "").lower() or None,
        identity=found.who(),
        network_plugin=net.network_plugin,
        outbound_type=net.outbound_type,
        network_policy=net.network_policy,
        private=bool(api.enable_private_cluster),
        public_fqdn=api.enable_private_cluster_public_fqdn,
        private_dns_zone=(api.private_dns_zone or "").lower() or None,
        vnet_integration=bool(api.enable_vnet_integration),
        api_server_subnet=api.subnet_id,
        hosted_subnets=found.hosted(),
        authorized_ranges=tuple(api.authorized_ip_ranges or ()),
        needs=tuple(found.needs()),
        unbounded=tuple(found.unbounded(unresolved)),
        assumed=assumed,
        unresolved=(*unresolved, *((_TOO_LITTLE,) if guessed else ())),
        origin=origin,
    )


_TOO_LITTLE = "networkProfile.networkPluginMode: azure with a pod CIDR and no mode"


def _says_too_little(net: _Network) -> bool:
    """Whether a plan names a pod CIDR, and no mode that would have one."""
    plugin = (net.network_plugin or "").lower()
    return plugin == "azure" and not net.network_plugin_mode and net.has_pod_cidr()


def _pools(
    found: _Cluster, model: str | None, unresolved: tuple[str, ...]
) -> Iterator[NodePool]:
    """The pools; one that allocates otherwise than the cluster says so itself."""
    own: dict[int, list[str]] = {}
    for match in filter(None, map(_POOL.fullmatch, unresolved)):
        own.setdefault(int(match[1]), []).append(match[2])
    for index, pool in enumerate(found.pools()):
        other = pool.allocation() if model and pool.allocation() != model else None
        open_ = tuple(own.get(index, ()))
        yield pool.noun(other, open_, stopped=found.stopped())


def _ranges(
    net: _Network, model: str | None, unresolved: tuple[str, ...]
) -> tuple[tuple[Cidr, ...], tuple[Cidr, ...], tuple[str, ...]]:
    """Pod CIDRs, service CIDRs, and which of them are only AKS's defaults."""
    pods = tuple(net.pod_cidrs or ()) or tuple(filter(None, [net.pod_cidr]))
    services = tuple(net.service_cidrs or ()) or tuple(filter(None, [net.service_cidr]))
    open_ = [each.partition(":")[0] for each in unresolved]
    assumed: list[str] = []
    takes = model is not None and MODELS[model].home is Home.POD_CIDR
    if takes and not pods and not any("podCidr" in each for each in open_):
        pods = (Cidr.parse(DEFAULT_POD_CIDR.value),)
        assumed.append("pod_cidrs")
    closed = not any("serviceCidr" in e or e == "networkProfile" for e in open_)
    if not services and closed:
        services = (Cidr.parse(DEFAULT_SERVICE_CIDR.value),)
        assumed.append("service_cidrs")
    return pods, services, tuple(assumed)
