"""What subnets and pod CIDRs hold stage by stage, what fills them, how they change."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from ipplan import Inventory, NodePool, lay_out, read_inventory
from ipplan.cidrs import IPV4
from ipplan.designs import changes
from ipplan.designs.fills import Fill, fill, over
from ipplan.designs.rooms import STAGES, rooms
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.checks import check_document
from ipplan.documents.inventories import inventory_document
from ipplan.documents.layouts import layout_document
from ipplan.documents.rooms import room_documents
from ipplan.inventory.networks import Holder
from ipplan.limits import KUBENET, NETAPP
from ipplan.readers.layouts import read_layout_plan
from ipplan.usages import usage
from tests.check_nouns import (
    PLANNED,
    cidrs,
    cluster,
    estate,
    id_of,
    spoke,
    subnet,
    vnet,
)
from tests.estates import ESTATES
from tests.layout_samples import POOLS

TODAY = date(2026, 11, 28)
LAYOUTS = Path(__file__).parent / "data" / "layouts"
VM = "/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines/vm"
FILES = [
    "estates/create-and-update-with-http-proxy-config",
    "estates/create-default-service-with-skip-role-assignment-msi",
    "tf-plans/zodiac/iac-master-azure.json",
    "assembled/shared/az-graph-query.json",
]


def of(inventory):
    return study(inventory, "test", as_of=TODAY)


def planned(path):
    return study_of_layout(lay_out(read_layout_plan(str(path))), as_of=TODAY)


def room_of(inventory, name="aks"):
    return next(each for each in rooms(of(inventory)) if each.name == name)


def stages(room):
    return [(each.need, each.fits) for each in room.stages]


def pool(nodes, subnet_name="aks", **fields):
    home = id_of("spoke", "subnets", subnet_name)
    return NodePool("web", nodes, subnet=home, **fields)


def of_pods(*texts, **fields):
    """The pod CIDR of a cluster with three nodes, alone."""
    known = cluster(pod_cidrs=cidrs(*texts), **fields)
    return next(each for each in rooms(of(estate(known))) if not each.is_subnet)


# The numbers are those of inventory and check.


def assert_same_as_inventory_and_check(about):
    inventory = about.inventory
    counted = {e["id"]: e["capacity"] for e in inventory_document(inventory)["subnets"]}
    judged = {e["id"]: e for e in check_document(about.checkup)["capacity"]}
    for each in room_documents(about):
        capacity = counted.get(each["id"])
        if capacity:
            assert [
                each[key] for key in ("usable", "used", "others", "nodes_left")
            ] == [capacity[key] for key in ("usable", "used", "others", "nodes_left")]
        found = judged.get(each["id"])
        assert (len(each["stages"]) > 1) == (found is not None)
        if found:
            room, usable = found["room"], each["usable"]
            held = 0 if room is None or usable is None else usable - room
            verdicts = [
                found[key] for key in ("create", "maximum", "upgrade", "rotation")
            ]
            assert [(e["need"], e["fits"]) for e in each["stages"]] == [
                (e["need"] if e["need"] is None else e["need"] + held, e["fits"])
                for e in verdicts
            ]


@pytest.mark.parametrize("file", FILES)
def test_numbers_of_real_estates_are_those_of_inventory_and_check(corpus, file):
    assert_same_as_inventory_and_check(of(read_inventory(str(corpus / file))))


@given(ESTATES)
def test_numbers_of_any_estate_are_those_of_inventory_and_check(inventory):
    assert_same_as_inventory_and_check(of(inventory))


@pytest.mark.parametrize("plan", sorted(LAYOUTS.glob("*.yaml")), ids=lambda e: e.stem)
def test_numbers_of_a_plan_are_those_of_check_and_layout(plan):
    layout = lay_out(read_layout_plan(str(plan)))
    about = study_of_layout(layout, as_of=TODAY)
    told = {e["id"]: e for e in layout_document(layout, about.checkup)["subnets"]}
    assert_same_as_inventory_and_check(about)
    for each in room_documents(about):
        asked = told.get(each["id"])
        if asked and asked["need"]:
            assert each["free"] == asked["free"]
            assert each["usable"] == asked["usable"]
            assert [*each["why"]] == [e for e in asked["why"] if "https" not in e]
            assert each["source"] == asked["source"]
            assert set(asked["clusters"]) == set(each["clusters"])


def test_the_baseline_by_hand():
    found = {each.name: each for each in rooms(planned(LAYOUTS / "aks-baseline.yaml"))}
    nodes = found["snet-clusternodes"]
    assert stages(nodes) == [(9, True), (9, True), (13, True), (14, True)]
    assert (nodes.addresses, nodes.reserved, nodes.usable) == (1024, 5, 1019)
    assert (nodes.free, nodes.growth, nodes.binding) == (1006, 0, None)
    assert fill(nodes) == Fill(5, 9, 4, 1006)
    assert [each.words for each in nodes.purposes] == ["nodes of aks-bu0001a0008"]
    pods = found["pod CIDR of aks-bu0001a0008"]
    assert stages(pods) == [(2304, True), (2304, True), (3328, True), (3584, True)]
    assert fill(pods) == Fill(0, 2304, 1024, 62208)
    assert pods.change is changes.LARGER
    firewall = found["AzureFirewallSubnet"]
    assert (firewall.stages, firewall.free, fill(firewall)) == ((), None, None)
    assert firewall.why[1] == "at least: /26 for Azure Firewall"
    endpoints = found["snet-privatelinkendpoints"]
    assert (stages(endpoints), fill(endpoints)) == ([(3, True)], Fill(5, 3, 0, 8))
    gateway = found["snet-applicationgateway"]
    assert [each.words for each in gateway.purposes] == [
        "Application Gateway of aks-bu0001a0008"
    ]


# What a range is filled with.


@given(ESTATES)
def test_the_four_fills_add_up_to_the_addresses(inventory):
    for each in rooms(of(inventory)):
        parts = fill(each)
        ranges = [cidr for cidr in each.cidrs if cidr.version == IPV4]
        if parts:
            assert sum(parts) == ranges[0].size == each.addresses
            assert min(parts) >= 0
            assert len(ranges) == 1
            lacks = over(each)
            assert not (lacks and parts.free)
            assert each.free == parts.free - lacks  # on the map as in the report
        if each.binding in {"steady", "maximum", "upgrade"} and each.usable is not None:
            assert over(each) > 0


@pytest.mark.parametrize(
    ("nodes", "parts", "lacks"),
    [
        (10, Fill(5, 10, 1, 0), 0),  # 11 while one more is added, of 11
        (9, Fill(5, 9, 1, 1), 0),
        (11, Fill(5, 11, 0, 0), 2),  # 13: 10 % of 11 are two
    ],
)
def test_a_subnet_is_full_at_its_last_address(nodes, parts, lacks):
    home = vnet("spoke", "10.1.0.0/16", subnet("spoke", "aks", "10.1.0.0/28"))
    room = room_of(estate(cluster(pools=(pool(nodes),)), vnets=(home,)))
    assert (fill(room), over(room)) == (parts, lacks)
    assert room.binding == ("upgrade" if lacks else "rotation")
    assert room.free == 11 - room.need("upgrade")


def test_growth_is_what_the_autoscaler_may_still_add():
    room = room_of(estate(cluster(pools=(pool(50, current=20),))))
    assert stages(room) == [(20, True), (50, True), (55, True), (100, True)]
    assert (room.growth, room.free, fill(room)) == (30, 196, Fill(5, 20, 35, 196))


def test_more_nodes_than_the_autoscaler_allows_keep_nothing_for_growth():
    room = room_of(estate(cluster(pools=(pool(5, current=7),))))
    assert (room.need("steady"), room.growth, fill(room)) == (7, 0, Fill(5, 7, 0, 244))


def test_what_azure_shows_in_use_counts_and_what_others_hold_is_beside_the_need():
    known = replace(
        spoke().subnets[0],
        holders=(Holder(VM, 7), Holder(f"{VM}/mc_apps_shop_westeurope/", 0)),
    )
    home = replace(spoke(), subnets=(known,))
    room = room_of(estate(cluster(), vnets=(home,)))
    assert (room.used, room.others) == (7, 7)
    assert stages(room)[0] == (10, True)
    assert fill(room) == Fill(5, 7, 4, 240)
    assert room.free == 240


def test_where_others_are_not_known_the_need_is_that_of_the_clusters_alone():
    room = room_of(estate(cluster(), vnets=(spoke(usage=240),)))
    assert (room.others, stages(room)[2]) == (None, (4, True))
    assert (fill(room), room.free) == (Fill(5, 240, 0, 11), 11)
    tight = room_of(estate(cluster(pools=(pool(240),)), vnets=(spoke(usage=240),)))
    assert stages(tight)[2] == (264, False)
    assert over(tight) == 13


def test_more_in_use_than_there_is_lacks_too():
    home = vnet("v", "10.0.0.0/24", subnet("v", "s", "10.0.0.0/28", usage=14))
    room = room_of(estate(vnets=(home,)), "s")
    assert (fill(room), over(room), room.free) == (Fill(5, 11, 0, 0), 3, -3)


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({}, None),
        ({"holders": ()}, Fill(5, 0, 0, 251)),
        ({"usage": 20}, Fill(5, 20, 0, 231)),
        ({"usage": 251}, Fill(5, 251, 0, 0)),
    ],
)
def test_a_subnet_without_users_is_known_by_what_azure_shows(fields, parts):
    inventory = estate(vnets=(spoke(**fields),))
    room = room_of(inventory)
    assert (room.stages, fill(room)) == ((), parts)
    assert room.free == (parts and parts.free)
    (found,) = usage(inventory)
    assert room.free in {None, found.left}


def test_of_several_ranges_nothing_says_which_are_filled():
    twice = subnet("spoke", "aks", "10.1.0.0/24", "10.1.1.0/28", holders=())
    home = vnet("spoke", "10.1.0.0/16", twice)
    room = room_of(estate(cluster(), vnets=(home,)))
    assert (room.addresses, room.reserved, room.usable) == (272, 10, 262)
    assert fill(room) is None
    assert room.free == 258


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        (24, False),  # 27 while three more are added, of 27 in the larger
        (25, True),  # 28
        (49, True),  # 54 of 54
        (50, False),  # 55: not even both hold them
    ],
)
def test_that_several_ranges_are_all_used_is_not_confirmed(nodes, told):
    twice = subnet("spoke", "aks", "10.1.0.0/27", "10.1.1.0/27", holders=())
    home = vnet("spoke", "10.1.0.0/16", twice)
    room = room_of(estate(cluster(pools=(pool(nodes),)), vnets=(home,)))
    assert any("which no page confirms" in each for each in room.unknown) == told


@pytest.mark.parametrize(("usage", "told"), [(2, True), (3, False), (4, False)])
def test_less_in_use_than_the_nodes_take_is_told(usage, told):
    room = room_of(estate(cluster(), vnets=(spoke(usage=usage),)))
    text = f"Azure shows {usage} in use, and its pools take 3 now"
    assert (text in room.unknown) == told
    planned = spoke(usage=usage, origin=PLANNED)
    assert text not in room_of(estate(cluster(), vnets=(planned,))).unknown


def test_a_range_smaller_than_what_azure_keeps_is_all_reserved():
    home = vnet("v", "10.0.0.0/24", subnet("v", "s", "10.0.0.0/30", holders=()))
    room = room_of(estate(vnets=(home,)), "s")
    assert (room.reserved, room.usable, fill(room)) == (4, 0, Fill(4, 0, 0, 0))


def test_nodes_that_are_not_known_fill_nothing():
    unknown = pool(None, unknown="node auto-provisioning")
    room = room_of(estate(cluster(pools=(unknown,)), vnets=(spoke(usage=9),)))
    assert stages(room) == [(None, None)] * 4
    assert (room.free, room.growth, fill(room), over(room)) == (None, None, None, 0)
    assert room.unknown == ("shop: node auto-provisioning",)


def test_known_pools_that_do_not_fit_alone_are_told_with_what_they_need():
    both = (pool(300), replace(pool(None, unknown="no maximum"), name="b"))
    room = room_of(estate(cluster(pools=both)))
    assert stages(room)[0] == (300, False)
    assert (room.binding, over(room)) == ("steady", 330 - 251)


def test_a_rotation_alone_may_find_no_room():
    room = room_of(estate(cluster(pools=(pool(130),))))
    assert (room.binding, over(room)) == ("rotation", 0)


# Rooms of all kinds.


def test_stages_have_the_names_of_the_contract():
    room = room_of(estate(cluster()))
    assert tuple(each.name for each in room.stages) == STAGES


def test_subnets_come_network_by_network_by_address_and_pod_cidrs_behind():
    first = vnet(
        "zeta",
        "10.2.0.0/16",
        subnet("zeta", "b", "10.2.1.0/24"),
        subnet("zeta", "c"),
        subnet("zeta", "d", "10.2.0.0/24"),
    )
    found = rooms(
        of(estate(cluster(pod_cidrs=cidrs("10.244.0.0/16")), vnets=(first, spoke())))
    )
    assert [(each.network, each.name) for each in found] == [
        ("spoke", "aks"),
        ("zeta", "d"),
        ("zeta", "b"),
        ("zeta", "c"),
        ("", "pod CIDR of shop"),
    ]
    assert found[3].unknown == ("its address range is not known",)
    assert (found[3].addresses, found[3].reserved) == (None, None)


def test_a_subnet_that_no_file_shows_is_told_with_what_it_must_hold():
    room = room_of(Inventory(clusters=(cluster(),)))
    assert (room.network, room.cidrs, room.usable) == ("spoke", (), None)
    assert [each.need for each in room.stages] == [3, 3, 4, 6]
    assert {each.fits for each in room.stages} == {None}
    assert (room.free, fill(room), over(room)) == (None, None, 0)
    assert "its address range is not known" in room.unknown


def test_what_an_ipam_pool_is_asked_for_is_not_known_yet():
    asked = replace(subnet("v", "s"), requested=256, unresolved=("its name: x",))
    room = room_of(estate(vnets=(vnet("v", "10.0.0.0/24", asked),)), "s")
    assert room.unknown == (
        "it asks an IPAM pool for 256 addresses: which, does not show",
        "its name: x",
    )


def test_an_api_server_needs_its_nine_addresses():
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24"),
        subnet("spoke", "api", "10.1.1.0/28"),
    )
    own = cluster(
        vnet_integration=True, api_server_subnet=id_of("spoke", "subnets", "api")
    )
    room = room_of(estate(own, vnets=(home,)), "api")
    assert (stages(room), room.most, room.free) == ([(9, True)], 9, 2)
    assert [each.words for each in room.purposes] == ["API server of shop"]
    assert (room.source or "").endswith("api-server-vnet-integration")
    unread = room_of(estate(own, vnets=(spoke(),)), "api")
    assert stages(unread) == [(9, None)]


def test_a_pod_cidr_of_an_unknown_model_is_told_without_numbers():
    room = of_pods("10.244.0.0/16", model=None)
    assert (room.addresses, room.usable, room.reserved) == (65536, None, None)
    assert (room.stages, room.source, fill(room)) == ((), None, None)
    assert room.unknown == ("what pods take of it is not known",)
    assert room.change is changes.OPEN


def test_pod_cidrs_that_are_not_there_or_not_used_are_no_rooms():
    names = [each.name for each in rooms(of(estate(cluster(model="cni-node-subnet"))))]
    assert names == ["aks"]
    names = [each.name for each in rooms(of(estate(cluster(model=None))))]
    assert names == ["aks"]


def test_a_pod_cidr_that_was_not_read_has_a_need_all_the_same():
    room = of_pods()
    assert (room.addresses, room.usable, room.need("upgrade")) == (None, None, 1024)


BESIDE = f"""{POOLS}networks:
  - name: spoke
    location: westeurope
    pinned: {{aks: [10.64.0.0/28]}}
    clusters:
      - name: shop
        model: cni-overlay
        subnet: aks
        pools: [{{name: system, nodes: 3, mode: system}}]
    services: [{{kind: jump-boxes, name: aks, count: COUNT}}]
"""


@pytest.mark.parametrize(("count", "fits"), [(6, True), (7, True), (8, False)])
def test_what_a_plan_puts_beside_nodes_counts_and_decides(tmp_path, count, fits):
    plan = tmp_path / "plan.yaml"
    plan.write_text(BESIDE.replace("COUNT", str(count)), encoding="utf-8")
    found = {each.name: each for each in rooms(planned(plan))}
    room = found["aks"]
    assert stages(room)[2] == (4 + count, fits)  # of 11
    assert (room.free, over(room)) == (7 - count, 0 if fits else count - 7)
    assert [each.words for each in room.purposes] == ["nodes of shop", "jump box"]


def test_what_a_plan_asks_for_and_finds_no_room_for_is_told(tmp_path):
    plan = tmp_path / "plan.yaml"
    text = f"""{POOLS}networks:
  - name: small
    location: westeurope
    ranges: [10.64.0.0/28]
    services: [{{kind: firewall}}]
"""
    plan.write_text(text, encoding="utf-8")
    (room,) = rooms(planned(plan))
    assert (room.name, room.network, room.cidrs) == ("AzureFirewallSubnet", "small", ())
    assert room.unknown == ("no room was found for it",)


# What subnets are for.


@pytest.mark.parametrize(
    ("name", "delegations", "words"),
    [
        ("GatewaySubnet", (), ["VPN and ExpressRoute gateways"]),
        ("azurefirewallsubnet", (), ["Azure Firewall"]),
        ("s", ("Microsoft.Network/dnsResolvers",), ["DNS Private Resolver"]),
        ("s", ("MICROSOFT.NETAPP/VOLUMES",), ["Azure NetApp Files"]),
        ("s", ("Microsoft.Web/serverFarms",), ["Microsoft.Web/serverFarms"]),
        (
            "s",
            ("Microsoft.ContainerService/managedClusters",),
            ["pods or API servers of AKS"],
        ),
        ("s", (), []),
    ],
)
def test_names_and_delegations_tell_what_subnets_are_for(name, delegations, words):
    one = subnet("v", name, "10.0.0.0/26", delegations=delegations)
    room = room_of(estate(vnets=(vnet("v", "10.0.0.0/24", one),)), name)
    assert [each.words for each in room.purposes] == words


def test_all_that_clusters_have_in_a_subnet_is_told():
    pods = id_of("spoke", "subnets", "aks")
    mixed = cluster(model="cni-dynamic", pods=pods, hosted_subnets=(pods,))
    other = cluster("news")
    room = room_of(estate(mixed, other))
    assert [each.words for each in room.purposes] == [
        "nodes of shop, news",
        "pods of shop",
        "hosted nodes of shop",
    ]
    assert room.clusters == ("shop", "news")


# Whether ranges can change.


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"holders": ()}, changes.EMPTY),
        ({"usage": 1}, changes.FULL),
        ({}, changes.UNSEEN),
        ({"origin": PLANNED}, changes.PLANNED),
        (
            {
                "holders": (),
                "delegations": ("Microsoft.ContainerService/managedClusters",),
            },
            changes.UNSEEN,
        ),
        ({"usage": 0, "delegations": ("Microsoft.NetApp/volumes",)}, changes.FOR_GOOD),
    ],
)
def test_a_subnet_that_no_cluster_uses_can_change_while_it_is_empty(fields, expected):
    assert room_of(estate(vnets=(spoke(**fields),))).change == expected


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("cni-overlay", changes.NODES),
        ("kubenet", changes.NODES),
        ("cni-node-subnet", changes.NODES_WITH_PODS),
        (None, changes.NODES_WITH_PODS),
    ],
)
def test_a_node_subnet_may_have_a_second_range_where_pods_are_elsewhere(
    model, expected
):
    assert room_of(estate(cluster(model=model))).change == expected


def test_a_pod_subnet_never_has_a_second_range():
    pods = id_of("spoke", "subnets", "pods")
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24"),
        subnet("spoke", "pods", "10.1.4.0/22"),
    )
    inventory = estate(cluster(model="cni-dynamic", pods=pods), vnets=(home,))
    assert room_of(inventory, "pods").change is changes.PODS
    assert room_of(inventory).change is changes.NODES_WITH_PODS


WINDOWS = NodePool("win", 2, os="windows")


@pytest.mark.parametrize(
    ("ranges", "fields", "expected"),
    [
        (["10.244.0.0/16"], {}, changes.LARGER),
        (["10.244.0.0/16"], {"model": "kubenet"}, changes.ROUTED),
        (["10.244.0.0/16"], {"pools": (WINDOWS,)}, changes.WITH_WINDOWS),
        (["10.244.0.0/16", "fd00::/64"], {}, changes.SEVERAL),
    ],
)
def test_a_pod_cidr_grows_under_overlay_with_linux_and_ipv4_alone(
    ranges, fields, expected
):
    assert of_pods(*ranges, **fields).change == expected


def test_changes_name_the_page_that_says_so():
    assert changes.FOR_GOOD.source == NETAPP
    assert changes.ROUTED.source == KUBENET
    assert changes.LARGER.source.endswith("azure-cni-overlay-pod-expand")
    assert "virtual-network-manage-subnet" in changes.NODES.source


def test_sources_are_those_of_the_model_and_of_names_that_azure_imposes():
    assert room_of(estate(cluster(model="kubenet"))).source == KUBENET
    bastion = subnet("v", "AzureBastionSubnet", "10.0.0.0/26")
    home = vnet("v", "10.0.0.0/24", bastion, subnet("v", "s", "10.0.0.64/26"))
    named = room_of(estate(vnets=(home,)), "AzureBastionSubnet")
    assert "bastion" in (named.source or "")
    assert room_of(estate(vnets=(home,)), "s").source is None


def test_what_nodes_take_of_a_pod_cidr_is_reckoned_and_what_bars_a_twin_told():
    pools = (NodePool("a", 1), NodePool("b", 250))
    home = cluster("shop", pools=pools, model="kubenet", pod_cidrs=cidrs("10.0.0.0/8"))
    (room,) = [e for e in rooms(of(Inventory(clusters=(home,)))) if not e.is_subnet]
    peak = 1 + 1 + 250 + 25  # each pool surges by a tenth, rounded up
    assert room.need("upgrade") == peak * 256
    assert room.why[0] == f"(251 nodes + 26 surge) × 256, a /24 a node: {peak * 256:,}"
    assert room.why[1].endswith("are more than the 400 routes of a route table")
