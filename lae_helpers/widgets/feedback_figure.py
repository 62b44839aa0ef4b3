"""The feedback figure: recorded trainings with learned feedback, and another one on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsIndex

import traitlets

from lae_helpers._checks import check_choice, check_count
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.looks import looks_for_page
from lae_helpers.feedback.plots import plot_runs
from lae_helpers.feedback.runs import Runs, record_for_page
from lae_helpers.feedback.training import train_with_feedback
from lae_helpers.plotting import Picture
from lae_helpers.widgets.background import BackgroundRun
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles

MOST_SEED = 9999


class FeedbackFigure(InteractiveFigure):
    """Accuracy, angle and length of the feedback along recorded trainings, by rule and layer.

    Parameters
    ----------
    runs : mapping of str to mapping of str to Runs
        By name of a network, then by label of a rule; the same labels for every network.
    images : LabelledImages, optional
        What was learned; with it and a kernel a rule can be trained again with another seed.
    network : str, optional
        The network at the start; the first with two feedback matrices, or else the first, if not
        given.
    rules : sequence of str, optional
        The labels shown at the start; all if not given.
    epoch : int, optional
        At the start; the last if not given.

    Attributes
    ----------
    network : str
        May be set, as may ``rules`` and ``epoch``.
    rules : list of str
    epoch : int

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.feedback.records import load_recording
    >>> from lae_helpers.widgets import FeedbackFigure
    >>> FeedbackFigure(load_recording().runs).network
    '2 hidden layers'
    """

    _esm = join_modules("feedback_figure.js")
    _css = join_styles("figure.css", "compass.css", "feedback_figure.css")

    network = traitlets.Unicode().tag(sync=True)
    rules = traitlets.List(traitlets.Unicode()).tag(sync=True)
    epoch = Count(0, min=0).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    looks = traitlets.Dict(read_only=True).tag(sync=True)
    records = traitlets.Dict(read_only=True).tag(sync=True)
    fresh = traitlets.Dict(read_only=True).tag(sync=True)
    trainable = traitlets.Bool(False, read_only=True).tag(sync=True)
    busy = traitlets.Bool(False, read_only=True).tag(sync=True)
    progress = traitlets.Float(0.0, read_only=True).tag(sync=True)
    status = traitlets.Unicode("", read_only=True).tag(sync=True)
    _most_seed = traitlets.Int(MOST_SEED, read_only=True).tag(sync=True)

    def __init__(
        self,
        runs: Mapping[str, Mapping[str, Runs]],
        images: LabelledImages | None = None,
        *,
        network: str | None = None,
        rules: list[str] | None = None,
        epoch: int | None = None,
    ) -> None:
        if not runs or not all(runs.values()):
            raise ValueError("runs must hold at least one network, each with at least one rule")
        labels = list(next(iter(runs.values())))
        if any(list(some) != labels for some in runs.values()):
            raise ValueError("runs must have the same rules, in the same order, for every network")
        self._runs = {name: dict(some) for name, some in runs.items()}
        self._images = images
        self._training: BackgroundRun | None = None
        super().__init__()
        records = {
            n: {label: record_for_page(r) for label, r in some.items()} for n, some in runs.items()
        }
        state = {"labels": labels, "looks": looks_for_page(labels), "records": records}
        for name, value in {**state, "trainable": images is not None}.items():
            self.set_trait(name, value)
        middle = [name for name, some in runs.items() if len(some[labels[0]].widths) == 4]
        self.network = network if network is not None else (middle or list(runs))[0]
        self.rules = labels if rules is None else rules
        self.epoch = self._last_epoch() if epoch is None else epoch
        self.set_trait("status", "Choose a rule and a seed to train it again.")
        self.on_msg(self._hear)

    @traitlets.validate("network")
    def _check_network(self, proposal: dict[str, Any]) -> str:
        with trait_errors():
            return check_choice("network", proposal["value"], self._runs)

    @traitlets.validate("rules")
    def _check_rules(self, proposal: dict[str, Any]) -> list[str]:
        with trait_errors():
            wanted = [check_choice("rules", label, self.labels) for label in proposal["value"]]
        return [label for label in self.labels if label in wanted]

    @traitlets.validate("epoch")
    def _check_epoch(self, proposal: dict[str, Any]) -> int:
        last = max(len(one.accuracies) for some in self._runs.values() for one in some.values()) - 1
        with trait_errors():
            return check_count("epoch", proposal["value"], at_least=0, at_most=last)

    def train_again(self, rule: str, seed: SupportsIndex) -> None:
        """Train a rule on the present network with another seed, in the background.

        Parameters
        ----------
        rule : str
            One of ``labels``.
        seed : int
            From 0 to 9999.

        Raises
        ------
        TypeError, ValueError
            If an argument is of the wrong kind or out of range, or no images were given.
        RuntimeError
            If a training runs: one at a time.
        """
        images = self._images
        if images is None:
            raise ValueError("images must be given to the figure before it can train again")
        check_choice("rule", rule, self.labels)
        seed = check_count("seed", seed, at_least=0, at_most=MOST_SEED)
        if self.busy:
            raise RuntimeError(
                "another training runs: wait for its end, or stop it, before you train again"
            )
        self.set_trait("busy", True)
        network, pattern = self.network, self._runs[self.network][rule]
        self._say(f"Training {rule} with seed {seed}, {network}.", 0.0)

        def work(run: BackgroundRun) -> None:
            def follow(epoch: int) -> bool:
                self.set_trait("progress", epoch / pattern.epochs)
                return run.stop_wanted

            found = train_with_feedback(
                pattern.rule, images, pattern.widths[1:-1], seeds=(seed,),
                epochs=pattern.epochs, learning_rate=pattern.learning_rate,
                batch_size=pattern.batch_size, callback=follow,
            )  # fmt: skip
            self.set_trait(
                "fresh", {"network": network, "rule": rule, "record": record_for_page(found)}
            )

        self._training = BackgroundRun(work, self._finish)
        self._training.start()

    def stop(self) -> None:
        """End the training, if one runs; what it has found until then is shown."""
        if self._training is not None:
            self._training.stop()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the end of the training; raise what ended it, if it failed."""
        if self._training is not None:
            self._training.join(timeout)
            if self._training.error is not None:
                raise self._training.error

    def picture(self) -> Picture:
        """Draw the angles of the feedback of the network that is shown."""
        some = self._runs[self.network]
        shown = {label: some[label] for label in self.rules or self.labels}
        ends = "; ".join(
            f"{label} {100 * one.accuracies[-1].mean():.1f} %" for label, one in shown.items()
        )
        return plot_runs(
            shown, "weight_angles", alt=f"{self.network}. Test accuracy at the end: {ends}"
        )

    def _last_epoch(self) -> int:
        return max(len(one.accuracies) for one in self._runs[self.network].values()) - 1

    def _say(self, sentence: str, progress: float) -> None:
        self.set_trait("status", sentence)
        self.set_trait("progress", progress)

    def _finish(self, run: BackgroundRun) -> None:
        """Say how the background thread ended: its last act."""
        if run.error is not None:
            self._say(f"Training failed: {run.error}.", 0.0)
        else:
            accuracies = self.fresh["record"]["accuracies"]
            n_epochs = len(accuracies) - 1
            after = f"after {n_epochs} epoch{'' if n_epochs == 1 else 's'}"
            self._say(
                f"{'Stopped' if run.stop_wanted else 'Done'} {after}: {self.fresh['rule']} "
                f"reaches {100 * accuracies[-1][0]:.1f} %.",
                self.progress,
            )
        self.set_trait("busy", False)

    def _hear(self, _figure: object, content: dict[str, Any], _buffers: object) -> None:
        """Do what the front end asks for; it may ask for nonsense."""
        if content.get("kind") == "stop":
            self.stop()
        elif content.get("kind") == "train":
            try:
                self.train_again(content.get("rule", ""), content.get("seed", -1))
            except (TypeError, ValueError) as error:
                self._say(f"{error}.", 0.0)
            except RuntimeError as error:
                self._say(f"{error}.", self.progress)
