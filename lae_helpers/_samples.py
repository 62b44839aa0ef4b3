"""What every kind of data can do, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar, Protocol, TypeVar

from lae_helpers._checks import FloatArray

S = TypeVar("S")  # a summary of some rows


class Minibatches(Protocol):
    """Rows a few at a time: an iteration is one pass over all of them."""

    n_batches: int  # in a pass; right after the first at the latest

    def __iter__(self) -> Iterator[FloatArray]: ...


class Source(ABC):
    """Data that have been sorted out and checked."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def shape(self) -> tuple[float, float]:
        """Samples and features; NaN, as in Dask, for what only a pass over them will show."""

    def checked(self) -> Source:
        """Return the source in float64, or raise an error if it cannot be data."""
        return self

    def expect(self, n_features: int, n_components: int) -> None:
        """Raise a ValueError unless a model of these widths can be trained on the data."""
        if self.shape[1] != n_features:
            raise ValueError(
                f"X must have {n_features} columns like the model, but its shape is {self.shape}"
            )
        check_rows(self.shape, n_components)

    def minibatches(self, batch_size: int | None, seed: int) -> Minibatches:  # noqa: ARG002
        """Return rows that can be passed over again and again, a few at a time.

        Parameters
        ----------
        batch_size : int or None
            Rows at a time, if the data do not come in batches; 64 if not given.
        seed : int
            Of their order.

        Raises
        ------
        ValueError
            If there are no rows, or once only, or not so many.
        """
        raise ValueError(
            "X must be an array, a DataLoader or a list of batches for the optimizers 'adam' and "
            f"'sgd', which pass over it again and again, but it is {self.kind}; 'lbfgs', "
            "'gradient_descent' and 'alternating' need one pass only"
        )


class Samples(Source):
    """Data of which the rows are at hand."""

    @abstractmethod
    def reduce(self, summarise: Callable[[FloatArray], S], merge: Callable[[S, S], S]) -> S:
        """Pass over the checked rows once: a summary of each lot, merged into one of all."""


def check_rows(shape: tuple[float, float], n_components: int) -> None:
    """Raise a ValueError if there are known to be fewer samples than components."""
    if shape[0] < n_components:
        raise ValueError(
            f"X must have at least {n_components} rows for that many components, "
            f"but its shape is {shape}"
        )
