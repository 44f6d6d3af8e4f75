import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import ArgumentError, check, read_inventory
from ipplan.emitters import EMITTERS, emit
from ipplan.emitters.arm import literal
from ipplan.emitters.books import Book
from ipplan.emitters.deployments import deployment_of
from ipplan.emitters.resources import batches, folded
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import VNet
from ipplan.inventory.pools import DEFAULT_SURGE
from ipplan.layouts.layouts import lay_out
from ipplan.layouts.plans import LayoutPlan
from ipplan.layouts.results import Layout, Unfit
from ipplan.readers.layouts import read_layout_plan
from tests.emit_reading import max_pods_of
from tests.emit_samples import (
    HOSTILE,
    SAMPLES,
    Place,
    cidrs,
    dual_stack,
    hostile,
    hub_and_spoke,
    kubenet,
    layout,
    overlay,
)
from tests.estates import estates

AS_OF = date(2026, 8, 21)
FILE = "main.json"
KINDS = (
    "vnets",
    "clusters",
    "security_groups",
    "route_tables",
    "public_addresses",
    "outlets",
    "zone_links",
)


def read(text, folder):
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    found = read_inventory(str(path))
    assert not found.skipped
    return found


def placed(text, home):
    """Ids as they are read: the group that is deployed into is not in the file."""
    subscription, group = f"<subscription of {FILE}>", f"<resource group of {FILE}>"
    parts = text.split("/")
    own = [None if "<" in each else each for each in (parts[2], parts[4])]
    place = tuple(each or known for each, known in zip(own, home, strict=True))
    if place == tuple(home):
        place = (None, None)
    parts[2], parts[4] = place[0] or subscription, place[1] or group
    return "/".join(parts)


def moved(noun, home):
    """A noun with every id in it as it is read."""
    if isinstance(noun, str):
        return placed(noun, home) if noun.startswith("/subscriptions/") else noun
    if isinstance(noun, tuple) and not hasattr(noun, "_fields"):
        return tuple(moved(each, home) for each in noun)
    if hasattr(noun, "__dataclass_fields__"):
        names = [name for name in noun.__dataclass_fields__ if name != "origin"]
        return replace(
            noun, **{name: moved(getattr(noun, name), home) for name in names}
        )
    return noun


def stated(pool, model):
    """A pool as code says it: as many nodes as there are, if that is not said."""
    surge = pool.max_surge if pool.priority == "regular" else DEFAULT_SURGE
    current = pool.nodes if pool.current is None else pool.current
    if pool.mode == "system":
        current = max(current, 1)
    return replace(
        pool, current=current, max_surge=surge, max_pods=max_pods_of(pool, model)
    )


def expected(made):
    """Nouns of a layout as they are read from what deploys it."""
    home = deployment_of(made).home
    existing = made.plan.inventory.vnet_by_id
    found = {kind: moved(getattr(made.planned, kind), home) for kind in KINDS}
    found["vnets"] = tuple(
        moved(unseen(each), home)
        if getattr(existing.get(each.id), "prefixes", ())
        else moved(each, home)
        for each in made.planned.vnets
    )
    found["clusters"] = tuple(
        replace(
            each,
            pools=tuple(stated(pool, each.model) for pool in each.pools),
            needs=tuple(sorted(each.needs)),
            identity=each.identity or "UserAssigned",
        )
        for each in found["clusters"]
    )
    found["outlets"] = tuple(
        each for each in found["outlets"] if each.kind == "nat-gateway"
    )
    return {kind: by_id(found[kind]) for kind in KINDS}


def settled(noun):
    open_ = [each for each in noun.unresolved if not each.startswith("location:")]
    return replace(noun, unresolved=tuple(open_))


def by_id(nouns):
    return tuple(sorted(nouns, key=lambda noun: noun.id))


def unseen(vnet):
    """A VNet that exists, as it is known by the parts that are added to it."""
    name = vnet.name.lower()
    return VNet(vnet.id, name, (), vnet.subnets, vnet.peerings, seen=False)


def nouns(inventory):
    """What was read; that a region is that of the resource group is no matter."""
    found = {kind: getattr(inventory, kind) for kind in KINDS}
    for kind in ("security_groups", "route_tables"):
        found[kind] = tuple(map(settled, found[kind]))
    found["clusters"] = tuple(
        replace(each, needs=tuple(sorted(each.needs))) for each in found["clusters"]
    )
    return {kind: by_id(found[kind]) for kind in KINDS}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_template_reads_back_as_the_same_nouns(name, tmp_path):
    made = SAMPLES[name]()
    assert nouns(read(emit(made, "arm"), tmp_path)) == expected(made)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "kubenet"])
def test_nothing_is_wrong_with_what_is_read_back(name, tmp_path):
    found = check(read(emit(SAMPLES[name](), "arm"), tmp_path), as_of=AS_OF)
    assert not found.findings


PLANS = sorted(Path("tests/data/layouts").glob("*.yaml"))


@pytest.mark.parametrize("plan", PLANS, ids=[each.stem for each in PLANS])
def test_a_plan_reads_back_as_what_was_laid_out(plan, tmp_path):
    made = lay_out(read_layout_plan(str(plan)))
    found = read(emit(made, "arm"), tmp_path)
    wanted = expected(made)
    assert nouns(found) == {**wanted, "clusters": told(wanted["clusters"])}


def told(clusters):
    """Clusters with what a template says of them: not everything that they need."""
    return tuple(
        replace(
            each,
            pools=tuple(
                replace(pool, mode=pool.mode or ("user" if index else "system"))
                for index, pool in enumerate(each.pools)
            ),
            needs=tuple(need for need in each.needs if need in TOLD),
            network_plugin="kubenet" if each.model == "kubenet" else "azure",
            load_balancer_services=None,
            load_balancer_ports=None,
            egress_prefixes=(),
        )
        for each in clusters
    )


TOLD = {
    "dual-stack",
    "windows",
    "virtual-nodes",
    "application-gateway-ingress",
    "static-egress-gateway",
    "node-auto-provisioning",
    "automatic",
    *(f"network-policy={each}" for each in ("azure", "calico", "cilium")),
}


def planned(estate):
    """An estate as it would be planned: nothing that only Azure knows."""
    vnets = tuple(
        replace(
            vnet,
            subnets=tuple(replace(each, holders=None) for each in vnet.subnets),
            peerings=tuple(
                replace(
                    each,
                    state=None,
                    sync_level=None,
                    remote_prefixes=(),
                    synced_prefixes=(),
                )
                for each in vnet.peerings
            ),
        )
        for vnet in estate.vnets
    )
    clusters = tuple(
        replace(each, identity="UserAssigned")
        if each.identity == "ServicePrincipal"
        else each
        for each in estate.clusters
    )
    addresses = tuple(replace(each, prefix=None) for each in estate.public_addresses)
    return replace(
        estate,
        vnets=vnets,
        clusters=clusters,
        public_addresses=addresses,
        node_interfaces=(),
        load_balancers=(),
    )


@given(estates())
def test_any_estate_reads_back_as_it_was(tmp_path_factory, estate):
    made = layout(planned(estate))
    found = read(emit(made, "arm"), tmp_path_factory.mktemp("arm"))
    assert nouns(found) == expected(made)


@given(estates())
def test_everything_is_after_what_it_needs(estate):
    items = folded(deployment_of(layout(planned(estate))).resources)
    done = set()
    for batch in batches(items):
        for item in batch:
            assert set(item.needs) <= done
            done.add(item.resource)
    assert done == {each.resource for each in items if not each.resource.existing}


@given(estates())
def test_symbols_are_unique_in_every_spelling(estate):
    resources = deployment_of(layout(planned(estate))).resources
    symbols = [each.symbol for each in resources]
    assert len(set(symbols)) == len({each.camel.lower() for each in resources})
    assert len(set(symbols)) == len(symbols)


NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1
).filter(
    lambda name: name == name.strip() and name.lower().upper().lower() == name.lower()
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(name, tmp_path):
    made = hostile(name)
    text = emit(made, "arm")
    assert text.isascii()
    assert nouns(read(text, tmp_path)) == expected(made)


@given(NAMES)
def test_any_name_is_only_a_name(tmp_path_factory, name):
    made = hostile(name)
    found = read(emit(made, "arm"), tmp_path_factory.mktemp("arm"))
    assert nouns(found) == expected(made)


@given(NAMES)
def test_text_is_never_an_expression(name):
    from ipplan.readers.templates.evaluation import Frame
    from ipplan.readers.templates.ids import place_of
    from ipplan.readers.templates.scopes import Scope, Session
    from ipplan.readers.templates.values import Unknown

    scope = Scope(
        Session(frozenset()), {}, place_of(FILE, grouped=True), Unknown("", ""), {}
    )
    for text in (name, f"[{name}", f"[{name}]", f"[[{name}]"):
        assert Frame(scope).resolve(literal(text)) == text


def test_a_slash_in_a_name_is_an_underscore():
    here = Place()
    vnet = VNet(here.vnet_id("a/subnets/b"), "a/subnets/b", cidrs("10.0.0.0/24"))
    template = json.loads(emit(layout(Inventory(vnets=(vnet,))), "arm"))
    assert template["resources"][0]["name"] == "a_subnets_b"


def resources(template):
    """Every resource of a template, nested ones in place of their deployments."""
    for each in template["resources"]:
        if each["type"] == "Microsoft.Resources/deployments":
            yield from resources(each["properties"]["template"])
        else:
            yield each


def template_of(made):
    return json.loads(emit(made, "arm"))


def cluster_of(made):
    kind = "Microsoft.ContainerService/managedClusters"
    return next(each for each in resources(template_of(made)) if each["type"] == kind)


def test_nothing_that_exists_is_deployed_again():
    names = {
        each["name"] for each in resources(template_of(SAMPLES["amid-existing"]()))
    }
    assert names == {"spoke", "spoke/to-hub", "Hub/more", "Hub/ops", "Hub/to-spoke"}


def test_what_a_network_must_get_first_is_said():
    comments = template_of(SAMPLES["amid-existing"]())["metadata"]["comments"]
    assert "Before: add 10.9.0.0/24 to the address space of VNet Hub." in comments


def test_subnets_of_a_network_that_exists_come_one_after_another():
    every = {
        each["name"]: each
        for each in resources(template_of(SAMPLES["amid-existing"]()))
    }
    kind = "Microsoft.Network/virtualNetworks/subnets"
    assert every["Hub/ops"]["dependsOn"] == [f"[resourceId('{kind}', 'Hub', 'more')]"]


def test_peerings_of_a_network_come_one_after_another():
    every = {each["name"]: each for each in template_of(hub_and_spoke())["resources"]}
    kind = "Microsoft.Network/virtualNetworks"
    assert every["hub/to-spoke"]["dependsOn"] == [
        f"[resourceId('{kind}', 'hub')]",
        f"[resourceId('{kind}', 'spoke')]",
    ]
    assert every["spoke/to-hub"]["dependsOn"][2:] == [
        f"[resourceId('{kind}/virtualNetworkPeerings', 'hub', 'to-spoke')]"
    ]


def test_other_resource_groups_get_deployments_of_their_own():
    template = template_of(SAMPLES["two-groups"]())
    nested = [
        each
        for each in template["resources"]
        if each["type"] == "Microsoft.Resources/deployments"
    ]
    assert [(each["name"], each["resourceGroup"]) for each in nested] == [
        ("ipplan-1", "net"),
        ("ipplan-3", "net"),
    ]
    kind = "Microsoft.Resources/deployments"
    first = f"[resourceId('11111111-2222', 'net', '{kind}', 'ipplan-1')]"
    spoke = next(each for each in template["resources"] if each["name"] == "spoke")
    assert spoke["dependsOn"] == [first]


def test_every_size_says_why():
    vnets = [e for e in template_of(hub_and_spoke())["resources"] if e["name"] == "hub"]
    comments = vnets[0]["metadata"]["comments"]
    assert "snet-pe: 20 addresses + 5 that Azure keeps: a /26 (64)" in comments
    assert "snet-pe: what snet-pe holds: 20" in comments


def test_a_cluster_says_where_its_ranges_come_from():
    comments = cluster_of(overlay())["metadata"]["comments"]
    assert comments[:2] == [
        "pod CIDR 192.168.0.0/16: new, as shop-green",
        "service CIDR 172.16.0.0/16: new",
    ]
    assert comments[2].startswith("load balancer: ")


def test_a_dual_stack_cluster_names_both_families():
    found = cluster_of(dual_stack())["properties"]["networkProfile"]
    assert found["ipFamilies"] == ["IPv4", "IPv6"]
    assert found["podCidrs"] == ["192.168.0.0/16", "fd12:3456:789a::/64"]
    assert found["networkDataplane"] == found["networkPolicy"] == "cilium"


def test_an_autoscaler_goes_up_to_the_most_nodes():
    pool = cluster_of(hub_and_spoke())["properties"]["agentPoolProfiles"][1]
    scaling = ("count", "enableAutoScaling", "minCount", "maxCount")
    assert [pool[key] for key in scaling] == [2, True, 2, 5]


def test_a_pool_that_does_not_say_how_many_there_are_has_all_of_them():
    pools = overlay().planned.clusters[0].pools
    made = overlay(pools=(replace(pools[0], current=None),))
    pool = cluster_of(made)["properties"]["agentPoolProfiles"][0]
    assert pool["count"] == 3
    assert "enableAutoScaling" not in pool


def test_a_spot_pool_never_surges():
    pool = cluster_of(hub_and_spoke())["properties"]["agentPoolProfiles"][2]
    assert pool["scaleSetPriority"] == "Spot"
    assert "upgradeSettings" not in pool


def test_the_first_pool_is_the_system_pool_where_none_says_so():
    pool = replace(overlay().planned.clusters[0].pools[0], mode="", max_pods=None)
    other = replace(pool, name="web", subnet=None)
    found = pools_of(pool, other)
    assert [each["mode"] for each in found] == ["System", "User"]
    assert "vnetSubnetID" not in found[1]


def pools_of(*pools):
    return cluster_of(overlay(pools=pools))["properties"]["agentPoolProfiles"]


def test_a_system_pool_runs_on_linux_and_is_no_spot_pool():
    pool = replace(overlay().planned.clusters[0].pools[0], mode="")
    windows = replace(pool, name="win", os="windows")
    spot = replace(pool, name="spot", priority="spot")
    modes = [each["mode"] for each in pools_of(windows, spot, pool)]
    assert modes == ["User", "User", "System"]
    assert [each["mode"] for each in pools_of(windows, spot)] == ["User", "User"]


def test_no_pool_is_made_a_system_pool_where_another_is():
    pool = replace(overlay().planned.clusters[0].pools[0], name="sys")
    other = replace(pool, name="web", mode="")
    assert [each["mode"] for each in pools_of(other, pool)] == ["User", "System"]


def test_add_ons_are_told_of_their_subnet():
    addons = cluster_of(hub_and_spoke())["properties"]["addonProfiles"]
    assert addons == {
        "aciConnectorLinux": {
            "enabled": True,
            "config": {"SubnetName": "shop-virtual-nodes"},
        }
    }


def test_an_add_on_without_its_subnet_is_left_out():
    found = cluster_of(overlay(needs=("virtual-nodes",)))["properties"]
    assert "addonProfiles" not in found


def test_an_application_gateway_is_put_into_its_subnet():
    made = overlay(needs=("application-gateway-ingress",))
    want = made.subnets[0].want
    served = made.subnets[0]._replace(want=replace(want, purpose="application-gateway"))
    found = cluster_of(replace(made, subnets=(served,)))["properties"]["addonProfiles"]
    kind = "Microsoft.Network/virtualNetworks/subnets"
    assert found["ingressApplicationGateway"]["config"] == {
        "subnetId": f"[resourceId('{kind}', 'net', 'nodes')]"
    }


@pytest.mark.parametrize(
    ("need", "where", "value"),
    [
        ("node-auto-provisioning", "nodeProvisioningProfile", {"mode": "Auto"}),
        ("static-egress-gateway", "staticEgressGatewayProfile", {"enabled": True}),
        ("automatic", "sku", {"name": "Automatic", "tier": "Standard"}),
    ],
)
def test_features_are_switched_on(need, where, value):
    found = cluster_of(overlay(needs=(need,)))
    properties = found["properties"]
    whole = {**found, **properties, **properties["networkProfile"]}
    assert whole[where] == value
    assert where not in cluster_of(overlay())["properties"]["networkProfile"]


def test_public_addresses_are_as_many_as_the_ports_take():
    made = overlay()
    plan = replace(made.clusters[0].plan, ports_per_node=32_000)
    clusters = (made.clusters[0]._replace(plan=plan),)
    profile = cluster_of(replace(made, clusters=clusters))["properties"][
        "networkProfile"
    ]
    assert profile["loadBalancerProfile"] == {
        "managedOutboundIPs": {"count": 2},
        "allocatedOutboundPorts": 32_000,
    }


def test_a_managed_nat_gateway_says_how_many_addresses_it_has():
    made = overlay(outbound_type="managedNATGateway")
    profile = cluster_of(made)["properties"]["networkProfile"]
    assert profile["natGatewayProfile"] == {"managedOutboundIPProfile": {"count": 1}}


def test_no_public_addresses_where_a_firewall_has_them():
    profile = cluster_of(hub_and_spoke())["properties"]["networkProfile"]
    assert not {"loadBalancerProfile", "natGatewayProfile"} & set(profile)


def test_clusters_can_wait_for_what_their_traffic_leaves_by():
    template = template_of(hub_and_spoke())
    assert template["parameters"]["deployClusters"]["defaultValue"] is True
    assert cluster_of(hub_and_spoke())["condition"] == "[parameters('deployClusters')]"


@pytest.mark.parametrize(
    ("identity", "type_"),
    [
        (None, "UserAssigned"),
        ("UserAssigned", "UserAssigned"),
        ("SystemAssigned", "SystemAssigned"),
    ],
)
def test_a_cluster_acts_as_an_identity(identity, type_):
    found = cluster_of(overlay(identity=identity))["identity"]
    own = {"userAssignedIdentities": {"[parameters('clusterIdentity')]": {}}}
    assert found == {"type": type_, **(own if type_ == "UserAssigned" else {})}


def test_a_service_principal_is_refused():
    with pytest.raises(ArgumentError, match="'ServicePrincipal': UserAssigned or"):
        emit(overlay(identity="ServicePrincipal"), "arm")


def test_the_name_in_the_api_servers_address_has_only_what_dns_takes():
    made = hostile("--$(x)'y'--")
    assert cluster_of(made)["properties"]["dnsPrefix"] == "x-y"
    assert cluster_of(hostile("網路"))["properties"]["dnsPrefix"] == "aks"


def test_what_has_no_region_is_where_the_resource_group_is():
    made = hub_and_spoke()
    vnets = tuple(replace(each, location=None) for each in made.planned.vnets)
    clusters = tuple(replace(each, location=None) for each in made.planned.clusters)
    template = template_of(
        layout(replace(made.planned, vnets=vnets, clusters=clusters))
    )
    kinds = {each["location"] for each in template["resources"] if "location" in each}
    assert kinds == {"[parameters('location')]", "global"}
    default = template["parameters"]["location"]["defaultValue"]
    assert default == "[resourceGroup().location]"


def test_the_resource_group_to_deploy_into_is_said():
    here = Place("Net", "s1")
    made = layout(Inventory(vnets=(here.vnet("hub", "10.0.0.0/24"),)))
    template = template_of(made)
    assert template["metadata"]["comments"] == ["Deploy into resource group net."]
    assert template["resources"][0]["name"] == "hub"


def test_a_peering_or_a_link_that_leads_nowhere_is_left_out():
    here = Place()
    peering = here.peering("hub", "to-nowhere", None)
    link = here.link("example.org", "to-nowhere", None)
    vnet = here.vnet("hub", "10.0.0.0/24", (), (peering,))
    template = template_of(layout(Inventory(vnets=(vnet,), zone_links=(link,))))
    assert {each["name"] for each in template["resources"]} == {"hub", "example.org"}


def test_a_link_is_added_to_a_zone_that_exists():
    here, there = Place(), Place("dns")
    vnet = here.vnet("hub", "10.0.0.0/24")
    before = Inventory(zone_links=(there.link("example.org", "to-x", None),))
    link = there.link("example.org", "to-hub", vnet.id)
    made = layout(Inventory(vnets=(vnet,), zone_links=(link,)), existing=before)
    names = [each["name"] for each in resources(template_of(made))]
    assert names == ["hub", "example.org/to-hub"]


def test_groups_of_one_subscription_are_told_by_their_names(tmp_path):
    hub, spoke = Place("net"), Place("apps")
    vnets = (
        spoke.vnet(
            "spoke",
            "10.1.0.0/24",
            (),
            (spoke.peering("spoke", "to-hub", hub.vnet_id("hub")),),
        ),
        hub.vnet("hub", "10.0.0.0/24"),
    )
    made = layout(Inventory(vnets=vnets))
    peering = list(resources(template_of(made)))[-1]
    kind = "Microsoft.Network/virtualNetworks"
    assert peering["properties"]["remoteVirtualNetwork"]["id"] == (
        f"[resourceId('net', '{kind}', 'hub')]"
    )
    assert nouns(read(emit(made, "arm"), tmp_path)) == expected(made)


def test_the_address_of_dns_is_left_to_aks_where_none_is_said():
    profile = cluster_of(overlay(dns_service_ip=None))["properties"]["networkProfile"]
    assert "dnsServiceIP" not in profile


def test_a_layout_in_which_something_found_no_room_is_refused():
    lost = Unfit("/x", "nodes", "subnet", 24, 4, "hub", None)
    with pytest.raises(ArgumentError, match="without room for subnet nodes"):
        emit(replace(overlay(), unfit=(lost,)), "arm")


def test_an_unknown_language_is_refused():
    with pytest.raises(ArgumentError, match="one of bicep, terraform, arm, az"):
        emit(overlay(), "pulumi")


def test_nothing_to_deploy_is_an_empty_template():
    empty = Layout(LayoutPlan("nothing"))
    assert template_of(empty)["resources"] == []
    assert Book(empty).deployment().parameters == ()


@pytest.mark.parametrize("language", EMITTERS)
def test_a_layout_is_always_the_same_text(language):
    assert emit(overlay(), language) == emit(overlay(), language)


def max_pods(model, *pools):
    (cluster,) = overlay(pools=pools).planned.clusters
    planned = Inventory(clusters=(replace(cluster, model=model),))
    pools = cluster_of(layout(planned))["properties"]["agentPoolProfiles"]
    return [each.get("maxPods") for each in pools]


def test_a_pool_says_the_max_pods_that_it_was_sized_for():
    pool = replace(overlay().planned.clusters[0].pools[0], max_pods=None)
    assert max_pods("cni-overlay", pool) == [250]
    assert max_pods("cni-node-subnet", pool, replace(pool, max_pods=40)) == [30, 40]
    assert max_pods("kubenet", pool, replace(pool, model="cni-dynamic")) == [110, 250]
    assert max_pods(None, pool) == [None]


@pytest.mark.parametrize(
    ("mode", "current", "nodes", "count", "scales"),
    [
        ("system", 0, 3, 1, True),
        ("system", 0, 0, 1, False),
        ("system", 1, 1, 1, False),
        ("system", None, 0, 1, False),
        ("user", 0, 3, 0, True),
        ("user", 0, 0, 0, False),
    ],
)
def test_a_system_pool_is_never_empty(mode, current, nodes, count, scales):
    pool = overlay().planned.clusters[0].pools[0]
    one = replace(pool, name="one", mode=mode, current=current, nodes=nodes)
    found = pools_of(pool, one)[1]
    assert found["count"] == count
    assert ("enableAutoScaling" in found) is scales
    assert found.get("minCount", count) == count


def dns_prefix(name):
    return cluster_of(hostile(name))["properties"]["dnsPrefix"]


@pytest.mark.parametrize("length", [53, 54, 55, 63])
def test_a_name_too_long_for_dns_is_cut_and_still_its_own(length):
    blue, green = ("x" * (length - len(end)) + end for end in ("-blue", "-green"))
    found = [dns_prefix(blue), dns_prefix(green)]
    assert found[0] != found[1]
    assert all(DNS_NAME.fullmatch(each) for each in found)
    assert (found == [blue, green]) is (length <= 54)


def test_a_name_is_not_cut_behind_a_hyphen():
    found = dns_prefix("x" * 44 + "-" + "y" * 18)
    assert found.startswith("x" * 44 + "-")
    assert "--" not in found
    assert DNS_NAME.fullmatch(found)


DNS_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?")
"""What azurerm takes for dns_prefix."""


def needs_of(made):
    return cluster_of(made)["dependsOn"]


def test_virtual_nodes_wait_for_their_subnet():
    made = hub_and_spoke()
    network = "Microsoft.Network/virtualNetworks"
    assert f"[resourceId('{network}', 'spoke')]" in needs_of(made)
    existing = replace(
        made.planned, vnets=tuple(map(without_subnets, made.planned.vnets))
    )
    amid = layout(made.planned, existing=existing)
    assert f"[resourceId('{network}/subnets', 'spoke', 'shop-virtual-nodes')]" in (
        needs_of(amid)
    )


def without_subnets(vnet):
    return replace(vnet, subnets=(), peerings=())


def test_nodes_whose_way_out_is_in_the_hub_wait_for_the_peering():
    made = hub_and_spoke()
    peering = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"
    sides = {
        f"[resourceId('{peering}', 'hub', 'to-spoke')]",
        f"[resourceId('{peering}', 'spoke', 'to-hub')]",
    }
    assert sides <= set(needs_of(made))
    (cluster,) = made.planned.clusters
    other = replace(cluster, outbound_type="loadBalancer")
    assert not sides & set(needs_of(layout(replace(made.planned, clusters=(other,)))))


@pytest.mark.parametrize(
    ("outbound", "profile"),
    [
        ("none", {"artifactSource": "Cache"}),
        ("Block", {"artifactSource": "Cache"}),
        ("loadBalancer", None),
        (None, None),
    ],
)
def test_nodes_that_reach_nothing_start_from_a_cache(outbound, profile):
    made = overlay(outbound_type=outbound)
    assert cluster_of(made)["properties"].get("bootstrapProfile") == profile


def subnet_of(made, name):
    vnets = [
        each for each in resources(template_of(made)) if "subnets" in each["properties"]
    ]
    every = [one for each in vnets for one in each["properties"]["subnets"]]
    return next(each["properties"] for each in every if each["name"] == name)


def test_security_groups_count_for_private_endpoints_and_not_for_link_services():
    made = hub_and_spoke()
    key = "privateEndpointNetworkPolicies"
    assert subnet_of(made, "snet-pe")[key] == "NetworkSecurityGroupEnabled"
    assert key not in subnet_of(made, "shop-private-links")


@pytest.mark.parametrize("language", EMITTERS)
def test_a_table_that_aks_writes_into_says_so(language):
    words = "AKS writes kubenet's routes into it"
    assert emit(kubenet(), language).count(words) == 1
    assert words not in emit(hub_and_spoke(), language)
