"""The steps of the ways that build anew: a cluster beside, or pools on new subnets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.choices import free_subnet
from ipplan.inventory.networks import Subnet
from ipplan.inventory.origins import name_of, resource_group_of, subscription_of
from ipplan.migrations.options import NOT_READ, kind_of, of_cluster, of_pool, words
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

WINDOWS = "windows"
"""The system of pools, and the bar of those that can't come along."""

PATH = "path"
"""The bar of ways that no page has."""

OF_THE_WAY = frozenset({PATH, "subnet-shared"})
"""Bars that are no matter of what a cluster uses, and that a new one leaves behind."""


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
    new = _built(case, bars)
    yield backup(case)
    yield from (removal(each) for each in bars if each.remedy and not each.commands)
    homes = list(_homes(new, goal)) if goal else []
    yield from map(_subnet, homes)
    yield Step(
        "make the new cluster beside the old one, out of the code that made that, with "
        f"{_named(goal, pods)}; ipplan layout plans both with twin: blue-green. "
        f"{NOT_READ}",
        tuple(_create(new, goal, pods, homes)) if goal else (),
        source=goal.source if goal else "",
    )
    yield Step(
        "install what runs in the old cluster, and shift its traffic step by step: DNS "
        "names, load balancers, firewall rules that name its addresses",
        source=limits.UPGRADE_OPTIONS,
    )
    yield from _end(case, bars, homes)


def remaining(case: Case, bars: tuple[Bar, ...]) -> Cluster | None:
    """What is left of the old cluster beside the new one: its Windows pools.

    Parameters
    ----------
    case : Case
        The cluster.
    bars : tuple of Bar
        What stands in its way.

    Returns
    -------
    Cluster or None
        None where it can be deleted.
    """
    if not any((each.id, each.state) == (WINDOWS, "bars") for each in bars):
        return None
    pools = (each for each in case.cluster.pools if each.os == WINDOWS)
    return replace(case.cluster, pools=tuple(pools))


def _built(case: Case, bars: tuple[Bar, ...]) -> Case:
    """What is built anew: all of the cluster, or its Linux pools."""
    if remaining(case, bars) is None:
        return case
    pools = (each for each in case.cluster.pools if each.os != WINDOWS)
    return replace(case, cluster=replace(case.cluster, pools=tuple(pools)))


def _end(case: Case, bars: tuple[Bar, ...], homes: list[_Home]) -> Iterator[Step]:
    """The step that ends the old cluster, or that keeps it for what stays there."""
    needs = "; ".join(
        f"{each.name} needs {_number(each.need)} addresses" for each in homes
    )
    new = f". Beside that, what is new takes its own: {needs}" if needs else ""
    if remaining(case, bars) is not None:
        stays = [each for each in case.cluster.pools if each.os != WINDOWS]
        yield Step(
            "keep the old cluster for its Windows pools, and make its Linux pools as "
            "small as their system pods allow: its subnets stay in use" + new,
            tuple(case.pools("show", "--name", each.name) for each in stays),
        )
        return
    lacks = [e.text for e in bars if e.state == "bars" and e.id not in OF_THE_WAY]
    once = f" once nothing in it needs that any more ({'; '.join(lacks)})"
    yield Step(
        f"delete the old cluster{once if lacks else ''}, and the subnets that nothing "
        f"uses any more: what it needs there is free only then{new}",
        (case.aks("delete"),),
        "whatever still runs in the old cluster",
        reversible=False,
    )


def _number(need: int | None) -> str:
    return "an unknown number of" if need is None else f"{need:,}"


def _named(goal: NetworkModel | None, pods: PodCidr | None) -> str:
    title = goal.title if goal else "Cilium"
    return f"{title} and pod CIDR {pods.cidr}" if pods and pods.cidr else title


def _create(
    case: Case, goal: NetworkModel, pods: PodCidr | None, homes: list[_Home]
) -> Iterator[Command]:
    """A new cluster with its first pool, and then the others."""
    named = replace(case, cluster=replace(case.cluster, name=_called(case)))
    flags = {"nodes": "--vnet-subnet-id", "pods": "--pod-subnet-id"}
    subnets = words({flags[each.what]: each.id for each in homes})
    model = {
        "--network-plugin": goal.plugin,
        "--network-plugin-mode": goal.plugin_mode,
        "--pod-cidr": str(pods.cidr) if pods and pods.cidr else "",
    }
    # AKS begins a cluster with a system pool, and Windows can be none.
    pools = sorted(
        case.cluster.pools, key=lambda e: (e.os == WINDOWS, e.mode == "user")
    )
    first = pools[:1]
    sized = (w for e in first for w in ("--nodepool-name", e.name, *of_pool(e)))
    yield named.aks("create", *words(model), *of_cluster(case), *subnets, *sized)
    for each in pools[1:]:
        name = ("--name", each.name)
        yield named.pools("add", *name, *kind_of(each), *of_pool(each), *subnets)


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
        f"subnet has to hold both meanwhile. {NOT_READ}",
        tuple(_added(case, each, goal, where) for each in moving),
        source=goal.source,
    )
    yield Step(
        "cordon and drain the nodes of the old pools, pool by pool",
        (case.aks("command invoke", "--command", "kubectl get nodes -o wide"),),
        "pods move from node to node",
        source=limits.POOL_SUBNETS,
    )
    yield Step(
        "delete the old pools, and the pod subnet once nothing uses it",
        tuple(case.pools("delete", "--name", each.name) for each in moving),
        reversible=False,
        source=limits.POOL_SUBNETS,
    )


def _added(case: Case, pool: NodePool, goal: NetworkModel, where: str) -> Command:
    """A pool like another, with its pods elsewhere."""
    name = f"{pool.name[: pool.longest_name - 1]}2"
    places = {
        "--vnet-subnet-id": pool.subnet,
        "--pod-subnet-id": where,
        "--pod-ip-allocation-mode": goal.allocation,
    }
    options = ("--name", name, *kind_of(pool), *of_pool(pool), *words(places))
    return case.pools("add", *options)


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
