from datetime import date
from itertools import pairwise

import pytest

from ipplan import LIMITS, RULES_AS_OF

IMPOSED = {
    "reserved-addresses": 5,
    "smallest-subnet": 29,
    "largest-subnet": 2,
    "node-pod-cidr": 256,
    "dynamic-batch": 16,
    "dynamic-free": 8,
    "static-block-size": 16,
    "static-block-kept": 1,
    "static-block-edge": 32,
    "static-block-largest": 12,
    "min-max-pods": 10,
    "max-max-pods": 250,
    "pool-pods": 30,
    "windows-max-pods": 110,
    "max-pods-overlay": 250,
    "max-pods-node-subnet": 30,
    "max-pods-kubenet": 110,
    "max-pods-pod-subnet": 250,
    "max-surge": 10,
    "cluster-nodes": 5000,
    "pool-nodes": 1000,
    "pool-name": 12,
    "pool-name-windows": 6,
    "routes": 400,
    "vnet-addresses": 65_536,
    "peered-addresses": 128_000,
    "pods-dynamic": 50_000,
    "pods-pod-subnet": 65_536,
    "pods-overlay": 200_000,
    "private-endpoint": 1,
    "api-server": 9,
    "api-server-subnet": 28,
    "arm-copies": 800,
    "arm-expression": 24_576,
    "node-group-name": 80,
    "resource-name": 80,
    "default-pod-cidr": "10.244.0.0/16",
    "default-service-cidr": "10.0.0.0/16",
    "default-pod-cidr-ipv6": "fd12:3456:789a::/64",
    "default-service-cidr-ipv6": "fd12:3456:789a:1::/108",
    "unique-local-range": "fd00::/8",
    "multicast-ranges": ("224.0.0.0/4", "ff00::/8"),
    "largest-service-cidr": 13,
    "largest-service-cidr-ipv6": 108,
    "service-cidr-grows": "1.33",
    "dns-service-host": 10,
    "kubenet-retirement": date(2028, 3, 31),
    "npm-retirement-linux": date(2028, 9, 30),
    "npm-retirement-windows": date(2026, 9, 30),
    "npm-nodes": 250,
    "overlay-version": "1.27",
    "overlay-windows-build": "20348.1668",
    "policy-version": "1.30",
    "managed-vnet": ("10.224.0.0/12", "10.0.0.0/8"),
    "static-block-version": "1.28",
    "authorized-ranges": 200,
    "authorized-ranges-integrated": 2_000,
    "own-egress": "0.0.0.0/32",
    "api-server-ports": (443, 4443),
    "api-server-probe": 9988,
    "public-api-server-port": 443,
    "host-address": "168.63.129.16/32",
    "balanced-services": 300,
    "balanced-backends": 10_000,
    "gateway-circuits": 16,
    "gateway-subnet-circuits": 26,
    "application-gateway-instances": 125,
    "containers-gateway-addresses": 250,
    "private-link-addresses": 8,
    "private-endpoint-addresses": 1,
    "registry-addresses": 2,
    "cosmos-addresses": 2,
    "monitor-addresses": 11,
    "monitor-subnet": 27,
    "netapp-subnet": 28,
    "app-service-subnet": 24,
    "app-service-subnet-smallest": 27,
    "app-service-addresses": 27,
    "balancer-ports": 64_000,
    "balancer-ports-step": 8,
    "balancer-addresses": 100,
    "automatic-ports": (
        (50, 1024),
        (100, 512),
        (200, 256),
        (400, 128),
        (800, 64),
        (1000, 32),
    ),
    "nat-addresses": 16,
    "nat-ports": 64_512,
    "preflight-node-subnet": -1,
    "preflight-node-subnet-2021": 1,
    "preflight-static-block": 16,
    "preflight-overlay": 256,
}
"""As the pages of Microsoft have them, and the error texts of the service."""


@pytest.mark.parametrize(("name", "value"), IMPOSED.items())
def test_a_limit_is_what_its_page_says(name, value):
    assert LIMITS[name].value == value


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_names_its_page_its_unit_and_the_day_it_was_read(name):
    row = LIMITS[name]
    assert row.source.startswith("https://")
    assert " " not in row.source
    assert row.unit
    assert date(2020, 1, 1) < row.checked <= date(2026, 8, 21)
    assert row.basis in {"documented", "observed", "our margin", "unknown"}


def test_the_rules_are_as_old_as_the_newest_page():
    assert date(2026, 8, 21) == RULES_AS_OF


def test_what_was_seen_or_added_is_not_called_documented():
    others = {name for name, row in LIMITS.items() if row.basis != "documented"}
    expected = {"static-block-edge", "largest-pod-cidr"}
    expected |= {name for name in LIMITS if name.startswith(("preflight-", "held-"))}
    assert others == expected


def test_limits_that_nest_do():
    chain = ["min-max-pods", "pool-pods", "windows-max-pods", "max-max-pods"]
    values = [LIMITS[name].value for name in chain]
    assert all(low < high for low, high in pairwise(values))
