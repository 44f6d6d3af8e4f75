"""Pod CIDRs: subnets, what is reached, services, reserved and public space."""

import json
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from ipplan.checks.checkups import check
from ipplan.checks.choices import is_public
from ipplan.checks.overlap import pods, services
from ipplan.checks.overlap.meetings import MOST
from ipplan.checks.remedies import applied
from ipplan.checks.surveys import Survey
from ipplan.cidrs import Cidr
from ipplan.findings import Effect, Severity
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import ExternalRange, Group
from ipplan.inventory.networks import VNet
from ipplan.inventory.origins import Origin
from ipplan.inventory.pools import NodePool
from tests.check_nouns import (
    AS_OF,
    CLUSTERS,
    GROUP,
    PLANNED,
    cidrs,
    cluster,
    estate,
    id_of,
    look,
    peering,
    subnet,
    vnet,
    ways_out,
)

EXAMPLES = Path(__file__).parents[2] / "shared" / "domain" / "worked_examples.json"
REACHED = pods.pod_cidr_meets_reachable_network
OVERLAPS = (
    pods.pod_cidr_meets_subnet,
    pods.pod_cidr_in_vnet,
    pods.pod_cidr_meets_service_cidr,
    pods.pod_cidr_reserved,
    pods.pod_cidr_public,
    services.service_cidr_too_large,
    services.service_cidr_reserved,
    services.service_cidr_public,
    services.service_cidr_meets_subnet,
    services.service_cidr_in_vnet,
    services.dns_service_ip_outside,
    services.dns_service_ip_taken,
)


def aks(*texts, planned=True, **fields):
    return cluster(planned=planned, pod_cidrs=cidrs(*texts), **fields)


def messages(rule, inventory):
    return [each.message for each in look(rule, inventory)]


def spoke(*children, prefix="10.1.0.0/16"):
    own = subnet("spoke", "aks", "10.1.0.0/24")
    return vnet("spoke", prefix, own, *children)


def joined(*others, hub=(), **flags):
    """A hub with the cluster's spoke and others, all peered both ways."""
    flags = {"forwarded_traffic": True, **flags}
    names = ["spoke", *(each.name for each in others)]
    middle = vnet("hub", "10.9.0.0/24", *hub, *(peering("hub", e) for e in names))
    return [
        middle,
        spoke(peering("spoke", "hub", **flags)),
        *(
            replace(each, peerings=(peering(each.name, "hub", **flags),))
            for each in others
        ),
    ]


# Its own VNet


@pytest.mark.parametrize(
    ("pod_cidr", "rules"),
    [
        ("10.1.0.0/25", {"pod-cidr-meets-subnet"}),
        ("10.0.0.0/8", {"pod-cidr-meets-subnet"}),
        ("10.1.1.0/24", {"pod-cidr-in-vnet"}),
        ("10.1.255.0/24", {"pod-cidr-in-vnet"}),
        ("10.2.0.0/24", set()),
        ("10.0.255.0/24", set()),
        ("10.244.0.0/16", set()),
    ],
)
def test_a_subnet_is_an_error_and_other_own_space_a_warning(pod_cidr, rules):
    inventory = estate(aks(pod_cidr), vnets=[spoke()])
    every = (pods.pod_cidr_meets_subnet, pods.pod_cidr_in_vnet)
    found = [each for each in every if look(each, inventory)]
    assert {each.name for each in found} == rules
    assert all(any(ways_out(each, inventory).values()) for each in found)


def test_subnets_of_others_in_the_same_vnet_count_too():
    db = subnet("spoke", "db", "10.1.7.0/24")
    (hit,) = look(
        pods.pod_cidr_meets_subnet, estate(aks("10.1.4.0/22"), vnets=[spoke(db)])
    )
    assert hit.severity is Severity.ERROR
    assert hit.told_effect is Effect.REFUSED
    assert hit.message == (
        "shop's pod CIDR 10.1.4.0/22 overlaps spoke/db 10.1.7.0/24 of its own VNet"
    )
    assert [each.id for each in hit.sides] == [
        f"{CLUSTERS}/managedclusters/shop",
        id_of("spoke", "subnets", "db"),
    ]


def test_many_subnets_are_one_finding_that_names_five_and_has_all_as_subjects():
    more = [subnet("spoke", f"s{n}", f"10.1.{n}.0/24") for n in range(1, 12)]
    (hit,) = look(
        pods.pod_cidr_meets_subnet, estate(aks("10.1.0.0/16"), vnets=[spoke(*more)])
    )
    assert "overlaps 12 subnets (" in hit.message
    assert "and 7 more) of its own VNet" in hit.message
    assert len(hit.sides) == 13


def test_of_an_existing_cluster_the_next_change_is_refused():
    (hit,) = look(
        pods.pod_cidr_meets_subnet,
        estate(aks("10.1.0.0/16", planned=False), vnets=[spoke()]),
    )
    assert hit.told_effect is Effect.NEXT_CHANGE_REFUSED


def test_both_families_are_compared():
    both = vnet(
        "spoke", "fd00::/48", subnet("spoke", "aks", "10.1.0.0/24", "fd00::/64")
    )
    for pod_cidr, count in (("fd00::/64", 1), ("fd00:0:0:1::/64", 0)):
        inventory = estate(aks("10.244.0.0/16", pod_cidr), vnets=[both])
        assert len(look(pods.pod_cidr_meets_subnet, inventory)) == count
        assert len(look(pods.pod_cidr_in_vnet, inventory)) == 1 - count


def test_an_own_vnet_that_was_not_read_is_judged_by_its_recorded_space():
    hub = vnet(
        "hub",
        "10.9.0.0/24",
        peering("hub", "spoke", remote_prefixes=cidrs("10.1.0.0/16")),
    )
    (hit,) = look(pods.pod_cidr_in_vnet, estate(aks("10.1.9.0/24"), vnets=[hub]))
    assert hit.effect is Effect.BREAKS_TRAFFIC
    assert "its subnets were not read" in hit.message


def test_pods_with_addresses_of_the_vnet_have_no_pod_cidr_to_judge():
    dynamic = aks("10.1.0.0/24", model="cni-dynamic")
    unsure = aks("10.1.0.0/24", model=None, network_plugin="azure")
    own_cni = aks("10.1.0.0/24", model=None, network_plugin="none")
    counts = [
        len(look(pods.pod_cidr_meets_subnet, estate(each, vnets=[spoke()])))
        for each in (dynamic, unsure, own_cni)
    ]
    assert counts == [0, 0, 1]


def test_a_default_is_called_one():
    inventory = estate(
        aks("10.244.0.0/16", assumed=("pod_cidrs",)),
        vnets=[spoke(prefix="10.0.0.0/8")],
    )
    (text,) = messages(pods.pod_cidr_in_vnet, inventory)
    assert text.startswith(
        "shop's default pod CIDR 10.244.0.0/16 overlaps its own VNet"
    )


def managed(group):
    home = f"{GROUP.replace('/net/', f'/{group}/')}/virtualnetworks/aks-vnet-1"
    return VNet(home, "aks-vnet-1", cidrs("10.0.0.0/8"))


def test_the_vnet_that_aks_made_is_known_by_the_resource_group_of_the_nodes():
    vm = vnet("spoke", "10.244.0.0/16", subnet("spoke", "vm", "10.244.1.0/24"))
    made = managed("mc_apps_shop_westeurope")
    back = replace(peering("spoke", "x"), remote=made.id)
    vm = replace(vm, peerings=(back,))
    shop = aks("10.244.0.0/16", subnets=(), planned=False)
    (hit,) = look(REACHED, estate(shop, vnets=[made, vm]))
    assert "overlaps spoke/vm 10.244.1.0/24, reached by a peering" in hit.message
    # Its own range was AKS's choice, as the pod CIDR was.
    assert look(pods.pod_cidr_in_vnet, estate(shop, vnets=[made])) == []
    other = managed("mc_apps_other_westeurope")
    assert look(REACHED, estate(shop, vnets=[other, vm])) == []


def test_without_resource_groups_no_vnet_is_taken_for_the_one_that_aks_made():
    nameless = VNet("/virtualnetworks/v", "v", cidrs("10.1.0.0/16"))
    shop = replace(aks("10.1.0.0/24", subnets=()), id="shop")
    assert Survey(Inventory((nameless,), (shop,)), AS_OF).homes(shop) == ()


def test_a_cluster_of_which_no_network_was_read_meets_nothing():
    lone = aks("10.1.0.0/24", subnets=())
    everything = Inventory((spoke(),), (lone,))
    assert look(pods.pod_cidr_meets_subnet, everything) == []
    assert look(REACHED, everything) == []


# What it reaches


@pytest.mark.parametrize(
    ("pod_cidr", "severity"),
    [
        ("10.2.0.0/24", Severity.ERROR),
        ("10.2.0.0/16", Severity.ERROR),
        ("10.2.1.0/24", Severity.WARNING),
        ("10.3.0.0/24", None),
    ],
)
def test_beyond_a_hub_a_subnet_is_an_error_and_bare_space_a_warning(pod_cidr, severity):
    other = vnet("other", "10.2.0.0/16", subnet("other", "web", "10.2.0.0/24"))
    hits = look(REACHED, estate(aks(pod_cidr), vnets=joined(other)))
    assert [each.severity for each in hits] == ([severity] if severity else [])
    assert all("reached through hub" in each.message for each in hits)


def test_what_nothing_joins_is_no_finding():
    other = vnet("other", "10.2.0.0/16", subnet("other", "web", "10.2.0.0/24"))
    assert look(REACHED, estate(aks("10.2.0.0/16"), vnets=[spoke(), other])) == []
    apart = joined(other, forwarded_traffic=False)
    assert look(REACHED, estate(aks("10.2.0.0/16"), vnets=apart)) == []


@pytest.mark.parametrize("state", ["Initiated", "Disconnected"])
def test_a_peering_that_is_not_connected_carries_nothing(state):
    other = vnet("other", "10.2.0.0/16", subnet("other", "web", "10.2.0.0/24"))
    own = spoke(peering("spoke", "other", state))
    assert look(REACHED, estate(aks("10.2.0.0/16"), vnets=[own, other])) == []


def test_a_vnet_that_was_not_read_is_judged_by_its_recorded_space():
    own = spoke(peering("spoke", "far", remote_prefixes=cidrs("10.2.0.0/16")))
    (hit,) = look(REACHED, estate(aks("10.2.3.0/24"), vnets=[own]))
    assert (hit.severity, hit.effect) == (Severity.WARNING, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "shop's pod CIDR 10.2.3.0/24 overlaps far 10.2.0.0/16, reached by a peering; "
        "its subnets were not read"
    )


def test_of_a_subnet_peering_only_the_subnets_that_take_part_count():
    web, db = (
        subnet("other", "web", "10.2.0.0/24"),
        subnet("other", "db", "10.2.1.0/24"),
    )
    other = vnet("other", "10.2.0.0/16", web, db)
    named = {"complete": False, "local_subnets": ("aks",), "remote_subnets": ("web",)}
    own = spoke(peering("spoke", "other", **named))
    for pod_cidr, count in (("10.2.0.0/24", 1), ("10.2.1.0/24", 0), ("10.2.9.0/24", 0)):
        hits = look(REACHED, estate(aks(pod_cidr), vnets=[own, other]))
        assert [each.severity for each in hits] == [Severity.ERROR] * count


def test_a_cluster_whose_subnet_takes_no_part_reaches_nothing_that_way():
    web = subnet("other", "web", "10.2.0.0/24")
    other = vnet("other", "10.2.0.0/16", web)
    db = subnet("spoke", "db", "10.1.9.0/24")
    named = {"complete": False, "local_subnets": ("db",), "remote_subnets": ("web",)}
    own = spoke(db, peering("spoke", "other", **named))
    assert look(REACHED, estate(aks("10.2.0.0/24"), vnets=[own, other])) == []


def test_where_its_subnet_was_not_read_a_cluster_is_taken_to_take_part():
    web = subnet("other", "web", "10.2.0.0/24")
    other = vnet("other", "10.2.0.0/16", web)
    named = {"complete": False, "local_subnets": ("db",), "remote_subnets": ("web",)}
    own = vnet("spoke", "10.1.0.0/16", peering("spoke", "other", **named))
    (hit,) = look(REACHED, estate(aks("10.2.0.0/24"), vnets=[own, other]))
    assert hit.severity is Severity.ERROR


def test_a_subnet_peering_recorded_what_takes_part_of_a_vnet_that_was_not_read():
    named = {
        "complete": False,
        "local_subnets": ("aks",),
        "remote_subnets": ("web",),
        "remote_prefixes": cidrs("10.2.0.0/24"),
    }
    own = spoke(peering("spoke", "far", **named))
    for pod_cidr, count in (("10.2.0.0/25", 1), ("10.2.1.0/24", 0)):
        assert len(look(REACHED, estate(aks(pod_cidr), vnets=[own]))) == count


def test_only_ipv6_takes_a_peering_that_is_for_ipv6_alone():
    other = vnet(
        "other", "10.2.0.0/16", subnet("other", "web", "10.2.0.0/24", "fd02::/64")
    )
    own = spoke(peering("spoke", "other", ipv6_only=True))
    for pod_cidr, count in (("10.2.0.0/16", 0), ("fd02::/64", 1)):
        inventory = estate(aks(pod_cidr), vnets=[own, other])
        assert len(look(REACHED, inventory)) == count


def test_groups_and_networks_on_premises_join_vnets_too():
    other = vnet("other", "10.2.0.0/16", subnet("other", "web", "10.2.0.0/24"))
    far = vnet("far", "10.2.0.0/16", subnet("far", "app", "10.2.0.0/24"))
    ends = (id_of("spoke"), id_of("far"))
    inventory = estate(
        aks("10.2.0.0/24"),
        vnets=[spoke(), other, far],
        groups=(Group("wan", "virtual-wan", (id_of("spoke"), id_of("other"))),),
        external_ranges=(ExternalRange("datacentre", (), ends),),
    )
    (text,) = messages(REACHED, inventory)
    assert "overlaps 2 subnets (far/app 10.2.0.0/24, other/web 10.2.0.0/24)" in text
    assert text.endswith(", reached in several ways")
    alone = replace(inventory, groups=())
    (text,) = messages(REACHED, alone)
    assert text.endswith("overlaps far/app 10.2.0.0/24, reached through datacentre")


def test_a_pod_mesh_joins_no_networks():
    other = vnet("other", "10.2.0.0/16", subnet("other", "web", "10.2.0.0/24"))
    mesh = Group("m", "pod-mesh", (id_of("spoke"), id_of("other")))
    inventory = estate(aks("10.2.0.0/16"), vnets=[spoke(), other], groups=(mesh,))
    assert look(REACHED, inventory) == []


def test_subnets_and_bare_space_of_different_vnets_are_two_findings():
    web = vnet("web", "10.2.0.0/16", subnet("web", "web", "10.2.0.0/24"))
    empty = vnet("empty", "10.3.0.0/16")
    hits = look(REACHED, estate(aks("10.2.0.0/15"), vnets=joined(web, empty)))
    assert [(e.severity, e.effect) for e in hits] == [
        (Severity.ERROR, Effect.BREAKS_TRAFFIC),
        (Severity.WARNING, Effect.WORKS_BUT),
    ]
    assert hits[1].message.endswith("reached through hub; no subnet lies there yet")


def test_the_same_pod_cidr_in_clusters_of_one_vnet_is_no_finding():
    inventory = estate(
        *(
            replace(aks("10.244.0.0/16"), id=f"{CLUSTERS}/managedclusters/{name}")
            for name in ("a", "b")
        ),
        vnets=[spoke()],
    )
    found = check(inventory, as_of=AS_OF)
    assert not [each for each in found.findings if "pod-cidr" in each.rule]
    assert found.unrelated.overlaps == 1


def test_a_hub_with_very_many_vnets_in_one_pod_cidr_tells_of_some():
    others = [
        vnet(f"v{n:04}", f"10.{n // 256 + 64}.{n % 256}.0/24") for n in range(MOST + 1)
    ]
    group = Group("g", "virtual-wan", (id_of("spoke"), *(each.id for each in others)))
    inventory = estate(aks("10.64.0.0/10"), vnets=[spoke(), *others], groups=(group,))
    (hit,) = look(REACHED, inventory)
    assert len(hit.sides) == 1 + MOST


# Its own service CIDR


@pytest.mark.parametrize(
    ("services", "count"),
    [
        ("10.244.0.0/16", 1),
        ("10.244.255.0/24", 1),
        ("10.0.0.0/8", 1),
        ("10.245.0.0/16", 0),
    ],
)
def test_a_pod_cidr_and_a_service_cidr_do_not_overlap(services, count):
    inventory = estate(aks("10.244.0.0/16", service_cidrs=cidrs(services)))
    hits = look(pods.pod_cidr_meets_service_cidr, inventory)
    assert [each.message for each in hits] == [
        f"shop's pod CIDR 10.244.0.0/16 overlaps its service CIDR {services}"
    ] * count


def test_either_of_the_two_can_be_changed():
    inventory = estate(aks("10.0.0.0/12", service_cidrs=cidrs("10.0.0.0/16")))
    texts = ways_out(pods.pod_cidr_meets_service_cidr, inventory)
    assert [each.partition("/")[0] for each in texts] == [
        "give shop pod CIDR 10.16.0.0",
        "give shop service CIDR 10.32.0.0",
    ]
    assert all(texts.values())


# Ranges that are no good


@pytest.mark.parametrize(
    ("pod_cidr", "planned", "severity"),
    [
        ("172.16.0.0/12", True, Severity.ERROR),
        ("172.16.0.0/12", False, Severity.WARNING),
        ("172.28.0.0/14", True, Severity.ERROR),
        ("172.28.0.0/15", True, None),
        ("172.16.0.0/13", True, None),
        ("172.30.0.0/16", False, Severity.ERROR),
        ("172.31.4.0/22", False, Severity.ERROR),
        ("169.254.0.0/17", True, Severity.ERROR),
        ("192.0.2.0/24", True, Severity.ERROR),
        ("192.0.3.0/24", True, None),
    ],
)
def test_reserved_ranges_are_refused_whether_contained_or_containing(
    pod_cidr, planned, severity
):
    found = look(pods.pod_cidr_reserved, estate(aks(pod_cidr, planned=planned)))
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_what_keeps_working_says_so():
    (hit,) = look(pods.pod_cidr_reserved, estate(aks("172.16.0.0/12", planned=False)))
    assert hit.told_effect is Effect.WORKS_BUT
    assert hit.message == (
        "shop's pod CIDR 172.16.0.0/12 overlaps 172.30.0.0/16 and 172.31.0.0/16, which "
        "AKS keeps: it keeps working, but AKS refuses new clusters with it"
    )


@pytest.mark.parametrize(
    ("pod_cidr", "public"),
    [
        ("100.64.0.0/10", False),
        ("100.63.0.0/16", True),
        ("100.128.0.0/16", True),
        ("172.15.0.0/16", True),
        ("172.16.0.0/16", False),
        ("172.32.0.0/16", True),
        ("192.167.0.0/16", True),
        ("192.168.0.0/16", False),
        ("9.0.0.0/8", True),
        ("10.0.0.0/8", False),
        ("10.0.0.0/7", True),
        ("fd12:3456:789a::/64", False),
        ("2603:1020::/64", True),
        ("2001:db8::/64", False),
    ],
)
def test_public_space_is_a_warning(pod_cidr, public):
    found = look(pods.pod_cidr_public, estate(aks(pod_cidr)))
    assert [each.severity for each in found] == [Severity.WARNING] * public
    network = ip_network(pod_cidr)
    if network.prefixlen > 8:
        assert is_public(Cidr.parse(pod_cidr)) == network.is_global


def test_public_space_that_is_your_own_is_passed_over():
    inventory = estate(aks("20.50.0.0/17"), owned=cidrs("20.50.0.0/16"))
    assert look(pods.pod_cidr_public, inventory) == []
    larger = estate(aks("20.48.0.0/12"), owned=cidrs("20.50.0.0/16"))
    assert len(look(pods.pod_cidr_public, larger)) == 1


PUBLISHED = {
    "bl-spoke-layout": set(),
    "blr-spoke-layout": set(),
    "lza-layout": set(),
    "layout-apiserver-sample": set(),
    "layout-limit-egress": set(),
    "layout-natgateway": set(),
    "nap-ok": set(),
    "layout-dynamic-sample": {("service-cidr-in-vnet", "warning")},
    "overview-172-16-12": {("pod-cidr-reserved", "error")},
    # The page refuses 10.0.0.0/8 for the whole VNet; today for the subnet in it.
    "update-cni-pod-vnet": {("pod-cidr-meets-subnet", "error")},
    "bad-azure-aks-example": {
        ("service-cidr-in-vnet", "warning"),
        ("service-cidr-public", "error"),
    },
    "construction-defaults": {
        ("pod-cidr-in-vnet", "warning"),
        ("service-cidr-public", "error"),
    },
}
"""What is found of plans that others published, by decisions 12 and 13."""


def published(inputs):
    """The estate of an example, with AKS's defaults where it names no range."""
    given = inputs.get("subnets") or {
        "aks": inputs.get("subnet") or inputs.get("node_subnet", "10.1.0.0/24")
    }
    around = str(ip_network(next(iter(given.values()))).supernet(new_prefix=16))
    subnets = [subnet("spoke", name, cidr) for name, cidr in given.items()]
    pods_ = inputs.get("pod_cidr") or inputs.get("pod_cidr_forbidden", "10.244.0.0/16")
    shop = cluster(
        planned=True,
        model="cni-overlay" if "pod_cidr" in " ".join(inputs) else "cni-node-subnet",
        subnets=(next(iter(given)),),
        pod_cidrs=cidrs(pods_),
        # The pages on pod CIDRs and layouts say nothing of services.
        service_cidrs=cidrs(inputs.get("service_cidr", "192.168.0.0/16")),
        dns_service_ip=inputs.get("dns_service_ip"),
    )
    return estate(shop, vnets=[vnet("spoke", inputs.get("vnet", around), *subnets)])


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_plans_are_judged_as_decided(name):
    if not EXAMPLES.is_file():
        pytest.skip("the worked examples are not at ../shared/domain")
    examples = {e["id"]: e for e in json.loads(EXAMPLES.read_text(encoding="utf-8"))}
    example = examples[name]
    inventory = published(example["inputs"])
    found = {
        (rule.name, hit.severity.value)
        for rule in OVERLAPS
        for hit in look(rule, inventory)
    }
    assert found == PUBLISHED[name]
    errors = [severity for _, severity in found if severity == "error"]
    assert bool(errors) is not example["expected"]["valid"]


# Ways out


def test_what_is_planned_gets_another_pod_cidr():
    assert ways_out(pods.pod_cidr_meets_subnet, estate(aks("10.1.0.0/16"))) == {
        "give shop pod CIDR 10.0.0.0/16": True
    }


def test_an_existing_cluster_is_made_anew_and_kubenet_can_move_to_overlay():
    overlay = estate(aks("10.1.0.0/16", planned=False))
    assert ways_out(pods.pod_cidr_meets_subnet, overlay) == {
        "create shop anew with pod CIDR 10.0.0.0/16: it can't be changed later": True
    }
    kubenet = estate(aks("10.1.0.0/16", planned=False, model="kubenet"))
    assert ways_out(pods.pod_cidr_meets_subnet, kubenet) == {
        "move shop from kubenet to Azure CNI Overlay with pod CIDR 10.0.0.0/16": True,
        "create shop anew with pod CIDR 10.0.0.0/16: it can't be changed later": True,
    }
    (hit,) = look(pods.pod_cidr_meets_subnet, kubenet)
    (moved, _) = hit.remedies
    (after,) = applied(kubenet, moved.changes).clusters
    assert after.model == "cni-overlay"


def test_only_the_range_that_is_in_the_way_is_exchanged():
    both = estate(
        aks("10.244.0.0/16", "fd00::/64", assumed=("pod_cidrs",)),
        vnets=[
            vnet(
                "spoke", "fd00::/48", subnet("spoke", "aks", "10.1.0.0/24", "fd00::/64")
            )
        ],
    )
    (hit,) = look(pods.pod_cidr_meets_subnet, both)
    (remedy,) = hit.remedies
    (after,) = applied(both, remedy.changes).clusters
    assert after.pod_cidrs == cidrs("10.244.0.0/16", "fd00:0:1::/64")
    assert after.assumed == ()


def test_where_no_range_of_its_length_is_free_one_that_holds_its_nodes_is_given():
    # 10.0.0.0/8 is the only private /8. Three nodes, one of surge: four /24s.
    inventory = estate(aks("10.0.0.0/8"))
    assert ways_out(pods.pod_cidr_meets_subnet, inventory) == {
        "give shop pod CIDR 172.16.0.0/22": True
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"unbounded": ("AKS Automatic has no maximum",)},
        {"model": None, "network_plugin": "none"},
    ],
)
def test_where_its_nodes_are_not_known_nothing_smaller_is_guessed(fields):
    inventory = estate(aks("10.0.0.0/8", **fields))
    assert ways_out(pods.pod_cidr_meets_subnet, inventory) == {}


def test_a_pod_cidr_that_is_smaller_than_its_need_is_not_made_smaller():
    pools = (NodePool("a", 300, subnet=id_of("spoke", "subnets", "aks")),)
    crowded = [
        vnet(f"v{n}", each)
        for n, each in enumerate(
            (
                "10.0.0.0/9",
                "10.128.0.0/9",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "100.64.0.0/10",
            )
        )
    ]
    group = Group("g", "virtual-wan", (id_of("spoke"), *(e.id for e in crowded)))
    own = vnet("spoke", "20.0.0.0/16", subnet("spoke", "aks", "20.0.0.0/24"))
    inventory = estate(
        aks("20.0.0.0/24", pools=pools), vnets=[own, *crowded], groups=(group,)
    )
    assert ways_out(pods.pod_cidr_meets_subnet, inventory) == {}


def test_hostile_names_and_ranges_are_only_quoted():
    name = "x\n=cmd|' /C calc'!A0"
    shop = replace(aks("0.0.0.0/1", "8000::/1"), name=name, origin=Origin("f", "p"))
    inventory = estate(shop, vnets=[spoke()])
    found = check(inventory, as_of=AS_OF).findings
    assert any(name in each.message for each in found)


def test_a_plan_stands_where_it_was_written():
    shop = replace(aks("10.1.0.0/16"), origin=PLANNED._replace(file="a.yaml", line=7))
    (found,) = [
        each
        for each in check(estate(shop), as_of=AS_OF).findings
        if each.rule == "pod-cidr-meets-subnet"
    ]
    assert (found.location.file, found.location.line) == ("a.yaml", 7)
