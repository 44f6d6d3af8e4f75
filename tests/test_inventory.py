"""Nouns, reach, merging, records and redaction."""

import json
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import (
    AddressPool,
    Cidr,
    Client,
    Cluster,
    ExternalRange,
    Group,
    Inventory,
    NodePool,
    Peering,
    Subnet,
    VNet,
)
from ipplan.inventory.merging import Parts, merge
from ipplan.inventory.networks import Holder
from ipplan.inventory.origins import (
    Contradiction,
    Origin,
    Skipped,
    name_of,
    normal_id,
    parent_of,
    resource_group_of,
    subscription_of,
)
from ipplan.inventory.reach import Link
from ipplan.inventory.records import noun, record
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

BASE = "/subscriptions/s/resourcegroups/g/providers"
NETS = f"{BASE}/microsoft.network/virtualnetworks"
CLUSTERS = f"{BASE}/microsoft.containerservice/managedclusters"


def cidrs(*texts):
    return tuple(map(Cidr.parse, texts))


def vnet(name, *remotes, prefixes=("10.0.0.0/16",), **words):
    """A VNet that is peered with others as they are given: a name, or its fields."""
    sides = [each if isinstance(each, dict) else {"remote": each} for each in remotes]
    return VNet(
        f"{NETS}/{name}",
        name,
        cidrs(*prefixes),
        peerings=tuple(
            Peering(
                f"{NETS}/{name}/virtualnetworkpeerings/to-{side['remote']}",
                f"to-{side['remote']}",
                **{"state": "Connected", **side, "remote": f"{NETS}/{side['remote']}"},
            )
            for side in sides
        ),
        **words,
    )


def spoke(name, hub="hub", **side):
    return vnet(name, {"remote": hub, "forwarded_traffic": True, **side})


def between(inventory, first, second):
    return inventory.reach.between(f"{NETS}/{first}", f"{NETS}/{second}")


# Ids.


def test_ids_are_compared_without_case_and_end_without_a_slash():
    written = "/subscriptions/S/resourceGroups/RG/providers/Microsoft.Network/x/Y/"
    assert normal_id(written) == normal_id(written.upper()).rstrip("/")


@pytest.mark.parametrize(
    ("identity", "subscription", "group"),
    [
        (f"{NETS}/hub", "s", "g"),
        ("/subscriptions/<subscription of a.json>/resourcegroups/rg/x", None, "rg"),
        ("<hub named in a.yaml>", None, None),
    ],
)
def test_an_id_says_its_subscription_and_group(identity, subscription, group):
    assert subscription_of(identity) == subscription
    assert resource_group_of(identity) == group


def test_an_id_says_its_name_and_its_parent():
    assert name_of(f"{NETS}/hub/subnets/aks") == "aks"
    assert parent_of(f"{NETS}/hub/subnets/aks") == f"{NETS}/hub"
    assert parent_of(f"{CLUSTERS}/shop/agentpools/web") == f"{CLUSTERS}/shop"
    assert parent_of(f"{NETS}/hub") == ""


# Reach: decisions.md 11.


def test_peered_networks_reach_each_other_once():
    found = Inventory((vnet("a", "b"), vnet("b", "a")))
    assert found.reach.links == (Link("peering", None, (f"{NETS}/a", f"{NETS}/b")),)
    assert between(found, "a", "b") == between(found, "b", "a")


def test_networks_without_a_peering_do_not():
    assert between(Inventory((vnet("a"), vnet("b"))), "a", "b") is None


def test_a_network_has_no_link_with_itself():
    found = Inventory((vnet("a", "a", "b"), vnet("b", "a")))
    assert between(found, "a", "a") is None
    assert len(found.reach.links) == 1


@pytest.mark.parametrize("state", ["Initiated", "Disconnected"])
@pytest.mark.parametrize("first", [True, False])
def test_one_side_that_is_not_connected_is_enough(state, first):
    sides = [{"state": state}, {}] if first else [{}, {"state": state}]
    found = Inventory(
        (vnet("a", {"remote": "b", **sides[0]}), vnet("b", {"remote": "a", **sides[1]}))
    )
    assert between(found, "a", "b") is None


def test_a_side_that_lets_no_traffic_in_is_enough():
    closed = {"remote": "b", "virtual_network_access": False}
    assert between(Inventory((vnet("a", closed), vnet("b", "a"))), "a", "b") is None


def test_a_planned_peering_is_taken_to_work():
    planned = {"remote": "b", "state": None}
    assert between(Inventory((vnet("a", planned), vnet("b"))), "a", "b")


def test_a_peer_that_no_file_shows_is_reached_all_the_same():
    assert between(Inventory((vnet("a", "elsewhere"),)), "a", "elsewhere")


def test_peering_is_not_transitive_by_itself():
    found = Inventory((vnet("hub", "a", "b"), vnet("a", "hub"), vnet("b", "hub")))
    assert between(found, "a", "b") is None


def test_spokes_that_let_forwarded_traffic_in_reach_each_other_through_the_hub():
    found = Inventory((vnet("hub", "a", "b"), spoke("a"), spoke("b")))
    link = between(found, "a", "b")
    assert (link.way, link.through) == ("hub", f"{NETS}/hub")


def test_one_spoke_that_does_not_is_left_out():
    shut = vnet("b", "hub")
    found = Inventory((vnet("hub", "a", "b", "c"), spoke("a"), shut, spoke("c")))
    assert between(found, "a", "b") is None
    assert between(found, "a", "c")


@pytest.mark.parametrize("lends", [True, False])
def test_gateway_transit_takes_both_sides(lends):
    sides = [{"remote": each, "gateway_transit": lends} for each in "ab"]
    uses = {"forwarded_traffic": False, "remote_gateways": True}
    found = Inventory((vnet("hub", *sides), spoke("a", **uses), spoke("b", **uses)))
    assert bool(between(found, "a", "b")) is lends


def test_spokes_of_a_hub_that_no_file_shows_reach_each_other():
    uses = {"forwarded_traffic": False, "remote_gateways": True}
    found = Inventory((spoke("a", "hv_hub", **uses), spoke("b", "hv_hub", **uses)))
    assert between(found, "a", "b").through == f"{NETS}/hv_hub"


def test_of_spokes_that_no_file_shows_the_hub_decides():
    lends = [{"remote": each, "gateway_transit": True} for each in "ab"]
    assert between(Inventory((vnet("hub", *lends),)), "a", "b").way == "hub"
    assert between(Inventory((vnet("hub", "a", "b"),)), "a", "b") is None


def test_a_declared_group_joins_its_members():
    group = Group("wan", "virtual-wan", (f"{NETS}/b", f"{NETS}/a"))
    found = Inventory((vnet("a"), vnet("b"), vnet("c")), groups=(group,))
    assert between(found, "a", "b") == Link("group", "wan", (f"{NETS}/a", f"{NETS}/b"))
    assert between(found, "a", "c") is None


def test_a_pod_mesh_joins_no_networks():
    group = Group("mesh", "pod-mesh", (f"{CLUSTERS}/a", f"{CLUSTERS}/b"))
    assert Inventory(groups=(group,)).reach.links == ()


def test_networks_attached_to_one_place_on_premises_reach_each_other():
    dc = ExternalRange("dc", cidrs("10.0.0.0/8"), (f"{NETS}/a", f"{NETS}/b"))
    found = Inventory((vnet("a"), vnet("b")), external_ranges=(dc,))
    assert between(found, "a", "b").way == "on-premises"


def test_a_place_that_every_network_reaches_joins_none_of_them():
    dc = ExternalRange("dc", cidrs("10.0.0.0/8"))
    found = Inventory((vnet("a"), vnet("b")), external_ranges=(dc,))
    assert between(found, "a", "b") is None


def test_a_spoke_that_uses_the_hubs_gateway_reaches_on_premises_too():
    dc = ExternalRange("dc", cidrs("10.0.0.0/8"), (f"{NETS}/hub", f"{NETS}/far"))
    hub = vnet("hub", {"remote": "a", "gateway_transit": True}, "b")
    found = Inventory(
        (hub, spoke("a", remote_gateways=True), vnet("b", "hub"), vnet("far")),
        external_ranges=(dc,),
    )
    assert between(found, "a", "far").way == "on-premises"
    assert between(found, "b", "far") is None


def test_a_spoke_of_a_hub_that_lends_no_gateway_does_not_reach_on_premises():
    dc = ExternalRange("dc", cidrs("10.0.0.0/8"), (f"{NETS}/hub",))
    everywhere = ExternalRange("all", cidrs("11.0.0.0/8"))
    uses = {"forwarded_traffic": False, "remote_gateways": True}
    for lends in (False, True):
        hub = vnet("hub", {"remote": "a", "gateway_transit": lends})
        found = Inventory((hub, spoke("a", **uses)), external_ranges=(dc, everywhere))
        reached = found.external_ranges_of(f"{NETS}/a")
        assert reached == ((dc, everywhere) if lends else (everywhere,))
        assert found.external_ranges_of(f"{NETS}/hub") == (dc, everywhere)


def test_of_a_spoke_that_no_file_shows_the_hub_says_whether_it_reaches_on_premises():
    dc = ExternalRange("dc", cidrs("10.0.0.0/8"), (f"{NETS}/hub",))
    hub = vnet("hub", {"remote": "a", "gateway_transit": True})
    found = Inventory((hub,), external_ranges=(dc,))
    assert found.external_ranges_of(f"{NETS}/a") == (dc,)


def test_a_peering_of_ipv6_alone_says_so_and_leads_no_further():
    six = {"ipv6_only": True, "forwarded_traffic": True}
    found = Inventory((vnet("hub", "a", "b"), spoke("a", **six), spoke("b", **six)))
    assert between(found, "a", "hub").ipv6_only
    assert between(found, "a", "b") is None


def test_the_network_of_a_virtual_wan_hub_is_nobodys_to_list():
    hidden = (
        "/subscriptions/other/resourcegroups/rg_hub/providers/x/virtualnetworks/HV_hub"
    )
    side = Peering(f"{NETS}/a/virtualnetworkpeerings/p", "p", hidden.lower())
    found = Inventory((VNet(f"{NETS}/a", "a", peerings=(side,)),))
    assert found.coverage.named == ()
    assert found.unseen[0].is_hidden_hub


def test_the_most_direct_way_is_told():
    both = Group("wan", "virtual-wan", (f"{NETS}/a", f"{NETS}/b"))
    found = Inventory((vnet("a", "b"), vnet("b", "a")), groups=(both,))
    assert between(found, "a", "b").way == "peering"
    assert [each.way for each in found.reach.of(f"{NETS}/a")] == ["peering", "group"]
    assert list(found.reach.of("nobody")) == []


def test_a_star_has_a_link_a_spoke_and_one_for_all():
    names = [f"spoke{number}" for number in range(1000)]
    found = Inventory((vnet("hub", *names), *map(spoke, names)))
    assert len(found.reach.links) == 1001
    assert between(found, "spoke1", "spoke999").way == "hub"


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"),
            st.sampled_from("abcde"),
            st.sampled_from(["Connected", "Initiated", None]),
            st.booleans(),
        ),
        max_size=12,
        unique_by=lambda side: side[:2],
    )
)
def test_reach_is_what_looking_at_every_pair_finds(sides):
    found = Inventory(
        tuple(
            vnet(
                name,
                *(
                    {"remote": other, "state": state, "forwarded_traffic": forwards}
                    for own, other, state, forwards in sides
                    if own == name
                ),
            )
            for name in "abcde"
        )
    )
    said = {(own, other): (state, fwd) for own, other, state, fwd in sides}

    def peered(x, y):
        both = [said[key] for key in ((x, y), (y, x)) if key in said]
        return x != y and both and all(state != "Initiated" for state, _ in both)

    def transits(x, hub):
        return (peered(x, hub) and said.get((x, hub), (None, False))[1]) or (
            peered(x, hub) and (x, hub) not in said and said[hub, x][1]
        )

    for x in "abcde":
        for y in "abcde":
            direct = peered(x, y)
            via = any(transits(x, h) and transits(y, h) for h in "abcde") and x != y
            assert bool(between(found, x, y)) == bool(direct or via), (x, y)


# Coverage.


def test_what_is_named_and_not_seen_is_told_with_its_recorded_space():
    other = f"{NETS}/far".replace("/s/", "/other/")
    side = Peering(
        f"{NETS}/a/virtualnetworkpeerings/p",
        "p",
        other,
        remote_prefixes=cidrs("10.9.0.0/16"),
    )
    cluster = Cluster("c", (NodePool("w", 3, subnet=f"{NETS}/gone/subnets/x"),), id="c")
    dc = ExternalRange("dc", cidrs("10.0.0.0/8"), (f"{NETS}/edge",))
    wan = Group("wan", "virtual-wan", (f"{NETS}/a", f"{NETS}/member"))
    mesh = Group("mesh", "pod-mesh", (f"{CLUSTERS}/shop",))
    found = Inventory(
        (VNet(f"{NETS}/a", "a", peerings=(side,)),), (cluster,), (dc,), (wan, mesh)
    )
    told = {name_of(each.id): each for each in found.unseen}
    assert set(told) == {"far", "gone", "edge", "member"}
    assert told["far"].prefixes == cidrs("10.9.0.0/16")
    assert told["gone"].named_by == ("c",)
    assert found.coverage.seen == ("s",)
    assert found.coverage.named == ("other",)


def test_of_a_vnet_of_which_only_parts_were_read_the_parts_name_it():
    found = merge(Parts(subnets=[Subnet(f"{NETS}/a/subnets/x", "x")]))
    (stub,) = found.vnets
    assert not stub.seen
    assert found.unseen[0].named_by == (f"{NETS}/a/subnets/x",)


def test_the_users_of_a_subnet_are_found():
    one, two = f"{NETS}/a/subnets/x", f"{NETS}/a/subnets/y"
    clusters = (
        Cluster("c", (NodePool("w", 3, subnet=one, pod_subnet=two),), id="c"),
        Cluster("d", (NodePool("w", 3, subnet=one),), id="d", api_server_subnet=two),
    )
    users = Inventory(clusters=clusters).users
    assert [each.name for each in users[one]] == ["c", "d"]
    assert [each.name for each in users[two]] == ["c", "d"]


def test_what_is_there_is_found_by_its_id():
    inner = Subnet(f"{NETS}/a/subnets/x", "x")
    found = Inventory((vnet("a", subnets=(inner,)),))
    assert found.vnet_by_id[f"{NETS}/a"].resource_group == "g"
    assert found.subnet_by_id[inner.id] is inner


# Merging.


def subnet(prefix="10.0.0.0/24", **words):
    file = words.pop("file", "a.json")
    origin = Origin(file, "[0]", None, words.pop("evidence", "observed"))
    return Subnet(f"{NETS}/a/subnets/x", "x", cidrs(prefix), origin=origin, **words)


def test_what_has_one_id_is_one_object_and_says_all_that_either_said():
    first = subnet(holders=(Holder("nic", 3),))
    second = subnet(usage=4, route_table="rt")
    (found,) = merge(Parts(subnets=[first, second])).subnets
    assert found == subnet(holders=(Holder("nic", 3),), usage=4, route_table="rt")
    assert found.used == 4


def test_the_same_twice_is_no_contradiction():
    parts = Parts([vnet("a")] * 2, [subnet()] * 2, clusters=[Cluster("c", id="c")] * 2)
    found = merge(parts)
    assert found.contradictions == ()
    assert len(found.vnets) == len(list(found.subnets)) == len(found.clusters) == 1


def test_of_two_values_the_first_is_kept_and_the_other_told():
    found = merge(Parts(subnets=[subnet(), subnet("10.0.1.0/24", file="b.json")]))
    assert next(found.subnets).prefixes == cidrs("10.0.0.0/24")
    assert found.contradictions == (
        Contradiction(
            f"{NETS}/a/subnets/x",
            "prefixes",
            "10.0.0.0/24 (a.json[0])",
            "10.0.1.0/24 (b.json[0])",
        ),
    )


def test_a_plan_counts_over_what_azure_has_now():
    now, planned = subnet(), subnet("10.0.1.0/24", evidence="proposed")
    for order in ([now, planned], [planned, now]):
        found = merge(Parts(subnets=order))
        assert next(found.subnets).prefixes == cidrs("10.0.1.0/24")
        assert found.contradictions[0].other.startswith("10.0.0.0/24")


def test_flags_that_differ_are_a_contradiction():
    first = vnet("a", {"remote": "b", "forwarded_traffic": True}).peerings[0]
    second = vnet("a", "b").peerings[0]
    found = merge(Parts(peerings=[first, second]))
    assert next(found.peerings).forwarded_traffic
    assert [each.field for each in found.contradictions] == ["forwarded_traffic"]


def test_a_stub_takes_what_the_real_thing_says():
    pool = NodePool("w", 3, 30, subnet="x")
    real = Cluster("Shop", (pool,), "kubenet", f"{CLUSTERS}/shop", private=True)
    for order in ("pools first", "cluster first"):
        parts = Parts(pools=[(f"{CLUSTERS}/shop", pool, Origin())])
        parts.clusters = [real]
        (found,) = merge(parts).clusters
        assert found == real, order


def test_a_stub_that_comes_first_is_filled():
    stub = Cluster("shop", (NodePool("w", 3),), id="c", seen=False)
    real = Cluster("Shop", (), "kubenet", "c", private=True, origin=Origin("b"))
    found = merge(Parts(clusters=[stub, real])).clusters[0]
    assert (found.name, found.private, found.seen) == ("Shop", True, True)
    assert found.origin.file == "b"
    assert [each.name for each in found.pools] == ["w"]


def test_pools_that_differ_are_a_contradiction():
    def cluster(nodes, file):
        return Cluster("c", (NodePool("w", nodes),), id="c", origin=Origin(file, "[1]"))

    found = merge(Parts(clusters=[cluster(3, "a"), cluster(5, "b")]))
    assert found.clusters[0].pools[0].nodes == 3
    assert found.contradictions == (
        Contradiction("c/agentpools/w", "nodes", "3 (a[1])", "5 (b[1])"),
    )


def test_pools_without_their_cluster_make_one_that_was_not_seen():
    parts = Parts(
        pools=[("c", NodePool("b", 3), Origin()), ("c", NodePool("a", 3), Origin())]
    )
    (found,) = merge(parts).clusters
    assert not found.seen
    assert [each.name for each in found.pools] == ["b", "a"]


def test_an_inventory_is_in_the_order_of_ids_whatever_the_order_of_files():
    assert merge(Parts([vnet("b"), vnet("a")])) == merge(Parts([vnet("a"), vnet("b")]))


def test_where_it_was_read_does_not_count():
    one = merge(Parts(subnets=[subnet(file="a")]))
    assert one == merge(Parts(subnets=[subnet(file="b")]))
    assert hash(one) == hash(merge(Parts(subnets=[subnet(file="b")])))


def test_complete_is_without_broken_objects_and_further_pages():
    other = Skipped("a.json[1]", "a NIC")
    assert Inventory(skipped=(other,)).complete
    assert not Inventory(skipped=(other._replace(broken=True),)).complete
    assert not Inventory(incomplete=("a.json links to further pages",)).complete


def cluster(*pools, file="a.json", evidence="observed", **words):
    origin = Origin(file, "", None, evidence)
    return Cluster("c", pools, id=f"{CLUSTERS}/c", origin=origin, **words)


def test_what_a_pool_leaves_open_another_file_may_say():
    bare = NodePool("w", 3)
    full = NodePool("w", 3, 110, ipplan.Surge(percent=33), subnet=f"{NETS}/a/subnets/x")
    for order in ([bare, full], [full, bare]):
        found = merge(Parts(clusters=[cluster(each) for each in order]))
        assert found.clusters[0].pools == (full,)
        assert found.contradictions == ()


def test_a_count_that_one_file_hides_another_may_show():
    hidden = NodePool("w", None, unknown="pool w shows none")
    for order in ([hidden, NodePool("w", 3)], [NodePool("w", 3), hidden]):
        found = merge(Parts(clusters=[cluster(each) for each in order])).clusters[0]
        assert (found.pools[0].nodes, found.unknown) == (3, ())


def test_a_plan_of_a_stopped_pool_says_how_many_there_will_be():
    stopped = NodePool("w", 0, unknown="system pool w is stopped", stopped=True)
    now = cluster(stopped)
    planned = cluster(NodePool("w", 3), evidence="proposed")
    for order in ([now, planned], [planned, now]):
        found = merge(Parts(clusters=order)).clusters[0]
        assert (found.pools[0].nodes, found.unknown) == (3, ())
        assert not found.pools[0].stopped


def test_a_pool_is_stopped_if_that_is_why_its_count_does_not_show():
    stopped = NodePool("w", 0, unknown="pool w is stopped", stopped=True)
    bare = NodePool("w", None)
    for order in ([bare, stopped], [stopped, bare]):
        found = merge(Parts(clusters=[cluster(each) for each in order]))
        assert found.clusters[0].pools == (stopped,)
        assert found.contradictions == ()


def test_a_pool_whose_count_does_not_show_is_unknown_wherever_it_was_read():
    hidden = NodePool("h", None, unknown="pool h is managed by AKS")
    parts = Parts(clusters=[cluster(NodePool("w", 3))])
    parts.pools = [(f"{CLUSTERS}/c", hidden, Origin())]
    (found,) = merge(parts).clusters
    assert "pool h is managed by AKS" in found.unknown[0]


def test_a_cluster_without_pools_has_those_of_another_file():
    parts = Parts(clusters=[cluster(model="cni-node-subnet")])
    pod = NodePool("w", 3, pod_subnet=f"{NETS}/a/subnets/p", model="cni-static-block")
    parts.pools = [(f"{CLUSTERS}/c", pod, Origin())]
    (found,) = merge(parts).clusters
    assert (found.model, found.unknown) == ("cni-static-block", ())


def test_what_is_only_assumed_gives_way_to_what_is_said():
    assumed = cluster(
        service_cidrs=cidrs("10.0.0.0/16"), assumed=("service_cidrs",),
        evidence="proposed",
    )  # fmt: skip
    said = cluster(service_cidrs=cidrs("172.16.0.0/16"))
    for order in ([assumed, said], [said, assumed]):
        found = merge(Parts(clusters=order))
        assert found.clusters[0].service_cidrs == cidrs("172.16.0.0/16")
        assert found.clusters[0].assumed == ()
        assert found.contradictions == ()


def test_what_a_plan_deletes_is_there_no_more():
    inner = subnet()
    parts = Parts([vnet("a"), vnet("b")], [inner], clusters=[cluster(NodePool("w", 3))])
    parts.deleted = [f"{NETS}/a", f"{CLUSTERS}/c"]
    found = merge(parts)
    assert [each.name for each in found.vnets] == ["b"]
    assert found.clusters == ()
    anew = replace(vnet("a"), origin=Origin(evidence="proposed"))
    assert merge(Parts([vnet("a"), anew], deleted=[f"{NETS}/a"])).vnets == (anew,)


def managed(name, *subnets):
    home = f"/subscriptions/s/resourcegroups/mc_g/providers/x/virtualnetworks/{name}"
    inner = [Subnet(f"{home}/subnets/{each}", each) for each in subnets]
    return VNet(home, name), inner


@pytest.mark.parametrize(
    ("subnets", "placed"), [(["aks-subnet"], True), (["a", "b"], False), ([], False)]
)
def test_pools_in_a_network_of_aks_own_are_in_its_only_subnet(subnets, placed):
    home, inner = managed("aks-vnet-1", *subnets)
    named = NodePool("n", 3, subnet=f"{NETS}/a/subnets/x")
    own = cluster(NodePool("w", 3), named, node_resource_group="mc_g")
    (found,) = merge(Parts([home], inner, clusters=[own])).clusters
    assert (found.pools[0].subnet == (inner[0].id if placed else None)) or not placed
    assert ("pools.subnet" in found.assumed) is placed
    assert found.pools[1] == named


def test_names_that_were_declared_twice_differently_contradict():
    one = ExternalRange("DC", cidrs("10.0.0.0/8"))
    two = ExternalRange("dc", cidrs("172.16.0.0/12"))
    found = merge(Parts(external_ranges=[one, two, one]))
    assert found.external_ranges == (one,)
    assert {each.field for each in found.contradictions} == {"name", "prefixes"}


# Records.


FULL = (
    vnet("a", "b", subnets=(subnet(holders=(Holder("nic", 3),)),)),
    subnet(holders=None, usage=3),
    vnet("a", "b").peerings[0],
    Cluster(
        "c",
        (NodePool("w", 3, 30, ipplan.Surge(percent=33), subnet="x"),),
        "kubenet",
        "c",
        pod_cidrs=cidrs("10.244.0.0/16"),
        service_cidrs=cidrs("10.0.0.0/16", "fd12::/108"),
        authorized_ranges=cidrs("20.0.0.0/32"),
    ),
    NodePool("w", None, max_surge=ipplan.Surge(2)),
    ExternalRange("dc", cidrs("10.0.0.0/8"), None, ("dns",)),
    Group("wan", "virtual-wan", ("a", "b")),
    Client("jump", "jump-box", "hub", ("zone",)),
    SecurityGroup(
        "g", "G", (SecurityRule("r", 100, "Inbound", "Deny", "Tcp", ("*",)),)
    ),
    RouteTable("t", "T", (Route("r", "0.0.0.0/0", "VirtualAppliance", "10.0.1.4"),)),
    PublicAddress("p", "P", Cidr.parse("20.0.0.1/32")),
    PublicAddress("p", "P"),
    Outlet("f", "F", "nat-gateway", ("10.0.1.4",), ("p",), cidrs("20.0.0.1/32")),
    ZoneLink("z", "Z", "v"),
    NodeInterface("n", "N", "g"),
    LoadBalancer("l", "L", (1, 20)),
)


@pytest.mark.parametrize("full", FULL, ids=lambda noun: type(noun).__name__)
def test_a_noun_comes_back_from_its_record(full):
    bare = (
        full if not isinstance(full, VNet) else replace(full, subnets=(), peerings=())
    )
    plain = json.loads(json.dumps(record(bare)))
    assert noun(type(full), plain) == bare


def test_what_a_record_leaves_out_is_as_the_noun_has_it():
    assert noun(NodePool, {"name": "w", "nodes": 3}) == NodePool("w", 3)
    assert "subnets" not in record(FULL[0], "subnets", "peerings")


# Redaction.


SECRET = "contoso"  # noqa: S105  # a name that must not be seen


def secretive():
    """An inventory in which every name and id holds a secret."""
    base = f"/subscriptions/{SECRET}-sub/resourcegroups/{SECRET}-rg/providers"
    nets = f"{base}/microsoft.network/virtualnetworks"
    hub, far = f"{nets}/{SECRET}-hub", f"{nets}/{SECRET}-far"
    holder = f"{base}/microsoft.compute/virtualmachinescalesets/{SECRET}-vmss"
    origin = Origin(f"{SECRET}.json", f".{SECRET}[0]", 3)
    inner = Subnet(
        f"{hub}/subnets/{SECRET}-aks", f"{SECRET}-AKS", cidrs("10.0.0.0/24"),
        holders=(Holder(holder, 3),), route_table=f"{base}/x/rt/{SECRET}",
        unresolved=(f"name: [parameters('{SECRET}')]",), origin=origin,
    )  # fmt: skip
    gateway = Subnet(f"{hub}/subnets/gatewaysubnet", "GatewaySubnet", origin=origin)
    side = Peering(
        f"{hub}/virtualnetworkpeerings/{SECRET}", SECRET, far,
        local_subnets=(f"{SECRET}-AKS",), remote_subnets=(SECRET,), complete=False,
        origin=origin,
    )  # fmt: skip
    pool = NodePool(SECRET, 3, subnet=inner.id, pod_subnet=None)
    return Inventory(
        (VNet(hub, f"{SECRET}-Hub", cidrs("10.0.0.0/16"), (inner, gateway), (side,),
              origin=origin),),
        (Cluster(SECRET, (pool,), "kubenet", f"{base}/m/managedclusters/{SECRET}",
                 node_resource_group=f"mc_{SECRET}", private_dns_zone=f"/x/{SECRET}",
                 unbounded=(f"agentPoolProfiles: [x('{SECRET}')]",), origin=origin),
         Cluster(SECRET, id="/x/y", private_dns_zone="system", origin=origin)),
        (ExternalRange(SECRET, cidrs("10.0.0.0/8"), (hub,), origin=origin),
         ExternalRange(f"{SECRET}2", cidrs("11.0.0.0/8"), origin=origin)),
        (Group(SECRET, "virtual-wan", (hub, far), origin=origin),),
        (Client(SECRET, "jump-box", SECRET, (SECRET,), origin=origin),),
        skipped=(Skipped(f"{SECRET}.json[1]", SECRET, broken=True),),
        contradictions=(Contradiction(hub, "name", SECRET, SECRET),),
        incomplete=(SECRET,),
    )  # fmt: skip


def test_nothing_that_names_anybody_is_left():
    from ipplan.documents.inventories import inventory_document

    text = json.dumps(inventory_document(redacted(secretive())))
    assert SECRET not in text.lower()


def told(kind, name):
    """A value of a field that holds a secret, as far as it can hold text."""
    fixed = {
        "origin": Origin(f"{SECRET}.json", f".{SECRET}"), "max_surge": ipplan.Surge(1),
        "location": "westeurope", "kubernetes_version": "1.33", "holds": ("dns",),
        "kind": "virtual-wan", "identity": "UserAssigned", "network_plugin": "azure",
        "outbound_type": "none", "network_policy": "calico", "model": "kubenet",
        "os": "linux", "priority": "spot", "mode": "user", "needs": ("windows",),
        "assumed": ("pod_cidrs",), "state": "Connected", "sync_level": "FullyInSync",
        "dns_service_ip": "10.0.0.10", "dns_servers": ("10.0.0.4",),
        "delegations": ("Microsoft.Web/serverFarms",),
        "service_endpoints": ("Microsoft.Storage", SECRET),
        "holders": (Holder(f"/subscriptions/{SECRET}/x/{SECRET}", 1),),
    }  # fmt: skip
    annotation = str(kind.__annotations__[name])
    if name in fixed:
        return fixed[name]
    if "Cidr" in annotation:
        return cidrs("10.0.0.0/8")
    if "tuple[str" in annotation:
        return (f"/subscriptions/{SECRET}/x/{SECRET}: {SECRET}",)
    if "str" in annotation:
        return f"/subscriptions/{SECRET}/x/{SECRET}"
    return {"bool": True, "bool | None": True}.get(annotation, 3)


def full(noun_class, **words):
    """A noun in which every field that can hold text holds a secret."""
    found = fields(noun_class) if is_dataclass(noun_class) else ()
    names = [each.name for each in found] or noun_class._fields
    return noun_class(**{name: told(noun_class, name) for name in names} | words)


def test_no_field_of_any_noun_leaks():
    rule = full(SecurityRule, ports=(SECRET,), protocol=SECRET, direction="Inbound",
                sources=(SECRET, f"/x/{SECRET}", f"{SECRET}.internal"))  # fmt: skip
    whole = Inventory(
        (full(VNet, subnets=(full(Subnet),), peerings=(full(Peering),)),),
        (full(Cluster, pools=(full(NodePool),)),),
        (full(ExternalRange),), (full(Group),), (full(Client, kind="jump-box"),),
        cidrs("20.0.0.0/24"), (full(AddressPool, use="pods"),),
        (full(SecurityGroup, rules=(rule,)),),
        (full(RouteTable, routes=(full(Route, next_hop=SECRET, prefix=SECRET),)),),
        (full(PublicAddress),), (full(Outlet),), (full(ZoneLink),),
        (full(NodeInterface),), (full(LoadBalancer),),
    )  # fmt: skip
    untold = {"skipped", "contradictions", "incomplete"}
    assert {f.name for f in fields(Inventory) if not getattr(whole, f.name)} == untold
    text = repr(redacted(whole)).lower()
    assert SECRET in repr(whole)
    assert SECRET not in text


def test_what_a_file_does_not_say_is_not_said_after_redaction_either():
    home = f"/subscriptions/<subscription of {SECRET}>/resourcegroups/<rg>/x/y"
    found = redacted(Inventory((VNet(home, SECRET),)))
    assert found.coverage.seen == ()
    assert SECRET not in repr(found)


def test_ranges_and_links_are_kept():
    before, after = secretive(), redacted(secretive())
    assert [each.prefixes for each in after.vnets] == [v.prefixes for v in before.vnets]
    assert [len(each.networks) for each in after.reach.links] == [
        len(each.networks) for each in before.reach.links
    ]
    assert len(after.users) == len(before.users)
    assert set(after.users) <= set(after.subnet_by_id)
    assert after.complete == before.complete
    names = {each.name for each in after.subnets}
    assert set(after.vnets[0].peerings[0].local_subnets) < names


def test_names_that_azure_imposes_are_kept():
    names = [each.name for each in redacted(secretive()).subnets]
    assert names == ["GatewaySubnet", "subnet-1"]


def test_standard_input_is_nobodys_name():
    found = redacted(Inventory((VNet("/x/y", "a", origin=Origin("-", "[0]")),)))
    assert found.vnets[0].origin.file == "-"


def test_words_of_azures_own_stay_and_other_text_in_their_place_goes():
    named = Cluster(
        "c",
        id="c",
        outbound_type="contoso",
        network_policy="contoso",
        network_plugin="contoso",
        kubernetes_version="contoso",
    )
    known = replace(
        named,
        outbound_type="userDefinedRouting",
        network_policy="cilium",
        network_plugin="azure",
        kubernetes_version="1.30.4",
    )
    fields = ("outbound_type", "network_policy", "network_plugin", "kubernetes_version")
    kept = redacted(Inventory(clusters=(known,))).clusters[0]
    gone = redacted(Inventory(clusters=(named,))).clusters[0]
    assert [getattr(kept, e) for e in fields] == [getattr(known, e) for e in fields]
    assert {getattr(gone, each) for each in fields} == {None}
