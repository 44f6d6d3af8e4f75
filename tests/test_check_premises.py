"""Ranges against networks elsewhere: what is cut off, and what is only an aggregate."""

import pytest

from ipplan.checks.checkups import check
from ipplan.checks.overlap import premises
from ipplan.findings import Effect, Severity
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import ExternalRange
from tests.check_nouns import (
    AS_OF,
    cidrs,
    cluster,
    estate,
    id_of,
    look,
    peering,
    spoke,
    subnet,
    vnet,
    ways_out,
)

PODS = premises.pod_cidr_meets_on_premises
SERVICES = premises.service_cidr_meets_on_premises
VNETS = premises.vnet_meets_on_premises
NOTES = premises.on_premises_aggregate


def elsewhere(*texts, attached=("spoke",), holds=(), name="datacentre"):
    ends = None if attached is None else tuple(map(id_of, attached))
    return ExternalRange(name, cidrs(*texts), ends, holds)


def judged(pod_cidr, *networks, vnet_range="10.1.0.0/16", service_cidr="172.29.0.0/16"):
    """What is found of a cluster and the network elsewhere, by rule and severity."""
    own = vnet("spoke", vnet_range, subnet("spoke", "aks", "10.1.0.0/24"))
    shop = cluster(
        planned=True, pod_cidrs=cidrs(pod_cidr), service_cidrs=cidrs(service_cidr)
    )
    inventory = estate(shop, vnets=[own], external_ranges=networks)
    return {
        (rule.name, hit.severity.value)
        for rule in (PODS, SERVICES, VNETS, NOTES)
        for hit in look(rule, inventory)
    }


POD = "pod-cidr-meets-on-premises"
SERVICE = "service-cidr-meets-on-premises"
NOTE = ("on-premises-aggregate", "note")


@pytest.mark.parametrize(
    ("network", "vnet_range", "found"),
    [
        # The same or a longer prefix than the pod CIDR: its hosts are cut off.
        ("10.244.0.0/16", "10.1.0.0/16", {(POD, "warning")}),
        ("10.244.7.0/24", "10.1.0.0/16", {(POD, "warning")}),
        # ... however small the VNet is.
        ("10.244.0.0/16", "10.1.0.0/24", {(POD, "warning")}),
        # Larger, and shorter than the VNet's prefix: the longer prefix wins.
        ("10.244.0.0/15", "10.1.0.0/16", {NOTE}),
        ("10.0.0.0/8", "10.1.0.0/16", {NOTE}),
        ("0.0.0.0/0", "10.1.0.0/16", {NOTE}),
        # Larger than the pod CIDR, and no shorter than the VNet's prefix.
        ("10.240.0.0/13", "10.0.0.0/13", {(POD, "warning")}),
        ("10.240.0.0/12", "10.0.0.0/13", {NOTE}),
        ("10.245.0.0/16", "10.1.0.0/16", set()),
        ("fd00::/48", "10.1.0.0/16", set()),
    ],
)
def test_the_prefixes_decide_what_a_pod_cidr_makes_of_a_network(
    network, vnet_range, found
):
    assert judged("10.244.0.0/16", elsewhere(network), vnet_range=vnet_range) == found


@pytest.mark.parametrize(
    ("network", "severity"),
    [
        ("10.244.0.0/16", "error"),
        ("10.244.7.0/24", "error"),
        # It holds DNS servers somewhere, perhaps not among the pods' addresses.
        ("10.240.0.0/13", "warning"),
    ],
)
def test_what_holds_dns_or_a_firewall_is_an_error_where_it_is_cut_off_as_a_whole(
    network, severity
):
    place = elsewhere(network, holds=("dns", "firewall"))
    found = judged("10.244.0.0/16", place, vnet_range="10.0.0.0/13")
    assert found == {(POD, severity)}


def test_an_aggregate_is_a_note_whatever_it_holds():
    place = elsewhere("10.0.0.0/8", holds=("dns",))
    assert judged("10.244.0.0/16", place) == {NOTE}


def test_one_network_can_be_an_error_a_warning_and_a_note():
    place = elsewhere(
        "10.244.7.0/24", "10.244.0.0/15", "10.0.0.0/8", holds=("api-server",)
    )
    found = judged("10.244.0.0/16", place, vnet_range="10.0.0.0/13")
    assert found == {(POD, "error"), (POD, "warning"), NOTE}


def test_the_message_names_both_owners_and_what_is_lost():
    places = elsewhere(
        *(f"10.244.{n}.0/24" for n in range(7)), holds=("dns", "private-endpoints")
    )
    shop = cluster(planned=True, pod_cidrs=cidrs("10.244.0.0/16"))
    inventory = estate(shop, external_ranges=(places,))
    (hit,) = look(PODS, inventory)
    assert hit.message == (
        "shop's pod CIDR 10.244.0.0/16 overlaps datacentre 10.244.0.0/24, "
        "10.244.1.0/24, 10.244.2.0/24, 10.244.3.0/24, 10.244.4.0/24 and 2 more, which "
        "has DNS servers and private endpoints"
    )
    assert len(hit.sides) == 8
    assert hit.effect is Effect.BREAKS_TRAFFIC
    assert ways_out(PODS, inventory) == {"give shop pod CIDR 10.0.0.0/16": True}


def test_only_networks_that_are_reached_count():
    for attached, found in (
        (("spoke",), {(POD, "warning")}),
        (None, {(POD, "warning")}),
        (("other",), set()),
        ((), set()),
    ):
        place = elsewhere("10.244.0.0/24", attached=attached)
        assert judged("10.244.0.0/16", place) == found


def test_a_network_is_reached_through_the_gateway_of_the_hub():
    hub = vnet("hub", "10.9.0.0/24", peering("hub", "spoke", gateway_transit=True))
    shop = cluster(pod_cidrs=cidrs("10.244.0.0/16"))
    place = elsewhere("10.244.0.0/24", attached=("hub",))
    for uses in (True, False):
        own = vnet(
            "spoke",
            "10.1.0.0/16",
            subnet("spoke", "aks", "10.1.0.0/24"),
            peering("spoke", "hub", remote_gateways=uses),
        )
        inventory = estate(shop, vnets=[hub, own], external_ranges=(place,))
        assert len(look(PODS, inventory)) == uses


def test_of_a_vnet_that_was_not_read_only_what_every_vnet_reaches_counts():
    shop = cluster(subnets=(), pod_cidrs=cidrs("10.244.0.0/16"))
    for attached, count in ((None, 1), (("spoke",), 0)):
        place = elsewhere("10.244.0.0/24", attached=attached)
        inventory = estate(shop, external_ranges=(place,))
        assert len(look(PODS, inventory)) == count
    # What is larger than the pod CIDR is an aggregate there.
    whole = estate(shop, external_ranges=(elsewhere("10.244.0.0/15", attached=None),))
    assert look(PODS, whole) == []
    assert len(look(NOTES, whole)) == 1


# Services


@pytest.mark.parametrize(
    ("service_cidr", "network", "vnet_range", "found"),
    [
        # The untouched default, and an aggregate shorter than a /16.
        ("10.0.0.0/16", "10.0.0.0/15", "10.0.0.0/8", {NOTE}),
        ("10.0.0.0/16", "10.0.0.0/8", "10.0.0.0/8", {NOTE, ("vnet", "")}),
        ("10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/16", {(SERVICE, "warning")}),
        ("10.0.0.0/16", "10.0.9.0/24", "10.1.0.0/16", {(SERVICE, "warning")}),
        # Others are judged as pods are.
        ("10.2.0.0/16", "10.2.0.0/15", "10.1.0.0/16", {NOTE}),
        ("10.2.0.0/16", "10.2.0.0/15", "10.0.0.0/15", {(SERVICE, "warning")}),
        ("10.2.0.0/16", "10.2.9.0/24", "10.1.0.0/16", {(SERVICE, "warning")}),
        ("10.2.0.0/16", "10.4.0.0/16", "10.1.0.0/16", set()),
    ],
)
def test_the_default_service_cidr_below_an_aggregate_is_a_note(
    service_cidr, network, vnet_range, found
):
    vnets = {("vnet-meets-on-premises", "warning")}
    got = judged(
        "192.168.0.0/16",
        elsewhere(network),
        vnet_range=vnet_range,
        service_cidr=service_cidr,
    )
    assert got - vnets == found - {("vnet", "")}


def test_services_are_never_an_error():
    place = elsewhere("10.2.9.0/24", holds=("dns",))
    found = judged("192.168.0.0/16", place, service_cidr="10.2.0.0/16")
    assert found == {(SERVICE, "warning")}


# VNets


@pytest.mark.parametrize(
    ("network", "rule"),
    [
        ("10.1.0.0/16", "vnet-meets-on-premises"),
        ("10.1.255.0/24", "vnet-meets-on-premises"),
        ("10.0.0.0/15", "on-premises-aggregate"),
        ("0.0.0.0/0", "on-premises-aggregate"),
        ("10.2.0.0/16", None),
    ],
)
def test_a_vnet_and_a_network_of_the_same_or_a_longer_prefix_are_ambiguous(
    network, rule
):
    inventory = Inventory((spoke(),), external_ranges=(elsewhere(network),))
    found = check(inventory, as_of=AS_OF).findings
    assert [each.rule for each in found] == ([rule] if rule else [])


def test_a_vnet_is_made_smaller_where_that_parts_it_from_the_network():
    inventory = Inventory((spoke(),), external_ranges=(elsewhere("10.1.8.0/24"),))
    assert ways_out(VNETS, inventory) == {
        "spoke's subnets all lie in 10.1.0.0/24: give it that space instead of "
        "10.1.0.0/16, and nothing has to move": True,
        "rebuild spoke in 10.0.0.0/16, which nothing that it reaches has": True,
    }
    inside = Inventory((spoke(),), external_ranges=(elsewhere("10.1.0.0/20"),))
    assert ways_out(VNETS, inside) == {
        "rebuild spoke in 10.0.0.0/16, which nothing that it reaches has": True,
    }


def test_a_vnet_that_was_not_read_is_judged_and_can_not_be_changed():
    far = peering("hub", "far", remote_prefixes=cidrs("10.7.0.0/16"))
    hub = vnet("hub", "10.9.0.0/24", far)
    place = elsewhere("10.7.1.0/24", "10.7.2.0/24", attached=("far",))
    inventory = Inventory((hub,), external_ranges=(place,))
    (hit,) = look(VNETS, inventory)
    assert hit.message == (
        "far 10.7.0.0/16 overlaps datacentre 10.7.1.0/24, 10.7.2.0/24: one of them "
        "can't be reached"
    )
    assert ways_out(VNETS, inventory) == {}


# Aggregates


def test_an_aggregate_is_one_note_for_the_whole_estate():
    vnets = [
        vnet(f"v{n}", f"10.{n}.0.0/16", subnet(f"v{n}", "aks", f"10.{n}.0.0/24"))
        for n in range(1, 31)
    ]
    shops = [
        cluster(
            f"shop{n}",
            pod_cidrs=cidrs("10.244.0.0/16"),
            service_cidrs=cidrs("10.0.0.0/16"),
        )
        for n in range(20)
    ]
    own = vnet("spoke", "10.99.0.0/16", subnet("spoke", "aks", "10.99.0.0/24"))
    place = elsewhere("10.0.0.0/8", attached=None)
    inventory = estate(*shops, vnets=[own, *vnets], external_ranges=(place,))
    found = check(inventory, as_of=AS_OF).findings
    (text,) = [each.message for each in found if "datacentre" in each.message]
    assert text == (
        "datacentre 10.0.0.0/8 covers 31 VNets, 20 pod CIDRs and 20 service CIDRs: "
        "the longer prefix wins"
    )
    assert {each.severity for each in found} == {Severity.NOTE}


def test_an_aggregate_that_covers_nothing_is_silent():
    place = elsewhere("192.168.0.0/16", attached=None)
    assert look(NOTES, Inventory((spoke(),), external_ranges=(place,))) == []


def test_two_aggregates_of_two_networks_are_two_notes():
    places = (
        elsewhere("10.0.0.0/8", "0.0.0.0/0", attached=None),
        elsewhere("10.0.0.0/8", attached=("other",), name="branch"),
    )
    hits = look(NOTES, Inventory((spoke(),), external_ranges=places))
    assert [each.message for each in hits] == [
        "datacentre 10.0.0.0/8 covers 1 VNet: the longer prefix wins",
        "datacentre 0.0.0.0/0 covers 1 VNet: the longer prefix wins",
    ]
