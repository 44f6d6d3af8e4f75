"""Who is let in to API servers: authorized ranges, egress, routes, private DNS."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ipplan.checks.access import authorizations, private
from ipplan.checks.settings import egress
from ipplan.checks.surveys import Survey
from ipplan.checks.unknowns import unknowns
from ipplan.cidrs import Cidr
from ipplan.findings import Effect, Severity
from ipplan.inventory.externals import Client, ExternalRange, Group
from ipplan.inventory.origins import name_of
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import (
    Outlet,
    PublicAddress,
    Route,
    RouteTable,
    ZoneLink,
)
from tests.check_nouns import (
    AS_OF,
    GROUP,
    NODES,
    PLANNED,
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

EXAMPLES = Path(__file__).parents[2] / "shared" / "domain" / "worked_examples.json"


def authorized(*ranges, **fields):
    return estate(cluster(authorized_ranges=cidrs(*ranges), **fields))


def planned(*ranges, **fields):
    return authorized(*ranges, planned=True, **fields)


def test_the_documented_range_holds_the_documented_addresses():
    if not EXAMPLES.is_file():
        pytest.skip("the worked examples are not at ../shared/domain")
    examples = json.loads(EXAMPLES.read_text())
    example = next(each for each in examples if each["id"] == "auth-range")
    ends = [Cidr.parse(f"{example['inputs'][e]}/32") for e in ("first", "last")]
    documented = example["expected"]["cidr"]
    assert [ends[0].first, ends[1].last] == [
        Cidr.parse(documented).first,
        Cidr.parse(documented).last,
    ]
    found = planned(documented, egress_prefixes=tuple(ends))
    assert not look(authorizations.authorized_range_not_public, found)
    assert not look(egress.egress_not_authorized, found)
    for outside in ("137.117.106.87/32", "137.117.106.96/32"):
        beyond = planned(documented, egress_prefixes=cidrs(outside))
        assert len(look(egress.egress_not_authorized, beyond)) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("9.255.255.0/24", 0),
        ("10.0.0.0/24", 1),
        ("11.0.0.0/24", 0),
        ("100.63.255.0/24", 0),
        ("100.64.0.0/10", 1),
        ("100.128.0.0/10", 0),
        ("172.15.255.255/32", 0),
        ("172.16.0.0/12", 1),
        ("172.32.0.0/16", 0),
        ("192.168.0.0/16", 1),
        ("203.0.113.7/32", 1),
        ("0.0.0.0/32", 0),  # stands for the cluster itself
        ("0.0.0.0/0", 0),  # everybody, which is not private
        ("2001:db8::/32", 1),
        ("2a00::/16", 1),  # the az CLI takes no IPv6
    ],
)
def test_authorized_ranges_are_public(text, count):
    assert len(look(authorizations.authorized_range_not_public, planned(text))) == count


def test_what_azure_has_taken_of_a_private_range_is_a_warning_without_effect():
    (hit,) = look(authorizations.authorized_range_not_public, authorized("10.1.0.0/16"))
    assert (hit.severity, hit.told_effect) == (Severity.WARNING, Effect.WORKS_BUT)
    (hit,) = look(authorizations.authorized_range_not_public, planned("10.1.0.0/16"))
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.REFUSED)


def test_to_leave_a_private_range_out_does_not_let_everybody_in():
    rule = authorizations.authorized_range_not_public
    assert ways_out(rule, authorized("10.1.0.0/16")) == {
        "az aks update --resource-group=apps --name=shop "
        "--api-server-authorized-ip-ranges 0.0.0.0/32": True
    }
    assert ways_out(rule, planned("10.1.0.0/16", "20.50.0.0/24")) == {
        "give shop the authorized ranges 20.50.0.0/24": True
    }


def test_a_hostile_name_stays_one_word_of_a_command():
    asked = authorized("10.1.0.0/16", name="x; rm -rf $HOME")
    (text,) = ways_out(authorizations.authorized_range_not_public, asked)
    assert "--name='x; rm -rf $HOME' --" in text


def apart(count):
    """Public ranges that lie beside no other."""
    return [f"20.{i // 128}.{i % 128 * 2}.0/24" for i in range(count)]


@pytest.mark.parametrize(("integrated", "most"), [(False, 200), (True, 2000)])
def test_there_are_at_most_so_many_authorized_ranges(integrated, most):
    rule = authorizations.authorized_ranges_limit
    fields = {"vnet_integration": integrated}
    for count, told in ((most - 1, 0), (most, 0), (most + 1, 1)):
        assert len(look(rule, planned(*apart(count), **fields))) == told


def test_too_many_ranges_are_made_fewer_or_allowed():
    rule = authorizations.authorized_ranges_limit
    ways = ways_out(rule, planned(*apart(201)))
    assert list(ways.values()) == [False, True]
    beside = [f"20.50.{i}.0/24" for i in range(201)]
    ways = ways_out(rule, planned(*beside))
    assert list(ways.values()) == [True, True]
    assert next(iter(ways)).startswith("4 ranges let in the same addresses: give shop ")


def test_authorized_ranges_do_nothing_for_a_private_cluster():
    rule = authorizations.authorized_ranges_on_private_cluster
    asked = authorized("20.50.0.0/24", private=True)
    assert [e.severity for e in look(rule, asked)] == [Severity.WARNING]
    assert list(ways_out(rule, asked).values()) == [True]
    assert not look(rule, authorized("20.50.0.0/24"))
    assert not look(rule, authorized(private=True))
    # That is the one thing to say of them.
    quiet = authorized("10.0.0.0/8", private=True)
    assert not look(authorizations.authorized_range_not_public, quiet)


def test_the_clusters_own_address_stands_alone():
    rule = authorizations.authorized_own_address_alone
    assert not look(rule, planned("0.0.0.0/32"))
    assert not look(rule, planned("20.50.0.0/24"))
    both = planned("0.0.0.0/32", "20.50.0.0/24")
    assert [e.severity for e in look(rule, both)] == [Severity.ERROR]
    assert list(ways_out(rule, both).values()) == [True]


def test_virtual_nodes_do_not_work_with_authorized_ranges():
    rule = authorizations.authorized_ranges_with_virtual_nodes
    virtual = {"needs": ("virtual-nodes", "windows"), "model": "cni-node-subnet"}
    asked = planned("20.50.0.0/24", **virtual)
    assert [e.severity for e in look(rule, asked)] == [Severity.ERROR]
    assert list(ways_out(rule, asked).values()) == [True]
    there = authorized("20.50.0.0/24", **virtual)
    assert [e.severity for e in look(rule, there)] == [Severity.WARNING]
    assert not look(rule, planned("20.50.0.0/24"))
    assert not look(rule, planned(**virtual))


# Egress: spoke's nodes leave through a firewall in the hub, or a NAT gateway.

ROUTES, NAT = f"{GROUP}/routetables/routes", f"{GROUP}/natgateways/nat"
PUBLIC = f"{GROUP}/publicipaddresses"
FIREWALL = Outlet(
    f"{GROUP}/azurefirewalls/fw",
    "fw",
    private_ips=("10.0.0.4",),
    public_addresses=(f"{PUBLIC}/fw",),
)
GATEWAY = Outlet(NAT, "nat", "nat-gateway", public_prefixes=cidrs("20.50.1.0/31"))
ADDRESS = PublicAddress(f"{PUBLIC}/fw", "fw", Cidr.parse("20.50.0.4/32"))
DEFAULT = Route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.0.4")
BY_ROUTES, BY_GATEWAY = "userDefinedRouting", "userAssignedNATGateway"


def hub(**fields):
    return vnet(
        "hub",
        "10.0.0.0/24",
        subnet("hub", "azurefirewallsubnet", "10.0.0.0/26", **fields),
        peering("hub", "spoke"),
    )


def routed(*routes, ranges=("20.60.0.0/24",), behind=None, **fields):
    """A cluster with authorized ranges whose node subnet has a route table."""
    routes = routes or (DEFAULT,)
    given = {
        "vnets": [
            hub(**behind or {}),
            vnet(
                "spoke",
                "10.1.0.0/16",
                subnet("spoke", "aks", "10.1.0.0/24", route_table=ROUTES),
                peering("spoke", "hub"),
            ),
        ],
        "route_tables": (RouteTable(ROUTES, "routes", routes),),
        "outlets": (FIREWALL, GATEWAY),
        "public_addresses": (ADDRESS,),
    }
    asked = cluster(authorized_ranges=cidrs(*ranges), outbound_type=BY_ROUTES)
    return estate(asked, **given | fields)


def told(inventory):
    return [each.message for each in look(egress.egress_not_authorized, inventory)]


def test_the_firewalls_public_address_has_to_be_authorized():
    rule = egress.egress_not_authorized
    (hit,) = look(rule, routed())
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "nodes of shop leave from 20.50.0.4/32 of fw, which its authorized ranges "
        "20.60.0.0/24 don't let in"
    )
    assert ways_out(rule, routed()) == {
        "az aks update --resource-group=apps --name=shop "
        "--api-server-authorized-ip-ranges 20.60.0.0/24,20.50.0.4/32": True
    }
    own = routed(ranges=("0.0.0.0/32",))
    (text,) = ways_out(rule, own)
    assert text.endswith(" 20.50.0.4/32")  # what stands for the load balancer goes


@pytest.mark.parametrize(
    ("ranges", "count"),
    [
        (["20.50.0.4/32"], 0),
        (["20.50.0.4/31"], 0),
        (["20.50.0.5/32"], 1),
        (["20.50.0.0/30"], 1),
    ],
)
def test_an_egress_address_is_authorized_to_the_last_bit(ranges, count):
    assert len(told(routed(ranges=ranges))) == count


def test_a_prefix_can_be_authorized_in_two_halves():
    stated = {"outbound_type": BY_GATEWAY, "egress_prefixes": cidrs("20.50.0.0/31")}
    assert not told(authorized("20.50.0.0/32", "20.50.0.1/32", **stated))
    assert len(told(authorized("20.50.0.0/32", **stated))) == 1


ELSEWHERE = Route("pool", "20.0.0.0/8", "Internet")
TAGGED = Route("azure", "AzureCloud", "Internet")
INSIDE = Route("premises", "10.200.0.0/16", "VirtualNetworkGateway")
SIX = Route("six", "::/0", "VirtualAppliance", "fd00::4")
TWIN = replace(FIREWALL, id=f"{GROUP}/azurefirewalls/twin", name="twin")
FORWARDED = "0.0.0.0/0"


@pytest.mark.parametrize(
    ("inventory", "count"),
    [
        (routed(DEFAULT, INSIDE, SIX), 1),
        (routed(DEFAULT, ELSEWHERE), 0),
        (routed(DEFAULT, TAGGED), 0),
        (routed(INSIDE), 0),
        (routed(Route("all", "0.0.0.0/0", "VirtualNetworkGateway")), 0),
        (routed(DEFAULT._replace(next_hop="not an address")), 0),
        (routed(outlets=()), 0),
        (routed(outlets=(FIREWALL, TWIN)), 0),
        (routed(public_addresses=()), 0),
        (routed(public_addresses=(replace(ADDRESS, prefix=None),)), 0),
        (routed(route_tables=()), 0),
        (
            routed(route_tables=(RouteTable(ROUTES, "r", (DEFAULT,), ("routes: x",)),)),
            0,
        ),
        (routed(behind={"nat_gateway": f"{GROUP}/natgateways/unread"}), 0),
        (routed(behind={"route_table": f"{GROUP}/routetables/unread"}), 0),
    ],
)
def test_only_an_egress_that_is_known_for_certain_is_judged(inventory, count):
    assert len(told(inventory)) == count
    open_ = [each.why for each in unknowns(Survey(inventory, AS_OF))]
    assert any("state egress_ips" in each for each in open_) == (count == 0)


def test_behind_a_firewall_its_subnets_nat_gateway_counts():
    (message,) = told(routed(behind={"nat_gateway": NAT}))
    assert "leave from 20.50.1.0/31 of nat" in message


@pytest.mark.parametrize(
    ("hop", "count"), [("Internet", 1), ("VirtualNetworkGateway", 0)]
)
def test_a_firewall_that_sends_traffic_on_is_not_judged(hop, count):
    onward = f"{GROUP}/routetables/onward"
    tables = (
        RouteTable(ROUTES, "routes", (DEFAULT,)),
        RouteTable(onward, "onward", (Route("all", FORWARDED, hop),)),
    )
    forced = routed(behind={"route_table": onward}, route_tables=tables)
    assert len(told(forced)) == count


def test_a_firewall_of_the_same_address_elsewhere_is_not_looked_behind():
    other = vnet(
        "other",
        "10.0.0.0/24",
        subnet("other", "fw", "10.0.0.0/26", nat_gateway=NAT),
    )
    base = routed()
    assert "of fw" in told(replace(base, vnets=(*base.vnets, other)))[0]


def test_stated_addresses_count_but_those_of_the_load_balancer():
    stated = {"egress_prefixes": cidrs("20.50.0.9/32", "2a00::/64")}
    (message,) = told(authorized("20.60.0.0/24", **stated))
    assert message.startswith("nodes of shop leave from 20.50.0.9/32, which ")
    assert not told(authorized("20.60.0.0/24", outbound_type="loadBalancer", **stated))


@pytest.mark.parametrize(
    "fields",
    [
        {"private": True},
        {"vnet_integration": True},
        {"unresolved": ("apiServerAccessProfile.authorizedIPRanges: x",)},
        {"authorized_ranges": ()},
    ],
)
def test_nodes_that_reach_the_api_server_otherwise_need_no_authorized_range(fields):
    base = routed()
    asked = replace(base, clusters=(replace(base.clusters[0], **fields),))
    assert not told(asked)


def gated(table=None, gateway=NAT, ranges=("20.60.0.0/24",), **fields):
    asked = cluster(authorized_ranges=cidrs(*ranges), outbound_type=BY_GATEWAY)
    home = spoke(nat_gateway=gateway, route_table=table)
    return estate(asked, vnets=[home], outlets=(GATEWAY,), **fields)


def test_the_nat_gateways_addresses_have_to_be_authorized():
    (message,) = told(gated())
    assert "leave from 20.50.1.0/31 of nat" in message
    assert not told(gated(ranges=("20.50.1.0/31",)))
    assert not told(gated(gateway=None))
    assert not told(gated(ROUTES))
    inside = (RouteTable(ROUTES, "routes", (INSIDE,)),)
    assert len(told(gated(ROUTES, route_tables=inside))) == 1
    past = (RouteTable(ROUTES, "routes", (DEFAULT,)),)
    assert not told(gated(ROUTES, route_tables=past))


def test_pools_that_leave_by_different_ways_are_not_judged():
    other = f"{GROUP}/natgateways/other"
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24", nat_gateway=NAT),
        subnet("spoke", "web", "10.1.1.0/24", nat_gateway=other),
    )
    asked = cluster(
        subnets=("aks", "web"),
        authorized_ranges=cidrs("20.60.0.0/24"),
        outbound_type=BY_GATEWAY,
    )
    outlets = (GATEWAY, replace(GATEWAY, id=other, name="other"))
    assert not told(estate(asked, vnets=[home], outlets=outlets))


# Routes and gateways by themselves.


@pytest.mark.parametrize(
    ("routes", "count"),
    [
        ([DEFAULT], 0),
        ([Route("all", "0.0.0.0/0", "VirtualNetworkGateway")], 0),
        ([INSIDE], 1),
        ([INSIDE, Route("half", "0.0.0.0/1", "VirtualAppliance", "10.0.0.4")], 1),
        ([Route("all", "0.0.0.0/0", "Internet")], 1),
    ],
)
def test_user_defined_routing_has_a_default_route_to_an_appliance(routes, count):
    assert len(look(egress.default_route_missing, routed(*routes))) == count


def test_what_says_that_a_default_route_is_missing():
    rule = egress.default_route_missing
    (hit,) = look(rule, routed(INSIDE))
    assert hit.told_effect is Effect.NEXT_CHANGE_REFUSED
    assert hit.message == (
        "routes of spoke/aks has no route for 0.0.0.0/0, and the outbound type of shop "
        "is userDefinedRouting"
    )
    assert ways_out(rule, routed(INSIDE)) == {
        "add to routes a route for 0.0.0.0/0 to fw 10.0.0.4": True,
        "use outbound type loadBalancer for shop": True,
    }
    straight = routed(Route("all", "0.0.0.0/0", "Internet"))
    assert "sends 0.0.0.0/0 to the internet" in look(rule, straight)[0].message
    assert set(ways_out(rule, straight).values()) == {True}


def test_no_firewall_out_of_reach_is_proposed():
    far = replace(FIREWALL, private_ips=("10.77.0.4", "fd00::4"))
    ways = ways_out(egress.default_route_missing, routed(INSIDE, outlets=(far,)))
    assert list(ways) == ["use outbound type loadBalancer for shop"]


def test_a_route_table_that_was_not_read_whole_is_not_judged():
    open_ = RouteTable(ROUTES, "routes", (INSIDE,), ("routes[1]: unknown",))
    assert not look(egress.default_route_missing, routed(route_tables=(open_,)))
    assert not look(egress.default_route_missing, routed(route_tables=()))
    base = routed(INSIDE)
    otherwise = replace(base.clusters[0], outbound_type="loadBalancer")
    assert not look(egress.default_route_missing, replace(base, clusters=(otherwise,)))
    both = replace(base, clusters=(*base.clusters, replace(otherwise, id="other")))
    (hit,) = look(egress.default_route_missing, both)
    assert [each.noun.name for each in hit.sides] == ["routes", "aks", "shop"]


def plain(*others, asked=None, tables=(), **fields):
    """A planned cluster by userDefinedRouting in a subnet that a listing shows."""
    given = {"holders": (), **fields}
    home = vnet(
        "spoke", "10.1.0.0/16", subnet("spoke", "aks", "10.1.0.0/24", **given), *others
    )
    asked = asked or cluster(planned=True, outbound_type=BY_ROUTES)
    return estate(asked, vnets=[home], route_tables=tables)


def of_route(inventory):
    found = unknowns(Survey(inventory, AS_OF))
    return [each.why for each in found if "default route" in each.why]


@pytest.mark.parametrize(
    ("inventory", "count"),
    [
        (plain(), 1),
        (plain(route_table=ROUTES), 0),  # there is one, and it was not read
        (plain(holders=None), 0),
        (plain(unresolved=("routeTable: x",)), 0),
        (plain(asked=cluster(outbound_type=BY_ROUTES)), 0),  # AKS has seen it
        (plain(asked=cluster(planned=True)), 0),
    ],
)
def test_a_planned_cluster_by_routes_needs_a_route_table(inventory, count):
    assert len(look(egress.default_route_missing, inventory)) == count


def test_what_says_that_a_route_table_is_missing():
    rule = egress.default_route_missing
    (hit,) = look(rule, plain())
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.REFUSED)
    assert hit.message == (
        "spoke/aks has no route table, and the outbound type of shop is "
        "userDefinedRouting"
    )
    assert not of_route(plain())
    none, straight = f"{ROUTES}-none", f"{ROUTES}-straight"
    others = [
        subnet("spoke", f"s{i}", f"10.1.{i}.0/24", route_table=each)
        for i, each in enumerate([ROUTES, ROUTES, none, straight, "unread", None], 1)
    ]
    out = Route("all", "0.0.0.0/0", "Internet")
    tables = (
        RouteTable(ROUTES, "routes", (DEFAULT,)),
        RouteTable(none, "none", (INSIDE,)),
        RouteTable(straight, "straight", (out,)),
    )
    assert ways_out(rule, plain(*others, tables=tables)) == {
        "attach the route table routes to spoke/aks": True,
        "use outbound type loadBalancer for shop": True,
    }


@pytest.mark.parametrize(
    ("inventory", "count"),
    [
        (plain(holders=None), 1),
        (plain(holders=None, route_table=ROUTES), 0),
        (plain(holders=None, asked=cluster(outbound_type=BY_ROUTES)), 0),
        (plain(holders=None, asked=cluster(planned=True)), 0),
        (
            plain(asked=cluster(planned=True, subnets=("x",), outbound_type=BY_ROUTES)),
            1,
        ),
        (plain(asked=cluster(planned=True, subnets=(), outbound_type=BY_ROUTES)), 0),
    ],
)
def test_a_default_route_of_which_no_file_speaks_is_said_to_be_unknown(
    inventory, count
):
    assert len(of_route(inventory)) == count
    assert not look(egress.default_route_missing, inventory)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"planned": True, "outbound_type": "loadBalancer"}, 1),
        ({"planned": True}, 1),
        ({"planned": True, "outbound_type": BY_GATEWAY}, 0),
        ({"planned": True, "outbound_type": BY_ROUTES}, 0),
        ({"planned": True, "unresolved": ("networkProfile.outboundType: x",)}, 0),
        ({"planned": True, "unresolved": ("networkProfile: x",)}, 0),
        ({"planned": True, "unresolved": ("networkProfile.podCidr: x",)}, 1),
        ({"outbound_type": "loadBalancer"}, 0),  # can be changed as it stands
    ],
)
def test_a_subnet_with_a_nat_gateway_is_for_clusters_that_use_it(fields, count):
    rule = egress.nat_gateway_outbound_type
    asked = estate(cluster(**fields), vnets=[spoke(nat_gateway=NAT)])
    assert len(look(rule, asked)) == count
    assert not look(rule, estate(cluster(**fields)))
    if count:
        assert list(ways_out(rule, asked).values()) == [True]


@pytest.mark.parametrize(
    ("outbound", "node", "pod", "count"),
    [
        (BY_GATEWAY, NAT, None, 1),
        (BY_GATEWAY, NAT, NAT, 0),
        (BY_GATEWAY, None, None, 0),  # a file without NAT gateways says nothing
        ("loadBalancer", NAT, None, 0),
    ],
)
def test_a_pod_subnet_has_the_nat_gateway_too(outbound, node, pod, count):
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24", nat_gateway=node),
        subnet("spoke", "pods", "10.1.16.0/20", nat_gateway=pod),
    )
    pods = id_of("spoke", "subnets", "pods")
    asked = cluster(pods=pods, model="cni-dynamic", outbound_type=outbound)
    found = estate(asked, vnets=[home])
    assert len(look(egress.pod_subnet_nat_gateway, found)) == count
    if count:
        assert list(ways_out(egress.pod_subnet_nat_gateway, found).values()) == [True]


# Private clusters: the jump box is in the hub, the cluster in the spoke.

ZONE = f"{GROUP}/privatednszones/shop.privatelink.westeurope.azmk8s.io"
SYSTEM = f"{NODES}/microsoft.network/privatednszones/1.privatelink.westeurope.azmk8s.io"
JUMP = Client("jump", "jump-box", id_of("hub"))


def link(zone, to):
    return ZoneLink(f"{zone}/virtualnetworklinks/{to}", to, to and id_of(to))


def secluded(*clients, joined=True, zone=ZONE, linked=("spoke",), dns=(), **fields):
    """A private cluster without a public name, and who wants to reach it."""
    given = {"private": True, "public_fqdn": False, "private_dns_zone": zone}
    asked = cluster(**given | fields.pop("cluster", {}))
    sides = [(peering("hub", "spoke"),), (peering("spoke", "hub"),)]
    near, far = sides if joined else [(), ()]
    home = subnet("spoke", "aks", "10.1.0.0/24")
    vnets = [
        vnet("hub", "10.0.0.0/24", *near, dns_servers=dns),
        vnet("spoke", "10.1.0.0/16", home, *far),
    ]
    links = tuple(link(zone if "/" in zone else SYSTEM, each) for each in linked)
    clients = clients or (JUMP,)
    given = {"vnets": vnets, "zone_links": links, "clients": clients}
    return estate(asked, **given | fields)


HOME = id_of("spoke")
UNREACHABLE = private.private_api_server_unreachable
UNLINKED = private.private_dns_zone_not_linked


def test_a_jump_box_needs_a_route_to_the_api_server():
    (hit,) = look(UNREACHABLE, secluded(joined=False, linked=("spoke", "hub")))
    assert (hit.severity, hit.told_effect) == (Severity.WARNING, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "jump box jump has no route to the API server of shop in spoke"
    )
    assert not look(UNREACHABLE, secluded())


def test_a_route_is_made_by_a_peering_and_then_the_zone_is_linked():
    alone = secluded(joined=False)
    ways = ways_out(UNREACHABLE, alone)
    assert set(ways.values()) == {True}
    assert list(ways) == [
        f"peer hub with spoke, in both of them{more}"
        for more in ("", f", and link the private DNS zone {name_of(ZONE)} to hub")
    ]


def test_a_peering_that_is_broken_is_made_anew():
    base = secluded(joined=False)
    broken = replace(base.vnets[0], peerings=(peering("hub", "spoke", "Disconnected"),))
    ways = ways_out(UNREACHABLE, replace(base, vnets=(broken, base.vnets[1])))
    assert next(iter(ways.items())) == (
        "make the peering of hub with spoke anew, in both of them",
        True,
    )


@pytest.mark.parametrize(
    "clients",
    [
        [Client("own", "jump-box", id_of("spoke"))],
        [JUMP, Client("own", "jump-box", id_of("spoke"))],
        [Client("lost", "jump-box", "<named in x.yaml>/hub")],
        [Client("far", "jump-box", id_of("unread"))],
    ],
)
def test_one_jump_box_that_may_reach_it_is_enough(clients):
    assert not look(UNREACHABLE, secluded(*clients, joined=False))


def test_jump_boxes_and_build_agents_are_judged_each_for_themselves():
    own = Client("own", "jump-box", id_of("spoke"))
    agents = [Client(f"agent{i}", "build-agent", id_of("hub")) for i in range(2)]
    (hit,) = look(UNREACHABLE, secluded(own, *agents, joined=False))
    assert hit.message.startswith("build agents agent0, agent1 have no route to ")
    boxes = [JUMP, replace(JUMP, name="other")]
    (hit,) = look(UNREACHABLE, secluded(*boxes, joined=False))
    assert hit.message.startswith("jump boxes jump, other have ")


@pytest.mark.parametrize(
    ("attached", "count"),
    [(None, 0), ((id_of("spoke"),), 0), ((id_of("hub"),), 1), ((), 1)],
)
def test_an_agent_on_premises_needs_a_gateway(attached, count):
    premises = ExternalRange("datacentre", cidrs("10.200.0.0/16"), attached)
    agent = Client("agent", "build-agent", "datacentre")
    asked = secluded(agent, joined=False, external_ranges=(premises,))
    assert len(look(UNREACHABLE, asked)) == count
    if count:
        assert ways_out(UNREACHABLE, asked) == {}


def test_groups_join_and_a_peering_of_ipv6_alone_does_not_say():
    wan = Group("wan", "virtual-wan", (id_of("hub"), id_of("spoke")))
    assert not look(UNREACHABLE, secluded(joined=False, groups=(wan,)))
    base = secluded(joined=False)
    six = replace(base.vnets[0], peerings=(peering("hub", "spoke", ipv6_only=True),))
    asked = replace(base, vnets=(six, base.vnets[1]))
    assert not look(UNREACHABLE, asked)
    assert not look(UNLINKED, asked)


def in_part(own=("web",), other=("jump",), **fields):
    """A jump box whose VNet is peered with some subnets of the cluster's."""
    base = secluded(linked=("spoke", "hub"), **fields)
    near = {"complete": False, "local_subnets": other, "remote_subnets": own}
    far = {"complete": False, "local_subnets": own, "remote_subnets": other}
    near, far = peering("hub", "spoke", **near), peering("spoke", "hub", **far)
    home = (*base.vnets[1].subnets, subnet("spoke", "web", "10.1.1.0/24"))
    vnets = (
        replace(base.vnets[0], peerings=(near,)),
        replace(base.vnets[1], peerings=(far,), subnets=home),
        *base.vnets[2:],
    )
    return replace(base, vnets=vnets)


INTEGRATED = {
    "vnet_integration": True,
    "api_server_subnet": id_of("spoke", "subnets", "web"),
}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (in_part(), 1),
        (in_part(("web", "AKS")), 0),
        (in_part(cluster=INTEGRATED), 0),
        (in_part(("aks",), cluster=INTEGRATED), 1),
        (in_part(()), 0),  # which subnets is not said
        (in_part(groups=(Group("wan", "virtual-wan", (JUMP.network, HOME)),)), 0),
        (in_part(cluster={"pools": (NodePool("p", 3, subnet=f"{HOME}/x/y"),)}), 0),
    ],
)
def test_a_peering_of_some_subnets_is_no_route_to_the_others(asked, count):
    assert len(look(UNREACHABLE, asked)) == count
    if count:
        (text, silent), *_ = ways_out(UNREACHABLE, asked).items()
        assert text.endswith(
            "take part in the peering of hub with spoke, in both of them"
        )
        assert silent


@pytest.mark.parametrize(("named", "count"), [("web", 1), ("aks", 0)])
def test_a_peering_of_some_subnets_is_none_to_the_others_through_a_hub(named, count):
    far = Client("far", "jump-box", id_of("far"))
    base = in_part((named,))
    hub, home = base.vnets
    forwards = {"forwarded_traffic": True}
    hub = replace(hub, peerings=(*hub.peerings, peering("hub", "far")))
    home = replace(home, peerings=(replace(home.peerings[0], **forwards),))
    other = vnet("far", "10.2.0.0/16", peering("far", "hub", **forwards))
    asked = replace(base, vnets=(hub, home, other), clients=(far,))
    assert len(look(UNREACHABLE, asked)) == count


def test_the_api_servers_own_subnet_counts_where_it_has_one():
    own = id_of("hub", "subnets", "api")
    fields = {"vnet_integration": True, "api_server_subnet": own}
    assert not look(UNREACHABLE, secluded(joined=False, cluster=fields))
    fields["api_server_subnet"] = None
    assert len(look(UNREACHABLE, secluded(joined=False, cluster=fields))) == 1


@pytest.mark.parametrize(
    "fields", [{"private": False}, {"pools": (NodePool("managed", 3),)}]
)
def test_public_clusters_and_those_in_aks_own_vnet_are_not_judged(fields):
    assert not look(UNREACHABLE, secluded(joined=False, cluster=fields))
    assert not look(UNLINKED, secluded(cluster=fields))


def test_nobody_is_looked_for_where_no_client_is_declared():
    asked = replace(secluded(joined=False), clients=())
    assert not look(UNREACHABLE, asked)


def test_the_zone_has_to_be_linked_to_who_has_a_route():
    (hit,) = look(UNLINKED, secluded())
    assert (hit.severity, hit.told_effect) == (Severity.ERROR, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "jump box jump can't resolve the API server of shop: private DNS zone "
        "shop.privatelink.westeurope.azmk8s.io is not linked there"
    )
    assert ways_out(UNLINKED, secluded()) == {
        "link the private DNS zone shop.privatelink.westeurope.azmk8s.io to hub": True
    }
    assert not look(UNLINKED, secluded(linked=("spoke", "hub")))


@pytest.mark.parametrize(
    ("public", "count", "severity"),
    [(True, 0, None), (False, 1, Severity.ERROR), (None, 1, Severity.WARNING)],
)
def test_a_public_name_needs_no_zone(public, count, severity):
    found = look(UNLINKED, secluded(cluster={"public_fqdn": public}))
    assert [each.severity for each in found] == [severity] * count


def test_a_zone_that_aks_made_is_known_by_the_group_of_the_nodes():
    for zone in ("system", ""):
        (hit,) = look(UNLINKED, secluded(zone=zone))
        assert "zone 1.privatelink.westeurope.azmk8s.io is not linked" in hit.message
        assert not look(UNLINKED, secluded(zone=zone, linked=("spoke", "hub")))
    other = SYSTEM.replace("1.privatelink.westeurope", "contoso")
    elsewhere = secluded(zone="system", zone_links=(link(other, "spoke"),))
    assert not look(UNLINKED, elsewhere)


def test_with_vnet_integration_the_zone_has_another_name():
    fields = {"vnet_integration": True}
    assert not look(UNLINKED, secluded(zone="system", cluster=fields))
    own = SYSTEM.replace("privatelink", "private")
    found = secluded(zone="system", cluster=fields, zone_links=(link(own, "spoke"),))
    assert len(look(UNLINKED, found)) == 1


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({"linked": ()}, True),
        ({"linked": ("spoke", None)}, True),
        ({"dns": ("10.0.0.4",)}, True),
        ({"cluster": {"unresolved": ("privateDnsZone: x",)}}, True),
        ({"cluster": {"private_dns_zone": "none"}}, False),
        ({"cluster": {"public_fqdn": True}}, False),
    ],
)
def test_what_is_not_known_of_names_is_not_judged(changes, opens):
    asked = secluded(**changes)
    assert not look(UNLINKED, asked)
    open_ = [each.why for each in unknowns(Survey(asked, AS_OF))]
    assert any("state dns_zones" in each for each in open_) == opens


def test_a_route_that_is_not_known_is_said():
    lost = secluded(Client("lost", "jump-box", id_of("unread")), joined=False)
    open_ = [each.why for each in unknowns(Survey(lost, AS_OF))]
    assert "a route from jump box lost: not all networks there were read" in open_


@pytest.mark.parametrize(
    ("zone", "stated", "count"),
    [
        (ZONE, "shop.privatelink.westeurope.azmk8s.io", 0),
        (ZONE, "privatelink.westeurope.azmk8s.io", 0),
        (ZONE, "privatelink.northeurope.azmk8s.io", 1),
        (ZONE, "stelink.westeurope.azmk8s.io", 1),
        ("system", "privatelink.westeurope.azmk8s.io", 0),
        ("system", "privatelink.northeurope.azmk8s.io", 1),
    ],
)
def test_zones_that_a_client_is_said_to_resolve_count(zone, stated, count):
    premises = ExternalRange("datacentre", cidrs("10.200.0.0/16"))
    agent = Client("agent", "build-agent", "datacentre", (stated,))
    fields = {"external_ranges": (premises,), "linked": ()}
    found = look(UNLINKED, secluded(agent, zone=zone, **fields))
    assert len(found) == count
    assert all("agent can't resolve the API server of shop" in e.message for e in found)


def test_without_a_region_no_zone_of_aks_can_be_told():
    agent = replace(JUMP, dns_zones=("privatelink.westeurope.azmk8s.io",))
    fields = {"location": None}
    asked = secluded(agent, zone="system", linked=(), cluster=fields, dns=("1.1.1.1",))
    assert "its private DNS zone is not linked" in look(UNLINKED, asked)[0].message


def test_a_client_beside_the_nodes_resolves_their_zone():
    own = Client("own", "jump-box", id_of("spoke"))
    assert not look(UNLINKED, secluded(own, linked=("elsewhere",)))


def test_no_zone_and_no_public_name_is_refused():
    rule = private.private_dns_zone_none
    fields = {"private": True, "private_dns_zone": "none", "origin": PLANNED}
    asked = estate(replace(cluster(), **fields, public_fqdn=False))
    assert [e.told_effect for e in look(rule, asked)] == [Effect.REFUSED]
    assert list(ways_out(rule, asked).values()) == [True]
    for public in (True, None):
        assert not look(rule, estate(replace(cluster(), **fields, public_fqdn=public)))


def test_public_names_of_private_clusters_are_one_note():
    rule = private.private_cluster_public_name
    named = {"private": True, "public_fqdn": True}
    quiet = [
        cluster("a", private=True),
        cluster("b", private_dns_zone="none", **named),
        cluster("c", public_fqdn=True),
    ]
    assert not look(rule, estate(*quiet))
    found = estate(cluster("d", **named), cluster("e", **named), *quiet)
    (hit,) = look(rule, found)
    assert (hit.severity, len(hit.sides)) == (Severity.NOTE, 2)
    assert hit.message.startswith("d, e are private, with a public name ")
    assert list(ways_out(rule, found).values()) == [True]
    assert " is private" in look(rule, estate(cluster(**named)))[0].message
