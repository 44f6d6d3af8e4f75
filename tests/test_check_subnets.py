"""Rules on the subnets of clusters, and on those of services."""

from dataclasses import replace

import pytest

from ipplan import Cluster, NodePool
from ipplan.checks.checkups import check
from ipplan.checks.networks import special, subnets
from ipplan.findings import Severity
from ipplan.inventory import pseudonyms
from ipplan.inventory.networks import Holder
from ipplan.inventory.origins import Origin
from tests.test_check_core import AKS, AS_OF, HOME, cs, survey, vnet

TO_AKS = "Microsoft.ContainerService/managedClusters"


def aks(name, *pools, model="cni-overlay", **more):
    """A cluster; a pool is its node subnet, or that and its pod subnet."""
    made = tuple(
        NodePool(
            f"p{number}",
            3,
            30,
            subnet=f"{HOME}/{pool[0]}",
            pod_subnet=f"{HOME}/{pool[1]}" if len(pool) > 1 else None,
        )
        for number, pool in enumerate(pools)
    )
    home = f"{AKS.format('shop')}/managedclusters/{name}"
    return Cluster(
        name, made, model, id=home, service_cidrs=cs("172.16.0.0/16"), **more
    )


def messages(rule, *args, **more):
    return [hit.message for hit in rule.hits(survey(*args, **more))]


def fixes(rule, *args, **more):
    found = check(survey(*args, **more).inventory, as_of=AS_OF).findings
    return [each.fix for each in found if each.rule == rule.name]


def with_(network, name, **more):
    """A VNet with one of its subnets changed."""
    return replace(
        network,
        subnets=tuple(
            replace(each, **more) if each.name == name else each
            for each in network.subnets
        ),
    )


SPOKE = vnet(
    "spoke",
    "10.1.0.0/16",
    subnets=[("aks", "10.1.0.0/24"), ("pods", "10.1.16.0/20"), ("api", "10.1.7.0/28")],
)
OTHER = vnet("other", "10.2.0.0/16", subnets=[("aks", "10.2.0.0/24")])


def test_a_cluster_is_in_one_vnet():
    rule = subnets.cluster_in_two_vnets
    two = aks("shop", ("spoke/subnets/aks",), ("other/subnets/aks",))
    assert messages(rule, SPOKE, OTHER, clusters=[two]) == [
        "shop uses subnets of spoke and other"
    ]
    (fix,) = fixes(rule, SPOKE, OTHER, clusters=[two])
    assert fix.startswith("put pool p0 of shop, pool p1 of shop into another subnet, ")
    one = aks("shop", ("spoke/subnets/aks",), ("spoke/subnets/pods",))
    assert not messages(rule, SPOKE, clusters=[one])
    # The other VNet was not read: it is told all the same, and no way out.
    assert fixes(rule, SPOKE, clusters=[two]) == [""]


@pytest.mark.parametrize(
    ("region", "found"), [("West Europe", 0), ("westeurope", 0), ("northeurope", 1)]
)
def test_a_cluster_is_in_the_region_of_its_vnet(region, found):
    here = replace(SPOKE, location="westeurope")
    shop = aks("shop", ("spoke/subnets/aks",), location=region)
    said = messages(subnets.vnet_in_another_region, here, clusters=[shop])
    assert len(said) == found
    assert not messages(subnets.vnet_in_another_region, SPOKE, clusters=[shop])
    assert not messages(subnets.vnet_in_another_region, clusters=[shop])


def test_a_subnet_of_nodes_is_not_delegated():
    rule = subnets.node_subnet_delegated
    shop = aks("shop", ("spoke/subnets/aks", "spoke/subnets/pods"), model="cni-dynamic")
    given = with_(SPOKE, "aks", delegations=(TO_AKS,))
    assert messages(rule, given, clusters=[shop]) == [
        f"spoke/aks is delegated to {TO_AKS}, and nodes of pool p0 of shop are in it"
    ]
    # A pod subnet is: AKS delegates it to itself.
    right = with_(SPOKE, "pods", delegations=(TO_AKS,))
    assert not messages(rule, right, clusters=[shop])
    assert not messages(rule, given)


def test_a_subnet_of_pods_holds_pods_alone():
    rule = subnets.pod_subnet_shared
    shop = aks("shop", ("spoke/subnets/aks", "spoke/subnets/pods"), model="cni-dynamic")
    dev = aks("dev", ("spoke/subnets/aks", "spoke/subnets/pods"), model="cni-dynamic")
    assert not messages(rule, SPOKE, clusters=[shop, dev])
    vm = f"{HOME}/x/networkinterfaces/build-vm"
    held = with_(
        SPOKE, "pods", holders=(Holder(vm, 1), Holder("/x/loadbalancers/y", 1))
    )
    assert messages(rule, held, clusters=[shop]) == [
        "spoke/pods is the pod subnet of pool p0 of shop, and build-vm is in it too"
    ]
    given = with_(SPOKE, "pods", delegations=("Microsoft.Web/serverFarms",))
    assert messages(rule, given, clusters=[shop]) == [
        (
            "spoke/pods is the pod subnet of pool p0 of shop, and is delegated to "
            "Microsoft.Web/serverFarms"
        )
    ]


def test_a_subnet_of_pods_is_used_in_one_way():
    rule = subnets.pod_subnet_two_modes
    pools = ("spoke/subnets/aks", "spoke/subnets/pods")
    one = aks("one", pools, model="cni-dynamic")
    two = aks("two", pools, model="cni-static-block")
    assert len(messages(rule, SPOKE, clusters=[one, two])) == 1
    assert not messages(rule, SPOKE, clusters=[one, replace(one, id=two.id)])
    unknown = replace(two, model=None)
    assert not messages(rule, SPOKE, clusters=[one, unknown])
    mixed = replace(
        one,
        pools=(
            *one.pools,
            replace(one.pools[0], name="blocks", model="cni-static-block"),
        ),
    )
    assert messages(rule, SPOKE, clusters=[mixed]) == [
        (
            "spoke/pods is used in two ways: cni-dynamic by pool p0 of one; "
            "cni-static-block by pool blocks of one"
        )
    ]


def test_a_kubenet_cluster_has_its_subnet_for_itself():
    rule = subnets.node_subnet_shared
    pools = ("spoke/subnets/aks",)
    one, two = aks("one", pools), aks("two", pools, model="kubenet")
    assert messages(rule, SPOKE, clusters=[one, two]) == [
        "two, one share spoke/aks, and two can't share"
    ] or messages(rule, SPOKE, clusters=[one, two]) == [
        "one, two share spoke/aks, and two can't share"
    ]
    assert not messages(rule, SPOKE, clusters=[one, replace(two, model="cni-overlay")])
    assert not messages(rule, SPOKE, clusters=[two])
    assert not messages(rule, clusters=[one, two])


def test_a_kubenet_cluster_has_its_route_table_for_itself():
    rule = subnets.route_table_shared
    routed = with_(SPOKE, "aks", route_table="/x/routetables/rt")
    routed = with_(routed, "pods", route_table="/x/routetables/rt")
    one = aks("one", ("spoke/subnets/aks",), model="kubenet")
    two = aks("two", ("spoke/subnets/pods",), model="kubenet")
    assert messages(rule, routed, clusters=[one, two]) == [
        (
            "one, two share the route table rt, and each of the 2 clusters needs one "
            "of its own"
        )
    ]
    assert fixes(rule, routed, clusters=[one, two]) == [
        "give two a route table of its own"
    ]
    overlay = replace(two, model="cni-overlay")
    assert not messages(rule, routed, clusters=[one, overlay])


# Subnets of services


@pytest.mark.parametrize(
    ("name", "length", "severity"),
    [
        ("GatewaySubnet", 27, None),
        ("GatewaySubnet", 28, Severity.WARNING),
        ("gatewaysubnet", 29, Severity.WARNING),
        ("AzureFirewallSubnet", 26, None),
        ("AzureFirewallSubnet", 27, Severity.ERROR),
        ("AzureFirewallManagementSubnet", 26, None),
        ("AzureFirewallManagementSubnet", 27, Severity.ERROR),
        ("AzureBastionSubnet", 26, None),
        ("AzureBastionSubnet", 27, Severity.WARNING),
        ("AzureBastionSubnet", 28, Severity.ERROR),
        ("RouteServerSubnet", 26, None),
        ("RouteServerSubnet", 27, Severity.WARNING),
        ("RouteServerSubnet", 28, Severity.ERROR),
        ("endpoints", 29, None),
    ],
)
def test_subnets_that_azure_names_have_a_least_size(name, length, severity):
    hub = vnet("hub", "10.0.0.0/16", subnets=[(name, f"10.0.0.0/{length}")])
    hits = list(special.special_subnet_size.hits(survey(hub)))
    assert [each.severity for each in hits] == ([severity] if severity else [])


def test_an_ipv6_range_beside_is_not_judged():
    hub = vnet(
        "hub",
        "10.0.0.0/16",
        "fd00::/48",
        subnets=[("AzureFirewallSubnet", "10.0.0.0/27", "fd00::/64")],
    )
    assert fixes(special.special_subnet_size, hub) == [
        (
            "give hub/AzureFirewallSubnet 10.0.0.64/26, which is free in hub; a subnet "
            "can be resized only while it is empty"
        )
    ]


def test_without_room_a_subnet_stays_as_it_is():
    hub = vnet("hub", "10.0.0.0/27", subnets=[("AzureFirewallSubnet", "10.0.0.0/27")])
    assert fixes(special.special_subnet_size, hub) == [""]


def test_an_empty_subnet_can_be_resized():
    hub = vnet("hub", "10.0.0.0/24", subnets=[("AzureFirewallSubnet", "10.0.0.0/27")])
    empty = with_(hub, "AzureFirewallSubnet", holders=())
    planned = with_(hub, "AzureFirewallSubnet", origin=Origin(evidence="proposed"))
    for each in (empty, planned):
        assert fixes(special.special_subnet_size, each) == [
            "give hub/AzureFirewallSubnet 10.0.0.64/26, which is free in hub"
        ]


def test_names_that_azure_imposes_are_kept_when_names_are_hidden():
    assert set(special.SPECIAL) == pseudonyms.STANDARD


def test_no_cluster_runs_in_a_subnet_of_a_service():
    hub = vnet("hub", "10.0.0.0/16", subnets=[("GatewaySubnet", "10.0.0.0/24")])
    shop = aks("shop", ("hub/subnets/gatewaysubnet",))
    rule = special.special_subnet_use
    assert messages(rule, hub, clusters=[shop]) == [
        "shop uses hub/GatewaySubnet, which is for VPN and ExpressRoute gateways alone"
    ]
    assert not messages(rule, hub)


def test_a_gateway_subnet_has_no_nsg():
    hub = vnet(
        "hub",
        "10.0.0.0/16",
        subnets=[
            ("GatewaySubnet", "10.0.0.0/24"),
            ("AzureBastionSubnet", "10.0.1.0/26"),
        ],
    )
    group = "/x/networksecuritygroups/nsg"
    both = with_(hub, "GatewaySubnet", network_security_group=group)
    both = with_(both, "AzureBastionSubnet", network_security_group=group)
    rule = special.special_subnet_use
    assert messages(rule, both) == [
        ("hub/GatewaySubnet has the network security group nsg")
    ]
    assert fixes(rule, both) == [
        "take the network security group off hub/GatewaySubnet"
    ]


@pytest.mark.parametrize(
    ("length", "clusters", "found"),
    [
        (28, 1, 0),
        (28, 2, 1),
        (27, 3, 0),
        (27, 4, 1),
        (26, 6, 0),
        (26, 7, 1),
        (24, 27, 0),
        (24, 28, 1),
        (29, 1, 1),
    ],
)
def test_a_subnet_holds_so_many_api_servers(length, clusters, found):
    # rules.md 5: a /28 holds one cluster, a /27 three, a /26 six, a /24 27.
    spoke = vnet("spoke", "10.1.0.0/16", subnets=[("api", f"10.1.0.0/{length}")])
    asked = [
        aks(f"c{number:02}", api_server_subnet=f"{HOME}/spoke/subnets/api")
        for number in range(clusters)
    ]
    said = messages(special.api_server_subnet_size, spoke, clusters=asked)
    assert len(said) == found
    assert all(fixes(special.api_server_subnet_size, spoke, clusters=asked))


def test_an_api_server_of_a_subnet_that_was_not_read_is_not_judged():
    shop = aks("shop", api_server_subnet=f"{HOME}/far/subnets/api")
    assert not messages(special.api_server_subnet_size, SPOKE, clusters=[shop])


def test_a_subnet_of_api_servers_holds_nothing_else():
    rule = special.api_server_subnet_use
    home = f"{HOME}/spoke/subnets/api"
    shop = aks("shop", ("spoke/subnets/aks",), api_server_subnet=home)
    given = with_(SPOKE, "api", delegations=(TO_AKS,))
    assert not messages(rule, given, clusters=[shop])
    held = with_(given, "api", holders=(Holder("/x/privateendpoints/vault", 1),))
    assert messages(rule, held, clusters=[shop]) == [
        "spoke/api is for API servers alone, and holds vault"
    ]
    wrong = with_(SPOKE, "api", delegations=("Microsoft.Web/serverFarms",))
    assert messages(rule, wrong, clusters=[shop]) == [
        "spoke/api is for API servers, and is delegated to Microsoft.Web/serverFarms"
    ]
    lives = aks("dev", ("spoke/subnets/api",))
    assert messages(rule, given, clusters=[lives, shop]) == [
        "spoke/api is for API servers alone, and holds pool p0 of dev"
    ]


def test_an_api_server_subnet_of_microsofts_lab_is_fine(corpus):
    # Hand-worked case 12: 10.226.0.0/28, 11 for use, one in use.
    from ipplan import read_inventory

    file = corpus / "vijayrod-demo" / "az-subnet-show-apiserver.json"
    found = check(read_inventory(str(file)), as_of=AS_OF)
    assert found.findings == ()


GATEWAY = "Microsoft.Network/applicationGateways"
INGRESS = ("application-gateway-ingress",)


@pytest.mark.parametrize(
    ("model", "needs", "length", "severity"),
    [
        ("cni-overlay", INGRESS, 24, None),
        ("cni-overlay", INGRESS, 23, Severity.ERROR),
        ("cni-overlay", (), 23, None),  # the gateway serves something else
        ("cni-overlay", (), 25, Severity.NOTE),
        ("cni-node-subnet", INGRESS, 23, None),
        ("kubenet", INGRESS, 23, None),
        (None, INGRESS, 23, None),
    ],
)
def test_an_ingress_subnet_has_the_size_of_its_model(model, needs, length, severity):
    spoke = vnet(
        "spoke",
        "10.1.0.0/16",
        subnets=[("aks", "10.1.0.0/24"), ("agw", f"10.1.2.0/{length}")],
    )
    given = with_(spoke, "agw", delegations=(GATEWAY,))
    shop = aks("shop", ("spoke/subnets/aks",), model=model, needs=needs)
    rule = special.application_gateway_subnet_size
    hits = list(rule.hits(survey(given, clusters=[shop])))
    assert [each.severity for each in hits] == ([severity] if severity else [])


def test_a_gateway_is_seen_by_what_holds_addresses():
    spoke = vnet("spoke", "10.1.0.0/16", subnets=[("agw", "10.1.2.0/27")])
    held = with_(spoke, "agw", holders=(Holder("/x/applicationgateways/g", 2),))
    assert messages(special.application_gateway_subnet_size, held) == [
        (
            "spoke/agw 10.1.2.0/27 is smaller than the /24 advised for an Application "
            "Gateway: it holds 27 instances and front ends"
        )
    ]
    assert not messages(special.application_gateway_subnet_size, spoke)


@pytest.mark.parametrize(
    ("model", "length", "found"),
    [
        ("cni-overlay", 24, 0),
        ("cni-overlay", 23, 1),
        ("cni-overlay", 25, 1),
        ("cni-node-subnet", 23, 0),
        ("cni-node-subnet", 25, 1),
    ],
)
def test_gateway_for_containers_takes_a_24(model, length, found):
    spoke = vnet(
        "spoke",
        "10.1.0.0/16",
        subnets=[("aks", "10.1.0.0/24"), ("agc", f"10.1.2.0/{length}")],
    )
    to = "Microsoft.ServiceNetworking/trafficControllers"
    given = with_(spoke, "agc", delegations=(to,))
    shop = aks("shop", ("spoke/subnets/aks",), model=model)
    rule = special.containers_gateway_subnet_size
    assert len(messages(rule, given, clusters=[shop])) == found


@pytest.mark.parametrize(("length", "found"), [(23, 1), (24, 0), (28, 0), (29, 1)])
def test_a_resolver_takes_a_28_to_a_24(length, found):
    hub = vnet(
        "hub",
        "10.0.0.0/16",
        subnets=[("in", f"10.0.0.0/{length}"), ("x", "10.0.8.0/29")],
    )
    given = with_(hub, "in", delegations=("Microsoft.Network/dnsResolvers",))
    assert len(messages(special.resolver_subnet_size, given)) == found
