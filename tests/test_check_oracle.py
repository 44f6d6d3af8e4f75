"""The overlap rules against double loops, on many small random estates.

One example of Hypothesis is a seed, and a seed is many estates: drawing them from a
generator of random numbers is cheap, so the thorough profile judges over 100,000.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipplan.checks.networks import peerings
from ipplan.checks.overlap import meshes, pods, premises, services
from ipplan.checks.surveys import Survey
from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import ExternalRange, Group
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import Origin
from ipplan.inventory.pools import NodePool
from tests import golden

AS_OF = date(2026, 11, 24)
GROUP = "/subscriptions/s/resourcegroups/g/providers"
VNETS = [f"{GROUP}/microsoft.network/virtualnetworks/v{n}" for n in range(4)]
CLUSTERS = [
    f"{GROUP}/microsoft.containerservice/managedclusters/c{n}" for n in range(2)
]
ESTATES, FEW = 256, 6
"""Estates of one seed, in the thorough profile and otherwise."""
THOROUGH = 100
"""Examples of the thorough profile."""
PARTS = 4
"""Tests that share the work, so that they run side by side."""

PARSE = cache(Cidr.parse)
SPACE = [
    *map(
        PARSE,
        (
            "10.0.0.0/8",
            "10.0.0.0/15",
            "10.0.0.0/16",
            "10.0.0.0/24",
            "10.0.128.0/17",
            "10.1.0.0/16",
            "10.1.4.0/24",
            "192.168.0.0/16",
            "192.168.4.0/22",
            "fd00::/48",
            "fd00::/64",
            "fd00:0:0:1::/64",
        ),
    )
]
"""Ranges of VNets, subnets, pods, services and networks elsewhere: nested or apart."""
ODD = [
    *map(
        PARSE,
        (
            "172.16.0.0/12",
            "172.30.0.0/16",
            "172.30.4.0/24",
            "172.28.0.0/15",
            "100.64.0.0/10",
            "20.0.0.0/16",
            "172.32.0.0/16",
            "224.0.0.0/8",
            "fd00::/108",
            "ff02::/112",
        ),
    )
]
"""Ranges of clusters besides."""
ANY = [*map(PARSE, ("0.0.0.0/0", "::/0", "10.0.0.0/9", "172.16.0.0/12"))]
"""Ranges of networks elsewhere besides."""
ORIGINS = [Origin(evidence="observed"), Origin(evidence="proposed")]
STATES = ["Connected", "Connected", "Connected", None, "Initiated", "Disconnected"]
NAMES = ["s0", "s1"]
MODELS = ["cni-overlay", "cni-overlay", "kubenet", "cni-node-subnet", "cni-dynamic"]
RULES = (
    peerings.peered_vnets_overlap,
    peerings.vnet_second_hop_overlap,
    peerings.connected_group_overlap,
    pods.pod_cidr_meets_subnet,
    pods.pod_cidr_in_vnet,
    pods.pod_cidr_meets_reachable_network,
    pods.pod_cidr_meets_service_cidr,
    pods.pod_cidr_reserved,
    pods.pod_cidr_public,
    premises.pod_cidr_meets_on_premises,
    services.service_cidr_too_large,
    services.service_cidr_reserved,
    services.service_cidr_public,
    services.service_cidr_meets_subnet,
    services.service_cidr_in_vnet,
    services.service_cidr_meets_reachable_network,
    premises.service_cidr_meets_on_premises,
    premises.vnet_meets_on_premises,
    premises.on_premises_aggregate,
    meshes.pod_cidr_shared,
    meshes.pod_mesh_overlap,
    meshes.overlay_in_pod_mesh,
)


def some(chance, items, most):
    """A few different items, mostly one, in the order that an inventory has them."""
    return tuple(sorted(set(chance.choices(items, k=chance.randrange(most + 1)))))


def peering(chance, vnet, remote):
    complete = chance.random() < 0.8
    return Peering(
        id=f"{vnet}/virtualnetworkpeerings/to-{remote[-2:]}",
        name=f"to-{remote[-2:]}",
        remote=remote,
        state=chance.choice(STATES),
        remote_prefixes=some(chance, SPACE, 2),
        complete=complete,
        local_subnets=() if complete else some(chance, NAMES, 2),
        remote_subnets=() if complete else some(chance, NAMES, 2),
        ipv6_only=chance.random() < 0.1,
        virtual_network_access=chance.random() < 0.9,
        forwarded_traffic=chance.random() < 0.6,
        gateway_transit=chance.random() < 0.5,
        remote_gateways=chance.random() < 0.5,
    )


def vnet(chance, identity, others):
    subnets = tuple(
        Subnet(
            f"{identity}/subnets/{name}",
            name,
            (cidr,),
            route_table=chance.choice([None, "rt"]),
        )
        for name in NAMES[: chance.randrange(3)]
        for cidr in (chance.choice(SPACE),)
    )
    peered = tuple(
        peering(chance, identity, each)
        for each in others
        if each != identity and chance.random() < 0.6
    )
    prefixes = some(chance, SPACE, 2)
    return VNet(identity, identity[-2:], prefixes, subnets, peered)


def cluster(chance, identity, vnets):
    model = chance.choice(MODELS)
    homes = [*vnets, *VNETS[-1:]] if chance.random() < 0.1 else vnets
    subnet = f"{chance.choice(homes)}/subnets/{chance.choice(NAMES)}"
    subnet = subnet if chance.random() < 0.95 else None
    pods = subnet and f"{subnet[:-2]}{chance.choice(NAMES)}"
    pool = NodePool(
        "p", 3, subnet=subnet, pod_subnet=pods if model == "cni-dynamic" else None
    )
    ranges = SPACE + ODD
    return Cluster(
        identity[-2:],
        (pool,),
        model,
        id=identity,
        pod_cidrs=some(chance, ranges, 2),
        service_cidrs=some(chance, ranges, 1),
        origin=chance.choice(ORIGINS),
    )


def elsewhere(chance, name):
    attached = None if chance.random() < 0.3 else some(chance, VNETS, 2)
    holds = ("dns",) if chance.random() < 0.3 else ()
    return ExternalRange(name, some(chance, SPACE + ANY, 3), attached, holds)


def estate(chance):
    """Two to four VNets, of which others may name one more, and what joins them."""
    ids = VNETS[: chance.choice([2, 3, 3])]
    named = VNETS[: len(ids) + 1]
    kind = chance.choice(["network-manager", "virtual-wan", "pod-mesh"])
    members = CLUSTERS if kind == "pod-mesh" else chance.sample(named, 3)
    groups = (Group("g", kind, tuple(sorted(members))),)
    first = cluster(chance, CLUSTERS[0], ids)
    second = cluster(chance, CLUSTERS[1], ids)
    if chance.random() < 0.5:
        second = replace(second, model=first.model, pools=first.pools)
    return Inventory(
        vnets=tuple(vnet(chance, each, named) for each in ids),
        clusters=(first, second) if chance.random() < 0.5 else (first,),
        external_ranges=tuple(
            elsewhere(chance, f"e{n}") for n in range(chance.choice([0, 1, 1, 2]))
        ),
        groups=groups if chance.random() < 0.5 else (),
        owned=tuple(chance.choices(ODD, k=chance.random() < 0.3)),
    )


def found(inventory):
    survey = Survey(inventory, AS_OF)
    for rule in RULES:
        for hit in rule.hits(survey):
            assert hit.severity in rule.severities
            sides = frozenset((e.id or e.noun.name, e.cidr) for e in hit.sides)
            yield rule.name, hit.severity.value, sides


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("part", range(PARTS))
@given(st.integers(0, 2**32))
def test_the_overlap_rules_find_what_double_loops_find(part, seed):
    chance = Random(seed * PARTS + part)  # noqa: S311  # not a secret
    for _ in range(ESTATES if settings().max_examples >= THOROUGH else FEW):
        inventory = estate(chance)
        ours = list(found(inventory))
        assert len(ours) == len(set(ours))
        assert set(ours) == golden.overlaps(inventory, PARSE)


def test_estates_are_varied_enough_to_wake_every_rule():
    chance = Random(1)  # noqa: S311  # not a secret
    counts = Counter(name for _ in range(1_000) for name, _, _ in found(estate(chance)))
    assert min(counts[rule.name] for rule in RULES) > 3


def test_the_thorough_profile_judges_100_000_estates():
    most = settings.get_profile("thorough").max_examples
    assert most == THOROUGH
    assert most * PARTS * ESTATES >= 100_000
