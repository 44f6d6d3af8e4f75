"""Maps made by hand, for the tests of what is drawn of them."""

from ipplan.cidrs import Cidr


def fill(reserved, used, growth, free):
    return {"reserved": reserved, "used": used, "growth": growth, "free": free}


def subnet(cidr, name="web", **more):
    size = Cidr.parse(cidr).size
    found = {
        "id": f"/s/{name}".lower(),
        "name": name,
        "cidr": cidr,
        "addresses": size,
        "fill": fill(5, 1, 0, size - 6) if ":" not in cidr else None,
        "over": 0,
        "purpose": [],
        "clusters": [],
        "marks": [],
    }
    return found | more


def block(cidr, *subnets, free=(), marks=()):
    return {
        "cidr": cidr,
        "addresses": Cidr.parse(cidr).size,
        "subnets": list(subnets),
        "free": list(free),
        "marks": list(marks),
    }


def network(name, *blocks, **more):
    found = {
        "id": f"/v/{name}".lower(),
        "name": name,
        "location": "westeurope",
        "seen": True,
        "role": "alone",
        "blocks": list(blocks),
        "strays": [],
        "clusters": [],
        "marks": [],
    }
    return found | more


def peering(one, other, **more):
    found = {
        "networks": sorted([f"/v/{one}", f"/v/{other}"]),
        "state": "connected",
        "one_sided": False,
        "gateway": False,
        "forwarded": False,
        "marks": [],
    }
    return found | more


def link(way, through, *names):
    ids = sorted(f"/v/{each}" for each in names)
    return {"way": way, "through": through, "networks": ids}


def a_range(cidr, use, *owners, **more):
    found = {
        "cidr": cidr,
        "addresses": Cidr.parse(cidr).size,
        "use": use,
        "owners": list(owners),
        "owner_ids": list(owners),
        "reused": len(owners) > 1,
        "fill": None,
        "marks": [],
    }
    return found | more


def mark(number, **more):
    found = {
        "number": number,
        "severity": "error",
        "effect": "breaks-traffic",
        "rule": "some-rule",
        "message": f"finding {number}",
        "fix": None,
        "source": "https://learn.microsoft.com/azure/aks/",
    }
    return found | more


def document(networks=(), **more):
    networks = list(networks)
    found = {
        "kind": "ipplan.map",
        "version": "1",
        "as_of": "2026-11-28",
        "input": {},
        "title": "shop",
        "proposed": False,
        "complete": True,
        "totals": {
            "networks": len(networks),
            "subnets": 1,
            "clusters": 1,
            "peerings": 1,
            "addresses": 256,
            "in_subnets": 128,
        },
        "networks": networks,
        "peerings": [],
        "links": [],
        "ranges": [],
        "marks": [],
        "notes": 0,
        "unknown": [],
    }
    return found | more


def hub_and_spokes(count, **more):
    spokes = [
        network(f"s{n}", block(f"10.{n // 250}.{n % 250}.0/24"), role="spoke")
        for n in range(count)
    ]
    hub = network("hub", block("10.200.0.0/24"), role="hub")
    peerings = [peering("hub", f"s{n}") for n in range(count)]
    return document([hub, *spokes], **{"peerings": peerings} | more)
