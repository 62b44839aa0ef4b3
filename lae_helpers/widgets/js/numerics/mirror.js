/** Feedback weights that learn from what a layer sends: mirrors `MirrorFigure.feedback`. */

import { drawNormals, mulberry32 } from "./random.js";

/**
 * A layer with forward weights W, m × n, and what may drive it.
 *
 * @typedef {object} Layer
 * @property {number} above m
 * @property {number} below n
 * @property {Float64Array} W row by row
 * @property {ArrayLike<number>} activity of the layer below, a sample a row
 * @property {number} scale of the activity
 */

/**
 * The step is rate · ((α x − β B y) yᵀ − γ B), y = W x, the mean over a batch.
 *
 * @typedef {object} Rule
 * @property {number} rate
 * @property {number} alpha
 * @property {number} beta
 * @property {number} gamma
 * @property {boolean} noise whether white noise is x, or the activity
 */

/** @typedef {{batch: number, run: number, slowest: number}} Settings sizes of batches and runs */

/**
 * Feedback weights B, n × m, before any step: as long as W, on average.
 *
 * @param {Layer} layer
 * @param {number} seed
 */
export function startFeedback({ above, below, W }, seed) {
  const uniform = mulberry32(seed);
  const size = lengthOf(W) / Math.sqrt(above * below);
  return { uniform, B: drawNormals(uniform, below * above).map((value) => size * value) };
}

/**
 * One step, in place.
 *
 * @param {{uniform: () => number, B: Float64Array}} feedback
 * @param {Layer} layer
 * @param {Rule} rule
 * @param {number} step of the run, whose rate falls along a cosine
 * @param {Settings} settings
 */
export function stepFeedback({ uniform, B }, layer, rule, step, { batch, run, slowest }) {
  const { above, below, W } = layer;
  const X = rule.noise ? drawNormals(uniform, batch * below) : drawActivity(uniform, layer, batch);
  const sums = new Float64Array(below * above);
  const missed = new Float64Array(below);
  const y = new Float64Array(above);
  for (let start = 0; start < X.length; start += below) {
    const x = X.subarray(start, start + below);
    for (let j = 0; j < above; j += 1) {
      y[j] = 0;
      for (let i = 0; i < below; i += 1) y[j] += W[j * below + i] * x[i];
    }
    for (let i = 0; i < below; i += 1) {
      let back = 0;
      for (let j = 0; j < above; j += 1) back += B[i * above + j] * y[j];
      missed[i] = rule.alpha * x[i] - rule.beta * back;
      for (let j = 0; j < above; j += 1) sums[i * above + j] += missed[i] * y[j];
    }
  }
  const annealing = slowest + ((1 - slowest) * (1 + Math.cos((Math.PI * step) / run))) / 2;
  const rate = rule.rate * annealing;
  for (let i = 0; i < B.length; i += 1) B[i] += rate * (sums[i] / batch - rule.gamma * B[i]);
}

/** @param {() => number} uniform @param {Layer} layer @param {number} batch */
function drawActivity(uniform, { below, activity, scale }, batch) {
  const X = new Float64Array(batch * below);
  const count = activity.length / below;
  for (let start = 0; start < X.length; start += below) {
    const from = Math.floor(uniform() * count) * below;
    for (let i = 0; i < below; i += 1) X[start + i] = scale * activity[from + i];
  }
  return X;
}

/**
 * How far feedback is from the transpose, and what no length can mend.
 *
 * @param {Layer} layer
 * @param {Float64Array} B n × m
 * @returns {{angle: number, gain: number, transposed: Float64Array, difference: Float64Array}}
 *   degrees, ‖B‖/‖W‖, Bᵀ, and W less the multiple of Bᵀ that is nearest to it
 */
export function compareFeedback({ above, below, W }, B) {
  const transposed = W.map((_, at) => B[(at % below) * above + Math.floor(at / below)]);
  const [lengthW, lengthB] = [lengthOf(W), lengthOf(B)];
  let overlap = 0;
  let apart = 0;
  let together = 0;
  W.forEach((w, at) => {
    overlap += w * transposed[at];
    apart += (w / lengthW - transposed[at] / lengthB) ** 2;
    together += (w / lengthW + transposed[at] / lengthB) ** 2;
  });
  const angle = (360 / Math.PI) * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
  const multiple = overlap / lengthB ** 2;
  const difference = W.map((w, at) => w - multiple * transposed[at]);
  return { angle, gain: lengthB / lengthW, transposed, difference };
}

/** @param {Float64Array} matrix */
function lengthOf(matrix) {
  return Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0));
}
