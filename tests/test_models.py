import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import FEATURES, MODELS, ArgumentError
from ipplan.features import feature_named
from ipplan.models import model_named
from tests import golden

# Microsoft's feature table: overlay, kubenet, node subnet, static block, dynamic.
# S supported, N not, ? where no page says so.
MATRIX = {
    "direct-pod-access": "N N S S S",
    "windows": "S N S S S",
    "virtual-nodes": "N N S ? ?",
    "dual-stack": "S N N N N",
    "shared-subnet": "S N S S S",
    "network-policy=cilium": "S N S S S",
    "network-policy=calico": "S S S S S",
    "network-policy=azure": "S N S S S",
    "application-gateway-ingress": "S S S S S",
    "application-gateway-for-containers": "S N S S S",
    "private-link-service": "S S S N S",
    "static-egress-gateway": "S ? S N N",
    "node-auto-provisioning": "S N S N N",
    "automatic": "S N N N N",
    "availability-sets": "N S S S S",
}
SPELLED = {"S": "yes", "N": "no", "?": "unknown"}
CELLS = [
    (feature, model, SPELLED[cell])
    for feature, cells in MATRIX.items()
    for model, cell in zip(golden.MODELS, cells.split(), strict=True)
]


@pytest.mark.parametrize(("feature", "model", "expected"), CELLS)
def test_a_model_has_the_features_that_microsofts_table_gives_it(
    feature, model, expected
):
    assert MODELS[model].support(feature).value == expected


def test_every_feature_is_a_row_of_the_table():
    assert set(FEATURES) == set(MATRIX)
    assert set(MODELS) == set(golden.MODELS)


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_a_title_and_a_page(feature):
    assert FEATURES[feature].title
    assert FEATURES[feature].source.startswith("https://")


EGRESS = {
    "cni-overlay": ("node", "node"),
    "kubenet": ("node", "node"),
    "cni-node-subnet": ("pod", "node"),
    "cni-static-block": ("pod", "pod"),
    "cni-dynamic": ("pod", "pod"),
}
"""Whose address is seen inside the VNet, and beyond it."""


@pytest.mark.parametrize(("model", "seen"), EGRESS.items())
def test_a_firewall_sees_the_address_that_the_model_keeps(model, seen):
    told = MODELS[model].egress_source
    inside, beyond = told.split(",")[0], told.split(",")[-1]
    assert (seen[0] in inside, seen[1] in beyond) == (True, True)
    assert ("beyond" in told) == (seen[0] != seen[1])


@pytest.mark.parametrize(("model", "default"), golden.DEFAULTS.items())
def test_a_model_has_the_default_max_pods_of_its_page(model, default):
    assert MODELS[model].default_max_pods.value == default


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_every_model_names_its_page(model):
    assert model.source.startswith("https://")
    assert model.title
    assert not model.lacks & model.unsure
    assert model.lacks | model.unsure <= set(FEATURES)


def test_only_kubenet_has_routes_and_an_end():
    assert [m.name for m in MODELS.values() if m.route_limit] == ["kubenet"]
    assert [m.name for m in MODELS.values() if m.retirement] == ["kubenet"]


def test_the_flat_models_that_count_single_addresses_meet_the_ceiling_of_a_vnet():
    met = {model.name for model in MODELS.values() if model.vnet_limit}
    assert met == {"cni-node-subnet", "cni-dynamic"}


DYNAMIC = {
    (0, 8): 16, (9, 24): 32, (25, 40): 48, (41, 56): 64, (57, 72): 80, (73, 88): 96,
    (89, 104): 112, (105, 120): 128, (250, 250): 272,
}  # fmt: skip
"""Microsoft's rule, spelled out: 16 at the start, 16 more below 8 free."""


@pytest.mark.parametrize(("span", "held"), DYNAMIC.items())
def test_a_dynamic_node_takes_the_batches_of_the_table(span, held):
    model = MODELS["cni-dynamic"]
    assert {model.node_block(pods) for pods in range(span[0], span[1] + 1)} == {held}


@given(st.integers(0, 250))
def test_a_node_takes_what_adding_blocks_one_by_one_takes(pods):
    assert MODELS["cni-dynamic"].node_block(pods) == golden.batches(pods)
    assert MODELS["cni-static-block"].node_block(pods) == 16 * golden.blocks(pods)
    assert MODELS["cni-node-subnet"].node_block(pods) == pods
    assert MODELS["cni-overlay"].node_block(pods) == 256
    assert MODELS["kubenet"].node_block(pods) == 256


def test_a_name_that_is_no_models_is_refused_with_those_that_are():
    with pytest.raises(ArgumentError, match="cni-overlay") as caught:
        model_named("azure")
    assert caught.value.argument == "model"


def test_a_name_that_is_no_features_is_refused_with_those_that_are():
    with pytest.raises(ArgumentError, match="windows") as caught:
        feature_named("gpu")
    assert caught.value.argument == "need"
