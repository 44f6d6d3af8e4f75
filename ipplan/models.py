"""The network models of AKS, a row each: one formula with a few parameters.

A node takes pod addresses ``block`` at a time until it holds at least ``spare`` more
than its pods: block · ⌈(pods + spare) / block⌉. Everything that sets one model apart
from another is a column here; no other module asks for a model by its name.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan import limits
from ipplan.counts import plus
from ipplan.errors import ArgumentError
from ipplan.features import Support

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ipplan.counts import Count
    from ipplan.limits import Limit


NODE_POD_PREFIX = 33 - limits.NODE_POD_CIDR.value.bit_length()
"""Prefix length of the part of a pod CIDR that a node takes. [bits]"""


class Home(Enum):
    """The range in which a model's pods live."""

    NODE_SUBNET = "node-subnet"
    POD_SUBNET = "pod-subnet"
    POD_CIDR = "pod-cidr"

    @property
    def words(self) -> str:
        """As people write it."""
        return self.value.replace("-", " ").replace("cidr", "CIDR")


class Takes(Enum):
    """What a node takes its pod addresses for."""

    NODE = "itself: one block"
    MAX_PODS = "the pods it can run"
    RUNNING_PODS = "the pods it runs"


class Standing(Enum):
    """What Microsoft's pages say of a model, best first."""

    RECOMMENDED = "recommended"
    SUPPORTED = "supported"
    LEGACY = "legacy"
    RETIRING = "retiring"


class Observation(NamedTuple):
    """A count that the service was seen to make; it is never used to size.

    On a node it is ``max_pods`` · max pods + ``cost`` · (what the formula gives, with
    ``spare`` if set in the model's place) + ``node``.

    Parameters
    ----------
    what : {"pre-flight", "held"}
        What AKS counts before it creates, scales or upgrades; or what nodes hold.
    limit : Limit
        The row that it rests on; its value is the ``node`` term.
    max_pods, cost : int
        Weights of max pods and of the model's formula.
    spare : int or None
        Replaces the model's spare where the service was seen to keep another one.
    surge : bool
        Whether surge nodes count.
    """

    what: Literal["pre-flight", "held"]
    limit: Limit[int]
    max_pods: int = 0
    cost: int = 0
    spare: int | None = None
    surge: bool = False


class NetworkModel(NamedTuple):
    """One network model.

    Parameters
    ----------
    name, title : str
        As ipplan and as Microsoft spell it.
    home : Home
        The range in which pods live.
    block, spare : int
        Addresses that a node takes at a time, and keeps free. [addresses]
    kept : int
        Addresses of the pods' range that no pod can use. [addresses]
    largest, smallest : int
        Prefix lengths allowed for the pods' range. [bits]
    takes : Takes
        What a node takes its pod addresses for.
    default_max_pods : Limit
        [pods/node]
    route_limit : Limit or None
        Routes that its route table holds, where each node takes one. [routes]
    vnet_limit : Limit or None
        Addresses that one VNet can hold, where pods count. [addresses]
    pod_ceilings : tuple of Limit
        Pods that a cluster can run. [pods]
    retirement : Limit or None
        The day on which support ends.
    standing : Standing
        What Microsoft's pages say of it.
    egress_source : str
        The address that others see.
    lacks, unsure : frozenset of str
        Features that the model does not have, and those that no page speaks of.
    excludes : tuple of pairs of str
        Features that this model has one of but not both.
    observed : tuple of Observation
        What the service was seen to count.
    plugin, plugin_mode, allocation : str
        How AKS is told of it: the network plugin and its mode, and how pods of a pool
        get their addresses; empty for what is not said.
    source : str
        The page that describes the model.
    """

    name: str
    title: str
    home: Home
    block: int
    spare: int
    default_max_pods: Limit[int]
    standing: Standing
    egress_source: str
    source: str
    kept: int = limits.RESERVED_ADDRESSES.value
    largest: int = limits.LARGEST_SUBNET.value
    smallest: int = limits.SMALLEST_SUBNET.value
    takes: Takes = Takes.MAX_PODS
    route_limit: Limit[int] | None = None
    vnet_limit: Limit[int] | None = None
    pod_ceilings: tuple[Limit[int], ...] = ()
    retirement: Limit[date] | None = None
    observed: tuple[Observation, ...] = ()
    lacks: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    excludes: tuple[tuple[str, str], ...] = ()
    plugin: str = "azure"
    plugin_mode: str = ""
    allocation: str = ""

    def support(self, feature: str) -> Support:
        """Whether the model has a feature of :data:`FEATURES`.

        Examples
        --------
        >>> MODELS["kubenet"].support("windows")
        <Support.NO: 'no'>
        """
        if feature in self.lacks:
            return Support.NO
        return Support.UNKNOWN if feature in self.unsure else Support.YES

    def node_block(self, pods: Count, spare: int | None = None) -> Count:
        """Addresses that a node takes for its pods.

        Parameters
        ----------
        pods : int or ndarray of int, shape (...,)
            Pods on the node that need an address, at least 0. [pods/node]
        spare : int, optional
            In place of the model's own. [addresses]

        Returns
        -------
        int or ndarray of int
            block · ⌈(pods + spare) / block⌉, or one block whatever the pods are.
            [addresses/node]

        Examples
        --------
        Microsoft's three static-block examples take 2, 2 and 3 blocks of 16.

        >>> [MODELS["cni-static-block"].node_block(pods) for pods in (30, 31, 32)]
        [32, 32, 48]
        """
        if self.takes is Takes.NODE:
            return self.block
        kept = self.spare if spare is None else spare
        if self.block == 1:
            return plus(pods, kept)
        taken = pods + (kept + self.block - 1)  # a new array: it can change in place
        taken //= self.block
        taken *= self.block
        return taken


_ROWS = (
    NetworkModel(
        name="cni-overlay",
        plugin_mode="overlay",
        title="Azure CNI Overlay",
        home=Home.POD_CIDR,
        takes=Takes.NODE,
        block=limits.NODE_POD_CIDR.value,
        spare=0,
        kept=0,
        largest=limits.LARGEST_POD_CIDR.value,
        smallest=NODE_POD_PREFIX,
        default_max_pods=limits.MAX_PODS_OVERLAY,
        pod_ceilings=(limits.PODS_OVERLAY,),
        standing=Standing.RECOMMENDED,
        egress_source="the node's IP",
        observed=(Observation("pre-flight", limits.PREFLIGHT_OVERLAY),),
        lacks=frozenset({"direct-pod-access", "virtual-nodes", "availability-sets"}),
        excludes=(("windows", "network-policy=azure"),),
        source=limits.OVERLAY,
    ),
    NetworkModel(
        name="kubenet",
        plugin="kubenet",
        title="kubenet",
        home=Home.POD_CIDR,
        takes=Takes.NODE,
        block=limits.NODE_POD_CIDR.value,
        spare=0,
        kept=0,
        largest=limits.LARGEST_POD_CIDR.value,
        smallest=NODE_POD_PREFIX,
        default_max_pods=limits.MAX_PODS_KUBENET,
        route_limit=limits.ROUTES,
        retirement=limits.KUBENET_RETIREMENT,
        standing=Standing.RETIRING,
        egress_source="the node's IP",
        lacks=frozenset(
            {
                "direct-pod-access",
                "windows",
                "virtual-nodes",
                "dual-stack",
                "shared-subnet",
                "network-policy=cilium",
                "network-policy=azure",
                "application-gateway-for-containers",
                "node-auto-provisioning",
                "automatic",
            }
        ),
        unsure=frozenset({"static-egress-gateway"}),
        source=limits.KUBENET,
    ),
    NetworkModel(
        name="cni-node-subnet",
        title="Azure CNI Node Subnet",
        home=Home.NODE_SUBNET,
        block=1,
        spare=0,
        default_max_pods=limits.MAX_PODS_NODE_SUBNET,
        vnet_limit=limits.VNET_ADDRESSES,
        standing=Standing.LEGACY,
        egress_source="the pod's IP inside the VNet, the node's IP beyond it",
        observed=(Observation("pre-flight", limits.PREFLIGHT_NODE_SUBNET, max_pods=1),),
        lacks=frozenset({"dual-stack", "automatic"}),
        source=limits.PLANNING,
    ),
    NetworkModel(
        name="cni-static-block",
        allocation="StaticBlock",
        title="Azure CNI Pod Subnet, static block",
        home=Home.POD_SUBNET,
        block=limits.STATIC_BLOCK_SIZE.value,
        spare=limits.STATIC_BLOCK_KEPT.value,
        kept=limits.STATIC_BLOCK_EDGE.value,
        largest=limits.STATIC_BLOCK_LARGEST.value,
        default_max_pods=limits.MAX_PODS_POD_SUBNET,
        pod_ceilings=(limits.PODS_STATIC_BLOCK,),
        standing=Standing.SUPPORTED,
        egress_source="the pod's IP",
        observed=(Observation("pre-flight", limits.PREFLIGHT_STATIC_BLOCK),),
        lacks=frozenset(
            {
                "dual-stack",
                "private-link-service",
                "static-egress-gateway",
                "node-auto-provisioning",
                "automatic",
            }
        ),
        unsure=frozenset({"virtual-nodes"}),
        source=limits.STATIC_BLOCK,
    ),
    NetworkModel(
        name="cni-dynamic",
        allocation="DynamicIndividual",
        title="Azure CNI Pod Subnet, dynamic allocation",
        home=Home.POD_SUBNET,
        block=limits.DYNAMIC_BATCH.value,
        spare=limits.DYNAMIC_FREE.value,
        takes=Takes.RUNNING_PODS,
        default_max_pods=limits.MAX_PODS_POD_SUBNET,
        vnet_limit=limits.VNET_ADDRESSES,
        pod_ceilings=(limits.PODS_DYNAMIC, limits.PODS_POD_SUBNET),
        standing=Standing.SUPPORTED,
        egress_source="the pod's IP",
        observed=(
            Observation("held", limits.HELD_DYNAMIC, cost=1, surge=True),
            Observation("held", limits.HELD_DYNAMIC_CLAMP, cost=1, spare=0, surge=True),
        ),
        lacks=frozenset(
            {
                "dual-stack",
                "static-egress-gateway",
                "node-auto-provisioning",
                "automatic",
            }
        ),
        unsure=frozenset({"virtual-nodes"}),
        source=limits.DYNAMIC,
    ),
)

MODELS: dict[str, NetworkModel] = {row.name: row for row in _ROWS}
"""Every model by its name; ties are shown in this order."""


RECOMMENDED = next(row.name for row in _ROWS if row.standing is Standing.RECOMMENDED)
"""The model that Microsoft recommends in general."""


def model_named(name: str) -> NetworkModel:
    """The row of a name.

    Raises
    ------
    ArgumentError
        For a name that is no model's.

    Examples
    --------
    >>> model_named("kubenet").route_limit.value
    400
    """
    if name not in MODELS:
        raise ArgumentError("model", repr(name), f"one of {', '.join(MODELS)}")
    return MODELS[name]


def models_named(names: str | Iterable[str] | None) -> list[NetworkModel]:
    """The rows of a name, of several, or of all models for None.

    Raises
    ------
    ArgumentError
        For a name that is no model's, and for no name at all.

    Examples
    --------
    >>> [row.name for row in models_named("kubenet")], len(models_named(None))
    (['kubenet'], 5)
    """
    if names is None:
        return list(MODELS.values())
    rows = [
        model_named(name) for name in ([names] if isinstance(names, str) else names)
    ]
    if not rows:
        raise ArgumentError("model", "none", f"some of {', '.join(MODELS)}")
    return rows
