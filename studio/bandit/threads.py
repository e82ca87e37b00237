"""Linear algebra on one thread: small matrices are faster so, and sums come out the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

import scipy.linalg  # noqa: F401  (its BLAS must be loaded before the controller looks for it)
from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")


@cache
def controller() -> ThreadpoolController:
    """The thread pools of the linear algebra libraries of this process."""
    return ThreadpoolController()


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` with a single BLAS thread.

    Threads of a few hundred rows wait for each other longer than they work, and on a busy
    machine a hundred times longer. The order of additions no longer depends on the number of
    cores, which a replay needs.
    """

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with controller().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return wrapped
