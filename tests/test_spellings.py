"""Names and ids in ARM's spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.readers.readings import SUBNET, VNET
from ipplan.readers.spellings import camel, id_of, is_cut_off, type_of

GROUP = "/subscriptions/s/resourceGroups/g/providers"


@pytest.mark.parametrize(
    ("foreign", "arm"),
    [
        ("AddressPrefixes", "addressPrefixes"),
        ("ApiServerAccessProfile", "apiServerAccessProfile"),
        ("Id", "id"),
        ("OsType", "osType"),
        ("DnsServiceIP", "dnsServiceIP"),
        ("agent_pool_profiles", "agentPoolProfiles"),
        ("vnetSubnetID", "vnetSubnetID"),
        ("_", "_"),
        ("", ""),
    ],
)
def test_names_come_out_in_camel_case(foreign, arm):
    assert camel(foreign) == arm


@given(st.from_regex(r"[a-z][a-z]+([A-Z][a-z]+){0,3}", fullmatch=True))
def test_arm_names_stay_and_their_other_spellings_lead_back(name):
    snake = "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
    assert camel(name) == camel(name[0].upper() + name[1:]) == camel(snake) == name


@pytest.mark.parametrize("name", ["_" * 10**6, "A" * 10**6, "aA_" * 10**5])
def test_a_long_name_takes_no_longer_than_its_length(name):
    assert camel(name)


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft.Azure.Commands.Network.Models.PSAddressSpace",
        " ".join(["Microsoft.Azure.Commands.Network.Models.PSSubnet"] * 2),
        "System.Object[] System.Object[] System.Object[]",
        "System.Collections.Hashtable",
        "@{Name=aks; AddressPrefix=System.Collections.Generic.List`1[System.String]}",
        "@{a=1;\n b=2}",
        " ",
    ],
)
def test_types_in_the_place_of_values_are_told(text):
    assert is_cut_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Microsoft.Storage",
        "Microsoft.AzureActiveDirectory",
        "Microsoft.Network/virtualNetworks",
        "System",
        "system.vnet",
        "SystemAssigned",
        "10.0.0.0/16 10.1.0.0/16",
    ],
)
def test_values_are_no_types(text):
    assert not is_cut_off(text)


@pytest.mark.parametrize(
    "identity",
    [
        None,
        7,
        "",
        "x",
        "/subscriptions/s/resourceGroups/g",
        f"{GROUP}/Microsoft.Network",
        f"{GROUP}/Microsoft.Network/virtualNetworks",
        f"{GROUP}/Microsoft.Network/virtualNetworks//subnets/a",
        "{{ output.resource_id.value }}",
    ],
)
def test_what_is_no_resource_id_has_no_type(identity):
    assert type_of(identity) == ""


def test_a_slash_at_the_end_and_upper_case_do_not_matter():
    assert type_of(f"{GROUP}/MICROSOFT.NETWORK/VIRTUALNETWORKS/HUB/") == VNET


@given(
    st.lists(st.text(st.characters(codec="ascii"), min_size=1), min_size=4, max_size=4)
)
def test_an_id_made_of_any_names_has_the_type_it_was_made_for(names):
    subscription, group, *rest = [name.strip() or "x" for name in names]
    assert type_of(id_of(SUBNET, rest, subscription, group)) == SUBNET
