"""What stops a sizing or is worth knowing about it: one function a rule.

A rule's name is its id and its first docstring line its summary; it yields where it
is broken and with which numbers, for one scenario and for arrays of them alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan import limits
from ipplan.counts import choose, plus
from ipplan.findings import Finding, Severity
from ipplan.models import FEATURES, Support, Takes
from ipplan.prefixes import usable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.counts import Mask
    from ipplan.sizing.sizings import Observed, Sizing

    Body = Callable[["Sizing"], Iterator["Hit"]]


ALWAYS = True
"""Where something holds whatever the numbers are."""


class Hit(NamedTuple):
    """Where a rule is broken, and the message with the numbers to put into it."""

    where: Mask
    message: str
    values: dict[str, Any]
    source: str


class Rule(NamedTuple):
    """One rule: its id, how bad it is, and the function that finds it."""

    name: str
    severity: Severity
    hits: Body

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.hits.__doc__ or "").partition("\n")[0]

    def findings(self, sizing: Sizing) -> Iterator[Finding]:
        """What it finds in one scenario."""
        for hit in self.hits(sizing):
            if hit.where:
                message = hit.message.format(**hit.values)
                yield Finding(self.name, self.severity, message, hit.source)


def hit(where: Mask, message: str, limit: limits.Limit[Any], **values: Any) -> Hit:
    """One place to look at, with the row that imposes it."""
    return Hit(where, message, {"limit": limit.value, **values}, limit.source)


def max_pods_out_of_range(sizing: Sizing) -> Iterator[Hit]:
    """AKS runs 10 to 250 pods on a node."""
    for load in sizing.loads:
        if not load.pool.literal:
            continue  # a total's max pods were checked when they were stated
        values = {"pool": load.pool.name, "pods": load.max_pods}
        yield hit(
            load.max_pods < limits.MIN_MAX_PODS.value,
            "pool {pool} has max pods {pods}: AKS takes {limit} at the least",
            limits.MIN_MAX_PODS,
            **values,
        )
        yield hit(
            load.max_pods > limits.MAX_MAX_PODS.value,
            "pool {pool} has max pods {pods}: AKS takes {limit} at the most",
            limits.MAX_MAX_PODS,
            **values,
        )


def pods_exceed_max_pods(sizing: Sizing) -> Iterator[Hit]:
    """A node does not run more pods than its max pods, host-network pods among them."""
    for load in sizing.loads:
        pool = load.pool
        running = 0 if pool.pods_per_node is None else pool.pods_per_node
        stated = plus(pool.host_network_pods, running)
        yield hit(
            stated > load.max_pods,
            "{stated} pods a node are stated and max pods is {pods}: raise --max-pods",
            limits.MAX_MAX_PODS,
            stated=stated,
            pods=load.max_pods,
        )


def pool_under_30_pods(sizing: Sizing) -> Iterator[Hit]:
    """Each pool must be able to run at least 30 pods in all."""
    for load in sizing.loads:
        nodes = load.nodes if load.pool.copies == 1 else load.nodes // load.pool.copies
        few = nodes * load.max_pods < limits.POOL_PODS.value
        yield hit(
            few & (nodes > 0) if load.pool.literal else few,
            "pool {pool} runs {pods} pods ({nodes} x {each}) and AKS asks for {limit}: "
            "more nodes, or a higher --max-pods",
            limits.POOL_PODS,
            pool=load.pool.name,
            pods=nodes * load.max_pods,
            nodes=nodes,
            each=load.max_pods,
        )


def pool_node_limit(sizing: Sizing) -> Iterator[Hit]:
    """A node pool holds 1,000 nodes, surge included."""
    for load in sizing.loads:
        if load.pool.literal:
            copies = load.pool.copies
            peak = load.peak if copies == 1 else load.peak // copies
            yield hit(
                peak > limits.POOL_NODES.value,
                "pool {pool} has {peak:,} nodes while it is upgraded and a pool holds "
                "{limit:,}: spread them over more pools",
                limits.POOL_NODES,
                pool=load.pool.name,
                peak=peak,
            )


def cluster_node_limit(sizing: Sizing) -> Iterator[Hit]:
    """A cluster holds 5,000 nodes, surge included."""
    yield hit(
        sizing.peak_nodes > limits.CLUSTER_NODES.value,
        "{peak:,} nodes at an upgrade and a cluster holds {limit:,}: use several "
        "clusters, or a smaller surge",
        limits.CLUSTER_NODES,
        peak=sizing.peak_nodes,
    )


def kubenet_route_limit(sizing: Sizing) -> Iterator[Hit]:
    """Kubenet takes a route for each node, and a route table holds 400."""
    routes = sizing.model.node_limit
    if routes:
        others = sizing.demand.other_routes
        yield hit(
            sizing.peak_nodes > routes.value - others,
            "{peak:,} nodes at an upgrade take a route each, and the route table has "
            "room for {room}: cni-overlay has no such limit",
            routes,
            peak=sizing.peak_nodes,
            room=f"{routes.value - others} of {routes.value}" if others else "400",
        )


def no_node_subnet_fits(sizing: Sizing) -> Iterator[Hit]:
    """No subnet that Azure allows is large enough for the nodes."""
    for each in sizing.node_subnets:
        yield hit(
            each.length == 0,
            "{addresses:,} addresses in one node subnet, and the largest is a /{limit}",
            limits.LARGEST_SUBNET,
            addresses=each.addresses,
        )


def no_pod_range_fits(sizing: Sizing) -> Iterator[Hit]:
    """No pod subnet or pod CIDR that Azure allows is large enough for the pods."""
    for each in sizing.pod_ranges:
        model = sizing.model
        yield Hit(
            each.length == 0,
            "{addresses:,} addresses in one {kind}, and the largest is a /{largest} "
            "of {room:,}: use several pod subnets or clusters",
            {
                "addresses": each.addresses,
                "kind": str(each.kind.value).replace("-", " "),
                "largest": model.largest,
                "room": usable(model.largest, model.kept),
            },
            model.source,
        )


def range_too_small(sizing: Sizing) -> Iterator[Hit]:
    """A subnet or pod CIDR that exists already is smaller than what it must hold."""
    for each in sizing.ranges:
        if sizing.demand.given(each.kind) is not None:
            yield Hit(
                each.addresses > each.capacity,
                "{addresses:,} addresses, upgrade included, and the /{length} {kind} "
                "holds {capacity:,}",
                {
                    "addresses": each.addresses,
                    "length": each.length,
                    "kind": str(each.kind.value).replace("-", " "),
                    "capacity": each.capacity,
                },
                sizing.model.source,
            )


def vnet_address_limit(sizing: Sizing) -> Iterator[Hit]:
    """A VNet holds 65,536 addresses, and the pods of flat models count."""
    if sizing.model.vnet_limit:
        yield hit(
            sizing.vnet_addresses > sizing.model.vnet_limit.value,
            "{addresses:,} VNet addresses and a VNet holds {limit:,}: cni-overlay and "
            "kubenet count nodes only, cni-static-block counts blocks",
            sizing.model.vnet_limit,
            addresses=sizing.vnet_addresses,
        )


def vnet_free_too_small(sizing: Sizing) -> Iterator[Hit]:
    """The free space that was named has no room for the subnets."""
    for wanted, found in sizing.placements:
        yield Hit(
            found is None,
            "no room for the /{length} {kind} in --vnet-free {free}",
            {
                "length": wanted.length,
                "kind": str(wanted.kind.value).replace("-", " "),
                "free": ", ".join(str(block) for block in sizing.demand.vnet_free),
            },
            limits.IP_PLANNING,
        )


def feature_unsupported(sizing: Sizing) -> Iterator[Hit]:
    """The model lacks a feature that was asked for."""
    for need in sizing.needs:
        feature = FEATURES[need]
        yield Hit(
            sizing.model.support(need) is Support.NO,
            "{title} has no {feature}",
            {"title": sizing.model.title, "feature": feature.title},
            feature.source,
        )


def retirement(sizing: Sizing) -> Iterator[Hit]:
    """Support for the model, or for a feature asked for, ends."""
    if sizing.model.retirement:
        message = "{title} support ends on {limit:%Y-%m-%d}: move to cni-overlay"
        title = sizing.model.title
        yield hit(ALWAYS, message, sizing.model.retirement, title=title)
    if "network-policy=azure" in sizing.needs:
        message = "Azure NPM ends on {limit:%Y-%m-%d} (Windows: 2026-09-30): use Cilium"
        yield hit(ALWAYS, message, limits.NPM_RETIREMENT)


def azure_npm_node_limit(sizing: Sizing) -> Iterator[Hit]:
    """Azure NPM is supported up to 250 nodes."""
    if "network-policy=azure" in sizing.needs:
        yield hit(
            sizing.peak_nodes > limits.NPM_NODES.value,
            "{peak:,} nodes at an upgrade, and Azure NPM is supported up to {limit}",
            limits.NPM_NODES,
            peak=sizing.peak_nodes,
        )


def pod_ceiling(sizing: Sizing) -> Iterator[Hit]:
    """A cluster runs no more pods of the model than its pages state."""
    pods = sizing.stated_pods
    if pods is None:
        return
    for ceiling in sizing.model.pod_ceilings:
        yield hit(
            pods > ceiling.value,
            "{pods:,} pods are stated, and a cluster of {title} runs up to {limit:,}",
            ceiling,
            pods=pods,
            title=sizing.model.title,
        )


def observed_exceeds_range(sizing: Sizing) -> Iterator[Hit]:
    """The service was seen to count more than a range holds that is large enough."""
    for each in sizing.observed:
        kept = each.range
        room = usable(kept.length, kept.reserved)
        fits = (kept.length > 0) & (kept.addresses <= kept.capacity)
        yield Hit(
            fits & (each.addresses > room),
            "observed ({what}): {addresses:,} addresses, and the /{length} that holds "
            "the documented {needed:,} has {room:,}: take one size more",
            {**_seen(each), "room": room},
            each.limit.source,
        )


def observed_needs_less(sizing: Sizing) -> Iterator[Hit]:
    """The service was seen to count less, and a range too small would pass."""
    for each in sizing.observed:
        kept = each.range
        if sizing.demand.given(kept.kind) is None:
            less = each.length > kept.length
        else:
            enough = each.addresses <= usable(kept.length, kept.reserved)
            less = enough & (kept.addresses > kept.capacity)
        yield Hit(
            less,
            "observed ({what}): {addresses:,} addresses would fit a /{smaller}; the "
            "documented {needed:,} do not, so do not rely on it",
            {**_seen(each), "smaller": each.length},
            each.limit.source,
        )


def _seen(each: Observed) -> dict[str, Any]:
    return {
        "what": each.what,
        "addresses": each.addresses,
        "needed": each.range.addresses,
        "length": each.range.length,
    }


def pods_may_exceed_ceiling(sizing: Sizing) -> Iterator[Hit]:
    """Full nodes would run more pods than a cluster may; nobody stated that they do."""
    possible = sizing.max_pods_total
    if sizing.stated_pods is not None:
        return
    for ceiling in sizing.model.pod_ceilings:
        yield hit(
            possible > ceiling.value,
            "{pods:,} pods if every node is full; a cluster of {title} runs up to "
            "{limit:,}: state --pods-per-node",
            ceiling,
            pods=possible,
            title=sizing.model.title,
        )


def windows_max_pods(sizing: Sizing) -> Iterator[Hit]:
    """Windows nodes are advised to run no more than 110 pods."""
    for load in sizing.loads:
        if load.pool.os == "windows":
            yield hit(
                load.max_pods > limits.WINDOWS_MAX_PODS.value,
                "pool {pool} has max pods {pods}; {limit} is advised for Windows",
                limits.WINDOWS_MAX_PODS,
                pool=load.pool.name,
                pods=load.max_pods,
            )


def wasteful_max_pods(sizing: Sizing) -> Iterator[Hit]:
    """A node that takes whole blocks at its creation wastes none at 16N - 1 pods."""
    model = sizing.model
    if model.spare and model.takes is Takes.MAX_PODS:
        for load in sizing.loads:
            full = load.pod_cost - model.spare
            refused = full > limits.MAX_MAX_PODS.value
            yield Hit(
                load.max_pods < full,
                "max pods {pods} leaves {waste} of a node's addresses unused; {full} "
                "leaves none",
                {
                    "pods": load.max_pods,
                    "waste": full - load.max_pods,
                    "full": choose(refused, full - model.block, full),
                },
                model.source,
            )


def pools_spread(sizing: Sizing) -> Iterator[Hit]:
    """A cluster's total is spread over pools of at most 1,000 nodes."""
    for load in sizing.loads:
        if not load.pool.literal:
            pools = -(-load.peak // limits.POOL_NODES.value)
            yield hit(
                pools > load.pool.copies,
                "{peak:,} nodes at an upgrade take {pools} pools of at most {limit:,}",
                limits.POOL_NODES,
                peak=load.peak,
                pools=pools,
            )


def surge_of_zero(sizing: Sizing) -> Iterator[Hit]:
    """A surge of 0 is only allowed where nodes may be unavailable."""
    for load in sizing.loads:
        if load.pool.priority == "regular":
            yield Hit(
                (load.surge == 0) & (load.nodes > 0),
                "pool {pool} has no surge node: maxSurge 0 needs maxUnavailable > 0, "
                "which system pools can't have",
                {"pool": load.pool.name},
                limits.ROLLING,
            )


def _rules(severity: Severity, *bodies: Body) -> tuple[Rule, ...]:
    return tuple(
        Rule(body.__name__.replace("_", "-"), severity, body) for body in bodies
    )


RULES: tuple[Rule, ...] = (
    *_rules(
        Severity.ERROR,
        max_pods_out_of_range,
        pods_exceed_max_pods,
        pool_under_30_pods,
        pool_node_limit,
        cluster_node_limit,
        kubenet_route_limit,
        no_node_subnet_fits,
        no_pod_range_fits,
        range_too_small,
        vnet_address_limit,
        vnet_free_too_small,
        feature_unsupported,
    ),
    *_rules(
        Severity.WARNING,
        retirement,
        azure_npm_node_limit,
        pod_ceiling,
        observed_exceeds_range,
    ),
    *_rules(
        Severity.NOTE,
        observed_needs_less,
        pods_may_exceed_ceiling,
        windows_max_pods,
        wasteful_max_pods,
        pools_spread,
        surge_of_zero,
    ),
)
"""Every rule, in the order in which findings are reported."""

ERRORS = tuple(rule for rule in RULES if rule.severity is Severity.ERROR)
"""The rules that make a sizing infeasible."""
