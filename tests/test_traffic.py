"""What steers traffic: read from every format, kept, printed, and redacted."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipplan import Cidr, InventoryError, read_inventory
from ipplan.documents.inventories import inventory_document
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Subnet, VNet
from ipplan.inventory.redacting import redacted
from ipplan.inventory.traffic import (
    LoadBalancer,
    NodeInterface,
    Outlet,
    PublicAddress,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    ZoneLink,
)
from tests.code_shapes import template

GROUP = "/subscriptions/s/resourceGroups/Sec/providers"
NET = f"{GROUP}/Microsoft.Network"
LOW = NET.lower()


@pytest.fixture
def read(tmp_path):
    def run(*documents):
        paths = []
        for number, document in enumerate(documents):
            path = tmp_path / f"{number}.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            paths.append(str(path))
        return read_inventory(*paths)

    return run


@pytest.fixture
def refusal(read):
    """What is wrong with a document, a line each, without the file."""

    def run(document):
        with pytest.raises(InventoryError) as caught:
            read(document)
        return [each.partition(".json")[2] for each in caught.value.problems]

    return run


def resource(kind, name, **properties):
    """A resource as the ARM API sends it."""
    identity = f"{NET}/{kind}/{name}"
    whole = "/".join(["Microsoft.Network", *kind.split("/")[::2]])
    return {"id": identity, "name": name, "type": whole, "properties": properties}


def rule(name="deny", **fields):
    words = {"priority": 100, "direction": "Inbound", "access": "Deny"}
    ends = {"protocol": "*", "sourceAddressPrefix": "*", "destinationPortRange": "*"}
    ends |= {"destinationAddressPrefix": "*"}
    return {"name": name, "properties": {**words, **ends, **fields}}


def nsg(*rules, name="nsg"):
    return resource("networkSecurityGroups", name, securityRules=list(rules))


def table(*routes, name="rt"):
    return resource("routeTables", name, routes=list(routes))


def route(name="default", prefix="0.0.0.0/0", kind="Internet", **fields):
    properties = {"addressPrefix": prefix, "nextHopType": kind, **fields}
    return {"name": name, "properties": properties}


def rules(found):
    (group,) = found.security_groups
    return group.rules


# Azure's own shapes.


def test_a_rule_names_addresses_tags_and_application_security_groups(read):
    asg = f"{NET}/applicationSecurityGroups/Web"
    given = rule(
        sourceAddressPrefix="",
        sourceAddressPrefixes=["10.1.0.0/16", "10.0.0.0/16"],
        destinationAddressPrefix="VirtualNetwork",
        destinationApplicationSecurityGroups=[{"id": asg}],
        destinationPortRange="443",
        destinationPortRanges=["8000-8080"],
    )
    (found,) = rules(read([nsg(given)]))
    assert found.sources == ("10.0.0.0/16", "10.1.0.0/16")
    assert found.destinations == (asg.lower(), "VirtualNetwork")
    assert found.ports == ("443", "8000-8080")


def test_rules_stand_in_the_order_in_which_they_decide(read):
    given = [rule("c", direction="Outbound"), rule("b", priority=4096), rule("a")]
    assert [each.name for each in rules(read([nsg(*given)]))] == ["a", "b", "c"]


def test_the_case_of_what_a_rule_does_does_not_matter(read):
    (found,) = rules(read([nsg(rule(direction="inbound", access="DENY"))]))
    assert (found.direction, found.access) == ("Inbound", "Deny")


def test_one_resource_alone_is_read(read):
    found = read({**nsg(rule()), "resourceGroup": "Sec"})
    assert found.security_groups[0].id == f"{LOW}/networksecuritygroups/nsg"
    assert found.security_groups[0].name == "nsg"
    assert found.skipped == ()


def test_nulls_are_nothing(read):
    group = resource("networkSecurityGroups", "nsg", securityRules=None)
    assert rules(read([group])) == ()
    whole = rule(sourceAddressPrefixes=None, sourceApplicationSecurityGroups=[None])
    assert len(rules(read([nsg(None, whole)]))) == 1


BROKEN = [
    (nsg(rule(priority="soon")), ".properties.securityRules[0].properties.priority"),
    (nsg(rule(priority=-1)), ".properties.securityRules[0].properties.priority"),
    (nsg(rule(priority=2**32)), ".properties.securityRules[0].properties.priority"),
    (nsg(rule(direction="Up")), ".properties.securityRules[0].properties.direction"),
    (nsg(rule(access=3)), ".properties.securityRules[0].properties.access"),
    (nsg({"name": "x"}), ".properties.securityRules[0].priority"),
    (nsg(5), ".properties.securityRules[0]"),
    (nsg(rule(sourceAddressPrefix=5)), ".sourceAddressPrefix"),
    (nsg(rule(sourceAddressPrefixes=[5])), ".sourceAddressPrefixes[0]"),
    (nsg(rule(sourceApplicationSecurityGroups=[{"id": 5}])), "SecurityGroups[0]"),
    (table(route(prefix=5)), ".properties.routes[0].properties.addressPrefix"),
    (table({"name": "x"}), ".properties.routes[0].addressPrefix"),
    (resource("publicIPAddresses", "a", ipAddress="20.0.0"), ".properties.ipAddress"),
    (resource("publicIPPrefixes", "a", ipPrefix="20.0.0.1/28"), ".properties.ipPrefix"),
    (resource("azureFirewalls", "a", ipConfigurations="x"), ".ipConfigurations"),
    (resource("natGateways", "a", publicIpAddresses="x"), ".publicIpAddresses"),
    (resource("privateDnsZones/z/virtualNetworkLinks", "a", virtualNetwork=5),
     ".properties.virtualNetwork"),
    (resource("networkInterfaces", "a", networkSecurityGroup=5), "SecurityGroup"),
    (resource("loadBalancers", "a", loadBalancingRules=5), ".loadBalancingRules"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "place"), BROKEN)
def test_what_is_broken_is_skipped_and_the_rest_is_read(given, place, read, refusal):
    told = refusal([given])
    assert place in told[0].split(": ")[0]
    whole = nsg(rule(), name="whole")
    found = read([given, whole])
    assert [each.name for each in found.security_groups] == ["whole"]
    assert all(each.broken for each in found.skipped)
    assert not found.complete


NAMES = st.sampled_from(
    [
        "properties",
        "securityRules",
        "routes",
        "name",
        "priority",
        "direction",
        "access",
        "ipAddress",
        "id",
        "ipConfigurations",
        "publicIPAddress",
        "sourceAddressPrefixes",
        "loadBalancingRules",
        "hubIPAddresses",
        "publicIPs",
        "addresses",
        "frontendIPConfiguration",
        "virtualNetwork",
        "virtualMachineProfile",
        "networkProfile",
        "networkInterfaceConfigurations",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "*", "Deny"])
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=9
)
KINDS = [
    "networkSecurityGroups",
    "routeTables",
    "publicIPAddresses",
    "publicIPPrefixes",
    "azureFirewalls",
    "natGateways",
    "networkInterfaces",
    "loadBalancers",
    "networkSecurityGroups/x/securityRules",
    "routeTables/x/routes",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("traffic")


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), ANYTHING), max_size=4))
def test_whatever_stands_in_a_resource_is_read_or_told(folder, found):
    resources = [{**resource(kind, "x"), "properties": each} for kind, each in found]
    path = folder / "any.json"
    path.write_text(json.dumps(resources), encoding="utf-8")
    try:
        inventory = read_inventory(str(path))
    except InventoryError:
        return  # nothing of it is whole
    path.write_text(json.dumps(inventory_document(inventory)), encoding="utf-8")
    assert read_inventory(str(path)) == inventory


def test_the_highest_priority_is_a_number_as_any(read):
    (found,) = rules(read([nsg(rule(priority=2**32 - 1))]))
    assert found.priority == 2**32 - 1


def test_a_route_names_its_appliance(read):
    hop = route(kind="VirtualAppliance", nextHopIpAddress="10.0.1.4")
    found = read([table(route("other", "10.0.0.0/8", "VnetLocal"), hop)])
    assert found.route_tables[0].routes == (
        Route("default", "0.0.0.0/0", "VirtualAppliance", "10.0.1.4"),
        Route("other", "10.0.0.0/8", "VnetLocal"),
    )


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("publicIPAddresses", {"ipAddress": "20.0.0.1"}, "20.0.0.1/32"),
        ("publicIPAddresses", {"ipAddress": "2603::1"}, "2603::1/128"),
        ("publicIPPrefixes", {"ipPrefix": "20.0.0.0/28"}, "20.0.0.0/28"),
        ("publicIPAddresses", {"ipAddress": "Not Assigned"}, None),
        ("publicIPAddresses", {"ipAddress": ""}, None),
        ("publicIPAddresses", {}, None),
        ("publicIPPrefixes", {"ipPrefix": ""}, None),
    ],
)
def test_a_public_address_is_a_range_or_not_yet_given(kind, fields, expected, read):
    (found,) = read([resource(kind, "pip", **fields)]).public_addresses
    assert found.prefix == (expected and Cidr.parse(expected))


def test_a_firewall_in_a_hub_of_a_virtual_wan_shows_its_addresses_itself(read):
    public = {"addresses": [{"address": "20.0.0.2"}, {"address": "20.0.0.1"}, {}]}
    hub = {"privateIPAddress": "10.9.0.132", "publicIPs": public}
    for name in ("hubIPAddresses", "hubIpAddresses"):
        given = resource("azureFirewalls", "fw", **{name: hub})
        (found,) = read([given]).outlets
        assert found.private_ips == ("10.9.0.132",)
        assert list(map(str, found.public_prefixes)) == ["20.0.0.1/32", "20.0.0.2/32"]
    (found,) = read([resource("azureFirewalls", "fw", hubIPAddresses={})]).outlets
    assert found.public_prefixes == ()


def test_a_nat_gateway_has_addresses_of_both_families(read):
    ids = {
        name: [{"id": f"{NET}/{name}/1"}]
        for name in (
            "publicIpAddresses",
            "publicIpPrefixes",
            "publicIpAddressesV6",
            "publicIpPrefixesV6",
        )
    }
    (found,) = read([resource("natGateways", "nat", **ids)]).outlets
    assert (found.kind, found.private_ips) == ("nat-gateway", ())
    assert found.public_addresses == tuple(sorted(f"{LOW}/{e.lower()}/1" for e in ids))


def test_a_zone_is_told_by_its_link(read):
    vnet = f"{NET}/virtualNetworks/Hub"
    name = "privatelink.westeurope.azmk8s.io"
    kind = f"privateDnsZones/{name}/virtualNetworkLinks"
    given = resource(kind, "to-hub", virtualNetwork={"id": vnet})
    zone = resource("privateDnsZones", name, numberOfRecordSets=1)
    found = read([given, zone])
    (link,) = found.zone_links
    assert (link.zone, link.vnet) == (f"{LOW}/privatednszones/{name}", vnet.lower())
    (skipped,) = found.skipped
    assert not skipped.broken
    assert "privatednszones, not a network or cluster" in skipped.reason


def test_a_scale_set_has_the_first_group_that_its_interfaces_have(read):
    kind = "Microsoft.Compute/virtualMachineScaleSets"
    group = {"id": f"{NET}/networkSecurityGroups/agents"}
    cards = [{"name": "a", "properties": {}}, {"networkSecurityGroup": group}]
    for network, expected in (
        ({"networkInterfaceConfigurations": cards}, group["id"].lower()),
        ({"networkInterfaceConfigurations": []}, None),
        (None, None),
    ):
        machines = {"networkProfile": network}
        given = {"id": f"{GROUP}/{kind}/aks", "virtualMachineProfile": machines}
        (found,) = read([given]).node_interfaces
        assert (found.name, found.network_security_group) == ("aks", expected)
        assert found.resource_group == "sec"
    (found,) = read([{"id": f"{GROUP}/{kind}/aks"}]).node_interfaces
    assert found.network_security_group is None


def test_rules_of_a_load_balancer_are_counted_by_front_end(read):
    fronts = [f"{NET}/loadBalancers/lb/frontendIPConfigurations/{i}" for i in "abb"]
    given = [
        {"properties": {"frontendIPConfiguration": {"id": each}}} for each in fronts
    ]
    given += [{"frontendIpConfiguration": {"id": fronts[0].upper()}}, {"name": "none"}]
    (found,) = read(
        [resource("loadBalancers", "lb", loadBalancingRules=given)]
    ).load_balancers
    assert found.rules == (2, 2)
    assert found.resource_group == "sec"


# Rules and routes that are resources of their own.


def alone(group, kind, item):
    own = {"id": f"{NET}/{group}/{kind}/{item['name']}"}
    return {**own, "type": f"Microsoft.Network/{group.split('/')[0]}/{kind}", **item}


def test_a_rule_beside_its_group_is_one_of_its_rules(read):
    beside = alone("networkSecurityGroups/nsg", "securityRules", rule("beside"))
    same = alone("networkSecurityGroups/nsg", "securityRules", rule("within"))
    found = read([beside, nsg(rule("within", priority=200)), same])
    assert [(each.name, each.priority) for each in rules(found)] == [
        ("beside", 100),
        ("within", 200),
    ]
    assert found.skipped == ()


def test_a_route_beside_its_table_is_one_of_its_routes(read):
    beside = alone("routeTables/rt", "routes", route("beside"))
    found = read([beside, resource("routeTables", "rt")])
    assert [each.name for each in found.route_tables[0].routes] == ["beside"]


def test_a_rule_without_its_group_says_too_little(read, refusal):
    beside = alone("networkSecurityGroups/nsg", "securityRules", rule())
    reason = "part of 'nsg', which is not in the file"
    assert refusal([beside]) == [f" [0]: {reason}"]
    found = read([beside, nsg(name="other")])
    assert [each.reason for each in found.skipped] == [reason]
    assert not found.complete


def test_a_broken_rule_beside_its_group_is_skipped_alone(read):
    beside = alone("networkSecurityGroups/nsg", "securityRules", rule(access="Maybe"))
    found = read([nsg(rule("within")), beside])
    assert [each.name for each in rules(found)] == ["within"]
    (skipped,) = found.skipped
    assert skipped.where.endswith("[1].properties.access")


# Templates and plans, in which not all is settled.


def test_what_a_template_leaves_open_is_named_and_the_rule_left_out(read):
    unknown = "[reference('x').it]"
    given = [
        rule("open", access=unknown),
        rule("half", sourceAddressPrefix=unknown, priority=200),
    ]
    group = {**nsg(*given), "apiVersion": "2024-05-01"}
    hop = route("r1", kind="VirtualAppliance", nextHopIpAddress=unknown)
    where = route("r2", prefix=unknown)
    found = read(template("2019-04-01/deploymentTemplate", [group, table(hop, where)]))
    (half,) = rules(found)
    assert (half.name, half.sources) == ("half", ())
    assert found.security_groups[0].unresolved == (
        f"securityRules[0].properties.access: {unknown}",
        f"securityRules[1].properties.sourceAddressPrefix: {unknown}",
    )
    (only,) = found.route_tables[0].routes
    assert only == Route("r1", "0.0.0.0/0", "VirtualAppliance", None)
    assert len(found.route_tables[0].unresolved) == 2
    assert found.complete


def test_a_rule_within_the_group_of_a_template_is_one_of_its_rules(read):
    child = {"type": "securityRules", **rule("[concat('a', 'b')]")}
    group = {**nsg(), "resources": [child]}
    del group["id"]
    found = read(template("2019-04-01/deploymentTemplate", [group]))
    assert [each.name for each in rules(found)] == ["ab"]
    assert found.security_groups[0].origin.evidence == "proposed"


def state(*resources, config=None, key="values", unknown=None):
    """``terraform show -json``: of a state, or of a plan with its configuration."""
    listed = [
        {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
        | {"values": values}
        for kind, name, values in resources
    ]
    document = {"format_version": "1.0", key: {"root_module": {"resources": listed}}}
    if config is None:
        return document
    said = [
        {"address": address, "expressions": expressions}
        for address, expressions in config.items()
    ]
    changes = [
        {"address": each["address"], "change": {"actions": ["create"], "after_unknown":
         (unknown or {}).get(each["address"], {"id": True})}}
        for each in listed
    ]  # fmt: skip
    root = {"root_module": {"resources": said}}
    return {**document, "configuration": root, "resource_changes": changes}


def plan(*resources, config, unknown=None):
    return state(*resources, config=config, key="planned_values", unknown=unknown)


RULE = {"name": "r", "priority": 100, "direction": "Inbound", "access": "Deny"}
RULE |= {"protocol": "*", "source_address_prefix": "*", "destination_port_range": "22"}
PLACE = {"resource_group_name": "rg"}


def ref(*names):
    return {"references": list(names)}


def test_a_plan_ties_rules_routes_and_addresses_by_references(read):
    document = plan(
        ("azurerm_network_security_group", "g", {"name": "nsg", **PLACE}),
        ("azurerm_network_security_rule", "r",
         {**RULE, **PLACE, "network_security_group_name": "nsg"}),
        ("azurerm_route_table", "t", {"name": "rt", **PLACE}),
        ("azurerm_route", "o", {"name": "o", "route_table_name": "rt", **PLACE,
         "address_prefix": "0.0.0.0/0", "next_hop_type": "VirtualAppliance"}),
        ("azurerm_public_ip", "p", {"name": "pip", **PLACE}),
        ("azurerm_public_ip_prefix", "p", {"name": "ipp", **PLACE}),
        ("azurerm_firewall", "f",
         {"name": "fw", **PLACE, "ip_configuration": [{"name": "c"}]}),
        ("azurerm_nat_gateway", "n", {"name": "nat", **PLACE}),
        ("azurerm_nat_gateway_public_ip_association", "a", {}),
        ("azurerm_nat_gateway_public_ip_prefix_association", "a", {}),
        ("azurerm_virtual_network", "v", {"name": "hub", **PLACE}),
        ("azurerm_private_dns_zone_virtual_network_link", "l",
         {"name": "to-hub", "private_dns_zone_name": "contoso.internal", **PLACE}),
        config={
            "azurerm_route.o": {"next_hop_in_ip_address": ref(
                "azurerm_firewall.f.ip_configuration[0].private_ip_address",
                "azurerm_firewall.f")},
            "azurerm_firewall.f": {"ip_configuration": [
                {"public_ip_address_id": ref("azurerm_public_ip.p.id")}]},
            "azurerm_nat_gateway_public_ip_association.a": {
                "nat_gateway_id": ref("azurerm_nat_gateway.n.id"),
                "public_ip_address_id": ref("azurerm_public_ip.p.id")},
            "azurerm_nat_gateway_public_ip_prefix_association.a": {
                "nat_gateway_id": ref("azurerm_nat_gateway.n.id"),
                "public_ip_prefix_id": ref("azurerm_public_ip_prefix.p.id")},
            "azurerm_private_dns_zone_virtual_network_link.l": {
                "virtual_network_id": ref("azurerm_virtual_network.v.id")},
        },
        unknown={
            "azurerm_route.o": {"id": True, "next_hop_in_ip_address": True},
            "azurerm_firewall.f": {"ip_configuration": [
                {"public_ip_address_id": True, "private_ip_address": True}]},
            "azurerm_nat_gateway_public_ip_association.a": {
                "nat_gateway_id": True, "public_ip_address_id": True},
            "azurerm_nat_gateway_public_ip_prefix_association.a": {
                "nat_gateway_id": True, "public_ip_prefix_id": True},
            "azurerm_private_dns_zone_virtual_network_link.l": {
                "virtual_network_id": True},
            "azurerm_public_ip.p": {"id": True, "ip_address": True},
        },
    )  # fmt: skip
    found = read(document)
    assert [each.name for each in rules(found)] == ["r"]
    (only,) = found.route_tables[0].routes
    assert only.next_hop is None
    hop = "azurerm_firewall.f.ip_configuration[0].private_ip_address known after apply"
    assert found.route_tables[0].unresolved == (f"routes[0].nextHopIpAddress: {hop}",)
    firewall, gateway = found.outlets
    address, prefix = (each.id for each in found.public_addresses)
    assert firewall.public_addresses == (address,)
    assert gateway.public_addresses == (address, prefix)
    assert {each.prefix for each in found.public_addresses} == {None}
    (link,) = found.zone_links
    assert link.vnet == found.vnets[0].id
    assert found.complete


def test_rules_that_are_known_after_apply_are_said_to_be(read):
    group = ("azurerm_network_security_group", "g", {"name": "nsg", **PLACE})
    config = {"azurerm_network_security_group.g": {"security_rule": ref("local.rules")}}
    unknown = {"azurerm_network_security_group.g": {"security_rule": True}}
    found = read(plan(group, config=config, unknown=unknown))
    assert rules(found) == ()
    (told,) = found.security_groups[0].unresolved
    assert told.startswith("securityRules: local.rules known after apply")


def test_rules_that_are_not_set_are_none(read):
    group = ("azurerm_network_security_group", "g", {"name": "nsg", **PLACE})
    unknown = {"azurerm_network_security_group.g": {"security_rule": True}}
    config = {"azurerm_network_security_group.g": {"name": {"constant_value": "nsg"}}}
    found = read(plan(group, config=config, unknown=unknown))
    assert found.security_groups[0].unresolved == ()


def test_an_address_of_a_gateway_that_is_not_known_is_told(read):
    kind = "azurerm_nat_gateway_public_ip_association"
    vnet = ("azurerm_virtual_network", "v", {"name": "hub", **PLACE})
    config = {f"{kind}.a": {"nat_gateway_id": ref("local.nat")}}
    unknown = {f"{kind}.a": {"nat_gateway_id": True}}
    found = read(plan(vnet, (kind, "a", {}), config=config, unknown=unknown))
    (skipped,) = found.skipped
    assert skipped.reason.startswith(f"{kind}.a: of which NAT gateway is local.nat")
    unset = read(plan(vnet, (kind, "a", {}), config={}))
    assert unset.skipped == ()


def test_a_state_shows_addresses_and_a_firewall_in_a_hub(read):
    address = {"id": f"{NET}/publicIPAddresses/pip", "ip_address": "20.0.0.1"}
    hub = {"private_ip_address": "10.9.0.132", "public_ip_addresses": ["20.0.0.2"]}
    firewall = {"id": f"{NET}/azureFirewalls/fw", "virtual_hub": [hub]}
    bare = {"id": f"{NET}/azureFirewalls/none", "name": "none"}
    found = read(
        state(
            ("azurerm_public_ip", "p", address),
            ("azurerm_firewall", "f", firewall),
            ("azurerm_firewall", "g", bare),
        )
    )
    assert found.public_addresses[0].prefix == Cidr.parse("20.0.0.1/32")
    shown, empty = found.outlets
    assert shown.private_ips == ("10.9.0.132",)
    assert shown.public_prefixes == (Cidr.parse("20.0.0.2/32"),)
    assert (empty.private_ips, empty.public_addresses) == ((), ())


def test_what_a_data_source_read_counts(read):
    rules_ = [{**RULE, "name": "seen"}]
    group = {"id": f"{NET}/networkSecurityGroups/g", "security_rule": rules_}
    document = state(("azurerm_network_security_group", "g", group))
    (only,) = document["values"]["root_module"]["resources"]
    only |= {"mode": "data", "address": f"data.{only['address']}"}
    assert [each.name for each in rules(read(document))] == ["seen"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("networkSecurityGroups", ("securityRules: a body that is not JSON",)),
        ("routeTables", ("routes: a body that is not JSON",)),
        ("natGateways", None),
    ],
)
def test_a_body_of_azapi_that_is_not_json_leaves_open_what_it_holds(kind, told, read):
    values = {"id": f"{NET}/{kind}/x", "type": f"Microsoft.Network/{kind}@2024-05-01"}
    found = read(state(("azapi_resource", "x", {**values, "body": "{"})))
    nouns = [*found.security_groups, *found.route_tables, *found.outlets]
    assert [getattr(each, "unresolved", None) for each in nouns] == [told]


def test_an_azapi_resource_stands_in_its_group_or_its_parent(read):
    group = {
        "name": "nsg",
        "type": "Microsoft.Network/networkSecurityGroups@2024-05-01",
    }
    group["parent_id"] = "/subscriptions/s/resourceGroups/rg"
    kind = "Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01"
    body = {"properties": rule()["properties"]}
    child = {"name": "r", "type": kind, "body": body}
    child["parent_id"] = f"{group['parent_id']}/providers/{group['type'][:39]}/nsg"
    found = read(state(("azapi_resource", "g", group), ("azapi_resource", "r", child)))
    assert [each.name for each in rules(found)] == ["r"]


# PowerShell and Steampipe.


def test_powershell_writes_lists_where_azure_has_text(read):
    group = {
        "Name": "nsg",
        "Id": f"{NET}/networkSecurityGroups/nsg",
        "SecurityRules": [
            {
                "Name": "r",
                "Priority": 100,
                "Direction": "Inbound",
                "Access": "Deny",
                "Protocol": "*",
                "SourceAddressPrefix": ["*"],
                "DestinationAddressPrefix": "10.0.0.0/8 10.1.0.0/16",
                "DestinationPortRange": ["22", "3389"],
                "SourceApplicationSecurityGroups": [],
            }
        ],
    }
    address = {"Id": f"{NET}/publicIPAddresses/pip", "IpAddress": "Not Assigned"}
    link = {
        "ResourceId": f"{NET}/privateDnsZones/z/virtualNetworkLinks/l",
        "Name": "l",
        "VirtualNetworkId": f"{NET}/virtualNetworks/Hub",
    }
    firewall = {
        "Id": f"{NET}/azureFirewalls/fw",
        "IpConfigurations": [
            {
                "PrivateIPAddress": "10.0.1.4",
                "PublicIpAddress": {"Id": f"{NET}/publicIPAddresses/pip"},
            }
        ],
    }
    found = read([group, address, link, firewall])
    (only,) = rules(found)
    assert only.sources == ("*",)
    assert only.destinations == ("10.0.0.0/8", "10.1.0.0/16")
    assert only.ports == ("22", "3389")
    assert found.public_addresses[0].prefix is None
    assert found.zone_links[0].vnet == f"{LOW}/virtualnetworks/hub"
    (outlet,) = found.outlets
    assert outlet.private_ips == ("10.0.1.4",)
    assert outlet.public_addresses == (f"{LOW}/publicipaddresses/pip",)


def test_rules_that_convertto_json_cut_off_are_said_to_be(read):
    cut = ["Microsoft.Azure.Commands.Network.Models.PSSecurityRule"]
    group = {"Id": f"{NET}/networkSecurityGroups/nsg", "SecurityRules": cut}
    found = read([group])
    assert rules(found) == ()
    assert "cut off" in found.security_groups[0].unresolved[0]


def test_a_steampipe_row_without_the_column_of_rules_says_so(read):
    row = {"akas": [], "name": "nsg", "id": f"{NET}/networkSecurityGroups/nsg"}
    (group,) = read([row]).security_groups
    assert group.unresolved == ("securityRules: no column security_rules",)
    (only,) = rules(read([{**row, "security_rules": [rule()]}]))
    assert only.name == "deny"


# Merging, printing and reading back.


def whole():
    """An inventory with one of everything."""
    vnet = f"{LOW}/virtualnetworks/hub"
    asg = f"{LOW}/applicationsecuritygroups/contoso"
    deny = SecurityRule(
        "contoso", 100, "Inbound", "Deny", "Tcp",
        ("10.0.0.0/8", "AzureCloud.WestEurope", "contoso", asg), ("VirtualNetwork",),
        ("443", "30000-32767"),
    )  # fmt: skip
    hop = Route("contoso", "0.0.0.0/0", "VirtualAppliance", "10.0.1.4")
    tag = Route("tag", "contoso", "contoso", "contoso")
    group, table_ = f"{LOW}/networksecuritygroups/contoso", f"{LOW}/routetables/contoso"
    public = f"{LOW}/publicipaddresses/contoso"
    subnet = Subnet(
        f"{vnet}/subnets/contoso", "contoso",
        route_table=table_, network_security_group=group,
    )  # fmt: skip
    zones = ("contoso.privatelink.westeurope.azmk8s.io", "contoso.internal")
    zones += ("private.westeurope.azmk8s.io",)
    kind = f"{LOW}/privatednszones"
    links = [f"{kind}/{zone}/virtualnetworklinks/contoso" for zone in sorted(zones)]
    return Inventory(
        vnets=(VNet(vnet, "contoso", subnets=(subnet,)),),
        security_groups=(SecurityGroup(group, "contoso", (deny,), ("contoso",)),),
        route_tables=(RouteTable(table_, "contoso", (hop, tag), ("contoso",)),),
        public_addresses=(PublicAddress(public, "contoso", Cidr.parse("20.0.0.1/32")),),
        outlets=(
            Outlet(
                f"{LOW}/azurefirewalls/contoso",
                "contoso",
                "firewall",
                ("10.0.1.4", "contoso"),
                (public,),
            ),
        ),
        zone_links=tuple(ZoneLink(each, "contoso", vnet) for each in links),
        node_interfaces=(
            NodeInterface(f"{LOW}/networkinterfaces/contoso", "contoso", group),
        ),
        load_balancers=(
            LoadBalancer(f"{LOW}/loadbalancers/contoso", "contoso", (3, 1)),
        ),
    )


@pytest.mark.parametrize("change", [lambda found: found, redacted])
def test_what_is_printed_reads_back_to_the_same(change, read):
    inventory = change(whole())
    assert read(inventory_document(inventory)) == inventory


def test_redaction_keeps_links_ranges_and_azures_own_words():
    found = redacted(whole())
    assert "contoso" not in repr(found).lower()
    (group,), (table_,), (outlet,) = (
        found.security_groups,
        found.route_tables,
        found.outlets,
    )
    (subnet,) = found.vnets[0].subnets
    assert (subnet.network_security_group, subnet.route_table) == (group.id, table_.id)
    assert (group.name, group.unresolved) == ("security-group-1", ("redacted",))
    (only,) = group.rules
    asg = only.sources[3]
    assert only.sources[:3] == ("10.0.0.0/8", "AzureCloud.WestEurope", "word-1")
    assert asg.endswith("/applicationsecuritygroups/resource-1")
    assert (only.priority, only.access, only.ports) == (
        100,
        "Deny",
        ("443", "30000-32767"),
    )
    hop, tag = table_.routes
    assert hop[1:] == ("0.0.0.0/0", "VirtualAppliance", "10.0.1.4")
    assert tag[1:] == ("word-1", "redacted", None)
    assert outlet.public_addresses == (found.public_addresses[0].id,)
    assert outlet.private_ips == ("10.0.1.4",)
    zones = {each.zone.rpartition("/")[2] for each in found.zone_links}
    assert zones == {
        "zone-1",
        "zone-2.privatelink.westeurope.azmk8s.io",
        "private.westeurope.azmk8s.io",
    }
    assert {each.vnet for each in found.zone_links} == {found.vnets[0].id}
    assert found.node_interfaces[0].network_security_group == group.id
    assert found.load_balancers[0].rules == (3, 1)


SAVED = {"kind": "ipplan.inventory", "version": "1", "complete": True}
GROUP_ID = f"{LOW}/networksecuritygroups/nsg"


@pytest.mark.parametrize(
    ("name", "noun", "told"),
    [
        ("security_groups", {"rules": [{"name": "x"}]}, "rules[0].priority: Field"),
        ("security_groups", {"rules": [3]}, "rules[0]: "),
        ("security_groups", {"rules": [{"name": "r", "priority": -1, "direction":
         "Inbound", "access": "Deny"}]}, "priority -1: a whole number"),
        ("security_groups", {"id": "nsg"}, "id 'nsg': a resource id"),
        ("route_tables", {"routes": [{"name": "x"}]}, "routes[0].prefix: Field"),
        ("load_balancers", {"rules": [{"name": "x"}]}, "rules[0]: "),
        ("load_balancers", {"rules": [-1]}, "rules -1: a whole number"),
        ("public_addresses", {"prefix": "20.0.0.1"}, "network '20.0.0.1'"),
        ("outlets", {"kind": "router"}, ".kind: "),
        ("clusters", {"load_balancer_services": -1}, "load_balancer_services -1"),
        ("clusters", {"pools": [{"nodes": 3}]}, "pools[0].name: Field required"),
        ("clusters", {"egress_prefixes": ["20.0.0.1"]}, "network '20.0.0.1'"),
    ],
)  # fmt: skip
def test_a_saved_inventory_says_what_is_wrong_with_it(name, noun, told, refusal):
    found = refusal({**SAVED, name: [{"id": GROUP_ID, "name": "nsg", **noun}]})
    assert told in found[0]


def test_an_older_saved_inventory_lacks_what_it_did_not_know(read):
    deny = {"name": "r", "priority": 100, "direction": "Inbound", "access": "Deny"}
    group = {"id": GROUP_ID, "name": "nsg", "rules": [deny]}
    found = read({**SAVED, "security_groups": [group]})
    assert rules(found) == (SecurityRule("r", 100, "Inbound", "Deny"),)


def test_two_files_that_differ_in_a_group_are_told(read):
    found = read([nsg(rule("one"))], [nsg(rule("two"))])
    assert [each.name for each in rules(found)] == ["one"]
    (told,) = found.contradictions
    assert (told.id, told.field) == (f"{LOW}/networksecuritygroups/nsg", "rules")


def test_the_command_shows_what_holds_no_networks(cli, tmp_path):
    path = tmp_path / "nsg.json"
    path.write_text(json.dumps([nsg(rule())]), encoding="utf-8")
    code, out, err = cli("inventory", str(path))
    assert code == 0, err
    assert "0 VNets" in out


# The corpus.


def test_a_firewall_and_its_address_meet_in_a_plan_and_in_a_state(corpus):
    for path in ("tf-plans/tfplan2md-firewall3", "tf-state/tfplan2md-firewall3-state"):
        found = read_inventory(str(corpus / f"{path}.json"))
        (outlet,), (address,) = found.outlets, found.public_addresses
        assert outlet.private_ips == ("10.1.0.4",)
        assert outlet.public_addresses == (address.id,)
        assert str(address.prefix) == "51.116.186.59/32"


def test_a_bastions_group_has_its_seven_rules(corpus):
    path = corpus / "quickstarts" / "private-aks-cluster" / "azuredeploy.json"
    found = read_inventory(str(path))
    bastion, machines = found.security_groups
    assert (len(bastion.rules), len(machines.rules)) == (7, 1)
    assert bastion.rules[4][:4] == ("bastionInDeny", 900, "Inbound", "Deny")
    users = {each.name: each.network_security_group for each in found.subnets}
    assert users == {
        "AksSubnet": None,
        "VmSubnet": machines.id,
        "AzureBastionSubnet": bastion.id,
    }
    (link,) = found.zone_links
    assert link.vnet == found.vnets[0].id


def test_a_default_route_leads_to_the_appliance(corpus):
    path = corpus / "quickstarts" / "azurefirewall-forced-tunneling"
    found = read_inventory(str(path / "azuredeploy.json"))
    hops = {each.name: each.routes[0][1:] for each in found.route_tables}
    assert hops == {
        "AzfwRouteTable": ("0.0.0.0/0", "VirtualAppliance", "10.0.1.4"),
        "TunnelToRouteTable": ("0.0.0.0/0", "VirtualAppliance", "172.16.1.4"),
    }
    known = {each.id: each.name for each in found.public_addresses}
    egress = {each.name: known[each.public_addresses[0]] for each in found.outlets}
    # The address for management is none of them.
    assert egress == {
        "firewall1": "AzFwDataPublicIP1",
        "tunnelToFirewall": "tunnelToPIP",
    }
