import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.errors import InventoryError
from ipplan.readers.arm import is_parameters, knows, parameters_for, read
from ipplan.readers.readings import Content, Unresolved
from ipplan.readers.templates import deployments, values

SCHEMA = (
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
)
VNET = "Microsoft.Network/virtualNetworks"
SUBNET = f"{VNET}/subnets"
PEERING = f"{VNET}/virtualNetworkPeerings"
CLUSTER = "Microsoft.ContainerService/managedClusters"
DEPLOYMENT = "Microsoft.Resources/deployments"
GROUP = (
    "/subscriptions/<subscription of t.json>/resourcegroups/<resource group of t.json>"
)
NET = f"{GROUP}/providers/microsoft.network/virtualnetworks"


def template(*resources, **parts):
    listed = {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": resources}
    return json.loads(json.dumps({**listed, **parts}))


def vnet(name="hub", **parts):
    return {"type": VNET, "name": name, "properties": {}, **parts}


def nested(inner, *, scope="inner", name="inner", parameters=None, **parts):
    return {
        "type": DEPLOYMENT,
        "name": name,
        "properties": {
            "expressionEvaluationOptions": {"scope": scope},
            "parameters": parameters or {},
            "template": inner,
        },
        **parts,
    }


def found(*resources, given=None, **parts):
    """What a template gives; its parameters by their names."""
    values = {name: {"value": value} for name, value in (given or {}).items()}
    document = template(*resources, **parts)
    return read(Content("t.json", "", document), {"parameters": values})


def ids(reading):
    return [resource.id.removeprefix(NET) for resource in reading.resources]


def it(reading):
    return reading.resources[-1].fields["it"]


def of(reading, kind):
    return [each for each in reading.resources if each.type == kind.lower()]


def reasons(reading):
    return [skipped.reason for skipped in reading.skipped]


def real(corpus, file, parameters=None):
    document = json.loads((corpus / file).read_text(encoding="utf-8-sig"))
    return read(Content(file, "", document), parameters)


def parameters_of(corpus, file):
    return json.loads((corpus / file).read_text(encoding="utf-8-sig"))


# The corpus: VNets, subnets, peerings and clusters that each template deploys.

QUICK = "quickstarts"
CHECKOV = "checkov-arm/aksapiserverauthorizedipranges-aks-authIPRanges"
PODS = "checkov-arm/aksmaxpodsminimum"
DEPLOYED = {
    "aks-docs/dual-stack.json": (0, 0, 0, 1),
    "aks-docs/keda.json": (0, 0, 0, 1),
    "aks-docs/nap.json": (0, 0, 0, 1),
    "arm-misc/snyk-example-01.json": (1, 2, 0, 0),  # one is a child of the VNet
    "azure-aks-examples/01-aks-vnet.json": (1, 2, 0, 0),
    "bicep-compiled/aksc-networkforbyo.json": (1, 3, 0, 0),  # from variables
    "bicep-compiled/avm-subnet.json": (0, 1, 0, 0),  # its VNet exists already
    # Its subnets and peerings are copies, and by default there are none of either;
    # the other VNet of the literal count exists already.
    "bicep-compiled/avm-virtual-network.json": (1, 0, 0, 0),
    "bicep-compiled/bicep-AKS_LF.symbolicnames.json": (0, 0, 0, 1),
    f"{CHECKOV}-preview-FAILED-3.json": (0, 0, 0, 1),
    f"{CHECKOV}-preview-PASSED.json": (0, 0, 0, 1),
    f"{CHECKOV}-supported-FAILED.json": (0, 0, 0, 1),
    f"{CHECKOV}-unsupported-FAILED.json": (1, 1, 0, 1),
    f"{PODS}-agentPoolProfiles_with_maxPods_pass.json": (0, 0, 0, 1),
    f"{PODS}-properties_with_maxPods_fail2.json": (0, 0, 0, 0),
    f"{PODS}-properties_without_maxPods_fail.json": (0, 0, 0, 0),
    "psrule/Resources.AKS.Template.json": (0, 0, 0, 5),
    "psrule/Tests.Bicep.5.json": (1, 1, 0, 0),  # a copy of the one subnet given
    # Three variants of one VNet, which has no name but its parameter's; their subnets
    # and both peerings have the same names, so there are six and one of them.
    "psrule/vnet.json": (1, 6, 1, 0),
    "psrule/vnet.tests.json": (4, 8, 0, 0),  # two are copies, three come by union()
    f"{QUICK}/aks-advanced-networking/azuredeploy.json": (0, 0, 0, 1),
    f"{QUICK}/aks-nat-agic/azuredeploy.json": (1, 5, 0, 1),
    f"{QUICK}/aks-vmss-systemassigned-identity/azuredeploy.json": (0, 0, 0, 1),
    f"{QUICK}/azurefirewall-forced-tunneling/azuredeploy.json": (2, 5, 2, 0),
    f"{QUICK}/existing-vnet-to-vnet-peering/azuredeploy.json": (0, 0, 1, 0),
    # Without a VPN gateway there is no gateway subnet and one variant of each peering.
    f"{QUICK}/hub-and-spoke-sandbox/azuredeploy.json": (3, 5, 4, 0),
    f"{QUICK}/private-aks-cluster/azuredeploy.json": (1, 3, 0, 1),
    f"{QUICK}/vnet-to-vnet-peering/azuredeploy.json": (2, 2, 2, 0),
}


def counts(reading):
    """Different VNets, subnets, peerings and clusters, those inside VNets too."""
    every = {kind: set() for kind in (VNET, SUBNET, PEERING, CLUSTER)}
    folded = {kind.lower(): names for kind, names in every.items()}
    for resource in reading.resources:
        folded.get(resource.type, set()).add(resource.id)
        for kind, key in ((SUBNET, "subnets"), (PEERING, "virtualNetworkPeerings")):
            for child in resource.fields.get(key) or []:
                every[kind].add(f"{resource.id}/{key}/{child['name']}".lower())
    return tuple(len(names) for names in every.values())


@pytest.mark.parametrize("file", DEPLOYED)
def test_a_real_template_deploys_what_its_loops_and_conditions_leave(corpus, file):
    reading = real(corpus, file)
    assert counts(reading) == DEPLOYED[file]
    assert reading.proposed


def test_every_template_of_the_corpus_is_in_the_table(corpus):
    with (corpus / "INDEX.tsv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert {row[0] for row in rows if row[5] == "arm-template"} == set(DEPLOYED)


def test_templates_and_parameters_files_are_told_apart(corpus):
    for file in DEPLOYED:
        document = parameters_of(corpus, file)
        assert knows(Content("t", "", document))
        assert not is_parameters(document)
    files = [*corpus.glob("quickstarts/*/*.parameters.json")]
    files += corpus.glob("parameters/*/*.json")
    assert len(files) > 20
    for path in files:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        assert is_parameters(document), path
        assert not knows(Content("t", "", document)), path


@pytest.mark.parametrize("folder", [name for name in DEPLOYED if QUICK in name])
def test_a_parameters_file_settles_names_or_leaves_them(corpus, folder):
    parameters = parameters_of(corpus, folder.replace(".json", ".parameters.json"))
    reading = real(corpus, folder, parameters)
    vpn = "hub-and-spoke" in folder  # with a gateway, and so with its subnet
    assert counts(reading) == ((3, 6, 4, 0) if vpn else DEPLOYED[folder])
    assert not [one for one in reading.skipped if one.broken]


def test_pods_of_a_pool_as_the_pool_itself_are_not_a_cluster(corpus):
    for name in ("with_maxPods_fail2", "without_maxPods_fail"):
        reading = real(corpus, f"{PODS}-properties_{name}.json")
        assert "does not fit its type" in reasons(reading)[0]


def test_private_aks_cluster_is_as_checked_by_hand(corpus):
    reading = real(corpus, f"{QUICK}/private-aks-cluster/azuredeploy.json")
    (vnet_,), (cluster_,) = of(reading, VNET), of(reading, CLUSTER)
    network, cluster = vnet_.fields, cluster_.fields
    assert network["addressSpace"] == {"addressPrefixes": ["10.0.0.0/8"]}
    prefixes = {
        one["name"]: one["properties"]["addressPrefix"] for one in network["subnets"]
    }
    assert prefixes == {
        "AksSubnet": "10.0.0.0/16",
        "VmSubnet": "10.1.0.0/24",
        "AzureBastionSubnet": "10.1.1.0/26",
    }
    assert cluster["networkProfile"]["serviceCidr"] == "10.2.0.0/16"
    (pool,) = cluster["agentPoolProfiles"]
    assert (pool["maxCount"], pool["maxPods"]) == (5, 30)
    subnet = f"{vnet_.id}/subnets/akssubnet"
    assert pool["vnetSubnetID"].lower() == subnet


def test_hub_and_spoke_has_one_variant_of_each_peering(corpus):
    file = f"{QUICK}/hub-and-spoke-sandbox/azuredeploy.json"
    spaces = {
        resource.fields["name"]: resource.fields["addressSpace"]["addressPrefixes"]
        for resource in real(corpus, file).resources
        if resource.type == VNET.lower()
    }
    assert spaces == {
        "hubVnet": ["192.168.0.0/20"],
        "spokeDevVnet": ["10.10.0.0/16"],
        "spokeProdVnet": ["10.100.0.0/16"],
    }
    for choice, uses in (("No", False), ("Yes", True)):
        given = {"parameters": {"deployVpnGateway": {"value": choice}}}
        reading = real(corpus, file, given)
        peerings = [one for one in reading.resources if one.type == PEERING.lower()]
        assert len(peerings) == 4
        gateways = [one.fields["useRemoteGateways"] for one in peerings]
        assert any(gateways) is uses
        networks = {one.id for one in reading.resources if one.type == VNET.lower()}
        remote = {one.fields["remoteVirtualNetwork"]["id"].lower() for one in peerings}
        assert remote == networks
    assert counts(reading) == (3, 6, 4, 0)


def test_a_module_of_avm_gives_a_subnet_and_two_peerings_a_copy(corpus):
    other = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/"
    other = f"{other}virtualNetworks/vnet-b"
    given = {
        "name": "vnet-a",
        "addressPrefixes": ["10.0.0.0/16"],
        "subnets": [
            {"name": "aks", "addressPrefix": "10.0.0.0/24"},
            {"name": "pe", "addressPrefixes": ["10.0.1.0/24"]},
        ],
        "peerings": [
            {"remoteVirtualNetworkResourceId": other, "remotePeeringEnabled": True}
        ],
    }
    values = {"parameters": {name: {"value": one} for name, one in given.items()}}
    reading = real(corpus, "bicep-compiled/avm-virtual-network.json", values)
    assert counts(reading) == (1, 2, 2, 0)
    network, first, second, there, back = reading.resources
    assert first.fields["addressPrefix"] == "10.0.0.0/24"
    assert second.fields["addressPrefixes"] == ["10.0.1.0/24"]
    assert (
        first.where
        == second.where
        == (".resources.virtualNetwork_subnets.properties.template.resources.subnet")
    )
    assert there.fields["remoteVirtualNetwork"] == {"id": other}
    assert back.id.startswith(other.lower())
    assert back.fields["remoteVirtualNetwork"]["id"].lower() == network.id


def test_an_output_of_one_module_reaches_the_next(corpus):
    (network,) = of(real(corpus, "psrule/Tests.Bicep.5.json"), VNET)
    (subnet,) = network.fields["subnets"]
    group = subnet["properties"]["networkSecurityGroup"]["id"]
    assert group.endswith("/networkSecurityGroups/nsg-subnet-001")


# Names and ids.


def test_an_id_is_what_resource_id_gives():
    child = {"type": SUBNET, "name": "hub/aks"}
    child["properties"] = {"it": f"[resourceId('{SUBNET}', 'hub', 'aks')]"}
    reading = found(vnet(), child)
    assert ids(reading) == ["/hub", "/hub/subnets/aks"]
    assert it(reading).lower() == reading.resources[1].id


def test_fields_are_flat_and_have_the_last_part_of_the_name():
    child = {"type": "subnets", "name": "aks", "properties": {"addressPrefix": "p"}}
    parent = vnet(location="here", resources=[child], tags={"a": "b"})
    parent["properties"] = {"addressSpace": {"addressPrefixes": []}}
    hub, aks = found(parent).resources
    assert hub.fields == {
        "name": "hub",
        "location": "here",
        "tags": {"a": "b"},
        "addressSpace": {"addressPrefixes": []},
    }
    assert (aks.id, aks.where) == (
        f"{NET}/hub/subnets/aks",
        ".resources[0].resources[0]",
    )
    assert aks.fields == {"name": "aks", "addressPrefix": "p"}


def test_a_child_may_have_its_whole_type_and_name():
    children = [{"type": SUBNET, "name": "hub/a"}, {"type": "subnets", "name": "hub/b"}]
    assert ids(found(vnet(resources=children))) == [
        "/hub", "/hub/subnets/a", "/hub/subnets/b",
    ]  # fmt: skip


def test_a_name_that_is_unknown_still_meets_its_references():
    variables = {"name": "[concat('vnet-', uniqueString(resourceGroup().id))]"}
    child = {"type": SUBNET, "name": "[format('{0}/aks', variables('name'))]"}
    child["properties"] = {"it": f"[resourceId('{VNET}', variables('name'))]"}
    reading = found(vnet("[variables('name')]"), child, variables=variables)
    hub, aks = reading.resources
    assert hub.fields["name"] == "vnet-<[uniqueString(resourceGroup().id)]>"
    assert aks.id == f"{hub.id}/subnets/aks"
    assert it(reading).lower() == hub.id


def test_children_inside_a_vnet_have_such_names_too():
    subnets = ["plain", {"name": "a"}, {"name": "[newGuid()]"}]
    parent = vnet(properties={"subnets": subnets, "virtualNetworkPeerings": "x"})
    fields = found(parent).resources[0].fields
    assert fields["subnets"] == ["plain", {"name": "a"}, {"name": "<[newGuid()]>"}]


def test_a_slash_in_an_unknown_name_does_not_part_the_id():
    (hub,) = found(vnet("[uniqueString('a/b')]")).resources
    assert hub.id == f"{NET}/<[uniquestring('a|b')]>"


def test_unknown_names_of_different_copies_and_deployments_differ():
    copied = vnet("[uniqueString(copyIndex())]", copy={"name": "c", "count": 2})
    assert len(set(ids(found(copied)))) == 2
    inner = template(vnet("[uniqueString(parameters('p'))]"))
    inner["parameters"] = {"p": {"type": "string"}}
    given = [{"p": {"value": "a"}}, {"p": {"value": "b"}}]
    both = [nested(inner, name=f"d{n}", parameters=p) for n, p in enumerate(given)]
    assert len(set(ids(found(*both)))) == 2


def test_a_resource_that_has_no_type_or_no_fitting_name_is_skipped():
    reading = found(
        "x",
        {"name": "a"},
        {"type": ""},
        {"type": "noProvider", "name": "a"},
        vnet("a/b"),
        vnet([]),
        {"type": "A.b/c", "name": "d/e"},
    )
    assert ids(reading) == ["/<no name>"]
    assert reasons(reading) == [
        *["a resource without a type"] * 4,
        f"its name a/b does not fit its type {VNET}",
    ]


def test_properties_that_are_no_object_leave_the_resource_and_are_told():
    reading = found(vnet(properties="yo"), vnet("b", properties="[newGuid()]"))
    assert [one.fields for one in reading.resources] == [{"name": "hub"}, {"name": "b"}]
    assert reasons(reading) == [
        "its properties are not settled: not an object",
        "its properties are not settled: [newGuid()]",
    ]


# Parameters and variables.


def test_a_parameter_is_given_or_default_or_null_or_unresolved():
    parameters = {
        "a": {"defaultValue": "[concat(parameters('B'), '!')]"},
        "b": {"type": "string"},
        "c": {"type": "string", "nullable": True},
        "d": {"$ref": "#/definitions/maybe"},
        "e": {"type": "string"},
        "f": "not an object",
    }
    values = "[createArray({})]".format(
        ", ".join(f"parameters('{name}')" for name in "abcdef")
    )
    reading = found(
        vnet(properties={"it": values}),
        parameters=parameters,
        definitions={"maybe": {"type": "string", "nullable": True}},
        given={"b": "x", "C": None},
    )
    assert it(reading) == [
        "x!", "x", None, None, Unresolved("parameter 'e' has no value"),
        Unresolved("[parameters('f')]"),
    ]  # fmt: skip


def test_a_given_value_is_no_expression_and_null_gives_the_default():
    parameters = {"a": {}, "b": {"defaultValue": 1}}
    reading = found(
        vnet(properties={"it": "[createArray(parameters('a'), parameters('b'))]"}),
        parameters=parameters,
        given={"a": "[newGuid()]", "b": None},
    )
    assert it(reading) == ["[newGuid()]", 1]


def test_a_secret_is_in_its_vault_and_an_unknown_parameter_is_told():
    document = template(
        vnet(properties={"it": "[parameters('s')]"}), parameters={"s": {}}
    )
    values = {"s": {"reference": {"keyVault": {}}}, "z": {"value": 1}, "y": 3}
    reading = read(Content("t.json", "", document), values)
    assert it(reading) == Unresolved("parameter 's' is in a key vault")
    assert reasons(reading) == [
        "the template has no parameter 'z'",
        "the template has no parameter 'y'",
    ]


def test_variables_may_be_made_by_copies():
    variables = {
        "copy": [
            {"name": "each", "count": 2, "input": "[copyIndex('EACH', 5)]"},
            {"name": "none", "count": "[newGuid()]", "input": 1},
            7,
        ],
        "inside": {"copy": [{"name": "x", "count": 1, "input": "[copyIndex('x')]"}]},
        "copied": {"copy": ["no loop"]},
    }
    names = ("each", "none", "inside", "copied")
    values = ", ".join(f"variables('{name}')" for name in names)
    reading = found(
        vnet(properties={"it": f"[createArray({values})]"}), variables=variables
    )
    assert it(reading) == [
        [5, 6], Unresolved("[newGuid()]"), {"x": [0]}, {"copy": ["no loop"]},
    ]  # fmt: skip


def test_what_needs_itself_is_unresolved():
    variables = {"a": "[variables('b')]", "b": "[variables('a')]"}
    reading = found(vnet(properties={"it": "[variables('a')]"}), variables=variables)
    assert it(reading) == Unresolved("[variables('a')]")
    reading = found(vnet(properties={"it": "[reference('hub').it]"}))
    assert it(reading) == Unresolved("[reference('hub').it]")


def test_functions_of_the_template_know_only_their_parameters():
    member = {
        "parameters": [{"name": "name", "type": "string"}],
        "output": {"value": "[concat('vnet-', parameters('Name'))]"},
    }
    other = {"output": {"value": "[parameters('x')]"}}
    functions = [{"namespace": "contoso", "members": {"named": member, "other": other}}]
    reading = found(
        vnet(
            properties={
                "it": "[createArray(contoso.named('a'), contoso.named(), "
                "Contoso.other())]"
            }
        ),
        functions=functions,
        parameters={"x": {"defaultValue": 1}},
    )
    assert it(reading) == [
        "vnet-a", Unresolved("[contoso.named()]"), Unresolved("[parameters('x')]"),
    ]  # fmt: skip


def test_an_unknown_function_is_told():
    reading = found(vnet(properties={"it": "[brandNew('a')]"}))
    assert it(reading) == Unresolved("[brandNew('a')]")
    assert reasons(reading) == ["function brandnew() is not known"]


# Loops and conditions.


def test_a_loop_gives_a_resource_a_turn():
    copied = vnet(
        "[format('v{0}', copyIndex(1))]",
        copy={"name": "nets", "count": "[parameters('n')]"},
        properties={
            "it": "[copyIndex('nets')]",
            "copy": [
                {
                    "name": "subnets",
                    "count": 2,
                    "input": {
                        "name": "[concat('s', copyIndex(), '-', copyIndex('subnets'))]"
                    },
                }
            ],
        },
    )
    reading = found(copied, parameters={"n": {"defaultValue": 2}})
    assert ids(reading) == ["/v1", "/v2"]
    assert [one.where for one in reading.resources] == [".resources[0]"] * 2
    assert [one.fields["it"] for one in reading.resources] == [0, 1]
    names = [one["name"] for one in reading.resources[1].fields["subnets"]]
    assert names == ["s1-0", "s1-1"]


def test_a_loop_of_a_length_that_is_unknown_or_too_long_gives_none_and_is_told():
    unsettled = "how many copies there are is not settled: [length(parameters('x'))]"
    odd = "a copy count that is not 0 to 800"
    counts = {"[length(parameters('x'))]": unsettled, 801: odd, -1: odd, True: odd}
    for count, reason in counts.items():
        copied = vnet(copy={"name": "c", "count": count})
        reading = found(copied, parameters={"x": {}})
        assert ids(reading) == []
        assert reason in reasons(reading)
    other = {"type": "A.b/c", "name": "d", "copy": {"name": "c", "count": "[utcNow()]"}}
    assert reasons(found(other)) == []


def test_a_copy_of_a_property_may_be_too_long():
    loops = [{"name": "subnets", "count": 801, "input": {}}, {"name": [], "input": 1}]
    (hub,) = found(vnet(properties={"copy": loops})).resources
    assert hub.fields["subnets"] == Unresolved("a copy count that is not 0 to 800")


@pytest.mark.parametrize(
    ("condition", "there", "told"),
    [
        (True, True, False),
        ("true", True, False),
        ("[equals(1, 1)]", True, False),
        (False, False, False),
        ("[equals(1, 2)]", False, False),
        ("[parameters('x')]", True, True),
        ("perhaps", True, True),
        (None, True, True),
    ],
)
def test_a_condition_takes_a_resource_away_only_if_it_is_false(condition, there, told):
    reading = found(vnet(condition=condition), parameters={"x": {}})
    assert ids(reading) == ["/hub"] * there
    assert bool(reading.skipped) is told
    assert not any(one.broken for one in reading.skipped)


# References.


def test_a_reference_gives_properties_by_symbol_id_and_name():
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [1]}
    resources = {
        "net": vnet(properties=properties, location="here"),
        "after": vnet("after", properties={
            "symbol": "[reference('net').addressSpace.addressPrefixes[0]]",
            "id": f"[reference(resourceId('{VNET}', 'hub'), '2020-01-01').subnets]",
            "plain": "[reference('hub').subnets[0]]",
            "full": "[reference('net', '2020-01-01', 'Full').location]",
            "info": "[resourceInfo('net').name]",
            "later": "[reference('net').resourceGuid]",
            "nothing": f"[reference(resourceId('{VNET}', 'spoke')).subnets]",
        }),
    }  # fmt: skip
    reading = found(resources=resources, languageVersion="2.0")
    fields = reading.resources[1].fields
    assert reading.resources[1].where == ".resources.after"
    assert (
        fields
        == {
            "name": "after",
            "symbol": "10.0.0.0/16",
            "id": [1],
            "full": "here",
            "info": "hub",
            "later": Unresolved("[reference('net').resourceGuid]"),
            "nothing": Unresolved(
                f"[reference(resourceId('{VNET}', 'spoke')).subnets]"
            ),
        }
        | {"name": "after"}
        or fields["name"] == "after"
    )


def test_copies_are_referenced_one_by_one_or_all_together():
    nets = vnet(
        "[string(copyIndex())]",
        copy={"name": "nets", "count": 2},
        properties={"n": "[copyIndex()]"},
    )
    after = vnet("z", properties={"it": {
        "one": "[reference('nets[1]').n]",
        "all": "[map(references('nets'), lambda('x', lambdaVariables('x').n))]",
        "full": "[references('nets', '2020-01-01', 'full')[1].properties.n]",
        "any": "[reference('nets').n]",
        "none": "[reference('nets[2]').n]",
    }})  # fmt: skip
    assert it(found(resources={"nets": nets, "after": after})) == {
        "one": 1,
        "all": [0, 1],
        "full": 1,
        "any": Unresolved("[reference('nets').n]"),
        "none": Unresolved("[reference('nets[2]').n]"),
    }


def test_what_exists_already_is_not_deployed_but_refers_to_what_is():
    after = vnet("z", properties={"it": "[reference('there').n]"})
    there = {"type": VNET, "name": "hub", "existing": True}
    reading = found(resources={"there": there, "after": after})
    assert ids(reading) == ["/z"]
    assert it(reading) == Unresolved("[reference('there').n]")
    mine = vnet(properties={"n": 1})
    assert it(found(resources={"mine": mine, "there": there, "after": after})) == 1


def test_a_name_that_several_resources_have_is_no_reference():
    other = {"type": "A.b/c", "name": "hub", "properties": {}}
    after = vnet("z", properties={"it": "[reference('hub').n]"})
    reading = found(vnet(properties={"n": 1}), other, after)
    assert it(reading) == Unresolved("[reference('hub').n]")


def test_a_resource_on_a_false_condition_is_no_reference():
    after = vnet("z", properties={"it": "[reference('hub').n]"})
    reading = found(vnet(properties={"n": 1}, condition=False), after)
    assert it(reading) == Unresolved("[reference('hub').n]")


# Nested deployments.


def test_a_nested_template_has_names_of_its_own_or_the_outer_ones():
    inner = template(vnet("[variables('name')]"), variables={"name": "mine"})
    variables = {"name": "outer"}
    assert ids(found(nested(inner), variables=variables)) == ["/mine"]
    outer = nested(inner, scope="outer")
    assert ids(found(outer, variables=variables)) == ["/outer"]
    del outer["properties"]["expressionEvaluationOptions"]
    assert ids(found(outer, variables=variables)) == ["/outer"]


def test_an_outer_scope_keeps_the_index_of_the_loop():
    inner = template(vnet("[concat('v', copyIndex())]"))
    loop = {"name": "c", "count": 2}
    reading = found(
        nested(inner, scope="outer", name="[string(copyIndex())]", copy=loop)
    )
    assert ids(reading) == ["/v0", "/v1"]
    where = ".resources[0].properties.template.resources[0]"
    assert {one.where for one in reading.resources} == {where}


def test_parameters_reach_a_nested_template():
    inner = template(
        vnet("[parameters('name')]", properties={"it": "[parameters('list')]"}),
        parameters={"name": {}, "list": {"defaultValue": ["default"]}},
    )
    each = {"copy": [{"name": "value", "count": 2, "input": "[copyIndex('value')]"}]}
    reading = found(nested(inner, parameters={"name": {"value": "a"}, "list": each}))
    assert ids(reading) == ["/a"]
    assert it(reading) == [0, 1]
    nothing = {"name": {"value": "[parameters('x')]"}, "list": {"value": None}}
    reading = found(nested(inner, parameters=nothing), parameters={"x": {}})
    assert ids(reading) == ["/<parameter 'x' has no value>"]
    assert it(reading) == ["default"]


def test_outputs_of_a_nested_template_reach_the_outer_one():
    outputs = {
        "name": {"type": "string", "value": "[deployment().name]"},
        "list": {"type": "array", "copy": {"count": 2, "input": "[copyIndex()]"}},
        "odd": "no object",
    }
    deployed = nested(template(outputs=outputs))
    mine = f"reference(resourceId('{DEPLOYMENT}', 'inner')).outputs"
    after = vnet(properties={"it": {
        "name": f"[{mine}.name.value]",
        "list": f"[{mine}.list.value]",
        "none": f"[{mine}.none.value]",
    }})  # fmt: skip
    assert it(found(deployed, after)) == {
        "name": "inner",
        "list": [0, 1],
        "none": Unresolved(f"[{mine}.none.value]"),
    }


def test_a_deployment_that_goes_elsewhere_says_so_in_its_ids():
    inner = template(vnet(properties={"it": f"[resourceId('{VNET}', 'a')]"}))
    (hub,) = found(nested(inner, resourceGroup="rg", subscriptionId="s")).resources
    assert hub.id.startswith("/subscriptions/s/resourcegroups/rg/providers/")
    assert hub.fields["it"].startswith("/subscriptions/s/resourceGroups/rg/providers/")
    (hub,) = found(
        nested(inner, resourceGroup="[parameters('g')]"), parameters={"g": {}}
    ).resources
    assert "/resourcegroups/<parameter 'g' has no value>/" in hub.id
    (hub,) = found(nested(inner, resourceGroup=5)).resources
    assert "/resourcegroups/<no name but a int>/" in hub.id
    (hub,) = found(nested(inner, scope="outer", resourceGroup="rg")).resources
    assert "/resourcegroups/rg/" in hub.id
    assert "<resource group of t.json>" in hub.fields["it"]


def test_a_scope_says_where_a_resource_goes():
    inner = template(vnet(properties={"it": "[resourceGroup().name]"}))
    deployed = nested(inner)
    deployed["scope"] = "/subscriptions/s/resourceGroups/g"
    (hub,) = found(deployed).resources
    assert hub.id.startswith("/subscriptions/s/resourcegroups/g/")
    assert hub.fields["it"] == "g"
    deployed["scope"] = "[concat(subscription().id, '/resourceGroups/', newGuid())]"
    (hub,) = found(deployed).resources
    assert hub.fields["it"] == Unresolved("[resourceGroup().name]")
    assert "<subscription of t.json>/resourcegroups/<[newguid()]>/" in hub.id


def test_a_template_for_a_subscription_has_no_group_of_its_own():
    schema = SCHEMA.replace("deploymentTemplate", "subscriptionDeploymentTemplate")
    inner = template(vnet(), outputs={"x": {"value": 1}})
    after = vnet("z", properties={
        "it": f"[reference(resourceId('rg', '{DEPLOYMENT}', 'inner')).outputs.x.value]",
        "group": "[resourceGroup().name]",
    })  # fmt: skip
    document = template(nested(inner, resourceGroup="rg"), after)
    reading = read(Content("d/t.json", "", {**document, "$schema": schema}))
    assert reading.resources[0].id == (
        "/subscriptions/<subscription of t.json>/resourcegroups/rg"
        "/providers/microsoft.network/virtualnetworks/hub"
    )
    assert it(reading) == 1
    assert reading.resources[1].fields["group"] == Unresolved("[resourceGroup().name]")


def test_a_template_may_be_a_variable():
    deployed = nested("[variables('t')]", scope="outer")
    reading = found(deployed, variables={"t": template(vnet())})
    assert ids(reading) == ["/hub"]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (
            {"uri": "https://x/y.json"},
            "its template is not in the file: https://x/y.json",
        ),
        ({"uri": "[utcNow()]"}, "its template is not in the file: [utcNow()]"),
        ({"relativePath": "y.json"}, "its template is not in the file: y.json"),
        (None, "no template"),
    ],
)
def test_a_linked_template_is_skipped_and_told(link, words):
    linked = {"type": DEPLOYMENT, "name": "l", "properties": {"templateLink": link}}
    after = vnet(properties={"it": "[reference('l').outputs]"})
    reading = found(linked, after)
    assert it(reading) == Unresolved("[reference('l').outputs]")
    assert (".resources[0]", words, True) in reading.skipped


def test_nothing_is_left_of_a_nested_deployment_on_a_false_condition():
    assert ids(found(nested(template(vnet()), condition=False))) == []


# Which file is what.


@pytest.mark.parametrize(
    "schema",
    ["deploymentTemplate", "subscriptionDeploymentTemplate", "tenantDeploymentTemplate",
     "managementGroupDeploymentTemplate"],
)  # fmt: skip
def test_a_schema_tells_a_template(schema):
    assert knows(
        Content("t", "", {"$schema": SCHEMA.replace("deploymentTemplate", schema)})
    )


@pytest.mark.parametrize(
    "document",
    [None, 1, "resources", [], {}, {"resources": []}, {"resources": 1,
     "contentVersion": ""}, {"$schema": 3}, {"parameters": {}},
     {"parameters": {"a": 1}}],
)  # fmt: skip
def test_other_documents_are_neither(document):
    assert not knows(Content("t", "", document))
    assert not is_parameters(document)
    with pytest.raises(InventoryError, match=r"x\.json: expected an ARM template"):
        read(Content("x.json", "", document))


def test_a_parameters_file_belongs_to_the_template_of_its_name():
    def belongs(template, *files):
        return parameters_for(template, {name: name for name in files})

    exact, longer, other = "a.parameters.json", "a.parameters.prod.json", "b.json"
    assert belongs("a.json", longer, exact, other) == exact
    assert belongs("a.json", longer, other) == longer
    assert belongs("a.json", longer, "a.parameters.test.json") is None
    assert belongs("a.json", "x/a.parameters.json", "y.json") is None
    assert belongs("x/a.json", "x/a.parameters.json", "a.parameters.json") == (
        "x/a.parameters.json"
    )
    assert belongs("main.json", "parameters-main.json", "b.parameters.json") == (
        "parameters-main.json"
    )
    assert belongs("main.json", "any.json") == "any.json"
    assert belongs("main.json", "b.parameters.json", "c.parameters.json") is None
    assert belongs("main.json") is None


def test_quickstarts_find_their_parameters(corpus):
    for file in (name for name in DEPLOYED if QUICK in name):
        folder = (corpus / file).parent
        files = {str(path): path.name for path in folder.glob("*.parameters.json")}
        found = parameters_for(str(folder / "azuredeploy.json"), files)
        assert found == "azuredeploy.parameters.json"


# Hostile files: an answer, soon, and no traceback.


def laughs(first, again):
    variables = {"v0": first}
    for level in range(1, 30):
        variables[f"v{level}"] = again.format(f"variables('v{level - 1}')")
    return variables


@pytest.mark.parametrize(
    ("it_is", "variables"),
    [
        ("[variables('v29')]", laughs(["x"], "[createArray({0}, {0}, {0}, {0})]")),
        ("[string(variables('v29'))]", laughs(["x"], "[createArray({0}, {0})]")),
        ("[equals(variables('v29'), 1)]", laughs(["x"], "[createArray({0}, {0})]")),
        ("[variables('v29')]", laughs("x" * 99, "[concat({0}, {0})]")),
        ("[variables('v29')]", laughs(["x"] * 99, "[concat({0}, {0})]")),
        ("[map(range(0, 9999), lambda('i', range(0, 9999)))]", {}),
    ],
)
def test_a_bomb_ends(monkeypatch, it_is, variables):
    monkeypatch.setattr(values, "MOST_STEPS", 50_000)
    reading = found(vnet(properties={"it": it_is}), variables=variables)
    told = any("steps to evaluate" in reason for reason in reasons(reading))
    assert told or isinstance(it(reading), Unresolved)


def test_too_many_resources_end_and_are_told(monkeypatch):
    monkeypatch.setattr(deployments, "MOST_RESOURCES", 1_000)
    subnets = {"type": "subnets", "name": "[string(copyIndex())]"}
    copied = vnet(
        "[string(copyIndex())]",
        copy={"name": "c", "count": 800},
        resources=[{**subnets, "copy": {"name": "d", "count": 800}}],
    )
    assert "more than 1,000 resources" in reasons(found(copied))[0]


def deeply(levels, around, innermost):
    for _ in range(levels):
        innermost = around(innermost)
    return innermost


DEEP = {
    "lists": vnet(properties={"it": deeply(5000, lambda x: [x], [])}),
    "objects": vnet(properties={"it": deeply(5000, lambda x: {"a": x}, {})}),
    "children": deeply(5000, lambda x: vnet(resources=[x]), {}),
    "inner": deeply(5000, lambda x: nested({"resources": [x]}), vnet()),
    "outer": deeply(5000, lambda x: nested({"resources": [x]}, scope="outer"), vnet()),
}


@pytest.mark.parametrize("resource", DEEP.values(), ids=DEEP)
def test_depth_ends(resource):
    document = {"contentVersion": "1", "resources": [resource]}
    reading = read(Content("t.json", "", document))
    assert reading.skipped or isinstance(reading.resources[0].fields["it"], list | dict)


def chain(link):
    return {f"v{level}": link.format(level + 1) for level in range(3000)}


def test_a_chain_ends():
    defaults = {
        name: {"defaultValue": text}
        for name, text in chain("[parameters('v{0}')]").items()
    }
    lambdas = chain("[map(createArray(1), lambda('x', variables('v{0}')))]")
    own = {
        name: {"output": {"value": f"[n.v{level + 1}()]"}}
        for level, name in enumerate(chain(""))
    }
    deployed = {
        f"d{level}": nested(template(), parameters={
            "p": {"value": f"[reference('d{level + 1}').outputs]"}}, name=f"d{level}")
        for level in range(300)
    }  # fmt: skip
    hub = vnet(properties={
        "a": "[parameters('v0')]", "b": "[variables('v0')]", "c": "[n.v0()]",
    })  # fmt: skip
    reading = found(
        resources={"hub": hub, **deployed},
        parameters=defaults,
        variables=lambdas,
        functions=[{"namespace": "n", "members": own}],
    )
    fields = reading.resources[0].fields
    assert fields["a"] == fields["c"] == Unresolved("nested too deeply")
    assert isinstance(fields["b"], list | Unresolved)


def test_values_that_a_reference_opens_may_be_too_deep():
    deep = deeply(300, lambda x: {"a": x}, {})
    hub = vnet(properties={"n": "[parameters('deep')]"})
    after = vnet("z", properties={"it": "[reference('hub').n]"})
    reading = found(hub, after, parameters={"deep": {}}, given={"deep": deep})
    assert "nested too deeply" in str(it(reading))


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        ["[parameters('a')]", "[reference('hub')]", "[[x]", "[x", "[copyIndex()]", VNET,
         "[filter()]", "subnets", "a/b", "[variables('copy')]", DEPLOYMENT]
    )
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["value", "name", "copy", "count", "input", "type", "template",
                         "resources", "scope", "properties", "outputs", "a"]),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
PARTS = st.sampled_from(
    ["resources", "parameters", "variables", "functions", "outputs", "definitions"]
)
FIELDS = st.sampled_from(
    ["type", "name", "copy", "condition", "properties", "resources", "scope", "sku",
     "resourceGroup", "subscriptionId", "existing", "location"]
)  # fmt: skip


@given(PARTS, JUNK)
def test_no_part_of_a_template_crashes_the_reader(part, junk):
    reference = vnet(
        properties={"it": "[createArray(parameters('a'), variables('a'))]"}
    )
    document = {"contentVersion": "1", "resources": [reference], part: junk}
    if knows(Content("t", "", document)):
        read(Content("t.json", "", document), {"parameters": junk})


@given(st.sampled_from([VNET, SUBNET, DEPLOYMENT, "A.b/c"]), FIELDS, JUNK)
def test_no_field_of_a_resource_crashes_the_reader(kind, field, junk):
    after = vnet("z", properties={"it": "[reference('hub', '1', 'full')]"})
    resources = [{"type": kind, "name": "hub", field: junk}, after]
    read(Content("t.json", "", {"contentVersion": "1", "resources": resources}))


@given(
    st.sampled_from(
        ["template", "parameters", "templateLink", "expressionEvaluationOptions"]
    ),
    JUNK,
)
def test_no_field_of_a_deployment_crashes_the_reader(field, junk):
    deployed = nested(template(vnet("[parameters('a')]"), outputs={"a": {"value": 1}}))
    deployed["properties"][field] = junk
    after = vnet("z", properties={"it": "[reference('inner').outputs.a.value]"})
    document = {"contentVersion": "1", "resources": [deployed, after]}
    read(Content("t.json", "", document))


def test_a_name_without_end_is_told_and_not_multiplied():
    vnet = {"type": "Microsoft.Network/virtualNetworks", "name": "[variables('big')]",
            "copy": {"name": "c", "count": 800}, "properties": {}}  # fmt: skip
    template = {"contentVersion": "1", "variables": {"big": "a" * 100_000},
                "resources": [vnet] * 3}  # fmt: skip
    found = read(Content("t.json", "", template))
    assert found.resources == []
    assert any("its name has more than" in each.reason for each in found.skipped)
