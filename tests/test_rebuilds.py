"""What is built anew: its options, its ranges, and what stays of the old cluster."""

import json
from dataclasses import replace

import pytest

from ipplan import AddressPool, NodePool, read_inventory
from ipplan.checks.surveys import Survey
from ipplan.inventory.networks import Holder, Subnet, total
from ipplan.migrations.cases import Case
from ipplan.migrations.migrations import migrate
from ipplan.migrations.options import of_cluster, of_pool
from ipplan.migrations.ranges import LARGEST_LAST
from ipplan.usages import use_of
from tests.check_nouns import (
    AS_OF,
    cidrs,
    cluster,
    estate,
    id_of,
    peering,
    spoke,
    subnet,
    vnet,
)

READY = {"kubernetes_version": "1.33.1", "identity": "UserAssigned"}
AKS = id_of("spoke", "subnets", "aks")


def moved(one, to="cni-overlay", **fields):
    found = migrate(estate(one, **fields), to, as_of=AS_OF).clusters
    return next(each for each in found if each.cluster is one)


def flat(**fields):
    return cluster(**{"model": "cni-node-subnet", "location": None} | READY | fields)


def lines(found, verb):
    every = [" ".join(e) for step in found.steps for e in step.commands]
    return [each for each in every if each.startswith(f"az aks {verb} ")]


def options(**fields):
    one = flat(**fields)
    return " ".join(of_cluster(Case(Survey(estate(one), AS_OF), one, "cni-overlay")))


# -- options

INTEGRATED = (
    "--enable-apiserver-vnet-integration --apiserver-subnet-id <API server subnet id>"
)
SCALES = "--node-count 3 --enable-cluster-autoscaler --min-count 3 --max-count 4"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ""),
        ({"location": "westeurope"}, "--location westeurope"),
        ({"outbound_type": "userDefinedRouting"}, "--outbound-type userDefinedRouting"),
        ({"service_cidrs": cidrs("10.0.0.0/16"), "dns_service_ip": "10.0.0.10"}, ""),
        (
            {"service_cidrs": cidrs("10.9.0.0/16"), "dns_service_ip": "10.9.0.10"},
            "--service-cidr 10.9.0.0/16 --dns-service-ip 10.9.0.10",
        ),
        (
            {"service_cidrs": cidrs("10.9.0.0/16", "fd00::/108")},
            "--service-cidrs 10.9.0.0/16,fd00::/108 --dns-service-ip <DNS service IP>",
        ),
        ({"network_policy": "calico"}, "--network-policy calico"),
        (
            {"network_policy": "cilium"},
            "--network-policy cilium --network-dataplane cilium",
        ),
        ({"identity": "userAssigned"}, "--assign-identity <identity id>"),
        ({"private": True}, "--enable-private-cluster"),
        (
            {"private": True, "private_dns_zone": "none", "public_fqdn": False},
            "--enable-private-cluster --private-dns-zone none --disable-public-fqdn",
        ),
        (
            {"vnet_integration": True, "api_server_subnet": AKS},
            INTEGRATED,
        ),
        (
            {"authorized_ranges": cidrs("1.2.3.4/32", "5.6.0.0/16")},
            "--api-server-authorized-ip-ranges 1.2.3.4/32,5.6.0.0/16",
        ),
    ],
)
def test_a_new_cluster_has_what_was_read_of_the_old(fields, told):
    given = {"kubernetes_version": None, "identity": None} | fields
    assert options(**given) == told


@pytest.mark.parametrize(
    ("pool", "told"),
    [
        (NodePool("a", 3, 30, current=3), "--node-count 3 --max-pods 30"),
        (NodePool("a", 3), "--node-count 3"),
        (
            NodePool("a", 4, current=3),
            SCALES,
        ),
        (NodePool("a", None, current=3), "--node-count 3"),
        (NodePool("a", None), ""),
    ],
)
def test_a_new_pool_scales_where_the_old_one_can_grow(pool, told):
    words = ("--node-vm-size", "<VM size>", *told.split())
    assert of_pool(pool) == words


def test_a_new_cluster_begins_with_a_system_pool_and_adds_the_others():
    pools = (
        NodePool("win", 2, os="windows", subnet=AKS),
        NodePool("user", 5, subnet=AKS, mode="user", priority="spot", current=1),
        NodePool("sys", 3, 110, subnet=AKS, mode="system"),
    )
    found = moved(cluster(model="cni-dynamic", pools=pools, **READY))
    (create,) = lines(found, "create")
    assert "--nodepool-name sys --node-vm-size <VM size> --node-count 3" in create
    assert "--max-pods 110" in create
    user, win = lines(found, "nodepool add")
    assert "--cluster-name shop-new --name user --mode User" in user
    assert "--priority Spot" in user
    assert "--max-count 5" in user
    assert "--os-type Windows" in win
    assert "shop-new-nodes" in win
    assert any("are not read" in each.text for each in found.steps)


# -- Windows pools that stay


WINDOWS = (
    NodePool("sys", 3, 30, subnet=AKS, mode="system"),
    NodePool("win", 2, 30, os="windows", subnet=AKS),
)


def test_windows_pools_stay_in_the_old_cluster():
    one = flat(pools=WINDOWS)
    found = moved(one, "cilium")
    assert found.way == "new-cluster"
    assert not lines(found, "delete")
    assert any("keep the old cluster" in each.text for each in found.steps)
    assert not any("windows" in each.lower() for each in lines(found, "nodepool add"))
    linux = replace(one, pools=WINDOWS[:1])
    need = use_of(Subnet(AKS, "aks"), (linux,)).need
    assert any(f"{need:,} addresses, a /" in each.text for each in found.steps)


def test_what_stays_in_the_old_subnet_is_what_windows_needs():
    one = cluster(
        model="kubenet", pools=WINDOWS, pod_cidrs=cidrs("10.244.0.0/16"), **READY
    )
    found = moved(one, "cilium")
    (freed,) = found.freed
    inside = found.freed[0].subnet
    left = replace(one, pools=WINDOWS[1:])
    assert freed.before == use_of(inside, (one,)).need
    assert freed.after == use_of(inside, (left,)).need


def test_the_old_cluster_goes_once_nothing_needs_what_the_new_one_lacks():
    found = moved(flat(needs=("application-gateway-for-containers",)), "cni-dynamic")
    (step,) = (e for e in found.steps if e.text.startswith("delete the old cluster"))
    assert step.reversible is False
    assert "addresses" in step.text


def test_deleting_the_old_cluster_frees_and_the_new_one_takes():
    found = moved(cluster(model="cni-dynamic", **READY))
    (freed,) = found.freed
    assert (freed.before, freed.after) == (freed.addresses, 0)
    (step,) = (e for e in found.steps if e.text.startswith("delete the old cluster"))
    assert "free only then" in step.text
    assert "shop-new-nodes needs 4 addresses" in step.text
    unknown = NodePool("a", None, subnet=AKS)
    found = moved(cluster(model="cni-dynamic", pools=(unknown,), **READY))
    assert any("an unknown number of addresses" in e.text for e in found.steps)


# -- pod CIDRs


def asked(one, **fields):
    found = moved(one, **fields).pod_cidr
    return str(found.cidr), found.words


def test_private_ranges_are_tried_with_the_largest_last():
    told = ["100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"]
    assert list(map(str, LARGEST_LAST)) == told


def test_the_default_of_services_is_never_asked_for():
    taken = ("100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "10.128.0.0/9")
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, peering("spoke", "hub"))
    hub = vnet("hub", taken[0], peering("hub", "spoke"))
    hub = replace(hub, prefixes=cidrs(*taken))
    one = flat(service_cidrs=cidrs("10.2.0.0/16"))
    assert asked(one, vnets=(home, hub))[0] == "10.3.0.0/16"


@pytest.mark.parametrize(
    ("services", "joined", "expected"),
    [
        ("10.244.0.0/24", True, "100.64.0.0/16"),
        ("10.244.0.0/24", False, "10.244.0.0/16"),
        ("10.245.0.0/16", True, "10.244.0.0/16"),
        ("10.243.0.0/16", True, "10.244.0.0/16"),
    ],
)
def test_services_of_clusters_in_reach_are_stayed_clear_of(services, joined, expected):
    links = (peering("spoke", "hub"),) if joined else ()
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, *links)
    nodes = subnet("hub", "nodes", "10.7.0.0/24")
    hub = vnet("hub", "10.7.0.0/16", nodes, *([peering("hub", "spoke")] * joined))
    pool = NodePool("a", 3, subnet=nodes.id)
    other = cluster("other", pools=(pool,), service_cidrs=cidrs(services))
    one = flat()
    both = replace(estate(one, other, vnets=(home, hub)))
    found = migrate(both, as_of=AS_OF).clusters
    (mine,) = (each for each in found if each.cluster is one)
    assert str(mine.pod_cidr.cidr) == expected


@pytest.mark.parametrize(("length", "full"), [(22, False), (23, True)])
def test_declared_pools_without_room_are_told(length, full):
    # Three nodes and one while they are upgraded: four /24, which a /22 holds.
    pools = (AddressPool("p", cidrs(f"100.80.0.0/{length}"), "pods"),)
    cidr, words = asked(flat(), address_pools=pools)
    assert cidr == ("10.244.0.0/16" if full else "100.80.0.0/22")
    assert ("meant for pods has no room" in words) is full


# -- gateways in exports


def exported(tmp_path, **fields):
    inside = {"name": "gw", "id": f"/{AKS[1:]}", "addressPrefix": "10.1.0.0/24"}
    document = {
        "id": id_of("spoke"),
        "name": "spoke",
        "type": "Microsoft.Network/virtualNetworks",
        "addressSpace": {"addressPrefixes": ["10.1.0.0/16"]},
        "subnets": [inside | fields],
    }
    path = tmp_path / "vnet.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    (found,) = read_inventory(str(path)).vnets
    return found.subnets[0]


GATEWAY = id_of("x").replace("virtualnetworks/x", "applicationgateways/agw")
LISTED = [{"id": f"{GATEWAY}/gatewayIPConfigurations/front".upper()}]
NIC = id_of("x").replace("virtualnetworks/x", "networkinterfaces/n")
NICS = [{"id": f"{NIC}/ipConfigurations/{i}"} for i in range(2)]


@pytest.mark.parametrize(
    "spelling",
    ["applicationGatewayIPConfigurations", "applicationGatewayIpConfigurations"],
)
@pytest.mark.parametrize("nested", [False, True])
def test_a_gateway_is_a_holder_whose_addresses_are_not_known(
    tmp_path, spelling, nested
):
    fields = {spelling: LISTED, "ipConfigurations": NICS}
    found = exported(tmp_path, **({"properties": fields} if nested else fields))
    assert found.holders == (Holder(GATEWAY, None), Holder(NIC, 2))
    assert found.used is None
    assert use_of(found, ()).others is None
    assert replace(found, usage=9).used == 9


def test_without_a_gateway_holders_are_as_they_are_listed(tmp_path):
    none = {"applicationGatewayIPConfigurations": []}
    assert exported(tmp_path, **none).used == 0
    found = exported(tmp_path, **none, ipConfigurations=NICS)
    assert (found.holders, found.used) == ((Holder(NIC, 2),), 2)
    assert total([]) == 0


def test_recorded_gateways_are_found(corpus):
    name = "19-appgw-private-endpoint-with-overwrite-default.json"
    for kind in ("az-cli/vnet-show", "arm/vnet"):
        path = corpus / "azure-cli-recordings" / kind / name
        (home,) = read_inventory(str(path)).vnets
        found = next(each for each in home.subnets if each.name == "default")
        assert [(e.id.rpartition("/")[2], e.addresses) for e in found.holders] == [
            ("appgw", None)
        ]


def test_an_autoscaler_without_a_maximum_is_told(tmp_path):
    pool = {"name": "web", "count": 3, "enableAutoScaling": True, "maxCount": None}
    document = {
        "name": "shop",
        "type": "Microsoft.ContainerService/ManagedClusters",
        "agentPoolProfiles": [pool],
    }
    path = tmp_path / "aks.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    (found,) = read_inventory(str(path)).clusters
    assert "pool web has an autoscaler without a maximum" in found.unknown[0]
    assert (found.pools[0].nodes, found.pools[0].current) == (None, 3)
