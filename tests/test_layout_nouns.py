import json
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import check
from ipplan.cidrs import Cidr
from ipplan.documents.inventories import inventory_document
from ipplan.emitters import emit
from ipplan.findings import Severity
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import Client
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import Origin, name_of
from ipplan.inventory.traffic import (
    Outlet,
    PublicAddress,
    RouteTable,
    SecurityGroup,
    ZoneLink,
)
from ipplan.layouts.belongings.allowances import ALLOWANCES
from ipplan.layouts.belongings.nouns import nouns_of
from ipplan.layouts.belongings.sites import Named, own_names
from ipplan.layouts.demands.services import SERVICES
from ipplan.layouts.layouts import lay_out
from ipplan.layouts.plans import EndpointPlan, ServicePlan, SubnetPlan
from ipplan.limits import FIRST_PRIORITY, LAST_PRIORITY, RESOURCE_NAME
from ipplan.models import MODELS
from ipplan.readers.layouts import read_layout_plan
from tests.site_plans import (
    ALL_SERVICES,
    FILE,
    GROUP,
    HOME,
    OBSERVED,
    POD_CIDR,
    cluster_plan,
    layout_plan,
    network,
    placed,
    vnet_id,
)

SAMPLES = Path(__file__).parent / "data" / "layouts"
AS_OF = date(2026, 11, 1)
OUTBOUND = (
    None,
    "loadBalancer",
    "userAssignedNATGateway",
    "userDefinedRouting",
    "none",
)
INGRESS = {
    None: (),
    "application-gateway": ("application-gateway-ingress",),
    "application-gateway-for-containers": ("application-gateway-for-containers",),
}
TOLD = {"model-retirement", "dual-stack-nat-gateway"}
"""What a plan of kubenet, or of IPv6 through a NAT gateway, asks for in any case."""


def cluster_id(name):
    return f"{GROUP}/providers/microsoft.containerservice/managedclusters/{name}"


def shop(name="shop", model="cni-overlay", home="spoke", ingress=None, **fields):
    """A cluster with an ingress of some kind."""
    fields["needs"] = (*fields.get("needs", ()), *INGRESS[ingress])
    count = 10 if ingress == "application-gateway" else 1
    gateway = ServicePlan(ingress or "", f"{name}-gw", count, cluster=cluster_id(name))
    services = (gateway,) if ingress else ()
    return cluster_plan(home, name, model, fields=fields, services=services)


def hub_and_spoke(*clusters, dual=False, spoke=None, **hub):
    """A hub with every service, and a spoke with clusters."""
    hub.setdefault("services", ALL_SERVICES)
    own = {
        "endpoints": (EndpointPlan("registry"), EndpointPlan("key-vault")),
        "subnets": (SubnetPlan("spare", length=26),),
        **(spoke or {}),
    }
    return layout_plan(
        network("hub", dual_stack=dual, **hub),
        network("spoke", hub=vnet_id("hub"), dual_stack=dual, clusters=clusters, **own),
    )


def made_of(plan):
    return nouns_of(*placed(plan))


def told_of(inventory):
    """What rules say of an inventory that a plan is not to blame for."""
    return worst_of(check(inventory, as_of=AS_OF))


def worst_of(found):
    """Errors and warnings, but those that a plan asks for."""
    worst = {Severity.ERROR, Severity.WARNING}
    return [
        (each.rule, each.message)
        for each in found.findings
        if each.severity in worst and each.rule not in TOLD
    ]


def one(nouns, name):
    (found,) = [each for each in nouns if each.name == name]
    return found


def rules_of(inventory, name):
    return [str(each) for each in one(inventory.security_groups, name).rules]


@pytest.mark.parametrize("model", MODELS)
def test_no_rule_is_broken_by_anything_that_can_be_asked_for(model):
    choices = product(OUTBOUND, (0, 1), (0, 1), INGRESS, (0, 1), (0, 1))
    for outbound, private, integrated, ingress, dual, twins in choices:
        lacking = MODELS[model].lacks & {*INGRESS[ingress], "dual-stack" * dual}
        if lacking:
            continue
        names = ("shop-blue", "shop-green") if twins else ("shop",)
        clusters = (
            shop(
                name,
                model,
                ingress=ingress,
                outbound_type=outbound,
                private=bool(private),
                vnet_integration=bool(integrated),
                needs=("dual-stack",) * dual,
            )
            for name in names
        )
        plan = hub_and_spoke(*clusters, dual=bool(dual))
        found = check(made_of(plan)[1], as_of=AS_OF)
        assert worst_of(found) == []
        assert found.unknown == ()


@st.composite
def plans(draw):
    """Hubs and spokes with a choice of everything, in up to three spokes."""
    kinds = sorted({*SERVICES} - {"api-server", "private-endpoints"})
    of_hub = {"firewall", *draw(st.lists(st.sampled_from(kinds)))}
    networks = [network("hub", services=tuple(map(ServicePlan, sorted(of_hub))))]
    for number in range(draw(st.integers(0, 3))):
        name = f"spoke{number}"
        clusters = [
            shop(
                f"shop{number}{each}",
                draw(st.sampled_from([*MODELS])),
                name,
                draw(st.sampled_from([None, "application-gateway"])),
                outbound_type=draw(st.sampled_from(OUTBOUND)),
                private=draw(st.booleans()),
                vnet_integration=draw(st.booleans()),
            )
            for each in range(draw(st.integers(0, 2)))
        ]
        endpoints = draw(
            st.lists(st.sampled_from(["registry", "blob", "monitor"]), unique=True)
        )
        clients = draw(
            st.lists(st.sampled_from(["jump-boxes", "build-agents"]), unique=True)
        )
        networks.append(
            network(
                name,
                hub=vnet_id("hub"),
                clusters=tuple(clusters),
                endpoints=tuple(map(EndpointPlan, endpoints)),
                services=tuple(map(ServicePlan, clients)),
            )
        )
    return layout_plan(*networks)


@given(plans())
def test_whatever_is_asked_for_passes_and_stands_amid_what_there_is(plan):
    planned, inventory = made_of(plan)
    assert told_of(inventory) == []
    for name in ("security_groups", "route_tables", "zone_links", "clusters"):
        ids = [each.id for each in getattr(inventory, name)]
        assert ids == sorted(set(ids))
        assert set(getattr(planned, name)) <= set(getattr(inventory, name))
    assert planned.vnets == inventory.vnets
    linked = [(e.vnet, name_of(e.zone)) for e in inventory.zone_links]
    assert len(linked) == len(set(linked))
    forbidden = {r.subnet.lower() for r in SERVICES.values() if not r.default_route}
    tables = {each.id: each for each in inventory.route_tables}
    for each in inventory.subnets:
        routes = tables[each.route_table].routes if each.route_table else ()
        assert not (routes and each.name.lower() in forbidden)
        assert not (each.network_security_group and each.name == "GatewaySubnet")


@given(plans())
def test_every_rule_is_one_that_azure_takes(plan):
    planned, _ = made_of(plan)
    for group in planned.security_groups:
        names = [each.name for each in group.rules]
        assert len(set(names)) == len(names)
        for way in ("Inbound", "Outbound"):
            own = [each.priority for each in group.rules if each.direction == way]
            assert own == sorted(set(own))
            assert all(FIRST_PRIORITY.value <= e <= LAST_PRIORITY.value for e in own)
        for each in group.rules:
            for side in (each.sources, each.destinations):
                ranges = [text for text in side if "/" in text]
                assert side
                assert list(side) == sorted(set(side))
                assert ranges == list(side) or len(side) == 1


def test_order_of_the_plan_is_irrelevant():
    routed = sharing("b", "c", outbound_type="userDefinedRouting")
    plan = hub_and_spoke(shop("a"), *routed)
    _, networks, subnets, clusters = placed(plan)
    mixed = nouns_of(plan, networks[::-1], subnets[::-1], clusters[::-1])
    assert mixed == nouns_of(plan, networks, subnets, clusters)


def test_bastion_has_the_rules_of_its_page():
    planned, _ = made_of(hub_and_spoke())
    hosts = "* from VirtualNetwork to VirtualNetwork:5701,8080"
    # https://learn.microsoft.com/azure/bastion/bastion-nsg
    assert rules_of(planned, "hub-AzureBastionSubnet-nsg") == [
        "allow-https-in: 100 Inbound Allow Tcp from Internet to *:443",
        "allow-gateway-manager-in: 110 Inbound Allow Tcp from GatewayManager to *:443",
        "allow-load-balancer-in: 120 Inbound Allow Tcp from AzureLoadBalancer to *:443",
        f"allow-bastion-hosts-in: 130 Inbound Allow {hosts}",
        "allow-ssh-and-rdp-out: 100 Outbound Allow * from * to VirtualNetwork:22,3389",
        "allow-azure-out: 110 Outbound Allow Tcp from * to AzureCloud:443",
        f"allow-bastion-hosts-out: 120 Outbound Allow {hosts}",
        "allow-http-out: 130 Outbound Allow * from * to Internet:80",
    ]


def test_machines_are_reached_from_bastion_alone_where_there_is_one():
    planned, _ = made_of(hub_and_spoke())
    assert [each.partition(": ")[2] for each in rules_of(planned, "hub-jump-boxes-nsg")]
    allow, deny = one(planned.security_groups, "hub-jump-boxes-nsg").rules
    bastion = one(planned.subnets, "AzureBastionSubnet")
    assert allow.sources == tuple(map(str, bastion.prefixes))
    assert (deny.access, deny.sources, deny.ports) == ("Deny", ("*",), ("22", "3389"))
    alone, _ = made_of(layout_plan(network("a", services=(ServicePlan("jump-boxes"),))))
    assert one(alone.security_groups, "a-jump-boxes-nsg").rules == ()


def test_nodes_talk_to_pods_and_to_what_aks_needs():
    planned, _ = made_of(hub_and_spoke(shop(ingress="application-gateway")))
    nodes = str(one(planned.subnets, "shop-nodes").prefixes[0])
    rules = one(planned.security_groups, "spoke-shop-nodes-nsg").rules
    flows = {(e.sources, e.destinations, e.direction): e.ports for e in rules}
    for one_side, other in product([nodes, str(POD_CIDR)], repeat=2):
        for way in ("Inbound", "Outbound"):
            assert flows[(one_side,), (other,), way] == ("*",)
    out = [
        (e.protocol, *e.destinations, *e.ports) for e in rules if e.name[-4:] == "-out"
    ]
    assert out[4:] == [
        ("Tcp", "AzureCloud", "443"),
        ("Tcp", "AzureCloud", "9000"),
        ("Udp", "AzureCloud", "1194"),
        ("Tcp", "MicrosoftContainerRegistry", "443"),
        ("Tcp", "AzureFrontDoor.FirstParty", "443"),
        ("Udp", "Internet", "123"),
    ]


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ({"private": True}, {"AzureCloud"}),
        ({"vnet_integration": True}, {"AzureCloud"}),
        ({"outbound_type": "none"}, set()),
        ({"outbound_type": "Block"}, set()),
    ],
)
def test_no_tunnel_where_none_is_needed_and_nothing_public_in_isolation(fields, tags):
    planned, _ = made_of(hub_and_spoke(shop(**fields)))
    rules = one(planned.security_groups, "spoke-shop-nodes-nsg").rules
    assert not {e.ports for e in rules} & {("9000",), ("1194",)}
    public = {e for rule in rules for e in rule.destinations if "Azure" in e}
    assert public - {"AzureFrontDoor.FirstParty"} == tags


def test_api_servers_are_reached_from_nodes_pods_clients_and_probes():
    planned, _ = made_of(hub_and_spoke(shop(vnet_integration=True)))
    here = str(one(planned.subnets, "shop-api-server").prefixes[0])
    rules = one(planned.security_groups, "spoke-shop-api-server-nsg").rules
    assert [(e.sources, e.ports) for e in rules] == [
        ((str(one(planned.subnets, "shop-nodes").prefixes[0]),), ("443", "4443")),
        ((str(POD_CIDR),), ("443", "4443")),
        (("VirtualNetwork",), ("443",)),
        (("AzureLoadBalancer",), ("9988",)),
    ]
    assert {e.destinations for e in rules} == {(here,)}


def test_each_family_has_rules_of_its_own():
    plan = hub_and_spoke(shop(needs=("dual-stack",)), dual=True)
    planned, _ = made_of(plan)
    rules = one(planned.security_groups, "spoke-shop-nodes-nsg").rules
    pairs = [each.name for each in rules if each.name.startswith("allow-nodes-to-pods")]
    ways = ("in", "in-ipv6", "out", "out-ipv6")
    assert pairs == [f"allow-nodes-to-pods-{way}" for way in ways]
    for each in rules:
        texts = [e for e in (*each.sources, *each.destinations) if "/" in e]
        assert len({":" in text for text in texts}) <= 1
        assert each.name.endswith("-ipv6") == any(":" in text for text in texts)


def test_no_group_stands_where_azure_allows_none():
    names = [row.subnet for row in SERVICES.values() if not row.security_group]
    spares = tuple(SubnetPlan(each, length=26) for each in ["GatewaySubnet", "apps"])
    planned, _ = made_of(
        layout_plan(
            network("hub", services=ALL_SERVICES[:1]), network("other", subnets=spares)
        )
    )
    with_group = {e.name for e in planned.subnets if e.network_security_group}
    assert with_group == {"apps"}
    assert "GatewaySubnet" in names


def test_purposes_of_rules_are_those_of_subnets():
    assert {*ALLOWANCES} <= {"nodes", "pods", *SERVICES}
    assert all(
        row.page.startswith("https://") for e in ALLOWANCES.values() for row in e
    )


def test_names_are_unique_in_a_place_and_as_long_as_azure_lets_them():
    longest = "x" * RESOURCE_NAME.value
    wanted = [
        Named("a", "/g", "one"),
        Named("b", "/g", "ONE"),
        Named("c", "/h", "one"),
        Named("d", "/g", longest),
        Named("e", "/g", f"{longest}y"),
        Named("f", "/g", f"{longest}z"),
    ]
    names = own_names(wanted)
    assert (names["c"], names["d"]) == ("one", longest)
    assert all(len(each) <= RESOURCE_NAME.value for each in names.values())
    of_g = [names[e.key].lower() for e in wanted if e.home == "/g"]
    assert len(set(of_g)) == len(of_g)


def test_routes_lead_to_the_first_free_address_of_the_nearest_firewall():
    plan = hub_and_spoke(shop(outbound_type="userDefinedRouting"))
    planned, inventory = made_of(plan)
    (table,) = planned.route_tables
    (firewall,) = inventory.outlets
    subnet = one(planned.subnets, "AzureFirewallSubnet").prefixes[0]
    hop = Cidr.parse(f"{firewall.private_ips[0]}/32")
    assert hop.first == subnet.first + 4
    assert [str(e) for e in table.routes] == [
        f"default: 0.0.0.0/0 to VirtualAppliance {firewall.private_ips[0]}"
    ]
    assert (table.name, planned.outlets) == ("shop-routes", ())
    assert firewall.name == "hub-firewall"
    own = one(planned.subnets, "shop-nodes")
    assert {e.name for e in planned.subnets if e.route_table} == {own.name}


def test_a_firewall_of_ones_own_or_of_another_peer_will_do():
    own = layout_plan(
        network(
            "spoke",
            services=(ServicePlan("firewall"),),
            clusters=(shop(outbound_type="userDefinedRouting"),),
        )
    )
    peer = layout_plan(
        network("spoke", clusters=(shop(outbound_type="userDefinedRouting"),)),
        network("middle", services=(ServicePlan("firewall"),)),
        peerings=[(vnet_id("spoke"), vnet_id("middle"))],
    )
    for plan in (own, peer):
        planned, inventory = made_of(plan)
        assert planned.route_tables[0].routes
        assert told_of(inventory) == []


def test_without_a_firewall_the_missing_route_is_told():
    planned, inventory = made_of(
        hub_and_spoke(shop(outbound_type="userDefinedRouting"), services=())
    )
    assert planned.route_tables[0].routes == ()
    assert [rule for rule, _ in told_of(inventory)] == ["default-route-missing"]


def test_a_kubenet_gateway_has_the_routes_to_pods_but_no_way_by_an_appliance():
    gateways = []
    for outbound in ("loadBalancer", "userDefinedRouting"):
        kubenet = shop(
            "k", "kubenet", ingress="application-gateway", outbound_type=outbound
        )
        planned, _ = made_of(hub_and_spoke(kubenet))
        assert one(planned.subnets, "k-nodes").route_table
        gateways.append(one(planned.subnets, "k-gw").route_table)
    assert [each is not None for each in gateways] == [True, False]


def test_pods_that_leave_by_themselves_have_the_table_and_the_nat_gateway():
    for outbound, field in (
        ("userDefinedRouting", "route_table"),
        ("userAssignedNATGateway", "nat_gateway"),
    ):
        plan = hub_and_spoke(shop(model="cni-dynamic", outbound_type=outbound))
        planned, _ = made_of(plan)
        with_it = {e.name for e in planned.subnets if getattr(e, field)}
        assert with_it == {"shop-nodes", "shop-pods"}


@pytest.mark.parametrize(("ports", "count"), [(None, 1), (8_064, 2), (64_000, 10)])
def test_a_nat_gateway_has_as_many_addresses_as_its_clusters_need(ports, count):
    cluster = replace(
        shop(outbound_type="userAssignedNATGateway"), ports_per_node=ports
    )
    planned, inventory = made_of(hub_and_spoke(cluster))
    (gateway,) = planned.outlets
    names = [each.name for each in planned.public_addresses]
    assert sorted(names) == sorted(f"shop-nat-{n}" for n in range(1, count + 1))
    assert gateway.public_addresses == tuple(e.id for e in planned.public_addresses)
    assert told_of(inventory) == []


def sharing(*names, **fields):
    """Clusters whose nodes share a subnet."""
    subnet = f"{vnet_id('spoke')}/subnets/nodes"
    return [
        replace(
            each,
            cluster=replace(
                each.cluster,
                pools=tuple(replace(p, subnet=subnet) for p in each.cluster.pools),
            ),
        )
        for each in (shop(name, **fields) for name in names)
    ]


def test_clusters_that_share_a_subnet_share_its_table_and_its_gateway():
    nat = sharing("a", "b", outbound_type="userAssignedNATGateway")
    nat = [replace(each, ports_per_node=8_064) for each in nat]
    planned, inventory = made_of(hub_and_spoke(*nat, shop("c")))
    assert [each.name for each in planned.outlets] == ["a-nat"]
    assert len(planned.public_addresses) == 4
    routed = sharing("a", "b", outbound_type="userDefinedRouting")
    planned, other = made_of(hub_and_spoke(*routed, shop("c")))
    assert [each.name for each in planned.route_tables] == ["a-routes"]
    assert told_of(inventory) == told_of(other) == []


def test_sharing_joins_all_that_share_with_one():
    (a,) = sharing("a", outbound_type="userDefinedRouting")
    c = shop("c", outbound_type="userDefinedRouting")
    first, second = c.cluster.pools
    between = (first, replace(second, subnet=a.cluster.pools[0].subnet))
    own = shop("b", outbound_type="userDefinedRouting")
    c = replace(c, cluster=replace(c.cluster, pools=between))
    planned, inventory = made_of(hub_and_spoke(a, own, c))
    names = {e.name: name_of(e.route_table) for e in planned.subnets if e.route_table}
    assert names == {"nodes": "a-routes", "b-nodes": "b-routes", "c-nodes": "a-routes"}
    assert told_of(inventory) == []


def test_a_gateway_has_sixteen_addresses_at_the_most():
    many = [
        replace(each, ports_per_node=64_000)
        for each in sharing("a", "b", outbound_type="userAssignedNATGateway")
    ]
    planned, _ = made_of(hub_and_spoke(*many))
    assert len(planned.public_addresses) == 16


def there(*subnets, name="spoke", **fields):
    """A network that exists, and what is on some of its subnets."""
    home = vnet_id(name)
    fields.setdefault("prefixes", (Cidr.parse("10.9.0.0/16"),))
    return VNet(
        home,
        name,
        subnets=tuple(
            Subnet(
                f"{home}/subnets/{each}",
                each,
                (Cidr.parse(f"10.9.{number}.0/24"),),
                origin=OBSERVED,
                **on,
            )
            for number, (each, on) in enumerate(sorted(subnets))
        ),
        location="westeurope",
        origin=OBSERVED,
        **fields,
    )


def amid(plan, **nouns):
    """A plan with more in its inventory."""
    return replace(plan, inventory=replace(plan.inventory, **nouns))


def test_of_a_network_that_exists_only_what_is_new_is_planned():
    real = Peering(
        f"{vnet_id('spoke')}/virtualnetworkpeerings/to-far", "to-far", vnet_id("far")
    )
    plan = layout_plan(
        network("hub"),
        network("spoke", hub=vnet_id("hub"), clusters=(shop(),)),
        there=[there(("old", {}), peerings=(real,))],
    )
    planned, inventory = made_of(plan)
    part, whole = (one(e.vnets, "spoke") for e in (planned, inventory))
    assert [each.name for each in part.subnets] == ["shop-nodes"]
    assert [each.name for each in whole.subnets] == ["old", "shop-nodes"]
    assert [each.name for each in part.peerings] == ["to-hub"]
    assert [each.name for each in whole.peerings] == ["to-far", "to-hub"]
    assert part.origin == whole.origin == OBSERVED
    assert part.prefixes == whole.prefixes == (Cidr.parse("10.9.0.0/16"),)


def test_a_network_that_exists_with_all_of_it_is_not_planned_unless_space_is_added():
    plan = layout_plan(
        network("spoke", subnets=(SubnetPlan("old", length=24),)),
        there=[there(("old", {}))],
    )
    _, (home,), subnets, _ = placed(plan)
    planned, inventory = nouns_of(plan, (home,), subnets, ())
    assert planned.vnets == planned.security_groups == ()
    assert inventory.vnets == plan.inventory.vnets
    more = home._replace(added=(Cidr.parse("10.10.0.0/24"),))
    (part,) = nouns_of(plan, (more,), subnets, ())[0].vnets
    assert part.subnets == ()


@pytest.mark.parametrize(
    ("origin", "whence", "exists"),
    [
        (OBSERVED, "pinned", True),
        (Origin("main.json", "", 1, "proposed"), "pinned", True),
        (Origin(FILE, "", 1, "proposed"), "pinned", False),
        (OBSERVED, "new", False),
        (OBSERVED, "locked", False),
    ],
)
def test_a_network_exists_unless_the_plan_itself_drafts_it(origin, whence, exists):
    plan = layout_plan(
        network("spoke", subnets=(SubnetPlan("apps", length=24),)),
        there=[replace(there(), origin=origin)],
    )
    _, (home,), subnets, _ = placed(plan)
    planned, _ = nouns_of(plan, (home._replace(whence=whence),), subnets, ())
    assert len(planned.vnets) == 1
    kept = nouns_of(plan, (home._replace(whence=whence),), (), ())[0].vnets
    assert bool(kept) is not exists


def test_a_network_without_a_draft_is_made_of_the_plan():
    plan = layout_plan(network("spoke"))
    plan = replace(plan, inventory=replace(plan.inventory, vnets=()))
    _, networks, *_ = placed(layout_plan(network("spoke")))
    planned, inventory = nouns_of(plan, networks, (), ())
    (vnet,) = planned.vnets
    assert (vnet.name, vnet.location) == ("spoke", "westeurope")
    assert inventory.vnets == planned.vnets


def test_new_subnets_take_the_table_and_the_gateway_of_those_that_exist():
    table = f"{HOME}/routetables/theirs"
    gateway = f"{HOME}/natgateways/theirs"
    pools = ("old", "fresh")
    for model, outbound, field, identity in (
        ("kubenet", None, "route_table", table),
        ("cni-overlay", "userAssignedNATGateway", "nat_gateway", gateway),
    ):
        plan = shop(model=model, outbound_type=outbound)
        own = tuple(
            replace(pool, subnet=f"{vnet_id('spoke')}/subnets/{name}")
            for pool, name in zip(plan.cluster.pools, pools, strict=True)
        )
        plan = replace(plan, cluster=replace(plan.cluster, pools=own))
        made = layout_plan(
            network("spoke", clusters=(plan,)),
            there=[there(("old", {field: identity}))],
        )
        planned, inventory = made_of(made)
        assert planned.route_tables == planned.outlets == ()
        assert getattr(one(planned.subnets, "fresh"), field) == identity
        assert getattr(one(inventory.subnets, "old"), field) == identity


def test_what_exists_under_an_id_is_not_made_again():
    plan = hub_and_spoke(
        shop("k", "kubenet"),
        shop("n", outbound_type="userAssignedNATGateway"),
    )
    groups = (SecurityGroup(f"{HOME}/networksecuritygroups/spoke-spare-nsg", "theirs"),)
    plan = amid(
        plan,
        security_groups=groups,
        route_tables=(RouteTable(f"{HOME}/routetables/k-routes", "theirs"),),
        outlets=(Outlet(f"{HOME}/natgateways/n-nat", "theirs", "nat-gateway"),),
        public_addresses=(PublicAddress(f"{HOME}/publicipaddresses/p", "p"),),
    )
    planned, inventory = made_of(plan)
    assert planned.route_tables == planned.outlets == planned.public_addresses == ()
    assert groups[0].id not in {each.id for each in planned.security_groups}
    assert one(planned.subnets, "spare").network_security_group == groups[0].id
    assert one(planned.subnets, "n-nodes").nat_gateway == inventory.outlets[-1].id
    assert [each.name for each in inventory.route_tables] == ["theirs"]


def test_a_firewall_that_exists_is_taken_with_its_own_address():
    hub = there(("azurefirewallsubnet", {}), name="hub")
    plan = layout_plan(
        network("hub", services=(ServicePlan("firewall"),)),
        network(
            "spoke",
            hub=vnet_id("hub"),
            clusters=(shop(outbound_type="userDefinedRouting"),),
        ),
        there=[hub],
    )
    known = Outlet(f"{HOME}/azurefirewalls/f", "f", private_ips=("no ip", "10.9.0.9"))
    elsewhere = replace(known, id=f"{known.id}2", private_ips=("10.66.0.4",))
    planned, inventory = made_of(amid(plan, outlets=(known, elsewhere)))
    assert planned.route_tables[0].routes[0].next_hop == "10.9.0.9"
    assert inventory.outlets == (known, elsewhere)
    planned, inventory = made_of(amid(plan, outlets=(elsewhere,)))
    assert planned.route_tables[0].routes[0].next_hop == "10.9.0.4"
    assert len(inventory.outlets) == 2


def test_a_firewall_without_a_place_is_none():
    plan = layout_plan(network("hub", services=(ServicePlan("firewall"),)))
    _, networks, subnets, _ = placed(plan)
    unplaced = tuple(each._replace(prefixes=()) for each in subnets)
    planned, inventory = nouns_of(plan, networks, unplaced, ())
    assert inventory.outlets == ()
    assert [each.prefixes for each in planned.subnets] == [()]


def links(inventory):
    """Names of zones, and of the networks that they are linked to."""
    found = {}
    for each in inventory.zone_links:
        found.setdefault(name_of(each.zone), []).append(name_of(each.vnet))
    return found


def test_a_private_cluster_has_a_zone_that_the_hub_and_clients_resolve():
    plan = layout_plan(
        network("hub"),
        network("ops", hub=vnet_id("hub"), services=(ServicePlan("jump-boxes"),)),
        network("spoke", hub=vnet_id("hub"), clusters=(shop(private=True),)),
        network("alone", services=(ServicePlan("build-agents"),)),
        network("other", hub=vnet_id("hub")),
    )
    planned, inventory = made_of(plan)
    assert links(planned) == {
        "privatelink.westeurope.azmk8s.io": ["hub", "ops", "spoke"]
    }
    (cluster,) = planned.clusters
    assert cluster.private_dns_zone == planned.zone_links[0].zone
    assert cluster.private_dns_zone.startswith(f"{HOME}/privatednszones/")
    assert cluster.identity == "UserAssigned"
    zones = {name_of(e.network): e.dns_zones for e in inventory.clients}
    assert zones == {"ops": ("privatelink.westeurope.azmk8s.io",), "alone": ()}
    assert [rule for rule, _ in told_of(inventory)] == [
        "private-api-server-unreachable"
    ]


@pytest.mark.parametrize(
    ("fields", "location", "zone"),
    [
        ({"private": True}, "West Europe", "privatelink.westeurope.azmk8s.io"),
        (
            {"private": True, "vnet_integration": True},
            "westeurope",
            "private.westeurope.azmk8s.io",
        ),
        ({"private": True}, None, None),
        ({"private": True, "private_dns_zone": "system"}, "westeurope", None),
        ({"private": True, "private_dns_zone": "none"}, "westeurope", None),
        ({"vnet_integration": True}, "westeurope", None),
        ({"private_dns_zone": f"{HOME}/privatednszones/z"}, "westeurope", None),
        (
            {"private": True, "private_dns_zone": f"{HOME}/privatednszones/own"},
            "westeurope",
            "own",
        ),
    ],
)
def test_which_zone_a_cluster_has(fields, location, zone):
    home = network("spoke", location=location, clusters=(shop(**fields),))
    planned, _ = made_of(layout_plan(home))
    stated = fields.get("private_dns_zone")
    found = planned.clusters[0].private_dns_zone
    assert found == stated or name_of(found) == zone
    assert links(planned) == ({zone: ["spoke"]} if zone else {})


def test_zones_of_private_endpoints_are_linked_where_they_are_asked():
    plan = layout_plan(
        network("hub", endpoints=(EndpointPlan("monitor"), EndpointPlan("blob"))),
        network("a", hub=vnet_id("hub"), endpoints=(EndpointPlan("registry", 2),)),
        network("b", hub=vnet_id("hub")),
        network("alone"),
    )
    found = links(made_of(plan)[0])
    assert found.pop("privatelink.azurecr.io") == ["a", "b", "hub"]
    assert len(found) == 5
    assert all(each == ["a", "b", "hub"] for each in found.values())


def test_a_network_is_linked_to_one_zone_of_a_name():
    zone = f"{GROUP}-dns/providers/microsoft.network/privatednszones"
    known = f"{zone}/privatelink.azurecr.io"
    link = ZoneLink(f"{known}/virtualnetworklinks/x", "x", vnet_id("hub"))
    plan = amid(
        layout_plan(
            network("hub"),
            network("a", hub=vnet_id("hub"), endpoints=(EndpointPlan("registry"),)),
            network("z", endpoints=(EndpointPlan("registry"),)),
            network("y"),
            peerings=[(vnet_id("z"), vnet_id("y")), (vnet_id("a"), vnet_id("y"))],
        ),
        zone_links=(link,),
    )
    planned, inventory = made_of(plan)
    homes = {name_of(e.vnet): e.zone for e in planned.zone_links}
    assert homes == {
        "a": known,
        "y": known,
        "z": f"{HOME}/privatednszones/privatelink.azurecr.io",
    }
    assert set(inventory.zone_links) == {link, *planned.zone_links}


PRIVATE = """
ipplan: 1
networks:
  - name: spoke
    resource_group: apps
    location: westeurope
    services: [{kind: jump-boxes}]
    clusters:
      - {name: shop, model: kubenet, pools: [{name: a, nodes: 3}], private: true}
"""


@pytest.mark.parametrize("zone", ["system", None, f"{HOME}/privatednszones/own"])
def test_the_zone_and_identity_of_a_cluster_that_exists_are_not_changed(tmp_path, zone):
    file = tmp_path / "plan.yaml"
    file.write_text(PRIVATE, encoding="utf-8")
    first = lay_out(read_layout_plan(str(file)))
    (made,) = first.inventory.clusters
    kept = replace(made, private_dns_zone=zone, identity="SystemAssigned")
    there = replace(first.inventory, clusters=(kept,), clients=(), zone_links=())
    document = json.dumps(inventory_document(there))
    (tmp_path / "there.json").write_text(document, encoding="utf-8")
    file.write_text(f"existing: [there.json]\n{PRIVATE}", encoding="utf-8")
    (cluster,) = lay_out(read_layout_plan(str(file))).inventory.clusters
    assert cluster.private_dns_zone == (zone or "system")
    assert cluster.identity == "SystemAssigned"


def test_links_to_networks_of_one_name_are_told_apart():
    other = f"{GROUP}2/providers/microsoft.network/virtualnetworks/spoke"
    plan = layout_plan(
        network("spoke", endpoints=(EndpointPlan("registry"),)),
        replace(network("spoke"), id=other),
        peerings=[(vnet_id("spoke"), other)],
    )
    planned, _ = made_of(plan)
    ids = {each.id for each in planned.zone_links}
    assert len(ids) == len(planned.zone_links) == 2


def test_a_zone_is_not_linked_to_what_no_file_shows():
    plan = layout_plan(
        network("a", hub=vnet_id("gone"), endpoints=(EndpointPlan("registry"),))
    )
    plan = amid(plan, vnets=plan.inventory.vnets[:1])
    assert links(made_of(plan)[0]) == {"privatelink.azurecr.io": ["a"]}


def test_clients_keep_what_is_stated_and_what_their_own_servers_resolve():
    spoke = there(dns_servers=("10.9.0.4", "fd00::4", "no address"))
    plan = layout_plan(
        network("spoke", clusters=(shop(private=True),)),
        network("hub", services=(ServicePlan("jump-boxes"),)),
        there=[spoke],
    )
    stated = [
        Client("own-servers", "jump-box", vnet_id("spoke")),
        Client("stated", "jump-box", vnet_id("hub"), ("contoso.internal",)),
        Client("elsewhere", "jump-box", "dc"),
    ]
    planned, inventory = made_of(amid(plan, clients=tuple(stated)))
    assert inventory.clients == tuple(stated)
    rules = one(planned.security_groups, "spoke-shop-nodes-nsg").rules
    (dns,) = [each for each in rules if each.ports == ("53",)]
    assert dns.destinations == ("10.9.0.4/32",)


def test_peerings_get_plain_names_and_none_twice():
    far = f"{GROUP}2/providers/microsoft.network/virtualnetworks/hub"
    farther = f"{GROUP}3/providers/microsoft.network/virtualnetworks/hub"
    real = Peering(
        f"{vnet_id('spoke')}/virtualnetworkpeerings/to-hub", "to-hub", farther
    )
    plan = layout_plan(
        network("spoke"),
        network("hub"),
        replace(network("hub"), id=far),
        peerings=[(vnet_id("spoke"), vnet_id("hub")), (vnet_id("spoke"), far)],
        there=[there(peerings=(real,))],
    )
    planned, inventory = made_of(plan)
    (spoke,) = [each for each in inventory.vnets if each.name == "spoke"]
    assert [each.name for each in spoke.peerings] == [
        "to-hub",
        "to-net-hub",
        "to-net2-hub",
    ]
    (part,) = [each for each in planned.vnets if each.name == "spoke"]
    assert [each.remote for each in part.peerings] == [vnet_id("hub"), far]


def test_other_networks_get_their_side_of_a_peering_unless_nobody_has_seen_them():
    for seen in (True, False):
        hub = there(("AzureBastionSubnet", {}), name="hub", seen=seen)
        plan = layout_plan(network("spoke", hub=hub.id), there=[hub])
        planned, inventory = made_of(plan)
        found = {each.name: each for each in planned.vnets}
        assert {*found} == ({"hub", "spoke"} if seen else {"spoke"})
        if seen:
            assert found["hub"].subnets == ()
            assert [each.name for each in found["hub"].peerings] == ["to-spoke"]
        assert one(inventory.vnets, "hub").subnets == hub.subnets


def test_what_the_plan_says_of_a_cluster_is_left():
    stated = {
        "identity": "ServicePrincipal",
        "location": "northeurope",
        "dns_service_ip": "172.16.0.77",
        "assumed": ("pod_cidrs", "pools.subnet"),
    }
    planned, _ = made_of(hub_and_spoke(shop(**stated)))
    (cluster,) = planned.clusters
    assert {name: getattr(cluster, name) for name in stated} == {
        **stated,
        "assumed": ("pools.subnet",),
    }


@pytest.mark.parametrize(
    ("ranges", "address"),
    [
        (["172.16.0.0/16"], "172.16.0.10"),
        (["fd12::/108", "172.16.0.0/28"], "172.16.0.10"),
        (["172.16.0.0/29"], None),
        ([], None),
    ],
)
def test_dns_is_the_tenth_address_of_the_service_cidr(ranges, address):
    plan = hub_and_spoke(shop())
    _, networks, subnets, (cluster,) = placed(plan)
    own = cluster._replace(service_cidrs=tuple(map(Cidr.parse, ranges)))
    planned, _ = nouns_of(plan, networks, subnets, (own,))
    assert planned.clusters[0].dns_service_ip == address


def test_subnets_say_where_the_plan_asks_for_them():
    line = Origin(FILE, ".networks[1].subnets[0]", 9, "proposed")
    spare = SubnetPlan("spare", length=26, origin=line)
    boxes = ServicePlan("jump-boxes", "Ops", origin=line._replace(line=10))
    cluster = shop()
    own = replace(cluster.cluster, origin=line._replace(line=11))
    home = network(
        "spoke",
        subnets=(spare,),
        services=(boxes,),
        endpoints=(EndpointPlan("blob"),),
        clusters=(replace(cluster, cluster=own),),
    )
    planned, _ = made_of(layout_plan(home))
    lines = {each.name: each.origin.line for each in planned.subnets}
    assert lines == {"spare": 9, "Ops": 10, "shop-nodes": 11, "private-endpoints": 3}


def test_delegations_and_service_endpoints_are_those_of_the_want():
    home = network(
        "a",
        subnets=(
            SubnetPlan("x", 28, service_endpoints=("Microsoft.Sql", "Microsoft.Web")),
        ),
        services=(ServicePlan("netapp"),),
    )
    planned, _ = made_of(layout_plan(home))
    found = {e.name: (e.delegations, e.service_endpoints) for e in planned.subnets}
    assert found == {
        "netapp": (("Microsoft.NetApp/volumes",), ()),
        "x": ((), ("Microsoft.Sql", "Microsoft.Web")),
    }


EVERYTHING = """
ipplan: 1
address_pools:
  - {name: azure, ranges: [10.64.0.0/12, "fd00:10::/40"]}
  - {name: pods, ranges: [100.64.0.0/10, "fd00:20::/40"], use: pods}
  - {name: services, ranges: [172.16.0.0/14, "fd00:30::/40"], use: services}
networks:
  - name: hub
    resource_group: net
    location: westeurope
    services:
      - {kind: firewall}
      - {kind: bastion}
      - {kind: vpn-gateway}
      - {kind: jump-boxes, count: 2, name: snet-ops}
      - {kind: build-agents, count: 4}
  - name: spoke
    resource_group: apps
    hub: hub
    location: westeurope
    dual_stack: DUAL
    private_endpoints:
      - {kind: registry, replicas: 1}
      - {kind: key-vault}
    clusters:
      - name: shop
        model: MODEL
        pools:
          - {name: system, mode: system, nodes: 3, max_pods: 30}
          - {name: web, mode: user, nodes: 40, subnet: web-nodes, max_pods: 30}
        growth: 20%
        twin: blue-green
        private: PRIVATE
        vnet_integration: INTEGRATED
        outbound_type: OUTBOUND
        internal_load_balancers: 2
        ingress: {kind: application-gateway, instances: 10}
"""


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("outbound", OUTBOUND[1:])
def test_plans_as_people_write_them_pass_from_file_to_rules(tmp_path, model, outbound):
    file = tmp_path / "plan.yaml"
    for private, integrated in product(("true", "false"), repeat=2):
        text = EVERYTHING
        dual = str(model == "cni-overlay" and outbound == "loadBalancer").lower()
        for word, value in {
            "MODEL": model,
            "OUTBOUND": outbound,
            "PRIVATE": private,
            "INTEGRATED": integrated,
            "DUAL": dual,
        }.items():
            text = text.replace(word, value)
        file.write_text(text, encoding="utf-8")
        found = lay_out(read_layout_plan(str(file)))
        assert found.unfit == ()
        assert told_of(found.inventory) == told_of(found.planned) == []


@pytest.mark.parametrize("name", ["aks-baseline", "aks-baseline-regulated"])
def test_microsofts_baselines_pass_every_rule(name):
    found = lay_out(read_layout_plan(str(SAMPLES / f"{name}.yaml")))
    rules = {rule for rule, _ in told_of(found.inventory)}
    assert rules <= {"feature-retirement"}


@pytest.mark.parametrize(
    ("model", "outbound", "integrated"),
    [
        ("cni-overlay", "userDefinedRouting", "false"),
        ("kubenet", "userDefinedRouting", "true"),
        ("cni-static-block", "userAssignedNATGateway", "false"),
    ],
)
def test_of_what_was_deployed_nothing_is_planned_again(
    tmp_path, model, outbound, integrated
):
    text = EVERYTHING.replace("MODEL", model).replace("OUTBOUND", outbound)
    text = text.replace("INTEGRATED", integrated).replace("PRIVATE", "true")
    text = text.replace("DUAL", "false")
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    first = lay_out(read_layout_plan(str(tmp_path / "plan.yaml")))
    (tmp_path / "there.json").write_text(emit(first, "arm"), encoding="utf-8")
    again = f"existing: [there.json]\n{text}"
    (tmp_path / "again.yaml").write_text(again, encoding="utf-8")
    second = lay_out(read_layout_plan(str(tmp_path / "again.yaml")))
    assert second.planned == Inventory()
    assert told_of(second.inventory) == []
    assert len(second.inventory.clusters) == len(first.planned.clusters)
    zones = [each.private_dns_zone for each in second.inventory.clusters]
    assert len(set(map(name_of, filter(None, zones)))) == 1


GROWING = """
networks:
  - name: spoke
    location: westeurope
    resource_group: net
    ranges: [10.1.0.0/16]
    clusters:
      - {name: shop, model: cni-overlay, pools: [{name: system, nodes: 3}]}
"""


def test_a_cluster_beside_one_that_exists_is_planned_alone(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text(GROWING, encoding="utf-8")
    first = lay_out(read_layout_plan(str(file)))
    assert [each.name for each in first.planned.clusters] == ["shop"]
    (tmp_path / "there.json").write_text(emit(first, "arm"), encoding="utf-8")
    more = GROWING + GROWING.splitlines()[-1].replace("shop", "news") + "\n"
    file.write_text(f"existing: [there.json]\n{more}", encoding="utf-8")
    second = lay_out(read_layout_plan(str(file)))
    assert [each.name for each in second.planned.clusters] == ["news"]
    assert [each.name for each in second.inventory.clusters] == ["news", "shop"]
    assert [each.exists for _, each in second.plan.clusters] == [True, False]
    assert told_of(second.inventory) == []
