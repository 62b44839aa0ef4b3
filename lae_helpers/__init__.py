"""Helpers of the book "Learning the Transpose": what a chapter builds, importable and tested."""

import lazy_loader

# A name is imported when it is used; `__init__.pyi` says where each is at home.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
