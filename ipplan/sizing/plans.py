"""size(): one demand under one network model, or under all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from ipplan.errors import ArgumentError
from ipplan.models import NetworkModel, Standing, models_named
from ipplan.sizing.arguments import demand_of
from ipplan.sizing.demands import Demand, arrays_of, widened
from ipplan.sizing.sizings import Sizing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray


class Recommendation(NamedTuple):
    """The model to take, and the models that it was preferred to."""

    best: Sizing
    others: tuple[Sizing, ...]


class Plan(Mapping[str, Sizing]):
    """One demand under several network models: a mapping of names to sizings.

    Parameters
    ----------
    demand : Demand
        What must be carried.
    models : iterable of NetworkModel
        Rows of :data:`ipplan.models.MODELS`.
    """

    def __init__(self, demand: Demand, models: Iterable[NetworkModel]) -> None:
        self.demand = demand
        self._sizings = {model.name: Sizing(model, demand) for model in models}

    def __getitem__(self, name: str) -> Sizing:
        """The sizing of a model's name."""
        return self._sizings[name]

    def __iter__(self) -> Iterator[str]:
        """The models' names."""
        return iter(self._sizings)

    def __len__(self) -> int:
        """How many models were sized."""
        return len(self._sizings)

    def __repr__(self) -> str:
        """The table that the command line prints."""
        from ipplan.tables import text_table

        return text_table(self.columns())

    def _repr_html_(self) -> str:
        from ipplan.tables import html_table

        return html_table(self.columns())

    @property
    def recommendation(self) -> Recommendation | None:
        """What Microsoft favours among the feasible, then the fewest VNet addresses.

        None where nothing is feasible; for plans of one scenario only.
        """
        for each in self.values():
            each.check_one("recommendation")
        order = list(Standing)
        ranked = sorted(
            (each for each in self.values() if each.feasible),
            key=lambda each: (order.index(each.model.standing), each.vnet_addresses),
        )
        return Recommendation(ranked[0], tuple(ranked[1:])) if ranked else None

    def columns(self) -> dict[str, list[Any]]:
        """Tidy columns: a row a model and scenario, units in the names' docstrings.

        Returns
        -------
        dict of str to list, shape (models · scenarios,)
            Nodes, prefixes and addresses as ``docs/library.md`` lists them; what
            takes any of pandas, polars or Arrow.

        Examples
        --------
        >>> import ipplan
        >>> ipplan.size([10, 20], 30, model=["kubenet"]).columns()["nodes"]
        [10, 20]
        """
        from ipplan.sizing.tidy import tidy

        return tidy(self)

    def to_pandas(self) -> pd.DataFrame:
        """The columns as a pandas frame; pandas must be installed.

        Examples
        --------
        >>> import ipplan
        >>> ipplan.size([10, 20], 30).to_pandas().shape[0]
        10
        """
        import pandas as pd

        return pd.DataFrame(self.columns())


@overload
def size(
    nodes: Any = ..., max_pods: Any = ..., *, model: str, **demand: Any
) -> Sizing: ...
@overload
def size(
    nodes: Any = ...,
    max_pods: Any = ...,
    *,
    model: list[str] | None = ...,
    **demand: Any,
) -> Plan: ...
def size(
    nodes: int | NDArray[Any] | Sequence[int] | None = None,
    max_pods: int | NDArray[Any] | Sequence[int] | None = None,
    *,
    model: str | list[str] | None = None,
    **demand: Any,
) -> Sizing | Plan:
    """Addresses that AKS clusters take, under one network model or under all.

    Parameters
    ----------
    nodes : int or array of int, shape (...,)
        A cluster's nodes in all, 1 to 2³² − 1; ``pools`` names them one by one
        instead. [nodes]
    max_pods : int or array of int, broadcast with nodes
        10 to 250; each model's own default where it is left out. [pods/node]
    model : str or list of str
        Names of :data:`ipplan.models.MODELS`; all where it is left out.
    **demand
        What :func:`ipplan.sizing.arguments.demand_of` takes: ``max_surge``,
        ``add_nodes``, ``growth``, ``pods_per_node``, ``host_network_pods``,
        ``extra_addresses``, ``pools``, ``blue_green``, ``needs``, ``other_routes``,
        ``node_subnet``, ``pod_subnet``, ``pod_cidr``, ``vnet_free``, ``pods``,
        ``unknown``.

    Returns
    -------
    Sizing or Plan
        A Sizing for one name, else a Plan: a mapping of names to Sizings.

    Raises
    ------
    ArgumentError
        A ValueError that names the argument, the value and what is allowed.

    References
    ----------
    Each model's ``source``.

    Examples
    --------
    Microsoft's own example: 50 nodes and one more for upgrades take 1,581 addresses.

    >>> size(50, 30, max_surge=1, model="cni-node-subnet").vnet_addresses
    1581
    >>> plan = size(300, 30)
    >>> plan["cni-overlay"].node_subnets[0].prefix_length
    23
    """
    carried = widened(demand_of(nodes, max_pods, **demand))
    if carried.vnet_free and arrays_of(carried):
        raise ArgumentError("vnet_free", "with arrays", "goes with one scenario")
    rows = models_named(model)
    if isinstance(model, str):
        return Sizing(rows[0], carried)
    return Plan(carried, rows)
