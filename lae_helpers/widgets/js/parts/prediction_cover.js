/** What gives the answer away stays covered, on the website, until the reader has answered. */

import { onEnd } from "./listening.js";

const RESULT = ".tag_result, .tag-result"; // a cell; a block of text, whose class Sphinx rewrites
const COVERED = "lae-covered";
const ASKS = ".lae-prediction";

/**
 * @param {AbortSignal} signal
 * @param {Element} element of the question
 * @returns {(covered: boolean) => void}
 */
export function coverResults(signal, element) {
  const results = new Set(resultsAfter(element));
  /** @param {boolean} covered */
  const cover = (covered) => {
    for (const result of results) setCovered(result, covered);
  };
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    const result = target && [...results].find((one) => one.contains(target));
    if (!result) return;
    results.delete(result); // whoever has followed a link into it has seen it
    if (!result.classList.contains(COVERED)) return;
    setCovered(result, false);
    target.scrollIntoView({ behavior: "instant" });
  };
  reveal();
  addEventListener("hashchange", reveal, { signal });
  onEnd(signal, () => cover(false));
  return cover;
}

/** @param {Element} result @param {boolean} covered */
function setCovered(result, covered) {
  result.classList.toggle(COVERED, covered);
  result.toggleAttribute("inert", covered);
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
