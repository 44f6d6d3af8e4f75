"""Public IPs and SNAT ports: the numbers of Microsoft's pages, and their boundaries."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import Cluster, NodePool, Surge
from ipplan.errors import ArgumentError
from ipplan.layouts.demands.egress import Egress, automatic_ports, egress
from ipplan.layouts.plans import ClusterPlan

EXAMPLES = [
    each
    for each in json.loads(
        (Path(__file__).parent / "data" / "worked_examples.json").read_text("utf-8")
    )
    if each["model"] == "load_balancer_snat"
]


def found(
    nodes: int,
    outbound_type: str | None = None,
    ports: int | None = None,
    surge: int = 0,
    growth: int = 0,
) -> Egress:
    pool = NodePool("web", nodes, max_surge=Surge(surge))
    cluster = Cluster("shop", (pool,), outbound_type=outbound_type)
    return egress(ClusterPlan(cluster, growth=growth, ports_per_node=ports))


def test_there_are_worked_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["id"])
def test_microsofts_worked_examples_come_out(
    example: dict[str, Any],
) -> None:
    given_, expected = example["inputs"], example["expected"]
    ports, ips = given_.get("outbound_ports_per_node"), given_.get("outbound_ips")
    if "max_nodes" in expected:
        most = expected["max_nodes"]
        assert found(most, ports=ports).addresses == ips
        assert found(most + 1, ports=ports).addresses == ips + 1
    elif "ports_required" in expected:
        both = found(given_["nodes"], ports=ports, surge=given_["max_surge"])
        assert both.ports == ports
        assert both.nodes * ports == expected["ports_required"]
        assert both.surge * ports == expected["ports_for_surge"]
        assert both.addresses == ips
    else:
        told = [found(nodes).ports for nodes in given_["nodes"]]
        assert told == expected["automatic_ports_per_node"]


@pytest.mark.parametrize(
    ("nodes", "ports"),
    [
        (1, 1024), (50, 1024), (51, 512), (100, 512), (101, 256), (200, 256),
        (201, 128), (400, 128), (401, 64), (800, 64), (801, 32), (1000, 32),
        (1001, 32),
    ],
)  # fmt: skip
def test_ports_fall_as_the_pool_grows(nodes: int, ports: int) -> None:
    assert automatic_ports(nodes) == ports


def test_the_automatic_table_never_takes_a_second_ip_and_ends_at_a_thousand() -> None:
    told = [found(nodes) for nodes in (1, 50, 51, 100, 800, 1000, 1001)]
    assert [each.addresses for each in told] == [1] * 7
    assert [each.fits for each in told] == [True] * 6 + [None]
    assert "1,000 nodes" in told[-1].words
    assert found(2001).addresses == 2


def test_surge_and_growth_are_among_the_nodes() -> None:
    both = found(45, surge=6)
    assert (both.nodes, both.surge, both.ports) == (45, 6, 512)
    more = found(40, growth=20)
    assert (more.nodes, more.ports) == (48, 1024)


@pytest.mark.parametrize(
    ("outbound_type", "each"), [("loadBalancer", 64_000), ("managedNATGateway", 64_512)]
)
@given(ports=st.integers(1, 8000).map(lambda number: 8 * number), ips=st.integers(1, 9))
def test_an_ip_more_is_needed_where_the_ports_of_one_are_over(
    outbound_type: str, each: int, ports: int, ips: int
) -> None:
    nodes = each * ips // ports
    at = found(nodes, outbound_type, ports)
    beyond = found(nodes + 1, outbound_type, ports)
    assert nodes * ports <= at.addresses * each
    assert (at.addresses, beyond.addresses) == (ips, -(-(nodes + 1) * ports // each))
    assert beyond.addresses > ips


@given(
    outbound_type=st.sampled_from(
        [None, "loadBalancer", "managedNATGateway", "userDefinedRouting", "none"]
    ),
    nodes=st.integers(0, 5000),
    more=st.integers(0, 500),
    ports=st.none() | st.sampled_from([8, 1000, 1024, 64_000]),
)
def test_more_nodes_never_take_fewer_ips(
    outbound_type: str | None, nodes: int, more: int, ports: int | None
) -> None:
    few = found(nodes, outbound_type, ports)
    many = found(nodes + more, outbound_type, ports)
    assert few.addresses <= many.addresses
    assert (few.fits is not False) >= (many.fits is not False)


@pytest.mark.parametrize(
    ("ports", "fits"),
    [(0, False), (7, False), (8, True), (9, False), (64_000, True), (64_008, False)],
)
def test_stated_ports_are_a_multiple_of_eight_up_to_those_of_an_ip(
    ports: int, *, fits: bool
) -> None:
    told = found(1, ports=ports)
    assert told.fits == fits
    assert ("multiple of 8" in told.words) != fits


@pytest.mark.parametrize(("nodes", "fits"), [(100, True), (101, False)])
def test_a_load_balancer_has_a_hundred_ips_at_the_most(
    nodes: int, *, fits: bool
) -> None:
    told = found(nodes, ports=64_000)
    assert (told.addresses, told.fits) == (nodes, fits)


@pytest.mark.parametrize(("nodes", "fits"), [(1008, True), (1009, False)])
def test_a_nat_gateway_has_sixteen_ips_at_the_most(nodes: int, *, fits: bool) -> None:
    told = found(nodes, "userAssignedNATGateway", 1024)
    assert told.addresses == (16 if fits else 17)
    assert told.fits == fits
    assert ("more than the 16" in told.words) != fits


def test_a_nat_gateway_gives_ports_on_demand() -> None:
    told = found(300, "userAssignedNATGateway", surge=30)
    assert (told.ports, told.addresses, told.fits) == (None, 1, True)
    assert told.words == (
        "a NAT gateway on its subnets: 64,512 ports on demand for 330 nodes, with 1 "
        "public IP"
    )


@pytest.mark.parametrize("outbound_type", ["userDefinedRouting", "none", "block"])
def test_others_have_no_public_ip_of_their_own(outbound_type: str) -> None:
    told = found(40, outbound_type, 1024)
    assert (told.addresses, told.most, told.ports, told.fits) == (0, 0, None, True)
    assert "no public IP" in told.words
    assert told.outbound_type == outbound_type


def test_nodes_that_are_not_known_are_refused() -> None:
    plan = ClusterPlan(Cluster("shop", (NodePool("web", None),)))
    with pytest.raises(
        ArgumentError, match=r"^nodes of pool web of shop none: a number"
    ):
        egress(plan)
