"""Rows of services agree with the checks and with the pages of Microsoft."""

import pytest

from ipplan import LIMITS
from ipplan.checks.networks import special
from ipplan.errors import ArgumentError
from ipplan.layouts.demands import services
from ipplan.layouts.demands.services import SERVICES, service_named
from ipplan.usages import DELEGATION

# rules §9.2: the name that Azure imposes, the prefix length that is advised, or the
# least, and the service that the subnet is delegated to
PAGES = {
    "firewall": ("AzureFirewallSubnet", 26, 26, None),
    "firewall-management": ("AzureFirewallManagementSubnet", 26, 26, None),
    "bastion": ("AzureBastionSubnet", 26, 27, None),
    "vpn-gateway": ("GatewaySubnet", 27, 29, None),
    "expressroute-gateway": ("GatewaySubnet", 27, 27, None),
    "route-server": ("RouteServerSubnet", 26, 27, None),
    "dns-resolver-inbound": (None, None, 28, "Microsoft.Network/dnsResolvers"),
    "dns-resolver-outbound": (None, None, 28, "Microsoft.Network/dnsResolvers"),
    "application-gateway": (None, 24, None, "Microsoft.Network/applicationGateways"),
    "application-gateway-for-containers": (
        None,
        None,
        24,
        "Microsoft.ServiceNetworking/trafficControllers",
    ),
    "api-server": (None, None, 28, "Microsoft.ContainerService/managedClusters"),
    "internal-load-balancers": (None, None, None, None),
    "private-link-services": (None, None, None, None),
    "private-endpoints": (None, None, None, None),
    "virtual-nodes": (None, None, None, "Microsoft.ContainerInstance/containerGroups"),
    "jump-boxes": (None, None, None, None),
    "build-agents": (None, None, None, None),
    "netapp": (None, 28, None, "Microsoft.NetApp/volumes"),
    "app-service-environment": (None, 24, 27, "Microsoft.Web/hostingEnvironments"),
}


def test_every_kind_of_service_has_a_row() -> None:
    assert set(SERVICES) == set(PAGES)
    assert len(services.ROWS) == len(SERVICES)


@pytest.mark.parametrize("kind", PAGES)
def test_a_row_says_what_the_pages_say(kind: str) -> None:
    name, advised, least, delegation = PAGES[kind]
    row = SERVICES[kind]
    assert row.subnet == (name or row.subnet)
    assert row.imposed == (name is not None)
    assert (row.advised and row.advised.value) == advised
    assert (row.least and row.least.value) == least
    assert row.delegation == delegation
    assert row.source.startswith("https://learn.microsoft.com/")
    assert row.summary
    assert row.each >= 0
    assert row.extra >= 0


def test_numbers_of_rows_are_limits() -> None:
    known = list(LIMITS.values())
    for row in SERVICES.values():
        used = (
            row.advised,
            row.least,
            row.largest,
            row.largest_overlay,
            row.most,
            row.full,
        )
        assert all(each in known for each in used if each)


def test_checks_and_layouts_agree_on_the_subnets_that_azure_names() -> None:
    rows = {row.subnet.lower() for row in SERVICES.values() if row.imposed}
    assert rows == set(special.SPECIAL)
    for row in SERVICES.values():
        if row.imposed:
            checked = special.SPECIAL[row.subnet.lower()]
            assert checked.wanted == row.advised
            assert row.least
            assert row.least.value <= checked.accepted.value


def test_checks_and_layouts_agree_on_delegations() -> None:
    found = {(row.delegation or "").lower() for row in SERVICES.values()}
    assert {special.GATEWAYS, special.TRAFFIC_CONTROLLERS, special.RESOLVERS} <= found
    assert DELEGATION in found


def test_where_no_group_and_no_default_route_may_stand() -> None:
    no_group = {kind for kind, row in SERVICES.items() if not row.security_group}
    no_route = {kind for kind, row in SERVICES.items() if not row.default_route}
    gateways = {"vpn-gateway", "expressroute-gateway"}
    firewall = {"firewall", "firewall-management"}
    assert no_group == {
        *gateways,
        *firewall,
        "route-server",
        "netapp",
        "application-gateway-for-containers",
    }
    assert no_route == {
        *no_group,
        "bastion",
        "application-gateway",
        "api-server",
        "dns-resolver-inbound",
        "dns-resolver-outbound",
    }


def test_what_may_share_a_subnet() -> None:
    alone = {kind for kind, row in SERVICES.items() if not row.shared}
    assert alone == {
        "firewall",
        "firewall-management",
        "bastion",
        "route-server",
        "dns-resolver-inbound",
        "dns-resolver-outbound",
        "application-gateway-for-containers",
        "app-service-environment",
    }
    assert SERVICES["vpn-gateway"].company == SERVICES["expressroute-gateway"].company
    assert SERVICES["jump-boxes"].company == SERVICES["private-endpoints"].company
    assert SERVICES["api-server"].company != SERVICES["jump-boxes"].company


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ArgumentError, match=r"^service 'nat': one of firewall, .*, "):
        service_named("nat")
