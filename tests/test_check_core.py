"""Surveys, remedies, their proofs, free ranges, unknowns, overlaps without effect."""

from dataclasses import replace
from datetime import date
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import (
    ArgumentError,
    Cidr,
    Cluster,
    ExternalRange,
    Group,
    Inventory,
    NodePool,
    Peering,
    Severity,
    Subnet,
    VNet,
    read_inventory,
)
from ipplan.checks import RULES
from ipplan.checks.checkups import check, look
from ipplan.checks.choices import first_free, free_range, free_space, free_subnet
from ipplan.checks.moves import own_subnet
from ipplan.checks.proofs import EFFORT, Found, _fresh, proven
from ipplan.checks.remedies import GONE, Change, Remedy, applied
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.surveys import Survey
from ipplan.checks.unknowns import Unknown, unknowns
from ipplan.checks.unrelated import count_pairs, unrelated
from ipplan.checks.vicinities import vicinity
from ipplan.findings import Effect
from ipplan.inventory.externals import AddressPool
from ipplan.inventory.origins import Origin
from ipplan.inventory.traffic import ZoneLink

AS_OF = date(2026, 11, 24)
HOME = "/subscriptions/s/resourcegroups/net/providers/microsoft.network/virtualnetworks"
AKS = "/subscriptions/s/resourcegroups/{}/providers/microsoft.containerservice"


def c(text):
    return Cidr.parse(text)


def cs(*texts):
    return tuple(map(c, texts))


def vnet(name, *prefixes, subnets=(), peers=(), group="net", **more):
    home = f"{HOME.replace('/net/', f'/{group}/')}/{name}"
    return VNet(
        home,
        name,
        cs(*prefixes),
        tuple(
            Subnet(f"{home}/subnets/{key}".lower(), key, cs(*ranges))
            for key, *ranges in subnets
        ),
        tuple(
            Peering(
                f"{home}/virtualnetworkpeerings/to-{peer}",
                f"to-{peer}",
                f"{HOME}/{peer}",
                state="Connected",
            )
            for peer in peers
        ),
        **more,
    )


def cluster(name, *subnets, group="shop", **more):
    pools = tuple(
        NodePool(f"p{number}", 3, 30, subnet=f"{HOME}/{each}")
        for number, each in enumerate(subnets)
    )
    home = AKS.format(group)
    more.setdefault("service_cidrs", cs("172.16.0.0/16"))
    return Cluster(
        name, pools, "cni-overlay", id=f"{home}/managedclusters/{name}", **more
    )


def survey(*vnets, clusters=(), **more):
    ordered = tuple(sorted(vnets, key=lambda each: each.id))
    return Survey(Inventory(ordered, tuple(clusters), **more), AS_OF)


# Free ranges


@given(
    st.integers(20, 32),
    st.lists(st.tuples(st.integers(0, 4095), st.integers(20, 32)), max_size=6),
)
def test_the_first_free_range_is_the_one_that_a_loop_finds(length, ranges):
    block = c("10.0.0.0/20")
    taken = [
        Cidr(4, block.first + (at >> 32 - each << 32 - each), each)
        for at, each in ranges
    ]
    candidates = ip_network("10.0.0.0/20").subnets(new_prefix=length)
    looped = next(
        (
            str(each)
            for each in candidates
            if not any(each.overlaps(ip_network(str(one))) for one in taken)
        ),
        None,
    )
    found = first_free([block], taken, length)
    assert (found and str(found)) == looped


def test_a_block_smaller_than_what_is_wanted_is_passed_over():
    found = first_free(cs("10.0.0.0/24", "10.1.0.0/16"), [], 20)
    assert str(found) == "10.1.0.0/20"


def test_a_free_subnet_meets_no_range_of_its_clusters():
    spoke = vnet("spoke", "10.0.0.0/22", "fd00::/48", subnets=[("aks", "10.0.0.0/24")])
    shop = cluster("shop", "spoke/subnets/aks", pod_cidrs=cs("10.0.1.0/24"))
    found = survey(spoke, clusters=[shop])
    assert str(free_subnet(found, spoke, 24, use="a")) == "10.0.2.0/24"
    assert str(free_subnet(found, spoke, 24, use="a")) == "10.0.2.0/24"
    assert str(free_subnet(found, spoke, 24, use="b")) == "10.0.3.0/24"
    assert free_subnet(found, spoke, 24, use="c") is None


def test_a_free_range_meets_nothing_that_is_reached():
    hub = vnet("hub", "10.0.0.0/8", peers=["spoke"])
    spoke = vnet("spoke", "172.20.0.0/16", subnets=[("aks", "172.20.0.0/24")])
    away = vnet("away", "172.16.0.0/16")
    shop = cluster("shop", "spoke/subnets/aks", service_cidrs=cs("172.17.0.0/16"))
    found = survey(hub, spoke, away, clusters=[shop])
    # 10.0.0.0/8 is the hub's; 172.16.0.0/16 is of a VNet that nothing joins.
    assert str(free_range(found, shop, 16, use="pod_cidrs")) == "172.16.0.0/16"


def test_a_free_range_lies_in_a_larger_network_elsewhere_where_there_is_no_other():
    everything = cs("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    spoke = vnet("spoke", "10.1.0.0/16", subnets=[("aks", "10.1.0.0/24")])
    shop = cluster("shop", "spoke/subnets/aks")
    found = survey(
        spoke, clusters=[shop], external_ranges=(ExternalRange("all", everything),)
    )
    assert str(free_range(found, shop, 16, use="pod_cidrs")) == "10.0.0.0/16"
    assert free_range(survey(spoke, clusters=[shop]), shop, 4, use="pod_cidrs") is None


def test_free_space_meets_no_second_hop_and_nothing_elsewhere():
    hub = vnet("hub", "10.0.0.0/16", peers=["a", "b", "gone"])
    a, b = vnet("a", "10.1.0.0/16"), vnet("b", "10.2.0.0/16")
    outside = (ExternalRange("dc", cs("10.3.0.0/16")),)
    shop = cluster("shop", "a/subnets/aks", pod_cidrs=cs("10.4.0.0/16"))
    found = survey(hub, a, b, clusters=[shop], external_ranges=outside)
    assert str(free_space(found, a, 16)) == "10.5.0.0/16"


POOLS = (
    AddressPool("nets", cs("10.64.0.0/14", "fd00:10::/40")),
    AddressPool("pods", cs("100.64.0.0/15", "fd00:20::/48"), "pods"),
    AddressPool("more", cs("100.80.0.0/16"), "pods"),
    AddressPool("services", cs("172.20.0.0/16"), "services"),
)


@pytest.mark.parametrize(
    ("use", "version", "length", "drawn"),
    [
        ("pod_cidrs", 4, 16, "100.64.0.0/16"),
        ("pod_cidrs", 4, 15, "100.64.0.0/15"),
        # Larger than any range of the pools.
        ("pod_cidrs", 4, 14, "10.4.0.0/14"),
        ("pod_cidrs", 6, 64, "fd00:20::/64"),
        ("service_cidrs", 4, 16, "172.20.0.0/16"),
        ("service_cidrs", 4, 15, "10.2.0.0/15"),
        # No pool for services has IPv6.
        ("service_cidrs", 6, 108, "fd00::/108"),
    ],
)
def test_a_free_range_is_of_the_pools_declared_for_its_use(use, version, length, drawn):
    spoke = vnet("spoke", "10.0.0.0/16", subnets=[("aks", "10.0.0.0/24")])
    shop = cluster("shop", "spoke/subnets/aks")
    found = survey(spoke, clusters=[shop], address_pools=POOLS)
    assert str(free_range(found, shop, length, version, use=use)) == drawn


def test_what_is_taken_of_a_pool_is_not_drawn_again():
    spoke = vnet("spoke", "10.0.0.0/16", subnets=[("aks", "10.0.0.0/24")])
    shop = cluster("shop", "spoke/subnets/aks")
    away = cluster("away", "x/subnets/aks", pod_cidrs=cs("100.64.0.0/16"))
    found = survey(spoke, clusters=[shop, away], address_pools=POOLS)
    more = [cluster(each, "spoke/subnets/aks") for each in "abc"]
    drawn = [str(free_range(found, each, 16, use="pod_cidrs")) for each in more]
    # A pod CIDR of a cluster that is not reached can be had again, before other ranges.
    assert drawn == ["100.65.0.0/16", "100.80.0.0/16", "100.64.0.0/16"]
    last = free_range(found, shop, 16, use="pod_cidrs")
    assert str(last) == "10.1.0.0/16"


def test_free_space_is_of_the_pools_declared_for_vnets():
    hub = vnet("hub", "10.64.0.0/16", peers=["a"])
    a = vnet("a", "10.65.0.0/16")
    found = survey(hub, a, address_pools=POOLS)
    assert str(free_space(found, a, 15)) == "10.66.0.0/15"
    assert str(free_space(found, hub, 15)) == "10.0.0.0/15"


def test_a_fix_out_of_a_pool_is_tried_out_like_any_other():
    spoke = vnet("spoke", "10.1.0.0/16", subnets=[("aks", "10.1.0.0/24")])
    shop = cluster("shop", "spoke/subnets/aks", pod_cidrs=cs("10.1.0.0/16"))
    planned = replace(shop, origin=Origin(evidence="proposed"), model="cni-overlay")
    for prefixes, drawn in (
        (cs("100.100.0.0/16"), "100.100.0.0/16"),
        # Public ranges make another finding, so nothing of them is told.
        (cs("20.0.0.0/16"), None),
    ):
        pool = AddressPool("pods", prefixes, "pods")
        found = Inventory((spoke,), (planned,), address_pools=(pool,))
        told = {e.rule: e.fix for e in check(found, as_of=AS_OF).findings}
        fix = told["pod-cidr-meets-subnet"]
        assert f"pod CIDR {drawn}" in fix if drawn else "20.0.0.0/16" not in fix


# Surveys


def test_namesakes_are_called_by_their_group():
    one, two = vnet("v", "10.0.0.0/16"), vnet("v", "10.0.0.0/16", group="other")
    found = survey(one, two, vnet("w", "10.0.0.0/16", subnets=[("s", "10.0.0.0/24")]))
    assert [found.called(each) for each in (one, two)] == ["net/v", "other/v"]
    (subnet,) = found.inventory.vnets[1].subnets
    assert found.called(subnet) == "w/s"
    assert found.name_of("/x/virtualnetworks/not-read") == "not-read"
    lost = Subnet("/x/virtualnetworks/lost/subnets/s", "s")
    assert found.called(lost) == "lost/s"


def test_a_vnet_that_was_not_seen_has_its_recorded_space():
    hub = vnet("hub", "10.0.0.0/16")
    side = Peering(
        f"{hub.id}/virtualnetworkpeerings/p",
        "p",
        f"{HOME}/far",
        "Disconnected",
        remote_prefixes=cs("10.9.0.0/16"),
    )
    found = survey(replace(hub, peerings=(side,)))
    far = found.vnets[f"{HOME}/far"]
    assert (far.prefixes, far.seen) == (cs("10.9.0.0/16"), False)
    part = VNet(f"{HOME}/far", "far", seen=False)
    both = survey(replace(hub, peerings=(side,)), part)
    assert both.vnets[part.id].prefixes == cs("10.9.0.0/16")


def test_only_the_subnets_that_take_part_are_peered():
    a = vnet("a", "10.0.0.0/16", subnets=[("x", "10.0.0.0/24"), ("y", "10.0.1.0/24")])
    side = Peering(
        f"{a.id}/virtualnetworkpeerings/p",
        "p",
        f"{HOME}/b",
        complete=False,
        local_subnets=("X",),
        remote_subnets=("z",),
        remote_prefixes=cs("10.1.3.0/24"),
    )
    found = survey(replace(a, peerings=(side,)), vnet("b", "10.1.0.0/16"))
    ours = found.taking_part(a.id, f"{HOME}/b")
    theirs = found.taking_part(f"{HOME}/b", a.id)
    assert [str(each.cidr) for each in ours] == ["10.0.0.0/24"]
    # The subnet of the other side was not read: its recorded range counts.
    assert [str(each.cidr) for each in theirs] == ["10.1.3.0/24"]
    assert found.taking_part(f"{HOME}/nobody", a.id) == ()


def test_an_ipv6_peering_joins_ipv6_alone():
    a = vnet("a", "10.0.0.0/16", "fd00::/48")
    side = Peering(f"{a.id}/virtualnetworkpeerings/p", "p", f"{HOME}/b", ipv6_only=True)
    found = survey(replace(a, peerings=(side,)), vnet("b", "10.0.0.0/16"))
    assert [str(e.cidr) for e in found.taking_part(a.id, f"{HOME}/b")] == ["fd00::/48"]


def test_a_managed_cluster_reaches_what_every_vnet_reaches():
    everywhere = ExternalRange("all", cs("10.0.0.0/8"))
    some = ExternalRange("some", cs("10.0.0.0/8"), attached=())
    found = survey(clusters=[cluster("shop")], external_ranges=(everywhere, some))
    assert found.external_ranges(found.inventory.clusters[0]) == (everywhere,)


def test_a_cluster_is_linked_to_what_its_vnets_reach():
    hub = vnet("hub", "10.0.0.0/16", peers=["spoke"])
    spoke = vnet("spoke", "10.1.0.0/16", subnets=[("aks", "10.1.0.0/24")])
    shop = cluster("shop", "spoke/subnets/aks", "spoke/subnets/aks")
    found = survey(hub, spoke, clusters=[shop])
    assert found.link(shop, hub.id).way == "peering"
    assert found.link(shop, spoke.id) is None
    assert list(found.in_vnet(spoke.id)) == [shop]
    assert found.users(f"{spoke.id}/subnets/aks") == (shop,)
    met = found.spaces.overlapping(c("10.0.0.0/8"))
    assert [space.vnet.name for _, space in met] == ["hub", "spoke"]
    (space,) = [each for _, each in found.subnet_spaces.overlapping(c("10.1.0.0/16"))]
    assert space.subnet.name == "aks"


def test_networks_elsewhere_are_found_by_range():
    outside = ExternalRange("dc", cs("10.3.0.0/16", "192.168.0.0/16"))
    found = survey(external_ranges=(outside,))
    assert [each for _, each in found.outside.overlapping(c("10.3.4.0/24"))] == [
        outside
    ]


# Remedies


def test_changes_change_what_they_name_and_nothing_else():
    a = vnet("a", "10.0.0.0/16", subnets=[("x", "10.0.0.0/24")], peers=["b", "c"])
    b = vnet("b", "10.1.0.0/16")
    shop = cluster("shop", "a/subnets/x")
    before = survey(a, b, clusters=[shop]).inventory
    after = applied(
        before,
        [
            Change(a.id, "prefixes", cs("10.8.0.0/16")),
            Change(f"{a.id}/subnets/x", "prefixes", cs("10.8.0.0/24")),
            Change(f"{a.id}/subnets/new", "prefixes", cs("10.8.1.0/24")),
            Change(f"{a.id}/virtualnetworkpeerings/to-b", GONE),
            Change(f"{a.id}/virtualnetworkpeerings/to-d", "remote", "d"),
            Change(shop.id, "pod_cidrs", cs("10.9.0.0/16")),
        ],
    )
    changed, same = after.vnets
    assert same is b
    assert changed.prefixes == cs("10.8.0.0/16")
    assert [(e.name, e.prefixes) for e in changed.subnets] == [
        ("x", cs("10.8.0.0/24")),
        ("new", cs("10.8.1.0/24")),
    ]
    assert changed.subnets[1].origin.evidence == "proposed"
    assert [each.name for each in changed.peerings] == ["to-c", "to-d"]
    assert after.clusters[0].pod_cidrs == cs("10.9.0.0/16")
    assert before.vnets[0] is a


def test_a_noun_can_be_deleted():
    link = ZoneLink(f"{HOME}/z/virtualnetworklinks/l", "l", f"{HOME}/a")
    a, b = vnet("a", "10.0.0.0/16"), vnet("b", "10.0.0.0/16")
    before = survey(a, b, zone_links=(link,)).inventory
    after = applied(before, [Change(a.id, GONE), Change(link.id, GONE)])
    assert (after.vnets, after.zone_links) == ((b,), ())


def test_pools_leave_a_subnet_and_others_stay():
    a = vnet("a", "10.0.0.0/16", subnets=[("x", "10.0.0.0/24"), ("y", "10.0.1.0/24")])
    shop = cluster("shop", "a/subnets/x", "a/subnets/y")
    found = survey(a, clusters=[shop])
    (remedy,) = own_subnet(found, a.subnets[0], [(shop, shop.pools[0])], a.id)
    assert remedy.text == (
        "put pool p0 of shop into another subnet, such as 10.0.2.0/24, which is free "
        "in a; a pool can't change its subnet, so make new ones there"
    )
    after = applied(found.inventory, remedy.changes).clusters[0]
    assert [each.subnet.rpartition("/")[2] for each in after.pools] == ["x-new", "y"]


def test_without_room_there_is_no_other_subnet():
    a = vnet("a", "10.0.0.0/24", subnets=[("x", "10.0.0.0/24")])
    shop = cluster("shop", "a/subnets/x")
    found = survey(a, clusters=[shop])
    pools = [(shop, shop.pools[0])]
    assert not list(own_subnet(found, a.subnets[0], pools, a.id))
    assert not list(own_subnet(found, a.subnets[0], pools, "nowhere"))


# Proofs

SPOKE = vnet("spoke", "10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16")


def trying(*remedies, others=()):
    """What holds where a rule finds that a VNet has the prefix 10.0.0.0/16."""

    @rule("https://example.com", Severity.ERROR)
    def has_ten_zero(survey):
        """A VNet does not have 10.0.0.0/16."""
        for each in survey.inventory.vnets:
            if c("10.0.0.0/16") in each.prefixes:
                yield Hit(
                    Severity.ERROR, Effect.REFUSED, (Side(each),), "has it", remedies
                )
            if c("10.6.6.0/24") in each.prefixes:
                yield Hit(Severity.NOTE, Effect.REFUSED, (Side(each),), "worse")

    def looks(survey):
        return [Found(has_ten_zero, hit) for hit in has_ten_zero.hits(survey)]

    asked = survey(SPOKE, *others)
    found = looks(asked)
    return proven(asked, found, found, looks)


def prefixes(*texts, to=SPOKE):
    return Remedy(", ".join(texts), (Change(to.id, "prefixes", cs(*texts)),))


def test_the_first_remedy_that_holds_is_told():
    assert trying(prefixes("10.7.0.0/16"), prefixes("10.8.0.0/16")) == {
        0: "10.7.0.0/16"
    }


def test_a_remedy_that_leaves_the_finding_is_not_told():
    assert trying(prefixes("10.0.0.0/16"), prefixes("10.8.0.0/16")) == {
        0: "10.8.0.0/16"
    }


def test_a_remedy_that_makes_something_new_is_not_told():
    assert trying(prefixes("10.6.6.0/24"), prefixes("10.8.0.0/16")) == {
        0: "10.8.0.0/16"
    }
    assert trying(prefixes("10.6.6.0/24")) == {}


def test_of_two_tried_together_the_one_that_makes_something_new_is_left_out():
    other = vnet("other", "10.0.0.0/16")

    @rule("https://example.com", Severity.ERROR)
    def has_ten_zero(survey):
        """A VNet does not have 10.0.0.0/16."""
        for each in survey.inventory.vnets:
            bad = "10.6.6.0/24" if each.name == "other" else "10.8.0.0/16"
            if c("10.0.0.0/16") in each.prefixes:
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(each),),
                    "has it",
                    (prefixes(bad, to=each),),
                )
            if c("10.6.6.0/24") in each.prefixes:
                yield Hit(Severity.NOTE, Effect.REFUSED, (Side(each),), "worse")

    def looks(survey):
        return [Found(has_ten_zero, hit) for hit in has_ten_zero.hits(survey)]

    asked = survey(SPOKE, other)
    found = looks(asked)
    assert [each.hit.sides[0].noun.name for each in found] == ["other", "spoke"]
    assert proven(asked, found, found, looks) == {1: "10.8.0.0/16"}


def test_what_nobody_can_be_blamed_for_is_found_by_halves():
    """A new finding about something that no remedy touches."""
    names = ["a", "b", "d"]
    third = vnet("third", "192.168.0.0/16", peers=names)
    vnets = [vnet(name, "10.0.0.0/16", peers=["third"]) for name in names]

    @rule("https://example.com", Severity.ERROR)
    def has_ten_zero(survey):
        """A VNet does not have 10.0.0.0/16."""
        for each in survey.inventory.vnets:
            bad = "10.6.6.0/24" if each.name == "a" else "10.8.0.0/16"
            if c("10.0.0.0/16") in each.prefixes:
                fix = (prefixes(bad, to=each),)
                yield Hit(Severity.ERROR, Effect.REFUSED, (Side(each),), "has it", fix)
            if c("10.6.6.0/24") in each.prefixes:
                yield Hit(Severity.NOTE, Effect.REFUSED, (Side(third),), "worse")

    def looks(survey):
        return [Found(has_ten_zero, hit) for hit in has_ten_zero.hits(survey)]

    asked = survey(third, *vnets)
    found = looks(asked)
    assert set(proven(asked, found, found, looks)) == {1, 2}


def test_a_finding_that_groups_an_estate_is_tried_out_on_all_of_it():
    """In the vicinity of one network the group is another one."""
    many = [vnet(f"v{n}", "10.9.0.0/16") for n in range(9)]

    @rule("https://example.com", Severity.ERROR)
    def has_ten_zero(survey):
        """No VNet has 10.0.0.0/16."""
        count = Cidr(4, 0, len(survey.inventory.vnets))
        for each in survey.inventory.vnets:
            if c("10.0.0.0/16") in each.prefixes:
                fix = (prefixes("10.8.0.0/16"),)
                yield Hit(Severity.ERROR, Effect.REFUSED, (Side(each, count),), "", fix)

    def looks(survey):
        return [Found(has_ten_zero, hit) for hit in has_ten_zero.hits(survey)]

    asked = survey(SPOKE, *many)
    found = looks(asked)
    assert proven(asked, found, found, looks) == {0: "10.8.0.0/16"}


def test_trials_end_when_enough_was_looked_at(monkeypatch):
    monkeypatch.setattr("ipplan.checks.proofs.EFFORT", 0)
    monkeypatch.setattr("ipplan.checks.proofs.LEAST_EFFORT", 1)
    bad = [prefixes("10.6.6.0/24")] * 2
    assert trying(*bad, prefixes("10.8.0.0/16")) == {0: None}
    assert EFFORT > 0


# Checkups


def test_a_rule_that_there_is_none_of_is_refused():
    with pytest.raises(ArgumentError, match="select 'nonsense': a rule: subnet-"):
        check(Inventory(), as_of=AS_OF, select=["nonsense"])
    with pytest.raises(ArgumentError, match="ignore 'nonsense'"):
        check(Inventory(), as_of=AS_OF, ignore=["nonsense"])


def test_rules_are_selected_and_ignored():
    a = vnet("a", "10.0.0.0/16", "11.0.0.0/16", subnets=[("x", "10.9.0.0/24")])
    inventory = survey(a).inventory
    names = {"subnet-outside-vnet", "vnet-public-range"}
    found = check(inventory, as_of=AS_OF)
    assert {each.rule for each in found.findings} == names
    assert [found.count(each) for each in Severity] == [1, 0, 1]
    for name in names:
        chosen = check(inventory, as_of=AS_OF, select=[name]).findings
        left = check(inventory, as_of=AS_OF, ignore=[name]).findings
        assert {each.rule for each in chosen} == {name}
        assert {each.rule for each in left} == names - {name}


def test_findings_of_one_rule_and_subject_have_their_own_fingerprints():
    a = vnet("a", "10.0.0.0/16", peers=["hub"])
    twice = replace(a, prefixes=a.prefixes * 2)
    hub = vnet("hub", "10.0.0.0/16")
    found = check(survey(twice, hub).inventory, as_of=AS_OF).findings
    prints = [each.fingerprint for each in found]
    assert len(set(prints)) == len(prints)


def test_a_finding_of_what_was_not_read_from_a_file_has_no_place():
    a = vnet("a", "10.0.0.0/16", subnets=[("x", "10.9.0.0/24")])
    (found,) = check(survey(a).inventory, as_of=AS_OF).findings
    assert found.location is None


def test_a_plan_is_refused_now_and_what_exists_at_its_next_change():
    a = vnet("a", "10.0.0.0/16", subnets=[("x", "10.9.0.0/24")])
    (found,) = check(survey(a).inventory, as_of=AS_OF).findings
    assert found.effect is Effect.NEXT_CHANGE_REFUSED
    planned = replace(a.subnets[0], origin=Origin("f", ".x", 3, "proposed"))
    plan = replace(a, subnets=(planned,), origin=Origin("g", ".y", 4))
    (found,) = check(survey(plan).inventory, as_of=AS_OF).findings
    assert (found.effect, found.location) == (Effect.REFUSED, ("f", ".x", 3))


# Overlaps without effect


def test_pairs_are_counted_that_nothing_joins():
    a, b = vnet("a", "10.0.0.0/16", peers=["hub"]), vnet("b", "10.0.0.0/24")
    hub = vnet("hub", "10.8.0.0/16", peers=["b"])
    apart = vnet("z", "10.0.0.0/8", "10.0.0.0/16")
    found = unrelated(survey(a, b, hub, apart), [])
    # z meets a, b and hub; a and b have one hub, so they are no pair without effect.
    assert found.overlaps == 3
    (shared,) = found.ranges
    assert str(shared.cidr) == "10.0.0.0/8"
    assert "hub 10.8.0.0/16" in shared.names


def test_members_of_a_group_are_related():
    a, b = vnet("a", "10.0.0.0/16"), vnet("b", "10.0.0.0/16")
    mesh = Group("wan", "virtual-wan", (a.id, b.id))
    assert unrelated(survey(a, b, groups=(mesh,)), []).overlaps == 0
    assert unrelated(survey(a, b), []).overlaps == 1


def test_reused_ranges_of_clusters_are_counted_unless_a_finding_tells_of_them():
    pods = {"pod_cidrs": cs("10.244.0.0/16")}
    one, two = cluster("one", **pods), cluster("two", **pods)
    asked = survey(clusters=[one, two])
    assert unrelated(asked, []).overlaps == 2  # pod CIDRs and service CIDRs
    names = [each.names for each in unrelated(asked, []).ranges]
    assert names[0] == (
        "one's pod CIDR 10.244.0.0/16",
        "two's pod CIDR 10.244.0.0/16",
    )
    sides = tuple(Side(each, each.pod_cidr) for each in (one, two))
    told = Hit(Severity.ERROR, Effect.BREAKS_TRAFFIC, sides, "")
    assert unrelated(asked, [Found(RULES[0], told)]).overlaps == 0


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 7), st.integers(29, 32)),
        max_size=8,
    )
)
def test_pairs_of_owners_are_counted_as_a_loop_counts_them(ranges):
    owners = {}
    for owner, at, length in ranges:
        cidr = Cidr(4, at >> 32 - length << 32 - length, length)
        owners.setdefault(cidr, {})[owner] = owner
    looped = {
        frozenset((a, b))
        for one, first in owners.items()
        for two, second in owners.items()
        for a in first
        for b in second
        if a != b and one.overlaps(two)
    }
    assert count_pairs(owners) == len(looped)


def test_of_very_many_pairs_it_is_not_looked_at_whether_some_are_told_twice(
    monkeypatch,
):
    monkeypatch.setattr("ipplan.checks.unrelated.MOST_PAIRS", 1)
    ranges = {each: {"a": "", "b": ""} for each in cs("10.0.0.0/8", "11.0.0.0/8")}
    assert count_pairs(ranges) == 2


# Unknowns


def told(*args, **more):
    return {(each.what, each.why) for each in unknowns(survey(*args, **more))}


def test_what_was_not_read_is_said():
    hub = vnet("hub", "10.0.0.0/16")
    sides = (
        Peering(
            f"{hub.id}/virtualnetworkpeerings/p",
            "p",
            f"{HOME}/far",
            remote_prefixes=cs("10.9.0.0/16"),
        ),
        Peering(
            f"{hub.id}/virtualnetworkpeerings/q",
            "q",
            f"{HOME.replace('/s/', '/t/')}/other",
        ),
        Peering(f"{hub.id}/virtualnetworkpeerings/r", "r"),
    )
    assert told(replace(hub, peerings=sides)) == {
        ("subscription t", "these networks name it, and none of its files was given"),
        (
            "far",
            (
                "not read; its recorded space 10.9.0.0/16 is checked, its subnets are "
                "not"
            ),
        ),
        ("other", "not read, and no peering recorded its space"),
        ("hub/r", "the other VNet is not said"),
    }


def test_ranges_that_nobody_knows_are_said():
    asked = vnet("a", subnets=[("x",)], requested=256)
    assert told(asked) == {
        ("a", "its address range: an IPAM pool gives it"),
        ("a/x", "its address range: not in the file"),
    }


def test_clusters_of_which_something_is_open_are_said():
    part = replace(cluster("part"), seen=False)
    plain = replace(cluster("plain"), model=None)
    assert told(clusters=[part, plain]) >= {
        ("part", "only node pools or ranges of it were read"),
        ("plain", "its network model is not said"),
        ("plain", "AKS makes its VNet, and that was not read"),
        ("plain", "node count: the file shows no node pools; state --nodes N"),
    }


def test_what_to_state_stands_apart_from_the_reason():
    plain = Unknown("shop", "node count: pool a shows none", "--nodes N")
    assert plain.why == "node count: pool a shows none; state --nodes N"
    assert Unknown("a", "not read").why == "not read"


def test_what_a_subnet_leaves_open_is_said(corpus):
    files = corpus / "vijayrod-demo" / "az-subnet-show-apiserver.json"
    found = list(unknowns(Survey(read_inventory(str(files)), AS_OF)))
    assert any("delegated to AKS" in each.why for each in found) or found


def test_everything_of_one_estate_is_looked_at():
    found = look(survey(vnet("a", "10.0.0.0/16")))
    assert found == []


# What a trial looks at


def test_a_pod_mesh_and_a_route_table_are_near():
    mesh = Group(
        "mesh",
        "pod-mesh",
        (
            f"{AKS.format('shop')}/managedclusters/one",
            f"{AKS.format('shop')}/managedclusters/two",
        ),
    )
    here = vnet("here", "10.0.0.0/16", subnets=[("aks", "10.0.0.0/24")])
    far = vnet("far", "10.1.0.0/16", subnets=[("aks", "10.1.0.0/24")])
    routed = [
        vnet(f"r{n}", "10.2.0.0/16", subnets=[("aks", "10.2.0.0/24")]) for n in range(2)
    ]
    table = [
        replace(
            each,
            subnets=tuple(replace(s, route_table="/x/rt") for s in each.subnets),
        )
        for each in routed
    ]
    others = [vnet(f"o{n}", "10.9.0.0/16") for n in range(9)]
    clusters = [cluster("one", "here/subnets/aks"), cluster("two", "far/subnets/aks")]
    asked = survey(here, far, *table, *others, clusters=clusters, groups=(mesh,))
    near = vicinity(asked, [f"{here.id}/subnets/aks"])
    assert [each.name for each in near.vnets] == ["far", "here"]
    assert [each.name for each in near.clusters] == ["one", "two"]
    assert [e.name for e in vicinity(asked, [table[0].id]).vnets] == ["r0", "r1"]


def test_a_fix_that_moves_another_finding_holds():
    """A subnet that is too small for its nodes is so wherever it is moved."""
    hub = vnet("hub", "10.1.0.0/24", peers=["a", "b"])
    a = vnet("a", "10.0.0.0/24", subnets=[("x", "10.0.0.0/24")])
    b = vnet("b", "10.0.0.0/24", subnets=[("aks", "10.0.0.0/29")])
    shop = cluster("shop", "b/subnets/aks", "b/subnets/aks")
    found = check(survey(hub, a, b, clusters=[shop]).inventory, as_of=AS_OF).findings
    fixes = {each.rule: each.fix for each in found}
    assert "subnet-too-small" in fixes
    assert fixes["vnet-second-hop-overlap"].startswith("rebuild b in ")


def test_a_group_of_fewer_is_no_new_finding():
    @rule("https://example.com", Severity.WARNING)
    def grouped(survey):
        """One finding for all."""
        bad = [e for e in survey.inventory.vnets if c("10.0.0.0/16") in e.prefixes]
        fix = tuple(prefixes("10.8.0.0/16", to=each) for each in bad[:1])
        if bad:
            yield Hit(
                Severity.WARNING, Effect.WORKS_BUT, tuple(map(Side, bad)), "", fix
            )

    more = [vnet(f"other{n}", "10.0.0.0/16") for n in range(3)]
    asked = survey(SPOKE, *more)
    before = [Found(grouped, hit) for hit in grouped.hits(asked)]
    (remedy,) = before[0].hit.remedies
    after = Survey(applied(asked.inventory, remedy.changes), AS_OF)
    left = [Found(grouped, hit) for hit in grouped.hits(after)]
    assert len(left) == 1
    assert not _fresh(before, left)
    assert _fresh(left, before)


def test_what_was_declared_is_no_plan_and_no_place_of_a_finding():
    stated = ExternalRange(
        "dc", cs("10.0.0.0/8"), origin=Origin("f.yaml", ".x", 1, "proposed")
    )
    there = replace(vnet("a", "10.0.0.0/16"), origin=Origin("v.json", "[0]", 2))
    hit = Hit(Severity.ERROR, Effect.REFUSED, (Side(stated), Side(there)), "")
    assert hit.told_effect is Effect.NEXT_CHANGE_REFUSED
    assert hit.location.file == "v.json"
    assert hit._replace(sides=(Side(stated),)).location.file == "f.yaml"


def large(chance=5):
    @rule("https://example.com", Severity.ERROR)
    def has_ten_zero(survey):
        """No VNet of a large estate has 10.0.0.0/16."""
        for each in survey.inventory.vnets:
            if (
                len(survey.inventory.vnets) > chance
                and c("10.0.0.0/16") in each.prefixes
            ):
                fix = (prefixes("10.8.0.0/16", to=each),)
                yield Hit(Severity.ERROR, Effect.REFUSED, (Side(each),), "", fix)

    return lambda asked: [Found(has_ten_zero, e) for e in has_ten_zero.hits(asked)]


def test_what_only_all_of_an_estate_shows_is_tried_out_on_all_of_it():
    looks = large()
    asked = survey(SPOKE, *(vnet(f"v{n}", "10.9.0.0/16") for n in range(9)))
    assert proven(asked, looks(asked), looks(asked), looks) == {0: "10.8.0.0/16"}


def test_findings_behind_the_last_trial_are_told_as_untried(monkeypatch):
    monkeypatch.setattr("ipplan.checks.proofs.EFFORT", 0)
    monkeypatch.setattr("ipplan.checks.proofs.LEAST_EFFORT", 1)
    monkeypatch.setattr("ipplan.checks.proofs.CHUNK", 1)
    looks = large(0)
    asked = survey(*(vnet(f"v{n}", "10.0.0.0/16") for n in range(3)))
    found = proven(asked, looks(asked), looks(asked), looks)
    assert list(found.values()).count(None) >= 1


def test_the_last_line_says_for_how_many_there_was_no_time():
    from ipplan.documents.checks import check_document
    from ipplan.views.checks import check_report

    document = check_document(check(Inventory(), as_of=AS_OF)._replace(untried=3))
    assert "No time to try ways out of 3 findings" in str(check_report(document))


def test_that_no_rule_is_left_is_no_success():
    name = RULES[0].name
    with pytest.raises(ArgumentError, match="leaves no rule"):
        check(Inventory(), as_of=AS_OF, select=[name], ignore=[name])
