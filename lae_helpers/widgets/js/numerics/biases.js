/**
 * The smallest autoencoder with biases, two numbers in and one code: mirrors
 * `lae_helpers.widgets.late_bias` and `lae_helpers.widgets.bias_price`.
 */

import { addMean, angleBetween, angleOf, decompose, directionAt, dot } from "./cloud.js";
import { BIAS_RATE, BIAS_START, BIAS_STEPS } from "./constants.js";
import { drawNormals, mulberry32 } from "./random.js";

/**
 * @typedef {import("./cloud.js").Point} Point
 * @typedef {import("./cloud.js").Moment} Moment
 * @typedef {object} Network
 * @property {Point} encoder the row of W₁
 * @property {Point} decoder the column of W₂
 * @property {number} hidden b₁
 * @property {Point} bias b₂
 */

/**
 * Gradient descent on the loss from random weights and no biases; b₂ learns, or is always the best.
 *
 * @param {Moment} C the covariance
 * @param {Point} mean
 * @param {number} seed
 * @param {boolean} best
 * @returns {Network[]} after every step, the start first
 */
export function followBiases(C, mean, seed, best) {
  const [a, b, c, d] = drawNormals(mulberry32(seed), 4).map((weight) => BIAS_START * weight);
  /** @type {Network} */
  let network = { encoder: [a, b], decoder: [c, d], hidden: 0, bias: [0, 0] };
  const settle = () => {
    const code = codeOf(network, mean);
    const { decoder } = network;
    network = { ...network, bias: [mean[0] - code * decoder[0], mean[1] - code * decoder[1]] };
  };
  if (best) settle();
  const path = [network];
  for (let step = 0; step < BIAS_STEPS; step += 1) {
    network = descend(network, C, mean, best);
    if (best) settle();
    path.push(network);
  }
  return path;
}

/**
 * One step along the derivatives of J = J̄ + ‖r‖², with r = μ − f(μ).
 *
 * @param {Network} network @param {Moment} C @param {Point} mean @param {boolean} best
 * @returns {Network}
 */
function descend({ encoder, decoder, hidden, bias }, C, mean, best) {
  const h = dot(encoder, mean) + hidden;
  const r = missOf({ encoder, decoder, hidden, bias }, mean);
  const Ce = apply(C, encoder);
  const Cd = apply(C, decoder);
  // With A = I − W₂W₁: A C W₁ᵀ, and C Aᵀ W₂.
  const [inner, square] = [dot(encoder, Ce), dot(decoder, decoder)];
  const push = 2 * BIAS_RATE;
  const pull = dot(decoder, r);
  return {
    encoder: move(encoder, push, (i) => Cd[i] - square * Ce[i] + pull * mean[i]),
    decoder: move(decoder, push, (i) => Ce[i] - inner * decoder[i] + h * r[i]),
    hidden: best ? hidden : hidden + push * pull,
    bias: best ? bias : move(bias, push, (i) => r[i]),
  };
}

/** @param {Point} point @param {number} far @param {(i: number) => number} way @returns {Point} */
const move = (point, far, way) => [point[0] + far * way(0), point[1] + far * way(1)];

/** @param {Moment} C @param {Point} x @returns {Point} */
const apply = ([a, b, c], [x, y]) => [a * x + b * y, b * x + c * y];

/** @param {Network} network @param {Point} y @returns {number} */
export const codeOf = ({ encoder, hidden }, y) => dot(encoder, y) + hidden;

/** @param {Network} network @param {Point} y @returns {Point} its reconstruction */
export function rebuild(network, y) {
  const code = codeOf(network, y);
  const { decoder, bias } = network;
  return [decoder[0] * code + bias[0], decoder[1] * code + bias[1]];
}

/** @param {Network} network @param {Point} mean @returns {Point} r = μ − f(μ) */
export function missOf(network, mean) {
  const [x, y] = rebuild(network, mean);
  return [mean[0] - x, mean[1] - y];
}

/** @param {Network} network @param {number} angle @returns {number} degrees to the decoder's line */
export const decoderFrom = ({ decoder }, angle) => angleBetween(angleOf(decoder), angle);

/**
 * The step from which on the decoder stays within so many degrees of a line.
 *
 * @param {Network[]} path @param {number} angle @param {number} tolerance
 * @returns {number | null} null if not within the path
 */
export function arrival(path, angle, tolerance) {
  const last = path.findLastIndex((network) => decoderFrom(network, angle) >= tolerance);
  return last === path.length - 1 ? null : last + 1;
}

/**
 * The minimum with a price β on ‖b₂‖², γ = β / (1 + β), and what it costs.
 *
 * @param {Moment} C @param {Point} mean @param {number} gamma
 * @returns {{network: Network, error: number, price: number}}
 */
export function solvePriced(C, mean, gamma) {
  const { values, angle } = decompose(addMean(C, mean, gamma));
  const direction = directionAt(angle);
  const along = dot(direction, mean);
  const beside = move(mean, -along, (i) => direction[i]);
  const price = gamma * (1 - gamma) * dot(beside, beside);
  return {
    network: {
      encoder: direction,
      decoder: direction,
      hidden: 0,
      bias: [(1 - gamma) * beside[0], (1 - gamma) * beside[1]],
    },
    error: values[1] - price,
    price,
  };
}
