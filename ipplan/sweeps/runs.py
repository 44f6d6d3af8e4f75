"""Many tasks, one after another or by an executor: results in order, few at a time."""

from __future__ import annotations

import os
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Executor, Future

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 3
"""Tasks in work or waiting, for each worker: none idles, and memory stays flat. [-]"""


@dataclass
class Costs:
    """What the chunks of a run took, each measured where it was worked out.

    Parameters
    ----------
    workers : int
        Processes or threads that could work at the same time. [-]
    seconds : list of float
        Of each chunk that is done. [s]
    wall : float
        From the run's start to its latest result, with what was done with the results
        that came before. [s]

    Examples
    --------
    >>> str(Costs(2, [0.030, 0.032, 0.031], 0.06))
    '3 chunks on 2 workers, 31 ms each'
    """

    workers: int = 1
    seconds: list[float] = field(default_factory=list[float])
    wall: float = 0.0

    @property
    def each(self) -> float:
        """The median chunk. [s]."""
        return median(self.seconds or [0.0])

    @property
    def overhead(self) -> float:
        """What the run took beyond work that is spread evenly. [s]."""
        return max(self.wall - sum(self.seconds) / self.workers, 0.0)

    def __str__(self) -> str:
        """Say it in a line."""
        chunks = f"{len(self.seconds):,} chunk{'s'[: len(self.seconds) != 1]}"
        workers = f"{self.workers:,} worker{'s'[: self.workers != 1]}"
        return f"{chunks} on {workers}, {self.each * 1_000:.3g} ms each"


def in_order(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    executor: Executor | None,
    costs: Costs | None = None,
) -> Iterator[tuple[Task, Result]]:
    """Each task with its result, in the tasks' order.

    What a task raises is raised in its place. Then, and when the caller has enough,
    tasks that wait are cancelled.

    Parameters
    ----------
    work : callable
        For an executor of processes, one that can be pickled. Where it has a method
        ``part(task)``, that says what is sent instead: a callable and a task that give
        the same, and are small.
    tasks : iterable
        What it is called with; taken a few ahead of the results.
    executor : Executor or None
        Who calls it; this process, where there is none.
    costs : Costs, optional
        Told what the tasks take.
    """
    told = Costs() if costs is None else costs
    told.workers = workers_of(executor)
    start = perf_counter()
    with closing(_answers(work, tasks, executor, AHEAD * told.workers)) as answers:
        for task, (result, seconds) in answers:
            told.seconds.append(seconds)
            told.wall = perf_counter() - start
            yield task, result


def _answers(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    executor: Executor | None,
    window: int,
) -> Generator[tuple[Task, tuple[Result, float]]]:
    if executor is None:
        for task in tasks:
            yield task, _timed(work, task)
        return
    part: Any = getattr(work, "part", None)
    waiting: deque[tuple[Task, Future[tuple[Result, float]]]] = deque()
    try:
        for task in tasks:
            sent: Any = part(task) if part else (work, task)
            waiting.append((task, executor.submit(_timed, *sent)))
            if len(waiting) >= window:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        for _, future in waiting:
            future.cancel()


def _first(waiting: deque[tuple[Task, Future[Result]]]) -> tuple[Task, Result]:
    """Wait for the task that has waited longest."""
    task, future = waiting.popleft()
    return task, future.result()


def _timed(work: Callable[[Task], Result], task: Task) -> tuple[Result, float]:
    """Run one task where it was sent to: its result, and its seconds."""
    start = perf_counter()
    result = work(task)
    return result, perf_counter() - start


def workers_of(executor: Executor | None) -> int:
    """How many tasks an executor works on at the same time, as far as it tells. [-].

    Those of the standard library have ``_max_workers``; a Dask client is asked for its
    workers' threads. An executor that tells nothing is taken to have one for each
    processor here: with too few in view workers idle, with too many results pile up.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> workers_of(None), workers_of(ThreadPoolExecutor(3))
    (1, 3)
    """
    if executor is None:
        return 1
    client: Any = getattr(executor, "_client", None)
    if hasattr(client, "nthreads"):
        threads: dict[str, int] = client.nthreads()
        return max(1, sum(threads.values()))
    count: Any = getattr(executor, "_max_workers", None)
    return count if isinstance(count, int) else os.cpu_count() or 1
