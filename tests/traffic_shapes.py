"""What steers traffic, as Azure's own tools and Terraform print it."""

from ipplan.inventory.traffic import Outlet, SecurityGroup

_SPELLED = {
    "networksecuritygroups": "networkSecurityGroups",
    "routetables": "routeTables",
    "publicipaddresses": "publicIPAddresses",
    "publicipprefixes": "publicIPPrefixes",
    "azurefirewalls": "azureFirewalls",
    "natgateways": "natGateways",
    "privatednszones": "privateDnsZones",
    "virtualnetworklinks": "virtualNetworkLinks",
    "networkinterfaces": "networkInterfaces",
    "virtualmachinescalesets": "virtualMachineScaleSets",
    "loadbalancers": "loadBalancers",
    "microsoft.compute": "Microsoft.Compute",
}
LISTS = (
    "security_groups",
    "route_tables",
    "public_addresses",
    "outlets",
    "zone_links",
    "node_interfaces",
    "load_balancers",
)


def kind_of(noun):
    """Its type, in lower case and without the namespace."""
    return noun.id.split("/providers/")[1].split("/")[1]


def type_of(noun):
    """Its type as Azure writes it."""
    space, *steps = noun.id.split("/providers/")[1].split("/")
    space = "Microsoft.Compute" if space.endswith("compute") else "Microsoft.Network"
    return "/".join([space, *(_SPELLED[step] for step in steps[::2])])


def one_or_several(fields, one, several, found):
    """One word in a field of its own, and several in a list."""
    single = len(found) == 1
    fields[one] = found[0] if single else ""
    fields[several] = [] if single else list(found)[::-1]


def arm_rule(rule):
    fields = {
        "protocol": rule.protocol,
        "sourcePortRange": "*",
        "access": rule.access,
        "priority": rule.priority,
        "direction": rule.direction,
    }
    one, several = "sourceAddressPrefix", "sourceAddressPrefixes"
    one_or_several(fields, one, several, rule.sources)
    one, several = "destinationAddressPrefix", "destinationAddressPrefixes"
    one_or_several(fields, one, several, rule.destinations)
    one, several = "destinationPortRange", "destinationPortRanges"
    one_or_several(fields, one, several, rule.ports)
    return {"name": rule.name, "properties": fields}


def arm_route(route):
    fields = {"addressPrefix": route.prefix, "nextHopType": route.next_hop_type}
    hop = {"nextHopIpAddress": route.next_hop} if route.next_hop else {}
    return {"name": route.name, "properties": {**fields, **hop}}


def reference(identity):
    return {"id": identity}


def arm_firewall(outlet):
    shown = [
        {
            "name": f"c{i}",
            "properties": {
                "privateIPAddress": outlet.private_ips[0],
                "publicIPAddress": reference(each),
            },
        }
        for i, each in enumerate(outlet.public_addresses)
    ]
    private = {"privateIPAddress": outlet.private_ips[0]}
    # One that is managed from elsewhere has an address for that, which is not shown.
    first = shown or [{"name": "c", "properties": private}]
    managed = {"properties": {"publicIPAddress": reference("/x/of/management")}}
    return {"ipConfigurations": first, "managementIpConfiguration": managed}


def arm_nat_gateway(outlet):
    ids = outlet.public_addresses
    return {
        "publicIpAddresses": [reference(e) for e in ids if "publicipaddresses" in e],
        "publicIpPrefixes": [reference(e) for e in ids if "publicipprefixes" in e],
    }


def arm_scale_set(noun):
    group = noun.network_security_group
    own = {"networkSecurityGroup": reference(group)} if group else {}
    shown = [{"name": noun.name, "properties": {"primary": True, **own}}]
    return {
        "virtualMachineProfile": {
            "networkProfile": {"networkInterfaceConfigurations": shown}
        }
    }


def arm_interface(noun):
    group = noun.network_security_group
    return {"networkSecurityGroup": reference(group)} if group else {}


def arm_load_balancer(noun):
    fronts = [
        f"{noun.id}/frontendIPConfigurations/f{i}" for i in range(len(noun.rules))
    ]
    return {
        "frontendIPConfigurations": [
            {"id": front, "name": front[-2:], "properties": {}} for front in fronts
        ],
        "loadBalancingRules": [
            {
                "name": f"{i}",
                "properties": {"frontendIPConfiguration": reference(front)},
            }
            for front, count in zip(fronts, noun.rules, strict=True)
            for i in range(count)
        ],
    }


_ARM = {
    "networksecuritygroups": lambda noun: {
        "securityRules": [arm_rule(each) for each in noun.rules[::-1]],
        "defaultSecurityRules": [{"name": "AllowVnetInBound", "properties": {}}],
    },
    "routetables": lambda noun: {"routes": [arm_route(e) for e in noun.routes[::-1]]},
    "publicipaddresses": lambda noun: {
        "ipAddress": str(noun.prefix).partition("/")[0] if noun.prefix else None
    },
    "publicipprefixes": lambda noun: {
        "ipPrefix": str(noun.prefix) if noun.prefix else None
    },
    "azurefirewalls": arm_firewall,
    "natgateways": arm_nat_gateway,
    "privatednszones": lambda noun: {"virtualNetwork": reference(noun.vnet)},
    "networkinterfaces": arm_interface,
    "virtualmachinescalesets": arm_scale_set,
    "loadbalancers": arm_load_balancer,
}


def traffic_of(estate):
    """All that steers traffic, list by list."""
    return [each for name in LISTS for each in getattr(estate, name)]


def arm_traffic(estate):
    """Resources as the ARM API sends them."""
    return [
        {
            "id": noun.id.replace("resourcegroups", "resourceGroups"),
            "name": noun.name,
            "type": type_of(noun),
            "properties": {
                key: each
                for key, each in _ARM[kind_of(noun)](noun).items()
                if each is not None
            },
        }
        for noun in traffic_of(estate)
    ]


# Terraform.


def tf_rule(rule):
    fields = {
        "name": rule.name,
        "priority": rule.priority,
        "direction": rule.direction,
        "access": rule.access,
        "protocol": rule.protocol,
        "source_port_range": "*",
    }
    one, several = "source_address_prefix", "source_address_prefixes"
    one_or_several(fields, one, several, rule.sources)
    one, several = "destination_address_prefix", "destination_address_prefixes"
    one_or_several(fields, one, several, rule.destinations)
    one, several = "destination_port_range", "destination_port_ranges"
    one_or_several(fields, one, several, rule.ports)
    return fields


def tf_route(route):
    return {
        "name": route.name,
        "address_prefix": route.prefix,
        "next_hop_type": route.next_hop_type,
        "next_hop_in_ip_address": route.next_hop or "",
    }


def tf_children(noun, link):
    """Rules and routes that are resources of their own: all but the first."""
    group = {"resource_group_name": noun.id.split("/")[4]}
    if isinstance(noun, SecurityGroup):
        parent = {"network_security_group_name": noun.name, **group}
        for rule in noun.rules[1:]:
            own = {"id": link(f"{noun.id}/securityRules/{rule.name}")}
            yield "azurerm_network_security_rule", {**own, **tf_rule(rule), **parent}
    else:
        parent = {"route_table_name": noun.name, **group}
        for route in noun.routes[1:]:
            own = {"id": link(f"{noun.id}/routes/{route.name}")}
            yield "azurerm_route", {**own, **tf_route(route), **parent}


def tf_associations(outlet, link):
    """Each address of a NAT gateway, by a resource of its own."""
    for each in outlet.public_addresses:
        what = "address" if "publicipaddresses" in each else "prefix"
        middle = "" if what == "address" else "prefix_"
        yield (
            f"azurerm_nat_gateway_public_ip_{middle}association",
            {
                "id": f"{outlet.id}|{each}",
                "nat_gateway_id": link(outlet.id),
                f"public_ip_{what}_id": link(each),
            },
        )


def tf_firewall(outlet, link):
    ids = outlet.public_addresses or (None,)
    return {
        "ip_configuration": [
            {
                "name": f"c{i}",
                "private_ip_address": outlet.private_ips[0],
                "public_ip_address_id": link(each) if each else None,
            }
            for i, each in enumerate(ids)
        ]
    }


_TERRAFORM = {
    "networksecuritygroups": (
        "azurerm_network_security_group",
        lambda noun, _: {"security_rule": [tf_rule(each) for each in noun.rules[:1]]},
    ),
    "routetables": (
        "azurerm_route_table",
        lambda noun, _: {"route": [tf_route(each) for each in noun.routes[:1]]},
    ),
    "publicipaddresses": (
        "azurerm_public_ip",
        lambda noun, _: {
            "ip_address": str(noun.prefix).partition("/")[0] if noun.prefix else None
        },
    ),
    "publicipprefixes": (
        "azurerm_public_ip_prefix",
        lambda noun, _: {"ip_prefix": str(noun.prefix) if noun.prefix else None},
    ),
    "azurefirewalls": ("azurerm_firewall", tf_firewall),
    "natgateways": ("azurerm_nat_gateway", lambda *_: {}),
    "privatednszones": (
        "azurerm_private_dns_zone_virtual_network_link",
        lambda noun, link: {
            "private_dns_zone_name": noun.zone.rpartition("/")[2],
            "virtual_network_id": link(noun.vnet),
        },
    ),
}
"""What azurerm has, and how; not what AKS makes by itself."""


def tf_traffic(estate, link):
    """Each resource of azurerm 4 as its type and its attributes."""
    for noun in traffic_of(estate):
        if kind_of(noun) not in _TERRAFORM:
            continue
        kind, own = _TERRAFORM[kind_of(noun)]
        base = {
            "id": link(noun.id),
            "name": noun.name,
            "resource_group_name": noun.id.split("/")[4],
        }
        yield kind, {**base, **own(noun, link)}
        if "rules" in noun.__slots__ or "routes" in noun.__slots__:
            yield from tf_children(noun, link)
        if isinstance(noun, Outlet) and noun.kind == "nat-gateway":
            yield from tf_associations(noun, link)
