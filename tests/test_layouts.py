"""Layouts: what always holds of them, and who wins where two things want a range."""

from dataclasses import replace
from ipaddress import ip_network
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ipplan import Cidr, lay_out
from ipplan.inventory.externals import AddressPool, Group
from ipplan.layouts.layouts import laid_out
from ipplan.layouts.locks import Lock, fitted
from ipplan.layouts.moves import moves_between
from ipplan.layouts.plans import LayoutPlan, NetworkPlan, ServicePlan
from ipplan.layouts.wants import SubnetWant
from ipplan.readers.layouts import read_layout_plan
from tests import layout_samples
from tests.layout_plans import (
    NAMES,
    POOLS,
    as_built,
    cases,
    cidrs,
    cluster,
    cluster_id,
    inventory,
    locked,
    mesh,
    network,
    plan,
    some_of,
    vnet,
    vnet_id,
    want,
    without,
)
from tests.test_carving import exists

RESERVED = [
    ip_network(each)
    for each in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
]


def ranges(layout):
    """Every range of a layout, by what has it."""
    found = {each.plan.id: each.prefixes for each in layout.networks}
    found |= {each.want.id: each.prefixes for each in layout.subnets}
    for each in layout.clusters:
        key = each.plan.cluster.id
        found[key, "pods"] = each.pod_cidrs
        found[key, "services"] = each.service_cidrs
    return found


def texts(layout):
    """The same by names, as text."""
    return {
        str(key).rpartition("virtualnetworks/")[2].replace("/subnets/", "/"): " ".join(
            map(str, each)
        )
        for key, each in ranges(layout).items()
        if isinstance(key, str)
    }


def nets(prefixes):
    return [ip_network(str(each)) for each in prefixes]


def disjoint(networks):
    return not any(a.overlaps(b) for a, b in combinations(networks, 2))


def sound(layout):
    """Whether all ranges are disjoint, and in the space that they belong to."""
    spaces = {each.plan.id: nets(each.prefixes) for each in layout.networks}
    inner = [(each.want.network, each.prefixes) for each in layout.subnets]
    for home, space in spaces.items():
        found = [e for network, own in inner if network == home for e in nets(own)]
        assert disjoint(found)
        assert all(
            any(e.version == own.version and e.subnet_of(own) for own in space)
            for e in found
        )
    drawn = [e for space in spaces.values() for e in space]
    others = layout.plan.inventory.vnets
    assert disjoint([*drawn, *(e for each in others for e in nets(each.prefixes))])


def fitting(plan_, wants, lock=None):
    layout = laid_out(plan_, wants, lock)
    assume(not layout.unfit)
    return layout


def remedies(layout):
    return [(each.name, each.kind, each.remedy) for each in layout.unfit]


# What always holds.


@given(cases())
def test_subnets_are_disjoint_aligned_large_enough_and_in_their_network(case):
    plan_, wants = case
    layout = laid_out(plan_, wants)
    sound(layout)
    unfit = {each.id for each in layout.unfit}
    for each in layout.subnets:
        if not unfit & {each.want.network, each.want.id}:
            lengths = [e.prefixlen for e in nets(each.prefixes)]
            assert lengths == [each.want.length, *[64] * each.want.ipv6]


@given(cases())
def test_networks_are_clear_of_each_other_and_of_all_that_there_is(case):
    plan_, wants = case
    layout = laid_out(plan_, wants)
    drawn = [e for each in layout.networks for e in nets(each.prefixes)]
    others = [e for each in plan_.inventory.vnets for e in nets(each.prefixes)]
    outside = [
        ip_network(str(cidr))
        for each in plan_.inventory.external_ranges
        for cidr in each.prefixes
        if cidr.length > 20
    ]
    assert disjoint([*drawn, *others])
    assert not any(a.overlaps(b) for a in drawn for b in outside)
    pools = [ip_network(str(cidr)) for cidr in POOLS[0].prefixes]
    for each in layout.networks:
        fixed = nets(each.plan.prefixes)
        assert all(
            any(own.version == e.version and e.subnet_of(own) for own in pools)
            for e in nets(each.prefixes)
            if e not in fixed
        )


@given(cases())
def test_a_new_network_is_the_smallest_that_holds_its_subnets(case):
    plan_, wants = case
    layout = fitting(plan_, wants)
    for each in layout.networks:
        if each.whence == "new":
            sizes = [2 ** (32 - e.length) for e in wants if e.network == each.plan.id]
            need = sum(sizes) or 8
            space = sum(own.size for own in each.prefixes if own.version == 4)
            assert need <= space < 2 * need


@given(cases())
def test_pods_and_services_are_clear_of_what_clusters_could_reach(case):
    plan_, wants = case
    layout = fitting(plan_, wants)
    spaces = [e for each in layout.networks for e in nets(each.prefixes)]
    spaces += [e for each in plan_.inventory.vnets for e in nets(each.prefixes)]
    found = {}
    for each in layout.clusters:
        pods, services = nets(each.pod_cidrs), nets(each.service_cidrs)
        assert not any(a.overlaps(b) for a in (*pods, *services) for b in spaces)
        assert not any(a.overlaps(b) for a in (*pods, *services) for b in RESERVED)
        assert not any(a.overlaps(b) for a in pods for b in services)
        assert len(services) == 1 + ("dual-stack" in each.plan.cluster.needs)
        found[each.plan.cluster.id] = each
    for group in plan_.inventory.groups:
        members = [found[each] for each in group.members]
        assert disjoint([e for each in members for e in nets(each.pod_cidrs)])


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(case, random):
    plan_, wants = case
    shuffled = [
        replace(each, clusters=tuple(random.sample(each.clusters, len(each.clusters))))
        for each in random.sample(plan_.networks, len(plan_.networks))
    ]
    other = replace(plan_, networks=tuple(shuffled))
    layout = laid_out(plan_, wants)
    again = laid_out(other, random.sample(wants, len(wants)))
    assert ranges(again) == ranges(layout)
    assert again.unfit == layout.unfit


@given(cases())
def test_the_lock_of_a_layout_gives_the_same_layout(case):
    plan_, wants = case
    layout = fitting(plan_, wants)
    again = laid_out(plan_, wants, layout.lock)
    assert ranges(again) == ranges(layout)
    assert again.lock == layout.lock
    assert not again.moves
    assert not again.unfit


@given(cases())
def test_what_was_laid_out_and_built_is_laid_out_the_same(case):
    plan_, wants = case
    layout = fitting(plan_, wants)
    again = laid_out(as_built(layout), wants)
    assert ranges(again) == ranges(layout)
    assert not again.unfit
    assert {each.whence for each in again.networks} <= {"pinned", "existing"}
    assert {each.whence for each in again.subnets} <= {"pinned", "existing"}


@given(cases(), st.sampled_from(NAMES))
def test_adding_moves_nothing_else_and_removing_again_leaves_no_trace(case, added):
    full, all_wants = case
    few, wants = without(full, all_wants, added)
    before = fitting(few, wants)
    after = fitting(full, all_wants, before.lock)
    for key, has in ranges(before).items():
        assert ranges(after)[key][: len(has)] == has or set(has) <= set(
            ranges(after)[key]
        )
    assert not after.moves
    assert ranges(fitting(few, wants, after.lock)) == ranges(before)


@given(cases(), st.data())
def test_nothing_ever_moves_while_things_come_and_go(case, data):
    full, all_wants = case
    keys = [each.id for each in (*full.networks, *all_wants)]
    keys += [each.cluster.id for _, each in full.clusters]
    lock, before = None, {}
    for _ in range(4):
        kept = data.draw(st.sets(st.sampled_from(keys)))
        layout = fitting(*some_of(full, all_wants, kept), lock)
        sound(layout)
        for key, has in ranges(layout).items():
            had = before.get(key, has)
            # A network gives up what nothing is in any more, but not what it had first.
            spaces = {each.plan.id for each in layout.networks}
            assert had[:1] == has[:1] if key in spaces else had == has
        lock, before = layout.lock, ranges(layout)


@given(cases())
def test_what_is_pinned_stays_where_it_is(case):
    layout = laid_out(*case)
    for each in layout.subnets:
        if each.want.pinned:
            assert each.prefixes == each.want.pinned
            assert each.whence == "pinned"


@given(cases(), st.sampled_from(NAMES))
def test_adding_to_what_exists_moves_nothing(case, added):
    full, all_wants = case
    few, wants = without(full, all_wants, added)
    before = fitting(few, wants)
    around = as_built(before).inventory
    after = laid_out(replace(full, inventory=around), all_wants)
    for key, has in ranges(before).items():
        assert set(has) <= set(ranges(after)[key])
    assert ranges(laid_out(replace(full, inventory=around), all_wants, after.lock)) == (
        ranges(after)
    )


def followed(plan_, remedy):
    """A plan in which somebody did what a remedy says."""
    verb, cidr, *_, last = remedy.split()
    if verb == "widen":
        wider = {Cidr.parse(cidr): Cidr.parse(last)}
        pools = tuple(
            replace(each, prefixes=tuple(wider.get(e, e) for e in each.prefixes))
            for each in plan_.inventory.address_pools
        )
        around = replace(plan_.inventory, address_pools=pools)
        return replace(plan_, inventory=around)
    networks = tuple(
        replace(each, prefixes=(*each.prefixes, *cidrs(cidr)))
        if each.name == last
        else each
        for each in plan_.networks
    )
    return replace(plan_, networks=networks)


@given(cases())
def test_with_every_remedy_everything_fits(case):
    plan_, wants = case
    layout = laid_out(plan_, wants)
    for each in layout.unfit:
        assert each.largest is None or each.largest.length > each.length
    for remedy in {each.remedy for each in layout.unfit}:
        plan_ = followed(plan_, remedy)
    assert not laid_out(plan_, wants).unfit


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 7)), max_size=3),
    st.lists(st.integers(0, 4), max_size=8),
)
def test_subnets_find_room_beside_pins_whenever_there_is_a_way(pins, hosts):
    base = Cidr.parse("10.2.0.0/26").first
    blocks = [Cidr(4, base + (at << host), 32 - host) for host, at in pins]
    wants = [want("spoke", f"p{n}", 29, str(each)) for n, each in enumerate(blocks)]
    wants += [want("spoke", f"s{n}", 32 - each) for n, each in enumerate(hosts)]
    layout = laid_out(plan(network("spoke", "10.2.0.0/26")), wants)
    taken = {e for each in blocks for e in range(each.first, each.last + 1)}
    free = sum(1 << n for n in range(64) if base + n not in taken)
    possible = exists(free, tuple(sorted(hosts, reverse=True)))
    assert possible == (not layout.unfit)


# Who wins.


def test_a_pin_comes_before_what_exists_and_that_before_the_lock():
    around = inventory(vnet("spoke", "10.2.0.0/24", a="10.2.0.0/27", b="10.2.0.32/27"))
    wants = [
        want("spoke", "a", 27, "10.2.0.64/27"),
        want("spoke", "b", 27),
        want("spoke", "c", 27),
        want("spoke", "d", 27),
    ]
    lock = locked(
        spoke="10.9.0.0/24",
        spoke__a="10.2.0.96/27",
        spoke__b="10.2.0.128/27",
        spoke__c="10.2.0.160/27",
    )
    layout = laid_out(plan(network("spoke"), around=around), wants, lock)
    assert texts(layout) == {
        "spoke": "10.2.0.0/24",
        "spoke/a": "10.2.0.64/27",
        "spoke/b": "10.2.0.32/27",
        "spoke/c": "10.2.0.160/27",
        "spoke/d": "10.2.0.0/27",
    }
    assert [each.whence for each in layout.subnets] == [
        "pinned",
        "existing",
        "locked",
        "new",
    ]
    moved = [(each.name, str(each.after[0])) for each in layout.moves]
    assert moved == [
        ("spoke", "10.2.0.0/24"),
        ("a", "10.2.0.64/27"),
        ("b", "10.2.0.32/27"),
    ]


def test_what_a_plan_adds_to_the_ranges_of_a_network_that_exists_is_told():
    around = inventory(vnet("spoke", "10.2.0.0/24"))
    asked = plan(network("spoke", "10.2.0.0/24", "10.2.1.0/24"), around=around)
    (found,) = laid_out(asked, []).networks
    assert found.whence == "pinned"
    assert found.added == cidrs("10.2.1.0/24")


def test_a_subnet_that_the_plan_does_not_ask_for_keeps_its_range():
    around = inventory(vnet("spoke", "10.2.0.0/26", other="10.2.0.0/27"))
    asked = plan(network("spoke"), around=around)
    layout = laid_out(asked, [want("spoke", "new", 27)])
    assert texts(layout)["spoke/new"] == "10.2.0.32/27"


@pytest.mark.parametrize(("length", "fits"), [(27, True), (26, True), (25, False)])
def test_a_locked_range_is_kept_as_long_as_it_is_large_enough(length, fits):
    lock = locked(spoke="10.2.0.0/24", spoke__a="10.2.0.64/26")
    layout = laid_out(plan(network("spoke")), [want("spoke", "a", length)], lock)
    assert bool(layout.unfit) != fits
    assert texts(layout)["spoke/a"] == ("10.2.0.64/26" if fits else "")
    if not fits:
        ((*_, remedy),) = remedies(layout)
        assert remedy == (
            "it has 10.2.0.64/26 by the lock, and needs a /25: --replan would move it"
        )


def test_a_locked_range_that_a_pin_takes_is_told_and_the_rest_stays():
    lock = locked(spoke="10.2.0.0/24", spoke__a="10.2.0.0/26", spoke__b="10.2.0.64/26")
    wants = [
        want("spoke", "a", 26),
        want("spoke", "b", 26),
        want("spoke", "c", 27, "10.2.0.32/27"),
    ]
    layout = laid_out(plan(network("spoke", "10.2.0.0/24")), wants, lock)
    assert texts(layout)["spoke/b"] == "10.2.0.64/26"
    assert remedies(layout) == [
        (
            "a",
            "subnet",
            "it has 10.2.0.0/26 by the lock, which is taken: --replan would move it",
        )
    ]


def test_a_locked_range_outside_new_ranges_is_told():
    lock = locked(spoke="10.2.0.0/24", spoke__a="10.2.0.0/26")
    asked = plan(network("spoke", "10.3.0.0/24"))
    layout = laid_out(asked, [want("spoke", "a", 26)], lock)
    ((_, _, remedy),) = remedies(layout)
    assert remedy == (
        "it has 10.2.0.0/26 by the lock, which is outside spoke (10.3.0.0/24): "
        "--replan would move it"
    )


def test_a_locked_network_that_meets_one_that_exists_now_is_told():
    lock = locked(spoke="10.0.0.0/24", spoke__a="10.0.0.0/26")
    around = inventory(vnet("old", "10.0.0.0/25"))
    wants = [want("spoke", "a", 26)]
    layout = laid_out(plan(network("spoke"), around=around), wants, lock)
    assert texts(layout) == {"spoke": "", "spoke/a": ""}
    assert remedies(layout) == [
        (
            "spoke",
            "vnet",
            "it has 10.0.0.0/24 by the lock, which is taken: --replan would move it",
        )
    ]
    anew = laid_out(plan(network("spoke"), around=around), wants)
    (network_, subnet) = moves_between(lock, anew)
    assert (network_.kind, *map(str, network_.after)) == ("vnet", "10.0.0.128/26")
    assert (subnet.kind, *map(str, subnet.before)) == ("subnet", "10.0.0.0/26")


def test_replanning_that_does_not_help_is_told():
    lock = locked(spoke="10.2.0.0/24", spoke__a="10.2.0.64/26")
    asked = plan(network("spoke", "10.2.0.0/24"))
    layout = laid_out(asked, [want("spoke", "a", 23)], lock)
    ((*_, remedy),) = remedies(layout)
    assert remedy.endswith("and needs a /23: --replan finds it no room either")


# Address space.


def test_the_largest_network_is_drawn_first_and_into_the_tightest_block():
    wants = [want("hub", "a", 27), want("spoke", "a", 25), want("third", "a", 26)]
    around = inventory(vnet("old", "10.0.1.0/25"))
    names = [network(each) for each in NAMES]
    assert texts(laid_out(plan(*names, around=around), wants)) == {
        "hub": "10.0.0.64/27",
        "hub/a": "10.0.0.64/27",
        "spoke": "10.0.1.128/25",
        "spoke/a": "10.0.1.128/25",
        "third": "10.0.0.0/26",
        "third/a": "10.0.0.0/26",
    }


def test_a_network_draws_from_the_pool_that_it_names():
    pools = (*POOLS, AddressPool("far", cidrs("10.96.0.0/16")))
    asked = plan(network("spoke", pool="FAR"), around=inventory(pools=pools))
    layout = laid_out(asked, [want("spoke", "a", 24)])
    assert texts(layout)["spoke"] == "10.96.0.0/24"


def test_of_one_size_networks_that_name_a_pool_come_first():
    pools = (
        AddressPool("a", cidrs("10.0.0.0/24")),
        AddressPool("b", cidrs("10.1.0.0/24")),
    )
    asked = [network("hub"), network("spoke", pool="a")]
    wants = [want("hub", "s", 24), want("spoke", "s", 24)]
    layout = laid_out(plan(*asked, around=inventory(pools=pools)), wants)
    assert texts(layout)["spoke"] == "10.0.0.0/24"
    assert not layout.unfit


def test_an_empty_network_is_as_small_as_azure_lets_it_be():
    layout = laid_out(plan(network("spoke", dual_stack=True)), [])
    assert texts(layout) == {"spoke": "10.0.0.0/29 fd00:10::/64"}


@pytest.mark.parametrize(
    ("premises", "first"),
    [
        (["10.0.0.0/8"], "10.0.0.0/24"),
        (["10.0.0.0/19"], "10.0.0.0/24"),
        (["10.0.0.0/21"], "10.0.8.0/24"),
    ],
)
def test_what_is_larger_than_a_pool_on_premises_is_an_aggregate(premises, first):
    asked = plan(network("spoke"), around=inventory(premises=premises))
    assert texts(laid_out(asked, [want("spoke", "a", 24)]))["spoke"] == first


def test_an_aggregate_in_which_ranges_are_drawn_is_told():
    around = inventory(premises=["10.0.0.0/8", "192.168.0.0/16", "100.0.0.0/8"])
    asked = network("spoke", clusters=(cluster("shop"),))
    layout = laid_out(plan(asked, around=around), [want("spoke", "a", 24)])
    assert layout.assumed == tuple(
        f"{each} covers a range of the pools: it is taken for an aggregate"
        for each in ("10.0.0.0/8 on premises (dc0)", "100.0.0.0/8 on premises (dc2)")
    )


@pytest.mark.parametrize(
    ("pools", "where"),
    [
        ((AddressPool("a", cidrs("10.0.0.0/8")),), "pool a (10.0.0.0/8)"),
        ((), "10.0.0.0/8"),
    ],
)
def test_a_pool_that_is_on_premises_says_why_nothing_is_free(pools, where):
    around = inventory(pools=pools, premises=["10.0.0.0/8"])
    layout = laid_out(plan(network("spoke"), around=around), [want("spoke", "a", 24)])
    (found,) = layout.unfit
    assert found.largest is None
    assert found.where == f"{where}, of which 10.0.0.0/8 is on premises (dc0)"
    assert not layout.assumed


def test_a_drawn_network_that_is_full_gets_the_range_beside_it():
    lock = locked(spoke="10.0.4.0/24", spoke__a="10.0.4.0/24")
    wants = [want("spoke", "a", 24), want("spoke", "b", 25), want("spoke", "c", 26)]
    layout = laid_out(plan(network("spoke")), wants, lock)
    assert texts(layout) == {
        "spoke": "10.0.4.0/24 10.0.5.0/24",
        "spoke/a": "10.0.4.0/24",
        "spoke/b": "10.0.5.0/25",
        "spoke/c": "10.0.5.128/26",
    }
    assert layout.networks[0].added == cidrs("10.0.5.0/24")


def test_the_range_before_is_taken_where_the_next_one_is_not_free():
    lock = locked(spoke="10.0.4.0/24", spoke__a="10.0.4.0/24")
    around = inventory(vnet("old", "10.0.5.0/24"))
    wants = [want("spoke", "a", 24), want("spoke", "b", 24)]
    layout = laid_out(plan(network("spoke"), around=around), wants, lock)
    assert texts(layout)["spoke"] == "10.0.4.0/24 10.0.3.0/24"


def test_another_is_taken_where_none_beside_is_free():
    lock = locked(spoke="10.0.4.0/24", spoke__a="10.0.4.0/24")
    around = inventory(vnet("old", "10.0.5.0/24", "10.0.3.0/24"))
    wants = [want("spoke", "a", 24), want("spoke", "b", 24)]
    layout = laid_out(plan(network("spoke"), around=around), wants, lock)
    assert texts(layout)["spoke"] == "10.0.4.0/24 10.0.2.0/24"


def test_more_of_a_network_that_exists_is_kept_by_the_lock():
    around = inventory(vnet("spoke", "10.0.4.0/24", a="10.0.4.0/24"))
    wants = [want("spoke", "a", 24), want("spoke", "b", 24)]
    first = laid_out(plan(network("spoke"), around=around), wants)
    again = laid_out(plan(network("spoke"), around=around), wants, first.lock)
    assert ranges(again) == ranges(first)
    assert again.networks[0].added == cidrs("10.0.5.0/24")
    gone = laid_out(plan(network("spoke"), around=around), wants[:1], first.lock)
    assert texts(gone)["spoke"] == "10.0.4.0/24"


def test_more_of_a_network_that_exists_is_given_up_where_it_is_taken_now():
    lock = locked(spoke="10.0.4.0/24 10.0.5.0/24", spoke__b="10.0.5.0/24")
    around = inventory(vnet("spoke", "10.0.4.0/24"), vnet("old", "10.0.5.0/25"))
    asked = plan(network("spoke"), around=around)
    layout = laid_out(asked, [want("spoke", "b", 24)], lock)
    ((name, kind, remedy),) = remedies(layout)
    assert (name, kind) == ("b", "subnet")
    assert "which is outside spoke (10.0.4.0/24)" in remedy


def test_space_is_drawn_around_pins_with_room_for_the_rest():
    wants = [
        want("spoke", "a", 27, "10.0.5.64/27"),
        want("spoke", "b", 26),
        want("spoke", "c", 27),
    ]
    assert texts(laid_out(plan(network("spoke")), wants)) == {
        "spoke": "10.0.5.0/25",
        "spoke/a": "10.0.5.64/27",
        "spoke/b": "10.0.5.0/26",
        "spoke/c": "10.0.5.96/27",
    }


def test_pins_with_nothing_free_around_them_are_told():
    around = inventory(vnet("old", "10.0.5.128/25"))
    wants = [want("spoke", "a", 27, "10.0.5.64/27"), want("spoke", "b", 25)]
    layout = laid_out(plan(network("spoke"), around=around), wants)
    assert remedies(layout) == [
        (
            "spoke",
            "vnet",
            "state the ranges of spoke: nothing free is around 10.0.5.64/27",
        )
    ]


def test_pins_all_over_the_address_space_are_told():
    pins = ["0.0.0.0/2", "192.168.0.0/27"]
    wants = [want("spoke", f"a{pin[0]}", 27, pin) for pin in pins]
    ((name, kind, _),) = remedies(laid_out(plan(network("spoke")), wants))
    assert (name, kind) == ("spoke", "vnet")


def test_a_network_of_which_only_subnets_were_read_is_drawn_around_them():
    around = inventory(vnet("spoke", a="10.0.5.64/27"))
    wants = [want("spoke", "a", 27), want("spoke", "b", 27)]
    layout = laid_out(plan(network("spoke"), around=around), wants)
    assert texts(layout)["spoke"] == "10.0.5.64/26"


def test_a_pin_outside_the_ranges_of_its_network_is_told():
    wants = [want("spoke", "a", 27, "10.9.0.0/27"), want("spoke", "b", 27)]
    layout = laid_out(plan(network("spoke", "10.2.0.0/24")), wants)
    assert remedies(layout) == [
        ("a", "subnet", "add 10.9.0.0/27 to the ranges of spoke")
    ]
    assert texts(layout)["spoke/b"] == "10.2.0.0/27"


def test_subnets_keep_clear_of_pods_and_services_in_the_space_of_their_network():
    inner = cluster("shop", pod_cidrs=cidrs("10.2.0.0/25"))
    services = cluster("news", service_cidrs=cidrs("10.2.0.128/26"))
    asked = network("spoke", "10.2.0.0/24", clusters=(inner, services))
    layout = laid_out(plan(asked), [want("spoke", "a", 27)])
    assert texts(layout)["spoke/a"] == "10.2.0.192/27"


def test_a_cluster_that_nothing_reaches_takes_no_room_in_fixed_ranges():
    other = replace(
        cluster("old", home="old").cluster, service_cidrs=cidrs("10.2.0.0/25")
    )
    around = inventory(vnet("old", "10.3.0.0/24"), clusters=(other,))
    asked = plan(network("spoke", "10.2.0.0/24"), around=around)
    assert texts(laid_out(asked, [want("spoke", "a", 27)]))["spoke/a"] == "10.2.0.0/27"


def test_defaults_are_drawn_from_and_told_where_no_pool_is_declared():
    asked = network("spoke", clusters=(cluster("shop"),))
    around = inventory(pools=())
    layout = laid_out(plan(asked, around=around), [want("spoke", "shop-nodes", 28)])
    (found,) = layout.clusters
    assert texts(layout)["spoke"] == "10.0.0.0/28"
    assert (found.pod_cidrs, found.service_cidrs) == (
        cidrs("100.64.0.0/21"),
        cidrs("172.16.0.0/16"),
    )
    assert [each.partition(",")[0] for each in layout.assumed] == [
        "no address pool for VNets of IPv4: 10.0.0.0/8",
        "no address pool for pod CIDRs of IPv4: 100.64.0.0/10",
        "no address pool for service CIDRs of IPv4: 172.16.0.0/12",
    ]
    assert not laid_out(plan(network("spoke", "10.2.0.0/24")), []).assumed


# What finds no room.


def test_what_a_fixed_network_has_no_room_for_says_which_range_to_add():
    wants = [want("spoke", "a", 25), want("spoke", "b", 25), want("spoke", "c", 26)]
    layout = laid_out(plan(network("spoke", "10.2.0.0/24")), wants)
    (found,) = layout.unfit
    assert found.remedy == "add 10.2.1.0/26 to the ranges of spoke"
    assert (found.length, found.where, found.largest) == (
        26,
        "spoke (10.2.0.0/24)",
        None,
    )
    more = plan(network("spoke", "10.2.0.0/24", "10.2.1.0/26"))
    assert not laid_out(more, wants).unfit


def test_no_two_networks_are_told_to_add_the_same_range():
    fixed = [network("hub", "10.2.0.0/24"), network("spoke", "10.2.2.0/24")]
    wants = [want(each, f"s{n}", 25) for each in ("hub", "spoke") for n in range(3)]
    told = [each.remedy for each in laid_out(plan(*fixed), wants).unfit]
    assert told == [
        "add 10.2.1.0/25 to the ranges of hub",
        "add 10.2.3.0/25 to the ranges of spoke",
    ]


def test_public_space_is_added_to_out_of_the_pools():
    wants = [want("spoke", "a", 24), want("spoke", "b", 24)]
    layout = laid_out(plan(network("spoke", "20.0.0.0/24")), wants)
    ((*_, remedy),) = remedies(layout)
    assert remedy == "add 10.0.0.0/24 to the ranges of spoke"


def test_where_nothing_can_be_added_less_can_be_asked_for():
    pools = (AddressPool("azure", cidrs("10.0.0.0/24")),)
    around = inventory(vnet("old", "10.0.0.0/24"), pools=pools)
    asked = plan(network("spoke", "20.0.0.0/24"), around=around)
    wants = [want("spoke", "a", 23), want("spoke", "b", 25)]
    layout = laid_out(asked, wants)
    assert [each.remedy for each in layout.unfit] == [
        "ask for a /25 at the most, which holds 123 addresses"
    ]
    full = laid_out(asked, [want("spoke", "a", 24), want("spoke", "b", 29)])
    assert [each.remedy for each in full.unfit] == [""]


def test_a_subnet_that_nothing_can_hold_says_so():
    layout = laid_out(plan(network("spoke")), [want("spoke", "a", 0)])
    ((*_, remedy),) = remedies(layout)
    assert remedy == (
        "no subnet can be so large: plan fewer nodes, or subnets for pools"
    )


def test_networks_that_a_pool_has_no_room_for_say_how_to_widen_it():
    pools = (AddressPool("azure", cidrs("10.0.0.0/24")), *POOLS[1:])
    names = [network(each) for each in NAMES]
    wants = [want(each, "a", 25) for each in NAMES]
    around = inventory(pools=pools)
    layout = laid_out(plan(*names, around=around), wants)
    (found,) = layout.unfit
    assert (found.name, found.kind, found.length) == ("third", "vnet", 25)
    assert found.where == "pool azure (10.0.0.0/24)"
    assert found.remedy == "widen 10.0.0.0/24 of address pool azure to 10.0.0.0/23"
    wide = (AddressPool("azure", cidrs("10.0.0.0/23")), *POOLS[1:])
    assert not laid_out(plan(*names, around=inventory(pools=wide)), wants).unfit


def test_subnets_of_a_network_that_can_not_grow_say_so():
    pools = (AddressPool("a", cidrs("10.0.0.0/24")), *POOLS[1:])
    around = inventory(vnet("spoke", "10.0.0.0/24", a="10.0.0.0/24"), pools=pools)
    wants = [want("spoke", "a", 24), want("spoke", "b", 25)]
    (found,) = laid_out(plan(network("spoke"), around=around), wants).unfit
    assert (found.name, found.kind) == ("b", "subnet")
    assert found.where == "spoke (10.0.0.0/24), and pool a (10.0.0.0/24)"
    assert found.remedy == "widen 10.0.0.0/24 of address pool a to 10.0.0.0/23"


def test_a_pool_that_can_not_be_wider_is_given_one_range_more():
    pools = (
        AddressPool("a", cidrs("192.168.0.0/16")),
        AddressPool("b", cidrs("10.0.0.0/16")),
        AddressPool("c", cidrs("10.1.0.0/16")),
        *POOLS[1:],
    )
    asked = [network("hub", pool="A"), network("spoke", pool="b")]
    wants = [want("hub", "s", 15), want("spoke", "s", 15)]
    layout = laid_out(plan(*asked, around=inventory(pools=pools)), wants)
    assert [each.remedy for each in layout.unfit] == [
        "add 10.2.0.0/15 to address pool a",
        "add 10.4.0.0/15 to address pool b",
    ]


def test_a_range_more_holds_all_that_has_no_room():
    pools = (AddressPool("a", cidrs("192.168.0.0/16")), *POOLS[1:])
    asked = [network(each, pool="a") for each in ("hub", "spoke", "third")]
    wants = [want("hub", "s", 16), want("spoke", "s", 16), want("third", "s", 16)]
    layout = laid_out(plan(*asked, around=inventory(pools=pools)), wants)
    assert [(each.name, each.remedy) for each in layout.unfit] == [
        (name, "add 10.0.0.0/15 to address pool a") for name in ("spoke", "third")
    ]


def test_where_nothing_private_is_left_a_pool_needs_a_range_for_all():
    every = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    pools = (AddressPool("a", cidrs("203.0.112.0/23")), *POOLS[1:])
    taken = [vnet(f"old{n}", each) for n, each in enumerate(every)]
    asked = [network(each, pool="a") for each in ("hub", "spoke", "third")]
    wants = [want("hub", "s", 23), want("spoke", "s", 24), want("third", "s", 24)]
    layout = laid_out(plan(*asked, around=inventory(*taken, pools=pools)), wants)
    assert {each.remedy for each in layout.unfit} == {
        "add an IPv4 range of /23 or larger to address pool a"
    }


def test_a_pool_that_is_named_and_lacks_a_family_is_named_again():
    pools = (AddressPool("a", cidrs("10.0.0.0/16")), *POOLS)
    asked = plan(
        network("spoke", pool="a", dual_stack=True), around=inventory(pools=pools)
    )
    (found,) = laid_out(asked, [want("spoke", "s", 26, ipv6=True)]).unfit
    assert (found.version, found.where) == (6, "pool a, which has no IPv6")
    assert found.remedy == "add an IPv6 range of /64 or larger to address pool a"


def test_ipv6_needs_a_pool_that_has_it():
    around = inventory(pools=(AddressPool("a", cidrs("10.0.0.0/16")),))
    asked = plan(network("spoke", dual_stack=True), around=around)
    wants = [want("spoke", each, 26, ipv6=True) for each in "abc"]
    layout = laid_out(asked, wants)
    (found,) = layout.unfit
    assert (found.version, found.length) == (6, 62)
    assert found.remedy == (
        "declare an address pool with an IPv6 range of /62 or larger"
    )
    assert texts(layout)["spoke"] == "10.0.0.0/24"


def test_fixed_ranges_of_ipv6_that_are_full_say_what_to_add():
    asked = network("spoke", "10.2.0.0/24", "fd00:10::/64", dual_stack=True)
    wants = [want("spoke", each, 26, ipv6=True) for each in "ab"]
    (found,) = laid_out(plan(asked), wants).unfit
    assert found.remedy == "add fd00:10:0:1::/64 to the ranges of spoke"
    around = inventory(pools=())
    alone = network("spoke", "10.2.0.0/24", "::/64", dual_stack=True)
    taken = inventory(vnet("old", "0:0:0:1::/64"), pools=())
    assert around.address_pools == ()
    (found,) = laid_out(plan(alone, around=taken), wants).unfit
    assert not found.remedy


def test_a_remedy_that_was_tried_and_does_not_help_is_not_told():
    # Widened, the pool is no smaller than what is on premises, which is then in it.
    pools = (AddressPool("a", cidrs("10.0.0.0/24")), *POOLS[1:])
    around = inventory(pools=pools, premises=["10.0.0.0/23"])
    asked = plan(network("spoke"), around=around)
    (found,) = laid_out(asked, [want("spoke", "a", 23)]).unfit
    assert not found.remedy


# Pod and service CIDRs.


def chosen(*networks, around=None, lock=None):
    layout = laid_out(plan(*networks, around=around), [], lock)
    return layout, {
        each.plan.cluster.name: (
            " ".join(map(str, each.pod_cidrs)),
            " ".join(map(str, each.service_cidrs)),
        )
        for each in layout.clusters
    }


@pytest.mark.parametrize(
    ("nodes", "length"), [(1, 22), (3, 21), (4, 20), (7, 20), (8, 19)]
)
def test_a_pod_cidr_has_a_24_for_each_node_at_the_peak_and_of_a_twin(nodes, length):
    # 10 % of surge, rounded up, is a node more.
    _, found = chosen(network("spoke", clusters=(cluster("shop", nodes),)))
    assert found == {"shop": (f"100.64.0.0/{length}", "172.16.0.0/16")}


def test_a_pod_cidr_holds_growth_and_the_load_of_a_twin():
    _, found = chosen(
        network("spoke", clusters=(cluster("shop", 3, growth=20, shared_load=2),))
    )
    assert found["shop"][0] == "100.64.0.0/19"


@pytest.mark.parametrize(
    ("model", "nodes", "length"),
    [
        ("kubenet", 100, 16),
        ("kubenet", 150, 15),
        ("kubenet", 300, 15),
        ("kubenet", 363, 15),
        ("cni-overlay", 300, 14),
    ],
)
def test_a_pod_cidr_has_no_room_that_no_route_leads_to(model, nodes, length):
    own = cluster("shop", nodes, model)
    _, found = chosen(network("spoke", clusters=(own,)))
    assert found["shop"][0] == f"100.64.0.0/{length}"


def test_pods_that_a_cluster_can_not_reach_leave_room_for_services():
    pools = (*POOLS[:2], AddressPool("services", cidrs("172.20.0.0/16"), "services"))
    own = cluster("a", pod_cidrs=cidrs("172.20.0.0/16"), home="third")
    asked = [
        network("spoke", clusters=(cluster("b"),)),
        network("third", clusters=(own,)),
    ]
    layout, found = chosen(*asked, around=inventory(pools=pools))
    assert found["b"][1] == "172.20.0.0/16"
    assert [(each.name, each.kind) for each in layout.unfit] == [("a", "service CIDR")]
    near = [network("spoke", clusters=(cluster("b"), own))]
    layout, _ = chosen(*near, around=inventory(pools=pools))
    assert [each.name for each in layout.unfit] == ["a", "b"]
    assert not remedies(layout)[1][2].startswith("declare")


def test_clusters_of_one_size_share_a_pod_cidr_and_know_it():
    own = (cluster("a"), cluster("b"), cluster("c", 40))
    layout, found = chosen(network("spoke", clusters=own))
    assert [each[0] for each in found.values()] == [
        "100.64.0.0/21",
        "100.64.0.0/21",
        "100.64.0.0/17",
    ]
    assert [each.reused_by for each in layout.clusters] == [("b",), ("a",), ()]


def test_members_of_a_mesh_have_pods_apart():
    own = (cluster("a"), cluster("b"), cluster("c", 40))
    around = inventory(
        groups=(Group("wan", "virtual-wan", ()), mesh("a", "b", "c")),
    )
    _, found = chosen(network("spoke", clusters=own), around=around)
    assert [each[0] for each in found.values()] == [
        "100.64.128.0/21",
        "100.64.136.0/21",
        "100.64.0.0/17",
    ]


def test_a_member_of_a_mesh_that_exists_keeps_its_pods():
    other = replace(
        cluster("old", home="old").cluster, pod_cidrs=cidrs("100.64.0.0/16")
    )
    around = inventory(clusters=(other,), groups=(mesh("a", "old", "gone"),))
    _, found = chosen(network("spoke", clusters=(cluster("a"),)), around=around)
    assert found["a"][0] == "100.65.0.0/21"


@pytest.mark.parametrize(
    ("model", "second"),
    [("kubenet", "100.64.8.0/21"), ("cni-overlay", "100.64.0.0/21")],
)
def test_clusters_of_one_route_table_have_pods_apart(model, second):
    own = [cluster(each, model=model, subnet="nodes") for each in "ab"]
    _, found = chosen(network("spoke", clusters=tuple(own)))
    assert [each[0] for each in found.values()] == ["100.64.0.0/21", second]


def test_a_model_without_a_pod_cidr_gets_none():
    own = (cluster("a", model="cni-dynamic"),)
    _, found = chosen(network("spoke", clusters=own))
    assert found == {"a": ("", "172.16.0.0/16")}


def test_twins_have_one_pod_cidr_that_is_large_enough_for_both():
    blue = cluster("blue", 3)
    green = cluster("green", 40, twin=cluster_id("blue"))
    third = cluster("third", 3, twin=cluster_id("green"))
    _, found = chosen(network("spoke", clusters=(blue, green, third)))
    assert {each[0] for each in found.values()} == {"100.64.0.0/17"}


def test_a_twin_has_the_pod_cidr_that_the_other_is_given():
    blue = cluster("blue", pod_cidrs=cidrs("192.168.0.0/16"))
    green = cluster("green", twin=cluster_id("blue"))
    layout, found = chosen(network("spoke", clusters=(blue, green)))
    assert found["green"][0] == "192.168.0.0/16"
    assert [each.pods_whence for each in layout.clusters] == ["pinned", "new"]


@pytest.mark.parametrize("given", ["192.168.0.0/24", "172.16.0.0/16", "10.2.0.0/16"])
def test_a_twin_has_its_own_where_that_of_the_other_is_no_good(given):
    blue = cluster("blue", pod_cidrs=cidrs(given), service_cidrs=cidrs("10.9.0.0/16"))
    green = cluster(
        "green", twin=cluster_id("blue"), service_cidrs=cidrs("172.16.0.0/16")
    )
    asked = network("spoke", "10.2.0.0/24", clusters=(blue, green))
    _, found = chosen(asked)
    assert found["green"][0] == "100.64.0.0/21"


def test_twins_in_a_mesh_have_pods_apart():
    own = (cluster("blue"), cluster("green", twin=cluster_id("blue")))
    around = inventory(groups=(mesh("blue", "green"),))
    _, found = chosen(network("spoke", clusters=own), around=around)
    assert found["blue"][0] == "100.64.0.0/21"
    assert found["green"][0] == "100.64.8.0/21"


def test_two_that_are_twins_of_each_other_are_twins():
    blue = cluster("blue", twin=cluster_id("green"))
    green = cluster("green", 40, twin=cluster_id("blue"))
    _, found = chosen(network("spoke", clusters=(blue, green)))
    assert {each[0] for each in found.values()} == {"100.64.0.0/17"}


def test_a_cluster_that_exists_keeps_its_ranges():
    other = replace(
        cluster("shop").cluster,
        pod_cidrs=cidrs("10.244.0.0/16"),
        service_cidrs=cidrs("10.0.0.0/16"),
    )
    own = (cluster("shop"),)
    layout, found = chosen(
        network("spoke", clusters=own), around=inventory(clusters=(other,))
    )
    assert found == {"shop": ("10.244.0.0/16", "10.0.0.0/16")}
    assert layout.clusters[0].services_whence == "existing"


def test_a_cluster_that_exists_without_ranges_gets_some():
    around = inventory(clusters=(cluster("shop").cluster,))
    _, found = chosen(network("spoke", clusters=(cluster("shop"),)), around=around)
    assert found == {"shop": ("100.64.0.0/21", "172.16.0.0/16")}


def range_lock(name, pods, services="172.16.0.0/16"):
    return Lock(
        "shop",
        {vnet_id("spoke"): cidrs("10.0.0.0/29")},
        {cluster_id(name): cidrs(pods)},
        {cluster_id(name): cidrs(services)},
    )


def test_pods_are_kept_where_the_lock_has_them():
    lock = range_lock("shop", "100.64.8.0/22", "172.17.0.0/16")
    asked = network("spoke", clusters=(cluster("shop"),))
    layout, found = chosen(asked, lock=lock)
    assert found == {"shop": ("100.64.8.0/22", "172.17.0.0/16")}
    assert layout.clusters[0].pods_whence == "locked"


@pytest.mark.parametrize(
    ("pods", "nodes", "why"),
    [
        ("100.64.8.0/22", 4, "and needs a /21"),
        ("10.2.0.0/22", 3, "which meets 10.2.0.0/24"),
        ("172.16.4.0/22", 3, "which meets 172.16.0.0/16"),
    ],
)
def test_locked_pods_that_are_no_good_any_more_are_told(pods, nodes, why):
    own = (cluster("shop", nodes, service_cidrs=cidrs("172.16.0.0/16")),)
    asked = network("spoke", "10.2.0.0/24", clusters=own)
    layout, found = chosen(asked, lock=range_lock("shop", pods))
    assert found["shop"][0] == ""
    assert remedies(layout) == [
        (
            "shop",
            "pod CIDR",
            f"it has {pods} by the lock, {why}: --replan would move it",
        )
    ]


def test_services_and_pods_of_a_lock_that_meet_are_told():
    layout, found = chosen(
        network("spoke", clusters=(cluster("shop"),)),
        lock=range_lock("shop", "172.16.4.0/22"),
    )
    assert found == {"shop": ("172.16.4.0/22", "")}
    ((_, kind, remedy),) = remedies(layout)
    assert kind == "service CIDR"
    assert "172.16.0.0/16 by the lock, which meets 172.16.4.0/22" in remedy


def test_pods_for_more_nodes_than_any_pod_cidr_holds_say_so():
    layout, _ = chosen(network("spoke", clusters=(cluster("shop", 70_000),)))
    (found,) = layout.unfit
    assert (found.length, found.remedy) == (
        0,
        "no pod CIDR can be so large: plan fewer nodes",
    )


def small(pods):
    pools = (POOLS[0], AddressPool("pods", cidrs(pods), "pods"), POOLS[2])
    return inventory(pools=pools, groups=(mesh("a", "b", "c"),))


def test_pods_that_no_pool_has_room_for_say_how_to_widen_it():
    own = (cluster("a"), cluster("b"), cluster("c"))
    layout, found = chosen(
        network("spoke", clusters=own), around=small("100.64.4.0/22")
    )
    assert found["a"][0] == "100.64.4.0/22"
    assert [each.name for each in layout.unfit] == ["b", "c"]
    assert {each.remedy for each in layout.unfit} == {
        "widen 100.64.4.0/22 of address pool pods to 100.64.0.0/20"
    }


def test_pods_that_may_share_need_room_once():
    own = (cluster("d"), cluster("e"))
    layout, _ = chosen(network("spoke", clusters=own), around=small("100.64.4.0/23"))
    assert {each.remedy for each in layout.unfit} == {
        "widen 100.64.4.0/23 of address pool pods to 100.64.4.0/22"
    }


def test_services_without_any_private_range_left_need_a_pool():
    pools = (POOLS[0], AddressPool("all", cidrs("172.16.0.0/12"), "pods"))
    around = inventory(pools=pools)
    layout, _ = chosen(network("spoke", clusters=(cluster("a"),)), around=around)
    (found,) = layout.unfit
    assert (found.kind, found.remedy) == (
        "service CIDR",
        "declare an address pool with an IPv4 range of /16 or larger",
    )


def test_a_small_pool_of_services_is_used_up():
    pools = (*POOLS[:2], AddressPool("services", cidrs("172.20.0.0/22"), "services"))
    around = inventory(pools=pools)
    _, found = chosen(network("spoke", clusters=(cluster("a"),)), around=around)
    assert found["a"][1] == "172.20.0.0/22"


def test_dual_stack_clusters_have_the_defaults_of_aks_where_no_pool_has_ipv6():
    own = (cluster("a", needs=("dual-stack",)),)
    layout, found = chosen(network("spoke", dual_stack=True, clusters=own))
    assert found["a"] == (
        "100.64.0.0/21 fd12:3456:789a::/64",
        "172.16.0.0/16 fd12:3456:789a:1::/108",
    )
    assert len(layout.assumed) == 2


def test_dual_stack_clusters_of_a_mesh_have_pods_apart_in_both_families():
    own = tuple(cluster(each, needs=("dual-stack",)) for each in "ab")
    around = inventory(groups=(mesh("a", "b"),))
    _, found = chosen(network("spoke", clusters=own), around=around)
    assert found["b"][0] == "100.64.8.0/21 fd12:3456:789a:2::/64"


def test_ipv6_of_pods_and_services_comes_from_their_pools():
    pools = (
        POOLS[0],
        AddressPool("p", cidrs("100.64.0.0/16", "fd00:64::/48"), "pods"),
        AddressPool("s", cidrs("172.16.0.0/16", "fd00:72::/112"), "services"),
    )
    own = (cluster("a", needs=("dual-stack",)),)
    around = inventory(pools=pools)
    _, found = chosen(network("spoke", clusters=own), around=around)
    assert found["a"] == (
        "100.64.0.0/21 fd00:64::/64",
        "172.16.0.0/16 fd00:72::/112",
    )


# The whole.


def test_a_plan_is_laid_out_with_its_sizes_and_its_nouns():
    hub = NetworkPlan(
        vnet_id("hub"),
        "hub",
        "westeurope",
        prefixes=cidrs("10.200.0.0/24"),
        services=tuple(map(ServicePlan, ("firewall", "bastion", "vpn-gateway"))),
    )
    layout = lay_out(LayoutPlan("hub", (hub,)))
    assert not layout.unfit
    assert [(each.want.name, str(*each.prefixes)) for each in layout.subnets] == [
        ("AzureBastionSubnet", "10.200.0.0/26"),
        ("AzureFirewallSubnet", "10.200.0.64/26"),
        ("GatewaySubnet", "10.200.0.128/27"),
    ]
    (planned,) = layout.planned.vnets
    assert planned.prefixes == hub.prefixes
    assert {each.prefixes for each in planned.subnets} == {
        each.prefixes for each in layout.subnets
    }
    assert lay_out(layout.plan, layout.lock).lock == layout.lock


def test_a_lock_has_what_found_room_and_nothing_else():
    wants = [want("spoke", "a", 25), want("spoke", "b", 23)]
    layout = laid_out(plan(network("spoke", "10.2.0.0/24")), wants)
    assert layout.lock == locked(spoke="10.2.0.0/24", spoke__a="10.2.0.0/25")
    assert layout.lock.plan == "shop"


def test_a_range_more_or_less_is_no_move():
    layout = laid_out(plan(network("spoke", "10.2.0.0/24", "10.3.0.0/24")), [])
    assert not moves_between(locked(spoke="10.2.0.0/24"), layout)
    fewer = laid_out(plan(network("spoke", "10.2.0.0/24")), [])
    assert not moves_between(locked(spoke="10.2.0.0/24 10.3.0.0/24"), fewer)
    (move,) = moves_between(locked(spoke="10.4.0.0/24"), fewer)
    assert move.after == (Cidr.parse("10.2.0.0/24"),)


def test_pods_and_services_elsewhere_are_moves():
    asked = network("spoke", clusters=(cluster("shop"),))
    layout, _ = chosen(asked)
    lock = range_lock("shop", "100.64.8.0/22", "172.17.0.0/16")
    kinds = [each.kind for each in moves_between(lock, layout)]
    assert kinds == ["pod CIDR", "service CIDR"]


DRAFT = "/subscriptions/<subscription of a.yaml>/resourcegroups/<group of a.yaml>"


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (DRAFT, "/subscriptions/1/resourcegroups/net", True),
        (DRAFT, DRAFT.replace("a.yaml", "b.yaml"), True),
        (
            "/subscriptions/<subscription of a.yaml>/resourcegroups/net",
            "/subscriptions/1/resourcegroups/net",
            True,
        ),
        ("/subscriptions/1/resourcegroups/net", DRAFT, True),
        (
            "/subscriptions/1/resourcegroups/net",
            "/subscriptions/1/resourcegroups/b",
            False,
        ),
        (
            "/subscriptions/2/resourcegroups/net",
            "/subscriptions/1/resourcegroups/net",
            False,
        ),
    ],
)
def test_a_lock_is_kept_to_by_what_gets_another_id(before, after, kept):
    home = "/providers/microsoft.network/virtualnetworks/spoke"
    lock = Lock(
        "shop",
        {
            before + home: cidrs("10.9.0.0/24"),
            f"{before}{home}/subnets/apps": cidrs("10.9.0.64/26"),
        },
    )
    asked = NetworkPlan(after + home, "spoke")
    wanted = SubnetWant(
        f"{after}{home}/subnets/apps", "apps", after + home, "general", length=26
    )
    layout = laid_out(plan(asked), [wanted], lock)
    assert (layout.subnets[0].whence == "locked") == kept
    assert ([*map(str, layout.subnets[0].prefixes)] == ["10.9.0.64/26"]) == kept
    anew = laid_out(plan(asked), [wanted])
    assert bool(moves_between(lock, anew)) == kept


def test_a_lock_that_two_could_mean_is_not_guessed_at():
    home = "/providers/microsoft.network/virtualnetworks/spoke"
    ids = [f"/subscriptions/{each}/resourcegroups/net{home}" for each in "12"]
    lock = Lock("shop", {each: cidrs("10.9.0.0/24") for each in ids})
    assert fitted(lock, [f"{DRAFT}{home}"]) == lock
    assert fitted(lock, [ids[0], f"{DRAFT}{home}"]).ranges == {
        ids[0]: cidrs("10.9.0.0/24"),
        f"{DRAFT}{home}": cidrs("10.9.0.0/24"),
    }


def test_a_network_has_several_ranges_where_no_single_one_is_free():
    around = inventory(
        vnet("old", "10.0.0.8/29"),
        pools=(AddressPool("all", cidrs("10.0.0.0/25")),),
    )
    wants = [
        want("a", "one", 27),
        want("a", "two", 28),
        want("b", "one", 28),
        want("b", "three", 29),
        want("b", "two", 28),
        want("c", "one", 29),
    ]
    layout = laid_out(
        plan(network("a"), network("b"), network("c"), around=around), wants
    )
    assert not layout.unfit
    assert texts(layout) == {
        "a": "10.0.0.64/26",
        "a/one": "10.0.0.64/27",
        "a/two": "10.0.0.96/28",
        "b": "10.0.0.32/27 10.0.0.24/29",
        "b/one": "10.0.0.32/28",
        "b/two": "10.0.0.48/28",
        "b/three": "10.0.0.24/29",
        "c": "10.0.0.0/29",
        "c/one": "10.0.0.0/29",
    }


@given(
    st.lists(st.integers(0, 15), max_size=12, unique=True),
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
)
def test_a_network_is_drawn_whenever_its_subnets_find_room_at_all(holes, hosts):
    taken = [vnet(f"old{at:02}", f"10.0.0.{8 * at}/29") for at in holes]
    around = inventory(*taken, pools=(AddressPool("p", cidrs("10.0.0.0/25")),))
    wants = [want("a", f"s{at}", 29 - each) for at, each in enumerate(hosts)]
    layout = laid_out(plan(network("a"), around=around), wants)
    free = sum(1 << at for at in range(16) if at not in holes)
    possible = exists(free, tuple(sorted(hosts, reverse=True)))
    assert (not layout.unfit) == possible


@pytest.mark.parametrize(
    ("pinned", "space"), [("10.0.0.0/9", "10.0.0.0/8"), ("10.0.0.0/8", "")]
)
def test_space_around_private_pins_is_never_public(pinned, space):
    wants = [want("spoke", "big", 8, pinned), want("spoke", "small", 28)]
    layout = laid_out(plan(network("spoke")), wants)
    assert texts(layout)["spoke"] == space
    assert bool(layout.unfit) == (not space)


def test_a_lock_that_one_of_two_could_have_is_given_to_neither():
    home = "/providers/microsoft.network/virtualnetworks/spoke"
    lock = Lock("shop", {DRAFT + home: cidrs("10.9.0.0/24")})
    ids = [f"/subscriptions/<s>/resourcegroups/{each}{home}" for each in ("a", "b")]
    assert fitted(lock, ids) == lock
    assert [*fitted(lock, ids[:1]).ranges] == ids[:1]


def test_a_subnet_of_a_space_that_was_not_read_is_in_the_way():
    around = inventory(replace(vnet("spoke", old="10.0.0.0/20"), seen=False))
    layout = laid_out(plan(network("spoke"), around=around), [want("spoke", "a", 29)])
    (found,) = layout.unfit
    assert (found.name, found.largest) == ("spoke", None)


@pytest.mark.parametrize(
    ("nodes", "remedy"),
    [
        (536, "to the ranges of spoke"),  # 590 x 111 are 65,490
        (537, "plan fewer nodes: a VNet holds 65,536 addresses"),  # 65,601
    ],
)
def test_no_more_space_is_proposed_than_a_vnet_can_use(tmp_path, nodes, remedy):
    plan = tmp_path / "plan.yaml"
    text = f"""{layout_samples.POOLS}networks:
  - name: spoke
    location: westeurope
    ranges: [10.1.0.0/24]
    clusters:
      - name: shop
        model: cni-node-subnet
        pools: [{{name: web, nodes: {nodes}, max_pods: 110, mode: system}}]
"""
    plan.write_text(text, encoding="utf-8")
    found = lay_out(read_layout_plan(str(plan)))
    assert found.unfit[-1].remedy.endswith(remedy)
