"""Network security groups: what a rule cuts for certain, and where groups belong."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import read_inventory
from ipplan.checks.security import groups
from ipplan.checks.security.flows import FROM_LOAD_BALANCER, End, Flow, cutting_rule
from ipplan.cidrs import Cidr
from ipplan.findings import Effect, Severity
from ipplan.inventory.traffic import NodeInterface, SecurityGroup, SecurityRule
from tests.check_nouns import (
    GROUP,
    NODES,
    cidrs,
    cluster,
    estate,
    id_of,
    look,
    spoke,
    subnet,
    vnet,
    ways_out,
)

NSG, OTHER = f"{GROUP}/networksecuritygroups/nsg", f"{GROUP}/networksecuritygroups/b"
INSIDE = End(cidrs("10.1.0.0/24"))
PODS = End(cidrs("192.168.0.0/16"), in_vnet=False)


def rule(access="Deny", priority=1000, sources="*", destinations="*", **fields):
    given = {"direction": "Inbound", "name": f"{access}-{priority}"}
    return SecurityRule(
        priority=priority,
        access=access,
        sources=tuple(sources.split()),
        destinations=tuple(destinations.split()),
        **given | fields,
    )


def cuts(*rules, source=INSIDE, destination=INSIDE, port=None, direction="Inbound"):
    found = cutting_rule(rules, direction, Flow(source, destination, port))
    return found and found.priority


def test_the_lowest_priority_that_matches_decides():
    deny, allow = rule(), rule("Allow", 500)
    assert cuts(deny) == 1000
    assert cuts(deny, allow) is None
    assert cuts(deny, allow._replace(priority=2000)) == 1000
    assert cuts(deny, allow._replace(direction="Outbound")) == 1000
    assert cuts(deny, direction="Outbound") is None
    assert cuts(deny, rule(priority=900)) == 900
    assert cuts() is None


@pytest.mark.parametrize(
    ("sources", "cut"),
    [
        ("*", True),
        ("Any", True),
        ("0.0.0.0/0", True),
        ("VirtualNetwork", True),
        ("virtualnetwork", True),
        ("10.1.0.0/16", True),
        ("10.1.0.0/24", True),
        ("10.1.0.0/25", False),  # what is denied in part is not cut
        ("10.2.0.0/16 10.1.0.0/24", True),
        ("10.1.0.4", False),
        ("Internet", False),
        ("AzureLoadBalancer", False),
        ("AzureCloud.WestEurope", False),
        ("/subscriptions/s/applicationSecurityGroups/nodes", False),
        ("", False),
    ],
)
def test_a_rule_denies_all_that_a_node_subnet_sends(sources, cut):
    assert bool(cuts(rule(sources=sources))) == cut
    assert bool(cuts(rule(destinations=sources))) == cut


@pytest.mark.parametrize(
    ("sources", "some"),
    [
        ("*", True),
        ("VirtualNetwork", True),
        ("10.1.0.128/25", True),
        ("10.1.0.4", True),
        ("10.1.1.0/24", False),
        ("Internet", False),  # public addresses are none of a private subnet's
        ("AzureCloud.WestEurope", False),
        ("AzureLoadBalancer", False),
        ("/subscriptions/s/applicationSecurityGroups/nodes", True),
        ("[parameters('x')]", True),
        ("", True),
    ],
)
def test_an_allow_that_may_let_some_through_leaves_it_open(sources, some):
    allow = rule("Allow", 500, sources)
    assert (cuts(rule(), allow) is None) == some
    swapped = allow._replace(sources=("*",), destinations=allow.sources)
    assert (cuts(rule(), swapped) is None) == some


@pytest.mark.parametrize(
    ("text", "cut", "some"),
    [
        ("*", True, True),
        ("192.168.0.0/16", True, True),
        ("192.168.0.0/17", False, True),
        ("VirtualNetwork", False, True),  # whether it is in the tag is not certain
        ("Internet", False, False),
    ],
)
def test_a_pod_cidr_is_not_in_the_vnet_for_certain(text, cut, some):
    ends = {"source": PODS, "destination": PODS}
    assert bool(cuts(rule(sources=text), **ends)) == cut
    assert (cuts(rule(), rule("Allow", 500, text), **ends) is None) == some


def test_tags_may_hold_public_addresses():
    public = End(cidrs("20.50.0.0/16"), in_vnet=False)
    allow = rule("Allow", 500, "Internet")
    assert cuts(rule(), allow, source=public) is None


@pytest.mark.parametrize(
    ("text", "cut", "some"),
    [
        ("AzureLoadBalancer", True, True),
        ("168.63.129.16", True, True),
        ("*", True, True),
        ("VirtualNetwork", False, True),
        ("Internet", False, False),
        ("10.0.0.0/8", False, False),
    ],
)
def test_probes_come_from_the_address_of_the_host(text, cut, some):
    ends = {"source": FROM_LOAD_BALANCER, "port": 9988}
    assert bool(cuts(rule(sources=text), **ends)) == cut
    assert (cuts(rule(), rule("Allow", 500, text), **ends) is None) == some


@pytest.mark.parametrize(
    ("ports", "port", "cut", "some"),
    [
        ("*", None, True, True),
        ("0-65535", None, True, True),
        ("443", None, False, True),
        ("*", 443, True, True),
        ("443", 443, True, True),
        ("442", 443, False, False),
        ("444", 443, False, False),
        ("443-4443", 443, True, True),
        ("443-4443", 4443, True, True),
        ("443-4443", 4444, False, False),
        ("80 443", 443, True, True),
        ("https", 443, False, True),
        ("", 443, False, True),
    ],
)
def test_ports_of_a_rule(ports, port, cut, some):
    texts = tuple(ports.split())
    assert bool(cuts(rule(ports=texts), port=port)) == cut
    allow = rule("Allow", 500, ports=texts)
    assert (cuts(rule(), allow, port=port) is None) == some


@pytest.mark.parametrize(
    ("protocol", "matches"),
    [("*", True), ("Tcp", True), ("Udp", False), ("Icmp", False)],
)
def test_flows_are_tcp(protocol, matches):
    assert bool(cuts(rule(protocol=protocol))) == matches
    assert (cuts(rule(), rule("Allow", 500, protocol=protocol)) is None) == matches


def test_a_protocol_that_nobody_knows_leaves_it_open():
    assert cuts(rule(protocol="Sctp")) is None
    assert cuts(rule(), rule("Allow", 500, protocol="Sctp")) is None


# Packet by packet, as Azure filters them: the first rule that matches decides.

SOURCES = ["10.1.0.0/30", "10.1.0.0/31", "10.1.0.2", "VirtualNetwork", "*", "Internet"]
PORTS = ["*", "1", "2", "1-2", "0-65535"]
RULES = st.builds(
    SecurityRule,
    st.just("r"),
    st.integers(100, 105),
    st.just("Inbound"),
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", "Tcp", "Udp"]),
    st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(tuple),
    st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(tuple),
    st.lists(st.sampled_from(PORTS), min_size=1, max_size=2).map(tuple),
)


def passes(rules, source, destination, port):
    """Whether one TCP packet between two addresses of a VNet gets through."""
    for each in sorted(rules, key=lambda one: one.priority):
        if (
            each.protocol in {"*", "Tcp"}
            and any(on_port(text, port) for text in each.ports)
            and any(at(text, source) for text in each.sources)
            and any(at(text, destination) for text in each.destinations)
        ):
            return each.access == "Allow"
    return True  # by default, inside a VNet


def at(text, address):
    if text in {"*", "VirtualNetwork", "Internet"}:
        return text != "Internet"
    cidr = Cidr.parse(text if "/" in text else f"{text}/32")
    return cidr.first <= address <= cidr.last


def on_port(text, port):
    low, _, high = text.partition("-")
    return text == "*" or int(low) <= port <= int(high or low)


@given(
    st.lists(RULES, max_size=6, unique_by=lambda each: each.priority),
    st.sampled_from([None, 1, 2]),
)
def test_what_is_told_as_cut_lets_no_packet_through(rules, port):
    small = Cidr.parse("10.1.0.0/30")
    end = End((small,))
    found = cutting_rule(rules, "Inbound", Flow(end, end, port))
    addresses = range(small.first, small.last + 1)
    through = [
        passes(rules, source, destination, each)
        for source in addresses
        for destination in addresses
        for each in ([1, 2, 3] if port is None else [port])
    ]
    if found:
        assert not any(through)
    if not any(each.access == "Deny" for each in rules):
        assert found is None
        assert all(through)


# Rules over an estate.

DENY = rule(priority=4000)
VNET = rule("Allow", 200, "VirtualNetwork")
NODE_RULE = groups.nsg_cuts_node_traffic
POD_RULE = groups.nsg_cuts_pod_traffic
API_RULE = groups.nsg_cuts_api_server


def group(*rules, identity=NSG, **fields):
    return SecurityGroup(identity, identity.rpartition("/")[2], rules, **fields)


def guarded(*rules, vnets=None, clusters=None, **fields):
    given = {"pod_cidrs": cidrs("192.168.0.0/16"), **fields}
    return estate(
        *(clusters or [cluster(**given)]),
        vnets=vnets or [spoke(network_security_group=NSG)],
        security_groups=(group(*rules),),
    )


def test_a_deny_all_cuts_nodes_off_one_another():
    (hit,) = look(NODE_RULE, guarded(DENY))
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "Deny-4000 (priority 4000) of nsg denies what spoke/aks 10.1.0.0/24 sends to "
        "spoke/aks 10.1.0.0/24: nodes of shop can't reach one another"
    )
    assert [each.noun.name for each in hit.sides] == ["nsg", "aks", "shop"]
    assert ways_out(NODE_RULE, guarded(DENY)) == {
        "add to nsg an Inbound rule with priority 3999: allow 10.1.0.0/24 to "
        "10.1.0.0/24, all ports": True
    }
    assert not look(NODE_RULE, guarded(DENY, VNET))


def test_what_every_group_denies_by_default_cuts_nothing_inside():
    assert not look(NODE_RULE, guarded())
    assert not look(POD_RULE, guarded())


def test_a_deny_of_ssh_is_no_cut():
    assert not look(NODE_RULE, guarded(rule(priority=100, ports=("22",))))


def test_outbound_and_inbound_are_cut_each_for_itself():
    out = DENY._replace(direction="Outbound", priority=3000)
    found = look(NODE_RULE, guarded(DENY, out))
    assert [each.message.split()[0] for each in found] == ["Deny-4000"] * 2
    assert "Outbound" in next(iter(ways_out(NODE_RULE, guarded(out))))


def test_a_free_priority_is_found_before_the_deny_or_none_is_proposed():
    taken = [rule("Allow", each, "10.9.0.0/16") for each in range(100, 105)]
    late = guarded(rule(priority=106), *taken)
    assert next(iter(ways_out(NODE_RULE, late))).startswith(
        "add to nsg an Inbound rule with priority 105: "
    )
    assert ways_out(NODE_RULE, guarded(rule(priority=105), *taken)) == {}
    assert ways_out(NODE_RULE, guarded(rule(priority=100))) == {}


def test_a_group_that_was_not_read_whole_is_not_judged():
    open_ = group(DENY, unresolved=("securityRules[1]: x",))
    base = guarded(DENY)
    assert not look(NODE_RULE, replace(base, security_groups=(open_,)))
    other = replace(base, security_groups=(group(DENY, identity=OTHER),))
    assert not look(NODE_RULE, other)


def test_a_shared_subnet_is_one_finding_with_its_clusters():
    (hit,) = look(NODE_RULE, guarded(DENY, clusters=[cluster("a"), cluster("b")]))
    assert [each.noun.name for each in hit.sides] == ["nsg", "aks", "a", "b"]
    assert hit.message.endswith("nodes of a, b can't reach one another")


def test_nodes_of_one_cluster_in_two_subnets_reach_one_another():
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24"),
        subnet("spoke", "web", "10.1.1.0/24", "fd00::/64", network_security_group=NSG),
        subnet("spoke", "none", network_security_group=NSG),
    )
    own = rule("Allow", 100, "10.1.1.0/24")
    asked = cluster(subnets=("aks", "web", "none", "unread"))
    (hit,) = look(NODE_RULE, guarded(DENY, own, vnets=[home], clusters=[asked]))
    assert "denies what spoke/aks 10.1.0.0/24 sends to spoke/web 10.1.1.0/24:" in (
        hit.message
    )


def test_pods_of_an_overlay_meet_the_group_on_the_node_subnet():
    nodes = rule("Allow", 100, "10.1.0.0/24", "10.1.0.0/24")
    broken = guarded(DENY, nodes)
    assert not look(NODE_RULE, broken)
    (hit,) = look(POD_RULE, broken)
    assert "sends to pod CIDR 192.168.0.0/16 of shop" in hit.message
    assert ways_out(POD_RULE, broken) == {
        "add to nsg an Inbound rule with priority 3999: allow 10.1.0.0/24, "
        "192.168.0.0/16 to 192.168.0.0/16, all ports": True
    }
    pods = rule("Allow", 101, "10.1.0.0/24 192.168.0.0/16", "192.168.0.0/16")
    assert not look(POD_RULE, guarded(DENY, nodes, pods))
    assert not look(POD_RULE, guarded(DENY, VNET))  # it may be in that tag


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"model": "kubenet"}, 1),
        ({"model": "cni-node-subnet"}, 0),
        ({"model": None}, 0),
        ({"pod_cidrs": ()}, 0),
        ({"pod_cidrs": cidrs("fd00::/64")}, 0),
    ],
)
def test_only_pods_in_a_pod_cidr_are_pods_beside_the_nodes(fields, count):
    assert len(look(POD_RULE, guarded(DENY, **fields))) == count


def test_a_pod_subnet_has_a_group_of_its_own():
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24"),
        subnet("spoke", "pods", "10.1.16.0/20", network_security_group=NSG),
    )
    pods = id_of("spoke", "subnets", "pods")
    asked = cluster(model="cni-dynamic", pods=pods)
    (hit,) = look(POD_RULE, guarded(DENY, vnets=[home], clusters=[asked]))
    assert "spoke/aks 10.1.0.0/24 sends to spoke/pods 10.1.16.0/20" in hit.message
    assert not look(NODE_RULE, guarded(DENY, vnets=[home], clusters=[asked]))
    unread = cluster(model="cni-dynamic", pods=id_of("spoke", "subnets", "unread"))
    assert not look(POD_RULE, guarded(DENY, vnets=[home], clusters=[unread]))


def api_server(*rules):
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24"),
        subnet("spoke", "api", "10.1.1.0/28", network_security_group=NSG),
    )
    own = id_of("spoke", "subnets", "api")
    asked = cluster(vnet_integration=True, api_server_subnet=own)
    return guarded(*rules, vnets=[home], clusters=[asked])


def tcp(*ports, sources="10.1.0.0/24", priority=100):
    return rule("Allow", priority, sources, protocol="Tcp", ports=ports)


PROBES = tcp("9988", sources="AzureLoadBalancer", priority=200)


@pytest.mark.parametrize(
    ("rules", "parts"),
    [
        ([tcp("443", "4443"), PROBES, DENY], []),
        ([tcp("443-4443"), PROBES, DENY], []),
        ([VNET, PROBES, DENY], []),
        ([], []),
        ([tcp("443"), PROBES, DENY], ["port 4443"]),
        ([tcp("4443"), PROBES, DENY], ["port 443"]),
        ([tcp("443", "4443"), DENY], ["the load balancer 168.63.129.16/32", "9988"]),
        ([DENY], ["port 443,", "port 4443,", "port 9988:"]),
    ],
)
def test_nodes_and_probes_reach_the_api_servers_subnet(rules, parts):
    found = look(API_RULE, api_server(*rules))
    assert len(found) == bool(parts)
    assert all(part in found[0].message for part in parts)
    if parts:
        ((text, silent),) = ways_out(API_RULE, api_server(*rules)).items()
        assert silent
        assert "ports " in text


def test_an_api_server_without_a_subnet_of_its_own_is_not_judged():
    assert not look(API_RULE, guarded(DENY))
    elsewhere = cluster(api_server_subnet=id_of("spoke", "subnets", "unread"))
    assert not look(API_RULE, guarded(DENY, clusters=[elsewhere]))


OUT = {"direction": "Outbound"}
NO_INTERNET = rule(priority=4000, destinations="Internet", **OUT)


def test_a_public_api_server_is_reached_over_the_internet():
    (hit,) = look(API_RULE, guarded(NO_INTERNET))
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "Deny-4000 (priority 4000) of nsg denies what spoke/aks 10.1.0.0/24 sends to "
        "the internet port 443: the API server of shop can't be reached"
    )
    assert [each.noun.name for each in hit.sides] == ["nsg", "aks", "shop"]
    assert hit.source.endswith("/outbound-rules-control-egress")
    assert ways_out(API_RULE, guarded(NO_INTERNET)) == {
        "add to nsg an Outbound rule with priority 3999: allow 10.1.0.0/24 to "
        "AzureCloud, ports 443": True
    }


@pytest.mark.parametrize(
    ("deny", "cut"),
    [
        ({"destinations": "*"}, True),
        ({"destinations": "0.0.0.0/0"}, True),
        ({"destinations": "internet"}, True),
        ({"destinations": "Internet", "ports": ("443",)}, True),
        ({"destinations": "Internet", "ports": ("80",)}, False),
        ({"destinations": "Internet", "protocol": "Udp"}, False),
        ({"destinations": "Internet", "sources": "10.1.0.0/25"}, False),
        ({"destinations": "Internet", "direction": "Inbound"}, False),
        ({"destinations": "AzureCloud"}, False),  # what else is Azure's is not certain
        ({"destinations": "VirtualNetwork"}, False),
        ({"destinations": "0.0.0.0/1"}, False),
        ({"destinations": "10.0.0.0/8"}, False),
    ],
)
def test_only_what_denies_every_public_address_cuts_off_a_public_api_server(deny, cut):
    found = look(API_RULE, guarded(rule(priority=4000, **OUT | deny)))
    assert len(found) == cut


@pytest.mark.parametrize(
    ("allow", "cut"),
    [
        ({"destinations": "AzureCloud"}, False),
        ({"destinations": "AzureCloud.WestEurope", "ports": ("443",)}, False),
        ({"destinations": "20.0.0.0/8"}, False),
        ({"destinations": "VirtualNetwork"}, False),  # it has what routes are for
        ({"destinations": "*", "ports": ("443",)}, False),
        ({"destinations": "*", "ports": ("80",)}, True),
        ({"destinations": "10.0.0.0/8"}, True),
        ({"destinations": "10.0.0.4"}, True),
        ({"destinations": "168.63.129.16"}, True),
        ({"destinations": "AzureLoadBalancer"}, True),
        ({"destinations": "*", "sources": "10.9.0.0/24"}, True),
        ({"destinations": "AzureCloud", "priority": 4001}, True),
    ],
)
def test_an_allow_for_a_part_of_the_internet_leaves_it_open(allow, cut):
    opens = rule("Allow", **{"priority": 200, **OUT, **allow})
    assert len(look(API_RULE, guarded(opens, NO_INTERNET))) == cut


@pytest.mark.parametrize(
    ("fields", "cut"),
    [
        ({}, True),
        ({"private": True}, False),
        ({"vnet_integration": True}, False),
        ({"api_server_subnet": id_of("spoke", "subnets", "unread")}, False),
        ({"needs": ("automatic",)}, False),
        ({"seen": False}, False),
        ({"unresolved": ("apiServerAccessProfile.enablePrivateCluster: x",)}, False),
        ({"unresolved": ("networkProfile.podCidr: x",)}, True),
    ],
)
def test_only_clusters_that_are_public_for_certain_need_the_internet(fields, cut):
    assert len(look(API_RULE, guarded(NO_INTERNET, **fields))) == cut


# Groups on the interfaces of nodes.

NIC_RULE = groups.nsg_on_node_nic
OWN = f"{NODES}/microsoft.network/networksecuritygroups/aks-agentpool-1-nsg"


def interface(name, attached, home=NODES):
    identity = f"{home}/microsoft.compute/virtualmachinescalesets/{name}"
    return NodeInterface(identity, name, attached)


def test_a_group_of_ones_own_on_nodes_is_one_finding_for_its_cluster():
    nics = tuple(interface(f"vmss{i}", NSG) for i in range(2))
    found = estate(cluster(), node_interfaces=nics, security_groups=(group(),))
    (hit,) = look(NIC_RULE, found)
    assert (hit.severity, hit.told_effect) == (Severity.WARNING, Effect.WORKS_BUT)
    assert hit.message == (
        "nsg, a network security group of your own, is on 2 interfaces of nodes of "
        "shop: vmss0, vmss1"
    )
    assert [e.noun.name for e in hit.sides] == ["shop", "nsg", "vmss0", "vmss1"]
    assert ways_out(NIC_RULE, found) == {
        "take nsg off the interfaces and put it on spoke/aks": True,
        "take nsg off the interfaces: let AKS put its own there": True,
    }


def test_a_subnet_that_has_a_group_is_given_no_other():
    nics = (interface("vmss", NSG),)
    home = spoke(network_security_group=OTHER)
    found = estate(cluster(), vnets=[home], node_interfaces=nics)
    assert list(ways_out(NIC_RULE, found)) == [
        "take nsg off the interfaces: let AKS put its own there"
    ]
    unread = estate(cluster(subnets=()), node_interfaces=nics)
    assert len(ways_out(NIC_RULE, unread)) == 1


@pytest.mark.parametrize(
    "nic",
    [
        interface("vmss", OWN),
        interface("vmss", None),
        interface("vm", NSG, GROUP.rpartition("/")[0]),
        interface("vmss", NSG, NODES.replace("/s/", "/other/")),
    ],
)
def test_aks_own_group_and_other_machines_are_not_told(nic):
    assert not look(NIC_RULE, estate(cluster(), node_interfaces=(nic,)))
    nowhere = cluster(location=None)
    assert not look(NIC_RULE, estate(nowhere, node_interfaces=(nic,)))


def test_hostile_values_of_rules_are_read_as_nothing_known(tmp_path):
    """A file can say anything: no traceback, and nothing told that is not certain."""
    odd = {
        "id": NSG,
        "name": "nsg",
        "type": "Microsoft.Network/networkSecurityGroups",
        "properties": {
            "securityRules": [
                {
                    "name": "=cmd|' /C calc'!A0",
                    "properties": {
                        "priority": 1,
                        "direction": "Inbound",
                        "access": "Allow",
                        "protocol": "\x1b[31m",
                        "sourceAddressPrefix": "10.1.0.0/99",
                        "destinationAddressPrefix": "¡",
                        "destinationPortRange": "9" * 400,
                    },
                },
                {
                    "name": "deny",
                    "properties": {
                        "priority": 2,
                        "direction": "Inbound",
                        "access": "Deny",
                        "protocol": "*",
                        "sourceAddressPrefix": "*",
                        "destinationAddressPrefix": "*",
                        "destinationPortRange": "*",
                    },
                },
            ]
        },
    }
    path = tmp_path / "nsg.json"
    path.write_text(json.dumps([odd]))
    groups = read_inventory(str(path)).security_groups
    assert len(groups[0].rules) == 2
    assert not look(NODE_RULE, replace(guarded(), security_groups=groups))
