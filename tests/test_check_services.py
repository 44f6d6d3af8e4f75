"""Service CIDRs and the DNS service's address."""

import json
from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest

from ipplan import read_inventory
from ipplan.checks.checkups import check
from ipplan.checks.overlap import services
from ipplan.checks.overlap.ranges import dns_address
from ipplan.checks.remedies import applied
from ipplan.cidrs import Cidr
from ipplan.findings import Effect, Severity
from ipplan.inventory.estates import Inventory
from tests.check_nouns import (
    AS_OF,
    CLUSTERS,
    cidrs,
    cluster,
    estate,
    look,
    peering,
    subnet,
    vnet,
    ways_out,
)


def aks(*texts, planned=True, **fields):
    return cluster(planned=planned, service_cidrs=cidrs(*texts), **fields)


def default(**fields):
    return aks("10.0.0.0/16", assumed=("service_cidrs",), **fields)


def home(prefix, *subnets):
    children = [subnet("spoke", f"s{n}", each) for n, each in enumerate(subnets)]
    return vnet("spoke", prefix, *children)


# By itself


@pytest.mark.parametrize(
    ("service_cidr", "refused"),
    [
        ("10.0.0.0/13", False),
        ("10.0.0.0/12", True),
        ("10.0.0.0/8", True),
        ("fd00::/108", False),
        ("fd00::/107", True),
        ("fd00::/112", False),
    ],
)
def test_a_service_cidr_is_smaller_than_a_12_or_a_108_at_the_most(
    service_cidr, refused
):
    hits = look(services.service_cidr_too_large, estate(aks(service_cidr)))
    assert [each.severity for each in hits] == [Severity.ERROR] * refused


def test_each_family_has_its_own_page():
    hits = look(services.service_cidr_too_large, estate(aks("10.0.0.0/8", "fd00::/64")))
    assert [each.source.rpartition("/")[2] for each in hits] == [
        "concepts-network-ip-address-planning",
        "configure-dual-stack",
    ]


def test_what_is_too_large_is_made_as_large_as_is_allowed():
    assert ways_out(services.service_cidr_too_large, estate(aks("10.16.0.0/12"))) == {
        "give shop service CIDR 10.8.0.0/13": True
    }
    assert ways_out(services.service_cidr_too_large, estate(aks("fd00::/64"))) == {
        "give shop service CIDR fd00:0:0:1::/108": True
    }


@pytest.mark.parametrize(
    ("service_cidr", "refused"),
    [
        ("172.30.0.0/16", True),
        ("172.28.0.0/14", True),
        ("172.31.7.0/24", True),
        ("172.29.0.0/16", False),
        ("192.0.2.128/25", True),
        ("169.254.0.0/16", True),
    ],
)
def test_reserved_ranges_are_refused(service_cidr, refused):
    hits = look(services.service_cidr_reserved, estate(aks(service_cidr)))
    assert [each.severity for each in hits] == [Severity.ERROR] * refused


@pytest.mark.parametrize(
    ("service_cidr", "what"),
    [
        ("172.10.0.0/16", "public"),
        ("172.16.0.0/16", None),
        ("172.32.0.0/16", "public"),
        ("100.64.0.0/16", None),
        ("224.0.0.0/16", "multicast"),
        ("239.255.0.0/16", "multicast"),
        ("240.0.0.0/16", None),
        ("198.18.0.0/16", None),
        ("0.0.0.0/0", "multicast"),
        ("ff00::/112", "multicast"),
        ("2603:1020::/112", "public"),
        ("fd12:3456:789a:1::/108", None),
    ],
)
def test_public_and_multicast_space_is_refused_in_a_plan(service_cidr, what):
    found = look(services.service_cidr_public, estate(aks(service_cidr)))
    assert [(each.severity, each.told_effect, each.message) for each in found] == [
        (
            Severity.ERROR,
            Effect.REFUSED,
            f"shop's service CIDR {service_cidr} has {what} addresses",
        )
    ] * bool(what)


def test_where_public_space_exists_it_is_a_warning_unless_it_is_owned():
    there = aks("20.50.0.0/16", planned=False)
    (hit,) = look(services.service_cidr_public, estate(there))
    assert (hit.severity, hit.told_effect) == (Severity.WARNING, Effect.WORKS_BUT)
    owned = cidrs("20.48.0.0/12")
    assert look(services.service_cidr_public, estate(there, owned=owned)) == []
    # AKS does not know who owns it.
    planned = estate(aks("20.50.0.0/16"), owned=owned)
    assert len(look(services.service_cidr_public, planned)) == 1


# Its own VNet, and what it reaches


@pytest.mark.parametrize(
    ("vnet_range", "subnet_range", "rule"),
    [
        ("10.0.0.0/16", "10.0.1.0/24", "service-cidr-meets-subnet"),
        ("10.0.0.0/8", "10.0.0.0/9", "service-cidr-meets-subnet"),
        ("10.0.0.0/8", "10.240.0.0/16", "service-cidr-in-vnet"),
        ("10.0.0.0/15", "10.1.0.0/24", "service-cidr-in-vnet"),
        ("10.1.0.0/16", "10.1.0.0/24", None),
    ],
)
def test_the_default_counts_against_the_own_vnet(vnet_range, subnet_range, rule):
    inventory = estate(default(subnets=("s0",)), vnets=[home(vnet_range, subnet_range)])
    found = check(inventory, as_of=AS_OF).findings
    ours = [each for each in found if each.rule.startswith("service-cidr")]
    assert [each.rule for each in ours] == ([rule] if rule else [])
    assert all("shop's default service CIDR 10.0.0.0/16" in e.message for e in ours)
    assert all(each.fix for each in ours)


def test_a_network_that_is_reached_is_a_warning_even_where_a_subnet_is_hit():
    hub = vnet("hub", "10.0.0.0/16", subnet("hub", "dns", "10.0.7.0/28"))
    own = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24"),
        peering("spoke", "hub"),
    )
    (hit,) = look(
        services.service_cidr_meets_reachable_network,
        estate(default(), vnets=[hub, own]),
    )
    assert (hit.severity, hit.effect) == (Severity.WARNING, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "shop's default service CIDR 10.0.0.0/16 overlaps hub/dns 10.0.7.0/28, reached "
        "by a peering"
    )


def test_clusters_that_have_the_same_service_cidr_do_not_meet():
    inventory = estate(
        *(replace(default(), id=f"{CLUSTERS}/managedclusters/{n}") for n in "ab")
    )
    found = check(inventory, as_of=AS_OF)
    assert [each for each in found.findings if "service" in each.rule] == []
    assert found.unrelated.overlaps == 1


# The DNS service


@pytest.mark.parametrize(
    ("service_cidr", "address", "rule"),
    [
        ("172.16.0.0/24", "172.16.0.0", "dns-service-ip-taken"),
        ("172.16.0.0/24", "172.16.0.1", "dns-service-ip-taken"),
        ("172.16.0.0/24", "172.16.0.2", None),
        ("172.16.0.0/24", "172.16.0.254", None),
        ("172.16.0.0/24", "172.16.0.255", "dns-service-ip-taken"),
        ("172.16.0.0/24", "172.16.1.0", "dns-service-ip-outside"),
        ("172.16.0.0/24", "172.15.255.255", "dns-service-ip-outside"),
        ("fd00::/108", "fd00::", "dns-service-ip-taken"),
        ("fd00::/108", "fd00::1", "dns-service-ip-taken"),
        ("fd00::/108", "fd00::a", None),
        ("fd00::/108", "fd00::f:ffff", None),
        ("fd00::/108", "fd00::10:0", "dns-service-ip-outside"),
        ("fd00::/108", "10.0.0.10", None),
        ("172.16.0.0/24", "10.0.0.300", None),
        ("172.16.0.0/24", "[parameters('dns')]", None),
        ("172.16.0.0/24", "", None),
        ("172.16.0.0/24", "::/::", None),
    ],
)
def test_the_dns_service_has_an_address_inside_and_not_taken(
    service_cidr, address, rule
):
    inventory = estate(aks(service_cidr, dns_service_ip=address))
    rules = (services.dns_service_ip_outside, services.dns_service_ip_taken)
    found = [each.name for each in rules if look(each, inventory)]
    assert found == ([rule] if rule else [])


def test_any_of_the_service_cidrs_will_do():
    both = aks("172.16.0.0/24", "172.17.0.0/24", dns_service_ip="172.17.0.10")
    assert look(services.dns_service_ip_outside, estate(both)) == []


def test_without_an_address_or_a_range_there_is_nothing_to_say():
    for each in (aks("172.16.0.0/24"), aks(dns_service_ip="10.0.0.10")):
        assert look(services.dns_service_ip_outside, estate(each)) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("172.16.0.0", "is where its service CIDR 172.16.0.0/24 begins"),
        ("172.16.0.1", "is the first of its service CIDR 172.16.0.0/24, which "),
        ("172.16.0.255", "is where its service CIDR 172.16.0.0/24 ends"),
    ],
)
def test_it_says_whose_the_address_is(address, words):
    inventory = estate(aks("172.16.0.0/24", dns_service_ip=address))
    (hit,) = look(services.dns_service_ip_taken, inventory)
    assert hit.message.startswith(f"shop's DNS service IP {address} {words}")
    assert ways_out(services.dns_service_ip_taken, inventory) == {
        "give shop DNS service IP 172.16.0.10": True
    }


def test_a_default_service_cidr_is_called_one():
    inventory = estate(default(dns_service_ip="172.16.0.10"))
    (hit,) = look(services.dns_service_ip_outside, inventory)
    assert hit.message.endswith("is outside its default service CIDR 10.0.0.0/16")


def test_an_existing_cluster_can_only_be_made_anew():
    inventory = estate(aks("172.16.0.0/24", planned=False, dns_service_ip="172.16.0.1"))
    (text,) = ways_out(services.dns_service_ip_taken, inventory)
    assert text == (
        "create shop anew with DNS service IP 172.16.0.10: it can't be changed later"
    )
    (hit,) = look(services.dns_service_ip_taken, inventory)
    assert hit.told_effect is Effect.NEXT_CHANGE_REFUSED


@pytest.mark.parametrize("length", range(16, 31))
def test_the_dns_service_goes_to_10_or_the_last_host(length):
    network = ip_network(f"172.16.0.0/{length}")
    found = ip_address(dns_address(Cidr.parse(str(network))))
    hosts = list(network.hosts())
    assert found == hosts[min(9, len(hosts) - 1)]


def test_a_range_without_room_for_dns_has_no_way_out():
    inventory = estate(aks("10.9.0.0/31", dns_service_ip="10.9.0.0"))
    assert ways_out(services.dns_service_ip_taken, inventory) == {}


def test_the_dns_service_moves_along_with_its_range():
    inventory = estate(aks("10.1.0.0/20", dns_service_ip="10.1.0.10"))
    assert ways_out(services.service_cidr_meets_subnet, inventory) == {
        "give shop service CIDR 10.0.0.0/20 and DNS service IP 10.0.0.10": True
    }
    (hit,) = look(services.service_cidr_meets_subnet, inventory)
    (remedy,) = hit.remedies
    (after,) = applied(inventory, remedy.changes).clusters
    assert after.dns_service_ip == "10.0.0.10"


def test_the_second_family_of_services_moves_alone():
    both = vnet(
        "spoke", "fd00::/48", subnet("spoke", "aks", "10.1.0.0/24", "fd00::/64")
    )
    shop = aks("172.16.0.0/16", "fd00::/108", dns_service_ip="172.16.0.10")
    assert ways_out(services.service_cidr_meets_subnet, estate(shop, vnets=[both])) == {
        "give shop service CIDR fd00:0:1::/108": True
    }


# Terraform: a cluster in a VNet that AKS makes


def plan(**values):
    """A plan that peers the VNet of a cluster's node resource group with another."""
    resources = {
        "azurerm_virtual_network.hub": {
            "name": "hub",
            "resource_group_name": "net",
            "address_space": ["10.0.0.0/16"],
            "subnet": [{"name": "vm", "address_prefixes": ["10.0.1.0/24"]}],
        },
        "azurerm_kubernetes_cluster.aks": {
            "name": "shop",
            "resource_group_name": "apps",
            "default_node_pool": [{"name": "a", "node_count": 1}],
            "network_profile": [
                {
                    "network_plugin": "azure",
                    "service_cidr": "10.0.1.0/24",
                    "dns_service_ip": "10.0.1.10",
                }
            ],
            **values,
        },
        "azurerm_virtual_network_peering.back": {
            "name": "to-hub",
            "virtual_network_name": "aks-vnet-1",
            "remote_virtual_network_id": None,
        },
    }
    names = {
        "resource_group_name": ["azurerm_kubernetes_cluster.aks.node_resource_group"],
        "remote_virtual_network_id": ["azurerm_virtual_network.hub.id"],
    }
    expressions = {key: {"references": value} for key, value in names.items()}
    del resources["azurerm_virtual_network_peering.back"]["remote_virtual_network_id"]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.4",
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": address,
                        "mode": "managed",
                        "type": address.partition(".")[0],
                        "name": address.partition(".")[2],
                        "values": given,
                    }
                    for address, given in resources.items()
                ]
            }
        },
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": "azurerm_virtual_network_peering.back",
                        "mode": "managed",
                        "type": "azurerm_virtual_network_peering",
                        "name": "back",
                        "expressions": expressions,
                    }
                ]
            }
        },
    }


@pytest.mark.parametrize(
    ("values", "count"), [({"location": "westeurope"}, 1), ({}, 0)]
)
def test_the_vnet_of_the_nodes_is_known_by_how_aks_names_their_group(
    tmp_path, values, count
):
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan(**values)))
    inventory = read_inventory(str(file))
    groups = {each.resource_group for each in inventory.vnets}
    assert ("mc_apps_shop_westeurope" in groups) == bool(count)
    hits = look(services.service_cidr_meets_reachable_network, inventory)
    met = "10.0.1.0/24 overlaps hub/vm 10.0.1.0/24, reached by a peering"
    assert [each.message for each in hits] == [f"shop's service CIDR {met}"] * count


def test_an_empty_inventory_has_no_findings():
    assert check(Inventory(), as_of=AS_OF).findings == ()
