"""What would be ignored, overflow or mislead is refused, or said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ipplan
from ipplan import ArgumentError, Columns, NodePool, Surge, size_columns
from ipplan.cli import main
from ipplan.counts import keep
from ipplan.readers.estates import read_inventory

FLAT = "cni-node-subnet"


def test_nothing_to_size_is_refused():
    with pytest.raises(ArgumentError, match="give nodes, pools"):
        ipplan.size()


@pytest.mark.parametrize(
    ("word", "value"),
    [("max_surge", "50%"), ("pods_per_node", 9), ("host_network_pods", 2)],
)
def test_what_pools_have_of_their_own_is_refused_beside_them(word, value):
    with pytest.raises(ArgumentError, match="goes without pools"):
        ipplan.size(pools=[NodePool("a", 3)], **{word: value})


def test_a_pool_without_a_node_count_makes_the_cluster_unknown():
    found = ipplan.size(pools=[NodePool("a", None), NodePool("b", 3)], model=FLAT)
    assert found.feasible is None
    assert "pool a shows none" in found.unknown[0]
    assert found.node_subnets == ()


@pytest.mark.parametrize(
    ("pool", "argument"),
    [
        (NodePool("a", 3, os="Windows"), "pool a os"),  # type: ignore[arg-type]  # wrong
        (NodePool("a", 3, priority="low"), "pool a priority"),  # type: ignore[arg-type]  # wrong
        (NodePool("a", 3, max_surge=Surge(-1)), "max_surge"),
        (NodePool("a", 3, max_surge=Surge(percent=101)), "max_surge"),
        (NodePool("a", 3, max_surge=Surge(1, 10)), "max_surge"),
    ],
)
def test_a_pool_that_aks_has_not_is_refused(pool, argument):
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(pools=[pool])
    assert caught.value.argument == argument


def test_surges_of_arrays_are_a_count_or_a_percentage_each():
    both = Surge(np.array([0, 1]), np.array([10, 10]))
    with pytest.raises(ArgumentError, match="not both"):
        ipplan.size([3, 4], max_surge=both)


@pytest.mark.parametrize("narrow", [np.uint8, np.int8, np.uint16, np.int32, np.uint64])
def test_a_narrow_array_never_overflows(narrow):
    cells = [3, 100, 127]
    expected = [ipplan.prefix_for(cell) for cell in cells]
    assert ipplan.prefix_for(np.array(cells, narrow)).tolist() == expected
    sized = ipplan.size(np.array(cells, narrow), 250, model=FLAT, max_surge="100%")
    assert sized.vnet_addresses.tolist() == [2 * 251 * cell for cell in cells]


def test_wide_needs_in_32_bits_are_exact():
    cells = np.array([2**30, 2**31 - 1], dtype=np.int32)
    assert ipplan.prefix_for(cells, largest=1).tolist() == [1, 0]


@pytest.mark.parametrize("negative", [-1, np.array([3, -1]), np.array([-1], np.int32)])
def test_fewer_than_no_addresses_are_refused(negative):
    with pytest.raises(ArgumentError, match="at least 0"):
        ipplan.prefix_for(negative)


@pytest.mark.parametrize("length", [-1, 33])
def test_a_prefix_length_that_is_none_is_refused(length):
    with pytest.raises(ArgumentError):
        ipplan.usable(length)


def test_an_int_under_an_array_of_conditions_keeps_its_size():
    found = ipplan.fit(20, max_pods=[30, 110], model="cni-overlay")
    alone = [ipplan.fit(20, max_pods=p, model="cni-overlay") for p in (30, 110)]
    assert found.max_nodes.tolist() == [each.max_nodes for each in alone]


def test_every_result_has_the_shape_of_all_arguments():
    found = ipplan.size(300, [30, 110], model="kubenet")
    assert found.nodes.shape == found.vnet_addresses.shape == (2,)
    assert all(mask.shape == (2,) for mask in found.masks.values())
    assert found.masks["model-retirement"].all()


@pytest.mark.parametrize(
    "ask", [lambda p: p["kubenet"].findings, lambda p: p.recommendation]
)
def test_what_only_one_scenario_has_points_to_what_arrays_have(ask):
    with pytest.raises(ArgumentError, match="masks"):
        ask(ipplan.size([3, 4]))


def columns(shape=(2,), needs=np.int64, order="C"):
    kinds = [needs] * 3 + [np.uint8] * 2 + [np.bool_]
    return Columns(*(np.zeros(shape, kind, order=order) for kind in kinds))


@pytest.mark.parametrize(
    "out", [columns((3,)), columns(needs=np.int16), columns((2, 2), order="F")]
)
def test_columns_are_not_written_where_they_do_not_fit(out):
    nodes = np.ones((2, 2) if out[0].ndim > 1 else 2, dtype=np.int64)
    with pytest.raises(ArgumentError, match="out"):
        size_columns(nodes, 30, model=FLAT, out=out)


def test_columns_are_written_where_they_fit():
    out = columns()
    assert size_columns([1, 2], 30, model=FLAT, max_surge=0, out=out) is out
    assert out.node_addresses.tolist() == [31, 62]


def cluster(tmp_path, *pools, **fields):
    path = tmp_path / "cluster.json"
    path.write_text(json.dumps({"name": "c", "agentPoolProfiles": pools, **fields}))
    return str(path)


@pytest.mark.parametrize(
    ("pool", "why"),
    [
        ({"mode": "ManagedSystem", "count": 3}, "managed by AKS"),
        ({"mode": "System", "count": 0}, "is stopped"),
    ],
)
def test_a_pool_that_hides_its_nodes_is_unknown(tmp_path, pool, why):
    (found,) = read_inventory(cluster(tmp_path, {"name": "a", **pool})).clusters
    assert why in found.unknown[0]


@pytest.mark.parametrize(
    ("fields", "need"),
    [
        ({"networkProfile": {"ipFamilies": ["IPv4", "IPv6"]}}, "dual-stack"),
        ({"networkProfile": {"networkPolicy": "azure"}}, "network-policy=azure"),
        ({"networkProfile": {"networkDataplane": "cilium"}}, "network-policy=cilium"),
        (
            {"networkProfile": {"staticEgressGatewayProfile": {"enabled": True}}},
            "static-egress-gateway",
        ),
        ({"addonProfiles": {"aciConnectorLinux": {"enabled": True}}}, "virtual-nodes"),
        ({"sku": {"name": "Automatic"}}, "automatic"),
        ({"nodeProvisioningProfile": {"mode": "Auto"}}, "node-auto-provisioning"),
    ],
)
def test_a_feature_that_a_cluster_uses_is_needed(tmp_path, fields, need):
    (found,) = read_inventory(
        cluster(tmp_path, {"name": "a", "count": 3}, **fields)
    ).clusters
    assert found.needs == (need,)


def test_availability_sets_are_needed(tmp_path):
    pool = {"name": "a", "count": 3, "type": "AvailabilitySet"}
    (found,) = read_inventory(cluster(tmp_path, pool)).clusters
    assert ipplan.size_cluster(found)["cni-overlay"].feasible is False


def test_nodes_that_are_not_used_are_said_not_to_be(tmp_path, capsys):
    path = cluster(tmp_path, {"name": "a", "count": 3})
    assert main(["size", "--from", path, "--nodes", "9"]) == 0
    assert "--nodes is not used" in capsys.readouterr().err


def test_fit_says_what_is_unknown(capsys):
    words = ["fit", "--node-subnet", "/24", "--max-pods", "30"]
    assert main([*words, "--need", "virtual-nodes", "--model", "cni-dynamic"]) == 0
    assert "unknown: virtual-nodes" in capsys.readouterr().out


def test_blue_green_does_not_double_the_pods():
    words = {"pods_per_node": 30, "model": "cni-overlay", "blue_green": True}
    found = ipplan.size(4000, 60, **words)
    assert found.stated_pods == 120_000
    assert "pod-ceiling" not in {each.rule for each in found.findings}


def test_pods_stated_of_one_pool_do_not_speak_for_the_other():
    pools = [NodePool("a", 900, 250, pods_per_node=10), NodePool("b", 900, 250)]
    found = ipplan.size(pools=pools, model="cni-overlay")
    assert found.possible_pods == 900 * 10 + 900 * 250
    assert "pods-may-exceed-ceiling" in {each.rule for each in found.findings}


def test_pods_are_carried_by_the_pods_that_run_on_a_node():
    (plan,) = ipplan.size_pods(9000, max_pods=30, pods_per_node=20)
    assert plan.demand.pools[0].nodes == 450


def test_a_way_out_was_tried():
    found = ipplan.size(2000, 110, model=FLAT).findings
    (message,) = [f.message for f in found if f.rule == "vnet-address-limit"]
    assert "cni-overlay, cni-static-block" in message
    assert "kubenet" not in message
    needy = ipplan.size(3000, 250, model=FLAT, needs=["dual-stack"]).findings
    (message,) = [f.message for f in needy if f.rule == "vnet-address-limit"]
    assert "cni-overlay" in message
    nobody = ipplan.size(60_000, 250, model=FLAT).findings
    (message,) = [f.message for f in nobody if f.rule == "vnet-address-limit"]
    assert "none that can carry this" in message


@pytest.mark.parametrize(
    "wrong",
    [
        np.array([1.5, 2.0], dtype=object),
        np.ma.array([3, 999], mask=[False, True]),
        np.array([1.5]),
        np.array([True]),
    ],
)
def test_an_array_that_holds_no_whole_numbers_is_refused(wrong):
    with pytest.raises(ArgumentError, match="whole number"):
        ipplan.size(wrong, 30)


def test_objects_that_are_whole_numbers_are_taken():
    found = ipplan.size(np.array([3, 10**30], dtype=object)[:1], 30, model=FLAT)
    assert found.nodes.tolist() == [3]


def test_a_number_of_numpy_is_a_number():
    assert ipplan.size(np.int64(3), 30, model=FLAT).findings is not None


@pytest.mark.parametrize("narrow", [np.int8, np.uint8, np.uint16, np.uint32, np.uint64])
def test_narrow_growth_never_overflows(narrow):
    found = ipplan.size(1000, 30, growth=np.array([100], narrow), model="cni-overlay")
    assert found.nodes.tolist() == [2000]
    more = ipplan.size(230, 30, add_nodes=np.array([127], narrow), model="cni-overlay")
    assert more.nodes.tolist() == [357]


@pytest.mark.parametrize("surge", [2**32 - 1, [0, 2**32 - 1]])
def test_a_surge_beyond_32_bits_is_exact_in_columns(surge):
    nodes = [252, 4160]
    found = size_columns(nodes, 30, max_surge=surge, model="cni-overlay")
    whole = ipplan.size(nodes, 30, max_surge=surge, model="cni-overlay")
    assert found.peak_nodes.tolist() == whole.peak_nodes.tolist()


def test_what_comes_once_is_not_lost():
    pools = (pool for pool in [NodePool("a", 3, 30)])
    assert ipplan.size(pools=pools, model=FLAT).nodes == 3
    free = (block for block in ["10.0.0.0/30"])
    assert ipplan.size(3, 30, vnet_free=free, model=FLAT).feasible is False


def test_one_bare_name_is_one():
    assert ipplan.size(3, 30, needs="windows")["kubenet"].feasible is False
    assert ipplan.size(3, 30, vnet_free="10.0.0.0/16", model=FLAT).placements


@pytest.mark.parametrize("argument", ["other_routes", "pods"])
def test_what_there_is_one_of_is_no_array(argument):
    with pytest.raises(ArgumentError, match="one whole number"):
        ipplan.size(3, 30, **{argument: [1, 2]})


@pytest.mark.parametrize("wrong", [24.5, None, np.array([22.9]), b"/24"])
def test_a_range_that_is_none_is_refused(wrong):
    with pytest.raises(ArgumentError):
        ipplan.fit(wrong, max_pods=30)


def test_fractions_of_addresses_are_refused():
    with pytest.raises(ArgumentError, match="whole numbers"):
        ipplan.prefix_for(np.array([1.9]))


def test_fit_refuses_what_it_would_ignore():
    with pytest.raises(ArgumentError, match="fit takes"):
        ipplan.fit("/24", growth=20)


@pytest.mark.parametrize(
    "ask", [ipplan.size, lambda n, **w: ipplan.fit("/24", nodes=n, **w)]
)
def test_no_model_is_not_every_model(ask):
    with pytest.raises(ArgumentError, match="model"):
        ask(3, model=[])


def test_columns_never_overlap_their_arguments():
    nodes = np.ones(3, dtype=np.int64)
    out = columns()._replace(peak_nodes=nodes[:2])
    with pytest.raises(ArgumentError, match="overlap"):
        size_columns(nodes[1:], 30, model=FLAT, out=out)


def test_arrays_say_what_is_unknown():
    found = ipplan.size([3], 30, needs=["virtual-nodes"], model="cni-dynamic")
    assert found.masks["unknown"].all()
    plan = ipplan.size([3], 30, needs=["virtual-nodes"], model=["cni-dynamic"])
    assert plan.columns()["feasible"] == [None]
    assert "unknown" not in ipplan.size(3, 30, model="cni-dynamic").masks


def test_a_count_keeps_its_size_under_an_array():
    assert keep(300, np.array([True, False])).tolist() == [300, 0]


def test_a_sum_of_machines_beyond_counting_is_a_broken_cluster(tmp_path, capsys):
    machines = {"scale": {"manual": [{"count": 2**32 - 1}, {"count": 1}]}}
    broken = {"name": "a", "virtualMachinesProfile": machines}
    good = {"name": "b", "agentPoolProfiles": [{"name": "a", "count": 3}]}
    path = tmp_path / "two.json"
    path.write_text(json.dumps([{"name": "c", "agentPoolProfiles": [broken]}, good]))
    assert main(["size", "--from", str(path)]) == 0
    assert "more than 4,294,967,295 nodes" in capsys.readouterr().err


def test_many_skipped_objects_are_counted(tmp_path, capsys):
    good = {"name": "b", "agentPoolProfiles": [{"name": "a", "count": 3}]}
    path = tmp_path / "many.json"
    path.write_text(json.dumps([{}] * 30 + [good]))
    assert main(["size", "--from", str(path)]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told == [f"skipped 30: not a network or cluster (first at {path}[0])"]


def test_a_value_too_long_to_read_is_cut(capsys):
    assert main(["size", "--nodes", "x" * 10_000]) == 2
    assert len(capsys.readouterr().err) < 300


def test_no_word_is_help(capsys):
    assert main([]) == 0
    assert "Usage: ipplan" in capsys.readouterr().out


@pytest.mark.parametrize("query", ["&a", "(" * 20_000, "`1e999`"])
def test_a_query_that_gives_no_json_is_refused(query, capsys):
    assert main(["size", "--nodes", "3", "-o", "json", "--query", query]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: --query")


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert main(["models", "--out", str(link)]) == 0
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o600
    assert "kubenet" in target.read_text()


def test_what_is_no_regular_file_is_written_to_and_stays(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    assert main(["models", "--out", str(fifo)]) == 0
    assert b"kubenet" in os.read(reader, 10_000)
    os.close(reader)
    assert fifo.is_fifo()


def test_a_full_disk_behind_standard_output_is_one_line():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ipplan", "models"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "No space left" in line


@pytest.mark.parametrize(
    ("stream", "words", "code"),
    [("stdout", ["models"], 2), ("stdin", ["size", "--from", "-"], 3)],
)
def test_a_closed_stream_is_one_line(stream, words, code, monkeypatch, capsys):
    monkeypatch.setattr(sys, stream, None)
    assert main(words) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert "closed" in line
