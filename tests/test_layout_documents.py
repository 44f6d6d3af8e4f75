"""What ``ipplan layout`` tells: every range once, what is left, and what is wrong."""

import csv
import io
import ipaddress
import json
from dataclasses import replace

import jsonschema
import pytest
import yaml

from ipplan import Cidr, read_inventory
from ipplan.checks.checkups import check
from ipplan.cli.explain import near_rule
from ipplan.documents.layouts import layout_document
from ipplan.documents.rules import rule_document
from ipplan.emitters import EMITTERS
from ipplan.findings import Finding, Severity, Subject
from ipplan.inventory.externals import Client
from ipplan.layouts.demands.holds import holds
from ipplan.layouts.plans import LayoutPlan
from ipplan.layouts.results import Layout, PlacedSubnet, Unfit
from ipplan.layouts.rules import RULES, findings
from ipplan.layouts.wants import SubnetWant
from ipplan.limits import RESERVED_ADDRESSES
from ipplan.renderers import RENDERERS, render
from ipplan.schemas import json_schema
from ipplan.views import layouts as view
from ipplan.views.layouts import layout_report
from tests.layout_samples import (
    BUSY,
    FULL,
    GROWN,
    MORE,
    SHOP,
    TODAY,
    TWINS,
    document_of,
    laid_out,
    renamed,
    replanned,
)
from tests.test_renderers import HOSTILE, controls

PROMISED = jsonschema.Draft202012Validator(json_schema("layout"))
PLANS = {"shop": SHOP, "twins": TWINS, "more": MORE, "full": FULL, "busy": BUSY}
GIVEN = {"plan": "shop.yaml"}
EMPTY = Layout(LayoutPlan("empty"))


@pytest.fixture(params=PLANS)
def layout(request, tmp_path):
    return laid_out(tmp_path, PLANS[request.param])


def shown(document, output="table", width=80, **options):
    report = layout_report(document, EMITTERS, wide=output == "wide", **options)
    return render(report, output, width)


# The document.


def test_it_is_as_promised(layout):
    document = document_of(layout, GIVEN)
    PROMISED.validate(document)
    assert json.loads(json.dumps(document)) == document


def test_objects_of_the_schema_are_described():
    schema = json_schema("layout")
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        for name, each in part["properties"].items():
            assert "$ref" in each or each["description"], (part["title"], name)


def test_every_range_is_told_once(layout):
    document = document_of(layout)
    told = {each["id"]: each["ranges"] for each in document["subnets"]}
    assert len(told) == len(document["subnets"])
    placed = {e.want.id: [*map(str, e.prefixes)] for e in layout.subnets}
    assert {key: told[key] for key in placed} == placed
    spaces = {e.plan.id: [*map(str, e.prefixes)] for e in layout.networks}
    assert {each["id"]: each["ranges"] for each in document["networks"]} == spaces


def test_what_is_free_is_what_no_subnet_has(layout):
    document = document_of(layout)
    for network in document["networks"]:
        taken = [
            ipaddress.ip_network(cidr)
            for each in document["subnets"]
            if each["network_id"] == network["id"]
            for cidr in each["ranges"]
        ]
        free = {
            address
            for cidr in network["ranges"]
            if ":" not in cidr
            for address in ipaddress.ip_network(cidr)
            if not any(address in each for each in taken)
        }
        blocks = [ipaddress.ip_network(each) for each in network["free_blocks"]]
        assert {address for block in blocks for address in block} == free
        assert network["free"] == len(free) == sum(e.num_addresses for e in blocks)
        largest = min(blocks, key=lambda each: each.prefixlen, default=None)
        assert network["largest_free"] == (str(largest) if blocks else None)


def test_totals_add_up(layout):
    document = document_of(layout)
    totals = document["totals"]
    networks, subnets = document["networks"], layout.subnets
    assert totals["addresses"] == sum(each["addresses"] for each in networks)
    free = sum(each["free"] for each in networks)
    assert totals["carved"] == totals["addresses"] - free
    assert totals["asked"] == sum(each.want.need + each.want.kept for each in subnets)
    assert totals["subnets"] == len(subnets)


def test_subnets_come_by_address_and_those_without_room_last(tmp_path):
    document = document_of(laid_out(tmp_path, FULL))
    assert [each["name"] for each in document["subnets"]] == ["b", "a"]
    assert document["subnets"][1]["ranges"] == []
    assert document["subnets"][1]["usable"] is None
    (unfit,) = document["unfit"]
    assert (unfit["name"], unfit["prefix_length"], unfit["kind"]) == ("a", 25, "subnet")


def test_what_exists_and_is_not_asked_for_stands_among_the_others(tmp_path):
    document = document_of(laid_out(tmp_path, MORE))
    apps = next(each for each in document["subnets"] if each["name"] == "apps")
    assert (apps["purpose"], apps["whence"], apps["need"]) == (
        "other",
        "existing",
        None,
    )
    assert (apps["why"], apps["free"], apps["usable"]) == ([], None, 59)
    assert document["networks"][0]["added"] == ["10.1.1.0/24"]


def test_reasons_end_with_the_pages(tmp_path):
    document = document_of(laid_out(tmp_path, SHOP))
    nodes = next(each for each in document["subnets"] if each["purpose"] == "nodes")
    assert nodes["why"][0] == "49 addresses + 5 that Azure keeps: a /26 (64)"
    pages = [each for each in nodes["why"] if each.startswith("https://")]
    assert pages == nodes["why"][-2:]
    assert pages == list(dict.fromkeys(e["source"] for e in nodes["shares"]))
    assert nodes["source"] == pages[0]
    assert nodes["clusters"] == ["shop"]
    assert sum(each["addresses"] for each in nodes["shares"]) == nodes["need"] == 49
    free = document_of(laid_out(tmp_path, FULL))["subnets"][0]
    assert (free["source"], free["rule"]) == (None, None)


def test_a_cluster_has_its_ranges_and_its_way_out(tmp_path):
    (cluster,) = document_of(laid_out(tmp_path, SHOP))["clusters"]
    assert (cluster["nodes"], cluster["surge_nodes"]) == (43, 5)
    assert cluster["service_cidrs"] == ["172.20.0.0/16"]
    assert cluster["dns_service_ip"] == "172.20.0.10"
    assert cluster["egress"]["public_addresses"] == 1


def test_a_cluster_that_is_not_there_has_no_dns_address(tmp_path):
    layout = laid_out(tmp_path, SHOP)
    bare = replace(layout, inventory=replace(layout.inventory, clusters=()))
    (cluster,) = document_of(bare)["clusters"]
    assert cluster["dns_service_ip"] is None


def test_zones_are_told_with_the_networks_to_link(tmp_path):
    zones = document_of(laid_out(tmp_path, SHOP))["private_dns_zones"]
    assert {each["name"]: each["networks"] for each in zones} == {
        "privatelink.azurecr.io": ["hub", "spoke"],
        "privatelink.vaultcore.azure.net": ["hub", "spoke"],
        "privatelink.westeurope.azmk8s.io": ["hub", "spoke"],
    }


def test_a_location_that_the_plan_leaves_out_is_that_of_what_exists(tmp_path):
    layout = laid_out(tmp_path, MORE)
    vnets = tuple(replace(e, location="uksouth") for e in layout.inventory.vnets)
    moved = replace(layout, inventory=replace(layout.inventory, vnets=vnets))
    assert document_of(moved)["networks"][0]["location"] == "uksouth"


def test_moves_are_told(tmp_path):
    document = document_of(replanned(tmp_path, SHOP, GROWN))
    PROMISED.validate(document)
    moved = {each["name"]: each["after"] for each in document["moves"]}
    assert moved["shop-nodes"] == ["10.64.0.0/23"]


# What is wrong.


def test_findings_about_what_the_plan_does_not_touch_are_counted(tmp_path):
    document = document_of(laid_out(tmp_path, MORE))
    rules = {each["rule"] for each in document["findings"]}
    assert rules == {"layout-subnet-short"}
    assert document["summary"] == {"error": 0, "warning": 1, "note": 0}
    assert document["others"]["error"] == 1


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        (Subject("client", "spoke's"), True),
        (Subject("client", "far"), False),
        (Subject("external-range", "spoke's"), False),
        (Subject("vnet", "x", "/x/virtualnetworks/x"), False),
    ],
)
def test_a_finding_is_the_plans_if_a_subject_is(tmp_path, subject, own):
    layout = laid_out(tmp_path, SHOP)
    spoke = layout.networks[-1].plan.id
    clients = (
        Client("far", "jump-box", "/x/virtualnetworks/x"),
        Client("spoke's", "jump-box", spoke),
    )
    inventory = replace(layout.inventory, clients=clients)
    found = Finding("r", Severity.NOTE, "m", "s", subjects=(subject,))
    checkup = check(inventory, as_of=TODAY)._replace(findings=(found,))
    document = layout_document(replace(layout, inventory=inventory), checkup)
    assert document["summary"]["note"] == own
    assert document["others"]["note"] == (not own)


def test_a_finding_about_what_is_made_for_the_plan_is_the_plans(tmp_path):
    layout = laid_out(tmp_path, SHOP)
    checkup = check(layout.inventory, as_of=TODAY)
    made = (
        *layout.planned.security_groups,
        *layout.planned.peerings,
        *layout.planned.zone_links,
        *layout.inventory.outlets,
    )
    assert len(made) > 3
    for each in made:
        subject = Subject("any", "any", each.id)
        found = Finding("r", Severity.ERROR, "m", "s", subjects=(subject,))
        document = layout_document(layout, checkup._replace(findings=(found,)))
        assert document["summary"]["error"] == 1


def test_what_found_no_room_is_an_error_with_its_remedy(tmp_path):
    layout = laid_out(tmp_path, FULL)
    (found,) = findings(layout)
    assert (found.rule, found.severity.value) == ("layout-no-room", "error")
    assert found.message == (
        "no /25 for subnet a in fixed (10.3.0.0/26): the largest free block is "
        "10.3.0.32/27"
    )
    assert found.fix == layout.unfit[0].remedy
    assert found.location is not None
    assert found.location.line == 4


def test_what_has_outgrown_its_range_is_told_as_that(tmp_path):
    lock = laid_out(tmp_path, SHOP).lock
    pods, nodes = findings(laid_out(tmp_path, GROWN, lock))
    where = "pod CIDR shop in pool pods (100.64.0.0/10)"
    assert pods.message == f"{where} can't keep its range, and needs a /15"
    assert nodes.message == (
        "no /23 for subnet shop-nodes in spoke (10.64.1.0/25): the largest free block "
        "is 10.64.1.0/26"
    )


def test_no_room_without_a_block_or_a_place_is_told_too():
    unfit = Unfit("/x/virtualnetworks/v", "v", "vnet", 24, 4, "", None)
    (found,) = findings(replace(EMPTY, unfit=(unfit,)))
    assert found.message == "no /24 for vnet v: nothing is free"
    assert (found.fix, found.location) == ("", None)


@pytest.mark.parametrize(("hosts", "short"), [(58, False), (59, False), (60, True)])
def test_a_pinned_subnet_is_short_from_one_address_on(tmp_path, hosts, short):
    layout = laid_out(tmp_path, MORE.replace("hosts: 60", f"hosts: {hosts}"))
    told = [each.message for each in findings(layout)]
    assert told == (
        ["subnet a of pins 10.4.0.0/26 holds 59 addresses, and 60 are needed"]
        if short
        else []
    )


def test_too_few_public_addresses_are_an_error(tmp_path):
    (found,) = findings(laid_out(tmp_path, BUSY))
    assert (found.rule, found.severity.value) == ("layout-egress-short", "error")
    assert found.message.startswith("shop leaves through load balancer: ")


def test_ports_that_no_page_speaks_of_are_a_warning(tmp_path):
    pools = "pools: [{name: system, nodes: 3, mode: system}, {name: web, nodes: 40}]"
    assert pools in SHOP
    found = {
        nodes: [
            (each.rule, each.severity.value, each.effect.value)
            for each in findings(laid_out(tmp_path, SHOP.replace(pools, text)))
        ]
        for nodes in (999, 1000)
        for text in [f"pools: [{{name: a, nodes: {nodes}, max_surge: 1}}]"]
    }
    assert found == {
        999: [],
        1000: [("layout-egress-unknown", "warning", "works-but")],
    }


def test_fingerprints_are_of_rule_and_subject(tmp_path):
    first, second = (
        findings(laid_out(tmp_path, text))
        for text in (FULL, FULL.replace("/26", "/27"))
    )
    assert {each.fingerprint for each in first} <= {e.fingerprint for e in second}
    assert len({each.fingerprint for each in second}) == len(second)


@pytest.mark.parametrize("rule", [each.name for each in RULES])
def test_every_rule_has_a_page(rule, cli):
    page = rule_document(rule)
    assert page is not None
    assert page["found_by"] == ["layout"]
    assert page["summary"]
    assert page["why"]
    assert page["source"].startswith("https://")
    assert cli("explain", rule).code == 0
    assert near_rule(rule.upper()) == rule


def subnet_of(purpose, *prefixes, kept=RESERVED_ADDRESSES.value):
    want = SubnetWant("s", "s", "v", purpose, kept=kept)
    return PlacedSubnet(want, tuple(map(Cidr.parse, prefixes)), "new")


def test_a_subnet_holds_what_is_not_kept_of_each_range():
    assert holds(subnet_of("nodes", "10.0.0.0/26", "10.1.0.0/29")) == 59 + 3
    assert holds(subnet_of("pods", "10.0.0.0/26", "10.1.0.0/24")) == 251
    assert holds(subnet_of("pods", "10.0.0.0/26", kept=37)) == 27
    assert holds(subnet_of("nodes", "10.0.0.0/30", "fd00::/64")) == 0
    assert holds(subnet_of("pods")) == 0


# The report.


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal(layout, width):
    document = document_of(layout, GIVEN)
    for explained in (False, True):
        for line in shown(document, width=width, explained=explained).splitlines():
            assert len(line) <= width or "https://" in line


def test_the_first_line_restates_the_plan(tmp_path):
    document = document_of(laid_out(tmp_path, SHOP), GIVEN)
    text = shown(document)
    assert text.splitlines()[0] == (
        "shop: 2 networks, 5 subnets, 1 cluster; 384 addresses of space, 54% in subnets"
    )
    assert "code for it: ipplan layout shop.yaml -o bicep" in text
    assert "every number: ipplan layout shop.yaml --explain" in text


def test_an_empty_plan_has_no_share():
    text = shown(document_of(EMPTY))
    assert text.startswith("empty: 0 networks, 0 subnets, 0 clusters; 0 addresses of")
    assert "% in subnets" not in text
    assert "ipplan layout" not in text


def test_reasons_are_told_where_they_are_asked_for(tmp_path):
    document = document_of(laid_out(tmp_path, SHOP), GIVEN)
    reason = "why   pool web of shop: (40 nodes + 4 surge) × 1 = 44"
    assert reason not in shown(document)
    text = shown(document, explained=True)
    assert reason in text
    assert "page  https://learn.microsoft.com/" in text
    assert "every number" not in text
    assert "Why each" not in shown(document_of(EMPTY), explained=True)


def test_ranges_of_both_families_stand_below_one_another(tmp_path):
    document = document_of(laid_out(tmp_path, TWINS))
    lines = shown(document).splitlines()
    at = next(i for i, line in enumerate(lines) if "shop-blue-nodes" in line)
    assert lines[at].split()[0].startswith("10.64.")
    assert lines[at + 1].startswith("fd00:10:")
    assert len(lines[at + 1].split()) == 1
    assert any(" is used by shop-blue, shop-green" in line for line in lines)
    at = next(i for i, line in enumerate(lines) if "100.64.0.0/21" in line)
    assert lines[at + 1].split()[0].startswith("fd00:20:")


def test_pins_what_exists_and_what_is_added_are_told_apart(tmp_path):
    text = shown(document_of(laid_out(tmp_path, MORE)))
    assert "old: 10.1.0.0/24 10.1.1.0/24 (exists, 10.1.1.0/24 added)" in text
    assert "pins: 10.4.0.0/26 (pinned)" in text
    assert "free: nothing" in text
    assert "apps    not in the plan" in text
    assert "About what is not of the plan: 1 error" in " ".join(text.split())


def test_no_code_is_offered_where_something_found_no_room(tmp_path):
    document = document_of(laid_out(tmp_path, FULL), GIVEN)
    text = shown(document)
    assert "no room a 60+5" in " ".join(text.split())
    assert "-o bicep" not in text


def test_what_was_not_read_is_said(tmp_path):
    layout = laid_out(tmp_path, SHOP)
    partial = replace(layout.inventory, incomplete=("x: there are further pages",))
    document = document_of(replace(layout, inventory=partial))
    assert not document["complete"]
    assert "not all that exists was read" in shown(document)


def test_moves_name_the_network(tmp_path):
    text = shown(document_of(replanned(tmp_path, SHOP, GROWN)))
    assert "Moved: what stands there has to be made anew" in text
    assert "spoke/shop-nodes" in text


def test_many_rows_are_counted_rather_than_shown(tmp_path, monkeypatch):
    document = document_of(laid_out(tmp_path, SHOP))
    monkeypatch.setattr(view, "MOST_ROWS", 2)
    text = shown(document)
    assert "and 1 more subnets: -o csv and -o json have them" in text
    assert "and 1 more network: -o csv and -o json have them" in text
    monkeypatch.setattr(view, "MOST_TOLD", 1)
    assert "and 2 more: -o json has them" in shown(document)


def test_many_free_blocks_are_counted_too(tmp_path, monkeypatch):
    document = document_of(laid_out(tmp_path, SHOP))
    assert "more (" not in shown(document)
    monkeypatch.setattr(view, "SHOWN", 2)
    assert "free: 10.64.0.192/26 10.64.0.160/27 and 2 more (120 of 256" in shown(
        document
    )


# Tables for spreadsheets, and names that nobody would write.


@pytest.mark.parametrize("name", ["shop", "twins", "more"])
def test_csv_reads_back_as_the_same_networks(tmp_path, name):
    layout = laid_out(tmp_path, PLANS[name])
    document = document_of(layout)
    (tmp_path / "layout.csv").write_text(shown(document, "csv") + "\n", "utf-8")
    found = read_inventory(tmp_path / "layout.csv")
    assert [(each.id, each.name, each.prefixes) for each in found.vnets] == [
        (each.plan.id, each.plan.name, each.prefixes) for each in layout.networks
    ]
    ids = {each.plan.id for each in layout.networks}
    ours = {
        each.id: (each.name, sorted(each.prefixes))
        for vnet in layout.inventory.vnets
        if vnet.id in ids
        for each in vnet.subnets
    }
    assert {e.id: (e.name, sorted(e.prefixes)) for e in found.subnets} == ours


def test_a_network_without_subnets_has_a_row(tmp_path):
    text = "ipplan: 1\nname: bare\nnetworks: [{name: bare, ranges: [10.0.0.0/24]}]\n"
    document = document_of(laid_out(tmp_path, text))
    (row,) = csv.DictReader(io.StringIO(shown(document, "csv")))
    assert (row["vnet"], row["address_space"], row["subnet"]) == (
        "bare",
        "10.0.0.0/24",
        "",
    )
    assert row["whence"] == "pinned"


@pytest.mark.parametrize("output", RENDERERS)
@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_is_obeyed(tmp_path, name, output):
    layout = renamed(replanned(tmp_path, SHOP, GROWN), name)
    layout = replace(layout, unfit=laid_out(tmp_path, FULL).unfit)
    document = document_of(renamed(layout, name), {"plan": name})
    text = shown(document, output, explained=True)
    assert not controls(text.replace("\t", "") if output == "tsv" else text)
    assert "##vso[" not in text
    assert not any(line.startswith("::") for line in text.splitlines())
    if output in {"json", "yaml"}:
        read = json.loads if output == "json" else yaml.safe_load
        assert read(text)["subnets"][0]["name"] == name
    if output in {"csv", "tsv"}:
        delimiter = "\t" if output == "tsv" else ","
        for row in csv.DictReader(io.StringIO(text), delimiter=delimiter):
            assert None not in row
            assert not any(
                value.lstrip().startswith(("=", "+", "@")) for value in row.values()
            )
