"""Whoever works a sweep out, wherever and in whatever pieces: the answers are equal."""

import asyncio
import math
import multiprocessing
import os
import pickle
import signal
import socket
import ssl
import sys
import time
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ipplan
from ipplan.errors import ArgumentError
from ipplan.sweeps.clusters import _workers, connected
from ipplan.sweeps.distributions import Distribution
from ipplan.sweeps.grids import Span
from ipplan.sweeps.runs import AHEAD, Costs, in_order, workers_of
from ipplan.sweeps.summaries import summary
from ipplan.sweeps.sweeps import Sweep, sweep
from ipplan.sweeps.tally import Counting
from ipplan.sweeps.workers import _settle

NODES = st.lists(st.integers(1, 6_000), min_size=1, max_size=9)
PODS = st.lists(st.integers(10, 250), min_size=1, max_size=4)
SURGES = st.lists(st.sampled_from(["1", "10%", "33%", "7"]), min_size=1, max_size=3)
MODEL_NAMES = st.lists(
    st.sampled_from(sorted(ipplan.MODELS)), min_size=1, max_size=3, unique=True
)
FILTERS = st.sampled_from([None, "feasible", "vnet_addresses < 4096 or nodes > 300"])


@st.composite
def sweeps(draw):
    """Sweeps with any order of axes, scenarios side by side and draws."""
    axes = {
        "nodes": draw(NODES),
        "max_pods": draw(PODS),
        "max_surge": draw(SURGES),
        "growth_per_year": draw(st.sampled_from([[0], [10, 25], [12.5]])),
        "months": draw(st.lists(st.integers(0, 60), min_size=1, max_size=2)),
    }
    if draw(st.booleans()):
        axes["nodes"] = Distribution("normal", (200.0, 90.0))
    names = draw(st.permutations(list(axes)))
    words = {name: axes[name] for name in names[: names.index("nodes") + 3]}
    words |= {"model": draw(MODEL_NAMES), "where": draw(FILTERS)}
    return sweep(samples=draw(st.integers(1, 9)), seed=7, **words)


def whole(chunks):
    """Rows of chunks, joined."""
    parts = list(chunks)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def same(rows, others):
    """Equal to the last bit, with equal types."""
    assert list(rows) == list(others)
    for name, values in rows.items():
        assert values.dtype == others[name].dtype
        assert values.tobytes() == others[name].tobytes(), name


def square(number):
    if number < 0:
        raise ValueError(number)
    return number * number


class Idle(Executor):
    """Takes tasks; they are done when a test says so."""

    def __init__(self):
        self.futures = []
        self._max_workers = 2

    def submit(self, fn, /, *args):
        future = Future()
        future.task = fn, args
        self.futures.append(future)
        return future

    def finish(self, count):
        """Do some of the tasks."""
        for future in self.futures[:count]:
            if not future.done():
                fn, args = future.task
                future.set_result(fn(*args))


@pytest.fixture(scope="module")
def threads():
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def processes():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


def local_cluster(**words):
    distributed = pytest.importorskip(
        "distributed", reason="needs dask.distributed: pip install ipplan[dask]"
    )
    words = {"threads_per_worker": 1, "dashboard_address": ":0", **words}
    return distributed.LocalCluster(host="127.0.0.1", **words)


def pids(executor):
    """The workers' processes."""
    return list(executor._client.run(os.getpid).values())


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def cluster():
    with local_cluster(n_workers=2) as found:
        yield found
        with connected(found.scheduler_address) as executor:
            left = pids(executor)
    assert not any(map(alive, left))


@pytest.fixture(scope="module")
def dask(cluster):
    with connected(cluster.scheduler_address) as executor:
        yield executor


@given(sweeps(), st.integers(1, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_and_summaries_are_the_same_whoever_works(threads, dask, found, size):
    at_once = whole(found.chunks(size=found.cells))
    same(at_once, whole(found.chunks(size)))
    same(at_once, whole(found.chunks(1)))
    for executor in (threads, dask):
        elsewhere = Sweep(found.work, executor)
        same(at_once, whole(elsewhere.chunks(max(size, math.ceil(found.cells / 6)))))
        assert elsewhere.summary() == found.summary()


@given(NODES, PODS, SURGES, MODEL_NAMES)
@settings(max_examples=10)
def test_two_dask_workers_say_what_size_says_of_each_cell(
    dask, nodes, max_pods, surges, names
):
    columns = ["nodes", "feasible", "node_subnet_prefix_length", "vnet_addresses"]
    found = sweep(
        model=names,
        nodes=nodes,
        max_pods=max_pods,
        max_surge=surges,
        columns=columns,
        executor=dask,
    )
    rows = whole(found.chunks(size=50))
    cells = product(dict.fromkeys(names), nodes, max_pods, surges)
    for row, (name, count, most, surge) in enumerate(cells):
        one = ipplan.size(count, most, max_surge=surge, model=name)
        assert [int(rows[column][row]) for column in columns] == [
            count,
            2 if one.feasible is None else one.feasible,
            one.node_subnets[0].prefix_length or 0,
            one.vnet_addresses,
        ]


def test_processes_give_the_same_rows_and_summary(processes):
    words = {"nodes": "1:400", "max_pods": "10:250:16", "where": "feasible"}
    found, elsewhere = sweep(**words), sweep(**words, executor=processes)
    same(whole(found.chunks(3_001)), whole(elsewhere.chunks(3_001)))
    assert elsewhere.summary() == found.summary()


@given(sweeps(), st.data())
def test_a_part_holds_the_same_cells(found, data):
    start = data.draw(st.integers(0, found.grid.size - 1))
    stop = data.draw(st.integers(start + 1, found.grid.size))
    model = data.draw(st.integers(0, len(found.grid.models) - 1))
    work, here = found.work.part(Span(model, start, stop))
    assert work.grid.size <= found.grid.size
    work = pickle.loads(pickle.dumps(work))  # noqa: S301  # our own
    same(work(here), found.work(Span(model, start, stop)))


def test_what_is_sent_does_not_grow_with_the_axes():
    small = sweep(nodes=np.arange(1, 101), max_pods="10:250")
    large = sweep(nodes=np.arange(1, 1_000_001), max_pods="10:250")
    span = Span(3, 24_100_000 - 100, 24_100_000)
    assert len(pickle.dumps(large.work)) > 8_000_000
    for work in (large.work, Counting(large.work)):
        sent = work.part(span if work is large.work else span[1:])
        assert len(pickle.dumps(sent)) < len(pickle.dumps(small.work)) + 2_000


def test_values_are_sent_once_and_keep_their_shape():
    grid = sweep(nodes=np.arange(1, 10_001).reshape(100, 100), max_pods=30).grid
    sent = pickle.dumps(grid.dimensions[0])
    assert len(sent) < 81_000
    assert pickle.loads(sent).shape == (100, 100)  # noqa: S301  # our own


@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 40])
def test_results_come_in_the_order_of_the_tasks(threads, count):
    expected = [(number, number * number) for number in range(count)]
    assert list(in_order(square, range(count), None)) == expected
    assert list(in_order(square, iter(range(count)), threads)) == expected


@pytest.mark.parametrize("executor", [None, "threads", "processes", "dask"])
def test_what_a_task_raises_comes_in_its_place(request, executor):
    if executor:
        executor = request.getfixturevalue(executor)
    results = in_order(math.sqrt, [4, 9, -1, 16], executor)
    assert [next(results), next(results)] == [(4, 2), (9, 3)]
    with pytest.raises(ValueError, match="math domain"):
        next(results)
    assert list(results) == []


def test_few_tasks_wait_at_a_time():
    idle = Idle()
    taken = []
    tasks = (taken.append(number) or number for number in range(100))
    window = AHEAD * 2
    results = in_order(square, tasks, idle)
    for done in range(20):
        # The next result is there before it is asked for, so that nothing hangs.
        future_count = len(idle.futures)
        assert future_count <= window + done
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(next, results)
            while len(idle.futures) < window + done:
                pass
            idle.finish(done + 1)
            assert asked.result() == (done, done * done)
    assert len(taken) == len(idle.futures) == window + 19
    results.close()


def test_waiting_tasks_are_cancelled_when_the_caller_has_enough():
    idle = Idle()
    idle.submit = lambda fn, *args: _done_first(idle, fn, args)
    results = in_order(square, range(100), idle)
    assert next(results) == (0, 0)
    results.close()
    assert [each.cancelled() for each in idle.futures] == [False] + [True] * 5


def _done_first(idle, fn, args):
    future = Idle.submit(idle, fn, *args)
    idle.finish(1)
    return future


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_waiting_tasks_are_cancelled_when_something_is_raised(error):
    idle = Idle()

    def submit(fn, *args):
        future = Idle.submit(idle, fn, *args)
        if len(idle.futures) == 1:
            future.set_exception(error())
        return future

    idle.submit = submit
    with pytest.raises(error):
        next(in_order(square, range(100), idle))
    assert [each.cancelled() for each in idle.futures] == [False] + [True] * 5


def test_costs_are_those_of_each_chunk(threads):
    found = sweep(nodes="1:100", model="kubenet", executor=threads)
    assert str(found.costs) == "0 chunks on 1 worker, 0 ms each"
    list(found.chunks(size=10))
    costs = found.costs
    assert (len(costs.seconds), costs.workers) == (10, 2)
    assert 0 < min(costs.seconds) <= costs.each <= max(costs.seconds) <= costs.wall
    told = Costs()
    summary(sweep(nodes="1:100", where="feasible").work, costs=told)
    assert (len(told.seconds), told.workers) == (1, 1)


def test_costs_in_words_and_overhead():
    assert str(Costs(1, [0.0311], 1)) == "1 chunk on 1 worker, 31.1 ms each"
    assert str(Costs(2, [2.0] * 1_200, 1)).startswith(
        "1,200 chunks on 2 workers, 2e+03"
    )
    assert Costs(2, [1.0, 3.0], 2.5).overhead == 0.5
    assert Costs(2, [1.0, 3.0], 1.5).overhead == 0


def test_an_executor_that_tells_nothing_has_a_worker_for_each_processor(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert workers_of(Executor()) == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert workers_of(Executor()) == 1


def test_the_workers_of_a_cluster_are_counted(dask):
    assert workers_of(dask) == 2


@pytest.mark.parametrize("after", [1, 4, 11])
def test_a_worker_killed_costs_nothing_but_time(dask, after):
    words = {"nodes": "1:3000", "max_pods": "10:250:8", "model": "cni-node-subnet"}
    found = sweep(**words)
    parts = []
    victim, survivor = pids(dask)
    for number, rows in enumerate(Sweep(found.work, dask).chunks(size=5_000), start=1):
        parts.append(rows)
        if number == after:  # the next ones are in work
            os.kill(victim, signal.SIGKILL)
    same(whole(found.chunks()), whole(parts))
    dask._client.wait_for_workers(2, timeout=60)
    assert victim not in pids(dask)
    assert survivor in pids(dask)


def test_a_summary_survives_a_worker_killed(dask):
    found = sweep(nodes="1:3000", max_pods="10:250", where="feasible", model="kubenet")
    killed = []

    def kill(_):
        if not killed:
            killed.append(os.kill(pids(dask)[-1], signal.SIGKILL))

    assert Sweep(found.work, dask).summary(kill) == found.summary()
    assert killed
    dask._client.wait_for_workers(2, timeout=60)


def test_a_task_that_kills_its_workers_is_given_up(cluster, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    with (
        pytest.raises(
            ArgumentError, match=r"dask 'tcp://.*': workers with enough memory"
        ),
        connected(cluster.scheduler_address) as executor,
    ):
        executor.submit(os._exit, 1).result()
    with connected(cluster.scheduler_address) as executor:
        executor._client.wait_for_workers(2, timeout=60)


def test_what_goes_wrong_otherwise_is_left_as_it_is(cluster):
    with (
        pytest.raises(ZeroDivisionError),
        connected(cluster.scheduler_address) as executor,
    ):
        executor.submit(divmod, 1, 0).result()


def test_what_is_in_work_is_waited_for_unless_it_is_to_be_cancelled(cluster):
    with connected(cluster.scheduler_address) as executor:
        future = executor.submit(square, 4)
        executor.shutdown()
        assert future.result(30) == 16
        future = executor.submit(time.sleep, 2)
        executor.shutdown(cancel_futures=True)
        with pytest.raises(CancelledError):
            future.result(30)


def test_what_nobody_waits_for_any_more_is_cancelled(dask):
    dask._client.run(time.sleep, 0)  # both workers are there
    running = [dask.submit(time.sleep, 0.5) for _ in range(2)]
    waiting = dask.submit(square, 3)
    task = next(each for each in dask._tasks if each.key.startswith("square"))
    assert waiting.cancel()
    wait([waiting])
    assert task.cancelled()
    assert [each.result(30) for each in running] == [None, None]


def test_a_result_that_comes_after_all_is_dropped():
    async def late():
        return 9

    future = Future()
    future.cancel()
    asyncio.run(_settle(late(), future))
    assert future.cancelled()


def test_a_scheduler_without_ipplan_is_told(cluster):
    def run():
        with connected(cluster.scheduler_address):
            # As Dask's client raises it.
            raise RuntimeError("Error during deserialization") from ImportError()

    with pytest.raises(ArgumentError, match="a scheduler and workers with ipplan"):
        run()


def test_a_scheduler_that_cannot_be_reached_has_no_workers():
    class Lost:
        def nthreads(self):
            raise OSError

    assert _workers(Lost()) == 0


def test_a_cluster_without_workers_is_given_up():
    with (
        local_cluster(n_workers=0) as empty,
        pytest.raises(
            ArgumentError, match=r"ipplan .* installed; there was none for 0\.2 s"
        ),
        connected(empty.scheduler_address, patience=0.2) as executor,
    ):
        list(in_order(square, range(9), executor))


def test_a_scheduler_that_goes_away_is_told():
    def run_on(empty):
        with connected(empty.scheduler_address) as executor:
            future = executor.submit(square, 3)
            empty.close()
            future.result(30)

    with (
        local_cluster(n_workers=0) as empty,
        pytest.raises(ArgumentError, match="a scheduler that stays; the connection"),
    ):
        run_on(empty)


def test_nobody_answers(monkeypatch):
    pytest.importorskip("distributed", reason="needs ipplan[dask]")
    monkeypatch.setattr("ipplan.sweeps.clusters.ANSWER", 0.3)
    with socket.socket() as bound:  # bound and not listening: the port stays closed
        bound.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(ArgumentError) as caught, connected(address):
            pass
    told = str(caught.value)
    assert told.startswith(f"dask '{address}': a scheduler that answers: Timed out")
    assert "\n" not in told


@pytest.mark.parametrize(
    "address",
    [
        "",
        "host",
        "http://host:1",
        "tcp://host",
        "host:65536",
        "a b:1",
        "a..b:1",
        "a" * 64 + ":1",
        "h:1\n",
        "h:\x1b",
    ],
)
def test_what_is_no_address_is_refused_at_once(address):
    with (
        pytest.raises(ArgumentError, match="the address of a scheduler, such as"),
        connected(address),
    ):
        pass


def test_tls_without_certificates_is_refused_at_once():
    pytest.importorskip("distributed", reason="needs ipplan[dask]")
    with (
        pytest.raises(ArgumentError, match="certificates in Dask's configuration"),
        connected("tls://127.0.0.1:65535"),
    ):
        pass


def test_tls_with_certificates_is_tried(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="needs ipplan[dask]")
    monkeypatch.setattr("ipplan.sweeps.clusters.ANSWER", 0.3)
    monkeypatch.setattr(
        distributed.Security,
        "get_connection_args",
        lambda *_: {"ssl_context": ssl.create_default_context()},
    )
    monkeypatch.setattr(distributed, "Client", unanswered)
    with (
        pytest.raises(ArgumentError, match="a scheduler that answers: nobody"),
        connected("tls://127.0.0.1:65535"),
    ):
        pass


def unanswered(*_, **__):
    raise OSError("nobody")


def test_without_dask_the_way_out_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ArgumentError, match=r"pip install ipplan\[dask\]"),
        connected("tcp://127.0.0.1:65535"),
    ):
        pass


def test_dask_logs_nothing_on_the_way(cluster, capfd):
    import logging

    before = logging.getLogger("distributed").level
    with connected(cluster.scheduler_address) as executor:
        assert executor.submit(square, 3).result() == 9
    assert logging.getLogger("distributed").level == before
    assert capfd.readouterr() == ("", "")
