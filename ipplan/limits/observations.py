"""What the service was seen to count; it never sizes anything."""

from __future__ import annotations

from ipplan.limits.rows import Limit

PREFLIGHT_NODE_SUBNET = Limit(
    -1,
    "addresses/node",
    "https://github.com/VijayRod/demo",
    "max pods - 1 a node, surge not counted: 747 = 3 x 249; + 1 before 2022",
    "observed",
)
PREFLIGHT_NODE_SUBNET_2021 = Limit(
    1,
    "addresses/node",
    "https://github.com/Azure/AKS/issues/456",
    "max pods + 1 a node, from 2018 to 2021: 310 = 10 x 31",
    "observed",
)
PREFLIGHT_STATIC_BLOCK = Limit(
    16,
    "addresses/node",
    "https://github.com/VijayRod/demo",
    "one block, whatever max pods is: 160 for 10 nodes",
    "observed",
)
PREFLIGHT_OVERLAY = Limit(
    256,
    "addresses/node",
    "https://github.com/Azure/AKS-Construction/issues/701",
    "against the whole pod CIDR, nothing reserved: 1,280 for 5 nodes",
    "observed",
)
HELD_DYNAMIC = Limit(
    1,
    "addresses/node",
    "https://github.com/Azure/azure-container-networking",
    "one primary address a node besides its batches",
    "observed",
)
HELD_DYNAMIC_CLAMP = Limit(
    0,
    "addresses/node",
    "https://github.com/Azure/azure-container-networking",
    "the service clamps a node's request at a maximum that no source states, so it "
    "may hold as little as 16 x ceil(pods / 16)",
    "observed",
)
