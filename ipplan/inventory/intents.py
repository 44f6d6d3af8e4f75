"""Ids of what a plan intends and gives no name: peerings, links of private DNS zones.

They are known by what they lead to, until a resource that exists turns out to be the
same, or a layout names them.
"""

from __future__ import annotations

from ipplan.inventory.origins import name_of


def intended_peering(vnet: str, remote: str) -> str:
    """Id of a peering that has no name yet: what it leads to is all that is known.

    Parameters
    ----------
    vnet, remote : str
        Ids of the VNet that has it and of the other.

    Examples
    --------
    >>> spoke = "/subscriptions/<named in a.yaml>/resourcegroups/rg/providers/x/y/spoke"
    >>> intended_peering("/x/virtualnetworks/hub", spoke)
    '/x/virtualnetworks/hub/virtualnetworkpeerings/<to rg_spoke>'
    """
    return f"{vnet}/virtualnetworkpeerings/{_to(remote)}"


def intended_link(zone: str, vnet: str) -> str:
    """Id of a virtual network link that has no name yet.

    Parameters
    ----------
    zone, vnet : str
        Ids of the private DNS zone that has it and of the VNet.

    Examples
    --------
    >>> hub = "/subscriptions/s1/resourcegroups/rg/providers/x/virtualnetworks/hub"
    >>> intended_link("/x/privatednszones/contoso.internal", hub)
    '/x/privatednszones/contoso.internal/virtualnetworklinks/<to s1_rg_hub>'
    """
    return f"{zone}/virtualnetworklinks/{_to(vnet)}"


def _to(vnet: str) -> str:
    """What an intended peering or link is called."""
    steps = [each for each in vnet.split("/")[2::2] if not each.startswith("<")]
    return f"<to {'_'.join([*steps[:-2], *steps[-1:]])}>"


def is_intended(identity: str) -> bool:
    """Whether a peering or link has no name yet.

    Examples
    --------
    >>> is_intended(intended_peering("/x/virtualnetworks/hub", "/x/g/y/spoke"))
    True
    """
    return name_of(identity).startswith("<to ")
