"""How many threads a computation takes: small matrices are fastest with one."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from threadpoolctl import ThreadpoolController

MOST_FEATURES = 2000  # up to here one thread; threads that wait for each other spin

_of_numpy = threading.Lock()


def threads_for(n_features: int) -> AbstractContextManager[None]:
    """Return a context in which NumPy and torch compute with one thread if that is the fastest.

    On leaving it both have the threads that they had. Where several are open at once, NumPy's
    number, which is the process's, is that of the first of them.
    """
    return _one_thread() if n_features <= MOST_FEATURES else nullcontext()


@contextmanager
def _one_thread() -> Iterator[None]:
    of_torch = torch.get_num_threads()  # those of the calling thread
    first = _of_numpy.acquire(blocking=False)
    limit = _controller().limit(limits=1, user_api="blas") if first else None
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(of_torch)
        if limit is not None:
            limit.restore_original_limits()
            _of_numpy.release()


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks through the libraries of the process, once
