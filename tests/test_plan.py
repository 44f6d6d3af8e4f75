"""ipplan's own YAML: what people write beside the files that Azure gives."""

import json
import re
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ipplan import read_inventory
from ipplan.cidrs import Cidr
from ipplan.documents.inventories import inventory_document
from ipplan.errors import InventoryError
from ipplan.features import FEATURES
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.merging import Parts, merge
from ipplan.inventory.naming import MOST_PROBLEMS as MOST_NAMES
from ipplan.inventory.naming import resolved
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import Origin
from ipplan.inventory.pools import NodePool
from ipplan.inventory.redacting import redacted
from ipplan.models import MODELS
from ipplan.readers import plan, saved
from ipplan.readers.decoding import decode
from ipplan.readers.payloads import MOST_PROBLEMS
from ipplan.readers.plan import trees
from ipplan.readers.readings import Content
from ipplan.sizing.combinations import size_cluster
from ipplan.surges import Surge

PAGE = Path(__file__).parents[1] / "docs" / "yaml.md"
EXAMPLES = re.findall(r"(?ms)^```yaml\n(.*?)^```", PAGE.read_text("utf-8"))
AZURE = (
    "/subscriptions/s1/resourcegroups/{}/providers/microsoft.network/virtualnetworks"
)
HERE = (
    "/subscriptions/<subscription of p.yaml>/resourcegroups/{}/providers/"
    "microsoft.network/virtualnetworks"
)
NAMED = (
    "/subscriptions/<named in p.yaml>/resourcegroups/<named in p.yaml>/providers/"
    "microsoft.network/virtualnetworks"
)


def read(text, file="p.yaml"):
    return plan.read(Content(file, text))


def together(text, *vnets, **others):
    """The inventory of a file and of what Azure has besides."""
    parts = Parts(vnets=list(vnets), **others)
    parts.extend(read(text))
    return resolved(merge(parts))


def told(text):
    with pytest.raises(InventoryError) as caught:
        read(text)
    return str(caught.value).splitlines()


def one(text):
    lines = told(text)
    assert len(lines) == 1
    return lines[0].removeprefix("p.yaml")


def vnet(group, name, *prefixes):
    spaces = tuple(map(Cidr.parse, prefixes))
    return VNet(f"{AZURE.format(group)}/{name}", name, spaces)


# The page


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_page_are_read_and_agree_with_the_schema(text):
    assert plan.knows(Content("p.yaml", text))
    read(text)
    jsonschema.validate(yaml.safe_load(text), plan.plan_schema())


def test_the_two_examples_of_the_page_make_one_estate():
    first, second = EXAMPLES[:2]
    parts = read(first)
    parts.extend(read(second, "build.yaml"))
    found = resolved(merge(parts))
    hub = "/subscriptions/<subscription of build.yaml>/resourcegroups/net/providers/"
    hub += "microsoft.network/virtualnetworks/hub"
    spoke = found.vnets[0].id
    assert spoke.endswith("/spoke-a")
    assert found.vnets[1].id == hub
    assert [str(each) for each in found.owned] == ["20.50.0.0/16"]
    office = found.external_ranges[0]
    assert office.attached == (hub,)
    assert office.holds == ("dns", "firewall")
    assert [each.kind for each in found.groups] == ["virtual-wan", "pod-mesh"]
    assert found.groups[0].members == (hub, spoke)
    assert [each.network for each in found.clients] == [hub, "datacentre"]
    assert found.clusters[0].pools[1].subnet == f"{spoke}/subnets/aks"
    assert found.subnet_by_id[f"{spoke}/subnets/aks"].used == 12
    assert found.reach.between(hub, spoke).way == "peering"
    assert found.reach.between(hub, spoke) is not None
    # All but the cluster in the mesh that is declared nowhere was found.
    assert not found.unseen
    assert found.groups[1].members[0] == found.clusters[0].id
    assert "<named in p.yaml>" in found.groups[1].members[1]


def test_every_key_of_the_schema_says_what_it_means():
    schema = plan.plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    entries = [schema, *schema["$defs"].values()]
    for entry in entries:
        assert entry["additionalProperties"] is False
        assert all(each["description"] for each in entry["properties"].values())
    assert list(schema["properties"]) == list(plan.KEYS)
    cluster = schema["$defs"]["ClusterEntry"]["properties"]
    assert cluster["model"]["enum"] == list(MODELS)
    assert cluster["needs"]["items"]["enum"] == list(FEATURES)
    pool = schema["$defs"]["PoolEntry"]["properties"]
    assert pool["max_surge"]["default"] == "10%"


# Which files it knows


@pytest.mark.parametrize(
    "text",
    [
        "ipplan: 1",
        "# mine\n---\non_premises:\n- name: x\n",
        "--- {ipplan: 1}",
        '"vnets": []',
        "  groups: []\n  clusters: []",
        "a: [",
        "a: b: c",
        "\tvnets: []",
    ],
)
def test_known_are_files_with_a_key_of_ipplans_and_broken_yaml(text):
    assert plan.knows(Content("p.YML", text))


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Config\nclusters: []",
        "kind: Pod\nspec: {clusters: [a]}\n---\nkind: Job",
        "- vnets\n- peerings",
        "just words",
        "# nothing but a comment",
        "stages: [build]\n" + "# and so on\n" * 100_000,
    ],
)
def test_other_yaml_is_not_known(text):
    assert not plan.knows(Content("p.yaml", text))


def test_text_of_no_name_is_known_by_its_keys_alone():
    assert plan.knows(Content("-", "x: 1\nvnets: []"))
    assert not plan.knows(Content("-", "a: b: c"))
    assert not plan.knows(Content("list.csv", "name,groups\nhub,a"))
    assert not plan.knows(Content("p.yaml", '{"vnets": []}', {"vnets": []}))


def test_no_yaml_of_the_corpus_is_known(corpus):
    for file in [*corpus.rglob("*.yaml"), *corpus.rglob("*.yml")]:
        assert not plan.knows(Content(str(file), file.read_text("utf-8")))


# From entries to nouns


def test_every_noun_is_proposed_and_has_its_line_and_path():
    parts = read(
        "ipplan: 1\n"
        "vnets:\n"
        "  - ranges: [10.0.0.0/16]\n"
        "    name: Hub\n"
        "    subnets:\n"
        "      - name: A\n"
        "        ranges: [10.0.0.0/24]\n"
        "groups: [{name: g, kind: virtual-wan, members: [hub]}]\n"
        "peerings:\n"
        "  -\n"
        "    between: [hub, x]\n"
    )

    def origin(path, line):
        return Origin("p.yaml", path, line, "proposed")

    assert parts.vnets[0].origin == origin(".vnets[0]", 3)
    assert parts.subnets[0].origin == origin(".vnets[0].subnets[0]", 6)
    assert parts.groups[0].origin == origin(".groups[0]", 8)
    assert {each.origin for each in parts.peerings} == {origin(".peerings[0]", 11)}
    assert (parts.vnets[0].name, parts.subnets[0].name) == ("Hub", "A")
    assert parts.subnets[0].id == parts.vnets[0].id + "/subnets/a"


def test_what_is_declared_by_id_is_what_azure_shows():
    identity = "/subscriptions/S1/resourceGroups/Net/providers/Microsoft.Network"
    identity += "/virtualNetworks/Hub"
    text = f"vnets: [{{id: {identity}, ranges: [10.0.0.0/16]}}]"
    found = together(text, vnet("net", "hub", "10.0.0.0/16"))
    assert [each.id for each in found.vnets] == [f"{AZURE.format('net')}/hub"]
    assert not found.contradictions
    assert read(text).vnets[0].name == "Hub"


def test_a_peering_has_two_directions_and_the_lender_of_a_gateway():
    hub, spoke = read(
        "peerings: [{between: [hub, spoke], forwarded_traffic: true,"
        " gateway_transit: hub, ipv6_only: true}]"
    ).peerings
    assert (hub.remote, spoke.remote) == (f"{NAMED}/spoke", f"{NAMED}/hub")
    assert (hub.gateway_transit, hub.remote_gateways) == (True, False)
    assert (spoke.gateway_transit, spoke.remote_gateways) == (False, True)
    assert hub.forwarded_traffic
    assert spoke.forwarded_traffic
    assert hub.ipv6_only
    assert hub.complete
    assert (hub.state, hub.effective) == (None, True)


def test_a_subnet_peering_names_the_subnets_of_both_sides():
    first, second = read(
        "peerings: [{between: [a, b], only_subnets: {a: [x, y], b: [z]}}]"
    ).peerings
    assert not first.complete
    assert (first.local_subnets, first.remote_subnets) == (("x", "y"), ("z",))
    assert (second.local_subnets, second.remote_subnets) == (("z",), ("x", "y"))


def test_spokes_of_an_intended_hub_reach_one_another_through_it():
    found = together(
        "peerings:\n"
        "- {between: [hub, a], forwarded_traffic: true}\n"
        "- {between: [hub, b], forwarded_traffic: true}\n"
        "- {between: [hub, c]}\n",
        *(vnet("net", each) for each in ("hub", "a", "b", "c")),
    )
    net = AZURE.format("net")
    assert found.reach.between(f"{net}/a", f"{net}/b").through == f"{net}/hub"
    assert found.reach.between(f"{net}/a", f"{net}/c") is None


def test_attached_to_nothing_is_not_attached_to_everything():
    entry = "on_premises: [{name: x, ranges: [10.0.0.0/8]%s}]"
    assert read(entry % "").external_ranges[0].attached is None
    assert read(entry % ", attached_to: []").external_ranges[0].attached == ()


@pytest.mark.parametrize(
    ("need", "profile"),
    [
        ("node-auto-provisioning", {"nodeProvisioningProfile": {"mode": "Auto"}}),
        ("automatic", {"sku": {"name": "Automatic"}}),
        ("windows", {}),
    ],
)
def test_what_has_no_maximum_is_said_as_it_is_of_azure(tmp_path, need, profile):
    cluster = read(
        "clusters:\n- name: a\n  model: cni-overlay\n"
        f"  needs: [{need}]\n  pools: [{{name: p, nodes: 3}}]\n"
    ).clusters[0]
    kind = "Microsoft.ContainerService/managedClusters"
    shown = {"id": f"/subscriptions/s/resourceGroups/g/providers/{kind}/a",
             "name": "a", "type": kind, "properties": profile}  # fmt: skip
    file = tmp_path / "az.json"
    file.write_text(json.dumps([shown]))
    (twin,) = read_inventory(str(file)).clusters
    assert cluster.unbounded == twin.unbounded
    assert bool(cluster.unbounded) == (need != "windows")


def test_a_cluster_takes_the_defaults_of_aks_and_says_so():
    text = "clusters: [{name: c, model: %s, pools: [{name: p, nodes: 3}]}]"
    overlay = read(text % "kubenet").clusters[0]
    assert [str(each) for each in overlay.pod_cidrs] == ["10.244.0.0/16"]
    assert [str(each) for each in overlay.service_cidrs] == ["10.0.0.0/16"]
    assert overlay.assumed == ("pod_cidrs", "service_cidrs")
    flat = read(text % "cni-node-subnet").clusters[0]
    assert (flat.pod_cidrs, flat.assumed) == ((), ("service_cidrs",))
    assert overlay.pools == (NodePool("p", 3),)


def test_a_cluster_of_two_families_windows_and_a_private_api_server():
    cluster = read(
        "clusters:\n"
        "- name: c\n"
        "  model: cni-overlay\n"
        "  pod_cidrs: [10.244.0.0/16, fd12:3456::/64]\n"
        "  service_cidrs: [10.0.0.0/16, fd12:3457::/108]\n"
        "  private: true\n"
        "  private_dns_zone: System\n"
        "  api_server_subnet: net/hub/api\n"
        "  authorized_ranges: [20.0.0.1, 20.1.0.0/16]\n"
        "  needs: [network-policy=cilium, windows]\n"
        "  subnet: hub/nodes\n"
        "  pools:\n"
        "  - {name: a, nodes: 3, max_surge: 1, mode: system, subnet: hub/other}\n"
        "  - {name: b, nodes: 9, os: windows, priority: spot, max_surge: 33%}\n"
    ).clusters[0]
    assert [each.version for each in cluster.pod_cidrs] == [4, 6]
    assert cluster.assumed == ()
    assert cluster.needs == ("network-policy=cilium", "windows", "dual-stack")
    assert cluster.private_dns_zone == "system"
    assert cluster.vnet_integration
    assert not cluster.private_endpoint
    assert [str(each) for each in cluster.authorized_ranges] == [
        "20.0.0.1/32",
        "20.1.0.0/16",
    ]
    first, second = cluster.pools
    assert (first.max_surge, first.mode, first.subnet) == (
        Surge(1),
        "system",
        f"{NAMED}/hub/subnets/other",
    )
    assert (second.max_surge, second.surge) == (Surge(percent=33), Surge())
    assert second.subnet == f"{NAMED}/hub/subnets/nodes"


def test_a_declared_cluster_is_sized_as_any_other():
    # A /24 holds 251: 7 nodes of 30 pods and one more at an upgrade take 8 · 31 = 248.
    cluster = read(
        "clusters: [{name: c, model: cni-node-subnet,"
        " pools: [{name: p, nodes: 7, max_pods: 30, max_surge: 1}]}]"
    ).clusters[0]
    sizing = size_cluster(cluster, model=cluster.model)
    assert [each.addresses for each in sizing.node_subnets] == [248]


def test_pods_of_a_pod_subnet_model_have_their_subnet():
    cluster = read(
        "clusters: [{name: c, model: cni-dynamic, subnet: v/nodes, pod_subnet: v/pods,"
        " pools: [{name: p, nodes: 3, pods_per_node: 20}]}]"
    ).clusters[0]
    pool = cluster.pools[0]
    assert (pool.pods_per_node, pool.pod_subnet) == (20, f"{NAMED}/v/subnets/pods")


# Names


def test_a_name_that_one_vnet_has_is_that_vnet_whatever_its_capitals():
    found = together(
        "on_premises: [{name: dc, ranges: [10.0.0.0/8], attached_to: [HUB]}]",
        vnet("net", "hub"),
        vnet("net", "spoke"),
    )
    assert found.external_ranges[0].attached == (f"{AZURE.format('net')}/hub",)


def test_a_name_that_several_have_is_an_error_that_says_how_to_write_it():
    hubs = [vnet(f"g{number}", "hub") for number in range(7)]
    with pytest.raises(InventoryError) as caught:
        together("ipplan: 1\non_premises:\n- {name: x, ranges: [10.0.0.0/8],"
                 " attached_to: [hub]}", *hubs)  # fmt: skip
    assert str(caught.value) == (
        "p.yaml line 3: on_premises[0]: 'hub' fits several, write which: "
        "g0/hub, g1/hub, g2/hub, g3/hub, g4/hub, ..."
    )
    text = "groups: [{name: g, kind: virtual-wan, members: [g3/hub, G4/Hub]}]"
    assert together(text, *hubs).groups[0].members == (hubs[3].id, hubs[4].id)


def test_what_resource_groups_do_not_tell_apart_is_told_by_ids():
    first = vnet("net", "hub")
    other = replace(first, id=first.id.replace("/s1/", "/s2/"))
    text = "groups: [{name: g, kind: virtual-wan, members: [%s]}]"
    with pytest.raises(InventoryError, match=f"{first.id}, {other.id}$"):
        together(text % "net/hub", first, other)
    found = together(text % other.id.upper(), first, other)
    assert found.groups[0].members == (other.id,)


def test_a_vnet_of_the_same_name_declared_without_a_resource_group_is_told_by_id():
    declared = f"{HERE.format('<resource group of p.yaml>')}/hub"
    text = "vnets: [{name: hub, ranges: [10.0.0.0/16]}]\n"
    text += "jump_boxes: [{name: j, network: %s}]"
    with pytest.raises(InventoryError) as caught:
        together(text % "hub", vnet("net", "hub"))
    assert declared in str(caught.value)
    assert "net/hub" in str(caught.value)
    found = together(text % f'"{declared}"', vnet("net", "hub"))
    assert found.clients[0].network == declared


def test_a_name_that_nothing_has_is_among_what_was_not_seen():
    found = together(
        "on_premises: [{name: dc, ranges: [10.0.0.0/8], attached_to: [hub]}]\n"
        "groups: [{name: wan, kind: virtual-wan, members: [hub, net/hub]}]\n"
        "clusters: [{name: c, model: kubenet, subnet: hub/aks,"
        " pools: [{name: p, nodes: 1}]}]\n"
    )
    by_name = {each.id: each.named_by for each in found.unseen}
    assert list(by_name) == [
        f"{NAMED}/hub",
        f"{NAMED}/hub".replace(
            "/resourcegroups/<named in p.yaml>", "/resourcegroups/net"
        ),
    ]
    assert by_name[f"{NAMED}/hub"] == (found.clusters[0].id, "wan", "dc")
    assert found.coverage.named == ()


def test_a_vnet_that_only_a_peering_names_can_be_named_too():
    spoke = vnet("net", "spoke")
    hub = "/subscriptions/s9/resourcegroups/core/providers/microsoft.network"
    hub += "/virtualnetworks/hub"
    side = Peering(f"{spoke.id}/virtualnetworkpeerings/up", "up", hub)
    found = together(
        "groups: [{name: g, kind: virtual-wan, members: [hub]}]", spoke, peerings=[side]
    )
    assert found.groups[0].members == (hub,)


def test_odd_ids_in_other_files_are_nobodys_name():
    spoke = vnet("net", "spoke")
    side = Peering(f"{spoke.id}/virtualnetworkpeerings/up", "up", "hub")
    found = together(
        "groups: [{name: g, kind: virtual-wan, members: [hub]}]", spoke, peerings=[side]
    )
    assert found.groups[0].members == (f"{NAMED}/hub",)


def test_a_subnet_decides_between_vnets_of_one_name():
    first, second = vnet("g1", "hub"), vnet("g2", "hub")
    aks = Subnet(f"{second.id}/subnets/aks", "aks")
    text = (
        "clusters: [{name: c, model: kubenet, subnet: hub/aks, api_server_subnet: %s,"
        " pools: [{name: p, nodes: 1}]}]"
    )
    found = together(text % "g1/hub/api", first, second, subnets=[aks])
    cluster = found.clusters[0]
    assert cluster.pools[0].subnet == aks.id
    assert cluster.api_server_subnet == f"{first.id}/subnets/api"
    assert found.users[aks.id] == (cluster,)
    with pytest.raises(InventoryError, match="g1/hub/api, g2/hub/api"):
        together(text % "hub/api", first, second, subnets=[aks])


def test_a_mesh_joins_clusters_and_not_vnets_of_the_same_name():
    kind = "microsoft.containerservice/managedclusters"
    shop = f"/subscriptions/s1/resourcegroups/rg/providers/{kind}/shop"
    text = "groups: [{name: m, kind: pod-mesh, members: [shop]}]"
    known = Cluster("Shop", id=shop)
    found = together(text, vnet("rg", "shop"), clusters=[known])
    assert found.groups[0].members == (shop,)
    assert f"a pod-mesh joins resources of {kind}, not /sub" in one(
        f"groups: [{{name: m, kind: pod-mesh, members: [{vnet('rg', 'shop').id}]}}]"
    )


def test_a_client_stands_in_an_external_range_by_the_name_that_people_use():
    text = (
        "on_premises: [{name: Büro Köln, ranges: [10.0.0.0/8]}]\n"
        "jump_boxes: [{name: j, network: büro köln}]\n"
        "build_agents: [{name: j, network: %s}]\n"
    )
    assert together(text % "Büro Köln").clients[0].network == "Büro Köln"
    identity = vnet("net", "hub").id
    assert together(text % identity).clients[1].network == identity
    assert together(text % "hub").clients[1].network == f"{NAMED}/hub"
    with pytest.raises(InventoryError, match="fits several, write which: dc, net/dc"):
        together(
            "on_premises: [{name: dc, ranges: [10.0.0.0/8]}]\n"
            "jump_boxes: [{name: j, network: dc}]",
            vnet("net", "dc"),
        )


def test_an_intended_peering_is_the_one_that_azure_already_has():
    hub, spoke = vnet("net", "hub"), vnet("net", "spoke")
    identity = f"{hub.id}/virtualnetworkpeerings/to-the-spoke"
    is_now = Peering(identity, "to-the-spoke", spoke.id, "Connected")
    text = "peerings: [{between: [%s], forwarded_traffic: true}]"
    for pair in ("hub, net/spoke", f"{spoke.id}, {hub.id}"):
        found = together(text % pair, hub, spoke, peerings=[is_now])
        here, there = found.peerings
        assert (here.id, here.name, here.state) == (identity, is_now.name, "Connected")
        assert here.forwarded_traffic
        assert there.id == f"{spoke.id}/virtualnetworkpeerings/<to s1_net_hub>"
        (said,) = found.contradictions
        assert (said.field, said.kept) == (
            "forwarded_traffic",
            "True (p.yaml.peerings[0])",
        )


def test_peerings_of_a_vnet_that_nothing_has_stay_with_it():
    found = together("peerings: [{between: [hub, spoke]}]", vnet("net", "hub"))
    assert [each.id for each in found.unseen] == [f"{NAMED}/spoke"]
    assert len(list(found.peerings)) == 2


def test_an_estate_without_names_is_left_alone():
    hub = vnet("net", "hub")
    side = Peering(f"{hub.id}/virtualnetworkpeerings/x", "x", "/y")
    found = merge(Parts(vnets=[hub], peerings=[side], clusters=[Cluster("c", id="/c")]))
    assert resolved(found) is found
    assert resolved(Inventory()) == Inventory()


def test_all_that_fits_several_is_told_up_to_a_number():
    members = ", ".join(f"v{number}" for number in range(MOST_NAMES + 3))
    text = f"groups: [{{name: g, kind: network-manager, members: [{members}]}}]"
    twice = [vnet(g, f"v{n}") for g in "ab" for n in range(MOST_NAMES + 3)]
    with pytest.raises(InventoryError) as caught:
        together(text, *twice)
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (MOST_NAMES + 1, "and 3 more")


def test_a_name_without_a_line_is_told_with_its_file():
    parts = read("groups: [{name: g, kind: virtual-wan, members: [a]}]")
    origin = parts.groups[0].origin._replace(line=None)
    parts.groups = [replace(parts.groups[0], origin=origin)]
    parts.vnets = [vnet("x", "a"), vnet("y", "a")]
    with pytest.raises(InventoryError, match=re.escape("p.yaml: groups[0]: 'a' fits")):
        resolved(merge(parts))


def test_what_is_printed_is_read_back_to_the_same_inventory():
    found = together("\n".join(EXAMPLES[:1]), vnet("net", "spoke-a", "10.2.0.0/16"))
    document = json.loads(json.dumps(inventory_document(found)))
    again = resolved(merge(saved.read(Content("saved.json", "", document))))
    assert again == found
    # A name that is still open is looked up again when more is known.
    more = saved.read(Content("saved.json", "", document))
    more.vnets.append(vnet("net", "hub"))
    office = resolved(merge(more)).external_ranges[0]
    assert office.attached == (vnet("net", "hub").id,)


def test_names_fit_what_azure_exports_show(corpus):
    from ipplan.readers import azure
    from ipplan.readers.files import load

    folder = corpus / "azure-cli-recordings" / "az-cli" / "vnet-list"
    content = load(str(folder / "05-68vnets-api2024-05-01.json"))
    parts = Parts()
    decode(azure.read(content), content, parts)
    first = parts.vnets[0]
    parts.extend(read(
        f"jump_boxes: [{{name: j, network: {first.id.split('/')[4]}/{first.name}}}]"
    ))  # fmt: skip
    assert resolved(merge(parts)).clients[0].network == first.id
    # 23 VNets of that subscription are called vnet1, as the corpus' README counts.
    parts.extend(read("build_agents: [{name: b, network: vnet1}]"))
    with pytest.raises(InventoryError, match=r"'vnet1' fits several.*, \.\.\.$"):
        resolved(merge(parts))


# Address pools and service endpoints


POOLS = """
address_pools:
  - {name: azure, ranges: [10.64.0.0/12, "fd00:10::/40"]}
  - {name: pods, ranges: [100.64.0.0/10], use: pods}
vnets:
  - name: a
    ranges: [10.64.0.0/22]
    subnets:
      - name: s
        ranges: [10.64.0.0/24]
        service_endpoints: [Microsoft.Storage, Microsoft.Sql, Microsoft.Storage]
"""


def test_address_pools_have_their_use_and_their_line():
    azure, pods = together(POOLS).address_pools
    assert (azure.name, azure.use, azure.origin.line) == ("azure", "vnets", 3)
    assert [str(each) for each in azure.prefixes] == ["10.64.0.0/12", "fd00:10::/40"]
    assert (pods.name, pods.use, pods.origin.line) == ("pods", "pods", 4)
    assert pods.origin.path == ".address_pools[1]"


def test_address_pools_outlive_the_resolving_of_names():
    found = together(POOLS + "groups: [{name: g, kind: virtual-wan, members: [a]}]")
    assert len(found.address_pools) == 2


def test_service_endpoints_are_sorted_and_each_is_there_once():
    (subnet,) = together(POOLS).subnets
    assert subnet.service_endpoints == ("Microsoft.Sql", "Microsoft.Storage")


def test_address_pools_are_printed_read_back_and_redacted():
    found = together(POOLS)
    document = inventory_document(found)
    again = saved.read(Content("saved.json", "", document))
    assert merge(again) == found
    shared = redacted(found)
    assert [each.name for each in shared.address_pools] == [
        "address-pool-1",
        "address-pool-2",
    ]
    assert [each.prefixes for each in shared.address_pools] == [
        each.prefixes for each in found.address_pools
    ]


def test_of_two_pools_of_one_name_the_first_counts_and_the_other_is_told():
    parts = read("address_pools: [{name: a, ranges: [10.0.0.0/8]}]", "one.yaml")
    parts.extend(read("address_pools: [{name: A, ranges: [11.0.0.0/8]}]", "two.yaml"))
    found = merge(parts)
    assert [str(each) for each in found.address_pools[0].prefixes] == ["10.0.0.0/8"]
    assert "prefixes" in {each.field for each in found.contradictions}


@pytest.mark.parametrize(
    "ranges",
    ["[10.0.0.0/8], use: vnets}, {name: b, ranges: [11.0.0.0/8]",
     "[10.0.0.0/9, 10.128.0.0/9]", '["::/1", 0.0.0.0/0]'],
)  # fmt: skip
def test_pools_may_touch(ranges):
    read(f"address_pools: [{{name: a, ranges: {ranges}}}]")


@pytest.mark.parametrize(
    ("pools", "message"),
    [
        ("{name: a, ranges: [10.0.0.0/8]}, {name: b, ranges: [10.1.0.0/16]}",
         "address_pools: 10.1.0.0/16 of b lies in 10.0.0.0/8 of a"),
        ("{name: a, ranges: [10.1.0.0/16]}, {name: b, ranges: [10.0.0.0/8], use: pods}",
         "address_pools: 10.1.0.0/16 of a lies in 10.0.0.0/8 of b"),
        ("{name: a, ranges: [10.1.0.0/16, 10.1.0.0/16]}",
         "address_pools: 10.1.0.0/16 of a lies in 10.1.0.0/16 of a"),
        ("{name: a, ranges: [10.0.0.0/8]}, {name: A, ranges: [11.0.0.0/8]}",
         "address_pools: two are called A"),
        ("{name: a, ranges: []}",
         "address_pools[0].ranges: too few items, got a list of 0"),
        ("{name: a}", "address_pools[0].ranges: is missing"),
        ("{name: a/b, ranges: [10.0.0.0/8]}",
         ("address_pools[0].name: expected 1 to 80 plain characters, none of them /, "
         "got 'a/b'")),
        ("{name: a, ranges: [10.0.0.1/8]}",
         ("address_pools[0].ranges[0]: no host bits: did you mean 10.0.0.0/8?, got "
          "'10.0.0.1/8'")),
        ("{name: a, ranges: [10.0.0.0/8], use: nodes}",
         ("address_pools[0].use: must be 'vnets', 'pods' or 'services', got "
          "'nodes'")),
        ("{name: a, range: [10.0.0.0/8], ranges: [10.0.0.0/8]}",
         "address_pools[0].range: unknown key: did you mean ranges?"),
    ],
)  # fmt: skip
def test_pools_that_can_not_be_are_refused(pools, message):
    assert one(f"address_pools: [{pools}]") == f" line 1: {message}"


@pytest.mark.parametrize(
    "text", ["Microsoft.Storage", "Microsoft.Storage.Global", "Microsoft.AzureCosmosDB"]
)
def test_services_as_azure_spells_them(text):
    inner = f"{{name: s, ranges: [10.0.0.0/24], service_endpoints: [{text}]}}"
    parts = read(f"vnets: [{{name: a, ranges: [10.0.0.0/8], subnets: [{inner}]}}]")
    assert parts.subnets[0].service_endpoints == (text,)


@pytest.mark.parametrize(
    "text", ["Storage", "Microsoft.", "Microsoft.Sql/servers", "Microsoft.Sql\n", "''"]
)
def test_services_that_azure_does_not_spell_so_are_refused(text):
    inner = f'{{name: s, ranges: [10.0.0.0/24], service_endpoints: ["{text}"]}}'
    told = one(f"vnets: [{{name: a, ranges: [10.0.0.0/8], subnets: [{inner}]}}]")
    assert "service_endpoints[0]: expected one such as Microsoft.Storage" in told


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ipplan: 2", " line 1: ipplan: must be 1, got 2"),
        (
            "on_premise: []",
            " line 1: on_premise: unknown key: did you mean on_premises?",
        ),
        ("Vnets: []", " line 1: Vnets: unknown key: did you mean vnets?"),
        ("vnets:", " line 1: vnets: has no value: write one, or leave it out"),
        (
            "groups: {}",
            (
                " line 1: groups: expected a list, with - before each item or [ ]"
                " around them, got an object of 0"
            ),
        ),
        ("- vnets", " line 1: expected keys with values, got a list of 1"),
        ("vnets: [a]", " line 1: vnets[0]: expected keys with values, got 'a'"),
        (
            "owned_public_ranges:\n- 20.0.0.0/8\n- 10.0.0.4/16",
            (
                " line 3: owned_public_ranges[1]: no host bits: did you mean"
                " 10.0.0.0/16?, got '10.0.0.4/16'"
            ),
        ),
        (
            "owned_public_ranges: [10.5]",
            (
                " line 1: owned_public_ranges[0]: an IPv4 or IPv6 CIDR such as"
                " 10.0.0.0/16 or 2001:db8::/32, got 10.5"
            ),
        ),
        (
            "jump_boxes:\n- network: hub",
            " line 2: jump_boxes[0].name: is missing",
        ),
        (
            "jump_boxes:\n- network: hub\n  name: 007",
            (
                " line 3: jump_boxes[0].name: YAML takes 007 for a number in an unusual"
                ' spelling: write plain digits; where it is text, write "007" in quotes'
            ),
        ),
        (
            "jump_boxes: [{network: hub, name: 1.30}]",
            (
                ' line 1: jump_boxes[0].name: expected text, got 1.30: write "1.30" in'
                " quotes"
            ),
        ),
        (
            "jump_boxes: [{network: hub, name: no}]",
            (
                " line 1: jump_boxes[0].name: YAML takes no for true or false: write"
                ' true or false; where it is text, write "no" in quotes'
            ),
        ),
        (
            "jump_boxes: [{network: a/b/c/d, name: x}]",
            (
                " line 1: jump_boxes[0].network: expected 1 to 80 plain characters,"
                " none of them /, got 'a/b/c/d'"
            ),
        ),
        (
            "jump_boxes: [{network: a, name: x, dns_zones: [local]}]",
            (
                " line 1: jump_boxes[0].dns_zones[0]: expected a domain such as"
                " privatelink.example.com, got 'local'"
            ),
        ),
        (
            "groups: [{name: g, kind: vwan, members: [a]}]",
            (
                " line 1: groups[0].kind: must be 'virtual-wan', 'network-manager' or"
                " 'pod-mesh', got 'vwan'"
            ),
        ),
        (
            "groups: [{name: g, kind: virtual-wan, members: [a/b/c]}]",
            (
                " line 1: groups[0].members[0]: expected a VNet's name,"
                " resource-group/name, or its resource id or a cluster's name,"
                " resource-group/name, or its resource id, got 'a/b/c'"
            ),
        ),
        (
            "peerings: [{between: [a, A]}]",
            " line 1: peerings[0]: between: a VNet is not peered with itself",
        ),
        (
            "peerings: [{between: [a, b], gateway_transit: c}]",
            " line 1: peerings[0]: gateway_transit: expected one of a, b",
        ),
        (
            "peerings: [{between: [a, b], only_subnets: {a: [x]}}]",
            " line 1: peerings[0]: only_subnets: expected a list for a and b",
        ),
        (
            "peerings: [{between: [a, b], only_subnets: [x]}]",
            (
                " line 1: peerings[0].only_subnets: expected keys with values, got a"
                " list of 1"
            ),
        ),
        (
            "peerings: [{between: [a]}]",
            " line 1: peerings[0].between: too few items, got a list of 1",
        ),
        (
            "peerings: [{between: [a, b], forwarded_traffic: 1}]",
            " line 1: peerings[0].forwarded_traffic: expected true or false, got 1",
        ),
        (
            "peerings:\n- {between: [a, b]}\n- {between: [B, A]}",
            " line 1: peerings: two are called a and b",
        ),
        (
            "vnets: [{ranges: [10.0.0.0/8]}]",
            " line 1: vnets[0]: needs a name, or an id",
        ),
        (
            "vnets: [{id: /subscriptions/x, ranges: [10.0.0.0/8]}]",
            (
                " line 1: vnets[0].id: expected an id: /subscriptions/.../providers/"
                "microsoft.network/virtualnetworks/NAME, got '/subscriptions/x'"
            ),
        ),
        (
            f"vnets: [{{id: {AZURE.format('g')}/a, name: a, ranges: [10.0.0.0/8]}}]",
            (
                " line 1: vnets[0]: an id has the name and the resource group: leave"
                " those out"
            ),
        ),
        (
            "vnets: [{name: a b, ranges: [10.0.0.0/8]}]",
            " line 1: vnets[0].name: expected letters, digits and _ . - ( ), got 'a b'",
        ),
        (
            (
                'vnets: [{name: a, ranges: ["10.0.0.0/8"], subnets: '
                "[{name: s, ranges: [10.0.0.0/8], delegated_to: aks}]}]"
            ),
            (
                " line 1: vnets[0].subnets[0].delegated_to: expected a service as Azure"
                " spells it, got 'aks'"
            ),
        ),
        (
            'on_premises: [{name: "a\\e[31m", ranges: [10.0.0.0/8]}]',
            (
                " line 1: on_premises[0].name: expected 1 to 80 plain characters, none"
                " of them /, got 'a\\x1b[31m'"
            ),
        ),
        (
            'on_premises: [{name: "\\ud83d", ranges: [10.0.0.0/8]}]',
            None,
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_way_out(text, message):
    if message is None:  # libyaml and PyYAML refuse half a character in their own ways
        assert "p.yaml" in told(text)[0]
    else:
        assert one(text) == message


CLUSTER = "clusters: [{name: c, model: %s, pools: [{name: p, nodes: 3%s}]%s}]"


@pytest.mark.parametrize(
    ("model", "pool", "more", "message"),
    [
        ("overlay", "", "", "clusters[0].model: expected one of cni-overlay, kubenet"),
        ("kubenet", "", ", pod_cidr: 0.0.0.0/0", "0.0.0.0/0 is every address there is"),
        (
            "kubenet",
            "",
            ", pod_cidr: 10.0.0.0/8, pod_cidrs: [10.0.0.0/8]",
            "clusters[0]: pod_cidr or pod_cidrs, and not both",
        ),
        (
            "cni-node-subnet",
            "",
            ", pod_cidr: 10.0.0.0/8",
            "cni-node-subnet has no pod CIDR: pods live in the node subnet",
        ),
        (
            "cni-overlay",
            ", pod_subnet: a/b",
            "",
            "cni-overlay has no pod subnet: pods live in the pod CIDR",
        ),
        ("kubenet", ", max_surge: 200%", "", "got '200%'"),
        ("kubenet", ", max_pods: 3.5", "", "expected a whole number, got 3.5"),
        ("kubenet", ", max_pods: 99999999", "", "must be less than or equal to 65535"),
        ("kubenet", ", subnet: aks", "", "expected vnet/subnet, resource-group/vnet/"),
        ("kubenet", "}, {name: P, nodes: 1", "", "clusters[0].pools: two are called P"),
        ("kubenet", "", ", private_dns_zone: mine", "expected system, none, or a pri"),
        ("kubenet", "", ", needs: [wings]", "expected one of direct-pod-access, win"),
        ("kubenet", "", ", authorized_ranges: [1.2.3]", "got '1.2.3'"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(model, pool, more, message):
    assert message in one(CLUSTER % (model, pool, more))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: !!python/object/apply:os.system [x]",
            ("a: !!python/object/apply:os.system: tags are not read: leave it out"),
        ),
        ("a: !x y", "a: !x: tags are not read: leave it out"),
        ("a: &b [1]", "a: &b: anchors are not read: leave it out"),
        ("a: *b", "a: *b: aliases are not read: write it out again"),
        ("ipplan: 1\nipplan: 1", "ipplan: a second time; it stands on line 1 too"),
        (
            "a: 2024-01-01",
            (
                "a: YAML takes 2024-01-01 for a date; where it is text, "
                'write "2024-01-01" in quotes'
            ),
        ),
        (
            "a: 10:20",
            (
                "a: YAML takes 10:20 for a number in an unusual spelling: write "
                'plain digits; where it is text, write "10:20" in quotes'
            ),
        ),
        (
            "a: .nan",
            (
                "a: YAML takes .nan for a number in an unusual spelling: write "
                'plain digits; where it is text, write ".nan" in quotes'
            ),
        ),
        ("a: 0x1F", "write plain digits"),
        ("a: 1_000", "write plain digits"),
        ("a: " + "9" * 5000, 'write "' + "9" * 40 + '..." in quotes'),
        ("<<: {a: b}", "a key that is not text"),
        ("1: a", "a key that is not text"),
        ("[a]: b", "a key that is not text"),
        (
            "a: =",
            (
                'a: YAML takes = for a default value; where it is text, write "=" in '
                "quotes"
            ),
        ),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_surprises_of_yaml_are_refused(text, message, loader, monkeypatch):
    monkeypatch.setattr(trees, "_LOADER", getattr(yaml, loader))
    lines = told(text)
    assert any(message in line for line in lines)
    assert all(re.match(r"p\.yaml line \d+: ", line) for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", " line 1 column 5: not YAML: mapping values are not allowed"),
        (
            "vnets:\n\t- a",
            " line 2 column 1: not YAML: while scanning for the next tok",
        ),
        ("a: [", " column "),
        ("a: \x00", " line 1: not YAML: it has a control character"),
        ('\n"\\UFFFFFFFF"', ": not YAML: "),
        (
            "%YAML 9.0\n--- a",
            " line 1 column 1: not YAML: found incompatible YAML docu",
        ),
        ("ipplan: 1\n---\nipplan: 1", " line 2: a second document: make it a file"),
        ("a:" + " " * 2**20, ": more than 1,048,576 characters: split it into several"),
        ("a: " + "[" * 5000, " line 1: nested more than 12 levels deep"),
        ("".join(" " * n + "a:\n" for n in range(60)), "nested more than 12 levels"),
        ("? " * 5000, "nested more than 12 levels"),
        ("", " line 1: expected keys with values"),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_what_is_no_document_is_one_clear_line(text, message, loader, monkeypatch):
    monkeypatch.setattr(trees, "_LOADER", getattr(yaml, loader))
    assert message in one(text)


def test_all_mistakes_are_told_together_in_the_order_of_their_lines():
    lines = told(
        "ipplan: 1\n"
        "vnets:\n"
        "- {name: a, ranges: [10.0.0.1/8, 10.0.0.0/33], subnet: []}\n"
        "groups: [{name: yes, kind: x, members: [a]}]\n"
        "peerings: &x []\n"
        "clusters: [{name: c}]\n"
    )
    where = [line.split(": ")[:2] for line in lines]
    assert where == [
        ["p.yaml line 3", "vnets[0].ranges[0]"],
        ["p.yaml line 3", "vnets[0].ranges[1]"],
        ["p.yaml line 3", "vnets[0].subnet"],
        ["p.yaml line 4", "groups[0].name"],
        ["p.yaml line 4", "groups[0].kind"],
        ["p.yaml line 5", "peerings"],
        ["p.yaml line 6", "clusters[0].model"],
        ["p.yaml line 6", "clusters[0].pools"],
    ]


def test_of_very_many_mistakes_some_are_told_and_the_others_counted():
    lines = told("owned_public_ranges: [" + "x, " * 10_000 + "x]")
    assert (len(lines), lines[-1]) == (MOST_PROBLEMS + 1, "p.yaml: and 9981 more")


def test_a_key_of_any_length_is_told_in_short():
    line = one("k" * 1000 + ": 1\n")
    assert line.startswith(
        f' line 1: ["{"k" * 40}..."]: unknown key: there are ipplan,'
    )


def test_ipv6_and_numbers_are_read_as_they_look():
    text = "vnets: [{name: '1', ranges: [fd00::/48, '::/0', 2001:db8::/32]}]"
    spaces = [str(each) for each in read(text).vnets[0].prefixes]
    assert spaces == ["::/0", "2001:db8::/32", "fd00::/48"]


def test_an_alias_bomb_ends_at_once():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n"
        for n in range(20)
    )
    start = time.perf_counter()
    assert "anchors are not read" in told(bomb)[0]
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "on_premises:\n" + "- {name: a, ranges: [10.0.0.0/8]}\n" * 10_000,
        "vnets:\n" + "".join(f"- {{name: v{n}, ranges: [x]}}\n" for n in range(10_000)),
        "".join(f"key{n}: 1\n" for n in range(20_000)),
        "a: '" + "x" * 1_000_000 + "'",
        "a: " + "{" * 900_000,
        "- " * 500_000,
    ],
    ids=["twice", "wrong", "unknown", "long", "braces", "dashes"],
)
def test_a_hostile_file_ends_within_seconds(text):
    start = time.perf_counter()
    assert len(told(text)) <= MOST_PROBLEMS + 1
    assert time.perf_counter() - start < 20


@given(
    st.text(st.sampled_from("ab: -[]{},&*!|>'\"%@`#?\n\t\\xU0\x00é\x85"), max_size=60)
)
def test_no_text_ends_in_another_error(text):
    content = Content("p.yaml", text)
    plan.knows(content)
    with suppress(InventoryError):
        plan.read(content)


WORDS = sorted(
    {*plan.KEYS}
    | {
        key
        for each in plan.plan_schema()["$defs"].values()
        for key in each["properties"]
    }
)
VALUES = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 1.5, 10**30, "", "a", "a/b", "10.0.0.0/8", "::/0", "\ud800",
         "1", "yes", "cni-overlay", "cni-dynamic", "pod-mesh", "virtual-wan"]
    ),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(list(plan.KEYS)), VALUES))
def test_wrong_types_everywhere_are_told_and_never_a_traceback(document):
    text = json.dumps(document)  # which is YAML too
    with suppress(InventoryError):
        resolved(merge(read(text)))


names = st.sampled_from(["a", "b", "Hub", "spoke-1"])
ranges = st.lists(
    st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "fd00::/48"]), min_size=1, max_size=2
)
references = st.one_of(names, names.map("rg/{}".format))


@given(
    st.fixed_dictionaries(
        {
            "on_premises": st.lists(
                st.fixed_dictionaries(
                    {"name": names, "ranges": ranges},
                    optional={"attached_to": st.lists(references)},
                ),
                unique_by=lambda each: str(each["name"]),
            ),
            "vnets": st.lists(
                st.fixed_dictionaries({"name": names, "ranges": ranges}),
                unique_by=lambda each: str(each["name"]),
            ),
            "groups": st.lists(
                st.fixed_dictionaries(
                    {
                        "name": names,
                        "kind": st.sampled_from(["virtual-wan", "network-manager"]),
                        "members": st.lists(references, min_size=1),
                    }
                ),
                unique_by=lambda each: str(each["name"]),
            ),
        }
    )
)
def test_block_flow_and_json_spellings_hold_the_same_and_resolving_is_final(document):
    jsonschema.validate(document, plan.plan_schema())
    found = [
        resolved(merge(read(text)))
        for text in (
            json.dumps(document),
            yaml.safe_dump(document),
            yaml.safe_dump(document, default_flow_style=True, width=30),
        )
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0].vnets) == len(document["vnets"])
    assert resolved(found[0]) == found[0]
