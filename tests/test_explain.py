"""``ipplan explain``: what the service said, read back; and texts that mean harm."""

import io
import json
import time
from types import SimpleNamespace

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import InventoryError, explain
from ipplan.checks import RULES as CHECKS
from ipplan.cidrs import Cidr
from ipplan.diagnosis import readings, texts
from ipplan.diagnosis.codes import CODES, IN_USE
from ipplan.documents.diagnoses import diagnosis_document
from ipplan.models import Home
from ipplan.schemas import json_schema
from ipplan.sizing.rules import RULES
from tests.test_worked_examples import BEFORE_2022, EXAMPLES, PRE_FLIGHT

FLAT, OVERLAY, BLOCKS = "cni-node-subnet", "cni-overlay", "cni-static-block"
HINT = (
    " If Autoscaler is enabled, the max-count from each nodepool is counted towards "
    "this total. http://aka.ms/aks/insufficientsubnetsize"
)


def said(number, left=None, cidr=None, name="aks", **more):
    """The message as the service has worded it since 2020."""
    where = f" in Subnet Cidr {cidr}, Subnet Name {name}." if cidr else ""
    room = "" if left is None else f" {left}"
    told = f"\nTarget: {more['target']}" if "target" in more else ""
    end = more.get("hint", "") + told
    return f"Pre-allocated IPs {number} exceeds IPs available{room}{where}{end}"


def said_before(number, left):
    """The message as the service worded it until 2020."""
    return f"Pre-allocated IPs {number} exceeds IPs available in Subnet {left}"


def first(text):
    return explain(text).readings[0]


def likely(text):
    return [each for each in explain(text).readings if each.likelihood == "likely"]


# What the service said, and what is known of the clusters.


@pytest.fixture
def oracle(corpus):
    """The oracle of a number, and its message with its code."""

    def read(number):
        (path,) = (corpus / "azure-error-oracles").glob(f"{number:02}-*.json")
        each = json.loads(path.read_text(encoding="utf-8"))
        code = f"({each['azure_code']}) " if each["azure_code"] else ""
        target = f"\nTarget: {each['target']}" if "target" in each else ""
        return each, f"{code}{each['message']}{target}"

    return read


def test_every_oracle_is_tested_here(corpus):
    names = [each.name[:2] for each in (corpus / "azure-error-oracles").iterdir()]
    assert sorted(names) == ["01", "03", "05", "07", "09", "11", "13", "15", "17",
                             "19", "21", "23"]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_node_subnet_is_read_back(oracle, number):
    each, text = oracle(number)
    (pool,) = each["scenario"]["pools"]
    found = explain(text)
    assert found.error.preallocated == each["observed"]["needed"]
    assert found.error.available == each["observed"]["available"]
    reading = found.readings[0]
    assert reading.models == (FLAT,)
    assert reading.pools == ((pool["nodes"], pool["maxPods"]),)
    # Max pods of 505 are inferred in the oracle too: no default gives that number.
    assert reading.likelihood == ("possible" if "inferred" in pool else "likely")
    assert reading.period == ("since 2022" if number == 5 else "2018 to 2021")


def test_static_blocks_are_read_back(oracle):
    each, text = oracle(7)
    reading = first(text)
    assert reading.models == (BLOCKS,)
    assert reading.nodes == each["scenario"]["pools"][0]["nodes"]
    assert (reading.per_node, reading.likelihood) == (16, "likely")
    assert (explain(text).error.preallocated, explain(text).error.available) == (
        160,
        59,
    )


def test_a_limit_of_nodes_is_not_an_error_that_azure_words_so(oracle):
    each, text = oracle(9)
    with pytest.raises(InventoryError, match="InsufficientSubnetSize"):
        explain(text)
    found = ipplan.fit(pod_cidr=each["scenario"]["podCidr"], max_surge=0, model=OVERLAY)
    assert found.max_nodes == each["observed"]["max_nodes"]


def test_maximum_counts_are_read_back_as_one_address_a_node(oracle):
    each, text = oracle(11)
    found = explain(text)
    assert found.error.preallocated == each["observed"]["needed_node_ips"]
    (reading,) = (r for r in found.readings if OVERLAY in r.models)
    assert reading.home is Home.NODE_SUBNET
    assert reading.nodes == sum(p["maxCount"] for p in each["scenario"]["pools"])
    # It was seen in 2023, and no odd max pods or older way of counting comes first.
    assert reading is found.readings[0]
    assert reading.period == "since 2022"
    assert reading.source == each["source"]
    # It fits any number, though, so nothing is sized by it.
    assert reading.likelihood == "possible"
    assert not any("run and upgrade" in told for told in found.remedies)
    # Kubenet has no more than 400 nodes.
    assert "kubenet" not in reading.models


def test_a_pod_cidr_in_its_own_vnet_is_told_as_history(oracle):
    # The oracle's verdict, refused, is of 2022: since the release of 2024-10-25 only
    # the VNet's subnets are looked at, so the text says both.
    each, text = oracle(13)
    assert each["status"].startswith("historical")
    found = explain(text)
    assert found.error.code == each["azure_code"]
    assert found.error.target == each["target"]
    assert found.notes == ("10.240.100.0/24 lies in 10.240.0.0/16.",)
    assert "2024-10-25" in found.meaning


def test_an_absent_service_cidr_is_the_default_one(oracle):
    each, text = oracle(15)
    found = explain(text)
    assert found.error.code == each["azure_code"]
    assert each["scenario"]["serviceCidr_default"] in found.meaning


def test_a_stale_peering_is_the_first_thing_to_look_for(oracle):
    each, text = oracle(17)
    found = explain(text)
    assert found.error.code == each["azure_code"]
    assert found.error.ranges == (each["observed"]["overlap"],)
    assert "delete the peering" in found.remedies[0]
    assert "(Disconnected) counts still" in found.meaning


def test_overlapping_subnets_are_known_with_and_without_their_code(oracle):
    each, text = oracle(19)
    assert explain(text).error.code == each["azure_code"]
    assert "overlap" in explain(text).meaning
    # Without the code the message does not say which of two things is wrong.
    assert explain(each["message"]).error.code == "NetcfgInvalidSubnet"
    assert "does not say which" in explain(each["message"]).meaning


def test_mixed_pools_that_nobody_can_explain_are_not_explained_away(oracle):
    # 2 x 110 and 2 x 30 pods were counted as 255, which no rule gives: neither
    # 2 x 109 + 2 x 29 = 276 nor 2 x 111 + 2 x 31 = 284. The verdict alone is tested.
    each, text = oracle(21)
    found = explain(text)
    assert found.error.preallocated == each["observed"]["needed"]
    assert found.error.available == each["observed"]["available"]
    assert found.error.preallocated > found.error.available
    assert not likely(text)
    assert any(
        "gives 255 where max pods count: the readings" in note for note in found.notes
    )
    assert any("Pools that share a range add up" in note for note in found.notes)
    assert found.remedies[0].startswith("A /23 passes this check (255 of 507)")


def test_an_overlap_in_a_listing_is_no_error_text(oracle):
    each, text = oracle(23)
    with pytest.raises(InventoryError):
        explain(text)
    left, _, right = each["message"].split()
    assert Cidr.parse(left).covers(Cidr.parse(right))


LENGTHS = {"subnet_prefix": 5, "pod_cidr_prefix": 0}


@pytest.mark.parametrize("name", [*PRE_FLIGHT, *BEFORE_2022])
def test_published_messages_are_read_back(name):
    given_, expected = EXAMPLES[name]["inputs"], EXAMPLES[name]["expected"]
    assert EXAMPLES[name]["convention"].startswith("rp_precheck")
    pools = given_.get("pools", [{"nodes": given_.get("nodes"), "max_surge": 0}])
    nodes = sum(each["nodes"] + each["max_surge"] for each in pools)
    number = expected.get("preallocated", expected.get("ips_for_one_more_node"))
    (key,) = [key for key in LENGTHS if key in given_] or ["subnet_prefix"]
    length = given_.get(key, 24)
    text = said(number, expected.get("available"), f"10.1.0.0/{length}")
    if name in BEFORE_2022:
        text = said_before(number, expected.get("available"))
    if name == "obs-2119":
        text = f"Subnet a does not have enough capacity for {number} IP addresses."
    found = explain(text)
    max_pods = given_.get("max_pods")
    fitting = [r for r in found.readings if r.pools == ((nodes, max_pods),)]
    assert fitting
    # Those of old messages whose max pods are not a default are guesses at best.
    known = max_pods in readings.USUAL_MAX_PODS or key == "pod_cidr_prefix"
    assert not known or fitting[0] is found.readings[0]
    if "available" in expected:
        held = 2 ** (32 - length) - LENGTHS[key] - expected["available"]
        assert held == given_.get("addresses_in_use", 0)
        assert any("that others hold" in note for note in found.notes) is (held > 0)


def test_blocks_that_nodes_really_take_are_in_the_way_out():
    # obs-static-250: a node of 250 pods takes 16 blocks, where one was counted.
    expected = EXAMPLES["obs-static-250"]["expected"]
    found = explain(said(160, 59, "10.6.0.0/26", target="agentPoolProfile.podSubnetID"))
    assert f"{11 * 16 * expected['blocks_per_node']:,} addresses" in found.remedies[0]


# The arithmetic.


def test_the_sketch_of_747():
    found = explain(said(747, 251, "10.240.0.0/24"))
    assert found.readings[0].formula == "3 x (250 - 1)"
    assert found.notes == (
        "251 = 256 - 5 reserved: a /24.",
        "The documented formula counts 753 for 3 nodes of 250 pods without surge.",
    )
    assert found.remedies[:3] == (
        "To run and upgrade 3 nodes of 250 pods (surge 1): 1,004 addresses, a /22.",
        (
            "In a /24, no node of 250 pods can be run and upgraded. Autoscalers count "
            "at their maximum."
        ),
        "In a /24, 3 nodes can be upgraded with at most 61 pods each.",
    )
    assert "can't be resized" in found.remedies[3]


def test_what_is_proposed_holds_and_one_size_less_does_not():
    # (3 + 1) x 251 = 1,004: a /22 has 1,019 and a /23 has 507.
    assert 507 < 4 * 251 <= 1019
    # 61 pods: (3 + 1) x 62 = 248 of 251; 62 pods: 252.
    assert 4 * 62 <= 251 < 4 * 63


def test_a_pod_cidr_is_read_whole_and_grows_around_itself():
    text = said(1280, 1024, "10.240.100.0/22", "networkProfile.podCIDR", hint=HINT)
    found = explain(text)
    assert [each.models for each in found.readings] == [(OVERLAY,), ("kubenet",)]
    assert [each.likelihood for each in found.readings] == ["likely", "possible"]
    assert found.notes == ("1,024 is all of a /22: nothing of a pod CIDR is reserved.",)
    assert found.remedies[0] == (
        "To run and upgrade 5 nodes (surge 1): 1,536 addresses, a /21."
    )
    assert "at most 3 nodes can be run" in found.remedies[1]
    assert "10.240.96.0/21" in found.remedies[2]


@pytest.mark.parametrize(
    "cidr",
    ["192.168.0.0/16", "172.31.0.0/16", "8.8.0.0/16", "10.x.0.0/16", "10.0.0.5/16"],
)
def test_a_pod_cidr_does_not_grow_beyond_private_space(cidr):
    # The /15 around 192.168.0.0/16 has 192.169.0.0/16, which is public.
    text = said(257 * 256, 65536, cidr, "networkProfile.podCIDR")
    (wider,) = (each for each in explain(text).remedies if "contains it" in each)
    found = [word for word in wider.replace("(", " ").split() if word[0].isdigit()]
    assert found == (["172.30.0.0/15,"] if cidr.startswith("172") else [])


def test_a_pod_cidr_that_is_not_told_grows_without_a_proposal():
    found = explain(said(1280, 1024, target="networkProfile.podCIDR"))
    assert "contains it, and never back" in found.remedies[2]


def test_a_pod_cidr_grows_into_shared_space_too():
    text = said(257 * 256, 65536, "100.64.0.0/16", "networkProfile.podCIDR")
    assert any("100.64.0.0/15" in each for each in explain(text).remedies)


def test_more_nodes_than_aks_has_are_refused_in_words():
    text = said(5000 * 256, 2**20, "10.0.0.0/12", "networkProfile.podCIDR")
    (told,) = (each for each in explain(text).remedies if "upgrade 5,000" in each)
    assert ", but " in told
    assert "5,000" in told.partition(", but ")[2]
    assert not explain(said(5001 * 256, 2**20, "10.0.0.0/12")).readings


def test_overlay_is_not_proposed_where_it_can_not_carry_the_nodes():
    text = said(4990 * 249, 65531, "10.0.0.0/16", target="vnetSubnetID")
    assert first(text).nodes == 4990
    assert not any("Azure CNI Overlay" in each for each in explain(text).remedies)


def test_addresses_of_others_are_told_and_stay():
    found = explain(said(327, 250, "10.0.0.0/24"))
    assert found.notes[0] == "250 = 256 - 5 reserved - 1 that others hold: a /24."
    # 4 x 111 + 1: a /23 has 507.
    assert "445 addresses, 1 of others among them, a /23." in found.remedies[0]
    # One more of others, and 61 pods are too many: 4 x 62 + 4 = 252.
    (told,) = (r for r in explain(said(747, 247, "10.0.0.0/24")).remedies
               if "pods each" in r)  # fmt: skip
    assert "at most 60 pods" in told


@pytest.mark.parametrize(
    ("left", "homes"),
    [
        (256, {"pod-cidr"}),  # all of a /24
        (
            255,
            {"node-subnet", "pod-subnet"},
        ),  # more than a subnet has: several prefixes
        (251, {"node-subnet", "pod-subnet"}),
        (250, {"node-subnet", "pod-subnet"}),
    ],
)
def test_what_is_available_says_what_the_range_is(left, homes):
    room = readings.room(texts.understood(said(512, left, "10.0.0.0/24")))
    assert {home.value for home in room.homes} == homes
    assert not room.named


def test_a_subnet_that_has_more_left_than_a_prefix_has_is_told():
    found = explain(said(512, 255, "10.0.0.0/24"))
    assert (
        found.notes[0] == "255 is not what one prefix has left: there may be several."
    )


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (251, "251 = 256 - 5 reserved: a /24."),
        (252, "252 = 512 - 5 reserved - 255 that others hold: a /23 or larger."),
        (256, "256 is all of a /24: nothing of a pod CIDR is reserved."),
        (128, "128 = 256 - 5 reserved - 123 that others hold: a /24 or larger."),
        (1, "1 = 8 - 5 reserved - 2 that others hold: a /29 or larger."),
        (2**31, "2,147,483,648 is not what one prefix has left: there may be several."),
    ],
)  # fmt: skip
def test_a_length_that_the_text_has_not_is_guessed_and_said_so(left, told):
    assert explain(said(10_000_003, left)).notes[0] == told


def test_a_guessed_length_with_others_in_it_is_not_fitted():
    assert any("In a /24" in each for each in explain(said(747, 251)).remedies)
    assert not any("In a /" in each for each in explain(said(747, 200)).remedies)


@pytest.mark.parametrize(
    ("target", "home"),
    [
        ("networkProfile.podCIDR", Home.POD_CIDR),
        ("agentPoolProfile.podSubnetID", Home.POD_SUBNET),
        ("agentPoolProfile.vnetSubnetID", Home.NODE_SUBNET),
        ("agentPoolProfile.count", Home.NODE_SUBNET),
    ],
)
def test_the_target_says_which_range_it_is(target, home):
    message = texts.understood(said(2560, 251, target=target))
    assert readings.room(message).homes == (home,)
    assert {each.home for each in readings.readings(message)[0]} == {home}


def test_a_power_of_two_is_a_subnet_where_the_target_says_so():
    message = texts.understood(said(512, 256, target="agentPoolProfile.vnetSubnetID"))
    room = readings.room(message)
    assert (room.homes, room.length, room.held) == ((Home.NODE_SUBNET,), 23, 251)


@pytest.mark.parametrize(("number", "kubenet"), [(400 * 256, True), (401 * 256, False)])
def test_kubenet_has_no_more_nodes_than_routes(number, kubenet):
    text = said(number, 65536, "10.0.0.0/16", "networkProfile.podCIDR")
    models = {model for each in explain(text).readings for model in each.models}
    assert ("kubenet" in models) is kubenet


def test_a_pool_of_fewer_than_thirty_pods_is_no_pool():
    # 27 = 3 x (10 - 1) of 30 pods; 18 would be 2 nodes of 10, which AKS refuses.
    def of_ten(number):
        text = said(number, 11, "10.0.0.0/28", target="vnetSubnetID")
        return any(each.max_pods == 10 for each in explain(text).readings)

    assert of_ten(27)
    assert not of_ten(18)


def test_two_pools_of_usual_max_pods_are_tried_where_one_is_not_enough():
    found = explain(said(385, 251, "10.0.0.0/24"))
    reading = found.readings[0]
    assert reading.formula == "3 x (110 - 1) + 2 x (30 - 1)"
    assert 3 * 109 + 2 * 29 == 385
    assert (reading.nodes, reading.max_pods, reading.per_node) == (5, None, None)
    assert reading.likelihood == "possible"
    # It fits many a number of nodes, so it is shown and nothing is sized by it.
    assert found.remedies == (
        (
            "A /23 passes this check (385 of 507), surge not counted: give your pools "
            "to ipplan size --pool."
        ),
        "Every reading is a guess: no way out is sized by one.",
        IN_USE,
    )


def test_a_guess_about_a_pod_cidr_is_not_sized_and_has_no_subnet():
    # In the old wording nothing shows how a pod CIDR was counted.
    found = explain(said_before(512, 256))
    assert [each.formula for each in found.readings] == ["2 x 256"]
    assert [each.likelihood for each in found.readings] == ["possible"]
    assert found.remedies[1:] == (
        "Every reading is a guess: no way out is sized by one.",
    )


@pytest.mark.parametrize("number", [333, 1998, 31 * 2, 251 * 8])
@pytest.mark.parametrize("wording", ["in Subnet Cidr", "pre-allocate"])
def test_a_default_max_pods_of_another_time_is_not_denied(number, wording):
    # 333 = 3 x 111, 1,998 = 18 x 111, 62 = 2 x 31, 2,008 = 8 x 251
    text = said(number, 251, "10.0.0.0/24")
    if wording == "pre-allocate":
        text = f"(InsufficientSubnetSize) AKS tries to pre-allocate {number} IPs"
    found = explain(text)
    assert not any(map(readings.is_likely, found.readings))
    assert found.readings[-1].period == "2018 to 2021"
    assert any(map(readings.is_usual, found.readings))
    assert not any("No single pool" in note for note in found.notes)
    (told,) = (note for note in found.notes if "are guesses" in note)
    assert told.startswith("Of a default max pods (30, 110, 250) only ")
    assert "+ 1) gives" in told


@pytest.mark.parametrize("number", range(1, 1500, 7))
def test_no_default_max_pods_is_denied_that_trying_all_finds(number):
    for text in (said(number, 3), said(number, 3, hint=HINT), said_before(number, 3)):
        steps = (-1, 1) if text == said(number, 3) else (-1,)
        steps = (1,) if text == said_before(number, 3) else steps
        denied = any(
            note.startswith("No single pool of a default")
            for note in explain(text).notes
        )
        fits = any(
            number % (pods + step) == 0 for pods in (30, 110, 250) for step in steps
        )
        assert not (denied and fits)


@given(st.integers(1, 3000))
def test_a_new_wording_has_old_readings_last(number):
    found = explain(said(number, 251, "10.0.0.0/24")).readings
    old = [each.period == "2018 to 2021" for each in found]
    assert old == sorted(old)
    assert not any(each and is_old for each, is_old in
                   zip(map(readings.is_likely, found), old, strict=True))  # fmt: skip


def test_readings_are_bounded_and_the_rest_counted():
    found = explain(said(5040, 251, "10.0.0.0/24"))
    assert len(found.readings) == readings.MOST_READINGS
    assert found.more_readings > 20


def slow(number, homes, *, plus):
    """Every pool of the node subnet, pod subnet or pod CIDR: all nodes, all pods."""
    found = set()
    for nodes in range(1, 5001):
        if Home.NODE_SUBNET in homes:
            for each in range(10, 251):
                if nodes * (each - 1) == number and nodes * each >= 30:
                    found.add((FLAT, nodes, each, "since 2022"))
                if plus and nodes * (each + 1) == number and nodes * each >= 30:
                    found.add((FLAT, nodes, each, "2018 to 2021"))
            if nodes == number:
                found.add((OVERLAY, nodes, None, "since 2022"))
        if Home.POD_SUBNET in homes and nodes * 16 == number:
            found.add((BLOCKS, nodes, None, "since 2022"))
            found.add(("cni-dynamic", nodes, None, "documented"))
        if Home.POD_CIDR in homes and nodes * 256 == number:
            found.add((OVERLAY, nodes, None, "since 2022"))
            if nodes <= 400:
                found.add(("kubenet", nodes, None, "documented"))
    return found


@given(st.integers(1, 3000), st.sampled_from(["", HINT]))
def test_every_single_pool_is_found_that_trying_all_finds(number, hint):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "MOST_READINGS", 10_000)
        found = explain(said(number, hint=hint))
    assert found.more_readings == 0
    singles = {
        (each.models[0], each.nodes, each.max_pods, each.period)
        for each in found.readings
        if len(each.pools) == 1
    }
    assert singles == slow(number, set(Home), plus=not hint)
    for each in found.readings:
        if len(each.pools) > 1:
            shift = -1 if each.period == "since 2022" else 1
            assert sum(n * (p + shift) for n, p in each.pools) == number


@given(st.integers(0, 2**33), st.integers(0, 2**33), st.integers(0, 40))
def test_no_number_is_too_much(number, left, length):
    found = explain(said(number, left, f"10.0.0.0/{length}"))
    jsonschema.validate(diagnosis_document(found), SCHEMA)
    assert found.error.available == (left if left < 2**32 else None)


@pytest.mark.parametrize("left", range(40))
def test_no_small_range_is_too_little(left):
    for length in range(24, 33):
        for target in ("podCIDR", "podSubnetID", "vnetSubnetID", "x"):
            assert explain(said(768, left, f"10.0.0.0/{length}", target=target))


# Spellings.

OLD = "Pre-allocated IPs 310 exceeds IPs available in Subnet 251"
PLAIN = said(747, 251, "10.33.0.0/24", "subnet33", hint=HINT)
WHOLE = ("InsufficientSubnetSize", 747, 251, "10.33.0.0/24", "subnet33")
JSON = json.dumps(
    {"code": "InsufficientSubnetSize", "details": None, "message": PLAIN,
     "subcode": "", "target": "agentPoolProfile.vnetSubnetID"}, indent=2
)  # fmt: skip
AZ = (
    f"(InsufficientSubnetSize) {PLAIN}\nCode: InsufficientSubnetSize\n"
    f"Message: {PLAIN}\nTarget: agentPoolProfile.vnetSubnetID\n"
)
TERRAFORM = """\
╷
│ Error: creating Agent Pool (Subscription: "1111"
│ Resource Group Name: "rg"): performing CreateOrUpdate: unexpected status 400
│ (400 Bad Request) with response: {
│   "code": "InsufficientSubnetSize",
│   "message": "Pre-allocated
│ IPs 747 exceeds IPs
│ available 251 in Subnet Cidr 10.33.0.0/24, Subnet Name subnet33. If Autoscaler is
│ enabled, the max-count from each nodepool is counted",
│   "target": "agentPoolProfile.vnetSubnetID"
│  }
│
│   with azurerm_kubernetes_cluster_node_pool.this,
│   on main.tf line 6, in resource "azurerm_kubernetes_cluster_node_pool" "this":
╵
"""
DEPLOYED = json.dumps(
    {"status": "Failed", "error": {"code": "DeploymentFailed", "details": [
        {"code": "BadRequest", "message": json.dumps({"e": JSON})}]}}
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        JSON,
        AZ,
        TERRAFORM,
        DEPLOYED,
        TERRAFORM.replace("│", "\x1b[31m│\x1b[0m"),
        TERRAFORM.replace("\n", "\r\n"),
        AZ.replace("747", "\x1b[1m747\x1b[0m"),
        PLAIN.replace("Pre-allocated", "Pre‑allocated"),  # on purpose
        PLAIN.replace(" ", "\u00a0"),
        PLAIN.replace("subnet33", "'subnet33'"),
        "x" * 1_000_000 + " " + AZ + "y" * 1_000_000,
        "İ" * 5_000 + AZ,
        AZ.upper().replace("SUBNET33", "subnet33"),
    ],
)
def test_a_text_is_read_however_it_is_pasted(text):
    error = explain(text).error
    assert error[:5] == WHOLE
    assert first(text).pools == ((3, 250),)
    assert first(text).likelihood == "likely"


def test_the_old_wording_has_old_readings_only():
    found = explain(OLD)
    assert (found.error.preallocated, found.error.available) == (310, 251)
    assert {each.period for each in found.readings} == {"2018 to 2021", "documented"}
    assert first(OLD).pools == ((10, 30),)


@pytest.mark.parametrize("hint", [HINT, " Surge nodes would also consume the subnet"])
def test_the_new_wording_has_no_old_readings(hint):
    text = said(333, 251, "10.0.0.0/24", hint=hint)
    assert "2018 to 2021" not in {each.period for each in explain(text).readings}
    periods = [each.period for each in explain(said(333, 251, "10.0.0.0/24")).readings]
    assert periods == ["since 2022"] * 4 + ["2018 to 2021"] * 2


def test_names_and_ranges_that_somebody_blacked_out_stay_as_they_are():
    found = explain(said(29, 11, "10.x.x.0/28", "'sn-<>-d-c-02'"))
    assert found.error.subnet == "10.x.x.0/28"
    assert found.error.subnet_name == "sn-<>-d-c-02"
    assert found.notes[0] == "11 = 16 - 5 reserved: a /28."


def test_a_range_of_ipv6_counts_no_ipv4_addresses():
    found = explain(said(747, 251, "fd00::/64"))
    assert found.error.subnet == "fd00::/64"
    assert found.notes[0] == "251 = 256 - 5 reserved: a /24."
    assert explain(said(768, 512, "fd00::/64", "networkProfile.podCIDR"))


def test_a_full_subnet_is_read_with_what_was_asked_of_it():
    text = ("VMSSAgentPoolReconciler retry failed: Code='SubnetIsFull' Message='Subnet "
            "aks-sn with address prefix 10.240.0.0/29 does not have enough capacity "
            "for 101 IP addresses.'")  # fmt: skip
    found = explain(text)
    assert found.error[:5] == ("SubnetIsFull", 101, None, "10.240.0.0/29", "aks-sn")
    assert {each.home for each in found.readings} == {Home.NODE_SUBNET}
    assert first(text).pools == ((1, 100),)
    # The number is that of new nodes alone, so nothing is sized by it.
    assert not any("run and upgrade" in each for each in found.remedies)


def full(number):
    return f"(SubnetIsFull) Subnet a does not have enough capacity for {number} IP"


@pytest.mark.parametrize(
    ("number", "pools"),
    [(31, (1, 30)), (111, (1, 110)), (251, (1, 250)), (93, (3, 30)), (62, (2, 30))],
)
def test_new_nodes_take_what_is_documented(number, pools):
    # One address for the node and one for each pod: no way of counting of AKS.
    found = explain(full(number))
    assert found.readings[0].pools == (pools,)
    assert found.readings[0].formula == f"{pools[0]} x ({pools[1]} + 1)"
    assert likely(full(number)) == [found.readings[0]]
    assert {each.period for each in found.readings} == {"documented"}
    assert found.notes == ()


@pytest.mark.parametrize("number", [1, 29, 30, 32, 101, 142, 109])
def test_new_nodes_of_no_default_max_pods_are_guessed(number):
    # 142 = 111 + 31 would be two scale sets, which ask one by one.
    found = explain(full(number))
    assert {each.period for each in found.readings} == {"documented"}
    assert all(len(each.pools) == 1 for each in found.readings)
    assert found.notes == (
        (
            f"No single pool of a default max pods (30, 110, 250) gives {number} where "
            "max pods count: the readings are guesses."
        ),
    )


def test_more_new_nodes_than_a_cluster_has_are_not_read():
    assert explain(full(6007)).notes == ("No single pool gives 6,007.",)


def test_a_text_without_numbers_is_explained_without_readings():
    found = explain("Code: InsufficientSubnetSize")
    assert found.readings == ()
    assert found.error.preallocated is None
    assert found.meaning


def test_of_several_errors_the_first_is_explained_and_the_others_are_named():
    text = ("(ServiceCidrOverlapExistingSubnetsCidr) The specified service CIDR "
            f"10.0.0.0/16 is conflicted with an existing subnet. {AZ}")  # fmt: skip
    found = explain(text)
    assert found.error.code == "ServiceCidrOverlapExistingSubnetsCidr"
    assert found.others == ("InsufficientSubnetSize",)
    assert found.error.preallocated is None


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.name)
def test_every_error_is_known_by_its_code_and_by_its_words(row):
    for text in (f"Code={row.name!r}", f"({row.name.upper()}) x"):
        assert explain(text).error.code == row.name
    for phrase in row.phrases:
        assert explain(f"Subnet 'a' {phrase} 'b'").error.code == row.name


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.name)
def test_every_error_says_what_who_and_where_it_is_documented(row):
    assert row.meaning.endswith(".")
    assert row.checked_by
    assert row.source.startswith("https://")
    assert all(each.endswith(".") for each in row.remedies)
    # Ways out of what is too small are worked out for its number.
    assert row.remedies or row.name == "InsufficientSubnetSize"


def test_no_code_hides_another_one():
    names = [row.name.lower() for row in CODES]
    for name in names:
        assert [each for each in names if name in each] == [name]


@pytest.mark.parametrize(
    ("text", "code", "ranges", "note"),
    [
        (
            (
                "service CIDR 10.0.0.0/16 is conflicted with an existing subnet CIDR "
                "10.0.239.0/24"
            ),
            "ServiceCidrOverlapExistingSubnetsCidr",
            ("10.0.0.0/16", "10.0.239.0/24"),
            "10.0.239.0/24 lies in 10.0.0.0/16.",
        ),
        (
            (
                "cannot be peered because their address spaces overlap. Overlapping "
                "address prefixes: 172.16.0.0/16, 172.17.0.0/16"
            ),
            "VnetAddressSpacesOverlap",
            ("172.16.0.0/16", "172.17.0.0/16"),
            None,
        ),
        (
            (
                "IpPrefix 10.2.0.0/24 on Subnet default has active allocations and "
                "cannot be deleted."
            ),
            "InUsePrefixCannotBeDeleted",
            ("10.2.0.0/24",),
            None,
        ),
        (
            (
                "The DNS service IP 10.0.0.10 is out of the range defined by service "
                "CIDR 10.200.0.0/16, fd00:1::/108 and 10.300.0.0/16."
            ),
            "DnsServiceIpOutOfServiceCidr",
            ("10.200.0.0/16", "fd00:1::/108"),
            None,
        ),
    ],
)
def test_messages_are_known_with_the_ranges_that_they_quote(text, code, ranges, note):
    found = explain(text)
    assert found.error.code == code
    assert found.error.ranges == ranges
    assert list(found.notes) == ([note] if note else [])


# Texts that mean harm.

GARBAGE = {
    "blanks": "Pre-allocated IPs" + " " * 3_000_000,
    "digits": "Pre-allocated IPs " + "9" * 3_000_000,
    "starts": "Pre-allocated IPs " * 200_000,
    "codes": "InsufficientSubnetSize " * 200_000,
    "subnets": "SubnetIsFull " + "Subnet" * 500_000,
    "names": "SubnetIsFull subnet name " + "a" * 3_000_000,
    "backslashes": "SubnetIsFull " + "\\" * 3_000_000,
    "escapes": "SubnetIsFull " + "\x1b[" * 1_000_000,
    "colours": "SubnetIsFull \x1b[" + ";" * 3_000_000,
    "colons": "SubnetIsFull " + "a:" * 1_000_000,
    "dots": "SubnetIsFull " + "1." * 1_000_000,
    "targets": "SubnetIsFull " + "target" * 500_000,
    "brackets": "(" * 3_000_000,
    "nulls": "\x00" * 3_000_000,
    "surrogates": "SubnetIsFull " + "\udc80" * 1_000_000,
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_takes_no_longer_than_its_length(name):
    start = time.perf_counter()
    try:
        found = explain(GARBAGE[name])
    except InventoryError as error:
        assert len(str(error)) < 1_000  # noqa: PT017  # both outcomes are right
    else:
        assert len(json.dumps(diagnosis_document(found))) < 10_000
    assert time.perf_counter() - start < 5


def test_a_text_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(texts, "LONGEST", len(PLAIN))
    assert explain(PLAIN).readings
    with pytest.raises(InventoryError, match="longer than"):
        explain(PLAIN + " ")


@given(st.text())
def test_any_text_is_explained_or_refused(text):
    try:
        explain(f"InsufficientSubnetSize {text}")
        explain(text)
    except InventoryError as error:
        assert "InsufficientSubnetSize" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "name",
    ["=cmd|' /C calc'!A0", "\x1b[2Jx", "<script>", "::error::x", "@everyone",
     "a" * 5000, "&x !!python/object"],
)  # fmt: skip
@pytest.mark.parametrize("output", ["table", "wide", "json", "yaml", "csv", "markdown"])
def test_names_that_mean_harm_do_none(cli, name, output):
    text = f"{said(747, 251, '10.0.0.0/24', name)} target: {name} SubnetIsFull"
    code, out, err = cli("explain", text, "-o", output)
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert "<script>" not in out
    assert not any(line.startswith(("::", "=", "@")) for line in out.splitlines())
    assert len(out) < 20_000
    if output == "yaml":
        assert yaml.safe_load(out)["kind"] == "ipplan.explain"


# The document and the command.


def strict(schema):
    for part in [schema, *schema["$defs"].values()]:
        part["additionalProperties"] = False
    return schema


SCHEMA = strict(json_schema("explain"))


def test_the_document_is_as_its_schema_promises(cli):
    for text in (PLAIN, OLD, said(385, 251), said(1999, 59), "(SubnetIsFull)"):
        code, out, err = cli("explain", text, "-o", "json")
        assert (code, err) == (0, "")
        jsonschema.validate(json.loads(out), SCHEMA)


def test_the_schema_describes_every_field(cli):
    code, out, _ = cli("schema", "explain")
    assert code == 0
    schema = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["kind"]["const"] == "ipplan.explain"
    for part in [schema, *schema["$defs"].values()]:
        assert part["description"]
        assert sorted(part["required"]) == sorted(part["properties"])
        assert all(each.get("description") or each.get("$ref")
                   for each in part["properties"].values())  # fmt: skip


def test_the_report_reads_well_at_80_columns(cli):
    for text in (PLAIN, TERRAFORM, said(5040, 251), said(255, 251)):
        code, out, err = cli("explain", text)
        assert (code, err) == (0, "")
        lines = [line for line in out.splitlines() if not line.startswith("[")]
        assert max(map(len, lines)) <= 80
    code, out, _ = cli("explain", PLAIN)
    assert out.startswith("InsufficientSubnetSize: 747 addresses of 251 available in")
    for needle in ("3 x (250 - 1)", "said by: AKS, before", "1,004 addresses, a /22",
                   "61 pods each", "753", "found beforehand by", "[1] "):  # fmt: skip
        assert needle in out


def test_the_report_names_readings_that_it_does_not_list_and_other_errors(cli):
    _, out, _ = cli("explain", f"{said(5040, 251, hint=HINT)} SubnetIsFull")
    assert "more readings fit" in out
    assert "other errors in the text: SubnetIsFull" in out
    _, out, _ = cli("explain", said(436, 251), "-o", "wide")
    assert "cni-overlay, cni-static-block, cni-dynamic" in out
    assert "https://github.com/VijayRod/demo" in out
    _, out, _ = cli("explain", said(1999, 59, target="podSubnetID"))
    assert "No single pool gives 1,999" in out
    _, out, _ = cli("explain", said(10**9, 59, target="podSubnetID"))
    assert "A /2 passes this check" in out
    _, out, _ = cli("explain", said(2**31, 59, target="podSubnetID"))
    assert "No range that Azure allows holds 2,147,483,648" in out


def test_a_pod_cidr_that_no_node_count_gives_passes_with_nothing_reserved(cli):
    _, out, _ = cli("explain", said(1024, 512, "10.0.0.0/23", target="podCIDR"))
    assert "4 x 256" in out
    _, out, _ = cli("explain", said(1023, 512, "10.0.0.0/23", target="podCIDR"))
    assert "A /22 passes this check (1,023 of 1,024)" in out


def test_csv_has_a_row_for_each_reading_or_one_for_the_error(cli):
    _, out, _ = cli("explain", PLAIN, "-o", "csv")
    header, *rows = out.splitlines()
    assert header.startswith("code,preallocated,available,subnet,model,nodes,max_pods")
    assert rows[0].startswith(
        "InsufficientSubnetSize,747,251,10.33.0.0/24,cni-node-sub"
    )
    _, out, _ = cli("explain", "(SubnetIsFull)", "-o", "tsv")
    assert len(out.splitlines()) == 2


def test_an_error_that_no_rule_can_foresee_names_none(cli):
    _, out, _ = cli("explain", "InUseSubnetCannotBeUpdated")
    assert "beforehand" not in out


def test_a_query_selects(cli):
    _, out, _ = cli("explain", PLAIN, "-o", "json", "--query", "readings[0].nodes")
    assert json.loads(out) == 3


def test_it_writes_to_a_file(cli, tmp_path):
    path = tmp_path / "found.json"
    assert cli("explain", PLAIN, "-o", "json", "--out", str(path)).code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["error"]["preallocated"] == 747


def test_words_need_no_quotes(cli):
    assert cli("explain", *PLAIN.split(), "-o", "json") == cli(
        "explain", PLAIN, "-o", "json"
    )


def piped(monkeypatch, data, *, tty=False):
    stream = SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: tty)
    monkeypatch.setattr("sys.stdin", stream)


@pytest.mark.parametrize("words", [(), ("-",)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_standard_input_is_read(cli, monkeypatch, words, encoding):
    text = f"{PLAIN} \xe9" if encoding == "latin-1" else TERRAFORM
    piped(monkeypatch, text.encode(encoding))
    code, out, err = cli("explain", *words, "-o", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["readings"][0]["nodes"] == 3


def test_a_terminal_is_only_read_where_it_is_asked_for(cli, monkeypatch):
    piped(monkeypatch, PLAIN.encode(), tty=True)
    assert cli("explain", "-").code == 0
    code, out, err = cli("explain")
    assert (code, out) == (2, "")
    assert err.startswith("error: --TEXT left out: an error text") or "TEXT" in err
    assert err.count("\n") == 1


def test_closed_standard_input_is_no_traceback(cli, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert cli("explain", "-").code == 2


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("", ""),
        ("hello", ""),
        ("(ErrCode_InsufficientVCPUQuota) no", "(ErrCode_InsufficientVCPUQuota)"),
        ('"code": "OperationNotAllowed"', "(OperationNotAllowed)"),
        ("\x1b[2J (Bad\x07Thing)", ""),
    ],
)
def test_an_unknown_text_is_one_line_that_names_what_is_known(cli, text, held):
    code, out, err = cli("explain", text)
    assert (code, out) == (3, "")
    assert err.count("\n") == 1
    told = f" {held}" if held else ""
    start = f"error: the text: holds no error that ipplan explains{told}: it knows"
    assert err.startswith(start)
    assert "SubnetIsFull" in err
    assert "\x1b" not in err


def test_a_wrong_format_is_refused_before_anything_is_read(cli):
    assert cli("explain", PLAIN, "-o", "xml").code == 2


BY_CHECK = {each.name for each in CHECKS}
BY_SIZING = {each.name for each in RULES}


@pytest.mark.parametrize("name", sorted(BY_CHECK | BY_SIZING))
def test_the_name_of_a_rule_gives_its_page(cli, name):
    code, out, err = cli("explain", name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{name}\n")
    record = json.loads(cli("explain", name, "-o", "json").out)
    assert record["rule"] == name
    assert record["summary"].split()[0] in out
    by_check = name in BY_CHECK
    assert ("check" in record["found_by"]) is by_check
    jsonschema.validate(record, json_schema("rule"))
    assert bool(record["source"]) is by_check
    assert ("why" in out) is by_check or record["why"]


def test_rules_that_find_an_error_beforehand_are_rules():
    names = {name for code in CODES for name in code.rules}
    assert names <= {each.name for each in CHECKS}


def test_a_text_that_holds_a_rule_is_a_text(cli):
    assert cli("explain", "kubenet-route-limit", "SubnetIsFull").code == 0


def test_thousands_may_be_apart():
    found = explain(
        "Pre-allocated IPs 1,280 exceeds IPs available 1,024 in Subnet Cidr"
    )
    assert (found.error.preallocated, found.error.available) == (1_280, 1_024)
    for text in ("1.280", "12,80", "1,2800"):
        told = explain(f"InsufficientSubnetSize Pre-allocated IPs {text} exceeds")
        assert told.error.preallocated is None


def test_what_to_do_is_never_empty(cli):
    out = cli("explain", "InsufficientSubnetSize").out
    assert "What to do\n\nPaste the whole message" in out


def test_a_rule_that_is_nearly_named_is_asked_for(cli):
    code, _, err = cli("explain", "POD_CIDR_IN_VNETS")
    assert code == 2
    assert "did you mean pod-cidr-in-vnet?" in err
