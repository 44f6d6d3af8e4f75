"""Twins: everything twice, under other names and in other subnets."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.origins import name_of, parent_of
from ipplan.inventory.pools import NodePool
from ipplan.layouts.identities import with_ids
from ipplan.layouts.plans import (
    ClusterPlan,
    EndpointPlan,
    NetworkPlan,
    ServicePlan,
    SubnetPlan,
)
from ipplan.layouts.twins import PARTS, Failover, blue_and_green, failover_pair

HOME = "/subscriptions/s/resourcegroups/g/providers/microsoft.network/virtualnetworks"
SPOKE = f"{HOME}/spoke"
CLUSTERS = "/subscriptions/s/resourcegroups/g/providers/microsoft.containerservice/"
CLUSTERS += "managedclusters"
SHOP = f"{CLUSTERS}/shop"


def cidrs(*texts):
    return tuple(map(Cidr.parse, texts))


def cluster(name="shop", home=SPOKE, **changes):
    nodes, pods = f"{home}/subnets/{name}-nodes", f"{home}/subnets/{name}-pods"
    pools = (
        NodePool("system", 3, subnet=nodes, pod_subnet=pods),
        NodePool("web", 40, subnet=f"{home}/subnets/web", pod_subnet=pods),
    )
    made = Cluster(
        name,
        pools,
        "cni-dynamic",
        f"{CLUSTERS}/{name}".lower(),
        service_cidrs=cidrs("172.16.0.0/16"),
        location="westeurope",
        api_server_subnet=f"{home}/subnets/{name}-api-server",
    )
    return dataclasses.replace(made, **changes)


def plan(name="shop", **changes):
    made = cluster(name)
    services = (
        ServicePlan("internal-load-balancers", f"{name}-load-balancers", 2),
        ServicePlan("application-gateway", "AppGW", 10, private_front_end=True),
        ServicePlan("virtual-nodes"),
    )
    services = tuple(dataclasses.replace(e, cluster=made.id) for e in services)
    return dataclasses.replace(ClusterPlan(made, services, growth=20), **changes)


def network(*clusters, **changes):
    made = NetworkPlan(
        SPOKE,
        "spoke",
        "westeurope",
        cidrs("10.1.0.0/16"),
        hub=f"{HOME}/hub",
        subnets=(SubnetPlan("apps", 26), SubnetPlan("Fixed")),
        services=(ServicePlan("bastion"),),
        endpoints=(EndpointPlan("registry"),),
        clusters=clusters or (plan(),),
        pinned={"fixed": cidrs("10.1.0.0/27"), "web": cidrs("10.1.1.0/24")},
        names={"web": "Web"},
    )
    return dataclasses.replace(made, **changes)


OTHER = Failover(f"{HOME}/spoke-dr", "spoke-dr", "northeurope", f"{HOME}/hub-dr")


def subnets(cluster):
    return [name_of(each) for each in cluster.subnets]


# Blue and green


def test_blue_and_green_have_subnets_of_their_own():
    blue, green = blue_and_green(network(), {SHOP}).clusters
    assert (blue.cluster.name, green.cluster.name) == ("shop-blue", "shop-green")
    assert (blue.cluster.id, green.cluster.id) == (f"{SHOP}-blue", f"{SHOP}-green")
    assert subnets(blue.cluster) == [
        "shop-blue-nodes", "web", "shop-blue-pods", "shop-blue-api-server",
    ]  # fmt: skip
    assert subnets(green.cluster) == [
        "shop-green-nodes", "web-green", "shop-green-pods", "shop-green-api-server",
    ]  # fmt: skip
    assert [each.name for each in blue.services] == [
        "shop-blue-load-balancers", "AppGW", None,
    ]  # fmt: skip
    assert [each.name for each in green.services] == [
        "shop-green-load-balancers", "AppGW-green", None,
    ]  # fmt: skip
    assert set(map(parent_of, green.cluster.subnets)) == {SPOKE}


def test_green_is_the_twin_of_blue_and_each_has_its_services():
    blue, green = blue_and_green(network(), {SHOP}).clusters
    assert (blue.twin, green.twin) == (None, f"{SHOP}-blue")
    assert {each.cluster for each in blue.services} == {f"{SHOP}-blue"}
    assert {each.cluster for each in green.services} == {f"{SHOP}-green"}
    assert (blue.growth, green.growth) == (20, 20)
    assert (blue.shared_load, green.shared_load) == (1, 1)
    assert green.services[1].private_front_end


def test_green_shares_no_address_and_no_resource_group_with_blue():
    made = cluster(egress_prefixes=cidrs("20.50.0.4/32"), node_resource_group="nodes")
    one = network(dataclasses.replace(plan(), cluster=made))
    blue, green = blue_and_green(one, {SHOP}).clusters
    assert (blue.cluster.node_resource_group, blue.cluster.egress_prefixes) == (
        "nodes",
        cidrs("20.50.0.4/32"),
    )
    assert green.cluster.node_resource_group == "nodes-green"
    assert green.cluster.egress_prefixes == ()
    assert green.cluster.service_cidrs == blue.cluster.service_cidrs


def test_other_clusters_stay_as_they_are():
    one = network(plan(), plan("news"))
    found = blue_and_green(one, {SHOP})
    assert [each.cluster.name for each in found.clusters] == [
        "shop-blue", "shop-green", "news",
    ]  # fmt: skip
    assert found.clusters[2] == one.clusters[1]
    assert found.subnets == one.subnets
    assert found.pinned == one.pinned


def test_without_twins_nothing_changes():
    assert blue_and_green(network(), ()) == network()


def test_names_keep_their_capitals():
    made = plan("Shop")
    found = blue_and_green(network(made), {made.cluster.id})
    assert found.spelled("web") == "Web"
    assert found.spelled(f"{SPOKE}/subnets/web-green") == "Web-green"
    assert found.spelled("shop-green-nodes") == "Shop-green-nodes"
    assert found.clusters[1].cluster.id == f"{CLUSTERS}/shop-green"
    assert subnets(found.clusters[1].cluster)[0] == "shop-green-nodes"


@pytest.mark.parametrize("part", PARTS)
def test_every_subnet_called_after_the_cluster_is_called_after_its_twins(part):
    pools = (NodePool("web", 3, subnet=f"{SPOKE}/subnets/shop-{part}"),)
    made = cluster(pools=pools, api_server_subnet=None)
    pair = blue_and_green(network(ClusterPlan(made)), {SHOP})
    blue, green = (subnets(each.cluster) for each in pair.clusters)
    assert (blue, green) == ([f"shop-blue-{part}"], [f"shop-green-{part}"])


@given(st.sets(st.sampled_from(["shop", "news", "desk"]), min_size=1))
def test_two_of_each_use_no_subnet_of_one_another(twins):
    names = ["shop", "news", "desk"]
    ids = {f"{CLUSTERS}/{each}" for each in twins}
    found = blue_and_green(network(*map(plan, names)), ids)
    assert len(found.clusters) == len(names) + len(twins)
    pairs = [each for each in found.clusters if each.twin]
    known = {each.cluster.id: each.cluster for each in found.clusters}
    for green in pairs:
        blue = known[green.twin]
        assert set(blue.subnets).isdisjoint(green.cluster.subnets)
        assert [each.nodes for each in blue.pools] == [
            each.nodes for each in green.cluster.pools
        ]


# Failover


def test_everything_stands_again_elsewhere():
    first, second = failover_pair(network(), OTHER)
    assert (second.id, second.name, second.location) == OTHER[:3]
    assert (second.hub, second.twin) == (f"{HOME}/hub-dr", SPOKE)
    assert second.services == first.services
    assert second.endpoints == first.endpoints
    (there,) = second.clusters
    assert (there.cluster.name, there.cluster.id) == ("shop-dr", f"{SHOP}-dr")
    assert there.twin == first.clusters[0].cluster.id == SHOP
    assert there.cluster.location == "northeurope"
    assert subnets(there.cluster) == [
        "shop-dr-nodes", "web", "shop-dr-pods", "shop-dr-api-server",
    ]  # fmt: skip
    assert set(map(parent_of, there.cluster.subnets)) == {OTHER.id}
    assert second.spelled("web") == "Web"


def test_the_first_network_stays_as_it_is_but_for_its_load():
    first, _ = failover_pair(network(), OTHER)
    (here,) = first.clusters
    alone = dataclasses.replace(here, shared_load=1)
    assert dataclasses.replace(first, clusters=(alone,)) == network()


def test_the_second_network_has_no_range_of_the_first():
    _, second = failover_pair(network(), OTHER)
    assert (second.prefixes, second.pinned, second.pool) == ((), {}, None)


def test_the_second_network_may_have_ranges_of_its_own():
    other = OTHER._replace(prefixes=cidrs("10.2.0.0/16"), pool="north")
    _, second = failover_pair(network(), other)
    assert (second.prefixes, second.pool) == (cidrs("10.2.0.0/16"), "north")


def test_subnets_that_only_a_pin_sizes_have_its_size():
    pinned = {"fixed": cidrs("fd00::/64", "10.1.0.0/27", "10.1.1.0/26")}
    _, second = failover_pair(network(pinned=pinned), OTHER)
    assert [each.length for each in second.subnets] == [26, 26]


def test_subnets_that_have_their_size_from_elsewhere_have_none_of_a_pin():
    _, second = failover_pair(network(pinned={}), OTHER)
    assert [each.length for each in second.subnets] == [26, None]
    hosts = network(subnets=(SubnetPlan("fixed", hosts=20),))
    assert failover_pair(hosts, OTHER)[1].subnets == hosts.subnets


@pytest.mark.parametrize(("shared", "load"), [(True, 2), (False, 1)])
def test_shared_load_counts_on_both_sides(shared, load):
    pair = failover_pair(network(), OTHER._replace(shared=shared))
    assert [each.clusters[0].shared_load for each in pair] == [load, load]


def test_the_ending_of_names_can_be_chosen():
    _, second = failover_pair(network(), OTHER._replace(suffix="North"))
    (there,) = second.clusters
    assert (there.cluster.name, there.cluster.id) == ("shop-North", f"{SHOP}-north")


def test_blue_and_green_fail_over_to_a_pair_each():
    _, second = failover_pair(blue_and_green(network(), {SHOP}), OTHER)
    assert [(each.cluster.name, name_of(each.twin)) for each in second.clusters] == [
        ("shop-blue-dr", "shop-blue"),
        ("shop-green-dr", "shop-green"),
    ]
    assert subnets(second.clusters[1].cluster)[:2] == [
        "shop-green-dr-nodes",
        "web-green",
    ]


# Other ids


def test_ids_of_networks_and_clusters_change_wherever_they_stand():
    one = blue_and_green(network(), {SHOP})
    _, second = failover_pair(one, OTHER._replace(hub=SPOKE))
    ids = {SPOKE: "/v/spoke", OTHER.id: "/v/dr", f"{SHOP}-blue": "/c/blue"}
    first, there = with_ids(one, ids), with_ids(second, ids)
    assert (first.id, first.hub) == ("/v/spoke", f"{HOME}/hub")
    assert (there.id, there.hub, there.twin) == ("/v/dr", "/v/spoke", "/v/spoke")
    blue, green = first.clusters
    assert blue.cluster.id == "/c/blue"
    assert {each.cluster for each in blue.services} == {"/c/blue"}
    assert green.cluster.id == f"{SHOP}-green"
    assert green.twin == "/c/blue"
    assert there.clusters[0].twin == "/c/blue"
    assert list(blue.cluster.subnets) == [
        f"/v/spoke/subnets/{name}" for name in subnets(one.clusters[0].cluster)
    ]


def test_without_other_ids_nothing_changes():
    without = cluster(api_server_subnet=None, pools=(NodePool("web", 3),))
    one = network(ClusterPlan(without), plan("news"))
    assert with_ids(one, {}) == one
    assert with_ids(one, {"/v/else": "/v/other"}) == one
