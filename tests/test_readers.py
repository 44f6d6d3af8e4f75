import csv
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import ipplan
from ipplan import InventoryError, Surge, read_inventory, size_cluster
from tests import golden

DATA = Path(__file__).parent / "data" / "azure"
COPIES = sorted(path.name for path in DATA.glob("*.json"))


def one(path):
    (cluster,) = read_inventory(str(path)).clusters
    return cluster


def pool(name="web", **words):
    return {"name": name, "count": 3, "maxPods": 30, **words}


def cluster(*pools, **words):
    return {
        "name": "prod",
        "type": "Microsoft.ContainerService/ManagedClusters",
        "agentPoolProfiles": list(pools or [pool()]),
        **words,
    }


@pytest.fixture
def read(tmp_path):
    def run(document):
        path = tmp_path / "aks.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return read_inventory(str(path))

    return run


@pytest.fixture
def problems(tmp_path):
    """What is wrong with bytes that are not to be read, a line each."""

    def run(data):
        path = tmp_path / "aks.json"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        with pytest.raises(InventoryError) as caught:
            read_inventory(str(path))
        problems = caught.value.problems
        assert all(each.startswith(str(path)) for each in problems)
        return [each.removeprefix(str(path)) for each in problems]

    return run


# Real payloads.


def payloads(corpus):
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["kind"] in {"az-aks-show", "az-aks-list"}:
                yield corpus / row["local file"], int(row["clusters"])


def answered(plan):
    """Whether every model has a sizing, or says what is unknown."""
    for found in plan.values():
        if not found.node_subnets:
            assert found.unknown
            assert found.feasible is not True
        else:
            assert found.vnet_addresses > 0


def test_every_az_aks_payload_of_the_corpus_is_read_and_sized(corpus):
    seen = 0
    for path, clusters in payloads(corpus):
        reading = read_inventory(str(path))
        assert len(reading.clusters) == clusters, path
        for each in reading.clusters:
            answered(size_cluster(each))
        seen += 1
    assert seen >= 60


def test_every_az_aks_payload_of_the_corpus_is_sized_by_the_command(corpus, cli):
    for path, clusters in payloads(corpus):
        code, out, err = cli("size", "--from", str(path), "-o", "json")
        assert code == 0, path
        document = json.loads(out)
        assert len(document["scenarios"]) == clusters
        for scenario in document["scenarios"]:
            for model in scenario["models"]:
                assert model["node_subnets"] or model["unknown"]
        assert "Traceback" not in err
        code, out, _ = cli("size", "--from", str(path))
        assert (code, bool(out.strip())) == (0, bool(clusters))


@pytest.mark.parametrize("name", COPIES)
def test_every_copied_payload_is_read_and_sized(name):
    reading = read_inventory(str(DATA / name))
    assert bool(reading.clusters) == ("empty" not in name)
    for each in reading.clusters:
        answered(size_cluster(each))


def test_every_copied_payload_names_its_source():
    text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    for name in COPIES:
        (row,) = (line for line in text.splitlines() if line.startswith(f"| {name} |"))
        assert "| MIT |" in row


@pytest.mark.parametrize(
    "name", ["arm-virtualmachines.json", "show-virtualmachines.json"]
)
def test_a_vm_pool_counts_its_autoscalers_maximum(name):
    # Corpus, hand-checked case 14: count null, now 1 node, maxCount 3; /16 holds 256.
    found = one(DATA / name)
    assert [each.nodes for each in found.pools] == [3]
    plan = size_cluster(found)
    assert plan["cni-overlay"].nodes == 3
    assert plan["cni-overlay"].pod_ranges[0].usable // 256 == 256
    assert plan["cni-overlay"].feasible


@pytest.mark.parametrize(
    "name", ["arm-automatic-0pools.json", "show-automatic-0pools.json"]
)
def test_a_cluster_without_pools_is_unknown_with_what_to_state(name):
    # Corpus, hand-checked case 15: no agentPoolProfiles key at all.
    found = one(DATA / name)
    assert found.pools == ()
    (why,) = found.unknown
    for needle in ("AKS Automatic", "hosted system pool", "no node pools", "--nodes"):
        assert needle in why
    # Automatic clusters run on Overlay alone; how many nodes they need is unknown.
    answers = {name: each.feasible for name, each in size_cluster(found).items()}
    assert answers == dict.fromkeys(ipplan.MODELS, False) | {"cni-overlay": None}
    assert size_cluster(found, 40)["cni-overlay"].nodes == 40


@pytest.mark.parametrize("name", ["arm-azure-overlay.json", "show-azure-overlay.json"])
def test_a_pod_cidr_in_shared_space_holds_its_nodes_and_is_clean(name):
    # Corpus, hand-checked case 16: 100.64.0.0/10 -> 16384 nodes; not called public.
    found = one(DATA / name)
    assert str(found.pod_cidr) == "100.64.0.0/10"
    assert found.model == "cni-overlay"
    overlay = size_cluster(found)["cni-overlay"]
    assert overlay.pod_ranges[0].usable // 256 == 16384
    assert overlay.feasible
    assert not [each for each in overlay.findings if "public" in each.message]


def test_a_page_that_says_more_follow_is_incomplete():
    # Corpus, hand-checked case 21: nextLink, and an empty page behind it.
    first = read_inventory(str(DATA / "arm-list-more-pages.json"))
    second = read_inventory(str(DATA / "arm-list-empty-page.json"))
    assert (first.complete, len(first.clusters)) == (False, 1)
    assert (second.complete, second.clusters, second.skipped) == (True, (), ())
    both = read_inventory(
        str(DATA / "arm-list-more-pages.json"), str(DATA / "arm-list-empty-page.json")
    )
    assert (both.complete, len(both.clusters)) == (True, 1)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("show-azure-byo-subnet.json", "cni-node-subnet"),
        ("show-azure-overlay.json", "cni-overlay"),
        ("show-kubenet-private.json", "kubenet"),
        ("arm-list-specification.json", "kubenet"),
    ],
)
def test_the_model_of_a_real_cluster_is_told(name, model):
    assert one(DATA / name).model == model


def test_a_private_cluster_takes_one_address_more():
    found = one(DATA / "show-kubenet-private.json")
    assert found.private_endpoint
    assert size_cluster(found)["kubenet"].vnet_addresses == 1 + 1 + 1


def test_windows_pools_of_a_file_are_windows_pools():
    found = one(DATA / "show-azure-windows-2pools.json")
    assert [each.os for each in found.pools] == ["linux", "windows"]
    assert size_cluster(found)["kubenet"].feasible is False


def test_arm_and_the_command_line_print_the_same_cluster():
    for kind in ("azure-overlay", "virtualmachines", "automatic-0pools"):
        left, right = one(DATA / f"arm-{kind}.json"), one(DATA / f"show-{kind}.json")
        assert left == right


# What a file may hold.


def test_a_list_a_page_and_one_cluster_are_read(read):
    for document in (cluster(), [cluster()], {"value": [cluster()]}):
        (found,) = read(document).clusters
        assert found.name == "prod"


@pytest.mark.parametrize(
    "document", [[], {"value": []}, {"value": [], "nextLink": None}]
)
def test_nothing_in_a_file_is_nothing_wrong(read, document):
    assert read(document) == read([])
    assert read(document).clusters == ()


@pytest.mark.parametrize(
    ("fields", "nodes"),
    [
        ({"count": 3}, 3),
        ({"count": 3, "enableAutoScaling": True, "maxCount": 9}, 9),
        ({"count": 3, "enableAutoScaling": False, "maxCount": 9}, 3),
        ({"count": 3, "enableAutoScaling": None, "maxCount": None}, 3),
        ({"count": None, "virtualMachineNodesStatus": [{"count": 2}, {"count": 3}]}, 5),
        ({"count": None,
          "virtualMachinesProfile": {
              "scale": {"manual": [{"count": 2}, {"count": 4}]}}},
         6),
        ({"count": None,
          "virtualMachinesProfile": {"scale": {"autoscale": {"maxCount": 7}}}}, 7),
        ({"count": None, "virtualMachinesProfile": {
            "scale": {"autoscale": [{"maxCount": 7}, {"maxCount": 2}]}}}, 9),
        ({"count": 0}, 0),
        ({"count": None}, None),
        ({"count": None, "enableAutoScaling": True}, None),
        ({"count": 3, "enableAutoScaling": True, "maxCount": None}, None),
        ({"count": None, "maxCount": 4}, 4),
        ({"count": None, "virtualMachineNodesStatus": [{"count": None}]}, None),
        ({"count": 2, "virtualMachinesProfile": {"scale": None}}, 2),
        ({"count": None,
          "virtualMachinesProfile": {"scale": {"manual": [{"count": None}]}}}, None),
    ],
)  # fmt: skip
def test_a_pool_has_the_nodes_it_may_come_to(read, fields, nodes):
    (found,) = read(cluster(pool(**fields))).clusters
    assert found.pools[0].nodes == nodes
    assert bool(found.unknown) == (nodes is None)
    if nodes is None:
        assert "pool web" in found.unknown[0]


@pytest.mark.parametrize(
    ("value", "surge"),
    [
        ("10%", Surge(percent=10)),
        ("1", Surge(1)),
        ("0", Surge(0)),
        (None, Surge(percent=10)),
        ("", Surge(percent=10)),
    ],
)
def test_a_pool_has_its_surge_or_the_default_of_aks(read, value, surge):
    (found,) = read(cluster(pool(upgradeSettings={"maxSurge": value}))).clusters
    assert found.pools[0].max_surge == surge


def test_a_pool_without_upgrade_settings_has_the_default_surge(read):
    (found,) = read(cluster(pool(upgradeSettings=None))).clusters
    assert found.pools[0].max_surge == Surge(percent=10)


def test_spot_pools_of_a_file_do_not_surge(read):
    (found,) = read(cluster(pool(scaleSetPriority="Spot"))).clusters
    assert found.pools[0].priority == "spot"
    assert size_cluster(found)["cni-overlay"].surge_nodes == 0


@pytest.mark.parametrize("field", ["vnetSubnetId", "vnetSubnetID"])
def test_subnet_ids_are_one_whatever_their_case(read, field):
    ids = ["/subscriptions/X/subnets/Nodes", "/SUBSCRIPTIONS/x/subnets/nodes"]
    pools = [pool(f"p{i}", **{field: each}) for i, each in enumerate(ids)]
    (found,) = read(cluster(*pools)).clusters
    assert len({each.subnet for each in found.pools}) == 1
    assert len(size_cluster(found)["cni-overlay"].node_subnets) == 1


@pytest.mark.parametrize("field", ["podSubnetId", "podSubnetID"])
def test_pools_keep_their_pod_subnets(read, field):
    pools = [pool("a", **{field: "/x/a"}), pool("b", **{field: "/x/b"})]
    (found,) = read(cluster(*pools)).clusters
    assert len(size_cluster(found)["cni-dynamic"].pod_ranges) == 2
    assert len(size_cluster(found)["cni-overlay"].pod_ranges) == 1


def test_an_empty_id_is_no_id(read):
    (found,) = read(cluster(pool(vnetSubnetId="", podSubnetId=""))).clusters
    assert (found.pools[0].subnet, found.pools[0].pod_subnet) == (None, None)


PODS = {"podSubnetId": "/x/pods"}


@pytest.mark.parametrize(
    ("profile", "fields", "model"),
    [
        ({"networkPlugin": "kubenet"}, {}, "kubenet"),
        ({"networkPlugin": "azure"}, {}, "cni-node-subnet"),
        ({"networkPlugin": "Azure", "networkPluginMode": "Overlay"}, {}, "cni-overlay"),
        ({"networkPlugin": "azure", "podCidr": "10.244.0.0/16"}, {}, "cni-overlay"),
        ({"networkPlugin": "azure"}, PODS, "cni-dynamic"),
        ({"networkPlugin": "azure"},
         {**PODS, "podIpAllocationMode": "StaticBlock"}, "cni-static-block"),
        ({"networkPlugin": "azure"},
         {**PODS, "podIPAllocationMode": "DynamicIndividual"}, "cni-dynamic"),
        ({"networkPlugin": "none"}, {}, None),
        ({}, {}, None),
        (None, {}, None),
    ],
)  # fmt: skip
def test_the_model_is_told_from_what_the_file_says(read, profile, fields, model):
    (found,) = read(cluster(pool(**fields), networkProfile=profile)).clusters
    assert found.model == model


@pytest.mark.parametrize(
    ("profile", "endpoint", "subnet"),
    [
        ({"enablePrivateCluster": True}, True, False),
        ({"enablePrivateCluster": True, "enableVnetIntegration": True}, False, True),
        ({"enableVnetIntegration": True}, False, True),
        ({"enablePrivateCluster": False}, False, False),
        (None, False, False),
    ],
)
def test_the_api_server_takes_an_address_or_a_subnet_of_its_own(
    read, profile, endpoint, subnet
):
    (found,) = read(cluster(apiServerAccessProfile=profile)).clusters
    assert (found.private_endpoint, found.vnet_integration) == (endpoint, subnet)


@pytest.mark.parametrize(
    ("fields", "needle"),
    [
        ({"nodeProvisioningProfile": {"mode": "Auto"}}, "auto-provisioning"),
        ({"sku": {"name": "Automatic"}}, "AKS Automatic"),
        ({"hostedSystemProfile": {"enabled": True}}, "hosted system pool"),
        ({"agentPoolProfiles": None}, "no node pools"),
        ({"agentPoolProfiles": []}, "no node pools"),
    ],
)
def test_what_scales_or_hides_is_unknown(read, fields, needle):
    (found,) = read(cluster(**fields)).clusters
    assert len(found.unknown) == 1
    assert needle in found.unknown[0]
    overlay = size_cluster(found)["cni-overlay"]
    assert (overlay.feasible, overlay.node_subnets) == (None, ())


@pytest.mark.parametrize(
    "fields",
    [
        {"nodeProvisioningProfile": {"mode": "Manual"}},
        {"sku": {"name": "Base"}},
        {"hostedSystemProfile": {"enabled": False}},
        {"hostedSystemProfile": {"enabled": None}},
        {"nodeProvisioningProfile": None, "sku": None, "hostedSystemProfile": None},
    ],
)
def test_what_neither_scales_nor_hides_is_known(read, fields):
    (found,) = read(cluster(**fields)).clusters
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("pods", "feasible"), [(9, False), (10, True), (250, True), (251, False)]
)
def test_max_pods_of_a_file_outside_10_to_250_are_a_finding(read, pods, feasible):
    (found,) = read(cluster(pool(maxPods=pods, count=4))).clusters
    sized = size_cluster(found)["cni-overlay"]
    assert sized.feasible is feasible
    rules = {each.rule for each in sized.findings}
    assert ("max-pods-out-of-range" in rules) is not feasible


def test_a_pool_without_max_pods_has_the_default_of_each_model(read):
    (found,) = read(cluster(pool(maxPods=None))).clusters
    plan = size_cluster(found)
    assert {
        name: each.loads[0].max_pods for name, each in plan.items()
    } == golden.DEFAULTS


# What a file may not hold.


def test_what_is_of_another_kind_is_skipped_with_where_it_stood(read):
    bastion = {"name": "n", "type": "Microsoft.Network/bastionHosts"}
    found = read([bastion, cluster(), 5, None, "text", {"name": "x"}])
    assert len(found.clusters) == 1
    places = [each.where.rpartition("[")[2] for each in found.skipped]
    assert places == ["0]", "2]", "3]", "4]", "5]"]
    assert "bastionhosts, not a network or cluster" in found.skipped[0].reason
    assert found.complete


BROKEN = [
    (cluster(pool(count="3")), ".agentPoolProfiles[0].count"),
    (cluster(pool(), pool("b", count=-1)), ".agentPoolProfiles[1].count"),
    (cluster(pool(count=2**32)), ".agentPoolProfiles[0].count"),
    (cluster(pool(count=3.5)), ".agentPoolProfiles[0].count"),
    (cluster(pool(count=True)), ".agentPoolProfiles[0].count"),
    (cluster(pool(maxPods="thirty")), ".agentPoolProfiles[0].maxPods"),
    (cluster(pool(name=5)), ".agentPoolProfiles[0].name"),
    (cluster(pool(upgradeSettings={"maxSurge": "33.5%"})),
     ".agentPoolProfiles[0].upgradeSettings.maxSurge"),
    (cluster(pool(upgradeSettings={"maxSurge": ["10%"]})),
     ".agentPoolProfiles[0].upgradeSettings.maxSurge"),
    (cluster(pool(upgradeSettings=7)), ".agentPoolProfiles[0].upgradeSettings"),
    (cluster(pool(vnetSubnetId=7)), ".agentPoolProfiles[0].vnetSubnetId"),
    (cluster(5), ".agentPoolProfiles[0]"),
    (cluster(agentPoolProfiles={"a": 1}), ".agentPoolProfiles"),
    (cluster(name=5), ".name"),
    (cluster(addonProfiles=[]), ".addonProfiles"),
    (cluster(apiServerAccessProfile={"authorizedIPRanges": ["1.2.3"]}),
     ".apiServerAccessProfile.authorizedIPRanges[0]"),
    (cluster(networkProfile={"podCidr": "10.0.0.7/16"}), ".networkProfile.podCidr"),
    (cluster(networkProfile={"podCidrs": ["::/0"]}), ".networkProfile.podCidrs"),
    (cluster(networkProfile={"podCidr": "0.0.0.0/0"}), ".networkProfile.podCidr"),
    (cluster(networkProfile=[]), ".networkProfile"),
    (cluster(sku={"name": 5}), ".sku.name"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "where"), BROKEN)
def test_a_broken_field_is_named_by_its_json_path(problems, document, where):
    found = problems(document)
    assert any(each.startswith(f" {where}: ") for each in found), found


@pytest.mark.parametrize(("document", "where"), BROKEN)
def test_one_broken_cluster_leaves_the_others(read, document, where):
    found = read({"value": [cluster(), document]})
    assert [each.name for each in found.clusters] == ["prod"]
    assert found.skipped
    assert all(".value[1]" in each.where for each in found.skipped)
    assert any(each.where.endswith(f".value[1]{where}") for each in found.skipped)
    assert not found.complete


def test_two_pools_of_one_name_in_a_file_are_named_with_the_file(tmp_path, cli):
    path = tmp_path / "aks.json"
    path.write_text(json.dumps(cluster(pool("a"), pool("a"))), encoding="utf-8")
    code, out, err = cli("size", "--from", str(path))
    assert (code, out) == (3, "")
    assert str(path) in err
    assert "'a'" in err


def test_twenty_problems_are_told_and_the_others_counted(problems):
    found = problems([cluster(pool(count="x")) for _ in range(25)])
    assert len(found) == 21
    assert found[-1] == ": and 5 more"
    assert len(problems([cluster(pool(count="x")) for _ in range(20)])) == 20


def test_a_long_value_is_not_quoted_whole(problems):
    (found,) = problems(cluster(pool(count="x" * 10_000)))
    assert len(found) < 300


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"{", "line 1 column 1"),
        (b'[{"name": "a",\n "agent', "line 2"),
        (b"not json", "not known"),
        (b"NaN", "not known"),
        (b'[{"a": Infinity}]', "line 1 column 8"),
        (b"[" * 10**6, "deep"),
        (b'{"a":' * 10**6, "deep"),
        (b"\xff\xfe\xff", "UTF"),
        (b'{"a": "\xff"}', "UTF"),
        (b"[1" + b"0" * 10_000 + b"]", "number out of range"),
        (b"5", "not known"),
        (b"null", "not known"),
        (b'"text"', "not known"),
        (b"{}", "no network or cluster"),
        (b'{"value": 5}', "no network or cluster"),
        (b'{"value": [5]}', "no network or cluster"),
        (b"[[]]", "no network or cluster"),
    ],
)
def test_what_is_no_json_of_azure_is_refused_in_a_line(problems, data, says):
    (found,) = problems(data)
    assert says in found
    assert "\n" not in found


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]
)
def test_what_powershell_writes_is_read_in_its_encoding(tmp_path, encoding):
    path = tmp_path / "aks.json"
    path.write_bytes(json.dumps(cluster()).encode(encoding))
    assert one(path).name == "prod"


@pytest.mark.parametrize(
    ("name", "says"), [("none", "No such file"), ("a\0b", "null"), ("a" * 300, "long")]
)
def test_a_file_that_is_not_there_is_refused(tmp_path, name, says):
    with pytest.raises(InventoryError, match=says):
        read_inventory(str(tmp_path / name))


def test_standard_input_is_a_file(monkeypatch):
    data = io.BytesIO(json.dumps([cluster()]).encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=data))
    assert one("-").name == "prod"


def test_an_inventory_error_is_ipplans_own():
    assert issubclass(InventoryError, ipplan.IpplanError)


def test_what_nests_without_end_is_not_settled():
    from ipplan.readers.payloads import settled

    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert settled(deep) == ({}, ("nested too deeply",))


def test_an_authorized_range_may_be_written_by_any_of_its_addresses(read):
    # Microsoft: 137.117.106.90/29 is a valid range, and means 137.117.106.88/29.
    given = ["137.117.106.90/29", "20.1.2.3", "2001:db8::5/64"]
    (found,) = read(
        cluster(apiServerAccessProfile={"authorizedIpRanges": given})
    ).clusters
    assert [str(each) for each in found.authorized_ranges] == [
        "137.117.106.88/29",
        "20.1.2.3/32",
        "2001:db8::/64",
    ]


@pytest.mark.parametrize("value", ["1.2.3", "1.2.3.4/33", "1.2.3.4/", 5, ""])
def test_an_authorized_range_that_is_none_is_told(problems, value):
    document = cluster(apiServerAccessProfile={"authorizedIPRanges": [value]})
    (told,) = problems(document)
    assert "authorizedIPRanges[0]" in told


def test_a_stopped_cluster_hides_how_many_nodes_it_had(read):
    stopped = cluster(pool(count=0), powerState={"code": "Stopped"})
    assert "pool web is stopped" in read(stopped).clusters[0].unknown[0]
    assert read(stopped).clusters[0].pools[0].stopped
    alone = cluster(pool(count=0, mode="User", powerState={"code": "Stopped"}))
    assert "pool web is stopped" in read(alone).clusters[0].unknown[0]
    scaled = pool(count=0, enableAutoScaling=True, maxCount=5)
    running = read(cluster(scaled, powerState={"code": "Stopped"})).clusters[0]
    assert (running.unknown, running.pools[0].nodes) == ((), 5)
    assert not running.pools[0].stopped


@pytest.mark.parametrize(
    ("count", "mode", "stops"),
    [
        (0, "System", True),
        (1, "System", False),
        (0, "User", False),
        (0, "ManagedSystem", False),
    ],
)
def test_a_pool_without_nodes_is_stopped_if_it_has_to_have_some(
    read, count, mode, stops
):
    found = read(cluster(pool(count=count, mode=mode))).clusters[0]
    assert found.pools[0].stopped is stops


def test_the_subnets_of_hosted_pools_are_used_by_what_does_not_show(read):
    hosted = {
        "enabled": True,
        "nodeSubnetID": "/x/Nodes",
        "systemNodeSubnetId": "/x/Sys",
    }
    (found,) = read(cluster(hostedSystemProfile=hosted)).clusters
    assert found.hosted_subnets == ("/x/nodes", "/x/sys")
    assert set(found.subnets) >= set(found.hosted_subnets)


def test_aks_automatic_runs_on_overlay(read):
    (found,) = read(cluster(sku={"name": "Automatic"})).clusters
    assert found.model == "cni-overlay"


def test_pod_subnets_tell_the_model_before_a_pod_cidr_does(read):
    both = {"networkPlugin": "azure", "podCidrs": ["fd12::/64"]}
    static = pool(podSubnetId="/x/p", podIpAllocationMode="StaticBlock")
    assert (
        read(cluster(static, networkProfile=both)).clusters[0].model
        == "cni-static-block"
    )


def test_a_template_with_a_pod_cidr_and_no_mode_says_too_little(read):
    profile = {"networkPlugin": "azure", "podCidr": "10.244.0.0/16"}
    resource = {"type": "Microsoft.ContainerService/managedClusters", "name": "c",
                "properties": {"networkProfile": profile}}  # fmt: skip
    template = {"contentVersion": "1.0.0.0", "resources": [resource]}
    (found,) = read(template).clusters
    assert found.model is None
    assert "no mode" in found.unresolved[-1]


def test_what_a_template_leaves_open_of_a_pool_is_not_guessed(read):
    kind = "Microsoft.ContainerService/managedClusters"
    parameters = {"most": {"type": "int"}}
    inner = {"count": 20, "maxPods": "[parameters('most')]"}
    network = {"networkPlugin": "kubenet"}
    resources = [
        {"type": kind, "name": "c", "properties": {"networkProfile": network}},
        {"type": f"{kind}/agentPools", "name": "c/u", "properties": inner},
    ]
    template = {
        "contentVersion": "1.0.0.0",
        "parameters": parameters,
        "resources": resources,
    }
    (found,) = read(template).clusters
    assert "maxPods" in found.unknown[0]
    assert "maxPods" in found.unresolved[-1]
