"""More than one machine: a dask.distributed cluster as an executor."""

from __future__ import annotations

import logging
import re
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError
from ipplan.sweeps.workers import Workers
from ipplan.tables import printable
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator
    from concurrent.futures import Executor

ANSWER = 5.0
"""How long a scheduler may take to answer. [s]"""

PATIENCE = 120.0
"""How long a cluster may be without a worker: new ones take a while to start. [s]"""

BEATS = 20
"""How often workers are counted while patience lasts. [-]"""

_LAST_PORT = 65_535
_ADDRESS = re.compile(r"(?:(tcp|tls|wss?)://)?([^\s/@]+):([0-9]{1,5})", re.ASCII)

_ALIKE = f" with ipplan {__version__} installed"
"""A worker without it leaves the cluster as soon as it is sent a task."""

_LOGGERS = ("distributed", "distributed.client")
"""Those of Dask that write to stderr by themselves."""


@contextmanager
def connected(address: str, patience: float = PATIENCE) -> Generator[Executor]:
    """Connect to a Dask cluster, and leave it at the end.

    What a lost worker had in work runs again elsewhere. The scheduler and its workers
    must have ipplan, NumPy and Dask in the versions that are here.

    Parameters
    ----------
    address : str
        The scheduler's, such as ``tcp://10.0.0.4:8786``.
    patience : float
        How long it may be without a worker before the run is given up. [s]

    Yields
    ------
    Executor
        Runs each task on one of the workers.

    Raises
    ------
    ArgumentError
        Where Dask isn't installed or nobody answers, when patience ends, when the
        scheduler goes away, and when one task brings down worker after worker.
    """
    _check(address)
    with _quiet():
        client = _client(address)
        executor = Workers(client)
        done, gone = Event(), Event()
        watch = Thread(
            target=_watch, args=(client, executor, patience, done, gone), daemon=True
        )
        watch.start()
        try:
            yield executor
        except Exception as error:
            if gone.is_set():
                allowed = f"workers{_ALIKE}; there was none for {patience:g} s"
            else:
                allowed = _lacking(error)
            if allowed:
                raise _wrong(address, allowed) from error
            raise
        finally:
            done.set()
            watch.join(ANSWER)
            client.close()


def _wrong(address: str, allowed: str) -> ArgumentError:
    return ArgumentError("dask", repr(printable(address)), allowed)


def _check(address: str) -> None:
    """Refuse what is no address, and where Dask isn't installed."""
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match[3]) > _LAST_PORT or not _is_host(match[2]):
        allowed = "the address of a scheduler, such as tcp://10.0.0.4:8786"
        raise _wrong(address, allowed)
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        allowed = "needs dask.distributed: pip install ipplan[dask]"
        raise _wrong(address, allowed) from None
    if match[1] in {"tls", "wss"}:
        known = distributed.Security().get_connection_args("client")
        if known.get("ssl_context") is None:
            allowed = "certificates in Dask's configuration: distributed.comm.tls"
            raise _wrong(address, allowed)


def _is_host(name: str) -> bool:
    """Whether a name can be looked up at all."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


@contextmanager
def _quiet() -> Generator[None]:
    """Keep what Dask logs of connections and workers off stderr."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)


def _client(address: str) -> Any:
    distributed: Any = import_module("distributed")
    try:
        return distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, TypeError) as error:
        told = printable(str(error))
        raise _wrong(address, f"a scheduler that answers: {told}") from error


def _lacking(error: Exception) -> str:
    """What the cluster should have been, if it is to blame; else nothing."""
    from distributed.scheduler import KilledWorker

    if isinstance(error, CancelledError):  # nobody here cancels what he waits for
        return "a scheduler that stays; the connection was lost"
    if isinstance(error, KilledWorker):
        return "workers with enough memory; one chunk brought down several of them"
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, ImportError):
        return f"a scheduler and workers{_ALIKE}"
    return ""


def _watch(
    client: Any, executor: Executor, patience: float, done: Event, gone: Event
) -> None:
    """Give the run up once there has been no worker for too long.

    Dask waits for ever: tasks without a worker stay with the scheduler.
    """
    seen = monotonic()
    while not done.wait(patience / BEATS):
        if _workers(client):
            seen = monotonic()
        elif monotonic() - seen > patience:
            gone.set()
            executor.shutdown(wait=False)  # cancels what the caller waits for
            return


def _workers(client: Any) -> int:
    try:
        return len(client.nthreads())
    except OSError:  # the scheduler itself can't be reached
        return 0
