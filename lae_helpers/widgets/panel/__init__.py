"""The training panel: the real model, trained with a kernel, in ipywidgets."""
