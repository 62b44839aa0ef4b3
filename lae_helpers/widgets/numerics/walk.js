/**
 * A walk: where the weights start, every stretch of descent and every group element that acted on
 * them since. The walk alone reproduces the weights, here and in Python (`lae_helpers.replay`).
 *
 * @typedef {[string, number, number, number]} Stretch regularizer, λ, learning rate, steps
 * @typedef {[string, number]} Action group, seed of the element drawn from it
 * @typedef {object} Problem
 * @property {Float64Array} spectrum diagonal of the matrix in the loss, descending
 * @property {number} rest what the loss has outside of these coordinates
 * @property {Float64Array | null} reference directions to compare with, n × m; the axes if null
 * @property {number[]} variances of the data along those directions
 * @property {"random" | "saddle"} start
 */

import { computeGradient, computeLoss, descend, makePenalty, stableLearningRate, transposeGap } from "./autoencoder.js";
import { drawFromGroup, drawNormals, makeUniform } from "./draws.js";

const SADDLE_LAM = 0.3;
const SADDLE_PUSH = 1e-6;
const HOPELESS = 1e6;
const STATIONARY = 1e-9;
const RECORD_EVERY = 1.04;

/** @typedef {ReturnType<typeof startWalk>} Walk */

/**
 * @param {Problem} problem
 * @param {number} k
 * @param {number} seed
 */
export function startWalk(problem, k, seed) {
  const n = problem.spectrum.length;
  const weights = problem.start === "saddle" && k < n ? startAtSaddle(problem, n, k, seed) : startAnywhere(n, k, seed);
  return {
    problem,
    weights,
    seed,
    scale: problem.rest + problem.spectrum.reduce((sum, variance) => sum + variance, 0),
    steps: 0,
    /** @type {(Stretch | Action)[]} */
    entries: [],
    /** @type {{step: number, reconstruction: number, penalty: number, gap: number}[]} */
    records: [],
    rate: 0,
    ownRate: 0,
    diverged: false,
    stationary: false,
  };
}

/** Normal numbers: first W1, row by row, then W2. */
function drawWeights(n, k, seed, scale) {
  const uniform = makeUniform(seed);
  const encoder = drawNormals(uniform, k * n);
  const decoder = drawNormals(uniform, n * k);
  return { n, k, W: decoder.map((x) => x * scale), V: transposed(encoder, k, n).map((x) => x * scale) };
}

function startAnywhere(n, k, seed) {
  return drawWeights(n, k, seed, n ** -0.5);
}

/** The minimum for the wrong directions, 1 to k − 1 and k + 1, and a tiny push off it. */
function startAtSaddle({ spectrum }, n, k, seed) {
  const weights = drawWeights(n, k, seed, SADDLE_PUSH);
  for (let j = 0; j < k; j += 1) {
    const i = j < k - 1 ? j : k;
    const value = Math.sqrt(Math.max(0, 1 - SADDLE_LAM / spectrum[i]));
    weights.W[i * k + j] += value;
    weights.V[i * k + j] += value;
  }
  return weights;
}

/** @param {Float64Array} matrix rows × columns @returns {Float64Array} columns × rows */
export function transposed(matrix, rows, columns) {
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i += 1) for (let j = 0; j < columns; j += 1) result[j * rows + i] = matrix[i * columns + j];
  return result;
}

/**
 * The loss where the walk is now, its parts and their sum.
 *
 * @param {Walk} walk
 * @param {import("./autoencoder.js").Penalty} penalty
 */
export function lossOf({ weights, problem }, penalty) {
  const parts = computeLoss(weights, problem.spectrum, penalty);
  const reconstruction = parts.reconstruction + problem.rest;
  return { reconstruction, penalty: parts.penalty, total: reconstruction + parts.penalty };
}

/**
 * Take up to `nSteps` steps. With an automatic rate a stretch that raises the loss is taken back, and
 * the rate halved; with a rate of the reader's own, divergence is caught at its step.
 *
 * @param {Walk} walk
 * @param {string} regularizer
 * @param {number} lam
 * @param {number} ownRate 0 for an automatic one
 * @param {number} nSteps
 */
export function advance(walk, regularizer, lam, ownRate, nSteps) {
  if (walk.diverged) return;
  const { weights, problem } = walk;
  const penalty = makePenalty(regularizer, lam, weights.k);
  chooseRate(walk, penalty, lam, ownRate);
  const before = lossOf(walk, penalty).total;
  if (!walk.records.length) record(walk, penalty);
  const kept = [weights.W.slice(), weights.V.slice()];
  descend(weights, problem.spectrum, penalty, walk.rate, nSteps);
  const after = lossOf(walk, penalty).total;
  let taken = nSteps;
  const blownUp = (loss) => !(loss < HOPELESS * walk.scale);
  if (blownUp(after) || (!ownRate && after > before * (1 + 1e-9))) {
    weights.W.set(kept[0]);
    weights.V.set(kept[1]);
    if (!ownRate) {
      walk.rate = Number((walk.rate / 2).toPrecision(3));
      return;
    }
    for (taken = 0; taken < nSteps && !walk.diverged; taken += 1) {
      descend(weights, problem.spectrum, penalty, walk.rate, 1);
      walk.diverged = blownUp(lossOf(walk, penalty).total);
    }
  }
  extend(walk, [regularizer, lam, walk.rate, taken]);
  const last = walk.records[walk.records.length - 1];
  if (walk.steps >= last.step * RECORD_EVERY || walk.diverged) record(walk, penalty);
  walk.stationary = isStationary(walk, penalty);
}

/** Keep the rate of the stretch that goes on; choose a new one where the loss is another. */
function chooseRate(walk, penalty, lam, ownRate) {
  const last = walk.entries[walk.entries.length - 1];
  const goesOn = last && last.length === 4 && last[0] === penalty.regularizer && last[1] === lam && walk.rate;
  if (ownRate) walk.rate = ownRate;
  else if (!goesOn || walk.ownRate) walk.rate = stableLearningRate(walk.weights, walk.problem.spectrum, penalty);
  walk.ownRate = ownRate;
}

/** Add a stretch to the entries, or lengthen the last one if it is of the same kind. */
function extend(walk, [regularizer, lam, rate, steps]) {
  walk.steps += steps;
  const last = walk.entries[walk.entries.length - 1];
  if (last && last.length === 4 && last[0] === regularizer && last[1] === lam && last[2] === rate) last[3] += steps;
  else walk.entries.push([regularizer, lam, rate, steps]);
}

function record(walk, penalty) {
  const { reconstruction, penalty: size } = lossOf(walk, penalty);
  walk.records.push({ step: walk.steps, reconstruction, penalty: size, gap: transposeGap(walk.weights) });
}

function isStationary({ weights, problem }, penalty) {
  const gradient = computeGradient(weights, problem.spectrum, penalty);
  const largest = [gradient.W, gradient.V].reduce((most, part) => part.reduce((m, g) => Math.max(m, Math.abs(g)), most), 0);
  return largest <= STATIONARY * problem.spectrum[0];
}

/**
 * Let a random element of a group act: W2 becomes W2 G, W1 becomes G⁻¹ W1.
 *
 * @param {Walk} walk
 * @param {string} group
 * @param {number} [seed] by default one that follows from the walk
 */
export function act(walk, group, seed = (walk.seed + 1 + walk.entries.length) >>> 0) {
  const { W, V, n, k } = walk.weights;
  const { G, inverse } = drawFromGroup(group, seed, k);
  const multiply = (rows, entry) => {
    const result = new Float64Array(n * k);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < k; j += 1) {
        for (let m = 0; m < k; m += 1) result[i * k + j] += rows[i * k + m] * entry(m, j);
      }
    }
    return result;
  };
  W.set(multiply(W, (m, j) => G[m * k + j]));
  V.set(multiply(V, (m, j) => inverse[j * k + m]));
  walk.entries.push([group, seed]);
  walk.rate = 0;
  walk.stationary = false;
}

/**
 * Take the next part of recorded entries: an action, or at most `most` steps of a stretch.
 *
 * @param {Walk} walk
 * @param {(Stretch | Action)[]} entries what is left, shortened in place
 * @param {number} most
 */
export function retrace(walk, entries, most) {
  const [name, number, rate, steps] = entries[0];
  if (entries[0].length === 2) act(walk, name, number);
  else {
    advance(walk, name, number, rate, Math.min(steps, most));
    walk.ownRate = 0;
  }
  if (entries[0].length === 2 || steps <= most || walk.diverged) entries.shift();
  else entries[0] = [name, number, rate, steps - most];
}
