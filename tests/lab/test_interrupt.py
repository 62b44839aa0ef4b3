"""A kernel is interrupted while it waits for a training: what runs is known, and can be ended."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 240  # seconds, on a busy machine
PANEL = """
import threading, time
import numpy as np
from lae_helpers.widgets import TrainingPanel
X = np.random.default_rng(0).normal(size=(60_000, 64))
trained = TrainingPanel(X, regularizer="sum", optimizer="adam")
trained.controls.slowly.value = False
pictures = []
trained.controls.picture.observe(lambda change: pictures.append(1), names="value")
running = lambda: trained.training
steps = lambda: len(trained.history.steps)
sign_of_life = lambda: len(pictures)
begin = trained.start
"""
FEEDBACK = """
import threading, time
import numpy as np
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.rules import FeedbackAlignment
from lae_helpers.feedback.training import train_with_feedback
from lae_helpers.widgets import FeedbackFigure
labels = np.arange(12_000) % 10
X = np.random.default_rng(0).normal(size=(12_000, 64))
images = LabelledImages(X, labels, X[:200], labels[:200])
rule = FeedbackAlignment()
few = LabelledImages(X[:100], labels[:100], X[:20], labels[:20])
runs = train_with_feedback(rule, few, [8], seeds=(0,), epochs=300)
trained = FeedbackFigure({"one": {"fixed": runs}}, images)
running = lambda: trained.busy
steps = lambda: trained.progress
sign_of_life = lambda: trained.progress
begin = lambda: trained.train_again("fixed", 3)
"""
WAIT = """
begin()
while steps() == 0: time.sleep(0.01)
print("waiting", flush=True)
trained.wait()
"""
AFTER = """
def look():
    return sum(t.name == "lae-training" for t in threading.enumerate()), running()
before, patience = (steps(), sign_of_life()), time.monotonic() + 60
moved = lambda: (steps() > before[0], sign_of_life() > before[1])
while running() and not all(moved()) and time.monotonic() < patience: time.sleep(0.1)
print("moves", *moved(), *look())
try:
    begin()
except RuntimeError as error:
    print(error)
print("still", *look())
trained.stop()
print("at once", running())
rest = steps()
time.sleep(0.5)
print("stopped", steps() == rest, *look())
"""

pytestmark = pytest.mark.kernel


class Kernel:
    """A kernel of one's own: runs cells and can be interrupted in them."""

    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def run(self, code: str, on_output: Callable[[str], Any] = str) -> tuple[str, dict[str, Any]]:
        """Run a cell; return what it printed and the kernel's reply."""
        printed: list[str] = []
        asked = self.client.execute(code)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])
                on_output(printed[-1])
            if message["content"].get("execution_state") == "idle":
                return "".join(printed), self.reply_to(asked)
        pytest.fail(f"the cell did not end:\n{code}\n{''.join(printed)}")

    def reply_to(self, asked: str) -> dict[str, Any]:
        """Return the reply to a request; others may stand before it."""
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == asked:
                content: dict[str, Any] = reply["content"]
                return content

    def end(self) -> int | None:
        """Ask the kernel to end; return the code that it ended with."""
        provisioner = self.manager.provisioner
        assert isinstance(provisioner, LocalProvisioner)
        process: Any = provisioner.process
        self.client.shutdown()
        code: int | None = process.wait(timeout=PATIENCE)
        return code


@pytest.fixture
def kernel() -> Iterator[Kernel]:
    kernel = Kernel()
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("cell", [PANEL, FEEDBACK], ids=["panel", "feedback figure"])
def test_an_interrupt_ends_the_waiting_and_not_the_training(kernel: Kernel, cell: str) -> None:
    _, reply = kernel.run(cell)
    assert reply["status"] == "ok", reply

    def interrupt(text: str) -> None:
        if "waiting" in text:
            time.sleep(0.5)
            kernel.manager.interrupt_kernel()

    _, reply = kernel.run(WAIT, interrupt)
    assert reply["ename"] == "KeyboardInterrupt", reply
    printed, reply = kernel.run(AFTER)
    assert reply["status"] == "ok", reply
    assert "moves True True 1 True\n" in printed
    assert "still 1 True\n" in printed
    assert "at once False\n" in printed
    assert "stopped True 0 False\n" in printed
    # Once more, and the kernel is ended while it trains.
    kernel.run(WAIT, interrupt)
    assert kernel.end() == 0
