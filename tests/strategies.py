"""What Hypothesis draws from: plausible clusters, and the edges of what is allowed."""

from hypothesis import strategies as st

from ipplan.inventory import NodePool
from ipplan.surges import Surge
from tests import golden

CEILING = 2**32 - 1

model_names = st.sampled_from(golden.MODELS)
small_nodes = st.integers(1, 60)
plausible_nodes = st.one_of(small_nodes, st.integers(1, 5200))
nodes = st.one_of(plausible_nodes, st.integers(1, CEILING), st.just(CEILING))
max_pods = st.one_of(st.integers(10, 250), st.sampled_from([10, 30, 31, 110, 250]))
percentages = st.integers(0, 100).map("{}%".format)
surges = st.one_of(percentages, st.integers(0, 40).map(str), st.just("10%"))
running = st.one_of(st.none(), st.integers(0, 250))
host = st.integers(0, 12)
extra = st.one_of(st.just(0), st.integers(0, 400))


@st.composite
def scenarios(draw, nodes=nodes):
    """Keywords of golden.size but for the model."""
    return {
        "nodes": draw(nodes),
        "max_pods": draw(max_pods),
        "text": draw(surges),
        "running": draw(running),
        "host": draw(host),
        "extra": draw(extra),
    }


def demand(scenario):
    """A scenario in the words of ipplan.size."""
    words = {
        "nodes": scenario["nodes"],
        "max_pods": scenario["max_pods"],
        "max_surge": scenario["text"],
        "host_network_pods": scenario["host"],
        "extra_addresses": scenario["extra"],
    }
    if scenario["running"] is not None:
        words["pods_per_node"] = scenario["running"]
    return words


@st.composite
def pools(draw, most=4):
    """Literal pools of distinct names, some spot, some in subnets of their own."""
    found = []
    for index in range(draw(st.integers(1, most))):
        subnet = draw(st.sampled_from([None, None, "a", "b"]))
        found.append(
            NodePool(
                f"pool{index}",
                draw(st.integers(0, 400)),
                draw(max_pods),
                Surge.parse(draw(surges)),
                priority=draw(st.sampled_from(["regular", "regular", "spot"])),
                subnet=subnet,
                pod_subnet=draw(st.sampled_from([None, None, "p", "q"])),
            )
        )
    return found
