"""Work on the store that is not cut off in its middle."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uninterrupted(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Lets a transaction come to its end when its caller is cancelled, and only then passes the cancellation on.

    Turns are cancelled when a customer stops them, streams when a reader leaves. A SQLite connection whose work is cut
    off can keep its write lock, and then nobody writes any more.
    """

    @wraps(work)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.ensure_future(work(*args, **kwargs))
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            task.exception()  # looked at, so that it is not reported as forgotten
            raise cancelled
        return task.result()

    return wrapped
