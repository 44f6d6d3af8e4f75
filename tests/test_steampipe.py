"""Rows of Steampipe, against its own tests and its tables as documented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.readers import steampipe
from ipplan.readers.estates import read_inventory
from ipplan.readers.readings import CLUSTER, SUBNET, VNET, Content, Skipped, Unresolved
from ipplan.readers.steampipe import NO_SCALE_SETS, SEVERAL_PREFIXES

PROVIDERS = "/subscriptions/S1/resourceGroups/RG/providers"
HUB = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/Hub"
SPOKE = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/Spoke"
AKS = f"{PROVIDERS}/Microsoft.ContainerService/managedClusters/Prod"

VNET_ROW = {
    "name": "Hub",
    "id": HUB,
    "etag": "W/1",
    "type": "Microsoft.Network/virtualNetworks",
    "enable_ddos_protection": False,
    "provisioning_state": "Succeeded",
    "resource_guid": "7",
    "address_prefixes": ["10.0.0.0/16"],
    "network_peerings": [
        {
            "name": "to-spoke",
            "properties": {
                "peeringState": "Connected",
                "remoteVirtualNetwork": {"id": SPOKE},
            },
        }
    ],
    "subnets": [{"name": "aks", "properties": {"addressPrefix": "10.0.0.0/24"}}],
    "title": "Hub",
    "tags": None,
    "akas": [f"azure://{HUB}"],
    "region": "westeurope",
    "resource_group": "RG",
    "subscription_id": "S1",
}
SUBNET_ROW = {
    "name": "aks",
    "id": f"{HUB}/subnets/aks",
    "virtual_network_name": "Hub",
    "type": "Microsoft.Network/subnets",
    "address_prefix": "10.0.0.0/24",
    "delegations": None,
    "service_endpoints": [{"service": "Microsoft.Sql", "locations": ["westeurope"]}],
    "ip_configurations": None,
    "resource_group": "rg",
}
CLUSTER_ROW = {
    "name": "Prod",
    "id": AKS,
    "type": "Microsoft.ContainerService/ManagedClusters",
    "location": "westeurope",
    "agent_pool_profiles": [
        {
            "Name": "sys",
            "Count": 3,
            "MaxPods": 30,
            "VMSize": "Standard_D2s_v5",
            "VnetSubnetID": f"{HUB}/subnets/aks",
            "EnableAutoScaling": True,
            "MaxCount": 5,
            "UpgradeSettings": {"maxSurge": "10%"},
        },
        {"name": "user", "count": 1, "maxPods": 110},
        None,
    ],
    "network_profile": {"networkPlugin": "azure", "serviceCidr": "10.0.0.0/16"},
    "api_server_access_profile": {"enablePrivateCluster": True},
    "sku": {"name": "Base"},
    "region": "westeurope",
    "subscription_id": "S1",
}


def found(document, file="rows.json"):
    return steampipe.read(Content(file, json.dumps(document), document))


def only(row):
    read = found([row])
    assert not read.skipped
    assert len(read.resources) == 1
    return read.resources[0]


def fields(row):
    return only(row).fields


def knows(document):
    return steampipe.knows(Content("rows.json", "", document))


def without(row, *columns):
    return {key: value for key, value in row.items() if key not in columns}


def sample(corpus, table):
    file = corpus / f"steampipe/azure_{table}-test-get-expected.json"
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("table", "kind"),
    [("virtual_network", VNET), ("subnet", SUBNET), ("kubernetes_cluster", CLUSTER)],
)
def test_the_rows_that_the_plugin_tests_itself_with_are_read(corpus, table, kind):
    rows = sample(corpus, table)
    assert knows(rows)
    resource = only(rows[0])
    assert (resource.type, resource.where) == (kind, "[0]")
    assert not found(rows).proposed


def test_the_plugins_own_vnet_and_subnet_have_their_prefixes(corpus):
    vnet = fields(sample(corpus, "virtual_network")[0])
    subnet = only(sample(corpus, "subnet")[0])
    assert vnet["addressSpace"] == {"addressPrefixes": ["10.1.2.0/24"]}
    assert vnet["location"] == "eastus"
    assert subnet.fields["addressPrefix"] == "10.0.1.0/24"
    assert subnet.id.startswith("/subscriptions/<subscription of rows.json>/")
    assert subnet.id.endswith(
        "/virtualnetworks/{{resourcename}}/subnets/{{resourcename}}"
    )


def test_the_plugins_own_cluster_says_which_columns_it_has_not(corpus):
    cluster = fields(sample(corpus, "kubernetes_cluster")[0])
    assert cluster["apiServerAccessProfile"] == {"enablePrivateCluster": False}
    assert cluster["agentPoolProfiles"] == Unresolved("no column agent_pool_profiles")
    assert cluster["networkProfile"] == Unresolved("no column network_profile")


def test_a_whole_vnet_row_comes_out_in_arm_names():
    read = found([VNET_ROW])
    vnet = read.resources[0]
    assert (vnet.type, vnet.id, vnet.where) == (VNET, HUB.lower(), "[0]")
    assert vnet.fields["name"] == "Hub"
    assert vnet.fields["location"] == "westeurope"
    assert vnet.fields["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert vnet.fields["subnets"] == VNET_ROW["subnets"]
    assert vnet.fields["virtualNetworkPeerings"] == VNET_ROW["network_peerings"]
    assert read.incomplete == []


def test_a_whole_cluster_row_comes_out_in_arm_names_whatever_case_its_pools_have():
    cluster = only(CLUSTER_ROW)
    first, second, third = cluster.fields["agentPoolProfiles"]
    assert (cluster.type, cluster.id) == (CLUSTER, AKS.lower())
    assert first == {
        "name": "sys",
        "count": 3,
        "maxPods": 30,
        "vmSize": "Standard_D2s_v5",
        "vnetSubnetID": f"{HUB}/subnets/aks",
        "enableAutoScaling": True,
        "maxCount": 5,
        "upgradeSettings": {"maxSurge": "10%"},
    }
    assert second == {"name": "user", "count": 1, "maxPods": 110}
    assert third is None
    assert cluster.fields["networkProfile"] == CLUSTER_ROW["network_profile"]
    assert cluster.fields["sku"] == {"name": "Base"}


def test_pools_that_are_null_stay_null():
    row = {**CLUSTER_ROW, "agent_pool_profiles": None}
    assert fields(row)["agentPoolProfiles"] is None


def test_a_subnet_row_says_what_its_table_leaves_out():
    subnet = only(SUBNET_ROW)
    assert (subnet.type, subnet.id) == (SUBNET, f"{HUB}/subnets/aks".lower())
    assert subnet.fields["addressPrefix"] == "10.0.0.0/24"
    assert subnet.fields["ipConfigurations"] == NO_SCALE_SETS
    assert "ipConfigurations" not in fields(without(SUBNET_ROW, "ip_configurations"))


def test_a_subnet_of_several_prefixes_is_unresolved_unless_they_are_there():
    blank = {**SUBNET_ROW, "address_prefix": None}
    both = ["10.0.0.0/24", "fd00::/64"]
    assert fields(blank)["addressPrefix"] == SEVERAL_PREFIXES
    assert fields({**blank, "address_prefixes": both})["addressPrefixes"] == both
    assert fields({**blank, "address_prefixes": both})["addressPrefix"] is None


def test_columns_that_a_query_left_out_are_unresolved():
    vnet = without(VNET_ROW, "address_prefixes")
    subnet = without(SUBNET_ROW, "address_prefix")
    assert fields(vnet)["addressSpace"] == Unresolved("no column address_prefixes")
    assert fields(subnet)["addressPrefix"] == Unresolved("no column address_prefix")


def test_missing_subnets_and_peerings_make_it_incomplete_once():
    bare = without(VNET_ROW, "subnets", "network_peerings")
    assert found([bare, bare, SUBNET_ROW]).incomplete == [
        "VNets without the column subnets: their subnets are not all known",
        "VNets without the column network_peerings: their peerings are unknown",
    ]


def test_newer_output_has_its_rows_inside():
    document = {
        "columns": [{"name": "id", "data_type": "text"}],
        "rows": [VNET_ROW, SUBNET_ROW],
        "metadata": {"rows_returned": 2},
    }
    assert knows(document)
    assert [each.where for each in found(document).resources] == [
        ".rows[0]",
        ".rows[1]",
    ]


def test_a_row_without_id_and_type_is_told_by_its_columns():
    names = without(SUBNET_ROW, "id", "type")
    subnet = only(names)
    vnet = only({"name": "Hub", "resource_group": "RG", "address_prefixes": []})
    cluster = only({"name": "Prod", "network_profile": {}})
    groups = "/subscriptions/<subscription of rows.json>/resourcegroups"
    hub = f"{groups}/rg/providers/microsoft.network/virtualnetworks/hub"
    assert (subnet.type, subnet.id) == (SUBNET, f"{hub}/subnets/aks")
    assert (vnet.type, vnet.id) == (VNET, hub)
    assert cluster.type == CLUSTER
    assert cluster.id.startswith(f"{groups}/<resource group of rows.json>/")


@pytest.mark.parametrize(
    ("row", "reason", "broken"),
    [
        (
            {"type": "Microsoft.Web/sites"},
            "a microsoft.web/sites, not a network",
            False,
        ),
        ({"id": f"{HUB}/taps/x", "type": VNET}, f"a {VNET}/taps, not a net", False),
        ({"title": "x"}, "no id and no type", False),
        ({"type": VNET, "name": None}, f"a {VNET} without id and names", True),
        ({"type": "Microsoft.Network/subnets", "name": "a"}, f"a {SUBNET} wi", True),
        ("row", "not a row", True),
    ],
)
def test_what_is_passed_over_says_why(row, reason, broken):
    read = found([VNET_ROW, row])
    assert len(read.resources) == 1
    assert read.skipped[0].reason.startswith(reason)
    assert read.skipped[0] == Skipped("[1]", read.skipped[0].reason, broken)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        [7],
        {"rows": [VNET_ROW]},
        {"columns": [], "rows": {}},
        VNET_ROW,
        [{"id": HUB, "name": "hub", "resourceGroup": "rg", "addressSpace": {}}],
    ],
)
def test_other_json_is_not_known(document):
    assert not knows(document)


COLUMNS = [*VNET_ROW, *SUBNET_ROW, *CLUSTER_ROW, "rows", "columns"]
junk = st.recursive(
    st.one_of(
        st.none(),
        st.integers(),
        st.text(max_size=4),
        st.sampled_from([HUB, f"{HUB}/subnets/a", VNET, SUBNET, CLUSTER]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(COLUMNS), inner, max_size=6),
    ),
    max_leaves=25,
)


@given(junk)
def test_whatever_the_types_are_nothing_breaks(document):
    knows(document)
    assert all(type(each.id) is str and each.id for each in found(document).resources)


def test_service_endpoints_are_those_of_their_column(tmp_path):
    file = tmp_path / "subnets.json"
    file.write_text(json.dumps([SUBNET_ROW]), encoding="utf-8")
    (subnet,) = read_inventory(str(file)).subnets
    assert subnet.service_endpoints == ("Microsoft.Sql",)
