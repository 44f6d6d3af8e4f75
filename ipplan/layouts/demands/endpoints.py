"""Rows of private endpoints and service endpoints: what reaches a service of Azure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from ipplan.limits import Limit

_DNS = f"{limits.PRIVATE_LINK}/private-endpoint-dns"
_READ = date(2021, 1, 14)
"""The day of the table of zones that was read."""
_READ_LATER = date(2026, 5, 7)
"""The day of a later one, which has flexible servers."""


class EndpointRow(NamedTuple):
    """A kind of resource that can have private endpoints.

    Parameters
    ----------
    kind, title : str
        As plans call it, and as Microsoft does.
    resource : str
        Its type in the Resource Manager.
    group : str
        The group id, or sub-resource, that an endpoint is made to.
    zones : tuple of str
        The private DNS zones of its names; ``{region}`` stands for a region.
    takes : Limit
        What one endpoint takes. [addresses]
    replica : int
        What each further region takes besides. [addresses]
    least : Limit or None
        Prefix length of the smallest subnet that it can stand in.
    note : str
        What a reader must know besides.
    source : str
        The page of its zones.
    checked : date
        The day of that page.
    """

    kind: str
    title: str
    resource: str
    group: str
    zones: tuple[str, ...]
    takes: Limit[int] = limits.PRIVATE_ENDPOINT_ADDRESSES
    replica: int = 0
    least: Limit[int] | None = None
    note: str = ""
    source: str = _DNS
    checked: date = _READ

    def addresses(self, replicas: int = 0) -> int:
        """What one endpoint takes, its resource being in some regions more.

        >>> ENDPOINTS["registry"].addresses(), ENDPOINTS["registry"].addresses(2)
        (2, 4)
        """
        return self.takes.value + replicas * self.replica


_STORAGE = "Microsoft.Storage/storageAccounts"
_COSMOS = "Microsoft.DocumentDB/databaseAccounts"
_BUS = ("privatelink.servicebus.windows.net",)


def _storage(kind: str, title: str) -> EndpointRow:
    zone = f"privatelink.{kind}.core.windows.net"
    return EndpointRow(kind, title, _STORAGE, kind, (zone,))


def _cosmos(kind: str, title: str, group: str, zone: str) -> EndpointRow:
    return EndpointRow(
        kind,
        title,
        _COSMOS,
        group,
        (zone,),
        limits.COSMOS_ADDRESSES,
        replica=1,
        note="the account, and each of its regions",
        source=limits.COSMOS_ADDRESSES.source,
        checked=limits.COSMOS_ADDRESSES.checked,
    )


ROWS = (
    EndpointRow(
        "registry",
        "Azure Container Registry",
        "Microsoft.ContainerRegistry/registries",
        "registry",
        ("privatelink.azurecr.io",),
        limits.REGISTRY_ADDRESSES,
        replica=1,
        note="the registry, and the data endpoint of each of its regions",
    ),
    EndpointRow(
        "key-vault",
        "Azure Key Vault",
        "Microsoft.KeyVault/vaults",
        "vault",
        ("privatelink.vaultcore.azure.net",),
    ),
    _storage("blob", "Azure Storage, blobs"),
    _storage("file", "Azure Storage, files"),
    _storage("queue", "Azure Storage, queues"),
    _storage("table", "Azure Storage, tables"),
    _storage("web", "Azure Storage, static websites"),
    _storage("dfs", "Azure Data Lake Storage Gen2"),
    EndpointRow(
        "sql",
        "Azure SQL Database",
        "Microsoft.Sql/servers",
        "sqlServer",
        ("privatelink.database.windows.net",),
    ),
    EndpointRow(
        "service-bus",
        "Azure Service Bus",
        "Microsoft.ServiceBus/namespaces",
        "namespace",
        _BUS,
        note="Event Hubs has the same zone",
    ),
    EndpointRow(
        "event-hubs",
        "Azure Event Hubs",
        "Microsoft.EventHub/namespaces",
        "namespace",
        _BUS,
        note="Service Bus has the same zone",
    ),
    EndpointRow(
        "event-grid",
        "Azure Event Grid, topics",
        "Microsoft.EventGrid/topics",
        "topic",
        ("privatelink.eventgrid.azure.net",),
    ),
    _cosmos(
        "cosmos-db", "Azure Cosmos DB, SQL", "Sql", "privatelink.documents.azure.com"
    ),
    _cosmos(
        "cosmos-mongo",
        "Azure Cosmos DB, MongoDB",
        "MongoDB",
        "privatelink.mongo.cosmos.azure.com",
    ),
    EndpointRow(
        "postgresql",
        "Azure Database for PostgreSQL, flexible server",
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "postgresqlServer",
        ("privatelink.postgres.database.azure.com",),
        note="of a server with public access, not one in a VNet",
        checked=_READ_LATER,
    ),
    EndpointRow(
        "mysql",
        "Azure Database for MySQL, flexible server",
        "Microsoft.DBforMySQL/flexibleServers",
        "mysqlServer",
        ("privatelink.mysql.database.azure.com",),
        note="of a server with public access, not one in a VNet",
        checked=_READ_LATER,
    ),
    EndpointRow(
        "redis",
        "Azure Cache for Redis",
        "Microsoft.Cache/Redis",
        "redisCache",
        ("privatelink.redis.cache.windows.net",),
    ),
    EndpointRow(
        "app-configuration",
        "Azure App Configuration",
        "Microsoft.AppConfiguration/configurationStores",
        "configurationStores",
        ("privatelink.azconfig.io",),
    ),
    EndpointRow(
        "web-app",
        "Azure Web Apps",
        "Microsoft.Web/sites",
        "sites",
        ("privatelink.azurewebsites.net",),
    ),
    EndpointRow(
        "cognitive-services",
        "Cognitive Services",
        "Microsoft.CognitiveServices/accounts",
        "account",
        ("privatelink.cognitiveservices.azure.com",),
    ),
    EndpointRow(
        "monitor",
        "Azure Monitor Private Link Scope",
        "Microsoft.Insights/privateLinkScopes",
        "azuremonitor",
        (
            "privatelink.monitor.azure.com",
            "privatelink.oms.opinsights.azure.com",
            "privatelink.ods.opinsights.azure.com",
            "privatelink.agentsvc.azure-automation.net",
            "privatelink.blob.core.windows.net",
        ),
        limits.MONITOR_ADDRESSES,
        least=limits.MONITOR_SUBNET,
        note="at the least; one for all networks that share a DNS, so in the hub",
    ),
)
"""Rows of endpoints, each kind once."""

ENDPOINTS: dict[str, EndpointRow] = {row.kind: row for row in ROWS}
"""Every kind of resource that plans can ask private endpoints of."""


def endpoint_named(kind: str) -> EndpointRow:
    """The row of a kind.

    Raises
    ------
    ArgumentError
        For a name that is no kind's.

    Examples
    --------
    >>> endpoint_named("registry").zones
    ('privatelink.azurecr.io',)
    """
    if kind not in ENDPOINTS:
        allowed = f"one of {', '.join(ENDPOINTS)}"
        raise ArgumentError("private endpoint", repr(kind), allowed)
    return ENDPOINTS[kind]


class ServiceEndpoint(NamedTuple):
    """A service that subnets can have endpoints of.

    Parameters
    ----------
    name, title : str
        As subnets name it, and as Microsoft calls what it reaches.
    note : str
        What a reader must know besides.
    """

    name: str
    title: str
    note: str = ""


SERVICE_ENDPOINTS_SOURCE = (
    f"{limits.NETWORKING}/virtual-network/virtual-network-service-endpoints-overview"
)
"""The page that lists them."""

SECOND_CHOICE = (
    "A service endpoint takes no address. The service is still reached by its public "
    "address, by every account of that service and not yours alone, and from the "
    "subnet only, not from on premises: Microsoft advises private endpoints."
)
"""Why service endpoints are second choice."""

SERVICE_ENDPOINT_ROWS = (
    ServiceEndpoint("Microsoft.Storage", "Azure Storage"),
    ServiceEndpoint(
        "Microsoft.Sql", "Azure SQL, Synapse, MySQL and PostgreSQL servers"
    ),
    ServiceEndpoint("Microsoft.AzureCosmosDB", "Azure Cosmos DB"),
    ServiceEndpoint("Microsoft.KeyVault", "Azure Key Vault"),
    ServiceEndpoint("Microsoft.ServiceBus", "Azure Service Bus"),
    ServiceEndpoint("Microsoft.EventHub", "Azure Event Hubs"),
    ServiceEndpoint("Microsoft.Web", "Azure App Service"),
    ServiceEndpoint("Microsoft.CognitiveServices", "Cognitive Services"),
    ServiceEndpoint("Microsoft.AzureActiveDirectory", "Azure Data Lake Storage Gen1"),
    ServiceEndpoint(
        "Microsoft.ContainerRegistry", "Azure Container Registry", "preview"
    ),
)
"""Rows of services, each once."""

SERVICE_ENDPOINTS: dict[str, ServiceEndpoint] = {
    row.name: row for row in SERVICE_ENDPOINT_ROWS
}
"""Every service that a subnet can have an endpoint of."""
