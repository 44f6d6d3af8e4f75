import errno
import importlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

import ipplan
from ipplan.cli import COMMANDS, main
from ipplan.renderers import RENDERERS
from ipplan.schemas import json_schema

DATA = Path(__file__).parent / "data" / "azure"
NODES = ("size", "--nodes", "300", "--max-pods", "30")


def document(cli, *words):
    code, out, err = cli(*words, "-o", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    jsonschema.validate(found, json_schema(words[0]))
    return found


def model(cli, name, *words):
    (scenario,) = document(cli, *words, "--model", name)["scenarios"]
    (found,) = scenario["models"]
    return found


# Wrong values: one line that names the option, quotes the value, says what is allowed.

WHOLE = "whole number"
WRONG = [
    ("--nodes", ("size", "--nodes", "@"),
     ["0", "-1", "1000000000000", "abc", "33.5%", "", "NaN", "4294967296", "1e3",
      "9" * 40, "٣", " 3", "3.0"], WHOLE),
    ("--max-pods", ("size", "--nodes", "3", "--max-pods", "@"),
     ["0", "-1", "9", "251", "1000000000000", "abc", "33.5%", "", "NaN"], "10 to 250"),
    ("--max-surge", ("size", "--nodes", "3", "--max-surge", "@"),
     ["-1", "101%", "1000000000000", "abc", "33.5%", "", "NaN", "-5%"], "percentage"),
    ("--add-nodes", ("size", "--nodes", "3", "--add-nodes", "@"),
     ["-1", "1000000000000", "abc", "33.5%", "", "NaN"], WHOLE),
    ("--growth", ("size", "--nodes", "3", "--growth", "@"),
     ["-1", "1000000000000", "abc", "33.5%", "", "NaN", "-20%"], ""),
    ("--pods", ("size", "--pods", "@"),
     ["0", "-1", "1000000000000", "abc", "33.5%", "", "NaN"], WHOLE),
    ("--pods-per-node", ("size", "--nodes", "3", "--pods-per-node", "@"),
     ["-1", "251", "1000000000000", "abc", "33.5%", "", "NaN"], WHOLE),
    ("--host-network-pods", ("size", "--nodes", "3", "--host-network-pods", "@"),
     ["-1", "251", "1000000000000", "abc", "33.5%", "", "NaN"], WHOLE),
    ("--extra-addresses", ("size", "--nodes", "3", "--extra-addresses", "@"),
     ["-1", "1000000000000", "abc", "33.5%", "", "NaN"], WHOLE),
    ("--other-routes", ("size", "--nodes", "3", "--other-routes", "@"),
     ["-1", "1000000000000", "abc", "33.5%", "", "NaN"], WHOLE),
    ("--model", ("size", "--nodes", "3", "--model", "@"),
     ["azure", "", "CNI-OVERLAY", "-1"], "cni-overlay"),
    ("--need", ("size", "--nodes", "3", "--need", "@"),
     ["gpu", "", "network-policy"], "windows"),
    ("--vnet-free", ("size", "--nodes", "3", "--vnet-free", "@"),
     ["abc", "", "10.0.0.0", "/16", "fd00::/8", "10.0.0.0/33"], "CIDR"),
    ("--vnet-free", ("size", "--nodes", "3", "--vnet-free", "@"),
     ["10.0.0.7/16"], "10.0.0.0/16"),
    ("--pool", ("size", "--pool", "@"),
     ["", "web", "web:", ":nodes=3", "web:nodes", "web:nodes=", "web:nodes=x",
      "web:nodes=-1", "web:nodes=NaN", "web:nodes=3,nodes=4", "web:nodes=3,color=red",
      "web:nodes=3,,", "web:max-pods=30", "web:nodes=3,os=mac",
      "web:nodes=3,priority=low", "web:nodes=1000000000000", "web:nodes=33.5%",
      "web:nodes=3,max-surge=33.5%", "web:nodes=3,max-pods=x",
      "web:nodes=3,max-surge="], ""),
    ("--output", (*NODES, "--output", "@"), ["xml", "", "JSON"], "markdown"),
    ("--fail-on", (*NODES, "--fail-on", "@"), ["bad", "", "ERROR"], "never"),
    ("--query", (*NODES, "--query", "@"), ["[", "", "a b", "nothing(@)"], "JMESPath"),
    ("--out", (*NODES, "--out", "@"), ["", "/nowhere/at/all"], ""),
    ("--node-subnet", ("fit", "--node-subnet", "@"),
     ["abc", "", "/33", "/30", "/1", "-1", "10.0.0.0", "10.0.0.7/24", "NaN", "24"], ""),
    ("--pod-subnet", ("fit", "--pod-subnet", "@"), ["abc", "", "/33", "/30"], ""),
    ("--pod-cidr", ("fit", "--pod-cidr", "@"), ["abc", "", "/33", "10.0.0.7/24"], ""),
    ("--nodes", ("fit", "--node-subnet", "/24", "--nodes", "@"),
     ["0", "-1", "1000000000000", "abc", "", "NaN"], WHOLE),
    ("--max-pods", ("fit", "--node-subnet", "/24", "--max-pods", "@"),
     ["0", "9", "251", "abc", ""], "10 to 250"),
    ("--max-surge", ("fit", "--node-subnet", "/24", "--max-surge", "@"),
     ["33.5%", "abc", "", "-1"], "percentage"),
    ("--in-use", ("fit", "--node-subnet", "/24", "--in-use", "@"),
     ["-1", "abc", "", "1000000000000"], WHOLE),
    ("NAME", ("limits", "@"), ["nothing-like-it"], "max-pods"),
    ("DOCUMENT", ("schema", "@"), ["models", ""], "size, fit"),
]  # fmt: skip
CASES = [
    (option, tuple(value if word == "@" else word for word in words), value, allowed)
    for option, words, values, allowed in WRONG
    for value in values
]


def one_line(outcome, code):
    assert outcome.code == code
    assert outcome.out == ""
    assert outcome.err.startswith("error: ")
    assert outcome.err.endswith("\n")
    assert outcome.err.count("\n") == 1
    for mark in ("Traceback", "╭", "│", "Usage"):
        assert mark not in outcome.err
    return outcome.err.removeprefix("error: ")


@pytest.mark.parametrize(("option", "words", "value", "allowed"), CASES)
def test_a_wrong_value_gets_one_line(cli, option, words, value, allowed):
    line = one_line(cli(*words), 2)
    assert option.strip("-") in line
    name = value.split(":")[0] or value if option == "--pool" else value
    assert (name or "''") in line
    told = line.split(": ", 1)[1]
    assert len(told) > 5
    assert allowed in told


@pytest.mark.parametrize("option", ["--in-use", "--node-subnet"])
def test_an_option_is_named_as_it_was_typed(cli, option):
    words = {"--in-use": ("--node-subnet", "/24", "--in-use", "x"),
             "--node-subnet": ("--node-subnet", "x")}[option]  # fmt: skip
    assert one_line(cli("fit", *words), 2).startswith(option)


@pytest.mark.parametrize(
    ("words", "needles"),
    [
        (("size",), ("--nodes", "--pods", "--pool", "--from")),
        (("size", "--pods", "5", "--pool", "a:nodes=3"), ("--pods", "--pool")),
        (("size", "--pods", "5", "--from", "x.json"), ("--pods", "--from")),
        (("size", "--nodes", "3", "--pool", "a:nodes=3"), ("--nodes",)),
        (("size", "--pool", "a:nodes=3", "--pool", "a:nodes=4"), ("--pool", "'a'")),
        (("size", "--pool", "a:nodes=3", "--add-nodes", "1"), ("--add-nodes", "1")),
        (
            ("size", "--pods", "100", "--nodes", "3", "--max-pods", "30"),
            ("--pods", "90"),
        ),
        (("size", "--nodes"), ("--nodes",)),
        (("size", "--bogus", "3"), ("--bogus",)),
        (("bogus",), ("bogus",)),
        (("size", "stray"), ("stray",)),
        (("--bogus",), ("--bogus",)),
        (("schema",), ("DOCUMENT",)),
        (("fit",), ("--node-subnet",)),
        (("fit", "--max-pods", "30"), ("--node-subnet", "--pod-subnet", "--pod-cidr")),
    ],
)
def test_options_that_do_not_go_together_get_one_line(cli, words, needles):
    line = one_line(cli(*words), 2)
    for needle in needles:
        assert needle in line or needle.strip("-").replace("-", "_") in line


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "No such file"),
        (b"", "empty"),
        (b'{"name": "prod", "agentPoolProf', "column"),
        (b"[" * 2_000_000, "deep"),
        (b"[NaN]", "column 2"),
        (b"NaN", "not known; expected"),
        (b"\xff\xff", "UTF-8"),
        (b'["\\ud800"]', "hex escape"),
        (b"{}", "no network or cluster"),
        (b'[{"name": "a", "addressSpace": {}}]', "no AKS cluster"),
        (b'{"name": 5, "agentPoolProfiles": []}', ".name"),
    ],
)
def test_a_wrong_file_gets_one_line(cli, tmp_path, data, says):
    path = tmp_path / "aks.json"
    if data is not None:
        path.write_bytes(data)
    line = one_line(cli("size", "--from", str(path)), 3)
    for part in ("--from", str(path), says):
        assert part in line


@pytest.mark.parametrize("files", [[], ["package.json"], ["notes.md"]])
def test_a_folder_without_anything_of_azures_is_refused(cli, tmp_path, files):
    for name in files:
        (tmp_path / name).write_text("{}", encoding="utf-8")
    line = one_line(cli("size", "--from", str(tmp_path)), 3)
    for part in ("--from", str(tmp_path), "network or cluster"):
        assert part in line


def test_every_problem_of_a_file_gets_its_line(cli, tmp_path):
    path = tmp_path / "aks.json"
    pools = [{"name": f"p{i}", "count": "x"} for i in range(3)]
    path.write_text(json.dumps({"name": "a", "agentPoolProfiles": pools}))
    code, out, err = cli("size", "--from", str(path))
    assert (code, out) == (3, "")
    lines = err.splitlines()
    assert len(lines) == 3
    for index, line in enumerate(lines):
        assert line.startswith("error: ")
        assert f".agentPoolProfiles[{index}].count" in line


def test_a_hostile_file_name_does_not_command_the_terminal(cli):
    outcome = cli("size", "--from", "no\x1b[2J\nsuch")
    assert "\x1b" not in one_line(outcome, 3)


# Every option.


def test_nodes_are_sized_under_every_model(cli):
    found = document(cli, *NODES)
    assert found["input"] == {"nodes": 300, "max_pods": 30}
    (scenario,) = found["scenarios"]
    assert [each["model"] for each in scenario["models"]] == list(ipplan.MODELS)
    assert scenario["recommendation"]["model"] == "cni-overlay"
    assert (found["complete"], found["skipped"]) == (True, [])


@pytest.mark.parametrize(
    ("words", "addresses"),
    [
        ((), 330 * 31),
        (("--max-surge", "1"), 301 * 31),
        (("--max-surge", "33%"), 399 * 31),
        (("--add-nodes", "10"), 341 * 31),
        (("--growth", "20%"), 396 * 31),
        (("--growth", "20"), 396 * 31),
        (("--blue-green",), 660 * 31),
        (("--extra-addresses", "9"), 330 * 31 + 9),
        (("--other-routes", "9"), 330 * 31),
    ],
)
def test_options_change_what_nodes_take(cli, words, addresses):
    found = model(cli, "cni-node-subnet", *NODES, *words)
    assert found["vnet_addresses"] == addresses


@pytest.mark.parametrize(
    ("words", "each"),
    [
        ((), 48),
        (("--pods-per-node", "8"), 16),
        (("--pods-per-node", "0"), 16),
        (("--host-network-pods", "6"), 32),
    ],
)
def test_running_pods_change_what_dynamic_nodes_take(cli, words, each):
    found = model(cli, "cni-dynamic", *NODES, *words)
    assert found["pod_ranges"][0]["addresses"] == 330 * each


def test_max_pods_default_to_the_models_own(cli):
    found = document(cli, "size", "--nodes", "3")
    pods = {m["model"]: m["max_pods"] for m in found["scenarios"][0]["models"]}
    assert pods["cni-node-subnet"] == 30
    assert pods["kubenet"] == 110
    assert pods["cni-overlay"] == 250


def test_pods_are_sought_in_nodes_and_max_pods(cli):
    found = document(cli, "size", "--pods", "10000")
    for scenario in found["scenarios"]:
        for each in scenario["models"]:
            assert each["nodes"] * each["max_pods"] >= 10_000
    fixed = document(cli, "size", "--pods", "10000", "--max-pods", "110")
    assert [p["nodes"] for s in fixed["scenarios"] for p in s["pools"]] == [91]
    nodes = document(cli, "size", "--pods", "10000", "--nodes", "91")
    assert nodes["scenarios"][0]["models"][0]["max_pods"] == 110
    assert "10,000 pods" in cli("size", "--pods", "10000").out


def test_models_are_asked_for_by_name_or_all(cli):
    def asked(*words):
        (scenario,) = document(cli, *NODES, *words)["scenarios"]
        return [each["model"] for each in scenario["models"]]

    assert asked("--model", "kubenet", "--model", "cni-overlay") == [
        "kubenet",
        "cni-overlay",
    ]
    assert asked("--model", "all") == list(ipplan.MODELS)


def test_pools_are_taken_one_by_one(cli):
    found = document(
        cli,
        "size",
        "--pool", "sys:nodes=3,max-pods=30,max-surge=1",
        "--pool", "win:nodes=5,os=windows,subnet=w,pod-subnet=p",
        "--pool", "low:nodes=0,priority=spot,pods-per-node=4,host-network-pods=2",
        "--max-pods", "50",
        "--max-surge", "40%",
    )  # fmt: skip
    pools = found["scenarios"][0]["pools"]
    assert [pool["max_pods"] for pool in pools] == [30, 50, 50]
    assert [pool["max_surge"] for pool in pools] == ["1", "40%", "40%"]
    assert [pool["os"] for pool in pools] == ["linux", "windows", "linux"]
    assert [pool["priority"] for pool in pools] == ["regular", "regular", "spot"]
    assert [pool["subnet"] for pool in pools] == [None, "w", None]
    models = {each["model"]: each for each in found["scenarios"][0]["models"]}
    assert models["kubenet"]["feasible"] is False
    assert models["cni-node-subnet"]["surge_nodes"] == 1 + 2 + 0


def test_max_pods_of_a_literal_pool_are_a_usage_error(cli):
    for words in (["--pool", "web:nodes=5,max-pods=300"],
                  ["--pool", "web:nodes=5", "--max-pods", "300"]):  # fmt: skip
        found = cli("size", *words)
        assert found.code == 2
        assert "AKS allows 10 to 250" in found.err


def test_needs_leave_the_models_that_have_them(cli):
    found = document(cli, *NODES, "--need", "windows", "--need", "virtual-nodes")
    answers = {m["model"]: m["feasible"] for m in found["scenarios"][0]["models"]}
    assert answers == {
        "cni-overlay": False,
        "kubenet": False,
        "cni-node-subnet": True,
        "cni-static-block": None,
        "cni-dynamic": None,
    }


def test_free_space_is_used(cli):
    words = ("--vnet-free", "10.0.0.0/24", "--vnet-free", "10.1.0.0/16")
    found = model(cli, "cni-overlay", *NODES, *words)
    assert found["placements"] == [{"range": "node-subnet", "cidr": "10.1.0.0/23"}]
    assert "10.1.0.0/23" in cli(*NODES, *words).out


def test_a_file_is_sized_as_it_is(cli):
    path = str(DATA / "show-azure-byo-subnet.json")
    found = document(cli, "size", "--from", path)
    (scenario,) = found["scenarios"]
    assert scenario["cluster"] == "cliakstest000004"
    assert found["input"] == {"from": path}
    flat = next(m for m in scenario["models"] if m["model"] == "cni-node-subnet")
    assert flat["vnet_addresses"] == 2 * 31


def test_a_file_is_read_from_standard_input(tmp_path):
    data = (DATA / "show-azure-overlay.json").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "ipplan", "size", "--from", "-", "-o", "csv"],
        input=data,
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.count(b"\n") == 6


def test_a_file_with_more_pages_says_so(cli):
    path = str(DATA / "arm-list-more-pages.json")
    code, out, err = cli("size", "--from", path, "-o", "json")
    assert code == 0
    assert json.loads(out)["complete"] is False
    assert "incomplete" in err


def test_a_file_without_clusters_says_so(cli):
    code, out, err = cli("size", "--from", str(DATA / "arm-list-empty-page.json"))
    assert code == 0
    assert "no clusters" in err
    assert not out.strip()


def test_what_was_skipped_is_said_and_returned(cli, tmp_path):
    path = tmp_path / "list.json"
    good = json.loads((DATA / "show-azure-overlay.json").read_text())
    path.write_text(json.dumps([good, {"name": "x"}]))
    code, out, err = cli("size", "--from", str(path), "-o", "json")
    assert code == 0
    assert json.loads(out)["skipped"] == [
        {"where": f"{path}[1]", "reason": "not a network or cluster"}
    ]
    assert err.count("\n") == 1
    assert "[1]" in err


def test_an_unknown_count_is_unknown_until_stated(cli):
    path = str(DATA / "show-automatic-0pools.json")
    code, out, _ = cli("size", "--from", path)
    assert code == 0
    assert "unknown" in out
    assert "--nodes" in out
    stated = document(cli, "size", "--from", path, "--nodes", "40")
    assert {m["nodes"] for m in stated["scenarios"][0]["models"]} == {40}


def test_an_api_server_with_a_subnet_of_its_own_comes_on_top(cli):
    path = str(DATA / "show-automatic-0pools.json")
    found = document(cli, "size", "--from", path, "--nodes", "40")
    assert "API server" in " ".join(found["scenarios"][0]["assumptions"])


def test_the_arithmetic_is_explained_with_its_sources(cli):
    code, out, err = cli(*NODES, "--explain")
    assert (code, err) == (0, "")
    for part in ("16 x ceil((30 pods + 8) / 16)", "15,840", "15,845", "our margin",
                 "observed", "[1] https://"):  # fmt: skip
        assert part in " ".join(out.split())


def test_fit_finds_the_nodes_of_microsofts_24(cli):
    code, out, _ = cli("fit", "--node-subnet", "10.20.0.0/24", "--max-pods", "30",
                       "--max-surge", "1")  # fmt: skip
    assert code == 0
    (row,) = [line for line in out.splitlines() if line.startswith("cni-node-subnet")]
    assert row.split()[1:4] == ["7", "8", "210"]


def test_fit_takes_every_option(cli):
    found = document(
        cli, "fit", "--node-subnet", "/24", "--pod-subnet", "/20", "--pod-cidr", "/16",
        "--max-pods", "30", "--max-surge", "2", "--pods-per-node", "20",
        "--host-network-pods", "3", "--in-use", "11", "--other-routes", "5",
        "--model", "cni-overlay", "--need", "windows",
    )  # fmt: skip
    (each,) = found["scenarios"][0]["models"]
    assert each["max_nodes_without_surge"] == 240
    assert each["max_nodes"] == 238
    assert each["bound_by"] == "node-subnet"
    assert each["max_pods_total"] == 238 * 20


def test_fit_seeks_max_pods_or_surge(cli):
    pods = document(cli, "fit", "--node-subnet", "/22", "--nodes", "12")
    sought = {m["model"]: m["sought"] for m in pods["scenarios"][0]["models"]}
    assert sought["cni-node-subnet"] == {"name": "max_pods", "value": 71}
    surge = document(cli, "fit", "--node-subnet", "/24", "--nodes", "7", "--max-pods",
                     "30")  # fmt: skip
    sought = {m["model"]: m["sought"] for m in surge["scenarios"][0]["models"]}
    assert sought["cni-node-subnet"] == {"name": "max_surge", "value": 1}
    none = document(cli, "fit", "--node-subnet", "/29", "--nodes", "50")
    assert {m["sought"]["value"] for m in none["scenarios"][0]["models"]} == {None}
    assert "most max pods" in cli("fit", "--node-subnet", "/22", "--nodes", "12").out


@pytest.mark.parametrize("name", ipplan.MODELS)
def test_models_are_listed_with_their_sources(cli, name):
    assert name in cli("models").out
    rows = json.loads(cli("models", "-o", "json").out)
    (row,) = [row for row in rows if row["model"] == name]
    assert row["source"].startswith("https://")
    assert ipplan.MODELS[name].source in cli("models", "-o", "wide").out


def test_limits_are_listed_with_their_sources(cli):
    rows = json.loads(cli("limits", "-o", "json").out)
    assert [row["limit"] for row in rows] == list(ipplan.LIMITS)
    assert all(row["source"].startswith("https://") for row in rows)
    one = cli("limits", "max-pods")
    assert one.code == 0
    assert "https://" in one.out
    assert "routes" not in one.out


def test_a_schema_is_printed(cli):
    for command in ("size", "fit"):
        assert json.loads(cli("schema", command).out) == json_schema(command)


# Output.


@pytest.mark.parametrize("output", RENDERERS)
@pytest.mark.parametrize("words", [NODES, ("fit", "--node-subnet", "/24"), ("models",),
                                   ("limits",)])  # fmt: skip
def test_every_command_prints_every_format(cli, words, output):
    code, out, err = cli(*words, "-o", output)
    assert (code, err) == (0, "")
    assert out.endswith("\n")
    assert not out.endswith("\n\n")
    if output == "json":
        assert json.loads(out)
    if output == "yaml":
        assert yaml.safe_load(out) == json.loads(cli(*words, "-o", "json").out)


@pytest.mark.parametrize("columns", ["20", "40", "80", "300"])
def test_terminals_of_any_width_get_a_table(cli, monkeypatch, columns):
    def text():
        monkeypatch.setenv("COLUMNS", columns)
        return cli(*NODES)

    code, out, err = text()
    assert (code, err) == (0, "")
    assert "cni-overlay" in out


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("scenarios[].models[?model=='cni-overlay'].vnet_addresses[]", [330]),
        ("kind", "ipplan.size"),
        ("nothing", None),
        ("`{}`", {}),
        ("{a: nothing}", {"a": None}),
        ("scenarios[0].models[0].explanation", []),
    ],
)
def test_a_query_selects(cli, query, result):
    outcome = cli(*NODES, "--query", query, "-o", "json")
    assert json.loads(outcome.out) == result
    for output in RENDERERS:
        code, _, err = cli(*NODES, "--query", query, "-o", output)
        assert (code, err) == (0, "")


def test_hostile_names_print_in_every_format(cli, tmp_path):
    path = tmp_path / "aks.json"
    for name in ("a\u2028b", "=1+1", "\x1b[2J", "x" * 500):
        good = {"name": name, "agentPoolProfiles": [{"name": name, "count": 3}]}
        path.write_text(json.dumps(good))
        for output in RENDERERS:
            for query in ((), ("--query", "scenarios[].{name: cluster}")):
                words = ("size", "--from", str(path), "-o", output, *query)
                code, out, err = cli(*words)
                assert (code, err) == (0, "")
                assert "\x1b" not in out
                target = tmp_path / "out"
                assert cli(*words, "--out", str(target)).code == 0
                assert target.read_text(encoding="utf-8")


def test_results_go_to_a_file(cli, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text("old")
    code, out, err = cli(*NODES, "-o", "json", "--out", str(path))
    assert (code, out, err) == (0, "", "")
    assert json.loads(path.read_text())["kind"] == "ipplan.size"
    assert os.listdir(tmp_path) == ["plan.json"]  # noqa: PTH208  # names are the point
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("words", [("models",), ("limits",), ("schema", "fit"),
                                   ("fit", "--node-subnet", "/24")])  # fmt: skip
def test_every_command_writes_files(cli, tmp_path, words):
    path = tmp_path / "out"
    assert cli(*words, "--out", str(path)).code == 0
    assert path.read_text() == cli(*words).out


@pytest.mark.parametrize("step", ["write", "replace"])
def test_the_old_file_is_whole_when_writing_fails(cli, tmp_path, monkeypatch, step):
    path = tmp_path / "plan.json"
    path.write_text("old")

    def fail(*_args, **_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        monkeypatch.setattr(os, "fdopen", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    line = one_line(cli(*NODES, "--out", str(path)), 2)
    monkeypatch.undo()
    assert "--out" in line
    assert "No space left" in line
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["plan.json"]


def test_out_may_not_be_a_directory(cli, tmp_path):
    line = one_line(cli(*NODES, "--out", str(tmp_path)), 2)
    assert str(tmp_path) in line
    assert not list(tmp_path.iterdir())


# Exit codes.


@pytest.mark.parametrize(
    ("words", "severity", "code"),
    [
        (("--nodes", "900"), "never", 0),
        (("--nodes", "900"), "error", 1),
        (("--nodes", "300", "--model", "cni-overlay"), "error", 0),
        (("--nodes", "300", "--model", "kubenet"), "error", 0),
        (("--nodes", "300", "--model", "kubenet"), "warning", 1),
        (("--nodes", "300", "--max-pods", "30", "--model", "cni-static-block"),
         "warning", 0),
        (("--nodes", "300", "--max-pods", "30", "--model", "cni-static-block"),
         "note", 1),
        (("--nodes", "300", "--max-pods", "30", "--model", "cni-overlay"), "note", 0),
    ],
)  # fmt: skip
def test_size_fails_only_when_it_is_asked_to(cli, words, severity, code):
    assert cli("size", *words, "--fail-on", severity).code == code


def test_fit_fails_only_when_it_is_asked_to(cli):
    words = ("fit", "--node-subnet", "/29", "--nodes", "50")
    assert cli(*words).code == 0
    outcome = cli(*words, "--fail-on", "error")
    assert outcome.code == 1
    assert outcome.out


def test_failing_still_prints_the_answer(cli):
    outcome = cli("size", "--nodes", "900", "--fail-on", "error", "-o", "json")
    assert outcome.code == 1
    assert json.loads(outcome.out)["kind"] == "ipplan.size"


# Around it.


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_names_its_options(cli, command):
    code, out, _ = cli(command, "--help")
    assert code == 0
    assert "--out" in out


def test_help_names_every_command(cli):
    code, out, _ = cli("--help")
    assert code == 0
    for command in COMMANDS:
        assert command in out
    assert "Exit codes" in out


def test_the_version_is_printed(cli):
    assert cli("--version") == (0, f"ipplan {ipplan.__version__}\n", "")


def run(*words, **more):
    return subprocess.run(
        [sys.executable, "-m", "ipplan", *words],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def test_the_module_is_the_command():
    done = run(*NODES)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cni-overlay" in done.stdout
    wrong = run("size", "--nodes", "abc")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.count("\n") == 1


def test_importing_the_command_does_not_run_it(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "ipplan.__main__", raising=False)
    importlib.import_module("ipplan.__main__")
    assert capsys.readouterr() == ("", "")


def test_arguments_come_from_the_command_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["ipplan", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("ipplan ")


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    target = tmp_path / "err"
    with target.open("w") as err:
        first = subprocess.Popen(
            [sys.executable, "-m", "ipplan", "limits", "-o", "json"],
            stdout=subprocess.PIPE,
            stderr=err,
        )
        first.stdout.close()
        code = first.wait()
    assert target.read_text() == ""
    assert code == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_is_printed(shell):
    # The shell that runs the tests must not stand in for the one that is asked for.
    named = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = run("--show-completion", shell, env=named)
    assert done.returncode == 0
    assert "ipplan" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ipplan ", "size"),
        ("ipplan size --mod", "--model"),
        ("ipplan size --model cni-d", "cni-dynamic"),
        ("ipplan size --need win", "windows"),
        ("ipplan size --output ma", "markdown"),
        ("ipplan size --fail-on w", "warning"),
        ("ipplan limits rou", "routes"),
    ],
)
def test_completion_offers_what_is_allowed(typed, offered):
    words = {
        "_IPPLAN_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
    }
    done = run(env={**os.environ, **words})
    assert offered in done.stdout.split()
