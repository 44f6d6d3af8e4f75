"""What stands for names: the same for the same, and nothing for Azure's own words."""

from __future__ import annotations

import re

from ipplan.inventory.origins import Origin, is_resource_id

KINDS = {
    "subscriptions": "subscription",
    "resourcegroups": "group",
    "virtualnetworks": "vnet",
    "subnets": "subnet",
    "virtualnetworkpeerings": "peering",
    "managedclusters": "cluster",
    "agentpools": "pool",
    "networksecuritygroups": "security-group",
    "routetables": "route-table",
    "publicipaddresses": "public-address",
    "publicipprefixes": "public-prefix",
    "azurefirewalls": "firewall",
    "natgateways": "nat-gateway",
    "privatednszones": "zone",
    "virtualnetworklinks": "link",
    "networkinterfaces": "interface",
    "virtualmachinescalesets": "scale-set",
    "loadbalancers": "load-balancer",
}
"""What stands for a name in a resource id, by the type before it."""

PROVIDER = 6
"""Where the provider stands in an id."""

PROVIDERS = frozenset(
    {"microsoft.network", "microsoft.compute", "microsoft.containerservice"}
)
TYPES = frozenset(KINDS) | {
    "applicationgateways",
    "applicationsecuritygroups",
    "bastionhosts",
    "privateendpoints",
    "privatelinkservices",
    "virtualmachines",
    "virtualnetworkgateways",
}
"""Types of resources that are told as they are."""

_RANGE = re.compile(
    r"(?=.*[.:])[0-9a-f.:]{1,45}(?:/[0-9]{1,3}|-[0-9a-f.:]{1,45})?|\*", re.IGNORECASE
)
_CLUSTER_ZONE = re.compile(
    r"(?:([^.]+)\.)?(private(?:link)?\.[a-z0-9]{1,40}\.azmk8s\.io)", re.IGNORECASE
)
"""A private DNS zone of AKS, with the name that its owner may put in front."""

_REGION = re.compile(
    r"(?:north|south|east|west|central|middle|jio)*"
    r"(?:us|usgov|gov|dod|china|europe|asia|india|japan|korea|canada|australia|brazil"
    r"|france|germany|norway|sweden|switzerland|uk|uae|qatar|poland|italy|israel|spain"
    r"|mexico|newzealand|africa|austria|belgium|chile|indonesia|malaysia|taiwan|denmark"
    r"|finland|greece)"
    r"(?:north|south|east|west|central|middle|virginia|arizona|texas|iowa)*[0-9]?"
    r"(?:euap|stage)?",
    re.IGNORECASE,
)
"""How Azure names its regions: a country or continent, with directions about it."""

STANDARD = frozenset(
    {
        "gatewaysubnet",
        "azurefirewallsubnet",
        "azurefirewallmanagementsubnet",
        "azurebastionsubnet",
        "routeserversubnet",
    }
)
"""Names that Azure imposes, and rules look at."""


class Pseudonyms:
    """Names by kind, each always replaced by the same."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def of(self, kind: str, name: str) -> str:
        """The pseudonym of a name; names that differ only in case have one."""
        key = kind, name.lower()
        if not name or key[1] in STANDARD:
            return name
        if key not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            # AKS takes no hyphen in the name of a pool, and a rule looks at that.
            between = "" if kind == "pool" else "-"
            given = f"{kind}{between}{self._counts[kind]}"
            # What a file does not say stays recognisable as that.
            self._given[key] = f"<{given}>" if "<" in name else given
        return self._given[key]

    def region(self, location: str) -> str:
        """A region as it is, if it reads like one of Azure's; else its pseudonym.

        >>> Pseudonyms().region("West Europe"), Pseudonyms().region("contoso-dc")
        ('West Europe', 'region-1')
        """
        plain = location.replace(" ", "")
        return location if _REGION.fullmatch(plain) else self.of("region", plain)

    def zone(self, name: str) -> str:
        """The pseudonym of a private DNS zone; one of AKS stays recognisable."""
        match = _CLUSTER_ZONE.fullmatch(name)
        if match is None:
            return self.of("zone", name)
        own, common = match.groups()
        return f"{self.of('zone', own)}.{common}" if own else common

    def named_zone(self, zone: str) -> str:
        """A private DNS zone by its name or its id."""
        return str(self.id(zone)) if "/" in zone else self.zone(zone)

    def among(self, pattern: re.Pattern[str], text: str) -> str:
        """What Azure's own words are, and ids and other names replaced."""
        if pattern.fullmatch(text) or _RANGE.fullmatch(text):
            return text
        return str(self.id(text)) if text.startswith("/") else self.of("word", text)

    def id(self, identity: str | None) -> str | None:
        """A resource id with every name in it replaced; other text whole."""
        if identity is None:
            return None
        if not is_resource_id(identity):
            return self.of("network", identity)
        steps = identity.split("/")
        for index in range(2, len(steps), 2):
            kind = steps[index - 1]
            if kind == "privatednszones":
                steps[index] = self.zone(steps[index])
            elif kind != "providers":
                steps[index] = self.of(KINDS.get(kind, "resource"), steps[index])
            if kind != "providers":
                steps[index - 1] = kind if kind in TYPES else "resources"
        provider = steps[PROVIDER]
        known = provider.startswith("microsoft.") and provider in PROVIDERS
        steps[PROVIDER] = provider if known else "provider"
        return "/".join(steps)

    def ids(self, identities: tuple[str, ...]) -> tuple[str, ...]:
        """Ids, each with its names replaced."""
        return tuple(str(self.id(each)) for each in identities)

    def origin(self, origin: Origin) -> Origin:
        """Where a noun was read, without the file's name and the keys of its path."""
        file = origin.file if origin.file == "-" else self.of("file", origin.file)
        return origin._replace(file=file, path="")
