/**
 * Descent on all four losses from one start, at one step size, and where each was at every position
 * of a scrubber: the positions are even in the steps at the beginning, and then in their logarithm.
 *
 * @typedef {import("./autoencoder.js").Weights} Weights
 * @typedef {ReturnType<typeof startLosses>} Losses
 */

import { normalizeColumns, stableLearningRate, takeSteps, transposeGap } from "./autoencoder.js";
import { GROWN_NORM } from "./constants.js";
import { leftSingularVectors } from "./linear_algebra.js";
import { makePenalty, REGULARIZERS } from "./regularizers.js";
import { startWeights } from "./starts.js";

const EVEN_STEPS = 20; // of the beginning

/**
 * @param {number} position from 0 up
 * @param {number} last position
 * @param {number} nSteps at the last
 */
export const stepsAt = (position, last, nSteps) =>
  Math.round(EVEN_STEPS * Math.expm1((position / last) * Math.log1p(nSteps / EVEN_STEPS)));

/**
 * @param {Float64Array} spectrum diagonal of the matrix in the loss, descending
 * @param {{k: number, seed: number, size: number, lam: number, spread: [number, number],
 *          last: number, nSteps: number}} settings
 */
export function startLosses(spectrum, { k, seed, size, lam, spread, last, nSteps }) {
  const start = startWeights({ spectrum, saddle: null }, k, seed, size);
  const penalties = REGULARIZERS.map((name) => makePenalty(name, lam, k, spread));
  const rates = penalties.map((penalty) =>
    stableLearningRate(start, spectrum, penalty, GROWN_NORM),
  );
  return {
    spectrum,
    penalties,
    rate: Math.min(...rates),
    last,
    nSteps,
    /** Weights by position, and in it by loss. @type {Weights[][]} */
    moments: [penalties.map(() => start)],
  };
}

/**
 * Weights under each loss at a position, or as near before it as there was time for.
 *
 * @param {Losses} losses
 * @param {number} position
 * @param {number} [until] when to stop, by `performance.now()`
 * @returns {{reached: number, weights: Weights[]}}
 */
export function momentAt(losses, position, until = Infinity) {
  const { moments, penalties, spectrum, rate, last, nSteps } = losses;
  while (moments.length <= position && performance.now() < until) {
    const at = moments.length;
    const steps = stepsAt(at, last, nSteps) - stepsAt(at - 1, last, nSteps);
    moments.push(
      moments[at - 1].map(({ W, V, n, k }, i) => {
        const weights = { n, k, W: W.slice(), V: V.slice() };
        takeSteps(weights, spectrum, penalties[i], rate, steps);
        return weights;
      }),
    );
  }
  const reached = Math.min(position, moments.length - 1);
  return { reached, weights: moments[reached] };
}

/**
 * What weights have found: their transpose gap, left singular vectors of W₂, and |cos| to the
 * principal direction of the same place, of the singular vectors and of the columns.
 *
 * @param {Weights} weights
 */
export function inspect({ W, V, n, k }) {
  const { vectors } = leftSingularVectors(W, n, k);
  const columns = normalizeColumns(W, k);
  /** @param {Float64Array} matrix */
  const ownCosines = (matrix) => Array.from({ length: k }, (_, j) => Math.abs(matrix[j * k + j]));
  return {
    gap: transposeGap({ W, V, n, k }),
    vectors: vectors.map((value, at) => (vectors[(at % k) * k + (at % k)] < 0 ? -value : value)),
    vectorCosines: ownCosines(vectors),
    columnCosines: ownCosines(columns),
  };
}
