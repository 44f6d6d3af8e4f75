"""``ipplan migrate`` from files to text: numbers, formats, and what it refuses."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ipplan import read_inventory
from ipplan.cidrs import Cidr
from ipplan.limits import NODE_POD_CIDR
from ipplan.schemas import json_schema

SAMPLES = Path(__file__).parents[1] / "docs" / "samples"
ESTATE = str(SAMPLES / "estate")
RECORDED = str(SAMPLES / "az")
TO = ("--to", "cni-overlay", "--as-of", "2026-11-28")


def document(cli, *words):
    done = cli("migrate", *TO, "-o", "json", *words)
    assert done.code == 0, done.err
    return json.loads(done.out)


@pytest.mark.parametrize("files", [ESTATE, RECORDED])
def test_the_document_is_what_its_schema_says(cli, files):
    found = document(cli, files)
    jsonschema.validate(found, json_schema("migrate"))
    assert found["input"] == {
        "files": [files],
        "to": "cni-overlay",
        "as_of": "2026-11-28",
    }
    assert found["totals"]["clusters"] == len(read_inventory(files).clusters)


@pytest.mark.parametrize("files", [ESTATE, RECORDED])
def test_addresses_before_are_what_inventory_calls_need(cli, files):
    needs = {
        each["id"]: each["capacity"]["need"]
        for each in json.loads(cli("inventory", "-o", "json", files).out)["subnets"]
    }
    parts = [e for c in document(cli, files)["clusters"] for e in c["freed"]]
    assert parts
    for each in parts:
        assert each["before"] == needs[each["subnet"]]
        assert each["freed"] == each["before"] - each["after"]


@pytest.mark.parametrize("files", [ESTATE, RECORDED])
def test_a_pod_cidr_has_a_24_for_every_node(cli, files):
    ranges = [c["pod_cidr"] for c in document(cli, files)["clusters"] if c["pod_cidr"]]
    assert ranges
    for each in ranges:
        assert each["nodes"] * NODE_POD_CIDR.value == Cidr.parse(each["cidr"]).size
        assert each["needed"] <= each["nodes"]


def test_csv_has_a_row_a_cluster_with_the_same_numbers(cli):
    done = cli("migrate", *TO, "-o", "csv", ESTATE)
    rows = list(csv.DictReader(io.StringIO(done.out)))
    clusters = document(cli, ESTATE)["clusters"]
    assert [row["id"] for row in rows] == [each["id"] for each in clusters]
    for row, each in zip(rows, clusters, strict=True):
        freed = sum(part["freed"] for part in each["freed"])
        assert row["freed"] == (str(freed) if each["freed"] else "")
        assert int(row["steps"]) == len(each["steps"])


@pytest.mark.parametrize("output", ["table", "wide", "markdown"])
def test_texts_have_the_same_numbers(cli, output):
    lines = cli("migrate", *TO, "-o", output, ESTATE).out.splitlines()
    (row,) = [each for each in lines if "data-prod" in each and "10.244" in each]
    cells = [each for each in row.split() if each != "|"]
    one = document(cli, ESTATE, "--cluster", "data-prod")["clusters"][0]
    freed = sum(part["freed"] for part in one["freed"])
    assert cells == [
        *("data-prod", one["model"], "in", "place", "after", "1"),
        *(one["pod_cidr"]["cidr"], f"{freed:,}"),
    ]


def test_yaml_has_what_json_has(cli):
    done = cli("migrate", *TO, "-o", "yaml", ESTATE)
    assert yaml.safe_load(done.out) == document(cli, ESTATE)


@pytest.mark.parametrize("output", ["table", "wide", "markdown", "az"])
def test_every_text_names_every_cluster_that_has_steps(cli, output):
    done = cli("migrate", *TO, "-o", output, RECORDED)
    assert done.code == 0
    for each in document(cli, RECORDED)["clusters"]:
        assert each["name"] in done.out


def test_clusters_are_chosen_by_name_and_by_id(cli):
    every = document(cli, ESTATE)["clusters"]
    one = next(each for each in every if each["name"] == "data-prod")
    for word in ("data-prod", "DATA-prod", one["id"], one["id"].upper()):
        found = document(cli, ESTATE, "--cluster", word)
        assert found["clusters"] == [one]
        assert found["totals"]["clusters"] == 1
        assert found["input"]["cluster"] == [one["id"]]
    both = document(cli, ESTATE, "--cluster", "data-prod", "--cluster", "shop-prod")
    assert both["clusters"] == every


def test_new_pod_cidrs_come_from_what_is_asked_for(cli):
    asked = ("--within", "100.80.0.0/16", "--within", "100.96.0.0/16")
    found = document(cli, ESTATE, *asked, "--cluster", "data-prod")
    assert found["input"]["within"] == ["100.80.0.0/16", "100.96.0.0/16"]
    assert found["clusters"][0]["pod_cidr"]["cidr"] == "100.80.0.0/16"
    done = cli("migrate", "--within", "100.80.0.1/16", ESTATE)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: --within '100.80.0.1/16': no host bits: did you mean 100.80.0.0/16?\n"
    )
    for text in ("127.0.0.0/8", "8.8.0.0/16", "10.0.0.0/7", "fd00::/48"):
        done = cli("migrate", "--within", text, ESTATE)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            f"error: --within '{text}': a range in 10.0.0.0/8, 172.16.0.0/12, "
            "192.168.0.0/16, 100.64.0.0/10\n"
        )


def test_a_cluster_that_is_not_there_is_named_with_those_that_are(cli, tmp_path):
    done = cli("migrate", *TO, "--cluster", "x", ESTATE)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: --cluster 'x': no such cluster; read: data-prod, shop-prod\n"
    )
    empty = tmp_path / "empty.yaml"
    empty.write_text("vnets: [{name: hub, ranges: [10.0.0.0/16]}]\n")
    done = cli("migrate", *TO, "--cluster", "x", str(empty))
    assert done.err == "error: --cluster 'x': no such cluster; read: none\n"
    many = tmp_path / "many.yaml"
    names = "\n".join(
        f"  - {{name: c{number:02}, model: kubenet, pools: [{{name: a, nodes: 1}}]}}"
        for number in range(22)
    )
    many.write_text(f"clusters:\n{names}\n")
    done = cli("migrate", *TO, "--cluster", "x", str(many))
    assert done.err.endswith(", c19 and 2 more\n")


def test_where_names_are_replaced_an_error_names_none_but_the_one_given(cli):
    for words in (["x"], ["data-prod", "--cluster", "x"]):
        done = cli("migrate", *TO, "--redact", "--cluster", *words, ESTATE)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            "error: --cluster 'x': no such cluster; read: 2 clusters, whose names "
            "--redact keeps back\n"
        )


def test_where_no_cluster_was_read_it_says_so(cli, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("vnets: [{name: hub, ranges: [10.0.0.0/16]}]\n")
    done = cli("migrate", *TO, str(plan))
    assert done.code == 0
    assert done.out.startswith("0 clusters to cni-overlay\n")
    assert "nothing to migrate: no cluster was read\n" in done.err


def test_a_destination_that_there_is_not_is_refused(cli):
    done = cli("migrate", "--to", "overlay", ESTATE)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: --to 'overlay': one of ")
    assert done.err.count("\n") == 1


def test_clusters_go_to_overlay_where_nothing_else_is_said(cli):
    day = TO[2:]
    assert cli("migrate", *day, ESTATE).out == cli("migrate", *TO, ESTATE).out


def test_a_script_is_written_whole_and_not_queried(cli, tmp_path):
    out = tmp_path / "migrate.sh"
    done = cli("migrate", *TO, "-o", "az", "--out", str(out), ESTATE)
    assert (done.code, done.out) == (0, "")
    assert out.read_text().startswith("#!/usr/bin/env bash\n")
    done = cli("migrate", *TO, "-o", "az", "--query", "to", ESTATE)
    assert done.err == "error: --query 'to': not with -o az, which is a script\n"
    done = cli("migrate", *TO, "--out", str(SAMPLES / "estate/vnets.json"), ESTATE)
    assert (done.code, done.out) == (2, "")
    assert "is one of the files read" in done.err


def test_a_query_selects_from_the_document(cli):
    done = cli("migrate", *TO, "-o", "json", "--query", "totals.clusters", ESTATE)
    assert done.out == "2\n"


def test_redacted_it_has_the_same_numbers_and_no_names(cli):
    plain, shared = document(cli, ESTATE), document(cli, ESTATE, "--redact")
    assert shared["totals"] == plain["totals"]
    assert "files" not in shared["input"]
    text = json.dumps(shared)
    for name in ("data-prod", "shop-prod", "rg-", "datacentre"):
        assert name not in text
    one = document(cli, ESTATE, "--redact", "--cluster", "data-prod")
    assert len(one["clusters"]) == 1
    assert one["clusters"][0] in shared["clusters"]
    assert one["input"]["cluster"] == [one["clusters"][0]["id"]]


def test_the_end_of_kubenet_is_told_with_the_days_left(cli):
    done = cli("migrate", *TO, RECORDED)
    assert "support of kubenet ends on 2028-03-31 (489 days left): 2 clusters" in (
        done.out
    )


@pytest.mark.parametrize("to", ["cni-overlay", "cilium"])
def test_every_recorded_cluster_has_a_way_or_says_why_not(cli, corpus, to):
    folders = (corpus / "estates", corpus / "azure-cli-recordings" / "az-cli")
    schema = json_schema("migrate")
    for folder in folders:
        done = cli("migrate", "--to", to, "-o", "json", str(folder))
        assert done.code == 0
        found = json.loads(done.out)
        jsonschema.validate(found, schema)
        assert found["clusters"]
        for each in found["clusters"]:
            assert each["verdict"]
            assert each["open"] is not True or each["way"] == "in-place"
            assert each["steps"] or each["way"] in {"already", "unknown"}
            assert all(bar["source"].startswith("https://") for bar in each["bars"])
