"""PowerShell's exports, against a real one and the cmdlets' documented output."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.readers import powershell
from ipplan.readers.powershell import CUT_OFF, DEEPEST, NOT_EXPANDED
from ipplan.readers.readings import (
    CLUSTER,
    PEERING,
    POOL,
    SUBNET,
    VNET,
    Content,
    Skipped,
    Unresolved,
)

PROVIDERS = "/subscriptions/S1/resourceGroups/RG/providers"
HUB = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/Hub"
SPOKE = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/Spoke"
AKS = f"{PROVIDERS}/Microsoft.ContainerService/managedClusters/Prod"
MODELS = "Microsoft.Azure.Commands.Network.Models"

VNET_OUTPUT = {
    "AddressSpace": {"AddressPrefixes": ["10.0.0.0/16", "10.9.0.0/16"]},
    "DhcpOptions": {"DnsServers": ["10.0.0.4"]},
    "Subnets": [
        {
            "AddressPrefix": ["10.0.0.0/24"],
            "IpConfigurations": [{"Id": f"{HUB}-nic/ipConfigurations/one"}],
            "Delegations": [
                {"Name": "d", "ServiceName": "Microsoft.Sql/managedInstances"}
            ],
            "ProvisioningState": "Succeeded",
            "Name": "aks",
            "Id": f"{HUB}/subnets/aks",
        }
    ],
    "VirtualNetworkPeerings": [
        {
            "PeeringState": "Connected",
            "PeeringSyncLevel": "FullyInSync",
            "AllowForwardedTraffic": True,
            "RemoteVirtualNetwork": {"Id": SPOKE},
            "PeeredRemoteAddressSpace": {"AddressPrefixes": ["10.1.0.0/16"]},
            "RemoteVirtualNetworkAddressSpace": {"AddressPrefixes": ["10.2.0.0/16"]},
            "Name": "to-spoke",
            "Id": f"{HUB}/virtualNetworkPeerings/to-spoke",
        }
    ],
    "ProvisioningState": "Succeeded",
    "ResourceGroupName": "RG",
    "Location": "westeurope",
    "Type": "Microsoft.Network/virtualNetworks",
    "Tag": {"Team": "System.Object[]"},
    "Name": "Hub",
    "Id": HUB,
}


def found(document, file="export.json"):
    content = Content(file, json.dumps(document), document)
    return powershell.read(content)


def only(document):
    read = found(document)
    assert not read.skipped
    assert len(read.resources) == 1
    return read.resources[0]


def fields(document):
    return only(document).fields


def knows(document):
    return powershell.knows(Content("export.json", "", document))


@pytest.fixture(scope="module")
def psrule(corpus):
    file = corpus / "psrule/Resources.AKS.json"
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_real_export_has_eleven_clusters_a_pool_and_five_subnets(psrule):
    read = found(psrule)
    kinds = [resource.type for resource in read.resources]
    assert knows(psrule)
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        CLUSTER: 11,
        POOL: 1,
        SUBNET: 5,
    }
    assert not read.proposed
    assert read.incomplete == []


def test_an_extension_in_the_real_export_is_no_cluster_though_its_type_says_so(psrule):
    read = found(psrule)
    extension = psrule[8]["resources"][0]
    where = "[8].resources[0]"
    kind = "microsoft.insights/diagnosticsettings"
    assert extension["ResourceType"] == "microsoft.containerservice/managedclusters"
    assert Skipped(where, f"a {kind}, not a network or cluster") in read.skipped
    assert not any(each.broken for each in read.skipped)


def test_the_real_export_has_the_numbers_worked_out_by_hand(psrule):
    nodes = dict.fromkeys(["subnet-a", "subnet-c"], 0)
    for resource in found(psrule).resources:
        for pool in resource.fields.get("agentPoolProfiles", []):
            subnet = (pool.get("vnetSubnetID") or "").rpartition("/")[2].lower()
            count = max(pool.get("count") or 0, pool.get("maxCount") or 0)
            nodes[subnet] += count * (1 + pool["maxPods"])
    assert nodes == {"subnet-a": 1098, "subnet-c": 153}


def test_children_in_the_real_export_stand_behind_their_parent(psrule):
    read = found(psrule)
    where = [resource.where for resource in read.resources]
    assert where[:4] == ["[0]", "[1]", "[1].resources[0]", "[2]"]
    assert read.resources[2].id.endswith("/virtualnetworks/vnet-a/subnets/subnet-a")
    assert read.resources[2].fields["addressPrefix"] == "10.0.0.0/24"


def test_a_pool_has_its_own_type_and_not_that_of_the_resource(psrule):
    pool = next(each for each in found(psrule).resources if each.type == POOL)
    assert pool.fields["name"] == "system"
    assert pool.fields["type"] == "VirtualMachineScaleSets"
    assert pool.id.endswith("/managedclusters/cluster-e/agentpools/system")


def test_a_vnet_of_the_cmdlet_comes_out_in_arm_names():
    vnet = only(VNET_OUTPUT)
    subnet = vnet.fields["subnets"][0]
    assert (vnet.type, vnet.id, vnet.where) == (VNET, HUB.lower(), "")
    assert vnet.fields["name"] == "Hub"
    assert vnet.fields["location"] == "westeurope"
    assert vnet.fields["addressSpace"] == {
        "addressPrefixes": ["10.0.0.0/16", "10.9.0.0/16"]
    }
    assert vnet.fields["dhcpOptions"] == {"dnsServers": ["10.0.0.4"]}
    assert subnet["addressPrefixes"] == ["10.0.0.0/24"]
    assert "addressPrefix" not in subnet
    assert subnet["ipConfigurations"] == [{"id": f"{HUB}-nic/ipConfigurations/one"}]
    assert subnet["delegations"][0]["serviceName"] == "Microsoft.Sql/managedInstances"


def test_both_address_spaces_of_a_peering_have_arm_names():
    peering = fields(VNET_OUTPUT)["virtualNetworkPeerings"][0]
    assert peering["peeringState"] == "Connected"
    assert peering["remoteVirtualNetwork"] == {"id": SPOKE}
    assert peering["remoteAddressSpace"] == {"addressPrefixes": ["10.1.0.0/16"]}
    assert peering["remoteVirtualNetworkAddressSpace"] == {
        "addressPrefixes": ["10.2.0.0/16"]
    }


def test_a_cluster_of_the_cmdlet_comes_out_in_arm_names():
    cluster = only(
        {
            "AgentPoolProfiles": [
                {
                    "Name": "sys",
                    "Count": 3,
                    "MaxPods": 30,
                    "VnetSubnetID": f"{HUB}/subnets/aks",
                    "OsType": "Linux",
                    "UpgradeSettings": {"MaxSurge": "10%"},
                }
            ],
            "NetworkProfile": {
                "NetworkPlugin": "azure",
                "PodCidr": None,
                "DnsServiceIP": "10.0.0.10",
                "PodCidrs": ["10.244.0.0/16"],
            },
            "Id": AKS,
            "Name": "Prod",
            "Type": "Microsoft.ContainerService/ManagedClusters",
        }
    )
    assert (cluster.type, cluster.id) == (CLUSTER, AKS.lower())
    assert cluster.fields["agentPoolProfiles"] == [
        {
            "name": "sys",
            "count": 3,
            "maxPods": 30,
            "vnetSubnetID": f"{HUB}/subnets/aks",
            "osType": "Linux",
            "upgradeSettings": {"maxSurge": "10%"},
        }
    ]
    assert cluster.fields["networkProfile"]["podCidrs"] == ["10.244.0.0/16"]
    assert cluster.fields["networkProfile"]["dnsServiceIP"] == "10.0.0.10"


def cut(value, depth):
    """What ConvertTo-Json leaves of a value so many levels down."""
    if not isinstance(value, dict | list):
        return value
    if depth < 0 and isinstance(value, dict):
        return f"{MODELS}.PSSomething"
    if depth < 0:
        return " ".join(str(cut(each, depth)) for each in value)
    if isinstance(value, dict):
        return {key: cut(each, depth - 1) for key, each in value.items()}
    return [cut(each, depth - 1) for each in value]


def test_one_vnet_at_the_default_depth_keeps_its_prefixes():
    vnet = fields(cut(VNET_OUTPUT, 2))
    subnet = vnet["subnets"][0]
    assert vnet["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16", "10.9.0.0/16"]}
    assert subnet["addressPrefix"] == "10.0.0.0/24"
    assert subnet["ipConfigurations"] == CUT_OFF
    assert vnet["virtualNetworkPeerings"][0]["remoteVirtualNetwork"] == CUT_OFF


def test_several_vnets_at_the_default_depth_are_unresolved_below_their_space():
    first, second = found(cut([VNET_OUTPUT, VNET_OUTPUT], 2)).resources
    assert first.fields["addressSpace"] == {
        "addressPrefixes": ["10.0.0.0/16", "10.9.0.0/16"]
    }
    assert first.fields["subnets"] == [CUT_OFF]
    assert second.fields["virtualNetworkPeerings"] == [CUT_OFF]


def test_what_was_cut_off_is_taken_from_the_text_beside_it():
    whole = [{**VNET_OUTPUT["Subnets"][0], "Name": "whole"}]
    output = cut([VNET_OUTPUT], 1)
    output[0]["SubnetsText"] = json.dumps(whole, indent=2)
    output[0]["VirtualNetworkPeeringsText"] = "not JSON"
    output[0]["AddressSpaceText"] = "[" * 100_000
    read = fields(output)
    assert read["subnets"][0]["name"] == "whole"
    assert read["subnets"][0]["addressPrefixes"] == ["10.0.0.0/24"]
    assert read["virtualNetworkPeerings"] == CUT_OFF
    assert read["addressSpace"] == CUT_OFF


def test_a_value_that_is_whole_does_not_give_way_to_the_text_beside_it():
    output = {**VNET_OUTPUT, "SubnetsText": "[]"}
    assert len(fields(output)["subnets"]) == 1


def test_an_empty_list_that_was_cut_off_is_empty_and_two_prefixes_are_two():
    output = copy.deepcopy(VNET_OUTPUT)
    output["Subnets"][0] |= {
        "AddressPrefix": "10.0.0.0/24 fd00::/64",
        "IpConfigurations": "",
        "Delegations": "",
        "ServiceEndpoints": "",
    }
    subnet = fields(output)["subnets"][0]
    assert subnet["addressPrefixes"] == ["10.0.0.0/24", "fd00::/64"]
    assert "addressPrefix" not in subnet
    assert subnet["ipConfigurations"] == subnet["delegations"] == []
    assert subnet["serviceEndpoints"] == []


def test_properties_that_were_cut_off_are_unresolved_and_not_absent():
    resource = {
        "ResourceId": HUB,
        "Name": "Hub",
        "ResourceType": "Microsoft.Network/virtualNetworks",
        "Properties": "@{provisioningState=Succeeded; addressSpace=}",
    }
    assert fields(resource)["properties"] == CUT_OFF


def test_a_resource_without_properties_says_how_to_have_them():
    resource = {"ResourceId": HUB, "ResourceType": VNET, "Properties": None}
    assert fields(resource)["properties"] == NOT_EXPANDED
    assert fields(resource)["name"] == "Hub"


def test_a_null_in_one_case_does_not_hide_the_value_in_another():
    resource = {"Id": AKS, "sku": {"name": "Automatic"}, "Sku": None, "Properties": {}}
    assert fields(resource)["sku"] == {"name": "Automatic"}
    swapped = {"Id": AKS, "Sku": None, "sku": {"name": "Automatic"}, "Properties": {}}
    assert fields(swapped)["sku"] == {"name": "Automatic"}


def test_tags_named_like_fields_are_no_fields():
    resource = {"Id": HUB, "Tags": {"AddressSpace": "System.Object[]"}}
    assert fields(resource).keys() == {"id", "name"}


def test_windows_powershell_may_wrap_a_list():
    wrapped = {"value": [VNET_OUTPUT, {**VNET_OUTPUT, "Id": SPOKE}], "Count": 2}
    read = found(wrapped)
    assert knows(wrapped)
    assert [each.where for each in read.resources] == [".value[0]", ".value[1]"]
    inner = {"AddressPrefixes": {"value": ["10.0.0.0/8"], "Count": 1}}
    assert fields({"Id": HUB, "AddressSpace": inner})["addressSpace"] == {
        "addressPrefixes": ["10.0.0.0/8"]
    }


def test_children_may_be_nested_under_either_case():
    child = {"ResourceId": f"{HUB}/subnets/a", "Properties": {}}
    peering = {"ResourceId": f"{HUB}/virtualNetworkPeerings/p", "Properties": {}}
    parent = {"ResourceId": HUB, "resources": [child], "Resources": [peering, 7]}
    read = found([parent])
    assert [(each.type, each.where) for each in read.resources] == [
        (VNET, "[0]"),
        (SUBNET, "[0].resources[0]"),
        (PEERING, "[0].Resources[0]"),
    ]
    assert read.skipped == [Skipped("[0].Resources[1]", "not an object", broken=True)]


def test_without_an_id_the_names_make_one():
    selected = {
        "Name": "Hub/Aks",
        "ResourceType": "Microsoft.Network/virtualNetworks/subnets",
        "ResourceGroupName": "RG",
        "SubscriptionId": "S1",
    }
    subnet = only(selected)
    assert subnet.id == f"{HUB}/subnets/Aks".lower()
    assert subnet.fields["name"] == "Aks"


def test_without_id_and_type_what_only_one_type_has_tells_it():
    vnet = only({"Name": "Hub", "AddressSpace": {"AddressPrefixes": []}})
    cluster = only({"Name": "Prod", "AgentPoolProfiles": []})
    unsaid = "/subscriptions/<subscription of export.json>"
    group = f"{unsaid}/resourcegroups/<resource group of export.json>/providers"
    assert vnet.id == f"{group}/microsoft.network/virtualnetworks/hub"
    assert cluster.id == f"{group}/microsoft.containerservice/managedclusters/prod"


@pytest.mark.parametrize(
    ("resource", "reason", "broken"),
    [
        (
            {"ResourceType": "Microsoft.Web/sites"},
            "a microsoft.web/sites, not a",
            False,
        ),
        ({"ResourceType": SUBNET, "Name": "aks"}, f"a {SUBNET} without id", True),
        ({"ResourceType": VNET, "Name": 7}, f"a {VNET} without id", True),
        ({"Id": "somewhere"}, "no id and no type", False),
        ("System.Object", "not an object", True),
        (None, "not an object", True),
    ],
)
def test_what_is_passed_over_says_why(resource, reason, broken):
    read = found([resource])
    assert read.resources == []
    assert read.skipped[0].where == "[0]"
    assert read.skipped[0].reason.startswith(reason)
    assert read.skipped[0].broken == broken


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        7,
        {"value": []},
        [{"id": HUB, "name": "hub", "type": VNET}],
        {"Id": "7f3a", "Name": "a container"},
        [None, "x"],
    ],
)
def test_other_json_is_not_known(document):
    assert not knows(document)


def test_what_nests_without_end_is_unresolved():
    deep = []
    for _ in range(400):
        deep = [deep, 1]
    read = fields({"Id": HUB, "AddressSpace": deep, "AddressSpaceText": "[]"})
    for _ in range(DEEPEST):
        assert read["addressSpace"][1] == 1
        read = {"addressSpace": read["addressSpace"][0]}
    assert read["addressSpace"] == Unresolved(f"nested in more than {DEEPEST} levels")


NAMES = [
    "Id", "id", "ResourceId", "ResourceType", "Name", "Properties", "properties",
    "Resources", "AddressSpace", "AddressPrefix", "AddressPrefixes", "Subnets",
    "SubnetsText", "value", "Count", "AgentPoolProfiles", "Tag", "SubscriptionId",
]  # fmt: skip
junk = st.recursive(
    st.one_of(
        st.none(),
        st.integers(),
        st.text(max_size=4),
        st.sampled_from([HUB, f"{HUB}/subnets/a", VNET, "System.Object[]", "[{}]"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    ),
    max_leaves=25,
)


@given(junk)
def test_whatever_the_types_are_nothing_breaks(document):
    knows(document)
    read = found(document)
    assert all(type(each.id) is str and each.id for each in read.resources)
