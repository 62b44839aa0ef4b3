/** What the figure of the first page says. */

import { sayNumber } from "./numbers.js";

const ALIKE = 0.03; // of gaps
const STRANGERS = 0.5;
const CLOSE = 10; // degrees

/** @param {number} share @returns {string} */
export function sayShare(share) {
  const percent = 100 * share;
  return `${percent < 0.95 && percent > 0 ? sayNumber(Number(percent.toPrecision(1))) : Math.round(percent)} %`;
}

/**
 * @param {{price: boolean, priced: boolean, small: boolean, gap: number, from: number,
 *          error: number, least: number}} state `priced`: whether there ever was a price; `from` is
 *   the gap at the last start or switch
 * @returns {string}
 */
export function describeWeights({ price, priced, small, gap, from, error, least }) {
  const learned = `the error is ${error.toFixed(1)} (least possible: ${least.toFixed(1)})`;
  if (price) {
    return gap <= ALIKE
      ? `Weight decay is on, and W₁ has become W₂ᵀ, to within ${sayShare(gap)}; ${learned}.`
      : `Weight decay is on, and the pairs draw together, from ${sayShare(from)} where it began; ${learned}.`;
  }
  if (priced) {
    return `It is off again, and nothing pulls the pairs apart: what they have learned stays; ${learned}.`;
  }
  if (gap > STRANGERS) return `Without weight decay ${learned}, and still the pairs are strangers.`;
  return small
    ? `Without weight decay, from small weights, the pairs come close; ${learned}.`
    : `Without weight decay ${learned}; the pairs differ by ${sayShare(gap)} of W₂.`;
}

/** @param {number[]} cosines |cos|, one a component @param {boolean} price @returns {string} */
export function describeDirections(cosines, price) {
  const close = cosines.filter((c) => c >= Math.cos((CLOSE * Math.PI) / 180)).length;
  const found =
    close === cosines.length
      ? "all singular vectors of W₂ are principal directions"
      : `${close} of ${cosines.length} singular vectors of W₂ are principal directions`;
  return `${price ? "With weight decay" : "Without weight decay"}, ${found}, to within ${CLOSE}°. Smallest |cos|: ${Math.min(...cosines).toFixed(2)}.`;
}
