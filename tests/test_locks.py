"""Lock files: what a layout gave, written and read again."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.cidrs import Cidr
from ipplan.documents.locks import lock_document
from ipplan.errors import InventoryError
from ipplan.layouts.locks import Lock
from ipplan.readers.locks import read_lock

HUB = (
    "/subscriptions/<subscription of shop.yaml>/resourcegroups/net/providers/"
    "microsoft.network/virtualnetworks/hub"
)
SHOP = "/subscriptions/s/resourcegroups/g/providers/microsoft.containerservice/"
SHOP += "managedclusters/shop"
LOCK = Lock(
    "shop",
    {
        HUB: (Cidr.parse("10.0.0.0/24"), Cidr.parse("fd00:1::/56")),
        f"{HUB}/subnets/aks": (Cidr.parse("10.0.0.0/26"),),
    },
    {SHOP: (Cidr.parse("100.64.0.0/16"),)},
    {SHOP: (Cidr.parse("172.16.0.0/16"),)},
)


def names():
    text = st.text("abcé<>_. -", min_size=1, max_size=5)
    return text.map(str.strip).filter(bool)


def cidrs():
    def cidr(bits, first, length):
        version = 4 if bits == 32 else 6
        return Cidr(version, first >> bits - length << bits - length, length)

    return st.one_of(
        st.builds(cidr, st.just(32), st.integers(0, 2**32 - 1), st.integers(0, 32)),
        st.builds(cidr, st.just(128), st.integers(0, 2**128 - 1), st.integers(0, 128)),
    )


def ranges(*kinds):
    def identity(kind, network, name):
        home = f"/subscriptions/s/virtualnetworks/{network}"
        return (f"{home}/subnets/{name}" if kind == "subnet" else home).lower()

    ids = st.builds(identity, st.sampled_from(kinds), names(), names())
    return st.dictionaries(ids, st.lists(cidrs(), max_size=3).map(tuple), max_size=5)


def locks():
    clusters = ranges("cluster")
    return st.builds(Lock, names(), ranges("vnet", "subnet"), clusters, clusters)


def write(tmp_path, document):
    file = tmp_path / "shop.lock.json"
    text = document if isinstance(document, str) else json.dumps(document)
    file.write_text(text, "utf-8")
    return str(file)


def told(file, plan="shop"):
    with pytest.raises(InventoryError) as caught:
        read_lock(file, plan)
    (line,) = str(caught.value).splitlines()
    return line.removeprefix(file)


@given(locks())
def test_what_is_written_is_read_again(tmp_path_factory, lock):
    folder = tmp_path_factory.getbasetemp()
    file = write(folder, lock_document(lock))
    assert read_lock(file, lock.plan) == lock


@given(locks())
def test_the_order_of_a_lock_does_not_show_in_its_document(lock):
    other = Lock(
        lock.plan,
        dict(reversed(lock.ranges.items())),
        dict(reversed(lock.pod_cidrs.items())),
        dict(reversed(lock.service_cidrs.items())),
    )
    assert json.dumps(lock_document(lock)) == json.dumps(lock_document(other))


def test_a_document_has_networks_and_subnets_apart():
    found = lock_document(LOCK)
    assert found["ipplan_lock"] == 1
    assert found["plan"] == "shop"
    assert "ipplan layout" in found["note"]
    assert found["networks"] == {HUB: ["10.0.0.0/24", "fd00:1::/56"]}
    assert found["subnets"] == {f"{HUB}/subnets/aks": ["10.0.0.0/26"]}
    assert found["pod_cidrs"] == {SHOP: ["100.64.0.0/16"]}
    assert found["service_cidrs"] == {SHOP: ["172.16.0.0/16"]}


def test_no_file_is_no_lock(tmp_path):
    assert read_lock(str(tmp_path / "shop.lock.json"), "shop") is None


def test_a_link_that_leads_nowhere_is_not_taken_for_no_lock(tmp_path):
    file = tmp_path / "shop.lock.json"
    file.symlink_to(tmp_path / "gone.json")
    assert told(str(file)) == ": No such file or directory"


def test_a_lock_of_another_plan_is_refused(tmp_path):
    file = write(tmp_path, lock_document(LOCK))
    assert told(file, "b") == ": is the lock of plan 'shop', and this is 'b'"


@pytest.mark.parametrize("end", [1, 40, 200, -1])
def test_a_half_written_lock_is_refused_with_its_line(tmp_path, end):
    whole = json.dumps(lock_document(LOCK), indent=2)
    line = told(write(tmp_path, whole[:end]))
    assert line.startswith(f" line {whole[:end].count(chr(10)) + 1} column ")
    assert "not JSON" in line


def test_a_lock_in_conflict_is_refused(tmp_path):
    whole = json.dumps(lock_document(LOCK), indent=2)
    file = write(tmp_path, whole.replace("{\n", "{\n<<<<<<< HEAD\n", 1))
    assert told(file).startswith(" line 2 column 1: not JSON")


@pytest.mark.parametrize("text", ["[]", "{}", "hub", '{"plan": "shop"}'])
def test_what_is_no_lock_is_refused(tmp_path, text):
    assert told(write(tmp_path, text)) == ": is no lock file of ipplan's"


def test_an_empty_lock_is_refused(tmp_path):
    assert told(write(tmp_path, "")) == ": empty"


@pytest.mark.parametrize(("version", "shown"), [(2, "2"), (0, "0"), ("1", "'1'")])
def test_a_lock_of_another_version_is_refused(tmp_path, version, shown):
    file = write(tmp_path, {**lock_document(LOCK), "ipplan_lock": version})
    assert told(file) == f": is of version {shown}, and this ipplan reads 1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"networks": {HUB: ["10.0.0.1/24"]}},
            (
                f'.networks["{HUB}"][0]: no host bits: did you mean 10.0.0.0/24?, got '
                "'10.0.0.1/24'"
            ),
        ),
        (
            {"subnets": {f"{HUB}/subnets/aks": "10.0.0.0/24"}},
            (
                f'.subnets["{HUB}/subnets/aks"]: Input should be a valid list, got '
                "'10.0.0.0/24'"
            ),
        ),
        ({"ranges": {}}, ".ranges: Extra inputs are not permitted, got an object of 0"),
        ({"plan": 3}, ".plan: Input should be a valid string, got 3"),
        (
            {"pod_cidrs": {SHOP.upper(): []}},
            (
                f'.pod_cidrs["{SHOP.upper()}"]["[key]"]: expected a resource id in '
                f"lower case, got '{SHOP.upper()[:39]}..."
            ),
        ),
        (
            {"pod_cidrs": {"shop": []}},
            (
                '.pod_cidrs.shop["[key]"]: expected a resource id in lower case, got '
                "'shop'"
            ),
        ),
    ],
)
def test_what_is_no_range_is_refused_with_its_path(tmp_path, change, message):
    file = write(tmp_path, {**lock_document(LOCK), **change})
    assert told(file) == f" {message}"


def test_a_lock_says_all_that_is_wrong(tmp_path):
    document = lock_document(LOCK)
    del document["subnets"]
    file = write(tmp_path, {**document, "pod_cidrs": {SHOP: ["x"]}})
    with pytest.raises(InventoryError) as caught:
        read_lock(file, "shop")
    assert len(str(caught.value).splitlines()) == 2
    assert Path(file).exists()
