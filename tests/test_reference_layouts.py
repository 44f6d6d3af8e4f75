"""Layouts that others published: in no more space, and exactly where pinned."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ipplan import (
    Cidr,
    Inventory,
    Layout,
    check,
    lay_out,
    read_inventory,
    read_layout_plan,
)
from ipplan.emitters import emit

DATA = Path(__file__).parent / "data" / "layouts"
DOCS = Path(__file__).parent.parent / "docs" / "samples"
TODAY = date(2026, 11, 24)
NAMES = ("aks-baseline", "aks-baseline-regulated", "aks-landing-zone")


def plan_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))
    return found


def laid_out(folder: Path, plan: dict[str, Any]) -> Layout:
    file = folder / "plan.yaml"
    file.write_text(yaml.safe_dump(plan, sort_keys=False), "utf-8")
    return lay_out(read_layout_plan(str(file)))


def ranges(layout: Layout) -> dict[str, list[str]]:
    return {
        each.want.id.rpartition("/virtualnetworks/")[2]: [*map(str, each.prefixes)]
        for each in layout.subnets
    }


def carved(layout: Layout, network: str) -> int:
    return sum(
        prefix.size
        for each in layout.subnets
        for prefix in each.prefixes
        if each.want.network.endswith(f"/{network}")
    )


def space(layout: Layout, network: str) -> int:
    found = next(e for e in layout.networks if e.plan.name.lower() == network)
    return sum(each.size for each in found.prefixes)


@pytest.mark.parametrize("name", NAMES)
def test_pinned_layouts_are_reproduced_exactly(tmp_path: Path, name: str) -> None:
    plan = plan_of(name)
    layout = laid_out(tmp_path, plan)

    pinned = {
        f"{network['name']}/subnets/{subnet}".lower(): found
        for network in plan["networks"]
        for subnet, found in network["pinned"].items()
    }
    assert not layout.unfit
    assert ranges(layout) == pinned
    for network in plan["networks"]:
        placed = next(e for e in layout.networks if e.plan.name == network["name"])
        assert [*map(str, placed.prefixes)] == network["ranges"]


@pytest.mark.parametrize("name", NAMES)
def test_unpinned_layouts_take_no_more_space_than_their_authors_did(
    tmp_path: Path, name: str
) -> None:
    plan = plan_of(name)
    theirs = laid_out(tmp_path, plan)
    for network in plan["networks"]:
        del network["ranges"], network["pinned"]
    ours = laid_out(tmp_path, plan)

    assert not ours.unfit
    for network in (each["name"].lower() for each in plan["networks"]):
        assert carved(ours, network) <= carved(theirs, network)
        assert space(ours, network) <= space(theirs, network)
    assert not [
        each for each in check(ours.inventory, as_of=TODAY).findings if is_bad(each)
    ]


def is_bad(finding: Any) -> bool:
    # the regulated baseline asks for Azure NPM, whose end is told
    return finding.severity.value != "note" and "retirement" not in finding.rule


def test_what_its_authors_got_wrong_is_told(tmp_path: Path) -> None:
    layout = laid_out(tmp_path, plan_of("aks-construction"))
    found = {
        each.rule
        for each in check(layout.inventory, as_of=TODAY).findings
        if is_bad(each)
    }
    assert found >= {"pod-cidr-in-vnet", "service-cidr-public"}


PLANS = sorted([*DATA.glob("aks-*.yaml"), *(DOCS / "systems").glob("*.yaml")])


@pytest.mark.parametrize("file", PLANS, ids=lambda each: each.stem)
def test_what_is_emitted_reads_back_as_what_passes_and_is_laid_out_alike(
    tmp_path: Path, file: Path
) -> None:
    plan = yaml.safe_load(file.read_text("utf-8"))
    first = laid_out(tmp_path, plan)
    (tmp_path / "there.json").write_text(emit(first, "arm"), "utf-8")
    read = read_inventory(str(tmp_path / "there.json"))

    assert told(read) <= told(first.inventory)
    for network in plan["networks"]:
        network.pop("ranges", None)
        network.pop("pinned", None)
    again = laid_out(tmp_path, {**plan, "existing": ["there.json"]})
    assert not again.unfit
    assert ranges(again) == ranges(first)
    assert spaces(again) == spaces(first)
    assert {each.whence for each in again.subnets} == {"existing"}


def told(inventory: Inventory) -> set[str]:
    return {each.rule for each in check(inventory, as_of=TODAY).findings}


def spaces(layout: Layout) -> dict[str, tuple[Cidr, ...]]:
    return {each.plan.name: each.prefixes for each in layout.networks}
