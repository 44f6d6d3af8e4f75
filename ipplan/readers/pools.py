"""Node pools: from payloads in the ARM shape to nouns."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, Strict

from ipplan.counts import CEILING
from ipplan.errors import ArgumentError
from ipplan.inventory.networks import total
from ipplan.inventory.pools import DEFAULT_SURGE, MOST_MAX_PODS, NodePool
from ipplan.readers.payloads import Payload, Reference, Text, Truth, either
from ipplan.surges import ALLOWED, Surge


def _surge(value: Any) -> Any:
    if value is None or value == "":
        return DEFAULT_SURGE
    try:
        return Surge.parse(f"{value}")
    except ArgumentError:
        message = f"not {ALLOWED}"
        raise ValueError(message) from None


Number = Annotated[int, Strict(), Field(ge=0, le=CEILING)] | None
MaxSurge = Annotated[Any, BeforeValidator(_surge)]


class _Upgrade(Payload):
    max_surge: MaxSurge = DEFAULT_SURGE


class _Sized(Payload):
    count: Number = None
    max_count: Number = None


class _Scale(Payload):
    manual: list[_Sized] | None = None
    autoscale: _Sized | list[_Sized] | None = None


class _Machines(Payload):
    scale: _Scale | None = None


class Power(Payload):
    """Whether something runs."""

    code: Text = None

    def stopped(self) -> bool:
        """Whether it is stopped."""
        return (self.code or "").lower() == "stopped"


_SIZES = re.compile(
    r"(count|maxCount|enableAutoScaling|maxPods|upgradeSettings|scaleSetPriority"
    r"|virtualMachinesProfile)\b"
)
"""Fields without which a pool can't be sized."""


class PoolPayload(Payload):
    """A node pool as Azure sends it, in a cluster or by itself."""

    name: Text = None
    count: Number = None
    max_count: Number = None
    enable_auto_scaling: Truth = None
    max_pods: Annotated[int, Strict(), Field(ge=0, le=MOST_MAX_PODS)] | None = None
    mode: Text = None
    type: Text = None
    os_type: Text = None
    scale_set_priority: Text = None
    upgrade_settings: _Upgrade | None = None
    vnet_subnet_id: Reference = either("vnetSubnetId", "vnetSubnetID")
    pod_subnet_id: Reference = either("podSubnetId", "podSubnetID")
    pod_ip_allocation_mode: Text = either("podIpAllocationMode", "podIPAllocationMode")
    virtual_machines_profile: _Machines | None = None
    virtual_machine_nodes_status: list[_Sized] | None = None
    power_state: Power | None = None

    def called(self) -> str:
        """Its name, or a word in its place."""
        return self.name or "?"

    def nodes(self) -> int | None:
        """Nodes at the most: the autoscaler's maximum where it is on. [nodes].

        Of an autoscaler without a maximum the nodes that there are now say nothing.
        """
        machines = self.virtual_machines_profile
        scale = machines and machines.scale
        if scale and scale.autoscale:
            each = scale.autoscale
            several = [each] if isinstance(each, _Sized) else each
            return total(one.max_count for one in several)
        if scale and scale.manual:
            return total(one.count for one in scale.manual)
        if self.enable_auto_scaling or self._sized_by_maximum():
            return self.max_count
        return self.current()

    def _sized_by_maximum(self) -> bool:
        """Whether only a maximum is said."""
        return self.count is None and self.max_count is not None

    def current(self) -> int | None:
        """Nodes that it has now, where that is said. [nodes]."""
        if self.count is None and self.virtual_machine_nodes_status:
            return total(one.count for one in self.virtual_machine_nodes_status)
        return self.count

    def rests(self, *, stopped: bool) -> bool:
        """Whether it shows no nodes since it is stopped, alone or with its cluster.

        It comes back with as many as it had. A system pool shows none only then.
        """
        stopped = stopped or bool(self.power_state and self.power_state.stopped())
        if self.nodes() != 0 or self.kind() == "managedsystem":
            return False
        return stopped or self.kind() == "system"

    def kind(self) -> str:
        """Its mode in lower case; nothing where that is not said."""
        return (self.mode or "").lower()

    def hides(self, unresolved: tuple[str, ...], *, rests: bool) -> str:
        """Why its node count says nothing of what it will be; nothing if it does."""
        if self.kind() == "managedsystem":
            return f"pool {self.called()} is managed by AKS"
        if rests:
            what = "system pool" if self.kind() == "system" else "pool"
            return f"{what} {self.called()} is stopped"
        open_ = [f"pool {self.called()}: {e}" for e in unresolved if _SIZES.match(e)]
        if not open_ and self.nodes() is None:
            scales = "has an autoscaler without a maximum"
            why = scales if self.enable_auto_scaling else "shows none"
            return f"pool {self.called()} {why}"
        return ", ".join(open_)

    def windows(self) -> bool:
        """Whether its nodes run Windows."""
        return (self.os_type or "").lower() == "windows"

    def allocation(self) -> str | None:
        """The model of a pool with a pod subnet, by how that gives addresses."""
        if self.pod_subnet_id is None:
            return None
        static = (self.pod_ip_allocation_mode or "").lower() == "staticblock"
        return "cni-static-block" if static else "cni-dynamic"

    def noun(
        self,
        model: str | None = None,
        unresolved: tuple[str, ...] = (),
        *,
        stopped: bool = False,
    ) -> NodePool:
        """The pool as ipplan has it.

        Parameters
        ----------
        model : str or None
            Its network model where that differs from the cluster's.
        unresolved : tuple of str
            What the file does not settle of it.
        stopped : bool
            Whether its cluster is stopped.
        """
        upgrade = self.upgrade_settings
        spot = (self.scale_set_priority or "").lower() == "spot"
        rests = self.rests(stopped=stopped)
        return NodePool(
            name=self.called(),
            nodes=self.nodes(),
            max_pods=self.max_pods,
            max_surge=upgrade.max_surge if upgrade else DEFAULT_SURGE,
            os="windows" if self.windows() else "linux",
            priority="spot" if spot else "regular",
            subnet=self.vnet_subnet_id,
            pod_subnet=self.pod_subnet_id,
            current=self.current(),
            mode=self.kind(),
            model=model,
            unknown=self.hides(unresolved, rests=rests),
            stopped=rests,
        )
