"""Migrations by hand: every kind of cluster, and names that would do harm."""

from datetime import date

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Subnet
from ipplan.limits import KUBENET_RETIREMENT
from ipplan.migrations.results import (
    Bar,
    ClusterMigration,
    Freed,
    Migration,
    PodCidr,
    Step,
)

AS_OF = date(2026, 11, 28)
GROUP = "/subscriptions/s1/resourcegroups/rg"
PAGE = "https://learn.microsoft.com/azure/aks/update-azure-cni"


def cluster(name="shop", model="cni-node-subnet", **fields):
    identity = f"{GROUP}/providers/microsoft.containerservice/managedclusters/{name}"
    return Cluster(name=name, id=identity.lower(), model=model, **fields)


def subnet(name="nodes"):
    vnet = f"{GROUP}/providers/microsoft.network/virtualnetworks/spoke"
    return Subnet(f"{vnet}/subnets/{name}".lower(), name)


def pods(cidr="10.244.0.0/16", needed=12, *, kept=False):
    words = "clear of VNet spoke and of all that it reaches"
    return PodCidr(Cidr.parse(cidr) if cidr else None, kept, needed, words, PAGE)


def update(name="shop", cidr="10.244.0.0/16"):
    return Step(
        "Update the cluster: all pools are reimaged at once",
        (
            (
                *("az", "aks", "update"),
                *("--resource-group", "rg", "--name", name),
                *("--network-plugin", "azure", "--network-plugin-mode", "overlay"),
                *("--pod-cidr", cidr),
            ),
        ),
        outage="pods restart, node after node",
        reversible=False,
        source=PAGE,
    )


SAVE = Step(
    "Save what there is",
    (("az", "aks", "show", "--resource-group", "rg", "--name", "shop"),),
)


def found(way="in-place", *, name="shop", **fields):
    """The way of a cluster."""
    fields = {"open": way == "in-place", **fields}
    model = fields.pop("model", "cni-node-subnet")
    return ClusterMigration(
        cluster(name, model),
        name,
        "cni-overlay",
        way,
        verdict=fields.pop("verdict", f"the way of {name} is as it is"),
        **fields,
    )


def bar(state="removable", name="network-policy"):
    remedy = "az aks update --network-policy none" if state == "removable" else ""
    return Bar(name, state, f"{name} stands in the way", PAGE, remedy)


EVERY = (
    found(
        pod_cidr=pods(),
        freed=(
            Freed(subnet(), 1230, 40),
            Freed(subnet("other"), 5, 5),
        ),
        steps=(SAVE, update()),
        irreversible=("nothing leads back to cni-node-subnet",),
        changes=("others see the node's address",),
        sources=(PAGE,),
    ),
    found(
        open=False,
        name="legacy",
        model="kubenet",
        bars=(bar(), bar("removable", "identity")),
        pod_cidr=pods(kept=True),
        freed=(Freed(subnet("old"), 20, 20),),
        steps=(update("legacy"),),
        deadline=KUBENET_RETIREMENT,
    ),
    found("new-cluster", name="barred", bars=(bar("bars", "windows"), bar())),
    found("new-pool", name="full", bars=(bar("bars", "path"),), pod_cidr=pods("", 9)),
    found(open=None, name="asked", bars=(bar("unknown", "masquerading"),)),
    found(
        "new-cluster",
        name="flat",
        model="cni-dynamic",
        freed=(Freed(subnet("flat"), None, 4),),
        steps=(Step("Lay out a cluster beside it"),),
    ),
    found("new-pool", name="blocks", model="cni-static-block"),
    found("already", open=None, name="there", model="cni-overlay"),
    found("unknown", open=None, name="lost", model=None, pod_cidr=pods(needed=None)),
)


def migration(clusters=EVERY, unknown=("a subscription was not seen",), **fields):
    """The ways of some clusters."""
    every = tuple(each.cluster for each in clusters)
    return Migration(
        Inventory(clusters=every, **fields), AS_OF, "cni-overlay", clusters, unknown
    )
