"""ipplan's own YAML: rules, routes, firewalls, private DNS, and what clusters need."""

import ipaddress
import json
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ipplan.cidrs import Cidr
from ipplan.errors import InventoryError
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.merging import Parts, merge
from ipplan.inventory.naming import resolved
from ipplan.inventory.networks import Subnet, VNet
from ipplan.inventory.origins import Origin
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
from ipplan.limits import FIRST_PRIORITY, LAST_PRIORITY
from ipplan.readers import azure, plan
from ipplan.readers.decoding import decode
from ipplan.readers.files import load
from ipplan.readers.plan import traffic
from ipplan.readers.readings import Content

PAGE = Path(__file__).parents[1] / "docs" / "yaml.md"
EXAMPLES = re.findall(r"(?ms)^```yaml\n(.*?)^```", PAGE.read_text("utf-8"))
AZURE = "/subscriptions/s1/resourcegroups/{}/providers/microsoft.network"
OWN = (
    "/subscriptions/<subscription of p.yaml>/resourcegroups/"
    "<resource group of p.yaml>/providers/microsoft.network"
)
NAMED = (
    "/subscriptions/<named in p.yaml>/resourcegroups/<named in p.yaml>/providers/"
    "microsoft.network"
)
ZONE = "privatelink.westeurope.azmk8s.io"

RULE = "security_groups: [{name: g, rules: [{name: r, %s}]}]"
ROUTE = "route_tables: [{name: t, routes: [{name: r, %s}]}]"
CLUSTER = "clusters: [{name: c, model: cni-overlay, pools: [{name: p, nodes: 3}], %s}]"
SUBNET = "vnets: [{name: v, ranges: [10.0.0.0/16], subnets: [{name: s, ranges: "
SUBNET += "[10.0.0.0/24], %s}]}]\n"


def read(text, file="p.yaml"):
    return plan.read(Content(file, text))


def together(text, **others):
    """The inventory of a file and of what Azure has besides."""
    parts = Parts(**{key: list(each) for key, each in others.items()})
    parts.extend(read(text))
    return resolved(merge(parts))


def told(text):
    with pytest.raises(InventoryError) as caught:
        read(text)
    (line,) = str(caught.value).splitlines()
    return line.removeprefix("p.yaml line 1: ")


def vnet(group, name):
    identity = f"{AZURE.format(group)}/virtualnetworks/{name}"
    return VNet(identity, name, (Cidr.parse("10.0.0.0/16"),))


def link(zone, home):
    return ZoneLink(f"{zone}/virtualnetworklinks/to-it", "to-it", home)


# The page


def test_what_traffic_meets_on_the_page_joins_the_rest_of_the_estate():
    parts = read(EXAMPLES[1], "build.yaml")
    parts.extend(read(EXAMPLES[2]))
    found = resolved(merge(parts))
    hub, spoke = found.vnets[0], found.vnets[-1]
    assert (hub.name, spoke.name) == ("spoke-a", "spoke-b")
    (subnet,) = spoke.subnets
    (group,) = found.security_groups
    (table,) = found.route_tables
    assert subnet.network_security_group == group.id
    assert subnet.route_table == table.id
    (firewall,) = found.outlets
    assert table.routes[0].next_hop in firewall.private_ips
    cluster = next(each for each in found.clusters if each.name == "shop-dr")
    assert {each.zone for each in found.zone_links} == {cluster.private_dns_zone}
    assert {each.vnet for each in found.zone_links} == {
        each.id for each in found.vnets if each.name in {"hub", "spoke-b"}
    }
    assert not found.unseen


# From entries to nouns


def test_a_security_group_has_its_rules_in_the_order_in_which_they_decide():
    (group,) = read(
        "security_groups:\n"
        "- name: Rules\n"
        "  resource_group: net\n"
        "  rules:\n"
        "  - {name: out, priority: 100, direction: outbound, access: deny}\n"
        "  - {name: all, priority: 4096, direction: Inbound, access: Allow}\n"
        "  - name: web\n"
        "    priority: 200\n"
        "    direction: INBOUND\n"
        "    access: allow\n"
        "    protocol: tcp\n"
        '    sources: [Internet, 10.1.0.0/16, "FD00::/48", 10.0.0.4]\n'
        "    destinations: [VirtualNetwork]\n"
        '    ports: [443, 30000-32767, "80", 443]\n'
    ).security_groups
    assert group == SecurityGroup(
        "/subscriptions/<subscription of p.yaml>/resourcegroups/net/providers/"
        "microsoft.network/networksecuritygroups/rules",
        "Rules",
        (
            SecurityRule(
                "web",
                200,
                "Inbound",
                "Allow",
                "Tcp",
                ("10.0.0.4", "10.1.0.0/16", "Internet", "fd00::/48"),
                ("VirtualNetwork",),
                ("30000-32767", "443", "80"),
            ),
            SecurityRule("all", 4096, "Inbound", "Allow"),
            SecurityRule("out", 100, "Outbound", "Deny"),
        ),
    )
    assert group.origin == Origin("p.yaml", ".security_groups[0]", 2, "proposed")


def test_a_route_table_has_its_routes():
    (table,) = read(
        "route_tables:\n"
        "- name: t\n"
        "  routes:\n"
        "  - {name: up, to: 10.9.0.0/16, next_hop_type: VirtualNetworkGateway}\n"
        "  - {name: all, to: 0.0.0.0/0, next_hop_type: virtualappliance,"
        " next_hop: 10.1.0.4}\n"
        "  - {name: not, to: AzureCloud.WestEurope, next_hop_type: none}\n"
        "  - {name: six, to: '2001:DB8::/32', next_hop_type: vnetlocal}\n"
    ).route_tables
    assert table.id == f"{OWN}/routetables/t"
    assert table.routes == (
        Route("all", "0.0.0.0/0", "VirtualAppliance", "10.1.0.4"),
        Route("not", "AzureCloud.WestEurope", "None"),
        Route("six", "2001:db8::/32", "VnetLocal"),
        Route("up", "10.9.0.0/16", "VirtualNetworkGateway"),
    )
    assert table.origin.line == 2


def test_firewalls_and_nat_gateways_are_where_traffic_leaves():
    firewall, gateway = read(
        "firewalls: [{name: Fw, private_ip: 10.1.0.4,"
        " public_ips: [20.0.0.5, 20.0.0.4, 20.0.0.5]}]\n"
        "nat_gateways: [{name: nat, public_ips: [20.1.0.0/28]}]\n"
    ).outlets
    assert firewall == Outlet(
        f"{OWN}/azurefirewalls/fw",
        "Fw",
        "firewall",
        ("10.1.0.4",),
        public_prefixes=(Cidr.parse("20.0.0.4/32"), Cidr.parse("20.0.0.5/32")),
    )
    assert gateway == Outlet(
        f"{OWN}/natgateways/nat",
        "nat",
        "nat-gateway",
        public_prefixes=(Cidr.parse("20.1.0.0/28"),),
    )
    assert [each.origin.path for each in (firewall, gateway)] == [
        ".firewalls[0]",
        ".nat_gateways[0]",
    ]
    alone = read("firewalls: [{name: fw}]").outlets[0]
    assert (alone.private_ips, alone.public_prefixes) == ((), ())


@pytest.mark.parametrize(
    ("key", "kind", "where"),
    [
        ("security_groups", "networkSecurityGroups", "security_groups"),
        ("route_tables", "routeTables", "route_tables"),
        ("firewalls", "azureFirewalls", "outlets"),
        ("nat_gateways", "natGateways", "outlets"),
    ],
)
def test_what_is_declared_by_id_is_what_azure_shows(key, kind, where):
    home = "/subscriptions/S1/resourceGroups/Net/providers/Microsoft.Network"
    (found,) = getattr(read(f"{key}: [{{id: {home}/{kind}/One}}]"), where)
    assert (found.id, found.name) == (f"{home}/{kind}/One".lower(), "One")
    other = f"{home}/virtualNetworks/one"
    assert "expected an id: /subscriptions/.../providers/" in told(
        f"{key}: [{{id: {other}}}]"
    )


def test_a_proposed_rule_counts_over_that_which_azure_has():
    identity = f"{AZURE.format('net')}/networksecuritygroups/g"
    now = SecurityGroup(identity, "g", (SecurityRule("r", 100, "Inbound", "Deny"),))
    found = together(
        f"security_groups: [{{id: {identity}, rules:"
        " [{name: r, priority: 100, direction: Inbound, access: Allow}]}]",
        security_groups=[now],
    )
    assert [each.rules[0].access for each in found.security_groups] == ["Allow"]
    assert [each.field for each in found.contradictions] == ["rules"]


def test_a_cluster_says_how_its_traffic_leaves_and_what_it_is():
    (cluster,) = read(
        "clusters:\n"
        "- name: c\n"
        "  model: cni-overlay\n"
        "  location: West Europe\n"
        '  kubernetes_version: "1.30"\n'
        "  identity: userassigned\n"
        "  outbound_type: USERDEFINEDROUTING\n"
        "  egress_ips: [20.0.0.5, 20.1.0.0/28]\n"
        "  service_cidr: 172.16.0.0/16\n"
        "  dns_service_ip: 172.16.0.10\n"
        "  private: true\n"
        "  public_fqdn: false\n"
        "  node_resource_group: Nodes\n"
        "  load_balancer_services: 300\n"
        "  load_balancer_ports: 0\n"
        "  needs: [windows, network-policy=azure, network-policy=azure]\n"
        "  pools: [{name: p, nodes: 9, nodes_now: 9}]\n"
    ).clusters
    assert (cluster.location, cluster.kubernetes_version) == ("westeurope", "1.30")
    assert (cluster.identity, cluster.outbound_type) == (
        "UserAssigned",
        "userDefinedRouting",
    )
    assert [str(each) for each in cluster.egress_prefixes] == [
        "20.0.0.5/32",
        "20.1.0.0/28",
    ]
    assert cluster.dns_service_ip == "172.16.0.10"
    assert cluster.public_fqdn is False
    assert cluster.node_group == "nodes"
    assert (cluster.load_balancer_services, cluster.load_balancer_ports) == (300, 0)
    assert cluster.network_policy == "azure"
    assert cluster.needs == ("windows", "network-policy=azure")
    assert (cluster.pools[0].nodes, cluster.pools[0].current) == (9, 9)


def test_a_cluster_of_which_nothing_is_said_says_nothing():
    (cluster,) = read(CLUSTER % "private: true").clusters
    told_by = ("dns_service_ip", "location", "kubernetes_version", "identity")
    told_by += ("node_resource_group", "outbound_type", "network_policy")
    told_by += ("public_fqdn", "private_dns_zone", "load_balancer_services")
    told_by += ("load_balancer_ports",)
    assert {getattr(cluster, each) for each in told_by} == {None}
    assert cluster.egress_prefixes == ()
    assert cluster.pools[0].current is None


@pytest.mark.parametrize(
    "word",
    [
        "loadBalancer",
        "managedNATGateway",
        "managedNATGatewayV2",
        "userAssignedNATGateway",
        "userDefinedRouting",
        "none",
        "block",
    ],
)
def test_outbound_types_are_those_of_aks_in_any_capitals(word):
    for text in (word, word.lower(), word.upper()):
        assert (
            read(CLUSTER % f"outbound_type: {text}").clusters[0].outbound_type == word
        )


@given(st.ip_addresses())
def test_an_address_is_read_as_python_reads_it(address):
    (cluster,) = read(CLUSTER % f'dns_service_ip: "{address}"').clusters
    assert ipaddress.ip_address(cluster.dns_service_ip) == address
    again = read(CLUSTER % f'dns_service_ip: "{cluster.dns_service_ip}"')
    assert again.clusters[0].dns_service_ip == cluster.dns_service_ip


@given(st.text(st.sampled_from("0123456789abf.:/% "), max_size=12))
def test_what_python_takes_for_no_address_is_refused(text):
    read_as = None
    with suppress(InventoryError):
        read_as = read(CLUSTER % f'dns_service_ip: "{text}"').clusters[0].dns_service_ip
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        assert read_as is None
    else:
        zoned = "%" in text
        assert zoned == (read_as is None)
        assert zoned or ipaddress.ip_address(read_as) == address


# At the edges


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (RULE % f"direction: Inbound, access: Deny, priority: {number}", fits)
        for number, fits in [
            (FIRST_PRIORITY.value - 1, False),
            (FIRST_PRIORITY.value, True),
            (LAST_PRIORITY.value, True),
            (LAST_PRIORITY.value + 1, False),
        ]
    ]
    + [
        (RULE % f"direction: Inbound, access: Deny, priority: 100, ports: [{each}]", ok)
        for each, ok in [
            ("-1", False),
            ("0", True),
            ("65535", True),
            ("65536", False),
            ("0-65535", True),
            ("80-79", False),
            ("80-80", True),
            ("1-65536", False),
            ("1-2-3", False),
            ("'0443'", True),
            ("'*'", True),
            ("http", False),
            ("true", False),
            ("1.5", False),
        ]
    ]
    + [
        (f"clusters: [{{name: c, model: kubenet, pools: [{{name: p, {nodes}}}]}}]", ok)
        for nodes, ok in [
            ("nodes: 3, nodes_now: 2", True),
            ("nodes: 3, nodes_now: 3", True),
            ("nodes: 3, nodes_now: 4", False),
            ("nodes: 3, nodes_now: -1", False),
        ]
    ],
)
def test_numbers_are_taken_up_to_their_bounds(text, fits):
    if fits:
        assert read(text)
    else:
        assert ", got " in told(text) or " is more than " in told(text)


def test_the_numbers_of_priorities_are_those_that_azure_documents():
    assert (FIRST_PRIORITY.value, LAST_PRIORITY.value) == (100, 4096)


def test_a_port_has_one_spelling():
    text = RULE % "direction: Inbound, access: Deny, priority: 100, ports: ['0080', 80]"
    assert read(text).security_groups[0].rules[0].ports == ("80",)


# Names


def test_a_subnet_names_what_stands_in_the_same_file():
    found = together(
        SUBNET
        % "network_security_group: G, route_table: t, nat_gateway: n"
        + "security_groups: [{name: g}]\n"
        "route_tables: [{name: t}]\n"
        "nat_gateways: [{name: n}]"
    )
    (subnet,) = found.subnets
    assert subnet.network_security_group == f"{OWN}/networksecuritygroups/g"
    assert subnet.route_table == f"{OWN}/routetables/t"
    assert subnet.nat_gateway == f"{OWN}/natgateways/n"
    assert resolved(found) == found


def test_a_subnet_names_what_an_export_shows_by_resource_group_or_id():
    groups = [
        SecurityGroup(f"{AZURE.format(each)}/networksecuritygroups/g", "g")
        for each in ("one", "two")
    ]
    with pytest.raises(InventoryError) as caught:
        together(SUBNET % "network_security_group: g", security_groups=groups)
    assert str(caught.value) == (
        "p.yaml line 1: vnets[0].subnets[0]: 'g' fits several, write which: "
        "one/g, two/g"
    )
    for text in ("two/g", groups[1].id.upper().replace("/SUBS", "/subs")):
        found = together(SUBNET % f"network_security_group: {text}",
                         security_groups=groups)  # fmt: skip
        (subnet,) = found.subnets
        assert subnet.network_security_group == groups[1].id


def test_a_table_that_only_another_subnet_names_can_be_named_too():
    home = vnet("net", "hub")
    table = f"{AZURE.format('other')}/routetables/t"
    known = Subnet(f"{home.id}/subnets/a", "a", route_table=table)
    found = together(SUBNET % "route_table: t", vnets=[home], subnets=[known])
    assert [each.route_table for each in found.subnets] == [table, table]


def test_names_that_nothing_has_stay_with_what_they_name():
    found = together(
        SUBNET % "network_security_group: g, route_table: rg/t, nat_gateway: n"
        + f"private_dns_zones: [{{name: {ZONE}, linked_to: [hub]}}]"
    )
    (subnet,) = found.subnets
    assert subnet.network_security_group == f"{NAMED}/networksecuritygroups/g"
    assert "/resourcegroups/rg/" in subnet.route_table
    assert subnet.nat_gateway == f"{NAMED}/natgateways/n"
    (each,) = found.zone_links
    assert each.zone == f"{NAMED}/privatednszones/{ZONE}"
    assert (each.vnet, each.name) == (f"{NAMED}/virtualnetworks/hub", "to-hub")


def test_things_of_different_kinds_may_have_one_name():
    found = together(
        SUBNET
        % "network_security_group: v, route_table: v, nat_gateway: v"
        + "security_groups: [{name: v}]\nroute_tables: [{name: v}]\n"
        "nat_gateways: [{name: v}]\nfirewalls: [{name: v}]"
    )
    (subnet,) = found.subnets
    assert subnet.nat_gateway == f"{OWN}/natgateways/v"
    assert subnet.route_table == f"{OWN}/routetables/v"


def test_a_zone_is_linked_to_each_of_its_vnets():
    hub, spoke = vnet("net", "hub"), vnet("net", "spoke")
    found = together(
        f"private_dns_zones:\n- name: {ZONE}\n  linked_to: [hub, net/spoke, HUB]\n",
        vnets=[hub, spoke],
    )
    assert [each.vnet for each in found.zone_links] == [hub.id, spoke.id]
    assert {each.zone for each in found.zone_links} == {
        f"{NAMED}/privatednszones/{ZONE}"
    }
    assert {each.origin for each in found.zone_links} == {
        Origin("p.yaml", ".private_dns_zones[0]", 2, "proposed")
    }
    assert resolved(found) == found
    assert read(f"private_dns_zones: [{{name: {ZONE}, linked_to: []}}]") == Parts()


def test_an_intended_link_is_the_one_that_azure_already_has():
    hub, spoke = vnet("net", "hub"), vnet("net", "spoke")
    zone = f"{AZURE.format('dns')}/privatednszones/{ZONE}"
    now = link(zone, hub.id)
    for entry in (f"name: {ZONE}", f"name: {ZONE}, resource_group: DNS", f"id: {zone}"):
        text = f"private_dns_zones: [{{{entry}, linked_to: [hub, spoke]}}]"
        found = together(text, vnets=[hub, spoke], zone_links=[now])
        new, same = found.zone_links
        assert (same.id, same.name, same.vnet) == (now.id, now.name, hub.id)
        assert new.id == f"{zone}/virtualnetworklinks/<to s1_net_spoke>"
        assert new.vnet == spoke.id
        assert not found.contradictions


def test_a_zone_of_two_resource_groups_must_be_told():
    hub = vnet("net", "hub")
    zones = [f"{AZURE.format(each)}/privatednszones/{ZONE}" for each in ("a", "b")]
    links = [link(each, hub.id) for each in zones]
    text = f"private_dns_zones: [{{name: {ZONE}%s, linked_to: [hub]}}]"
    with pytest.raises(InventoryError, match=f"write which: a/{ZONE}, b/{ZONE}$"):
        together(text % "", vnets=[hub], zone_links=links)
    found = together(text % ", resource_group: b", vnets=[hub], zone_links=links)
    assert [each.id for each in found.zone_links] == [each.id for each in links]


def test_a_cluster_names_its_own_zone():
    text = CLUSTER % "private: true, private_dns_zone: %s"
    zone = f"{AZURE.format('dns')}/privatednszones/shop.{ZONE}"
    link_there = [link(zone, vnet("net", "hub").id)]
    for written in (f"shop.{ZONE}", f"dns/Shop.{ZONE}", zone):
        found = together(text % written, zone_links=link_there)
        assert found.clusters[0].private_dns_zone == zone
    for word in ("system", "None"):
        found = together(text % word, zone_links=link_there)
        assert found.clusters[0].private_dns_zone == word.lower()
    alone = together(text % f"shop.{ZONE}").clusters[0].private_dns_zone
    assert alone == f"{NAMED}/privatednszones/shop.{ZONE}"


def test_a_zone_that_only_a_cluster_names_can_be_linked():
    zone = f"{AZURE.format('dns')}/privatednszones/shop.{ZONE}"
    found = together(
        f"private_dns_zones: [{{name: shop.{ZONE}, linked_to: [hub]}}]",
        clusters=[Cluster("c", id="/c", private_dns_zone=zone), Cluster("d", id="/d")],
        vnets=[vnet("net", "hub")],
    )
    (each,) = found.zone_links
    assert each.zone == zone


def test_what_has_no_names_is_kept_where_others_are_put_in():
    home = AZURE.format("net")
    kept = {
        "security_groups": SecurityGroup(f"{home}/networksecuritygroups/g", "g"),
        "route_tables": RouteTable(f"{home}/routetables/t", "t"),
        "public_addresses": PublicAddress(f"{home}/publicipaddresses/p", "p"),
        "outlets": Outlet(f"{home}/natgateways/n", "n", "nat-gateway"),
        "zone_links": link(f"{home}/privatednszones/{ZONE}", vnet("net", "hub").id),
        "node_interfaces": NodeInterface(f"{home}/networkinterfaces/i", "i"),
        "load_balancers": LoadBalancer(f"{home}/loadbalancers/l", "l", (3,)),
    }
    found = together(
        "groups: [{name: w, kind: virtual-wan, members: [hub]}]",
        vnets=[vnet("net", "hub")],
        **{key: [each] for key, each in kept.items()},
    )
    assert found.groups[0].members == (vnet("net", "hub").id,)
    assert {key: getattr(found, key) for key in kept} == {
        key: (each,) for key, each in kept.items()
    }


def test_names_fit_the_security_groups_of_real_exports(corpus):
    folder = corpus / "azure-cli-recordings" / "az-cli"
    fitted = 0
    for file in sorted(folder.rglob("*.json")):
        content, parts = load(str(file)), Parts()
        try:
            decode(azure.read(content), content, parts)
        except InventoryError:
            continue
        known = {each.network_security_group for each in parts.subnets} - {None}
        for identity in sorted(known)[:1]:
            group, name = identity.split("/")[4], identity.split("/")[-1]
            parts.extend(read(SUBNET % f"network_security_group: {group}/{name}"))
            found = resolved(merge(parts))
            (own,) = [each for each in found.subnets if each.origin.file == "p.yaml"]
            assert own.network_security_group == identity
            fitted += 1
    assert fitted


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            RULE % "priority: 100, direction: in, access: Allow",
            "direction: must be 'Inbound' or 'Outbound', got 'in'",
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: [Allow]",
            "access: must be 'Allow' or 'Deny', got a list of 1",
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: Allow, protocol: http",
            "protocol: must be '*', 'Tcp', 'Udp', 'Icmp', 'Esp' or 'Ah', got 'http'",
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: Allow, port: 80",
            "port: unknown key: did you mean ports?",
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: Allow, ports: []",
            "ports: too few items, got a list of 0",
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: Allow, ports: [80-x]",
            (
                'ports[0]: expected a port, two with - between them, or "*"; 0 to'
                " 65535, got '80-x'"
            ),
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: Deny, sources: [10.0.0]",
            "sources[0]: expected an address such as 10.0.0.10 or fd00::a, got '1",
        ),
        (
            RULE % "priority: 1e2, direction: Inbound, access: Deny",
            "priority: expected a whole number, got '1e2'",
        ),
        (
            RULE % "priority: 100, direction: Inbound, access: Deny, sources: "
            "[10.0.0.4/8]",
            "sources[0]: no host bits: did you mean 10.0.0.0/8?, got '10.0.0.4/8'",
        ),
        (
            RULE % "direction: Inbound, access: Deny",
            "rules[0].priority: is missing",
        ),
        (
            (
                "security_groups: [{name: g, rules: ["
                "{name: a, priority: 100, direction: Inbound, access: Deny},"
                "{name: b, priority: 100, direction: inbound, access: Deny}]}]"
            ),
            "security_groups[0]: a and b are both Inbound with priority 100",
        ),
        (
            (
                "security_groups: [{name: g, rules: ["
                "{name: a, priority: 100, direction: Inbound, access: Deny},"
                "{name: A, priority: 101, direction: Inbound, access: Deny}]}]"
            ),
            "security_groups[0].rules: two are called A",
        ),
        ("security_groups: [{rules: []}]", "needs a name, or an id"),
        ("security_groups: [{name: g}, {name: G}]", "two are called /G"),
        (
            ROUTE % "to: 10.0.0.4, next_hop_type: Internet",
            "to: a prefix length after a slash: did you mean 10.0.0.4/32?, got",
        ),
        (
            ROUTE % "to: 10.0.0.0/8, next_hop_type: firewall",
            (
                "next_hop_type: must be 'VirtualAppliance', 'VirtualNetworkGateway',"
                " 'VnetLocal', 'Internet' or 'None', got 'firewall'"
            ),
        ),
        (
            ROUTE % "to: 10.0.0.0/8, next_hop_type: VirtualAppliance",
            "routes[0]: next_hop: a VirtualAppliance needs its address",
        ),
        (
            ROUTE % "to: 10.0.0.0/8, next_hop_type: None, next_hop: 10.0.0.4",
            "routes[0]: next_hop: only a VirtualAppliance has an address",
        ),
        (
            ROUTE % "to: 10.0.0.0/8, next_hop_type: VirtualAppliance, next_hop: fw",
            "next_hop: expected an address such as 10.0.0.10 or fd00::a, got 'fw'",
        ),
        (
            "firewalls: [{name: f, private_ip: 10.0.0.4/32}]",
            "private_ip: expected an address such as 10.0.0.10 or fd00::a, got",
        ),
        ("nat_gateways: [{name: n, private_ip: 10.0.0.4}]", "private_ip: unknown key"),
        ("firewalls: [{name: f, public_ips: [pip]}]", "got 'pip'"),
        (
            "private_dns_zones: [{name: internal, linked_to: [hub]}]",
            "name: expected a domain such as privatelink.example.com, got 'internal'",
        ),
        (f"private_dns_zones: [{{name: {ZONE}}}]", "linked_to: is missing"),
        (
            f"private_dns_zones: [{{name: {ZONE}, linked_to: [a/b/c]}}]",
            "linked_to[0]: expected a VNet's name, resource-group/name, or its",
        ),
        (
            SUBNET % "network_security_group: a/b/c",
            (
                "expected a network security group's name, resource-group/name, or its"
                " resource id, got 'a/b/c'"
            ),
        ),
        (
            SUBNET % f"route_table: {AZURE.format('g')}/natgateways/n",
            "expected a route table's name, resource-group/name, or its resource id",
        ),
        (SUBNET % "nat_gateway: []", "nat_gateway: expected text, got a list of 0"),
        (SUBNET % "nsg: g", "nsg: unknown key: there are name, ranges, "),
        (
            CLUSTER % "outbound_type: nat",
            (
                "outbound_type: must be 'loadBalancer', 'managedNATGateway',"
                " 'managedNATGatewayV2', 'userAssignedNATGateway',"
                " 'userDefinedRouting', 'none' or 'block', got 'nat'"
            ),
        ),
        (
            CLUSTER % "identity: msi",
            "identity: must be 'SystemAssigned', 'UserAssigned' or 'ServicePrincipal',",
        ),
        (
            CLUSTER % "kubernetes_version: 1.30",
            'kubernetes_version: expected text, got 1.30: write "1.30" in quotes',
        ),
        (
            CLUSTER % "kubernetes_version: v1.30",
            'kubernetes_version: expected a version such as "1.33" or "1.33.2", got',
        ),
        (
            CLUSTER % "location: europe/west",
            "location: expected a region such as westeurope, got 'europe/west'",
        ),
        (
            CLUSTER % "needs: [network-policy=calico, windows, network-policy=azure]",
            "clusters[0]: needs: one network policy, and not calico and azure",
        ),
        (
            CLUSTER % "load_balancer_services: -1",
            "load_balancer_services: must be greater than or equal to 0, got -1",
        ),
        (CLUSTER % "public_fqdn: 1", "public_fqdn: expected true or false, got 1"),
        (
            CLUSTER % "private_dns_zone: a/b/c.d",
            "expected system, none, or a private DNS zone's name, resource-group/name,",
        ),
        (
            CLUSTER % f"private_dns_zone: {AZURE.format('g')}/natgateways/a.b",
            "expected system, none, or a private DNS zone's name, resource-group/name,",
        ),
        (
            CLUSTER % "dns_service_ip: 10.0.0",
            "dns_service_ip: expected an address such",
        ),
        (
            CLUSTER % "dns_service_ip: 10.0",
            'dns_service_ip: expected text, got 10.0: write "10.0" in quotes',
        ),
        (CLUSTER % "egress_ips: ['fe80::1%eth0']", "egress_ips[0]: "),
        (
            (
                "clusters: [{name: c, model: kubenet, pools:"
                " [{name: p, nodes: 3, nodes_now: 4}]}]"
            ),
            "clusters[0].pools[0]: nodes_now: 4 is more than nodes: 3",
        ),
        ("nat_gateway: []", "nat_gateway: unknown key: did you mean nat_gateways?"),
    ],
)
def test_a_mistake_is_told_with_a_way_out(text, message):
    assert message in told(text)


def test_a_star_without_quotes_is_told_with_its_line():
    with pytest.raises(InventoryError, match=r"p\.yaml line \d column \d+: not YAML"):
        read("security_groups:\n- {name: g, rules: [{name: r, sources: [*]}]}")


# The schema


def test_the_schema_has_azures_words_and_those_in_lower_case():
    rule = plan.plan_schema()["$defs"]["SecurityRuleEntry"]["properties"]
    assert rule["direction"]["enum"] == ["Inbound", "Outbound", "inbound", "outbound"]
    assert rule["sources"]["default"] == ["*"]
    for word in (*get_args(traffic.Access), "allow", "deny"):
        text = RULE % f"priority: 100, direction: Inbound, access: {word}, ports: [80]"
        jsonschema.validate(yaml.safe_load(text), plan.plan_schema())
        assert read(text)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            yaml.safe_load(RULE % "priority: 99, direction: Inbound, access: Deny"),
            plan.plan_schema(),
        )


# Anything at all

ATOMS = st.sampled_from(
    [None, True, 0, 80, 100, 4097, 1.5, 10**30, "", "*", "a", "a/b", "/", "10.0.0.0/8",
     "10.0.0.4", "::/0", "::1", "\ud800", "\x1b[31m", "=cmd()", "80-90", "Inbound",
     "allow", "virtualappliance", "None", "Internet", ZONE, f"rg/{ZONE}", "x" * 3000,
     f"{AZURE.format('g')}/routetables/t", "/subscriptions/\n", "kubenet", "windows"]
)  # fmt: skip
ENTRIES = {
    key: plan.plan_schema()["$defs"][field["items"]["$ref"].rpartition("/")[2]]
    for key, field in plan.plan_schema()["properties"].items()
    if "$ref" in field.get("items", {})
}


def entry(schema):
    """Entries with keys that there are, and values of any kind."""
    fields = {}
    for key, field in schema["properties"].items():
        inner = field.get("items", {}).get("$ref", "").rpartition("/")[2]
        own = plan.plan_schema()["$defs"].get(inner)
        fields[key] = ATOMS | st.lists(entry(own) if own else ATOMS, max_size=2)
    return st.fixed_dictionaries({}, optional=fields)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.lists(entry(schema), max_size=2) for key, schema in ENTRIES.items()
        },
    )
)
def test_any_values_under_known_keys_are_read_or_told(document):
    with suppress(InventoryError):
        resolved(merge(read(json.dumps(document))))


NAMES = st.sampled_from(["a", "B", "net/a", "net/b"])


@given(
    st.lists(st.sampled_from(["one", "two", "net"]), unique=True),
    st.sampled_from(["a", "b"]),
    NAMES,
)
def test_a_name_is_what_a_search_through_all_groups_finds(groups, name, written):
    known = [
        SecurityGroup(f"{AZURE.format(each)}/networksecuritygroups/{name}", name)
        for each in groups
    ]
    home, _, wanted = written.lower().rpartition("/")
    fitting = [
        each.id
        for each in known
        if each.name == wanted and home in {"", each.id.split("/")[4]}
    ]
    text = SUBNET % f"network_security_group: {written}"
    if len(fitting) > 1:
        with pytest.raises(InventoryError, match="fits several"):
            together(text, security_groups=known)
        return
    (subnet,) = together(text, security_groups=known).subnets
    named = subnet.network_security_group
    assert [named] == fitting or (not fitting and "<named in p.yaml>" in named)


def test_an_estate_whose_subnets_have_ids_is_left_alone():
    home = vnet("net", "hub")
    inner = Subnet(
        f"{home.id}/subnets/a", "a", route_table=f"{AZURE.format('net')}/routetables/t"
    )
    found = merge(Parts(vnets=[home], subnets=[inner]))
    assert resolved(found) is found
    other = replace(inner, network_security_group=f"{NAMED}/networksecuritygroups/g")
    open_ = merge(Parts(vnets=[home], subnets=[other]))
    assert resolved(open_) is open_
