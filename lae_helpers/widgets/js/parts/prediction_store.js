/** What the reader predicted, kept in the reader's own browser and nowhere else. */

const KEY = "lae-predictions";

/**
 * @typedef {object} Kept
 * @property {string} page file name of the page
 * @property {string} chapter its title
 * @property {string} anchor of the question on it
 * @property {string} question
 * @property {number[]} guess
 * @property {string} said how far it was from the truth
 * @property {boolean} hit
 * @property {string} sure
 */

/** @returns {Record<string, Kept>} by page and anchor */
export function readPredictions() {
  const text = storage()?.getItem(KEY);
  try {
    return text ? JSON.parse(text) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {}; // not ours: begin anew
    throw error;
  }
}

/** @param {Kept} kept */
export function keepPrediction(kept) {
  const all = { ...readPredictions(), [nameOf(kept)]: kept };
  storage()?.setItem(KEY, JSON.stringify(all));
}

/** @param {Pick<Kept, "page" | "anchor">} kept */
export const nameOf = ({ page, anchor }) => `${page}#${anchor}`;

/** A browser may keep its store shut. @returns {Storage | null} */
function storage() {
  try {
    return localStorage;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
