"""The next free ranges, held against a walk over every aligned candidate."""

from ipaddress import ip_network
from itertools import chain, islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipplan import ArgumentError, parse_cidrs
from ipplan.cidrs import Cidr, Cidrs, next_free
from ipplan.cidrs.nexts import distance, first_blocks
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import AddressPool, ExternalRange, Group
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.pools import NodePool
from ipplan.layouts.nexts import DECLARE, MOST, find_next, next_ranges
from ipplan.layouts.takings import Aggregate, takings
from tests import golden
from tests.networks import lists

WINDOWS = [ip_network("10.0.0.0/24"), ip_network("fd00::ff00:0:0/120")]
"""So small that every candidate in them can be looked at."""


def net(cidr):
    return ip_network(str(cidr))


def texts(cidrs):
    return [str(each) for each in cidrs]


def smallest_of_both(candidate, near):
    """Host bits of the smallest network that holds a candidate and another one."""
    sizes = [candidate.max_prefixlen + 1]
    for other in near:
        if other.version == candidate.version:
            both = other
            while not (candidate.subnet_of(both) and other.subnet_of(both)):
                both = both.supernet()
            sizes.append(both.max_prefixlen - both.prefixlen)
    return min(sizes)


def walked(within, taken, hosts, count, near=()):
    """Every aligned candidate in the windows, one after another."""
    spaces = golden.merged(within)
    found = [
        candidate
        for window in WINDOWS
        for candidate in window.subnets(new_prefix=window.max_prefixlen - hosts)
        if any(
            s.version == candidate.version and candidate.subnet_of(s) for s in spaces
        )
        if not any(candidate.overlaps(t) for t in taken if t.version == window.version)
    ]
    return sorted(found, key=lambda each: smallest_of_both(each, near))[:count]


@st.composite
def inside(draw, windows):
    """A network in one of the windows."""
    window = draw(st.sampled_from(windows))
    hosts = draw(st.integers(0, 8))
    number = draw(st.integers(0, (256 >> hosts) - 1))
    first = int(window.network_address) + (number << hosts)
    return ip_network((first, window.max_prefixlen - hosts))


def several(windows, most=6):
    return st.lists(inside(windows), max_size=most)


@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data())
def test_the_next_free_ones_are_the_first_of_all_candidates(window, data):
    within, taken = data.draw(several([window])), data.draw(several([window]))
    hosts, count = data.draw(st.integers(0, 8)), data.draw(st.integers(1, 6))
    near = data.draw(several(WINDOWS, 2))
    length = window.max_prefixlen - hosts
    beside = [Cidr.parse(str(each)) for each in near]
    found = next_free(within, taken, length, count, near=beside)
    assert [net(e) for e in found] == walked(
        within, [*taken, *near], hosts, count, near
    )


@given(several(WINDOWS), several(WINDOWS), st.integers(1, 300))
def test_of_both_families_ipv4_comes_first(within, taken, count):
    found = next_free(within, taken, 28, count)
    four = [each for each in within if each.version == 4]
    assert [net(each) for each in found] == walked(four, taken, 4, count)
    assert not next_free(four, taken, 33, count)


@given(lists(), lists(), st.integers(0, 128), st.integers(1, 5))
@example([ip_network("::/0")], [ip_network("::/128")], 64, 2)
@example([ip_network("::/0")], [ip_network("::/64")], 65, 2)
@example([ip_network("0:0:0:1::/64"), ip_network("::/64")], [], 63, 2)
@example([ip_network("0.0.0.0/1"), ip_network("128.0.0.0/1")], [], 0, 2)
def test_blocks_of_any_length_come_out_of_what_is_free(within, taken, length, count):
    parts = (
        block.subnets(new_prefix=length)
        for block in golden.free(within, taken)
        if block.prefixlen <= length <= block.max_prefixlen
    )
    expected = list(islice(chain.from_iterable(parts), count))
    assert [net(each) for each in next_free(within, taken, length, count)] == expected


def test_all_there_is_holds_what_it_can():
    assert texts(next_free(["0.0.0.0/0"], [], 0)) == ["0.0.0.0/0"]
    assert texts(next_free(["0.0.0.0/0"], [], 1, 9)) == ["0.0.0.0/1", "128.0.0.0/1"]
    assert texts(next_free(["::/0"], ["::/1"], 64)) == ["8000::/64"]
    assert texts(next_free(["::/0"], [], 128, 2)) == ["::/128", "::1/128"]
    assert not next_free([], ["::/0"], 0)


ADDRESSES = st.integers(0, 2**128 - 1)


@given(ADDRESSES, ADDRESSES, ADDRESSES)
@example(0, 1, 0)
@example(2**63 - 1, 2**63, 0)
@example(2**64 - 1, 2**64, 0)
@example(2**53 - 1, 2**53 + 1, 1)
@example(2**32 - 1, 2**32, 0)
@example(2**96 - 1, 2**96, 2**128 - 1)
def test_distances_are_exact_beyond_what_a_double_holds(first, second, other):
    one, two, third = (Cidr(6, each, 128) for each in (first, other, second))
    assert distance(one, [two]) == smallest_of_both(net(one), [net(two)])
    free = Cidrs.of(sorted([one, third]))
    (nearest, *_) = first_blocks(free, 128, 2, near=[two])
    assert nearest == min([one, third], key=lambda e: (distance(e, [two]), e))


HOME = "/subscriptions/s/resourcegroups/{}/providers/microsoft.network/virtualnetworks"


def cidrs(*given):
    return tuple(Cidr.parse(text) for text in given)


def vnet(name, *prefixes, group="g", **words):
    return VNet(f"{HOME.format(group)}/{name.lower()}", name, cidrs(*prefixes), **words)


def pool(*prefixes, name="azure", use="vnets"):
    return AddressPool(name, cidrs(*prefixes), use)


POOLS = (pool("10.0.0.0/16"),)


def estate(*vnets, pools=POOLS, **words):
    return Inventory(tuple(vnets), address_pools=tuple(pools), **words)


def side(one, other, *prefixes):
    identity = f"{one.id}/virtualnetworkpeerings/to-{other.name}".lower()
    return Peering(identity, "x", other.id, remote_prefixes=cidrs(*prefixes))


def cluster(home, pods, services="10.0.255.0/24"):
    """A cluster in a VNet, or nobody knows where."""
    subnet = f"{home.id}/subnets/aks" if home else None
    return Cluster(
        "aks",
        (NodePool("p", 3, subnet=subnet),),
        pod_cidrs=cidrs(pods),
        service_cidrs=cidrs(services),
    )


def asked(inventory, size=24, count=1, **words):
    return texts(next_ranges(inventory, size, count, **words))


@st.composite
def estates(draw):
    """An estate within the windows, its pools apart."""
    found = [
        [Cidr.parse(str(each)) for each in draw(several(WINDOWS, 4))] for _ in range(6)
    ]
    vnets, subnets, outside, pods, services, others = found
    space = [Cidr.parse(str(each)) for each in draw(several(WINDOWS, 4))]
    pools = [AddressPool(f"p{i}", (each,)) for i, each in enumerate(space)]
    pools.append(AddressPool("whole", cidrs(*map(str, WINDOWS))))
    return Inventory(
        tuple(
            VNet(
                f"/x/virtualnetworks/{i}",
                str(i),
                (each,),
                tuple(Subnet(f"/x/virtualnetworks/{i}/subnets/s", "s", (one,))
                      for one in subnets[i:i + 1]),
            )
            for i, each in enumerate(vnets)
        ),
        (Cluster("c", (), pod_cidrs=tuple(pods), service_cidrs=tuple(services)),),
        (ExternalRange("dc", tuple(outside)),),
        address_pools=(*pools, AddressPool("pods", tuple(others), "pods")),
    )  # fmt: skip


@given(estates(), st.integers(3, 8), st.integers(1, 5))
def test_ranges_are_those_of_a_walk_over_all_that_is_declared(inventory, hosts, count):
    drawn = [c for p in inventory.address_pools if p.use == "vnets" for c in p.prefixes]
    used = takings(inventory, drawn)
    taken = [net(each) for kind in used.kinds.values() for each in kind]
    size = 32 - hosts
    found = find_next(inventory, size, count)
    ours = [net(each.cidr) for each in found.found]
    assert ours == walked([WINDOWS[0]], taken, hosts, count)
    for each, name in found.found:
        homes = {p.name: p.prefixes for p in inventory.address_pools}
        assert any(prefix.covers(each) for prefix in homes[name])
    left = golden.free([WINDOWS[0]], [*taken, *ours])
    room = found.rooms[-1]
    assert (room.name, room.prefixes) == ("whole", cidrs(str(WINDOWS[0])))
    assert room.free == sum(each.num_addresses for each in left)
    largest = min(left, key=lambda each: (each.prefixlen, each), default=None)
    assert room.largest == (largest and Cidr.parse(str(largest)))


def test_what_stands_in_the_pools_is_kept_clear_of():
    hub = vnet("hub", "10.0.0.0/24")
    spoke = vnet("spoke", "10.0.2.0/23")
    lent = Subnet(f"{HOME.format('g')}/part/subnets/s", "s", cidrs("10.0.6.0/25"))
    part = vnet("part", subnets=(lent,), seen=False)
    far = vnet("far")
    hub = vnet("hub", "10.0.0.0/24", peerings=(side(hub, far, "10.0.9.0/24"),))
    inventory = estate(
        hub,
        spoke,
        part,
        pools=[pool("10.0.0.0/16"), pool("10.0.8.0/24", name="pods", use="pods")],
        clusters=(cluster(spoke, "10.0.5.0/24", "10.0.11.0/24"),),
        external_ranges=(ExternalRange("dc", cidrs("10.0.7.0/24")),),
    )
    found = find_next(inventory, "/24", 4)
    assert texts(e.cidr for e in found.found) == [
        "10.0.1.0/24", "10.0.4.0/24", "10.0.10.0/24", "10.0.12.0/24"
    ]  # fmt: skip
    assert {e.pool for e in found.found} == {"azure"}
    assert found.avoided == {
        "vnets": 2, "subnets": 1, "unseen": 1, "on_premises": 1, "clusters": 2,
        "pools": 1, "reserved": 8,
    }  # fmt: skip


def test_what_azure_and_aks_keep_is_kept_clear_of():
    inventory = estate(pools=[pool("172.28.0.0/14")])
    assert asked(inventory, 16, 9) == ["172.28.0.0/16", "172.29.0.0/16"]
    assert asked(estate(pools=[pool("168.63.128.0/23")])) == ["168.63.128.0/24"]


def test_an_aggregate_is_what_is_larger_than_a_range_of_a_pool():
    larger = ExternalRange("all", cidrs("10.0.0.0/15", "10.0.0.0/24", "fd00::/8"))
    found = find_next(estate(external_ranges=(larger,)), 24)
    assert texts(e.cidr for e in found.found) == ["10.0.1.0/24"]
    assert found.aggregates == (Aggregate("all", Cidr.parse("10.0.0.0/15")),)
    exact = ExternalRange("dc", cidrs("10.0.0.0/16"))
    found = find_next(estate(external_ranges=(exact,)), 24)
    assert (found.found, found.aggregates) == ((), ())
    assert (found.rooms[0].free, found.rooms[0].largest) == (0, None)


def test_an_aggregate_of_several_networks_is_told_once():
    twice = [ExternalRange(name, cidrs("10.0.0.0/8")) for name in ("a", "b")]
    found = find_next(estate(external_ranges=tuple(twice)), 24)
    assert [each.cidr.length for each in found.aggregates] == [8]


def test_near_a_network_only_clusters_that_it_reaches_count():
    bare = {
        name: vnet(name, f"10.0.{n}.0/24") for n, name in enumerate(("a", "b", "c"))
    }
    first = vnet("a", "10.0.0.0/24", peerings=(side(bare["a"], bare["b"]),))
    clusters = (
        cluster(bare["b"], "10.0.3.0/24"),
        cluster(bare["c"], "10.0.4.0/24"),
        cluster(None, "10.0.5.0/24"),
    )
    inventory = estate(first, bare["b"], bare["c"], clusters=clusters)
    assert asked(inventory, count=2) == ["10.0.6.0/24", "10.0.7.0/24"]
    assert asked(inventory, count=2, near="a") == ["10.0.4.0/24", "10.0.6.0/24"]
    assert asked(inventory, near="c") == ["10.0.3.0/24"]
    joined = Group("wan", "virtual-wan", (first.id, bare["c"].id))
    inventory = estate(first, bare["b"], bare["c"], clusters=clusters, groups=(joined,))
    assert asked(inventory, near="a") == ["10.0.6.0/24"]


def test_near_a_network_the_smallest_summary_comes_first():
    inventory = estate(vnet("low", "10.0.0.0/24"), vnet("mid", "10.0.9.0/24"))
    assert asked(inventory, count=4, near="mid") == [
        "10.0.8.0/24", "10.0.10.0/24", "10.0.11.0/24", "10.0.12.0/24"
    ]  # fmt: skip
    assert asked(inventory, count=2, near="low") == ["10.0.1.0/24", "10.0.2.0/24"]


def test_near_a_network_its_own_pools_come_first():
    pools = [
        pool("10.0.0.0/23", "10.9.0.0/23", name="old"),
        pool("10.0.2.0/23", name="new"),
    ]
    inventory = estate(vnet("a", "10.0.0.0/23"), pools=pools)
    assert asked(inventory, near="a") == ["10.9.0.0/24"]
    assert asked(inventory, near="a", pool="new") == ["10.0.2.0/24"]
    assert asked(inventory) == ["10.0.2.0/24"]


def test_near_a_network_of_the_other_family_the_lowest_comes_first():
    inventory = estate(vnet("a", "10.0.0.0/24"), pools=[pool("fd00::/48")])
    assert asked(inventory, 64, 2, near="a") == ["fd00::/64", "fd00:0:0:1::/64"]


def test_no_range_is_put_together_out_of_two_pools():
    halves = [pool("10.0.0.0/25", name="a"), pool("10.0.0.128/25", name="b")]
    assert asked(estate(pools=halves)) == []
    assert asked(estate(pools=[pool("10.0.0.0/25", "10.0.0.128/25")])) == [
        "10.0.0.0/24"
    ]
    found = find_next(estate(pools=halves), 26, 3).found
    assert [each.pool for each in found] == ["a", "a", "b"]


def test_a_range_of_two_pools_is_given_once():
    both = [pool("10.0.0.0/24", name="b"), pool("10.0.0.0/23", name="a")]
    found = find_next(estate(pools=both), 24, 3).found
    assert [(str(cidr), name) for cidr, name in found] == [
        ("10.0.0.0/24", "a"),
        ("10.0.1.0/24", "a"),
    ]


def test_a_pool_is_named_in_any_capitals():
    pools = [pool("10.0.0.0/24", name="One"), pool("10.1.0.0/24", name="Two")]
    assert asked(estate(pools=pools), pool="TWO") == ["10.1.0.0/24"]


def test_a_network_is_named_as_people_do():
    one = vnet("hub", "10.0.8.0/24", group="g1")
    two = vnet("Hub", "10.0.16.0/24", group="g2")
    for name in ("g2/HUB", two.id, two.id.upper()):
        assert asked(estate(one, two), near=name) == ["10.0.17.0/24"]


@pytest.mark.parametrize("size", [2, "/2", "2", "/29", 29, 33, "/33", "/64", 64])
def test_sizes_that_a_network_can_have(size):
    four, six = pool("0.0.0.0/0", "::/0"), vnet("a")
    assert len(find_next(estate(six, pools=[four]), size, 1).found) == 1


@pytest.mark.parametrize(
    "size", [-1, 0, 1, 30, 32, 65, 128, "/1", "/30", "/65", "24x", "//24", "", " /24",
             "/٢٤", "10.0.0.0/24", True, 24.0, None]
)  # fmt: skip
def test_sizes_that_no_network_has_are_refused(size):
    with pytest.raises(ArgumentError) as caught:
        next_ranges(estate(), size)
    assert str(caught.value) == (
        f"size {size!r}: /2 to /29 of IPv4, or /33 to /64 of IPv6"
    )


def test_as_many_as_there_may_be():
    inventory = estate(pools=[pool("10.0.0.0/8")])
    assert len(next_ranges(inventory, 29, MOST)) == MOST
    for count in (0, MOST + 1, True, 1.0, "1"):
        with pytest.raises(ArgumentError, match="a whole number of 1 to 10,000"):
            next_ranges(inventory, 24, count)


REFUSED = [
    (estate(pools=()), {}, f"address pool for VNets missing: {DECLARE}"),
    (estate(pools=[pool("10.0.0.0/8", use="pods")]), {},
     "address pool for VNets missing: declare"),
    (estate(), {"size": 64},
     "address pool for IPv6 missing: those for VNets have no range of it: azure"),
    (estate(), {"pool": "x"}, "pool 'x': one for VNets: azure"),
    (estate(), {"near": "hub"}, "near 'hub': a VNet that was read"),
    (estate(vnet("spoke", "10.0.0.0/24")), {"near": "hub"},
     "near 'hub': a VNet that was read, such as spoke"),
    (estate(vnet("hub", group="a"), vnet("hub", group="b")), {"near": "hub"},
     "near 'hub': fits several; write which, or the id: a/hub, b/hub"),
    (estate(vnet("hub")), {"near": "hub"},
     "near 'hub': its address space is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("inventory", "words", "message"), REFUSED)
def test_what_can_not_be_answered_is_refused(inventory, words, message):
    with pytest.raises(ArgumentError) as caught:
        next_ranges(inventory, **{"size": 24, **words})
    assert str(caught.value).startswith(message)


def test_rows_that_were_refused_take_nothing():
    taken = parse_cidrs(["10.0.0.0/24", "x"], strict=False)
    assert texts(next_free(["10.0.0.0/23"], taken, 24, 2)) == ["10.0.1.0/24"]
