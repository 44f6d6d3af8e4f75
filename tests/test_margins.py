"""Nodes left: the tightest of all ranges and limits of a cluster."""

from dataclasses import replace

import pytest

from ipplan import NodePool, Surge
from ipplan.designs.margins import margins
from ipplan.designs.studies import study_of_layout
from ipplan.inventory.traffic import Route, RouteTable
from ipplan.layouts.layouts import lay_out
from ipplan.readers.layouts import read_layout_plan
from tests.test_check_core import cs, vnet
from tests.test_decisions import AS_OF, BASELINE, cluster, pool, studied


def home(length=24):
    return vnet("spoke", "10.0.0.0/8", subnets=[("nodes", f"10.0.0.0/{length}")])


def margin(net=None, **more):
    net = net or home()
    more.setdefault("pools", (pool(subnet=net.subnets[0].id),))
    (found,) = margins(studied(net, clusters=[cluster("shop", **more)]))
    return found


def test_the_pod_cidr_binds_the_baseline_and_the_numbers_are_those_of_check():
    """256 nodes of a /16; 13 at an upgrade now: user grows to 187 + 62 in 250."""
    study = study_of_layout(lay_out(read_layout_plan(BASELINE)), as_of=AS_OF)
    (found,) = margins(study)
    assert (found.nodes, found.binds) == (182, "pod CIDR 192.168.0.0/16 is full")
    assert found.nodes == min(each.nodes_left for each in study.checkup.capacities)


@pytest.mark.parametrize(
    ("length", "left", "binds"),
    [
        (24, 241, "subnet spoke/nodes 10.0.0.0/24 is full"),
        (18, 4990, "the limit of 5,000 nodes in a cluster is reached"),
    ],
)
def test_a_subnet_binds_or_the_limit_of_nodes(length, left, binds):
    """251 - 10 nodes at an upgrade of 9, and 5,000 - 10."""
    pods = cs("100.0.0.0/8")
    found = margin(home(length), model="cni-overlay", pod_cidrs=pods)
    assert (found.nodes, found.binds) == (left, binds)


@pytest.mark.parametrize(("others", "left"), [(0, 390), (2, 388)])
def test_a_route_table_binds_kubenet(others, left):
    """400 routes less those that are no node's, and 10 nodes at an upgrade."""
    net = home(16)
    table = "/x/routetables/rt"
    net = replace(net, subnets=(replace(net.subnets[0], route_table=table),))
    routes = tuple(
        Route(f"r{n}", f"20.{n}.0.0/16", "VirtualAppliance", "10.0.0.9")
        for n in range(others)
    )
    shop = cluster(
        "shop",
        model="kubenet",
        pod_cidrs=cs("100.64.0.0/12"),
        pools=(pool(subnet=net.subnets[0].id),),
    )
    tables = (RouteTable(table, "rt", routes),)
    (found,) = margins(studied(net, clusters=[shop], route_tables=tables))
    assert found.nodes == left
    assert found.binds == "400 routes, the limit of a table, are taken"


def test_too_many_nodes_are_told_below_zero():
    found = margin(home(29), model="cni-overlay", pod_cidrs=cs("100.64.0.0/16"))
    assert found.nodes == -7
    assert found.binds == "subnet spoke/nodes 10.0.0.0/29 is full"


def test_what_is_not_known_is_said():
    assert margin(model=None).binds == "its network model is not known"
    unknown = (NodePool("a", None, 30, unknown="pool a: a parameter"),)
    assert margin(pools=unknown).binds == "its node count is not known"
    found = margin(model="cni-overlay", pod_cidrs=())
    assert (found.nodes, found.binds) == (
        None,
        "what pod CIDR of an unknown range has left is not known",
    )


def test_what_is_too_small_already_is_known_whatever_else_is_not():
    found = margin(home(29), model="cni-overlay", pod_cidrs=())
    assert found.nodes == -7


def test_of_a_cluster_whose_ranges_do_not_show_it_is_not_known():
    bare = (NodePool("a", 9, 30, Surge(1)),)
    found = margin(model="cni-node-subnet", pools=bare)
    assert (found.nodes, found.binds) == (None, "none of its ranges was read")


def test_the_worst_come_first_and_the_unknown_last():
    small, large = home(28), vnet("l", "10.0.0.0/8", subnets=[("n", "10.9.0.0/20")])
    pods = cs("100.64.0.0/16")
    shops = [
        cluster("a", model=None, pools=(pool(),)),
        cluster("b", pools=(pool(subnet=large.subnets[0].id),), pod_cidrs=pods),
        cluster("c", pools=(pool(subnet=small.subnets[0].id),), pod_cidrs=pods),
    ]
    found = margins(studied(small, large, clusters=shops))
    assert [each.cluster for each in found] == ["c", "b", "a"]


def test_what_several_ranges_leave_rests_on_what_no_page_confirms():
    net = home(26)
    both = replace(net.subnets[0], prefixes=cs("10.0.0.0/26", "10.0.1.0/26"))
    net = replace(net, subnets=(both,))
    binds = (
        "subnet spoke/nodes 10.0.0.0/26, 10.0.1.0/26 is full, if AKS uses all its "
        "ranges, which no page confirms"
    )
    found = margin(net, model="cni-overlay", pod_cidrs=cs("100.64.0.0/12"))
    assert found.binds == binds
    flat = margin(net, model="cni-node-subnet", pod_cidrs=())
    assert flat.binds == "subnet spoke/nodes 10.0.0.0/26, 10.0.1.0/26 is full"


@pytest.mark.parametrize(
    ("length", "left"),
    [
        (27, 5),  # 27 addresses for 2 x 11
        (28, -10),  # 11 of 22: either would have to give up all, with its surge
    ],
)
def test_clusters_that_share_a_subnet_are_told_of_what_each_could_give_up(length, left):
    net = home(length)
    pods = cs("100.64.0.0/12")
    pools = (NodePool("a", 10, 30, Surge(1), subnet=net.subnets[0].id),)
    shops = [cluster(name, pools=pools, pod_cidrs=pods) for name in ("a", "b")]
    found = margins(studied(net, clusters=shops))
    words = "is full" if left > 0 else "has 11 addresses too few for all that share it"
    assert {(each.nodes, each.binds) for each in found} == {
        (left, f"subnet spoke/nodes 10.0.0.0/{length} {words}")
    }
