"""What the figures share that a reader may give other data, in the page itself."""

from __future__ import annotations

import traitlets

from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.front_end import join_modules


class TakesOwnData(InteractiveFigure):
    """A figure on which a file may be dropped: the page reads, decomposes and shows its table.

    Nothing of it reaches Python, in JupyterLab either, where the figure takes data as an argument.
    What reads files is a front end of its own, loaded when a reader asks for it.
    """

    _own_data = traitlets.Unicode(join_modules("own_data.js"), read_only=True).tag(sync=True)
