/** What the landscape figure says of the path on show. */

import { findMinima, imbalanceAt } from "../numerics/landscape.js";
import { sayFixed, sayNumber } from "./numbers.js";

/**
 * @typedef {import("../numerics/landscape.js").ScalarLoss} ScalarLoss
 * @typedef {import("../numerics/landscape.js").DescentPath} DescentPath
 */

/**
 * @param {string} regularizer
 * @param {ScalarLoss} loss
 * @param {number} lam
 * @param {DescentPath} path
 * @param {number} step
 * @returns {string}
 */
export function describeLandscape(regularizer, loss, lam, path, step) {
  const parts = [nameLoss(regularizer, loss, lam), describeFate(loss, path)];
  if (path.nSteps > 0) parts.push(describeImbalance(loss, path, step));
  return parts.join(" ");
}

/** @param {string} regularizer @param {ScalarLoss} loss @param {number} lam */
function nameLoss(regularizer, { variance }, lam) {
  const v = sayNumber(variance);
  if (regularizer === "none") return "No penalty: the minima are the hyperbola w₁w₂ = 1.";
  const name = regularizer === "sum" ? "Sum" : "Product";
  const strength = `λ = ${sayNumber(lam)}`;
  if (lam === 0) return `${name} with λ = 0: no penalty, the minima are the hyperbola w₁w₂ = 1.`;
  if (regularizer === "product") {
    const kept = sayFixed(variance / (variance + lam), 3);
    const never = lam >= variance ? " It shrinks, but no λ collapses it." : "";
    return `Product, ${strength}: the minima are the hyperbola w₁w₂ = v/(v + λ) = ${kept}.${never}`;
  }
  if (lam > variance) {
    return `Sum, ${strength} > v = ${v}: the only minimum is the origin, the component is given up.`;
  }
  if (lam === variance) {
    return `Sum, λ = v = ${v}: here the two minima meet in the origin, now the only minimum.`;
  }
  const place = sayFixed(Math.sqrt(1 - lam / variance), 3);
  return `Sum, ${strength} < v = ${v}: two minima, w₁ = w₂ = ±√(1 − λ/v) = ±${place}.`;
}

/** @param {ScalarLoss} loss @param {DescentPath} path */
function describeFate(loss, { w1, w2, nSteps, arrived }) {
  const { shape } = findMinima(loss);
  const start = sayPlace(w1[0], w2[0]);
  const end = sayPlace(w1[nSteps], w2[nSteps], 3);
  if (nSteps === 0 && w1[0] === 0 && shape !== "origin") {
    return "The start is the saddle at the origin: the gradient is zero there, and the path does not move.";
  }
  if (nSteps === 0) return `The start ${start} is a minimum: the path does not move.`;
  const steps = `${nSteps.toLocaleString("en-GB")} steps`;
  if (w1[0] === -w2[0] && shape !== "origin") {
    const level = sayFixed(loss.variance);
    return `The start ${start} is on w₁ = −w₂, the one line that leads into the saddle: after ${steps} the path stops there, at a loss of ${level}, not the minimum ${sayFixed(findMinima(loss).value)}.`;
  }
  if (arrived) return `From ${start} the path comes to rest at ${end} after ${steps}.`;
  if (shape !== "origin") {
    return `From ${start} it is slow: after ${steps} the path has come to ${end} and is still on its way.`;
  }
  const distance = sayFixed(Math.hypot(w1[nSteps], w2[nSteps]), 3);
  const curvature = 2 * (loss.onSum - loss.variance);
  const flatness = curvature === 0 ? "zero" : `only ${curvature.toPrecision(2)}`;
  return `From ${start} it is slow: the curvature along w₁ = w₂ is ${flatness} there, and after ${steps} the path is still ${distance} away.`;
}

/** @param {ScalarLoss} loss @param {DescentPath} path @param {number} step */
function describeImbalance({ onSum }, path, step) {
  const before = imbalanceAt(path, 0);
  if (before === 0) return "w₁² − w₂² is 0 from the start, and remains so whatever the penalty.";
  const from = sayFixed(before);
  if (onSum === 0) {
    const after = sayFixed(imbalanceAt(path, path.nSteps));
    const kept =
      after === from
        ? "with the same, to two decimals"
        : `with ${after}, a difference that finite steps make`;
    return `The gradient flow would conserve w₁² − w₂² = ${from}, and follow the dashed curve; the path ends ${kept}.`;
  }
  const nSteps = Math.round(1 / (4 * onSum * step));
  const time = nSteps * step;
  const measured = sayFixed(imbalanceAt(path, nSteps) / before, 3);
  const law = sayFixed(Math.exp(-4 * onSum * time), 3);
  return `The penalty makes w₁² − w₂² = ${from} decay: at time ${sayFixed(time)} a share of ${measured} is left; in the gradient flow it would be exp(−4λt) = ${law}.`;
}

/** @param {number} w1 @param {number} w2 @param {number} [digits] */
function sayPlace(w1, w2, digits = 2) {
  return `(${sayFixed(w1, digits)},\u00a0${sayFixed(w2, digits)})`;
}
