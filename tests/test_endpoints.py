"""Private endpoints take what their pages say, under the zones that they name."""

import pytest

from ipplan import LIMITS
from ipplan.errors import ArgumentError
from ipplan.layouts.demands import endpoints
from ipplan.layouts.demands.endpoints import (
    ENDPOINTS,
    SECOND_CHOICE,
    SERVICE_ENDPOINTS,
    endpoint_named,
)

# rules §10, and Microsoft's table of private DNS zones
ZONES = {
    "registry": "privatelink.azurecr.io",
    "key-vault": "privatelink.vaultcore.azure.net",
    "blob": "privatelink.blob.core.windows.net",
    "file": "privatelink.file.core.windows.net",
    "sql": "privatelink.database.windows.net",
    "service-bus": "privatelink.servicebus.windows.net",
    "event-hubs": "privatelink.servicebus.windows.net",
    "cosmos-db": "privatelink.documents.azure.com",
    "postgresql": "privatelink.postgres.database.azure.com",
    "mysql": "privatelink.mysql.database.azure.com",
}


@pytest.mark.parametrize("kind", ZONES)
def test_zones_are_those_of_the_pages(kind: str) -> None:
    assert ENDPOINTS[kind].zones == (ZONES[kind],)


def test_the_zone_of_a_registry_is_not_the_public_one() -> None:
    assert "azurecr.io" not in ENDPOINTS["registry"].zones


def test_no_kind_stands_twice() -> None:
    assert len(endpoints.ROWS) == len(ENDPOINTS)
    assert len(endpoints.SERVICE_ENDPOINT_ROWS) == len(SERVICE_ENDPOINTS)


def test_databases_are_flexible_servers() -> None:
    for kind in ("postgresql", "mysql"):
        assert ENDPOINTS[kind].resource.endswith("/flexibleServers")


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_every_row_is_whole(kind: str) -> None:
    row = ENDPOINTS[kind]
    provider, _, name = row.resource.partition("/")
    assert provider.startswith("Microsoft.")
    assert name
    assert row.group
    assert row.zones
    assert all(zone.startswith("privatelink.") for zone in row.zones)
    assert row.takes in LIMITS.values()
    assert row.addresses() == row.takes.value >= 1
    assert row.source.startswith("https://learn.microsoft.com/")


@pytest.mark.parametrize(("replicas", "addresses"), [(0, 2), (1, 3), (4, 6)])
def test_a_registry_has_a_data_endpoint_in_every_region(
    replicas: int, addresses: int
) -> None:
    assert ENDPOINTS["registry"].addresses(replicas) == addresses


def test_cosmos_in_three_regions_takes_four_addresses_as_its_page_says() -> None:
    assert ENDPOINTS["cosmos-db"].addresses(2) == 4


def test_replicas_are_nothing_to_others() -> None:
    grow = {
        kind for kind, row in ENDPOINTS.items() if row.addresses(1) > row.addresses()
    }
    assert grow == {"registry", "cosmos-db", "cosmos-mongo"}


def test_monitor_has_several_zones_and_a_least_subnet() -> None:
    row = ENDPOINTS["monitor"]
    assert len(row.zones) == 5
    assert row.addresses() == 11
    assert row.least
    assert row.least.value == 27


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        ArgumentError, match=r"^private endpoint 'acr': one of registry,"
    ):
        endpoint_named("acr")


def test_service_endpoints_are_named_as_subnets_name_them() -> None:
    assert all(name.startswith("Microsoft.") for name in SERVICE_ENDPOINTS)
    assert SERVICE_ENDPOINTS["Microsoft.ContainerRegistry"].note == "preview"
    assert "takes no address" in SECOND_CHOICE
