/** The learning rate: the reader's own, or one over a bound on the curvature where the weights are. */

import { stableLearningRate } from "./autoencoder.js";
import { GROWN_NORM } from "./constants.js";

const CHANGED = 2; // times the rate, or one over it: then it is chosen again
const LOOK_EVERY = 1.05; // times the steps since the choice

/**
 * @typedef {object} Rate
 * @property {number} rate 0 before any choice
 * @property {string} chosenFor the loss it was chosen for, empty if it was not chosen
 * @property {number} chosenAt step of that choice
 * @property {number} lookAt step at which to see whether it still suits
 */

/** @returns {Rate} */
export const noRate = () => ({ rate: 0, chosenFor: "", chosenAt: 0, lookAt: 0 });

/**
 * Keep the rate while the loss is the same and the bound is near; choose a new one otherwise.
 *
 * @param {import("./descent.js").Descent} descent
 * @param {import("./regularizers.js").Penalty} penalty
 * @param {number} lam
 * @param {number} own rate of the reader's; 0 for an automatic one
 */
export function chooseRate(descent, penalty, lam, own) {
  if (own) {
    keepRate(descent, own, "");
    return;
  }
  const loss = nameLoss(penalty.regularizer, lam);
  const isOther = descent.chosenFor !== loss;
  if (!isOther && descent.steps < descent.lookAt) return;
  const { weights, problem, rate } = descent;
  const stable = stableLearningRate(weights, problem.spectrum, penalty, GROWN_NORM);
  if (isOther || stable >= CHANGED * rate || stable <= rate / CHANGED) {
    keepRate(descent, stable, loss);
  }
  const since = descent.steps - descent.chosenAt;
  descent.lookAt = descent.chosenAt + Math.ceil((since + 1) * LOOK_EVERY);
}

/**
 * @param {import("./regularizers.js").Regularizer} regularizer
 * @param {number} lam
 */
export const nameLoss = (regularizer, lam) => `${regularizer} ${lam}`;

/**
 * Let a rate count as chosen now.
 *
 * @param {import("./descent.js").Descent} descent
 * @param {number} rate
 * @param {string} loss it was chosen for
 */
export function keepRate(descent, rate, loss) {
  Object.assign(descent, {
    rate,
    chosenFor: loss,
    chosenAt: descent.steps,
    lookAt: descent.steps,
  });
}
