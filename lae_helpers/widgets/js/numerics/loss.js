/**
 * How high a descent stands, and how low it can come.
 *
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("./regularizers.js").Penalty} Penalty
 * @typedef {{reconstruction: number, penalty: number, total: number}} Loss
 */

import { computeLoss } from "./autoencoder.js";
import { minimumLoss } from "./regularizers.js";

const UNFINISHED = 1e-6; // of the total variance: the height above the minimum

/**
 * The loss where the weights are now, its parts and their sum.
 *
 * @param {Descent} descent
 * @param {Penalty} penalty
 * @returns {Loss}
 */
export function lossOf({ weights, problem }, penalty) {
  const parts = computeLoss(weights, problem.spectrum, penalty);
  const reconstruction = parts.reconstruction + problem.rest;
  return { reconstruction, penalty: parts.penalty, total: reconstruction + parts.penalty };
}

/** The least value of the loss. @param {Descent} descent @param {Penalty} penalty */
export function minimumOf({ problem }, { regularizer, strengths }) {
  return problem.rest + minimumLoss(regularizer, strengths, problem.spectrum);
}

/**
 * Whether a loss is visibly above the minimum.
 *
 * @param {Descent} descent
 * @param {Penalty} penalty
 * @param {number} total the loss
 */
export function isUnfinished(descent, penalty, total) {
  return total - minimumOf(descent, penalty) > UNFINISHED * descent.totalVariance;
}
