"""The steps of a way, in order, with the commands to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.checks.networks.special import GATEWAYS
from ipplan.cidrs import IPV4
from ipplan.migrations.bars import NODE_PROVISIONING, OVERLAY, POLICIES
from ipplan.migrations.identities import given, roles
from ipplan.migrations.paths import CILIUM, CILIUM_PAGE
from ipplan.migrations.results import Step
from ipplan.migrations.tables import (
    DEFAULT_ROUTE,
    INGRESS,
    ROUTES,
    egresses,
    kept,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.networks import Subnet
    from ipplan.migrations.cases import Case, Command
    from ipplan.migrations.results import Bar, Freed, PodCidr

REIMAGED = (
    "all node pools are reimaged at the same time, each as in an upgrade: pods move "
    "from node to node"
)
"""What every update of the network takes."""

FIRST = "first"
"""The bar that the steps themselves take away: another model has to come before."""

BACKUP = "{networkProfile:networkProfile,pools:agentPoolProfiles,identity:identity}"
PROFILE = "networkProfile"
_LATE = (DEFAULT_ROUTE, INGRESS, ROUTES, "network-policy")
"""Bars that are taken away right before the update, in this order."""

_OUTAGES = {
    "network-policy": f"{REIMAGED}; network policies are enforced no longer",
    "kubernetes-version": "nodes are replaced one after another at each upgrade",
    "network-policy-version": "nodes are replaced one after another at each upgrade",
    ROUTES: "what reaches pods through that route table",
    INGRESS: "changes of ingresses and of pods don't reach the Application Gateway",
    "virtual-nodes": "pods on virtual nodes end",
    "availability-sets": "downtime: nodes are replaced, and the load balancer may be",
    NODE_PROVISIONING: "pods on nodes of node auto-provisioning move, or wait for room",
}
"""What does not work while a bar is taken away, by its row."""

_LASTING = frozenset(
    {"kubernetes-version", "network-policy-version", "availability-sets"}
)
"""Bars whose remedy can't be undone: Kubernetes is never downgraded."""


def in_place(
    case: Case,
    bars: tuple[Bar, ...],
    pods: PodCidr | None,
    freed: tuple[Freed, ...] = (),
) -> Iterator[Step]:
    """The steps of an update in place, each once.

    Parameters
    ----------
    case : Case
        The cluster.
    bars : tuple of Bar
        What has to be taken away first.
    pods : PodCidr or None
        The pod CIDR to ask for.
    freed : tuple of Freed
        What its subnets have to hold before and after.
    """
    yield from dict.fromkeys(_in_place(case, bars, pods, freed))


def _in_place(
    case: Case, bars: tuple[Bar, ...], pods: PodCidr | None, freed: tuple[Freed, ...]
) -> Iterator[Step]:
    yield backup(case)
    told = [each for each in bars if each.remedy and each.id != FIRST]
    for each in told:
        if each.id not in _LATE:
            yield removal(each)
        if each.id == "identity" and each.state == "removable":
            yield from given(case)
    late = [each for name in _LATE for each in told if each.id == name]
    if OVERLAY in case.goals:
        yield from roles(case)
        yield from _before_overlay(case, pods)
        yield from map(removal, late)
        yield _overlay(case, pods)
        yield _verify(case, "networkPluginMode is overlay, and podCidr as asked for")
        yield from _started(case, late)
    if CILIUM in case.goals:
        yield _cilium(case)
        yield _verify(case, "networkDataplane is cilium")
    yield from _again(case, late)
    yield from _afterwards(case, freed)


def _cilium(case: Case) -> Step:
    """The update of the data plane."""
    return Step(
        "change the data plane to Cilium, in a step of its own; network policies "
        "are enforced again when all nodes are reimaged",
        (case.aks("update", "--network-dataplane", "cilium"),),
        f"{REIMAGED}; network policies are not enforced until all are",
        reversible=False,
        source=CILIUM_PAGE,
    )


def _started(case: Case, late: list[Bar]) -> Iterator[Step]:
    """The ingress controller runs again once the routes are gone."""
    if any(each.id == INGRESS for each in late):
        gateway = ("--appgw-id", "<application gateway id>")
        yield Step(
            "start the ingress controller again",
            (case.aks("enable-addons", "--addons", "ingress-appgw", *gateway),),
            source=limits.INGRESS_ISSUE,
        )


_ENGINES = frozenset({"azure", "calico"})
"""Engines that az aks installs."""


def _again(case: Case, late: list[Bar]) -> Iterator[Step]:
    """What was taken away for the update, and is wanted again."""
    gone = any(
        (each.id, each.state) == ("network-policy", "removable") for each in late
    )
    if gone and CILIUM not in case.goals:
        same = ("update", "--network-policy", case.policy)
        yield Step(
            "install an engine of network policies again, the same or Cilium (ipplan "
            "migrate --to cilium): from its removal until then no policy holds",
            (case.aks(*same),) if case.policy in _ENGINES else (),
            REIMAGED,
            source=POLICIES.partition("#")[0],
        )
    if CILIUM in case.goals and NODE_PROVISIONING in case.cluster.needs:
        yield Step(
            "turn node auto-provisioning on again, with the limits that its NodePools "
            "had",
            (case.aks("update", "--node-provisioning-mode", "Auto"),),
            source=limits.AUTO_PROVISIONING,
        )


def backup(case: Case) -> Step:
    """The step that keeps what there is.

    Parameters
    ----------
    case : Case
        The cluster.
    """
    return Step(
        "keep what there is now, and try the way on a cluster of the same kind",
        (
            case.aks("show", "--query", BACKUP, "--output", "json"),
            case.pools("list", "--output", "table"),
            *kept(case),
        ),
    )


def removal(bar: Bar) -> Step:
    """The step that takes a bar away.

    Parameters
    ----------
    bar : Bar
        One with a remedy.
    """
    done = bar.state == "removable"
    return Step(
        bar.remedy,
        bar.commands,
        _OUTAGES.get(bar.id, "") if done else "",
        reversible=not done or bar.id not in _LASTING,
        source=bar.source,
    )


def _before_overlay(case: Case, pods: PodCidr | None) -> Iterator[Step]:
    """What to look at before: masquerading, Windows, gateways, rules."""
    config = "kubectl get configmap -n kube-system"
    yield Step(
        "look for an ip-masq-agent configuration of your own: delete a left-over "
        "azure-ip-masq-agent-config; ranges that one leaves unmasked can't be reached "
        "from pods any more",
        (case.aks("command invoke", "--command", config),),
        source=limits.UPDATE_CNI,
    )
    if case.is_windows:
        build = limits.OVERLAY_WINDOWS_BUILD
        yield Step(
            f"see that Windows nodes run build {build.value} or later, and no Docker, "
            "which no Kubernetes that can be updated has",
            (case.pools("list", "--query", "[].[name,nodeImageVersion]"),),
            source=build.source,
        )
    yield Step(
        "see that no pool has a size of the DCsv2 series, which CNI Overlay lacks",
        (case.pools("list", "--query", "[].[name,vmSize]"),),
        source=limits.OVERLAY_UPDATE,
    )
    yield from _gateways(case)
    yield _rules(case, pods)


def _gateways(case: Case) -> Iterator[Step]:
    """What an Application Gateway that is the ingress asks for."""
    if "application-gateway-ingress" not in case.cluster.needs:
        return
    most = limits.APPLICATION_GATEWAY_OVERLAY
    if not case.gateways:
        yield Step(
            "find the subnet of the Application Gateway that is its ingress, which was "
            f"not read: larger than a /{most.value}, the ingress is out until the "
            "gateway is moved",
            outage=f"Application Gateway ingress, where its subnet is larger than a "
            f"/{most.value}",
            source=most.source,
        )
    for each in case.gateways:
        yield from _gateway(case, each)


def _gateway(case: Case, subnet: Subnet) -> Iterator[Step]:
    """What the subnet of a gateway asks for: its size, and a delegation."""
    most = limits.APPLICATION_GATEWAY_OVERLAY
    name = case.survey.called(subnet)
    ranges = [each for each in subnet.prefixes if each.version == IPV4]
    large = [each for each in ranges if each.length < most.value]
    if large:
        yield Step(
            f"move the Application Gateway in {name} {listed(large)} to a subnet of "
            f"its own, a /{most.value} or smaller: CNI Overlay takes none larger",
            outage=f"Application Gateway ingress in {name} {listed(large)}, which is "
            f"larger than a /{most.value}, from the update until it is moved",
            source=most.source,
        )
    elif not any(each.lower() == GATEWAYS for each in subnet.delegations):
        yield Step(
            f"delegate {name} to {GATEWAYS}, as CNI Overlay asks for",
            (
                (
                    *("az", "network", "vnet", "subnet", "update"),
                    *("--ids", subnet.id),
                    *("--delegations", "Microsoft.Network/applicationGateways"),
                ),
            ),
            source=most.source,
        )


def _rules(case: Case, pods: PodCidr | None) -> Step:
    """What network security groups and firewalls have to let through."""
    cidr = pods.cidr if pods else None
    where = f"the pod CIDR {cidr}" if cidr else "the pod CIDR"
    groups = dict.fromkeys(e.network_security_group for e in case.node_subnets)
    shown = tuple(_shown(each) for each in groups if each)
    return Step(
        "see that network security groups on the node subnets let all traffic through "
        f"from nodes to nodes, from nodes to {where}, and within that; elsewhere, that "
        "rules name the node subnets, since nodes are whom others see",
        shown,
        source=limits.OVERLAY,
    )


def _shown(group: str) -> Command:
    return ("az", "network", "nsg", "show", "--ids", group)


def _overlay(case: Case, pods: PodCidr | None) -> Step:
    """The update itself; a pod CIDR that stays is not named."""
    cidr = str(pods.cidr) if pods and pods.cidr else "<pod CIDR>"
    named = () if pods and pods.kept else ("--pod-cidr", cidr)
    cut = egresses(case) and case.first_path is not None and case.first_path.detaches
    egress = "; egress, until the default route is there again" if cut else ""
    mode = ("--network-plugin", "azure", "--network-plugin-mode", "overlay")
    return Step(
        "update the cluster to CNI Overlay, all of it at once",
        (case.aks("update", *mode, *named),),
        f"{REIMAGED}{egress}",
        reversible=False,
        source=limits.UPDATE_CNI,
    )


def _verify(case: Case, words: str) -> Step:
    return Step(
        f"see that {words}, and that all pools have succeeded",
        (
            case.aks("show", "--query", PROFILE),
            case.pools("list", "--output", "table"),
        ),
    )


def _afterwards(case: Case, freed: tuple[Freed, ...]) -> Iterator[Step]:
    """What is left to do when the cluster has moved."""
    yield Step(
        "change the code that makes the cluster, if there is any: else its next run "
        "asks for what was there before"
    )
    path = case.first_path
    if path is not None and path.detaches and case.nodes_in:
        yield Step(
            "see which route table the node subnets have now: routes to pods are gone, "
            "and a default route that egress needs has to be there",
            tuple(_subnet(each) for each in case.nodes_in),
            source=limits.UPDATE_CNI,
        )
    if any(each.addresses and each.addresses > 0 for each in freed):
        yield Step(
            "use what is free now in its subnets for more nodes: a subnet in use can't "
            "be made smaller",
            source=limits.IP_PLANNING,
        )


def _subnet(identity: str) -> Command:
    wanted = ("--ids", identity, "--query", "routeTable")
    return ("az", "network", "vnet", "subnet", "show", *wanted)
