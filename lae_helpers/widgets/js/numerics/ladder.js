/**
 * The ladder for k = 2: what an invertible G, acting as W2 G and G⁻¹ W1, changes in four losses.
 *
 * All in the coordinates of two principal directions, so that the weights are 2 × 2 as G is. What
 * the other directions add to a loss is the same before and after.
 *
 * @typedef {import("./two_by_two.js").Matrix2} Matrix2
 * @typedef {"GL(2)" | "O(2)" | "{±1}²"} LadderGroup
 * @typedef {{variances: number[], lam: number, lams: number[]}} LossSettings
 */

import { REGULARIZERS } from "./regularizers.js";
import { INVARIANCE_GROUPS } from "./constants.js";
import {
  distanceBetween,
  invertMatrix,
  multiplyMatrices,
  nearestOrthogonal,
  nearestSigns,
} from "./two_by_two.js";

/** The losses, each with the group that leaves it unchanged. */
export const LADDER = REGULARIZERS.map((name) => ({
  name,
  group: INVARIANCE_GROUPS[name].replace("k", "2").replace("^2", "²"),
}));

/**
 * Singular values of the weights at G = I, W2 = U diag(s) = W1ᵀ: those of a minimum under the
 * product, and balanced. As they are distinct, every loss has its least value on the orbit at G = I,
 * and elsewhere only at the G of its own group.
 *
 * @param {LossSettings} settings
 */
export function startingValues({ variances, lam }) {
  return variances.map((variance) => Math.sqrt(variance / (variance + lam)));
}

/** The four losses, in the order of the ladder. @param {Matrix2} W1 @param {Matrix2} W2 @param {LossSettings} settings */
function fourLosses(W1, W2, { variances, lam, lams }) {
  const [[a, b], [c, d]] = multiplyMatrices(W2, W1);
  const reconstruction =
    variances[0] * ((1 - a) ** 2 + c ** 2) + variances[1] * (b ** 2 + (1 - d) ** 2);
  const sizes = [0, 1].map((j) => W1[j][0] ** 2 + W1[j][1] ** 2 + W2[0][j] ** 2 + W2[1][j] ** 2);
  const penalties = [
    0,
    lam * (a ** 2 + b ** 2 + c ** 2 + d ** 2),
    lam * (sizes[0] + sizes[1]),
    lams[0] * sizes[0] + lams[1] * sizes[1],
  ];
  return penalties.map((penalty) => reconstruction + penalty);
}

/** Change of the four losses under G. @param {Matrix2} G @param {LossSettings} settings @returns {number[]} */
export function changeLosses(G, settings) {
  const [s, t] = startingValues(settings);
  /** @type {Matrix2} */
  const start = [
    [s, 0],
    [0, t],
  ];
  const before = fourLosses(start, start, settings);
  const after = fourLosses(
    multiplyMatrices(invertMatrix(G), start),
    multiplyMatrices(start, G),
    settings,
  );
  return after.map((loss, i) => loss - before[i]);
}

/** The smallest group of the ladder that holds G. @param {Matrix2} G @param {number} tolerance @returns {LadderGroup} */
export function findGroup(G, tolerance) {
  if (distanceBetween(G, nearestSigns(G)) <= tolerance) return "{±1}²";
  return distanceBetween(G, nearestOrthogonal(G)) <= tolerance ? "O(2)" : "GL(2)";
}
