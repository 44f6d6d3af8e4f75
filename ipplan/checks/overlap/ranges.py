"""Pod CIDRs and service CIDRs: what people call them, and others in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ipplan.checks.choices import free_range
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Side
from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.spellings import BITS
from ipplan.limits import (
    DNS_SERVICE_HOST,
    LARGEST_SERVICE_CIDR,
    LARGEST_SERVICE_CIDR_IPV6,
)
from ipplan.models import MODELS, RECOMMENDED, Home
from ipplan.surges import surge_nodes
from ipplan.usages import NO_PLUGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster


class Range(NamedTuple):
    """A pod CIDR or service CIDR of a cluster.

    Parameters
    ----------
    cluster : Cluster
        Whose it is.
    cidr : Cidr
        The range.
    field : {"pod_cidrs", "service_cidrs"}
        Which of the cluster's ranges it is.
    """

    cluster: Cluster
    cidr: Cidr
    field: Literal["pod_cidrs", "service_cidrs"]

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "pod CIDR" if self.field == "pod_cidrs" else "service CIDR"

    @property
    def side(self) -> Side:
        """The cluster with this range."""
        return Side(self.cluster, self.cidr)

    @property
    def words(self) -> str:
        """What it is, and whether somebody chose it: a default is only assumed."""
        assumed = "default " if self.field in self.cluster.assumed else ""
        return f"{assumed}{self.kind} {self.cidr}"

    def called(self, survey: Survey) -> str:
        """Whose it is, and what."""
        return f"{survey.called(self.cluster)}'s {self.words}"


def pod_ranges(survey: Survey) -> Iterator[Range]:
    """The pod CIDRs of all clusters whose pods live in one, as far as that is known.

    Where the user brings the network plugin, the pod CIDR that is declared counts.
    """
    for cluster in survey.inventory.clusters:
        if has_pod_cidrs(cluster):
            for cidr in cluster.pod_cidrs:
                yield Range(cluster, cidr, "pod_cidrs")


def has_pod_cidrs(cluster: Cluster) -> bool:
    """Whether a cluster's pods live in its pod CIDRs, as far as that is known."""
    row = MODELS.get(cluster.model or "")
    own = (cluster.network_plugin or "").lower() == NO_PLUGIN
    return own or (row is not None and row.home is Home.POD_CIDR)


def service_ranges(survey: Survey) -> Iterator[Range]:
    """The service CIDRs of all clusters."""
    for cluster in survey.inventory.clusters:
        for cidr in cluster.service_cidrs:
            yield Range(cluster, cidr, "service_cidrs")


def exchanges(survey: Survey, each: Range) -> Iterator[Remedy]:
    """The same cluster with another range of its own in the place of one.

    Neither kind can be changed while a cluster runs. Only a model with a route for each
    node can be left for Overlay, and gets another pod CIDR on the way.
    """
    for length in _lengths(each):
        new = free_range(
            survey, each.cluster, length, each.cidr.version, use=each.field
        )
        if new is not None:
            yield from _exchanged(survey, each, new)
            return


def _lengths(each: Range) -> list[int]:
    """Prefix lengths of what can stand in its place, the best first.

    A pod CIDR that is too small for the nodes makes way for one that is not.
    """
    ipv4 = each.cidr.version == IPV4
    if each.field == "service_cidrs":
        largest = LARGEST_SERVICE_CIDR if ipv4 else LARGEST_SERVICE_CIDR_IPV6
        return [max(each.cidr.length, largest.value)]
    needed = (_needed(each.cluster) if ipv4 else None) or 0
    if 0 < needed < each.cidr.length:
        return [needed]
    return [each.cidr.length, *([needed] if needed > each.cidr.length else [])]


def _needed(cluster: Cluster) -> int | None:
    """The prefix length that holds the pods of all nodes while they are upgraded."""
    row = MODELS.get(cluster.model or "")
    if row is None or cluster.unknown:
        return None
    nodes = [(pool.nodes or 0, pool.surge) for pool in cluster.pools]
    peak = sum(int(count) + int(surge_nodes(count, surge)) for count, surge in nodes)
    addresses = max(peak, 1) * row.block
    return BITS[IPV4] - (addresses - 1).bit_length()


def _exchanged(survey: Survey, each: Range, new: Cidr) -> Iterator[Remedy]:
    cluster, name = each.cluster, survey.called(each.cluster)
    changes = (*_changes(each, new), *_dns(each, new))
    words = f"{each.kind} {new}"
    if len(changes) > len(_changes(each, new)):
        words += f" and DNS service IP {changes[-1].value}"
    if each.side.proposed:
        yield Remedy(f"give {name} {words}", changes)
        return
    row = MODELS.get(cluster.model or "")
    if each.field == "pod_cidrs" and row is not None and row.route_limit is not None:
        yield Remedy(
            f"move {name} from {row.title} to {MODELS[RECOMMENDED].title} with {words}",
            (*changes, Change(cluster.id, "model", RECOMMENDED)),
        )
    yield Remedy(f"create {name} anew with {words}: it can't be changed later", changes)


def _changes(each: Range, new: Cidr) -> tuple[Change, ...]:
    cluster = each.cluster
    known: tuple[Cidr, ...] = getattr(cluster, each.field)
    values: dict[str, Any] = {
        each.field: tuple(new if cidr == each.cidr else cidr for cidr in known),
        "assumed": tuple(name for name in cluster.assumed if name != each.field),
    }
    return tuple(Change(cluster.id, name, value) for name, value in values.items())


def _dns(each: Range, new: Cidr) -> Iterator[Change]:
    """The DNS service moves along with the range that it is in."""
    stated = each.cluster.dns_service_ip is not None
    if each.field == "service_cidrs" and stated and new.version == IPV4:
        yield Change(each.cluster.id, "dns_service_ip", dns_address(new))


def dns_address(services: Cidr) -> str:
    """Where the DNS service goes in a service CIDR: .10, or further down.

    >>> dns_address(Cidr.parse("10.0.0.0/16")), dns_address(Cidr.parse("10.0.0.0/29"))
    ('10.0.0.10', '10.0.0.6')
    """
    host = min(DNS_SERVICE_HOST.value, services.size - 2)
    one = Cidr(services.version, services.first + host, services.bits)
    return str(one).partition("/")[0]
