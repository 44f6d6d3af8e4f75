import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycep import BicepParser
from pycep.models import BicepElement

from ipplan.emitters import emit
from ipplan.emitters.bicep import text
from ipplan.inventory.estates import Inventory
from ipplan.layouts.layouts import lay_out
from ipplan.readers.layouts import read_layout_plan
from tests.emit_samples import (
    HOSTILE,
    SAMPLES,
    Place,
    hostile,
    hub_and_spoke,
    layout,
    overlay,
    reusing,
    two_groups,
)
from tests.estates import estates
from tests.test_emit_arm import NAMES, PLANS, planned

_ESCAPE = re.compile(r"\\(?:u\{(?P<code>[0-9a-f]+)\}|(?P<plain>[\\'nrt$]))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_HOLE = re.compile(r"(?<!\\)\$\{(?P<what>\w+)(?P<id>\.id)?\}")


class Template:
    """What Bicep says, as the ARM template that it stands for says it.

    The grammar is pycep's, and what its trees mean is worked out here: nothing of the
    emitter is used.
    """

    def __init__(self, source, places=((),)):
        tree = BicepParser().parse(text=source)
        self.parameters = tree.get("parameters", {})
        self.symbols = tree.get("resources", {})
        self.places = places

    def resources(self):
        return {
            self.id(symbol): self.resource(symbol)
            for symbol, each in self.symbols.items()
            if not each["existing"]
        }

    def condition(self, symbol):
        """The parameter that it hangs on, if any, and the step."""
        test, found = self.symbols[symbol]["config"].get("condition"), None
        if isinstance(test, dict) and test["operator"]["type"] == "and":
            both = test["operator"]["operands"]
            found, test = both["operand_1"], both["operand_2"]
        if isinstance(test, dict):
            assert test["operator"]["type"] == "equals"
            assert test["operator"]["operands"]["operand_1"] == "step"
            return found, test["operator"]["operands"]["operand_2"]
        return test, 1

    def config(self, symbol):
        config = self.symbols[symbol]["config"]
        return config["config"] if "condition" in config else config

    def names(self, symbol):
        config = self.config(symbol)
        above = self.names(config["parent"]) if "parent" in config else []
        return [*above, plain(config["name"])]

    def resource(self, symbol):
        config = self.config(symbol)
        condition, step = self.condition(symbol)
        found = {
            "type": self.symbols[symbol]["type"],
            "apiVersion": self.symbols[symbol]["api_version"],
            "name": "/".join(self.names(symbol)),
            **{key: self.value(config[key]) for key in config if key not in OWN},
        }
        if condition:
            found["condition"] = f"[parameters('{condition}')]"
        needs = [e for e in self.needs(symbol) if not self.symbols[e]["existing"]]
        assert all(self.condition(each)[1] == step for each in needs)
        return {**found, "dependsOn": set(map(self.id, needs))}

    def needs(self, symbol):
        """Symbols that a resource needs: those it names, and what is called so."""
        config = self.config(symbol)
        yield from config.get("dependsOn", ())
        yield from (config[key] for key in ("parent",) if key in config)
        yield from self.named(config)

    def named(self, value):
        if isinstance(value, dict):
            if "operator" in value:
                yield value["operator"]["operands"]["operand_1"]
            else:
                for one in value.values():
                    yield from self.named(one)
        elif isinstance(value, list):
            for one in value:
                yield from self.named(one)
        elif not isinstance(value, BicepElement) and isinstance(value, str):
            yield from (match["what"] for match in _HOLE.finditer(value))

    def id(self, symbol, *more):
        """The id of a resource as an expression of ARM that holds everywhere."""
        kind, names = self.symbols[symbol]["type"], self.names(symbol)
        above = symbol
        while "parent" in self.config(above):
            above = self.config(above)["parent"]
        scope = self.config(above).get("scope")
        step = self.condition(symbol)[1]
        place = self.places[step - 1] if scope is None else scope_of(scope)
        words = [*place, "/".join([kind, *more[::2]]), *names, *more[1::2]]
        return f"[resourceId({', '.join(map(quoted, words))})]"

    def value(self, value):
        if isinstance(value, dict):
            if "operator" in value:
                return self.accessed(value["operator"])
            return {self.key(key): self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, BicepElement):
            return f"[parameters('{value}')]"
        return self.text(value) if isinstance(value, str) else value

    def accessed(self, operator):
        assert operator["type"] == "property_accessor"
        assert operator["operands"]["operand_2"] == "id"
        return self.id(operator["operands"]["operand_1"])

    def key(self, key):
        hole = _HOLE.fullmatch(key.strip("'"))
        return f"[parameters('{hole['what']}')]" if hole else key

    def text(self, value):
        hole = _HOLE.match(value)
        if not hole:
            assert not _HOLE.search(value)
            found = plain(value)
            return f"[{found}" if found[:1] == "[" and found[-1:] == "]" else found
        step, kind, name = value[hole.end() :].split("/")
        assert (step, kind) == ("", "subnets")
        return self.id(hole["what"], kind, plain(name))


def scope_of(scope):
    """Subscription and group of what is elsewhere; none for what is at home."""
    call = scope["function"]
    assert call["type"] == "resource_group"
    words = [call["parameters"].get(key) for key in SCOPE]
    return [plain(each) for each in words if each and type(each) is not BicepElement]


SCOPE = ("subscription_id", "resource_group_name")
OWN = {"name", "parent", "dependsOn", "scope"}


def plain(value):
    """A string of Bicep as the text that it is."""

    def one(match):
        if match["code"]:
            return chr(int(match["code"], 16))
        return _PLAIN.get(match["plain"], match["plain"])

    return _ESCAPE.sub(one, value)


def quoted(word):
    return "'" + word.replace("'", "''") + "'"


_WORD = re.compile(r"'(?:[^']|'')*'|parameters\('\w+'\)")


def absolute(value, place):
    """A value of a template, its ids as expressions that hold everywhere."""
    if isinstance(value, dict):
        return {key: absolute(one, place) for key, one in value.items()}
    if isinstance(value, list):
        return [absolute(one, place) for one in value]
    if not isinstance(value, str) or not value.startswith("[resourceId("):
        return value
    words = _WORD.findall(value)
    start = next(i for i, word in enumerate(words) if word.startswith("'Microsoft."))
    said = [each for each in words[:start] if not each.startswith("parameters")]
    where = said if start else map(quoted, place)
    return f"[resourceId({', '.join([*where, *words[start:]])})]"


def arm(made):
    """The resources of the ARM template by their ids, its parameters and its places.

    Of what a resource waits for, only what goes into the same deployment is told.
    """
    template = json.loads(emit(made, "arm"))
    found, steps = {}, []
    for each in template["resources"]:
        if each["type"] == "Microsoft.Resources/deployments":
            keys = ("subscriptionId", "resourceGroup")
            place = tuple(each[key] for key in keys if key in each)
            batch, number = each["properties"]["template"]["resources"], each["name"]
        else:
            place, batch, number = (), [each], None
        steps.append((number, place))
        for one in batch:
            found[identity(one, place)] = absolute(one, place)
    return found, template["parameters"], places(steps)


def places(steps):
    """Places by the numbers of steps: those between nested deployments are at home."""
    nested = {int(number.split("-")[1]): place for number, place in steps if number}
    at_home = any(number is None for number, _ in steps)
    most = max(nested, default=0) + at_home
    return [nested.get(number, ()) for number in range(1, most + 1)] or [()]


def identity(resource, place):
    name = resource["name"]
    name = name[1:] if name.startswith("[[") else name
    words = [*place, resource["type"], *name.split("/")]
    return f"[resourceId({', '.join(map(quoted, words))})]"


def compared(made):
    """Hold Bicep against the template: every resource, and what it waits for."""
    resources, parameters, where = arm(made)
    found = Template(emit(made, "bicep"), where)
    mine = found.resources()
    step = {
        found.id(symbol): found.condition(symbol)[1]
        for symbol, each in found.symbols.items()
        if not each["existing"]
    }
    assert set(mine) == set(resources)
    for key, each in resources.items():
        expected = {name: one for name, one in each.items() if name != "metadata"}
        own = {**mine[key], "name": expected["name"]}
        waits = [e for e in expected.pop("dependsOn", ()) if e in resources]
        assert all(step[one] <= step[key] for one in waits)
        assert own.pop("dependsOn") == {e for e in waits if step[e] == step[key]}
        assert own == expected
    extra = {"step", "homeResourceGroup", "homeSubscription"}
    assert set(found.parameters) - extra == set(parameters)


@pytest.mark.parametrize("name", SAMPLES)
def test_bicep_says_what_the_template_says(name):
    compared(SAMPLES[name]())


@pytest.mark.parametrize("plan", PLANS, ids=[each.stem for each in PLANS])
def test_a_plan_says_what_its_template_says(plan):
    compared(lay_out(read_layout_plan(str(plan))))


@settings(max_examples=50)
@given(estates())
def test_any_estate_says_what_its_template_says(estate):
    compared(layout(planned(estate)))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(name):
    compared(hostile(name))


@settings(max_examples=20)
@given(NAMES)
def test_any_name_is_only_a_name(name):
    compared(hostile(name))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_is_always_one_string_without_holes(value):
    written = text(value)
    inside = written[1:-1]
    assert written[0] == written[-1] == "'"
    assert "'" not in inside
    assert not _HOLE.search(inside)
    assert inside.isprintable() or not value.isascii()
    assert plain(inside) == value


def test_parameters_have_their_defaults():
    found = Template(emit(hub_and_spoke(), "bicep")).parameters
    assert found["vmSize"]["default"] == "Standard_D4ds_v5"
    assert found["deployClusters"]["default"] is True
    assert found["clusterIdentity"]["default"] is None


def test_the_region_is_that_of_the_resource_group_where_none_is_said():
    here = Place()
    vnet = here.vnet("hub", "10.0.0.0/24", location=None)
    source = emit(layout(Inventory(vnets=(vnet,))), "bicep")
    assert "param location string = resourceGroup().location" in source
    compared(layout(Inventory(vnets=(vnet,))))


def test_what_exists_is_only_referred_to():
    source = emit(reusing(), "bicep")
    found = Template(source).symbols
    there = {symbol for symbol, each in found.items() if each["existing"]}
    assert there == {
        "vnetNet",
        "nsgRules",
        "subnetNetOld",
        "zonePrivatelinkWesteuropeAzmk8sIo",
    }
    assert "  scope: resourceGroup('11111111-2222', 'dns')" in source


def test_several_resource_groups_are_deployed_step_by_step():
    lines = emit(two_groups(), "bicep").splitlines()
    assert lines[:5] == [
        "// Deploy this file 4 times, in this order:",
        "// step=1 into resource group net of subscription 11111111-2222",
        "// step=2 into homeResourceGroup",
        "// step=3 into resource group net of subscription 11111111-2222",
        "// step=4 into homeResourceGroup",
    ]
    assert "param step int" in lines
    assert "param homeResourceGroup string" in lines


def test_groups_of_one_subscription_are_told_by_their_names():
    hub, spoke = Place("net"), Place("apps")
    peering = spoke.peering("spoke", "to-hub", hub.vnet_id("hub"))
    vnets = (
        spoke.vnet("spoke", "10.1.0.0/24", (), (peering,)),
        hub.vnet("hub", "10.0.0.0/24"),
    )
    made = layout(Inventory(vnets=vnets))
    compared(made)
    assert "  scope: resourceGroup('net')" in emit(made, "bicep").splitlines()


def test_a_subnet_of_another_step_is_there_already():
    made = reusing()
    apart = Place("apps").cluster("shop").id
    clusters = (replace(made.planned.clusters[0], id=apart),)
    moved = replace(made, planned=replace(made.planned, clusters=clusters))
    compared(moved)
    assert "podSubnetID: subnetNetPods_there.id" in emit(moved, "bicep")


def test_one_resource_group_is_named():
    for here, words in (
        (Place("Net"), "resource group net"),
        (Place("Net", "s1"), "resource group net of subscription s1"),
    ):
        made = layout(Inventory(vnets=(here.vnet("hub", "10.0.0.0/24"),)))
        assert emit(made, "bicep").startswith(f"// Deploy into {words}.\n")


def test_comments_stand_above_what_they_are_of():
    lines = emit(overlay(), "bicep").splitlines()
    at = lines.index("// pod CIDR 192.168.0.0/16: new, as shop-green")
    assert lines[at + 3].startswith("resource clusterShop ")
    assert "// nodes: 20 addresses + 5 that Azure keeps: a /24 (256)" in lines


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_never_ends_a_comment(name):
    made = hostile(name)
    lines = emit(made, "bicep").split("\n")
    ends = [line for line in lines if line.startswith("// ")]
    assert any("20 addresses" in line for line in ends)
    assert all(line.isprintable() for line in ends)


def test_an_empty_layout_is_an_empty_file():
    assert emit(layout(Inventory()), "bicep") == "targetScope = 'resourceGroup'\n"


def test_a_network_that_exists_gets_its_space_first():
    made = reusing()
    vnet = made.planned.vnets[0]
    networks = (made.networks[0]._replace(added=vnet.prefixes),)
    source = emit(replace(made, networks=networks), "bicep")
    assert source.startswith(
        "// Before: add 10.0.0.0/16 to the address space of VNet Net."
    )
