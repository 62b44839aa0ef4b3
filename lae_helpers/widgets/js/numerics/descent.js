/**
 * Gradient descent under way. Its walk is what happened to the starting weights: every stretch of
 * steps, and every group element that acted. With the start, it alone reproduces the weights, here
 * and in Python (`lae_helpers.explorer.replay`).
 *
 * @typedef {import("./regularizers.js").Regularizer} Regularizer
 * @typedef {import("./regularizers.js").Penalty} Penalty
 * @typedef {import("./loss.js").Loss} Loss
 * @typedef {[Regularizer, number, number, number]} Stretch regularizer, λ, learning rate, steps
 * @typedef {[import("./random.js").Group, number]} Action group, seed of the element drawn from it
 * @typedef {Stretch | Action} Entry
 * @typedef {object} Problem
 * @property {Float64Array} spectrum diagonal of the matrix in the loss, descending
 * @property {number} rest what the loss has outside of these coordinates
 * @property {Float64Array | null} reference directions to compare with, n × m; the axes if null
 * @property {number[]} variances of the data along those directions
 * @property {[number, number] | null} saddle λ and push of a start at a saddle; null for any other
 * @property {[number, number]} spread of the strengths of the non-uniform sum, over λ
 */

import { computeGradient, takeSteps } from "./autoencoder.js";
import { leaveStretch, needsRecord, record } from "./history.js";
import { isUnfinished, lossOf, minimumOf } from "./loss.js";
import { drawFromGroup } from "./random.js";
import { chooseRate, keepRate, nameLoss, noRate } from "./rate.js";
import { makePenalty } from "./regularizers.js";
import { startWeights, transposed } from "./starts.js";
import { keepMoment, startTimeline } from "./timeline.js";
import { sayNumber } from "../parts/numbers.js";

const HOPELESS = 1e6;
const ROUNDING = 1e-13;
const MOST_HALVINGS = 60;
const LARGEST_SIZE = 2000; // of ‖W1‖² + ‖W2‖²: beyond it the loss would lose digits that the reader sees
const STATIONARY = 1e-9; // of the top variance: the gradient at the end
const STUCK = 1e-14; // of the same: the gradient's rounding

/** @typedef {ReturnType<typeof startDescent>} Descent */

/**
 * @param {Problem} problem
 * @param {number} k
 * @param {number} seed
 * @param {number} size of the start
 */
export function startDescent(problem, k, seed, size) {
  return {
    problem,
    weights: startWeights(problem, k, seed, size),
    seed,
    size,
    totalVariance: problem.rest + problem.spectrum.reduce((sum, variance) => sum + variance, 0),
    steps: 0,
    /** @type {Entry[]} */
    walk: [],
    /** @type {import("./history.js").Stretch[]} */
    history: [],
    timeline: startTimeline(),
    ...noRate(),
    /** Whether a group element has acted since the last step. */
    moved: false,
    diverged: false,
    stationary: false,
  };
}

/**
 * Take `nSteps` steps, or fewer if the loss runs away with a rate of the reader's own.
 *
 * @param {Descent} descent
 * @param {Regularizer} regularizer
 * @param {number} lam
 * @param {number} ownRate 0 for an automatic one
 * @param {number} nSteps
 */
export function advance(descent, regularizer, lam, ownRate, nSteps) {
  if (descent.diverged) return;
  const penalty = makePenalty(regularizer, lam, descent.weights.k, descent.problem.spread);
  chooseRate(descent, penalty, lam, ownRate);
  enterStretch(descent, penalty, lam);
  const taken = ownRate
    ? stepUntilHopeless(descent, penalty, nSteps)
    : stepDownhill(descent, penalty, nSteps);
  extend(descent, [regularizer, lam, descent.rate, taken]);
  if (needsRecord(descent.history, descent.steps) || descent.diverged) record(descent, penalty);
  descent.stationary = isStationary(descent, penalty);
}

/**
 * Halve the rate until the stretch does not raise the loss by more than rounding may.
 *
 * @param {Descent} descent
 * @param {Penalty} penalty
 * @param {number} nSteps
 */
function stepDownhill(descent, penalty, nSteps) {
  const { weights, problem } = descent;
  const highest = lossOf(descent, penalty).total * (1 + 1e-9) + ROUNDING * descent.totalVariance;
  const kept = copyOf(weights);
  for (let halvings = 0; ; halvings += 1) {
    takeSteps(weights, problem.spectrum, penalty, descent.rate, nSteps);
    if (lossOf(descent, penalty).total <= highest || halvings === MOST_HALVINGS) return nSteps;
    putBack(weights, kept);
    descent.rate = Number((descent.rate / 2).toPrecision(3));
  }
}

/**
 * Take the steps at once; if the loss has run away by then, again one by one, to stop in time.
 *
 * @param {Descent} descent
 * @param {Penalty} penalty
 * @param {number} nSteps
 */
function stepUntilHopeless(descent, penalty, nSteps) {
  const { weights, problem } = descent;
  const isHopeless = () =>
    !(lossOf(descent, penalty).total < HOPELESS * (descent.totalVariance + 1));
  const kept = copyOf(weights);
  takeSteps(weights, problem.spectrum, penalty, descent.rate, nSteps);
  if (!isHopeless()) return nSteps;
  putBack(weights, kept);
  let taken = 0;
  while (taken < nSteps && !descent.diverged) {
    takeSteps(weights, problem.spectrum, penalty, descent.rate, 1);
    descent.diverged = isHopeless();
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
 * Add a stretch to the walk, or lengthen the last one if it is of the same kind.
 *
 * @param {Descent} descent
 * @param {Stretch} stretch
 */
function extend(descent, [regularizer, lam, rate, steps]) {
  descent.steps += steps;
  const last = descent.walk[descent.walk.length - 1];
  if (last && last.length === 4 && last[0] === regularizer && last[1] === lam && last[2] === rate) {
    last[3] += steps;
  } else descent.walk.push([regularizer, lam, rate, steps]);
}

/**
 * Begin a stretch of the history, if it is another loss than before, or the weights were moved.
 *
 * @param {Descent} descent
 * @param {Penalty} penalty
 * @param {number} lam
 */
function enterStretch(descent, penalty, lam) {
  const { regularizer } = penalty;
  const last = descent.history[descent.history.length - 1];
  const isSame = last?.regularizer === regularizer && last.lam === lam;
  if (isSame && !descent.moved) return;
  if (!isSame) {
    if (!descent.moved) leaveStretch(descent);
    const text = regularizer === "none" ? regularizer : `${regularizer}, λ ${sayNumber(lam)}`;
    keepMoment(descent, last ? { kind: "loss", text } : null);
  }
  const minimum = minimumOf(descent, penalty);
  descent.history.push({ regularizer, lam, minimum, from: descent.steps, records: [] });
  descent.moved = false;
  record(descent, penalty);
}

/**
 * At the minimum, or on a saddle that rounding alone could leave; near a saddle the descent goes on.
 *
 * @param {Descent} descent
 * @param {Penalty} penalty
 */
function isStationary(descent, penalty) {
  const { weights, problem } = descent;
  const gradient = computeGradient(weights, problem.spectrum, penalty);
  const largest = [gradient.W, gradient.V].reduce(
    (most, part) => part.reduce((m, g) => Math.max(m, Math.abs(g)), most),
    0,
  );
  const limit = isUnfinished(descent, penalty, lossOf(descent, penalty).total) ? STUCK : STATIONARY;
  return largest <= limit * problem.spectrum[0];
}

/**
 * Let a random element of a group act: W2 becomes W2 G, W1 becomes G⁻¹ W1.
 *
 * @param {Descent} descent
 * @param {import("./random.js").Group} group
 * @param {number} [seed] by default one that follows from the walk
 * @returns {boolean} false if nothing was done, as the weights would become too large
 */
export function act(descent, group, seed = (descent.seed + 1 + descent.walk.length) >>> 0) {
  const { weights } = descent;
  const { n, k } = weights;
  const { G, inverse } = drawFromGroup(group, seed, k);
  const W = multiplyRows(weights.W, G, n, k);
  const V = multiplyRows(weights.V, transposed(inverse, k, k), n, k);
  if (!(sumOfSquares(W) + sumOfSquares(V) <= LARGEST_SIZE)) return false;
  if (!descent.moved) leaveStretch(descent);
  keepMoment(descent, { kind: "action", text: group });
  putBack(weights, { W, V });
  descent.walk.push([group, seed]);
  descent.timeline.vectors = null;
  descent.moved = true;
  keepRate(descent, 0, "");
  descent.stationary = false;
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
 * @param {Descent} descent
 * @param {Entry[]} entries of a walk, those left, shortened in place; none after one that fails
 * @param {number} most
 */
export function retrace(descent, entries, most) {
  const [entry] = entries;
  if (entry.length === 2) {
    entries.shift();
    if (!act(descent, ...entry)) entries.length = 0;
    return;
  }
  const [regularizer, lam, rate, steps] = entry;
  advance(descent, regularizer, lam, rate, Math.min(steps, most));
  descent.chosenFor = nameLoss(regularizer, lam); // what goes on from here goes on at this rate
  if (descent.diverged) entries.length = 0;
  else if (steps <= most) entries.shift();
  else entries[0] = [regularizer, lam, rate, steps - most];
}
