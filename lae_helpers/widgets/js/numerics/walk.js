/**
 * A walk: where the weights start, every stretch of descent and every group element that acted on
 * them since. The walk alone reproduces the weights, here and in Python (`lae_helpers.explorer.replay`).
 *
 * @typedef {import("./autoencoder.js").Regularizer} Regularizer
 * @typedef {import("./autoencoder.js").Penalty} Penalty
 * @typedef {{reconstruction: number, penalty: number, total: number}} Loss
 * @typedef {[Regularizer, number, number, number]} Stretch regularizer, λ, learning rate, steps
 * @typedef {[import("./draws.js").Group, number]} Action group, seed of the element drawn from it
 * @typedef {Stretch | Action} Entry
 * @typedef {object} Problem
 * @property {Float64Array} spectrum diagonal of the matrix in the loss, descending
 * @property {number} rest what the loss has outside of these coordinates
 * @property {Float64Array | null} reference directions to compare with, n × m; the axes if null
 * @property {number[]} variances of the data along those directions
 * @property {[number, number] | null} saddle λ and push of a start at a saddle; null for any other
 * @property {[number, number]} spread of the strengths of the non-uniform sum, over λ
 */

import {
  computeGradient,
  computeLoss,
  descend,
  makePenalty,
  stableLearningRate,
  transposeGap,
} from "./autoencoder.js";
import { drawFromGroup } from "./draws.js";
import { minimumLoss } from "./spectrum.js";
import { startWeights, transposed } from "./starts.js";

const HOPELESS = 1e6;
const ROUNDING = 1e-13;
const MOST_HALVINGS = 60;
const LARGEST_SIZE = 2000; // of ‖W1‖² + ‖W2‖²: beyond it the loss would lose digits that the reader sees
const STATIONARY = 1e-9; // of the top variance: the gradient at the end
const STUCK = 1e-14; // of the same: the gradient's rounding
const UNFINISHED = 1e-6; // of the total variance: the height above the minimum
const RECORD_EVERY = 1.04;
const GROWN = 1; // the norm that small weights will have, which the rate has to suit

/** @typedef {ReturnType<typeof startWalk>} Walk */

/**
 * @param {Problem} problem
 * @param {number} k
 * @param {number} seed
 * @param {number} size of the start
 */
export function startWalk(problem, k, seed, size) {
  return {
    problem,
    weights: startWeights(problem, k, seed, size),
    seed,
    size,
    scale: problem.rest + problem.spectrum.reduce((sum, variance) => sum + variance, 0),
    steps: 0,
    /** @type {Entry[]} */
    entries: [],
    /** @type {{step: number, reconstruction: number, penalty: number, gap: number}[]} */
    records: [],
    rate: 0,
    /** The loss that the rate was chosen for, empty if it was not chosen. */
    chosenFor: "",
    diverged: false,
    stationary: false,
  };
}

/**
 * The loss where the walk is now, its parts and their sum.
 *
 * @param {Walk} walk
 * @param {Penalty} penalty
 * @returns {Loss}
 */
export function lossOf({ weights, problem }, penalty) {
  const parts = computeLoss(weights, problem.spectrum, penalty);
  const reconstruction = parts.reconstruction + problem.rest;
  return { reconstruction, penalty: parts.penalty, total: reconstruction + parts.penalty };
}

/**
 * Take `nSteps` steps, or fewer if the loss runs away with a rate of the reader's own.
 *
 * @param {Walk} walk
 * @param {Regularizer} regularizer
 * @param {number} lam
 * @param {number} ownRate 0 for an automatic one
 * @param {number} nSteps
 */
export function advance(walk, regularizer, lam, ownRate, nSteps) {
  if (walk.diverged) return;
  const penalty = makePenalty(regularizer, lam, walk.weights.k, walk.problem.spread);
  chooseRate(walk, penalty, lam, ownRate);
  if (!walk.records.length) record(walk, penalty);
  const taken = ownRate
    ? stepUntilHopeless(walk, penalty, nSteps)
    : stepDownhill(walk, penalty, nSteps);
  extend(walk, [regularizer, lam, walk.rate, taken]);
  const last = walk.records[walk.records.length - 1];
  if (walk.steps >= last.step * RECORD_EVERY || walk.diverged) record(walk, penalty);
  walk.stationary = isStationary(walk, penalty);
}

/**
 * Halve the rate until the stretch does not raise the loss by more than rounding may.
 *
 * @param {Walk} walk
 * @param {Penalty} penalty
 * @param {number} nSteps
 */
function stepDownhill(walk, penalty, nSteps) {
  const { weights, problem } = walk;
  const highest = lossOf(walk, penalty).total * (1 + 1e-9) + ROUNDING * walk.scale;
  const kept = copyOf(weights);
  for (let halvings = 0; ; halvings += 1) {
    descend(weights, problem.spectrum, penalty, walk.rate, nSteps);
    if (lossOf(walk, penalty).total <= highest || halvings === MOST_HALVINGS) return nSteps;
    putBack(weights, kept);
    walk.rate = Number((walk.rate / 2).toPrecision(3));
  }
}

/**
 * Take the steps at once; if the loss has run away by then, again one by one, to stop in time.
 *
 * @param {Walk} walk
 * @param {Penalty} penalty
 * @param {number} nSteps
 */
function stepUntilHopeless(walk, penalty, nSteps) {
  const { weights, problem } = walk;
  const isHopeless = () => !(lossOf(walk, penalty).total < HOPELESS * (walk.scale + 1));
  const kept = copyOf(weights);
  descend(weights, problem.spectrum, penalty, walk.rate, nSteps);
  if (!isHopeless()) return nSteps;
  putBack(weights, kept);
  let taken = 0;
  while (taken < nSteps && !walk.diverged) {
    descend(weights, problem.spectrum, penalty, walk.rate, 1);
    walk.diverged = isHopeless();
    taken += 1;
  }
  return taken;
}

/** @typedef {Pick<import("./autoencoder.js").Weights, "W" | "V">} Values */

/** @param {Values} values @returns {Values} */
const copyOf = ({ W, V }) => ({ W: W.slice(), V: V.slice() });

/** @param {Values} weights @param {Values} values */
function putBack(weights, { W, V }) {
  weights.W.set(W);
  weights.V.set(V);
}

/**
 * Keep the rate while the loss is the same; choose a new one where it is another.
 *
 * @param {Walk} walk
 * @param {Penalty} penalty
 * @param {number} lam
 * @param {number} ownRate 0 for an automatic one
 */
function chooseRate(walk, penalty, lam, ownRate) {
  const chosenFor = ownRate ? "" : `${penalty.regularizer} ${lam}`;
  if (ownRate) walk.rate = ownRate;
  else if (walk.chosenFor !== chosenFor) {
    walk.rate = stableLearningRate(walk.weights, walk.problem.spectrum, penalty, GROWN);
  }
  walk.chosenFor = chosenFor;
}

/**
 * Add a stretch to the entries, or lengthen the last one if it is of the same kind.
 *
 * @param {Walk} walk
 * @param {Stretch} stretch
 */
function extend(walk, [regularizer, lam, rate, steps]) {
  walk.steps += steps;
  const last = walk.entries[walk.entries.length - 1];
  if (last && last.length === 4 && last[0] === regularizer && last[1] === lam && last[2] === rate) {
    last[3] += steps;
  } else walk.entries.push([regularizer, lam, rate, steps]);
}

/** @param {Walk} walk @param {Penalty} penalty */
function record(walk, penalty) {
  const { reconstruction, penalty: size } = lossOf(walk, penalty);
  walk.records.push({
    step: walk.steps,
    reconstruction,
    penalty: size,
    gap: transposeGap(walk.weights),
  });
}

/**
 * At the minimum, or on a saddle that rounding alone could leave; near a saddle the descent goes on.
 *
 * @param {Walk} walk
 * @param {Penalty} penalty
 */
function isStationary(walk, penalty) {
  const { weights, problem } = walk;
  const gradient = computeGradient(weights, problem.spectrum, penalty);
  const largest = [gradient.W, gradient.V].reduce(
    (most, part) => part.reduce((m, g) => Math.max(m, Math.abs(g)), most),
    0,
  );
  const limit = isUnfinished(walk, penalty, lossOf(walk, penalty).total) ? STUCK : STATIONARY;
  return largest <= limit * problem.spectrum[0];
}

/** The least value of the loss. @param {Walk} walk @param {Penalty} penalty */
export function minimumOf({ problem }, { regularizer, strengths }) {
  return problem.rest + minimumLoss(regularizer, strengths, problem.spectrum);
}

/**
 * Whether a loss is visibly above the minimum.
 *
 * @param {Walk} walk
 * @param {Penalty} penalty
 * @param {number} total the loss
 */
export function isUnfinished(walk, penalty, total) {
  return total - minimumOf(walk, penalty) > UNFINISHED * walk.scale;
}

/**
 * Let a random element of a group act: W2 becomes W2 G, W1 becomes G⁻¹ W1.
 *
 * @param {Walk} walk
 * @param {import("./draws.js").Group} group
 * @param {number} [seed] by default one that follows from the walk
 * @returns {boolean} false if nothing was done, as the weights would become too large
 */
export function act(walk, group, seed = (walk.seed + 1 + walk.entries.length) >>> 0) {
  const { weights } = walk;
  const { n, k } = weights;
  const { G, inverse } = drawFromGroup(group, seed, k);
  const W = multiplyRows(weights.W, G, n, k);
  const V = multiplyRows(weights.V, transposed(inverse, k, k), n, k);
  if (!(sumOfSquares(W) + sumOfSquares(V) <= LARGEST_SIZE)) return false;
  putBack(weights, { W, V });
  walk.entries.push([group, seed]);
  walk.rate = 0;
  walk.chosenFor = "";
  walk.stationary = false;
  return true;
}

/**
 * An n × k matrix times a k × k one.
 *
 * @param {Float64Array} rows
 * @param {Float64Array} matrix
 * @param {number} n
 * @param {number} k
 */
function multiplyRows(rows, matrix, n, k) {
  const product = new Float64Array(n * k);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < k; j += 1) {
      for (let m = 0; m < k; m += 1) product[i * k + j] += rows[i * k + m] * matrix[m * k + j];
    }
  }
  return product;
}

/** @param {Float64Array} numbers */
const sumOfSquares = (numbers) => numbers.reduce((sum, x) => sum + x * x, 0);

/**
 * Take the next part of recorded entries: an action, or at most `most` steps of a stretch.
 *
 * @param {Walk} walk
 * @param {Entry[]} entries what is left, shortened in place; none after one that fails
 * @param {number} most
 */
export function retrace(walk, entries, most) {
  const [entry] = entries;
  if (entry.length === 2) {
    entries.shift();
    if (!act(walk, ...entry)) entries.length = 0;
    return;
  }
  const [regularizer, lam, rate, steps] = entry;
  advance(walk, regularizer, lam, rate, Math.min(steps, most));
  walk.chosenFor = `${regularizer} ${lam}`; // what goes on from here goes on at this rate
  if (walk.diverged) entries.length = 0;
  else if (steps <= most) entries.shift();
  else entries[0] = [regularizer, lam, rate, steps - most];
}
