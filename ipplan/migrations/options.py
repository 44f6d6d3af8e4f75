"""Options of clusters and pools that are built anew, as far as the old ones tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs import Cidr
from ipplan.limits import DEFAULT_SERVICE_CIDR
from ipplan.migrations.paths import CILIUM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.migrations.cases import Case, Command

NOT_READ = (
    "VM sizes, zones, taints, labels, tags, disks, node images, the autoscaler's "
    "minima (present counts stand for them), add-ons, identities and who may do what "
    "are not read: take them from the old one"
)
"""What the commands can't carry over."""

_DEFAULT_SERVICES = Cidr.parse(DEFAULT_SERVICE_CIDR.value)


def words(options: Mapping[str, str | None]) -> Command:
    """Options with their values, those without one left out.

    Examples
    --------
    >>> words({"--name": "shop", "--zones": "", "--max-pods": None})
    ('--name', 'shop')
    """
    return tuple(w for key, value in options.items() if value for w in (key, value))


def of_cluster(case: Case) -> Command:
    """What a new cluster has from the old one, besides its model and pools.

    Parameters
    ----------
    case : Case
        The old cluster.
    """
    old = case.cluster
    return (
        *words(
            {
                "--location": old.location,
                "--kubernetes-version": old.kubernetes_version,
                "--outbound-type": old.outbound_type,
                "--network-policy": None if case.to == CILIUM else case.policy,
                **_services(old),
                "--api-server-authorized-ip-ranges": ",".join(
                    map(str, old.authorized_ranges)
                ),
            }
        ),
        *_dataplane(case),
        *_identity(old),
        *_private(old),
    )


def _services(old: Cluster) -> dict[str, str | None]:
    """Its service CIDRs and DNS address, where they are not the default."""
    if old.service_cidrs in {(), (_DEFAULT_SERVICES,)}:
        return {}
    option = "--service-cidrs" if len(old.service_cidrs) > 1 else "--service-cidr"
    return {
        option: ",".join(map(str, old.service_cidrs)),
        "--dns-service-ip": old.dns_service_ip or "<DNS service IP>",
    }


def _dataplane(case: Case) -> Command:
    cilium = CILIUM in {case.to, case.policy}
    return ("--network-dataplane", CILIUM) if cilium else ()


def _identity(old: Cluster) -> Command:
    """A managed identity, of which the id is not read."""
    named = (old.identity or "").lower() == "userassigned"
    return ("--assign-identity", "<identity id>") if named else ()


def _private(old: Cluster) -> Command:
    """Who reaches its API server, and where that lives."""
    found: list[str] = []
    if old.private:
        found += ["--enable-private-cluster"]
        found += words({"--private-dns-zone": old.private_dns_zone})
        found += ["--disable-public-fqdn"] if old.public_fqdn is False else []
    if old.vnet_integration:
        found += ["--enable-apiserver-vnet-integration"]
    if old.api_server_subnet:
        found += ["--apiserver-subnet-id", "<API server subnet id>"]
    return tuple(found)


def of_pool(pool: NodePool) -> Command:
    """What a new pool has from an old one: nodes, VM size and pods per node.

    Parameters
    ----------
    pool : NodePool
        The old pool. Where its nodes at the most are more than it has now, it scales
        by itself, from those that it has now. What is not known is left out, for az
        takes no words for numbers.
    """
    count = pool.current if pool.current is not None else pool.nodes
    sized = words(
        {
            "--node-vm-size": "<VM size>",
            "--node-count": None if count is None else str(count),
            "--max-pods": None if pool.max_pods is None else str(pool.max_pods),
        }
    )
    if pool.nodes is None or count is None or pool.nodes <= count:
        return sized
    scales = {"--min-count": str(count), "--max-count": str(pool.nodes)}
    return (*sized, "--enable-cluster-autoscaler", *words(scales))


def kind_of(pool: NodePool) -> Command:
    """What a pool that is added to a cluster is besides: its mode, system, priority.

    Parameters
    ----------
    pool : NodePool
        The old pool.
    """
    return words(
        {
            "--mode": pool.mode.capitalize() if pool.mode in {"system", "user"} else "",
            "--os-type": pool.os.capitalize(),
            "--priority": "Spot" if pool.priority == "spot" else "",
        }
    )
