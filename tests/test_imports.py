"""What an import costs: torch, and whatever else is slow, waits until somebody needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import lae_helpers
from lae_helpers import widgets

if TYPE_CHECKING:
    from types import ModuleType

SLOW = {"torch", "torchvision", "sklearn", "scipy", "mlxtend", "dask", "pandas", "matplotlib"}
DATA = "import numpy as np; X = np.random.default_rng(0).normal(size=(40, 6))\n"
NO_TORCH = {
    "the door": ("import lae_helpers, lae_helpers.widgets", set()),
    "names": ("from lae_helpers import fit_pca, load_mnist, subspace_distance, SumL2", set()),
    "PCA": (DATA + "from lae_helpers import fit_pca; fit_pca(X, 2); fit_pca([X, X], 2)", set()),
    "pictures": ("import lae_helpers.plotting", {"matplotlib"}),
    "a figure": (
        DATA + "from lae_helpers.widgets import ReconstructionFigure\n"
        "ReconstructionFigure(X)._repr_mimebundle_()",
        {"matplotlib"},
    ),
    "an answer": (
        "from lae_helpers.widgets import ask_number, check_yourself\n"
        "ask_number('?', truth=3, limits=(0, 9), why='So.')._repr_mimebundle_()",
        {"matplotlib"},
    ),
}  # fmt: skip


def imported_by(code: str) -> set[str]:
    """List what is slow and imported after the code, in a fresh interpreter."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return SLOW & set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("what", NO_TORCH)
def test_what_needs_no_torch_imports_none(what: str) -> None:
    code, allowed = NO_TORCH[what]
    assert imported_by(code) <= allowed


def test_a_model_comes_when_it_is_asked_for() -> None:
    code = DATA + "from lae_helpers import *\nfit(LinearAutoencoder(6, 2), X, max_steps=3)"
    assert "torch" in imported_by(code)


@pytest.mark.parametrize("door", [lae_helpers, widgets], ids=lambda door: door.__name__)
def test_a_door_offers_each_of_its_names(door: ModuleType) -> None:
    names = door.__all__
    assert len(names) > 20
    assert set(names) <= set(dir(door))
    for name in names:
        assert getattr(door, name) is not None
    with pytest.raises(AttributeError, match="fit_pcaa"):
        getattr(door, "fit_pcaa")  # noqa: B009 - the attribute that is not there
