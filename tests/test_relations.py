"""The matrix of ranges and what is around them, against double loops and by itself."""

from collections import defaultdict
from dataclasses import replace
from ipaddress import ip_network
from random import Random

import pytest
from pydantic import TypeAdapter

import ipplan
from ipplan.checks import RULES
from ipplan.cidrs import Cidr
from ipplan.contracts.reports import RelationDocument
from ipplan.designs import cells, relations, reuses
from ipplan.designs.cells import (
    APART,
    KEPT,
    ON_PREMISES,
    OTHERS,
    OWN_RANGES,
    OWN_SPACE,
    OWN_SUBNETS,
    PUBLIC,
    REACHED,
    RELATIONS,
)
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.relations import relation_documents
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import ExternalRange, Group
from ipplan.inventory.networks import VNet
from ipplan.inventory.origins import Skipped
from ipplan.layouts.plans import LayoutPlan, NetworkPlan
from ipplan.layouts.rules import RULES as LAYOUT_RULES
from tests import golden, large_estates
from tests.check_nouns import (
    AS_OF,
    PLANNED,
    cidrs,
    cluster,
    estate,
    id_of,
    peering,
    spoke,
    subnet,
    vnet,
)
from tests.test_check_oracle import estate as random_estate

SEEDS = 300


def of(*clusters, **fields):
    return study(estate(*clusters, **fields), "estate", as_of=AS_OF)


def rows_of(found):
    """Cells by kind, range and owner, and in them by column."""
    return {
        (row.kind, row.cidr and str(row.cidr), owner): dict(
            zip(RELATIONS, row.cells, strict=True)
        )
        for row in relations.relations(found)
        for owner in row.owners
    }


def cell(found, relation, kind, cidr, owner):
    return rows_of(found)[kind, cidr, owner][relation]


# Every rule on ranges speaks of a column.

OVERLAPS = ("meets", "overlap", "reserved", "public", "shared", "forbidden", "in-vnet")
"""What names of rules that compare ranges have in them."""
NO_RANGES = {
    "authorized-range-not-public",  # who may reach an API server
    "private-cluster-public-name",
    "node-subnet-shared",  # who uses a subnet, whatever range it has
    "route-table-shared",
    "pod-subnet-shared",
    "subnets-overlap",  # subnets have no row
    "overlay-in-pod-mesh",  # whatever range it has
}


def test_every_rule_that_compares_ranges_speaks_of_a_column():
    named = {*(each.name for each in (*RULES, *LAYOUT_RULES))}
    compare = {each for each in named if any(word in each for word in OVERLAPS)}
    told = compare - NO_RANGES | {cells.AGGREGATE}
    assert set(relations.TELLS) == told
    modules = {
        each.name
        for each in RULES
        if each.hits.__module__.startswith("ipplan.checks.overlap")
    }
    others = {
        "overlay-in-pod-mesh",
        "service-cidr-too-large",
        "dns-service-ip-outside",
        "dns-service-ip-taken",
    }
    assert modules - others <= told
    assert named >= NO_RANGES


def test_columns_are_those_that_rules_speak_of():
    assert {each for own in relations.TELLS.values() for each in own.values()} == {
        *RELATIONS
    }
    assert {*relations.EFFECTS} == {*relations.Effect}


# Decisions, section 13, as a double loop.

ALLOWED = {"connected-group-overlap", "pod-cidr-public"}
BREAKS = {"pod-cidr-shared", "pod-mesh-overlap", "vnet-meets-on-premises"}
ORDER = ["refused", "breaks", "allowed"]
COLUMNS = {
    "peered-vnets-overlap": (REACHED, None),
    "vnet-second-hop-overlap": (REACHED, None),
    "connected-group-overlap": (REACHED, None),
    "vnet-meets-on-premises": (ON_PREMISES, None),
    "pod-cidr-shared": (None, OTHERS),
    "pod-mesh-overlap": (OTHERS, OTHERS),
    "pod-cidr-meets-service-cidr": (None, OWN_RANGES),
    **{
        f"{what}-cidr-{how}": columns
        for what in ("pod", "service")
        for how, columns in {
            "meets-subnet": (OWN_RANGES, OWN_SUBNETS),
            "in-vnet": (OWN_RANGES, OWN_SPACE),
            "meets-reachable-network": (OTHERS, REACHED),
            "meets-on-premises": (None, ON_PREMISES),
            "reserved": (None, KEPT),
            "public": (None, PUBLIC),
        }.items()
    },
}
"""Columns of a rule: of the VNets that it names, and of the clusters."""


def verdict(networks, rule, severity, ours):
    if rule in ALLOWED:
        return "allowed"
    if rule in BREAKS or rule.endswith("on-premises"):
        return "breaks"
    if rule.endswith(("in-vnet", "reachable-network")):
        nets = {one for one, _ in ours if "/virtualnetworks/" in one}
        whole = [one for one in nets if "/subnets/" not in one]
        return "allowed" if whole and whole[0] in networks.seen else "breaks"
    return "refused" if severity == "error" else "allowed"


def expected(inventory):
    """Rules and verdicts by kind, owner, range and column."""
    networks = golden.Networks(inventory)
    found = defaultdict(set)
    for rule, severity, ours in golden.overlaps(inventory, Cidr.parse):
        told = verdict(networks, rule, severity, ours), rule
        for key in places(networks, rule, ours) if rule in COLUMNS else ():
            found[key].add(told)
    for each in inventory.vnets:
        for own in each.prefixes:
            if any(own != two and golden.meet(own, two) for two in each.prefixes):
                told = ("refused", "vnet-ranges-overlap")
                found["vnet", each.id, own, OWN_SPACE].add(told)
    return networks, found


def places(networks, rule, ours):
    """The cells that a finding on some ranges is told in."""
    of_vnets, of_clusters = COLUMNS[rule]
    clusters = {each.id: each for each in networks.inventory.clusters}
    for identity, cidr in ours:
        vnets = [identity.partition("/subnets/")[0]]
        if identity in clusters:
            kinds = [each for each in relations.TELLS[rule] if each != "vnet"]
            yield from ((kind, identity, cidr, of_clusters) for kind in kinds)
            in_mesh = rule == "pod-mesh-overlap"
            vnets = golden._homes(clusters[identity]) if in_mesh else []
        for home in vnets if of_vnets and cidr else ():
            for own in networks.space.get(home, ()):
                if golden.meet(own, cidr):
                    yield "vnet", home, own, of_vnets


def has_pods(one):
    return one.model in {"cni-overlay", "kubenet"}


def covered_on_premises(networks, _, identity, cidr):
    """Whether a range meets a network elsewhere that is reached from there."""
    one = {each.id: each for each in networks.inventory.clusters}.get(identity)
    homes = golden._homes(one) if one else [identity]
    return any(
        golden.meet(each, cidr)
        and (
            any(networks.reaches_out(home, external) for home in homes)
            or (not homes and external.attached is None)
        )
        for external in networks.inventory.external_ranges
        for each in external.prefixes
    )


def is_out_of_reach(networks, _, identity, cidr):
    """Whether a range meets a network elsewhere that is not reached from there."""
    one = {each.id: each for each in networks.inventory.clusters}.get(identity)
    homes = golden._homes(one) if one else [identity]
    return bool(homes) and any(
        golden.meet(each, cidr)
        for external in networks.inventory.external_ranges
        for each in external.prefixes
    )


def is_shared(networks, kind, identity, cidr):
    """Whether clusters that have nothing to do with a range have one of it."""
    for one in networks.inventory.clusters:
        pods = one.pod_cidrs if has_pods(one) else ()
        own = {"pods": pods, "services": one.service_cidrs}.get(
            kind, (*pods, *one.service_cidrs)
        )
        mine = identity in golden._homes(one) if kind == "vnet" else one.id == identity
        if not mine and any(golden.meet(each, cidr) for each in own):
            return True
    return False


def is_apart(networks, kind, identity, cidr):
    """Whether VNets overlap a range that nothing joins with it."""
    inventory = networks.inventory
    one = {each.id: each for each in inventory.clusters}.get(identity)
    homes = golden._homes(one) if one else [identity]
    ends = {end for pair in networks.side for end in pair}
    for other, space in networks.space.items():
        near = other not in homes and any(golden.meet(each, cidr) for each in space)
        joined = any(inventory.reach.between(home, other) for home in homes)
        if kind == "vnet":
            joined |= bool(networks.sides(identity, other)) or any(
                networks.sides(identity, hub) and networks.sides(other, hub)
                for hub in ends - {identity, other}
            )
            joined |= any(
                {identity, other} <= {*group.members}
                for group in inventory.groups
                if group.kind != "pod-mesh"
            )
        if near and not joined:
            return True
    return False


SILENT = {
    ON_PREMISES: (covered_on_premises, ("allowed", (cells.AGGREGATE,))),
    OTHERS: (is_shared, ("reusable", ())),
    APART: (is_apart, ("reusable", ())),
}
BEHIND = {ON_PREMISES: is_out_of_reach}
"""What is there and not reached, where nothing is that is."""


@pytest.mark.parametrize("seed", range(SEEDS // 50))
def test_cells_are_those_of_a_double_loop(seed):
    for number in range(seed * 50, seed * 50 + 50):
        inventory = random_estate(Random(number))  # noqa: S311  # not a secret
        found = study(inventory, "estate", as_of=AS_OF)
        networks, told = expected(inventory)
        matrix = relations._Matrix(found)
        for each in (*relations._spaces(found), *relations._ranges(found)):
            for relation, one in zip(RELATIONS, matrix.cells(each), strict=True):
                key = (each.kind, each.id, each.cidr)
                where = (number, *key, relation, one)
                want = told.get((*key, relation))
                silent, outcome = SILENT.get(relation, (None, None))
                if want:
                    worst = min((word for word, _ in want), key=ORDER.index)
                    rules = {rule for _, rule in want}
                    assert (one.verdict, {*one.rules}) == (worst, rules), where
                elif silent and silent(networks, *key):
                    assert (one.verdict, one.rules) == outcome, where
                elif relation in BEHIND and BEHIND[relation](networks, *key):
                    assert (one.verdict, one.rules) == ("reusable", ()), where
                    assert one.text.endswith(", not reached"), where
                else:
                    assert one.verdict in {"clear", "unknown", "n/a"}, where
                    assert bool(one.text) == (one.verdict == "unknown"), where


# At the edges of a range.


@pytest.mark.parametrize(
    ("pods", "column", "word"),
    [
        ("10.0.255.0/24", OWN_SUBNETS, "clear"),  # just before the subnet and the VNet
        ("10.0.255.0/24", OWN_SPACE, "clear"),
        ("10.1.0.0/24", OWN_SUBNETS, "refused"),
        ("10.1.1.0/24", OWN_SUBNETS, "clear"),  # just behind the subnet
        ("10.1.1.0/24", OWN_SPACE, "allowed"),
        ("10.2.0.0/24", OWN_SPACE, "clear"),  # just behind the VNet
    ],
)
def test_a_pod_cidr_at_the_edges_of_its_vnet(pods, column, word):
    found = of(cluster(pod_cidrs=cidrs(pods)))
    assert cell(found, column, "pods", pods, "shop").verdict == word


def test_what_is_met_is_named_and_not_the_range_itself():
    found = of(cluster(pod_cidrs=cidrs("10.1.0.0/25"), planned=True))
    met = cell(found, OWN_SUBNETS, "pods", "10.1.0.0/25", "shop")
    assert met == ("refused", "spoke/aks 10.1.0.0/24", ("pod-cidr-meets-subnet",))
    back = cell(found, OWN_RANGES, "vnet", "10.1.0.0/16", "spoke")
    assert back == ("refused", "shop 10.1.0.0/25", ("pod-cidr-meets-subnet",))


def test_pods_and_services_of_one_range_meet_each_other():
    same = cidrs("192.168.0.0/16")
    found = of(cluster(pod_cidrs=same, service_cidrs=same))
    for kind in ("pods", "services"):
        met = cell(found, OWN_RANGES, kind, "192.168.0.0/16", "shop")
        assert met.verdict == "refused"
        assert "shop's pod CIDR 192.168.0.0/16" in met.text


@pytest.mark.parametrize(
    ("pods", "column", "word", "text"),
    [
        ("172.30.1.0/24", KEPT, "refused", "172.30.0.0/16"),
        ("172.28.0.0/14", KEPT, "allowed", "172.30.0.0/16, 172.31.0.0/16"),
        ("172.29.0.0/16", KEPT, "clear", ""),
        ("20.0.0.0/16", PUBLIC, "allowed", "public addresses"),
        ("100.64.0.0/10", PUBLIC, "clear", ""),
    ],
)
def test_ranges_that_are_kept_and_public(pods, column, word, text):
    found = of(cluster(pod_cidrs=cidrs(pods)))
    assert cell(found, column, "pods", pods, "shop")[:2] == (word, text)


def test_a_service_cidr_of_multicast_addresses():
    found = of(cluster(service_cidrs=cidrs("224.0.0.0/16")))
    met = cell(found, PUBLIC, "services", "224.0.0.0/16", "shop")
    assert met[:2] == ("allowed", "multicast addresses")


def test_ranges_of_one_vnet_in_one_another():
    inner = replace(spoke(), prefixes=cidrs("10.1.0.0/16", "10.1.8.0/24"))
    found = of(vnets=(inner,))
    for each in ("10.1.0.0/16", "10.1.8.0/24"):
        met = cell(found, OWN_SPACE, "vnet", each, "spoke")
        assert met.verdict == "refused"
        assert met.text == "spoke has 10.1.8.0/24 beside 10.1.0.0/16, which contains it"


def test_two_ranges_of_one_vnet_that_are_apart_are_clear():
    two = replace(spoke(), prefixes=cidrs("10.1.0.0/16", "10.2.0.0/16"))
    assert cell(of(vnets=(two,)), OWN_SPACE, "vnet", "10.2.0.0/16", "spoke") == (
        cells.CLEAR
    )


# Reuse.


def test_clusters_with_one_pod_cidr_share_a_row_that_says_so():
    same = cidrs("192.168.0.0/16")
    found = of(cluster("a", pod_cidrs=same), cluster("b", pod_cidrs=same))
    (row,) = (each for each in relations.relations(found) if each.kind == "pods")
    assert row.owners == ("a", "b")
    met = row.cells[RELATIONS.index(OTHERS)]
    assert met == ("reusable", "shared by a, b", ())


def test_clusters_with_one_pod_cidr_and_other_outcomes_have_rows_of_their_own():
    same = cidrs("192.168.0.0/16")
    other = cluster("b", pod_cidrs=same, service_cidrs=cidrs("192.168.0.0/24"))
    found = of(cluster("a", pod_cidrs=same), other)
    rows = [each for each in relations.relations(found) if each.kind == "pods"]
    assert [each.owners for each in rows] == [("a",), ("b",)]


def test_a_pod_cidr_over_a_vnet_that_nothing_joins_is_reuse():
    alone = vnet("alone", "192.168.0.0/24")
    found = of(cluster(pod_cidrs=cidrs("192.168.0.0/16")), vnets=(alone, spoke()))
    met = cell(found, APART, "pods", "192.168.0.0/16", "shop")
    assert met == ("reusable", "shared by alone", ())
    back = cell(found, OTHERS, "vnet", "192.168.0.0/24", "alone")
    assert back == ("reusable", "shared by shop", ())


def test_vnets_of_one_range_that_meet_on_premises_are_not_told_to_be_reuse():
    vnets = (vnet("a", "10.1.0.0/16"), vnet("b", "10.1.0.0/16"))
    dc = ExternalRange("dc", cidrs("172.16.0.0/16"), tuple(each.id for each in vnets))
    found = of(vnets=vnets, external_ranges=(dc,))
    row = rows_of(found)["vnet", "10.1.0.0/16", "a"]
    assert row[REACHED].verdict == "unknown"
    assert row[REACHED].text == "b: both meet on premises, where routes decide"
    assert row[APART].verdict == "clear"


# What can't be known.

HUB = vnet("hub", "10.0.0.0/16", peering("hub", "spoke"))
JOINED = replace(spoke(), peerings=(peering("spoke", "hub"),))


def why(relation, *, kind="pods", owner="shop", cidr="192.168.0.0/16", **fields):
    """What a cell says of a cluster with that pod CIDR."""
    given = fields.pop("cluster", {})
    asked = {"pod_cidrs": cidrs("192.168.0.0/16"), **given}
    return cell(of(cluster(**asked), **fields), relation, kind, cidr, owner)


def test_everything_is_clear_where_all_was_read():
    dc = ExternalRange("dc", cidrs("172.20.0.0/16"), (HUB.id,))
    shop = cluster(
        pod_cidrs=cidrs("192.168.0.0/16"), service_cidrs=cidrs("172.16.0.0/16")
    )
    found = of(shop, vnets=(HUB, JOINED), external_ranges=(dc,))
    for (kind, *_), row in rows_of(found).items():
        words = {each.verdict for each in row.values()}
        assert words <= ({"clear", "n/a"} if kind == "vnet" else {"clear"})


@pytest.mark.parametrize(
    ("relation", "text", "fields"),
    [
        (ON_PREMISES, "no network on premises was stated", {}),
        (
            OWN_SPACE,
            "AKS makes its VNet, and that was not read",
            {"cluster": {"subnets": ()}},
        ),
        (
            OWN_SUBNETS,
            "AKS makes its VNet, and that was not read",
            {"cluster": {"subnets": ()}},
        ),
        (
            REACHED,
            "AKS makes its VNet, and that was not read",
            {"cluster": {"subnets": ()}},
        ),
        (
            ON_PREMISES,
            "AKS makes its VNet, and that was not read",
            {
                "cluster": {"subnets": ()},
                "external_ranges": (ExternalRange("dc", cidrs("10.0.0.0/8"), ()),),
            },
        ),
        (OWN_SPACE, "the range of spoke is not known", {"vnets": (HUB,)}),
        (
            OWN_SUBNETS,
            "subnets of spoke were not read",
            {
                "vnets": (
                    replace(
                        HUB,
                        peerings=(
                            peering(
                                "hub", "spoke", remote_prefixes=cidrs("10.1.0.0/16")
                            ),
                        ),
                    ),
                )
            },
        ),
        (
            OWN_SUBNETS,
            "a subnet of spoke has no known range",
            {"vnets": (replace(spoke(), subnets=(subnet("spoke", "aks"),)),)},
        ),
        (REACHED, "peerings of spoke were not read", {"vnets": (HUB,)}),
        (REACHED, "hub was not read", {"vnets": (JOINED,)}),
        (
            REACHED,
            "a peering does not say with which VNet",
            {
                "vnets": (
                    replace(
                        spoke(),
                        peerings=(replace(peering("spoke", "hub"), remote=None),),
                    ),
                )
            },
        ),
        (
            REACHED,
            "the range of far is not known",
            {
                "vnets": (
                    replace(HUB, peerings=(*HUB.peerings, peering("hub", "far"))),
                    JOINED,
                )
            },
        ),
        (
            REACHED,
            "the range of far is not known",
            {
                "groups": (
                    Group("wan", "virtual-wan", (id_of("far"), id_of("spoke"))),
                    Group("mesh", "pod-mesh", ("x",)),
                )
            },
        ),
        (REACHED, "there is more than was read", {"incomplete": ("more pages",)}),
        (OTHERS, "there is more than was read", {"incomplete": ("more pages",)}),
        (
            APART,
            "there is more than was read",
            {"skipped": (Skipped("a", "b", broken=True),)},
        ),
        (APART, "not all that is named was read", {"vnets": (JOINED,)}),
        (OWN_RANGES, "its service CIDR is not known", {}),
        (
            OTHERS,
            "not all of mesh was read",
            {
                "groups": (
                    Group("mesh", "pod-mesh", ("gone", cluster().id)),
                    Group("wan", "virtual-wan", (id_of("spoke"),)),
                )
            },
        ),
    ],
)
def test_what_was_not_read_is_unknown(relation, text, fields):
    assert why(relation, **fields) == ("unknown", text, ())


def test_a_peer_that_was_read_and_has_no_range_is_unknown():
    blank = replace(HUB, prefixes=())
    assert why(REACHED, vnets=(blank, JOINED)).text == "the range of hub is not known"


def test_a_subscription_that_was_not_read_may_have_more():
    far = "/subscriptions/far/resourcegroups/g/providers/microsoft.network"
    remote = replace(
        peering("spoke", "x", remote_prefixes=cidrs("10.9.0.0/16")),
        remote=f"{far}/virtualnetworks/x",
    )
    joined = replace(spoke(), peerings=(remote,))
    assert why(APART, vnets=(joined,)).text == "not all that is named was read"


def test_a_mesh_that_was_read_whole_is_clear():
    mesh = Group("mesh", "pod-mesh", (cluster().id,))
    assert why(OTHERS, groups=(mesh,)) == cells.CLEAR


@pytest.mark.parametrize(
    ("fields", "word", "text"),
    [
        ({"model": "cni-overlay"}, "unknown", "the pod CIDR of shop is not known"),
        ({"model": None}, "unknown", "the network model of shop is not known"),
        ({"model": "cni-node-subnet"}, "n/a", ""),
        ({"model": "kubenet", "pod_cidrs": cidrs("192.168.0.0/16")}, "clear", ""),
        (
            {"model": None, "pod_cidrs": cidrs("192.168.0.0/16")},
            "clear",
            "",
        ),
    ],
)
def test_whether_services_have_pods_beside_them(fields, word, text):
    services = cidrs("172.16.0.0/16")
    found = of(cluster(service_cidrs=services, **fields))
    row = cell(found, OWN_RANGES, "services", "172.16.0.0/16", "shop")
    assert row == (word, text, ())
    home = cell(found, OWN_RANGES, "vnet", "10.1.0.0/16", "spoke")
    assert home == (("unknown", text, ()) if text else cells.CLEAR)


def test_a_vnet_without_clusters_has_no_ranges_beside_it():
    assert cell(of(), OWN_RANGES, "vnet", "10.1.0.0/16", "spoke") == cells.NONE_THERE
    more = of(incomplete=("more pages",))
    assert cell(more, OWN_RANGES, "vnet", "10.1.0.0/16", "spoke").verdict == "unknown"


# What is listed.


def alone(count, **fields):
    """VNets that nothing joins and that overlap nothing."""
    vnets = [vnet(f"v{n:03}", f"10.{n}.0.0/16") for n in range(100, 100 + count)]
    return of(vnets=vnets, **fields)


def test_many_vnets_of_which_there_is_nothing_to_tell_share_a_row():
    most = relations.MOST_LISTED
    assert len(relations.relations(alone(most))) == most
    (row,) = relations.relations(alone(most + 1))
    assert row[:3] == (None, "vnet", (f"{most + 1} more VNets",))
    assert [each.text for each in row.cells] == [""] * len(RELATIONS)


def test_those_with_clusters_and_conflicts_are_listed_all_the_same():
    vnets = [vnet(f"v{n:03}", f"10.{n}.0.0/16") for n in range(100, 161)]
    shop = cluster(pod_cidrs=cidrs("10.200.0.0/16"))
    hit = vnet("hit", "10.201.0.0/16", peering("hit", "twin"))
    twin = vnet("twin", "10.201.0.0/24", peering("twin", "hit"))
    found = of(shop, vnets=(spoke(), hit, twin, *vnets))
    owners = [row.owners for row in relations.relations(found) if row.kind == "vnet"]
    assert owners == [("spoke",), ("hit",), ("twin",), ("61 more VNets",)]


def test_one_more_is_told_as_one():
    blank = vnet("z", "10.99.0.0/16", replace(peering("z", "z"), remote=None))
    others = [vnet(f"v{n:03}", f"10.{n}.0.0/16") for n in range(100, 160)]
    found = of(vnets=(*others, blank))
    owners = [row.owners for row in relations.relations(found)]
    assert sorted(owners) == [("1 more VNet",), ("60 more VNets",)]


def test_a_large_estate_lists_what_has_clusters_or_conflicts():
    inventory = large_estates.estate(300, 30)
    found = study(inventory, "estate", as_of=AS_OF)
    rows = relations.relations(found)
    homes = {v for each in inventory.clusters for v in found.survey.homes(each)}
    called = {found.survey.name_of(each) for each in homes}
    vnets = [row for row in rows if row.kind == "vnet"]
    bad = {"refused", "breaks"}
    listed = [row for row in vnets if row.cidr]
    assert called <= {owner for row in listed for owner in row.owners}
    assert all(
        called & {*row.owners} or any(e.verdict in bad for e in row.cells)
        for row in listed
    )
    more = sum(int(r.owners[0].split()[0]) for r in vnets if not r.cidr)
    assert more + sum(len(row.owners) for row in listed) == len(inventory.vnets)


def test_rows_are_in_order():
    inventory = large_estates.estate(60, 20)
    rows = relations.relations(study(inventory, "estate", as_of=AS_OF))
    kinds = [row.kind for row in rows]
    assert kinds == sorted(kinds, key=["vnet", "pods", "services"].index)
    for kind in ("vnet", "pods", "services"):
        ranges = [row.cidr for row in rows if row.kind == kind]
        assert ranges == sorted(ranges)


# Real samples.


def read(corpus):
    """Every estate of the corpus that has ranges of clusters or peerings."""
    folders = (
        "estates",
        "tf-plans/zodiac",
        "psrule",
        "azure-error-oracles",
        "azure-rest-api-specs/network",
        "azure-cli-recordings/az-cli/vnet-list",
    )
    for path in sorted(each for one in folders for each in (corpus / one).iterdir()):
        try:
            inventory = ipplan.read_inventory(str(path))
        except ipplan.InventoryError:
            continue
        yield path.name, study(inventory, path.name, as_of=AS_OF)


def test_what_check_finds_in_real_estates_is_in_the_cells_of_its_ranges(corpus):
    told = 0
    for name, found in read(corpus):
        matrix = relations._Matrix(found)
        owned = [*relations._spaces(found), *relations._ranges(found)]
        cells_of = {(e.kind, e.id, str(e.cidr)): matrix.cells(e) for e in owned}
        for each in found.findings:
            for subject in each.subjects:
                for kind, relation in relations.TELLS.get(each.rule, {}).items():
                    row = cells_of.get((kind, subject.id, subject.cidr))
                    if row is not None:
                        one = row[RELATIONS.index(relation)]
                        assert each.rule in one.rules, (name, each, one)
                        order = [*relations.EFFECTS.values()].index
                        worst = relations.EFFECTS[each.effect]
                        assert order(one.verdict) <= order(worst), (name, each, one)
                        told += 1
    assert told >= 10


def test_networks_that_nothing_joins_are_told_to_be_reuse(corpus):
    (path,) = (corpus / "azure-cli-recordings").glob("az-cli/vnet-list/05-68vnets-*")
    inventory = ipplan.read_inventory(str(path))
    spaces = {
        vnet.id: [ip_network(str(cidr)) for cidr in vnet.prefixes]
        for vnet in inventory.vnets
    }

    def meet(one, two):
        return any(
            a.overlaps(b)
            for a in spaces[one]
            for b in spaces[two]
            if a.version == b.version
        )

    shared = {
        one
        for one in spaces
        if any(
            one != two and meet(one, two) and not inventory.reach.between(one, two)
            for two in spaces
        )
    }
    found = study(inventory, "corpus", as_of=AS_OF)
    matrix = relations._Matrix(found)
    apart = RELATIONS.index(APART)
    reused = {
        each.id
        for each in relations._spaces(found)
        if matrix.cells(each)[apart].verdict == "reusable"
    }
    assert len(shared) > 50
    assert reused == shared


# Plans, findings of others and documents.


def test_networks_of_a_plan_that_overlap_and_that_nothing_joins():
    networks = (
        NetworkPlan(id_of("a"), "a", prefixes=cidrs("10.1.0.0/16"), origin=PLANNED),
        NetworkPlan(id_of("b"), "b", prefixes=cidrs("10.1.4.0/22"), origin=PLANNED),
    )
    layout = ipplan.lay_out(LayoutPlan("shop", networks))
    found = study_of_layout(layout, as_of=AS_OF)
    met = cell(found, APART, "vnet", "10.1.4.0/22", "b")
    assert met.verdict == "allowed"
    assert met.rules == ("layout-networks-overlap",)
    assert met.text == (
        "b 10.1.4.0/22 and a 10.1.0.0/16 overlap: they can't be peered as long as they "
        "do"
    )


def test_findings_about_what_stands_around_a_plan_count():
    shop = cluster(pod_cidrs=cidrs("10.1.0.0/24"))
    every = of(shop)
    apart = replace(every, findings=(), others=every.findings)
    assert relations.relations(apart) == relations.relations(every)


def test_a_network_on_premises_that_is_not_reached_is_named():
    """The second lies just behind, and is not met."""
    far = ExternalRange("dc", cidrs("10.0.0.0/8"), ("/x/virtualnetworks/far",))
    near = ExternalRange("lab", cidrs("11.0.0.0/8"), ("/x/virtualnetworks/far",))
    found = of(cluster(), external_ranges=(far, near))
    met = cell(found, ON_PREMISES, "vnet", "10.1.0.0/16", "spoke")
    assert met == ("reusable", "dc 10.0.0.0/8, not reached", ())


def reuse_in(found):
    return {(row.kind, *row.owners): row.reuse for row in relations.relations(found)}


def test_pod_and_service_cidrs_say_whether_others_may_have_them():
    pods = {"pod_cidrs": cidrs("192.168.0.0/16")}
    services = {"service_cidrs": cidrs("172.16.0.0/16")}
    overlay = reuse_in(of(cluster(**pods, **services)))
    assert overlay["vnet", "spoke"] == ("", None)
    assert overlay["services", "shop"] is reuses.SERVICES_REUSE
    assert overlay["pods", "shop"] is reuses.OVERLAY_REUSE
    assert reuses.OVERLAY_REUSE.source.endswith("azure-cni-overlay")
    routed = reuse_in(of(cluster(model="kubenet", **pods)))
    assert routed["pods", "shop"] is reuses.ROUTED_REUSE
    own = cluster(model=None, network_plugin="none", **pods)
    assert reuse_in(of(own))["pods", "shop"] == ("", None)


def test_where_others_are_minded_nothing_is_said_of_reuse():
    """Two clusters of kubenet on one subnet."""
    pods = {"model": "kubenet", "pod_cidrs": cidrs("192.168.0.0/16")}
    found = reuse_in(of(cluster(**pods), cluster("news", **pods)))
    pods_of = [each for (kind, *_), each in found.items() if kind == "pods"]
    assert pods_of
    assert set(pods_of) == {("", None)}


def test_documents_are_as_the_contract_says():
    columns, rows = relation_documents(
        study(large_estates.estate(90, 10), "estate", as_of=AS_OF)
    )
    assert columns == [*RELATIONS]
    TypeAdapter(list[RelationDocument]).validate_python(rows, strict=True)
    assert all([e["relation"] for e in row["cells"]] == columns for row in rows)
    assert any(not row["cidr"] for row in rows)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_vnets_that_are_counted_together_have_a_line_without_a_range(form):
    found = study(large_estates.estate(90, 2), "estate", as_of=AS_OF)
    rows = relations.relations(found)
    counted = {row.owners[0] for row in rows if row.cidr is None}
    document = ipplan.report_document(found)
    # reports list the worst rows first, and count the others
    matrix = [row for row in document["matrix"] if not row["cidr"]]
    text = ipplan.write_report(document | {"matrix": matrix}, form)
    assert counted
    assert all(each in text for each in counted)
    assert not any(f"of {each}" in text for each in counted)


def test_an_estate_of_nothing_has_no_rows():
    nothing = study(Inventory(), "nothing", as_of=AS_OF)
    assert relations.relations(nothing) == ()


def test_a_vnet_of_which_only_a_peering_told_has_a_row():
    known = replace(
        JOINED,
        peerings=(peering("spoke", "hub", remote_prefixes=cidrs("10.0.0.0/16")),),
    )
    found = of(vnets=(known,))
    row = rows_of(found)["vnet", "10.0.0.0/16", "hub"]
    assert row[REACHED] == ("unknown", "peerings of hub were not read", ())
    assert isinstance(found.vnets[0], VNet)
