/** Where a descent begins: mirrors `lae_helpers.explorer.problems.start_weights`. */

import { drawNormals, mulberry32 } from "./random.js";

/**
 * Weights before any step, from a seed.
 *
 * @param {Pick<import("./descent.js").Problem, "spectrum" | "saddle">} problem
 * @param {number} k
 * @param {number} seed
 * @param {number} size what they are multiplied by
 * @returns {import("./autoencoder.js").Weights}
 */
export function startWeights(problem, k, seed, size) {
  const n = problem.spectrum.length;
  const { W, V } =
    problem.saddle && k < n
      ? startAtSaddle(problem.spectrum, problem.saddle, k, seed)
      : drawWeights(n, k, seed, n ** -0.5);
  return { n, k, W: W.map((w) => size * w), V: V.map((v) => size * v) };
}

/**
 * Normal numbers: first W1, row by row, then W2.
 *
 * @param {number} n
 * @param {number} k
 * @param {number} seed
 * @param {number} scale
 */
function drawWeights(n, k, seed, scale) {
  const uniform = mulberry32(seed);
  const encoder = drawNormals(uniform, k * n);
  const decoder = drawNormals(uniform, n * k);
  return { W: decoder.map((x) => x * scale), V: transposed(encoder, k, n).map((x) => x * scale) };
}

/**
 * The minimum for the wrong directions, 1 to k − 1 and k + 1, and a tiny push off it.
 *
 * @param {Float64Array} spectrum
 * @param {[number, number]} saddle
 * @param {number} k
 * @param {number} seed
 */
function startAtSaddle(spectrum, [lam, push], k, seed) {
  const n = spectrum.length;
  const weights = drawWeights(n, k, seed, push);
  for (let j = 0; j < k; j += 1) {
    const i = j < k - 1 ? j : k;
    const value = Math.sqrt(Math.max(0, 1 - lam / spectrum[i]));
    weights.W[i * k + j] += value;
    weights.V[i * k + j] += value;
  }
  return weights;
}

/**
 * @param {Float64Array} matrix rows × columns
 * @param {number} rows
 * @param {number} columns
 * @returns {Float64Array} columns × rows
 */
export function transposed(matrix, rows, columns) {
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) result[j * rows + i] = matrix[i * columns + j];
  }
  return result;
}
