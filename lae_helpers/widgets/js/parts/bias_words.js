/** What chapter 3's figures of the plane say. */

import { arrival, decoderFrom, missOf } from "../numerics/biases.js";
import { directionAt, dot } from "../numerics/cloud.js";
import { sayFixed } from "./numbers.js";

/** @typedef {import("../numerics/cloud.js").Point} Point */
/** @typedef {import("../numerics/biases.js").Network} Network */

const NEAR = 5; // degrees
const SMALLEST = 0.05;

/**
 * @param {Network} network
 * @param {number} step
 * @param {Point} mean
 * @param {number} first angle of u₁
 */
export function describeLateBias(network, step, mean, first) {
  const miss = Math.hypot(...missOf(network, mean));
  return `Step ${step}: the network misses the mean by ${sayFixed(miss)}. ${sayShare(network, mean, first)}The decoder is ${sayAngles(network, mean, first)}.`;
}

/**
 * How much of what lies beside u₁, and only b₂ can give at the minimum, b₂ gives.
 *
 * @param {Network} network @param {Point} mean @param {number} first
 */
function sayShare({ bias }, mean, first) {
  const across = directionAt(first + 90);
  const beside = dot(across, mean);
  if (Math.abs(beside) < SMALLEST) return "";
  return `The bias gives ${sayFixed((100 * dot(across, bias)) / beside, 0)} % of what only it can. `;
}

/** @param {Network} network @param {Point} mean @param {number} first */
function sayAngles(network, mean, first) {
  const fromFirst = `${sayFixed(decoderFrom(network, first), 0)}° from u₁`;
  if (Math.hypot(...mean) < SMALLEST) return fromFirst;
  const toMean = (Math.atan2(mean[1], mean[0]) * 180) / Math.PI;
  return `${fromFirst}, ${sayFixed(decoderFrom(network, toMean), 0)}° from the mean`;
}

/** @param {[Network[], Network[]]} paths @param {number} first */
export function sayArrivals(paths, first) {
  const [learned, best] = paths.map((path) => {
    const step = arrival(path, first, NEAR);
    return step === null ? `not in ${path.length - 1} steps` : `from step ${step} on`;
  });
  return `Within ${NEAR}° of u₁: ${learned} if the bias learns, ${best} if it is always the best.`;
}

/** @param {Network} network @param {number} gamma @param {Point} mean @param {number} first */
export function describePrice(network, gamma, mean, first) {
  const beta = gamma === 1 ? "β is infinite, and b₂ = 0" : `β = ${sayFixed(gamma / (1 - gamma))}`;
  const length = sayFixed(Math.hypot(...network.bias));
  return `${beta}: the bias has length ${length}, and carries the line ${sayFixed(100 * (1 - gamma), 0)} % of the way from the origin to the mean. The decoder is ${sayAngles(network, mean, first)}.`;
}
