import csv
import json
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.errors import InventoryError
from ipplan.inventory.merging import Parts, merge
from ipplan.readers.decoding import decode
from ipplan.readers.readings import (
    CLUSTER,
    PEERING,
    POOL,
    SUBNET,
    VNET,
    Content,
    Resource,
    Unresolved,
)
from ipplan.readers.terraform import knows, read
from ipplan.readers.terraform.instances import key_of, module_of

GROUP = "/subscriptions/<subscription of plan.json>/resourcegroups/rg"
REAL = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks"
LATER = Unresolved("known after apply")


def reading(document, file="plan.json"):
    return read(Content(file, "", document))


def is_known(document):
    return knows(Content("plan.json", "", document))


def corpus_reading(corpus, name):
    document = json.loads((corpus / name).read_bytes())
    assert is_known(document)
    return reading(document, f"some/folder/{name}")


def named(found, kind, name=None):
    """The one resource of a type, and of a name."""
    (only,) = [
        one
        for one in found.resources
        if one.type == kind and name in {None, one.fields["name"]}
    ]
    return only


def resource(address, values, mode="managed"):
    """A resource as ``planned_values`` lists it."""
    own, index = address, None
    if address.endswith("]"):
        own, _, key = address[:-1].rpartition("[")
        index = json.loads(key)
    kind, name = own.split(".")[-2:]
    item = {"address": address, "mode": mode, "type": kind, "name": name}
    return {**item, "index": index, "values": values}


def said(address, expressions, **more):
    """A resource as ``configuration`` lists it."""
    return {"address": address, "expressions": expressions, **more}


def refs(*names):
    """References as Terraform writes them: each with its own beginnings."""
    return {"references": list(names)}


def link(address):
    return refs(f"{address}.id", address)


def plan(resources, configuration=None, unknown=None, modules=None, **more):
    """A plan: what is planned, what is known after apply, and its configuration.

    ``resources`` and ``modules`` may be given flat: a module's are put in its place.
    """
    inner = [
        {"address": name, "resources": listed}
        for name, listed in (modules or {}).items()
    ]
    return {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {"resources": resources, "child_modules": inner}
        },
        "resource_changes": [
            {
                "address": address,
                "change": {"actions": ["create"], "after_unknown": marks},
            }
            for address, marks in (unknown or {}).items()
        ],
        "configuration": {"root_module": configuration or {}},
        **more,
    }


def vnet(address="azurerm_virtual_network.v", **values):
    known = {"name": "v", "resource_group_name": "rg", "address_space": ["10.0.0.0/8"]}
    return resource(address, {**known, **values})


def subnet(address, name="s", **values):
    known = {
        "name": name,
        "resource_group_name": "rg",
        "virtual_network_name": "v",
        "address_prefixes": ["10.0.0.0/24"],
    }
    return resource(address, {**known, **values})


def pool(address="azurerm_kubernetes_cluster_node_pool.p", **values):
    values = {"name": "p", **values}
    return resource(address, values)


def pool_link(expression, resources, configuration=None, modules=None, each=None):
    """What a node pool's subnet is, known after apply and set by an expression."""
    address = "azurerm_kubernetes_cluster_node_pool.p"
    own = said(address, {"vnet_subnet_id": expression, "name": {}})
    configuration = {"resources": [own], **(configuration or {})}
    if each:
        own["for_each_expression"] = each
        address += '["a"]'
    document = plan(
        [*resources, pool(address)],
        configuration,
        {address: {"vnet_subnet_id": True}},
        modules,
    )
    return named(reading(document), POOL).fields.get("vnetSubnetID")


# ---------------------------------------------------------------- the corpus


def rows(corpus):
    lines = (corpus / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(lines, delimiter="\t"):
        if row["kind"] in {"tf-plan", "tf-state"}:
            kinds = ("vnets", "subnets", "clusters", "peerings")
            yield row["local file"], tuple(int(row[kind]) for kind in kinds)


FEWER_SUBNETS = {
    "tf-plans/tfplan2md-firewall3.json": 1,  # in the VNet's block, and by itself
    "tf-state/tfplan2md-firewall3-state.json": 1,  # likewise
    "tf-plans/zodiac-duplicated/devops-main-infrastructure-azure.json": 2,  # README 20
}


def test_counts_agree_with_the_index_of_the_corpus(corpus):
    found = {}
    for name, literal in rows(corpus):
        result = corpus_reading(corpus, name)
        assert not result.skipped
        assert not result.incomplete
        count = Counter(one.type for one in result.resources)
        vnets, subnets, clusters, peerings = literal
        expected = (vnets, subnets - FEWER_SUBNETS.get(name, 0), clusters, peerings)
        got = tuple(count[kind] for kind in (VNET, SUBNET, CLUSTER, PEERING))
        found[name] = (got, expected)
    assert len(found) == 16
    assert all(got == expected for got, expected in found.values()), found


def test_ids_are_told_apart_and_every_link_within_a_file_meets_its_resource(corpus):
    links = 0
    for name, _ in rows(corpus):
        result = corpus_reading(corpus, name)
        ids = [one.id for one in result.resources]
        assert len(ids) == len(set(ids))
        for one in result.resources:
            assert one.id == one.id.lower()
            for each in one.fields.get("agentPoolProfiles", []):
                for key in {"vnetSubnetID", "podSubnetID"} & each.keys():
                    if isinstance(each[key], str):
                        assert each[key] in ids
                        links += 1
            if one.type == SUBNET:
                assert one.id.rpartition("/subnets/")[0] in ids
    assert links == 8


def test_case_4_a_peer_from_a_data_source_is_said_not_guessed(corpus):
    name = "tf-plans/zodiac/terraform-aks-eks-clusters-main-terraform-azure.json"
    found = corpus_reading(corpus, name)
    cluster = named(found, CLUSTER).fields
    assert cluster["networkProfile"]["serviceCidr"] == "10.0.1.0/24"
    assert "vnetSubnetID" not in cluster["agentPoolProfiles"][0]
    words = "data.azurerm_resources.vnet.resources[0]"
    there = named(found, PEERING, "test-mind-io-appgw-to-aks")
    remote = there.fields["remoteVirtualNetwork"]["id"]
    assert remote == Unresolved(f"{words}.id known after apply")
    back = named(found, PEERING, "test-mind-io-aks-to-appgw")
    assert back.fields["remoteVirtualNetwork"]["id"] == named(found, VNET).id
    assert f"/virtualnetworks/<{words}.name>/virtualnetworkpeerings/" in back.id
    group = "mc_test-mind-io-resource-group_test-mind-io-aks-cluster_westus2"
    assert f"/resourcegroups/{group}/" in back.id
    assert there.id.startswith(f"{named(found, VNET).id}/virtualnetworkpeerings/")


def test_case_5_without_a_network_profile_there_is_none(corpus):
    found = corpus_reading(corpus, "tf-plans/zodiac/iac-master-azure.json")
    assert named(found, VNET).fields["addressSpace"] == {
        "addressPrefixes": ["10.0.0.0/8"]
    }
    cluster = named(found, CLUSTER).fields
    assert "networkProfile" not in cluster
    (only,) = cluster["agentPoolProfiles"]
    assert only["count"] == 1
    assert only["vnetSubnetID"] == named(found, SUBNET).id
    assert named(found, SUBNET).fields["addressPrefixes"] == ["10.240.0.0/16"]


def test_case_6_links_lead_through_variables_and_outputs_of_modules(corpus):
    found = corpus_reading(corpus, "tf-plans/zodiac/infrastructure-main-terraform.json")
    (only,) = named(found, CLUSTER).fields["agentPoolProfiles"]
    assert only["vnetSubnetID"] == named(found, SUBNET, "clusterSubnet").id
    pairs = {
        (one.id.partition("/virtualnetworkpeerings/")[0], one.fields[remote]["id"])
        for remote in ["remoteVirtualNetwork"]
        for one in found.resources
        if one.type == PEERING
    }
    one, other = (
        named(found, VNET, "ApiVnet").id,
        named(found, VNET, "myClusterVnet").id,
    )
    assert pairs == {(one, other), (other, one)}


def test_case_7_what_azure_chooses_is_not_there(corpus):
    found = corpus_reading(corpus, "tf-plans/zodiac/aks-main-terraform.json")
    cluster = named(found, CLUSTER)
    assert cluster.where == ".planned_values.root_module.resources[1]"
    assert cluster.id == (
        "/subscriptions/<subscription of aks-main-terraform.json>/resourcegroups/"
        "gordion-rg/providers/microsoft.containerservice/managedclusters/"
        "gordion-aks-cluster"
    )
    assert cluster.fields["networkProfile"] == {
        "networkPlugin": "azure",
        "serviceCidr": "10.0.4.0/24",
        "dnsServiceIP": "10.0.4.10",
        "outboundType": "loadBalancer",
    }
    assert cluster.fields["agentPoolProfiles"] == [
        {
            "name": "default",
            "mode": "System",
            "osType": "Linux",
            "type": "VirtualMachineScaleSets",
            "count": 2,
            "vnetSubnetID": named(found, SUBNET, "aks-sn").id,
        }
    ]


def test_case_8_the_same_count_index_is_the_same_instance(corpus):
    found = corpus_reading(corpus, "tf-plans/zodiac/agw-kv-cert-tf-main.json")
    (only,) = named(found, CLUSTER).fields["agentPoolProfiles"]
    assert only["vnetSubnetID"] == named(found, SUBNET, "node-subnet").id
    assert only["podSubnetID"] == named(found, SUBNET, "pod-subnet").id
    assert "maxPods" not in only
    assert "podIPAllocationMode" not in only
    assert named(found, SUBNET, "pod-subnet").fields["delegations"] == [
        {
            "name": "aks-delegation",
            "serviceName": "Microsoft.ContainerService/managedClusters",
        }
    ]


def test_case_19_changes_tell_what_will_be(corpus):
    found = corpus_reading(corpus, "tf-plans/tfplan2md-comprehensive.json")
    spaces = {
        one.fields["name"]: one.fields["addressSpace"]["addressPrefixes"]
        for one in found.resources
        if one.type == VNET
    }
    assert spaces == {
        "vnet-hub": ["10.0.0.0/16"],
        "vnet-spoke": ["10.1.0.0/16"],
        "vnet-branch": ["10.2.0.0/16", "10.3.0.0/16"],
    }
    replaced = named(found, SUBNET, "snet-db")
    assert replaced.fields["addressPrefixes"] == ["10.1.20.0/24"]
    assert replaced.where == ".resource_changes[18].change.after"
    assert found.proposed


def test_case_20_what_is_listed_twice_counts_once(corpus):
    name = "devops-main-infrastructure-azure.json"
    twice = corpus_reading(corpus, f"tf-plans/zodiac-duplicated/{name}")
    prefixes = [
        one.fields["addressPrefixes"] for one in twice.resources if one.type == SUBNET
    ]
    assert sorted(prefixes) == [[f"10.1.{number}.0/24"] for number in (1, 2, 3, 4)]
    once = corpus_reading(corpus, f"tf-plans/zodiac/{name}")
    assert sorted(one.id for one in once.resources) == sorted(
        one.id for one in twice.resources
    )


def test_an_update_by_azapi_is_part_of_the_cluster_that_it_updates(corpus):
    found = corpus_reading(corpus, "tf-plans/zodiac/aks-fos-main.json")
    cluster = named(found, CLUSTER).fields
    assert cluster["kubernetesVersion"] == "1.29"
    assert cluster["networkProfile"]["networkPolicy"] == "azure"
    (only,) = cluster["agentPoolProfiles"]
    assert (only["minCount"], only["maxCount"], only["maxPods"]) == (1, 2, 100)
    assert (
        only["vnetSubnetID"] == LATER
    )  # a dynamic block, of which a plan says nothing
    words = Unresolved("module.aks.local.cluster_name known after apply")
    assert cluster["name"] == words
    assert named(found, SUBNET).id == (
        "/subscriptions/<subscription of aks-fos-main.json>/resourcegroups/"
        "<local.resource_group.name>/providers/microsoft.network/virtualnetworks/"
        "<azurerm_virtual_network.test[0].name>/subnets/<azurerm_subnet.test[0].name>"
    )


def test_route_tables_and_network_security_groups_come_by_association(corpus):
    name = "tf-plans/zodiac/terraform-azure-main-appgw-with-privateendpoint.json"
    found = corpus_reading(corpus, name)
    tables = {
        one.fields["name"]: one.fields["routeTable"]["id"].rpartition("/")[2]
        for one in found.resources
        if "routeTable" in one.fields
    }
    assert tables == {"AzureFirewallSubnet": "route-azfw", "snet-vm": "rt-fe-vm"}
    groups = [
        one.fields["networkSecurityGroup"]["id"].rpartition("/")[2]
        for one in found.resources
        if "networkSecurityGroup" in one.fields
    ]
    assert groups == ["nsg-bastion", "nsg-bastion-frontend"]


def test_a_state_is_observed_and_has_azures_own_ids(corpus):
    shown = corpus_reading(corpus, "tf-state/tfplan2md-firewall3-state.json")
    assert not shown.proposed
    assert named(shown, SUBNET).where == ".values.root_module.resources[5]"
    (inline,) = named(shown, VNET).fields["subnets"]
    assert inline["id"] == named(shown, SUBNET).id
    raw = corpus_reading(corpus, "tf-state/inframap-azure.tfstate")
    assert not raw.proposed
    peering = named(raw, PEERING)
    assert peering.where == ".resources[4].instances[0].attributes"
    assert (
        peering.fields["remoteVirtualNetwork"]["id"] == named(raw, VNET, "myVnet2").id
    )
    assert "addressSpace" not in named(raw, VNET, "myVnet").fields


# ------------------------------------------------------- what is a plan or state


@pytest.mark.parametrize(
    "document",
    [
        {"format_version": "1.0"},  # terraform show -json of an empty state
        {"format_version": "1.0", "terraform_version": "1.9.4", "values": {}},
        {"format_version": "1.2", "planned_values": {}, "timestamp": "2025"},
        {"resource_changes": []},
        {"version": 4, "terraform_version": "1.9.4", "serial": 1, "resources": []},
    ],
)
def test_plans_and_states_are_known(document):
    assert is_known(document)
    assert not reading(document).resources


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"value": []},
        {"values": {"root_module": {}}},
        {"format_version": "1.0", "provider_schemas": {}},
        {"format_version": "1.0", "valid": True, "diagnostics": []},
        {"version": "4", "terraform_version": "", "serial": 1},
        {"resource_changes": {}},
        {"$schema": "deploymentTemplate", "contentVersion": "1.0.0.0", "resources": []},
    ],
)
def test_other_json_is_not(document):
    assert not is_known(document)


def test_an_old_state_is_refused_with_a_way_out():
    old = {"version": 3, "terraform_version": "0.11", "serial": 1, "modules": []}
    assert is_known(old)
    with pytest.raises(InventoryError, match=r"version 3.*terraform show -json"):
        reading(old)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"errored": True}, "error"),
        ({"complete": False}, "not complete"),
        ({"deferred_changes": [{}, {}]}, "2 changes"),
        ({"errored": False, "complete": True, "deferred_changes": []}, None),
    ],
)
def test_a_plan_says_what_it_lacks(more, words):
    told = reading(plan([vnet()], **more)).incomplete
    assert [words in one for one in told] == ([True] if words else [])


@pytest.mark.parametrize(
    ("actions", "there"),
    [
        (["create"], True),
        (["update"], True),
        (["no-op"], True),
        (["read"], True),
        (["delete", "create"], True),
        (["create", "delete"], True),
        (["create", "forget"], True),
        (["delete"], False),
        (["forget"], False),
    ],
)
def test_only_what_stays_counts_of_changes(actions, there):
    values = vnet()["values"]
    change = {
        **vnet(),
        "change": {"actions": actions, "after": values, "after_unknown": {"id": True}},
    }
    assert len(reading({"resource_changes": [change]}).resources) == there


def test_deposed_objects_are_no_resources_of_a_plan_and_told_of_a_state():
    values = {**vnet()["values"], "id": f"{REAL}/v"}
    gone = {
        **vnet(),
        "deposed": "1",
        "change": {"actions": ["create"], "after": values},
    }
    assert not reading({"resource_changes": [gone]}).resources
    state = {
        "version": 4,
        "terraform_version": "1.9",
        "serial": 1,
        "resources": [
            {
                "module": "module.a",
                "mode": "managed",
                "type": "azurerm_virtual_network",
                "name": "v",
                "instances": [
                    {"index_key": "x", "attributes": values, "deposed": "0123"},
                    {"index_key": "x", "attributes": values},
                    {"index_key": 1, "attributes": {**values, "id": f"{REAL}/w"}},
                ],
            },
            {"mode": "data", "type": "azurerm_subnet", "name": "s", "instances": [{}]},
            7,
        ],
    }
    found = reading(state)
    assert [one.id for one in found.resources] == [
        f"{REAL}/v".lower(),
        f"{REAL}/w".lower(),
    ]
    assert [one.where for one in found.skipped] == [
        ".resources[0].instances[0].attributes",
        ".resources[1].instances[0].attributes",
        ".resources[2]",
    ]
    assert found.skipped[0].reason.startswith('module.a.azurerm_virtual_network.v["x"]')
    assert found.skipped[1].reason == "data.azurerm_subnet.s has no values"


# ------------------------------------------------------------------ attributes


def test_version_3_and_version_4_of_azurerm_say_the_same():
    three = {
        "name": "c",
        "resource_group_name": "rg",
        "private_cluster_enabled": True,
        "api_server_authorized_ip_ranges": ["1.2.3.4/32"],
        "api_server_access_profile": [
            {"vnet_integration_enabled": True, "subnet_id": f"{REAL}/v/subnets/API"}
        ],
        "default_node_pool": [
            {"name": "d", "enable_auto_scaling": True, "min_count": 1, "max_count": 3}
        ],
        "network_profile": [{"network_plugin": "azure", "ebpf_data_plane": "cilium"}],
    }
    four = {
        **three,
        "api_server_authorized_ip_ranges": None,
        "api_server_access_profile": [
            {
                "authorized_ip_ranges": ["1.2.3.4/32"],
                "virtual_network_integration_enabled": True,
                "subnet_id": f"{REAL}/v/subnets/API",
            }
        ],
        "default_node_pool": [
            {"name": "d", "auto_scaling_enabled": True, "min_count": 1, "max_count": 3}
        ],
        "network_profile": [
            {"network_plugin": "azure", "network_data_plane": "cilium"}
        ],
    }
    found = [
        named(reading(plan([resource("azurerm_kubernetes_cluster.c", one)])), CLUSTER)
        for one in (three, four)
    ]
    assert found[0] == found[1]
    assert found[0].fields == {
        "name": "c",
        "apiServerAccessProfile": {
            "enablePrivateCluster": True,
            "authorizedIPRanges": ["1.2.3.4/32"],
            "enableVnetIntegration": True,
            "subnetId": f"{REAL}/v/subnets/api".lower(),
        },
        "agentPoolProfiles": [
            {
                "name": "d",
                "mode": "System",
                "osType": "Linux",
                "enableAutoScaling": True,
                "minCount": 1,
                "maxCount": 3,
            }
        ],
        "networkProfile": {"networkPlugin": "azure", "networkDataplane": "cilium"},
    }


def test_the_rest_of_a_cluster_has_arms_names():
    values = {
        "name": "c",
        "location": "westeurope",
        "kubernetes_version": "1.31",
        "node_resource_group": "nodes",
        "sku_tier": "Standard",
        "identity": [{"type": "UserAssigned", "identity_ids": ["/x", 3]}],
        "aci_connector_linux": [{"subnet_name": "virtual"}],
        "ingress_application_gateway": [{"subnet_id": f"{REAL}/v/subnets/g"}],
        "addon_profile": [{"aci_connector_linux": [{"enabled": False}]}],
        "network_profile": [
            {
                "network_plugin": "azure",
                "network_plugin_mode": "overlay",
                "pod_cidr": "10.244.0.0/16",
                "pod_cidrs": ["10.244.0.0/16", "fd00::/56"],
                "service_cidrs": ["10.0.0.0/16"],
                "ip_versions": ["IPv4", "IPv6"],
                "docker_bridge_cidr": "172.17.0.1/16",
                "network_policy": "",
            }
        ],
        "default_node_pool": [
            {"name": "d", "upgrade_settings": [{"max_surge": "10%"}]}
        ],
    }
    state = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [resource("azurerm_kubernetes_cluster.c", values)]
            }
        },
    }
    fields = named(reading(state), CLUSTER).fields
    assert fields["sku"] == {"tier": "Standard"}
    assert fields["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": {"/x": {}},
    }
    assert fields["networkProfile"] == {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "podCidr": "10.244.0.0/16",
        "podCidrs": ["10.244.0.0/16", "fd00::/56"],
        "serviceCidrs": ["10.0.0.0/16"],
        "ipFamilies": ["IPv4", "IPv6"],
    }
    assert fields["agentPoolProfiles"][0]["upgradeSettings"] == {"maxSurge": "10%"}
    assert fields["addonProfiles"] == {
        "ACIConnectorLinux": {"enabled": False, "config": {}},
        "ingressApplicationGateway": {
            "enabled": True,
            "config": {"subnetId": f"{REAL}/v/subnets/g".lower()},
        },
    }
    assert (fields["kubernetesVersion"], fields["nodeResourceGroup"]) == (
        "1.31",
        "nodes",
    )


def test_inline_subnets_have_ids_of_their_own_and_both_spellings_of_prefixes():
    inline = [
        {"name": "three", "address_prefix": "10.0.1.0/24", "security_group": "/NSG"},
        {
            "name": "four",
            "address_prefixes": ["10.0.2.0/24"],
            "id": f"{REAL}/v/subnets/4",
        },
        {"address_prefixes": ["10.0.3.0/24"]},
    ]
    found = named(reading(plan([vnet(subnet=inline, dns_servers=["10.0.0.4"])])), VNET)
    start = f"{GROUP}/providers/{VNET}/v/subnets"
    assert found.fields["subnets"] == [
        {
            "id": f"{start}/three",
            "name": "three",
            "addressPrefixes": ["10.0.1.0/24"],
            "networkSecurityGroup": {"id": "/nsg"},
        },
        {
            "id": f"{REAL}/v/subnets/4".lower(),
            "name": "four",
            "addressPrefixes": ["10.0.2.0/24"],
        },
        {
            "id": f"{start}/<azurerm_virtual_network.v.subnet[2]>",
            "addressPrefixes": ["10.0.3.0/24"],
        },
    ]
    assert found.fields["dhcpOptions"] == {"dnsServers": ["10.0.0.4"]}


def test_inline_subnets_known_after_apply_are_said():
    document = plan(
        [vnet()],
        {"resources": [said("azurerm_virtual_network.v", {"subnet": refs("local.s")})]},
        {"azurerm_virtual_network.v": {"subnet": True}},
    )
    later = Unresolved("local.s known after apply")
    assert named(reading(document), VNET).fields["subnets"] == later


def test_a_pool_of_ip_addresses_is_an_allocation_without_prefixes():
    wanted = [{"id": "/Pool", "number_of_ip_addresses": "256"}]
    document = plan(
        [vnet(address_space=None, ip_address_pool=wanted)],
        {
            "resources": [
                said(
                    "azurerm_virtual_network.v",
                    {"ip_address_pool": [{"id": {"constant_value": "/Pool"}}]},
                )
            ]
        },
        {"azurerm_virtual_network.v": {"address_space": True}},
    )
    assert named(reading(document), VNET).fields["addressSpace"] == {
        "ipamPoolPrefixAllocations": [
            {"numberOfIpAddresses": "256", "pool": {"id": "/pool"}}
        ]
    }


def test_a_list_known_in_part_has_words_for_the_rest():
    document = plan(
        [vnet(address_space=["10.0.0.0/8", None])],
        None,
        {"azurerm_virtual_network.v": {"address_space": [False, True]}},
    )
    space = named(reading(document), VNET).fields["addressSpace"]["addressPrefixes"]
    assert space == ["10.0.0.0/8", LATER]


def test_the_oldest_subnets_have_one_prefix():
    old = subnet(
        "azurerm_subnet.s", address_prefixes=None, address_prefix="10.0.0.0/24"
    )
    found = named(reading(plan([old])), SUBNET)
    assert found.fields["addressPrefixes"] == ["10.0.0.0/24"]
    bare = subnet("azurerm_subnet.s", address_prefixes=None)
    assert "addressPrefixes" not in named(reading(plan([bare])), SUBNET).fields


def test_a_peering_has_arms_names():
    values = {
        "name": "p",
        "resource_group_name": "rg",
        "virtual_network_name": "v",
        "remote_virtual_network_id": f"{REAL}/Other",
        "allow_gateway_transit": True,
        "peer_complete_virtual_networks_enabled": False,
        "only_ipv6_peering_enabled": False,
        "local_subnet_names": ["a"],
        "remote_subnet_names": ["b"],
    }
    found = reading(plan([resource("azurerm_virtual_network_peering.p", values)]))
    assert named(found, PEERING) == Resource(
        PEERING,
        f"{GROUP}/providers/{VNET}/v/virtualnetworkpeerings/p",
        {
            "name": "p",
            "remoteVirtualNetwork": {"id": f"{REAL}/other".lower()},
            "allowGatewayTransit": True,
            "peerCompleteVnets": False,
            "enableOnlyIPv6Peering": False,
            "localSubnetNames": ["a"],
            "remoteSubnetNames": ["b"],
        },
        ".planned_values.root_module.resources[0]",
    )


def test_associations_reach_inline_subnets_and_say_where_they_do_not_reach():
    start = "azurerm_subnet_nat_gateway_association"
    inline = vnet(subnet=[{"name": "a"}, {"name": "b"}, 5])
    nat = {"nat_gateway_id": "/NAT"}
    to_a = {**nat, "subnet_id": f"{GROUP}/providers/{VNET}/v/subnets/a"}
    lost = f"{start}.lost"
    document = plan(
        [
            inline,
            resource(f"{start}.a", to_a),
            resource(lost, nat),
            resource("x.y", {}),
        ],
        {"resources": [said(lost, {"subnet_id": refs("local.s")})]},
    )
    found = reading(document)
    first, second = named(found, VNET).fields["subnets"]
    assert first["natGateway"] == {"id": "/nat"}
    assert "natGateway" not in second
    (skipped,) = found.skipped
    assert skipped.where == ".planned_values.root_module.resources[2]"
    assert "local.s known after apply" in skipped.reason


# ------------------------------------------------------------------------- ids


def test_a_subnet_is_below_the_vnet_that_is_referenced_not_the_one_so_named():
    twice = [
        vnet("azurerm_virtual_network.a", id=f"{REAL}/v"),
        vnet("azurerm_virtual_network.b"),
        subnet("azurerm_subnet.s"),
    ]
    expression = refs("azurerm_virtual_network.a.name", "azurerm_virtual_network.a")
    by_name = plan(twice)
    by_reference = plan(
        twice,
        {"resources": [said("azurerm_subnet.s", {"virtual_network_name": expression})]},
    )
    found = named(reading(by_reference), SUBNET)
    assert found.id == f"{REAL}/v/subnets/s".lower()
    unsure = named(reading(by_name), SUBNET)
    assert unsure.id == f"{GROUP}/providers/{VNET}/<one of 2 named v>/subnets/s"


def test_a_name_that_only_one_vnet_of_the_file_has_means_it():
    one = [
        vnet(id=f"{REAL}/v"),
        subnet("azurerm_subnet.s"),
        subnet("azurerm_subnet.t", "t"),
    ]
    found = reading(plan(one))
    assert named(found, SUBNET, "t").id == f"{REAL}/v/subnets/t".lower()
    alone = reading(plan([subnet("azurerm_subnet.s")]))
    assert named(alone, SUBNET).id == f"{GROUP}/providers/{VNET}/v/subnets/s"


def test_two_vnets_of_one_name_and_group_are_two():
    hubs = [vnet("azurerm_virtual_network.a"), vnet("azurerm_virtual_network.b")]
    found = reading(plan(hubs))
    assert [one.id for one in found.resources] == [
        f"{GROUP}/providers/{VNET}/v",
        f"{GROUP}/providers/{VNET}/v".replace(
            "plan.json", "plan.json for azurerm_virtual_network.b"
        ),
    ]


def test_a_group_is_named_by_its_reference_or_by_who_is_in_it():
    resources = [
        resource("azurerm_resource_group.main", {}),
        vnet("azurerm_virtual_network.a", resource_group_name=None),
        vnet("azurerm_virtual_network.b", resource_group_name=None),
        vnet("azurerm_virtual_network.c", resource_group_name=None),
    ]
    group = refs("azurerm_resource_group.main.name", "azurerm_resource_group.main")
    other = refs('local.names["a/b"]', "local.names")
    configuration = {
        "resources": [
            said("azurerm_virtual_network.a", {"resource_group_name": group}),
            said("azurerm_virtual_network.b", {"resource_group_name": other}),
        ]
    }
    found = reading(plan(resources, configuration))
    assert [one.id.split("/")[4] for one in found.resources] == [
        "<azurerm_resource_group.main.name>",
        '<local.names["a%2fb"]>',
        "<resource group of azurerm_virtual_network.c>",
    ]


def test_a_pool_is_below_its_cluster():
    cluster = resource(
        "azurerm_kubernetes_cluster.c", {"name": "C", "resource_group_name": "rg"}
    )
    address = "azurerm_kubernetes_cluster_node_pool.p"
    own = said(address, {"kubernetes_cluster_id": link("azurerm_kubernetes_cluster.c")})
    found = reading(plan([pool(), cluster], {"resources": [own]}))
    above = named(found, CLUSTER).id
    assert named(found, POOL).id == f"{above}/agentpools/p"
    known = reading(plan([pool(kubernetes_cluster_id="/Known")]))
    assert named(known, POOL).id == "/known/agentpools/p"
    lost = named(reading(plan([pool()])), POOL).id
    assert lost == (
        f"/subscriptions/<subscription of plan.json>/resourcegroups/<resource group of "
        f"{address}>/providers/{CLUSTER}/<parent of {address}>/agentpools/p"
    )


# ----------------------------------------------------------------------- links

SUBNETS = f"{GROUP}/providers/{VNET}/v/subnets"


def test_a_reference_leads_to_an_instance_by_its_index():
    two = [subnet(f"azurerm_subnet.s[{i}]", f"s{i}") for i in (0, 1)]
    names = [f"azurerm_subnet.s[1]{end}" for end in (".id", "")]
    assert pool_link(refs(*names, "azurerm_subnet.s"), two) == f"{SUBNETS}/s1"
    missing = pool_link(refs("azurerm_subnet.s[7].id"), two)
    assert missing == Unresolved("azurerm_subnet.s[7].id known after apply")


@pytest.mark.parametrize("name", ["each.key", "count.index"])
def test_the_same_key_is_the_same_instance(name):
    two = [subnet(f'azurerm_subnet.s["{key}"]', key) for key in "ab"]
    each = refs("local.pools")
    expression = refs("azurerm_subnet.s", name)
    assert pool_link(expression, two, each=each) == f"{SUBNETS}/a"


def test_each_value_of_instances_is_the_instance_of_the_same_key():
    two = [subnet(f'azurerm_subnet.s["{key}"]', key) for key in "ab"]
    expression = refs("each.value.id", "each.value")
    assert pool_link(expression, two, each=refs("azurerm_subnet.s")) == f"{SUBNETS}/a"
    lost = pool_link(expression, two, each=refs("local.pools"))
    assert lost == Unresolved("local.pools.id known after apply")
    nothing = pool_link(expression, two)
    assert nothing == Unresolved("each.value.id known after apply")


def test_several_candidates_are_told_and_none_is_taken():
    two = [subnet(f"azurerm_subnet.{key}", key) for key in "ab"]
    expression = refs(
        "local.first",
        "azurerm_subnet.a.id",
        "azurerm_subnet.a",
        "azurerm_subnet.b.id",
        "azurerm_subnet.b",
        "local.more",
    )
    assert pool_link(expression, two) == Unresolved(
        "local.first, azurerm_subnet.a.id, azurerm_subnet.b.id, … known after apply"
    )
    splat = [subnet(f"azurerm_subnet.s[{i}]", f"s{i}") for i in (0, 1)]
    assert pool_link(refs("azurerm_subnet.s"), splat) == Unresolved(
        "azurerm_subnet.s[0], azurerm_subnet.s[1] known after apply"
    )
    assert pool_link(refs("azurerm_subnet.s"), splat[:1]) == f"{SUBNETS}/s0"


def test_what_an_expression_names_and_is_known_is_not_what_is_unknown():
    one = [subnet("azurerm_subnet.a", "a", enabled=True)]
    expression = refs("var.on", *link("azurerm_subnet.a")["references"])
    expression["references"] += ["azurerm_subnet.a.enabled", "path.module"]
    assert pool_link(expression, one) == f"{SUBNETS}/a"


def test_what_all_comes_from_known_values_is_set_to_nothing():
    assert pool_link(refs("var.subnet_id"), []) is None


def test_only_a_subnet_is_a_subnet():
    lost = pool_link(link("azurerm_virtual_network.v"), [vnet()])
    assert lost == Unresolved("azurerm_virtual_network.v.id known after apply")
    odd = pool_link(refs("local"), [])
    assert odd == Unresolved("local known after apply")
    other = pool_link(
        link("azurerm_public_ip.x"), [resource("azurerm_public_ip.x", {})]
    )
    assert other == Unresolved("azurerm_public_ip.x.id known after apply")


def inline_link(*subnets):
    document = plan(
        [vnet(subnet=list(subnets)), pool()],
        {
            "resources": [
                said(
                    "azurerm_kubernetes_cluster_node_pool.p",
                    {
                        "vnet_subnet_id": refs(
                            "azurerm_virtual_network.v.subnet",
                            "azurerm_virtual_network.v",
                        )
                    },
                )
            ]
        },
        {
            "azurerm_virtual_network.v": {"subnet": [{"id": True} for _ in subnets]},
            "azurerm_kubernetes_cluster_node_pool.p": {"vnet_subnet_id": True},
        },
    )
    return named(reading(document), POOL).fields["vnetSubnetID"]


def test_an_inline_subnet_is_meant_where_it_is_the_only_one():
    assert inline_link({"name": "a"}) == f"{SUBNETS}/a"
    later = Unresolved("azurerm_virtual_network.v.subnet known after apply")
    assert inline_link({"name": "a"}, {"name": "b"}) == later
    assert inline_link(3) == later


def calls(**modules):
    """Module calls: of each its expressions and the module's own configuration."""
    return {
        "module_calls": {
            name: {"expressions": expressions, "module": module}
            for name, (expressions, module) in modules.items()
        }
    }


def output(**expressions):
    return {"outputs": {name: {"expression": one} for name, one in expressions.items()}}


def test_an_output_leads_into_a_module_and_its_variables_out_again():
    inner = output(id=refs("var.subnet.id", "var.subnet"), out=refs("var.absent"))
    configuration = calls(net=({"subnet": refs("azurerm_subnet.a")}, inner))
    resources = [subnet("azurerm_subnet.a", "a")]
    there = refs("module.net.id", "module.net")
    assert pool_link(there, resources, configuration) == f"{SUBNETS}/a"
    nowhere = pool_link(refs("module.net.other"), resources, configuration)
    assert nowhere == Unresolved("module.net.other known after apply")
    assert pool_link(refs("module.net"), resources, configuration) == Unresolved(
        "module.net known after apply"
    )
    assert pool_link(refs("module.net.out"), resources, configuration) is None


def test_an_output_of_a_module_called_twice_is_that_of_the_key():
    inner = output(id=link("azurerm_subnet.s"), local=refs("local.x"))
    modules = {
        f'module.net["{key}"]': [subnet(f'module.net["{key}"].azurerm_subnet.s', key)]
        for key in "ab"
    }
    configuration = calls(net=({}, inner))
    there = refs('module.net["b"].id', 'module.net["b"]', "module.net")
    assert pool_link(there, [], configuration, modules) == f"{SUBNETS}/b"
    both = pool_link(refs("module.net.id"), [], configuration, modules)
    assert both == Unresolved(
        'module.net["a"].azurerm_subnet.s.id, '
        'module.net["b"].azurerm_subnet.s.id known after apply'
    )
    local = pool_link(refs('module.net["b"].local'), [], configuration, modules)
    assert local == Unresolved('module.net["b"].local.x known after apply')


@pytest.mark.parametrize("asked", ["x", "by-name"])
def test_a_key_of_an_output_is_that_of_the_instance_or_its_name(asked):
    inner = output(ids=refs("azurerm_subnet.s"))
    names = {"x": "by-name", "y": "other"}
    modules = {
        "module.net": [
            subnet(f'module.net.azurerm_subnet.s["{key}"]', name)
            for key, name in names.items()
        ]
    }
    there = refs(f'module.net.ids["{asked}"]', "module.net.ids", "module.net")
    found = pool_link(there, [], calls(net=({}, inner)), modules)
    assert found == f"{SUBNETS}/by-name"
    mixed = refs(f'module.net.ids["{asked}"]', "local.flag")
    unsure = pool_link(mixed, [], calls(net=({}, inner)), modules)
    assert isinstance(unsure, Unresolved)


def test_references_that_go_round_or_without_end_end():
    round_ = output(a=refs("var.x"))
    configuration = calls(m=({"x": refs("module.m.a")}, round_))
    lost = pool_link(refs("module.m.a"), [], configuration)
    assert lost == Unresolved("module.m.a known after apply")
    both = refs("module.m.a", "module.m.b")
    bomb = {}
    for _ in range(60):
        bomb = calls(m=({}, {**output(a=both, b=both), **bomb}))
    started = time.monotonic()
    assert isinstance(pool_link(both, [], bomb), Unresolved)
    assert time.monotonic() - started < 5
    crowd = [f"azurerm_subnet.s{n}.id" for n in range(101)]
    too_many = Unresolved("more than 100 references known after apply")
    assert pool_link(refs(*crowd), []) == too_many
    assert pool_link(refs("a." * 600), []) == too_many
    splats = [
        subnet(f"azurerm_subnet.{name}[{n}]", f"{name}{n}")
        for n in range(60)
        for name in "st"
    ]
    assert pool_link(refs("azurerm_subnet.s", "azurerm_subnet.t"), splats) == too_many


# ---------------------------------------------------------------- data sources


def test_data_sources_that_were_read_are_resources():
    hub = resource(
        "data.azurerm_virtual_network.hub",
        {
            "id": f"{REAL}/Hub",
            "name": "Hub",
            "address_space": ["10.9.0.0/16"],
            "subnets": ["one"],
        },
        "data",
    )
    unread = resource("data.azurerm_subnet.x", {"name": "x"}, "data")
    other = resource("data.azurerm_client_config.me", {"id": "/a"}, "data")
    old = vnet("azurerm_virtual_network.before")
    prior = {"values": {"root_module": {"resources": [hub, unread, other, old]}}}
    document = plan([subnet("azurerm_subnet.s")], prior_state=prior)
    found = reading(document)
    assert [one.type for one in found.resources] == [SUBNET, VNET]
    read_ = named(found, VNET)
    assert read_.where == ".prior_state.values.root_module.resources[0]"
    assert read_.id == f"{REAL}/hub".lower()
    assert read_.fields["addressSpace"] == {"addressPrefixes": ["10.9.0.0/16"]}
    assert read_.fields["subnets"] == [
        {
            "id": f"{REAL}/hub/subnets/one".lower(),
            "name": "one",
            "addressPrefixes": Unresolved("not in data.azurerm_virtual_network.hub"),
        }
    ]


def test_a_data_source_that_reads_what_is_managed_is_that():
    space = {"address_space": ["10.0.0.0/8"], "name": "v", "id": f"{REAL}/v"}
    read_ = resource("data.azurerm_virtual_network.v", space, "data")
    found = reading(plan([vnet(id=f"{REAL}/V"), read_]))
    assert len(found.resources) == 1
    assert len(reading(plan([read_])).resources) == 1


def test_a_cluster_that_was_read_has_its_pools():
    values = {
        "id": "/C",
        "name": "c",
        "agent_pool_profile": [{"name": "a", "count": 2, "mode": "User"}],
    }
    read_ = resource("data.azurerm_kubernetes_cluster.c", values, "data")
    pools = named(reading(plan([read_])), CLUSTER).fields["agentPoolProfiles"]
    assert pools == [{"name": "a", "count": 2, "mode": "User"}]


def test_a_data_source_still_to_be_read_is_a_link_only_by_its_name():
    names = {"name": "s", "virtual_network_name": "v", "resource_group_name": "rg"}
    later = resource("data.azurerm_subnet.s", names, "data")
    there = link("data.azurerm_subnet.s")
    assert (
        pool_link(there, [later, vnet(id=f"{REAL}/v")]) == f"{REAL}/v/subnets/s".lower()
    )
    unnamed = resource("data.azurerm_subnet.s", {}, "data")
    words = Unresolved("data.azurerm_subnet.s.id known after apply")
    assert pool_link(there, [unnamed]) == words
    assert pool_link(there, []) == words


def test_a_vnet_still_to_be_read_is_the_one_of_that_name_in_the_file():
    names = {"name": "v", "resource_group_name": "rg"}
    later = resource("data.azurerm_virtual_network.v", names, "data")
    own = said(
        "azurerm_virtual_network_peering.p",
        {"remote_virtual_network_id": link("data.azurerm_virtual_network.v")},
    )
    peer = resource(
        "azurerm_virtual_network_peering.p", {**names, "virtual_network_name": "w"}
    )
    document = plan([peer, later, vnet(id=f"{REAL}/v")], {"resources": [own]})
    remote = named(reading(document), PEERING).fields["remoteVirtualNetwork"]["id"]
    assert remote == f"{REAL}/v".lower()


# ----------------------------------------------------------------------- azapi

BODY = {
    "kind": "x",
    "properties": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}],
    },
}


def azapi(address, kind, body, **values):
    values = {"type": f"{kind}@2024-05-01", "name": "n", "body": body, **values}
    return resource(address, values)


@pytest.mark.parametrize("body", [BODY, json.dumps(BODY)], ids=["v2", "v1"])
def test_a_body_of_azapi_is_arms(body):
    one = azapi(
        "azapi_resource.v",
        "Microsoft.Network/virtualNetworks",
        body,
        parent_id="/subscriptions/1/resourceGroups/RG",
        location="westeurope",
        identity=[{"type": "SystemAssigned"}],
    )
    assert reading(plan([one])).resources == [
        Resource(
            VNET,
            f"/subscriptions/1/resourcegroups/rg/providers/{VNET}/n",
            {
                "kind": "x",
                **BODY["properties"],
                "name": "n",
                "location": "westeurope",
                "identity": {"type": "SystemAssigned"},
            },
            ".planned_values.root_module.resources[0]",
        )
    ]


def test_azapis_parents_are_found_by_reference():
    resources = [
        azapi("azapi_resource.g", "Microsoft.Resources/resourceGroups", {}, name="rg"),
        azapi("azapi_resource.v", "Microsoft.Network/virtualNetworks", {}),
        azapi("azapi_resource.s", "Microsoft.Network/virtualNetworks/subnets", {}),
        azapi("azapi_resource.x", "Microsoft.Network/virtualNetworks", {}, name="x"),
        azapi("azapi_resource.y", "Microsoft.Network/virtualNetworks/subnets", {}),
        azapi("azapi_resource.z", "Microsoft.Storage/storageAccounts", {}),
        azapi("azapi_resource.bad", "Microsoft.Network/virtualNetworks", {}, type=5),
        resource("azurerm_resource_group.rg", {"name": "rg"}),
    ]
    configuration = {
        "resources": [
            said("azapi_resource.v", {"parent_id": link("azurerm_resource_group.rg")}),
            said("azapi_resource.s", {"parent_id": link("azapi_resource.v")}),
            said("azapi_resource.x", {"parent_id": link("azapi_resource.g")}),
        ]
    }
    found = reading(plan(resources, configuration))
    unsaid = "/subscriptions/<subscription of plan.json>/resourcegroups"
    parent = "<parent of azapi_resource.g>"
    last = "<parent of azapi_resource.y>/subnets/n"
    assert [one.id for one in found.resources] == [
        f"{GROUP}/providers/{VNET}/n",
        f"{GROUP}/providers/{VNET}/n/subnets/n",
        f"{unsaid}/{parent}/resourcegroups/rg/providers/{VNET}/x",
        f"{unsaid}/<resource group of azapi_resource.y>/providers/{VNET}/{last}",
    ]


@pytest.mark.parametrize(
    ("body", "marks", "space"),
    [
        (None, True, Unresolved("local.b known after apply")),
        ("{", None, Unresolved("a body that is not JSON")),
        ("[" * 9000, None, Unresolved("a body that is not JSON")),
        ({}, {"properties": True}, LATER),
        ({"properties": {}}, {"properties": {"addressSpace": True}}, LATER),
        (
            {"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/8", None]}}},
            {"properties": {"addressSpace": {"addressPrefixes": [False, True]}}},
            {"addressPrefixes": ["10.0.0.0/8", LATER]},
        ),
    ],
)
def test_a_body_known_after_apply_leaves_open_what_it_does(body, marks, space):
    one = azapi("azapi_resource.v", "Microsoft.Network/virtualNetworks", body)
    own = said("azapi_resource.v", {"body": refs("local.b"), "name": {}})
    unknown = {"azapi_resource.v": {"body": marks}} if marks else {}
    found = named(reading(plan([one], {"resources": [own]}, unknown)), VNET)
    assert found.fields["addressSpace"] == space


def test_an_update_of_what_the_file_lacks_is_all_that_is_known_of_it():
    cluster = "Microsoft.ContainerService/managedClusters"
    body = {"properties": {"networkProfile": {"networkDataplane": "cilium"}}}
    update = azapi("azapi_update_resource.u", cluster, body, resource_id="/C")
    found = named(reading(plan([update])), CLUSTER)
    assert found.id == "/c"
    assert found.fields["networkProfile"] == {"networkDataplane": "cilium"}


# --------------------------------------------------------------------- hostile


def test_a_name_known_after_apply_is_said_whatever_it_is_made_of():
    document = plan(
        [vnet(name=None)],
        {"resources": [said("azurerm_virtual_network.v", {"name": {}})]},
        {"azurerm_virtual_network.v": {"name": True}},
    )
    found = named(reading(document), VNET)
    assert found.fields["name"] == LATER
    assert found.id.endswith("/<azurerm_virtual_network.v.name>")


def test_broken_resources_are_passed_over_with_a_reason():
    document = plan([5, {"address": "x"}, {**vnet(), "values": []}, vnet()])
    found = reading(document)
    assert len(found.resources) == 1
    assert [one.where for one in found.skipped] == [
        f".planned_values.root_module.resources[{place}]" for place in (0, 1, 2)
    ]
    assert reading({"resource_changes": [3]}).skipped[0].where == ".resource_changes[0]"


def nested(value):
    for _ in range(5000):
        value = [value]
    return value


def test_modules_and_values_5000_deep_end_in_words():
    module = {"resources": [vnet()]}
    for _ in range(5000):
        module = {"child_modules": [module], "resources": [vnet()]}
    found = reading({"planned_values": {"root_module": module}, "format_version": "1"})
    assert "more than 50 modules" in found.skipped[0].reason
    for _ in range(4950):
        module = module["child_modules"][0]
    allowed = reading({"values": {"root_module": module}, "format_version": "1"})
    assert not allowed.skipped
    deep = plan(
        [
            vnet(
                name=nested(1),
                resource_group_name=nested(1),
                address_space=nested(None),
                subnet=[{"name": nested(1)}],
            ),
            azapi("azapi_resource.v", "Microsoft.Network/virtualNetworks", {}),
        ],
        None,
        {
            "azurerm_virtual_network.v": {"address_space": nested(value=True)},
            "azapi_resource.v": {"body": nested(value=True)},
        },
    )
    assert len(reading(deep).resources) == 2
    resources = [
        azapi(f"azapi_resource.s{n}", "Microsoft.Network/virtualNetworks/subnets", {})
        for n in range(300)
    ]
    chain = {
        "resources": [
            said(
                f"azapi_resource.s{n}", {"parent_id": link(f"azapi_resource.s{n + 1}")}
            )
            for n in range(300)
        ]
    }
    assert len(reading(plan(resources, chain)).resources) == 300


def test_a_plan_of_thousands_is_read_in_seconds():
    many = 1000
    resources = [
        vnet(f"azurerm_virtual_network.v[{n}]", name=f"v{n}") for n in range(many)
    ]
    resources += [
        subnet(f"azurerm_subnet.s[{n}]", virtual_network_name=f"v{n}")
        for n in range(many)
    ]
    names = refs("azurerm_virtual_network.v", "count.index")
    own = said("azurerm_subnet.s", {"virtual_network_name": names})
    started = time.monotonic()
    found = reading(plan(resources, {"resources": [own]}))
    assert time.monotonic() - started < 10
    assert found.resources[-1].id == f"{GROUP}/providers/{VNET}/v{many - 1}/subnets/s"


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.just("/x"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "id", "references", "resources", "values", "subnet", "type"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
VALUES = [
    "name",
    "id",
    "resource_group_name",
    "virtual_network_name",
    "address_space",
    "address_prefixes",
    "subnet",
    "delegation",
    "service_endpoints",
    "ip_address_pool",
    "identity",
    "network_profile",
    "default_node_pool",
    "upgrade_settings",
    "vnet_subnet_id",
    "kubernetes_cluster_id",
    "aci_connector_linux",
]
PLACES = [
    lambda junk: {"format_version": junk, "planned_values": junk},
    lambda junk: {"resource_changes": junk, "prior_state": {"values": junk}},
    lambda junk: {"resource_changes": [{**vnet(), "change": junk}]},
    lambda junk: {"resource_changes": [{**vnet(), "change": {"actions": junk}}]},
    lambda junk: {"format_version": "1", "values": {"root_module": junk}},
    lambda junk: {"version": 4, "serial": 1, "resources": junk},
    lambda junk: {"version": 4, "resources": [{"instances": junk, "type": "a"}]},
    lambda junk: plan([{**vnet(), "values": junk, "index": junk}]),
    lambda junk: plan([vnet(**dict.fromkeys(VALUES, junk))]),
    lambda junk: plan([subnet("azurerm_subnet.s", **dict.fromkeys(VALUES, junk))]),
    lambda junk: plan([pool(**dict.fromkeys(VALUES, junk))], junk, {"x": junk}),
    lambda junk: plan(
        [
            resource(
                "azurerm_kubernetes_cluster.c", {name: [junk, {}] for name in VALUES}
            )
        ],
        None,
        {"azurerm_kubernetes_cluster.c": junk},
    ),
    lambda junk: plan([azapi("azapi_resource.v", "Microsoft.Network/x", junk)]),
    lambda junk: plan(
        [azapi("azapi_update_resource.v", VNET, junk, resource_id=junk)],
        {"resources": junk},
        {"azapi_update_resource.v": {"body": junk}},
    ),
    lambda junk: plan(
        [pool()],
        {
            "resources": [
                said(
                    "azurerm_kubernetes_cluster_node_pool.p",
                    {
                        "vnet_subnet_id": refs(junk, "module.a.b"),
                        "upgrade_settings": junk,
                    },
                    for_each_expression=junk,
                )
            ],
            "module_calls": {"a": junk},
        },
    ),
]


@given(st.sampled_from(PLACES), JUNK)
def test_nothing_in_a_file_gives_a_traceback(place, junk):
    document = place(junk)
    is_known(document)
    found = reading(document)
    for one in found.resources:
        assert one.id.startswith("/")
    parts = Parts()
    decode(found, Content("plan.json", "", document), parts)
    merge(parts)


@pytest.mark.parametrize(
    ("text", "key"), [('"a\\"b"', 'a"b'), ('"a$${b}"', "a$${b}"), ('"\\q"', "\\q")]
)
def test_keys_that_are_no_json_text_stand_as_they_are(text, key):
    assert key_of(text) == key
    assert module_of(f"module.m[{text}].a.b") == (("m", key),)


def test_what_a_plan_deletes_is_handed_on():
    def change(actions, **words):
        before = {"id": "/Subscriptions/S/x/virtualNetworks/V"}
        return {"address": "azurerm_virtual_network.v", "mode": "managed",
                "type": "azurerm_virtual_network", "name": "v",
                "change": {"actions": actions, "before": before}, **words}  # fmt: skip

    def gone(*changes):
        document = {"format_version": "1.2", "resource_changes": list(changes)}
        return read(Content("p.json", "", document)).deleted

    assert gone(change(["delete"])) == ("/subscriptions/s/x/virtualnetworks/v",)
    for kept in (["forget"], ["delete", "create"], ["no-op"]):
        assert gone(change(kept)) == ()
    assert gone(change(["delete"], deposed="00"), change(["delete"], mode="data")) == ()
    assert gone(5, {"change": {"actions": ["delete"], "before": {"id": 5}}}) == ()
