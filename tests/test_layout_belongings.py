"""What belongs to a layout: clusters as large as planned, and their ways out."""

from dataclasses import replace
from datetime import date

import pytest

from ipplan import check
from ipplan.cidrs import Cidr
from ipplan.documents.layouts import layout_document
from ipplan.emitters import emit
from ipplan.findings import Severity
from ipplan.inventory.networks import Subnet, VNet
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import Route, RouteTable
from ipplan.layouts.demands.egress import egress
from ipplan.layouts.demands.growths import grown
from ipplan.layouts.layouts import lay_out
from ipplan.layouts.plans import EndpointPlan, ServicePlan
from ipplan.layouts.rules import findings
from ipplan.models import MODELS
from ipplan.readers.layouts import read_layout_plan
from ipplan.surges import surge_nodes
from tests.site_plans import (
    HOME,
    OBSERVED,
    cluster_plan,
    layout_plan,
    network,
    vnet_id,
)
from tests.test_layout_nouns import hub_and_spoke, made_of, one, rules_of, shop, told_of

AS_OF = date(2026, 11, 1)
BY_ROUTES = "userDefinedRouting"

PLAN = """
ipplan: 1
address_pools:
  - {{name: azure, ranges: [10.0.0.0/8]}}
  - {{name: pods, ranges: [100.64.0.0/10], use: pods}}
  - {{name: services, ranges: [172.16.0.0/14], use: services}}
networks:
  - name: spoke
    location: westeurope{more}
    clusters:
      - name: shop
        model: {model}
        growth: {growth}%
        pools: [{{name: web, mode: system, nodes: {nodes}, max_pods: 30{now}}}]
"""
FAILOVER = """
    failover: {name: other, location: northeurope, load: LOAD}"""


def laid_out(folder, model, nodes, **words):
    """A plan of one pool, from its file."""
    said = {"growth": 0, "more": "", "now": "", **words}
    text = PLAN.format(model=model, nodes=nodes, **said)
    (folder / "plan.yaml").write_text(text, "utf-8")
    return lay_out(read_layout_plan(str(folder / "plan.yaml")))


def broken(layout):
    """Names of the rules that say more than a note."""
    found = check(layout.inventory, as_of=AS_OF).findings
    return {each.rule for each in found if each.severity is not Severity.NOTE}


# As large as planned.


@pytest.mark.parametrize(
    ("sizes", "rule", "breaks"),
    [
        (("kubenet", 300, 0), "kubenet-route-limit", False),
        (("kubenet", 300, 21), "kubenet-route-limit", False),  # 363 and a surge of 37
        (("kubenet", 300, 22), "kubenet-route-limit", True),
        (("kubenet", 300, 50), "kubenet-route-limit", True),
        # 2,114 nodes and surge of 31 addresses are 65,534.
        (("cni-node-subnet", 1130, 70), "vnet-address-limit", False),
        (("cni-node-subnet", 1130, 71), "vnet-address-limit", True),
        (("cni-node-subnet", 900, 0), "vnet-address-limit", False),
        (("cni-node-subnet", 900, 120), "vnet-address-limit", True),
    ],
)
def test_rules_judge_a_cluster_as_large_as_it_will_be(tmp_path, sizes, rule, breaks):
    model, nodes, growth = sizes
    layout = laid_out(tmp_path, model, nodes, growth=growth)
    assert (rule in broken(layout)) is breaks


@pytest.mark.parametrize(("load", "breaks"), [("standby", False), ("shared", True)])
def test_rules_judge_the_load_of_a_twin(tmp_path, load, breaks):
    more = FAILOVER.replace("LOAD", load)
    layout = laid_out(tmp_path, "kubenet", 256, more=more)
    assert ("kubenet-route-limit" in broken(layout)) is breaks


CODE = {
    "arm": ('"count": {}', '"minCount": {}', '"maxCount": {}'),
    "bicep": ("count: {}", "minCount: {}", "maxCount: {}"),
    "terraform": ("node_count = {}", "min_count = {}", "max_count = {}"),
    "az": ("--node-count='{}'", "--min-count='{}'", "--max-count='{}'"),
}
"""How code says what a pool starts with, and between what its autoscaler keeps it."""


def pools_of(layout):
    return [each for cluster in layout.planned.clusters for each in cluster.pools]


@pytest.mark.parametrize(
    ("growth", "now", "sizes"),
    [
        (0, "", (10, None)),
        (25, "", (13, 10)),
        (25, ", nodes_now: 4", (13, 4)),
        (0, ", nodes_now: 4", (10, 4)),
    ],
)
def test_an_autoscaler_gets_from_what_is_there_to_what_is_planned(
    tmp_path, growth, now, sizes
):
    layout = laid_out(tmp_path, "cni-overlay", 10, growth=growth, now=now)
    (pool,) = pools_of(layout)
    assert (pool.nodes, pool.current) == sizes
    most, least = sizes[0], sizes[1] or sizes[0]
    for language, words in CODE.items():
        text = " ".join(emit(layout, language).split())
        assert words[0].format(least) in text
        assert (words[1].format(least) in text) is (least < most)
        assert (words[2].format(most) in text) is (least < most)


def test_a_pool_without_nodes_stays_without():
    pool = NodePool("spare", 0)
    plan = cluster_plan("spoke")
    plan = replace(plan, cluster=replace(plan.cluster, pools=(pool,)), growth=50)
    assert grown(plan).pools == (pool,)


@pytest.mark.parametrize("model", MODELS)
def test_the_report_counts_the_nodes_that_rules_count(tmp_path, model):
    layout = laid_out(
        tmp_path, model, 40, growth=33, more=FAILOVER.replace("LOAD", "shared")
    )
    document = layout_document(layout, check(layout.inventory, as_of=AS_OF))
    for told, cluster in zip(
        document["clusters"], layout.planned.clusters, strict=True
    ):
        (pool,) = cluster.pools
        surge = surge_nodes(pool.nodes, pool.surge)
        assert told["nodes"] == pool.nodes == -(-40 * 2 * 133 // 100)
        assert told["surge_nodes"] == surge
    for each in layout.clusters:
        assert egress(each.plan).nodes == pool.nodes


# Ways out.


def routed(**fields):
    return shop(outbound_type=BY_ROUTES, **fields)


MACHINES = (ServicePlan("jump-boxes"), ServicePlan("build-agents"))


def tables_of(planned):
    """Names of route tables by those of the subnets that have them."""
    names = {each.id: each.name for each in planned.route_tables}
    return {e.name: names[e.route_table] for e in planned.subnets if e.route_table}


def test_machines_beside_a_cluster_leave_by_its_firewall():
    plan = hub_and_spoke(routed(), spoke={"services": MACHINES})
    planned, inventory = made_of(plan)
    assert tables_of(planned) == {
        "shop-nodes": "shop-routes",
        "jump-boxes": "spoke-machines-routes",
        "build-agents": "spoke-machines-routes",
    }
    first, second = (each.routes for each in planned.route_tables)
    assert first == second != ()
    assert told_of(inventory) == []


def test_machines_have_no_table_without_a_firewall_or_such_a_cluster():
    for cluster, hub in ((routed(), ()), (shop(), (ServicePlan("firewall"),))):
        plan = hub_and_spoke(cluster, services=hub, spoke={"services": MACHINES})
        planned, _ = made_of(plan)
        assert {"jump-boxes", "build-agents"}.isdisjoint(tables_of(planned))


def test_machines_among_the_nodes_have_the_table_of_these():
    boxes = ServicePlan("jump-boxes", "shop-nodes")
    plan = hub_and_spoke(routed(), spoke={"services": (boxes,)})
    planned, inventory = made_of(plan)
    assert tables_of(planned) == {"shop-nodes": "shop-routes"}
    assert told_of(inventory) == []


def test_machines_beside_kubenet_do_not_have_its_table():
    cluster = routed(model="kubenet")
    planned, inventory = made_of(hub_and_spoke(cluster, spoke={"services": MACHINES}))
    assert tables_of(planned)["jump-boxes"] == "spoke-machines-routes"
    assert told_of(inventory) == []


def test_a_table_of_machines_that_exists_is_taken_again():
    plan = hub_and_spoke(routed(), spoke={"services": MACHINES})
    there = RouteTable(
        f"{HOME}/routetables/spoke-machines-routes", "theirs", origin=OBSERVED
    )
    inventory = replace(plan.inventory, route_tables=(there,))
    planned, _ = made_of(replace(plan, inventory=inventory))
    assert [each.name for each in planned.route_tables] == ["shop-routes"]
    taken = {each.name for each in planned.subnets if each.route_table == there.id}
    assert taken == {"jump-boxes", "build-agents"}


def test_virtual_nodes_leave_with_their_cluster_and_gateways_do_not():
    cluster = routed(
        model="cni-node-subnet",
        ingress="application-gateway",
        vnet_integration=True,
        needs=("virtual-nodes",),
    )
    virtual = ServicePlan("virtual-nodes", "virtual", cluster=cluster.cluster.id)
    cluster = replace(cluster, services=(*cluster.services, virtual))
    planned, inventory = made_of(hub_and_spoke(cluster))
    assert tables_of(planned) == {
        "shop-nodes": "shop-routes",
        "virtual": "shop-routes",
    }
    assert told_of(inventory) == []


def told(plan):
    """What a layout itself finds of its routes."""
    found = findings(lay_out(plan))
    return [each for each in found if each.rule.endswith("-unrouted")]


@pytest.mark.parametrize("model", ["kubenet", "cni-node-subnet"])
@pytest.mark.parametrize("outbound", [BY_ROUTES, "loadBalancer"])
def test_a_kubenet_gateway_can_not_have_a_table_that_leads_to_an_appliance(
    model, outbound
):
    cluster = shop(model=model, ingress="application-gateway", outbound_type=outbound)
    found = told(hub_and_spoke(cluster))
    if (model, outbound) != ("kubenet", BY_ROUTES):
        assert found == []
        return
    (hit,) = found
    assert (hit.rule, hit.severity) == ("layout-gateway-unrouted", Severity.ERROR)
    assert hit.message == (
        "the Application Gateway of shop in shop-gw finds no pod: it needs the route "
        "table of shop, and may not have that one's default route to an appliance"
    )
    assert "cni-overlay" in hit.fix


def test_a_gateway_that_exists_with_a_table_of_its_own_is_left():
    cluster = shop(
        model="kubenet", ingress="application-gateway", outbound_type=BY_ROUTES
    )
    for table, count in (("/x/routetables/own", 0), (None, 1)):
        home = vnet_id("spoke")
        subnet = Subnet(
            f"{home}/subnets/shop-gw",
            "shop-gw",
            (Cidr.parse("10.2.0.0/24"),),
            route_table=table,
            origin=OBSERVED,
        )
        vnet = VNet(
            home, "spoke", (Cidr.parse("10.2.0.0/16"),), (subnet,), origin=OBSERVED
        )
        plan = layout_plan(network("spoke", clusters=(cluster,)), there=(vnet,))
        assert len(told(plan)) == count


@pytest.mark.parametrize("dual", [True, False])
@pytest.mark.parametrize("outbound", [BY_ROUTES, "loadBalancer"])
def test_a_dual_stack_cluster_without_a_route_for_ipv6_is_told(dual, outbound):
    needs = ("dual-stack",) * dual
    found = told(hub_and_spoke(shop(outbound_type=outbound, needs=needs), dual=dual))
    assert len(found) == (dual and outbound == BY_ROUTES)
    for hit in found:
        assert (hit.rule, hit.severity) == (
            "layout-dual-stack-unrouted",
            Severity.WARNING,
        )
        assert hit.message == (
            "shop is dual-stack, and its route table shop-routes has no route for ::/0"
        )


@pytest.mark.parametrize(
    ("routes", "unresolved", "count"),
    [
        ((Route("six", "::/0", "VirtualAppliance", "fd00::4"),), (), 0),
        ((), ("routes",), 0),
        ((), (), 1),
    ],
)
def test_a_table_that_exists_counts_where_it_is_known(routes, unresolved, count):
    home = vnet_id("spoke")
    table = RouteTable(f"{HOME}/routetables/t", "t", routes, unresolved)
    subnet = Subnet(
        f"{home}/subnets/shop-nodes",
        "shop-nodes",
        (Cidr.parse("10.2.0.0/24"), Cidr.parse("fd00:2::/64")),
        route_table=table.id,
        origin=OBSERVED,
    )
    spaces = (Cidr.parse("10.2.0.0/16"), Cidr.parse("fd00:2::/48"))
    vnet = VNet(home, "spoke", spaces, (subnet,), origin=OBSERVED)
    cluster = shop(outbound_type=BY_ROUTES, needs=("dual-stack",))
    plan = layout_plan(
        network("spoke", dual_stack=True, clusters=(cluster,)), there=(vnet,)
    )
    inventory = replace(plan.inventory, route_tables=(table,))
    assert len(told(replace(plan, inventory=inventory))) == count


# Subnets that are for several things.


def test_jump_boxes_among_private_endpoints_are_reached_from_bastion_alone():
    boxes = ServicePlan("jump-boxes", "shared")
    plan = hub_and_spoke(
        shop(),
        spoke={
            "services": (boxes,),
            "endpoints": (EndpointPlan("registry"),),
            "endpoint_subnet": "shared",
        },
    )
    planned, inventory = made_of(plan)
    inbound = [
        (each.priority, each.access, each.sources, each.ports)
        for each in one(planned.security_groups, "spoke-shared-nsg").rules
        if each.direction == "Inbound"
    ]
    bastion = str(one(planned.subnets, "AzureBastionSubnet").prefixes[0])
    assert inbound == [
        (100, "Allow", (bastion,), ("22", "3389")),
        (110, "Deny", ("*",), ("22", "3389")),
        (120, "Allow", ("VirtualNetwork",), ("443",)),
    ]
    assert told_of(inventory) == []


def decision(rules, source, port):
    """Of inbound TCP from an address, by the first rule that matches it."""
    address = Cidr.parse(f"{source}/32")
    for each in sorted(rules, key=lambda rule: rule.priority):
        ranges = [Cidr.parse(e) for e in each.sources if e[0].isdigit()]
        inside = any(e.covers(address) for e in ranges)
        anyone = not {"*", "VirtualNetwork"}.isdisjoint(each.sources)
        if (
            each.direction == "Inbound"
            and (inside or anyone)
            and not {"*", port}.isdisjoint(each.ports)
        ):
            return each.access
    return "Deny"


@pytest.mark.parametrize("model", MODELS)
def test_jump_boxes_among_nodes_leave_traffic_of_nodes_whole(model):
    boxes = ServicePlan("jump-boxes", "shop-nodes")
    plan = hub_and_spoke(shop(model=model), spoke={"services": (boxes,)})
    planned, inventory = made_of(plan)
    rules = one(planned.security_groups, "spoke-shop-nodes-nsg").rules

    def first(name):
        subnet = one(planned.subnets, name).prefixes[0]
        return str(Cidr(4, subnet.first + 4, 32)).partition("/")[0]

    for port in ("22", "3389"):
        assert decision(rules, first("AzureBastionSubnet"), port) == "Allow"
        assert decision(rules, first("shop-nodes"), port) == "Allow"
        assert decision(rules, first("build-agents"), port) == "Deny"
    assert decision(rules, first("shop-nodes"), "10250") == "Allow"
    found = {each.rule for each in check(inventory, as_of=AS_OF).findings}
    assert "nsg-cuts-node-traffic" not in found
    assert told_of(inventory) == []


def test_two_gateways_in_one_subnet_have_neither_group_nor_table():
    both = (
        ServicePlan("vpn-gateway"),
        ServicePlan("expressroute-gateway"),
        ServicePlan("firewall"),
    )
    planned, inventory = made_of(hub_and_spoke(routed(), services=both))
    subnet = one(planned.subnets, "GatewaySubnet")
    assert (subnet.network_security_group, subnet.route_table) == (None, None)
    assert told_of(inventory) == []
    assert rules_of(planned, "spoke-shop-nodes-nsg")


@pytest.mark.parametrize(
    ("ranges", "joined", "told"),
    [
        (("10.1.0.0/24", "10.1.0.0/25"), False, 1),
        (("10.1.0.0/24", "10.1.0.0/24"), False, 1),
        (("10.1.0.0/24", "10.1.1.0/24"), False, 0),
        (("10.1.0.0/24", "10.1.0.0/25"), True, 0),  # ipplan check says that
    ],
)
def test_networks_of_one_plan_that_overlap_are_told(tmp_path, ranges, joined, told):
    one, two = ranges
    hub = "    hub: one\n" if joined else ""
    text = (
        f"networks:\n  - {{name: one, ranges: [{one}]}}\n"
        f"  - name: two\n{hub}    ranges: [{two}]\n"
        "  - {name: far, ranges: [10.9.0.0/24]}\n"
    )
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    layout = lay_out(read_layout_plan(str(tmp_path / "plan.yaml")))
    found = [e for e in findings(layout) if e.rule == "layout-networks-overlap"]
    assert len(found) == told
    assert all(each.location and each.location.line for each in found)


def emitted(folder, text):
    """A layout of one spoke as code in every language."""
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    layout = lay_out(read_layout_plan(str(folder / "plan.yaml")))
    return {each: emit(layout, each) for each in ("arm", "bicep", "terraform", "az")}


SPOKE = """\
networks:
  - name: spoke
    location: westeurope
    dual_stack: DUAL
    clusters:
      - name: shop
        model: MODEL
        needs: [NEED]
        private: PRIVATE
        ports_per_node: 8000
        pools: [{name: web, nodes: 40, nodes_now: 3}]
address_pools: [{name: all, ranges: [10.0.0.0/16, "fd00:10::/48"]}]
"""


def spoke(model="cni-overlay", need="", private="false", dual="false"):
    words = {"MODEL": model, "NEED": need, "PRIVATE": private, "DUAL": dual}
    text = SPOKE
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def test_pools_that_aks_adds_nodes_to_have_no_autoscaler(tmp_path):
    scaled = emitted(tmp_path, spoke())
    assert all("autoscal" in e.lower().replace("_", "") for e in scaled.values())
    own = emitted(tmp_path, spoke(need="node-auto-provisioning"))
    assert not any("autoscal" in e.lower().replace("_", "") for e in own.values())


def test_nodes_and_routes_that_aks_adds_are_kept_by_terraform(tmp_path):
    code = emitted(tmp_path, spoke("kubenet"))["terraform"]
    assert "ignore_changes = [route]" in code
    assert "ignore_changes = [default_node_pool[0].node_count]" in code


def test_a_private_cluster_waits_for_the_link_of_its_zone(tmp_path):
    bicep = emitted(tmp_path, spoke(private="true"))["bicep"]
    cluster = bicep[bicep.index("resource clusterShop ") :]
    links = [e.split()[1] for e in bicep.splitlines() if e.startswith("resource link")]
    waits = cluster[cluster.index("dependsOn") :]
    assert links
    assert all(each in waits for each in links)


def test_a_dual_stack_cluster_has_as_many_public_addresses_of_ipv6(tmp_path):
    code = emitted(tmp_path, spoke(dual="true"))
    assert "countIPv6: 6" in code["bicep"]
    assert '"countIPv6": 6' in code["arm"]
    assert "managed_outbound_ipv6_count = 6" in code["terraform"]
    assert "--load-balancer-managed-outbound-ipv6-count='6'" in code["az"]
    assert "IPv6" not in emitted(tmp_path, spoke())["bicep"]
