"""Traits check as arguments do: truth values, NaN and what is out of range are refused in words."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import traitlets

from lae_helpers import synthetic_data
from lae_helpers.widgets import LadderFigure, SpectrumFigure
from lae_helpers.widgets.checks import Count, Number, list_limits

pd = pytest.importorskip("pandas")  # comes with mlxtend


class Slider(traitlets.HasTraits):
    share = Number(0.5, min=0.0, max=1.0)
    count = Count(2, min=1, max=5)


def test_numbers_of_every_kind_are_taken() -> None:
    slider = Slider()
    for share, count in ((1, np.int64(5)), (np.float32(0), 1)):
        slider.share, slider.count = share, count
        assert (slider.share, slider.count) == (float(share), int(count))
        assert (type(slider.share), type(slider.count)) == (float, int)


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, -math.inf, True, "0.5", None])
def test_what_is_no_share(value: object) -> None:
    slider = Slider()
    with pytest.raises(traitlets.TraitError, match=r"^share must be (between 0 and 1|a real)"):
        setattr(slider, "share", value)  # noqa: B010 - mypy knows that some are none
    assert slider.share == 0.5


@pytest.mark.parametrize("value", [0, 6, 2.0, math.nan, True, "2", None])
def test_what_is_no_count(value: object) -> None:
    slider = Slider()
    with pytest.raises(traitlets.TraitError, match=r"^count must be (between 1 and 5|an integer)"):
        setattr(slider, "count", value)  # noqa: B010 - likewise
    assert slider.count == 2


def test_limits_are_those_of_the_traits() -> None:
    limits = list_limits(share=Slider.share, count=Slider.count)
    assert limits == {"share": [0.0, 1.0], "count": [1, 5]}


def test_a_spectrum_comes_from_data_too() -> None:
    X = synthetic_data([3.0, 2.0, 1.0], 10) + 7
    for data in (X, torch.tensor(X), pd.DataFrame(X), X.reshape(10, 3, 1)):
        np.testing.assert_allclose(SpectrumFigure(data).variances, [0.9, 0.4, 0.1])
        np.testing.assert_allclose(SpectrumFigure(data, n_components=2).variances, [0.9, 0.4])
        np.testing.assert_allclose(LadderFigure(data).variances, [0.9, 0.4])
    assert SpectrumFigure([2.0, 1.0]).variances == [2.0, 1.0]
    with pytest.raises(ValueError, match=r"^n_components must come with data"):
        SpectrumFigure([2.0, 1.0], n_components=2)
    with pytest.raises(ValueError, match=r"^variances must be two"):
        LadderFigure(X[:, :1])
