import re

import numpy as np
import pytest

import ipplan
from ipplan import NodePool, Surge
from ipplan.sizing.rules import RULES

SEVERITIES = {
    "max-pods-out-of-range": "error",
    "pods-exceed-max-pods": "error",
    "pool-pods-minimum": "error",
    "pool-node-limit": "error",
    "cluster-node-limit": "error",
    "kubenet-route-limit": "error",
    "no-node-subnet-fits": "error",
    "no-pod-range-fits": "error",
    "range-too-small": "error",
    "range-too-large": "error",
    "vnet-address-limit": "error",
    "vnet-free-too-small": "error",
    "feature-unsupported": "error",
    "features-exclude-each-other": "error",
    "model-retirement": "warning",
    "feature-retirement": "warning",
    "azure-npm-node-limit": "warning",
    "pool-count-limit": "warning",
    "no-nodes": "warning",
    "pod-ceiling": "warning",
    "observed-exceeds-range": "warning",
    "observed-needs-less": "note",
    "pods-may-exceed-ceiling": "note",
    "windows-max-pods": "note",
    "wasteful-max-pods": "note",
    "pools-spread": "note",
    "surge-of-zero": "note",
}
"""Decisions 2 and 17: what blocks, what warns, what is worth knowing."""


TENTH = Surge(percent=10)


def pool(nodes, max_pods=30, surge=TENTH, **words):
    return {"pools": [NodePool("web", nodes, max_pods, surge, **words)]}


def total(nodes, max_pods=30, surge=0, **words):
    return {"nodes": nodes, "max_pods": max_pods, "max_surge": surge, **words}


OVERLAY, KUBENET, NODE = "cni-overlay", "kubenet", "cni-node-subnet"
STATIC, DYNAMIC = "cni-static-block", "cni-dynamic"
NPM = {"needs": ["network-policy=azure"]}

# The rule, the model, what breaks it, the nearest that does not, a number it quotes.
CASES = [
    ("range-too-large", STATIC, total(3, pod_subnet="/11"), total(3, pod_subnet="/12"),
     "/12"),
    ("range-too-large", OVERLAY, total(3, pod_cidr="/7"), total(3, pod_cidr="/8"),
     "/8"),
    ("features-exclude-each-other", OVERLAY,
     total(3, needs=["dual-stack", "network-policy=calico"]),
     total(3, needs=["dual-stack"]), "Calico"),
    ("features-exclude-each-other", NODE,
     total(3, needs=["windows", "network-policy=cilium"]),
     total(3, needs=["windows", "network-policy=azure"]), "Windows"),
    ("features-exclude-each-other", OVERLAY,
     total(3, needs=["windows", "network-policy=azure"]),
     total(3, needs=["windows", "network-policy=calico"]), "Azure NPM"),
    ("pool-count-limit", OVERLAY, {"pools": [NodePool(f"p{i}", 3) for i in range(101)]},
     {"pools": [NodePool(f"p{i}", 3) for i in range(100)]}, "101"),
    ("no-nodes", OVERLAY, pool(0), pool(1), "2"),
    ("max-pods-out-of-range", OVERLAY, pool(9, 9), pool(9, 10), "9"),
    ("max-pods-out-of-range", STATIC, pool(9, 251), pool(9, 250), "251"),
    ("pods-exceed-max-pods", DYNAMIC, total(3, pods_per_node=31),
     total(3, pods_per_node=30), "31"),
    ("pods-exceed-max-pods", OVERLAY, total(3, pods_per_node=25, host_network_pods=6),
     total(3, pods_per_node=25, host_network_pods=5), "31"),
    ("pods-exceed-max-pods", NODE, total(3, host_network_pods=31),
     total(3, host_network_pods=30), "31"),
    ("pool-pods-minimum", OVERLAY, pool(2, 10), pool(3, 10), "20"),
    ("pool-pods-minimum", OVERLAY, pool(2, 14), pool(2, 15), "28"),
    ("pool-pods-minimum", NODE, pool(1, 29), pool(0, 29), "29"),
    ("pool-pods-minimum", NODE, total(1, 29), total(1, 30), "29"),
    ("pool-pods-minimum", NODE, total(2, 14, blue_green=True),
     total(2, 15, blue_green=True), "28"),
    ("pool-node-limit", OVERLAY, pool(990), pool(909), "1,089"),
    ("pool-node-limit", OVERLAY, pool(910), pool(909), "1,001"),
    ("pool-node-limit", OVERLAY, {**pool(910), "blue_green": True},
     {**pool(909), "blue_green": True}, "1,001"),
    ("pool-node-limit", OVERLAY, pool(1001, priority="spot"),
     pool(1000, priority="spot"), "1,001"),
    ("pool-node-limit", OVERLAY, pool(910), total(910, surge="10%"), "1,001"),
    ("cluster-node-limit", OVERLAY, total(4546, surge="10%"),
     total(4545, surge="10%"), "5,001"),
    ("cluster-node-limit", STATIC, total(5001), total(5000), "5,001"),
    ("kubenet-route-limit", KUBENET, total(400, surge=1), total(399, surge=1), "401"),
    ("kubenet-route-limit", KUBENET, total(391, other_routes=10),
     total(390, other_routes=10), "390"),
    ("no-node-subnet-fits", OVERLAY, total(2**30 - 4), total(2**30 - 5), "/2"),
    ("no-pod-range-fits", OVERLAY, total(65537), total(65536), "/8"),
    ("no-pod-range-fits", KUBENET, total(65537), total(65536), "/8"),
    ("no-pod-range-fits", STATIC, total(65535, 15), total(65534, 15), "/12"),
    ("no-pod-range-fits", DYNAMIC, total(2**26, 10, pods_per_node=8),
     total(2**26 - 1, 10, pods_per_node=8), "/2"),
    ("range-too-small", OVERLAY, total(252, node_subnet="/24"),
     total(251, node_subnet="/24"), "251"),
    ("range-too-small", OVERLAY, total(257, pod_cidr="/16"),
     total(256, pod_cidr="/16"), "65,536"),
    ("range-too-small", STATIC, total(15, 15, pod_subnet="/24"),
     total(14, 15, pod_subnet="/24"), "224"),
    ("range-too-small", DYNAMIC, total(16, 30, pods_per_node=8, pod_subnet="/24"),
     total(15, 30, pods_per_node=8, pod_subnet="/24"), "251"),
    ("vnet-address-limit", NODE, total(2049, 31), total(2048, 31), "65,568"),
    ("vnet-address-limit", NODE, total(2048, 31, extra_addresses=1),
     total(2048, 31), "65,537"),
    ("vnet-address-limit", DYNAMIC, total(3856, 10, pods_per_node=8),
     total(3855, 10, pods_per_node=8), "65,552"),
    ("vnet-address-limit", NODE, total(2200), {**total(2114)}, "65,536"),
    ("vnet-free-too-small", OVERLAY, total(12, vnet_free=["10.0.0.0/28"]),
     total(11, vnet_free=["10.0.0.0/28"]), "/27"),
    ("feature-unsupported", OVERLAY, total(3, needs=["virtual-nodes"]),
     total(3, needs=["windows"]), "Azure CNI Overlay"),
    ("feature-unsupported", KUBENET, pool(3, os="windows"), pool(3), "Windows"),
    ("model-retirement", KUBENET, total(3), None, "2028-03-31"),
    ("feature-retirement", OVERLAY, total(3, **NPM), total(3), "2028-09-30"),
    ("azure-npm-node-limit", NODE, total(251, **NPM), total(250, **NPM), "250"),
    ("azure-npm-node-limit", NODE, total(251, **NPM), total(251), "251"),
    ("pod-ceiling", OVERLAY, total(900, 250, pods=200_001),
     total(900, 250, pods=200_000), "200,001"),
    ("pod-ceiling", DYNAMIC, total(900, 250, pods=50_001),
     total(900, 250, pods=50_000), "50,000"),
    ("pod-ceiling", DYNAMIC, total(501, 110, pods_per_node=100),
     total(500, 110, pods_per_node=100), "50,100"),
    ("pod-ceiling", DYNAMIC, total(900, 250, pods=65_537),
     total(900, 250), "65,536"),
    ("pod-ceiling", STATIC, total(5000, 250, pods=1_000_001),
     total(5000, 250, pods=1_000_000), "1,000,000"),
    ("observed-exceeds-range", DYNAMIC,
     total(15, 30, pods_per_node=8, pod_subnet="/24"),
     total(14, 30, pods_per_node=8, pod_subnet="/24"), "255"),
    ("observed-needs-less", NODE, total(5, 50), total(4, 50), "245"),
    ("observed-needs-less", NODE, total(8, 31, node_subnet="/24"),
     total(7, 31, node_subnet="/24"), "240"),
    ("observed-needs-less", STATIC, total(10, 30), total(10, 15), "160"),
    ("pods-may-exceed-ceiling", OVERLAY, total(801, 250), total(800, 250), "200,250"),
    ("pods-may-exceed-ceiling", OVERLAY, total(801, 250),
     total(801, 250, pods_per_node=20), "200,000"),
    ("pods-may-exceed-ceiling", DYNAMIC, total(501, 100), total(500, 100), "50,100"),
    ("windows-max-pods", OVERLAY, pool(3, 111, os="windows"),
     pool(3, 110, os="windows"), "110"),
    ("windows-max-pods", OVERLAY, pool(3, 111, os="windows"), pool(3, 111), "111"),
    ("wasteful-max-pods", STATIC, total(3, 30), total(3, 31), "31"),
    ("wasteful-max-pods", STATIC, total(3, 32), total(3, 47), "15"),
    ("wasteful-max-pods", STATIC, total(3, 110), total(3, 111), "111"),
    ("pools-spread", OVERLAY, total(910, surge="10%"), total(909, surge="10%"), "2"),
    ("pools-spread", NODE, total(2001), total(1000), "3"),
    ("surge-of-zero", OVERLAY, pool(3, 30, Surge(0)), pool(3, 30, Surge(1)),
     "maxSurge"),
    ("surge-of-zero", OVERLAY, pool(3, 30, Surge(0)),
     pool(3, 30, Surge(0), priority="spot"), "web"),
    ("surge-of-zero", OVERLAY, pool(3, 30, Surge(0)), pool(0, 30, Surge(0)), "0"),
]  # fmt: skip
IDS = [f"{case[0]}-{case[1]}-{index}" for index, case in enumerate(CASES)]


def broken(rule, model, words):
    found = ipplan.size(model=model, **words)
    return [each for each in found.findings if each.rule == rule]


@pytest.mark.parametrize(("rule", "model", "bad", "good", "quoted"), CASES, ids=IDS)
def test_a_rule_finds_what_breaks_it_and_nothing_beside(rule, model, bad, good, quoted):
    found = broken(rule, model, bad)
    assert found
    assert any(quoted in each.message for each in found)
    for each in found:
        assert each.severity.value == SEVERITIES[rule]
        assert each.source.startswith("https://")
        assert "{" not in each.message
    if good is not None:
        assert not broken(rule, model, good)


@pytest.mark.parametrize(("rule", "model", "bad", "good", "quoted"), CASES, ids=IDS)
def test_errors_and_only_errors_make_it_infeasible(rule, model, bad, good, quoted):
    del good, quoted
    found = ipplan.size(model=model, **bad)
    severities = {each.severity.value for each in found.findings}
    assert ("error" in severities) == (found.feasible is False)
    if SEVERITIES[rule] == "error":
        assert found.feasible is False


ARRAYS = [case for case in CASES if case[3] and "nodes" in case[2] and
          set(case[2]) == set(case[3]) and "vnet_free" not in case[2]
          and case[0] != "range-too-large"  # ranges are not what varies here
          and case[2].get("needs") == case[3].get("needs")]  # fmt: skip


@pytest.mark.parametrize(("rule", "model", "bad", "good", "quoted"), ARRAYS)
def test_a_mask_is_true_where_the_rule_is_broken(rule, model, bad, good, quoted):
    del quoted
    words = {
        key: np.array([bad[key], good[key]])
        if isinstance(bad[key], int) and not isinstance(bad[key], bool)
        and key not in {"other_routes", "pods"}
        else bad[key]
        for key in bad
    }  # fmt: skip
    mask = np.broadcast_to(ipplan.size(model=model, **words).masks[rule], 2)
    if "pods" in bad and bad["pods"] != good["pods"]:
        assert mask.tolist() == [True, True]
    else:
        assert mask.tolist() == [True, False]


def test_every_rule_is_broken_by_a_case_and_has_its_severity():
    assert {rule.name: rule.severity.value for rule in RULES} == SEVERITIES
    assert {case[0] for case in CASES} == set(SEVERITIES)


def test_errors_are_reported_before_warnings_and_notes():
    order = [rule.severity.value for rule in RULES]
    ranks = {"error": 0, "warning": 1, "note": 2}
    assert order == sorted(order, key=ranks.__getitem__)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_in_one_line_what_it_asks_for(rule):
    assert rule.summary.endswith(".")
    assert rule.name == rule.hits.__name__.replace("_", "-")


@pytest.mark.parametrize("max_pods", range(10, 251))
def test_advice_on_waste_is_itself_allowed(max_pods):
    for each in broken("wasteful-max-pods", STATIC, total(9, max_pods)):
        numbers = [int(text) for text in re.findall(r"\d+", each.message)]
        assert max(numbers) <= 250


def test_16n_minus_1_wastes_nothing():
    free = [pods for pods in range(10, 251)
            if not broken("wasteful-max-pods", STATIC, total(9, pods))]  # fmt: skip
    assert [pods for pods in free if pods <= 239] == [16 * n - 1 for n in range(1, 16)]


def test_a_rule_that_can_not_speak_of_a_model_is_silent():
    assert not broken("kubenet-route-limit", OVERLAY, total(4000))
    assert not broken("vnet-address-limit", STATIC, total(4000, 250))
    assert not broken("wasteful-max-pods", NODE, total(40))


def test_a_mention_of_no_fitting_range_names_a_way_out():
    (found,) = broken("no-pod-range-fits", STATIC, total(65535, 15))
    assert "1,048,544" in found.message
