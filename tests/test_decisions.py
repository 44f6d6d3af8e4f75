"""Decisions: every model sized alike, what rules it out, and the sentences."""

from dataclasses import replace
from datetime import date

import pytest

import ipplan
from ipplan import Inventory, NodePool, Surge
from ipplan.designs.decisions import decisions
from ipplan.designs.reasons import advice, price, retirement
from ipplan.designs.sentences import decided, shortly
from ipplan.designs.spaces import room_for
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.decisions import decision_document
from ipplan.inventory.networks import Holder
from ipplan.layouts.layouts import lay_out
from ipplan.models import MODELS
from ipplan.readers.layouts import read_layout_plan
from ipplan.sizing.sizings import Sizing
from tests.test_check_core import cluster as made
from tests.test_check_core import cs, vnet

AS_OF = date(2026, 11, 28)
BASELINE = "tests/data/layouts/aks-baseline.yaml"


@pytest.fixture(scope="module")
def baseline():
    return study_of_layout(lay_out(read_layout_plan(BASELINE)), as_of=AS_OF)


def studied(*vnets, clusters, as_of=AS_OF, **more):
    found = Inventory(vnets=vnets, clusters=tuple(clusters), **more)
    return study(found, "all", as_of=as_of)


def cluster(name, **more):
    return replace(made(name), **more)


def pool(nodes=9, max_pods=30, **more):
    return NodePool("a", nodes, max_pods, Surge(1), **more)


def subnet_of(net, name="nodes"):
    return next(each for each in net.subnets if each.name == name)


def alone(model, *, nodes=9, length=24, space="10.1.0.0/16", unknown="", **more):
    """A cluster in a VNet with one node subnet, and what was decided of it."""
    net = vnet("spoke", space, subnets=[("nodes", f"10.1.0.0/{length}")])
    home = pool(nodes, subnet=subnet_of(net).id, unknown=unknown)
    as_of = more.pop("as_of", AS_OF)
    shop = cluster("shop", model=model, pools=(home,), **more)
    found = studied(net, clusters=[shop], as_of=as_of)
    (decision,) = decisions(found)
    return decision


NEAR = date(2027, 3, 31)
"""A year before kubenet ends: from then on check has an error."""


@pytest.mark.parametrize(
    ("as_of", "out"),
    [(date(2027, 3, 30), False), (NEAR, True), (date(2028, 4, 1), True)],
)
def test_kubenet_retires_until_its_finding_is_an_error(as_of, out):
    decision = alone("cni-overlay", as_of=as_of)
    kubenet = option(decision, "kubenet")
    assert bool(kubenet.kills) is out is (kubenet.retiring is None)
    assert ("Retiring: kubenet (" in decided(decision)) is not out
    assert ("Ruled out: kubenet (" in decided(decision)) is out


def option(decision, name):
    return next(each for each in decision.options if each.model.name == name)


def texts(reasons, kind=None):
    return [each.text for each in reasons if kind in {None, each.kind}]


def test_the_baseline_is_decided_as_worked_out_by_hand(baseline):
    """4 + 5 nodes with surge 33%: 2 + 2 more; 13 × 31, 13 + 13 × 32, 13 + 13 × 48."""
    (decision,) = decisions(baseline)
    document = decision_document(decision)
    assert [document["nodes"], document["surge_nodes"]] == [9, 4]
    assert document["max_pods"] == [30]
    taken = {e["model"]: e["vnet_addresses"] for e in document["options"]}
    assert taken == {
        "cni-overlay": 13,
        "kubenet": 13,
        "cni-node-subnet": 403,
        "cni-static-block": 429,
        "cni-dynamic": 637,
    }
    kills = {e["model"]: e["killed_by"] for e in document["options"]}
    assert kills.pop("kubenet")["text"] == "lacks Cilium network policy"
    assert set(kills.values()) == {None}
    assert document["words"] == (
        "aks-bu0001a0008 uses Azure CNI Overlay, which Microsoft recommends in "
        "general: for 9 nodes and 4 more while all pools are upgraded it takes 13 VNet "
        "addresses for nodes and pods alone and a pod CIDR of /20. The node subnet "
        "needs a /27, planned /22; pod CIDR needs a /20, planned /16. Ruled out: "
        "kubenet (lacks Cilium network policy). Nothing known rules out the "
        "following: Azure CNI Node Subnet takes 31 times as many VNet addresses (403 "
        "against 13); Azure CNI Pod Subnet, static block takes 33 times as many VNet "
        "addresses (429 against 13); Azure CNI Pod Subnet, dynamic allocation takes 49 "
        "times as many VNet addresses (637 against 13)."
    )


def test_every_figure_is_that_of_size(baseline):
    (decision,) = decisions(baseline)
    (shop,) = baseline.clusters
    sized = ipplan.size(pools=list(shop.pools), needs=list(shop.needs))
    assert {each.model.name for each in decision.options} == set(sized)
    for each in decision_document(decision)["options"]:
        other = sized[each["model"]]
        assert each["vnet_addresses"] == other.vnet_addresses
        assert each["feasible"] == other.feasible
        assert each["node_prefixes"] == [e.prefix_length for e in other.node_subnets]
        assert each["pod_prefixes"] == [e.prefix_length for e in other.pod_ranges]


def test_the_chosen_model_comes_first_then_the_others_in_their_order():
    found = [each.model.name for each in alone("cni-dynamic").options]
    assert found == ["cni-dynamic", *(each for each in MODELS if each != found[0])]


@pytest.mark.parametrize(
    ("nodes", "killed"), [(7, False), (8, False), (9, True), (10, True)]
)
def test_a_node_subnet_holds_what_it_can_use_and_no_more(nodes, killed):
    """A full VNet of one /24: (7 + 1) × 31 = 248 and 279 of 251 addresses."""
    decision = alone("cni-overlay", nodes=nodes - 1, space="10.1.0.0/24")
    found = option(decision, "cni-node-subnet")
    need = nodes * 31
    assert bool(found.kills) is killed is (need > 251)
    if killed:
        assert found.killed_by.text == (
            f"needs a /23 node subnet in spoke, which has no free block, as nodes "
            f"take {need} addresses, and spoke/nodes (10.1.0.0/24) has room for 251"
        )
        assert found.killed_by.kind == "room"


@pytest.mark.parametrize(("used", "killed"), [(18, False), (19, False), (20, True)])
def test_what_others_hold_of_a_subnet_counts(used, killed):
    """AKS counts 8 × 29 = 232 of 251 - 18, 19 and 20 addresses."""
    net = vnet("spoke", "10.1.0.0/24", subnets=[("nodes", "10.1.0.0/24")])
    holders = (Holder("/x/loadbalancers/lb", used),)
    net = replace(net, subnets=(replace(net.subnets[0], holders=holders),))
    home = pool(7, subnet=net.subnets[0].id)
    shop = cluster("shop", model="cni-overlay", pools=(home,))
    (decision,) = decisions(studied(net, clusters=[shop]))
    assert bool(option(decision, "cni-node-subnet").kills) is killed


@pytest.mark.parametrize(
    ("space", "kills"),
    [("10.1.0.0/24", True), ("10.1.0.0/23", True), ("10.1.0.0/22", False)],
)
def test_a_pod_subnet_needs_a_free_block_of_its_size(space, kills):
    """(9 + 1) × 32 + 32 at the edges = 352: a /23, free only in the /22."""
    found = option(alone("cni-overlay", space=space), "cni-static-block")
    told = [each for each in (*found.kills, *found.others) if each.kind == "room"]
    assert bool(found.kills) is kills
    free = {
        "10.1.0.0/24": "which has no free block",
        "10.1.0.0/23": "whose largest free block is 10.1.1.0/24",
        "10.1.0.0/22": "whose largest free block is 10.1.2.0/23",
    }
    assert texts(told) == [f"needs a /23 pod subnet in spoke, {free[space]}"]


def test_all_new_subnets_must_find_room_at_once():
    """Two pools, each (9 + 1) × 32 + 32 = 352: two /23, of which a /22 less a /24
    holds one."""
    net = vnet("spoke", "10.1.0.0/22", subnets=[("nodes", "10.1.0.0/24")])
    home = net.subnets[0].id
    pools = (
        pool(subnet=home, pod_subnet="x"),
        replace(pool(subnet=home, pod_subnet="y"), name="b"),
    )
    shop = cluster("shop", model="cni-overlay", pools=pools)
    (decision,) = decisions(studied(net, clusters=[shop]))
    assert option(decision, "cni-static-block").killed_by.text == (
        "needs a /23 pod subnet and a /23 pod subnet in spoke, whose largest free "
        "block is 10.1.2.0/23"
    )


@pytest.mark.parametrize("as_of", [date(2028, 3, 30), date(2028, 3, 31)])
def test_the_end_of_support_is_told_by_the_day(as_of):
    (found,) = retirement(MODELS["kubenet"], as_of)
    verb = "ended" if as_of.day == 31 else "ends"
    assert found.text == f"Microsoft {verb} its support of kubenet on 2028-03-31"
    assert not [*retirement(MODELS["cni-overlay"], as_of)]


def test_a_model_that_ends_is_told_first_where_it_is_the_chosen_one():
    words = decided(alone("kubenet"))
    assert words.startswith(
        "kubenet has to be left: Microsoft ends its support of kubenet on 2028-03-31. "
        "shop uses kubenet: for 9 nodes and 1 more while all pools are upgraded it "
        "takes 10 VNet addresses for nodes and pods alone and a pod CIDR of /20. The "
        "node subnet needs a /28, has /24."
    )
    assert (
        "Azure CNI Overlay, which Microsoft recommends in general, takes as many VNet "
        "addresses (10)"
    ) in words


def test_a_chosen_model_that_has_no_room_is_told_first_and_before_its_end():
    decision = alone("kubenet", nodes=9, length=29, space="10.1.0.0/28")
    kinds = [each.kind for each in option(decision, "kubenet").kills]
    assert kinds == ["room"]
    decision = alone("kubenet", nodes=9, length=29, space="10.1.0.0/28", as_of=NEAR)
    kinds = [each.kind for each in option(decision, "kubenet").kills]
    assert kinds == ["room", "retirement"]
    assert decided(decision).startswith(
        "kubenet does not hold what is asked of it: spoke/nodes (10.1.0.0/29) must "
        "hold 10 addresses while all pools are upgraded and has room for 3."
    )


def test_a_pod_cidr_that_is_too_small_is_called_one():
    decision = alone("cni-overlay", pod_cidrs=cs("10.9.0.0/21"))
    assert decision.chosen.killed_by.text == (
        "the pod CIDR of shop (10.9.0.0/21) must hold 2,560 addresses while all pools "
        "are upgraded and has room for 2,048"
    )


def test_a_limit_comes_before_everything_else():
    found = option(alone("cni-overlay", nodes=400, length=21), "kubenet")
    assert found.killed_by.kind == "limit"
    assert found.killed_by.text.startswith("401 nodes at an upgrade take a route each")
    assert not option(alone("cni-overlay", nodes=399), "kubenet").kills[1:]


def test_features_that_show_otherwise_count_as_needed():
    """IPv6 ranges, and a subnet that another cluster has too."""
    net = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
    home = pool(2, subnet=net.subnets[0].id)
    both = cs("10.244.0.0/16", "fd00::/64")
    one = cluster("one", model="cni-overlay", pools=(home,), pod_cidrs=both)
    two = cluster("two", model="cni-overlay", pools=(home,))
    found = {each.names: each for each in decisions(studied(net, clusters=[one, two]))}
    assert found["one",].demand.needs == ("dual-stack", "shared-subnet")
    assert found["two",].demand.needs == ("shared-subnet",)
    kills = option(found["one",], "kubenet").kills
    assert texts(kills, "feature") == [
        "lacks IPv4 and IPv6",
        "lacks one subnet for several clusters",
    ]


def test_features_that_exclude_one_another_are_no_lack_of_the_model():
    decision = alone("cni-overlay", needs=("dual-stack", "network-policy=calico"))
    (told,) = texts(decision.shared)
    assert told.startswith("IPv4 and IPv6 does not go with Calico network policy")
    assert not decision.chosen.kills
    assert option(decision, "kubenet").killed_by.text == "lacks IPv4 and IPv6"
    assert f"Whatever the model: {told}." in decided(decision)
    assert f"Whatever the model: {told}." in shortly(decision)


def test_warnings_are_told_and_rule_nothing_out():
    decision = alone("cni-overlay", needs=("network-policy=azure",), nodes=250)
    found = decision.chosen
    assert found.kills == ()
    kinds = [each.kind for each in found.others]
    assert kinds == ["retirement", "advice"]
    assert "--" not in " ".join(texts((*found.others, *decision.shared)))
    assert [each.kind for each in decision.shared] == ["limit"]


@pytest.mark.parametrize(
    ("system", "as_of", "words"),
    [
        ("windows", date(2026, 9, 29), "ends its support of Azure NPM"),
        ("windows", date(2026, 9, 30), "ended its support of Azure NPM"),
        ("linux", date(2028, 9, 29), "ends its support of Azure NPM"),
    ],
)
def test_ends_of_features_are_told_by_the_day_and_of_pools_that_there_are(
    system, as_of, words
):
    shop = cluster(
        "shop",
        model="cni-node-subnet",
        pools=(pool(os=system),),
        needs=("network-policy=azure",),
    )
    (decision,) = decisions(studied(clusters=[shop], as_of=as_of))
    (told,) = texts(decision.chosen.others, "retirement")
    assert words.partition(" Azure")[0] in told
    assert f"({system.capitalize()})" in told


def test_where_no_page_says_it_is_said():
    found = option(alone("cni-node-subnet", needs=("virtual-nodes",)), "cni-dynamic")
    assert found.feasible is None
    assert texts(found.others, "unknown") == [
        "no page says whether it has virtual nodes (ACI)"
    ]
    words = decided(alone("cni-node-subnet", needs=("virtual-nodes",)))
    assert (
        "Of Azure CNI Pod Subnet, static block; Azure CNI Pod Subnet, dynamic "
        "allocation it can't be told: no page says whether it has virtual nodes (ACI)."
    ) in words


def test_without_nodes_nothing_is_worked_out():
    decision = alone("cni-overlay", nodes=None, unknown="pool a: a parameter")
    document = decision_document(decision)
    assert document["nodes"] is document["surge_nodes"] is None
    assert {each["vnet_addresses"] for each in document["options"]} == {None}
    assert not texts(decision.options[2].others, "cost")
    words = decided(decision)
    assert words.startswith(
        "shop uses Azure CNI Overlay, which Microsoft recommends in general: its node "
        "count is not known."
    )
    assert "it can't be told: node count: pool a: a parameter. As it exists" in words


@pytest.mark.parametrize(
    ("plugin", "why"),
    [("none", "a network plugin of its own"), (None, "what was read does not say")],
)
def test_a_model_that_is_not_known_is_not_guessed(plugin, why):
    decision = alone(None, network_plugin=plugin)
    assert decision.chosen is None
    document = decision_document(decision)
    assert document["model"] is None
    assert document["max_pods"] == [30]
    assert document["words"].startswith(
        f"Which network model shop has is not known: {why}."
    )
    assert "Azure CNI Node Subnet takes 310 VNet addresses" in document["words"]
    assert texts(option(decision, "cni-overlay").others, "cost") == [
        "takes 10 VNet addresses"
    ]


def test_pools_of_another_model_are_said_to_be_counted_otherwise():
    net = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
    mixed = pool(3, subnet=net.subnets[0].id, model="cni-dynamic")
    shop = cluster("shop", model="cni-static-block", pools=(mixed,))
    (decision,) = decisions(studied(net, clusters=[shop]))
    (told,) = texts(decision.chosen.others, "unknown")
    assert told == (
        "pool a has Azure CNI Pod Subnet, dynamic allocation, and is counted under "
        "this model here"
    )


def test_clusters_of_equal_demand_and_room_are_told_together():
    nets = [
        vnet(f"net{n}", f"10.{n}.0.0/{length}", subnets=[("nodes", f"10.{n}.0.0/24")])
        for n, length in ((1, 16), (2, 16), (3, 24))
    ]
    clusters = [
        cluster(f"shop{n}", model="cni-overlay", pools=(pool(subnet=e.subnets[0].id),))
        for n, e in enumerate(nets, 1)
    ]
    roomy, tight = decisions(studied(*nets, clusters=clusters))
    assert roomy.names == ("shop1", "shop2")
    assert tight.names == ("shop3",)
    assert "shop1, shop2 use Azure CNI Overlay" in decided(roomy)
    assert "each takes 10 VNet addresses" in decided(roomy)
    stay = "{} can't be changed: another model takes a new cluster."
    assert decided(roomy).endswith(stay.format("As they exist, they"))
    assert decided(tight).endswith(stay.format("As it exists, it"))


def test_of_several_clusters_the_one_is_named_whose_network_is_the_example():
    nets = [
        vnet(f"net{n}", f"10.{n}.0.0/24", subnets=[("nodes", f"10.{n}.0.0/24")])
        for n in (1, 2)
    ]
    clusters = [
        cluster(f"shop{n}", model=None, pools=(pool(subnet=e.subnets[0].id),))
        for n, e in enumerate(nets, 1)
    ]
    (found,) = decisions(studied(*nets, clusters=clusters))
    words = decided(found)
    assert words.startswith("Which network model shop1, shop2 have is not known")
    assert "net1, which has no free block, as at shop1" in words


def test_the_kind_with_the_most_nodes_in_all_comes_first():
    nets = [vnet("net", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/20")])]
    home = nets[0].subnets[0].id
    few = [
        cluster(n, model="cni-overlay", pools=(pool(10, subnet=home),)) for n in "ab"
    ]
    many = cluster("c", model="cni-overlay", pools=(pool(20, subnet=home),))
    found = decisions(studied(*nets, clusters=[*few, many]))
    assert [each.names for each in found] == [("a", "b"), ("c",)]


@pytest.mark.parametrize(
    ("own", "other", "words"),
    [
        (310, 10, "31 times as many VNet addresses (310 against 10)"),
        (311, 10, "more than 31 times as many VNet addresses (311 against 10)"),
        (20, 10, "2 times as many VNet addresses (20 against 10)"),
        (19, 10, "9 more VNet addresses (19 against 10)"),
        (10, 10, "as many VNet addresses (10)"),
        (9, 10, "1 fewer VNet addresses (9 against 10)"),
        (9, 0, "9 more VNet addresses (9 against 0)"),
    ],
)
def test_prices_are_compared_exactly(own, other, words):
    from ipplan.designs.reasons import _compared

    assert _compared(own, other) == words


def test_a_default_that_makes_models_unequal_is_said():
    found = ipplan.size(9)
    (told,) = price(found["cni-node-subnet"], found["cni-overlay"])
    assert told.text == (
        "takes 31 times as many VNet addresses (310 against 10), at its own default of "
        "30 pods a node"
    )


def test_each_standing_has_its_words():
    told = {name: advice(row).text for name, row in MODELS.items()}
    assert told["cni-overlay"] == "Microsoft recommends it in general"
    assert told["kubenet"].startswith("Microsoft retires it")
    assert told["cni-node-subnet"].startswith("Microsoft calls it legacy")
    assert told["cni-dynamic"].startswith("Microsoft supports it")


def found_room(net, shop, model="cni-dynamic", **more):
    looked = studied(*([net] if net else []), clusters=[shop], **more)
    return room_for(looked, shop, Sizing(MODELS[model], decisions(looked)[0].demand))


def test_room_is_unknown_where_networks_were_not_read():
    net = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
    shop = cluster("shop", model="cni-overlay", pools=(pool(subnet=net.subnets[0].id),))
    assert found_room(net, shop).fits
    assert found_room(net, shop, "kubenet") == (True, "")
    assert found_room(None, shop) == (None, "its node subnet was not read")
    spaceless = replace(net, prefixes=())
    assert found_room(spaceless, shop) == (
        None,
        "the address space of its VNet was not read",
    )
    told = texts(option(decisions(studied(clusters=[shop]))[0], "cni-dynamic").others)
    assert "whether there is room for it: its node subnet was not read" in told


def test_room_is_unknown_where_it_is_not_known_what_else_is_there():
    net = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
    net = replace(net, subnets=(replace(net.subnets[0], usage=9),))
    shop = cluster("shop", model="cni-overlay", pools=(pool(subnet=net.subnets[0].id),))
    assert found_room(net, shop) == (None, "what spoke/nodes must hold is not known")


def test_room_is_unknown_without_nodes_and_where_no_subnet_is_so_large():
    net = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
    home = net.subnets[0].id
    none = cluster("shop", model="cni-overlay", pools=(pool(None, subnet=home),))
    assert found_room(net, none) == (None, "its node count is not known")
    huge = cluster("shop", model="cni-overlay", pools=(pool(10**8, subnet=home),))
    assert found_room(net, huge, "cni-static-block") == (None, "")


def test_subnets_that_a_plan_leaves_to_the_layout_move(tmp_path):
    """Under node subnet there may be a /23 in the place of the subnet of nodes."""
    plan = """\
ipplan: 1
name: shop
address_pools:
  - {name: azure, ranges: [10.64.0.0/12]}
  - {name: pods, ranges: [100.64.0.0/10], use: pods}
  - {name: services, ranges: [172.20.0.0/14], use: services}
networks:
  - name: spoke
    location: westeurope
    ranges: [10.64.0.0/23]
    clusters:
      - name: shop
        model: cni-overlay
        pools: [{name: system, nodes: 9, max_pods: 30, mode: system}]
"""
    path = tmp_path / "plan.yaml"
    path.write_text(plan)
    found = study_of_layout(lay_out(read_layout_plan(str(path))), as_of=AS_OF)
    (decision,) = decisions(found)
    (told,) = texts(option(decision, "cni-node-subnet").others, "room")
    assert told == (
        "needs a /23 node subnet in spoke, whose largest free block is 10.64.0.0/23"
    )
