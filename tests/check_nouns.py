"""Small estates for the tests of rules: nouns by their names, and what a rule finds."""

from datetime import date

from ipplan.checks.remedies import applied
from ipplan.checks.surveys import Survey
from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import Origin
from ipplan.inventory.pools import NodePool

AS_OF = date(2026, 11, 24)
GROUP = "/subscriptions/s/resourcegroups/net/providers/microsoft.network"
NODES = "/subscriptions/s/resourcegroups/mc_apps_shop_westeurope/providers"
CLUSTERS = "/subscriptions/s/resourcegroups/apps/providers/microsoft.containerservice"
PLANNED = Origin(evidence="proposed")


def cidrs(*texts):
    return tuple(map(Cidr.parse, texts))


def id_of(vnet, *names):
    return "/".join([f"{GROUP}/virtualnetworks/{vnet}", *names])


def subnet(vnet, name, *prefixes, **fields):
    return Subnet(id_of(vnet, "subnets", name), name, cidrs(*prefixes), **fields)


def peering(vnet, remote, state="Connected", **fields):
    name = f"to-{remote}"
    identity = id_of(vnet, "virtualnetworkpeerings", name)
    return Peering(identity, name, id_of(remote), state, **fields)


def vnet(name, prefix, *children, **fields):
    return VNet(
        id_of(name),
        name,
        cidrs(prefix),
        tuple(each for each in children if isinstance(each, Subnet)),
        tuple(each for each in children if isinstance(each, Peering)),
        **fields,
    )


def cluster(name="shop", *, planned=False, subnets=("aks",), pods=None, **fields):
    """A cluster in subnets of the VNet spoke, with a pool of three nodes in each."""
    pools = tuple(
        NodePool(f"pool{i}", 3, subnet=id_of("spoke", "subnets", each), pod_subnet=pods)
        for i, each in enumerate(subnets)
    )
    origin = PLANNED if planned else Origin()
    given = {"model": "cni-overlay", "pools": pools, "location": "westeurope"}
    return Cluster(
        name, id=f"{CLUSTERS}/managedclusters/{name}", origin=origin, **given | fields
    )


def spoke(**fields):
    """The VNet of the cluster, with one subnet."""
    return vnet("spoke", "10.1.0.0/16", subnet("spoke", "aks", "10.1.0.0/24", **fields))


def estate(*clusters, vnets=None, **fields):
    return Inventory(tuple(vnets or (spoke(),)), clusters, **fields)


def look(rule, inventory, as_of=AS_OF):
    return list(rule.hits(Survey(inventory, as_of)))


def ways_out(rule, inventory):
    """Texts of the remedies of a rule's first hit, with whether it is silent after."""
    (hit, *_) = look(rule, inventory)
    return {
        each.text: not look(rule, applied(inventory, each.changes))
        for each in hit.remedies
    }
