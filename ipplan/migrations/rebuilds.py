"""The steps of the ways that build anew: a cluster beside, or pools on new subnets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.choices import free_subnet
from ipplan.inventory.networks import Subnet
from ipplan.inventory.origins import name_of, resource_group_of, subscription_of
from ipplan.migrations.results import Step
from ipplan.migrations.steps import backup, removal
from ipplan.models import MODELS, Home
from ipplan.prefixes import prefix_for
from ipplan.usages import use_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.migrations.cases import Case, Command
    from ipplan.migrations.results import Bar, PodCidr
    from ipplan.models import NetworkModel

POOLS_PAGE = f"{limits.AKS}/node-pool-unique-subnet"
BLUE_GREEN = f"{limits.AKS}/upgrade-options"


class _Home(NamedTuple):
    """A subnet that has to be made.

    ``need`` is None where the nodes are not known, ``cidr`` where no room was found.
    """

    what: str
    name: str
    vnet: str
    need: int | None
    length: int
    cidr: Cidr | None
    read: bool

    @property
    def id(self) -> str:
        return f"{self.vnet}/subnets/{self.name}"


def new_cluster(
    case: Case, bars: tuple[Bar, ...], pods: PodCidr | None
) -> Iterator[Step]:
    """The steps of a new cluster beside the old one.

    Parameters
    ----------
    case : Case
        The cluster.
    bars : tuple of Bar
        What has to be settled first.
    pods : PodCidr or None
        The pod CIDR to ask for.
    """
    goal = case.goal or MODELS.get(case.cluster.model or "")
    yield backup(case)
    yield from (removal(each) for each in bars if each.remedy and not each.commands)
    homes = list(_homes(case, goal)) if goal else []
    yield from map(_subnet, homes)
    yield Step(
        "make the new cluster beside the old one, out of the code that made that, with "
        f"{_named(goal, pods)}; ipplan layout plans both with twin: blue-green",
        (_create(case, goal, pods, homes),) if goal else (),
        source=goal.source if goal else "",
    )
    yield Step(
        "install what runs in the old cluster, and shift its traffic step by step: DNS "
        "names, load balancers, firewall rules that name its addresses",
        source=BLUE_GREEN,
    )
    yield Step(
        "delete the old cluster, and the subnets that nothing uses any more",
        (case.aks("delete"),),
        "whatever still runs in the old cluster",
        reversible=False,
    )


def _named(goal: NetworkModel | None, pods: PodCidr | None) -> str:
    title = goal.title if goal else "Cilium"
    return f"{title} and pod CIDR {pods.cidr}" if pods and pods.cidr else title


def _create(
    case: Case, goal: NetworkModel, pods: PodCidr | None, homes: list[_Home]
) -> Command:
    """The network options of a new cluster; the others are the old one's."""
    named = replace(case, cluster=replace(case.cluster, name=_called(case)))
    mode = ("--network-plugin-mode", goal.plugin_mode) if goal.plugin_mode else ()
    cidr = ("--pod-cidr", str(pods.cidr)) if pods and pods.cidr else ()
    flags = {"nodes": "--vnet-subnet-id", "pods": "--pod-subnet-id"}
    subnets = (word for each in homes for word in (flags[each.what], each.id))
    dataplane = ("--network-dataplane", case.to) if case.to not in MODELS else ()
    plugin = ("--network-plugin", goal.plugin)
    return named.aks("create", *plugin, *mode, *dataplane, *cidr, *subnets)


def _called(case: Case) -> str:
    """What new things are called."""
    return f"{case.cluster.name}-new"


def new_pools(case: Case, bars: tuple[Bar, ...]) -> Iterator[Step]:
    """The steps of new pools, with their pods in another subnet.

    Parameters
    ----------
    case : Case
        The cluster.
    bars : tuple of Bar
        What has to be taken away first.
    """
    goal = MODELS[case.to]
    yield backup(case)
    yield from (removal(each) for each in bars if each.remedy)
    homes = [each for each in _homes(case, goal) if each.what == "pods"]
    yield from map(_subnet, homes)
    where = homes[0].id if homes else "<pod subnet id>"
    moving = [
        each
        for each in case.cluster.pools
        if (each.model or case.cluster.model) != case.to
    ]
    yield Step(
        "add a pool for each that is to go, with its pods in that subnet; the node "
        "subnet has to hold both meanwhile",
        tuple(_added(case, each, goal, where) for each in moving),
        source=goal.source,
    )
    yield Step(
        "cordon and drain the nodes of the old pools, pool by pool",
        (case.aks("command invoke", "--command", "kubectl get nodes -o wide"),),
        "pods move from node to node",
        source=POOLS_PAGE,
    )
    yield Step(
        "delete the old pools, and the pod subnet once nothing uses it",
        tuple(case.pools("delete", "--name", each.name) for each in moving),
        reversible=False,
        source=POOLS_PAGE,
    )


def _added(case: Case, pool: NodePool, goal: NetworkModel, where: str) -> Command:
    """A pool like another, with its pods elsewhere."""
    count = pool.current if pool.current is not None else pool.nodes
    name = f"{pool.name[: pool.longest_name - 1]}2"
    options = {
        "--name": name,
        "--mode": pool.mode.capitalize() if pool.mode in {"system", "user"} else "",
        "--os-type": pool.os.capitalize(),
        "--node-count": "" if count is None else str(count),
        "--max-pods": "" if pool.max_pods is None else str(pool.max_pods),
        "--vnet-subnet-id": pool.subnet or "",
        "--pod-subnet-id": where,
        "--pod-ip-allocation-mode": goal.allocation,
    }
    words = (word for key, value in options.items() if value for word in (key, value))
    return case.pools("add", *words)


def _homes(case: Case, goal: NetworkModel) -> Iterator[_Home]:
    """Subnets for what is built anew, in its first VNet: of nodes, and of pods."""
    if not case.homes:
        return
    vnet = case.homes[0]
    kinds = ["nodes", *(["pods"] if goal.home is Home.POD_SUBNET else [])]
    ids = {kind: f"{vnet}/subnets/{_called(case)}-{kind}".lower() for kind in kinds}
    cluster = _settled(case, goal, ids)
    for kind in kinds:
        need = use_of(Subnet(ids[kind], kind), (cluster,)).need
        kept = goal.kept if kind == "pods" else limits.RESERVED_ADDRESSES.value
        length = int(prefix_for(need, kept)) if need is not None else 0
        yield _Home(
            kind,
            name_of(ids[kind]),
            vnet,
            need,
            length,
            _room(case, vnet, length, ids[kind]),
            vnet in case.survey.inventory.vnet_by_id,
        )


def _settled(case: Case, goal: NetworkModel, ids: dict[str, str]) -> Cluster:
    """The cluster as it would be in new subnets."""
    pools = (
        replace(pool, model=None, subnet=ids["nodes"], pod_subnet=ids.get("pods"))
        for pool in case.cluster.pools
    )
    return replace(case.cluster, model=goal.name, pools=tuple(pools))


def _room(case: Case, vnet: str, length: int, use: str) -> Cidr | None:
    """Room in a VNet that was read."""
    home = case.survey.inventory.vnet_by_id.get(vnet)
    return free_subnet(case.survey, home, length, use=use) if home and length else None


def _subnet(home: _Home) -> Step:
    """The step that makes a subnet, or says that there is no room for it."""
    what = f"a subnet for the {home.what}, in {name_of(home.vnet)}"
    if home.need is None or not home.length:
        why = "their number is not known" if home.need is None else "none is so large"
        return Step(f"make {what}: its size is open, since {why}")
    size = f"{what}: {home.need:,} addresses, a /{home.length}"
    if home.cidr is None:
        none = "no room for it was found there, so add address space"
        why = none if home.read else "where there is room was not read"
        return Step(f"make {size}; {why}")
    return Step(f"make {size}, such as {home.cidr}", (_made(home),))


def _made(home: _Home) -> Command:
    group = resource_group_of(home.vnet) or "<resource group>"
    whose = subscription_of(home.vnet)
    return (
        *("az", "network", "vnet", "subnet", "create"),
        *("--resource-group", group),
        *("--vnet-name", name_of(home.vnet)),
        *("--name", home.name),
        *("--address-prefixes", str(home.cidr)),
        *(("--subscription", whose) if whose else ()),
    )
