"""One estate, whatever shape it comes in, is one inventory."""

import json
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given, settings

from benchmarks import estates as estates_benchmark
from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.pools import NodePool
from ipplan.readers.estates import read_inventory
from tests import code_shapes, estates, shapes
from tests.traffic_shapes import LISTS

FEW = settings(max_examples=min(100, settings().max_examples))
"""An estate is a hundred choices; reading it in fifteen shapes takes its time."""


def files_of(document):
    """The files of a shape: one, or several by their names."""
    several = isinstance(document, dict) and all("." in name for name in document)
    return document if several and document else {"estate.json": document}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("estate")


def read(folder, document):
    """Read a shape back, its files in their order."""
    paths = []
    for name, each in files_of(document).items():
        path = folder / name
        path.write_text(json.dumps(each, indent=1), encoding="utf-8")
        paths.append(str(path))
    return read_inventory(*paths)


SAYS_ALL = {
    "az": lambda estate: {
        "vnets.json": shapes.az_vnets(estate),
        "clusters.json": shapes.az_clusters(estate),
        "traffic.json": shapes.az_traffic(estate),
    },
    "arm": shapes.arm,
    "resource-graph": shapes.resource_graph,
    "resource-graph-rows": shapes.rows,
    "resource-graph-table": shapes.resource_graph_table,
    "az-graph": shapes.az_graph,
}
"""Shapes that leave nothing out."""


@pytest.mark.parametrize("shape", SAYS_ALL)
@FEW
@given(estate=estates.ESTATES)
def test_azures_own_shapes_give_the_whole_estate(shape, estate, folder):
    assert read(folder, SAYS_ALL[shape](estate)) == estate


def changed(value, change):
    """A value with every noun and every text in it changed."""
    if isinstance(value, tuple):
        parts = [changed(each, change) for each in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if is_dataclass(value):
        inner = {each.name: getattr(value, each.name) for each in fields(value)}
        value = replace(value, **{k: changed(v, change) for k, v in inner.items()})
    return change(value)


def without(estate, unsaid):
    """An estate with what a shape cannot say as if nobody had said it."""

    def one(each):
        return replace(each, **unsaid[type(each)]) if type(each) in unsaid else each

    return changed(estate, one)


def silent(estate):
    """An estate that does not say where nothing holds addresses."""

    def one(each):
        empty = isinstance(each, Subnet) and not each.holders
        return replace(each, holders=None) if empty else each

    return changed(estate, one)


def dynamic(estate):
    """An estate whose pod subnets all give addresses one by one."""

    def one(each):
        if getattr(each, "model", None) != "cni-static-block":
            return each
        whole = isinstance(each, Cluster)
        return replace(each, model="cni-dynamic" if whole else None)

    return changed(estate, one)


def placed(estate, file):
    """An estate whose own subscriptions are not known, only the file that has it."""

    def one(each):
        if isinstance(each, str) and each.startswith("/subscriptions/"):
            for subscription in estates.SUBSCRIPTIONS:
                each = each.replace(subscription, f"<subscription of {file}>")
        return each

    return changed(estate, one)


UNSTATED = {
    Subnet: {"holders": None},
    Peering: {"state": None, "sync_level": None}
    | {"remote_prefixes": (), "synced_prefixes": ()},
}
"""What is so and cannot be stated: who holds addresses, how peerings stand."""


@pytest.mark.parametrize("inline", [True, False])
@FEW
@given(estate=estates.ESTATES)
def test_a_template_gives_what_can_be_stated(inline, estate, folder):
    document = code_shapes.arm_template(estate, inline=inline)
    assert read(folder, document) == without(estate, UNSTATED)


def as_code(estate):
    """An estate without what AKS makes by itself, of which no code tells."""
    return replace(estate, node_interfaces=(), load_balancers=())


def silent_on_traffic(estate):
    """An estate of networks and clusters alone."""
    return replace(estate, **dict.fromkeys(LISTS, ()))


def managed(estate):
    """An estate whose clusters have identities of Azure's, and no service principal."""

    def one(each):
        principal = getattr(each, "identity", None) == "ServicePrincipal"
        return replace(each, identity="SystemAssigned") if principal else each

    return changed(estate, one)


def test_the_order_of_an_address_space_contradicts_nothing(folder):
    identity = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    prefixes = (Cidr.parse("10.1.0.0/16"), Cidr.parse("10.0.0.0/16"))
    vnet = VNet(f"{identity}/virtualnetworks/v", "v", prefixes)
    estate = Inventory(vnets=(vnet,))
    graph, state = shapes.rows(estate), code_shapes.terraform_state(estate)
    assert not read(folder, together(graph, state)).contradictions


def test_a_terraform_cluster_has_the_service_principal_that_it_acts_as(folder):
    start = "/subscriptions/s/resourcegroups/g/providers"
    values = {
        "id": f"{start}/Microsoft.ContainerService/managedClusters/a",
        "service_principal": [{"client_id": "an-app", "client_secret": "x"}],
        "default_node_pool": [{"name": "system", "node_count": 1}],
    }
    resource = {"address": "azurerm_kubernetes_cluster.a", "mode": "managed"}
    resource |= {"type": "azurerm_kubernetes_cluster", "name": "a", "values": values}
    state = {"values": {"root_module": {"resources": [resource]}}}
    (cluster,) = read(folder, {"format_version": "1.0", **state}).clusters
    assert cluster.identity == "ServicePrincipal"


@pytest.mark.parametrize("shape", ["terraform_state", "tfstate"])
@FEW
@given(estate=estates.ESTATES)
def test_a_terraform_state_gives_what_azurerm_has_attributes_for(shape, estate, folder):
    estate = as_code(managed(estate))
    document = getattr(code_shapes, shape)(estate)
    # azurerm has no attribute for podIPAllocationMode.
    assert read(folder, document) == dynamic(without(estate, UNSTATED))


@FEW
@given(estate=estates.ONE_SUBSCRIPTION)
def test_a_terraform_plan_gives_the_same_but_the_subscription(estate, folder):
    estate = as_code(managed(estate))
    document = code_shapes.terraform_plan(estate)
    expected = placed(dynamic(without(estate, UNSTATED)), "estate.json")
    assert read(folder, document) == expected


@FEW
@given(estate=estates.ESTATES)
def test_powershell_at_full_depth_gives_the_whole_estate(estate, folder):
    assert read(folder, shapes.powershell(estate)) == estate


@FEW
@given(estate=estates.ESTATES)
def test_steampipe_rows_give_all_but_dns_servers_and_emptiness(estate, folder):
    # azure_virtual_network has no column for DNS servers, and the pools of
    # azure_kubernetes_cluster have no podIPAllocationMode. A subnet without addresses
    # in use looks like one whose addresses are not shown.
    expected = without(dynamic(estate), {VNet: {"dns_servers": ()}})
    expected = silent_on_traffic(expected)
    assert read(folder, shapes.steampipe(estate)) == silent(expected)


def together(*documents):
    """Several documents as files of their own."""
    return {f"{number}.json": each for number, each in enumerate(documents)}


def shouted(value):
    """A document with its ids in upper case."""
    if isinstance(value, list):
        return [shouted(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: each.upper() if key == "id" else shouted(each)
        for key, each in value.items()
    }


@FEW
@given(estate=estates.ESTATES)
def test_ids_that_differ_in_case_are_the_same(estate, folder):
    printed = [shapes.az_vnets, shapes.az_clusters, shapes.az_traffic]
    found = [each(estate) for each in printed]
    documents = together(*found, *map(shouted, found))
    assert read(folder, documents) == estate


@FEW
@given(estate=estates.ESTATES)
def test_an_estate_that_comes_in_several_shapes_is_one(estate, folder):
    documents = {
        **together(shapes.az_vnets(estate), shapes.az_graph(estate)),
        **shapes.arm(estate),
        **shapes.powershell(estate),
    }
    assert read(folder, documents) == estate


@FEW
@given(estate=estates.ESTATES)
def test_what_is_planned_as_it_is_contradicts_nothing(estate, folder):
    graph, template = shapes.rows(estate), code_shapes.arm_template(estate)
    assert read(folder, together(template, graph)) == estate


@FEW
@given(estate=estates.ESTATES)
def test_a_state_adds_nothing_to_what_azure_says(estate, folder):
    estate = managed(dynamic(estate))
    state, graph = code_shapes.terraform_state(estate), shapes.rows(estate)
    assert read(folder, together(state, graph)) == estate


OTHER = Cidr.parse("198.51.100.0/28")


@FEW
@given(estate=estates.ESTATES.filter(lambda estate: any(estate.subnets)))
def test_another_prefix_for_the_same_subnet_is_told(estate, folder):
    chosen = next(estate.subnets)

    def moved(each):
        same = isinstance(each, Subnet) and each.id == chosen.id
        return replace(each, prefixes=(OTHER,)) if same else each

    other = changed(estate, moved)
    found = read(folder, together(shapes.az_vnets(estate), shapes.az_vnets(other)))
    assert found.vnets == estate.vnets
    (told,) = found.contradictions
    assert (told.id, told.field) == (chosen.id, "prefixes")
    assert told.kept.startswith(", ".join(map(str, chosen.prefixes)))
    assert "0.json[" in told.kept
    assert told.other.startswith(f"{OTHER} (")
    assert "1.json[" in told.other


PAIRS = {
    "az-cli/aks-show": "aks",
    "az-cli/vnet-show": "vnet",
    "az-cli/vnet-list": "vnet-list",
    "az-cli/subnet-show": "subnet",
    "az-cli/peering": "peering",
    "az-cli/aks-list": "aks-list",
    "az-cli-old/aks-show": "aks",
    "az-cli-old/vnet-show": "vnet",
}
"""Folders of what az printed, and of the bodies that it printed so."""

NEVER_PRINTED = {
    "33": {"vnet_integration": False, "needs": ("automatic", "network-policy=cilium")},
    "41": {"needs": ()},
    "45": {"vnet_integration": False},
    "49": {"vnet_integration": False},
}
"""What releases of 2021 drop: VNet integration, auto-provisioning, IP families."""


def first_of_each(cluster):
    """The ranges of one family, of which old releases had no lists."""
    pods, services = cluster.pod_cidrs[:1], cluster.service_cidrs[:1]
    return replace(cluster, pod_cidrs=pods, service_cidrs=services)


def as_printed_in_2021(inventory, number):
    def older(each):
        if isinstance(each, Cluster):
            return replace(first_of_each(each), **NEVER_PRINTED.get(number, {}))
        if isinstance(each, Subnet):
            # Gateways were not printed, which are the holders without a number.
            held = tuple(e for e in each.holders or () if e.addresses is not None)
            return replace(each, holders=held)
        # Pools of single machines had no counts yet.
        machines = isinstance(each, NodePool) and each.mode == "managedsystem"
        return replace(each, nodes=None, current=None) if machines else each

    return changed(inventory, older)


@pytest.mark.parametrize("printed", PAIRS)
def test_az_prints_what_the_api_answered(printed, corpus):
    recordings = corpus / "azure-cli-recordings"
    files = sorted((recordings / printed).glob("*.json"))
    assert files
    for file in files:
        answered = read_inventory(str(recordings / "arm" / PAIRS[printed] / file.name))
        if printed.startswith("az-cli-old"):
            answered = as_printed_in_2021(answered, file.name[:2])
        # az follows the links to further pages.
        answered = replace(answered, incomplete=())
        assert read_inventory(str(file)) == answered, file.name


def test_recorded_estates_are_the_same_from_az_and_from_the_api(corpus):
    folders = sorted((corpus / "estates").iterdir())
    assert len(folders) == 4
    for recorded in folders:
        answers = [str(file) for file in recorded.iterdir() if "az-" not in file.name]
        printed = [str(file) for file in recorded.glob("az-*.json")]
        whole = read_inventory(*answers)
        assert read_inventory(str(recorded)) == whole
        assert not whole.contradictions
        late = [vnet for vnet in whole.vnets if len(vnet.subnets) > 1]
        if not late:
            assert read_inventory(*printed) == whole


def test_subnets_that_were_recorded_alone_are_put_into_their_vnet(corpus):
    recorded = corpus / "estates" / "create-and-update-with-http-proxy-config"
    found = read_inventory(str(recorded))
    (vnet,) = found.vnets
    assert list(map(str, vnet.prefixes)) == ["10.42.0.0/16"]
    assert {each.name: list(map(str, each.prefixes)) for each in vnet.subnets} == {
        "aks-subnet": ["10.42.1.0/24"],
        "proxy-subnet": ["10.42.3.0/24"],
    }
    # The VNet was printed before it had the second subnet.
    printed = read_inventory(str(recorded / "az-vnet-show.json"))
    assert [each.name for each in printed.subnets] == ["aks-subnet"]
    assert found.users.keys() == {vnet.subnets[0].id}


@pytest.mark.parametrize("counts", [(7, 33, 3), (201, 900, 40), (3, 2, 1)])
def test_the_estate_of_the_benchmark_is_whole_and_always_the_same(counts, tmp_path):
    vnets, subnets, clusters = counts
    asked = {"vnets": vnets, "subnets": subnets, "clusters": clusters}
    files = estates_benchmark.write(tmp_path / "once", **asked)
    again = estates_benchmark.write(tmp_path / "again", **asked)
    assert [each.read_bytes() for each in files] == [f.read_bytes() for f in again]
    found = read_inventory(*map(str, files))
    assert found.complete
    assert not found.skipped
    assert not found.contradictions
    assert counts == (len(found.vnets), len([*found.subnets]), len(found.clusters))
    assert {each.state for each in found.peerings} == {"Connected"}
    spokes = vnets - -(-vnets // 100)
    assert len([*found.peerings]) == 2 * spokes
    assert set(found.users) <= set(found.subnet_by_id)
    used = [*found.vnets, *found.subnets]
    ranges = [prefix for each in used for prefix in each.prefixes]
    assert len(set(ranges)) == len(ranges)
