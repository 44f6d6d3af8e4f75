"""Inputs that the generated pages try out; every output is worked out from them."""

from __future__ import annotations

RULES: dict[str, str] = {
    "max-pods-out-of-range": (
        "ipplan size --from docs/samples/few-pods.json --model cni-overlay"
    ),
    "pods-exceed-max-pods": (
        "ipplan size --nodes 10 --max-pods 30 --pods-per-node 40 --model cni-dynamic"
    ),
    "pool-pods-minimum": (
        "ipplan size --pool system:nodes=2,max-pods=10 --model cni-overlay"
    ),
    "pool-node-limit": "ipplan size --pool web:nodes=950 --model cni-overlay",
    "cluster-node-limit": "ipplan size --nodes 4800 --model cni-overlay",
    "kubenet-route-limit": "ipplan size --nodes 380 --model kubenet",
    "no-node-subnet-fits": (
        "ipplan size --nodes 1000000000 --max-pods 30 --model cni-overlay"
    ),
    "no-pod-range-fits": (
        "ipplan size --nodes 5000 --max-pods 250 --max-surge 0 --model cni-static-block"
    ),
    "range-too-small": (
        "ipplan fit --node-subnet /26 --nodes 8 --max-pods 30 --max-surge 1 "
        "--model cni-node-subnet"
    ),
    "range-too-large": (
        "ipplan fit --pod-subnet /10 --max-pods 30 --model cni-static-block"
    ),
    "vnet-address-limit": (
        "ipplan size --nodes 600 --max-pods 110 --model cni-node-subnet"
    ),
    "vnet-free-too-small": (
        "ipplan size --nodes 50 --max-pods 30 --model cni-node-subnet "
        "--vnet-free 10.20.0.0/22"
    ),
    "feature-unsupported": "ipplan size --nodes 50 --need windows --model kubenet",
    "features-exclude-each-other": (
        "ipplan size --nodes 50 --need windows --need network-policy=cilium "
        "--model cni-node-subnet"
    ),
    "model-retirement": "ipplan size --nodes 50 --model kubenet -o wide",
    "feature-retirement": (
        "ipplan size --nodes 50 --model cni-overlay --need network-policy=azure"
    ),
    "azure-npm-node-limit": (
        "ipplan size --nodes 240 --need network-policy=azure --model cni-overlay"
    ),
    "pool-count-limit": "ipplan size --model cni-overlay "
    + " ".join(f"--pool p{number}:nodes=3" for number in range(101)),
    "no-nodes": "ipplan size --pool web:nodes=0,max-pods=30 --model cni-overlay",
    "pod-ceiling": (
        "ipplan size --nodes 1000 --max-pods 60 --pods-per-node 55 --model cni-dynamic"
    ),
    "observed-exceeds-range": (
        "ipplan size --nodes 13 --max-pods 30 --pods-per-node 8 --model cni-dynamic"
    ),
    "observed-needs-less": (
        "ipplan size --nodes 300 --max-pods 30 --model cni-static-block"
    ),
    "pods-may-exceed-ceiling": (
        "ipplan size --nodes 1000 --max-pods 60 --model cni-dynamic"
    ),
    "windows-max-pods": (
        "ipplan size --pool win:nodes=5,max-pods=200,os=windows --model cni-overlay"
    ),
    "wasteful-max-pods": (
        "ipplan size --nodes 50 --max-pods 32 --model cni-static-block"
    ),
    "pools-spread": "ipplan size --nodes 2500 --model cni-overlay",
    "surge-of-zero": "ipplan size --nodes 50 --max-surge 0 --model cni-overlay",
}
"""For each rule a command line that breaks it."""

COLUMNS: dict[str, tuple[str, str]] = {
    "model": ("", "name of the network model"),
    "nodes": ("nodes", "without surge; added nodes and growth included"),
    "surge_nodes": ("nodes", "that an upgrade of all pools at once adds"),
    "max_pods": ("pods/node", "empty where pools differ"),
    "node_subnet_prefix_length": ("bits", "empty where no allowed subnet is enough"),
    "node_subnet_addresses": ("addresses", "the need, without Azure's five"),
    "node_subnet_free": ("addresses", "left over for use"),
    "pod_range_kind": ("", "`pod-subnet` or `pod-cidr`; empty where pods have none"),
    "pod_range_prefix_length": ("bits", "as for the node subnet"),
    "pod_range_addresses": ("addresses", "the need, without Azure's five"),
    "pod_range_free": ("addresses", "left over for use"),
    "vnet_addresses": ("addresses", "nodes, pods and extras that lie in the VNet"),
    "grows_to_nodes": ("nodes", "most nodes that the chosen ranges hold"),
    "grows_to_bound_by": ("", "what stops the next node, a name of `Bound`"),
    "feasible": ("", "it runs and can be upgraded; empty where unknown"),
}
"""Unit and meaning of every column of a plan's table."""
