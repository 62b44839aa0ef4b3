"""What ipywidgets leaves unsaid of the panel's controls, for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping

import anywidget
import traitlets

from lae_helpers.widgets.front_end import join_modules, join_styles


class Told(anywidget.AnyWidget):
    """Gives the controls around it names, true values and pressed states, and says the status.

    Parameters
    ----------
    ranges : mapping of str to pair of float
        Least and most of each slider, by its description: a logarithmic one knows its powers only.
    """

    _esm = join_modules("panel_told.js")
    _css = join_styles("panel.css")

    ranges = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(self, ranges: Mapping[str, tuple[float, float]]) -> None:
        super().__init__()
        self.set_trait("ranges", {name: list(ends) for name, ends in ranges.items()})
