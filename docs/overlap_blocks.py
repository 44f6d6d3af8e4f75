"""What may overlap what: each cell is what ``check`` finds in an estate of its own."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from blocks import table

import ipplan
from ipplan import (
    Cidr,
    Cluster,
    ExternalRange,
    Finding,
    Inventory,
    NodePool,
    Peering,
    Subnet,
    VNet,
)
from ipplan.inventory.origins import Origin

AS_OF = date(2026, 11, 24)
NETWORK = "/subscriptions/s/resourcegroups/net/providers/microsoft.network"
AKS = "/subscriptions/s/resourcegroups/aks/providers/microsoft.containerservice"
RANGE = "10.20.0.0/16"
"""The range whose overlap is asked for."""
PART = "10.20.4.0/24"
"""A subnet in it."""
PLANNED = Origin("plan.yaml", evidence="proposed")
KINDS = ("VNet space", "pod CIDR", "service CIDR")


class Case(NamedTuple):
    """What a range meets, in words and as ranges.

    Parameters
    ----------
    words : str
        What it meets.
    own : str
        The range, in the space of the cluster's own VNet.
    other, peers : str
        The range in another VNet, and the names of those that this is peered with.
    part : str
        A subnet in whichever of them has the range.
    outside : str
        The range on premises.
    dns : bool
        Whether the DNS servers are there.
    twin, both : bool
        Whether another cluster has the same range; whether pods and services share it.
    range : str
        The range that is asked for, where it is another one.
    """

    words: str
    own: str = ""
    other: str = ""
    peers: str = ""
    part: str = ""
    outside: str = ""
    dns: bool = False
    twin: bool = False
    both: bool = False
    range: str = RANGE


CASES = (
    Case("a subnet of its own VNet", own=RANGE, part=PART),
    Case("its own VNet, beside the subnets", own=RANGE),
    Case("a subnet of a peered VNet", other=RANGE, peers="own", part=PART),
    Case("a peered VNet, beside its subnets", other=RANGE, peers="own"),
    Case("a subnet behind the same hub", other=RANGE, peers="hub", part=PART),
    Case("a VNet behind the same hub, beside its subnets", other=RANGE, peers="hub"),
    Case("a VNet that nothing joins", other=RANGE),
    Case("on premises, the same range", outside=RANGE),
    Case("on premises, where the DNS servers are", outside=RANGE, dns=True),
    Case("on premises, an aggregate (10.0.0.0/8)", outside="10.0.0.0/8"),
    Case("the same range of another cluster", twin=True),
    Case("the other range of the cluster, pods or services", both=True),
    Case("what AKS keeps (172.30.0.0/16)", range="172.30.0.0/16"),
    Case("public space that is not yours", range="20.50.0.0/16"),
)


def matrix() -> str:
    """The kinds of ranges by what they meet."""
    rows = [[case.words, *(_cell(kind, case) for kind in KINDS)] for case in CASES]
    return table(("meets", *KINDS), rows)


def _cell(kind: str, case: Case) -> str:
    """How bad it is where a range of a kind meets a case, and by which rule."""
    if kind == "VNet space" and (case.own or case.twin or case.both):
        return ""
    found = _found(kind, case)
    told = {
        each.rule: each.severity.value
        for each in found
        if any(word in each.rule for word in ("cidr", "overlap", "premises", "vnet"))
    }
    links = [f"[{severity}](rules.md#{rule})" for rule, severity in told.items()]
    return ", ".join(links) or "–"


def _found(kind: str, case: Case) -> tuple[Finding, ...]:
    in_vnet = case.range if kind == "VNet space" else ""
    own = _vnet("own", "10.30.0.0/16", case.own, in_vnet, subnets="10.30.0.0/24 ")
    if case.own and case.part:
        own = _vnet("own", "10.30.0.0/16", RANGE, subnets=f"10.30.0.0/24 {PART}")
    hub = _vnet("hub", "10.99.0.0/24", peers="own")
    other = _vnet("other", case.other, subnets=case.part, peers=case.peers)
    vnets = [hub, *([other] if case.other else []), own]
    holds: tuple[Literal["dns"], ...] = ("dns",) if case.dns else ()
    outside = [ExternalRange("datacentre", _cidrs(case.outside), holds=holds)]
    clusters = [_cluster(name, kind, case) for name in ("shop", "twin")]
    return ipplan.check(
        Inventory(
            tuple(vnets),
            tuple(clusters if case.twin else clusters[:1]),
            tuple(outside if case.outside else ()),
        ),
        as_of=AS_OF,
    ).findings


def _cluster(name: str, kind: str, case: Case) -> Cluster:
    pods = case.range if kind == "pod CIDR" or case.both else "192.168.0.0/16"
    services = case.range if kind == "service CIDR" or case.both else "172.16.0.0/16"
    return Cluster(
        name,
        (NodePool("system", 3, 30, subnet=f"{_id('own')}/subnets/0"),),
        "cni-overlay",
        id=f"{AKS}/managedclusters/{name}",
        pod_cidrs=_cidrs(pods),
        service_cidrs=_cidrs(services),
        origin=PLANNED,
    )


def _vnet(name: str, *ranges: str, subnets: str = "", peers: str = "") -> VNet:
    home = _id(name)
    return VNet(
        home,
        name,
        tuple(cidr for each in ranges for cidr in _cidrs(each)),
        tuple(
            Subnet(f"{home}/subnets/{number}", f"{number}", (cidr,), origin=PLANNED)
            for number, cidr in enumerate(_cidrs(subnets))
        ),
        tuple(
            Peering(
                f"{home}/virtualnetworkpeerings/to-{each}",
                f"to-{each}",
                _id(each),
                forwarded_traffic=True,
                origin=PLANNED,
            )
            for each in peers.split()
        ),
        origin=PLANNED,
    )


def _id(name: str) -> str:
    return f"{NETWORK}/virtualnetworks/{name}"


def _cidrs(texts: str) -> tuple[Cidr, ...]:
    return tuple(Cidr.parse(text) for text in texts.split())
