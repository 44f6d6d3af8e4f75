import ipaddress

import netaddr
import numpy as np
import pytest
from hypothesis import example, given

from benchmarks.address_plan import FILE, ROWS, plan, write
from ipplan import ArgumentError, aggregate, free_blocks, has_overlap, parse_cidrs
from ipplan.cidrs import aggregates
from tests import golden
from tests.networks import lists, rows

net = ipaddress.ip_network
WHOLE = [net("0.0.0.0/0"), net("::/0")]
EDGES = [net("0.0.0.0/32"), net("255.255.255.255/32"), net("::/128")]
EDGES += [net("::ffff:ffff:ffff:ffff/128"), net("0:0:0:1::/128")]
EDGES += [net("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")]


def texts(cidrs):
    return [str(cidr) for cidr in cidrs]


def networks_of(cidrs):
    return [net(str(cidr)) for cidr in cidrs]


@given(lists())
@example(WHOLE)
@example(EDGES)
@example([net("0.0.0.0/1"), net("128.0.0.0/1"), net("8000::/1"), net("::/1")])
@example([net("255.255.255.255/32"), net("0:0:0:1::/64")])
def test_aggregates_are_those_of_ipaddress_and_netaddr(networks):
    found = networks_of(aggregate(rows(networks)))
    assert found == golden.merged(networks)
    theirs = netaddr.cidr_merge([str(each) for each in networks])
    assert found == [net(str(each.cidr)) for each in theirs]


@given(lists(), lists())
@example(WHOLE, [])
@example(WHOLE, WHOLE)
@example(WHOLE, EDGES)
@example(EDGES, WHOLE)
@example([net("10.0.0.0/9"), net("10.128.0.0/9")], [net("10.200.0.0/32")])
def test_free_blocks_are_those_of_ipaddress_and_netaddr(within, taken):
    found = networks_of(free_blocks(rows(within), rows(taken)))
    assert found == golden.free(within, taken)
    space, used = (
        netaddr.IPSet([str(each) for each in some]) for some in (within, taken)
    )
    assert found == [net(str(each)) for each in (space - used).iter_cidrs()]


@given(lists(), lists())
def test_what_is_free_and_what_is_taken_of_it_make_up_the_space(within, taken):
    free = free_blocks(within, taken)
    assert not has_overlap(free)
    assert texts(aggregate(free)) == texts(free)
    used = free_blocks(within, free)
    assert texts(aggregate([*free, *used])) == texts(aggregate(within))
    assert not len(free_blocks(used, taken))


@pytest.mark.parametrize("most", [1, 2, 100])
def test_spans_cut_a_few_at_a_time_give_the_same(monkeypatch, most):
    cidrs = parse_cidrs([f"10.0.{number}.{number}/32" for number in range(40)])
    cidrs6 = [f"fd00::{number:x}:{number:x}/128" for number in range(40)]
    space = ["10.0.0.0/8", "fd00::/16"]
    expected = texts(free_blocks(space, [*cidrs, *cidrs6]))
    monkeypatch.setattr(aggregates, "SPANS", most)
    assert texts(free_blocks(space, [*cidrs, *cidrs6])) == expected


def test_what_lies_outside_the_space_counts_for_nothing():
    space, taken = ["10.0.0.0/24"], ["10.0.1.0/24", "9.0.0.0/8", "::/0"]
    assert texts(free_blocks(space, taken)) == space


def test_nothing_is_the_aggregate_of_nothing():
    assert texts(aggregate([])) == texts(free_blocks([], ["::/0"])) == []
    refused = parse_cidrs(["10.0.0.0/33", "x"], strict=False)
    assert texts(aggregate(refused)) == []
    assert texts(free_blocks(refused, refused)) == []
    assert texts(free_blocks(["10.0.0.0/8"], refused)) == ["10.0.0.0/8"]


def test_an_address_more_or_less_is_seen():
    halves = ["10.0.0.0/25", "10.0.0.128/25"]
    assert texts(aggregate(halves)) == ["10.0.0.0/24"]
    assert texts(aggregate([halves[0], "10.0.0.129/32"])) == [
        "10.0.0.0/25",
        "10.0.0.129/32",
    ]
    assert texts(free_blocks(["10.0.0.0/30"], ["10.0.0.0/31", "10.0.0.3/32"])) == [
        "10.0.0.2/32"
    ]


def test_the_arguments_of_free_blocks_are_told_apart():
    with pytest.raises(ArgumentError, match=r"^within\[0\]"):
        free_blocks(["10.0.0.1/8"], [])
    with pytest.raises(ArgumentError, match=r"^taken\[0\]"):
        free_blocks([], ["10.0.0.1/8"])


def test_results_can_not_be_changed():
    for cidrs in (aggregate(["10.0.0.0/8"]), free_blocks(["::/0"], []), aggregate([])):
        for column in (cidrs.version, cidrs.high, cidrs.first, cidrs.length):
            assert not column.flags.writeable
        assert cidrs.version.dtype == cidrs.length.dtype == np.uint8
        assert cidrs.high.dtype == cidrs.first.dtype == np.uint64


def test_the_address_plan_of_the_benchmarks_agrees_with_netaddr(monkeypatch, tmp_path):
    spaces, subnets = plan()
    assert len(spaces) + len(subnets) == ROWS
    assert not has_overlap(spaces)
    assert not has_overlap(subnets)
    assert not len(free_blocks(subnets, spaces))
    theirs = netaddr.IPSet(spaces) - netaddr.IPSet(subnets)
    assert texts(free_blocks(spaces, subnets)) == [str(x) for x in theirs.iter_cidrs()]
    again = tmp_path / "data" / FILE.name
    monkeypatch.setattr("benchmarks.address_plan.FILE", again)
    write()
    assert again.read_bytes() == FILE.read_bytes()
