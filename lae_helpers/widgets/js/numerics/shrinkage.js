/** How a penalty shortens each direction: by strength, along the strength, and read back from it. */

import { mapSingularValues, spreadStrengths } from "./regularizers.js";

/** @typedef {Exclude<import("./regularizers.js").Regularizer, "none">} Penalized */

/**
 * What theory says at one strength.
 *
 * @param {Penalized} regularizer
 * @param {number} lam
 * @param {number[]} variances descending
 * @param {[number, number]} spread
 * @returns {{strengths: number[], map: number[], decoder: number[] | null}} singular values of W2 W1,
 *   and those of W2, or null where theory leaves them free
 */
export function predictSpectrum(regularizer, lam, variances, spread) {
  const strengths = spreadStrengths(regularizer, lam, variances.length, spread);
  const map = mapSingularValues(regularizer, strengths, variances);
  return { strengths, map, decoder: regularizer === "product" ? null : map.map(Math.sqrt) };
}

/**
 * One curve for each variance: what theory fixes (the singular value of W2, under the product that of
 * W2 W1) against the strength, from `least` to `most` or to where it reaches zero.
 *
 * @param {Penalized} regularizer
 * @param {number[]} variances
 * @param {[number, number]} range of strengths, both positive
 * @param {[number, number]} spread
 * @param {number} [pieces]
 * @returns {[number, number][][]}
 */
export function traceSpectrum(regularizer, variances, [least, most], spread, pieces = 60) {
  const ones = spreadStrengths(regularizer, 1, variances.length, spread);
  /** @type {(variance: number, i: number) => [number, number][]} */
  const traceCurve = (variance, i) => {
    /** @param {number} lam */
    const value = (lam) =>
      regularizer === "product"
        ? variance / (variance + lam)
        : Math.sqrt(Math.max(0, 1 - (ones[i] * lam) / variance));
    /** @param {number} share */
    const strength = (share) =>
      regularizer === "product"
        ? variance * (1 / share - 1)
        : (variance * (1 - share * share)) / ones[i];
    const [high, low] = [value(least), value(most)];
    if (!(high > 0)) return [];
    const end = low > 0 ? most : variance / ones[i];
    return Array.from({ length: pieces + 1 }, (_, j) => {
      const share = high + ((low - high) * j) / pieces;
      if (j === 0) return [least, high];
      return j === pieces ? [end, low] : [strength(share), share];
    });
  };
  return variances.map(traceCurve);
}

/**
 * The variances λ / (1 − s²), from singular values of W2 at the minimum under the sum; λ where a
 * component is given up, and NaN where s is one or more, as it never is at a minimum.
 *
 * @param {number[]} values
 * @param {number} lam
 * @returns {number[]}
 */
export function readBackVariances(values, lam) {
  return values.map((value) => (value < 1 ? lam / (1 - value * value) : NaN));
}
