/**
 * A network with one hidden layer whose errors come back through a matrix at a chosen angle to the
 * transpose: mirrors `lae_helpers.networks.turned`. Matrices are flat, row by row.
 */

import { drawNormals, mulberry32 } from "./random.js";

/**
 * @typedef {[nInputs: number, nHidden: number, nOutputs: number]} Widths
 * @typedef {{W1: Float64Array, b1: Float64Array, W2: Float64Array, b2: Float64Array}} Weights
 * @typedef {{X: Float64Array, classes: number[], widths: Widths}} Task one sample a row
 */

const PARTS = /** @type {(keyof Weights)[]} */ (["W1", "b1", "W2", "b2"]);

/**
 * @param {number} seed
 * @param {Widths} widths
 * @returns {{weights: Weights, H: Float64Array}} the start, and the matrix that the way back turns to
 */
export function drawStart(seed, [n, h, c]) {
  const uniform = mulberry32(seed);
  const W1 = drawNormals(uniform, h * n).map((entry) => entry / Math.sqrt(n));
  const W2 = drawNormals(uniform, c * h).map((entry) => entry / Math.sqrt(h));
  const H = drawNormals(uniform, h * c);
  return { weights: { W1, b1: new Float64Array(h), W2, b2: new Float64Array(c) }, H };
}

/**
 * B = cos α · Wᵀ + sin α · ‖W‖ Q/‖Q‖, where Q is the part of H that is orthogonal to Wᵀ.
 *
 * @param {Float64Array} W rows × columns
 * @param {Float64Array} H columns × rows, as the result
 * @param {number} rows
 * @param {number} degrees
 * @returns {Float64Array}
 */
export function turnWayBack(W, H, rows, degrees) {
  const transpose = transposed(W, rows);
  const squared = dot(W, W);
  const along = dot(H, transpose) / squared;
  const Q = H.map((entry, i) => entry - along * transpose[i]);
  const alpha = (degrees * Math.PI) / 180;
  const aside = Math.sin(alpha) * Math.sqrt(squared / dot(Q, Q));
  return transpose.map((entry, i) => Math.cos(alpha) * entry + aside * Q[i]);
}

/** @param {Float64Array} W @param {number} rows @returns {Float64Array} */
export function transposed(W, rows) {
  const columns = W.length / rows;
  return Float64Array.from(W, (_, i) => W[(i % rows) * columns + Math.floor(i / rows)]);
}

/**
 * The loss and the share read right, the gradient, and what takes its place when the errors come
 * back through B.
 *
 * @param {Weights} weights
 * @param {Task} task
 * @param {Float64Array} B hidden × outputs
 */
export function lookAt(weights, task, B) {
  const [n, h, c] = task.widths;
  const nSamples = task.classes.length;
  const [gradient, update] = [0, 1].map(() => ({
    W1: new Float64Array(h * n),
    b1: new Float64Array(h),
    W2: new Float64Array(c * h),
    b2: new Float64Array(c),
  }));
  const a = new Float64Array(h);
  const error = new Float64Array(c);
  let loss = 0;
  let nRight = 0;
  for (let s = 0; s < nSamples; s += 1) {
    const x = task.X.subarray(s * n, (s + 1) * n);
    passForward(weights, x, a, error);
    const { cost, isRight } = toError(error, task.classes[s]);
    loss += cost / nSamples;
    if (isRight) nRight += 1;
    for (let m = 0; m < c; m += 1) {
      gradient.b2[m] += error[m] / nSamples;
      for (let j = 0; j < h; j += 1) gradient.W2[m * h + j] += (error[m] * a[j]) / nSamples;
    }
    for (let j = 0; j < h; j += 1) {
      const slope = (1 - a[j] * a[j]) / nSamples;
      let [through, sent] = [0, 0];
      for (let m = 0; m < c; m += 1) {
        through += slope * weights.W2[m * h + j] * error[m];
        sent += slope * B[j * c + m] * error[m];
      }
      gradient.b1[j] += through;
      update.b1[j] += sent;
      for (let i = 0; i < n; i += 1) {
        gradient.W1[j * n + i] += through * x[i];
        update.W1[j * n + i] += sent * x[i];
      }
    }
  }
  update.W2.set(gradient.W2);
  update.b2.set(gradient.b2);
  return { loss, accuracy: nRight / nSamples, gradient, update };
}

/**
 * @param {Weights} weights
 * @param {Float64Array} x
 * @param {Float64Array} a where the hidden layer goes
 * @param {Float64Array} z where the outputs go
 */
function passForward({ W1, b1, W2, b2 }, x, a, z) {
  for (let j = 0; j < a.length; j += 1) {
    let sum = b1[j];
    for (let i = 0; i < x.length; i += 1) sum += W1[j * x.length + i] * x[i];
    a[j] = Math.tanh(sum);
  }
  for (let m = 0; m < z.length; m += 1) {
    let sum = b2[m];
    for (let j = 0; j < a.length; j += 1) sum += W2[m * a.length + j] * a[j];
    z[m] = sum;
  }
}

/**
 * Softmax and cross-entropy.
 *
 * @param {Float64Array} z the outputs, which become the probabilities minus the target
 * @param {number} target
 */
function toError(z, target) {
  const most = Math.max(...z);
  const isRight = z[target] === most;
  const wanted = z[target] - most;
  let total = 0;
  for (let m = 0; m < z.length; m += 1) total += z[m] = Math.exp(z[m] - most);
  for (let m = 0; m < z.length; m += 1) z[m] /= total;
  z[target] -= 1;
  return { cost: Math.log(total) - wanted, isRight };
}

/** @param {Weights} weights changed in place @param {Weights} update @param {number} rate */
export function takeStep(weights, update, rate) {
  for (const part of PARTS) {
    for (let i = 0; i < weights[part].length; i += 1) weights[part][i] -= rate * update[part][i];
  }
}

/** @param {Weights} first @param {Weights} second @returns {number} degrees between all entries */
export function stepAngle(first, second) {
  return angleBetween(joined(first), joined(second));
}

/**
 * The angle in degrees, exact near 0 and 180 too, as in `lae_helpers.metrics.angle`.
 *
 * @param {Float64Array} first
 * @param {Float64Array} second
 * @returns {number}
 */
export function angleBetween(first, second) {
  const [a, b] = [Math.sqrt(dot(first, first)), Math.sqrt(dot(second, second))];
  let [apart, together] = [0, 0];
  for (let i = 0; i < first.length; i += 1) {
    apart += (first[i] / a - second[i] / b) ** 2;
    together += (first[i] / a + second[i] / b) ** 2;
  }
  return (360 / Math.PI) * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
}

/** @param {Weights} weights */
function joined(weights) {
  return Float64Array.from(PARTS.flatMap((part) => [...weights[part]]));
}

/** @param {Float64Array} a @param {Float64Array} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
