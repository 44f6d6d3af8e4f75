"""Which nodes, of how many pods, give the number that Azure counted."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan import limits
from ipplan.models import MODELS, NODE_POD_PREFIX, Home
from ipplan.prefixes import BITS, prefix_for, usable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.diagnosis.texts import Message
    from ipplan.models import NetworkModel

MOST_READINGS = 6
"""Readings that are told; there may be many more that nobody would try."""

Period = Literal["since 2022", "2018 to 2021", "documented"]
"""When the service counted so; or what a page says, where no message shows it."""

Likelihood = Literal["likely", "possible"]

SINCE_2022: Period = "since 2022"
UNTIL_2021: Period = "2018 to 2021"
DOCUMENTED: Period = "documented"
NEWEST_FIRST = (SINCE_2022, DOCUMENTED, UNTIL_2021)

TARGETS = (
    ("podcidr", Home.POD_CIDR),
    ("podsubnet", Home.POD_SUBNET),
    ("vnetsubnet", Home.NODE_SUBNET),
    ("agentpoolprofile.count", Home.NODE_SUBNET),
)
"""Properties of the request, and the range that each names."""

USUAL_MAX_PODS = sorted({row.default_max_pods.value for row in MODELS.values()})
"""What pools have whose max pods nobody chose. [pods/node]"""

MAX_PODS = range(limits.MIN_MAX_PODS.value, limits.MAX_MAX_PODS.value + 1)


FEW_NODES = 20
"""With more, two pools of usual max pods give nearly any number. [nodes]"""


class Counting(NamedTuple):
    """How a range is counted: so much a node, and so much for each of its max pods."""

    models: tuple[NetworkModel, ...]
    home: Home
    per_pod: int
    per_node: int
    period: Period
    source: str


class Reading(NamedTuple):
    """Pools that give a number.

    Parameters
    ----------
    models : tuple of str
        Names of the network models that count so.
    home : Home
        The range that is counted.
    pools : tuple of pairs
        Nodes, and max pods where the number depends on them, of each pool.
        [nodes, pods/node]
    per_node : int or None
        What each node counts; None where pools differ. [addresses/node]
    formula : str
        As one would write it.
    period : str
        When the service counted so.
    likelihood : {"likely", "possible"}
        Likely where it fits the text and takes no unusual max pods.
    source : str
        What shows that it counted so.
    """

    models: tuple[str, ...]
    home: Home
    pools: tuple[tuple[int, int | None], ...]
    per_node: int | None
    formula: str
    period: Period
    likelihood: Likelihood
    source: str

    @property
    def nodes(self) -> int:
        """All nodes. [nodes]."""
        return sum(nodes for nodes, _ in self.pools)

    @property
    def max_pods(self) -> int | None:
        """Max pods, where there is one pool that has to do with them. [pods/node]."""
        return self.pools[0][1] if len(self.pools) == 1 else None


class Room(NamedTuple):
    """What the number of available addresses says of the range.

    Parameters
    ----------
    homes : tuple of Home
        The ranges that it can be.
    named : bool
        Whether the text says which.
    length : int or None
        Prefix length; a guess where the text has none. [bits]
    held : int
        Addresses that others hold; negative if there are more than the prefix has.
        [addresses]
    guessed : bool
        Whether the length is a guess.
    """

    homes: tuple[Home, ...]
    named: bool
    length: int | None = None
    held: int = 0
    guessed: bool = False


def _countings() -> Iterator[Counting]:
    for model in MODELS.values():
        seen = [row for row in model.observed if row.what == "pre-flight"]
        for row in seen:
            weights = (row.max_pods, row.limit.value)
            yield Counting((model,), model.home, *weights, SINCE_2022, row.limit.source)
        if model.home is Home.NODE_SUBNET:
            once = limits.PREFLIGHT_NODE_SUBNET_2021
            yield Counting((model,), model.home, 1, once.value, UNTIL_2021, once.source)
        elif not seen:
            weights = (0, model.block)
            yield Counting((model,), model.home, *weights, DOCUMENTED, model.source)
    others = tuple(m for m in MODELS.values() if m.home is not Home.NODE_SUBNET)
    yield Counting(others, Home.NODE_SUBNET, 0, 1, DOCUMENTED, limits.PLANNING)


COUNTINGS = tuple(_countings())
"""Every way in which AKS counts, or its pages say that it does."""


def room(message: Message) -> Room:
    """What the text and its number of available addresses say of the range.

    Nothing of a pod CIDR is reserved, so the whole of its size is available; a subnet
    has five addresses less, and less what others hold.

    Examples
    --------
    >>> from ipplan.diagnosis.texts import understood
    >>> room(understood("Pre-allocated IPs 327 exceeds IPs available 250 in Subnet "
    ...     "Cidr 10.0.0.0/24")).held
    1
    """
    error = message.error
    words = f"{error.target or ''} {error.subnet_name or ''}".lower()
    named = tuple(home for word, home in TARGETS if word in words)[:1]
    if message.row.home:
        named = (message.row.home,)
    length = _length(error.subnet)
    left = error.available
    if left is None:
        return Room(named or tuple(Home), bool(named), length)
    whole = _whole(left)
    if length is None:
        cidr = whole is not None and (not named or named[0] is Home.POD_CIDR)
        homes = named or ((Home.POD_CIDR,) if cidr else _SUBNETS)
        found = whole if cidr else int(prefix_for(left)) or None
        return Room(homes, bool(named), found, _held(homes, found, left), guessed=True)
    homes = named or ((Home.POD_CIDR,) if length == whole else _SUBNETS)
    return Room(homes, bool(named), length, _held(homes, length, left))


_SUBNETS = (Home.NODE_SUBNET, Home.POD_SUBNET)


def _length(subnet: str | None) -> int | None:
    """The prefix length of an IPv4 range, as far as it is one."""
    address, _, digits = (subnet or "").rpartition("/")
    if ":" in address or not digits.isdecimal():
        return None
    return int(digits) if int(digits) <= BITS else None


def _whole(left: int) -> int | None:
    """The prefix length of a pod CIDR that is this large."""
    length = BITS + 1 - left.bit_length()
    allowed = limits.LARGEST_POD_CIDR.value <= length <= NODE_POD_PREFIX
    return length if allowed and left == usable(length, 0) else None


def _held(homes: tuple[Home, ...], length: int | None, left: int) -> int:
    if length is None:
        return 0
    reserved = 0 if homes == (Home.POD_CIDR,) else limits.RESERVED_ADDRESSES.value
    return int(usable(length, reserved)) - left


def readings(message: Message) -> tuple[tuple[Reading, ...], int]:
    """Every reading that gives the number, likeliest first, and how many more.

    Examples
    --------
    >>> from ipplan.diagnosis.texts import understood
    >>> found, more = readings(understood("Pre-allocated IPs 747 exceeds IPs available"
    ...     " 251 in Subnet Cidr 10.240.0.0/24, Subnet Name aks"))
    >>> found[0].formula, found[0].period
    ('3 x (250 - 1)', 'since 2022')
    """
    number = message.error.preallocated
    if not number:
        return (), 0
    where = room(message)
    countings = [
        each
        for each in COUNTINGS
        if each.home in where.homes and _is_of_its_time(each, message)
    ]
    found = [each for counting in countings for each in _alone(counting, number)]
    weighed = [_weighed(each, message, where) for each in found]
    if not any(each.likelihood == "likely" for each in weighed):
        weighed += [
            each for counting in countings for each in _of_two(counting, number)
        ]
    weighed.sort(key=lambda each: _rank(each, message, where))
    return tuple(weighed[:MOST_READINGS]), max(len(weighed) - MOST_READINGS, 0)


def _is_of_its_time(counting: Counting, message: Message) -> bool:
    """Whether the wording of the message is not that of another time."""
    if message.old:
        return counting.period != SINCE_2022
    return not message.modern or counting.period != UNTIL_2021


def _alone(counting: Counting, number: int) -> Iterator[Reading]:
    """Pools that give a number each by itself."""
    for max_pods in MAX_PODS if counting.per_pod else (None,):
        each = counting.per_pod * (max_pods or 0) + counting.per_node
        nodes, rest = divmod(number, each)
        few = max_pods is not None and nodes * max_pods < limits.POOL_PODS.value
        models = _of_so_many(counting, nodes)
        if not rest and not few and models:
            pools = ((nodes, max_pods),)
            yield _reading(counting, pools)._replace(models=models, per_node=each)


def _of_so_many(counting: Counting, nodes: int) -> tuple[str, ...]:
    """The models that have clusters of so many nodes."""
    return tuple(
        model.name
        for model in counting.models
        if nodes <= (model.route_limit or limits.CLUSTER_NODES).value
    )


def _of_two(counting: Counting, number: int) -> Iterator[Reading]:
    """Two pools of usual max pods; of each two the fewest nodes."""
    for few, many in combinations(USUAL_MAX_PODS if counting.per_pod else (), 2):
        small, large = few + counting.per_node, many + counting.per_node
        for count in range(min(number // large, FEW_NODES), 0, -1):
            others, rest = divmod(number - count * large, small)
            if not rest and 0 < others <= FEW_NODES - count:
                yield _reading(counting, ((count, many), (others, few)))
                break


def _reading(counting: Counting, pools: tuple[tuple[int, int | None], ...]) -> Reading:
    return Reading(
        models=tuple(model.name for model in counting.models),
        home=counting.home,
        pools=pools,
        per_node=None,
        formula=" + ".join(_formula(counting, *pool) for pool in pools),
        period=counting.period,
        likelihood="possible",
        source=counting.source,
    )


def _formula(counting: Counting, nodes: int, max_pods: int | None) -> str:
    if max_pods is None:
        return f"{nodes:,} x {counting.per_node}"
    sign = "-" if counting.per_node < 0 else "+"
    return f"{nodes:,} x ({max_pods} {sign} {abs(counting.per_node)})"


def _rank(reading: Reading, message: Message, where: Room) -> tuple[int, int, int]:
    """How far-fetched it is, and then how many nodes it takes; then the newest."""
    period = NEWEST_FIRST.index(reading.period)
    return _strain(reading, message, where), reading.nodes, period


def _strain(reading: Reading, message: Message, where: Room) -> int:
    """What must be assumed for it: nothing, an old message, odd max pods."""
    max_pods = reading.max_pods
    if len(reading.pools) > 1:
        strain = 2
    elif max_pods is None:
        # One address a node fits any number, so that it fits this one says little.
        strain = 3 if reading.per_node == 1 else 0
    else:
        steps = (max_pods in USUAL_MAX_PODS, max_pods % 10 == 0, max_pods % 5 == 0)
        strain = steps.index(True) if any(steps) else 4
    guessed = reading.period == UNTIL_2021 and not message.old
    unnamed = reading.home is Home.POD_SUBNET and not where.named
    return strain + guessed + unnamed


def _weighed(reading: Reading, message: Message, where: Room) -> Reading:
    plain = _strain(reading, message, where) == 0
    shown = reading.period != DOCUMENTED
    return reading._replace(likelihood="likely" if plain and shown else "possible")
