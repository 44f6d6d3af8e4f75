"""Every subnet is as large as its own rule says, and no larger."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import Cidr, Cluster, Inventory, NodePool, Subnet, Surge, VNet
from ipplan.errors import ArgumentError
from ipplan.layouts.demands.claims import is_dual
from ipplan.layouts.demands.reasons import reasons
from ipplan.layouts.demands.services import SERVICES
from ipplan.layouts.demands.subnets import short, subnet_wants
from ipplan.layouts.plans import (
    ClusterPlan,
    EndpointPlan,
    LayoutPlan,
    NetworkPlan,
    ServicePlan,
    SubnetPlan,
)
from ipplan.layouts.results import PlacedSubnet, Whence
from ipplan.layouts.wants import Share, SubnetWant
from ipplan.limits import LIMITS

HOME = "/subscriptions/s/resourcegroups/g/providers/microsoft.network/virtualnetworks/v"
DATA = Path(__file__).parent / "data" / "layouts"
MODELS = (
    "kubenet",
    "cni-overlay",
    "cni-node-subnet",
    "cni-dynamic",
    "cni-static-block",
)
EXAMPLES = [
    each
    for each in json.loads((DATA.parent / "worked_examples.json").read_text("utf-8"))
    if each["status"] == "consistent" and each["inputs_basis"] == "stated"
]
AKS = "Microsoft.ContainerService/managedClusters"
MICROSOFT = "https://learn.microsoft.com/"


def subnet(name: str) -> str:
    return f"{HOME}/subnets/{name}"


def pool(name: str = "web", nodes: int | None = 40, **fields: Any) -> NodePool:
    fields = {"max_pods": 30, "subnet": subnet("nodes"), **fields}
    return NodePool(name, nodes, **fields)


def cluster(
    *pools: NodePool, model: str = "cni-overlay", name: str = "shop", **fields: Any
) -> Cluster:
    return Cluster(name, pools or (pool(),), model, id=f"/clusters/{name}", **fields)


def wants(**fields: Any) -> dict[str, SubnetWant]:
    network = NetworkPlan(HOME, "v", **fields)
    return {each.name: each for each in subnet_wants(LayoutPlan("p", (network,)))}


def of_cluster(one: Cluster, **fields: Any) -> dict[str, SubnetWant]:
    return wants(clusters=(ClusterPlan(one, **fields),))


def smallest(need: int, kept: int = 5, largest: int = 2) -> int:
    """By trying every prefix, the smallest first; 0 where none is large enough."""
    fits = (p for p in range(29, largest - 1, -1) if 2 ** (32 - p) - kept >= need)
    return next(fits, 0)


def per_node(model: str, pods: int) -> tuple[int, int]:
    """What Microsoft's pages say that a node takes: of its subnet, and of its pods'."""
    return {
        "kubenet": (1, 0),
        "cni-overlay": (1, 0),
        "cni-node-subnet": (1 + pods, 0),
        "cni-dynamic": (1, 16 * -(-(pods + 8) // 16)),
        "cni-static-block": (1, 16 * -(-(pods + 1) // 16)),
    }[model]


@given(
    model=st.sampled_from(MODELS),
    nodes=st.lists(st.integers(0, 900), min_size=1, max_size=3),
    pods=st.integers(10, 250),
    percent=st.integers(0, 100),
    more=st.tuples(st.sampled_from([0, 1, 20, 33, 100, 400]), st.sampled_from([1, 2])),
)
def test_nodes_and_pods_are_sized_as_their_model_says(
    model: str, nodes: list[int], pods: int, percent: int, more: tuple[int, int]
) -> None:
    growth, load = more
    pools = tuple(
        pool(
            f"p{number}",
            count,
            max_pods=pods,
            max_surge=Surge(percent=percent),
            pod_subnet=subnet("pods"),
        )
        for number, count in enumerate(nodes)
    )
    found = of_cluster(cluster(*pools, model=model), growth=growth, shared_load=load)
    steady = [-(-each * load * (100 + growth) // 100) for each in nodes]
    peak = sum(each + -(-each * percent // 100) for each in steady)
    of_nodes, of_pods = per_node(model, pods)

    assert found["nodes"].need == peak * of_nodes
    assert found["nodes"].length == smallest(peak * of_nodes)
    assert found["nodes"].purpose == "nodes"
    assert ("pods" in found) == bool(of_pods)
    if of_pods:
        static = model == "cni-static-block"
        kept, largest = (32, 12) if static else (5, 2)
        assert found["pods"].need == peak * of_pods
        assert found["pods"].kept == kept
        assert found["pods"].length == smallest(peak * of_pods, kept, largest)
        assert found["pods"].delegation == AKS


@pytest.mark.parametrize(
    ("nodes", "length"), [(2, 29), (3, 29), (4, 28), (11, 28), (12, 27), (27, 27)]
)
def test_a_subnet_grows_where_one_address_more_is_needed(
    nodes: int, length: int
) -> None:
    found = of_cluster(cluster(pool(nodes=nodes, max_surge=Surge())))
    assert found["nodes"].length == length


def test_microsofts_example_of_fifty_nodes_is_a_21() -> None:
    one = cluster(pool(nodes=50, max_surge=Surge(1)), model="cni-node-subnet")
    want = of_cluster(one)["nodes"]
    assert (want.need, want.length) == (1581, 21)
    assert [each.what for each in want.shares] == [
        "pool web of shop: (50 nodes + 1 surge) × 31"
    ]


@pytest.mark.parametrize(
    "example",
    [
        each
        for each in EXAMPLES
        if each["model"] == "azure_cni_node_subnet"
        and each["convention"] == "documented"
        and set(each["inputs"]) == {"nodes", "max_surge", "max_pods"}
        and "required_ips" in each["expected"]
    ],
    ids=lambda each: each["id"],
)
def test_documented_node_subnets_come_out(example: dict[str, Any]) -> None:
    inputs, expected = example["inputs"], example["expected"]
    surge = Surge.parse(inputs["max_surge"])
    one = pool(nodes=inputs["nodes"], max_pods=inputs["max_pods"], max_surge=surge)
    want = of_cluster(cluster(one, model="cni-node-subnet"))["nodes"]
    assert want.need == expected["required_ips"]
    assert want.length == expected.get("min_prefix", want.length)


@pytest.mark.parametrize(
    "example",
    [each for each in EXAMPLES if each["model"] == "application_gateway"],
    ids=lambda each: each["id"],
)
def test_documented_application_gateways_come_out(example: dict[str, Any]) -> None:
    inputs, expected = example["inputs"], example["expected"]
    plan = ServicePlan(
        "application-gateway",
        count=inputs["instances"],
        private_front_end=bool(inputs["private_frontends"]),
    )
    (want,) = wants(services=(plan,)).values()
    assert want.need + want.kept == expected["required_ips_incl_reserved"]
    assert smallest(want.need) == expected["min_prefix"]
    asked = replace(plan, length=expected["min_prefix"])
    assert not any(map(short, wants(services=(asked,)).values()))
    smaller = replace(plan, length=expected["min_prefix"] + 1)
    assert all(map(short, wants(services=(smaller,)).values()))


def test_no_subnet_holds_more_static_blocks_than_a_12() -> None:
    def length(nodes: int) -> int:
        pools = (
            pool(
                nodes=nodes, max_pods=250, max_surge=Surge(), pod_subnet=subnet("pods")
            ),
        )
        return of_cluster(cluster(*pools, model="cni-static-block"))["pods"].length

    most = (2**20 - 32) // 256
    assert (length(most), length(most + 1)) == (12, 0)


def test_growth_and_a_twins_load_stand_in_the_words() -> None:
    want = of_cluster(cluster(), growth=20, shared_load=2)["nodes"]
    assert [each.what for each in want.shares] == [
        "pool web of shop: (96 nodes + 10 surge) × 1; 96 = 40 × 2 + 20%"
    ]
    assert want.need == 106


def test_pools_and_clusters_of_one_subnet_add_up() -> None:
    shop = cluster(pool(), pool("system", 3), private=True)
    news = cluster(pool(nodes=10), name="news")
    want = wants(clusters=(ClusterPlan(shop), ClusterPlan(news)))["nodes"]
    assert [(each.what, each.addresses) for each in want.shares] == [
        ("pool system of shop: (3 nodes + 1 surge) × 1", 4),
        ("pool web of news: (10 nodes + 1 surge) × 1", 11),
        ("pool web of shop: (40 nodes + 4 surge) × 1", 44),
        ("private endpoint of the API server of shop", 1),
    ]
    assert want.need == 60
    assert want.length == 25
    assert want.clusters == ("/clusters/news", "/clusters/shop")
    assert all(each.source.startswith(MICROSOFT) for each in want.shares)


@pytest.mark.parametrize(("clusters", "length"), [(1, 28), (2, 27), (3, 27), (4, 26)])
def test_api_servers_take_nine_addresses_each(clusters: int, length: int) -> None:
    api = subnet("api")
    plans = tuple(
        ClusterPlan(
            cluster(name=f"c{n}", vnet_integration=True, api_server_subnet=api),
            services=(ServicePlan("api-server", "api", cluster=f"/clusters/c{n}"),),
        )
        for n in range(clusters)
    )
    want = wants(clusters=plans)["api"]
    assert (want.need, want.length) == (9 * clusters, length)
    assert (want.purpose, want.delegation) == ("api-server", AKS)
    assert len(want.shares) == clusters


def test_an_api_server_counts_where_its_cluster_alone_names_the_subnet() -> None:
    one = cluster(vnet_integration=True, private=True, api_server_subnet=subnet("api"))
    found = of_cluster(one)
    assert (found["api"].need, found["api"].length) == (9, 28)
    assert found["api"].purpose == "api-server"
    assert found["nodes"].need == 44


def test_an_api_server_can_be_asked_for_by_itself() -> None:
    plan = ClusterPlan(
        cluster(), services=(ServicePlan("api-server", cluster="/clusters/shop"),)
    )
    want = wants(clusters=(plan,))["api-server"]
    assert (want.need, want.length, want.clusters) == (9, 28, ("/clusters/shop",))


@pytest.mark.parametrize(
    ("kind", "count", "need", "length", "why"),
    [
        ("firewall", 1, 0, 26, "firewall-subnet"),
        ("firewall-management", 1, 0, 26, "firewall-subnet"),
        ("bastion", 1, 0, 26, "bastion-subnet"),
        ("vpn-gateway", 1, 0, 27, "gateway-subnet"),
        ("expressroute-gateway", 15, 0, 27, "gateway-subnet"),
        ("expressroute-gateway", 16, 0, 26, "gateway-subnet-circuits"),
        ("route-server", 1, 0, 26, "route-server-subnet"),
        ("dns-resolver-inbound", 1, 0, 28, "resolver-subnet-smallest"),
        ("application-gateway", 10, 10, 24, "application-gateway-subnet"),
        ("application-gateway", 123, 123, 24, "application-gateway-subnet"),
        ("application-gateway", 124, 124, 24, None),
        ("application-gateway", 125, 125, 24, None),
        ("application-gateway-for-containers", 1, 250, 24, None),
        ("application-gateway-for-containers", 2, 500, 23, None),
        ("internal-load-balancers", 3, 3, 29, None),
        ("internal-load-balancers", 4, 4, 28, None),
        ("private-link-services", 1, 8, 28, None),
        ("private-link-services", 2, 16, 27, None),
        ("virtual-nodes", 50, 50, 26, None),
        ("virtual-nodes", 60, 60, 25, None),
        ("jump-boxes", 2, 2, 29, None),
        ("build-agents", 11, 11, 28, None),
        ("build-agents", 12, 12, 27, None),
        ("netapp", 1, 0, 28, "netapp-subnet"),
        ("app-service-environment", 10, 37, 24, "app-service-subnet"),
        ("app-service-environment", 224, 251, 24, None),
        ("app-service-environment", 225, 252, 23, None),
    ],
)
def test_services_are_sized_by_their_rows(
    kind: str, count: int, need: int, length: int, why: str | None
) -> None:
    (want,) = wants(services=(ServicePlan(kind, count=count),)).values()
    assert want.name == SERVICES[kind].subnet
    assert (want.need, want.length, want.purpose) == (need, length, kind)
    assert want.why == (LIMITS[why] if why else None)
    assert want.delegation == SERVICES[kind].delegation
    assert not short(want)


def test_a_private_front_end_takes_an_address_more() -> None:
    plan = ServicePlan("application-gateway", count=10, private_front_end=True)
    want = wants(services=(plan,))["application-gateway"]
    assert [(each.what, each.addresses) for each in want.shares] == [
        ("Application Gateway: 10 instances × 1", 10),
        ("private front end of Application Gateway", 1),
    ]


@pytest.mark.parametrize(
    ("kind", "most"), [("application-gateway", 125), ("expressroute-gateway", 16)]
)
def test_more_than_there_may_be_is_refused(kind: str, most: int) -> None:
    wants(services=(ServicePlan(kind, count=most),))
    with pytest.raises(
        ArgumentError, match=f"^count of {kind} {most + 1}: at most {most}"
    ):
        wants(services=(ServicePlan(kind, count=most + 1),))


@pytest.mark.parametrize(
    ("model", "length"), [("cni-overlay", 0), ("cni-node-subnet", 23), ("kubenet", 23)]
)
def test_the_gateways_of_an_overlay_cluster_have_no_more_than_a_24(
    model: str, length: int
) -> None:
    both = [
        ServicePlan(
            "application-gateway", "gateways", count=125, cluster="/clusters/shop"
        )
    ] * 3
    plan = ClusterPlan(cluster(model=model), tuple(both))
    want = wants(clusters=(plan,))["gateways"]
    assert (want.need, want.length) == (375, length)
    assert short(want) == (not length)


def test_a_gateway_for_containers_of_an_overlay_cluster_is_a_24_exactly() -> None:
    def length(count: int) -> int:
        service = ServicePlan("application-gateway-for-containers", "agc", count)
        return wants(clusters=(ClusterPlan(cluster(), (service,)),))["agc"].length

    assert (length(1), length(2)) == (24, 0)


def test_a_length_that_is_asked_for_is_kept_to() -> None:
    asked = ServicePlan("application-gateway", count=30, length=27)
    want = wants(services=(asked,))["application-gateway"]
    assert (want.length, want.why, want.need) == (27, None, 30)
    assert short(want)
    roomy = wants(services=(replace(asked, length=26),))["application-gateway"]
    assert (roomy.length, short(roomy)) == (26, False)


def test_private_endpoints_share_a_subnet() -> None:
    endpoints = (
        EndpointPlan("registry", replicas=1),
        EndpointPlan("registry", count=2, replicas=3),
        EndpointPlan("key-vault", count=2),
    )
    want = wants(endpoints=endpoints, endpoint_subnet="snet-pe")["snet-pe"]
    assert [(each.what, each.addresses) for each in want.shares] == [
        ("Azure Container Registry: 1 endpoint × (2 + 1 region × 1)", 3),
        ("Azure Container Registry: 2 endpoints × (2 + 3 regions × 1)", 10),
        ("Azure Key Vault: 2 endpoints × 1", 2),
    ]
    assert (want.need, want.length, want.purpose) == (15, 27, "private-endpoints")


def test_an_endpoint_of_monitor_needs_a_27() -> None:
    want = wants(endpoints=(EndpointPlan("monitor"),))["private-endpoints"]
    assert (want.need, want.length) == (11, 27)
    assert want.why == LIMITS["monitor-subnet"]


@pytest.mark.parametrize(("hosts", "length"), [(0, 29), (27, 27), (28, 26), (200, 24)])
def test_a_free_subnet_holds_its_hosts(hosts: int, length: int) -> None:
    want = wants(subnets=(SubnetPlan("apps", hosts=hosts),))["apps"]
    assert (want.need, want.length, want.purpose) == (hosts, length, "general")


def test_a_free_subnet_has_the_length_that_it_is_asked_for() -> None:
    want = wants(subnets=(SubnetPlan("spare", 26, delegation="Microsoft.Web/x"),))[
        "spare"
    ]
    assert (want.length, want.need, want.shares) == (26, 0, ())
    assert want.delegation == "Microsoft.Web/x"


def test_a_subnet_that_is_only_pinned_is_as_large_as_it_is() -> None:
    four, six = Cidr.parse("10.0.0.0/25"), Cidr.parse("fd00::/64")
    both = (SubnetPlan("Old"),)
    want = wants(subnets=both, pinned={"old": (six, four)})["Old"]
    assert (want.length, want.pinned) == (25, (six, four))
    assert wants(subnets=both)["Old"].length == 29


def test_a_subnet_plan_adds_to_whatever_else_stands_there() -> None:
    asked = SubnetPlan("Nodes", 22, service_endpoints=("Microsoft.Sql",))
    other = SubnetPlan("nodes", hosts=9, service_endpoints=("Microsoft.Storage",))
    found = wants(clusters=(ClusterPlan(cluster()),), subnets=(asked, other))
    want = found["Nodes"]
    assert (want.length, want.need, want.purpose) == (22, 53, "nodes")
    assert want.service_endpoints == ("Microsoft.Sql", "Microsoft.Storage")
    gateway = SubnetPlan("GatewaySubnet", 26)
    want = wants(services=(ServicePlan("vpn-gateway"),), subnets=(gateway,))[
        "GatewaySubnet"
    ]
    assert (want.length, want.purpose) == (26, "vpn-gateway")


def test_the_gateways_of_a_hub_share_their_subnet() -> None:
    both = (ServicePlan("expressroute-gateway", count=16), ServicePlan("vpn-gateway"))
    want = wants(services=both)["GatewaySubnet"]
    assert (want.length, want.purpose) == (26, "vpn-gateway")


@pytest.mark.parametrize(
    ("services", "subnets", "told"),
    [
        (
            [ServicePlan("firewall", "a"), ServicePlan("jump-boxes", "A")],
            [],
            "Azure Firewall and jump box",
        ),
        ([ServicePlan("bastion")] * 2, [], "Azure Bastion and Azure Bastion"),
        (
            [ServicePlan("dns-resolver-inbound", "a"),
             ServicePlan("dns-resolver-outbound", "a")],
            [],
            "inbound endpoint of DNS Private Resolver and the outbound endpoint",
        ),
        (
            [ServicePlan("virtual-nodes", "a")],
            [SubnetPlan("a", hosts=5)],
            "virtual nodes and 5 hosts",
        ),
        (
            [ServicePlan("virtual-nodes", "a")],
            [SubnetPlan("a", 24, delegation="Microsoft.Web/x")],
            "virtual nodes and what is asked for",
        ),
        (
            [ServicePlan("jump-boxes", "a")],
            [SubnetPlan("a", hosts=5, delegation="Microsoft.Web/x")],
            "jump box and 5 hosts",
        ),
    ],
)  # fmt: skip
def test_what_can_not_share_a_subnet_is_refused(
    services: list[ServicePlan], subnets: list[SubnetPlan], told: str
) -> None:
    with pytest.raises(ArgumentError, match=f"{told}.*: a subnet of its own for each"):
        wants(services=tuple(services), subnets=tuple(subnets))


def test_nodes_stand_in_no_subnet_of_pods() -> None:
    one = pool(pod_subnet=subnet("nodes"))
    with pytest.raises(ArgumentError, match="pool web of shop and pods of pool web"):
        of_cluster(cluster(one, model="cni-dynamic"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"services": (ServicePlan("nat"),)}, "service 'nat'"),
        ({"endpoints": (EndpointPlan("acr"),)}, "private endpoint 'acr'"),
        (
            {"clusters": (ClusterPlan(cluster(pool(nodes=None))),)},
            "nodes of pool web of shop none",
        ),
        (
            {"clusters": (ClusterPlan(cluster(pool(unknown="hosted"))),)},
            "nodes of pool web of shop hosted",
        ),
        (
            {"clusters": (ClusterPlan(replace(cluster(), model=None)),)},
            "cluster shop: shop: its network model is not known",
        ),
    ],
)
def test_what_is_not_known_is_refused(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{told}"):
        wants(**fields)


def test_only_what_can_have_ipv6_has_it_in_a_dual_stack_network() -> None:
    dual = cluster(needs=("dual-stack",))
    single = cluster(pool(subnet=subnet("single")), name="news")
    fields: dict[str, Any] = {
        "clusters": (ClusterPlan(dual), ClusterPlan(single)),
        "services": (
            ServicePlan("firewall"),
            ServicePlan("bastion"),
            ServicePlan("jump-boxes"),
        ),
        "subnets": (SubnetPlan("apps", hosts=5),),
    }
    found = wants(dual_stack=True, **fields)
    assert {name for name, want in found.items() if want.ipv6} == {
        "nodes",
        "jump-boxes",
        "apps",
    }
    assert not any(each.ipv6 for each in wants(**fields).values())


@pytest.mark.parametrize("ranges", ["pod_cidrs", "service_cidrs"])
def test_a_cluster_with_an_ipv6_range_is_dual_stack(ranges: str) -> None:
    both = (Cidr.parse("10.0.0.0/16"), Cidr.parse("fd00::/108"))
    fields: dict[str, Any] = {ranges: both}
    one: dict[str, Any] = {ranges: both[:1]}
    assert is_dual(cluster(**fields))
    assert not is_dual(cluster(**one))


def test_a_subnet_is_called_as_it_is_where_it_exists() -> None:
    there = VNet(HOME, "V", subnets=(Subnet(subnet("nodes"), "NODES"),))
    network = NetworkPlan(HOME, "V", clusters=(ClusterPlan(cluster()),))
    (want,) = subnet_wants(LayoutPlan("p", (network,), Inventory((there,))))
    assert want.name == "NODES"


@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_file_does_not_matter(seed: int) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        mixed = list(values)
        Random(seed).shuffle(mixed)  # noqa: S311  # no secret
        return tuple(mixed)

    pools = (pool("a", 3), pool("b", 9), pool("c", 4, subnet=subnet("c")))
    fields: dict[str, Any] = {
        "clusters": (
            ClusterPlan(cluster(*pools), growth=7),
            ClusterPlan(cluster(*shuffled(pools), name="news")),
        ),
        "services": (
            ServicePlan("vpn-gateway"),
            ServicePlan("expressroute-gateway", count=2),
            ServicePlan("jump-boxes", "ops", 2),
            ServicePlan("build-agents", "Ops", 3),
        ),
        "endpoints": (
            EndpointPlan("blob"),
            EndpointPlan("sql"),
            EndpointPlan("monitor"),
        ),
        "subnets": (SubnetPlan("ops", 26), SubnetPlan("spare", 27)),
    }
    mixed: dict[str, Any] = {key: shuffled(value) for key, value in fields.items()}
    assert subnet_wants(LayoutPlan("p", (NetworkPlan(HOME, "v", **fields),))) == (
        subnet_wants(LayoutPlan("p", (NetworkPlan(HOME, "v", **mixed),)))
    )


@pytest.mark.parametrize(
    ("purpose", "ranges", "need", "expected"),
    [
        ("nodes", "10.0.0.0/28", 11, False),
        ("nodes", "10.0.0.0/28", 12, True),
        ("nodes", "10.0.0.0/28 10.0.1.0/28", 22, False),
        ("nodes", "10.0.0.0/28 10.0.1.0/28", 23, True),
        ("nodes", "10.0.0.0/28 10.0.1.0/31", 11, False),
        ("pods", "10.0.0.0/28 10.0.1.0/28", 11, False),
        ("pods", "10.0.0.0/28 10.0.1.0/28", 12, True),
        ("nodes", "fd00::/64", 11, False),
        ("nodes", "fd00::/64", 12, True),
    ],
)
def test_pinned_ranges_are_short_where_they_hold_less(
    purpose: str, ranges: str, need: int, *, expected: bool
) -> None:
    pinned = tuple(map(Cidr.parse, ranges.split()))
    want = SubnetWant("s", "s", "v", purpose, need=need, length=28, pinned=pinned)
    assert short(want) == expected


def told(want: SubnetWant, *ranges: str, whence: Whence = "new") -> tuple[str, ...]:
    return reasons(PlacedSubnet(want, tuple(map(Cidr.parse, ranges)), whence))


def test_reasons_are_the_sum_the_shares_the_row_and_the_page() -> None:
    plan = ServicePlan("application-gateway", count=10, private_front_end=True)
    want = wants(services=(plan,))["application-gateway"]
    assert told(want, "10.0.0.0/24", whence="locked") == (
        "11 addresses + 5 that Azure keeps: a /24 (256)",
        "Application Gateway: 10 instances × 1 = 10",
        "private front end of Application Gateway: 1",
        "advised: /24 for Application Gateway",
        LIMITS["application-gateway-subnet"].source,
    )


def test_reasons_have_each_page_once_and_that_of_the_row_first() -> None:
    shares = (
        Share("jump box", 1, "https://a"),
        Share("build agent", 1, "https://b"),
        Share("plan", 1),
        Share("jump box", 1, "https://a"),
    )
    want = SubnetWant("s", "s", "v", "bastion", shares, 4, length=26)
    assert told(want)[-3:] == ("jump box: 1", "https://a", "https://b")
    row = LIMITS["bastion-subnet"]
    pages = told(replace(want, why=row))[-3:]
    assert pages == (row.source, "https://a", "https://b")


def test_reasons_say_what_is_too_small_what_has_ipv6_and_what_has_no_room() -> None:
    network = NetworkPlan(
        HOME,
        "v",
        dual_stack=True,
        services=(ServicePlan("jump-boxes", count=12),),
        pinned={"jump-boxes": (Cidr.parse("10.0.0.0/28"),)},
    )
    (want,) = subnet_wants(LayoutPlan("p", (network,)))
    lines = told(want, "10.0.0.0/28", "fd00::/64", whence="pinned")
    assert lines[0] == "12 addresses + 5 that Azure keeps: a /28 (16)"
    assert lines[2:5] == (
        "too small: it holds less than that",
        "and a /64 of IPv6",
        "pinned by the plan",
    )
    assert told(replace(want, pinned=()))[0].endswith(": a /27 (32)")
    nowhere = replace(want, need=2**31, length=0, pinned=())
    assert told(nowhere)[0].endswith("that Azure keeps: no subnet is so large")


def test_reasons_name_the_edges_of_static_blocks_and_sizes_without_a_sum() -> None:
    one = cluster(pool(nodes=3, pod_subnet=subnet("pods")), model="cni-static-block")
    lines = told(of_cluster(one)["pods"], "10.0.0.0/24")
    assert (
        lines[0] == "128 addresses + 32 at its edges that nothing can use: a /24 (256)"
    )
    found = wants(
        services=(ServicePlan("firewall"),),
        subnets=(SubnetPlan("spare", 26),),
        endpoints=(EndpointPlan("monitor"),),
    )
    firewall = told(found["AzureFirewallSubnet"], "10.0.0.0/26")
    assert firewall[:2] == (
        "a /26 (64), 5 of it kept by Azure",
        "at least: /26 for Azure Firewall",
    )
    assert told(found["spare"], "10.0.0.0/26") == ("a /26 (64), 5 of it kept by Azure",)
    monitor = told(found["private-endpoints"], "10.0.0.0/27", "10.1.0.0/29")
    assert monitor[0] == "11 addresses + 5 that Azure keeps: a /27 (32) and a /29 (8)"
    assert monitor[2] == "at least: /27 for Azure Monitor Private Link Scope"


@pytest.mark.parametrize("name", ["aks-baseline", "aks-baseline-regulated"])
def test_published_layouts_need_no_larger_subnets_than_their_authors_gave(
    name: str,
) -> None:
    from ipplan.readers.layouts import read_layout_plan

    found = subnet_wants(read_layout_plan(str(DATA / f"{name}.yaml")))
    assert len(found) >= 8
    for want in found:
        (pinned,) = want.pinned
        assert want.length >= pinned.length
        assert not short(want)
