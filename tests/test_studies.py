"""Studies: what maps and reports are about, of a plan and of an estate."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import ipplan
from ipplan.cli import studies as commands
from ipplan.designs import studies
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.reports import report_document
from ipplan.errors import ArgumentError, InventoryError
from ipplan.inventory.estates import Inventory
from ipplan.layouts.layouts import lay_out
from ipplan.layouts.plans import ClusterPlan, LayoutPlan
from ipplan.readers.layouts import is_layout_plan, read_layout_plan
from ipplan.readers.plan.trees import LARGEST
from tests import large_estates
from tests.check_nouns import (
    AS_OF,
    cidrs,
    cluster,
    estate,
    id_of,
    peering,
    spoke,
    vnet,
)
from tests.layout_samples import ESTATE, MORE, SHOP

PLAN = """\
ipplan: 1
name: more
existing: [estate/]
networks:
  - name: vnet-hub-0
    resource_group: rg-000
    services: [{kind: jump-boxes, count: 2}]
  - name: new
    hub: vnet-hub-0
    resource_group: rg-000
    location: westeurope
    clusters:
      - name: shop
        model: cni-overlay
        pools: [{name: system, nodes: 3}, {name: web, nodes: 40}]
"""
"""A hub of a large estate with a subnet more, and a new spoke."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("estate.yaml").write_text(ESTATE, "utf-8")
    Path("shop.yaml").write_text(SHOP, "utf-8")
    Path("more.yaml").write_text(MORE, "utf-8")
    return tmp_path


# An estate.


def test_an_estate_is_about_everything_that_is_known():
    far = peering("spoke", "far", remote_prefixes=cidrs("10.9.0.0/16"))
    home = vnet("spoke", "10.1.0.0/16", far, peering("spoke", "dark"))
    found = study(estate(cluster(), vnets=(home,)), "all", as_of=AS_OF)
    assert found.about == {id_of("spoke"), id_of("far"), id_of("dark")}
    # of dark not even the range is known
    assert [each.name for each in found.vnets] == ["far", "spoke"]
    assert [each.seen for each in found.vnets] == [False, True]
    assert [each.name for each in found.clusters] == ["shop"]
    assert not found.is_plan


def test_networks_and_rooms_are_worked_out_once_for_a_report(monkeypatch):
    asked = []
    for name in ("networks", "rooms"):
        work = getattr(studies, name)
        monkeypatch.setattr(
            studies, name, lambda of, n=name, do=work: (asked.append(n), do(of))[1]
        )
    found = study(estate(cluster()), "all", as_of=AS_OF)
    report_document(found)
    assert sorted(asked) == ["networks", "rooms"]


def test_of_a_vnet_its_space_is_occupied_and_subnets_that_are_outside_it():
    home = spoke()
    (one,) = home.subnets
    parts = [
        replace(one, id=f"{home.id}/subnets/{place}", prefixes=cidrs(text))
        for place, text in enumerate(("10.1.2.0/24", "10.2.0.0/24", "fd00::/64"))
    ]
    whole = replace(home, subnets=tuple(parts))
    bare = replace(whole, id=id_of("bare"), name="bare", prefixes=())
    survey = study(Inventory((bare, whole)), "all", as_of=AS_OF).survey
    assert survey.occupied == {
        whole.id: cidrs("10.1.0.0/16", "10.2.0.0/24"),
        bare.id: cidrs("10.1.2.0/24", "10.2.0.0/24"),
    }


def test_an_estate_has_the_findings_of_its_check():
    inventory = estate(cluster(pod_cidrs=cidrs("10.1.0.0/24")))
    found = study(inventory, "all", as_of=AS_OF)
    checkup = ipplan.check(inventory, as_of=AS_OF)
    assert found.findings == checkup.findings
    assert found.others == ()
    assert found.inventory is inventory
    assert found.survey is found.survey
    assert found.survey.as_of == AS_OF


def test_a_cluster_that_was_read_is_to_stay_as_it_is():
    shop = cluster()
    found = study(estate(shop), "all", as_of=AS_OF)
    assert found.plan_of(shop) == ClusterPlan(shop)


# A plan.


def test_a_plan_amid_a_large_estate_is_about_its_own_and_their_peers(folder):
    (folder / "estate").mkdir()
    large_estates.write(folder / "estate", 60, 12)
    (folder / "estate" / "on-premises.yaml").unlink()
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    layout = lay_out(read_layout_plan("plan.yaml"))
    found = study_of_layout(layout, as_of=AS_OF)
    hub = next(each for each in found.vnets if each.name == "vnet-hub-0")
    peers = {each.remote for each in hub.peerings} | {hub.id}
    assert found.about == peers
    assert {each.name for each in found.vnets} > {
        "new",
        "vnet-hub-0",
        "vnet-spoke-0000",
    }
    assert len(found.vnets) < len(found.inventory.vnets)
    assert [each.name for each in found.clusters] == ["shop"]
    assert len(found.inventory.clusters) == 13
    assert found.is_plan


@pytest.mark.usefixtures("folder")
def test_a_plan_has_what_it_asks_for_by_its_ids():
    layout = lay_out(read_layout_plan("shop.yaml"))
    found = study_of_layout(layout, as_of=AS_OF)
    assert found.title == "shop"
    assert found.wants == {each.want.id: each for each in layout.subnets}
    assert {*found.wants} <= {*found.inventory.subnet_by_id}
    (shop,) = found.clusters
    assert found.plan_of(shop) is layout.clusters[0].plan
    assert found.assumed == layout.assumed


@pytest.mark.usefixtures("folder")
def test_what_is_wrong_around_a_plan_is_none_of_its_findings():
    layout = lay_out(read_layout_plan("more.yaml"))
    found = study_of_layout(layout, as_of=AS_OF)
    assert "subnet-outside-vnet" in {each.rule for each in found.others}
    assert "subnet-outside-vnet" not in {each.rule for each in found.findings}
    assert "layout-subnet-short" in {each.rule for each in found.findings}
    told = {*found.findings, *found.others}
    assert {*found.checkup.findings} <= told


FAR = """\
ipplan: 1
vnets:
  - {name: old, ranges: [10.1.0.0/24], subnets: [{name: aks, ranges: [10.1.0.0/26]}]}
clusters:
  - {name: far, model: cni-overlay, private: true, subnet: old/aks,
     pools: [{name: system, nodes: 3}]}
"""
"""A cluster that no network of the plan reaches."""


@pytest.mark.parametrize(("home", "own"), [("hub", True), ("dc", False)])
def test_what_a_jump_box_in_a_network_of_the_plan_misses_is_its_own(folder, home, own):
    dc = "on_premises: [{name: dc, ranges: [10.250.0.0/16], attached_to: [hub]}]"
    box = f"jump_boxes: [{{name: jump, network: {home}}}]"
    (folder / "far.yaml").write_text(FAR, "utf-8")
    plan = "ipplan: 1\nname: jump\nexisting: [far.yaml]\nnetworks: [{name: hub}]"
    (folder / "jump.yaml").write_text(f"{plan}\n{dc}\n{box}\n", "utf-8")
    found = study_of_layout(lay_out(read_layout_plan("jump.yaml")), as_of=AS_OF)

    def misses(findings):
        named = ({subject.name for subject in each.subjects} for each in findings)
        return {"far", "jump"} in named

    assert misses(found.findings) is own
    assert misses(found.others) is not own


def test_a_plan_of_nothing_is_about_nothing():
    found = study_of_layout(lay_out(LayoutPlan("shop")), as_of=AS_OF)
    assert (found.vnets, found.clusters, found.findings) == ((), (), ())


# Which files are a plan.


@pytest.mark.parametrize(
    ("name", "text", "is_plan"),
    [
        ("a.yaml", SHOP, True),
        ("a.YML", SHOP, True),
        ("a.txt", SHOP, False),
        ("a.yaml", ESTATE, False),
        ("a.yaml", "kind: Pod\n", False),
        ("a.yaml", "- networks\n", False),
        ("a.yaml", SHOP + "#" * (LARGEST - len(SHOP)), True),
        ("a.yaml", SHOP + "#" * (LARGEST - len(SHOP) + 1), False),
    ],
)
def test_a_plan_is_told_by_its_keys(tmp_path, name, text, is_plan):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert is_layout_plan(str(path)) is is_plan


def test_folders_and_files_that_are_not_there_are_no_plans(tmp_path):
    (tmp_path / "plans.yaml").mkdir()
    assert not is_layout_plan(str(tmp_path / "plans.yaml"))
    assert not is_layout_plan(str(tmp_path / "gone.yaml"))


def test_yaml_that_is_broken_is_refused_with_its_line(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("networks: [\n", "utf-8")
    with pytest.raises(InventoryError, match="line 2"):
        is_layout_plan(str(path))


# What commands are given.


def of(*files, lock=None, redact=False):
    return commands.study_of([*files], lock=lock, as_of=AS_OF, redact=redact)


@pytest.mark.usefixtures("folder")
def test_one_file_of_networks_is_a_plan_and_all_else_an_estate():
    assert of("shop.yaml").is_plan
    assert not of("estate.yaml").is_plan
    assert {each.name for each in of("estate.yaml").vnets} == {"old", "lab"}


ALONE = "it is to be given alone, and names what else there is under existing"


@pytest.mark.parametrize("command", ["map", "report"])
@pytest.mark.parametrize(
    "files", [["shop.yaml", "estate.yaml"], ["estate.yaml", "shop.yaml"]]
)
@pytest.mark.usefixtures("folder")
def test_a_plan_among_other_files_is_to_be_given_alone(cli, command, files):
    code, out, err = cli(command, *files, "-o", "json")
    assert (code, out) == (2, "")
    assert err == f"error: plan of networks 'shop.yaml': {ALONE}\n"


@pytest.mark.parametrize("locked", [False, True])
def test_a_folder_of_plans_is_none_of_an_estate(cli, folder, locked):
    home = folder / "plans"
    home.mkdir()
    (home / "shop.yaml").write_text(SHOP, "utf-8")
    (home / "broken.yaml").write_text("networks: [", "utf-8")
    if locked:
        assert cli("layout", "plans/shop.yaml").code == 0
        assert (home / "shop.lock.json").exists()
    plan = str(Path("plans", "shop.yaml"))
    with pytest.raises(ArgumentError) as told:
        of("plans")
    assert str(told.value).startswith(f"plan of networks {plan!r}: {ALONE}")
    # beside an estate it is passed over, in a line
    (home / "estate.yaml").write_text(ESTATE, "utf-8")
    found = cli("map", "plans", "-o", "json")
    assert found.code == 0
    skipped = [each for each in found.err.splitlines() if plan in each]
    assert len(skipped) == 1
    assert "ipplan map and ipplan report take the plan by its file" in skipped[0]


@pytest.mark.usefixtures("folder")
def test_a_lock_without_its_plan_is_read_as_what_it_keeps(cli):
    assert cli("layout", "shop.yaml").code == 0
    assert {each.name for each in of("shop.lock.json").vnets} == {"hub", "spoke"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (["none.yaml", "plans"], "none.yaml: No such file"),
        (["plans", "none.yaml"], "none.yaml: No such file"),
        (["none.yaml", "plans/shop.yaml"], "plan of networks"),
        (["empty"], "empty: no network or cluster"),
    ],
)
def test_what_else_is_wrong_is_told_where_no_plan_was_named(folder, files, told):
    (folder / "plans").mkdir()
    (folder / "empty").mkdir()
    (folder / "plans" / "shop.yaml").write_text(SHOP, "utf-8")
    with pytest.raises((ArgumentError, InventoryError), match=told):
        of(*files)


@pytest.mark.usefixtures("folder")
def test_a_plan_on_standard_input_says_to_give_its_file(monkeypatch):
    text = io.TextIOWrapper(io.BytesIO(SHOP.encode()), "utf-8")
    monkeypatch.setattr(sys, "stdin", text)
    with pytest.raises(InventoryError, match="ipplan map and ipplan report take the"):
        of("-")


@pytest.mark.usefixtures("folder")
def test_a_study_of_a_plan_keeps_to_its_lock_and_writes_none(cli):
    of("shop.yaml")
    assert not Path("shop.lock.json").exists()
    assert cli("layout", "shop.yaml", "--out", "shop.txt").code == 0
    lock = Path("shop.lock.json")
    kept = lock.read_text("utf-8")
    moved = kept.replace("10.64.", "10.70.")
    for name in ("shop.lock.json", "mine.json"):
        Path(name).write_text(moved, "utf-8")
    for given in (None, "mine.json"):
        spaces = [
            str(each) for e in of("shop.yaml", lock=given).vnets for each in e.prefixes
        ]
        assert all(each.startswith("10.70.") for each in spaces)
    assert lock.read_text("utf-8") == moved


@pytest.mark.parametrize("files", [["estate.yaml"], ["shop.yaml", "estate.yaml"]])
@pytest.mark.usefixtures("folder")
def test_a_lock_is_for_one_plan_alone(files):
    with pytest.raises(ArgumentError, match="--lock 'a': with one plan of networks"):
        of(*files, lock="a")


@pytest.mark.usefixtures("folder")
def test_what_is_redacted_has_no_names():
    plan, read = of("shop.yaml", redact=True), of("estate.yaml", redact=True)
    assert (plan.title, read.title) == ("plan", "estate")
    assert {each.name for each in plan.vnets} == {"vnet-1", "vnet-2"}
    assert {each.name for each in read.vnets} == {"vnet-1", "vnet-2"}
    assert [each.name for each in plan.clusters] == ["cluster-1"]


@pytest.mark.parametrize(
    ("files", "title"),
    [
        (["nets/vnets.json"], "vnets.json"),
        (["a.json", "nets/b/"], "a.json, b"),
        (["a", "b", "-"], "a, b, standard input"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        (["/"], "/"),
    ],
)
def test_an_estate_is_called_by_its_files(files, title):
    assert commands._title(files) == title


# A large estate, which others draw.


def test_a_large_estate_is_the_same_in_nouns_and_as_az_prints_it(tmp_path):
    paths = large_estates.write(tmp_path, 120, 15)
    read = ipplan.read_inventory(*map(str, paths[:2]))
    made = large_estates.estate(120, 15)
    assert read == Inventory(vnets=made.vnets, clusters=made.clusters)
    assert not read.skipped
    again = large_estates.documents(120, 15)
    assert json.loads(paths[0].read_text("utf-8")) == json.loads(json.dumps(again[0]))


def test_a_large_estate_has_what_it_is_to_show():
    found = large_estates.estate()
    assert (len(found.vnets), len(found.clusters)) == (1_000, 150)
    assert {len(each.subnets) for each in found.vnets} == {5, 6, 7, 8}
    assert {each.model for each in found.clusters} == {*large_estates.MODELS}
    hubs = [each for each in found.vnets if "-hub-" in each.name]
    assert [len(each.peerings) >= 298 for each in hubs] == [True] * 3
    assert sum(not each.peerings for each in found.vnets) == 100
    full = [each for each in found.subnets if (each.used or 0) > 50]
    assert len(full) > 100


def test_the_conflicts_of_a_large_estate_are_found(tmp_path):
    paths = large_estates.write(tmp_path, 300, 30)
    inventory = ipplan.read_inventory(*map(str, paths))
    rules = {each.rule for each in study(inventory, "all", as_of=AS_OF).findings}
    assert rules >= {
        "vnet-second-hop-overlap",
        "peering-not-connected",
        "pod-cidr-meets-on-premises",
        "pod-cidr-meets-reachable-network",
        "pod-cidr-meets-service-cidr",
        "pod-cidr-public",
        "service-cidr-reserved",
        "on-premises-aggregate",
    }


def test_small_numbers_make_estates_too():
    assert len(large_estates.estate(3, 0).vnets) == 3
    assert len(large_estates.estate(10, 2).clusters) == 2
    assert spoke().name == "spoke"
