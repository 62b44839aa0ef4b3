/** Random numbers that JavaScript and Python share: mirrors `lae_helpers.explorer.random`. */

import { invert, orthogonalize } from "./linear_algebra.js";

/**
 * The generator mulberry32: numbers from 0 up to 1, the same for the same seed everywhere.
 *
 * @param {number} seed an integer from 0 to 2³² − 1
 * @returns {() => number}
 */
export function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Standard normal numbers by Box and Muller, in pairs; of an odd count the last one is dropped.
 *
 * @param {() => number} uniform
 * @param {number} count
 * @returns {Float64Array}
 */
export function drawNormals(uniform, count) {
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    numbers[i] = radius * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers;
}

/**
 * A random orthogonal matrix, k × k: the Q factor of a matrix of normal numbers.
 *
 * @param {() => number} uniform
 * @param {number} k
 */
function drawRotation(uniform, k) {
  return orthogonalize(drawNormals(uniform, k * k), k);
}

/**
 * A random invertible matrix, k × k, with singular values from 1/2 to 2.
 *
 * @param {() => number} uniform
 * @param {number} k
 */
function drawInvertible(uniform, k) {
  const left = drawRotation(uniform, k);
  const right = drawRotation(uniform, k);
  const values = Array.from({ length: k }, () => 2 ** (2 * uniform() - 1));
  const product = new Float64Array(k * k);
  for (let i = 0; i < k; i += 1) {
    for (let j = 0; j < k; j += 1) {
      for (let m = 0; m < k; m += 1) {
        product[i * k + j] += left[i * k + m] * values[m] * right[j * k + m];
      }
    }
  }
  return product;
}

/**
 * A diagonal matrix of random signs, k × k, at least one of them negative.
 *
 * @param {() => number} uniform
 * @param {number} k
 */
function drawSigns(uniform, k) {
  const signs = Array.from({ length: k }, () => (uniform() < 0.5 ? -1 : 1));
  if (!signs.includes(-1)) signs[0] = -1;
  const matrix = new Float64Array(k * k);
  signs.forEach((sign, i) => (matrix[i * k + i] = sign));
  return matrix;
}

/** @typedef {"GL(k)" | "O(k)" | "{±1}^k"} Group */

/** @type {Record<Group, (uniform: () => number, k: number) => Float64Array>} */
const GROUP_DRAWS = { "GL(k)": drawInvertible, "O(k)": drawRotation, "{±1}^k": drawSigns };

export const GROUPS = /** @type {Group[]} */ (Object.keys(GROUP_DRAWS));

/**
 * A random element of a group, and its inverse, both k × k, row by row.
 *
 * @param {Group} group
 * @param {number} seed
 * @param {number} k
 * @returns {{G: Float64Array, inverse: Float64Array}}
 */
export function drawFromGroup(group, seed, k) {
  const G = GROUP_DRAWS[group](mulberry32(seed), k);
  return { G, inverse: invert(G, k) };
}
