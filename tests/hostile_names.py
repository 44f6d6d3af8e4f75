"""Names that would do harm where they were not escaped, and an estate full of them."""

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import ExternalRange, Group
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.pools import NodePool
from ipplan.tables import printable

RUN = "document.title='owned'"
"""What scripts in names would do; pages are asked for their title afterwards."""

LONG = "x" * 10_000

HOSTILE = (
    f"</script><script>{RUN}</script>",
    f"</title></style></svg><script>{RUN}</script>",
    f'<svg onload="{RUN}">',
    f'"><img src=x onerror="{RUN}">',
    f"' onmouseover='{RUN}' onfocus='{RUN}' autofocus tabindex='0",
    f'" onmouseover="{RUN}" onfocus="{RUN}" autofocus tabindex="0',
    f'<a href="javascript:{RUN}">x</a> javascript:{RUN}',
    f"`${{{RUN}}}` ${{{RUN}}}",
    "{{7*7}} {{ ''.__class__ }}",
    "{% raw %}{% endraw %}{# x #}",
    "*/</style><style>*{display:none}",
    f"x:expression({RUN})",
    f"background:url(javascript:{RUN}) url(https://attacker.example/x)",
    f"]]><script>{RUN}</script><![CDATA[",
    f"--><script>{RUN}</script><!--",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;&amp;',
    "&#x202e;&#60;script&#62; &lt;b&gt; &nbsp;",
    "\u202egnp.exe",
    "\u2066\u2067\u2068\u2069\u200f\u061c\u202a\u202b\u202c\u202d",
    "nul\0byte \x01\x08\x0b\x0c\x1b[2J\x7f\x85\x9f",
    "one\ntwo\r\nthree\ttab\u2028line\u2029paragraph",
    "\ud800 and \udfff",
    "\ufeff\ufffe\uffff\U0001fffe zero\u200bwidth",
    "| a | `b` *c* _d_ [e](javascript:f) ![g](https://attacker.example/h)",
    "<b>bold</b> # heading @octocat https://attacker.example/",
    "=cmd|' /C calc'!A0",
    "ünïcødé 網路 مرحبا שלום e\u0301 👩\u200d💻",
    "a" + "\u0301" * 80,
    "W" * 300,
    LONG,
)
"""What people, or people who mean harm, may have called something."""


def shown(name):
    """A name as pages and pictures show it: what steers its reader is spelled out."""
    return printable(name)


def hostile_estate(names=HOSTILE):
    """An estate in which everything that has a name has each of these.

    VNet by VNet each is peered with the next, its cluster's pods overlap that one, and
    a network on premises overlaps the VNet: so findings have the names too.
    """
    count = len(names)
    vnets = [_vnet(i, name, (i + 1) % count) for i, name in enumerate(names)]
    ids = [each.id for each in vnets]
    return Inventory(
        vnets=tuple(sorted(vnets, key=lambda each: each.id)),
        clusters=tuple(_cluster(i, each, count) for i, each in enumerate(names)),
        external_ranges=tuple(
            ExternalRange(name, (_range(f"10.{i}.0.0/20"),), (ids[i],))
            for i, name in enumerate(names)
        ),
        groups=tuple(
            Group(name, "virtual-wan", tuple(sorted({ids[i], ids[i - 2]})))
            for i, name in enumerate(names)
        ),
        incomplete=tuple(names),
    )


def hostile_az(names=HOSTILE):
    """The same VNets and subnets as ``az network vnet list`` would give them.

    Half a surrogate pair is no JSON, and is left out.
    """
    names = [each for each in names if each.encode("utf-8", "ignore").decode() == each]
    return [
        {
            "id": _vnet_id(i),
            "name": name,
            "type": "Microsoft.Network/virtualNetworks",
            "location": name,
            "addressSpace": {"addressPrefixes": [f"10.{i}.0.0/16"]},
            "subnets": [
                {
                    "id": f"{_vnet_id(i)}/subnets/s",
                    "name": name,
                    "addressPrefix": f"10.{i}.0.0/24",
                    "type": "Microsoft.Network/virtualNetworks/subnets",
                }
            ],
            "virtualNetworkPeerings": [],
        }
        for i, name in enumerate(names)
    ]


def _range(text):
    return Cidr.parse(text)


def _vnet_id(number):
    group = f"/subscriptions/s/resourcegroups/g{number}/providers"
    return f"{group}/microsoft.network/virtualnetworks/v{number}"


def _vnet(number, name, other):
    identity = _vnet_id(number)
    return VNet(
        id=identity,
        name=name,
        prefixes=(_range(f"10.{number}.0.0/16"),),
        subnets=(
            Subnet(f"{identity}/subnets/s", name, (_range(f"10.{number}.0.0/24"),)),
            Subnet(f"{identity}/subnets/t", name, (_range(f"10.{number}.128.0/24"),)),
        ),
        peerings=(
            Peering(
                f"{identity}/virtualnetworkpeerings/p",
                name,
                remote=_vnet_id(other),
                state="Connected",
            ),
        ),
        location=name,
    )


def _cluster(number, name, count):
    return Cluster(
        name=name,
        id=f"/subscriptions/s/resourcegroups/g{number}/providers"
        f"/microsoft.containerservice/managedclusters/c{number:03}",
        model="cni-overlay",
        network_plugin="azure",
        pools=(
            NodePool(name, 300, 30, subnet=f"{_vnet_id(number)}/subnets/s", current=3),
        ),
        pod_cidrs=(_range(f"10.{(number + 1) % count}.0.0/16"),),
        service_cidrs=(_range("10.250.0.0/16"),),
        location=name,
    )
