"""A layout: every range that a plan asked for, whence it comes, and what found none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.inventory.estates import Inventory

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr
    from ipplan.layouts.locks import Lock
    from ipplan.layouts.plans import ClusterPlan, LayoutPlan, NetworkPlan
    from ipplan.layouts.wants import SubnetWant

Whence = Literal["pinned", "existing", "locked", "new"]
"""Whether the plan fixes a range, it exists, an earlier layout gave it, or this did."""


class PlacedNetwork(NamedTuple):
    """A network with its address space.

    Parameters
    ----------
    plan : NetworkPlan
        What was asked for.
    prefixes : tuple of Cidr
        Its address space, of both families.
    whence : str
        Where it comes from.
    added : tuple of Cidr
        Of ``prefixes``, those that this layout added to a network that had others.
    """

    plan: NetworkPlan
    prefixes: tuple[Cidr, ...]
    whence: Whence
    added: tuple[Cidr, ...] = ()


class PlacedSubnet(NamedTuple):
    """A subnet with its ranges.

    Parameters
    ----------
    want : SubnetWant
        What was asked for.
    prefixes : tuple of Cidr
        Its ranges; empty where it found no room.
    whence : str
        Where they come from.
    """

    want: SubnetWant
    prefixes: tuple[Cidr, ...]
    whence: Whence


class PlacedCluster(NamedTuple):
    """A cluster with its pod and service CIDRs.

    Parameters
    ----------
    plan : ClusterPlan
        What was asked for.
    network : str
        Id of its VNet.
    pod_cidrs, service_cidrs : tuple of Cidr
        Of both families; empty where the model has none, or none was free.
    pods_whence, services_whence : str
        Where they come from.
    reused_by : tuple of str
        Names of other clusters of the plan that have the same pod CIDR.
    """

    plan: ClusterPlan
    network: str
    pod_cidrs: tuple[Cidr, ...]
    service_cidrs: tuple[Cidr, ...]
    pods_whence: Whence = "new"
    services_whence: Whence = "new"
    reused_by: tuple[str, ...] = ()


class Unfit(NamedTuple):
    """Something that found no room.

    Parameters
    ----------
    id, name, kind : str
        Of the network, subnet or cluster; ``vnet``, ``subnet``, ``pod CIDR`` or
        ``service CIDR``.
    length : int
        The prefix length that it needs. [bits]
    version : int
        4 or 6.
    where : str
        Where it was to be, in words: a network with its space, or the pools.
    largest : Cidr or None
        The largest free block there.
    remedy : str
        A way out; empty if none is known. What adds or widens a range was tried out:
        with all of these followed, what they are told of finds room.
    """

    id: str
    name: str
    kind: str
    length: int
    version: int
    where: str
    largest: Cidr | None
    remedy: str = ""


class Move(NamedTuple):
    """A range that is another one now.

    Parameters
    ----------
    id, name, kind : str
        Of what it is; ``vnet``, ``subnet``, ``pod CIDR`` or ``service CIDR``.
    before, after : tuple of Cidr
        What it had by the lock, and what it has.
    """

    id: str
    name: str
    kind: str
    before: tuple[Cidr, ...]
    after: tuple[Cidr, ...]


@dataclass(frozen=True)
class Layout:
    """Where everything of a plan stands.

    Parameters
    ----------
    plan : LayoutPlan
        What was asked for.
    networks, subnets, clusters : tuple
        In the order of their ids.
    unfit : tuple of Unfit
        What found no room, the largest first; empty where all did.
    moves : tuple of Move
        What has another range than by the lock, and is still asked for.
    assumed : tuple of str
        Defaults that ranges were drawn from as no address pool is declared, in words.
    lock : Lock
        For the next layout to keep to.
    planned : Inventory
        What is to be deployed, as nouns: the networks that are new with all their
        subnets, those subnets of existing ones that are new, peerings, clusters,
        security groups, route tables, NAT gateways, zones.
    inventory : Inventory
        The same amid all that exists, as rules look at it.
    """

    plan: LayoutPlan
    networks: tuple[PlacedNetwork, ...] = ()
    subnets: tuple[PlacedSubnet, ...] = ()
    clusters: tuple[PlacedCluster, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    moves: tuple[Move, ...] = ()
    assumed: tuple[str, ...] = ()
    lock: Lock | None = None
    planned: Inventory = field(default_factory=Inventory)
    inventory: Inventory = field(default_factory=Inventory)
