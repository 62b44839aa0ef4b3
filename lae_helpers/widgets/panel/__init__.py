"""The training panel: a reader trains the model by `fit` itself, with a kernel, in ipywidgets."""
