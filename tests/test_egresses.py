"""Source addresses that others see, and ports and public IPs that egress needs."""

from dataclasses import replace

import pytest

from ipplan import NodePool, Surge
from ipplan.designs.egresses import egresses
from ipplan.inventory.traffic import Outlet, PublicAddress, Route, RouteTable
from ipplan.layouts.plans import ClusterPlan
from tests.test_check_core import c, cs, vnet
from tests.test_decisions import cluster, pool, studied

TABLE = "/x/routetables/rt"
GATEWAY = "/x/natgateways/nat"
FIREWALL = Outlet("/x/azurefirewalls/fw", "fw", private_ips=("10.0.0.4",))
ADDRESS = "/x/publicipaddresses/ip"


def net(**more):
    found = vnet(
        "spoke",
        "10.1.0.0/16",
        subnets=[("nodes", "10.1.0.0/24"), ("pods", "10.1.4.0/22")],
    )
    pods, nodes = found.subnets[1], replace(found.subnets[0], **more)
    return replace(found, subnets=(nodes, pods))


def seen(*, home=None, route=None, outlets=(), addresses=(), **more):
    home = home or net()
    nodes, pods = (each.id for each in home.subnets)
    more.setdefault("pools", (pool(subnet=nodes, pod_subnet=pods),))
    tables = (RouteTable(TABLE, "rt", (route,)),) if route else ()
    looked = studied(
        home,
        clusters=[cluster("shop", **more)],
        route_tables=tables,
        outlets=tuple(outlets),
        public_addresses=tuple(addresses),
    )
    (found,) = egresses(looked)
    return found


@pytest.mark.parametrize(
    ("model", "inside", "ranges"),
    [
        ("cni-overlay", "the node's IP", ["10.1.0.0/24"]),
        ("kubenet", "the node's IP", ["10.1.0.0/24"]),
        (
            "cni-node-subnet",
            "the pod's IP inside the VNet, the node's IP beyond it",
            ["10.1.0.0/24"],
        ),
        ("cni-dynamic", "the pod's IP", ["10.1.4.0/22", "10.1.0.0/24"]),
        ("cni-static-block", "the pod's IP", ["10.1.4.0/22", "10.1.0.0/24"]),
    ],
)
def test_networks_see_nodes_or_pods_by_the_model(model, inside, ranges):
    found = seen(model=model)
    assert found.inside == inside
    assert [str(each) for each in found.inside_cidrs] == ranges


def test_of_a_model_that_is_not_known_nothing_is_guessed():
    found = seen(model=None)
    assert found.inside == "unknown: its network model is not known"
    assert found.inside_cidrs == cs("10.1.0.0/24")


def test_subnets_that_were_not_read_have_no_ranges():
    home = NodePool("a", 3, 30, subnet="/x/virtualnetworks/v/subnets/s")
    assert seen(pools=(home,)).inside_cidrs == ()


@pytest.mark.parametrize(
    ("kind", "outside"),
    [
        (None, "the public IPs of its load balancer"),
        ("loadBalancer", "the public IPs of its load balancer"),
        ("managedNATGateway", "the public IPs of the NAT gateway that AKS manages"),
        ("managedNATGatewayV2", "the public IPs of the NAT gateway that AKS manages"),
        ("userAssignedNATGateway", "the public IPs of the NAT gateway of its subnets"),
        (
            "userDefinedRouting",
            "unknown: the appliance of its default route was not read",
        ),
        ("none", "nothing leaves: no way out is made"),
        ("block", "nothing leaves: it is blocked"),
        ("new", "unknown"),
    ],
)
def test_the_internet_sees_what_the_outbound_type_has(kind, outside):
    found = seen(outbound_type=kind)
    assert found.outside == outside
    assert found.outbound_type == (kind or "loadBalancer")
    assert found.outside_cidrs == ()


def test_a_firewall_is_named_with_its_address_and_its_public_ones():
    route = Route("out", "0.0.0.0/0", "VirtualAppliance", "10.0.0.4")
    home = net(route_table=TABLE)
    more = {"home": home, "route": route, "outbound_type": "userDefinedRouting"}
    known = replace(FIREWALL, public_addresses=(ADDRESS,))
    address = PublicAddress(ADDRESS, "ip", c("20.0.0.4/32"))
    found = seen(**more, outlets=[known], addresses=[address])
    assert found.outside == "the public IPs of the firewall fw (10.0.0.4)"
    assert found.outside_cidrs == cs("20.0.0.4/32")
    hidden = seen(**more, outlets=[FIREWALL])
    assert hidden.outside == "the public IPs of the firewall fw (10.0.0.4)"
    unread = seen(**more)
    assert unread.outside == "the public IPs of the appliance 10.0.0.4"
    straight = Route("out", "0.0.0.0/0", "Internet")
    told = seen(**{**more, "route": straight}).outside
    assert told.startswith("unknown: the appliance")


def test_a_nat_gateway_of_the_subnets_is_named():
    gateway = Outlet(GATEWAY, "nat", "nat-gateway", public_prefixes=cs("20.0.0.0/30"))
    found = seen(
        home=net(nat_gateway=GATEWAY),
        outbound_type="userAssignedNATGateway",
        outlets=[gateway],
    )
    assert found.outside == "the public IPs of the NAT gateway nat"
    assert found.outside_cidrs == cs("20.0.0.0/30")


def test_addresses_that_are_stated_count():
    found = seen(outbound_type="loadBalancer", egress_prefixes=cs("20.0.0.9/32"))
    assert found.outside_cidrs == cs("20.0.0.9/32")


@pytest.mark.parametrize(
    ("nodes", "ports", "addresses"), [(49, 1024, 1), (50, 512, 1), (399, 128, 1)]
)
def test_ports_are_those_of_the_automatic_table(nodes, ports, addresses):
    """With one node of surge: 50, 51 and 400 nodes."""
    found = seen(pools=(NodePool("a", nodes, 30, Surge(1)),))
    assert (found.egress.ports, found.egress.addresses) == (ports, addresses)
    assert found.words == found.egress.words


def test_unknown_nodes_leave_ports_unknown():
    found = seen(pools=(NodePool("a", None, 30, unknown="pool a: a parameter"),))
    assert found.egress is None
    assert found.words == "unknown: node count: pool a: a parameter"
    silent = seen(pools=(NodePool("a", None, 30),))
    assert silent.egress is None
    assert silent.words.startswith("unknown: nodes of pool a of shop none")


def test_of_a_cluster_of_which_only_pools_were_read_nothing_is_guessed():
    found = seen(seen=False)
    assert found.outside == found.outbound_type == "unknown"
    assert found.words == "unknown: only node pools or ranges of it were read"


def test_a_study_without_clusters_has_no_egress():
    assert egresses(studied(net(), clusters=[])) == ()


def test_behind_an_appliance_how_many_public_ips_it_needs_is_not_known():
    route = Route("out", "0.0.0.0/0", "VirtualAppliance", "10.0.0.4")
    more = {"outbound_type": "userDefinedRouting"}
    found = seen(home=net(route_table=TABLE), route=route, **more)
    assert (found.addresses, found.most, found.fits) == (None, None, True)
    closed = seen(outbound_type="none")
    assert (closed.addresses, closed.most, closed.fits) == (0, 0, True)


def test_a_way_out_that_a_rule_finds_broken_does_not_work():
    """A route table without a default route."""
    route = Route("in", "10.9.0.0/16", "VirtualAppliance", "10.0.0.4")
    more = {"outbound_type": "userDefinedRouting"}
    found = seen(home=net(route_table=TABLE), route=route, **more)
    assert found.fits is False
    assert "has no route for 0.0.0.0/0" in found.words.partition("; ")[2]


def test_a_way_out_that_may_not_work_is_unknown():
    """managedNATGateway of a cluster that is there, in a VNet of its own."""
    found = seen(outbound_type="managedNATGateway")
    assert found.fits is None
    bad = seen(
        outbound_type="managedNATGateway", pools=(NodePool("a", None, 30, unknown="x"),)
    )
    assert bad.fits is None


@pytest.mark.parametrize(("length", "whole"), [(32, False), (31, True)])
def test_a_list_of_fewer_addresses_than_it_needs_is_not_whole(length, whole):
    """Of 64,000 ports each, 17 nodes at 4,000 ports take two public IPs."""
    home = net()
    pools = (NodePool("a", 16, 30, Surge(1), subnet=home.subnets[0].id),)
    shop = cluster("shop", pools=pools, egress_prefixes=cs(f"20.0.0.8/{length}"))
    looked = studied(home, clusters=[shop])
    plans = {shop.id: ClusterPlan(shop, ports_per_node=4000)}
    (found,) = egresses(replace(looked, plans=plans))
    assert found.addresses == 2
    assert ("incomplete: 1 of 2 public IPs known" in found.words) != whole
