"""The threads that a computation takes, and gives back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from lae_helpers import LinearAutoencoder, fit
from lae_helpers.training.threads import MOST_FEATURES, threads_for


def now() -> tuple[int, set[int]]:
    """Return the threads of torch and of NumPy's libraries."""
    return torch.get_num_threads(), {
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    }


@pytest.fixture
def two_threads() -> Iterator[None]:
    """Give torch and NumPy two threads for the time of a test."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with threadpool_limits(2, user_api="blas"):
        yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_fit_takes_one_thread_and_gives_back_what_there_was() -> None:
    X, seen = np.random.default_rng(0).normal(size=(20, 5)), []
    assert now() == (2, {2})
    fit(
        LinearAutoencoder(5, 2), X, callback=lambda *_: seen.append(now()), tolerance=0, max_steps=3
    )
    assert seen == 4 * [(1, {1})]
    assert now() == (2, {2})
    with pytest.raises(ValueError, match="no"):
        fit(LinearAutoencoder(5, 2), X, callback=lambda *_: bool(int("no")))
    assert now() == (2, {2})


@pytest.mark.usefixtures("two_threads")
def test_large_matrices_keep_their_threads() -> None:
    with threads_for(MOST_FEATURES + 1):
        assert now() == (2, {2})
    with threads_for(MOST_FEATURES):
        assert now() == (1, {1})


@pytest.mark.usefixtures("two_threads")
def test_two_fits_at_once_give_back_what_there_was() -> None:
    both, first_is_over = threading.Barrier(2), threading.Event()

    def hold() -> None:
        with threads_for(5):
            both.wait()
            first_is_over.wait()

    other = threading.Thread(target=hold)
    with threads_for(5):
        other.start()
        both.wait()
    assert now() == (2, {2})  # though the other computes still
    first_is_over.set()
    other.join()
    assert now() == (2, {2})
