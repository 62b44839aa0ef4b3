"""The controls of the training panel: what a reader sees and touches, and nothing behind it."""

from __future__ import annotations

import html
import math

import ipywidgets

from lae_helpers.plotting import Picture
from lae_helpers.regularizers import REGULARIZERS, Unregularized
from lae_helpers.widgets.limits import LEAST_LAM, MOST_LAM
from lae_helpers.widgets.panel.settings import OPTIMIZERS, Settings
from lae_helpers.widgets.panel.told import Told

LABELS = {"description_width": "initial"}
WRAPPING = {"flex_flow": "row wrap", "align_items": "center", "max_width": "100%"}


class Controls:
    """The widgets, in their places.

    Attributes
    ----------
    root : ipywidgets.VBox
    regularizer, lam, n_components, optimizer, slowly : ipywidgets controls
    start, stop, reset : ipywidgets.Button
    picture : ipywidgets.HTML
    """

    def __init__(self, settings: Settings, *, most_components: int) -> None:
        wide = {"width": "auto", "max_width": "100%"}
        slider = {"width": "22em", "max_width": "100%"}
        self.regularizer = ipywidgets.ToggleButtons(
            options=list(REGULARIZERS),
            value=settings.regularizer,
            description="regulariser",
            style={**LABELS, "button_width": "11.5em"},
            layout=wide,
        )
        self.lam = ipywidgets.FloatLogSlider(
            value=settings.lam,
            min=math.log10(LEAST_LAM),
            max=math.log10(MOST_LAM),
            step=0.05,
            description="strength λ",
            readout_format=".3g",
            continuous_update=False,
            style=LABELS,
            layout=slider,
        )
        self.n_components = ipywidgets.IntSlider(
            value=settings.n_components,
            min=1,
            max=most_components,
            description="width k",
            continuous_update=False,
            style=LABELS,
            layout=slider,
        )
        self.optimizer = ipywidgets.Dropdown(
            options=[(choice.label, name) for name, choice in OPTIMIZERS.items()],
            value=settings.optimizer,
            description="optimiser",
            style=LABELS,
            layout={"width": "12em", "margin": "2px 2em 2px 2px"},
        )
        self.slowly = ipywidgets.Checkbox(
            value=True, description="slow motion at the start", indent=False, layout=wide
        )
        self.start = ipywidgets.Button(description="Start", icon="play", button_style="primary")
        self.stop = ipywidgets.Button(description="Stop", icon="stop", disabled=True)
        self.reset = ipywidgets.Button(description="Reset", icon="undo")
        for button in (self.start, self.stop, self.reset):
            button.layout.width = "7em"
        self._bar = ipywidgets.FloatProgress(min=0.0, max=1.0, layout={"width": "12em"})
        self._status = ipywidgets.HTML()
        self.picture = ipywidgets.HTML()
        self.told = Told({
            self.lam.description: (LEAST_LAM, MOST_LAM),
            self.n_components.description: (1, most_components),
        })  # fmt: skip
        self.root = ipywidgets.VBox(
            [
                self.regularizer,
                ipywidgets.Box([self.lam, self.n_components], layout=WRAPPING),
                ipywidgets.Box([self.optimizer, self.slowly], layout=WRAPPING),
                ipywidgets.Box([self.start, self.stop, self.reset, self._bar], layout=WRAPPING),
                self._status,
                self.picture,
                self.told,
            ],
            layout={"max_width": "100%"},
        )
        self.root.add_class("lae-training-panel")
        self.regularizer.observe(self._offer_strength, names="value")
        self._offer_strength()

    @property
    def choices(self) -> tuple[ipywidgets.Widget, ...]:
        """The controls whose values are the settings."""
        return self.regularizer, self.lam, self.n_components, self.optimizer

    @property
    def settings(self) -> Settings:
        """What is chosen now."""
        return Settings(*(control.value for control in self.choices))

    @property
    def status(self) -> str:
        """The sentence under the buttons, as HTML."""
        sentence: str = self._status.value
        return sentence

    def show_picture(self, picture: Picture) -> None:
        """Put a new picture in the place of the last."""
        self.picture.value = picture.to_html()

    def show_progress(self, fraction: float) -> None:
        """Fill the bar up to ``fraction``."""
        self._bar.value = fraction

    def say(self, sentence: str, *, mood: str = "") -> None:
        """Put a sentence under the buttons.

        Parameters
        ----------
        sentence : str
            Plain text.
        mood : {"", "success", "danger"}
            The colour of the bar; danger prints the sentence in bold.
        """
        self._bar.bar_style = mood
        weight = "bold" if mood == "danger" else "normal"
        self._status.value = (
            f'<div class="lae-status" style="line-height: 1.4; font-weight: {weight}">'
            f"{html.escape(sentence)}</div>"
        )

    def show_activity(self, *, active: bool) -> None:
        """Offer Stop while a training runs, Start while none does."""
        self.start.disabled, self.stop.disabled = active, not active

    def _offer_strength(self, _change: object = None) -> None:
        """Offer a strength only where there is a penalty."""
        self.lam.disabled = self.regularizer.value == Unregularized.name
