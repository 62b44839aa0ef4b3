"""The training panel: a reader trains the real model and watches its weights."""

from __future__ import annotations

import math
import threading
import time
from typing import Any, SupportsFloat, SupportsIndex

from lae_helpers._checks import ArrayLike, check_count
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.training import History
from lae_helpers.widgets.background import BackgroundRun
from lae_helpers.widgets.base import BaseFigure, stand_in
from lae_helpers.widgets.limits import MOST_COMPONENTS
from lae_helpers.widgets.panel.controls import Controls
from lae_helpers.widgets.panel.learner import Learner, center_images
from lae_helpers.widgets.panel.settings import check_settings

SECONDS_BETWEEN_PICTURES = 0.25
SLOW_RECORDS, SLOW_PAUSE = 60, 0.05


class TrainingPanel(BaseFigure):
    """Train a linear autoencoder on a background thread and show its weights as it goes.

    The model has no biases and is trained on the centred data. Start goes on from a stopped
    training if nothing was chosen anew in between, and begins afresh otherwise. A choice made
    while a training runs stops it and begins afresh with that choice. The first records are slowed
    down for the eye unless slow motion is off, or `wait` is called: then nobody watches.

    Parameters
    ----------
    X : array_like or torch.Tensor, shape (n_samples, n_features)
        Data; centred here. A sample has to be a square image.
    regularizer : {"none", "product", "sum", "non-uniform sum"}
        The non-uniform sum spreads its strengths evenly from ``0.5 * lam`` to ``1.5 * lam``.
    lam : float
        Strength, from 0.001 to 10, on the scale of the variances.
    n_components : int
        Width k of the bottleneck, from 1 to 16.
    optimizer : {"lbfgs", "adam", "sgd"}
    seed : int
        Seed of the starting weights and of the order of the minibatches.

    Attributes
    ----------
    controls : Controls
        The widgets of the panel; to set their values does what a reader's click does.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers import load_mnist
    >>> from lae_helpers.widgets import TrainingPanel
    >>> panel = TrainingPanel(load_mnist()[0], regularizer="sum", n_components=4)
    """

    def __init__(
        self,
        X: ArrayLike,
        *,
        regularizer: str = "none",
        lam: SupportsFloat = 0.3,
        n_components: SupportsIndex = 8,
        optimizer: str = "lbfgs",
        seed: int = 0,
    ) -> None:
        self._data = center_images(X)
        most = min(MOST_COMPONENTS, *self._data.X.shape)
        settings = check_settings(regularizer, lam, n_components, optimizer, most_components=most)
        self._seed = check_count("seed", seed, at_least=0)
        self._run: BackgroundRun | None = None
        self._control = threading.RLock()  # clicks may arrive on several threads of the kernel
        self.controls = Controls(settings, most_components=most)
        self.controls.start.on_click(lambda _button: self.start())
        self.controls.stop.on_click(lambda _button: self.stop())
        self.controls.reset.on_click(lambda _button: self.reset())
        for control in self.controls.choices:
            control.observe(self._choose, names="value")
        self._resumable, self._next_picture = False, 0.0
        self.reset()

    @property
    def model(self) -> LinearAutoencoder:
        """The model, with what it has learned so far."""
        return self._learner.model

    @property
    def history(self) -> History:
        """Steps and losses of the model since its starting weights."""
        return self._learner.history

    @property
    def error(self) -> Exception | None:
        """What ended the last training, if it failed."""
        return None if self._run is None else self._run.error

    @property
    def training(self) -> bool:
        """Whether a training runs at this moment."""
        return self._run is not None and self._run.working

    @property
    def status(self) -> str:
        """What the panel says."""
        return self.controls.status

    def start(self) -> None:
        """Train in the background; do nothing if a training runs."""
        with self._control:
            if self.training:
                return
            self._let_report()
            over = bool(self._learner.curves.steps) and not self._resumable
            if over or self.controls.settings != self._learner.settings:
                self._begin_afresh()
            self._resumable = True
            self.controls.show_activity(active=True)
            self.controls.say(f"Training: {self._learner.settings}.")
            self._run = BackgroundRun(self._train, self._finish)
            self._run.start()

    def stop(self) -> None:
        """End the training, if one runs; the model keeps what it has learned."""
        with self._control:
            if self._run is not None:
                self._run.stop()

    def reset(self) -> None:
        """End the training, if one runs, and take new starting weights."""
        with self._control:
            self.stop()
            self._run = None
            self._begin_afresh()
            self.controls.show_activity(active=False)
            self.controls.say(f"Ready: {self._learner.settings}. Press Start to train.")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the training, at full speed, and return whether it has ended.

        Raises
        ------
        Exception
            What ended the training, if it failed.
        """
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while (run := self._run) is not None and run.alive:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            run.join(min(left, threading.TIMEOUT_MAX))
        if self.error is not None:
            raise self.error
        return True

    def _begin_afresh(self) -> None:
        self._learner = Learner(self._data, self.controls.settings, self._seed)
        self._resumable = False
        self.controls.show_progress(0.0)
        self._show()

    def _choose(self, _change: object) -> None:
        with self._control:
            if self.training:
                self.stop()
                self._begin_afresh()
                self.start()
                return
            self._let_report()
            chosen, shown = self.controls.settings, self._learner.settings
            if not self._learner.curves.steps:
                self.reset()
            elif chosen == shown:
                go_on = "go on" if self._resumable else "train afresh"
                self.controls.say(f"As in the picture: {chosen}. Press Start to {go_on}.")
            else:
                self.controls.say(
                    f"Chosen: {chosen}. Press Start to train afresh; "
                    f"the picture still shows {shown}."
                )

    def _let_report(self) -> None:
        """Wait until a training that has ended has said so and drawn its last picture."""
        if self._run is not None:
            self._run.join()

    def _train(self, run: BackgroundRun) -> None:
        """Do the work of the background thread."""
        self._learner.train(run, lambda record: self._follow(run, record))

    def _follow(self, run: BackgroundRun, record: int) -> None:
        """Show a record if the last picture is old enough, and give the eye some time."""
        if not run.watched:
            return
        if time.monotonic() >= self._next_picture:
            self._show()
            self.controls.show_progress(self._learner.progress(record))
            self.controls.say(f"Training: {self._learner.report()}.")
        if self.controls.slowly.value and record < SLOW_RECORDS:
            run.dawdle(SLOW_PAUSE)

    def _show(self) -> None:
        begin = time.monotonic()
        self.controls.show_picture(self._learner.draw())
        end = time.monotonic()
        # Drawing may take half of the time at most: the training goes on.
        self._next_picture = end + max(SECONDS_BETWEEN_PICTURES, end - begin)

    def _finish(self, run: BackgroundRun) -> None:
        """Say how the background thread ended: its last act."""
        ending = self._learner.end(run.error, stopped=run.stop_wanted)
        self._resumable = ending.resumable
        if ending.complete:
            self.controls.show_progress(1.0)
        self.controls.say(ending.sentence, mood=ending.mood)
        self.controls.show_activity(active=False)
        self._show()

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        _, for_colab = self.controls.told._repr_mimebundle_() or ({}, {})
        note = "Training again needs JupyterLab: open this chapter there and press Start."
        said = f"Last picture: {self._learner.report()}. {note}"
        view = self.controls.root._repr_mimebundle_()
        return stand_in(view, self._learner.draw(), said), for_colab
