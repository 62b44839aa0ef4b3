/**
 * The linear autoencoder in coordinates in which the matrix of the loss is diagonal.
 *
 * `W` is W2 (n × k) and `V` the transpose of W1 (n × k), both row by row, so that row i of either
 * belongs to coordinate i. Mirrors `lae_helpers.autoencoder`.
 *
 * @typedef {{W: Float64Array, V: Float64Array, n: number, k: number}} Weights
 * @typedef {import("./regularizers.js").Penalty} Penalty
 */

import { leftSingularVectors } from "./linear_algebra.js";

/**
 * Σᵢ (weightᵢ + shift) row iᵀ row i, k × k, written into `out`; every weight is one if there are none.
 *
 * @param {Float64Array} out
 * @param {Float64Array} rows n × k
 * @param {number} n
 * @param {number} k
 * @param {ArrayLike<number> | null} [weights]
 * @param {number} [shift]
 */
function accumulateGram(out, rows, n, k, weights = null, shift = 0) {
  out.fill(0);
  for (let i = 0; i < n; i += 1) {
    const weight = weights ? weights[i] + shift : 1;
    const at = i * k;
    for (let a = 0; a < k; a += 1) {
      const factor = weight * rows[at + a];
      for (let b = 0; b <= a; b += 1) out[a * k + b] += factor * rows[at + b];
    }
  }
  for (let a = 0; a < k; a += 1) for (let b = 0; b < a; b += 1) out[b * k + a] = out[a * k + b];
}

/** Of two symmetric matrices. @param {Float64Array} A @param {Float64Array} B */
function traceOfProduct(A, B) {
  let sum = 0;
  for (let i = 0; i < A.length; i += 1) sum += A[i] * B[i];
  return sum;
}

/**
 * The loss, its two parts apart.
 *
 * @param {Weights} weights
 * @param {ArrayLike<number>} spectrum diagonal of the matrix in the loss, length n
 * @param {Penalty} penalty
 * @returns {{reconstruction: number, penalty: number}}
 */
export function computeLoss({ W, V, n, k }, spectrum, penalty) {
  const B = new Float64Array(k * k);
  accumulateGram(B, W, n, k);
  let reconstruction = 0;
  for (let i = 0; i < n; i += 1) {
    let error = 1;
    for (let a = 0; a < k; a += 1) {
      error -= 2 * W[i * k + a] * V[i * k + a];
      for (let b = 0; b < k; b += 1) error += V[i * k + a] * B[a * k + b] * V[i * k + b];
    }
    reconstruction += spectrum[i] * Math.max(error, 0);
  }
  const codes = new Float64Array(k * k);
  accumulateGram(codes, V, n, k);
  let sizes = penalty.mapStrength * traceOfProduct(B, codes);
  for (let j = 0; j < k; j += 1) sizes += penalty.decays[j] * (B[j * k + j] + codes[j * k + j]);
  return { reconstruction, penalty: sizes };
}

// Where a component decays, its weights would end as subnormal numbers, which are slow to compute with.
const NOTHING = 1e-200;

/**
 * Take steps of plain gradient descent on the whole loss, in place, both matrices at once.
 *
 * @param {Weights} weights
 * @param {ArrayLike<number>} spectrum
 * @param {Penalty} penalty
 * @param {number} learningRate
 * @param {number} nSteps
 */
export function takeSteps({ W, V, n, k }, spectrum, { mapStrength, decays }, learningRate, nSteps) {
  const A = new Float64Array(k * k);
  const B = new Float64Array(k * k);
  const w = new Float64Array(k);
  const v = new Float64Array(k);
  const rate = 2 * learningRate;
  for (let step = 0; step < nSteps; step += 1) {
    accumulateGram(A, V, n, k, spectrum, mapStrength);
    accumulateGram(B, W, n, k);
    for (let i = 0, at = 0; i < n; i += 1, at += k) {
      const variance = spectrum[i];
      const raised = variance + mapStrength;
      for (let j = 0; j < k; j += 1) {
        w[j] = W[at + j];
        v[j] = V[at + j];
      }
      for (let j = 0; j < k; j += 1) {
        let decoded = 0;
        let encoded = 0;
        for (let m = 0; m < k; m += 1) {
          decoded += A[j * k + m] * w[m];
          encoded += B[j * k + m] * v[m];
        }
        W[at + j] = w[j] - rate * (decoded - variance * v[j] + decays[j] * w[j]);
        V[at + j] = v[j] - rate * (raised * encoded - variance * w[j] + decays[j] * v[j]);
      }
    }
  }
  for (const rows of [W, V]) {
    for (let i = 0; i < rows.length; i += 1) if (Math.abs(rows[i]) < NOTHING) rows[i] = 0;
  }
}

/**
 * The gradient of the whole loss, in the layout of the weights: what one step of rate one takes off.
 *
 * @param {Weights} weights
 * @param {ArrayLike<number>} spectrum
 * @param {Penalty} penalty
 * @returns {{W: Float64Array, V: Float64Array}}
 */
export function computeGradient(weights, spectrum, penalty) {
  const moved = { ...weights, W: weights.W.slice(), V: weights.V.slice() };
  takeSteps(moved, spectrum, penalty, 1, 1);
  return { W: weights.W.map((w, i) => w - moved.W[i]), V: weights.V.map((v, i) => v - moved.V[i]) };
}

/**
 * A learning rate with which descent is stable here: one over a bound on the Hessian's norm, rounded
 * down to three digits; 1 where the loss is constant. Mirrors `lae_helpers.training.full_batch.stable_learning_rate`.
 *
 * @param {Weights} weights
 * @param {ArrayLike<number>} spectrum
 * @param {Penalty} penalty
 * @param {number} leastNorm of the weights, for the bound
 * @returns {number}
 */
export function stableLearningRate({ W, V, n, k }, spectrum, { mapStrength, decays }, leastNorm) {
  const [a, b] = [V, W].map((rows) =>
    Math.max(leftSingularVectors(rows, n, k).values[0], leastNorm),
  );
  const bound =
    2 * (spectrum[0] + mapStrength) * (a * a + b * b + a * b + 1) + 2 * Math.max(...decays);
  const [mantissa, exponent] = (bound > 0 ? 1 / bound : 1).toExponential(16).split("e");
  return Number(`${mantissa.slice(0, 4)}e${exponent}`);
}

/** ‖W1 − W2ᵀ‖ / ‖W2‖, both Frobenius; 0 if both are zero. @param {Weights} weights @returns {number} */
export function transposeGap({ W, V }) {
  let apart = 0;
  let size = 0;
  for (let i = 0; i < W.length; i += 1) {
    apart += (V[i] - W[i]) ** 2;
    size += W[i] ** 2;
  }
  return apart === 0 ? 0 : Math.sqrt(apart / size);
}

/**
 * Columns scaled to length one; a column of length zero stays zero.
 *
 * @param {Float64Array} matrix n × k
 * @param {number} k
 * @returns {Float64Array}
 */
export function normalizeColumns(matrix, k) {
  const lengths = new Float64Array(k);
  for (let i = 0; i < matrix.length; i += 1) lengths[i % k] += matrix[i] ** 2;
  return matrix.map((value, i) => (lengths[i % k] > 0 ? value / Math.sqrt(lengths[i % k]) : 0));
}

/**
 * Rᵀ Q: the cosines of the columns of Q to the reference directions, k × k.
 *
 * @param {Float64Array} Q n × k, columns of length one
 * @param {number} n
 * @param {number} k
 * @param {Float64Array | null} reference n × m, m ≥ k, row by row; the coordinate axes if null
 * @returns {Float64Array}
 */
export function cosinesTo(Q, n, k, reference) {
  if (!reference) return Q.slice(0, k * k);
  const m = reference.length / n;
  const cosines = new Float64Array(k * k);
  for (let i = 0; i < n; i += 1) {
    for (let a = 0; a < k; a += 1) {
      for (let b = 0; b < k; b += 1) cosines[a * k + b] += reference[i * m + a] * Q[i * k + b];
    }
  }
  return cosines;
}
