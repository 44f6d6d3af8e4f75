"""Rules, routes and what nodes have: from payloads in the ARM shape to nouns.

A list in a payload has no order that means anything, so nouns have theirs sorted: two
files that say the same then contradict nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ipplan.counts import CEILING
from ipplan.inventory.origins import name_of
from ipplan.inventory.traffic import (
    Access,
    Direction,
    LoadBalancer,
    NodeInterface,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    ZoneLink,
)
from ipplan.readers.payloads import (
    NO_NULLS,
    Inner,
    Payload,
    Reference,
    References,
    Text,
    distinct,
    either,
)

if TYPE_CHECKING:
    from ipplan.inventory.origins import Origin
    from ipplan.readers.readings import Resource


def _titled(value: Any) -> Any:
    return value.capitalize() if isinstance(value, str) else value


def _several(value: Any) -> Any:
    """One word as a list: PowerShell has lists where ARM has text."""
    return [value] if isinstance(value, str) else value


_Words = Annotated[list[str] | None, NO_NULLS, BeforeValidator(_several)]


class RulePayload(Inner):
    """A rule of a network security group; null stands for what is not settled."""

    name: Text = None
    priority: Annotated[int, Field(ge=0, le=CEILING)] | None
    direction: Annotated[Direction | None, BeforeValidator(_titled)]
    access: Annotated[Access | None, BeforeValidator(_titled)]
    protocol: Text = None
    source_address_prefix: _Words = None
    source_address_prefixes: _Words = None
    source_application_security_groups: References = None
    destination_address_prefix: _Words = None
    destination_address_prefixes: _Words = None
    destination_application_security_groups: References = None
    destination_port_range: _Words = None
    destination_port_ranges: _Words = None

    def noun(self) -> SecurityRule | None:
        """The rule; None where it is not settled when it decides, and what."""
        if self.priority is None or self.direction is None or self.access is None:
            return None
        return SecurityRule(
            name=self.name or "",
            priority=self.priority,
            direction=self.direction,
            access=self.access,
            protocol=self.protocol or "*",
            sources=distinct(
                self.source_address_prefix,
                self.source_address_prefixes,
                self.source_application_security_groups,
            ),
            destinations=distinct(
                self.destination_address_prefix,
                self.destination_address_prefixes,
                self.destination_application_security_groups,
            ),
            ports=distinct(self.destination_port_range, self.destination_port_ranges),
        )


class RoutePayload(Inner):
    """A route of a route table; null stands for what is not settled."""

    name: Text = None
    address_prefix: Text
    next_hop_type: Text
    next_hop_ip_address: Text = None

    def noun(self) -> Route | None:
        """The route; None where it is not settled for what it is, and where to."""
        if not self.address_prefix or not self.next_hop_type:
            return None
        return Route(
            self.name or "",
            self.address_prefix,
            self.next_hop_type,
            self.next_hop_ip_address or None,
        )


_Rules = Annotated[list[RulePayload] | None, NO_NULLS]
_Routes = Annotated[list[RoutePayload] | None, NO_NULLS]


class _SecurityGroup(Payload):
    name: Text = None
    security_rules: _Rules = None


class _RouteTable(Payload):
    name: Text = None
    routes: _Routes = None


class _ZoneLink(Payload):
    name: Text = None
    virtual_network: Reference = either("virtualNetwork", "virtualNetworkId")


class _Interface(Inner):
    name: Text = None
    network_security_group: Reference = None


class _Interfaces(Payload):
    network_interface_configurations: Annotated[list[_Interface] | None, NO_NULLS] = (
        None
    )


class _Machines(Payload):
    network_profile: _Interfaces | None = None


class _ScaleSet(Payload):
    name: Text = None
    virtual_machine_profile: _Machines | None = None

    def group(self) -> str | None:
        """The security group of its interfaces, of the first that has one."""
        machines = self.virtual_machine_profile or _Machines()
        profile = machines.network_profile or _Interfaces()
        shown = profile.network_interface_configurations or ()
        groups = (each.network_security_group for each in shown)
        return next(filter(None, groups), None)


class _BalancingRule(Inner):
    front_end: Reference = either("frontendIPConfiguration", "frontendIpConfiguration")


class _LoadBalancer(Payload):
    name: Text = None
    load_balancing_rules: Annotated[list[_BalancingRule] | None, NO_NULLS] = None


def security_group(
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> SecurityGroup:
    """A network security group with its own rules, those that decide first in front.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _SecurityGroup.model_validate(fields)
    rules = [rule for each in found.security_rules or () if (rule := each.noun())]
    return SecurityGroup(
        id=resource.id,
        name=found.name or name_of(resource.id),
        rules=tuple(sorted(rules, key=lambda rule: (rule.direction, rule.priority))),
        unresolved=unresolved,
        origin=origin,
    )


def route_table(
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> RouteTable:
    """A route table with its own routes.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _RouteTable.model_validate(fields)
    routes = [route for each in found.routes or () if (route := each.noun())]
    return RouteTable(
        id=resource.id,
        name=found.name or name_of(resource.id),
        routes=tuple(sorted(routes, key=lambda route: route[:2])),
        unresolved=unresolved,
        origin=origin,
    )


def zone_link(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> ZoneLink:
    """A link of a private DNS zone to a VNet.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _ZoneLink.model_validate(fields)
    name = found.name or name_of(resource.id)
    return ZoneLink(resource.id, name, found.virtual_network, origin)


def interface(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> NodeInterface:
    """A network interface, of a node or of another machine.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _Interface.model_validate(fields)
    name = found.name or name_of(resource.id)
    return NodeInterface(resource.id, name, found.network_security_group, origin)


def scale_set(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> NodeInterface:
    """The network interfaces of a scale set's machines, which are all alike.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _ScaleSet.model_validate(fields)
    name = found.name or name_of(resource.id)
    return NodeInterface(resource.id, name, found.group(), origin)


def load_balancer(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> LoadBalancer:
    """A load balancer: its rules, counted for each front end.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _LoadBalancer.model_validate(fields)
    fronts = [each.front_end for each in found.load_balancing_rules or ()]
    counts = sorted(Counter(filter(None, fronts)).items())
    name = found.name or name_of(resource.id)
    rules = tuple(count for _, count in counts)
    return LoadBalancer(resource.id, name, rules, origin)
