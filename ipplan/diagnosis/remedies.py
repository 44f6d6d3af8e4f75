"""What to change so that a cluster fits and can still be upgraded, worked out."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.diagnosis.codes import IN_USE
from ipplan.findings import Severity
from ipplan.inventory.pools import DEFAULT_SURGE
from ipplan.limits import (
    LARGEST_SUBNET,
    PRIVATE_RANGES,
    RESERVED_ADDRESSES,
    SMALLEST_SUBNET,
)
from ipplan.models import MODELS, RECOMMENDED, Home
from ipplan.prefixes import prefix_for, usable
from ipplan.sizing.fits import fit
from ipplan.sizing.plans import size
from ipplan.surges import Surge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.diagnosis.readings import Reading, Room
    from ipplan.sizing.fits import Sought
    from ipplan.sizing.loads import Range
    from ipplan.sizing.sizings import Sizing

ERROR = Severity.ERROR

ARGUMENTS = {
    Home.NODE_SUBNET: "node_subnet",
    Home.POD_SUBNET: "pod_subnet",
    Home.POD_CIDR: "pod_cidr",
}
"""What :func:`ipplan.fit` calls each range."""


def remedies(reading: Reading, room: Room, cidr: str | None) -> Iterator[str]:
    """Ways out for the nodes of a reading; every number is sized and fitted.

    Parameters
    ----------
    reading : Reading
        Which nodes there are to be; of one pool, as all that are no guess are.
    room : Room
        The range that is too small for them.
    cidr : str or None
        That range, where the text has it.

    Examples
    --------
    >>> from ipplan.diagnosis.readings import readings, room
    >>> from ipplan.diagnosis.texts import understood
    >>> message = understood("Pre-allocated IPs 747 exceeds IPs available 251 in "
    ...     "Subnet Cidr 10.240.0.0/24")
    >>> first = readings(message)[0][0]
    >>> [*remedies(first, room(message), "10.240.0.0/24")][0]
    'To run and upgrade 3 nodes of 250 pods (surge 1): 1,004 addresses, a /22.'
    """
    held = max(room.held, 0) if reading.home is Home.NODE_SUBNET else 0
    sizing = _sized(reading, held=held)
    yield _enough(reading, sizing, held)
    if room.length is not None and not (room.guessed and room.held):
        yield from _as_it_is(reading, room.length, held)
    if reading.home is Home.POD_CIDR:
        yield _wider(sizing, cidr)
    else:
        yield IN_USE
    if MODELS[reading.models[0]].home is Home.NODE_SUBNET:
        yield from _without_pods(reading)


def without_surge(reading: Reading) -> int:
    """What the documented formula counts for the nodes, surge left out. [addresses]."""
    return int(_range(_sized(reading, surge=Surge(0)), reading.home).addresses)


def _sized(
    reading: Reading,
    model: str | None = None,
    *,
    held: int = 0,
    surge: Surge = DEFAULT_SURGE,
) -> Sizing:
    """The nodes of a reading, sized under its model or another one."""
    model = model or reading.models[0]
    nodes, max_pods = reading.pools[0]
    return size(nodes, max_pods, model=model, max_surge=surge, extra_addresses=held)


def _range(sizing: Sizing, home: Home) -> Range:
    return next(each for each in sizing.ranges if each.kind is home)


def pool_told(reading: Reading) -> str:
    """The nodes of a reading of one pool in words.

    >>> from ipplan.diagnosis.readings import Reading
    >>> pool_told(Reading((), None, ((3, 110),), None, "", "", "", ""))
    '3 nodes of 110 pods'
    """
    nodes, max_pods = reading.pools[0]
    return counted(nodes, "node") + _of_pods(reading, max_pods)


def _of_pods(reading: Reading, max_pods: int | None) -> str:
    """Max pods, where it matters; in a pod subnet it does, but is not counted."""
    if reading.home is Home.POD_SUBNET:
        model = MODELS[reading.models[0]]
        return f" of the default {model.default_max_pods.value} pods"
    return f" of {max_pods} pods" if max_pods else ""


def _enough(reading: Reading, sizing: Sizing, held: int) -> str:
    """What the nodes take with their surge, and the range that holds it."""
    kept = _range(sizing, reading.home)
    need = counted(kept.addresses, "address", "es")
    if held:
        need += f", {held:,} of others among them"
    surge = f"surge {sizing.surge_nodes:,}"
    told = f"To run and upgrade {pool_told(reading)} ({surge}): {need}"
    wrong = [each.message for each in sizing.findings if each.severity is ERROR]
    return told + (f", but {'; '.join(wrong)}." if wrong else f", a /{kept.length}.")


def _as_it_is(reading: Reading, length: int, held: int) -> Iterator[str]:
    """What the range holds that there is."""
    model = MODELS[reading.models[0]]
    nodes, max_pods = reading.pools[0]
    subnet = reading.home is Home.NODE_SUBNET
    largest = LARGEST_SUBNET.value if subnet else model.largest
    smallest = SMALLEST_SUBNET.value if subnet else model.smallest
    if not largest <= length <= smallest:
        return
    given: dict[str, Any] = {ARGUMENTS[reading.home]: f"/{length}", "in_use": held}
    most = fit(max_pods=max_pods, model=model.name, **given).max_nodes
    told = f"at most {counted(most, 'node')}" if most else "no node"
    yield (
        f"In a /{length}, {told}{_of_pods(reading, max_pods)} can be run and upgraded. "
        "Autoscalers count at their maximum."
    )
    if _of_pods(reading, max_pods):
        sought = fit(nodes=nodes, model=model.name, **given).sought
        yield _with_fewer_pods(counted(nodes, "node"), length, sought)


def _with_fewer_pods(nodes: str, length: int, sought: Sought | None) -> str:
    most = sought and sought.value
    if not most:
        return f"In a /{length}, {nodes} can't be upgraded whatever max pods is."
    return f"In a /{length}, {nodes} can be upgraded with at most {most} pods each."


def _wider(sizing: Sizing, cidr: str | None) -> str:
    """How a pod CIDR can grow, where it can."""
    around = _around(cidr, int(_range(sizing, Home.POD_CIDR).length))
    named = f" ({around}, if that meets nothing else)" if around else ""
    return (
        "Under Azure CNI Overlay without Windows nodes the pod CIDR can be changed to "
        f"a larger one that contains it{named}, and never back. Under kubenet it can't "
        "be changed."
    )


def _around(cidr: str | None, length: int) -> IPv4Network | None:
    """The range of a length that contains a pod CIDR, where pods may have it."""
    if cidr is None or not length:
        return None
    try:
        inner = IPv4Network(cidr)
    except ValueError:
        return None
    outer = inner.supernet(new_prefix=min(length, inner.prefixlen))
    private = [IPv4Network(str(each)) for each in PRIVATE_RANGES.value]
    return outer if any(outer.subnet_of(each) for each in private) else None


def _without_pods(reading: Reading) -> Iterator[str]:
    """The same nodes under the model that is recommended, which takes less."""
    found = _sized(reading, RECOMMENDED)
    subnet, cidr = _range(found, Home.NODE_SUBNET), _range(found, Home.POD_CIDR)
    if found.feasible:
        yield (
            f"Under {found.model.title} they take "
            f"{counted(subnet.addresses, 'address', 'es')} of the VNet, and a "
            f"/{cidr.length} pod CIDR beside it. A cluster can be moved to it, and not "
            "back; its pods can't be reached from outside then."
        )


def passing(number: int, room: Room) -> str:
    """The smallest range that passes the check itself, and what that leaves out.

    >>> from ipplan.diagnosis.readings import Room
    >>> passing(255, Room((Home.NODE_SUBNET,), named=True, length=24, held=3))
    'A /23 passes this check (255 of 504), surge not counted: give your pools to \
ipplan size --pool.'
    """
    cidr = room.homes == (Home.POD_CIDR,)
    reserved = 0 if cidr else RESERVED_ADDRESSES.value
    held = max(room.held, 0)
    length = int(prefix_for(number + held, reserved))
    if not length:
        return f"No range that Azure allows holds {number:,} addresses."
    return (
        f"A /{length} passes this check ({number:,} of "
        f"{usable(length, reserved) - held:,}), surge not counted: give your pools to "
        "ipplan size --pool."
    )
