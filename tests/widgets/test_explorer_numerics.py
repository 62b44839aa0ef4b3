"""The explorer's numerics in Chromium, against `lae_helpers`, torch and finite differences."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from lae_helpers import (
    LinearAutoencoder,
    axis_alignment,
    fit,
    load_mnist,
    recover_from_decoder,
    transpose_gap,
)
from lae_helpers._checks import FloatArray
from lae_helpers.explorer.front_end_state import describe_problem
from lae_helpers.explorer.problems import PRESETS, Problem, start_weights
from lae_helpers.explorer.random import GROUP_DRAWS, LARGEST_SEED, Mulberry32
from lae_helpers.explorer.replay import find_problem, replay_weights
from lae_helpers.regularizers import REGULARIZERS, Regularizer, make_regularizer
from lae_helpers.training.full_batch import stable_learning_rate
from lae_helpers.training.matrices import Diagonal
from lae_helpers.training.objective import Objective, Point
from lae_helpers.widgets.explorer import Explorer

pytestmark = pytest.mark.browser

RunJs = Callable[..., Any]

# How a problem and weights come from Python: V is W1 transposed, all matrices row by row.
READ = """
    const { spectrum, reference, ...others } = given.problem;
    const problem = {
        spectrum: Float64Array.from(spectrum),
        reference: reference && Float64Array.from(reference), ...others,
    };
"""
LOOK = f"""async (m, cases) => {{
    const numerics = await import("/numerics/autoencoder.js");
    const {{ lossOf }} = await import("/numerics/loss.js");
    const {{ makePenalty }} = await import("/numerics/regularizers.js");
    const {{ portray }} = await import("/numerics/portrait.js");
    return cases.map((given) => {{
        {READ}
        const descent = m.startDescent(problem, given.k, 0, 1);
        descent.weights.W.set(given.W);
        descent.weights.V.set(given.V);
        const penalty = makePenalty(given.regularizer, given.lam, given.k, problem.spread);
        const gradient = numerics.computeGradient(descent.weights, problem.spectrum, penalty);
        const differences = (part) => descent.weights[part].map((value, i) => {{
            const at = (moved) => {{
                descent.weights[part][i] = moved;
                return lossOf(descent, penalty).total;
            }};
            const slope = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
            descent.weights[part][i] = value;
            return slope;
        }});
        return {{
            portrait: portray(descent, given.regularizer, given.lam),
            gradient: [[...gradient.V], [...gradient.W]],
            differences: given.differs ? [[...differences("V")], [...differences("W")]] : null,
            rates: [0, 1].map((least) =>
                numerics.stableLearningRate(descent.weights, problem.spectrum, penalty, least)),
        }};
    }});
}}"""
DESCEND = f"""async (m, given) => {{
    const {{ lossOf }} = await import("/numerics/loss.js");
    {READ}
    const descent = m.startDescent(problem, given.k, given.seed, given.size ?? 1);
    const begin = [[...descent.weights.V], [...descent.weights.W]];
    const left = given.entries.map((entry) => [...entry]);
    while (left.length) m.retrace(descent, left, 7);
    const totals = [];
    for (const [regularizer, lam, steps] of given.free ?? []) {{
        for (let taken = 0; taken < steps && !descent.stationary; taken += 20) {{
            m.advance(descent, regularizer, lam, 0, Math.min(20, steps - taken));
            totals.push(descent.history.at(-1).records.at(-1).reconstruction);
        }}
    }}
    const {{ steps, diverged, stationary, weights: {{ V, W }} }} = descent;
    const {{ walk: entries, totalVariance: scale }} = descent;
    const recorded = descent.history.flatMap((s) => s.records.map(({{ step }}) => step));
    const loss = lossOf(descent, {{ mapStrength: 0, decays: new Float64Array(given.k) }}).total;
    return {{ start: begin, entries, steps, diverged, stationary, end: [[...V], [...W]], totals,
        recorded, scale, loss }};
}}"""


@dataclass(frozen=True)
class Case:
    """Weights on a problem, and a penalty."""

    problem: Problem
    W1: FloatArray
    W2: FloatArray
    name: str
    lam: float
    differs: bool = False

    @property
    def regularizer(self) -> Regularizer:
        return make_regularizer(self.name, self.lam, len(self.W1))

    @property
    def model(self) -> LinearAutoencoder:
        model = LinearAutoencoder(len(self.W2), len(self.W1), bias=False)
        with torch.no_grad():
            model.encoder.weight.copy_(torch.from_numpy(self.W1))
            model.decoder.weight.copy_(torch.from_numpy(self.W2))
        return model

    def for_js(self) -> dict[str, Any]:
        return {
            "problem": describe_problem("random", self.problem),
            "k": len(self.W1),
            "V": self.W1.T.ravel().tolist(),
            "W": self.W2.ravel().tolist(),
            "regularizer": self.name,
            "lam": self.lam,
            "differs": self.differs,
        }


def random_problem(rng: np.random.Generator, n: int, on_axes: bool) -> Problem:
    """Draw a spectrum, and principal directions that need not be the axes."""
    spectrum = np.sort(rng.uniform(0.05, 6.0, n))[::-1]
    directions = np.eye(n) if on_axes else np.linalg.qr(rng.normal(size=(n, n))).Q
    leading = slice(min(n, 16))
    return Problem(
        spectrum, np.eye(n), directions[:, leading], spectrum[leading], rest=rng.uniform(0, 3)
    )


def random_case(rng: np.random.Generator, name: str, n: int, k: int, kind: int) -> Case:
    """Draw one: λ below or above all of the variances, sometimes a component that is dead."""
    problem = random_problem(rng, n, on_axes=bool(kind % 2))
    W1, W2 = rng.normal(size=(k, n)) * n**-0.5, rng.normal(size=(n, k)) * n**-0.5
    if kind == 2 and k > 1:
        W1[k // 2] = 0.0
        W2[:, k // 2] = 0.0
    lam = float(10 ** rng.uniform(-3, 0) if kind != 3 else rng.uniform(6, 10))
    return Case(problem, W1, W2, name, lam, differs=n <= 9)


SHAPES = [(1, 1), (4, 1), (4, 4), (9, 2), (9, 9), (25, 7), (64, 8), (16, 16), (64, 16), (64, 3)]
rng_of_cases = np.random.default_rng(7)
CASES = [
    random_case(rng_of_cases, name, n, k, kind)
    for name in REGULARIZERS
    for n, k in SHAPES
    for kind in range(4)
]


@pytest.fixture(scope="module")
def looks(run_js: RunJs) -> list[tuple[Case, dict[str, Any]]]:
    """Give every case with what JavaScript says of it."""
    said = run_js("numerics/descent.js", LOOK, [case.for_js() for case in CASES])
    return list(zip(CASES, said, strict=True))


def point_of(case: Case) -> Point:
    matrix = Diagonal(torch.tensor(case.problem.spectrum.copy()))
    objective = Objective(matrix, case.regularizer, len(case.W1), scale=1.0)
    return objective.at(torch.tensor(np.stack([case.W1, case.W2.T])))


def test_losses_and_minima(looks: list[tuple[Case, dict[str, Any]]]) -> None:
    for case, said in looks:
        loss = said["portrait"]["loss"]
        total = point_of(case).loss + case.problem.rest
        penalty = case.regularizer.penalty(torch.tensor(case.W1), torch.tensor(case.W2)).item()
        assert loss["total"] == pytest.approx(total, rel=1e-9)
        assert loss["penalty"] == pytest.approx(penalty, rel=1e-9)
        assert loss["reconstruction"] == pytest.approx(total - penalty, rel=1e-9)
        lowest = case.regularizer.minimum_loss(case.problem.spectrum, len(case.W1))
        minimum = said["portrait"]["minimum"]
        assert minimum == pytest.approx(lowest + case.problem.rest, rel=1e-9, abs=1e-12)
        assert loss["total"] >= minimum - 1e-9


def test_gradients(looks: list[tuple[Case, dict[str, Any]]]) -> None:
    n_differences = 0
    for case, said in looks:
        by_encoder, by_decoder = point_of(case).gradient.numpy()
        expected = [by_encoder.T.ravel(), by_decoder.T.ravel()]
        scale = max(np.abs(part).max() for part in expected)
        for part, mine in zip(expected, said["gradient"], strict=True):
            assert_allclose(mine, part, rtol=1e-9, atol=1e-9 * scale)
        for part, mine in zip(expected, said["differences"] or [], strict=False):
            assert_allclose(mine, part, atol=1e-6 * scale)
            n_differences += len(mine)
    assert n_differences > 1000


def test_recovery(looks: list[tuple[Case, dict[str, Any]]]) -> None:
    for case, said in looks:
        portrait, k, n = said["portrait"], len(case.W1), len(case.W2)
        recovered = recover_from_decoder(case.model)
        values = recovered.singular_values
        assert_allclose(portrait["values"], values, rtol=1e-9, atol=1e-13)
        reference = case.problem.reference[:, :k]
        alive = values > 1e-12
        assert portrait["alive"] == (values >= 1e-3).tolist()
        vectors = np.array(portrait["vectors"]).reshape(n, k)
        assert_allclose(
            np.abs(vectors[:, alive]), np.abs(recovered.directions[:, alive]), atol=1e-9
        )
        heat = np.array(portrait["vectorCosines"]).reshape(k, k)
        expected = np.abs(reference.T @ recovered.directions)
        assert_allclose(np.abs(heat[:, alive]), expected[:, alive], atol=1e-9)
        alignment = axis_alignment(recovered.directions, reference)
        assert_allclose(np.abs(np.diagonal(heat))[alive], alignment[alive], atol=1e-9)
        angles = np.array(portrait["angles"], dtype=float)  # None where there is no direction
        named = np.array(portrait["alive"])
        assert_allclose(np.cos(np.radians(angles[named])), alignment[named], atol=1e-9)
        used = np.abs(case.W2).max(axis=0) > 0
        columns = np.array(portrait["columnCosines"]).reshape(k, k)
        lengths = np.linalg.norm(case.W2, axis=0)[used]
        assert_allclose(columns[:, used], reference.T @ case.W2[:, used] / lengths, atol=1e-9)
        assert np.diagonal(np.abs(columns))[used] == pytest.approx(
            axis_alignment(case.W2[:, used], reference[:, used]), abs=1e-9
        )
        assert portrait["gap"] == pytest.approx(transpose_gap(case.model), rel=1e-9)
        theory = case.regularizer.decoder_singular_values(case.problem.spectrum[:k])
        if theory is None:
            assert portrait["theory"] is None
        else:
            assert_allclose(portrait["theory"], theory, rtol=1e-9)


def test_stable_learning_rates(looks: list[tuple[Case, dict[str, Any]]]) -> None:
    for case, said in looks:
        W1, W2 = map(torch.from_numpy, (case.W1, case.W2))
        top = float(case.problem.spectrum[0])
        for rate, least in zip(said["rates"], (0.0, 1.0), strict=True):
            expected = stable_learning_rate(W1, W2, top, case.regularizer, least_norm=least)
            assert rate == expected


def test_random_numbers(run_js: RunJs) -> None:
    seeds = [0, 1, 2, 12345, LARGEST_SEED]
    read = "(m, seeds) => seeds.map((seed) => [...m.drawNormals(m.mulberry32(seed), 401)])"
    for seed, numbers in zip(seeds, run_js("numerics/random.js", read, seeds), strict=True):
        assert_allclose(numbers, Mulberry32(seed).normals((401,)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("group", GROUP_DRAWS)
def test_group_elements(run_js: RunJs, group: str) -> None:
    pairs = [(seed, k) for k in (1, 2, 3, 8, 16) for seed in (0, 5, 77, LARGEST_SEED)]
    read = """(m, [group, pairs]) => pairs.map(([seed, k]) => {
        const { G, inverse } = m.drawFromGroup(group, seed, k);
        return [[...G], [...inverse]];
    })"""
    said = run_js("numerics/random.js", read, [group, pairs])
    for (seed, k), matrices in zip(pairs, said, strict=True):
        G, inverse = (np.reshape(matrix, (k, k)) for matrix in matrices)
        assert_allclose(G, GROUP_DRAWS[group](Mulberry32(seed), k), rtol=0, atol=1e-12)
        assert_allclose(G @ inverse, np.eye(k), atol=1e-12)


def descend_in_js(
    run_js: RunJs, problem: Problem, k: int, entries: list[Any], seed: int = 0, **more: object
) -> dict[str, Any]:
    given = {"problem": describe_problem("any", problem), "k": k, "entries": entries, "seed": seed}
    said: dict[str, Any] = run_js("numerics/descent.js", DESCEND, given | more)
    for name in ("start", "end"):
        V, W = said[name]
        said[name] = np.reshape(V, (-1, k)).T, np.reshape(W, (-1, k))
    return said


@pytest.mark.parametrize(
    ("name", "k"), [("digits", 1), ("digits", 16), *((name, 5) for name in PRESETS), ("k = n", 9)]
)
def test_starts(run_js: RunJs, name: str, k: int) -> None:
    problem = find_problem(name)
    for seed, size in ((0, 1), (3, 0.37), (LARGEST_SEED, 0.001)):
        said = descend_in_js(run_js, problem, k, [], seed, size=size)
        expected = start_weights(problem, k, seed, start_size=size)
        for mine, theirs in zip(said["start"], expected, strict=True):
            assert_allclose(mine, theirs, rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize("name", REGULARIZERS)
@pytest.mark.parametrize(
    ("problem", "k", "rate"),
    [("digits", 8, 0.012), ("k = n", 9, 0.01), ("λ between two variances", 5, 0.015)],
)
def test_a_thousand_steps_are_those_of_python(
    run_js: RunJs, problem: str, name: str, k: int, rate: float
) -> None:
    entries: list[Any] = [[name, 1.4, rate, 1000]]
    said = descend_in_js(run_js, find_problem(problem), k, entries, seed=3)
    assert said["entries"] == entries
    again = replay_weights(problem, n_components=k, walk=entries, seed=3)
    for mine, theirs in zip(said["end"], again, strict=True):
        assert_allclose(mine, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", REGULARIZERS)
@pytest.mark.parametrize("size", [0.001, 0.2])
def test_walks_from_small_starts_are_those_of_python(run_js: RunJs, size: float, name: str) -> None:
    """Also their rates, chosen automatically, which the weights do not outgrow."""
    free = [[name, 0.4, 900]]
    said = descend_in_js(run_js, find_problem("digits"), 8, [], seed=5, size=size, free=free)
    explorer = Explorer(regularizer=name, lam=0.4, seed=5, start_size=size, steps=900)
    assert said["entries"] == explorer.walk
    again = replay_weights("digits", n_components=8, walk=explorer.walk, seed=5, start_size=size)
    for mine, theirs in zip(said["end"], again, strict=True):
        assert_allclose(mine, theirs, rtol=0, atol=1e-6)
        assert np.linalg.norm(theirs, ord=2) == pytest.approx(1, abs=0.1)
    assert (np.diff(said["totals"]) < 1e-9).all()


SPEAK = f"""async (m, given) => {{
    const {{ portray, ...words }} = await import("/numerics/portrait.js");
    {READ}
    const descent = m.startDescent(problem, given.k, given.seed ?? 0, given.size);
    const said = [];
    for (const [regularizer, lam, most] of [[given.free[0][0], 0.3, 0], ...given.free]) {{
        descent.stationary = false; // as when a setting changes
        for (let steps = 0; steps < most && !descent.stationary; steps += 20)
            m.advance(descent, regularizer, lam, 0, 20);
        const portrait = portray(descent, regularizer, lam);
        const sentence = words.describeDescent(descent, regularizer, lam, portrait);
        const note = words.describeCoordinates(descent, 0);
        said.push({{ words: sentence, ...portrait, note, steps: descent.steps }});
    }}
    return said;
}}"""
GROW = "the weights first have to grow."
GIFT = "The small start has brought the transpose"


def speak(
    run_js: RunJs, size: float, free: list[Any], name: str = "digits", **more: object
) -> list[dict[str, Any]]:
    """Give what the figure says at the start and after each stretch."""
    given = {"problem": describe_problem(name, find_problem(name)), "size": size, "free": free}
    said: list[dict[str, Any]] = run_js("numerics/descent.js", SPEAK, {"k": 8} | given | more)
    return said


@pytest.mark.parametrize("seed", range(3))
def test_a_small_start_brings_the_transpose_but_no_directions(run_js: RunJs, seed: int) -> None:
    free = [["none", 0.3, 20_000]]
    ends = {size: speak(run_js, size, free, seed=seed)[-1] for size in (1, 0.3, 0.1, 0.01, 0.001)}
    assert ends[1]["gap"] > 0.1
    for size, end in ends.items():
        assert end["gap"] <= 1.001 * size * ends[1]["gap"] or end["gap"] < 3e-4
        assert "training is over" in end["words"]
        assert end["loss"]["total"] == pytest.approx(end["minimum"], rel=1e-9)
        assert np.median(np.abs(np.diagonal(np.reshape(end["vectorCosines"], (8, 8))))) < 0.7
        assert max(end["angles"]) > 45
        assert (f"{GIFT}; the directions need a penalty. " in end["words"]) == (size < 1)
        assert GROW not in end["words"]


def test_what_is_said_of_small_starts(run_js: RunJs) -> None:
    """Under the product balanced weights show the directions: it shrinks each by its own factor."""
    for size in (0.03, 0.01, 0.001):
        start, first, end, switched = speak(
            run_js, size, [["product", 0.3, 20], ["product", 0.3, 9000], ["sum", 0.3, 9000]]
        )
        assert "all 8 left singular vectors of W₂ are within" in end["words"]
        assert f"{GIFT}, and with it the directions of W₂W₁. The gradient" in end["words"]
        assert start["words"].endswith(GROW)
        assert "training is over" not in start["words"] + first["words"]
        assert "died" not in start["words"] + first["words"] + end["words"]
        assert all(start["alive"] + start["columnsAlive"])
        assert GIFT not in start["words"] + switched["words"]
        assert "all 8 left singular vectors of W₂ are within" in switched["words"]
        assert f"The start is {size} times the usual one: " in start["note"]
    usual, _, end = speak(run_js, 1, [["none", 0.3, 20], ["product", 0.3, 9000]])
    assert GROW not in usual["words"]
    assert "The start" not in usual["note"]
    assert GIFT not in end["words"]
    assert max(end["angles"]) > 5


def test_a_small_start_is_given_no_credit_that_it_does_not_deserve(run_js: RunJs) -> None:
    """One component is its own subspace; and where a sum has been at work, it did the work."""
    assert GIFT not in speak(run_js, 0.1, [["none", 0.3, 9000]], k=1)[-1]["words"]
    after = speak(run_js, 0.3, [["sum", 5.0, 20], ["none", 0.3, 2000]])[-1]
    assert after["gap"] < 0.1
    assert max(after["angles"]) > 5
    assert GIFT not in after["words"]


def test_weights_that_all_but_died_grow_again_without_a_penalty(run_js: RunJs) -> None:
    """A gradient of 1e-9 is an end at a minimum, and the beginning of a way out at a saddle."""
    free = [["sum", 10.0, 60_000], ["none", 0.3, 20], ["none", 0.3, 9000]]
    _, dead, near, end = speak(run_js, 1, free, "k = n", k=9)
    assert "every component has died" in dead["words"]
    assert dead["words"].endswith("The gradient has vanished: training is over.")
    assert near["words"].endswith(GROW)
    assert end["words"].endswith("The gradient has vanished: training is over.")
    assert end["loss"]["total"] == pytest.approx(0, abs=1e-9)


def test_weights_that_are_zero_stay_on_their_saddle_and_the_figure_says_so(run_js: RunJs) -> None:
    read = f"""async (m, given) => {{
        const {{ portray, describeDescent }} = await import("/numerics/portrait.js");
        {READ}
        const descent = m.startDescent(problem, 9, 0, 1);
        const words = (...loss) => describeDescent(descent, ...loss, portray(descent, ...loss));
        while (descent.weights.W.some((w) => w !== 0)) m.advance(descent, "sum", 10, 0, 1000);
        m.advance(descent, "none", 0.3, 0, 20);
        return [descent.stationary, words("none", 0.3), words("sum", 10)];
    }}"""
    problem = find_problem("k = n")
    given = {"problem": describe_problem("k = n", problem)}
    stationary, none, total = run_js("numerics/descent.js", read, given)
    assert stationary
    assert f"vanished at a saddle, {problem.spectrum.sum():.3g} above the minimum of the l" in none
    assert "training is over" not in none
    assert total.endswith("training is over.")


@pytest.mark.parametrize("name", REGULARIZERS)
def test_a_thousand_steps_are_those_of_fit(run_js: RunJs, name: str) -> None:
    """Data that have exactly the preset's covariance, in pixels that are its coordinates."""
    problem = PRESETS["step too large"].problem
    signs = np.array([[(-1) ** (row >> bit) for bit in range(9)] for row in range(2**9)])
    model = LinearAutoencoder(9, 3, bias=False)
    with torch.no_grad():
        for layer, start in zip(
            (model.encoder, model.decoder), start_weights(problem, 3, 1), strict=True
        ):
            layer.weight.copy_(torch.from_numpy(start))
    history = fit(
        model,
        signs * np.sqrt(problem.spectrum),
        make_regularizer(name, 0.4, 3),
        optimizer="gradient_descent",
        learning_rate=0.02,
        max_steps=1000,
        tolerance=0,
    )
    assert history.steps[-1] == 1000
    said = descend_in_js(run_js, problem, 3, [[name, 0.4, 0.02, 1000]], seed=1)
    weights = [layer.weight.detach().numpy() for layer in (model.encoder, model.decoder)]
    for mine, theirs in zip(said["end"], weights, strict=True):
        assert_allclose(mine, theirs, rtol=0, atol=1e-6)


def test_the_walk_of_a_long_session_is_that_of_python(run_js: RunJs) -> None:
    """Rates chosen automatically, several losses and group elements: Python takes the same way."""
    entries: list[Any] = [["none", 0.3, 0.01, 20], ["GL(k)", 4], ["O(k)", 2**31], ["{±1}^k", 9]]
    free = [["product", 0.5, 300], ["sum", 0.5, 400], ["non-uniform sum", 0.2, 500]]
    said = descend_in_js(run_js, find_problem("digits"), 6, entries, seed=2, free=free)
    assert said["entries"][:4] == entries
    taken = [entry[0] for entry in said["entries"][4:]]  # a rate may be chosen again on the way
    assert [name for name, _ in itertools.groupby(taken)] == [name for name, *_ in free]
    assert said["steps"] == 1220
    walk = [tuple(entry) for entry in said["entries"]]
    again = replay_weights("digits", n_components=6, walk=walk, seed=2)
    for mine, theirs in zip(said["end"], again, strict=True):
        assert_allclose(mine, theirs, rtol=0, atol=1e-6)


def test_divergence_is_caught_at_its_step(run_js: RunJs) -> None:
    problem = PRESETS["step too large"].problem
    said = descend_in_js(run_js, problem, 3, [["none", 0.5, 0.12, 5000], ["O(k)", 1]])
    assert said["diverged"]
    steps = said["entries"][0][3]
    assert said["entries"] == [["none", 0.5, 0.12, steps]]
    assert 2 < steps < 200
    assert all(np.isfinite(part).all() for part in said["end"])
    before = descend_in_js(run_js, problem, 3, [["none", 0.5, 0.12, steps - 1]])
    assert not before["diverged"]
    hopeless = 1e6 * (problem.spectrum.sum() + 1)
    assert before["loss"] < hopeless <= said["loss"]
    late = descend_in_js(run_js, problem, 3, [["none", 0.5, 0.02, 4000], ["none", 0.5, 0.12, 5000]])
    assert late["diverged"]
    assert late["recorded"][-1] == late["steps"] < 4000 * 1.03  # its end is on the curve
    sizes = [sum((W**2).sum() for W in walk["end"]) for walk in (before, said)]
    assert sizes[1] > 4 * sizes[0]


@pytest.mark.parametrize("name", ["none", "product", "sum"])
def test_automatic_rates_come_to_rest_even_at_zero_loss(run_js: RunJs, name: str) -> None:
    """With k = n and no penalty the loss falls to nothing but rounding, which must not stop it."""
    said = descend_in_js(run_js, PRESETS["k = n"].problem, 9, [], free=[[name, 0.4, 100_000]])
    assert said["stationary"]
    assert not said["diverged"]
    assert 0.001 < said["entries"][0][2] < 0.1
    moved = descend_in_js(
        run_js, PRESETS["k = n"].problem, 9, [*said["entries"], [name, 0.4, 1.0, 1]]
    )
    steepest = max(np.abs(a - b).max() for a, b in zip(moved["end"], said["end"], strict=True))
    assert steepest < 1e-9 * PRESETS["k = n"].problem.spectrum[0]


def test_a_rate_that_raises_the_loss_is_halved_and_the_step_taken(run_js: RunJs) -> None:
    read = f"""(m, given) => {{
        {READ}
        const descent = m.startDescent(problem, 3, 0, 1);
        m.advance(descent, "sum", 0.3, 0, 1);
        descent.rate = 0.9; // as if the curvature had grown since it was chosen
        m.advance(descent, "sum", 0.3, 0, 20);
        m.advance(descent, "sum", 0.3, 0, 1);
        const losses = descent.history[0].records.map((r) => r.reconstruction + r.penalty);
        return {{ entries: descent.walk, losses }};
    }}"""
    problem = PRESETS["step too large"].problem
    said = run_js("numerics/descent.js", read, {"problem": describe_problem("any", problem)})
    (*_, first), (_, _, rate, second), *rest = said["entries"]
    assert (first, second) == (1, 20)
    assert len(rest) <= 1  # the next look may find the rate below half of the bound's, or above it
    assert rate < 0.2
    assert rate == float(f"{rate:.3g}")  # as the copied Python says it
    assert (np.diff(said["losses"]) < 0).all()


@pytest.mark.parametrize("k", [1, 2, 16])
def test_group_elements_stop_before_the_loss_loses_digits(run_js: RunJs, k: int) -> None:
    read = f"""async (m, given) => {{
        const {{ lossOf }} = await import("/numerics/loss.js");
        const {{ makePenalty }} = await import("/numerics/regularizers.js");
        {READ}
        const descent = m.startDescent(problem, given.k, 0, 1);
        const penalty = makePenalty("none", 0, given.k, problem.spread);
        const losses = [];
        const look = () => losses.push(lossOf(descent, penalty).total);
        look();
        let taken = 0;
        for (; taken < 2000 && m.act(descent, "GL(k)"); taken += 1) look();
        const refused = ["GL(k)", descent.seed + 1 + descent.walk.length];
        const left = [refused, ["O(k)", 1]];
        if (taken < 2000) m.retrace(descent, left, 1);
        const {{ V, W }} = descent.weights;
        return {{ taken, losses, left: left.length, entries: descent.walk, refused,
            end: [[...V], [...W]] }};
    }}"""
    given = {"problem": describe_problem("any", find_problem("digits")), "k": k}
    said = run_js("numerics/descent.js", read, given)
    assert_allclose(said["losses"], said["losses"][0], rtol=1e-9)
    assert 5 < said["taken"] < 2000
    assert len(said["entries"]) == said["taken"]
    assert [seed for _, seed in said["entries"]] == list(range(1, said["taken"] + 1))
    assert said["left"] == 0
    V, W = (np.reshape(part, (-1, k)) for part in said["end"])
    G = GROUP_DRAWS["GL(k)"](Mulberry32(said["refused"][1]), k)
    further = np.linalg.solve(G, V.T), W @ G
    assert (V**2).sum() + (W**2).sum() <= 2000 < sum((part**2).sum() for part in further)


def test_the_seed_of_an_element_follows_from_the_walk_and_stays_one(run_js: RunJs) -> None:
    read = f"""(m, given) => {{
        {READ}
        const descent = m.startDescent(problem, 3, given.seed, 1);
        for (let i = 0; i < 3; i += 1) m.act(descent, "O(k)");
        return descent.walk;
    }}"""
    given = {"problem": describe_problem("k = n", PRESETS["k = n"].problem)}
    for seed, expected in ((0, [1, 2, 3]), (LARGEST_SEED, [0, 1, 2])):
        entries = run_js("numerics/descent.js", read, given | {"seed": seed})
        assert entries == [["O(k)", each] for each in expected]


def test_when_a_rate_is_chosen_anew(run_js: RunJs) -> None:
    """For another loss or strength, after a group element, and where half of it would do, or twice.

    A recorded walk keeps its own, and hands it on if it is nearer than that.
    """
    read = f"""async (m, given) => {{
        const {{ stableLearningRate }} = await import("/numerics/autoencoder.js");
        const {{ makePenalty }} = await import("/numerics/regularizers.js");
        {READ}
        const descent = m.startDescent(problem, 3, 0, 1);
        const rates = [];
        const go = (name, lam) => {{
            const penalty = makePenalty(name, lam, 3, problem.spread);
            const fresh = stableLearningRate(descent.weights, problem.spectrum, penalty, 1);
            m.advance(descent, name, lam, 0, 10);
            rates.push([descent.rate, fresh]);
        }};
        go("sum", 0.3);
        go("sum", 0.3);
        go("sum", 0.9);
        go("product", 0.9);
        m.act(descent, "GL(k)");
        go("product", 0.9);
        m.retrace(descent, [["product", 0.9, 0.001, 10]], 10);
        go("product", 0.9);
        m.retrace(descent, [["product", 0.9, 0.01, 10]], 10);
        go("product", 0.9);
        return rates;
    }}"""
    given = {"problem": describe_problem("k = n", PRESETS["k = n"].problem)}
    first, again, *fresh, last = run_js("numerics/descent.js", read, given)
    assert first[0] == first[1] == again[0] != again[1]
    assert len(fresh) == 4
    for rate, chosen in fresh:
        assert rate == chosen != first[0]
    assert last[0] == 0.01


def test_the_record_is_dense_enough_for_its_curve(run_js: RunJs) -> None:
    free = [["sum", 0.3, 3000]]
    said = descend_in_js(run_js, find_problem("digits"), 2, [], free=free)
    recorded = np.array(said["recorded"])
    assert recorded[0] == 0
    assert (np.diff(recorded) > 0).all()
    assert (recorded[1:] <= recorded[:-1] * 1.04 + 20).all()
    assert len(recorded) < 150
    X, _ = load_mnist()
    assert said["scale"] == pytest.approx(X.var(axis=0).sum(), rel=1e-9)


def test_dead_weights_end_as_zeros_and_living_ones_keep_every_digit(run_js: RunJs) -> None:
    read = """async (m) => {
        const { makePenalty } = await import("/numerics/regularizers.js");
        const [W, V] = [Float64Array.of(1e-150, 3), Float64Array.of(5e-200, 2)];
        const weights = { W, V, n: 2, k: 1 };
        const penalty = makePenalty("sum", 10, 1, [1, 1]);
        m.takeSteps(weights, [1e-300, 1e-300], penalty, 0.05, 1);
        return [...weights.W, ...weights.V];
    }"""
    W1, W2, V1, V2 = run_js("numerics/autoencoder.js", read)
    assert W1 == V1 == 0 == W2 == V2  # one step of rate 1 / (2 lam) leads to zero
    said = run_js("numerics/autoencoder.js", read.replace("0.05", "0.045"))
    assert_allclose(said, [1e-151, 0.3, 0, 0.2], rtol=1e-12)


def test_what_is_said_of_angles_and_of_actions(run_js: RunJs) -> None:
    read = """(m, cases) => cases.map((angles) => m.describeDescent(
        { size: 1, steps: 0, walk: [], stationary: false }, "none", 0.3,
        { alive: angles.map(() => true), angles, gap: 1 }).split(": ")[1].split(";")[0])"""
    theirs = "left singular vectors of W₂ are within 5° of their principal directions, the worst is"
    cases = {
        (5.1, 3.0, 9.94): "1 of 3 left singular vectors of W₂ is within 5° of its principal direct",
        (3.0, 5.0): "both left singular vectors of W₂ are within 5° of their principal directions",
        (0.0004, 0.0): "both left singular vectors of W₂ are within 0.001° of their principal d",
        (0.0234, 0.001): "both left singular vectors of W₂ are within 0.023° of their principal",
        (5.1, 4.9, 3.0): f"2 of 3 {theirs} 5.1° off",
        (9.94, 30.0, 44.6): f"0 of 3 {theirs} 45° off",
    }
    found = run_js("numerics/portrait.js", read, list(cases))
    for words, expected in zip(found, cases.values(), strict=True):
        assert words.startswith(expected)
    read = """(m, [before, after]) => m.judgeAction("O(k)",
        { reconstruction: 1, penalty: 1, total: before },
        { reconstruction: 1, penalty: 1, total: after }, 100)"""
    for before, after, unseen in (
        (2.0, 2.0 + 1e-9, True), (2.0, 2.0 + 4e-9, False), (0.0, 5e-12, True), (0.0, 5e-11, False),
    ):  # fmt: skip
        judged = run_js("numerics/portrait.js", read, [before, after])
        assert judged["parts"]["total"]["same"] == unseen
        assert ("loss unchanged" in judged["verdict"]) == unseen


def test_no_number_is_lost_where_everything_dies(run_js: RunJs) -> None:
    """Far beyond the point where the weights are zero, portrait and words hold numbers."""
    read = f"""async (m, given) => {{
        {READ}
        const {{ portray, describeDescent }} = await import("/numerics/portrait.js");
        const descent = m.startDescent(problem, 9, 0, 1);
        const left = [["sum", 10, 0.02, 5000]];
        while (left.length) m.retrace(descent, left, 1000);
        const portrait = portray(descent, "sum", 10);
        const words = describeDescent(descent, "sum", 10, portrait);
        return {{ portrait, words, gap: portrait.gap }};
    }}"""
    given = {"problem": describe_problem("any", PRESETS["k = n"].problem)}
    said = run_js("numerics/descent.js", read, given)
    assert said["gap"] == 0
    assert said["portrait"]["values"] == [0] * 9
    assert "every component has died; transpose gap 0." in said["words"]
    assert "NaN" not in said["words"]


def test_a_constant_loss_has_a_learning_rate_too(run_js: RunJs) -> None:
    read = """async (m) => {
        const { makePenalty } = await import("/numerics/regularizers.js");
        const weights = { W: new Float64Array(4), V: new Float64Array(4), n: 2, k: 2 };
        return m.stableLearningRate(weights, [0, 0], makePenalty("none", 0, 2, [1, 1]), 0);
    }"""
    assert run_js("numerics/autoencoder.js", read) == 1
