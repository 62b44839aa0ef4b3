/** The smallest autoencoder, n = k = 1, and its contours; mirrors `lae_helpers.scalar.descent`. */

import { MOST_STEPS, STEP_SHARE, TOLERANCE } from "./constants.js";

/**
 * J(w1, w2) = variance (1 - w1 w2)² + onProduct (w1 w2)² + onSum (w1² + w2²)
 *
 * @typedef {{variance: number, onProduct: number, onSum: number}} ScalarLoss
 * @typedef {{w1: number[], w2: number[], nSteps: number, arrived: boolean}} DescentPath
 */

/**
 * @param {"none" | "product" | "sum"} regularizer
 * @param {number} variance
 * @param {number} lam
 * @returns {ScalarLoss}
 */
export function makeScalarLoss(regularizer, variance, lam) {
  return {
    variance,
    onProduct: regularizer === "product" ? lam : 0,
    onSum: regularizer === "sum" ? lam : 0,
  };
}

/** @param {ScalarLoss} loss @param {number} w1 @param {number} w2 */
export function scalarLoss({ variance, onProduct, onSum }, w1, w2) {
  const product = w1 * w2;
  return (
    variance * (1 - product) ** 2 + onProduct * product * product + onSum * (w1 * w1 + w2 * w2)
  );
}

/** @param {ScalarLoss} loss @param {number} w1 @param {number} w2 @returns {[number, number]} */
export function scalarGradient({ variance, onProduct, onSum }, w1, w2) {
  const product = w1 * w2;
  const pull = 2 * (onProduct * product - variance * (1 - product));
  return [pull * w2 + 2 * onSum * w1, pull * w1 + 2 * onSum * w2];
}

/**
 * Where J is least: on a curve w1 w2 = product, at the pair w1 = w2 = ±√product, or at the origin.
 *
 * @param {ScalarLoss} loss
 * @returns {{shape: "curve" | "pair" | "origin", product: number, value: number}}
 */
export function findMinima(loss) {
  const { variance, onProduct, onSum } = loss;
  if (onSum === 0) {
    const product = variance / (variance + onProduct);
    return { shape: "curve", product, value: scalarLoss(loss, product, 1) };
  }
  const product = Math.max(0, 1 - onSum / variance);
  const place = Math.sqrt(product);
  return { shape: product > 0 ? "pair" : "origin", product, value: scalarLoss(loss, place, place) };
}

/**
 * A bound on the curvature wherever gradient descent from there can get: with steps of at most one
 * over it, J never rises and w1² - w2² neither grows nor changes its sign.
 *
 * @param {ScalarLoss} loss @param {number} w1 @param {number} w2
 */
export function curvatureBound({ variance, onProduct, onSum }, w1, w2) {
  const stiffness = variance + onProduct;
  const best = variance / stiffness;
  const excess = stiffness * (w1 * w2 - best) ** 2 + onSum * (w1 * w1 + w2 * w2);
  const mostProduct = best + Math.sqrt(excess / stiffness);
  const mostSquare = Math.hypot(w1 * w1 - w2 * w2, 2 * mostProduct);
  return 2 * (stiffness * mostSquare + Math.sqrt(stiffness * excess) + onSum);
}

/** @param {ScalarLoss[]} losses @param {number} w1 @param {number} w2 a step that is stable for all */
export function chooseStep(losses, w1, w2) {
  return STEP_SHARE / Math.max(...losses.map((loss) => curvatureBound(loss, w1, w2)));
}

/**
 * Gradient descent until the gradient is next to nothing, or MOST_STEPS are made.
 *
 * @param {ScalarLoss} loss @param {number} w1 @param {number} w2 @param {number} step
 * @returns {DescentPath}
 */
export function followGradient(loss, w1, w2, step) {
  const least = (TOLERANCE * loss.variance) ** 2;
  const path = { w1: [w1], w2: [w2], nSteps: 0, arrived: false };
  let [x, y] = [w1, w2];
  for (;;) {
    const [byX, byY] = scalarGradient(loss, x, y);
    path.arrived = byX * byX + byY * byY <= least;
    if (path.arrived || path.nSteps === MOST_STEPS) return path;
    x -= step * byX;
    y -= step * byY;
    path.w1.push(x);
    path.w2.push(y);
    path.nSteps += 1;
  }
}

/** @param {DescentPath} path @param {number} i after so many steps; it stays where it came to rest */
export function imbalanceAt({ w1, w2, nSteps }, i) {
  const place = Math.min(i, nSteps);
  return w1[place] ** 2 - w2[place] ** 2;
}

/**
 * J on a square lattice.
 *
 * @param {ScalarLoss} loss
 * @param {number[]} places the coordinates, of both weights
 * @returns {Float64Array} a row for every w2
 */
export function samplePlane(loss, places) {
  const values = new Float64Array(places.length ** 2);
  let i = 0;
  for (const w2 of places) {
    for (const w1 of places) values[i++] = scalarLoss(loss, w1, w2);
  }
  return values;
}

/**
 * The line on which lattice values reach a level, by marching squares.
 *
 * @param {ArrayLike<number>} values row by row
 * @param {number[]} places the coordinates of columns and of rows
 * @param {number} level
 * @returns {number[]} four numbers a segment: x and y of one end, x and y of the other
 */
export function traceContour(values, places, level) {
  const n = places.length;
  /** @type {number[]} */
  const segments = [];
  for (let row = 0; row + 1 < n; row += 1) {
    for (let column = 0; column + 1 < n; column += 1) {
      const first = row * n + column;
      const below = values[first] < level;
      const passes =
        values[first + 1] < level !== below ||
        values[first + n] < level !== below ||
        values[first + n + 1] < level !== below;
      if (passes) {
        traceCell(values, places, level, [first, first + 1, first + n + 1, first + n], segments);
      }
    }
  }
  return segments;
}

/**
 * Add the segments, one or two, that pass through a cell, given its corners in turn.
 *
 * @param {ArrayLike<number>} values
 * @param {number[]} places
 * @param {number} level
 * @param {number[]} corners
 * @param {number[]} segments
 */
function traceCell(values, places, level, corners, segments) {
  const heights = corners.map((i) => values[i] - level);
  /** @type {[number, number][]} */
  let crossings = [];
  for (let side = 0; side < 4; side += 1) {
    const next = (side + 1) % 4;
    if (heights[side] < 0 !== heights[next] < 0) {
      const share = heights[side] / (heights[side] - heights[next]);
      crossings.push(placeBetween(corners[side], corners[next], share, places));
    }
  }
  const centre = heights[0] + heights[1] + heights[2] + heights[3];
  // Where two lines pass, each cuts off a corner that lies on the other side than the centre.
  const apart = crossings.length === 4 && centre < 0 !== heights[0] < 0;
  if (apart) crossings = [...crossings.slice(1), crossings[0]];
  for (const crossing of crossings) segments.push(...crossing);
}

/**
 * A point between two points of the lattice.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} share
 * @param {number[]} places
 * @returns {[number, number]}
 */
function placeBetween(from, to, share, places) {
  const n = places.length;
  const [x, y] = [places[from % n], places[Math.floor(from / n)]];
  return [x + share * (places[to % n] - x), y + share * (places[Math.floor(to / n)] - y)];
}
