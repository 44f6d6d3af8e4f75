"""Plans of networks: read, resolved against what exists, or refused."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

import ipplan
from ipplan.cidrs import Cidr
from ipplan.errors import ArgumentError, InventoryError
from ipplan.features import FEATURES
from ipplan.inventory.naming import is_reference
from ipplan.inventory.origins import name_of, parent_of
from ipplan.layouts.demands.endpoints import ENDPOINTS
from ipplan.layouts.demands.services import SERVICES
from ipplan.models import Home
from ipplan.readers import plan
from ipplan.readers.layouts import read_layout_plan
from ipplan.readers.readings import Content

SHOP = Path(__file__).parent / "data" / "layouts" / "shop.yaml"
PAGE = Path(__file__).parents[1] / "docs" / "layout-plan.md"
EXAMPLES = re.findall(r"(?ms)^```yaml\n(.*?)^```", PAGE.read_text("utf-8"))
SUBSCRIPTION = "/subscriptions/s1/resourceGroups"
POOLS = "pools: [{name: web, nodes: 3}]"


def vnet(name, group="net", space="10.1.0.0/16", **fields):
    """A VNet as az lists it."""
    home = f"{SUBSCRIPTION}/{group}/providers/Microsoft.Network/virtualNetworks/{name}"
    subnets = [
        {"id": f"{home}/subnets/{each}", "name": each, **more}
        for each, more in fields.pop("subnets", {}).items()
    ]
    return {
        "id": home,
        "name": name,
        "type": "Microsoft.Network/virtualNetworks",
        "addressSpace": {"addressPrefixes": [space]},
        "subnets": subnets,
        "virtualNetworkPeerings": [
            {
                "id": f"{home}/virtualNetworkPeerings/{each}",
                "name": each,
                "remoteVirtualNetwork": {"id": remote},
            }
            for each, remote in fields.pop("peerings", {}).items()
        ],
        **fields,
    }


def cluster(name, subnet, group="apps", **profile):
    """A cluster as az lists it."""
    home = f"{SUBSCRIPTION}/{group}/providers/Microsoft.ContainerService"
    return {
        "id": f"{home}/managedClusters/{name}",
        "name": name,
        "type": "Microsoft.ContainerService/managedClusters",
        "location": "westeurope",
        "agentPoolProfiles": [{"name": "web", "count": 3, "vnetSubnetId": subnet}],
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "podCidr": "192.168.0.0/16",
            "serviceCidr": "10.7.0.0/16",
            "dnsServiceIp": "10.7.0.10",
            **profile,
        },
    }


def read(tmp_path, text, *existing, file="shop.yaml"):
    """A plan, beside a file of what exists where something does."""
    if existing:
        (tmp_path / "azure.json").write_text(json.dumps(existing), "utf-8")
        text = f"existing: [azure.json]\n{text}"
    (tmp_path / file).write_text(text, "utf-8")
    return read_layout_plan(str(tmp_path / file))


def told(tmp_path, text, *existing):
    with pytest.raises(InventoryError) as caught:
        read(tmp_path, text, *existing)
    return str(caught.value).replace(f"{tmp_path}/", "").splitlines()


def named(plan, name):
    (found,) = [each for each in plan.networks if each.name == name]
    return found


# The sample and the page


def test_the_sample_has_every_key_of_networks():
    schema = plan.layout_schema()
    own = schema["$defs"].keys() - plan.plan_schema()["$defs"].keys()
    used = set(re.findall(r"(\w+):", SHOP.read_text("utf-8")))
    keys = {key for each in own for key in schema["$defs"][each]["properties"]}
    of_clusters = set(schema["$defs"]["PlannedClusterEntry"]["properties"])
    new = of_clusters - set(plan.plan_schema()["$defs"]["ClusterEntry"]["properties"])
    of_pools = set(schema["$defs"]["PlannedPoolEntry"]["properties"])
    assert keys - of_clusters - of_pools <= used
    assert new <= used
    assert {"name", "existing", "networks"} <= used


@pytest.mark.parametrize("text", [SHOP.read_text("utf-8"), *EXAMPLES])
def test_samples_and_examples_are_read_and_agree_with_the_schema(tmp_path, text):
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate" / "a.json").write_text(json.dumps([vnet("wan")]), "utf-8")
    assert plan.knows(Content("p.yaml", text))
    assert read(tmp_path, text).name == "shop"
    jsonschema.validate(yaml.safe_load(text), plan.layout_schema())


def test_every_key_of_the_schema_says_what_it_means():
    schema = plan.layout_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for entry in [schema, *schema["$defs"].values()]:
        assert entry["additionalProperties"] is False
        assert all(each["description"] for each in entry["properties"].values())
    service = schema["$defs"]["ServiceEntry"]["properties"]
    assert service["kind"]["enum"] == list(SERVICES)
    endpoint = schema["$defs"]["EndpointEntry"]["properties"]
    assert endpoint["kind"]["enum"] == list(ENDPOINTS)


def test_the_sample_asks_for_what_it_says():
    found = ipplan.read_layout_plan(str(SHOP))
    assert isinstance(found, ipplan.LayoutPlan)
    assert found.name == "shop"
    assert {each.name for each in found.networks} == {"hub", "wan", "spoke", "spoke-dr"}
    hub = named(found, "hub")
    assert hub.prefixes == (Cidr.parse("10.200.0.0/23"),)
    assert hub.pinned == {"azurefirewallsubnet": (Cidr.parse("10.200.0.0/26"),)}
    assert [(each.kind, each.name, each.length) for each in hub.services][3:] == [
        ("jump-boxes", "snet-ops", 28),
        ("application-gateway", None, None),
    ]
    assert hub.services[4].private_front_end
    spare, apps = hub.subnets
    assert (spare.length, spare.hosts) == (28, None)
    assert (apps.length, apps.hosts) == (None, 20)
    assert apps.delegation == "Microsoft.Web/serverFarms"
    assert apps.service_endpoints == ("Microsoft.Storage",)
    assert [(each.kind, each.replicas) for each in hub.endpoints] == [
        ("registry", 1),
        ("key-vault", 0),
    ]
    assert hub.endpoint_subnet == "snet-pe"


def test_clusters_of_the_sample_are_there_four_times_and_twice():
    found = read_layout_plan(str(SHOP))
    names = [each.cluster.name for _, each in found.clusters]
    assert sorted(names) == [
        "news", "news-second",
        "shop-blue", "shop-blue-second", "shop-green", "shop-green-second",
    ]  # fmt: skip
    spoke, other = named(found, "spoke"), named(found, "spoke-dr")
    blue = spoke.clusters[0]
    assert blue.growth == 20
    assert blue.ports_per_node == 1024
    assert {each.shared_load for _, each in found.clusters} == {2}
    assert [each.kind for each in blue.services] == [
        "internal-load-balancers",
        "private-link-services",
        "api-server",
        "application-gateway",
    ]
    assert blue.cluster.vnet_integration
    assert blue.cluster.network_policy == "cilium"
    assert set(blue.cluster.needs) == {
        "network-policy=cilium",
        "private-link-service",
        "application-gateway-ingress",
        "dual-stack",
    }
    news = spoke.clusters[2].cluster
    assert news.needs == ("virtual-nodes",)
    assert [name_of(each) for each in news.subnets] == ["news-nodes", "web-pods"]
    assert other.twin == spoke.id
    assert other.prefixes == (Cidr.parse("10.220.0.0/16"),)
    assert other.pool == "azure"
    assert other.clusters[0].cluster.location == "northeurope"


def test_names_of_the_sample_are_resolved():
    found = read_layout_plan(str(SHOP))
    hub, spoke, other = (named(found, each) for each in ("hub", "spoke", "spoke-dr"))
    assert found.inventory.external_ranges[0].attached == (hub.id,)
    shop = {each.cluster.name: each.cluster.id for _, each in found.clusters}
    members = (shop["shop-blue"], shop["shop-green"])
    assert found.inventory.groups[0].members == members
    assert spoke.hub == hub.id
    assert other.hub == named(found, "wan").id
    assert not found.inventory.clusters
    assert not found.inventory.contradictions
    clients = {each.name: (each.kind, each.network) for each in found.inventory.clients}
    assert clients == {
        "snet-ops": ("jump-box", hub.id),
        "build-agents": ("build-agent", named(found, "wan").id),
    }


def test_networks_that_do_not_exist_are_vnets_without_a_range():
    found = read_layout_plan(str(SHOP))
    vnets = found.inventory.vnet_by_id
    assert {each.id for each in found.networks} == set(vnets)
    hub, wan = named(found, "hub"), named(found, "wan")
    assert vnets[hub.id].prefixes == ()
    assert vnets[hub.id].origin.proposed
    assert str(vnets[wan.id].prefixes[0]) == "10.201.0.0/24"
    assert not vnets[wan.id].origin.proposed
    assert wan.location == "westeurope"


# Clusters


def of_cluster(tmp_path, keys, network="location: westeurope"):
    text = f"networks: [{{name: spoke, {network}, clusters: [{{name: Shop, {keys}}}]}}]"
    (spoke,) = read(tmp_path, text).networks
    return spoke.clusters


@pytest.mark.parametrize("model", ipplan.MODELS)
def test_subnets_are_called_after_the_cluster(tmp_path, model):
    (found,) = of_cluster(tmp_path, f"model: {model}, {POOLS}")
    apart = ["shop-pods"] * (ipplan.MODELS[model].home is Home.POD_SUBNET)
    assert [name_of(each) for each in found.cluster.subnets] == ["shop-nodes", *apart]
    assert found.services == ()
    assert found.cluster.needs == ()
    assert (found.growth, found.shared_load, found.twin) == (0, 1, None)


def test_ranges_that_are_left_out_are_to_be_chosen(tmp_path):
    (found,) = of_cluster(tmp_path, f"model: cni-overlay, {POOLS}")
    assert (found.cluster.pod_cidrs, found.cluster.service_cidrs) == ((), ())
    assert found.cluster.assumed == ()
    keys = "pod_cidr: 192.168.0.0/16, service_cidr: 172.16.0.0/16"
    (found,) = of_cluster(tmp_path, f"model: cni-overlay, {keys}, {POOLS}")
    assert list(map(str, found.cluster.pod_cidrs)) == ["192.168.0.0/16"]
    assert list(map(str, found.cluster.service_cidrs)) == ["172.16.0.0/16"]


def test_a_pool_has_its_own_subnet_or_that_of_its_cluster(tmp_path):
    pools = "pools: [{name: a, nodes: 1}, {name: b, nodes: 1, subnet: B}]"
    (found,) = of_cluster(tmp_path, f"model: cni-overlay, subnet: AKS, {pools}")
    spoke = parent_of(found.cluster.pools[0].subnet)
    assert [each.subnet for each in found.cluster.pools] == [
        f"{spoke}/subnets/aks",
        f"{spoke}/subnets/b",
    ]


@pytest.mark.parametrize(
    ("keys", "wanted", "needs"),
    [
        ("internal_load_balancers: 2",
         ("internal-load-balancers", "Shop-load-balancers", 2), ()),
        ("internal_load_balancers: 2, load_balancer_subnet: ilb",
         ("internal-load-balancers", "ilb", 2), ()),
        ("ingress: {kind: ingress-controller}",
         ("internal-load-balancers", "Shop-load-balancers", 1), ()),
        ("internal_load_balancers: 2, ingress: {kind: ingress-controller}",
         ("internal-load-balancers", "Shop-load-balancers", 3), ()),
        ("private_link_services: 3",
         ("private-link-services", "Shop-private-links", 3), ("private-link-service",)),
        ("virtual_nodes: 50",
         ("virtual-nodes", "Shop-virtual-nodes", 50), ("virtual-nodes",)),
        ("vnet_integration: true", ("api-server", "Shop-api-server", 1), ()),
        ("api_server_subnet: api", ("api-server", "api", 1), ()),
        ("ingress: {kind: application-gateway, instances: 7}",
         ("application-gateway", "Shop-application-gateway", 7),
         ("application-gateway-ingress",)),
        ("ingress: {kind: application-gateway-for-containers, subnet: agc}",
         ("application-gateway-for-containers", "agc", 1),
         ("application-gateway-for-containers",)),
    ],
)  # fmt: skip
def test_what_a_cluster_needs_besides_is_a_service(tmp_path, keys, wanted, needs):
    (found,) = of_cluster(tmp_path, f"model: cni-overlay, {keys}, {POOLS}")
    (service,) = found.services
    assert (service.kind, service.name, service.count) == wanted
    assert service.cluster == found.cluster.id
    assert service.origin.line == 1
    assert found.cluster.needs == needs
    assert set(needs) <= set(FEATURES)


def test_an_api_server_in_a_subnet_names_it(tmp_path):
    (found,) = of_cluster(tmp_path, f"model: kubenet, vnet_integration: true, {POOLS}")
    assert found.cluster.vnet_integration
    assert name_of(found.cluster.api_server_subnet) == "shop-api-server"


@pytest.mark.parametrize(
    ("of_network", "of_cluster_", "dual"),
    [
        ("true", "", True),
        ("false", "", False),
        ("true", "dual_stack: false, ", False),
        ("false", "dual_stack: true, ", True),
    ],
)
def test_a_cluster_is_dual_stack_as_its_network_or_as_it_says(
    tmp_path, of_network, of_cluster_, dual
):
    keys = f"model: cni-overlay, {of_cluster_}{POOLS}"
    (found,) = of_cluster(tmp_path, keys, f"dual_stack: {of_network}")
    assert ("dual-stack" in found.cluster.needs) == dual


@pytest.mark.parametrize("policy", ["cilium", "azure", "calico"])
def test_a_network_policy_is_a_need(tmp_path, policy):
    (found,) = of_cluster(
        tmp_path, f"model: kubenet, network_policy: {policy}, {POOLS}"
    )
    assert found.cluster.network_policy == policy
    assert found.cluster.needs == (f"network-policy={policy}",)


def test_a_location_is_that_of_the_network_unless_the_cluster_says(tmp_path):
    (found,) = of_cluster(tmp_path, f"model: kubenet, {POOLS}")
    assert found.cluster.location == "westeurope"
    (found,) = of_cluster(tmp_path, f"model: kubenet, location: West US, {POOLS}")
    assert found.cluster.location == "westus"


@pytest.mark.parametrize("growth", [0, 20, 1000])
def test_growth_is_a_percentage(tmp_path, growth):
    (found,) = of_cluster(tmp_path, f"model: kubenet, growth: {growth}%, {POOLS}")
    assert found.growth == growth


@pytest.mark.parametrize("prefix", ["/2", "2", "/29", "29", '"/29"'])
def test_a_prefix_length_has_a_slash_or_none(tmp_path, prefix):
    text = f"networks: [{{name: hub, subnets: [{{name: a, prefix: {prefix}}}]}}]"
    (hub,) = read(tmp_path, text).networks
    assert hub.subnets[0].length == int(prefix.strip('"/'))


# What exists


TWO = "networks: [{name: hub}, {name: spoke, hub: hub}]"


def test_a_network_exists_where_one_has_its_name(tmp_path):
    found = read(tmp_path, TWO, vnet("Hub", location="westus"))
    hub, spoke = named(found, "Hub"), named(found, "spoke")
    assert hub.id == vnet("Hub")["id"].lower()
    assert hub.location == "westus"
    assert spoke.hub == hub.id
    assert hub.prefixes == ()
    assert list(map(str, found.inventory.vnet_by_id[hub.id].prefixes)) == [
        "10.1.0.0/16"
    ]


def test_a_network_exists_where_its_id_does(tmp_path):
    text = f"networks: [{{id: {vnet('hub')['id']}, location: northeurope}}]"
    found = read(tmp_path, text, vnet("hub", location="westus"), vnet("hub", "other"))
    (hub,) = found.networks
    assert hub.id == vnet("hub")["id"].lower()
    assert hub.location == "northeurope"
    assert not found.inventory.vnet_by_id[hub.id].origin.proposed


def test_an_id_that_does_not_exist_is_that_of_a_new_network(tmp_path):
    text = f"networks: [{{id: {vnet('Hub')['id']}}}]"
    (hub,) = read(tmp_path, text).networks
    assert (hub.id, hub.name) == (vnet("hub")["id"].lower(), "Hub")


def test_a_resource_group_tells_which_of_several_it_is(tmp_path):
    both = vnet("hub", "a"), vnet("hub", "b")
    (hub,) = read(
        tmp_path, "networks: [{name: hub, resource_group: B}]", *both
    ).networks
    assert hub.id == both[1]["id"].lower()
    found = read(tmp_path, "networks: [{name: hub, resource_group: c}]", *both)
    assert len(found.inventory.vnets) == 3
    (line,) = told(tmp_path, "networks:\n- {name: hub}", *both)
    assert line == (
        "shop.yaml line 3: networks[0]: 'hub' fits several, write which: a/hub, b/hub"
    )


def test_a_network_may_be_declared_in_the_plan(tmp_path):
    text = f"vnets: [{{name: hub, ranges: [10.9.0.0/16]}}]\n{TWO}"
    found = read(tmp_path, text)
    hub = named(found, "hub")
    assert list(map(str, found.inventory.vnet_by_id[hub.id].prefixes)) == [
        "10.9.0.0/16"
    ]
    assert len(found.inventory.vnets) == 2


def test_a_vnet_that_only_its_subnets_show_is_drafted_under_its_id(tmp_path):
    listed = vnet("hub", subnets={"aks": {"addressPrefix": "10.1.0.0/24"}})["subnets"][
        0
    ]
    listed["type"] = "Microsoft.Network/virtualNetworks/subnets"
    found = read(tmp_path, "networks: [{name: hub}]", listed)
    (known,) = found.inventory.vnets
    assert known.id == found.networks[0].id == vnet("hub")["id"].lower()
    assert [each.name for each in known.subnets] == ["aks"]
    assert known.seen


SUBNET = f"{vnet('spoke')['id']}/subnets/shop-nodes"
SPOKE = vnet("spoke", subnets={"shop-nodes": {"addressPrefix": "10.1.0.0/24"}})


def of_spoke(keys=""):
    return (
        "networks: [{name: spoke, clusters: [{name: shop, model: cni-overlay, "
        f"{keys}{POOLS}}}]}}]"
    )


def test_a_cluster_that_stands_in_its_network_keeps_its_id_and_ranges(tmp_path):
    zone = f"{SUBSCRIPTION}/net/providers/Microsoft.Network/privateDnsZones/a.io"
    there = cluster("Shop", SUBNET)
    there["apiServerAccessProfile"] = {
        "enablePrivateCluster": True,
        "privateDNSZone": zone,
    }
    found = read(tmp_path, of_spoke("private: true, "), SPOKE, there)
    ((_, shop),) = found.clusters
    assert shop.cluster.id == there["id"].lower()
    assert shop.cluster.name == "Shop"
    assert list(map(str, shop.cluster.pod_cidrs)) == ["192.168.0.0/16"]
    assert list(map(str, shop.cluster.service_cidrs)) == ["10.7.0.0/16"]
    assert shop.cluster.dns_service_ip == "10.7.0.10"
    assert shop.cluster.private_dns_zone == zone.lower()
    assert not found.inventory.clusters
    assert not found.inventory.contradictions


def test_another_zone_than_that_of_an_existing_cluster_is_told(tmp_path):
    there = cluster("shop", SUBNET)
    there["apiServerAccessProfile"] = {
        "enablePrivateCluster": True,
        "privateDNSZone": "system",
    }
    found = read(tmp_path, of_spoke("private_dns_zone: none, "), SPOKE, there)
    ((_, shop),) = found.clusters
    assert shop.cluster.private_dns_zone == "none"
    (told,) = found.inventory.contradictions
    assert (told.id, told.field) == (shop.cluster.id, "private_dns_zone")


def test_what_the_plan_says_of_an_existing_cluster_counts(tmp_path):
    keys = "pod_cidr: 10.8.0.0/16, service_cidr: 10.6.0.0/16, "
    found = read(tmp_path, of_spoke(keys), SPOKE, cluster("shop", SUBNET))
    ((_, shop),) = found.clusters
    assert list(map(str, shop.cluster.pod_cidrs)) == ["10.8.0.0/16"]
    assert list(map(str, shop.cluster.service_cidrs)) == ["10.6.0.0/16"]
    assert shop.cluster.dns_service_ip is None


def test_a_cluster_in_another_network_or_group_is_another(tmp_path):
    elsewhere = cluster("shop", SUBNET.replace("spoke", "desk"))
    other_group = cluster("shop", SUBNET, "other")
    keys = "resource_group: apps, "
    found = read(tmp_path, of_spoke(keys), SPOKE, elsewhere, other_group)
    ((_, shop),) = found.clusters
    assert shop.cluster.id.startswith("/subscriptions/<subscription of shop.yaml>/")
    assert shop.cluster.pod_cidrs == ()
    assert len(found.inventory.clusters) == 2


def test_an_id_tells_which_cluster_it_is(tmp_path):
    there = cluster("shop", SUBNET.replace("spoke", "desk"))
    text = of_spoke().replace("name: shop", f"id: {there['id']}")
    found = read(tmp_path, text, SPOKE, there, cluster("shop", SUBNET, "other"))
    ((_, shop),) = found.clusters
    assert shop.cluster.id == there["id"].lower()
    assert [each.resource_group for each in found.inventory.clusters] == ["other"]


def test_several_clusters_of_one_name_in_a_network_are_told(tmp_path):
    both = cluster("shop", SUBNET, "a"), cluster("shop", SUBNET, "b")
    (line,) = told(tmp_path, of_spoke(), SPOKE, *both)
    assert line == (
        f"shop.yaml line 2: networks[0].clusters[0]: shop is one of "
        f"{both[0]['id'].lower()}, {both[1]['id'].lower()}: write its id"
    )


def test_a_private_dns_zone_is_named(tmp_path):
    link = {
        "id": f"{SUBSCRIPTION}/net/providers/Microsoft.Network/privateDnsZones/"
        "shop.privatelink.westeurope.azmk8s.io/virtualNetworkLinks/spoke",
        "name": "spoke",
        "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "virtualNetwork": {"id": SPOKE["id"]},
    }
    zone = "private_dns_zone: shop.privatelink.westeurope.azmk8s.io, "
    ((_, shop),) = read(
        tmp_path, of_spoke(f"private: true, {zone}"), SPOKE, link
    ).clusters
    assert (
        shop.cluster.private_dns_zone
        == link["id"].lower().partition("/virtualnetworklinks")[0]
    )


def test_the_plan_itself_is_not_read_where_its_folder_is(tmp_path):
    (tmp_path / "azure.json").write_text(json.dumps([vnet("hub")]), "utf-8")
    (tmp_path / "shop.lock.json").write_text('{"ipplan_lock": 1}', "utf-8")
    found = read(tmp_path, f"existing: [.]\n{TWO}")
    names = {each.name for each in found.inventory.vnets}
    assert names == {"hub", "spoke"}
    assert found.inventory.complete


def test_a_lock_is_passed_over_where_a_folder_is_read(tmp_path):
    (tmp_path / "azure.json").write_text(json.dumps([vnet("hub")]), "utf-8")
    (tmp_path / "old.json").write_text(json.dumps([vnet("late")]), "utf-8")
    (tmp_path / "same.json").hardlink_to(tmp_path / "old.json")
    (tmp_path / "shop.yaml").write_text(f"existing: [.]\n{TWO}", "utf-8")
    written = {str(tmp_path / "old.json"): "lock", str(tmp_path / "new"): "out"}
    found = read_layout_plan(str(tmp_path / "shop.yaml"), without=written)
    assert {each.name for each in found.inventory.vnets} == {"hub", "spoke"}


@pytest.mark.parametrize("name", ["main.json", "linked.json", "same.json"])
def test_what_a_folder_holds_is_not_written_over(tmp_path, name):
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate" / "main.json").write_text(json.dumps([vnet("hub")]), "utf-8")
    (tmp_path / "linked.json").symlink_to(tmp_path / "estate" / "main.json")
    (tmp_path / "same.json").hardlink_to(tmp_path / "estate" / "main.json")
    (tmp_path / "shop.yaml").write_text(f"existing: [estate]\n{TWO}", "utf-8")
    out = tmp_path / ("estate/main.json" if name == "main.json" else name)
    with pytest.raises(ArgumentError, match="is one of the files read"):
        read_layout_plan(str(tmp_path / "shop.yaml"), without={str(out): "out"})


@pytest.mark.parametrize("name", ["main.json", "sub/../main.json", "linked.json"])
def test_a_file_that_is_named_and_written_afterwards_is_refused(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.json").write_text(json.dumps([vnet("hub")]), "utf-8")
    (tmp_path / "linked.json").symlink_to(tmp_path / "main.json")
    (tmp_path / "shop.yaml").write_text(f"existing: [{name}]\n{TWO}", "utf-8")
    written = {str(tmp_path / "other.json"): "lock", str(tmp_path / "main.json"): "out"}
    with pytest.raises(ArgumentError, match=r"main\.json': is one of the files read"):
        read_layout_plan(str(tmp_path / "shop.yaml"), without=written)


def test_a_file_that_is_not_there_is_named(tmp_path):
    (line,) = told(tmp_path, f"existing: [sub/gone.json]\n{TWO}")
    gone = "sub/gone.json: No such file or directory"
    assert line == f"shop.yaml line 1: existing[0]: {gone}"


def test_what_is_wrong_with_an_existing_file_is_told_with_its_name(tmp_path):
    (tmp_path / "a.yaml").write_text("vnets: [{name: hub}]", "utf-8")
    (line,) = told(tmp_path, f"existing: [a.yaml]\n{TWO}")
    assert line == "a.yaml line 1: vnets[0].ranges: is missing"


# Peerings


def peerings(found):
    return {
        (name_of(each.vnet), name_of(each.remote)): each
        for each in found.inventory.peerings
    }


def test_a_spoke_and_its_hub_are_peered_both_ways(tmp_path):
    both = peerings(read(tmp_path, TWO))
    assert set(both) == {("hub", "spoke"), ("spoke", "hub")}
    assert all(each.forwarded_traffic for each in both.values())
    assert not any(
        each.gateway_transit or each.remote_gateways for each in both.values()
    )
    assert both["spoke", "hub"].name == "to-hub"
    assert both["hub", "spoke"].origin.line == 1


@pytest.mark.parametrize(
    "kind", ["vpn-gateway", "expressroute-gateway", "route-server"]
)
def test_a_spoke_uses_the_gateway_of_its_hub(tmp_path, kind):
    text = TWO.replace("name: hub}", f"name: hub, services: [{{kind: {kind}}}]}}", 1)
    both = peerings(read(tmp_path, text))
    assert both["hub", "spoke"].gateway_transit
    assert both["spoke", "hub"].remote_gateways
    assert not both["hub", "spoke"].remote_gateways
    assert not both["spoke", "hub"].gateway_transit


@pytest.mark.parametrize("name", ["GatewaySubnet", "RouteServerSubnet", "other"])
@pytest.mark.parametrize("used", [1, 0])
def test_a_hub_that_exists_lends_its_gateway_if_it_has_one(tmp_path, used, name):
    lends = bool(used) and name != "other"
    gateway = {"addressPrefix": "10.1.0.0/27"}
    gateway["ipConfigurations"] = [{"id": f"{SUBSCRIPTION}/a/b/c"}] * used
    hub = vnet("hub", subnets={name: gateway})
    both = peerings(read(tmp_path, "networks: [{name: spoke, hub: net/hub}]", hub))
    assert both["hub", "spoke"].gateway_transit is lends
    assert both["spoke", "hub"].remote_gateways is lends


def test_a_peering_that_is_declared_counts(tmp_path):
    text = f"{TWO}\npeerings: [{{between: [spoke, hub], ipv6_only: true}}]"
    found = read(tmp_path, text)
    both = peerings(found)
    assert len(list(found.inventory.peerings)) == 2
    assert all(each.ipv6_only for each in both.values())
    assert not any(each.forwarded_traffic for each in both.values())


def test_a_side_that_exists_stays_and_the_other_is_added(tmp_path):
    there = vnet("spoke", space="10.2.0.0/16", peerings={"mine": vnet("hub")["id"]})
    both = peerings(read(tmp_path, TWO, vnet("hub"), there))
    assert both["spoke", "hub"].name == "mine"
    assert not both["spoke", "hub"].origin.proposed
    assert both["hub", "spoke"].name == "to-spoke"


def test_a_hub_of_the_plan_goes_before_others_of_its_name(tmp_path):
    text = TWO.replace("name: hub}", "name: hub, resource_group: mine}", 1)
    found = read(tmp_path, text, vnet("hub", "a"), vnet("hub", "b"))
    assert named(found, "spoke").hub == named(found, "hub").id
    assert "/mine/" in named(found, "hub").id


def test_a_hub_of_several_that_exist_is_asked_for(tmp_path):
    text = "networks:\n- {name: spoke, hub: hub}"
    (line,) = told(tmp_path, text, vnet("hub", "a"), vnet("hub", "b"))
    assert line == (
        "shop.yaml line 3: networks[0].hub: 'hub' fits several, write which: "
        "a/hub, b/hub"
    )


# Twins


FAILOVER = "failover: {name: dr, location: westus}"


def test_a_network_fails_over_to_one_beside_it(tmp_path):
    keys = f"name: spoke, resource_group: net, hub: hub, {FAILOVER}"
    found = read(tmp_path, f"networks: [{{name: hub}}, {{{keys}}}]")
    spoke, other = named(found, "spoke"), named(found, "dr")
    assert other.id == spoke.id.replace("/spoke", "/dr")
    assert other.hub == spoke.hub == named(found, "hub").id
    assert other.twin == spoke.id
    assert other.origin.path == ".networks[1].failover"
    assert ("hub", "dr") in peerings(found)


def test_a_network_may_fail_over_to_another_resource_group(tmp_path):
    text = TWO.replace(
        "hub}", "hub, failover: {name: D, location: a1, resource_group: R}}", 1
    )
    hub, other = (named(read(tmp_path, text), each) for each in ("hub", "D"))
    assert other.id == re.sub("<resource group of [^>]*>", "r", hub.id)[:-3] + "d"


def test_both_of_a_failover_pair_may_exist(tmp_path):
    text = f"networks: [{{name: spoke, {FAILOVER}}}]"
    found = read(tmp_path, text, vnet("spoke"), vnet("dr", space="10.2.0.0/16"))
    assert [each.id for each in found.networks] == sorted(
        [vnet("dr")["id"].lower(), vnet("spoke")["id"].lower()]
    )
    assert named(found, "dr").twin == vnet("spoke")["id"].lower()


def test_the_twin_of_a_cluster_that_exists_names_it_by_its_id(tmp_path):
    text = of_spoke().replace("name: spoke,", f"name: spoke, {FAILOVER},")
    there = cluster("shop", SUBNET)
    found = read(tmp_path, text, SPOKE, there)
    (shop,), (other,) = named(found, "spoke").clusters, named(found, "dr").clusters
    assert shop.cluster.id == other.twin == there["id"].lower()
    assert other.cluster.id.endswith("/shop-dr")
    assert other.cluster.pod_cidrs == ()


def test_a_standby_has_room_for_one_load(tmp_path):
    text = of_spoke().replace(
        "name: spoke,",
        "name: spoke, failover: {name: dr, location: a1, load: standby},",
    )
    assert [each.shared_load for _, each in read(tmp_path, text).clusters] == [1, 1]


def test_machines_of_one_name_are_told_apart_by_their_networks(tmp_path):
    boxes = "services: [{kind: jump-boxes}, {kind: build-agents, name: ops}]"
    text = f"networks: [{{name: hub, {boxes}, {FAILOVER}}}]"
    found = read(tmp_path, text).inventory.clients
    assert sorted((each.name, each.kind) for each in found) == [
        ("dr/jump-boxes", "jump-box"),
        ("dr/ops", "build-agent"),
        ("hub/jump-boxes", "jump-box"),
        ("hub/ops", "build-agent"),
    ]


# The file


def test_a_plan_is_called_as_its_file_if_it_says_nothing(tmp_path):
    assert read(tmp_path, TWO, file="a.b.yaml").name == "a.b"
    assert read(tmp_path, f"name: my plan\n{TWO}").name == "my plan"


def test_the_order_of_networks_makes_no_difference(tmp_path):
    one = "{name: hub, services: [{kind: vpn-gateway}]}"
    other = "{name: spoke, hub: hub}"
    first = read(tmp_path, f"networks: [{one}, {other}]")
    second = read(tmp_path, f"networks: [{other}, {one}]")
    assert first == second


def test_a_reference_that_nothing_has_stays_one(tmp_path):
    text = f"{TWO}\non_premises: [{{name: a, ranges: [10.0.0.0/8], attached_to: [x]}}]"
    (outside,) = read(tmp_path, text).inventory.external_ranges
    assert all(map(is_reference, outside.attached))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ipplan: 1", " line 1: networks: is missing: there is nothing to lay out"),
        ("networks: []", " line 1: networks: too few items"),
        ("[]", " line 1: expected keys with values, got a list of 0"),
        ("networks: [{name: a", " line 2 column 1: not YAML: "),
        ("networks: [{name: a, rangs: []}]",
         " line 1: networks[0].rangs: unknown key: did you mean ranges?"),
        ("networks: [{name: a, failover: {name: b, location: c1, hubs: x}}]",
         " line 1: networks[0].failover.hubs: unknown key: did you mean hub?"),
        *((f"networks: [{{name: a, {key}: [b]}}]",
           f" line 1: networks[0].{key}: unknown key: peerings stand at the top of ")
          for key in ("peered_with", "Peers", "peerings")),
        ("networks: [{}]", " line 1: networks[0]: needs a name, or an id"),
        ("networks: [{name: a}, {name: A}]", " line 1: networks: two are called /A"),
        ("networks: [{name: a, ranges: [10.0.0.1/8]}]",
         (" line 1: networks[0].ranges[0]: no host bits: did you mean 10.0.0.0/8?, "
         "got '10.0.0.1/8'")),
        ("networks: [{name: a, ranges: [10.0.0.0/8, 10.1.0.0/16]}]",
         " line 1: networks[0].ranges: 10.1.0.0/16 lies in 10.0.0.0/8 of ranges"),
        ("networks: [{name: a, services: [{kind: wifi}]}]",
         " line 1: networks[0].services[0].kind: expected one of firewall, "),
        ("networks: [{name: a, services: [{kind: bastion, name: b}]}]",
         (" line 1: networks[0].services[0]: name: Azure wants AzureBastionSubnet "
         "here, not b")),
        ("networks: [{name: a, services: [{kind: firewall, count: 0}]}]",
         " line 1: networks[0].services[0].count: must be greater than or equal to 1"),
        ("networks: [{name: a, private_endpoints: [{kind: fax}]}]",
         " line 1: networks[0].private_endpoints[0].kind: expected one of registry, "),
        ("networks: [{name: a, subnets: [{name: b, prefix: /30}]}]",
         " line 1: networks[0].subnets[0].prefix: must be less than or equal to 29"),
        ("networks: [{name: a, subnets: [{name: b, prefix: /1}]}]",
         " line 1: networks[0].subnets[0].prefix: must be greater than or equal to 2"),
        ("networks: [{name: a, subnets: [{name: b, prefix: x}]}]",
         " line 1: networks[0].subnets[0].prefix: expected a whole number, got 'x'"),
        ("networks: [{name: a, subnets: [{name: b, prefix: 26, hosts: 3}]}]",
         " line 1: networks[0].subnets[0]: prefix or hosts, and not both"),
        ("networks: [{name: a, subnets: [{name: b}]}]",
         (" line 1: networks[0].subnets[0]: needs prefix or hosts, or an IPv4 range in "
         "pinned")),
        ('networks: [{name: a, subnets: [{name: b}], pinned: {b: ["fd00::/64"]}}]',
         (" line 1: networks[0].subnets[0]: needs prefix or hosts, or an IPv4 range in "
         "pinned")),
        ("networks: [{name: a, subnets: [{name: b, hosts: 1}, {name: B, hosts: 1}]}]",
         " line 1: networks[0].subnets: two are called B"),
        ("networks: [{name: a, pinned: {b: [10.0.0.0/24]}}]",
         " line 1: networks[0].pinned.b: no subnet of a is called so: there is none"),
        (("networks: [{name: a, subnets: [{name: b, hosts: 1}], "
         "pinned: {b: [10.0.0.0/24], B: [10.0.1.0/24]}}]"),
         " line 1: networks[0].pinned.B: a second time, in other capitals"),
        (("networks: [{name: a, services: [{kind: bastion}, {kind: firewall}], pinned: "
         "{AzureBastionSubnet: [10.0.0.0/24], AzureFirewallSubnet: [10.0.0.64/26]}}]"),
         (" line 1: networks[0].pinned.AzureFirewallSubnet: 10.0.0.64/26 lies in "
         "10.0.0.0/24 of AzureBastionSubnet")),
        (("networks: [{name: a, ranges: [10.0.0.0/24], subnets: [{name: b}], "
         "pinned: {b: [10.0.0.0/23]}}]"),
         (" line 1: networks[0].pinned.b: 10.0.0.0/23 lies outside 10.0.0.0/24, the "
         "ranges of a")),
        ("networks: [{name: a, pool: b}]",
         (" line 1: networks[0].pool: no address pool for VNets is called b: there is "
         "none")),
        (("address_pools: [{name: p, ranges: [10.0.0.0/8], use: pods}, "
         "{name: q, ranges: [11.0.0.0/8]}]\nnetworks:\n- name: a\n  failover:\n    "
         "{name: b, location: c1,\n    pool: p}"),
         (" line 6: networks[0].failover.pool: no address pool for VNets is called p: "
         "there are q")),
        ("networks: [{name: a, hub: b}]",
         " line 1: networks[0].hub: b is no network of this plan, and none that "),
        (f"networks: [{{name: a, hub: {vnet('gone')['id']}}}]",
         f" line 1: networks[0].hub: {vnet('gone')['id'].lower()} is no network of "),
        ("networks: [{name: a, failover: {name: b, location: c1, hub: x}}]",
         " line 1: networks[0].failover.hub: x is no network of this plan, and none "),
        ("networks: [{name: a, hub: A}]",
         " line 1: networks[0].hub: a is a spoke of itself in the end"),
        ("networks: [{name: a, failover: {name: A, location: c1}}]",
         " line 1: networks[0].failover: a second network is A"),
        ("networks: [{name: a, failover: {name: b, location: c1}}, {name: B}]",
         " line 1: networks[1]: a second network is B"),
        ("networks: [{name: a, failover: {name: b, location: c1, failover: {}}}]",
         " line 1: networks[0].failover.failover: unknown key: there are name, "),
        ("networks: [{name: a, failover: {name: b}}]",
         " line 1: networks[0].failover.location: is missing"),
        ("networks: [{name: a, failover: {name: b, location: c1, load: half}}]",
         (" line 1: networks[0].failover.load: must be 'shared' or 'standby', got "
         "'half'")),
        ('existing: [""]\nnetworks: [{name: a}]',
         " line 1: existing[0]: expected the name of a file or folder, got ''"),
        ("existing:\n- a.json\n- ./-\nnetworks: [{name: a}]",
         " line 3: existing[1]: expected the name of a file or folder, got './-'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, message):
    (line,) = told(tmp_path, text)
    assert line.startswith(f"shop.yaml{message}")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("growth: 20", ".growth: expected a percentage such as 20%, got 20"),
        ("growth: 1001%", ".growth: must be less than or equal to 1000, got 1001"),
        ("growth: -1%", ".growth: expected a percentage such as 20%, got '-1%'"),
        ("twin: red", ".twin: must be 'blue-green', got 'red'"),
        ("network_policy: none", ".network_policy: expected one of cilium, calico, "),
        ("network_policy: cilium, needs: [network-policy=calico]",
         ": needs: one network policy, and not cilium and calico"),
        ("ingress: {kind: traefik}", ".ingress.kind: must be 'application-gateway', "),
        ("ingress: {}", ".ingress.kind: is missing"),
        ("ports_per_node: 0", ".ports_per_node: must be greater than or equal to 1"),
        ("pod_subnet: pods", ": cni-overlay has no pod subnet: pods live in the pod "),
        ("subnet: a/b", ".subnet: expected letters, digits and _ . - ( ), got 'a/b'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_cluster_is_told(tmp_path, keys, message):
    (line,) = told(tmp_path, of_spoke(f"{keys}, "))
    assert line.startswith(f"shop.yaml line 1: networks[0].clusters[0]{message}")


def test_two_clusters_have_not_one_id(tmp_path):
    there = cluster("shop", SUBNET)["id"]
    text = of_spoke("twin: blue-green, ").replace("name: shop", f"id: {there}")
    (line,) = told(tmp_path, text)
    assert line.endswith("twin: two clusters can't have one id: write its name")


def test_two_clusters_of_one_name_are_refused(tmp_path):
    one = f"{{name: shop, model: kubenet, {POOLS}}}"
    text = f"networks:\n- {{name: a, clusters: [{one}]}}\n- name: b\n  clusters:"
    (line,) = told(tmp_path, f"{text}\n  - {one}")
    assert line == "shop.yaml line 5: networks[1].clusters[0]: a second cluster is shop"


def test_two_clusters_of_one_name_in_a_network_are_refused(tmp_path):
    one, other = (
        f"{{name: shop, resource_group: {each}, model: kubenet, {POOLS}}}"
        for each in "ab"
    )
    (line,) = told(tmp_path, f"networks: [{{name: a, clusters: [{one}, {other}]}}]")
    assert line.endswith("networks[0].clusters[1]: a second cluster is shop")


def test_a_cluster_may_not_be_called_as_a_twin_is(tmp_path):
    both = (
        f"{{name: shop, twin: blue-green, model: kubenet, {POOLS}}}, "
        f"{{name: shop-blue, model: kubenet, {POOLS}}}"
    )
    (line,) = told(tmp_path, f"networks: [{{name: a, clusters: [{both}]}}]")
    assert line.endswith("networks[0].clusters[1]: a second cluster is shop-blue")


def test_two_networks_that_are_one_are_refused(tmp_path):
    text = f"networks:\n- name: hub\n- id: {vnet('hub')['id']}"
    (line,) = told(tmp_path, text, vnet("hub"))
    assert line == "shop.yaml line 4: networks[1]: a second network is hub"


def test_a_circle_of_hubs_is_told_for_each_of_it(tmp_path):
    text = (
        "networks: [{name: a, hub: b}, {name: b, hub: c}, {name: c, hub: b}, "
        "{name: d, hub: a}]"
    )
    assert [each.partition(": ")[2] for each in told(tmp_path, text)] == [
        "networks[1].hub: b is a spoke of itself in the end",
        "networks[2].hub: c is a spoke of itself in the end",
    ]


def test_a_pin_of_a_subnet_that_any_thing_names_is_allowed(tmp_path):
    text = (
        "networks: [{name: a, private_endpoints: [{kind: registry}], "
        f"clusters: [{{name: shop, model: cni-dynamic, twin: blue-green, {POOLS}}}], "
        "subnets: [{name: shop-blue-nodes, service_endpoints: [Microsoft.Sql]}], "
        "pinned: {Private-Endpoints: [10.0.0.0/27], SHOP-green-pods: [10.0.8.0/21], "
        'shop-green-nodes: [10.0.1.0/24, "fd00::/64"]}}]'
    )
    (found,) = read(tmp_path, text).networks
    assert set(found.pinned) == {
        "private-endpoints",
        "shop-green-pods",
        "shop-green-nodes",
    }


def test_twenty_mistakes_are_told_and_the_rest_is_counted(tmp_path):
    names = ", ".join(f"{{name: n{each}, hub: x}}" for each in range(23))
    lines = told(tmp_path, f"networks: [{names}]")
    assert len(lines) == 21
    assert lines[-1] == "shop.yaml: and 3 more"


def test_standard_input_is_read(monkeypatch):
    import io

    class Stdin:
        buffer = io.BytesIO(TWO.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert len(read_layout_plan("-").networks) == 2


# Other commands


@pytest.mark.parametrize("key", ["networks", "existing", "name"])
def test_other_commands_say_who_reads_a_plan_of_networks(tmp_path, key, cli):
    file = tmp_path / "shop.yaml"
    file.write_text(f"ipplan: 1\n{key}: [{{name: hub}}]", "utf-8")
    for command in ("check", "inventory"):
        result = cli(command, str(file))
        assert result.code == 3
        assert f"shop.yaml line 2: {key}: is " in result.err
        assert "ipplan layout" in result.err


def test_a_schema_is_printed(cli):
    found = json.loads(cli("schema", "layout-plan").out)
    assert found == plan.layout_schema()
    assert json.loads(cli("schema", "plan").out) == plan.plan_schema()


def mesh(tmp_path, members, clusters):
    text = f"groups: [{{name: m, kind: pod-mesh, members: [{members}]}}]\n"
    found = read(tmp_path, f"{text}networks: [{{name: spoke, clusters: [{clusters}]}}]")
    (group,) = found.inventory.groups
    return [name_of(each) for each in group.members], found.inventory.incomplete


TWIN = (
    "{name: Shop, twin: blue-green, model: cni-overlay, pools: [{name: a, nodes: 1}]}"
)
ALONE = "{name: news, model: cni-overlay, pools: [{name: a, nodes: 1}]}"


@pytest.mark.parametrize("member", ["shop", "SHOP", "shop-blue, shop-green"])
def test_the_name_of_twins_in_a_mesh_is_that_of_both(tmp_path, member):
    members, lost = mesh(tmp_path, f"news, {member}", f"{TWIN}, {ALONE}")
    assert sorted(members) == ["news", "shop-blue", "shop-green"]
    assert not lost


def test_a_member_of_a_mesh_that_nothing_shows_is_told(tmp_path):
    members, lost = mesh(tmp_path, "news, shop, rg/other", f"{ALONE}")
    assert sorted(members) == ["news", "other", "shop"]
    assert [each.partition("line")[2] for each in lost] == [
        f" 1: pod mesh m: no cluster is called {name}: its pods are not kept clear of"
        for name in ("shop", "other")
    ]


def test_other_groups_have_no_twins(tmp_path):
    text = "groups: [{name: m, kind: virtual-wan, members: [shop, spoke]}]\n"
    text += f"networks: [{{name: spoke, clusters: [{TWIN}]}}]"
    found = read(tmp_path, text).inventory
    assert sorted(map(name_of, found.groups[0].members)) == ["shop", "spoke"]
    assert not found.incomplete
