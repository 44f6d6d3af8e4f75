"""When growing nodes outgrow their ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.sizing.growth import growth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipplan.sizing.sizings import Sizing


def months_left(sizing: Sizing, yearly: Any) -> NDArray[Any]:
    """Months until the nodes outgrow the ranges; 0 where they do, NaN where never.

    Parameters
    ----------
    sizing : Sizing
        Of arrays. Where a range of the model was given, one that was not can still be
        chosen larger, and does not stop it; where none was, those chosen for it do.
    yearly : float or ndarray of float
        Growth of the nodes a year, compound. [%]

    Returns
    -------
    ndarray of float, of the sizing's shape
        12 · ln(most / nodes) / ln(1 + yearly / 100), with the most nodes that fit.
        [months]

    Examples
    --------
    >>> import numpy as np
    >>> import ipplan
    >>> found = ipplan.size(np.array([100]), 30, model="cni-overlay", node_subnet=24)
    >>> months_left(found, 50).round(1)
    array([24.4])
    """
    import numpy as np

    given = [sizing.demand.given(each.kind) for each in sizing.ranges]
    most = growth(sizing, chosen_bind=all(each is None for each in given)).nodes
    left = months_until(sizing.nodes, most, yearly)
    return np.where(np.asarray(sizing.broken), 0.0, left)


def months_until(nodes: Any, most: Any, yearly: Any) -> NDArray[Any]:
    """Months until growing nodes are more than fit; 0 where they are, NaN for never.

    Parameters
    ----------
    nodes, most : int or ndarray of int
        Now, and the most that fit. [nodes]
    yearly : float or ndarray of float
        Growth a year, compound. [%]

    Examples
    --------
    >>> months_until(100, 200, 100).tolist()
    12.0
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        left = 12 * np.log(np.divide(most, nodes)) / np.log1p(np.divide(yearly, 100))
    left = np.where(np.greater(yearly, 0), left, np.nan)
    return np.where(np.less(most, nodes), 0.0, left)
