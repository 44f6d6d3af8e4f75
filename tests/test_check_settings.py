"""Retirements, features, identities and load balancers."""

import json
from datetime import date

import pytest

from ipplan import read_inventory
from ipplan.checks.names import listed
from ipplan.checks.settings import balancers, features, identities, retirements
from ipplan.findings import Effect, Severity
from ipplan.inventory.externals import ExternalRange
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import LoadBalancer
from ipplan.surges import Surge
from tests.check_nouns import (
    CLUSTERS,
    GROUP,
    NODES,
    cidrs,
    cluster,
    estate,
    id_of,
    look,
    spoke,
    subnet,
    vnet,
    ways_out,
)

KUBENET = {"model": "kubenet"}


@pytest.mark.parametrize(
    ("day", "severity", "effect", "words"),
    [
        # Support ends on 31 March 2028, and it is an error from a year before.
        (date(2027, 3, 30), Severity.WARNING, Effect.WORKS_BUT, "ends on"),
        (date(2027, 3, 31), Severity.ERROR, Effect.WORKS_BUT, "ends on"),
        (date(2028, 3, 30), Severity.ERROR, Effect.WORKS_BUT, "ends on"),
        (date(2028, 3, 31), Severity.ERROR, Effect.WORKS_BUT, "ended on"),
    ],
)
def test_kubenet_is_judged_by_the_day(day, severity, effect, words):
    (hit,) = look(retirements.model_retirement, estate(cluster(**KUBENET)), day)
    assert (hit.severity, hit.told_effect) == (severity, effect)
    assert f"{words} 2028-03-31" in hit.message


def test_one_finding_names_every_cluster_of_a_model_that_retires():
    estates = [cluster(f"c{i}", **KUBENET) for i in range(7)]
    found = look(retirements.model_retirement, estate(*estates, cluster("new")))
    assert len(found) == 1
    assert len(found[0].sides) == 7
    assert found[0].message.endswith("7 clusters use it: c0, c1, c2, c3, c4 and 2 more")


def test_what_retires_is_moved_and_a_plan_planned_otherwise():
    rule = retirements.model_retirement
    assert ways_out(rule, estate(cluster(**KUBENET))) == {
        "move to Azure CNI Overlay: az aks update with --network-plugin azure "
        "--network-plugin-mode overlay": True
    }
    assert ways_out(rule, estate(cluster(planned=True, **KUBENET))) == {
        "plan for Azure CNI Overlay in its place": True
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2028, 3, 30), [(Effect.WORKS_BUT, 2)]),
        (date(2028, 3, 31), [(Effect.REFUSED, 1), (Effect.WORKS_BUT, 1)]),
    ],
)
def test_from_its_day_on_a_retirement_refuses_plans_and_leaves_what_is_there(
    day, expected
):
    both = {"model": "kubenet", "needs": ("network-policy=azure",)}
    mixed = estate(cluster("old", **both), cluster("new", planned=True, **both))
    found = look(retirements.model_retirement, mixed, day)
    assert [(each.told_effect, len(each.sides)) for each in found] == expected
    assert {each.severity for each in found} == {Severity.ERROR}
    # Half a year later, on Linux nodes.
    later = day.replace(month=9, day=day.day - 1)
    found = look(retirements.feature_retirement, mixed, later)
    assert [(each.told_effect, len(each.sides)) for each in found] == expected
    assert "new" in found[0].message


NPM = {"needs": ("network-policy=azure",)}
WINDOWS = (NodePool("lin", 3), NodePool("win", 2, os="windows"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # On Windows nodes support ends on 30 September 2026, on Linux two years later.
        (date(2025, 9, 29), ["warning", "warning"]),
        (date(2025, 9, 30), ["warning", "error"]),
        (date(2027, 9, 29), ["warning", "error"]),
        (date(2027, 9, 30), ["error", "error"]),
    ],
)
def test_azure_npm_retires_on_windows_before_linux(day, expected):
    mixed = estate(cluster(pools=WINDOWS, **NPM))
    found = look(retirements.feature_retirement, mixed, day)
    assert [each.severity.value for each in found] == expected
    assert ["Linux" in each.message for each in found] == [True, False]


def test_a_cluster_without_windows_nodes_is_none_of_the_windows_retirement():
    found = look(retirements.feature_retirement, estate(cluster(**NPM), cluster("b")))
    assert [("Linux" in each.message, len(each.sides)) for each in found] == [(True, 1)]


def test_azure_npm_gives_way_to_cilium_then_calico():
    ways = ways_out(retirements.feature_retirement, estate(cluster(**NPM)))
    assert ways == {
        "move to Cilium network policy": True,
        "move to Calico network policy": True,
    }


def test_a_plan_with_a_feature_that_its_model_lacks_is_refused():
    asked = estate(cluster(planned=True, needs=("virtual-nodes",)))
    (hit,) = look(features.feature_unsupported, asked)
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.REFUSED)
    assert hit.message == "shop uses virtual nodes (ACI), which Azure CNI Overlay lacks"


def test_what_azure_has_accepted_is_a_warning():
    """Kubenet with dual stack was generally available in 2023; no page has it now."""
    there = estate(cluster(needs=("dual-stack",), **KUBENET))
    (hit,) = look(features.feature_unsupported, there)
    assert (hit.severity, hit.told_effect) == (Severity.WARNING, Effect.WORKS_BUT)


def test_a_feature_whose_support_no_page_states_is_not_told():
    asked = cluster(model="cni-dynamic", needs=("virtual-nodes",))
    assert not look(features.feature_unsupported, estate(asked))
    unknown = cluster(model=None, pools=(), needs=("virtual-nodes",))
    assert not look(features.feature_unsupported, estate(unknown))


def test_pools_of_other_models_count_each_by_itself():
    pools = (
        NodePool("a", 3),
        NodePool("b", 3, model="cni-static-block"),
    )
    asked = cluster(model="cni-dynamic", pools=pools, needs=("private-link-service",))
    (hit,) = look(features.feature_unsupported, estate(asked))
    assert "static block" in hit.message


def test_windows_is_asked_of_the_models_of_windows_pools():
    pools = (NodePool("a", 3, model="kubenet"), NodePool("b", 2, os="windows"))
    asked = cluster(pools=pools, needs=("windows",))
    assert not look(features.feature_unsupported, estate(asked))


def test_another_model_is_proposed_with_what_it_needs():
    rule = features.feature_unsupported
    virtual = estate(cluster(planned=True, needs=("virtual-nodes",)))
    assert ways_out(rule, virtual) == {"use Azure CNI Node Subnet": True}
    dual = estate(cluster(needs=("dual-stack",), model="cni-node-subnet"))
    assert ways_out(rule, dual) == {
        "build it anew with Azure CNI Overlay and pod CIDR 10.0.0.0/16": True
    }
    windows = estate(
        cluster(
            pools=WINDOWS,
            needs=("windows",),
            pod_cidrs=cidrs("192.168.0.0/16"),
            **KUBENET,
        )
    )
    assert ways_out(rule, windows) == {
        "build it anew with Azure CNI Overlay": True,
        "build it anew with Azure CNI Node Subnet": True,
    }


def test_no_model_with_a_pod_cidr_is_proposed_where_no_range_is_free():
    private = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    halves = [str(half) for each in cidrs(*private) for half in _halves(each, 17)]
    elsewhere = ExternalRange("all", cidrs(*halves))
    asked = cluster(model="cni-node-subnet", needs=("dual-stack",))
    crowded = estate(asked, external_ranges=(elsewhere,))
    assert ways_out(features.feature_unsupported, crowded) == {}


def _halves(cidr, length):
    size = 1 << 32 - length
    count = 1 << length - cidr.length
    return [
        cidr._replace(first=cidr.first + i * size, length=length) for i in range(count)
    ]


@pytest.mark.parametrize(
    ("model", "needs", "count"),
    [
        ("cni-overlay", ("dual-stack", "network-policy=calico"), 1),
        ("cni-overlay", ("dual-stack", "network-policy=cilium"), 0),
        ("cni-overlay", ("windows", "network-policy=azure"), 1),
        ("cni-node-subnet", ("windows", "network-policy=azure"), 0),
        ("cni-node-subnet", ("windows", "network-policy=cilium"), 1),
        (None, ("windows", "network-policy=cilium"), 1),
    ],
)
def test_features_that_exclude_each_other(model, needs, count):
    asked = estate(cluster(planned=True, model=model, needs=needs))
    assert len(look(features.features_exclude_each_other, asked)) == count


def test_features_are_parted_by_another_engine_or_another_cluster():
    needs = ("windows", "network-policy=cilium")
    asked = estate(cluster(planned=True, pools=WINDOWS, needs=needs))
    assert ways_out(features.features_exclude_each_other, asked) == {
        "use Calico network policy in place of Cilium network policy": True,
        "use Azure NPM in place of Cilium network policy": False,
        "use clusters of their own for Cilium network policy and Windows node "
        "pools": True,
    }


TABLE = f"{GROUP}/routetables/routes"
BY_SYSTEM = {"planned": True, "identity": "SystemAssigned"}


def with_table(table, **fields):
    return estate(cluster(**KUBENET | fields), vnets=[spoke(route_table=table)])


def test_kubenet_with_its_own_route_table_needs_its_own_identity():
    rule = identities.route_table_identity
    broken = with_table(TABLE, **BY_SYSTEM)
    (hit,) = look(rule, broken)
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.REFUSED)
    assert "into routes, a route table of your own" in hit.message
    assert ways_out(rule, broken) == {"give shop a user-assigned identity": True}


@pytest.mark.parametrize(
    "fine",
    [
        with_table(TABLE, planned=True, identity="UserAssigned"),
        with_table(TABLE, planned=True),
        with_table(TABLE, identity="SystemAssigned"),
        with_table(TABLE, model="cni-overlay", **BY_SYSTEM),
        with_table(TABLE, model=None, **BY_SYSTEM),
        with_table(None, **BY_SYSTEM),
        with_table(f"{NODES}/microsoft.network/routetables/aks", **BY_SYSTEM),
        with_table(f"{GROUP}/routetables/aks", node_resource_group="net", **BY_SYSTEM),
    ],
)
def test_no_identity_is_asked_for_otherwise(fine):
    assert not look(identities.route_table_identity, fine)


ZONE = f"{GROUP}/privatednszones/shop.privatelink.westeurope.azmk8s.io"


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"private": True, "private_dns_zone": ZONE}, 1),
        ({"private": True, "private_dns_zone": ZONE, "identity": "UserAssigned"}, 0),
        ({"private": True, "private_dns_zone": ZONE, "planned": False}, 0),
        ({"private": True, "private_dns_zone": "system"}, 0),
        ({"private": True}, 0),
        ({"private_dns_zone": ZONE}, 0),
    ],
)
def test_a_zone_of_ones_own_needs_an_identity_of_ones_own(fields, count):
    asked = estate(cluster(**BY_SYSTEM | fields))
    assert len(look(identities.private_dns_zone_identity, asked)) == count


def balancer(*rules, group=NODES):
    identity = f"{group}/microsoft.network/loadbalancers/kubernetes"
    return LoadBalancer(identity, "kubernetes", rules)


@pytest.mark.parametrize(("services", "count"), [(299, 0), (300, 0), (301, 1)])
def test_a_cluster_has_at_most_300_services(services, count):
    rule = balancers.load_balancer_services_limit
    stated = estate(cluster(planned=True, load_balancer_services=services))
    shown = estate(cluster(), load_balancers=(balancer(*[1] * services),))
    assert len(look(rule, stated)) == len(look(rule, shown)) == count


def test_what_is_stated_of_services_counts_over_what_is_shown():
    many = balancer(*[1] * 301)
    stated = estate(cluster(load_balancer_services=0), load_balancers=(many,))
    assert not look(balancers.load_balancer_services_limit, stated)


def test_a_load_balancer_beside_no_nodes_is_none_of_a_clusters():
    elsewhere = balancer(*[1] * 301, group=GROUP.rpartition("/")[0])
    shown = estate(cluster(), load_balancers=(elsewhere,))
    assert not look(balancers.load_balancer_services_limit, shown)
    assert not look(balancers.load_balancer_backends_limit, shown)


def nodes(*counts):
    return tuple(NodePool(f"p{i}", e, max_surge=Surge()) for i, e in enumerate(counts))


@pytest.mark.parametrize(
    ("pools", "count"),
    # Microsoft's example: 1 service with 5 ports reaches 10,000 at 2,000 nodes.
    [
        (nodes(1000, 999), 0),
        (nodes(1000, 1000), 0),
        (nodes(1000, 1001), 1),
        (nodes(1000, 1000, None), 0),
        ((*nodes(1000, 999), NodePool("s", 1)), 1),
    ],
)
def test_a_front_end_has_at_most_10000_backends(pools, count):
    rule = balancers.load_balancer_backends_limit
    ports = {"load_balancer_services": 1, "load_balancer_ports": 5}
    stated = estate(cluster(planned=True, pools=pools, **ports))
    shown = estate(cluster(pools=pools), load_balancers=(balancer(1, 5), balancer()))
    assert len(look(rule, stated)) == len(look(rule, shown)) == count


def test_ports_of_several_services_are_at_least_their_average_in_one():
    rule = balancers.load_balancer_backends_limit
    pools = nodes(1000, 1001)
    few = {"load_balancer_services": 3, "load_balancer_ports": 12}
    more = few | {"load_balancer_ports": 13}
    assert not look(rule, estate(cluster(pools=pools, **few)))
    broken = estate(cluster(pools=pools, **more))
    assert "a front end with 5 ports" in look(rule, broken)[0].message
    assert list(ways_out(rule, broken).values()) == [True]
    shown = estate(cluster(pools=pools), load_balancers=(balancer(5),))
    assert ways_out(rule, shown) == {}


def test_names_in_a_sentence_are_bounded():
    assert listed("abcde") == "a, b, c, d, e"
    assert listed("abcdef") == "a, b, c, d, e and 1 more"


def test_real_clusters_of_the_corpus_have_no_error_of_settings(corpus):
    inventory = read_inventory(
        str(corpus / "assembled" / "shared" / "az-aks-list.json")
    )
    rules = (
        retirements.model_retirement,
        retirements.feature_retirement,
        features.feature_unsupported,
        features.features_exclude_each_other,
        identities.route_table_identity,
        identities.private_dns_zone_identity,
        balancers.load_balancer_services_limit,
        balancers.load_balancer_backends_limit,
    )
    found = [hit for rule in rules for hit in look(rule, inventory)]
    assert {each.severity for each in found} == {Severity.WARNING}
    assert [len(each.sides) for each in found] == [11, 1]  # kubenet; its dual stack


def test_a_subnet_that_was_not_read_says_nothing():
    unread = estate(cluster(**KUBENET | BY_SYSTEM), vnets=[vnet("hub", "10.0.0.0/24")])
    assert not look(identities.route_table_identity, unread)
    assert subnet("spoke", "aks").id == id_of("spoke", "subnets", "aks")


INGRESS = "ingressApplicationGateway"


@pytest.mark.parametrize(
    ("addons", "needs"),
    [
        ({INGRESS: {"enabled": True}}, ("application-gateway-ingress",)),
        ({INGRESS.lower(): {"enabled": True}}, ("application-gateway-ingress",)),
        ({INGRESS: {"enabled": False}}, ()),
        ({INGRESS: None}, ()),
        (None, ()),
    ],
)
def test_the_add_on_of_application_gateway_is_a_need(tmp_path, addons, needs):
    path = tmp_path / "clusters.json"
    shown = {
        "id": f"{CLUSTERS}/managedClusters/shop",
        "name": "shop",
        "type": "Microsoft.ContainerService/ManagedClusters",
        "addonProfiles": addons,
    }
    path.write_text(json.dumps([shown]))
    assert read_inventory(str(path)).clusters[0].needs == needs
