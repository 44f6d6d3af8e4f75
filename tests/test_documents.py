import json
from copy import deepcopy

import jsonschema
import pytest

import ipplan
from ipplan import Cluster, NodePool, Surge
from ipplan.documents import sizes as documents
from ipplan.schemas import json_schema

INT, TEXT, FLAG, LIST, MAP = int, str, bool, list, dict
NONE = type(None)

# The contract of the issue, key by key.
SIZE = {
    "kind": (TEXT,),
    "version": (TEXT,),
    "rules_as_of": (TEXT,),
    "input": (MAP,),
    "scenarios": (LIST,),
}
SCENARIO = {
    "cluster": (TEXT, NONE),
    "pools": (LIST,),
    "assumptions": (LIST,),
    "recommendation": (MAP, NONE),
    "models": (LIST,),
}
SIZE_MODEL = {
    "model": (TEXT,),
    "feasible": (FLAG, NONE),
    "unknown": (LIST,),
    "nodes": (INT, NONE),
    "surge_nodes": (INT, NONE),
    "max_pods": (INT, NONE),
    "node_subnets": (LIST,),
    "pod_ranges": (LIST,),
    "vnet_addresses": (INT, NONE),
    "grows_to": (MAP,),
    "egress_source": (TEXT,),
    "observed": (LIST,),
    "findings": (LIST,),
}
RANGE = {
    "kind": (TEXT,),
    "pools": (LIST,),
    "addresses": (INT,),
    "addresses_with_reserved": (INT,),
    "prefix_length": (INT, NONE),
    "usable": (INT, NONE),
    "free": (INT, NONE),
}
GROWS = {"nodes": (INT, NONE), "bound_by": (TEXT, NONE)}
OBSERVED = {
    "what": (TEXT,),
    "range": (TEXT,),
    "addresses": (INT,),
    "basis": (TEXT,),
    "source": (TEXT,),
}
FINDING = {"rule": (TEXT,), "severity": (TEXT,), "message": (TEXT,), "source": (TEXT,)}
BEST = {"model": (TEXT,), "reason": (TEXT,)}
FIT_MODEL = {
    "model": (TEXT,),
    "feasible": (FLAG, NONE),
    "max_nodes": (INT,),
    "max_nodes_without_surge": (INT,),
    "max_pods_total": (INT,),
    "bound_by": (TEXT,),
    "sought": (MAP, NONE),
    "findings": (LIST,),
}
SOUGHT = {"name": (TEXT,), "value": (INT, NONE)}

PLANS = {
    "plain": lambda: ipplan.size(300, 30),
    "defaults": lambda: ipplan.size(300),
    "one default": lambda: ipplan.size(300, model=["kubenet"]),
    "too many": lambda: ipplan.size(2**32 - 1, 250),
    "unknown": lambda: ipplan.size(unknown=["node count: state --nodes N"]),
    "unsure": lambda: ipplan.size(3, 30, needs=["virtual-nodes"]),
    "pools": lambda: ipplan.size(
        pools=[
            NodePool("a", 3, 30, subnet="x", pod_subnet="p"),
            NodePool("b", 5, 110, Surge(1), os="windows", subnet="y", pod_subnet="q"),
            NodePool("c", 0, None, priority="spot", host_network_pods=3),
        ]
    ),
    "free": lambda: ipplan.size(3, 30, vnet_free=["10.0.0.0/25"]),
    "everything": lambda: ipplan.size(
        30,
        60,
        max_surge="33%",
        add_nodes=3,
        growth=20,
        pods_per_node=20,
        host_network_pods=4,
        extra_addresses=9,
        blue_green=True,
        needs=["windows", "network-policy=azure"],
        other_routes=3,
        pod_cidr="/12",
    ),
}
FITS = {
    "plain": lambda: ipplan.fit("/24", max_pods=30),
    "most pods": lambda: ipplan.fit("/22", nodes=12),
    "most surge": lambda: ipplan.fit("/22", nodes=12, max_pods=30),
    "nothing": lambda: ipplan.fit("/29", nodes=50),
    "all ranges": lambda: ipplan.fit(
        "/24", pod_subnet="/20", pod_cidr="/16", in_use=7, needs=["windows"]
    ),
}


PROD = Cluster("prod", (), "kubenet")


def size_document(name):
    scenario = documents.size_scenario(PLANS[name](), PROD, explained=True)
    return documents.size_document([scenario], {"nodes": 300})


def fit_document(name):
    return documents.fit_document(FITS[name](), {"node_subnet": "/24"})


def strict(schema):
    """The schema with no key allowed that it does not describe."""
    schema = deepcopy(schema)
    for part in [schema, *schema.get("$defs", {}).values()]:
        if part.get("type") == "object" and "properties" in part:
            part["additionalProperties"] = False
    return schema


def holds(found, contract):
    for key, kinds in contract.items():
        assert key in found
        # bool is an int in Python and not in the contract.
        assert type(found[key]) in kinds, key


@pytest.mark.parametrize("name", PLANS)
def test_a_size_document_is_what_its_schema_describes_and_no_more(name):
    document = json.loads(json.dumps(size_document(name)))
    jsonschema.validate(document, strict(json_schema("size")))


@pytest.mark.parametrize("name", FITS)
def test_a_fit_document_is_what_its_schema_describes_and_no_more(name):
    document = json.loads(json.dumps(fit_document(name)))
    jsonschema.validate(document, strict(json_schema("fit")))


@pytest.mark.parametrize("name", PLANS)
def test_a_size_document_keeps_the_contract(name):
    document = size_document(name)
    holds(document, SIZE)
    assert document["kind"] == "ipplan.size"
    assert document["version"] == ipplan.__version__
    assert document["rules_as_of"] == "2026-08-21"
    (scenario,) = document["scenarios"]
    holds(scenario, SCENARIO)
    if scenario["recommendation"]:
        holds(scenario["recommendation"], BEST)
    for model in scenario["models"]:
        holds(model, SIZE_MODEL)
        holds(model["grows_to"], GROWS)
        for part, contract in (
            ("node_subnets", RANGE),
            ("pod_ranges", RANGE),
            ("observed", OBSERVED),
            ("findings", FINDING),
        ):
            for each in model[part]:
                holds(each, contract)
        for each in model["observed"]:
            assert each["what"] in {"pre-flight", "held"}
            assert "observed" in each["basis"]
        errors = [f for f in model["findings"] if f["severity"] == "error"]
        assert (model["feasible"] is False) == bool(errors)
        if model["feasible"] is None:
            assert model["unknown"]


@pytest.mark.parametrize("name", FITS)
def test_a_fit_document_keeps_the_contract(name):
    document = fit_document(name)
    holds(document, SIZE)
    assert document["kind"] == "ipplan.fit"
    (scenario,) = document["scenarios"]
    holds(scenario, SCENARIO)
    for model in scenario["models"]:
        holds(model, FIT_MODEL)
        if model["sought"]:
            holds(model["sought"], SOUGHT)
        for each in model["findings"]:
            holds(each, FINDING)


def test_the_strict_schema_refuses_a_key_that_it_does_not_describe():
    document = json.loads(json.dumps(size_document("plain")))
    document["scenarios"][0]["models"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.validate(document, strict(json_schema("size")))


def models(name):
    (scenario,) = size_document(name)["scenarios"]
    return {each["model"]: each for each in scenario["models"]}


def test_pools_that_share_a_range_are_a_list_of_one():
    for model in models("plain").values():
        assert len(model["node_subnets"]) == 1
        assert len(model["pod_ranges"]) <= 1


def test_pools_with_subnets_of_their_own_have_a_range_each():
    found = models("pools")
    assert [each["pools"] for each in found["cni-dynamic"]["node_subnets"]] == [
        ["a"],
        ["b"],
        ["c"],
    ]
    assert [each["pools"] for each in found["cni-overlay"]["pod_ranges"]] == [
        ["a", "b", "c"]
    ]


def test_a_pod_cidr_reserves_nothing_and_a_subnet_five():
    for model in models("plain").values():
        for each in model["pod_ranges"]:
            reserved = 0 if each["kind"] == "pod-cidr" else 5
            assert each["addresses_with_reserved"] == each["addresses"] + reserved
        for each in model["node_subnets"]:
            assert each["addresses_with_reserved"] == each["addresses"] + 5


def test_a_prefix_that_azure_has_not_is_null():
    for model in models("too many").values():
        (subnet,) = model["node_subnets"]
        assert [subnet[key] for key in ("prefix_length", "usable", "free")] == [
            None
        ] * 3


def test_the_first_line_says_that_defaults_compare_unequal_pods():
    (scenario,) = size_document("defaults")["scenarios"]
    assert "pods are not equal" in " ".join(scenario["assumptions"])
    (alone,) = size_document("one default")["scenarios"]
    assert "max pods 110" in " ".join(alone["assumptions"])


def test_assumptions_say_what_was_taken_for_granted():
    def told(name):
        return " ".join(size_document(name)["scenarios"][0]["assumptions"])

    assert "surge 10% (AKS default)" in told("plain")
    assert "full nodes" in told("plain")
    assert "no host-network pods" in told("plain")
    assert "no other resources" in told("plain")
    everything = told("everything")
    for part in ("33%", "20 pods", "4 host-network", "9 other addresses", "blue/green",
                 "3 other routes", "/12"):  # fmt: skip
        assert part in everything
    assert "spot pools do not surge: c" in told("pools")
    unbound = fit_document("plain")["scenarios"][0]["assumptions"]
    assert any("pod cidr" in each.lower() and "none bounds" in each for each in unbound)
    bound = fit_document("all ranges")["scenarios"][0]["assumptions"]
    assert not any("none bounds" in each for each in bound)


def test_what_the_api_server_takes_is_said():
    pools = (NodePool("a", 3, 30),)

    def told(**words):
        found = Cluster("prod", pools, "kubenet", **words)
        scenario = documents.size_scenario(ipplan.size_cluster(found), found)
        assert (scenario["cluster"], scenario["current_model"]) == ("prod", "kubenet")
        return " ".join(scenario["assumptions"])

    apart = told(vnet_integration=True)
    assert "9 addresses, /28 or larger" in apart
    assert "private endpoint" in told(private=True)
    assert "API server" not in told()


def test_a_reason_says_why_the_model_comes_first():
    def reason(plan):
        return documents.size_scenario(plan)["recommendation"]["reason"]

    assert "31 times fewer" in reason(ipplan.size(300, 30))
    assert "Microsoft recommends" in reason(ipplan.size(300, 30))
    assert "only model asked for" in reason(ipplan.size(300, 30, model=["kubenet"]))
    close = ipplan.size(3, 30, model=["cni-node-subnet", "kubenet"])
    assert "feasible legacy models (kubenet takes 4" in reason(close)
    flat = ipplan.size(300, 31, needs=["direct-pod-access"])
    assert "fewest VNet addresses of the feasible supported models" in reason(flat)


def test_placements_say_where_and_null_for_nowhere():
    found = models("free")
    (placed,) = found["cni-overlay"]["placements"]
    assert placed == {"range": "node-subnet", "cidr": "10.0.0.0/28"}
    cidrs = {each["cidr"] for each in found["cni-dynamic"]["placements"]}
    assert None in cidrs
    assert found["cni-dynamic"]["feasible"] is False


def test_every_number_of_an_explanation_has_a_reason():
    for name in PLANS:
        for model in models(name).values():
            for part in model["explanation"]:
                assert part["steps"]
                for step in part["steps"]:
                    assert step["value"]
                    assert step["expression"]
                    assert step["why"]
                    if step["source"] is None:
                        assert step["basis"] is None
                        continue
                    assert step["basis"] in {"documented", "observed", "our margin"}
                    assert step["source"].startswith("https://")


def test_the_whiteboard_shows_the_arithmetic():
    plan = ipplan.size(300, 30, model=["cni-dynamic"])
    scenario = documents.size_scenario(plan, explained=True)
    text = json.dumps(scenario["models"][0]["explanation"])
    for number in ("48 a node", "15,840", "15,845", "/18", "16,379 usable", "539 free",
                   "8,187", "ceil((30 pods + 8) / 16)"):  # fmt: skip
        assert number in text


def test_the_margin_of_static_blocks_is_labelled_ours():
    plan = ipplan.size(300, 30, model=["cni-static-block"])
    scenario = documents.size_scenario(plan, explained=True)
    steps = [s for part in scenario["models"][0]["explanation"] for s in part["steps"]]
    (margin,) = [each for each in steps if each["basis"] == "our margin"]
    assert "edge blocks" in margin["why"]
    assert "32" in margin["expression"]


def test_one_pool_at_a_time_is_given_for_information():
    pools = [NodePool("a", 10, 30, Surge(5)), NodePool("b", 10, 30, Surge(2))]
    scenario = documents.size_scenario(
        ipplan.size(pools=pools, model=["cni-overlay"]), explained=True
    )
    steps = scenario["models"][0]["explanation"][0]["steps"]
    (single,) = [each for each in steps if "one at a time" in each["expression"]]
    assert single["value"] == "25"
