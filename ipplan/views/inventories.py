"""The report of ``ipplan inventory``: networks, subnets, clusters, peerings, reach."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.inventory.origins import name_of, parent_of, resource_group_of
from ipplan.tables import Table
from ipplan.views.reports import Report, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.inventories import (
        ClusterDocument,
        InventoryDocument,
        LinkDocument,
        NodePoolDocument,
        PeeringDocument,
        SubnetDocument,
    )

SHOWN = 6
"""Networks, or what names one, that are told one by one."""

MOST_ROWS = 1_000
"""Rows that a table shows."""

MOST_UNSEEN = 10
"""Subscriptions and networks that were not seen and are told one by one."""

_USES = {"vnets": "new VNets", "pods": "pod CIDRs", "services": "service CIDRs"}
"""What is drawn from a pool."""

MOST_PAIRS = 20
"""Peered pairs that are told one by one."""


class _Names:
    """What people call a resource: its name, and its group where names repeat."""

    def __init__(self, document: InventoryDocument) -> None:
        nouns: list[Any] = [*document["vnets"], *document["clusters"]]
        self._names = {each["id"]: each["name"] for each in nouns}
        unseen = document["coverage"]["networks_not_seen"]
        ids = {each["id"] for each in (*document["vnets"], *unseen)}
        ids |= {each["id"] for each in document["clusters"]}
        counts = Counter((_kind(each), name_of(each)) for each in ids)
        self._common = {name for name, count in counts.items() if count > 1}

    def group(self, identity: str) -> str:
        """The resource group of an id, where its file says it."""
        group = resource_group_of(identity) or ""
        return "" if group.startswith("<") else group

    def of(self, identity: str | None) -> str:
        """The name of an id; ids of what was not seen end in it."""
        if not identity:
            return "?"
        name = self._names.get(identity, name_of(identity))
        group = self.group(identity)
        common = (_kind(identity), name.lower()) in self._common
        return f"{group}/{name}" if group and common else name

    def subnet(self, identity: str) -> str:
        """A subnet's name behind its VNet's."""
        return f"{self.of(parent_of(identity))}/{name_of(identity)}"


def _kind(identity: str) -> str:
    """The type in an id."""
    return identity.rpartition("/")[0].rpartition("/")[2]


def inventory_report(document: InventoryDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan inventory``."""
    names = _Names(document)
    tables = [
        ("VNets", _vnets(document, names, wide=wide)),
        ("Subnets", _subnets(document["subnets"], names, wide=wide)),
        ("Clusters", _clusters(document["clusters"], names, wide=wide)),
        ("Node pools", _pools(document["clusters"], names) if wide else Table([])),
        ("Peerings, one for each direction", _peerings(document, names, wide=wide)),
        ("Elsewhere", _elsewhere(document, names)),
    ]
    sections = [_section(title, table) for title, table in tables if table.rows]
    reach = _reach(document["reach"], names)
    if reach:
        sections.append(Section("Reach", Table([]), reach))
    first = Section(summary(document), Table([]), _unseen(document, names))
    sections.insert(0, first)
    return Report(document, sections, _records(document, names))


def _section(title: str, table: Table) -> Section:
    """A table, or as much of it as anybody reads, and how much more there is."""
    more = len(table.rows) - MOST_ROWS
    if more <= 0:
        return Section(title, table)
    said = f"and {more:,} more rows: -o csv and -o json have them all"
    return Section(title, table._replace(rows=table.rows[:MOST_ROWS]), [said])


def summary(document: InventoryDocument) -> str:
    """What was read, and how much that is of what it names.

    Examples
    --------
    >>> from ipplan import Inventory
    >>> from ipplan.documents.inventories import inventory_document
    >>> summary(inventory_document(Inventory()))
    '0 VNets, 0 subnets, 0 peerings, 0 clusters'
    """
    vnets = [each for each in document["vnets"] if each["seen"]]
    clusters = [each for each in document["clusters"] if each["seen"]]
    parts = [
        counted(len(vnets), "VNet"),
        counted(len(document["subnets"]), "subnet"),
        counted(len(document["peerings"]), "peering"),
        counted(len(clusters), "cluster"),
    ]
    elsewhere = len(document["external_ranges"])
    beside = f"; {counted(elsewhere, 'network')} elsewhere" if elsewhere else ""
    return ", ".join(parts) + _subscriptions(document) + beside


def _subscriptions(document: InventoryDocument) -> str:
    coverage = document["coverage"]
    seen = len(coverage["subscriptions_seen"])
    named = seen + len(coverage["subscriptions_not_seen"])
    if named > seen:
        return f" of {seen} of the {named} subscriptions that these networks name"
    return f" of {counted(seen, 'subscription')}" if seen else ""


def _unseen(document: InventoryDocument, names: _Names) -> list[str]:
    """What is named and was not read: subscriptions, then networks."""
    coverage = document["coverage"]
    said = [f"subscription {each}" for each in coverage["subscriptions_not_seen"]]
    for each in coverage["networks_not_seen"]:
        space = ", ".join(each["prefixes"])
        known = f"; its recorded space is {space}" if space else ""
        namers = [parent_of(one) or one for one in each["named_by"]]
        by = ", ".join(dict.fromkeys(map(names.of, namers[:SHOWN])))
        said.append(f"{names.of(each['id'])}, named by {by}{known}")
    shown = [f"not seen: {text}" for text in said[:MOST_UNSEEN]]
    more = len(said) - MOST_UNSEEN
    return (
        [*shown, f"not seen: and {more:,} more; -o json has them"]
        if more > 0
        else shown
    )


def _vnets(document: InventoryDocument, names: _Names, *, wide: bool) -> Table:
    subnets = Counter(each["vnet"] for each in document["subnets"])
    peerings = Counter(each["vnet"] for each in document["peerings"])
    columns = ["vnet", "resource group", "address space", "subnets", "peerings"]
    rows: list[list[Any]] = []
    for each in document["vnets"]:
        row: list[Any] = [
            each["name"],
            names.group(each["id"]),
            _ranges(each["prefixes"], each["requested"], wide=wide),
            subnets[each["id"]],
            peerings[each["id"]],
        ]
        where = each["location"] or ""
        more = [where, _origin(each), "; ".join(each["unresolved"])]
        rows.append([*row, *(more if wide else ())])
    more = ["location", "read from", "not settled"] if wide else []
    return Table([*columns, *more], rows, () if wide else (0, 1))


def _subnets(subnets: Sequence[SubnetDocument], names: _Names, *, wide: bool) -> Table:
    columns = ["subnet", "vnet", "prefix", "usable", "need", "used", "left"]
    rows: list[list[Any]] = []
    for each in subnets:
        room = each["capacity"]
        row: list[Any] = [
            each["name"],
            names.of(each["vnet"]),
            _ranges(each["prefixes"], each["requested"], wide=wide),
            room["usable"],
            "?" if room["need"] is None else room["need"],
            room["used"],
            room["left"],
            room["nodes_left"],
        ]
        more = [
            ", ".join(names.of(cluster) for cluster in room["clusters"]),
            ", ".join(each["delegations"]),
            _origin(each),
            "; ".join([*room["unknown"], *each["unresolved"]]),
        ]
        rows.append([*row, *(more if wide else ())])
    more = ["used by", "delegated to", "read from", "unknown"] if wide else []
    return Table([*columns, "nodes left", *more], rows, () if wide else (0, 1))


def _clusters(
    clusters: Sequence[ClusterDocument], names: _Names, *, wide: bool
) -> Table:
    columns = ["cluster", "model", "nodes", "pod CIDR", "service CIDR", "API server"]
    rows: list[list[Any]] = []
    for each in clusters:
        row: list[Any] = [
            names.of(each["id"]),
            each["model"] or "?",
            _nodes(each),
            _stated(each, "pod_cidrs", wide=wide),
            _stated(each, "service_cidrs", wide=wide),
            "private" if each["private"] else "public",
        ]
        more = [
            _let_in(each),
            each["outbound_type"] or "",
            each["identity"] or "",
            ", ".join(each["needs"]),
            _origin(each),
            "; ".join([*each["unknown"], *each["unresolved"]]),
        ]
        rows.append([*row, *(more if wide else ())])
    columns += _CLUSTER_MORE if wide else ()
    return Table(columns, rows, () if wide else (0,))


_CLUSTER_MORE = ("let in", "outbound", "identity", "uses", "read from", "unknown")


def _pools(clusters: Sequence[ClusterDocument], names: _Names) -> Table:
    columns = ["pool", "cluster", "nodes", "now", "max pods", "max surge", "mode"]
    rows: list[list[Any]] = []
    for cluster in clusters:
        for pool in cluster["pools"]:
            row: list[Any] = [pool["name"], names.of(cluster["id"]), pool["nodes"]]
            row += [pool["current"], pool["max_pods"], pool["max_surge"], pool["mode"]]
            rows.append([*row, _home(pool, names)])
    return Table([*columns, "subnets"], rows)


def _home(pool: NodePoolDocument, names: _Names) -> str:
    """The subnets that a pool names."""
    nodes = names.subnet(pool["subnet"]) if pool["subnet"] else "AKS's own"
    pods = names.subnet(pool["pod_subnet"]) if pool["pod_subnet"] else ""
    return f"{nodes}, pods {pods}" if pods else nodes


def _peerings(document: InventoryDocument, names: _Names, *, wide: bool) -> Table:
    columns = ["vnet", "remote", "state", "sync", "remote space"]
    spaces = {each["id"]: each["prefixes"] for each in document["vnets"]}
    rows: list[list[Any]] = []
    for each in document["peerings"]:
        row: list[Any] = [
            names.of(each["vnet"]),
            names.of(each["remote"]),
            each["state"] or "planned",
            each["sync_level"],
            _ranges(_remote_space(each, spaces), None, wide=wide),
        ]
        more = [_flags(each), _origin(each), "; ".join(each["unresolved"])]
        rows.append([*row, *(more if wide else ())])
    more = ["lets through", "read from", "not settled"] if wide else []
    return Table([*columns, *more], rows, () if wide else (0, 1))


def _remote_space(each: PeeringDocument, spaces: dict[str, list[str]]) -> Sequence[str]:
    """The other VNet's space: as the peering says, else as its own file does."""
    return each["remote_prefixes"] or spaces.get(each["remote"] or "", [])


def _flags(each: PeeringDocument) -> str:
    said = {
        "no VNet traffic": not each["virtual_network_access"],
        "forwarded traffic": each["forwarded_traffic"],
        "lends gateway": each["gateway_transit"],
        "uses remote gateway": each["remote_gateways"],
        "some subnets only": not each["complete"],
        "IPv6 only": each["ipv6_only"],
    }
    return ", ".join(text for text, holds in said.items() if holds)


def _elsewhere(document: InventoryDocument, names: _Names) -> Table:
    """What was declared: external ranges, groups, clients, pools and the like."""
    rows: list[list[Any]] = []
    for each in document["external_ranges"]:
        ends = each["attached"]
        where = "every VNet" if ends is None else ", ".join(map(names.of, ends))
        rows.append([each["name"], ", ".join(each["prefixes"]), f"reaches {where}"])
    rows += [
        [
            each["name"],
            each["kind"],
            f"joins {', '.join(map(names.of, each['members']))}",
        ]
        for each in document["groups"]
    ]
    rows += [
        [each["name"], each["kind"], f"in {names.of(each['network'])}"]
        for each in document["clients"]
    ]
    rows += [
        [each["name"], ", ".join(each["prefixes"]), f"for {_USES[each['use']]}"]
        for each in document["address_pools"]
    ]
    if document["owned"]:
        rows.append(["owned public ranges", ", ".join(document["owned"]), ""])
    return Table(["name", "ranges or kind", ""], rows, (0, 1, 2))


def _reach(links: Sequence[LinkDocument], names: _Names) -> list[str]:
    """A line for each link; of peered pairs, which have a table, no more than a few."""
    pairs = [each for each in links if each["way"] == "peering"]
    others = [each for each in links if each["way"] != "peering"]
    said = [_link(each, names) for each in (*pairs[:MOST_PAIRS], *others)]
    more = len(pairs) - MOST_PAIRS
    return [*said, f"and {more:,} more peered pairs"] if more > 0 else said


def _link(link: LinkDocument, names: _Names) -> str:
    shown = [names.of(each) for each in link["networks"][:SHOWN]]
    more = len(link["networks"]) - len(shown)
    text = ", ".join(shown) + (f" and {more:,} more" if more else "")
    through = names.of(link["through"]) if link["through"] else ""
    peered = "peered, IPv6 only" if link["ipv6_only"] else "peered"
    words = {"peering": peered, "hub": f"through hub {through}"}
    way = words.get(link["way"], f"{link['way']} {through}")
    return f"{way}: {text}"


def _nodes(cluster: ClusterDocument) -> Any:
    counts = [pool["nodes"] for pool in cluster["pools"]]
    if cluster["unknown"] or not counts or None in counts:
        return "?"
    return sum(count or 0 for count in counts)


def _stated(cluster: Any, field: str, *, wide: bool) -> str:
    """Ranges, and whether they are only AKS's default."""
    shown = _ranges(cluster[field], None, wide=wide) if cluster[field] else "-"
    return f"{shown} (default)" if field in cluster["assumed"] else shown


def _let_in(cluster: ClusterDocument) -> str:
    """Who reaches the API server, and where it stands if not in Azure's own network."""
    ranges = ", ".join(cluster["authorized_ranges"])
    subnet = "in a subnet" if cluster["vnet_integration"] else ""
    return "; ".join(part for part in (ranges, subnet) if part)


def _ranges(prefixes: Sequence[str], requested: int | None, *, wide: bool) -> str:
    """Prefixes, all or the first; what was asked of IPAM where there are none."""
    if not prefixes:
        return f"IPAM, {requested:,} asked" if requested else "unknown"
    if wide or len(prefixes) == 1:
        return ", ".join(prefixes)
    return f"{prefixes[0]} +{len(prefixes) - 1}"


def _origin(noun: Any) -> str:
    origin = noun["origin"]
    line = f" line {origin['line']}" if origin["line"] else origin["path"]
    plan = ", planned" if origin["evidence"] == "proposed" else ""
    return f"{origin['file']}{line}{plan}"


def _records(document: InventoryDocument, names: _Names) -> list[dict[str, Any]]:
    """A row a subnet, and one for a VNet without any."""
    vnets = {each["id"]: each for each in document["vnets"]}
    with_subnets = {each["vnet"] for each in document["subnets"]}
    rows = [_record(vnets[each["vnet"]], each, names) for each in document["subnets"]]
    rows += [
        _record(vnets[id_], None, names) for id_ in vnets if id_ not in with_subnets
    ]
    return sorted(rows, key=lambda row: (row["vnet_id"], row["subnet_id"] or ""))


def _record(vnet: Any, subnet: Any, names: _Names) -> dict[str, Any]:
    room: dict[str, Any] = subnet["capacity"] if subnet else {}
    clusters = [names.of(cluster) for cluster in room.get("clusters", ())]
    return {
        "vnet": vnet["name"],
        "vnet_id": vnet["id"],
        "address_space": " ".join(vnet["prefixes"]),
        "location": vnet["location"],
        "subnet": subnet and subnet["name"],
        "subnet_id": subnet and subnet["id"],
        "prefixes": subnet and " ".join(subnet["prefixes"]),
        **{key: room.get(key) for key in _ROOM},
        "clusters": " ".join(clusters),
        "evidence": (subnet or vnet)["origin"]["evidence"],
        "file": (subnet or vnet)["origin"]["file"],
        "path": (subnet or vnet)["origin"]["path"],
    }


_ROOM = ("usable", "need", "used", "others", "left", "nodes_left")
