"""Report documents made by hand: the AKS baseline, and one in which nothing is well."""

from copy import deepcopy

LEARN = "https://learn.microsoft.com/azure/"
OVERVIEW = f"{LEARN}aks/concepts-network-cni-overview"
OVERLAY = f"{LEARN}aks/azure-cni-overlay"
SUBNETS = f"{LEARN}virtual-network/virtual-networks-faq"
KUBENET = f"{LEARN}aks/configure-kubenet"
EGRESS = f"{LEARN}aks/outbound-rules-control-egress"
FIXED = "Can't be resized while anything is in it; more nodes get a new pool."
SPOKE = "vnet-spoke-bu0001a0008-00"
CLUSTER = "aks-bu0001a0008"
CLUSTER_ID = f"/subscriptions/s/managedclusters/{CLUSTER}"


def reason(kind, text, source=OVERVIEW):
    return {"kind": kind, "text": text, "source": source}


def option(model, title, *, killed=None, reasons=(), **fields):
    return {
        "model": model,
        "title": title,
        "chosen": False,
        "feasible": True,
        "node_prefixes": [27],
        "pod_prefixes": [],
        "vnet_addresses": 13,
        "killed_by": killed,
        "reasons": [*([killed] if killed else []), *reasons],
    } | fields


OPTIONS = [
    option(
        "cni-overlay",
        "Azure CNI Overlay",
        chosen=True,
        pod_prefixes=[20],
        reasons=[reason("advice", "Microsoft recommends it in general")],
    ),
    option(
        "kubenet",
        "kubenet",
        pod_prefixes=[20],
        feasible=False,
        killed=reason("retirement", "Microsoft ends support on 2028-03-31", KUBENET),
    ),
    option(
        "cni-node-subnet",
        "Azure CNI Node Subnet",
        node_prefixes=[23],
        vnet_addresses=403,
        reasons=[reason("cost", "it takes 31 times as many VNet addresses", None)],
    ),
    option(
        "cni-dynamic",
        "Azure CNI Pod Subnet, dynamic allocation",
        feasible=None,
        node_prefixes=[],
        vnet_addresses=None,
        reasons=[reason("unknown", "no page says whether it has that")],
    ),
]


def stages(usable, *needs):
    names = ("steady", "maximum", "upgrade", "rotation")
    return [
        {
            "name": name,
            "need": need,
            "fits": None if need is None or usable is None else need <= usable,
        }
        for name, need in zip(names, needs, strict=False)
    ]


def room(name, cidr, addresses, *needs, network=SPOKE, reserved=5, **fields):
    usable = addresses - reserved if addresses is not None else None
    told = stages(usable, *needs)
    known = [each["need"] for each in told[:3] if each["need"] is not None]
    short = [each["name"] for each in told if each["fits"] is False]
    plain = network or "aks"
    return {
        "id": f"/subscriptions/s/{plain}/{name}",
        "name": name,
        "network": network,
        "network_id": f"/subscriptions/s/{plain}" if network else None,
        "kind": "subnet",
        "cidrs": [cidr] if cidr else [],
        "purpose": [],
        "clusters": [],
        "addresses": addresses,
        "reserved": reserved,
        "usable": usable,
        "used": None,
        "others": None,
        "stages": told,
        "binding": short[0] if short else None,
        "free": usable - max(known) if known and usable is not None else None,
        "growth": None,
        "nodes_left": None,
        "change": FIXED,
        "change_source": SUBNETS,
        "why": [],
        "source": SUBNETS,
        "unknown": [],
    } | fields


HUB = "vnet-eastus2-hub"
ROOMS = [
    room("AzureFirewallSubnet", "10.200.0.0/26", 64, network=HUB, purpose=["firewall"]),
    room("GatewaySubnet", "10.200.0.64/27", 32, network=HUB, purpose=["VPN gateway"]),
    room("AzureBastionSubnet", "10.200.0.128/26", 64, network=HUB, purpose=["bastion"]),
    room(
        "snet-clusternodes",
        "10.240.0.0/22",
        1024,
        *(9, 9, 13, 14),
        purpose=[f"nodes of {CLUSTER}"],
        clusters=[CLUSTER],
        nodes_left=1006,
        growth=0,
        why=["9 nodes and 4 at an upgrade"],
    ),
    room("snet-clusteringressservices", "10.240.4.0/28", 16, 5, purpose=["ingress"]),
    room("snet-privatelinkendpoints", "10.240.4.32/28", 16, 3, purpose=["endpoints"]),
    room("snet-applicationgateway", "10.240.5.0/24", 256, 10, purpose=["gateway"]),
    room("snet-apiserver", "10.240.7.0/28", 16, 9, purpose=["API server"]),
    room(
        f"pod CIDR of {CLUSTER}",
        "192.168.0.0/16",
        65_536,
        *(2304, 2304, 3328, 3584),
        network="",
        kind="pod-cidr",
        reserved=0,
        clusters=[CLUSTER],
        nodes_left=243,
        change="Can be expanded to a larger range that covers it.",
    ),
]

COLUMNS = ["its own networks", "peered networks", "on-premises networks"]


def cell(relation, verdict="clear", text="", rules=()):
    return {
        "relation": relation,
        "verdict": verdict,
        "text": text,
        "rules": list(rules),
    }


def relation(cidr, kind, owners, *cells):
    told = [*cells, *(cell(each) for each in COLUMNS[len(cells) :])]
    return {
        "cidr": cidr,
        "kind": kind,
        "owners": owners,
        "cells": told,
        "reuse": "",
        "reuse_source": None,
    }


def baseline():
    """A report of the AKS baseline plan."""
    answers = [
        ("Which model, and why?", "Azure CNI Overlay: 13 VNet addresses.", "good"),
        ("How many nodes are left?", "243 more, then the pod CIDR is full.", "plain"),
        ("What can't change later?", "Service CIDR, and the subnets in use.", "plain"),
        ("What to fix first?", "Nothing: no errors, no warnings.", "good"),
        ("What is unknown?", "Nothing.", "good"),
    ]
    names = ("question", "answer", "state")
    return deepcopy(
        {
            "kind": "ipplan.report",
            "version": "0.1.0",
            "as_of": "2026-11-28",
            "input": {},
            "rules_as_of": "2026-08-27",
            "title": "aks-baseline",
            "proposed": True,
            "complete": True,
            "answers": [dict(zip(names, each, strict=True)) for each in answers],
            "inventory": {
                "vnets": 2,
                "subnets": 8,
                "peerings": 2,
                "clusters": 1,
                "external_ranges": 0,
                "subscriptions": 1,
                "subscriptions_not_seen": 0,
            },
            "summary": {"error": 0, "warning": 0, "note": 0},
            "decisions": [
                {
                    "clusters": [CLUSTER],
                    "cluster_ids": [CLUSTER_ID],
                    "model": "cni-overlay",
                    "nodes": 9,
                    "surge_nodes": 4,
                    "max_pods": [30],
                    "needs": ["network-policy-cilium"],
                    "words": "Azure CNI Overlay: pods live in a pod CIDR of their own.",
                    "shared": [],
                    "planned": ["pod CIDR needs a /20, planned /16"],
                    "options": OPTIONS,
                }
            ],
            "permanences": [
                {
                    "what": "service CIDR 172.16.0.0/16",
                    "clusters": [CLUSTER],
                    "cluster_ids": [CLUSTER_ID],
                    "change": "never",
                    "words": "A cluster keeps it for good.",
                    "source": OVERVIEW,
                },
                {
                    "what": "pod CIDR 192.168.0.0/16",
                    "clusters": [CLUSTER],
                    "cluster_ids": [CLUSTER_ID],
                    "change": "limited",
                    "words": "It can only become larger.",
                    "source": OVERLAY,
                },
            ],
            "assumptions": [
                {
                    "text": "every pool at its autoscaler's maximum",
                    "as_of": "2026-11-28",
                    "source": None,
                },
                {
                    "text": "upgrades surge all pools at once",
                    "as_of": "2026-11-28",
                    "source": OVERVIEW,
                },
            ],
            "rooms": ROOMS,
            "map": blank_map(),
            "relations": COLUMNS,
            "matrix": [
                relation("10.240.0.0/16", "vnet", [SPOKE]),
                relation(
                    "192.168.0.0/16", "pods", [CLUSTER], cell(COLUMNS[0], "reusable")
                ),
                relation("172.16.0.0/16", "services", [CLUSTER]),
            ],
            "findings": [],
            "others": {"error": 0, "warning": 0, "note": 0},
            "egress": [
                {
                    "cluster": CLUSTER,
                    "cluster_id": CLUSTER_ID,
                    "inside": "the node's address",
                    "inside_cidrs": ["10.240.0.0/22"],
                    "outside": "the firewall's public address",
                    "outside_cidrs": [],
                    "outbound_type": "userDefinedRouting",
                    "ports": None,
                    "public_addresses": 0,
                    "most_public_addresses": None,
                    "fits": True,
                    "words": "Through the appliance that its route table names.",
                    "source": EGRESS,
                }
            ],
            "coverage": {
                "subscriptions_seen": ["s"],
                "subscriptions_not_seen": [],
                "networks_not_seen": [],
            },
            "unknown": [],
            "not_known": [],
            "skipped": 0,
            "sources": [
                {"url": url, "used_for": ["subnet-size"], "checked": "2026-08-27"}
                for url in (OVERVIEW, OVERLAY, SUBNETS, KUBENET, EGRESS)
            ],
        }
    )


def blank_map():
    """A map of nothing."""
    totals = ("networks", "subnets", "clusters", "peerings", "addresses", "in_subnets")
    return {
        "kind": "ipplan.map",
        "version": "0.1.0",
        "as_of": "2026-11-28",
        "input": {},
        "title": "aks-baseline",
        "proposed": True,
        "complete": True,
        "totals": dict.fromkeys(totals, 0),
        "networks": [],
        "peerings": [],
        "links": [],
        "ranges": [],
        "marks": [],
        "notes": 0,
        "unknown": [],
    }


def finding(severity="error", effect="refused", **fields):
    return {
        "rule": "subnet-capacity",
        "severity": severity,
        "effect": effect,
        "message": "nodes of aks need 281 addresses of 251",
        "subjects": [
            {"kind": "subnet", "name": "nodes", "id": "/s", "cidr": "10.0.0.0/24"}
        ],
        "source": SUBNETS,
        "fix": "give it 10.1.0.0/23",
        "fingerprint": "f",
        "location": {"file": "plan.yaml", "path": "$.networks[0]", "line": 7},
    } | fields


def troubled():
    """A report in which there is one of everything that can be said."""
    found = baseline()
    found |= {
        "proposed": False,
        "complete": False,
        "summary": {"error": 1, "warning": 1, "note": 0},
        "others": {"error": 0, "warning": 2, "note": 1},
        "skipped": 3,
        "unknown": [{"what": "vnet-far", "why": "it was not read"}],
        "not_known": ["vnet-far: it was not read"],
        "permanences": [],
        "assumptions": [],
        "findings": [
            finding(),
            finding("warning", "works-but", fix=None, location=None),
            finding(
                "note",
                "information",
                source="javascript:alert(1)",
                location={"file": "-", "path": "$", "line": None},
            ),
        ],
    }
    found["inventory"] |= {"external_ranges": 1, "subscriptions_not_seen": 2}
    found["answers"] = [
        {"question": f"Q{n}?", "answer": f"A{n}.", "state": state}
        for n, state in enumerate(("bad", "warn", "unknown", "plain", "good"))
    ]
    found["decisions"] = [
        found["decisions"][0]
        | {"model": None, "nodes": None, "surge_nodes": None, "needs": []},
        found["decisions"][0]
        | {
            "options": [OPTIONS[0] | {"feasible": False}, *OPTIONS[1:]],
            "max_pods": [],
            "clusters": [f"aks-{number}" for number in range(9)],
        },
    ]
    found["rooms"] = [
        room("nodes", "10.0.0.0/24", 256, 100, 250, 281, 300, clusters=["aks"]),
        room("far-over", "10.0.1.0/24", 256, 600, 700, 800, 900, clusters=["aks"]),
        room("rotates", "10.0.2.0/24", 256, 100, 150, 200, 252, clusters=["aks"]),
        room("part", "10.0.3.0/24", 256, 100, None, unknown=["no maximum is said"]),
        room("rest", "10.0.4.0/24", 256, 100, None),
        room("nothing", "", None, None, unknown=["its range is not known"]),
        room("mystery", "10.0.5.0/24", 256, 7, None, binding="maximum"),
        room("silent", "10.0.6.0/24", 256, None),
        room("spanless", "", None, 7, binding="maximum"),
        room("seen", "10.0.7.0/24", 256, used=40, others=7, growth=12, nodes_left=-3),
        room("tiny", "10.0.8.0/32", 1, 3, binding="steady", reserved=1),
    ]
    verdicts = ("refused", "breaks", "allowed", "unknown", "n/a", "clear")
    found["matrix"] = [
        relation(
            f"10.{n}.0.0/16",
            "vnet",
            [f"v{n}"],
            cell(COLUMNS[0], verdict, "meets 10.9.0.0/16", ["vnet-overlap"]),
        )
        for n, verdict in enumerate(verdicts)
    ]
    found["matrix"].append(relation("", "vnet", ["412 more VNets"]))
    found["egress"] = [
        found["egress"][0]
        | {"fits": False, "ports": 1024, "public_addresses": 5}
        | {"most_public_addresses": 4, "outside_cidrs": ["203.0.113.7/32"]},
        found["egress"][0] | {"fits": None, "public_addresses": None},
    ]
    found["coverage"] = {
        "subscriptions_seen": ["s"],
        "subscriptions_not_seen": ["t", "u"],
        "networks_not_seen": [
            {"id": "/vnet-far", "named_by": ["hub"], "prefixes": ["10.99.0.0/16"]},
            {"id": "/vnet-farther", "named_by": [], "prefixes": []},
        ],
    }
    found["sources"][0] |= {"checked": None, "used_for": []}
    found["map"] |= {"unknown": ["vnet-far"]}
    return found
