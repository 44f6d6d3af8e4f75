"""Resource ids, and the functions that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.readers.templates.signatures import framed, strict
from ipplan.readers.templates.values import Open, Unknown, UnsuitableError, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.readers.templates.evaluation import Frame


class Place(NamedTuple):
    """Where a deployment puts its resources.

    Parameters
    ----------
    subscription : str or Unknown
    group : str or Unknown or None
        None for a deployment to a subscription.
    """

    subscription: Any
    group: Any

    @property
    def id(self) -> str:
        """Id of the resource group, or of the subscription."""
        subscription = f"/subscriptions/{spelled(self.subscription)}"
        if self.group is None:
            return subscription
        return f"{subscription}/resourceGroups/{spelled(self.group)}"


def place_of(file: str, *, grouped: bool) -> Place:
    """Where a file's resources go, which the file does not say.

    >>> place_of("a.json", grouped=True).id
    '/subscriptions/<subscription of a.json>/resourceGroups/<resource group of a.json>'
    """
    group = Unknown("[resourceGroup().name]", f"<resource group of {file}>")
    subscription = f"<subscription of {file}>"
    return Place(
        Unknown("[subscription().subscriptionId]", subscription),
        group if grouped else None,
    )


def resource_id(base: str, kind: str, names: Sequence[str]) -> str:
    """Id of a resource of a type, below a group, a subscription or another resource.

    Raises
    ------
    UnsuitableError
        Where there are more or fewer names than the type has parts.

    Examples
    --------
    >>> resource_id("/s", "Microsoft.Network/virtualNetworks/subnets", ["hub", "aks"])
    '/s/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks'
    """
    provider, *types = kind.strip("/").split("/")
    if not types or len(types) != len(names):
        raise UnsuitableError
    steps = [f"/{step}/{name}" for step, name in zip(types, names, strict=True)]
    return f"{base}/providers/{provider}{''.join(steps)}"


def _parted(words: Sequence[Any]) -> tuple[Sequence[Any], str, list[str]]:
    """What stands before the type, the type and the names after it."""
    for index, word in enumerate(words[:3]):
        if isinstance(word, str) and "/" in word:
            return words[:index], word, [spelled(one) for one in words[index + 1 :]]
    raise UnsuitableError


def _resource_id(frame: Frame, *words: Any) -> str:
    before, kind, names = _parted(words)
    place = frame.scope.place
    if before:
        subscription = before[0] if before[1:] else place.subscription
        place = Place(subscription, before[-1])
    return resource_id(place.id, kind, names)


def _subscription_resource_id(frame: Frame, *words: Any) -> str:
    before, kind, names = _parted(words)
    subscription = before[0] if before else frame.scope.place.subscription
    return resource_id(Place(subscription, None).id, kind, names)


def _extension_resource_id(base: Any, kind: str, *names: Any) -> str:
    return resource_id(spelled(base), kind, [spelled(name) for name in names])


def _tenant_resource_id(kind: str, *names: Any) -> str:
    return resource_id("", kind, [spelled(name) for name in names])


def _deployment(frame: Frame) -> Open:
    return Open(name=frame.scope.name)


def _subscription(frame: Frame) -> Open:
    subscription = frame.scope.place.subscription
    return Open(id=Place(subscription, None).id, subscriptionId=subscription)


def _resource_group(frame: Frame) -> Open:
    place = frame.scope.place
    if place.group is None:
        raise UnsuitableError
    return Open(id=place.id, name=place.group)


FUNCTIONS = {
    "deployment": framed("", _deployment),
    "extensionresourceid": strict("maybe text maybe*", _extension_resource_id),
    "resourcegroup": framed("", _resource_group),
    "resourceid": framed("maybe maybe maybe*", _resource_id),
    "subscription": framed("", _subscription),
    "subscriptionresourceid": framed("maybe maybe maybe*", _subscription_resource_id),
    "tenantresourceid": strict("text maybe*", _tenant_resource_id),
}
