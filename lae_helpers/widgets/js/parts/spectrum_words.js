/** What the spectrum figure says. */

import { sayNumber } from "./numbers.js";

/**
 * @typedef {import("../numerics/shrinkage.js").Penalized} Penalized
 * @typedef {{values: number[], variances: number[]}} ReadBack
 */

/** @type {Record<Penalized, {map: string, decoder: string}>} */
export const FORMULAS = {
  product: { map: "W₂W₁: vᵢ / (vᵢ + λ)", decoder: "W₂: left free, by GL(k)" },
  sum: { map: "W₂W₁: 1 − λ/vᵢ", decoder: "W₂: √(1 − λ/vᵢ)" },
  "non-uniform sum": { map: "W₂W₁: 1 − λᵢ/vᵢ", decoder: "W₂: √(1 − λᵢ/vᵢ)" },
};

/**
 * @param {Penalized} regularizer
 * @param {number} lam
 * @param {number[]} variances descending
 * @param {ReturnType<typeof import("../numerics/shrinkage.js").predictSpectrum>} theory
 * @param {ReadBack | undefined} trained at this strength
 */
export function describeSpectrum(regularizer, lam, variances, theory, trained) {
  const begin =
    regularizer === "non-uniform sum" ? sayStrengths(theory.strengths) : `λ = ${sayNumber(lam)}`;
  if (!theory.decoder) {
    return `${begin}: ${sayRange("W₂W₁", theory.map)}; the product shrinks each, v to v / (v + λ), and gives none up. Those of W₂ alone are left free.`;
  }
  const alive = theory.decoder.filter((value) => value > 0);
  const found = trained ? describeTrained(trained, theory.decoder, variances) : "";
  if (alive.length === 0) return `${begin}: ${sayAllDead(regularizer, variances)}. ${found}`.trim();
  return `${begin}: ${sayRange("W₂", alive)}. ${sayDead(regularizer, alive.length, variances)} ${found}`.trim();
}

/** @param {number[]} strengths */
function sayStrengths(strengths) {
  const [first, last] = [strengths[0], strengths[strengths.length - 1]].map(sayNumber);
  return strengths.length > 1 ? `λ₁ to λₖ from ${first} to ${last}` : `λ₁ = ${first}`;
}

/** @param {string} matrix @param {number[]} values */
function sayRange(matrix, values) {
  const [most, least] = [values[0].toFixed(3), values[values.length - 1].toFixed(3)];
  return most === least
    ? `singular value of ${matrix} ${most}`
    : `singular values of ${matrix} from ${most} to ${least}`;
}

/** @param {Penalized} regularizer @param {number[]} variances */
function sayAllDead(regularizer, variances) {
  const reason =
    regularizer === "sum"
      ? `λ is at least the largest variance, ${sayNumber(variances[0])}`
      : "each λᵢ is at least its variance vᵢ";
  return `${reason}, so that every component is given up`;
}

/**
 * Who has been given up, or who will be first.
 *
 * @param {Penalized} regularizer
 * @param {number} alive how many are not
 * @param {number[]} variances
 */
function sayDead(regularizer, alive, variances) {
  const k = variances.length;
  const own = regularizer === "sum" ? "λ" : "their λᵢ";
  if (alive < k) {
    return `${k - alive} of ${k} components, those of variance at most ${own}, ${k - alive === 1 ? "is" : "are"} given up.`;
  }
  return `All are kept; the last would be given up where ${regularizer === "sum" ? "λ" : "its λᵢ"} reaches its variance, ${sayNumber(variances[k - 1])}.`;
}

/** @param {ReadBack} trained @param {number[]} values @param {number[]} variances */
function describeTrained(trained, values, variances) {
  const apart = sayLimit(
    Math.max(...trained.values.map((value, i) => Math.abs(value - values[i]))),
  );
  if (!trained.variances.every(Number.isFinite)) {
    return `The network trained at this λ is off by up to ${apart}: a singular value of one or more, as it has, belongs to no minimum.`;
  }
  const errors = trained.variances.flatMap((found, i) =>
    values[i] > 0 ? [Math.abs(found / variances[i] - 1)] : [],
  );
  const back = errors.length
    ? `, and λ / (1 − s²) gives the variances kept back to within ${sayLimit(100 * Math.max(...errors))} %`
    : "";
  return `The network trained at this λ agrees to within ${apart}${back}.`;
}

/** @param {number} error @returns {string} the next number of one digit that is not smaller */
function sayLimit(error) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(error, 1e-6)));
  return String(Number((Math.max(1, Math.ceil(error / unit)) * unit).toPrecision(1)));
}
