"""Lock files: what a layout gave, written and read again."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import read_inventory
from ipplan.cidrs import Cidr
from ipplan.documents.locks import lock_document
from ipplan.errors import InventoryError
from ipplan.layouts.locks import Lock
from ipplan.layouts.takings import takings
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
    several = st.lists(cidrs(), max_size=3).filter(apart).map(tuple)
    found = st.dictionaries(ids, several, max_size=5)
    return found.filter(lambda each: not any(map(lonely, each.items())))


def apart(several):
    """Whether no range has an address of another."""
    pairs = itertools.combinations(several, 2)
    return not any(one.covers(other) or other.covers(one) for one, other in pairs)


def lonely(entry):
    """Whether it is a subnet with IPv6 and without IPv4."""
    identity, several = entry
    return "/subnets/" in identity and {each.version for each in several} == {6}


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
    assert told(file, "b") == " line 1: is the lock of plan 'shop', and this is 'b'"


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


@pytest.mark.parametrize(
    ("version", "shown"),
    [(2, "2"), (0, "0"), ("1", "'1'"), (True, "True"), (1.0, "1.0")],
)
def test_a_lock_of_another_version_is_refused(tmp_path, version, shown):
    file = write(tmp_path, {**lock_document(LOCK), "ipplan_lock": version})
    assert told(file) == f" line 1: is of version {shown}, and this ipplan reads 1"


AKS = f"{HUB}/subnets/aks"
WORDS = "ipplan_lock, note, plan, networks, subnets, pod_cidrs, service_cidrs"
BITS = "did you mean 10.1.0.0/24?, got '10.1.0.1/24'"
LOWER = "expected a resource id in lower case, got"


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (
            {"networks": {HUB: ["10.0.0.0/24", "10.1.0.1/24"]}},
            8,
            f'networks["{HUB}"][1]: no host bits: {BITS}',
        ),
        (
            {"subnets": {AKS: "10.0.0.0/24"}},
            12,
            f"subnets[\"{AKS}\"]: expected a list of CIDRs, got '10.0.0.0/24'",
        ),
        (
            {"subnets": []},
            11,
            "subnets: expected lists of CIDRs by resource ids, got a list of 0",
        ),
        ({"ranges": {}}, 26, f"ranges: unknown key: there are {WORDS}"),
        ({"Networks": {}}, 26, "Networks: unknown key: did you mean networks?"),
        ({"plan": 3}, 4, "plan: expected text, got 3"),
        (
            {"pod_cidrs": {SHOP.upper(): []}},
            17,
            f'pod_cidrs["{SHOP.upper()}"]: {LOWER} \'{SHOP.upper()[:39]}...',
        ),
        ({"pod_cidrs": {"shop": []}}, 17, f"pod_cidrs.shop: {LOWER} 'shop'"),
        (
            {"networks": {HUB: ["10.0.0.0/24", "10.0.0.0/24"]}},
            6,
            f'networks["{HUB}"]: 10.0.0.0/24 stands there twice',
        ),
        (
            {"service_cidrs": {SHOP: ["10.0.1.0/24", "10.0.2.0/24", "10.0.0.0/23"]}},
            22,
            f'service_cidrs["{SHOP}"]: 10.0.1.0/24 lies in 10.0.0.0/23',
        ),
        (
            {"subnets": {AKS: ["fd00::/64", "fd01::/64"]}},
            12,
            f'subnets["{AKS}"]: fd00::/64 is IPv6, and no IPv4 beside it',
        ),
    ],
)
def test_what_can_not_be_kept_is_refused_with_its_line(tmp_path, change, line, message):
    document = {**lock_document(LOCK), **change}
    file = write(tmp_path, json.dumps(document, indent=2))
    assert told(file) == f" line {line}: {message}"


@pytest.mark.parametrize(
    "change",
    [
        {"subnets": {AKS: ["fd00::/64", "10.0.0.0/24"]}},
        {"subnets": {AKS: []}},
        {"networks": {HUB: ["10.0.0.0/24", "10.0.1.0/24", "fd00::/64"]}},
    ],
)
def test_ranges_side_by_side_are_kept(tmp_path, change):
    assert read_lock(write(tmp_path, {**lock_document(LOCK), **change}), "shop")


def test_a_lock_says_all_that_is_wrong(tmp_path):
    document = lock_document(LOCK)
    del document["subnets"]
    file = write(tmp_path, {**document, "pod_cidrs": {SHOP: ["x"]}})
    with pytest.raises(InventoryError) as caught:
        read_lock(file, "shop")
    first, second = str(caught.value).splitlines()
    assert first == f"{file} line 1: subnets: is missing"
    assert second.endswith(
        ": an IPv4 or IPv6 CIDR such as 10.0.0.0/16 or 2001:db8::/32, got 'x'"
    )
    assert Path(file).exists()


# As a file of what will be.


def test_a_lock_is_read_as_what_will_be(tmp_path):
    found = read_inventory(write(tmp_path, lock_document(LOCK)))
    (hub,), (shop,) = found.vnets, found.clusters
    assert (hub.id, hub.name, hub.prefixes) == (HUB, "hub", LOCK.ranges[HUB])
    (aks,) = hub.subnets
    assert (aks.name, aks.prefixes) == ("aks", LOCK.ranges[aks.id])
    assert (shop.name, shop.seen) == ("shop", False)
    assert (shop.pod_cidrs, shop.service_cidrs) == (
        LOCK.pod_cidrs[SHOP],
        LOCK.service_cidrs[SHOP],
    )
    assert all(each.origin.proposed for each in (hub, aks, shop))
    assert (hub.origin.path, shop.origin.path) == (
        f'.networks["{HUB}"]',
        f'.pod_cidrs["{SHOP}"]',
    )


def test_a_cluster_that_a_lock_has_services_of_alone_is_read(tmp_path):
    lock = Lock("shop", service_cidrs={SHOP: LOCK.service_cidrs[SHOP]})
    (shop,) = read_inventory(write(tmp_path, lock_document(lock))).clusters
    assert (shop.pod_cidrs, shop.service_cidrs) == ((), LOCK.service_cidrs[SHOP])
    assert shop.origin.path == f'.service_cidrs["{SHOP}"]'


@given(locks())
def test_every_range_of_a_lock_is_taken(tmp_path_factory, lock):
    file = write(tmp_path_factory.getbasetemp(), lock_document(lock))
    kinds = takings(read_inventory(file), ()).kinds
    had = [*lock.ranges.values(), *lock.pod_cidrs.values()]
    had += lock.service_cidrs.values()
    taken = kinds["vnets"] | kinds["subnets"] | kinds["clusters"]
    assert taken == {each for cidrs_ in had for each in cidrs_}


def test_a_lock_that_is_broken_is_no_inventory(tmp_path):
    file = write(tmp_path, {**lock_document(LOCK), "ipplan_lock": 9})
    with pytest.raises(InventoryError, match="is of version 9"):
        read_inventory(file)
