"""Node pools and outbound types: what AKS makes no cluster of."""

import re
from dataclasses import replace

import pytest

from ipplan.checks.settings import node_pools, outbounds
from ipplan.findings import Effect, Severity
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.pools import NodePool
from tests.check_nouns import (
    CLUSTERS,
    NODES,
    PLANNED,
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

AKS = id_of("spoke", "subnets", "aks")
OUTBOUND = outbounds.outbound_type_of_managed_vnet
DUAL = outbounds.dual_stack_nat_gateway
SYSTEM = node_pools.system_pool_missing
NAME = node_pools.pool_name
REFUSED = Severity.ERROR, Effect.REFUSED
THERE = Severity.WARNING, Effect.WORKS_BUT


def told(rule, *clusters, **fields):
    return [
        (e.severity, e.told_effect) for e in look(rule, estate(*clusters, **fields))
    ]


# Outbound types


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        ("managedNATGateway", True),
        ("ManagedNatGateway", True),
        ("managedNATGatewayV2", True),
        ("block", True),
        ("loadBalancer", False),
        ("userAssignedNATGateway", False),
        ("userDefinedRouting", False),
        ("none", False),
        (None, False),
    ],
)
def test_outbound_types_of_managed_vnets_are_refused_in_ones_own(way, refused):
    planned = cluster(planned=True, outbound_type=way)
    assert told(OUTBOUND, planned) == [REFUSED] * refused
    assert told(OUTBOUND, cluster(outbound_type=way)) == [THERE] * refused


def test_in_a_vnet_that_aks_makes_any_outbound_type_goes():
    managed = f"{NODES}/microsoft.network/virtualnetworks/aks-vnet/subnets/aks-subnet"
    for place in (None, managed):
        own = (NodePool("system", 3, subnet=place),)
        there = cluster(pools=own, outbound_type="managedNATGateway")
        assert not told(OUTBOUND, there)
    elsewhere = managed.replace("mc_apps_shop", "mc_apps_other")
    own = (NodePool("system", 3, subnet=elsewhere),)
    (hit,) = look(OUTBOUND, estate(cluster(pools=own, outbound_type="block")))
    assert hit.message.endswith("VNets that AKS makes, and its nodes are in aks-vnet")


@pytest.mark.parametrize(
    ("way", "gateways", "other"),
    [
        ("managedNATGateway", ("nat", "nat"), "userAssignedNATGateway"),
        ("managedNATGateway", ("nat", None), "loadBalancer"),
        ("managedNATGateway", (None, None), "loadBalancer"),
        ("block", ("nat", "nat"), "none"),
    ],
)
def test_what_stands_in_the_place_of_an_outbound_type_goes_with_the_subnets(
    way, gateways, other
):
    net = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24", nat_gateway=gateways[0]),
        subnet("spoke", "more", "10.1.1.0/24", nat_gateway=gateways[1]),
    )
    both = {"subnets": ("aks", "more"), "outbound_type": way}
    planned = estate(cluster(planned=True, **both), vnets=(net,))
    assert ways_out(OUTBOUND, planned) == {f"use outbound type {other} for shop": True}
    there = estate(cluster(**both), vnets=(net,))
    text = f"build shop anew with outbound type {other}"
    assert ways_out(OUTBOUND, there) == {text: True}


def test_of_subnets_that_were_not_read_nothing_is_known_of_gateways():
    away = cluster(planned=True, subnets=("gone",), outbound_type="managedNATGateway")
    ways = ways_out(OUTBOUND, estate(away))
    assert ways == {"use outbound type loadBalancer for shop": True}


TWO = {"needs": ("dual-stack",)}
IPV6_PODS = {"pod_cidrs": cidrs("10.244.0.0/16", "fd12:3456:789a::/64")}
WARNED = [(Severity.WARNING, Effect.BREAKS_TRAFFIC)]


@pytest.mark.parametrize("dual", [TWO, IPV6_PODS])
@pytest.mark.parametrize(
    ("way", "warned"),
    [
        ("userAssignedNATGateway", True),
        ("managedNATGateway", True),
        ("managedNATGatewayV2", False),
        ("loadBalancer", False),
        ("userDefinedRouting", False),
        (None, False),
    ],
)
def test_dual_stack_through_a_nat_gateway_that_may_be_standard_is_a_warning(
    dual, way, warned
):
    for planned in (True, False):
        two = cluster(planned=planned, outbound_type=way, **dual)
        assert told(DUAL, two) == WARNED * warned
        assert not told(DUAL, cluster(planned=planned, outbound_type=way))
        one = {"pod_cidrs": cidrs("10.244.0.0/16")}
        assert not told(DUAL, cluster(planned=planned, outbound_type=way, **one))


@pytest.mark.parametrize(
    ("way", "planned", "other"),
    [
        ("userAssignedNATGateway", True, "loadBalancer"),
        ("userAssignedNATGateway", False, "loadBalancer"),
        ("managedNATGateway", True, "loadBalancer"),
        # Out of a managed VNet's own gateway AKS lets a cluster go to V2 alone.
        ("managedNATGateway", False, "managedNATGatewayV2"),
    ],
)
def test_dual_stack_leaves_another_way(way, planned, other):
    free = (NodePool("system", 3),)
    two = cluster(planned=planned, outbound_type=way, pools=free, **TWO)
    text = f"use outbound type {other} for shop"
    assert ways_out(DUAL, estate(two)) == {text: True}


# System pools


def pool(name="web", nodes=3, **fields):
    return NodePool(name, nodes, subnet=AKS, **fields)


SPOT = pool("spot", priority="spot")
WINDOWS = pool("win", os="windows")
USER = pool("web", mode="user")
GATEWAY = pool("egress", mode="gateway")


@pytest.mark.parametrize(
    ("members", "missing"),
    [
        ((pool(mode="system"),), False),
        ((pool(mode="managedsystem"),), False),
        ((pool(),), False),
        ((USER, pool("b")), False),
        ((USER, SPOT, WINDOWS, pool("b", mode="system")), False),
        ((), False),
        ((USER,), True),
        ((GATEWAY,), True),
        ((SPOT,), True),
        ((WINDOWS,), True),
        ((SPOT, WINDOWS, USER, GATEWAY), True),
        ((replace(SPOT, mode="system"), replace(WINDOWS, mode="system")), True),
    ],
)
def test_a_cluster_needs_a_pool_that_may_be_its_system_pool(members, missing):
    planned = cluster(planned=True, pools=members)
    assert told(SYSTEM, planned) == [REFUSED] * missing
    assert told(SYSTEM, cluster(pools=members)) == [THERE] * missing


@pytest.mark.parametrize(
    "fields",
    [
        {"needs": ("automatic",)},
        {"hosted_subnets": (AKS,)},
        {"unbounded": ("a hosted system pool does not show",)},
        {"seen": False},
    ],
)
def test_where_pools_do_not_show_one_of_them_may_be_the_system_pool(fields):
    assert told(SYSTEM, cluster(pools=(USER,))) == [THERE]
    assert not told(SYSTEM, cluster(pools=(USER,), **fields))


def test_a_finding_says_why_each_pool_is_no_system_pool():
    (hit,) = look(SYSTEM, estate(cluster(pools=(SPOT, WINDOWS, USER))))
    assert hit.message == (
        "shop has no system pool: spot is of spot nodes, win is of Windows nodes, web "
        "is a user pool"
    )


def test_a_user_pool_is_made_the_system_pool_or_one_is_added():
    ways = ways_out(SYSTEM, estate(cluster(planned=True, pools=(SPOT, USER))))
    assert ways == {
        "make pool web of shop a system pool": True,
        "add to shop a system pool of 2 Linux nodes": True,
    }
    ways = ways_out(SYSTEM, estate(cluster(pools=(SPOT, WINDOWS, GATEWAY))))
    assert ways == {"add to shop a system pool of 2 Linux nodes": True}
    taken = replace(WINDOWS, name="system")
    assert ways_out(SYSTEM, estate(cluster(pools=(taken,)))) == {}


@pytest.mark.parametrize(
    ("members", "empty"),
    [
        ((pool(nodes=0, mode="system"),), True),
        ((pool(nodes=1, mode="system"),), False),
        ((pool(nodes=5, current=0, mode="system"),), True),
        ((pool(nodes=5, current=1, mode="system"),), False),
        ((pool(nodes=None, mode="system"),), False),
        ((pool(nodes=None, current=0, mode="system"),), True),
        ((pool(nodes=0),), False),
        ((pool(nodes=0, mode="system"), pool("b")), False),
        ((pool(nodes=0, mode="system"), pool("b", mode="system")), False),
        ((pool(nodes=0, mode="system"), pool("b", 0, mode="system"), USER), True),
    ],
)
def test_a_plan_has_nodes_in_its_system_pool_at_present(members, empty):
    planned = cluster(planned=True, pools=members)
    assert told(SYSTEM, planned) == [REFUSED] * empty
    # One that is there and shows none is stopped.
    assert not told(SYSTEM, cluster(pools=members))


@pytest.mark.parametrize(("most", "after"), [(0, 2), (1, 2), (5, 5), (None, 2)])
def test_an_empty_system_pool_gets_nodes_and_keeps_its_maximum(most, after):
    empty = pool(nodes=most, current=0, mode="system")
    planned = estate(cluster(planned=True, pools=(empty,)))
    assert ways_out(SYSTEM, planned) == {"run 2 nodes in pool web of shop": True}
    (hit,) = look(SYSTEM, planned)
    (change,) = hit.remedies[0].changes
    assert [(e.nodes, e.current) for e in change.value] == [(after, 2)]


# Names


@pytest.mark.parametrize(
    ("name", "os", "taken"),
    [
        ("a", "linux", True),
        ("a" * 12, "linux", True),
        ("a" * 13, "linux", False),
        ("a", "windows", True),
        ("a" * 6, "windows", True),
        ("a" * 7, "windows", False),
        ("web2", "linux", True),
        ("2web", "linux", False),
        ("Web", "linux", False),
        ("web-2", "linux", False),
        ("web_2", "linux", False),
        ("wéb", "linux", False),
        ("web٣", "linux", False),
        ("web\n", "linux", False),
        ("", "linux", False),
        ("?", "linux", True),
    ],
)
def test_the_name_of_a_planned_pool_is_one_that_aks_takes(name, os, taken):
    planned = cluster(planned=True, pools=(pool(name, os=os),))
    assert told(NAME, planned) == [REFUSED] * (not taken)
    assert not told(NAME, cluster(pools=(pool(name, os=os),)))
    # As the page has it.
    length = {"linux": 12, "windows": 6}[os]
    page = re.fullmatch(f"[a-z][a-z0-9]{{0,{length - 1}}}", name, re.ASCII)
    assert (bool(page) or name == "?") == taken


def test_a_total_that_several_pools_share_has_no_name_of_aks():
    total = pool("all-nodes", literal=False)
    assert not told(NAME, cluster(planned=True, pools=(total,)))


@pytest.mark.parametrize(
    ("name", "os", "new"),
    [
        ("Web-Pool_2", "linux", "webpool2"),
        ("2-web", "linux", "web"),
        ("windows", "windows", "window"),
        ("a-very-long-name", "linux", "averylongnam"),
    ],
)
def test_what_aks_takes_of_a_name_stands_in_its_place(name, os, new):
    planned = estate(cluster(planned=True, pools=(pool(name, os=os), pool("other"))))
    assert ways_out(NAME, planned) == {f"call pool {name} of shop {new}": True}


@pytest.mark.parametrize("name", ["23", "é", "oth-er"])
def test_no_name_is_told_that_is_empty_or_another_pools(name):
    planned = estate(cluster(planned=True, pools=(pool(name), pool("other"))))
    assert ways_out(NAME, planned) == {}


WRONG = "has a name that AKS doesn't take"


def test_each_pool_with_a_wrong_name_is_told():
    wrong = Cluster(
        "shop",
        (pool("a-b"), pool("fine"), pool("Windows", os="windows")),
        id=f"{CLUSTERS}/managedclusters/shop",
        origin=PLANNED,
    )
    found = look(NAME, estate(wrong, vnets=(spoke(),)))
    taken = "lowercase letters and digits, a letter first, for"
    assert [each.message.partition(": ") for each in found] == [
        (f"pool a-b of shop {WRONG}", ": ", f"up to 12 {taken} Linux"),
        (f"pool Windows of shop {WRONG}", ": ", f"up to 6 {taken} Windows"),
    ]
