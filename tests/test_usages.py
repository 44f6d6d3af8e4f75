"""What subnets need, hold and have left: Microsoft's numbers, and fit()'s."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import (
    Cidr,
    Cluster,
    Inventory,
    NodePool,
    Subnet,
    Surge,
    VNet,
    usage,
    usages,
)
from ipplan.inventory.networks import Holder
from ipplan.inventory.origins import Origin
from ipplan.models import MODELS
from ipplan.sizing.loads import load
from ipplan.usages import held_after, use_of
from tests.estates import ESTATES

BASE = "/subscriptions/s/resourcegroups/g/providers"
HOME = f"{BASE}/microsoft.network/virtualnetworks/v"
NODES, PODS, API = (f"{HOME}/subnets/{name}" for name in ("nodes", "pods", "api"))
GROUP = "mc_g_c_westeurope"
NODE_GROUP = f"/subscriptions/s/resourcegroups/{GROUP}/providers"
SCALE_SET = f"{NODE_GROUP}/microsoft.compute/virtualmachinescalesets/aks-w-1-vmss"
BALANCER = f"{NODE_GROUP}/microsoft.network/loadbalancers/kubernetes-internal"
VM = f"{BASE}/microsoft.network/networkinterfaces/jump-nic"


def pool(nodes=3, max_pods=30, **words):
    words = {"max_surge": Surge(1), "subnet": NODES, **words}
    return NodePool("w", nodes, max_pods, **words)


def use(model, *pools, prefix="10.0.0.0/24", which=NODES, others=(), **words):
    """The use of one subnet by a cluster, or by several."""
    names = words.pop("names", ["c"])
    fields = {"holders": words.pop("holders", ()), "usage": words.pop("usage", None)}
    clusters = tuple(
        Cluster(name, pools, model, name, node_resource_group=GROUP, **words)
        for name in names
    )
    prefixes = tuple(map(Cidr.parse, prefix.split()))
    subnet = Subnet(which, "x", prefixes, **fields)
    vnet = VNet(HOME, "v", subnets=(subnet, *others))
    return usage(Inventory((vnet,), clusters))[0]


def test_microsofts_node_subnet_example_fills_a_24():
    # A /24 runs 8 nodes of 30 pods, without room for a surge (AKS IP planning).
    found = use("cni-node-subnet", pool(8, max_surge=Surge(0)))
    assert (found.usable, found.need, found.nodes_left) == (251, 248, 0)
    found = use("cni-node-subnet", pool(8))
    assert (found.need, found.nodes_left) == (279, -1)


@pytest.mark.parametrize(("nodes", "left"), [(6, 1), (7, 0), (8, -1), (9, -2)])
def test_nodes_left_is_what_fit_finds(nodes, left):
    found = ipplan.fit("/24", max_pods=30, max_surge=1, model="cni-node-subnet")
    assert use("cni-node-subnet", pool(nodes)).nodes_left == left
    assert (found.max_nodes - nodes >= 0) == (left >= 0)


@given(
    model=st.sampled_from(["kubenet", "cni-overlay", "cni-node-subnet"]),
    nodes=st.integers(3, 120),
    max_pods=st.integers(10, 250),
    surge=st.sampled_from([Surge(0), Surge(1), Surge(7), Surge(percent=33)]),
    length=st.integers(17, 26),
    extra=st.integers(0, 20),
)
def test_nodes_left_of_one_pool_are_fits_nodes(**drawn):
    model, nodes, max_pods = drawn["model"], drawn["nodes"], drawn["max_pods"]
    surge, length, extra = drawn["surge"], drawn["length"], drawn["extra"]
    holders = (Holder(VM, extra),) if extra else ()
    found = use(model, pool(nodes, max_pods, max_surge=surge), holders=holders,
                prefix=str(Cidr(4, 10 << 24, length)))  # fmt: skip
    most = ipplan.fit(f"/{length}", max_pods=max_pods, max_surge=surge, in_use=extra,
                      model=model)  # fmt: skip
    if found.nodes_left >= 0 and most.bound_by == "node-subnet":
        assert nodes + found.nodes_left == most.max_nodes


@pytest.mark.parametrize(
    ("nodes", "surge", "prefix", "left"),
    [
        # 123 of a /25 run 92 nodes and a third of them; 11 of a /28 run 5 twice.
        (100, "33%", "10.0.0.0/25", -8),
        (93, "33%", "10.0.0.0/25", -1),
        (92, "33%", "10.0.0.0/25", 0),
        (10, "100%", "10.0.0.0/28", -5),
    ],
)
def test_nodes_too_many_are_those_without_which_an_upgrade_fits(
    nodes, surge, prefix, left
):
    made = pool(nodes, max_surge=Surge.parse(surge))
    assert use("cni-overlay", made, prefix=prefix).nodes_left == left


def test_of_mixed_pools_the_fewest_nodes_are_given_up():
    # 62 lack: one node of 250 pods gives them, where of 30 pods it takes two.
    made = (pool(2, 30, max_surge=Surge(0)), pool(1, 250, max_surge=Surge(0)))
    assert use("cni-node-subnet", *made).nodes_left == -1
    # Others hold all there is: no more can be given up than there are.
    crowd = (Holder(VM, 300),)
    assert use("cni-node-subnet", *made, holders=crowd).nodes_left == -3
    nothing = pool(0, max_surge=Surge(0))
    assert use("cni-node-subnet", nothing, holders=crowd).nodes_left == 0


@given(
    pools=st.lists(
        st.tuples(
            st.integers(0, 4), st.integers(10, 60), st.sampled_from(["0", "100%"])
        ),
        min_size=1,
        max_size=3,
    ),
    others=st.integers(0, 251),
)
def test_no_choice_of_pools_gives_up_fewer_nodes(pools, others):
    made = [
        pool(nodes, pods, max_surge=Surge.parse(surge)) for nodes, pods, surge in pools
    ]
    holders = (Holder(VM, others),) if others else ()
    found = use("cni-node-subnet", *made, holders=holders)

    def need(counts):
        peaks = [n * (1 if surge == "0" else 2)
                 for n, (_, _, surge) in zip(counts, pools, strict=True)]  # fmt: skip
        return sum(n * (pods + 1) for n, (_, pods, _) in zip(peaks, pools, strict=True))

    most = [nodes for nodes, _, _ in pools]
    if need(most) <= 251 - others:
        return
    ways = product(*(range(nodes + 1) for nodes in most))
    fewest = min(sum(most) - sum(way) for way in ways if need(way) <= 251 - others)
    assert found.nodes_left == -fewest


def test_overlay_takes_one_address_a_node():
    # A /24 has 251, and with a surge of one 250 nodes can run (AKS overlay page).
    found = use("cni-overlay", pool(250))
    assert (found.need, found.nodes_left) == (251, 0)


@pytest.mark.parametrize(
    ("model", "need", "usable"),
    [
        # 3 nodes and a surge of one; 272 each by batches of 16, 8 of them free.
        ("cni-dynamic", 4 * 272, 4091),
        # 16 blocks of 16 each, and two edge blocks that no node gets.
        ("cni-static-block", 4 * 256, 4096 - 32),
    ],
)
def test_a_pod_subnet_is_worked_out_since_azure_shows_it_empty(model, need, usable):
    found = use(model, pool(3, 250, pod_subnet=PODS), which=PODS, prefix="10.0.0.0/20")
    assert (found.need, found.usable) == (need, usable)
    assert (found.used, found.left) == (None, usable - need)
    assert found.nodes_left > 0


def test_pools_of_one_cluster_may_allocate_each_in_its_own_way():
    # Both modes in one subnet is not allowed, but its need is known all the same.
    pools = (pool(3, 250, pod_subnet=PODS),
             pool(3, 250, pod_subnet=PODS, model="cni-static-block"))  # fmt: skip
    found = use("cni-dynamic", *pools, which=PODS, prefix="10.0.0.0/20")
    assert found.need == 4 * 272 + 4 * 256
    assert found.usable == 4096 - 32


def test_clusters_that_share_a_subnet_are_added_up():
    found = use("cni-node-subnet", pool(2), names=["c", "d"])
    assert found.need == 2 * 3 * 31
    assert found.clusters == ("c", "d")


def test_a_private_endpoint_takes_an_address_of_the_first_pools_subnet():
    alone = use("cni-overlay", pool(3)).need
    assert use("cni-overlay", pool(3), private=True).need == alone + 1
    integrated = {"private": True, "vnet_integration": True}
    assert use("cni-overlay", pool(3), **integrated).need == alone


def test_an_api_server_takes_nine_addresses_of_its_subnet():
    # A /28 with its 11 addresses holds one (API Server VNet Integration).
    found = use("cni-overlay", pool(3), which=API, prefix="10.0.1.0/28",
                api_server_subnet=API)  # fmt: skip
    assert (found.usable, found.need, found.left) == (11, 9, 11)
    assert found.nodes_left is None


def test_what_is_in_use_is_what_azure_lists_or_counts():
    holders = (Holder(SCALE_SET, 93), Holder(BALANCER, 2), Holder(VM, 1))
    found = use("cni-node-subnet", pool(3), holders=holders)
    assert (found.used, found.others, found.left) == (96, 3, 155)
    # 251 - 3 others hold 8 nodes of 31, and one of them is the surge.
    assert found.nodes_left == 4
    counted = use("cni-node-subnet", pool(3), holders=None, usage=100)
    assert (counted.used, counted.others, counted.left) == (100, None, 151)


def test_in_a_plan_what_is_not_needed_is_left():
    found = use("cni-node-subnet", pool(3), holders=None)
    assert (found.used, found.need, found.left) == (None, 124, 127)


def test_several_prefixes_are_added_up_and_ipv6_does_not_count():
    found = use("cni-overlay", pool(3), prefix="10.0.0.0/24 10.0.1.0/24 fd00::/64")
    assert found.usable == 502
    assert use("cni-overlay", pool(3), prefix="fd00::/64").usable is None
    assert use("cni-overlay", pool(3), prefix="").nodes_left is None


@pytest.mark.parametrize(
    ("model", "usable"),
    [
        ("cni-overlay", 251 + 123),
        ("kubenet", 251 + 123),
        ("cni-node-subnet", 251),
        ("cni-dynamic", 251),
        (None, 251 + 123),
    ],
)
def test_several_prefixes_add_up_only_for_nodes_with_pods_in_a_pod_cidr(model, usable):
    # Decision 9: never a pod subnet, and never node-subnet CNI on nodes that exist.
    found = use(model, pool(3), prefix="10.0.0.0/25 10.0.1.0/24")
    assert found.usable == usable


def test_of_prefixes_that_do_not_add_up_nobody_knows_which_is_in_use():
    held = {"prefix": "10.0.0.0/25 10.0.1.0/24", "holders": (Holder(VM, 9),)}
    found = use("cni-node-subnet", pool(3), **held)
    assert (found.used, found.left) == (None, 251 - 124)
    assert found.unknown == (
        "addresses in use are listed of all its prefixes together",
    )
    assert use("cni-overlay", pool(3), **held).used == 9


def test_a_range_smaller_than_what_is_reserved_holds_nothing():
    assert use("cni-overlay", pool(3), prefix="10.0.0.0/30").usable == 0


@pytest.mark.parametrize(
    ("model", "pools", "words", "why"),
    [
        (None, (pool(3),), {}, "its network model is not known"),
        ("cni-overlay", (pool(None),), {}, "pool w shows none"),
        ("cni-overlay", (pool(0, unknown="pool w is stopped"),), {}, "is stopped"),
        ("cni-overlay", (pool(3),), {"unbounded": ("NAP has no maximum",)}, "NAP"),
        ("cni-overlay", (), {"hosted_subnets": (NODES,)}, "a hosted pool"),
    ],
)
def test_what_can_not_be_known_is_said(model, pools, words, why):
    found = use(model, *pools, **words)
    assert (found.need, found.nodes_left) == (None, None)
    assert why in found.unknown[0]
    assert found.left == 251


def test_a_pod_subnet_of_which_nothing_is_known_is_not_called_free():
    # Decision 15: what a delegated pod subnet holds is computed, or unknown.
    delegated = {"delegations": ("Microsoft.ContainerService/managedClusters",)}
    alone = Subnet(PODS, "x", (Cidr.parse("10.0.0.0/22"),), holders=(), **delegated)
    (found,) = usage(Inventory((VNet(HOME, "v", subnets=(alone,)),)))
    assert (found.usable, found.need, found.used, found.left) == (
        1019,
        None,
        None,
        None,
    )
    assert "no cluster that was read uses it" in found.unknown[0]
    stopped = pool(0, 250, pod_subnet=PODS, unknown="pool w is stopped")
    found = use("cni-dynamic", stopped, which=PODS, prefix="10.0.0.0/22")
    assert (found.need, found.used, found.left) == (None, None, None)


def test_a_delegated_subnet_in_which_something_is_listed_is_an_api_servers():
    delegated = {"delegations": ("Microsoft.ContainerService/managedClusters",)}
    inner = (Cidr.parse("10.0.1.0/28"),)
    held = Subnet(API, "x", inner, holders=(Holder(BALANCER, 1),), **delegated)
    (found,) = usage(Inventory((VNet(HOME, "v", subnets=(held,)),)))
    assert (found.need, found.used, found.left) == (0, 1, 10)


def test_a_plugin_of_the_users_own_takes_an_address_a_node():
    # 10 nodes and a surge of 10 %: the node subnet rule as for overlay (rules 4.7).
    pools = pool(10, 250, max_surge=Surge(percent=10))
    found = use(None, pools, network_plugin="none")
    assert (found.need, found.unknown) == (11, ())
    assert found.nodes_left == 228 - 10


def test_in_use_of_both_families_is_not_taken_for_ipv4():
    found = use("cni-overlay", pool(10), prefix="10.1.0.0/24 fd00::/64",
                holders=(Holder(SCALE_SET, 22),))  # fmt: skip
    assert (found.used, found.need, found.left) == (None, 11, 240)
    assert "together" in found.unknown[0]


def test_where_others_are_not_listed_nodes_left_is_not_known():
    found = use("cni-node-subnet", pool(3), holders=None, usage=200)
    assert (found.used, found.left, found.nodes_left) == (200, 51, None)
    assert "nodes left is not known" in found.unknown[0]


PLANNED = Origin("plan.yaml", "", 1, "proposed")


@pytest.mark.parametrize(
    ("now", "origin", "others"),
    [
        (None, PLANNED, 245),
        (0, PLANNED, 245),
        (2, PLANNED, None),
        (None, Origin("az.json", "", 1, "observed"), None),
    ],
)
def test_all_in_use_is_others_where_users_are_yet_to_come(now, origin, others):
    words = {"holders": None, "usage": 245, "origin": origin}
    found = use("cni-overlay", pool(5, current=now), **words)
    assert (found.used, found.others) == (245, others)
    # 6 of 251 are left: 5 nodes and one for an upgrade.
    assert found.nodes_left == (None if others is None else 0)


def test_nodes_that_a_cluster_has_elsewhere_hold_nothing_here():
    pools = (pool(5), pool(2, current=2, subnet=PODS))
    words = {"holders": None, "usage": 9, "origin": PLANNED}
    assert use("cni-overlay", *pools, **words).others == 9
    assert use("cni-overlay", names=[], holders=None, usage=9).others is None


def test_nodes_are_told_by_the_group_that_aks_makes_for_them():
    cluster = Cluster("c", (pool(3),), "cni-overlay", f"{BASE}/m/managedclusters/c",
                      location="westeurope")  # fmt: skip
    assert cluster.node_group == "mc_g_c_westeurope"
    subnet = Subnet(
        NODES, "x", (Cidr.parse("10.0.0.0/24"),), holders=(Holder(SCALE_SET, 4),)
    )
    (found,) = usage(Inventory((VNet(HOME, "v", subnets=(subnet,)),), (cluster,)))
    assert (found.used, found.others) == (4, 0)


def test_a_cluster_that_only_has_its_api_server_there_leaves_nothing_unknown():
    found = use(
        None, pool(None), which=API, api_server_subnet=API, prefix="10.0.1.0/27"
    )
    assert (found.need, found.unknown) == (9, ())


def test_a_subnet_that_no_cluster_uses_needs_nothing():
    vnet = VNet(HOME, "v", subnets=(Subnet(NODES, "x", (Cidr.parse("10.0.0.0/24"),)),))
    (found,) = usage(Inventory((vnet,)))
    assert (found.need, found.left, found.nodes_left) == (0, 251, None)


def test_a_cluster_without_pools_has_no_first_subnet():
    api = use("cni-overlay", which=API, api_server_subnet=API, private=True)
    assert api.need == 9


MODELS_OR_NONE = st.sampled_from([None, *MODELS])


@given(estate=ESTATES, model=MODELS_OR_NONE, gone=st.booleans(), apart=st.booleans())
def test_a_subnet_after_a_change_of_one_cluster_is_as_if_all_were_counted(
    estate, model, gone, apart
):
    for found in usage(estate):
        users = estate.users.get(found.subnet.id, ())
        for old in users:
            new = None if gone else changed(old, model, apart=apart)
            after = tuple(
                new if each is old else each
                for each in users
                if each is not old or new is not None
            )
            held = held_after(found, users, old, new)
            whole = use_of(found.subnet, after)
            assert (held.usable, held.others) == (whole.usable, whole.others)
            assert held.need == (whole.need if after else 0)


def changed(cluster, model, *, apart):
    """The same under another model, its pods in a subnet of their own or not."""
    pools = cluster.pools
    if not apart:
        pools = tuple(replace(e, model=None, pod_subnet=None) for e in pools)
    return replace(cluster, model=model, pools=pools)


@pytest.mark.parametrize("lost", ["own", "other"])
def test_a_need_that_is_not_known_comes_back_with_the_cluster_that_hid_it(lost):
    one = Cluster("a", (pool(3),), "cni-overlay", "a")
    two = Cluster("b", (pool(4),), "cni-overlay", "b")
    hidden = replace(one if lost == "own" else two, pools=(pool(None),))
    users = (hidden, two) if lost == "own" else (one, hidden)
    found = use_of(Subnet(NODES, "x", (Cidr.parse("10.0.0.0/24"),)), users)
    need = held_after(found, users, users[0], one).need
    assert found.need is None
    assert need == ((3 + 1) + (4 + 1) if lost == "own" else None)


@pytest.mark.parametrize("count", [2, 40])
def test_what_the_others_of_a_subnet_take_is_not_worked_out_again(monkeypatch, count):
    users = tuple(
        Cluster(f"c{n}", (pool(n + 1),), "cni-overlay", f"c{n}") for n in range(count)
    )
    found = use_of(Subnet(NODES, "x", (Cidr.parse("10.0.0.0/16"),)), users)
    asked = []
    monkeypatch.setattr(usages, "load", lambda *each: asked.append(each) or load(*each))
    new = replace(users[1], model="cni-node-subnet")
    held = held_after(found, users, users[1], new)
    assert held.need == found.need - (2 + 1) + (2 + 1) * 31
    assert {nodes for _, _, nodes in asked} == {2}
