"""Rules on VNets and peerings."""

from dataclasses import replace

import pytest

from ipplan import Cidr, Group, Peering, Subnet
from ipplan.checks.checkups import check
from ipplan.checks.networks import peerings, vnets
from ipplan.findings import Severity
from ipplan.inventory.networks import Holder
from ipplan.inventory.origins import Origin
from tests.test_check_core import AS_OF, HOME, c, cluster, cs, survey, vnet


def messages(rule, *args, **more):
    return [hit.message for hit in rule.hits(survey(*args, **more))]


def fixes(rule, *args, **more):
    found = check(survey(*args, **more).inventory, as_of=AS_OF).findings
    return [each.fix for each in found if each.rule == rule.name]


def side(one, other, **more):
    home = f"{HOME}/{one}/virtualnetworkpeerings/to-{other}"
    more.setdefault("state", "Connected")
    return Peering(home, f"to-{other}", f"{HOME}/{other}", **more)


# Peered VNets and spokes of one hub


@pytest.mark.parametrize("state", ["Connected", "Initiated", "Disconnected", None])
def test_peered_vnets_must_not_overlap_in_any_state(state):
    a = replace(vnet("a", "10.0.0.0/16"), peerings=(side("a", "b", state=state),))
    b = vnet("b", "10.0.128.0/17")
    assert messages(peerings.peered_vnets_overlap, a, b) == [
        "a 10.0.0.0/16 and b 10.0.128.0/17 overlap, and they are peered"
    ]


def test_neighbours_do_not_overlap():
    a = vnet("a", "10.0.0.0/16", peers=["b"])
    assert not messages(peerings.peered_vnets_overlap, a, vnet("b", "10.1.0.0/16"))


def test_a_network_that_was_not_read_is_judged_by_its_recorded_space():
    far = side("a", "far", remote_prefixes=cs("10.0.4.0/22"))
    a = replace(vnet("a", "10.0.0.0/16"), peerings=(far,))
    assert messages(peerings.peered_vnets_overlap, a) == [
        "a 10.0.0.0/16 and far 10.0.4.0/22 overlap, and they are peered"
    ]


def test_a_peering_with_itself_is_none():
    a = vnet("a", "10.0.0.0/16", peers=["a"])
    assert not messages(peerings.peered_vnets_overlap, a)


def test_spokes_of_one_hub_must_not_overlap_whatever_lets_traffic_through():
    # data-safe-haven#2152: the second spoke of a hub with a range of the first.
    hub = vnet("hub", "10.0.0.0/24", peers=["a", "b"])
    a, b = vnet("a", "10.29.0.0/21"), vnet("b", "10.29.0.0/21")
    assert messages(peerings.vnet_second_hop_overlap, hub, a, b) == [
        "a 10.29.0.0/21 and b 10.29.0.0/21 overlap, and both are peered with hub"
    ]


def test_spokes_of_different_hubs_may_overlap():
    one, two = (
        vnet("one", "10.0.0.0/24", peers=["a"]),
        vnet("two", "10.0.1.0/24", peers=["b"]),
    )
    a, b = vnet("a", "10.29.0.0/21"), vnet("b", "10.29.0.0/21")
    assert not messages(peerings.vnet_second_hop_overlap, one, two, a, b)


def test_a_stale_peering_still_takes_its_range():
    # AzureTRE#4641: the VNet was deleted, and its peering on the hub was left.
    stale = side("hub", "gone", state="Disconnected", remote_prefixes=cs("10.1.6.0/24"))
    hub = vnet("hub", "10.0.0.0/24", peers=["new"])
    hub = replace(hub, peerings=(stale, *hub.peerings))
    new = vnet("new", "10.1.6.0/24")
    found = peerings.vnet_second_hop_overlap
    assert messages(found, hub, new) == [
        "gone 10.1.6.0/24 and new 10.1.6.0/24 overlap, and both are peered with hub"
    ]


def test_two_that_are_peered_with_each_other_are_told_once():
    hub = vnet("hub", "10.0.0.0/24", peers=["a", "b"])
    a, b = vnet("a", "10.1.0.0/16", peers=["b"]), vnet("b", "10.1.0.0/24")
    assert not messages(peerings.vnet_second_hop_overlap, hub, a, b)
    assert len(messages(peerings.peered_vnets_overlap, hub, a, b)) == 1


def test_a_subnet_peering_with_a_hub_claims_its_subnets_alone():
    hub = vnet("hub", "10.0.0.0/24", peers=["b"])
    part = side("hub", "a", complete=False, remote_subnets=("x",))
    hub = replace(hub, peerings=(part, *hub.peerings))
    a = vnet("a", "10.1.0.0/16", subnets=[("x", "10.1.0.0/24"), ("y", "10.1.1.0/24")])
    rule = peerings.vnet_second_hop_overlap
    assert not messages(rule, hub, a, vnet("b", "10.1.1.0/24"))
    assert messages(rule, hub, a, vnet("b", "10.1.0.0/25")) == [
        "a/x 10.1.0.0/24 and b 10.1.0.0/25 overlap, and both are peered with hub"
    ]


def test_of_very_many_pairs_the_first_are_told(monkeypatch):
    monkeypatch.setattr(peerings, "MOST_TOLD", 2)
    hub = vnet("hub", "10.0.0.0/24", peers=["a", "b", "d"])
    spokes = [vnet(each, "10.1.0.0/16") for each in "abd"]
    rule = peerings.vnet_second_hop_overlap
    last = "more than 2 pairs of VNets that are peered with hub overlap: the others "
    last += "are not told one by one"
    assert messages(rule, hub, *spokes)[2:] == [last]
    away = [replace(each, peerings=(side(each.name, "hub"),)) for each in spokes]
    assert messages(rule, *away)[2:] == [last]


def test_a_hub_that_was_not_read_joins_its_spokes():
    a, b = (
        vnet("a", "10.1.0.0/16", peers=["hub"]),
        vnet("b", "10.1.0.0/24", peers=["hub"]),
    )
    (found,) = peerings.vnet_second_hop_overlap.hits(survey(a, b))
    assert found.message.endswith("both are peered with hub")
    assert [each.noun.name for each in found.sides] == ["a", "b"]


def test_a_planned_peering_of_what_exists_will_be_refused():
    a, b = vnet("a", "10.1.0.0/16"), vnet("b", "10.1.0.0/24")
    plan = side("a", "b", state=None, origin=Origin("p.yaml", evidence="proposed"))
    (found,) = peerings.peered_vnets_overlap.hits(
        survey(replace(a, peerings=(plan,)), b)
    )
    assert found.told_effect.value == "refused"


# Ways apart


def test_space_that_no_subnet_needs_is_given_up():
    a = vnet("a", "10.1.0.0/16", subnets=[("x", "10.1.0.0/20"), ("y", "10.1.16.0/24")])
    b = vnet("b", "10.1.128.0/17", subnets=[("x", "10.1.128.0/18")], peers=["a"])
    assert fixes(peerings.peered_vnets_overlap, a, b) == [
        (
            "a's subnets all lie in 10.1.0.0/19: give it that space instead of "
            "10.1.0.0/16, and nothing has to move"
        )
    ]


def test_what_recorded_the_old_space_is_synced():
    a = vnet("a", "10.1.0.0/16", subnets=[("x", "10.1.0.0/20")])
    b = vnet("b", "10.1.128.0/17", subnets=[("x", "10.1.128.0/17")])
    old = {"remote_prefixes": a.prefixes, "synced_prefixes": a.prefixes}
    asked = (a, replace(b, peerings=(side("b", "a", **old),)))
    assert fixes(peerings.peered_vnets_overlap, *asked) == [
        (
            "a's subnets all lie in 10.1.0.0/20: give it that space instead of "
            "10.1.0.0/16, and nothing has to move; then sync its peerings"
        )
    ]


def test_a_vnet_that_has_nothing_in_it_gets_another_range():
    a = vnet("a", "10.1.0.0/16", subnets=[("x", "10.1.0.0/16")])
    b = vnet("b", "10.1.128.0/17", peers=["a"])
    assert fixes(peerings.peered_vnets_overlap, a, b) == [
        "give b 10.0.0.0/17, which nothing that it reaches has"
    ]


def test_a_vnet_that_is_full_is_built_anew():
    a = vnet("a", "10.1.0.0/16", subnets=[("x", "10.1.0.0/16")])
    b = vnet(
        "b",
        "10.1.128.0/17",
        "10.9.0.0/24",
        peers=["a"],
        subnets=[("x", "10.1.128.0/17"), ("y", "10.9.0.0/24")],
    )
    assert fixes(peerings.peered_vnets_overlap, a, b) == [
        "rebuild a in 10.0.0.0/16, which nothing that it reaches has"
    ]


def test_in_a_full_internet_there_is_no_way_out():
    everything = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]
    hub = vnet("hub", *everything, subnets=[("x", "10.0.0.0/8")], peers=["b"])
    b = vnet("b", "10.0.0.0/8", subnets=[("x", "10.0.0.0/8")])
    assert fixes(peerings.peered_vnets_overlap, hub, b) == [""]


def test_ipv6_ranges_have_no_free_range_to_go_to():
    a = vnet(
        "a", "fd00::/48", subnets=[("x", "fd00::/64"), ("y", "fd00:0:0:ffff::/64")]
    )
    b = vnet("b", "fd00::/48", peers=["a"])
    assert fixes(peerings.peered_vnets_overlap, a, b) == [""]


def test_a_disconnected_peering_is_deleted():
    stale = side("hub", "gone", state="Disconnected", remote_prefixes=cs("10.1.6.0/24"))
    hub = vnet("hub", "10.0.0.0/24", peers=["new"])
    hub = replace(hub, peerings=(stale, *hub.peerings))
    new = vnet("new", "10.1.6.0/24", subnets=[("x", "10.1.6.0/24")])
    found = fixes(peerings.vnet_second_hop_overlap, hub, new)
    assert found in (
        ["delete the disconnected peering to-gone of hub"],
        ["rebuild new in 10.0.1.0/24, which nothing that it reaches has"],
    )


# Connected groups


def test_a_connected_group_may_overlap():
    a, b = vnet("a", "10.1.0.0/16"), vnet("b", "10.1.0.0/24")
    mesh = Group("mesh", "network-manager", (a.id, b.id, "not-read"))
    wan = Group("wan", "virtual-wan", (a.id, b.id))
    rule = peerings.connected_group_overlap
    assert messages(rule, a, b, groups=(mesh, wan)) == [
        (
            "a 10.1.0.0/16 and b 10.1.0.0/24 overlap in the connected group mesh: they "
            "can't reach each other there"
        )
    ]
    peered = replace(a, peerings=(side("a", "b"),))
    assert not messages(rule, peered, b, groups=(mesh,))


# Peerings by themselves


def test_a_peering_that_waits_for_its_other_side_is_told():
    a = replace(vnet("a", "10.1.0.0/16"), peerings=(side("a", "b", state="Initiated"),))
    b = vnet("b", "10.2.0.0/16")
    rule = peerings.peering_not_connected
    assert messages(rule, a, b) == [
        "peering a to b is Initiated: b has no peering back, so no traffic flows"
    ]
    back = replace(b, peerings=(side("b", "a", state="Disconnected"),))
    assert messages(rule, a, back) == [
        (
            "peering a to b is Initiated: no traffic flows; delete both sides and make "
            "them anew"
        ),
        (
            "peering b to a is Disconnected: no traffic flows; delete both sides and "
            "make them anew"
        ),
    ]


def test_what_a_lone_peering_takes_is_told():
    far = side("a", "far", state="Initiated", remote_prefixes=cs("10.9.0.0/16"))
    a = replace(vnet("a", "10.1.0.0/16"), peerings=(far,))
    (found,) = messages(peerings.peering_not_connected, a)
    assert "the range 10.9.0.0/16 recorded of far stays taken" in found
    bare = replace(a, peerings=(side("a", "far", state="Initiated"),))
    (found,) = messages(peerings.peering_not_connected, bare)
    assert "the range unknown recorded of far" in found
    nowhere = replace(far, remote=None)
    assert not messages(peerings.peering_not_connected, replace(a, peerings=(nowhere,)))


def test_a_plan_has_to_peer_both_ways():
    a = replace(vnet("a", "10.1.0.0/16"), peerings=(side("a", "b", state=None),))
    b = vnet("b", "10.2.0.0/16")
    rule = peerings.peering_one_sided
    assert messages(rule, a, b) == ["a is to be peered with b, and b not with it"]
    assert fixes(rule, a, b) == ["peer b with a too"]
    assert not messages(rule, a)
    assert not messages(rule, a, replace(b, peerings=(side("b", "a"),)))
    # A side that leads nobody knows where may be the one that is missed.
    somewhere = replace(side("b", "a"), remote=None)
    assert not messages(rule, a, replace(b, peerings=(somewhere,)))


def test_a_peering_behind_its_vnet_has_to_be_synced():
    old = side("a", "b", synced_prefixes=cs("10.2.0.0/24"))
    a = replace(vnet("a", "10.1.0.0/16"), peerings=(old,))
    b = vnet("b", "10.2.0.0/24", "10.3.0.0/24")
    rule = peerings.peering_out_of_sync
    assert messages(rule, a, b) == [
        "a recorded 10.2.0.0/24 of b, which has 10.2.0.0/24, 10.3.0.0/24 now"
    ]
    assert fixes(rule, a, b) == [
        (
            "sync it: az network vnet peering sync --resource-group=net --vnet-name=a "
            "--name=to-b"
        )
    ]
    assert not messages(rule, a, vnet("b", "10.2.0.0/24"))
    # What the peering itself says of the other side, where that was not read.
    said = replace(old, remote_prefixes=cs("10.2.0.0/23"))
    assert len(messages(rule, replace(a, peerings=(said,)))) == 1
    part = replace(said, complete=False)
    assert not messages(rule, replace(a, peerings=(part,)))
    assert not messages(rule, a)


def test_a_peering_whose_name_is_a_command_is_quoted_in_a_fix():
    old = side("a", "b", synced_prefixes=cs("10.2.0.0/24"))
    evil = replace(old, name="x; rm -rf ~")
    a = replace(vnet("a", "10.1.0.0/16"), peerings=(evil,))
    (fix,) = fixes(peerings.peering_out_of_sync, a, vnet("b", "10.3.0.0/24"))
    assert fix.endswith("--name='x; rm -rf ~'")


# VNets


def test_a_subnet_can_not_reach_over_two_ranges():
    a = vnet("a", "10.0.0.0/24", "10.0.1.0/24", subnets=[("x", "10.0.0.0/23")])
    assert messages(vnets.subnet_outside_vnet, a) == [
        (
            "subnet a/x 10.0.0.0/23 is not inside one range of a, which has "
            "10.0.0.0/24, 10.0.1.0/24"
        )
    ]


@pytest.mark.parametrize(
    ("cidr", "found"), [("10.0.0.0/24", 0), ("10.0.1.0/24", 1), ("9.255.255.0/24", 1)]
)
def test_a_subnet_lies_in_its_vnet(cidr, found):
    a = vnet("a", "10.0.0.0/24", subnets=[("x", cidr)])
    assert len(messages(vnets.subnet_outside_vnet, a)) == found


def test_a_subnet_of_a_vnet_without_known_space_is_not_judged():
    assert not messages(
        vnets.subnet_outside_vnet, vnet("a", subnets=[("x", "10.0.1.0/24")])
    )


def test_a_subnet_outside_is_moved_in_or_its_vnet_extended():
    a = vnet("a", "10.0.0.0/24", subnets=[("x", "10.0.1.0/24"), ("y", "10.0.0.0/25")])
    assert fixes(vnets.subnet_outside_vnet, a) == [
        "add 10.0.1.0/24 to the address space of a"
    ]
    six = vnet("a", "fd00::/56", subnets=[("x", "fd00:0:0:100::/64")])
    assert fixes(vnets.subnet_outside_vnet, six) == [
        "add fd00:0:0:100::/64 to the address space of a"
    ]


def test_overlapping_subnets_are_told_pair_by_pair():
    # azure-cli#10917: 10.0.0.0/28 inside 10.0.0.0/27.
    a = vnet(
        "dmz",
        "10.0.0.0/26",
        subnets=[
            ("public", "10.0.0.0/28"),
            ("private", "10.0.0.0/27"),
            ("more", "10.0.0.0/28"),
        ],
    )
    assert messages(vnets.subnets_overlap, a) == [
        "subnets dmz/private 10.0.0.0/27 and dmz/public 10.0.0.0/28 overlap",
        "subnets dmz/private 10.0.0.0/27 and dmz/more 10.0.0.0/28 overlap",
        "subnets dmz/public 10.0.0.0/28 and dmz/more 10.0.0.0/28 overlap",
    ]


def test_two_ranges_of_one_subnet_are_no_two_subnets():
    a = vnet("a", "10.0.0.0/24", subnets=[("x", "10.0.0.0/25", "10.0.0.0/26")])
    assert not messages(vnets.subnets_overlap, a)


def test_subnets_of_a_full_vnet_have_nowhere_to_go():
    a = vnet("a", "10.0.0.0/26", subnets=[("x", "10.0.0.0/26"), ("y", "10.0.0.0/26")])
    assert fixes(vnets.subnets_overlap, a) == [""]


def test_ranges_of_one_vnet_do_not_repeat():
    a = vnet("a", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24")
    assert messages(vnets.vnet_ranges_overlap, a) == [
        "a has 10.1.0.0/16 beside 10.0.0.0/8, which contains it",
        "a has 10.1.2.0/24 beside 10.1.0.0/16, which contains it",
    ]


@pytest.mark.parametrize(
    ("cidr", "found"),
    [
        ("10.0.0.0/29", 0),
        ("10.0.0.0/30", 1),
        ("64.0.0.0/2", 0),
        ("0.0.0.0/1", 1),
        ("fd00::/64", 0),
        ("fd00::/63", 1),
        ("fd00::/65", 1),
    ],
)
def test_subnets_have_bounds_on_their_size(cidr, found):
    a = vnet("a", "0.0.0.0/0", "::/0", subnets=[("x", cidr)])
    assert len(messages(vnets.subnet_size, a)) == found


def test_a_subnet_that_is_too_small_finds_room_or_not():
    a = vnet("a", "10.0.0.0/28", subnets=[("x", "10.0.0.0/30"), ("y", "10.0.0.8/29")])
    assert fixes(vnets.subnet_size, a) == [""]
    roomy = replace(a, prefixes=cs("10.0.0.0/24"))
    assert fixes(vnets.subnet_size, roomy) == ["give a/x 10.0.0.16/29 instead"]
    assert fixes(
        vnets.subnet_size, vnet("a", "fd00::/56", subnets=[("x", "fd00::/80")])
    ) == [""]


@pytest.mark.parametrize(
    ("cidr", "found"),
    [
        ("127.0.0.0/24", 1),
        ("126.255.0.0/16", 0),
        ("224.0.0.0/24", 1),
        ("223.255.255.0/24", 0),
        ("168.63.129.0/24", 1),
        ("168.63.130.0/24", 0),
        ("169.254.7.0/24", 1),
        ("fe80::/64", 0),
    ],
)
def test_some_ranges_are_for_no_vnet(cidr, found):
    assert len(messages(vnets.vnet_range_forbidden, vnet("a", cidr))) == found


@pytest.mark.parametrize(
    ("cidr", "found"),
    [
        ("172.16.0.0/16", 0),
        ("172.31.0.0/16", 0),
        ("172.32.0.0/16", 1),
        ("172.0.0.0/16", 1),
        ("100.64.0.0/16", 0),
        ("100.128.0.0/16", 1),
        ("123.0.0.0/16", 1),
        ("20.50.1.0/24", 0),
        ("169.254.0.0/16", 0),
        ("fd00::/48", 0),
    ],
)
def test_public_ranges_are_told_unless_they_are_owned(cidr, found):
    asked = vnet("a", cidr)
    said = messages(vnets.vnet_public_range, asked, owned=(c("20.50.0.0/16"),))
    assert len(said) == found


def test_aks_keeps_some_ranges_in_the_vnets_of_clusters():
    rule = vnets.cluster_vnet_reserved
    spoke = vnet(
        "spoke",
        "172.16.0.0/12",
        subnets=[("aks", "172.16.0.0/24"), ("other", "172.30.0.0/24")],
    )
    shop = cluster("shop", "spoke/subnets/aks")
    hits = list(rule.hits(survey(spoke, clusters=[shop])))
    assert [each.severity for each in hits] == [Severity.WARNING] * 2
    assert hits[0].message == (
        "spoke 172.16.0.0/12 of shop overlaps 172.30.0.0/16, which AKS keeps"
    )
    in_it = cluster("shop", "spoke/subnets/other")
    hits = list(rule.hits(survey(spoke, clusters=[in_it])))
    assert [each.severity for each in hits] == [Severity.ERROR, Severity.WARNING]
    assert hits[0].message == (
        "spoke/other 172.30.0.0/24 of shop overlaps 172.30.0.0/16, which AKS keeps"
    )
    assert not messages(rule, spoke)
    near = vnet("spoke", "172.16.0.0/13", subnets=[("aks", "172.16.0.0/24")])
    assert not messages(rule, near, clusters=[shop])


def test_a_cluster_subnet_moves_out_of_what_aks_keeps():
    spoke = vnet(
        "spoke", "10.0.0.0/16", "172.30.0.0/24", subnets=[("aks", "172.30.0.0/24")]
    )
    shop = cluster("shop", "spoke/subnets/aks", service_cidrs=cs("172.16.0.0/16"))
    (fix,) = fixes(vnets.cluster_vnet_reserved, spoke, clusters=[shop])
    assert fix.startswith("rebuild spoke in ")


@pytest.mark.parametrize(("count", "found"), [(3_000, 0), (3_001, 1)])
def test_a_vnet_has_so_many_subnets(count, found):
    a = vnet("a", "10.0.0.0/8")
    subnets = tuple(Subnet(f"{a.id}/subnets/{n}", str(n)) for n in range(count))
    said = messages(vnets.vnet_limit, replace(a, subnets=subnets))
    assert len(said) == found
    assert not found or said == ["a has 3,001 subnets, and 3,000 are allowed"]


@pytest.mark.parametrize(
    ("count", "severity"),
    [(500, None), (501, "warning"), (1_000, "warning"), (1_001, "error")],
)
def test_a_vnet_has_so_many_peerings(count, severity):
    a = vnet("a", "10.0.0.0/8", peers=[f"p{n}" for n in range(count)])
    hits = list(vnets.vnet_limit.hits(survey(a)))
    assert [each.severity.value for each in hits] == ([severity] if severity else [])


@pytest.mark.parametrize(("count", "found"), [(1_000, 0), (1_001, 1)])
def test_a_subscription_has_so_many_vnets_in_a_region(count, found):
    asked = [vnet(f"v{n}", location="westeurope") for n in range(count)]
    elsewhere = vnet("w", location="northeurope")
    assert len(messages(vnets.vnet_limit, *asked, elsewhere)) == found


def test_a_vnet_uses_one_gateway():
    two = replace(
        vnet("a", "10.1.0.0/16"),
        peerings=tuple(side("a", each, remote_gateways=True) for each in ("h", "i")),
    )
    rule = vnets.one_remote_gateway
    assert messages(rule, two) == ["a uses the gateway of h and of i"]
    assert fixes(rule, two) == ["do not use the remote gateway of i"]
    one = replace(two, peerings=two.peerings[:1])
    assert not messages(rule, one)
    held = Subnet(
        f"{two.id}/subnets/gatewaysubnet",
        "GatewaySubnet",
        cs("10.1.0.0/27"),
        holders=(Holder("gw", 1),),
    )
    own = replace(one, subnets=(held,))
    assert messages(rule, own) == ["a uses the gateway of h beside its own gateway"]
    assert fixes(rule, own) == ["do not use the remote gateway of h"]
    empty = replace(one, subnets=(replace(held, holders=()),))
    assert not messages(rule, empty)


def test_cidrs_are_compared_within_their_family():
    a = vnet("a", "10.0.0.0/8", "::/0", peers=["b"])
    b = vnet("b", "11.0.0.0/8", "fd00::/48")
    found = [
        hit.sides[1].cidr for hit in peerings.peered_vnets_overlap.hits(survey(a, b))
    ]
    assert found == [Cidr.parse("fd00::/48")]


def test_of_very_many_subnets_that_overlap_the_first_pairs_are_told(monkeypatch):
    monkeypatch.setattr(vnets, "MOST_TOLD", 2)
    a = vnet("a", "10.0.0.0/16", subnets=[(each, "10.0.0.0/24") for each in "xyz"])
    last = "more than 2 pairs of subnets of a overlap: the others are not told one by "
    assert messages(vnets.subnets_overlap, a)[2:] == [f"{last}one"]
    monkeypatch.setattr(vnets, "MOST_TOLD", 3)
    assert len(messages(vnets.subnets_overlap, a)) == 3


def test_a_baseline_does_not_accept_another_spoke_of_a_crowded_hub(monkeypatch):
    monkeypatch.setattr(peerings, "MOST_TOLD", 1)
    names = ["a", "b", "d"]

    def found(*spokes):
        hub = vnet("hub", "10.0.0.0/24", peers=spokes)
        asked = survey(
            hub, vnet("z", "10.9.0.0/16"), *(vnet(e, "10.1.0.0/16") for e in spokes)
        )
        (last,) = list(peerings.vnet_second_hop_overlap.hits(asked))[1:]
        return {(each.id, each.cidr) for each in last.sides}

    before, after = found(*names), found(*names, "e")
    assert before < after
    assert len(before) == 4
