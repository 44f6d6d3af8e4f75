"""What can't be changed later, against rules 4, 6.3, 8, 8.1 and 9.2."""

from dataclasses import replace

import pytest

from ipplan import NodePool
from ipplan.designs.permanences import LASTING, permanences
from ipplan.inventory.networks import Subnet
from ipplan.limits import CHANGELOG, KUBENET, OUTBOUND, UPDATE_CNI
from ipplan.models import MODELS
from tests.test_check_core import cs, vnet
from tests.test_decisions import cluster, pool, studied

NET = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
HOME = NET.subnets[0].id


def found(*nets, **more):
    """What is fixed of one cluster, by kind."""
    more.setdefault("pools", (pool(subnet=HOME),))
    shop = cluster("shop", **more)
    told = permanences(studied(*(nets or (NET,)), clusters=[shop]))
    assert [LASTING[e.change] for e in told] == sorted(LASTING[e.change] for e in told)
    return {each.kind: each for each in told}


@pytest.mark.parametrize(
    ("model", "change"),
    [
        ("cni-overlay", "never"),
        ("kubenet", "one-way"),
        ("cni-node-subnet", "one-way"),
        ("cni-dynamic", "never"),
        ("cni-static-block", "never"),
    ],
)
def test_the_ways_between_models_are_those_of_rules_8_1(model, change):
    told = found(model=model)["network model"]
    assert told.change == change
    assert told.what == f"network model {MODELS[model].title}"
    assert told.source == UPDATE_CNI
    barred = model in {"cni-dynamic", "cni-static-block"}
    assert ("not even to Azure CNI Overlay" in told.words) is barred


READY = {"kubernetes_version": "1.33", "model": "cni-node-subnet"}


@pytest.mark.parametrize(
    ("more", "change", "words"),
    [
        ({}, "one-way", "back: else another model takes a new cluster."),
        ({"kubernetes_version": "1.27"}, "one-way", "takes a new cluster."),
        ({"kubernetes_version": "1.26"}, "one-way", " First: it runs Kubernetes 1.26;"),
        ({"kubernetes_version": None}, "one-way", " Not known: its Kubernetes version"),
        ({"needs": ("direct-pod-access",)}, "never", "not even to Azure CNI Overlay: "),
        ({"seen": False}, "unknown", "Whether it can be updated to Azure CNI Overlay"),
    ],
)
def test_the_way_to_overlay_is_as_open_as_migrate_finds_it(more, change, words):
    told = found(**{**READY, **more})["network model"]
    assert told.change == change
    assert words in told.words


def test_what_takes_a_new_cluster_is_of_one_grade():
    told = found(model="cni-overlay")
    assert told["VNet"].change == told["network model"].change == "never"


def test_no_page_says_that_cilium_can_be_taken_off():
    told = found(needs=("network-policy=cilium",))["network policy"]
    assert told.change == "unknown"
    assert told.words == "No page that was read says that Cilium can be taken off."


def test_of_a_model_that_is_not_known_nothing_is_said():
    assert "network model" not in found(model=None)


@pytest.mark.parametrize(
    ("model", "system", "change"),
    [
        ("cni-overlay", "linux", "limited"),
        ("cni-overlay", "windows", "never"),
        ("kubenet", "linux", "one-way"),
    ],
)
def test_a_pod_cidr_stays_or_grows(model, system, change):
    more = {"pools": (pool(subnet=HOME, os=system),), "pod_cidrs": cs("10.244.0.0/16")}
    told = found(model=model, **more)["pod CIDR"]
    assert (told.value, told.change) == ("10.244.0.0/16", change)
    assert "pod CIDR" not in found(model="cni-node-subnet")


@pytest.mark.parametrize(
    ("version", "change", "known"),
    [
        ("1.32.9", "never", True),
        ("1.33.0", "limited", True),
        ("1.33", "limited", True),
        ("2.0", "limited", True),
        (None, "unknown", False),
        ("<version>", "unknown", False),
    ],
)
def test_a_service_cidr_is_fixed_below_kubernetes_1_33(version, change, known):
    told = found(kubernetes_version=version, dns_service_ip="172.16.0.10")
    told = told["service CIDR"]
    assert told.change == change
    assert told.value == "172.16.0.0/16 with DNS service IP 172.16.0.10"
    assert ("is not known" in told.words) is not known
    assert found(service_cidrs=cs("10.0.0.0/16"))["service CIDR"].value == "10.0.0.0/16"
    assert "service CIDR" not in found(service_cidrs=())


def test_subnets_of_nodes_are_told_with_their_ranges():
    told = found()["subnet"]
    assert (told.value, told.change) == ("spoke/nodes 10.1.0.0/24", "rebuild")
    unread = replace(NET, subnets=(Subnet(HOME, "nodes"),))
    assert "subnet" not in found(unread)
    assert "subnet" not in found(vnet("other", "10.2.0.0/16"))


@pytest.mark.parametrize("read", [True, False])
def test_vnet_integration_can_not_be_turned_off(read):
    net = vnet("spoke", "10.1.0.0/16", subnets=[("nodes", "10.1.0.0/24")])
    api = f"{net.id}/subnets/api"
    if read:
        net = vnet(
            "spoke",
            "10.1.0.0/16",
            subnets=[("nodes", "10.1.0.0/24"), ("api", "10.1.1.0/28")],
        )
    told = found(net, vnet_integration=True, api_server_subnet=api)
    assert told["API server"].change == "never"
    where = "in spoke/api" if read else "in a subnet"
    assert told["API server"].value == where
    assert told["subnet"].value == "spoke/nodes 10.1.0.0/24"


def test_whether_a_private_cluster_can_be_opened_no_page_says():
    told = found(private=True)["API server"]
    assert told.change == "unknown"
    assert told.words.startswith("No page that was read says")
    assert "API server" not in found()


@pytest.mark.parametrize(("model", "told"), [("kubenet", True), ("cni-overlay", False)])
def test_a_route_table_of_kubenet_stays(model, told):
    table = "/x/routetables/rt-shop"
    net = replace(NET, subnets=(replace(NET.subnets[0], route_table=table),))
    fixed = found(net, model=model)
    assert ("route table" in fixed) is told
    if told:
        assert fixed["route table"].value == "rt-shop"
        assert fixed["route table"].source == KUBENET
    assert "route table" not in found(model="kubenet")
    assert "route table" not in found(model=None)


def test_max_pods_are_told_by_pool_and_by_default():
    pools = [NodePool(n, 1, most) for n, most in (("a", 30), ("b", 50), ("c", 30))]
    shop = cluster("shop", pools=tuple(pools))
    told = permanences(studied(NET, clusters=[shop]))
    values = [each.value for each in told if each.kind == "max pods"]
    assert values == ["30 of pools a, c", "50 of pool b"]
    default = found(model="kubenet", pools=(NodePool("a", 1),))["max pods"]
    assert default.value == "110 of pool a"
    own = NodePool("a", 1, model="cni-node-subnet")
    assert found(model=None, pools=(own,))["max pods"].value == "30 of pool a"
    assert "max pods" not in found(model=None, pools=(NodePool("a", 1),))


def test_a_cluster_stays_in_its_vnet():
    assert found()["VNet"].value == "spoke"
    assert "VNet" not in found(pools=(NodePool("a", 1),))


@pytest.mark.parametrize(
    ("own", "kind", "words"),
    [
        (True, "loadBalancer", "userAssignedNATGateway, userDefinedRouting, none"),
        (True, "userDefinedRouting", "loadBalancer, userAssignedNATGateway, none"),
        (True, "none", "loadBalancer, userAssignedNATGateway, userDefinedRouting"),
        (
            False,
            "loadBalancer",
            "managedNATGateway, managedNATGatewayV2, none and block",
        ),
        (False, "managedNATGateway", "managedNATGatewayV2, none and block, and not to"),
        (False, "managedNATGatewayV2", "Can't be changed"),
        (False, "none", "every other"),
        (False, "block", "every other"),
        (True, "managedNATGateway", "managedNATGatewayV2, none and block"),
    ],
)
def test_outbound_types_change_as_the_matrix_of_their_vnet_says(own, kind, words):
    pools = (pool(subnet=HOME if own else None),)
    told = found(outbound_type=kind, pools=pools)["outbound type"]
    assert (told.value, told.change, told.source) == (kind, "limited", OUTBOUND)
    assert words in told.words


def test_what_no_page_says_of_outbound_types_is_left_out():
    assert "outbound type" not in found(outbound_type=None)
    alone = (pool(),)
    assert "outbound type" not in found(outbound_type="new", pools=alone)


def test_network_policies_can_change_while_a_cluster_runs():
    told = found(needs=("windows", "network-policy=calico"))["network policy"]
    assert (told.value, told.change) == ("calico", "limited")
    assert "from Kubernetes 1.30 on" in told.words
    assert told.source != CHANGELOG


def test_clusters_of_the_same_are_told_together():
    pools = (pool(subnet=HOME),)
    both = [cluster(name, pools=pools) for name in ("one", "two")]
    told = permanences(studied(NET, clusters=both))
    assert {each.clusters for each in told} == {("one", "two")}
    assert len({each.what for each in told}) == len(told)
