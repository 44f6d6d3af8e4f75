"""A case: a cluster that is to move, and what its bars and steps look up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ipplan.checks.networks.special import has_gateway
from ipplan.checks.settings.routes import node_subnets
from ipplan.cidrs import IPV4
from ipplan.migrations.paths import CILIUM, path_of
from ipplan.models import MODELS, Home
from ipplan.usages import NO_PLUGIN

if TYPE_CHECKING:
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.migrations.paths import Path
    from ipplan.models import NetworkModel

Command = tuple[str, ...]
"""A command, word by word, unquoted."""

_POLICY = "network-policy="


@dataclass(frozen=True)
class Case:
    """A cluster that is to move.

    Parameters
    ----------
    survey : Survey
        What rules look things up in.
    cluster : Cluster
        As it is.
    to : str
        The model, or ``cilium`` for the data plane.
    """

    survey: Survey
    cluster: Cluster
    to: str

    @property
    def model(self) -> str | None:
        """Its model, or ``none`` for a plugin of one's own; None where not known."""
        plugin = (self.cluster.network_plugin or "").lower()
        own = NO_PLUGIN if plugin == NO_PLUGIN else None
        return self.cluster.model or own if self.cluster.seen else None

    @cached_property
    def path(self) -> Path | None:
        """The way; None where its model is not known."""
        return path_of(self.model, self.to) if self.model else None

    @property
    def here(self) -> bool:
        """Whether nothing is to be done."""
        modes = {each.model or self.cluster.model for each in self.cluster.pools}
        return self.policy == self.to or {self.cluster.model, *modes} == {self.to}

    @property
    def goals(self) -> tuple[str, ...]:
        """Where it goes, one after the other."""
        first = self.path.first if self.path else ""
        return tuple(filter(None, [first, self.to]))

    @property
    def goal(self) -> NetworkModel | None:
        """The model that it has afterwards; None where it keeps its own."""
        return next((MODELS[each] for each in self.goals if each != CILIUM), None)

    @property
    def moves(self) -> bool:
        """Whether it gets a model whose pods live in a pod CIDR."""
        leaves = self.path is not None and not self.here
        return leaves and self.goal is not None and self.goal.home is Home.POD_CIDR

    @property
    def row(self) -> NetworkModel | None:
        """The row of its model."""
        return MODELS.get(self.cluster.model or "")

    @property
    def first_path(self) -> Path | None:
        """The way to the first of its goals, where its model is known."""
        return path_of(self.model, self.goals[0]) if self.model else None

    @cached_property
    def name(self) -> str:
        """As people call it."""
        return self.survey.called(self.cluster)

    @property
    def policy(self) -> str:
        """The engine of its network policies; nothing where it has none."""
        needs = (e for e in self.cluster.needs if e.startswith(_POLICY))
        engine = next(needs, "").removeprefix(_POLICY)
        engine = engine or (self.cluster.network_policy or "").lower()
        return "" if engine == NO_PLUGIN else engine

    @property
    def is_windows(self) -> bool:
        """Whether it has Windows pools."""
        systems = {each.os for each in self.cluster.pools}
        return "windows" in self.cluster.needs or "windows" in systems

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """Ids of the VNets that it lives in."""
        return self.survey.homes(self.cluster)

    @property
    def unread(self) -> bool:
        """Whether the space of a VNet that it lives in is not known."""
        vnets = [self.survey.vnets.get(each) for each in self.homes]
        return not vnets or any(each is None or not each.prefixes for each in vnets)

    @cached_property
    def node_subnets(self) -> list[Subnet]:
        """The subnets of its nodes that were read."""
        return node_subnets(self.survey, self.cluster)

    @property
    def nodes_in(self) -> tuple[str, ...]:
        """Ids of the subnets of its nodes, read or not."""
        return tuple(dict.fromkeys(e.subnet for e in self.cluster.pools if e.subnet))

    @cached_property
    def route_tables(self) -> tuple[str, ...]:
        """Ids of the route tables on the subnets of its nodes."""
        tables = (each.route_table for each in self.node_subnets)
        return tuple(dict.fromkeys(each for each in tables if each))

    @cached_property
    def gateways(self) -> tuple[Subnet, ...]:
        """Subnets of Application Gateways in its VNets."""
        vnets = (self.survey.vnets.get(each) for each in self.homes)
        every = (subnet for vnet in vnets if vnet for subnet in vnet.subnets)
        return tuple(each for each in every if has_gateway(each))

    def after(self, pod_cidr: Cidr | None) -> Cluster:
        """The cluster when it has the model that it goes to.

        Parameters
        ----------
        pod_cidr : Cidr or None
            The pod CIDR that it gets; None where it has none.
        """
        goal = self.goal
        if goal is None:
            return self.cluster
        engine = f"{_POLICY}{self.policy}"
        ipv6 = (each for each in self.cluster.pod_cidrs if each.version != IPV4)
        pools = (
            replace(pool, model=None, pod_subnet=None) for pool in self.cluster.pools
        )
        return replace(
            self.cluster,
            model=goal.name,
            network_plugin=goal.plugin,
            network_policy=None,
            needs=tuple(each for each in self.cluster.needs if each != engine),
            pools=tuple(pools),
            pod_cidrs=(*((pod_cidr,) if pod_cidr else ()), *ipv6),
            assumed=tuple(e for e in self.cluster.assumed if e != "pod_cidrs"),
        )

    def aks(self, verb: str, *options: str, flag: str = "--name") -> Command:
        """A command of ``az aks`` on this cluster.

        Parameters
        ----------
        verb : str
            What it does, such as ``nodepool list``.
        *options : str
            What comes behind the name of the cluster.
        flag : str
            The option that names the cluster.
        """
        group = self.cluster.resource_group or "<resource group>"
        whose = self.cluster.subscription
        return (
            *("az", "aks", *verb.split()),
            *("--resource-group", group),
            *(flag, self.cluster.name),
            *options,
            *(("--subscription", whose) if whose else ()),
        )

    def pools(self, verb: str, *options: str) -> Command:
        """A command of ``az aks nodepool`` on this cluster."""
        return self.aks(f"nodepool {verb}", *options, flag="--cluster-name")
