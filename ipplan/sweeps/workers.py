"""The workers of a Dask client, as an executor of the standard library."""

from __future__ import annotations

from concurrent.futures import CancelledError, Executor, Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class Workers(Executor):
    """Runs each task on one of a cluster's workers, on another where that is lost.

    Dask's own executor looks at a task's state again once it has fetched the result,
    and takes the result for an error where the worker was lost in between.

    Parameters
    ----------
    client : distributed.Client
        Stays connected while tasks are in work.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._tasks: WeakSet[Any] = WeakSet()

    def submit(
        self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any
    ) -> Future[Result]:
        """Have a callable run, each time anew."""
        task = self._client.submit(fn, *args, pure=False, **kwargs)
        self._tasks.add(task)
        future: Future[Result] = Future()
        future.add_done_callback(partial(self._let_go, task))
        self._client.loop.add_callback(_settle, task, future)
        return future

    def _let_go(self, task: Any, future: Future[Any]) -> None:
        """Cancel a task that nobody waits for any more."""
        if future.cancelled() and not task.cancelled():
            self._client.loop.add_callback(task.cancel)

    def shutdown(  # as the standard library has it
        self,
        wait: bool = True,  # noqa: FBT001, FBT002  # the standard library's
        *,
        cancel_futures: bool = False,
    ) -> None:
        """Cancel what is in work, unless it is waited for."""
        if cancel_futures or not wait:
            self._client.cancel(list(self._tasks))


async def _settle(task: Any, future: Future[Any]) -> None:
    """Hand a task's outcome on to who waits for it."""
    result, raised = None, None
    try:
        result = await task
    except CancelledError:
        future.cancel()
    except Exception as error:  # noqa: BLE001  # told to who waits for it
        raised = error
    if not future.set_running_or_notify_cancel():
        return
    if raised is None:
        future.set_result(result)
    else:
        future.set_exception(raised)
