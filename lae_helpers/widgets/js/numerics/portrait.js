/** What a descent has come to, in numbers and in words: all that the explorer shows. */

import { cosinesTo, normalizeColumns, transposeGap } from "./autoencoder.js";
import { leftSingularVectors } from "./linear_algebra.js";
import { sayNumber } from "../parts/numbers.js";
import { makePenalty, mapSingularValues } from "./regularizers.js";
import { isUnfinished, lossOf, minimumOf } from "./loss.js";

/**
 * @typedef {import("./regularizers.js").Regularizer} Regularizer
 * @typedef {ReturnType<typeof portray>} Portrait
 */

const FADED = 1e-3; // of the size of the start: what is below has no direction worth a name
const NEAR_ZERO = 0.2; // what is below has yet to grow
const TRANSPOSED = 0.1; // of gaps
export const CLOSE = 5; // degrees: what is nearer to its direction counts as found
const SAME = 0.001; // degrees: smaller angles are not worth their digits
const UNSEEN = 1e-9; // a relative change of the loss that is rounding
const NO_LOSS = 1e-13; // of the total variance: so much may a loss of zero differ from it

/**
 * @param {import("./descent.js").Descent} descent
 * @param {Regularizer} regularizer
 * @param {number} lam
 */
export function portray(descent, regularizer, lam) {
  const { W, V, n, k } = descent.weights;
  const { spectrum, reference } = descent.problem;
  const penalty = makePenalty(regularizer, lam, k, descent.problem.spread);
  const { vectors, values } = leftSingularVectors(W, n, k);
  const vectorCosines = cosinesTo(vectors, n, k, reference);
  const columns = normalizeColumns(W, k);
  const columnCosines = cosinesTo(columns, n, k, reference);
  /** @param {number} length */
  const isAlive = (length) => length >= FADED * descent.size;
  const alive = Array.from(values, isAlive);
  const lengths = alive.map((_, j) => lengthOf(W, n, k, j));
  const loss = lossOf(descent, penalty);
  const map = mapSingularValues(regularizer, penalty.strengths, spectrum);
  return {
    vectors,
    values,
    alive,
    columnsAlive: lengths.map(isAlive),
    nearZero: lengths.every((length, j) => Math.max(length, lengthOf(V, n, k, j)) < NEAR_ZERO),
    vectorCosines,
    columnCosines,
    angles: alive.map((lives, j) => (lives ? angleTo(vectors, n, k, reference, j) : NaN)),
    columnAngles: alive.map((_, j) => angleTo(columns, n, k, reference, j)),
    theory: seesProductOnly(regularizer) ? null : map.map(Math.sqrt),
    loss,
    minimum: minimumOf(descent, penalty),
    unfinished: isUnfinished(descent, penalty, loss.total),
    gap: transposeGap(descent.weights),
  };
}

/** @param {Float64Array} rows @param {number} n @param {number} k @param {number} j */
function lengthOf(rows, n, k, j) {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += rows[i * k + j] ** 2;
  return Math.sqrt(sum);
}

/**
 * The angle in degrees between column j of Q and reference direction j, exact when it is small.
 *
 * @param {Float64Array} Q n × k
 * @param {number} n
 * @param {number} k
 * @param {Float64Array | null} reference
 * @param {number} j
 */
function angleTo(Q, n, k, reference, j) {
  const m = reference ? reference.length / n : 0;
  /** @param {number} i */
  const direction = (i) => (reference ? reference[i * m + j] : Number(i === j));
  let cosine = 0;
  for (let i = 0; i < n; i += 1) cosine += Q[i * k + j] * direction(i);
  let apart = 0;
  for (let i = 0; i < n; i += 1) apart += (Q[i * k + j] - cosine * direction(i)) ** 2;
  return (Math.atan2(Math.sqrt(apart), Math.abs(cosine)) * 180) / Math.PI;
}

/** @param {number} count */
const sayCount = (count) => count.toLocaleString("en-GB");

/** @param {Regularizer} regularizer @param {number} lam @returns {string} */
export function sayRegularizer(regularizer, lam) {
  if (regularizer === "none") return "with no regulariser";
  const strength =
    regularizer === "non-uniform sum" ? `λⱼ around ${sayNumber(lam)}` : `λ = ${sayNumber(lam)}`;
  return `under the ${regularizer} (${strength})`;
}

/**
 * One sentence or two on what is on screen.
 *
 * @param {import("./descent.js").Descent} descent
 * @param {Regularizer} regularizer
 * @param {number} lam
 * @param {Portrait} portrait
 */
export function describeDescent(descent, regularizer, lam, portrait) {
  const steps = `${sayCount(descent.steps)} ${descent.steps === 1 ? "step" : "steps"}`;
  if (descent.diverged) {
    return `Diverged after ${steps} with learning rate ${descent.rate}: the loss is ${sayNumber(portrait.loss.total)} and growing. Press Reset, or let the learning rate be chosen automatically.`;
  }
  const when = descent.walk.length
    ? `After ${steps}, now ${sayRegularizer(regularizer, lam)}`
    : "Starting weights";
  const { alive, angles, columnAngles } = portrait;
  const found = alive.includes(true)
    ? describeAngles(
        angles.filter((_, j) => alive[j]),
        "left singular vector",
      )
    : "every component has died";
  const columns =
    regularizer === "non-uniform sum" && !alive.includes(false)
      ? `, ${describeAngles(columnAngles, "column")}`
      : "";
  return `${when}: ${found}${columns}; transpose gap ${sayNumber(portrait.gap)}.${describeDeaths(portrait)}${describeProgress(descent, regularizer, portrait)}`;
}

// By the loss and whether directions are astray: W₂ = W₁ᵀ has the singular vectors of W₂W₁.
/** @type {Record<string, string>} */
const GIFTS = {
  "none true": " The small start has brought the transpose; the directions need a penalty.",
  "product false":
    " The small start has brought the transpose, and with it the directions of W₂W₁.",
};

/** @param {Regularizer} regularizer */
const seesProductOnly = (regularizer) => regularizer === "none" || regularizer === "product";

/**
 * How far the descent has come, and what a small start gave.
 *
 * @param {import("./descent.js").Descent} descent
 * @param {Regularizer} regularizer
 * @param {Portrait} portrait
 */
function describeProgress(
  { size, stationary, walk },
  regularizer,
  { alive, nearZero, unfinished, angles, loss, minimum, gap },
) {
  if (stationary && unfinished) {
    return ` The gradient has vanished at a saddle, ${sayNumber(loss.total - minimum)} above the minimum of the loss, which descent hardly ever leaves.`;
  }
  if (unfinished && nearZero) {
    return " So near to zero, which is a saddle, the gradient is small: the weights first have to grow.";
  }
  const all = [regularizer, ...walk.filter((entry) => entry.length === 4).map(([name]) => name)];
  const isGift = size < 1 && gap < TRANSPOSED && all.every(seesProductOnly);
  const astray = angles.some((angle, j) => alive[j] && angle > CLOSE);
  const gift = isGift && GIFTS[`${regularizer} ${astray}`];
  return (gift || "") + (stationary ? " The gradient has vanished: training is over." : "");
}

/** @param {number[]} angles @param {string} what */
function describeAngles(angles, what) {
  const worst = Math.max(...angles);
  const said =
    worst >= 10
      ? `${Math.round(worst)}°`
      : worst < SAME
        ? `${SAME}°`
        : `${Number(worst.toPrecision(2))}°`;
  if (angles.length === 1) return `the ${what} of W₂ is within ${said} of its principal direction`;
  if (worst <= CLOSE) {
    const all = angles.length === 2 ? "both" : `all ${angles.length}`;
    return `${all} ${what}s of W₂ are within ${said} of their principal directions`;
  }
  const close = angles.filter((angle) => angle <= CLOSE).length;
  const theirs =
    close === 1
      ? `is within ${CLOSE}° of its principal direction`
      : `are within ${CLOSE}° of their principal directions`;
  return `${close} of ${angles.length} ${what}s of W₂ ${theirs}, the worst is ${said} off`;
}

/** @param {Portrait} portrait */
function describeDeaths({ alive }) {
  const dead = alive.filter((lives) => !lives).length;
  return dead && dead < alive.length
    ? ` ${dead} of ${alive.length} components ${dead === 1 ? "has" : "have"} died.`
    : "";
}

/**
 * What the figure leaves out, and which learning rate it takes.
 *
 * @param {import("./descent.js").Descent} descent
 * @param {number} ownRate 0 for an automatic one
 */
export function describeCoordinates({ problem, rate, size }, ownRate) {
  const { rest, spectrum } = problem;
  const kept = spectrum.reduce((sum, variance) => sum + variance, 0);
  const share = `${((100 * kept) / (kept + rest)).toFixed(0)} %`;
  const coordinates = rest
    ? `The model lives in the ${spectrum.length} leading principal directions, which hold ${share} of the variance; the other ${sayNumber(rest)} is a constant in the loss. `
    : "";
  const whose = ownRate ? "set by hand" : "chosen automatically, one over a bound on the curvature";
  const taken = ownRate || rate;
  const start =
    size < 1
      ? `The start is ${sayNumber(size)} times the usual one: W₁W₁ᵀ − W₂ᵀW₂ is ${sayNumber(size ** 2)} times as large, and descent without a sum keeps it, but for its finite steps. `
      : "";
  return `${coordinates}${start}Learning rate ${taken ? sayNumber(taken) : "not chosen yet"}: ${whose}.`;
}

/**
 * What a group element did to the loss: each part of it in words, whether it is the same, and what
 * follows.
 *
 * @param {string} group the group that leaves the present loss unchanged
 * @param {import("./descent.js").Loss} before
 * @param {import("./descent.js").Loss | null} after null if it was refused
 * @param {number} totalVariance
 */
export function judgeAction(group, before, after, totalVariance) {
  /** @param {keyof import("./descent.js").Loss} part */
  const judge = (part) => {
    const [old, now] = [before[part], (after ?? before)[part]];
    const same = Math.abs(now - old) <= UNSEEN * before.total + NO_LOSS * totalVariance;
    return { same, said: same ? "unchanged" : `${sayNumber(old)} → ${sayNumber(now)}` };
  };
  const parts = {
    reconstruction: judge("reconstruction"),
    penalty: judge("penalty"),
    total: judge("total"),
  };
  if (!after) {
    const verdict =
      "refused. The weights are so large by now that rounding would show in the loss; train under a sum, or press Reset.";
    return { parts, verdict };
  }
  const verdict = parts.total.same
    ? "loss unchanged, nothing pulls the weights back."
    : `loss ${parts.total.said}, training leads back to an orbit of ${group}, the group that it cannot see.`;
  return { parts, verdict };
}
