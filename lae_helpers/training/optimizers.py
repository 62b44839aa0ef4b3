"""The optimisers of `fit` in one table: the options that belong to each, the steps it takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from functools import partial
from itertools import chain
from types import MappingProxyType

import torch

from lae_helpers._samples import Minibatches, Source
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.alternating import alternate, is_penalised
from lae_helpers.training.coordinates import Coordinates
from lae_helpers.training.full_batch import default_rate, gradient_descent, lbfgs
from lae_helpers.training.minibatch import minibatch_steps
from lae_helpers.training.objective import Objective, Point
from lae_helpers.training.options import Options
from lae_helpers.training.record import Step

Steps = Generator[Step, None, None]


class Optimizer(ABC):
    """What `fit` has to know of an optimiser.

    Attributes
    ----------
    options : tuple of str
        Those of `fit` that belong to it and not to all.
    has_to_arrive : bool
        Whether an end before the minimum is worth a warning.
    """

    options: tuple[str, ...]
    has_to_arrive: bool

    def minibatches(self, source: Source, options: Options) -> Minibatches | None:  # noqa: ARG002
        """Return what it passes over again and again, or None if moments are all it needs.

        Parameters
        ----------
        source : Source
        options : Options
        """
        return None

    def choose_axes(  # noqa: B027 - the model's own will do for most
        self, coordinates: Coordinates, regularizer: Regularizer, options: Options
    ) -> None:
        """Turn the coordinates to the axes in which its steps are cheap.

        Parameters
        ----------
        coordinates : Coordinates
            Turned in place.
        regularizer : Regularizer
        options : Options
        """

    @abstractmethod
    def steps(
        self,
        objective: Objective,
        coordinates: Coordinates,
        options: Options,
        batches: Minibatches | None,
    ) -> Steps:
        """Yield the start, then what is to be recorded.

        Parameters
        ----------
        objective : Objective
        coordinates : Coordinates
        options : Options
        batches : Minibatches or None
            What ``minibatches`` returned.
        """


class OnAllData(Optimizer):
    """An optimiser that moves the weights alone, by the gradient on all of the data.

    Parameters
    ----------
    options : tuple of str
    points : callable
        Of objective, start and options: an iterator over points, one a step.
    needs_diagonal : callable, optional
        Of regulariser, width and options: whether its steps need a diagonal matrix.
    """

    has_to_arrive = True

    def __init__(
        self,
        options: tuple[str, ...],
        points: Callable[[Objective, Point, Options], Iterator[Point]],
        needs_diagonal: Callable[[Regularizer, int, Options], bool] = lambda *_: False,
    ) -> None:
        self.options, self._points, self._needs_diagonal = options, points, needs_diagonal

    def choose_axes(
        self, coordinates: Coordinates, regularizer: Regularizer, options: Options
    ) -> None:
        """Leave out what nothing reaches; take the eigenvectors where the steps need them."""
        coordinates.drop_what_nothing_reaches()
        if self._needs_diagonal(regularizer, coordinates.model.n_components, options):
            coordinates.turn_to_eigenvectors()

    def steps(
        self,
        objective: Objective,
        coordinates: Coordinates,
        options: Options,
        batches: Minibatches | None,  # noqa: ARG002
    ) -> Steps:
        """Yield every step; from the first one on the biases are the best ones."""
        start = objective.at(coordinates.weights())
        yield Step(0, start, coordinates.offset())
        no_offset = torch.zeros(1, dtype=torch.float64)
        for number, point in enumerate(self._points(objective, start, options), start=1):
            yield Step(number, point, no_offset, partial(coordinates.place, point.weights))


class ByMinibatches(Optimizer):
    """An optimiser of torch's, which moves the model itself, biases included, batch by batch."""

    options = ("batch_size", "epochs", "learning_rate", "schedule")
    has_to_arrive = False

    def __init__(self, kind: type[torch.optim.Optimizer]) -> None:
        self._kind = kind

    def minibatches(self, source: Source, options: Options) -> Minibatches:
        """Return the rows, a batch at a time."""
        return source.minibatches(options.batch_size, options.seed)

    def steps(
        self,
        objective: Objective,
        coordinates: Coordinates,
        options: Options,
        batches: Minibatches | None,
    ) -> Steps:
        """Yield a step after every pass."""
        assert batches is not None
        counts = minibatch_steps(
            self._kind, coordinates.model, objective.regularizer, batches, options
        )
        with closing(counts):
            for number in chain([0], counts):
                point = objective.at(coordinates.weights())
                yield Step(number, point, coordinates.offset())


def _by_gradient(objective: Objective, start: Point, options: Options) -> Iterator[Point]:
    if options.learning_rate is None:
        rate = default_rate(objective, start)
    else:
        rate = options.learning_rate * objective.scale
    return gradient_descent(objective, start, max_steps=options.max_steps, rate=rate)


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({
    "lbfgs": OnAllData(
        ("max_steps",),
        lambda objective, start, options: lbfgs(objective, start, max_steps=options.max_steps),
    ),
    "gradient_descent": OnAllData(("max_steps", "learning_rate"), _by_gradient),
    "alternating": OnAllData(
        ("max_steps", "tied"),
        lambda objective, start, options: alternate(
            objective, start, max_steps=options.max_steps, tied=options.tied
        ),
        lambda regularizer, k, options: is_penalised(regularizer, k) and not options.tied,
    ),
    "adam": ByMinibatches(torch.optim.Adam),
    "sgd": ByMinibatches(torch.optim.SGD),
})  # fmt: skip
