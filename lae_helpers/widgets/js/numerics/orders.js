/**
 * Three components that sort themselves: the orders, and a step of the two rules that sort.
 *
 * @typedef {[number, number, number]} Order the directions, from 1, that the components hold
 * @typedef {import("./autoencoder.js").Weights} Weights
 */

import { takeSteps } from "./autoencoder.js";

const K = 3;

/** @type {Order[]} */
export const ORDERS = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
];

/** @param {Order} order */
export function countInversions([a, b, c]) {
  return Number(a > b) + Number(a > c) + Number(b > c);
}

/** Orders that differ by two components that stand side by side: the edges of a hexagon. */
export const EDGES = ORDERS.flatMap((one) =>
  ORDERS.filter(
    (other) => countInversions(other) === countInversions(one) + 1 && isSwap(one, other),
  ).map((other) => [one, other]),
);

/** @param {Order} one @param {Order} other */
function isSwap([a, b, c], [d, e, f]) {
  return (a === e && b === d && c === f) || (a === d && b === f && c === e);
}

/**
 * What the loss at an order has above its minimum.
 *
 * @param {Order} order
 * @param {number[]} variances
 * @param {number[]} strengths
 */
export function lossAbove(order, variances, strengths) {
  /** @param {Order} one */
  const gain = (one) =>
    one.reduce((sum, direction, j) => {
      const c = variances[direction - 1];
      return sum + (c - strengths[j]) ** 2 / c;
    }, 0);
  return gain(ORDERS[0]) - gain(order);
}

/**
 * The weights of an order, moved by a little.
 *
 * @param {Order} order
 * @param {number[]} variances
 * @param {number[]} strengths
 * @param {ArrayLike<number>} noise 2 · n · 3 numbers
 * @returns {Weights}
 */
export function startNear(order, variances, strengths, noise) {
  const n = variances.length;
  const W = Float64Array.from({ length: n * K }, (_, at) => noise[at]);
  const V = Float64Array.from({ length: n * K }, (_, at) => noise[n * K + at]);
  order.forEach((direction, j) => {
    const at = (direction - 1) * K + j;
    const length = Math.sqrt(1 - strengths[j] / variances[direction - 1]);
    W[at] += length;
    V[at] += length;
  });
  return { W, V, n, k: K };
}

/** The code covariance W1 C W1ᵀ, row by row. @param {Weights} weights @param {number[]} variances */
export function covarianceOfCodes({ V, n }, variances) {
  const Z = new Float64Array(K * K);
  for (let i = 0; i < n; i += 1) {
    for (let a = 0; a < K; a += 1) {
      for (let b = 0; b < K; b += 1) Z[a * K + b] += variances[i] * V[i * K + a] * V[i * K + b];
    }
  }
  return Z;
}

/**
 * Steps of gradient descent on the loss with these strengths, in place; with a rotation beside it,
 * W1 ← W1 + ηΓW1 and W2 ← W2 − ηW2Γ, Γ half the code covariance above the diagonal, minus that
 * below. Mirrors `sum_descent` and `rotation_augmented` of `lae_helpers.ordering.rules`.
 *
 * @param {Weights} weights
 * @param {number[]} variances
 * @param {number[]} strengths
 * @param {{turning: boolean, rate: number, nSteps: number}} options
 */
export function sortBySteps(weights, variances, strengths, { turning, rate, nSteps }) {
  const decays = Float64Array.from(strengths);
  /** @type {import("./regularizers.js").Penalty} */
  const penalty = { regularizer: "non-uniform sum", mapStrength: 0, decays, strengths: decays };
  if (!turning) {
    takeSteps(weights, variances, penalty, rate, nSteps);
    return;
  }
  const { W, V, n } = weights;
  for (let step = 0; step < nSteps; step += 1) {
    const Z = covarianceOfCodes(weights, variances);
    const [before, encoder] = [W.slice(), V.slice()];
    takeSteps(weights, variances, penalty, rate, 1);
    for (let i = 0; i < n; i += 1) {
      for (let a = 0; a < K; a += 1) {
        for (let b = 0; b < K; b += 1) {
          const turn = (rate * Math.sign(b - a) * Z[a * K + b]) / 2; // η times entry (a, b) of Γ
          V[i * K + a] += turn * encoder[i * K + b];
          W[i * K + b] -= before[i * K + a] * turn;
        }
      }
    }
  }
}

/**
 * cos² of the angle between each direction and each column, a row a direction.
 *
 * @param {Weights} weights
 */
function squaredCosines({ W, n }) {
  const sizes = [0, 1, 2].map((j) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += W[i * K + j] ** 2;
    return sum;
  });
  return [0, 1, 2].map((i) => sizes.map((size, j) => W[i * K + j] ** 2 / size));
}

/** The order that the columns are nearest to, and cos² of the worst of them. @param {Weights} weights */
export function nearestOrder(weights) {
  const squares = squaredCosines(weights);
  /** @param {Order} order */
  const held = (order) => order.map((direction, j) => squares[direction - 1][j]);
  /** @param {Order} order */
  const total = (order) => held(order).reduce((sum, square) => sum + square, 0);
  const order = ORDERS.reduce((best, other) => (total(other) > total(best) ? other : best));
  return { order, worst: Math.min(...held(order)) };
}

/**
 * Where weights stand among the orders: the mean index of the component that holds direction 1, 2
 * and 3, which for columns at right angles in the first three directions is a point of the
 * permutohedron, with the orders at its corners; seen from the side, the first order lowest.
 *
 * @param {Weights} weights
 * @returns {[x: number, y: number]}
 */
export function placeAmongOrders(weights) {
  const [a, b, c] = squaredCosines(weights).map((row) => {
    const sum = row[0] + row[1] + row[2];
    return sum > 0 ? (row[1] + 2 * row[2]) / sum : 1;
  });
  return [(a - 2 * b + c) / Math.sqrt(3), a - c];
}
