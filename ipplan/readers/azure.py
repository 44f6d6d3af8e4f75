"""AKS clusters as ``az aks show``, ``az aks list`` and the ARM API print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from ipplan.counts import CEILING
from ipplan.errors import ArgumentError, InventoryError
from ipplan.features import FEATURES
from ipplan.inventory import DEFAULT_SURGE, MOST_MAX_PODS, Cluster, NodePool
from ipplan.prefixes import network
from ipplan.readers.files import as_list, as_object, read_json
from ipplan.readers.readings import Reading, Skipped
from ipplan.surges import ALLOWED, Surge

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPECTED = "JSON of az aks show or az aks list"
"""What a file should be, in words."""

MOST_PROBLEMS = 20
"""Problems of a file that are told one by one."""


def _surge(value: Any) -> Any:
    if value is None or value == "":
        return DEFAULT_SURGE
    try:
        return Surge.parse(f"{value}")
    except ArgumentError:
        message = f"not {ALLOWED}"
        raise ValueError(message) from None


def _named_once(pools: list[_Pool]) -> list[_Pool]:
    names: set[str] = set()
    for pool in pools:
        if pool.name in names:
            message = f"two pools are named {pool.name!r}"
            raise ValueError(message)
        if (pool.nodes() or 0) > CEILING:
            message = f"pool {pool.name!r} has more than {CEILING:,} nodes"
            raise ValueError(message)
        names.add(pool.name)
    return pools


def _cidr(value: Any) -> Any:
    try:
        found = network(value) if value else None
    except ArgumentError as error:
        message = f"{error.value}: {error.allowed}"
        raise ValueError(message) from None
    if found and not found.prefixlen:
        message = f"{found} is every address there is"
        raise ValueError(message)
    return str(found) if found else None


Number = Annotated[int, Strict(), Field(ge=0, le=CEILING)] | None
Text = Annotated[str, Strict()] | None
Truth = Annotated[bool, Strict()] | None
PodCidr = Annotated[Text, BeforeValidator(_cidr)]
MaxSurge = Annotated[Any, BeforeValidator(_surge)]


def _either(*names: str) -> Any:
    return Field(None, validation_alias=AliasChoices(*names))


class _Resource(BaseModel):
    """What Azure sends, more or less of it: unknown fields are no problem."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel)


class _Upgrade(_Resource):
    max_surge: MaxSurge = DEFAULT_SURGE


class _Sized(_Resource):
    count: Number = None
    max_count: Number = None


class _Scale(_Resource):
    manual: list[_Sized] | None = None
    autoscale: _Sized | list[_Sized] | None = None


class _Machines(_Resource):
    scale: _Scale | None = None


class _Pool(_Resource):
    name: Annotated[str, Strict()]
    count: Number = None
    max_count: Number = None
    enable_auto_scaling: Truth = None
    max_pods: Annotated[int, Strict(), Field(ge=0, le=MOST_MAX_PODS)] | None = None
    mode: Text = None
    type: Text = None
    os_type: Text = None
    scale_set_priority: Text = None
    upgrade_settings: _Upgrade | None = None
    vnet_subnet_id: Text = _either("vnetSubnetId", "vnetSubnetID")
    pod_subnet_id: Text = _either("podSubnetId", "podSubnetID")
    pod_ip_allocation_mode: Text = _either("podIpAllocationMode", "podIPAllocationMode")
    virtual_machines_profile: _Machines | None = None
    virtual_machine_nodes_status: list[_Sized] | None = None

    def nodes(self) -> int | None:
        """Nodes at the most: the autoscaler's maximum where it is on."""
        machines = self.virtual_machines_profile
        scale = machines and machines.scale
        if scale and scale.autoscale:
            each = scale.autoscale
            return _sum(
                [
                    one.max_count
                    for one in ([each] if isinstance(each, _Sized) else each)
                ]
            )
        if scale and scale.manual:
            return _sum([one.count for one in scale.manual])
        if self.enable_auto_scaling and self.max_count is not None:
            return self.max_count
        if self.count is None and self.virtual_machine_nodes_status:
            return _sum([one.count for one in self.virtual_machine_nodes_status])
        return self.count

    def hides(self) -> str:
        """Why its node count says nothing of what it will be; nothing if it does."""
        mode = (self.mode or "").lower()
        if mode == "managedsystem":
            return f"pool {self.name} is managed by AKS"
        if mode == "system" and self.nodes() == 0:
            return f"system pool {self.name} is stopped"
        return f"pool {self.name} shows none" if self.nodes() is None else ""

    def windows(self) -> bool:
        """Whether its nodes run Windows."""
        return (self.os_type or "").lower() == "windows"

    def noun(self) -> NodePool:
        """The pool as ipplan has it."""
        upgrade = self.upgrade_settings
        return NodePool(
            name=self.name,
            nodes=self.nodes(),
            max_pods=self.max_pods,
            max_surge=upgrade.max_surge if upgrade else DEFAULT_SURGE,
            os="windows" if self.windows() else "linux",
            priority="spot"
            if (self.scale_set_priority or "").lower() == "spot"
            else "regular",
            subnet=(self.vnet_subnet_id or "").lower() or None,
            pod_subnet=(self.pod_subnet_id or "").lower() or None,
        )


class _Switch(_Resource):
    enabled: Truth = None


class _Network(_Resource):
    network_plugin: Text = None
    network_plugin_mode: Text = None
    network_dataplane: Text = None
    network_policy: Text = None
    pod_cidr: PodCidr = None
    ip_families: list[str] | None = None
    static_egress_gateway_profile: _Switch | None = None

    def policy(self) -> str:
        """The network policy engine, or nothing."""
        engine = (self.network_policy or "").lower()
        if (self.network_dataplane or "").lower() == "cilium":
            engine = "cilium"
        return engine if f"network-policy={engine}" in FEATURES else ""


class _ApiServer(_Resource):
    enable_private_cluster: Truth = None
    enable_vnet_integration: Truth = None


class _Provisioning(_Resource):
    mode: Text = None


class _Sku(_Resource):
    name: Text = None


class _Cluster(_Resource):
    name: Annotated[str, Strict()]
    agent_pool_profiles: Annotated[list[_Pool], AfterValidator(_named_once)] | None = (
        None
    )
    network_profile: _Network | None = None
    api_server_access_profile: _ApiServer | None = None
    node_provisioning_profile: _Provisioning | None = None
    hosted_system_profile: _Switch | None = None
    addon_profiles: dict[str, _Switch] | None = None
    sku: _Sku | None = None

    def model(self) -> str | None:
        """The name of the network model, where it can be told."""
        net = self.network_profile or _Network()
        pools = self.agent_pool_profiles or []
        plugin = (net.network_plugin or "").lower()
        if plugin != "azure":
            return "kubenet" if plugin == "kubenet" else None
        if (net.network_plugin_mode or "").lower() == "overlay" or net.pod_cidr:
            return "cni-overlay"
        with_pods = [pool for pool in pools if pool.pod_subnet_id]
        if not with_pods:
            return "cni-node-subnet"
        modes = {(pool.pod_ip_allocation_mode or "").lower() for pool in with_pods}
        return "cni-static-block" if modes == {"staticblock"} else "cni-dynamic"

    def provisions(self) -> bool:
        """Whether node auto-provisioning makes nodes as pods ask for them."""
        found = self.node_provisioning_profile
        return bool(found and (found.mode or "").lower() == "auto")

    def automatic(self) -> bool:
        """Whether it is AKS Automatic."""
        return bool(self.sku and (self.sku.name or "").lower() == "automatic")

    def needs(self) -> Iterator[str]:
        """Features that it uses and not every model has."""
        net = self.network_profile or _Network()
        pools = self.agent_pool_profiles or []
        addons = self.addon_profiles or {}
        gateway = net.static_egress_gateway_profile
        used = {
            "node-auto-provisioning": self.provisions(),
            "automatic": self.automatic(),
            "windows": any(pool.windows() for pool in pools),
            "dual-stack": len(net.ip_families or []) > 1,
            "virtual-nodes": any(
                name.lower() == "aciconnectorlinux" and switch.enabled
                for name, switch in addons.items()
            ),
            "static-egress-gateway": bool(gateway and gateway.enabled),
            "availability-sets": any(
                (pool.type or "").lower() == "availabilityset" for pool in pools
            ),
            f"network-policy={net.policy()}": bool(net.policy()),
        }
        return (need for need, uses in used.items() if uses)

    def unknown(self) -> Iterator[str]:
        """Why the node count can't be known."""
        if self.automatic():
            yield "AKS Automatic has no maximum"
        elif self.provisions():
            yield "node auto-provisioning has no maximum"
        if self.hosted_system_profile and self.hosted_system_profile.enabled:
            yield "a hosted system pool does not show and takes subnets of its own"
        if not self.agent_pool_profiles:
            yield "the file shows no node pools"
        for pool in self.agent_pool_profiles or []:
            if pool.hides():
                yield pool.hides()

    def noun(self) -> Cluster:
        """The cluster as ipplan has it."""
        api = self.api_server_access_profile or _ApiServer()
        pools = tuple(pool.noun() for pool in self.agent_pool_profiles or [])
        why = ", ".join(self.unknown())
        return Cluster(
            name=self.name,
            pools=pools,
            model=self.model(),
            pod_cidr=self.network_profile.pod_cidr if self.network_profile else None,
            private_endpoint=bool(
                api.enable_private_cluster and not api.enable_vnet_integration
            ),
            api_server_subnet=bool(api.enable_vnet_integration),
            needs=tuple(self.needs()),
            unknown=(f"node count: {why}; state --nodes N",) if why else (),
        )


def read_clusters(path: str) -> Reading:
    """Read the AKS clusters of a JSON file; ``-`` is standard input.

    Parameters
    ----------
    path : str
        What ``az aks show``, ``az aks list`` or the ARM API printed.

    Returns
    -------
    Reading
        Broken clusters are skipped, each with its JSON path and reason.

    Raises
    ------
    InventoryError
        Where the file is no JSON, or no cluster in it can be read.
    """
    document = read_json(path, EXPECTED)
    clusters: list[Cluster] = []
    skipped: list[Skipped] = []
    broken: list[Skipped] = []
    resources = list(_resources(document))
    for where, resource in resources:
        flat = _flattened(resource)
        if flat is None:
            skipped.append(Skipped(where, "not an AKS cluster"))
            continue
        try:
            clusters.append(_Cluster.model_validate(flat).noun())
        except ValidationError as error:
            broken.extend(_problems(where, error))
    if resources and not clusters:
        problems = broken or [Skipped("", f"no AKS cluster in it; expected {EXPECTED}")]
        raise InventoryError(path, _told(problems))
    complete = not broken and not (as_object(document) or {}).get("nextLink")
    return Reading(tuple(clusters), (*skipped, *broken), complete)


def _resources(document: Any) -> Iterator[tuple[str, Any]]:
    """Each resource with its JSON path: of a list, of a page, or the one there is."""
    page = (as_object(document) or {}).get("value")
    items, name = (document, "") if page is None else (page, ".value")
    found = as_list(items)
    if found is None:
        yield "", document
    for index, item in enumerate(found or []):
        yield f"{name}[{index}]", item


def _flattened(resource: Any) -> dict[str, Any] | None:
    """A cluster with its ``properties`` beside its name, or None for anything else."""
    outer = as_object(resource)
    if outer is None:
        return None
    flat = {**outer, **(as_object(outer.get("properties")) or {})}
    kind = str(flat.get("type") or "").lower()
    if kind:
        return flat if kind.endswith("/managedclusters") else None
    return flat if "agentPoolProfiles" in flat else None


def _problems(where: str, error: ValidationError) -> list[Skipped]:
    return [
        Skipped(
            where + "".join(_step(step) for step in problem["loc"]),
            f"{problem['msg'].removeprefix('Value error, ')}, "
            f"got {str(problem['input'])[:40]!r}",
        )
        for problem in error.errors()
    ]


def _step(step: int | str) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def _told(problems: list[Skipped]) -> list[str]:
    told = [f"{' ' if p.where else ''}{p.where}: {p.reason}" for p in problems]
    more = len(told) - MOST_PROBLEMS
    return [*told[:MOST_PROBLEMS], f": and {more} more"] if more > 0 else told


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
