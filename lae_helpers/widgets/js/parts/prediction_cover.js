/** What gives the answer away stays covered, on the website, until the reader has answered. */

import { onEnd } from "./listening.js";

const RESULT = ".tag_result, .tag-result"; // a cell; a block of text, whose class Sphinx rewrites
const ASKS = ".lae-prediction";

/**
 * @param {AbortSignal} signal
 * @param {Element} element of the question
 * @returns {(covered: boolean) => void}
 */
export function coverResults(signal, element) {
  const results = resultsAfter(element);
  /** @param {boolean} covered */
  const cover = (covered) => {
    for (const result of results) {
      result.classList.toggle("lae-covered", covered);
      result.toggleAttribute("inert", covered);
    }
  };
  onEnd(signal, () => cover(false));
  return cover;
}

/** The results between a question and the next one of its section. @param {Element} element */
function resultsAfter(element) {
  const found = [];
  let next = element.closest(".bd-article .cell")?.nextElementSibling ?? null;
  for (; next && !next.querySelector(ASKS); next = next.nextElementSibling) {
    if (next.matches(RESULT)) found.push(next);
    if (next.matches("section")) break;
  }
  return found;
}
