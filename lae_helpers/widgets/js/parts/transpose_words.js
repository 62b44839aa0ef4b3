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
  if (price) {
    return gap <= ALIKE
      ? `The price is on: row by row, W₁ is now the transpose of W₂, to within ${sayShare(gap)}.`
      : `The price is on: the pairs differed by ${sayShare(from)} of W₂; now it is ${sayShare(gap)}, and they go on drawing together.`;
  }
  if (priced) {
    return `The price is off again, and nothing pulls the pairs apart: what they have learned stays. They differ by ${sayShare(gap)}.`;
  }
  const learned = `The error falls, to ${error.toFixed(1)} now (least possible: ${least.toFixed(1)})`;
  if (gap > STRANGERS) {
    return `No price. ${learned}, but the pairs stay strangers: they differ by ${sayShare(gap)} of W₂.`;
  }
  return small
    ? `No price, but a small start. ${learned}, and the pairs differ by ${sayShare(gap)} only.`
    : `No price. ${learned}; the pairs differ by ${sayShare(gap)} of W₂.`;
}

/** @param {number[]} cosines |cos|, one a component @param {boolean} price @returns {string} */
export function describeDirections(cosines, price) {
  const close = cosines.filter((c) => c >= Math.cos((CLOSE * Math.PI) / 180)).length;
  const found =
    close === cosines.length
      ? "all singular vectors of W₂ are principal directions"
      : `${close} of ${cosines.length} singular vectors of W₂ are principal directions`;
  return `${price ? "The price is on" : "No price"}: ${found}, to within ${CLOSE}°. Smallest |cos|: ${Math.min(...cosines).toFixed(2)}.`;
}
