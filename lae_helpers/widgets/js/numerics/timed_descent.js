/**
 * Gradient descent by the clock, with and without a price on the weights. One step size serves the
 * whole run, so that its time, step size times steps, is that of the gradient flow.
 *
 * @typedef {ReturnType<typeof startRun>} Run
 */

import { computeLoss, stableLearningRate, takeSteps } from "./autoencoder.js";
import { GROWN_NORM } from "./constants.js";
import { makePenalty, minimumLoss } from "./regularizers.js";
import { startWeights } from "./starts.js";

// Units of the flow's time a second: slow where much happens, just after a start or a switch.
const FIRST_PACE = 0.1;
const FULL_PACE = 0.8;
const RISE = 2; // seconds from the one to the other

/** The flow's time that passes in so many seconds after a start or a switch. @param {number} seconds */
export function flowTime(seconds) {
  const rising = Math.min(seconds, RISE);
  return (
    FIRST_PACE * rising +
    ((FULL_PACE - FIRST_PACE) / (2 * RISE)) * rising ** 2 +
    FULL_PACE * (seconds - rising)
  );
}

/**
 * @param {Float64Array} spectrum diagonal of the matrix in the loss, descending
 * @param {{k: number, seed: number, size: number, lam: number}} settings
 */
export function startRun(spectrum, { k, seed, size, lam }) {
  const weights = startWeights({ spectrum, saddle: null }, k, seed, size);
  const [free, priced] = /** @type {const} */ (["none", "sum"]).map((regularizer) =>
    makePenalty(regularizer, lam, k, [1, 1]),
  );
  return {
    weights,
    spectrum,
    free,
    priced,
    rate: stableLearningRate(weights, spectrum, priced, GROWN_NORM),
    steps: 0,
    time: 0,
    /** Seconds of motion since the last start or switch. */
    since: 0,
    least: minimumLoss("none", free.strengths, spectrum),
  };
}

/**
 * Go on for so many seconds.
 *
 * @param {Run} run
 * @param {boolean} price whether the weights cost something
 * @param {number} seconds
 */
export function advanceRun(run, price, seconds) {
  run.time += flowTime(run.since + seconds) - flowTime(run.since);
  run.since += seconds;
  const steps = Math.floor(run.time / run.rate) - run.steps;
  run.steps += steps;
  takeSteps(run.weights, run.spectrum, price ? run.priced : run.free, run.rate, steps);
}

/** The error of reconstruction, in these coordinates. @param {Run} run */
export const errorOf = ({ weights, spectrum, free }) =>
  computeLoss(weights, spectrum, free).reconstruction;

/** ‖row − column‖ / ‖column‖, one a component. @param {Run} run @returns {number[]} */
export function gapsOf({ weights: { W, V, n, k } }) {
  return Array.from({ length: k }, (_, j) => {
    let apart = 0;
    let size = 0;
    for (let i = 0; i < n; i += 1) {
      apart += (V[i * k + j] - W[i * k + j]) ** 2;
      size += W[i * k + j] ** 2;
    }
    return size > 0 ? Math.sqrt(apart / size) : 0;
  });
}
