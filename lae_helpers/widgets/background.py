"""One piece of work on a background thread, which can be stopped and never loses an error."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable

import torch


class BackgroundRun:
    """Does ``work(self)`` on a thread of its own, then ``done(self)``.

    Attributes
    ----------
    error : Exception or None
        What ``work`` raised, if it did.
    stop_wanted : bool
        Whether the work should come to an end.
    """

    def __init__(
        self,
        work: Callable[[BackgroundRun], None],
        done: Callable[[BackgroundRun], None],
    ) -> None:
        self.error: Exception | None = None
        self._work, self._done = work, done
        self._stop, self._unwatched, self._over = (threading.Event() for _ in range(3))
        # Of one's own: a KeyboardInterrupt in Thread.join may mark a thread that runs as ended.
        self._started, self._ended = threading.Event(), threading.Event()
        # A kernel that shuts down does not wait for the training; a thread that still computes
        # while the interpreter is taken down could crash it, hence the finalizer.
        self._thread = threading.Thread(target=self._run, name="lae-training", daemon=True)
        weakref.finalize(self, _end, self._stop, self._started, self._ended, self._thread)

    def start(self) -> None:
        """Begin."""
        self._started.set()
        try:
            self._thread.start()
        except RuntimeError:  # the system has no thread to give
            self._ended.set()
            raise

    def stop(self) -> None:
        """Ask the work to end, and wait until it has."""
        self._unwatched.set()
        _end(self._stop, self._started, self._ended, self._thread)

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end, for at most ``timeout`` seconds; meanwhile do not dawdle.

        Raises
        ------
        RuntimeError
            If the work itself asks: it would wait for ever.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("the work cannot wait for its own end")
        self._unwatched.set()
        try:
            if self.alive:
                self._ended.wait(timeout)
        finally:  # an interrupt ends the waiting, not the work: somebody watches again
            if not self.stop_wanted:
                self._unwatched.clear()

    @property
    def alive(self) -> bool:
        """Whether the work has begun and has not reported its end."""
        return self._started.is_set() and not self._ended.is_set()

    @property
    def working(self) -> bool:
        """Whether the work goes on; what it reports at its end comes after."""
        return self.alive and not self._over.is_set()

    @property
    def stop_wanted(self) -> bool:
        """Whether somebody asked the work to end."""
        return self._stop.is_set()

    @property
    def watched(self) -> bool:
        """Whether somebody may be looking: not while a call waits for the end."""
        return not self._unwatched.is_set()

    def dawdle(self, seconds: float) -> None:
        """Pause for a watcher; end the pause at once when nobody watches."""
        self._unwatched.wait(seconds)

    def _run(self) -> None:
        n_threads = torch.get_num_threads()
        # Kernel, server and browser share the cores: threads of torch that wait for each other
        # would cost more than they gain on matrices as small as ours.
        torch.set_num_threads(1)
        try:
            self._work(self)
        except Exception as error:  # noqa: BLE001 - the panel shows it, wait() raises it again
            self.error = error
        finally:
            torch.set_num_threads(n_threads)
            self._over.set()
        try:
            self._done(self)
        finally:
            self._ended.set()


def _end(
    stop: threading.Event,
    started: threading.Event,
    ended: threading.Event,
    thread: threading.Thread,
) -> None:
    stop.set()
    if started.is_set() and thread is not threading.current_thread():
        ended.wait()
