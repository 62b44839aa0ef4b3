/** The explorer's state as text: three lines of Python, and the fragment of an address. */

import { GROUPS } from "../numerics/draws.js";
import { REGULARIZERS } from "../numerics/autoencoder.js";

const KEY = "#explorer=";
const MOST_ENTRIES = 500;
const MOST_STEPS = 1e6;

/**
 * Three lines of Python that give the same weights.
 *
 * @param {any} model
 * @param {import("../numerics/walk.js").Walk} walk
 * @returns {string}
 */
export function toPython(model, walk) {
  const entries = walk.entries.map((entry) => `(${entry.map((part) => JSON.stringify(part)).join(", ")})`);
  const data = model.get("problem") === "data" ? "X" : JSON.stringify(model.get("problem"));
  const settings = `n_components=${model.get("n_components")}, seed=${model.get("seed")}`;
  return [
    "from lae_helpers import recover_from_decoder, replay",
    `model = replay(${data}, ${settings}, walk=[${entries.join(", ")}])`,
    "recovered = recover_from_decoder(model)",
  ].join("\n");
}

/**
 * @param {any} model
 * @param {import("../numerics/walk.js").Walk} walk
 * @returns {string} a fragment, the leading # included
 */
export function toFragment(model, walk) {
  const names = ["problem", "regularizer", "lam", "n_components", "seed", "learning_rate"];
  const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  return KEY + encodeURIComponent(JSON.stringify({ ...state, walk: walk.entries }));
}

/**
 * The state in a fragment; null if the fragment is about something else.
 *
 * @param {string} fragment
 * @param {any} model whose problems there are
 * @returns {Record<string, any> | null}
 * @throws {Error} if the fragment is damaged
 */
export function fromFragment(fragment, model) {
  if (!fragment.startsWith(KEY)) return null;
  const state = JSON.parse(decodeURIComponent(fragment.slice(KEY.length)));
  const problems = model.get("_problems");
  const whole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
  const within = (value, least, most) => typeof value === "number" && value >= least && value <= most;
  const [leastLam, mostLam] = model.get("_lam_range");
  const isStrength = (value) => within(value, leastLam, mostLam);
  const isEntry = (entry) =>
    Array.isArray(entry) &&
    (entry.length === 2
      ? GROUPS.includes(entry[0]) && whole(entry[1], 0, 2 ** 32 - 1)
      : entry.length === 4 && REGULARIZERS.includes(entry[0]) && isStrength(entry[1]) && within(entry[2], 1e-9, 10) && whole(entry[3], 1, MOST_STEPS));
  const sound =
    state !== null &&
    Object.hasOwn(problems, state.problem) &&
    REGULARIZERS.includes(state.regularizer) &&
    isStrength(state.lam) &&
    whole(state.n_components, 1, mostComponents(problems[state.problem])) &&
    whole(state.seed, 0, 2 ** 32 - 1) &&
    within(state.learning_rate, 0, 10) &&
    Array.isArray(state.walk) &&
    state.walk.length <= MOST_ENTRIES &&
    state.walk.every(isEntry) &&
    state.walk.reduce((sum, entry) => sum + (entry[3] ?? 0), 0) <= MOST_STEPS;
  if (!sound) throw new RangeError("a part of it is missing or out of range");
  return state;
}

/** @param {{variances: number[], spectrum: number[]}} problem @returns {number} the largest k */
export function mostComponents({ variances, spectrum }) {
  return Math.min(variances.length, spectrum.length);
}
