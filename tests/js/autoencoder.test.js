import assert from "node:assert/strict";
import { test } from "node:test";

import {
  computeGradient,
  computeLoss,
  cosinesTo,
  takeSteps,
  normalizeColumns,
  stableLearningRate,
  transposeGap,
} from "../../lae_helpers/widgets/js/numerics/autoencoder.js";
import { drawFromGroup } from "../../lae_helpers/widgets/js/numerics/random.js";
import {
  REGULARIZERS,
  makePenalty,
  mapSingularValues,
  minimumLoss,
  spreadStrengths,
} from "../../lae_helpers/widgets/js/numerics/regularizers.js";
import { assertNearly, differentiate, drawNumbers, multiply, transpose } from "./nearly.js";

/** @typedef {import("../../lae_helpers/widgets/js/numerics/autoencoder.js").Weights} Weights */
/** @typedef {import("../../lae_helpers/widgets/js/numerics/regularizers.js").Penalty} Penalty */

const [n, k, lam] = [5, 3, 0.3];
const spectrum = [4, 2, 1.5, 0.7, 0.2];
/** @type {[number, number]} */
const spread = [0.5, 1.5];
const penalties = REGULARIZERS.map((name) => makePenalty(name, lam, k, spread));

/** @param {number} seed @returns {Weights} */
const drawWeights = (seed) => ({
  W: drawNumbers(n * k, seed),
  V: drawNumbers(n * k, seed + 100),
  n,
  k,
});

/** @param {Weights} weights @param {Penalty} penalty */
const totalLoss = (weights, penalty) => {
  const { reconstruction, penalty: size } = computeLoss(weights, spectrum, penalty);
  return reconstruction + size;
};

/** The weights at the minimum: W2 has the roots of the map's singular values. @param {Penalty} penalty */
const minimum = ({ regularizer, strengths }) => {
  const map = mapSingularValues(regularizer, strengths, spectrum);
  const W = Float64Array.from({ length: n * k }, (_, at) =>
    Math.floor(at / k) === at % k ? Math.sqrt(map[at % k]) : 0,
  );
  return { W, V: W.slice(), n, k };
};

test("weights of zero lose the trace", () => {
  const weights = { W: new Float64Array(n * k), V: new Float64Array(n * k), n, k };
  for (const penalty of penalties) assertNearly([totalLoss(weights, penalty)], [8.4]);
});

test("the gradient is that of the loss", () => {
  const weights = drawWeights(1);
  for (const penalty of penalties) {
    const { W, V } = computeGradient(weights, spectrum, penalty);
    assertNearly(
      W,
      differentiate((place) => totalLoss({ ...weights, W: place }, penalty), weights.W),
      1e-7,
    );
    assertNearly(
      V,
      differentiate((place) => totalLoss({ ...weights, V: place }, penalty), weights.V),
      1e-7,
    );
  }
});

test("at the minimum the gradient vanishes and the loss is the least one", () => {
  for (const penalty of penalties) {
    const weights = minimum(penalty);
    const { W, V } = computeGradient(weights, spectrum, penalty);
    assertNearly([...W, ...V], new Float64Array(2 * n * k), 1e-12);
    const least = minimumLoss(penalty.regularizer, penalty.strengths, spectrum);
    assertNearly([totalLoss(weights, penalty)], [least], 1e-12);
    for (let seed = 0; seed < 20; seed += 1) {
      assert.ok(totalLoss(drawWeights(seed), penalty) > least);
    }
  }
});

test("each loss is blind to its own group, and to no larger one", () => {
  const weights = drawWeights(2);
  const blind = { "GL(k)": 2, "O(k)": 3, "{±1}^k": 4 };
  for (const [group, count] of Object.entries(blind)) {
    const named = /** @type {keyof typeof blind} */ (group);
    const { G, inverse } = drawFromGroup(named, 3, k);
    const moved = {
      ...weights,
      W: multiply(weights.W, G, k),
      V: multiply(weights.V, transpose(inverse, k), k),
    };
    penalties.forEach((penalty, rung) => {
      const change = Math.abs(totalLoss(moved, penalty) - totalLoss(weights, penalty));
      assert.equal(change < 1e-12, rung < count, `${penalty.regularizer} under ${group}`);
    });
  }
});

test("descent with a stable rate never raises the loss", () => {
  for (const penalty of penalties) {
    const weights = drawWeights(4);
    const rate = stableLearningRate(weights, spectrum, penalty, 1);
    let loss = totalLoss(weights, penalty);
    for (let step = 0; step < 200; step += 1) {
      takeSteps(weights, spectrum, penalty, rate, 1);
      const next = totalLoss(weights, penalty);
      assert.ok(next <= loss);
      loss = next;
    }
  }
});

test("weights that die are zero, not subnormal", () => {
  const penalty = makePenalty("sum", 3, 1, spread);
  const weights = { W: Float64Array.of(1e-199), V: Float64Array.of(1e-199), n: 1, k: 1 };
  takeSteps(weights, [1], penalty, 0.1, 20);
  assertNearly([...weights.W, ...weights.V], [0, 0], 0);
});

test("strengths go by even steps from the least to the largest, or are all the same", () => {
  assertNearly(spreadStrengths("non-uniform sum", 2, 5, spread), [1, 1.5, 2, 2.5, 3]);
  assertNearly(spreadStrengths("non-uniform sum", 2, 1, spread), [2]);
  assertNearly(spreadStrengths("sum", 2, 3, spread), [2, 2, 2]);
  assertNearly(spreadStrengths("none", 2, 3, spread), [0, 0, 0]);
});

test("the transpose gap is relative to W2, and 0 where both are zero", () => {
  assertNearly(
    [transposeGap({ W: Float64Array.of(3, 4), V: Float64Array.of(3, 5), n: 2, k: 1 })],
    [0.2],
  );
  assertNearly([transposeGap({ W: new Float64Array(2), V: new Float64Array(2), n: 2, k: 1 })], [0]);
});

test("unit columns keep their direction, and zero stays zero", () => {
  assertNearly(normalizeColumns(Float64Array.of(3, 0, -4, 0), 2), [0.6, 0, -0.8, 0]);
});

test("cosines to the axes and to a reference are the same where they are the same", () => {
  const Q = normalizeColumns(drawNumbers(n * k, 5), k);
  const axes = Float64Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0));
  assertNearly(cosinesTo(Q, n, k, axes), cosinesTo(Q, n, k, null));
});
