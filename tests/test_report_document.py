"""The report as a document: by its schema, by hand, and against other commands."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

import ipplan
from ipplan import Inventory, NodePool, Surge, read_inventory
from ipplan.designs.answers import answers
from ipplan.designs.assumptions import assumptions
from ipplan.designs.decisions import decisions
from ipplan.designs.egresses import egresses
from ipplan.designs.gaps import gaps
from ipplan.designs.margins import margins
from ipplan.designs.permanences import permanences
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.checks import check_document
from ipplan.documents.inventories import inventory_document
from ipplan.documents.reports import report_document
from ipplan.inventory.origins import Skipped
from ipplan.layouts.layouts import lay_out
from ipplan.limits import LIMITS
from ipplan.models import MODELS
from ipplan.readers.layouts import read_layout_plan
from ipplan.schemas import json_schema
from tests.estates import estates
from tests.test_check_core import cs, vnet
from tests.test_decisions import AS_OF, BASELINE, cluster, pool, studied

LAYOUTS = sorted(Path("tests/data/layouts").glob("*.yaml"))
HTTP_PROXY = "estates/create-and-update-with-http-proxy-config"
GORDION = "tf-plans/zodiac/aks-main-terraform.json"
UNSAID = "tf-plans/zodiac/devops-main-infrastructure-azure.json"
REPRO = "tf-plans/zodiac/repro-502-main-terraform.json"


VALIDATOR = jsonschema.Draft202012Validator(json_schema("report"))
FULL = {"cni-node-subnet": 444, "cni-static-block": 452, "cni-dynamic": 516}
SMALL = {"cni-node-subnet": 93, "cni-static-block": 771, "cni-dynamic": 819}
TWO = {"cni-node-subnet": 248, "cni-static-block": 2056, "cni-dynamic": 2184}
"""VNet addresses of three real clusters, worked out by hand."""


@pytest.fixture(scope="module")
def baseline():
    return study_of_layout(lay_out(read_layout_plan(BASELINE)), as_of=AS_OF)


def real(corpus, *names):
    files = [str(corpus / each) for each in names]
    return study(read_inventory(*files), "real", as_of=AS_OF)


def validate(document):
    VALIDATOR.validate(json.loads(json.dumps(document)))


@given(estates())
def test_reports_of_random_estates_are_of_the_schema_and_size_as_check_does(found):
    looked = study(found, "random", as_of=AS_OF)
    document = report_document(looked)
    VALIDATOR.validate(document)
    taken = {e.id: each.vnet_addresses for e, each in looked.survey.standings}
    for each in decisions(looked):
        assert sorted(e.model.name for e in each.options) == sorted(MODELS)
        for one in each.clusters:
            if each.chosen:
                assert each.chosen.sizing.vnet_addresses == taken[one.id]
    told = Counter(e for each in document["decisions"] for e in each["clusters"])
    assert told == Counter(map(looked.survey.called, looked.clusters))
    assert len(document["egress"]) == len(margins(looked)) == len(looked.clusters)


def answered(found):
    made, kept = decisions(found), permanences(found)
    missing = gaps(found, made, kept, egresses(found), ())
    told = answers(found, made, margins(found), kept, missing)
    return {each.question.partition(" ")[2].rstrip("?"): each for each in told}


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_reports_of_plans_are_of_the_schema(path):
    layout = lay_out(read_layout_plan(str(path)))
    document = report_document(study_of_layout(layout, as_of=AS_OF))
    validate(document)
    assert document["proposed"] is True
    assert [each["model"] for each in document["decisions"]]


@pytest.mark.parametrize("name", [HTTP_PROXY, GORDION, UNSAID, REPRO])
def test_reports_of_real_estates_are_of_the_schema(corpus, name):
    document = report_document(real(corpus, name))
    validate(document)
    assert document["proposed"] is False


def test_the_baseline_answers_the_five_questions(baseline):
    document = report_document(baseline)
    told = {each["question"]: each for each in document["answers"]}
    assert list(told) == [
        "Which network model, and why not the others?",
        "How many nodes are left?",
        "What can't be changed later?",
        "What is to be fixed first?",
        "What is not known?",
    ]
    which, left, lasting, first, unknown = told.values()
    assert which["answer"] == (
        "aks-bu0001a0008: Azure CNI Overlay: the fewest VNet addresses (13), "
        "recommended by Microsoft in general, it has Cilium network policy, "
        "Application Gateway ingress (AGIC). kubenet is ruled out: lacks Cilium "
        "network policy. Azure CNI Node Subnet is possible: takes 31 times as many "
        "VNet addresses (403 against 13). Azure CNI Pod Subnet, static block is "
        "possible: takes 33 times as many VNet addresses (429 against 13). Azure "
        "CNI Pod Subnet, dynamic allocation is possible: takes 49 times as many "
        "VNet addresses (637 against 13)."
    )
    assert document["decisions"][0]["planned"] == [
        "node subnet needs a /27, planned /22",
        "pod CIDR needs a /20, planned /16",
    ]
    full = "182 nodes more in any one pool, until pod CIDR 192.168.0.0/16 is full"
    assert left["answer"] == f"aks-bu0001a0008: {full}."
    assert lasting["answer"] == (
        "Fixed for good, or with one way out: network model Azure CNI Overlay; API "
        "server in vnet-spoke-bu0001a0008-00/snet-apiserver; VNet "
        "vnet-spoke-bu0001a0008-00. Only by a new pool or subnet: subnet "
        "vnet-spoke-bu0001a0008-00/snet-clusternodes 10.240.0.0/22; max pods 30 of "
        "pools system, user. Not known whether: service CIDR 172.16.0.0/16 with DNS "
        "service IP 172.16.0.10; network policy cilium."
    )
    assert first["answer"] == (
        f"Nothing: no error and no warning. Watch aks-bu0001a0008: {full}. "
        "The fullest subnet is snet-apiserver 10.240.7.0/28: 2 of 11 free."
    )
    assert unknown["answer"] == (
        "no network on premises was stated: what is there may collide; "
        "aks-bu0001a0008: the public IPs of the firewall vnet-eastus2-hub-firewall "
        "(10.200.0.4); service CIDR 172.16.0.0/16 with DNS service IP 172.16.0.10, "
        "network policy cilium: whether it can change; 1 more."
    )
    assert document["not_known"][-1] == (
        "AzureFirewallSubnet, GatewaySubnet, AzureBastionSubnet: how much is in use"
    )
    pods = document["rooms"][-1]
    assert pods["why"] == ["(9 nodes + 4 surge) × 256, a /24 a node: 3,328"]
    states = [each["state"] for each in document["answers"]]
    assert states == ["good", "good", "plain", "good", "unknown"]


def test_the_baseline_leaves_by_the_firewall(baseline):
    (found,) = report_document(baseline)["egress"]
    assert found["inside"] == "the node's IP"
    assert found["inside_cidrs"] == ["10.240.0.0/22"]
    assert found["outside"].endswith("vnet-eastus2-hub-firewall (10.200.0.4)")
    told = [found["ports"], found["public_addresses"], found["fits"]]
    assert told == [None, None, True]


def test_findings_unknown_and_coverage_are_those_of_check_and_inventory(corpus):
    found = real(corpus, HTTP_PROXY)
    document, checked = report_document(found), check_document(found.checkup)
    for key in ("findings", "summary", "unknown", "inventory", "complete", "as_of"):
        assert document[key] == checked[key]
    listed = inventory_document(found.inventory)
    assert document["coverage"] == listed["coverage"]
    assert document["skipped"] == len(checked["skipped"])


@pytest.mark.parametrize(
    ("name", "nodes", "taken", "left"),
    [
        # 4 x 111; 4 x 7 x 16 + 4; 4 x 8 x 16 + 4
        (HTTP_PROXY, [3, 1], {"kubenet": 4, "cni-overlay": 4, **FULL}, 225),
        # 3 x 31; 3 x (16 x 16 + 1); 3 x (17 x 16 + 1)
        (GORDION, [2, 1], {"kubenet": 3, "cni-overlay": 3, **SMALL}, 5),
        # 8 x 31; 8 x 257; 8 x 273
        (REPRO, [6, 2], {"kubenet": 8, "cni-overlay": 8, **TWO}, None),
    ],
)
def test_real_clusters_are_decided_as_worked_out(corpus, name, nodes, taken, left):
    found = real(corpus, name)
    (decision,) = report_document(found)["decisions"]
    (shop,) = found.clusters
    assert decision["model"] == decision["options"][0]["model"] == shop.model
    assert [decision["nodes"], decision["surge_nodes"]] == nodes
    assert {e["model"]: e["vnet_addresses"] for e in decision["options"]} == taken
    sized = ipplan.size(pools=list(shop.pools), needs=list(shop.needs))
    for each in decision["options"]:
        assert each["vnet_addresses"] == sized[each["model"]].vnet_addresses
        assert each["feasible"] == sized[each["model"]].feasible
    (margin,) = margins(found)
    assert left in {None, margin.nodes}


def test_a_real_cluster_on_kubenet_has_to_leave_it(corpus):
    told = answered(real(corpus, HTTP_PROXY))
    which = told["network model, and why not the others"]
    assert which.answer.startswith("kubenet has to be left")
    assert which.state == "warn"
    first = told["is to be fixed first"]
    assert "support for kubenet ends on 2028-03-31" in first.answer
    assert "Fix: move to Azure CNI Overlay" in first.answer
    assert first.state == "warn"


def test_a_real_cluster_of_no_known_model_is_unknown(corpus):
    which, left, *_ = answered(real(corpus, UNSAID)).values()
    assert which.state == left.state == "unknown"
    assert which.answer.startswith("Which network model bugtracker-ms02 has is not")
    assert left.answer == (
        "bugtracker-ms02: not known, as its network model is not known."
    )


def test_of_nothing_nothing_is_said():
    found = study(Inventory(), "nothing", as_of=AS_OF)
    document = report_document(found)
    validate(document)
    told = [each["answer"] for each in document["answers"]]
    assert told == [
        "There are no clusters.",
        "There are no clusters.",
        "Nothing that was read is fixed.",
        "Nothing: no error and no warning.",
        "Nothing that the rules ask for.",
    ]
    assert len(document["assumptions"]) == 1


NET = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/22")])
HOME = NET.subnets[0].id
PODS = cs("100.64.0.0/12")


def shops(count, **more):
    more.setdefault("pods", PODS)
    pods = more.pop("pods")
    home = (pool(subnet=HOME),)
    return [
        cluster(f"shop{n}", **{"pools": home, "pod_cidrs": pods, **more})
        for n in range(count)
    ]


def test_of_many_clusters_the_worst_are_told_and_the_others_counted():
    clusters = [
        *shops(3),
        cluster("old", model="kubenet", pools=(pool(),), pod_cidrs=PODS),
        cluster("open", model=None, pools=(pool(),)),
    ]
    which, left, lasting, *_ = answered(studied(NET, clusters=clusters)).values()
    assert which.state == "warn"
    assert which.answer.startswith(
        "5 clusters: 3 with Azure CNI Overlay, 1 with kubenet, 1 with a model that is "
        "not known. kubenet has to be left"
    )
    assert left.answer.startswith("old: 390 nodes more in any one pool, until 400 ")
    assert left.answer.endswith(
        "; 1 cluster more with as many or more; of 1 cluster it is not known."
    )
    assert "network model Azure CNI Overlay and kubenet" in lasting.answer


def test_what_is_fixed_in_many_ways_is_counted():
    clusters = [
        cluster(f"s{n}", service_cidrs=cs(f"172.{n}.0.0/16"), pools=(pool(max_pods=n),))
        for n in range(16, 19)
    ]
    lasting = answered(studied(clusters=clusters))["can't be changed later"]
    assert "3 service CIDRs" in lasting.answer
    assert "3 values of max pods" in lasting.answer


@pytest.mark.parametrize(("nodes", "state"), [(10, "good"), (11, "warn"), (12, "bad")])
def test_room_is_good_none_is_a_warning_and_less_is_bad(nodes, state):
    """A /28 has 11 addresses: for 10 + 1, none more; 11 + 1 are one too many."""
    net = vnet("spoke", "10.1.0.0/24", subnets=[("nodes", "10.1.0.0/28")])
    shop = cluster(
        "shop",
        pod_cidrs=PODS,
        pools=(NodePool("a", nodes - 1, 30, Surge(1), subnet=net.subnets[0].id),),
    )
    left = answered(studied(net, clusters=[shop]))["many nodes are left"]
    assert left.state == state
    told = {
        "good": "shop: 1 node more in any one pool, until subnet spoke/nodes "
        "10.1.0.0/28 is full.",
        "warn": "shop: 0 nodes more in any one pool, until subnet spoke/nodes "
        "10.1.0.0/28 is full.",
        "bad": "shop: 1 node too many, as subnet spoke/nodes 10.1.0.0/28 is full.",
    }
    assert left.answer == told[state]


def test_the_first_error_is_told_with_its_fix_and_how_many_follow():
    shop = cluster("shop", pod_cidrs=cs("10.1.0.0/17"), pools=(pool(subnet=HOME),))
    found = studied(NET, clusters=[shop])
    first = answered(found)["is to be fixed first"]
    worst = found.findings[0]
    assert first.state == "bad"
    assert first.answer.startswith(f"{worst.message}. Fix: {worst.fix}.")
    more = sum(e.severity.value != "note" for e in found.findings) - 1
    assert f"{more} finding" in first.answer or not more


def test_a_finding_without_a_fix_says_so(baseline):
    finding = study_with_finding(baseline)
    told = answered(finding)["is to be fixed first"]
    assert told.answer == "broken. No fix was found that holds. 1 finding more."


def study_with_finding(base):
    error = ipplan.Severity.ERROR
    one = ipplan.Finding("x", error, "broken", "https://example.org/x")
    return replace(base, findings=(one, one))


def test_a_chosen_model_without_room_is_bad_and_an_unknown_one_unknown():
    net = vnet("spoke", "10.1.0.0/24", subnets=[("nodes", "10.1.0.0/29")])
    home = net.subnets[0].id
    tight = cluster("shop", pod_cidrs=PODS, pools=(pool(subnet=home),))
    which, *_ = answered(studied(net, clusters=[tight])).values()
    assert which.state == "bad"
    silent = cluster("shop", pools=(pool(None, unknown="pool a: a parameter"),))
    which, left, *_ = answered(studied(net, clusters=[silent])).values()
    assert which.state == left.state == "unknown"


def test_what_is_not_known_is_counted_beyond_three():
    clusters = [cluster(f"s{n}", model=None, pools=(pool(),)) for n in range(5)]
    found = studied(clusters=clusters)
    skipped = (Skipped("a.json", "not an object"),)
    whole = replace(found.inventory, skipped=skipped, incomplete=("a second page",))
    found = study(whole, "all", as_of=AS_OF)
    unknown = answered(found)["is not known"]
    assert unknown.state == "unknown"
    model = "s0, s1, s2, s3, s4: its network model is not said"
    assert unknown.answer.startswith(f"a second page; {model}; ")
    # and what was skipped, the public IPs of the five, and whether ranges can change
    assert len({each.reason for each in found.checkup.unknown}) == 2
    assert unknown.answer.endswith("; 3 more.")
    only = study(Inventory(skipped=skipped), "all", as_of=AS_OF)
    assert answered(only)["is not known"].answer == "1 object skipped."


def told_by(found):
    return [each.text for each in assumptions(found)]


def test_assumptions_are_dated_and_name_whom_they_are_about():
    clusters = shops(2, needs=("direct-pod-access",))
    clusters += [cluster("other", pools=(NodePool("a", 3),), assumed=("pod_cidrs",))]
    found = assumptions(studied(clusters=clusters))
    by_text = {each.text: each for each in found}
    assert "nothing outside has to reach pods by their own addresses: other" in by_text
    assert "other has AKS's defaults where nothing is said: pod cidrs" in by_text
    surge = by_text["pools that state no other max surge surge by 10%"]
    assert (surge.as_of, surge.source) == (
        LIMITS["max-surge"].checked,
        LIMITS["max-surge"].source,
    )
    pods = by_text["pools of Azure CNI Overlay that state no max pods have 250 a node"]
    assert pods.source == LIMITS["max-pods-overlay"].source
    assert found[0].as_of == AS_OF
    assert found[0].text.startswith("nothing outside has to reach pods")
    direct = told_by(studied(clusters=shops(1, needs=("direct-pod-access",))))
    assert not any("reach pods" in each for each in direct)


def test_of_many_clusters_with_defaults_ten_are_named():
    many = told_by(studied(clusters=shops(12, assumed=("pod_cidrs",))))
    assert sum("AKS's defaults" in each for each in many) == 10
    assert "so do 2 more clusters" in many


def test_what_a_plan_takes_for_granted_is_told_too(baseline):
    assert "pods are drawn" in told_by(replace(baseline, assumed=("pods are drawn",)))


def test_every_page_is_among_the_sources_with_its_day(baseline, corpus):
    for found in (baseline, real(corpus, HTTP_PROXY)):
        document = report_document(found)
        pages = {each["url"]: each for each in document["sources"]}
        assert list(pages) == sorted(pages)
        named = {each["source"] for each in document["findings"]}
        named |= {each["source"] for each in document["permanences"]}
        named |= {each["source"] for each in document["egress"]}
        named |= {each["change_source"] for each in document["rooms"]}
        named |= {
            reason["source"]
            for decision in document["decisions"]
            for option in decision["options"]
            for reason in option["reasons"]
            if reason["source"]
        }
        assert named <= pages.keys()
        for name, row in LIMITS.items():
            if row.source in pages:
                assert name in pages[row.source]["used_for"]
                day = date.fromisoformat(pages[row.source]["checked"])
                assert day >= row.checked


def test_the_pages_of_rules_in_the_matrix_are_sources():
    shop = cluster("shop", pod_cidrs=cs("10.1.128.0/17"), pools=(pool(subnet=HOME),))
    document = report_document(studied(NET, clusters=[shop]))
    named = Counter(
        rule
        for row in document["matrix"]
        for cell in row["cells"]
        for rule in cell["rules"]
    )
    used = {each for page in document["sources"] for each in page["used_for"]}
    assert named
    assert set(named) <= used


def test_findings_around_a_plan_are_counted_apart(baseline):
    assert report_document(baseline)["others"] == {"error": 0, "warning": 0, "note": 0}


def test_what_clusters_and_networks_it_speaks_of_is_told_by_ids(baseline):
    document = report_document(baseline, {"files": ["a.yaml"]})
    (cluster,) = baseline.clusters
    own = [cluster.id]
    assert document["input"] == document["map"]["input"] == {"files": ["a.yaml"]}
    assert [each["cluster_ids"] for each in document["decisions"]] == [own]
    assert [each["cluster_id"] for each in document["egress"]] == own
    assert all(each["cluster_ids"] == own for each in document["permanences"])
    networks = {each.id for each in baseline.vnets}
    for each in document["rooms"]:
        is_subnet = each["kind"] == "subnet"
        assert (each["network_id"] in networks) is is_subnet
        assert is_subnet or each["network_id"] is None
