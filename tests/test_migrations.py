"""What bars a way, the pod CIDR to ask for, steps, and hand-worked answers."""

from dataclasses import replace
from datetime import date
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import (
    AddressPool,
    Cidr,
    ExternalRange,
    NodePool,
    Severity,
    Subnet,
    read_inventory,
)
from ipplan.checks import RULES
from ipplan.checks.checkups import check
from ipplan.checks.surveys import Survey
from ipplan.features import FEATURES, Support
from ipplan.inventory.externals import Group
from ipplan.inventory.networks import Holder
from ipplan.inventory.pseudonyms import Pseudonyms
from ipplan.inventory.redacting import redacted
from ipplan.inventory.traffic import SecurityGroup, SecurityRule
from ipplan.limits import KUBENET_RETIREMENT
from ipplan.migrations.bars import CONDITIONS
from ipplan.migrations.cases import Case
from ipplan.migrations.migrations import migrate
from ipplan.migrations.paths import DESTINATIONS
from ipplan.migrations.ranges import DEFAULT, choices, lengths
from ipplan.migrations.trials import ON_POD_CIDRS
from ipplan.models import MODELS
from ipplan.usages import usage
from tests.check_nouns import (
    AS_OF,
    GROUP,
    cidrs,
    cluster,
    estate,
    id_of,
    peering,
    spoke,
    subnet,
    vnet,
)

READY = {"kubernetes_version": "1.33.1", "identity": "UserAssigned"}
SERVICES = cidrs("10.0.0.0/16")
PODS = cidrs("10.244.0.0/16")


def flat(**fields):
    return cluster(
        **{"model": "cni-node-subnet", "service_cidrs": SERVICES} | READY | fields
    )


def kubenet(**fields):
    given = {"model": "kubenet", "service_cidrs": SERVICES, "pod_cidrs": PODS}
    return cluster(**given | READY | fields)


def moved(one, to="cni-overlay", **fields):
    (found,) = migrate(estate(one, **fields), to, as_of=AS_OF).clusters
    return found


def bars(found):
    return {each.id: each.state for each in found.bars}


def words(found):
    return [word for each in found.steps for line in each.commands for word in line]


@pytest.mark.parametrize(
    ("version", "open_", "barred"),
    [
        ("1.26.99", False, {"kubernetes-version": "removable"}),
        ("1.27.0", True, {}),
        ("1.28", True, {}),
        ("2.0", True, {}),
        (None, None, {"kubernetes-version": "unknown"}),
        ("newest", None, {"kubernetes-version": "unknown"}),
    ],
)
def test_kubernetes_1_27_or_later(version, open_, barred):
    found = moved(flat(kubernetes_version=version))
    assert bars(found) == barred
    assert found.open is open_
    assert found.way == "in-place"


def test_upgrades_go_to_versions_that_are_offered():
    (bar,) = moved(flat(kubernetes_version="1.24.3")).bars
    shown, upgrade = bar.commands
    assert "get-upgrades" in shown
    assert "<version from get-upgrades>" in upgrade
    assert "aks-upgrade-blocked" in bar.remedy


@pytest.mark.parametrize(
    ("version", "barred"),
    [
        ("1.26", ["kubernetes-version", "network-policy-version", "network-policy"]),
        ("1.29", ["network-policy-version", "network-policy"]),
        ("1.30", ["network-policy"]),
        ("1.31", ["network-policy"]),
    ],
)
@pytest.mark.parametrize("engine", ["azure", "calico", "weave"])
@pytest.mark.parametrize("make", [flat, kubenet])
def test_a_policy_engine_is_uninstalled_first_which_1_30_allows(
    make, engine, version, barred
):
    found = moved(make(kubernetes_version=version, network_policy=engine))
    assert bars(found) == dict.fromkeys(barred, "removable")
    assert found.open is False
    assert "none" in words(found)
    assert any("enforced no longer" in each for each in found.changes)


def test_one_upgrade_for_overlay_and_for_the_engine_is_one_kind_of_step():
    found = moved(kubenet(kubernetes_version="1.26", network_policy="calico"))
    one, two = (each.commands for each in found.bars[:2])
    assert one == two


def test_cilium_on_a_node_subnet_is_not_known_to_bar_overlay():
    found = moved(flat(needs=("network-policy=cilium",)))
    assert bars(found) == {"network-policy": "unknown"}
    assert found.open is None
    assert found.verdict.startswith("not known to be open")


@pytest.mark.parametrize(
    ("identity", "state"),
    [
        ("SystemAssigned", "removable"),
        ("ServicePrincipal", "removable"),
        ("UserAssigned", None),
        ("SystemAssigned, UserAssigned", None),
        (None, "unknown"),
        ("Other", "unknown"),
    ],
)
def test_only_a_user_assigned_identity_takes_the_route_table_off(identity, state):
    found = moved(kubenet(identity=identity))
    assert bars(found).get("identity") == state
    assert found.open is {None: True, "removable": False, "unknown": None}[state]
    assert moved(flat(identity=identity)).open is True


def commands(found):
    """Each step's commands, a line each."""
    return [[" ".join(e) for e in step.commands] for step in found.steps]


def at(found, part):
    """The number of the first step of which a command has this part."""
    return next(n for n, e in enumerate(commands(found)) if part in " ".join(e))


def test_a_new_identity_has_its_roles_before_the_cluster_has_it():
    found = moved(kubenet(identity="SystemAssigned"))
    (bar,) = found.bars
    assert "hour" in bar.remedy
    order = ["role assignment create", "--assign-identity", "--network-plugin-mode"]
    assert sorted({at(found, e) for e in order}) == [at(found, e) for e in order]
    step = found.steps[at(found, "--assign-identity")]
    assert "hours" in step.text
    assert step.source.endswith("use-managed-identity")
    assert not any("--attach-acr" in e for lines in commands(found) for e in lines)


def test_nodes_leave_a_service_principal_with_a_new_image():
    found = moved(kubenet(identity="ServicePrincipal"))
    assert at(found, "--attach-acr <registry>") < at(found, "--node-image-only")
    step = found.steps[at(found, "--node-image-only")]
    assert "drained" in step.outage
    assert "pool0" in step.commands[0]


def test_roles_of_a_user_assigned_identity_are_looked_at():
    assert at(moved(kubenet()), "role assignment list") < at(moved(kubenet()), "plugin")
    for one in (flat(), kubenet(identity="SystemAssigned")):
        lines = [e for step in commands(moved(one)) for e in step]
        assert not any("role assignment list" in each for each in lines)


@pytest.mark.parametrize(
    ("table", "subnets", "told"),
    [
        (f"{GROUP}/routetables/own", ("aks",), "the route table own off"),
        (
            None,
            ("aks",),
            "the route table of its node subnets, which was not read, off",
        ),
        (None, (), "the route table that AKS made off"),
    ],
)
def test_the_route_table_is_named(table, subnets, told):
    one = kubenet(identity="SystemAssigned", subnets=subnets)
    one = one if subnets else replace(one, pools=(NodePool("a", 3),))
    (bar,) = moved(one, vnets=(spoke(route_table=table),)).bars
    assert bar.text.endswith(told)
    scopes = [e[-1] for e in bar.commands if e[1] == "role"]
    expected = [id_of("spoke", "subnets", "aks")] if subnets else []
    assert scopes == [*expected, *([table] if table else [])]


NODE_GROUP = "/subscriptions/s/resourcegroups/mc_apps_shop_westeurope/providers"


@pytest.mark.parametrize(
    ("table", "barred"),
    [
        (f"{NODE_GROUP}/microsoft.network/routetables/aks", "removable"),
        (f"{GROUP}/routetables/own", "unknown"),
        (f"{GROUP}/routetables/other", None),
        (f"{NODE_GROUP.replace('/s/', '/t/')}/microsoft.network/routetables/a", None),
        (None, None),
    ],
)
def test_its_route_table_on_another_subnet_was_seen_to_be_refused(table, barred):
    home = vnet(
        "spoke",
        "10.1.0.0/16",
        subnet("spoke", "aks", "10.1.0.0/24", route_table=f"{GROUP}/routetables/own"),
    )
    hub = vnet(
        "hub",
        "10.2.0.0/16",
        subnet("hub", "gw", "10.2.0.0/24", route_table=table),
        peering("hub", "spoke"),
        peering("hub", "gone"),
    )
    found = moved(kubenet(), vnets=(home, hub))
    assert bars(found) == ({"route-table": barred} if barred else {})
    assert ("--remove" in words(found)) is (barred == "removable")
    assert ("<second table id>" in words(found)) is (barred == "unknown")
    assert moved(flat(), vnets=(home, hub)).bars == ()


OWN = f"{GROUP}/routetables/own"


def with_table(*names, **fields):
    """A VNet whose subnets have one route table."""
    places = (
        subnet("spoke", each, f"10.1.{n}.0/24", route_table=OWN, **fields)
        for n, each in enumerate(names)
    )
    return vnet("spoke", "10.1.0.0/16", *places)


@pytest.mark.parametrize("make", [kubenet, flat])
def test_a_table_stays_on_the_subnets_of_other_clusters(make):
    other = make(name="other", subnets=("b",), pod_cidrs=cidrs("10.100.0.0/16"))
    inventory = estate(kubenet(), other, vnets=(with_table("aks", "b"),))
    found = next(
        e for e in migrate(inventory, as_of=AS_OF).clusters if e.name == "shop"
    )
    assert bars(found) == {"route-table-shared": "removable"}
    assert "--remove" not in words(found)
    assert "--route-table" not in words(found)


@pytest.mark.parametrize(
    ("make", "way"), [(kubenet, "new-cluster"), (flat, "in-place")]
)
def test_a_subnet_with_another_cluster_that_has_routes_bars_for_good(make, way):
    inventory = estate(kubenet(), make(name="other"), vnets=(with_table("aks"),))
    found = next(
        e for e in migrate(inventory, as_of=AS_OF).clusters if e.name == "shop"
    )
    assert found.way == way
    assert "for what does not need that" not in found.verdict
    assert bars(found).get("subnet-shared") == ("bars" if make is kubenet else None)


@pytest.mark.parametrize(
    ("make", "outbound", "told"),
    [
        (kubenet, "userDefinedRouting", True),
        (kubenet, "loadBalancer", False),
        (kubenet, None, False),
        (flat, "userDefinedRouting", False),
    ],
)
def test_a_default_route_that_may_go_with_its_table(make, outbound, told):
    found = moved(make(outbound_type=outbound), vnets=(with_table("aks"),))
    assert bars(found) == ({"default-route": "unknown"} if told else {})
    assert any("egress, until" in e for e in found.outages) is told
    assert any("route-table show" in e for e in commands(found)[0]) is (make is kubenet)


@pytest.mark.parametrize("make", [kubenet, flat])
def test_the_ingress_controller_rests_while_the_table_goes(make):
    table = f"{NODE_GROUP}/microsoft.network/routetables/aks"
    gateway = subnet(
        "spoke",
        "agw",
        "10.1.8.0/24",
        route_table=table,
        delegations=("Microsoft.Network/applicationGateways",),
    )
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, gateway)
    found = moved(make(needs=("application-gateway-ingress",)), vnets=(home,))
    if make is flat:
        assert bars(found) == {}
        return
    assert bars(found) == dict.fromkeys(
        ("ingress-controller", "route-table"), "removable"
    )
    parts = ("disable-addons", "--remove", "--network-plugin-mode", "enable-addons")
    order = [at(found, each) for each in parts]
    assert order == sorted(set(order))
    assert found.steps[order[0]].outage


@pytest.mark.parametrize("engine", ["azure", "calico", "weave"])
def test_policies_go_last_and_come_back(engine):
    found = moved(flat(network_policy=engine, needs=("availability-sets",)))
    off = at(found, "--network-policy none")
    assert off == at(found, "--network-plugin-mode") - 1
    assert off > at(found, "--migrate-vmas-to-vms")
    back = next(e for e in found.steps if "until then no policy holds" in e.text)
    assert bool(back.commands) is (engine != "weave")
    assert ("Calico's own" in found.steps[off].text) is (engine == "calico")
    lasting = found.steps[at(found, "--migrate-vmas-to-vms")]
    assert (lasting.reversible, "downtime" in lasting.outage) == (False, True)


def test_policies_are_not_installed_again_where_cilium_follows():
    found = moved(kubenet(network_policy="calico"), "cilium")
    assert not any("no policy holds" in e.text for e in found.steps)
    assert "1 thing to take away first: network-policy" in found.verdict


def test_dual_stack_was_seen_to_lose_ipv6_with_kubenet():
    (bar,) = moved(kubenet(needs=("dual-stack",))).bars
    assert bar.source.endswith("Azure/AKS/issues/5120")
    (bar,) = moved(flat(needs=("dual-stack",))).bars
    assert "5120" not in bar.source


def test_what_is_not_known_to_be_needed_costs_nothing():
    found = moved(flat(kubernetes_version=None))
    step = found.steps[at(found, "currentKubernetesVersion")]
    assert (step.outage, step.reversible) == ("", True)


@pytest.mark.parametrize(("nodes", "barred"), [(7, {}), (8, {"surge": "removable"})])
def test_a_subnet_has_to_hold_all_pools_as_they_surge(nodes, barred):
    # 8 and 9 nodes with 30 pods each take 248 and 279 of 251 addresses
    one = flat(pools=(replace(flat().pools[0], nodes=nodes, max_pods=30),))
    found = moved(one)
    assert bars(found) == barred
    assert ("--max-surge" in words(found)) is bool(barred)
    other = replace(one, pools=(*one.pools, NodePool("b", 1, subnet="elsewhere")))
    assert words(moved(other)).count("--max-surge") == len(barred)


def test_a_cluster_leaves_its_pod_mesh_first():
    one = flat()
    found = moved(one, groups=(Group("mesh", "pod-mesh", (one.id,)),))
    (bar,) = [each for each in found.bars if each.id == "overlay-in-pod-mesh"]
    assert "out of the pod mesh" in bar.remedy


def test_a_finding_of_the_time_after_has_its_fix_where_one_holds():
    to = "Microsoft.ServiceNetworking/trafficControllers"
    large = subnet("spoke", "agc", "10.1.8.0/23", delegations=(to,))
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, large)
    (bar,) = moved(flat(), vnets=(home,)).bars
    again = replace(flat(), model="cni-overlay", pod_cidrs=PODS)
    fixes = {
        e.rule: e.fix for e in check(estate(again, vnets=(home,)), as_of=AS_OF).findings
    }
    fix = fixes["containers-gateway-subnet-size"] or "settle it first"
    assert bar.remedy == f"{fix} (ipplan explain containers-gateway-subnet-size)"


def test_what_is_free_is_used_only_where_something_is():
    assert any("use what is free" in e.text for e in moved(flat()).steps)
    assert not any("use what is free" in e.text for e in moved(kubenet()).steps)
    assert any("max pods stay" in e for e in moved(kubenet()).changes)


@pytest.mark.parametrize(
    ("need", "state"),
    [
        ("virtual-nodes", "removable"),
        ("availability-sets", "removable"),
        ("direct-pod-access", "bars"),
        ("dual-stack", "unknown"),
        ("private-link-service", None),
        ("application-gateway-ingress", None),
    ],
)
def test_what_overlay_lacks(need, state):
    found = moved(flat(needs=(need,)))
    assert bars(found).get(need) == state
    assert found.way == ("new-cluster" if state == "bars" else "in-place")


def test_what_overlay_lacks_is_told_of_a_new_cluster_too_without_commands():
    (_, bar) = moved(cluster(model="cni-dynamic", needs=("virtual-nodes",))).bars
    assert (bar.id, bar.state, bar.commands) == ("virtual-nodes", "removable", ())


def test_what_no_page_says_is_unknown():
    found = moved(
        cluster(model="cni-node-subnet", needs=("virtual-nodes",)), "cni-dynamic"
    )
    assert bars(found) == {"path": "bars", "virtual-nodes": "unknown"}


def windows(make=flat, **fields):
    one = make(needs=("windows",), **fields)
    return replace(one, pools=(*one.pools, NodePool("win", 1, os="windows")))


def test_windows_pools_go_to_overlay_and_never_to_cilium():
    found = moved(windows())
    assert found.open is True
    assert any("20348.1668" in each.text for each in found.steps)
    assert not any("20348" in each.text for each in moved(flat()).steps)
    barred = moved(windows(), "cilium")
    assert bars(barred) == {"windows": "bars"}
    assert barred.way == "new-cluster"
    assert "win" in barred.bars[0].text
    assert moved(flat(), "cilium").open is True


def test_whether_windows_runs_docker_is_open_where_its_version_is():
    found = moved(windows(kubernetes_version=None))
    assert bars(found) == {"kubernetes-version": "unknown", "windows-docker": "unknown"}


def test_node_auto_provisioning_is_off_while_the_data_plane_changes():
    found = moved(flat(needs=("node-auto-provisioning",)), "cilium")
    assert bars(found) == {"node-auto-provisioning": "removable"}
    off, cilium, on = (at(found, e) for e in ("Manual", "dataplane", "Auto"))
    assert off < cilium < on
    assert "limits.cpu" in found.steps[off].text
    assert found.steps[off].outage


def test_a_stopped_pool_leaves_it_open():
    pool = NodePool("a", 0, mode="system", unknown="pool a is stopped", stopped=True)
    found = moved(flat(pools=(pool,)))
    assert bars(found) == {"stopped": "unknown"}
    assert found.pod_cidr.needed is None
    assert any("az aks start" in e for lines in commands(found) for e in lines)
    hidden = redacted(estate(flat(pools=(pool,))), Pseudonyms())
    (same,) = migrate(hidden, as_of=AS_OF).clusters
    assert (same.open, bars(same)) == (None, {"stopped": "unknown"})
    part = moved(flat(pools=(pool, NodePool("b", 3))))
    assert "--nodepool-name a" in " ".join(commands(part)[at(part, "nodepool start")])


@pytest.mark.parametrize("fields", [{"model": None}, {"seen": False}])
def test_a_cluster_of_which_the_model_is_not_known(fields):
    found = moved(cluster(**fields))
    assert (found.way, found.open, bars(found)) == (
        "unknown",
        None,
        {"model": "unknown"},
    )


@pytest.mark.parametrize("version", ["1.27", None, "1.28", "1.29"])
def test_static_block_takes_1_28(version):
    one = cluster(model="cni-dynamic", pods="p", kubernetes_version=version)
    found = moved(one, "cni-static-block")
    state = {"1.27": "removable", None: "unknown"}.get(version)
    assert bars(found).get("kubernetes-version") == state
    assert (found.way, found.open) == ("new-pool", False)


@pytest.mark.parametrize(("length", "outage"), [(23, True), (24, False), (25, False)])
@pytest.mark.parametrize("shown", ["holder", "delegated"])
def test_ingress_on_a_gateway_subnet_larger_than_a_24_is_out(length, outage, shown):
    holder = Holder(f"{GROUP}/applicationgateways/agw/ipconfigurations/x", 1)
    fields = {
        "holder": {"holders": (holder,)},
        "delegated": {"delegations": ("Microsoft.Network/applicationGateways",)},
    }
    gateway = subnet("spoke", "agw", f"10.1.8.0/{length}", **fields[shown])
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, gateway)
    found = moved(flat(needs=("application-gateway-ingress",)), vnets=(home,))
    assert found.open is True
    assert any("10.1.8.0/23" in each for each in found.outages) is outage
    delegates = not outage and shown == "holder"
    assert ("--delegations" in words(found)) is delegates
    none = moved(flat(), vnets=(home,))
    assert not any("Gateway" in each for each in none.outages)


def test_a_gateway_that_was_not_read_is_to_be_found():
    found = moved(flat(needs=("application-gateway-ingress",)))
    assert any("where its subnet is larger than a /24" in e for e in found.outages)


def test_a_containers_gateway_takes_exactly_a_24_with_overlay():
    to = "Microsoft.ServiceNetworking/trafficControllers"
    large = subnet("spoke", "agc", "10.1.8.0/23", delegations=(to,))
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, large)
    found = moved(flat(), vnets=(home,))
    assert bars(found) == {"containers-gateway-subnet-size": "removable"}


def test_a_security_group_that_would_cut_pods_is_told():
    rule = SecurityRule("deny", 100, "Inbound", "Deny", sources=("10.244.0.0/16",))
    group = SecurityGroup(f"{GROUP}/networksecuritygroups/nsg", "nsg", (rule,))
    home = spoke(network_security_group=group.id)
    found = moved(flat(), vnets=(home,), security_groups=(group,))
    assert bars(found) == {"nsg-cuts-pod-traffic": "removable"}
    assert group.id in words(found)


# -- the pod CIDR


@pytest.mark.parametrize(
    ("nodes", "length"),
    [(0, 24), (1, 24), (2, 23), (255, 16), (256, 16), (257, 15), (512, 15), (513, 14)],
)
def test_lengths_hold_a_24_for_each_node(nodes, length):
    found = lengths(MODELS["cni-overlay"], nodes)
    assert found[-1] == length
    assert found[0] == min(16, length)
    assert 1 << (24 - found[-1]) >= nodes


def test_more_nodes_than_any_range_holds():
    assert list(lengths(MODELS["cni-overlay"], 1 << 17)) == []
    found = moved(flat(pools=(NodePool("a", 100_000, literal=False),)))
    assert found.pod_cidr.cidr is None
    assert "pod-cidr" in bars(found)


def pods_of(one, **fields):
    found = moved(one, **fields)
    return str(found.pod_cidr.cidr), found.pod_cidr.kept


def test_kubenet_keeps_a_pod_cidr_that_is_clear_and_large_enough():
    assert pods_of(kubenet()) == ("10.244.0.0/16", True)
    assert "--pod-cidr" not in words(moved(kubenet()))


@pytest.mark.parametrize(
    ("prefix", "nodes", "expected"),
    [
        ("10.244.0.0/22", 3, ("10.244.0.0/22", True)),
        ("10.244.0.0/22", 4, ("10.244.0.0/16", False)),
        ("10.244.0.0/24", 250, ("10.244.0.0/15", False)),
    ],
)
def test_kubenet_makes_a_pod_cidr_larger_that_is_too_small(prefix, nodes, expected):
    one = kubenet(pod_cidrs=cidrs(prefix))
    pool = replace(one.pools[0], nodes=nodes)
    assert pods_of(replace(one, pools=(pool,))) == expected


@pytest.mark.parametrize("in_the_way", ["vnet", "peer", "on-premises", "services"])
def test_kubenet_leaves_a_pod_cidr_that_something_has(in_the_way):
    fields = {
        "vnet": {"vnets": (vnet("spoke", "10.244.0.0/15", *spoke().subnets),)},
        "peer": {
            "vnets": (
                vnet("spoke", "10.1.0.0/16", *spoke().subnets, peering("spoke", "hub")),
                vnet("hub", "10.244.9.0/24", peering("hub", "spoke")),
            )
        },
        "on-premises": {
            "external_ranges": (ExternalRange("dc", cidrs("10.244.7.0/24")),)
        },
        "services": {},
    }
    services = cidrs("10.244.128.0/24") if in_the_way == "services" else SERVICES
    one = kubenet(service_cidrs=services)
    found = moved(one, **fields[in_the_way])
    assert found.pod_cidr.kept is False
    assert not found.pod_cidr.cidr.overlaps(PODS[0])


def test_node_subnet_takes_the_default_else_the_first_that_is_free():
    assert pods_of(flat()) == ("10.244.0.0/16", False)
    onprem = (ExternalRange("dc", cidrs("10.0.0.0/8")),)
    assert pods_of(flat(), external_ranges=onprem) == ("100.64.0.0/16", False)


def test_address_pools_for_pods_come_first():
    pools = (AddressPool("p", cidrs("100.64.0.0/14", "fd00::/48"), "pods"),)
    assert pods_of(flat(), address_pools=pools) == ("100.64.0.0/16", False)
    found = migrate(estate(flat()), as_of=AS_OF, within=cidrs("100.80.0.0/16"))
    assert str(found.clusters[0].pod_cidr.cidr) == "100.80.0.0/16"


def test_what_is_meant_for_pods_and_not_private_gives_none():
    pools = (AddressPool("p", cidrs("127.0.0.0/8", "240.0.0.0/4"), "pods"),)
    assert pods_of(flat(), address_pools=pools) == ("10.244.0.0/16", False)
    found = migrate(estate(flat(), address_pools=pools), as_of=AS_OF)
    assert "no room in private space" in found.clusters[0].pod_cidr.words


def test_a_pool_too_small_for_a_16_gives_what_holds_the_nodes():
    pools = (AddressPool("p", cidrs("100.64.0.0/18"), "pods"),)
    assert pods_of(flat(), address_pools=pools) == ("100.64.0.0/18", False)


def test_none_is_free():
    blocks = [part for each in PRIVATE for part in each.subnets(new_prefix=16)]
    onprem = ExternalRange("dc", cidrs(*map(str, blocks)))
    one = flat(pools=(replace(flat().pools[0], nodes=230),))
    found = moved(one, external_ranges=(onprem,))
    assert found.pod_cidr.cidr is None
    assert bars(found) == {"surge": "removable", "pod-cidr": "removable"}
    assert "<pod CIDR>" in words(found)
    assert found.open is False


def test_inside_a_larger_range_on_premises_where_nothing_else_is_free():
    onprem = ExternalRange("dc", cidrs(*map(str, PRIVATE)))
    assert pods_of(flat(), external_ranges=(onprem,)) == ("100.64.0.0/16", False)


def test_a_pod_cidr_of_which_a_rule_says_something_gives_way():
    found = moved(kubenet(pod_cidrs=cidrs("8.8.0.0/16")))
    assert str(found.pod_cidr.cidr) == "10.244.0.0/16"
    assert "another would not do" in found.pod_cidr.words


def test_a_vnet_that_aks_made_and_nobody_read_is_stayed_clear_of():
    one = flat(pools=(NodePool("a", 3),))
    assert pods_of(one) == ("100.64.0.0/16", False)
    assert "not read" in moved(one).pod_cidr.words


def test_clusters_may_have_their_pod_cidr_in_common():
    many = [flat(name=f"c{number}") for number in range(20)]
    found = migrate(estate(*many), as_of=AS_OF).clusters
    assert {str(each.pod_cidr.cidr) for each in found} == {"10.244.0.0/16"}


ranges = st.builds(
    lambda block, length, host: ip_network(
        (int(block.network_address) | host % block.num_addresses, length), strict=False
    ),
    st.sampled_from([ip_network(e) for e in ("10.0.0.0/8", "172.16.0.0/12")]),
    st.integers(12, 24),
    st.integers(0, 2**24 - 1),
)
RESERVED = [
    ip_network(e)
    for e in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
]
PRIVATE = [
    ip_network(e)
    for e in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
]


@given(st.tuples(ranges, ranges, ranges, ranges), st.integers(1, 700), st.booleans())
def test_a_pod_cidr_meets_nothing_and_is_large_enough(around, nodes, is_kubenet):
    own, peer, onprem, service = around
    home = Cidr.parse(str(own))
    space = vnet("spoke", str(home), peering("spoke", "hub"))
    inside = Subnet(id_of("spoke", "subnets", "aks"), "aks", (home,))
    vnets = (
        replace(space, subnets=(inside,)),
        vnet("hub", str(peer), peering("hub", "spoke")),
    )
    make = kubenet if is_kubenet else flat
    one = make(service_cidrs=cidrs(str(service)))
    pools = (replace(one.pools[0], nodes=nodes, literal=False),)
    given_ranges = (ExternalRange("dc", cidrs(str(onprem))),)
    found = moved(
        replace(one, pools=pools), vnets=vnets, external_ranges=given_ranges
    ).pod_cidr
    cidr = ip_network(str(found.cidr))
    for each in (own, peer, service, *RESERVED):
        assert not cidr.overlaps(each)
    assert not (cidr.overlaps(onprem) and onprem.prefixlen >= cidr.prefixlen)
    assert any(cidr.subnet_of(each) for each in PRIVATE)
    peak = nodes + -(-nodes // 10)
    theirs = ip_network("10.244.0.0/16")
    clear = not any(theirs.overlaps(each) for each in (own, peer, service))
    hidden = theirs.overlaps(onprem) and onprem.prefixlen >= theirs.prefixlen
    assert found.kept is (is_kubenet and clear and not hidden and peak <= 256)
    assert found.needed == peak
    assert cidr.num_addresses >= 256 * peak


def test_after_the_moves_check_says_nothing_of_pod_cidrs():
    inventory = estate(flat(), kubenet(name="k"))
    found = migrate(inventory, as_of=AS_OF).clusters
    survey = Survey(inventory, AS_OF)
    after = tuple(
        Case(survey, each.cluster, each.to).after(each.pod_cidr.cidr) for each in found
    )
    again = check(replace(inventory, clusters=after), as_of=AS_OF)
    assert not [
        each.rule
        for each in again.findings
        if each.severity is not Severity.NOTE and "pod-cidr" in each.rule
    ]


def test_no_pod_cidr_for_a_model_without_one():
    one = flat()
    assert list(choices(Case(Survey(estate(one), AS_OF), one, "cilium"))) == []
    assert moved(one, "cilium").pod_cidr is None
    assert PODS[0] == DEFAULT


# -- addresses set free


def test_addresses_set_free_are_the_needs_of_inventory():
    one = flat(pools=(replace(flat().pools[0], nodes=5, max_pods=30),))
    found = moved(one)
    (freed,) = found.freed
    (use,) = usage(estate(one))
    assert (freed.before, freed.after, freed.addresses) == (use.need, 6, 6 * 30)
    assert freed.before == 6 * 31


def test_a_subnet_of_pods_is_free_once_its_cluster_is_gone():
    pods = subnet("spoke", "pods", "10.1.16.0/20")
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, pods)
    one = cluster(model="cni-dynamic", pods=pods.id, **READY)
    found = moved(one, vnets=(home,))
    assert [(e.subnet.name, e.after) for e in found.freed] == [("aks", 0), ("pods", 0)]
    assert found.freed[1].addresses > 0


def test_what_is_freed_is_not_known_where_nodes_are_not():
    one = flat(unbounded=("node auto-provisioning has no maximum",))
    (freed,) = moved(one).freed
    assert (freed.before, freed.after, freed.addresses) == (None, None, None)


# -- steps


def test_steps_of_an_update_come_in_order():
    one = kubenet(
        kubernetes_version="1.26", identity="SystemAssigned", network_policy="calico"
    )
    found = moved(one)
    lines = [" ".join(each) for step in found.steps for each in step.commands]
    order = [
        "aks show",
        "aks upgrade",
        "--assign-identity",
        "--network-policy none",
        "--network-plugin-mode overlay",
        "networkProfile",
        "vnet subnet show",
    ]
    last = -1
    for part in order:
        last = next(n for n, e in enumerate(lines) if n > last and part in e)
    assert [e.reversible for e in found.steps if "all of it at once" in e.text] == [
        False
    ]
    assert found.deadline is KUBENET_RETIREMENT
    assert found.irreversible
    assert found.sources
    assert len(found.outages) == len(set(found.outages))
    assert all(line.startswith("az ") for line in lines)


def test_a_new_cluster_gets_a_subnet_that_is_free_in_its_vnet():
    one = cluster(model="cni-dynamic", **READY)
    found = moved(one)
    create = next(
        e for s in found.steps for e in s.commands if "--address-prefixes" in e
    )
    assert create[create.index("--address-prefixes") + 1] == "10.1.1.0/28"
    made = next(e for s in found.steps for e in s.commands if e[2] == "create")
    assert made[made.index("--pod-cidr") + 1] == "10.244.0.0/16"
    assert made[made.index("--network-plugin-mode") + 1] == "overlay"
    assert any("az aks delete" in " ".join(e) for s in found.steps for e in s.commands)


@pytest.mark.parametrize(
    ("vnets", "told"),
    [
        ((vnet("spoke", "10.1.0.0/24", subnet("spoke", "aks", "10.1.0.0/24")),), "add"),
        ((vnet("else", "10.9.0.0/24"),), "was not read"),
    ],
)
def test_a_new_cluster_that_has_no_room(vnets, told):
    found = moved(cluster(model="cni-dynamic"), vnets=vnets)
    assert any(told in each.text for each in found.steps)


def test_a_new_cluster_of_unknown_size_or_place():
    pool = NodePool("a", None, subnet=id_of("spoke", "subnets", "aks"))
    found = moved(cluster(model="cni-dynamic", pools=(pool,)))
    assert any("its size is open" in each.text for each in found.steps)
    found = moved(cluster(model="cni-dynamic", pools=(NodePool("a", 3),)))
    assert not any("make a subnet" in each.text for each in found.steps)
    huge = replace(pool, nodes=1 << 30, literal=False)
    found = moved(cluster(model="cni-dynamic", pools=(huge,)), "cni-node-subnet")
    assert any("none is so large" in each.text for each in found.steps)


def test_a_network_plugin_of_ones_own_to_cilium():
    found = moved(cluster(model=None, network_plugin="none"), "cilium")
    assert (found.way, found.freed) == ("new-cluster", ())
    assert any("with Cilium" in each.text for each in found.steps)


def test_new_pools_have_their_pods_in_a_new_subnet():
    pools = (
        NodePool(
            "system", 3, 30, subnet=id_of("spoke", "subnets", "aks"), mode="system"
        ),
        NodePool("done", 3, model="cni-static-block"),
        NodePool("win123", 2, os="windows", current=1),
    )
    one = cluster(model="cni-dynamic", pools=pools, kubernetes_version="1.33")
    found = moved(one, "cni-static-block")
    added = [e for s in found.steps for e in s.commands if "add" in e]
    assert [each[each.index("--name") + 1] for each in added] == ["system2", "win122"]
    assert "StaticBlock" in added[0]
    assert added[0][added[0].index("--mode") + 1] == "System"
    assert added[1][added[1].index("--node-count") + 1] == "1"
    deleted = [e for s in found.steps for e in s.commands if "delete" in e]
    assert len(deleted) == 2
    assert found.irreversible == ("deleting the old pools",)
    bare = cluster(model="cni-dynamic", pools=(NodePool("a", None),))
    assert "<pod subnet id>" in words(moved(bare, "cni-static-block"))


def test_what_others_see_changes():
    texts = " ".join(moved(flat()).changes)
    assert "nothing outside the cluster reaches pods" in texts
    assert "the node's IP as source" in texts
    back = " ".join(moved(cluster(), "cni-node-subnet").changes)
    assert "pods can be reached" in back
    assert any("5,000 nodes" in each for each in moved(kubenet()).changes)


def test_those_that_can_move_first_then_by_name():
    many = (
        kubenet(name="b", subnets=("b",)),
        cluster(name="c"),
        kubenet(name="a"),
        flat(name="d", kubernetes_version="1.20"),
        cluster(name="e", model="cni-dynamic"),
        cluster(name="f", model=None),
        flat(name="g", needs=("dual-stack",)),
    )
    found = migrate(estate(*many), as_of=AS_OF).clusters
    assert [each.name for each in found] == list("abdgefc")


def test_what_was_not_seen_is_told():
    home = vnet("spoke", "10.1.0.0/16", *spoke().subnets, peering("spoke", "far"))
    found = migrate(estate(flat(), vnets=(home,)), as_of=AS_OF)
    assert any(each.startswith("far: ") for each in found.unknown)


def test_a_subnet_that_stays_full_is_no_news():
    full = flat(pools=(replace(flat().pools[0], nodes=240),))
    assert bars(moved(full)) == {"surge": "removable"}
    pool = replace(flat().pools[0], nodes=4_000, literal=False)
    tight = kubenet(pools=(replace(pool, nodes=300), NodePool("b", 4_900)))
    assert "subnet-full-during-upgrade" not in bars(moved(tight))


# -- hand-worked answers for real payloads: id, state and order of bars, the pod CIDR

KEPT = ("10.244.0.0/16", True)
CLEAR = ("100.64.0.0/16", False)
VERSION, IDENTITY = "kubernetes-version", "identity"
SHOWN = [
    ("01-kubenet-byo-subnet", False, [VERSION, IDENTITY], KEPT, 2),
    ("03-kubenet", False, [VERSION, IDENTITY], KEPT, 2),
    ("05-azure", False, [VERSION], CLEAR, 4),
    ("07-kubenet-byo-subnet", False, [VERSION], KEPT, 2),
    ("09-kubenet-byo-subnet", False, [IDENTITY], KEPT, 4),
    ("11-kubenet", False, [IDENTITY], KEPT, 4),
    ("13-kubenet-availabilityset", False, [IDENTITY, "availability-sets"], KEPT, 2),
    ("15-azure-byo-subnet", False, ["virtual-nodes"], ("10.244.0.0/16", False), 2),
    (
        "17-kubenet",
        False,
        [VERSION, "network-policy-version", "network-policy", IDENTITY],
        KEPT,
        4,
    ),
    ("19-azure-windows-2pools", False, [VERSION], CLEAR, 4),
    ("29-azure-managednatgateway", True, [], CLEAR, 2),
    ("31-kubenet-private", False, [VERSION, IDENTITY], KEPT, 2),
    ("41-kubenet-dualstack", False, ["dual-stack", IDENTITY], KEPT, 4),
    ("45-kubenet-apiserver-vnet", False, [VERSION, IDENTITY], KEPT, 4),
    ("47-kubenet-availabilityset", False, [IDENTITY, "availability-sets"], KEPT, 2),
    ("51-azure", True, [], CLEAR, 3),
    ("53-azure-managednatgateway", True, [], CLEAR, 2),
]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: each[0])
@pytest.mark.parametrize("kind", ["az-cli/aks-show", "arm/aks"])
def test_recorded_clusters(corpus, kind, shown):
    name, open_, barred, pods, needed = shown
    path = corpus / "azure-cli-recordings" / kind / f"{name}.json"
    (found,) = migrate(read_inventory(str(path)), as_of=AS_OF).clusters
    assert (found.way, found.open) == ("in-place", open_)
    assert list(bars(found)) == barred
    asked = found.pod_cidr
    assert ((str(asked.cidr), asked.kept), asked.needed) == (pods, needed)


def test_recorded_clusters_that_are_there_already(corpus):
    folder = corpus / "azure-cli-recordings/az-cli/aks-show"
    paths = sorted(folder.glob("*-azure-overlay*.json"))
    assert len(paths) == 10
    for path in paths:
        (found,) = migrate(read_inventory(str(path)), as_of=AS_OF).clusters
        assert (found.way, found.steps, found.bars) == ("already", (), ())


ESTATES = [
    # 1.29, system-assigned; 3 nodes and one of surge; nothing has 10.244.0.0/16
    ("create-and-update-with-http-proxy-config", [IDENTITY], 4, "aks-subnet"),
    # 1.25.6, system-assigned
    (
        "create-default-service-with-skip-role-assignment-msi",
        [VERSION, IDENTITY],
        2,
        "clisubnet000004",
    ),
    # 1.20.7, service principal
    (
        "create-default-service-without-skip-role-assignment-hybrid",
        [VERSION, IDENTITY],
        2,
        "clisubnet000004",
    ),
    # 1.26.6, service principal
    (
        "create-default-service-without-skip-role-assignment",
        [VERSION, IDENTITY],
        2,
        "clisubnet000005",
    ),
]


@pytest.mark.parametrize(("name", "barred", "nodes", "home"), ESTATES)
def test_recorded_estates(corpus, name, barred, nodes, home):
    paths = sorted(map(str, (corpus / "estates" / name).glob("*.json")))
    (found,) = migrate(read_inventory(*paths), as_of=date(2026, 11, 28)).clusters
    assert (found.way, found.open) == ("in-place", False)
    assert bars(found) == dict.fromkeys(barred, "removable")
    assert (str(found.pod_cidr.cidr), found.pod_cidr.kept) == KEPT
    assert "not read" not in found.pod_cidr.words
    assert [(e.subnet.name, e.before, e.after) for e in found.freed] == [
        (home, nodes, nodes)
    ]
    assert found.deadline is KUBENET_RETIREMENT


def test_what_cuts_pods_bars_the_way_though_nodes_were_cut_before(tmp_path):
    estate = tmp_path / "estate.yaml"
    estate.write_text(CUT, encoding="utf-8")
    (found,) = migrate(read_inventory(str(estate)), as_of=date(2026, 11, 28)).clusters
    assert found.open is False
    assert [each.id for each in found.bars] == ["nsg-cuts-pod-traffic"]


CUT = """
ipplan: 1
vnets:
  - name: spoke
    ranges: [10.1.0.0/16]
    subnets: [{name: aks, ranges: [10.1.0.0/24], network_security_group: nsg}]
security_groups:
  - name: nsg
    rules:
      - name: cut
        priority: 100
        direction: Inbound
        access: Deny
        sources: [10.1.0.0/24]
        destinations: [10.1.0.0/24]
      - {name: all-else, priority: 4000, direction: Inbound, access: Deny}
clusters:
  - name: shop
    model: cni-node-subnet
    kubernetes_version: "1.33"
    subnet: spoke/aks
    service_cidr: 172.16.0.0/16
    pools: [{name: system, nodes: 3, max_pods: 30}]
"""


def test_a_condition_has_one_row_for_a_destination():
    pairs = [(each.id, goal) for each in CONDITIONS for goal in each.goals]
    assert len(set(pairs)) == len(pairs)
    assert {goal for _, goal in pairs} <= set(DESTINATIONS)


@pytest.mark.parametrize("need", FEATURES)
@pytest.mark.parametrize("to", MODELS)
def test_a_feature_bars_the_way_by_its_name_where_a_model_may_lack_it(need, to):
    here = next(each for each in MODELS if each != to)
    found = moved(cluster(model=here, needs=(need,), **READY), to)
    named = need.replace("=", "-")
    has = MODELS[to].support(need) is Support.YES
    uses = [e for e in found.bars if e.id == named and e.text.startswith("it uses ")]
    assert len(uses) == (not has)


def test_rules_that_another_pod_cidr_can_satisfy_are_those_on_pod_cidrs():
    named = {each.name for each in RULES if each.name.startswith("pod-cidr-")}
    assert named == ON_POD_CIDRS
