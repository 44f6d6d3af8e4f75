"""What the map tells: blocks to the address, hubs before spokes, findings in place."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import netaddr
import pytest
from hypothesis import given

from ipplan import Group, Inventory, Peering, VNet, lay_out, read_inventory
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.checks import check_document
from ipplan.documents.joints import owned_ranges
from ipplan.documents.layouts import layout_document
from ipplan.documents.maps import map_document
from ipplan.documents.rooms import room_documents
from ipplan.findings import Effect, Finding, Severity
from ipplan.inventory.externals import ExternalRange
from ipplan.inventory.origins import Skipped
from ipplan.readers.layouts import read_layout_plan
from tests.check_nouns import (
    cidrs,
    cluster,
    estate,
    id_of,
    peering,
    spoke,
    subnet,
    vnet,
)
from tests.estates import ESTATES

TODAY = date(2026, 11, 28)
HERE = Path(__file__).parent
LAYOUTS = sorted((HERE / "data" / "layouts").glob("*.yaml"))
SAMPLES = HERE.parent / "docs" / "samples" / "rules"
BROKEN = sorted(each.parent.name for each in SAMPLES.glob("*/breaks"))
FILES = [
    "estates/create-and-update-with-http-proxy-config",
    "tf-plans/zodiac/iac-master-azure.json",
    "assembled/shared/az-graph-query.json",
]


def map_of(inventory):
    return map_document(study(inventory, "test", as_of=TODAY))


def joined(*names, **fields):
    """VNets a, b, ... and which of them are peered, on both sides."""
    pairs = [tuple(each.split("-")) for each in names if "-" in each]
    return Inventory(
        tuple(
            replace(
                vnet(name, f"10.{number}.0.0/16"),
                peerings=tuple(
                    peering(name, two if name == one else one)
                    for one, two in pairs
                    if name in {one, two}
                ),
                **fields.get(name, {}),
            )
            for number, name in enumerate(each for each in names if "-" not in each)
        )
    )


def roles(document):
    return [(each["name"], each["role"]) for each in document["networks"]]


def subnets_in(network):
    inside = [each for block in network["blocks"] for each in block["subnets"]]
    return inside + network["strays"]


# Blocks.


def addresses(texts):
    return netaddr.IPSet([netaddr.IPNetwork(each) for each in texts])


@given(ESTATES)
def test_a_block_is_its_subnets_and_what_is_free(inventory):
    known = {each.id: each for each in inventory.vnets}
    for network in map_of(inventory)["networks"]:
        nouns = known[network["id"]].subnets if network["seen"] else ()
        taken = addresses(str(cidr) for each in nouns for cidr in each.prefixes)
        for block in network["blocks"]:
            whole, free = addresses([block["cidr"]]), addresses(block["free"])
            assert free == whole - taken
            assert sum(netaddr.IPNetwork(e).size for e in block["free"]) == free.size
            assert block["addresses"] == whole.size
            for each in block["subnets"]:
                assert addresses([each["cidr"]]) <= whole
        blocks = [addresses([each["cidr"]]) for each in network["blocks"]]
        for each in network["strays"]:
            assert not any(addresses([each["cidr"]]) <= one for one in blocks)
        shown = {(each["id"], each["cidr"]) for each in subnets_in(network)}
        assert shown == {(e.id, str(cidr)) for e in nouns for cidr in e.prefixes}


def test_subnets_and_free_blocks_come_by_address():
    home = vnet(
        "spoke",
        "10.1.0.0/24",
        subnet("spoke", "b", "10.1.0.128/26"),
        subnet("spoke", "a", "10.1.0.0/26", "10.9.0.0/28"),
    )
    (network,) = map_of(estate(vnets=(home,)))["networks"]
    (block,) = network["blocks"]
    assert [each["name"] for each in block["subnets"]] == ["a", "b"]
    assert block["free"] == ["10.1.0.64/26", "10.1.0.192/26"]
    assert [each["cidr"] for each in network["strays"]] == ["10.9.0.0/28"]


def test_a_subnet_that_covers_a_block_is_a_stray_and_leaves_nothing_free():
    home = vnet("v", "10.1.0.0/24", subnet("v", "s", "10.1.0.0/23"))
    (network,) = map_of(estate(vnets=(home,)))["networks"]
    assert (network["blocks"][0]["subnets"], network["blocks"][0]["free"]) == ([], [])
    assert [each["cidr"] for each in network["strays"]] == ["10.1.0.0/23"]


def test_what_is_in_ipv6_has_addresses_and_no_fill():
    home = replace(
        vnet("v", "fd00::/56", subnet("v", "s", "10.0.0.0/24", "fd00::/64", usage=4)),
        prefixes=cidrs("10.0.0.0/16", "fd00::/56"),
    )
    document = map_of(estate(vnets=(home,)))
    first, second = document["networks"][0]["blocks"]
    assert second["subnets"][0]["addresses"] == 2**64
    assert second["subnets"][0]["fill"] is None
    assert len(second["free"]) == 8
    # what is listed in use is of both families
    assert first["subnets"][0]["fill"] is None


def test_what_lacks_is_told_once_of_a_subnet_with_several_ranges():
    home = vnet(
        "spoke", "10.1.0.0/16", subnet("spoke", "aks", "10.1.0.0/29", "10.1.1.0/29")
    )
    document = map_of(estate(cluster(subnets=("aks",) * 4), vnets=(home,)))
    found = document["networks"][0]["blocks"][0]["subnets"]
    assert [each["over"] for each in found] == [10, 0]  # 16 of 6


@pytest.mark.parametrize("plan", LAYOUTS, ids=lambda each: each.stem)
def test_a_plan_has_the_free_blocks_of_its_layout(plan):
    layout = lay_out(read_layout_plan(str(plan)))
    about = study_of_layout(layout, as_of=TODAY)
    found = {each["id"]: each for each in map_document(about)["networks"]}
    told = layout_document(layout, about.checkup)
    for each in told["networks"]:
        free = [cidr for one in found[each["id"]]["blocks"] for cidr in one["free"]]
        assert [cidr for cidr in free if ":" not in cidr] == each["free_blocks"]
    totals = map_document(about)["totals"]
    if len(found) == len(told["networks"]):
        assert totals["addresses"] == told["totals"]["addresses"]
        assert totals["in_subnets"] == told["totals"]["carved"]
        assert totals["clusters"] == told["totals"]["clusters"]


@pytest.mark.parametrize("file", FILES)
def test_the_map_counts_as_check_does(corpus, file):
    about = study(read_inventory(str(corpus / file)), file, as_of=TODAY)
    document, checked = map_document(about), check_document(about.checkup)
    seen = [each for each in document["networks"] if each["seen"]]
    assert len(seen) == checked["inventory"]["vnets"]
    assert document["totals"]["subnets"] == checked["inventory"]["subnets"]
    assert document["totals"]["clusters"] == checked["inventory"]["clusters"]
    severities = [each["severity"] for each in document["marks"]]
    assert {
        "error": severities.count("error"),
        "warning": severities.count("warning"),
        "note": document["notes"],
    } == checked["summary"]
    told = [each for each in checked["findings"] if each["severity"] != "note"]
    assert [each["message"] for each in document["marks"]] == [
        each["message"] for each in told
    ]


@given(ESTATES)
def test_fills_are_those_of_the_rooms(inventory):
    about = study(inventory, "test", as_of=TODAY)
    found = {each["id"]: each for each in room_documents(about)}
    for network in map_document(about)["networks"]:
        for each in subnets_in(network):
            room, parts = found[each["id"]], each["fill"]
            if parts:
                assert sum(parts.values()) == each["addresses"] == room["addresses"]
                assert parts["reserved"] == room["reserved"]
                assert each["clusters"] == room["clusters"]


# Networks in their order.


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "b"], [("a", "alone"), ("b", "alone")]),
        (["a", "b", "a-b"], [("a", "alone"), ("b", "alone")]),
        (
            ["a", "b", "c", "c-a", "c-b"],
            [("c", "hub"), ("a", "spoke"), ("b", "spoke")],
        ),
        # spokes that are peered with one another stay spokes
        (
            ["a", "b", "c", "h", "h-a", "h-b", "h-c", "a-b"],
            [("h", "hub"), ("a", "spoke"), ("b", "spoke"), ("c", "spoke")],
        ),
        # a spoke of two hubs stands behind the first
        (
            ["a", "b", "c", "g", "h", "g-a", "g-b", "h-b", "h-c"],
            [
                ("g", "hub"),
                ("a", "spoke"),
                ("b", "spoke"),
                ("h", "hub"),
                ("c", "spoke"),
            ],
        ),
        # of a mesh none is the hub
        (
            ["a", "b", "c", "a-b", "b-c", "a-c"],
            [("a", "alone"), ("b", "alone"), ("c", "alone")],
        ),
    ],
)
def test_hubs_stand_before_their_spokes_and_the_rest_by_name(names, expected):
    assert roles(map_of(joined(*names))) == expected


def test_of_two_networks_the_one_with_the_firewall_is_the_hub():
    firewall = subnet("b", "AzureFirewallSubnet", "10.1.0.0/26")
    found = map_of(joined("a", "b", "a-b", b={"subnets": (firewall,)}))
    assert roles(found) == [("b", "hub"), ("a", "spoke")]


def test_of_two_networks_the_one_that_lends_its_gateway_is_the_hub():
    lent = peering("b", "a", gateway_transit=True)
    found = joined("a", "b", "a-b")
    vnets = (found.vnets[0], replace(found.vnets[1], peerings=(lent,)))
    assert roles(map_of(Inventory(vnets))) == [("b", "hub"), ("a", "spoke")]


def test_a_spoke_with_a_gateway_of_its_own_is_no_hub():
    gateway = subnet("a", "GatewaySubnet", "10.0.0.0/27")
    found = joined("a", "b", "h", "h-a", "h-b", a={"subnets": (gateway,)})
    assert roles(map_of(found)) == [("h", "hub"), ("a", "spoke"), ("b", "spoke")]


def test_the_hub_of_the_baseline_stands_before_its_spoke():
    (plan,) = (each for each in LAYOUTS if each.stem == "aks-baseline")
    layout = lay_out(read_layout_plan(str(plan)))
    document = map_document(study_of_layout(layout, as_of=TODAY))
    assert roles(document) == [
        ("vnet-eastus2-hub", "hub"),
        ("vnet-spoke-bu0001a0008-00", "spoke"),
    ]
    assert document["proposed"]
    assert document["title"] == "aks-baseline"
    (pair,) = document["peerings"]
    assert (pair["state"], pair["gateway"], pair["forwarded"]) == (
        "planned",
        True,
        True,
    )


def test_namesakes_stand_behind_their_resource_groups():
    twin = id_of("spoke").replace("/net/", "/other/")
    both = map_of(estate(vnets=(spoke(), VNet(twin, "spoke", cidrs("10.2.0.0/16")))))
    assert [each["name"] for each in both["networks"]] == ["net/spoke", "other/spoke"]


def test_networks_name_the_clusters_in_them():
    (network,) = map_of(estate(cluster("b"), cluster("a")))["networks"]
    assert network["clusters"] == ["b", "a"]
    (found,) = network["blocks"][0]["subnets"]
    assert (found["purpose"], found["clusters"]) == (["nodes"], ["b", "a"])


# Peerings, links and ranges.


@pytest.mark.parametrize(
    ("one", "two", "state", "one_sided"),
    [
        ("Connected", "Connected", "connected", False),
        ("Connected", "Disconnected", "broken", False),
        ("Initiated", None, "broken", True),
        (None, "planned", "planned", False),
        ("Connected", "planned", "connected", False),
        ("Connected", None, "connected", True),
    ],
)
def test_a_pair_is_one_peering_whatever_was_read_of_it(one, two, state, one_sided):
    sides = [peering("a", "b", one)]
    back = [peering("b", "a", None if two == "planned" else two)] if two else []
    vnets = (vnet("a", "10.0.0.0/16", *sides), vnet("b", "10.1.0.0/16", *back))
    (pair,) = map_of(Inventory(vnets))["peerings"]
    assert pair["networks"] == [id_of("a"), id_of("b")]
    assert (pair["state"], pair["one_sided"]) == (state, one_sided)


def test_a_network_that_only_a_peering_tells_of_is_there_with_its_space():
    side = peering("a", "far", remote_prefixes=cidrs("10.9.0.0/16"))
    document = map_of(Inventory((vnet("a", "10.0.0.0/16", side),)))
    far = document["networks"][1]
    assert (far["seen"], far["blocks"][0]["cidr"]) == (False, "10.9.0.0/16")
    assert not document["peerings"][0]["one_sided"]
    assert document["unknown"] == []


def test_what_is_not_on_the_map_is_told():
    hidden = id_of("hv_hub")
    asked = replace(subnet("a", "s"), requested=256)
    sides = (
        peering("a", "far"),
        Peering(f"{id_of('a')}/virtualnetworkpeerings/h", "h", hidden),
    )
    known = replace(vnet("a", "10.0.0.0/16", asked, *sides))
    pool = VNet(id_of("pool"), "pool", requested=1)
    bare = VNet(id_of("bare"), "bare", subnets=(subnet("bare", "in", "10.0.0.0/24"),))
    document = map_of(
        Inventory(
            (known, bare, pool),
            incomplete=("a.json: more pages",),
            skipped=(Skipped("b", "x", broken=True), Skipped("c", "y")),
        )
    )
    assert document["peerings"] == []
    assert sorted(document["unknown"]) == sorted(
        [
            "VNet far: it was not read, and nothing says its address space",
            "VNet hv_hub: Azure shows nobody the VNet of a Virtual WAN hub",
            "subnet a/s: it asks an IPAM pool for 256 addresses: which, does not show",
            "VNet bare: its address range is not known",
            "VNet pool: it asks an IPAM pool for 1 address: which, does not show",
            "a.json: more pages",
            "1 object that could not be read",
        ]
    )
    found = {each["name"]: each for each in document["networks"]}
    assert [each["name"] for each in found["bare"]["strays"]] == ["in"]


def test_links_are_hubs_groups_and_networks_on_premises():
    found = joined("a", "b", "h", "h-a", "h-b")
    vnets = tuple(
        replace(
            e, peerings=tuple(replace(p, forwarded_traffic=True) for p in e.peerings)
        )
        for e in found.vnets
    )
    inventory = replace(
        found,
        vnets=vnets,
        groups=(
            Group("mesh", "network-manager", (id_of("a"), id_of("unread"))),
            Group("gone", "network-manager", (id_of("unread"),)),
        ),
        external_ranges=(
            ExternalRange("site", cidrs("10.200.0.0/16"), (id_of("h"),)),
            ExternalRange("everywhere", cidrs("10.201.0.0/16")),
        ),
    )
    document = map_of(inventory)
    a, b, h = (id_of(each) for each in "abh")
    assert [(e["way"], e["through"], e["networks"]) for e in document["links"]] == [
        ("hub", h, [a, b]),
        ("group", "mesh", [a]),
        ("on-premises", "site", [h]),
    ]
    assert [(e["use"], e["cidr"], e["owners"]) for e in document["ranges"]] == [
        ("on-premises", "10.200.0.0/16", ["site"]),
        ("on-premises", "10.201.0.0/16", ["everywhere"]),
    ]


def test_a_range_of_several_is_one_and_reused():
    pods, services = cidrs("10.244.0.0/16"), cidrs("10.0.0.0/16")
    both = [
        cluster(name, pod_cidrs=pods, service_cidrs=services) for name in ("a", "b")
    ]
    alone = cluster("c", pod_cidrs=cidrs("10.240.0.0/16", "fd00::/64"))
    found = map_of(estate(*both, alone))["ranges"]
    told = [(e["use"], e["cidr"], e["owners"], e["reused"]) for e in found]
    assert told == [
        ("pods", "10.240.0.0/16", ["c"], False),
        ("pods", "10.244.0.0/16", ["a", "b"], True),
        ("pods", "fd00::/64", ["c"], False),
        ("services", "10.0.0.0/16", ["a", "b"], True),
    ]
    assert found[0]["fill"] == {
        "reserved": 0,
        "used": 768,
        "growth": 256,
        "free": 64512,
    }
    assert [each["fill"] for each in found[1:]] == [None] * 3
    assert found[1]["owner_ids"] == [each.id for each in both]


# Marks.


def where(document, number):
    """The ranges, networks and peerings that a finding sits on, by their names."""
    found = []
    for network in document["networks"]:
        if number in network["marks"]:
            found.append(network["name"])
        found += [
            f"{network['name']} {e['cidr']}"
            for e in network["blocks"]
            if number in e["marks"]
        ]
        found += [
            f"{e['name']} {e['cidr']}"
            for e in subnets_in(network)
            if number in e["marks"]
        ]
    found += [
        f"{each['use']} {each['cidr']}"
        for each in document["ranges"]
        if number in each["marks"]
    ]
    names = {each["id"]: each["name"] for each in document["networks"]}
    found += [
        " - ".join(sorted(names[one] for one in each["networks"]))
        for each in document["peerings"]
        if number in each["marks"]
    ]
    return found


def broken(rule):
    files = sorted(map(str, (SAMPLES / rule / "breaks").iterdir()))
    return study(read_inventory(*files), rule, as_of=TODAY)


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ("peered-vnets-overlap", ["spoke-a 10.1.0.0/16", "spoke-b 10.1.128.0/17"]),
        (
            "pod-cidr-meets-on-premises",
            ["pods 10.244.0.0/16", "on-premises 10.244.255.0/24"],
        ),
        ("subnet-outside-vnet", ["spoke-a", "aks 10.2.0.0/24"]),
        ("subnets-overlap", ["private-dmz 10.0.0.0/27", "public-dmz 10.0.0.0/28"]),
        ("peering-not-connected", ["hub - spoke-a"]),
        ("vnet-limit", ["hub"]),
        ("subnet-too-small", ["aks 10.1.0.0/24"]),
        ("service-cidr-in-vnet", ["spoke-a 10.0.0.0/8", "services 10.0.0.0/16"]),
        ("pod-cidr-too-small", ["pods 10.244.0.0/22"]),
        ("one-remote-gateway", ["spoke-a", "hub-a - spoke-a", "hub-b - spoke-a"]),
    ],
)
def test_a_mark_sits_on_the_very_range_or_else_on_what_it_is_about(rule, places):
    document = map_document(broken(rule))
    (number,) = (e["number"] for e in document["marks"] if e["rule"] == rule)
    assert sorted(where(document, number)) == sorted(places)


@pytest.mark.parametrize("rule", BROKEN)
def test_every_mark_is_listed_and_sits_on_something_that_is_shown(rule):
    about = broken(rule)
    document = map_document(about)
    numbers = [each["number"] for each in document["marks"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) + document["notes"] == len(about.findings)
    shown = bool(document["networks"] or document["ranges"])
    assert all(where(document, each) for each in numbers) == (shown or not numbers)


def test_what_is_about_clusters_alone_sits_on_their_networks_or_their_ranges():
    kubenet = cluster(model="kubenet", pod_cidrs=cidrs("10.244.0.0/16"))
    inside = map_of(estate(kubenet))
    numbers = [e["number"] for e in inside["marks"] if e["rule"] == "model-retirement"]
    assert [where(inside, each) for each in numbers] == [["spoke"]]
    outside = map_of(Inventory(clusters=(kubenet,)))
    numbers = [e["number"] for e in outside["marks"] if e["rule"] == "model-retirement"]
    assert [where(outside, each) for each in numbers] == [["pods 10.244.0.0/16"]]


def test_marks_come_worst_first():
    found = [
        Finding("a", severity, "", "", effect)
        for effect in (None, *Effect)
        for severity in Severity
    ]
    made = study(Inventory(), "all", as_of=date(2026, 11, 28))
    told = replace(made, findings=tuple(found)).worst
    assert {each.severity for each in told} == {Severity.ERROR, Severity.WARNING}
    order, bad = list(Effect), list(Severity)
    keys = [
        (order.index(e.effect or Effect.INFORMATION), bad.index(e.severity))
        for e in told
    ]
    assert all(one <= two for one, two in combinations(keys, 2))


def test_a_mark_has_all_that_a_legend_tells():
    (mark, *_) = map_document(broken("subnet-outside-vnet"))["marks"]
    assert mark["severity"] == "error"
    assert mark["effect"] in {each.value for each in Effect}
    assert mark["source"].startswith("https://")
    assert "10.2.0.0/24" in mark["message"]


SCARCE = """\
ipplan: 1
name: shop
address_pools:
  - {name: azure, ranges: [10.64.0.0/24]}
  - {name: pods, ranges: [100.64.0.0/24], use: pods}
  - {name: services, ranges: [172.20.0.0/14], use: services}
networks:
  - name: small
    location: westeurope
    ranges: [10.64.0.0/28]
    services: [{kind: firewall}]
  - name: wide
    location: westeurope
    hub: small
    clusters:
      - name: shop
        model: cni-overlay
        pools: [{name: system, nodes: 300, mode: system}]
"""


def test_what_found_no_room_is_told_and_marked(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(SCARCE, encoding="utf-8")
    layout = lay_out(read_layout_plan(str(plan)))
    document = map_document(study_of_layout(layout, as_of=TODAY))
    assert document["unknown"] == [
        "subnet small/AzureFirewallSubnet: no room was found for it",
        "VNet wide: no room was found for it",
        "subnet wide/shop-nodes: no room was found for it",
    ]
    assert {each["rule"] for each in document["marks"]} == {"layout-no-room"}
    places = [where(document, each["number"]) for each in document["marks"]]
    # the pod CIDR, the VNet, and the subnet of the firewall
    assert places == [["wide"], ["wide"], ["small"]]


def test_what_is_about_a_peering_that_is_not_shown_sits_on_its_network():
    itself = vnet("a", "10.0.0.0/16", peering("a", "a", "Disconnected"))
    document = map_of(Inventory((itself,)))
    numbers = [e["number"] for e in document["marks"]]
    assert document["peerings"] == []
    assert numbers
    assert [where(document, each) for each in numbers] == [["a"]] * len(numbers)


@pytest.mark.parametrize(
    ("model", "uses"),
    [
        ("cni-overlay", ["pods", "services"]),
        ("kubenet", ["pods", "services"]),
        ("cni-dynamic", ["services"]),
        ("cni-node-subnet", ["services"]),
        (None, ["services"]),
    ],
)
def test_a_pod_cidr_counts_where_the_model_has_pods_in_one(model, uses):
    """The very ranges that ``check`` judges, whatever a file declares besides."""
    one = cluster(
        model=model,
        pod_cidrs=cidrs("10.244.0.0/16"),
        service_cidrs=cidrs("172.16.0.0/16"),
    )
    assert [each["use"] for each in map_of(estate(one))["ranges"]] == uses


def test_a_plan_has_the_ranges_of_its_own_clusters_only():
    more = {"model": "cni-overlay", "pod_cidrs": cidrs("10.244.0.0/16")}
    found = study(estate(cluster("a", **more)), "plan", as_of=TODAY)
    assert [each.use for each in owned_ranges(found)] == ["pods"]
    assert list(owned_ranges(replace(found, is_plan=True))) == []
