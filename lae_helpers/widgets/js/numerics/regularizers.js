/**
 * The penalties, and what the minimum of each loss must show: mirrors `lae_helpers.regularizers`.
 *
 * @typedef {keyof typeof INVARIANCE_GROUPS} Regularizer
 * @typedef {{regularizer: Regularizer, mapStrength: number, decays: Float64Array, strengths: Float64Array}} Penalty
 *   `mapStrength` is the product's λ, `decays` are the λⱼ of the sums, `strengths` the λ of every component
 */

import { INVARIANCE_GROUPS } from "./constants.js";

export const REGULARIZERS = /** @type {Regularizer[]} */ (Object.keys(INVARIANCE_GROUPS));

/**
 * Strengths of the components, ascending: even steps for the non-uniform sum, else all the same.
 *
 * @param {Regularizer} regularizer
 * @param {number} lam
 * @param {number} k
 * @param {[number, number]} spread the least and the largest strength of the non-uniform sum, over lam
 * @returns {number[]}
 */
export function spreadStrengths(regularizer, lam, k, [least, most]) {
  if (regularizer === "none") return Array.from({ length: k }, () => 0);
  const spreads = regularizer === "non-uniform sum" && k > 1;
  return Array.from({ length: k }, (_, j) =>
    spreads ? (least + ((most - least) * j) / (k - 1)) * lam : lam,
  );
}

/**
 * @param {Regularizer} regularizer
 * @param {number} lam the strength
 * @param {number} k
 * @param {[number, number]} spread of the strengths of the non-uniform sum, over lam
 * @returns {Penalty}
 */
export function makePenalty(regularizer, lam, k, spread) {
  const strengths = Float64Array.from(spreadStrengths(regularizer, lam, k, spread));
  const sums = regularizer === "sum" || regularizer === "non-uniform sum";
  return {
    regularizer,
    strengths,
    mapStrength: regularizer === "product" ? lam : 0,
    decays: sums ? strengths : new Float64Array(k),
  };
}

/**
 * Singular values of W2 W1 at the minimum, one for each variance; those of W2 are their square
 * roots, where theory fixes them.
 *
 * @param {Regularizer} regularizer
 * @param {number[] | Float64Array} strengths λ for every component; for the non-uniform sum ascending
 * @param {ArrayLike<number>} variances descending
 * @returns {number[]}
 */
export function mapSingularValues(regularizer, strengths, variances) {
  return Array.from(strengths, (lam, i) => {
    const variance = variances[i];
    if (regularizer === "none") return 1;
    if (regularizer === "product") return variance + lam > 0 ? variance / (variance + lam) : 0;
    return variance > lam ? 1 - lam / variance : 0;
  });
}

/**
 * The smallest value of the loss, less what lies outside of the coordinates.
 *
 * @param {Regularizer} regularizer
 * @param {number[] | Float64Array} strengths λ of every component, ascending
 * @param {ArrayLike<number>} spectrum all eigenvalues of the matrix in the loss, descending
 * @returns {number}
 */
export function minimumLoss(regularizer, strengths, spectrum) {
  const power = regularizer === "product" ? 1 : 2;
  const kept = mapSingularValues(regularizer, strengths, spectrum);
  const gains = kept.reduce((sum, value, i) => sum + spectrum[i] * value ** power, 0);
  return Array.from(spectrum).reduce((sum, variance) => sum + variance, 0) - gains;
}
