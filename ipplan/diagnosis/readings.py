"""Which nodes, of how many pods, give the number that Azure counted."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan import limits
from ipplan.diagnosis.codes import SCALE_SET
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


ONE_A_NODE_SEEN = "https://github.com/Azure/AKS/issues/3686"
"""Where AKS counted one address for each node that two autoscalers could add."""

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
    alone = Counting(_BESIDE, Home.NODE_SUBNET, 0, 1, SINCE_2022, ONE_A_NODE_SEEN)
    yield alone
    yield alone._replace(period=DOCUMENTED, source=limits.PLANNING)


_BESIDE = tuple(m for m in MODELS.values() if m.home is not Home.NODE_SUBNET)
"""Models whose nodes take nothing for pods from the node subnet."""

COUNTINGS = tuple(_countings())
"""Every way in which AKS counts, or its pages say that it does."""

NODES_MADE = (
    *(
        Counting((model,), model.home, 1, 1, DOCUMENTED, model.source)
        for model in MODELS.values()
        if model.home is Home.NODE_SUBNET
    ),
    Counting(_BESIDE, Home.NODE_SUBNET, 0, 1, DOCUMENTED, limits.PLANNING),
)
"""What new nodes take of the node subnet, whatever AKS counted before."""


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
    countings = [each for each in _countings_of(message) if each.home in where.homes]
    found = [each for counting in countings for each in _alone(counting, number)]
    weighed = [_weighed(each, message, where) for each in found]
    if not is_of_new_nodes(message) and not any(map(is_likely, weighed)):
        weighed += [
            each for counting in countings for each in _of_two(counting, number)
        ]
    weighed.sort(key=lambda each: _rank(each, message, where))
    told = _told(weighed)
    return told, len(weighed) - len(told)


def is_likely(reading: Reading) -> bool:
    """Whether it is more than a guess."""
    return reading.likelihood == "likely"


def is_usual(reading: Reading) -> bool:
    """Whether it is one pool of a default max pods, where max pods count."""
    return reading.max_pods in USUAL_MAX_PODS


def is_of_new_nodes(message: Message) -> bool:
    """Whether the number is that of one scale set's new nodes, not of a cluster."""
    return message.row.checked_by == SCALE_SET


def _told(ranked: list[Reading]) -> tuple[Reading, ...]:
    """The first ones; where a default max pods fits, one of such is among them."""
    told, rest = ranked[:MOST_READINGS], ranked[MOST_READINGS:]
    if not any(map(is_usual, told)):
        # Else one could not say whether any does.
        told[-1:] = next(([each] for each in rest if is_usual(each)), told[-1:])
    return tuple(told)


def _countings_of(message: Message) -> Iterator[Counting]:
    """The ways in which the check that spoke can have counted."""
    if is_of_new_nodes(message):
        yield from NODES_MADE
        return
    for each in COUNTINGS:
        # What is seen today needs no page to say it.
        seen = each.models == _BESIDE and not message.old
        if _is_of_its_time(each, message) and not (seen and each.period == DOCUMENTED):
            yield each


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


def _rank(reading: Reading, message: Message, where: Room) -> tuple[int, ...]:
    """Readings of another time last; then how far-fetched, and how many nodes."""
    late = _is_late(reading, message)
    period = NEWEST_FIRST.index(reading.period)
    return late, _strain(reading, where), reading.nodes, period


def _is_late(reading: Reading, message: Message) -> bool:
    """Whether the service no longer counted so when it worded the message."""
    return reading.period == UNTIL_2021 and not message.old


def _strain(reading: Reading, where: Room) -> int:
    """What must be assumed for it: nothing, several pools, odd max pods."""
    max_pods = reading.max_pods
    if len(reading.pools) > 1:
        strain = 1
    elif max_pods is not None:
        steps = (is_usual(reading), False, max_pods % 10 == 0, max_pods % 5 == 0, True)
        strain = steps.index(True)
    elif reading.per_node == 1:
        # It fits any number, so that it fits this one says little.
        strain = 3 if reading.period == DOCUMENTED else 1
    else:
        strain = 0
    return strain + (reading.home is Home.POD_SUBNET and not where.named)


def _weighed(reading: Reading, message: Message, where: Room) -> Reading:
    plain = _strain(reading, where) == 0 and not _is_late(reading, message)
    # New nodes take what is documented: nothing else counts them.
    shown = reading.period != DOCUMENTED or is_of_new_nodes(message)
    return reading._replace(likelihood="likely" if plain and shown else "possible")
