"""A big estate as az lists it: ``python -m benchmarks.estates FOLDER``.

Hubs with spokes peered both ways, subnets of which some hold many addresses, and
clusters of every network model, with every key that az prints. The same seed gives
the same bytes.
"""

from __future__ import annotations

import json
import random
import sys
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.verbosity import CLUSTER, NETWORK, POOL, PRIVATE, UPGRADE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUBSCRIPTIONS = [f"00000000-0000-0000-0000-{number:012}" for number in range(12)]
REGIONS = ["westeurope", "northeurope", "germanywestcentral", "swedencentral"]
SPOKES = 99
"""VNets around a hub. [VNets]"""
BLOCK = 22
"""Prefix length of a VNet. [bits]"""

MODELS = {
    "kubenet": ("kubenet", None, None),
    "cni-overlay": ("azure", "overlay", None),
    "cni-node-subnet": ("azure", None, None),
    "cni-dynamic": ("azure", None, "DynamicIndividual"),
    "cni-static-block": ("azure", None, "StaticBlock"),
}
"""Plugin, its mode, and how pods get addresses out of a pod subnet."""


class _Place(NamedTuple):
    """A VNet's number, and what follows from it."""

    number: int
    group: str
    id: str
    prefix: str
    location: str


class _Room(NamedTuple):
    """A subnet that a cluster may use."""

    place: _Place
    id: str


def write(
    folder: Path,
    *,
    vnets: int = 10_000,
    subnets: int = 50_000,
    clusters: int = 2_000,
    seed: int = 1,
) -> tuple[Path, Path]:
    """Write ``vnets.json`` and ``clusters.json``, object by object.

    Parameters
    ----------
    folder : Path
        Where the files go; it is made where it is not there.
    vnets, subnets, clusters : int
        How many there are; clusters need a subnet at least.
    seed : int
        Of all that is random.

    Returns
    -------
    tuple of Path
        Both files.
    """
    chance = random.Random(seed)  # noqa: S311  # not a secret
    folder.mkdir(parents=True, exist_ok=True)
    rooms: list[_Room] = []
    networks, aks = folder / "vnets.json", folder / "clusters.json"
    _stream(networks, _vnets(vnets, subnets, clusters, rooms, chance))
    _stream(aks, (_cluster(each, rooms, chance) for each in range(clusters)))
    return networks, aks


def _stream(file: Path, items: Iterable[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8") as out:
        before = "[\n"
        for item in items:
            out.write(before + json.dumps([item], indent=2)[2:-2])
            before = ",\n"
        out.write("\n]\n" if before == ",\n" else "[]\n")


def _place(number: int) -> _Place:
    group = f"rg-network-{number // 10:04}"
    subscription = SUBSCRIPTIONS[number // (SPOKES + 1) % len(SUBSCRIPTIONS)]
    kind = "spoke" if number % (SPOKES + 1) else "hub"
    return _Place(
        number,
        group,
        f"/subscriptions/{subscription}/resourceGroups/{group}/providers"
        f"/Microsoft.Network/virtualNetworks/vnet-{kind}-{number:05}",
        f"{_address(number << 32 - BLOCK)}/{BLOCK}",
        REGIONS[number % len(REGIONS)],
    )


def _address(offset: int) -> IPv4Address:
    return IPv4Address((10 << 24) + offset)


def _vnets(
    count: int, subnets: int, clusters: int, rooms: list[_Room], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Every VNet; the first subnets of some are those of clusters."""
    each, more = divmod(subnets, count)
    length = BLOCK + (each + 2).bit_length()
    swing = 0
    for number in range(count):
        # What one VNet has more than the mean, the next has less.
        if number % 2:
            swing = -swing
        else:
            swing = chance.randint(0, min(2, each)) if number + 1 < count else 0
        place = _place(number)
        own = each + (number < more) + swing
        yield _vnet(place, _subnets(place, own, length, clusters, rooms, chance), count)


def _subnets(  # noqa: PLR0913, PLR0917  # what a VNet's subnets depend on
    place: _Place,
    count: int,
    length: int,
    clusters: int,
    rooms: list[_Room],
    chance: random.Random,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for index in range(count):
        nodes = index < 2 and len(rooms) < 2 * clusters
        name = f"snet-{'aks' if nodes else 'app'}-{index:02}"
        identity = f"{place.id}/subnets/{name}"
        if nodes:
            rooms.append(_Room(place, identity))
        start = (place.number << 32 - BLOCK) + (index << 32 - length)
        prefix = f"{_address(start)}/{length}"
        found.append(_subnet(place, name, prefix, _holders(place, chance, nodes=nodes)))
    return found


def _holders(
    place: _Place, chance: random.Random, *, nodes: bool
) -> list[dict[str, Any]]:
    """IP configurations in upper case, as Azure has them: tens in some subnets."""
    kind = chance.random()
    if nodes:
        count = chance.randint(6, 40)
    else:
        count = chance.randint(1, 4) if kind < 0.2 else 20 * (kind > 0.97)
    group = f"MC_{place.group}_AKS".upper() if nodes else place.group.upper()
    owner = f"/subscriptions/{place.id.split('/')[2]}/resourceGroups/{group}/providers"
    if nodes:
        middle = "Microsoft.Compute/virtualMachineScaleSets/AKS-NODEPOOL1-{}-VMSS"
        last = "virtualMachines/{}/networkInterfaces/NIC/ipConfigurations/IPCONFIG1"
    else:
        middle = "Microsoft.Network/networkInterfaces/NIC-{}"
        last = "ipConfigurations/IPCONFIG{}"
    middle = middle.format(f"{chance.getrandbits(32):08X}")
    return [
        {"id": f"{owner}/{middle}/{last.format(each)}", "resourceGroup": group}
        for each in range(count)
    ]


def _etag(place: _Place) -> str:
    return f'W/"{place.number:08x}-3d75-43b8-8611-a8a48edbb6d4"'


def _subnet(
    place: _Place, name: str, prefix: str, holders: list[dict[str, Any]]
) -> dict[str, Any]:
    identity = f"{place.id}/subnets/{name}"
    delegated = not holders and name.endswith("3")
    return {
        "addressPrefix": prefix,
        "defaultOutboundAccess": False,
        "delegations": [_delegation(place, identity)] if delegated else [],
        "etag": _etag(place),
        "id": identity,
        **({"ipConfigurations": holders} if holders else {}),
        "ipamPoolPrefixAllocations": [],
        "name": name,
        "networkSecurityGroup": _reference(place, "networkSecurityGroups", "nsg"),
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
        "provisioningState": "Succeeded",
        "resourceGroup": place.group,
        "routeTable": _reference(place, "routeTables", "rt"),
        "type": "Microsoft.Network/virtualNetworks/subnets",
    }


def _reference(place: _Place, kind: str, name: str) -> dict[str, Any]:
    start = place.id.partition("/virtualNetworks/")[0]
    return {"id": f"{start}/{kind}/{name}", "resourceGroup": place.group}


def _delegation(place: _Place, identity: str) -> dict[str, Any]:
    return {
        "actions": ["Microsoft.Network/virtualNetworks/subnets/join/action"],
        "etag": _etag(place),
        "id": f"{identity}/delegations/0",
        "name": "0",
        "provisioningState": "Succeeded",
        "resourceGroup": place.group,
        "serviceName": "Microsoft.ContainerService/managedClusters",
        "type": "Microsoft.Network/virtualNetworks/subnets/delegations",
    }


def _vnet(place: _Place, subnets: list[dict[str, Any]], count: int) -> dict[str, Any]:
    hub = place.number - place.number % (SPOKES + 1)
    spokes = range(hub + 1, min(hub + SPOKES + 1, count))
    others = spokes if place.number == hub else [hub]
    return {
        "addressSpace": {
            "addressPrefixes": [place.prefix],
            "ipamPoolPrefixAllocations": [],
        },
        "dhcpOptions": {"dnsServers": ["10.0.0.4", "10.0.0.5"]},
        "enableDdosProtection": False,
        "etag": _etag(place),
        "id": place.id,
        "location": place.location,
        "name": place.id.rpartition("/")[2],
        "privateEndpointVNetPolicies": "Disabled",
        "provisioningState": "Succeeded",
        "resourceGroup": place.group,
        "resourceGuid": f"{place.number:08x}-13f8-4ab6-a19f-9f2e5c0a7f99",
        "subnets": subnets,
        "type": "Microsoft.Network/virtualNetworks",
        "virtualNetworkPeerings": [_peering(place, _place(each)) for each in others],
    }


def _peering(place: _Place, other: _Place) -> dict[str, Any]:
    hub = place.number % (SPOKES + 1) == 0
    name = f"peer-{other.id.rpartition('/')[2]}"
    return {
        "allowForwardedTraffic": True,
        "allowGatewayTransit": hub,
        "allowVirtualNetworkAccess": True,
        "doNotVerifyRemoteGateways": False,
        "etag": _etag(place),
        "id": f"{place.id}/virtualNetworkPeerings/{name}",
        "name": name,
        "peerCompleteVnets": True,
        "peeringState": "Connected",
        "peeringSyncLevel": "FullyInSync",
        "provisioningState": "Succeeded",
        "remoteAddressSpace": {"addressPrefixes": [other.prefix]},
        "remoteVirtualNetwork": {"id": other.id, "resourceGroup": other.group},
        "remoteVirtualNetworkAddressSpace": {"addressPrefixes": [other.prefix]},
        "resourceGroup": place.group,
        "resourceGuid": f"{place.number:08x}-5f8e-07e2-0828-{other.number:012x}",
        "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        "useRemoteGateways": not hub,
    }


def _cluster(number: int, rooms: list[_Room], chance: random.Random) -> dict[str, Any]:
    model = list(MODELS)[number % len(MODELS)]
    nodes, pods = (rooms[(2 * number + each) % len(rooms)] for each in (0, 1))
    subscription, location = nodes.place.id.split("/")[2], nodes.place.location
    name, group = f"aks-{number:05}", f"rg-aks-{number:05}"
    managed = f"MC_{group}_{name}_{location}"
    own = {
        "agentPoolProfiles": [
            _pool(index, model, nodes.id, pods.id, chance)
            for index in range(chance.randint(1, 3))
        ],
        "apiServerAccessProfile": None if number % 3 else PRIVATE,
        "azurePortalFqdn": f"{name}.portal.hcp.{location}.azmk8s.io",
        "dnsPrefix": name,
        "fqdn": f"{name}.hcp.{location}.azmk8s.io",
        "id": f"/subscriptions/{subscription}/resourcegroups/{group}/providers"
        f"/Microsoft.ContainerService/managedClusters/{name}",
        "identityProfile": _kubelet(subscription, managed, name),
        "location": location,
        "name": name,
        "networkProfile": _network(number, model),
        "nodeResourceGroup": managed,
        "resourceGroup": group,
    }
    return dict(sorted((CLUSTER | own).items()))


def _kubelet(subscription: str, group: str, name: str) -> dict[str, Any]:
    identity = (
        f"/subscriptions/{subscription}/resourcegroups/{group}/providers"
        f"/Microsoft.ManagedIdentity/userAssignedIdentities/{name}-agentpool"
    )
    guid = SUBSCRIPTIONS[1]
    kubelet = {"clientId": guid, "objectId": guid, "resourceId": identity}
    return {"kubeletidentity": kubelet}


def _network(number: int, model: str) -> dict[str, Any]:
    plugin, mode, _ = MODELS[model]
    pods = "10.244.0.0/16" if plugin == "kubenet" or mode else None
    services = f"172.{16 + number % 16}.0.0/16"
    own = {
        "dnsServiceIp": services.replace("0.0/16", "0.10"),
        "networkPlugin": plugin,
        "networkPluginMode": mode,
        "podCidr": pods,
        "podCidrs": [pods] if pods else None,
        "serviceCidr": services,
        "serviceCidrs": [services],
    }
    return dict(sorted((NETWORK | own).items()))


def _pool(
    index: int, model: str, nodes: str, pods: str, chance: random.Random
) -> dict[str, Any]:
    mode = MODELS[model][2]
    least = chance.randint(1, 5)
    own = {
        "count": least,
        "enableAutoScaling": index > 0,
        "maxCount": 10 * least if index else None,
        "maxPods": 30 if model == "cni-node-subnet" else 110,
        "minCount": least if index else None,
        "mode": "User" if index else "System",
        "name": f"nodepool{index + 1}",
        "podIpAllocationMode": mode,
        "podSubnetId": pods if mode else None,
        "upgradeSettings": UPGRADE | {"maxSurge": chance.choice(["10%", "33%"])},
        "vnetSubnetId": nodes,
    }
    return dict(sorted((POOL | own).items()))


if __name__ == "__main__":
    for each in write(Path(sys.argv[1])):
        print(f"{each}: {each.stat().st_size / 2**20:.0f} MiB")
