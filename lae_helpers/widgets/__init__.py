"""Interactive figures, which compute in the page; the training panel, which needs a kernel.

Each figure is a module of its own, with an ES module of the same name in ``js/``. ``base`` is what
they share, ``checks`` and ``limits`` say what a trait may hold, ``front_end`` joins ES modules,
``quantization`` sends matrices as bytes, ``background`` trains beside the reader, ``plane`` draws
points on paper.
"""

import lazy_loader

# A name is imported when it is used; `__init__.pyi` says where each is at home.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
