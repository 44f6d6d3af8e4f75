"""HCL as python-hcl2 reads it, and the plan that Terraform would make of it.

Only what the emitter writes is understood: literals, references and lists of them. What
``terraform show -json`` prints has values where they are known, says where they are
known after apply, and keeps names of what each expression refers to.
"""

import re

import hcl2

_ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_PARTS = re.compile(r"((?<!\$)\$\{(?:var|data)\.[\w.]+\})")
_COUNT = re.compile(r"var\.(\w+) \? 1 : 0")
_TEMPLATE = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_MARK = "__is_block__"
_META = {"count", "provider", "depends_on", _MARK}
UNKNOWN = object()


def literal(text):
    """The text of a quoted literal, in which no template may be."""
    inner = text[1:-1]
    assert not _TEMPLATE.search(inner.replace("$${", "").replace("%%{", "")), text
    return _ESCAPE.sub(_unescaped, inner)


def _unescaped(match):
    found = match[1]
    if found is None:
        return match[0][1:]
    return chr(int(found[1:], 16)) if found[0] in "uU" else _ESCAPES[found]


class Configuration:
    """What a file says, with values for its variables."""

    def __init__(self, text, **given):
        self.document = hcl2.loads(text)
        self.variables = {}
        for name, body in _labelled(self.document.get("variable", ())):
            default = body.get("default")
            known = given.get(name) if default is None else self.value(default)
            self.variables[name] = known
        self.whole = {
            f"{start}{kind}.{name}": body
            for start, word in (("data.", "data"), ("", "resource"))
            for kind, every in _labelled(self.document.get(word, ()))
            for name, body in _labelled([every])
        }

        self.bodies = {
            address: {k: v for k, v in body.items() if k not in _META}
            for address, body in self.whole.items()
        }

    def value(self, given):
        """A value, UNKNOWN where it is known after apply."""
        if isinstance(given, list):
            return [self.value(each) for each in given]
        if isinstance(given, dict):
            kept = (k for k in given if k not in {_MARK, "lifecycle"})
            return {k: self.value(given[k]) for k in kept}
        if not isinstance(given, str):
            return given
        if given.startswith('"'):
            return "".join(map(self._part, _PARTS.split(given[1:-1])))
        return self._referred(reference(given))

    def _part(self, text):
        """A part of a quoted text: what a reference in it is known to be, or text."""
        if _PARTS.fullmatch(text):
            return self._referred(reference(text))
        return literal(f'"{text}"')

    def _referred(self, words):
        if words.startswith("var."):
            return self.variables[words[4:]]
        address, _, attribute = words.rpartition(".")
        if address == "data.azurerm_client_config.current":
            return "known"
        body = self.bodies[address.removesuffix("[0]")]
        if attribute != "id":
            return self.value(body[attribute])
        return self.identity(address) if address.startswith("data.") else UNKNOWN

    def identity(self, address):
        """The id of what exists."""
        body, kind = self.bodies[address], address.split(".")[1]
        if kind == "azurerm_client_config":
            return "current"
        group = self.value(body["resource_group_name"])
        start = f"/subscriptions/known/resourceGroups/{group}"
        parts = [self.value(body[one]) for one in _NAMES if one in body]
        return start + _IDS[kind].format(*parts)

    def count(self, body):
        """How many instances there are, and whether they are counted."""
        wanted = body.get("count")
        if wanted is None:
            return 1, False
        return int(self.variables[_COUNT.fullmatch(reference(wanted))[1]]), True


_NAMES = ("virtual_network_name", "private_dns_zone_name", "name")
_VNET = "/providers/Microsoft.Network/virtualNetworks/{}"
_IDS = {
    "azurerm_virtual_network": _VNET,
    "azurerm_subnet": f"{_VNET}/subnets/{{}}",
    **{
        kind: f"/providers/Microsoft.Network/{type_}/{{}}"
        for kind, type_ in {
            "azurerm_network_security_group": "networkSecurityGroups",
            "azurerm_route_table": "routeTables",
            "azurerm_nat_gateway": "natGateways",
            "azurerm_public_ip": "publicIPAddresses",
            "azurerm_public_ip_prefix": "publicIPPrefixes",
            "azurerm_private_dns_zone": "privateDnsZones",
        }.items()
    },
}


def _labelled(given):
    return [
        (literal(label), body)
        for each in given
        for label, body in each.items()
        if label != _MARK
    ]


def reference(given):
    """What an expression is, without the braces that the parser puts around it."""
    assert given.startswith("${"), given
    assert given.endswith("}"), given
    return given[2:-1]


def planned(text, **variables):
    """What ``terraform show -json`` would print of a plan of this configuration."""
    found = Configuration(text, **variables)
    shown = [
        each
        for address, body in found.bodies.items()
        for each in _instances(found, address, body)
    ]
    managed = [each for each in shown if each["mode"] == "managed"]
    observed = [each for each in shown if each["mode"] == "data"]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": managed}},
        "prior_state": {"values": {"root_module": {"resources": observed}}},
        "resource_changes": [
            {
                **each,
                "change": {
                    "actions": ["create"],
                    "after_unknown": _unknown(found.value(found.bodies[_bare(each)])),
                },
            }
            for each in managed
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": address,
                        "mode": "data" if address.startswith("data.") else "managed",
                        "type": address.removeprefix("data.").split(".")[0],
                        "name": address.rpartition(".")[2],
                        "expressions": _expressions(body),
                    }
                    for address, body in found.bodies.items()
                ]
            }
        },
    }


def _bare(shown):
    return shown["address"].removesuffix("[0]")


def _instances(found, address, body):
    number, counted = found.count(found.whole[address])
    kind, name = address.removeprefix("data.").split(".")
    values = _known(found.value(body))
    if address.startswith("data."):
        values["id"] = found.identity(address)
    for index in range(number):
        key = {"index": index} if counted else {}
        yield {
            "address": f"{address}[{index}]" if counted else address,
            "mode": "data" if address.startswith("data.") else "managed",
            "type": kind,
            "name": name,
            "values": values,
            **key,
        }


def _known(value):
    if isinstance(value, dict):
        return {k: _known(v) for k, v in value.items() if v is not UNKNOWN}
    if isinstance(value, list):
        return [None if each is UNKNOWN else _known(each) for each in value]
    return value


def _unknown(value):
    if isinstance(value, dict):
        return {k: deep for k, v in value.items() if (deep := _unknown(v))}
    if isinstance(value, list):
        return [_unknown(each) for each in value]
    return value is UNKNOWN


def _expressions(body):
    return {k: _expression(v) for k, v in body.items() if k != _MARK}


def _expression(given):
    if isinstance(given, list) and all(isinstance(each, dict) for each in given):
        return [_expressions(each) for each in given]
    names = list(_references(given))
    return {"references": names} if names else {"constant_value": given}


def _references(given):
    if isinstance(given, str) and given.startswith("${"):
        words = reference(given)
        yield words
        if not words.startswith("var."):
            yield words.rpartition(".")[0]
            yield words.rpartition(".")[0].removesuffix("[0]")
    elif isinstance(given, list):
        for each in given:
            yield from _references(each)
    elif isinstance(given, dict):
        for each in given.values():
            yield from _references(each)
