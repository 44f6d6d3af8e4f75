"""The report of ``ipplan layout``: every range, whose it is, and what is left."""

from __future__ import annotations

import shlex
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.inventory.origins import name_of
from ipplan.tables import Table
from ipplan.views.checks import finding_sections
from ipplan.views.reports import Entry, Report, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.contracts.layouts import (
        LayoutClusterDocument,
        LayoutDocument,
        LayoutNetworkDocument,
        LayoutSubnetDocument,
    )

MOST_ROWS = 1_000
"""Rows of subnets that are shown, of all networks together."""

MOST_TOLD = 20
"""Clusters, zones and pod CIDRs that are told one by one."""

LONGEST_NAME = 36
"""Names of subnets up to here are never cut: people type them. [characters]"""

SHOWN = 4
"""Free blocks that are told one by one."""

PAGE = "https://"

_STATES = {
    "pinned": "pinned",
    "existing": "exists",
    "locked": "kept",
    "new": "new",
}
"""Whence a range comes, in a word."""


def layout_report(
    document: LayoutDocument,
    languages: Iterable[str],
    *,
    wide: bool = False,
    explained: bool = False,
) -> Report:
    """The report of ``ipplan layout``.

    Parameters
    ----------
    document : LayoutDocument
        What was laid out.
    languages : iterable of str
        In which code can be had.
    wide : bool
        Whether everything is told of each subnet, cluster and finding.
    explained : bool
        Whether the reasons of every subnet are told.
    """
    sections = [
        Section(_summary(document), Table([]), _assumed(document)),
        *_networks(document, wide=wide),
        *_clusters(document["clusters"], wide=wide),
        *_zones(document),
        *_moves(document),
        *(_reasons(document) if explained else ()),
        *finding_sections(document["findings"], wide=wide),
        Section(
            _verdict(document),
            Table([]),
            _next_commands(document, languages, explained=explained),
        ),
    ]
    return Report(document, sections, _records(document))


def _summary(document: LayoutDocument) -> str:
    """The plan in a line, so that a mistake in it is seen."""
    count = document["totals"]
    parts = [
        counted(count["networks"], "network"),
        counted(count["subnets"], "subnet"),
        counted(count["clusters"], "cluster"),
    ]
    space = count["addresses"]
    used = f", {count['carved'] * 100 // space}% in subnets" if space else ""
    held = f"{counted(space, 'address', 'es')} of space{used}"
    return f"{document['plan']}: {', '.join(parts)}; {held}"


def _assumed(document: LayoutDocument) -> list[str]:
    said = [f"assumed: {each}" for each in document["assumed"]]
    if not document["complete"]:
        said.append("not all that exists was read: a range may not be free")
    return said


# Networks and their subnets.


def _networks(document: LayoutDocument, *, wide: bool) -> Iterator[Section]:
    """A section for each network, as long as anybody reads them."""
    subnets: dict[str, list[LayoutSubnetDocument]] = {}
    for each in document["subnets"]:
        subnets.setdefault(each["network_id"], []).append(each)
    left = MOST_ROWS
    for number, network in enumerate(document["networks"]):
        if left <= 0:
            more = counted(len(document["networks"]) - number, "more network")
            yield Section(f"and {more}: -o csv and -o json have them", Table([]))
            return
        own = subnets.get(network["id"], [])
        yield _network(network, own, left, wide=wide)
        left -= len(own)


def _network(
    network: LayoutNetworkDocument,
    subnets: Sequence[LayoutSubnetDocument],
    most: int,
    *,
    wide: bool,
) -> Section:
    columns = ["range", "subnet", "for", "need", "free", ""]
    rows = [row for each in subnets[:most] for row in _rows(each, wide=wide)]
    columns += ["delegated to", "service endpoints"] if wide else []
    more = len(subnets) - most
    said = [f"and {more:,} more subnets: -o csv and -o json have them"] * (more > 0)
    said.append(_left(network))
    ranges = " ".join(network["ranges"]) or "without a range"
    where = f" in {network['location']}" if network["location"] else ""
    where += f", spoke of {name_of(network['hub'])}" if network["hub"] else ""
    added = f", {' '.join(network['added'])} added" if network["added"] else ""
    state = _STATES[network["whence"]]
    longest = max((len(each["name"]) for each in subnets[:most]), default=0)
    names = (1,) if longest > LONGEST_NAME else ()  # else they are told whole
    table = Table(columns, rows, () if wide else (*names, 2))
    return Section(f"{network['name']}{where}: {ranges} ({state}{added})", table, said)


def _rows(subnet: LayoutSubnetDocument, *, wide: bool) -> Iterator[list[Any]]:
    """A row for each range; what a subnet is for stands in the first."""
    first, *others = subnet["ranges"] or ["no room"]
    row = [
        first,
        subnet["name"],
        _for(subnet),
        f"{subnet['need']:,}+{subnet['kept']}" if subnet["need"] else "",
        subnet["free"] if subnet["need"] else None,
        _STATES[subnet["whence"]] if subnet["ranges"] else "",
    ]
    more = [subnet["delegation"], ", ".join(subnet["service_endpoints"])]
    yield [*row, *(more if wide else ())]
    blank: list[Any] = ["", "", "", None, "", *(("", "") if wide else ())]
    yield from ([each, *blank] for each in others)


_PURPOSES = {"general": "", "other": "not in the plan"}
"""What is told in place of a purpose that says nothing by itself."""


def _for(subnet: LayoutSubnetDocument) -> str:
    """What a subnet is for, and of which clusters."""
    every = [subnet["purpose"], *subnet["beside"]]
    purpose = ", ".join(_PURPOSES.get(each, each) for each in every)
    name = subnet["name"].lower()
    whose = [each for each in subnet["clusters"] if not name.startswith(each.lower())]
    return f"{purpose} of {', '.join(whose)}" if whose else purpose


def _left(network: LayoutNetworkDocument) -> str:
    """The free blocks, the largest of many."""
    if not network["free"]:
        return "free: nothing"
    blocks = sorted(network["free_blocks"], key=_length)
    shown = " ".join(blocks[:SHOWN])
    more = f" and {len(blocks) - SHOWN:,} more" if len(blocks) > SHOWN else ""
    count = f"{network['free']:,} of {network['addresses']:,} addresses"
    return f"free: {shown}{more} ({count})"


def _length(cidr: str) -> int:
    return int(cidr.rpartition("/")[2])


# Clusters, zones and moves.


def _clusters(
    clusters: Sequence[LayoutClusterDocument], *, wide: bool
) -> Iterator[Section]:
    if not clusters:
        return
    columns = ["cluster", "model", "nodes", "pod CIDR", "service CIDR", "public IPs"]
    columns += ["network", "DNS", "pods", "services"] if wide else []
    rows = [r for each in clusters[:MOST_ROWS] for r in _cluster_rows(each, wide=wide)]
    said = [*_egress(clusters), *_reused(clusters)]
    table = Table(columns, rows, () if wide else (0,))
    yield Section("Clusters, at their most nodes + upgrades", table, said)


def _cluster_rows(cluster: LayoutClusterDocument, *, wide: bool) -> Iterator[list[Any]]:
    """A row for each family; what a cluster is stands in the first."""
    pods, services = cluster["pod_cidrs"], cluster["service_cidrs"]
    families = list(zip_longest(pods, services, fillvalue="-")) or [("-", "-")]
    row = [
        cluster["name"],
        cluster["model"] or "?",
        f"{cluster['nodes']:,}+{cluster['surge_nodes']:,}",
        *families[0],
        cluster["egress"]["public_addresses"],
    ]
    more = [
        cluster["network"],
        cluster["dns_service_ip"],
        _STATES[cluster["pods_whence"]],
        _STATES[cluster["services_whence"]],
    ]
    yield [*row, *(more if wide else ())]
    blank = [""] * (len(more) if wide else 0)
    yield from (["", "", "", *each, None, *blank] for each in families[1:])


def _egress(clusters: Sequence[LayoutClusterDocument]) -> list[str]:
    """How clusters leave, those of one way in a line."""
    names: dict[str, list[str]] = {}
    for each in clusters:
        names.setdefault(each["egress"]["words"], []).append(each["name"])
    said = [f"out of {', '.join(of)}: {words}" for words, of in names.items()]
    return _cut(said)


def _reused(clusters: Sequence[LayoutClusterDocument]) -> list[str]:
    """Pod CIDRs that several clusters have, each once."""
    found: dict[str, list[str]] = {}
    for each in clusters:
        if each["reused_by"]:
            found.setdefault(" ".join(each["pod_cidrs"]), []).append(each["name"])
    said = [
        f"pod CIDR {cidrs} is used by {', '.join(names)}"
        for cidrs, names in found.items()
    ]
    return _cut(said)


def _zones(document: LayoutDocument) -> Iterator[Section]:
    said = [
        f"{each['name']}: {', '.join(each['networks'])}"
        for each in document["private_dns_zones"]
    ]
    if said:
        entries = [Entry(text) for text in _cut(said)]
        yield Section("Private DNS zones, and whom to link", Table([]), entries=entries)


def _moves(document: LayoutDocument) -> Iterator[Section]:
    homes = {each["id"]: f"{each['network']}/" for each in document["subnets"]}
    rows = [
        [
            f"{homes.get(each['id'], '')}{each['name']}",
            each["kind"],
            " ".join(each["before"]),
            " ".join(each["after"]),
        ]
        for each in document["moves"]
    ]
    if rows:
        title = "Moved: what stands there has to be made anew"
        yield Section(title, Table(["name", "", "was", "is"], rows[:MOST_ROWS], (0,)))


def _cut(said: Sequence[str]) -> list[str]:
    """The first of many lines, and how many more there are."""
    more = len(said) - MOST_TOLD
    last = f"and {more:,} more: -o json has them"
    return [*said[:MOST_TOLD], last] if more > 0 else [*said]


# Reasons and the end.


def _reasons(document: LayoutDocument) -> Iterator[Section]:
    """Why each subnet has its size."""
    told = [each for each in document["subnets"] if each["why"]]
    entries = [
        Entry(
            f"{each['network']} / {each['name']} {' '.join(each['ranges'])}".rstrip(),
            [
                ("page" if text.startswith(PAGE) else "why", text)
                for text in each["why"]
            ],
        )
        for each in told[:MOST_ROWS]
    ]
    if entries:
        yield Section("Why each subnet has its size", Table([]), entries=entries)


def _verdict(document: LayoutDocument) -> str:
    """How much is wrong, with the plan and beside it, and as of when."""
    parts = [f"{_count(document['summary'])}."]
    if any(_numbers(document["others"])):
        parts.append(
            f"About what is not of the plan: {_count(document['others'])} (ipplan "
            "check)."
        )
    return f"{' '.join(parts)} As of {document['as_of']}."


def _count(summary: Any) -> str:
    words = ("error", "warning", "note")
    counts = zip(words, _numbers(summary), strict=True)
    return ", ".join(counted(number, word) for word, number in counts)


def _numbers(summary: Any) -> Iterable[int]:
    return summary["error"], summary["warning"], summary["note"]


def _next_commands(
    document: LayoutDocument, languages: Iterable[str], *, explained: bool
) -> list[str]:
    """What to ask next."""
    file = document["input"].get("plan")
    if file is None or document["unfit"]:
        return []
    again = f"ipplan layout {shlex.quote(str(file))}"
    why = [] if explained else [f"every number: {again} --explain"]
    if document["summary"]["error"]:
        return why
    return [f"code for it: {again} -o {' | '.join(languages)}", *why]


def _records(document: LayoutDocument) -> list[dict[str, Any]]:
    """A row a subnet, and one for a network without any: our own CSV reader's."""
    with_subnets = {each["network_id"] for each in document["subnets"]}
    networks = {each["id"]: each for each in document["networks"]}
    rows = [_record(networks[e["network_id"]], e) for e in document["subnets"]]
    rows += [_record(networks[e], None) for e in networks if e not in with_subnets]
    return sorted(rows, key=lambda row: row["vnet_id"])


def _record(
    network: LayoutNetworkDocument, subnet: LayoutSubnetDocument | None
) -> dict[str, Any]:
    return {
        "vnet": network["name"],
        "vnet_id": network["id"],
        "address_space": " ".join(network["ranges"]),
        "location": network["location"],
        "subnet": subnet and subnet["name"],
        "subnet_address_prefixes": subnet and " ".join(subnet["ranges"]),
        "purpose": subnet and subnet["purpose"],
        "need": subnet and subnet["need"],
        "kept": subnet and subnet["kept"],
        "usable": subnet and subnet["usable"],
        "free": subnet and subnet["free"],
        "whence": (subnet or network)["whence"],
        "delegation": subnet and subnet["delegation"],
        "clusters": subnet and " ".join(subnet["clusters"]),
        "why": subnet and "; ".join(subnet["why"]),
    }
