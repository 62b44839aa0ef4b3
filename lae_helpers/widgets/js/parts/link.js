/** The explorer's state as text: three lines of Python, and the fragment of an address. */

import { GROUPS } from "../numerics/draws.js";
import { REGULARIZERS } from "../numerics/autoencoder.js";

const KEY = "#explorer=";
const MOST_ENTRIES = 500;
const MOST_STEPS = 1e6;
const [LEAST_RATE, MOST_RATE] = [1e-12, 1e6];

/**
 * Three lines of Python that give the same weights.
 *
 * @param {any} model
 * @param {import("../numerics/walk.js").Walk} walk
 * @returns {string}
 */
export function toPython(model, walk) {
  const entries = walk.entries.map(
    (entry) => `(${entry.map((part) => JSON.stringify(part)).join(", ")})`,
  );
  const data = model.get("problem") === "data" ? "X" : JSON.stringify(model.get("problem"));
  const size = walk.size === 1 ? "" : `, start_size=${walk.size}`;
  const settings = `n_components=${model.get("n_components")}, seed=${model.get("seed")}${size}`;
  return [
    "from lae_helpers import recover_from_decoder, replay",
    `model = replay(${data}, ${settings}, walk=[${entries.join(", ")}])`,
    "recovered = recover_from_decoder(model)",
  ].join("\n");
}

/**
 * @param {any} model
 * @param {import("../numerics/walk.js").Walk} walk
 * @param {number} figure which of the page's figures it is
 * @returns {string} a fragment, the leading # included
 */
export function toFragment(model, walk, figure) {
  const names = [
    "problem",
    "regularizer",
    "lam",
    "n_components",
    "seed",
    "start_size",
    "learning_rate",
  ];
  const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  return KEY + encodeURIComponent(JSON.stringify({ figure, ...state, walk: walk.entries }));
}

const isWhole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
const isWithin = (value, least, most) =>
  typeof value === "number" && value >= least && value <= most;

/**
 * The state in a fragment; null if the fragment is about something else, or another figure.
 *
 * @param {string} fragment
 * @param {any} model whose problems there are
 * @param {number} figure which of the page's figures this is
 * @returns {Record<string, any> | null}
 * @throws {Error} if the fragment is damaged
 */
export function fromFragment(fragment, model, figure) {
  if (!fragment.startsWith(KEY)) return null;
  const read = JSON.parse(decodeURIComponent(fragment.slice(KEY.length)));
  const state = read && { start_size: 1, ...read }; // older links begin at size 1 without saying so
  if (isWhole(state?.figure, 0, Infinity) && state.figure !== figure) return null;
  const problems = model.get("_problems");
  const limits = model.get("_limits");
  const isStrength = (lam) => isWithin(lam, ...limits.lam);
  const isSeed = (seed) => isWhole(seed, ...limits.seed);
  const isStretch = ([regularizer, lam, rate, steps]) =>
    REGULARIZERS.includes(regularizer) &&
    isStrength(lam) &&
    isWithin(rate, LEAST_RATE, MOST_RATE) &&
    isWhole(steps, 1, Infinity);
  const isEntry = (entry) =>
    Array.isArray(entry) &&
    (entry.length === 2
      ? GROUPS.includes(entry[0]) && isSeed(entry[1])
      : entry.length === 4 && isStretch(entry));
  const sound =
    state !== null &&
    Object.hasOwn(problems, state.problem) &&
    REGULARIZERS.includes(state.regularizer) &&
    isStrength(state.lam) &&
    isWhole(state.n_components, 1, mostComponents(problems[state.problem])) &&
    isSeed(state.seed) &&
    isWithin(state.start_size, ...limits.start_size) &&
    isWithin(state.learning_rate, ...limits.learning_rate) &&
    Array.isArray(state.walk) &&
    state.walk.every(isEntry);
  if (!sound) throw new RangeError("a part of it is missing or out of range");
  if (state.walk.length > MOST_ENTRIES)
    throw new RangeError(`its walk has more than ${MOST_ENTRIES} turns`);
  const steps = state.walk.reduce((sum, entry) => sum + (entry[3] ?? 0), 0);
  if (steps > MOST_STEPS)
    throw new RangeError(`its walk has more than ${MOST_STEPS.toLocaleString("en-GB")} steps`);
  return state;
}

/** @param {{variances: number[], spectrum: number[]}} problem @returns {number} the largest k */
export function mostComponents({ variances, spectrum }) {
  return Math.min(variances.length, spectrum.length);
}
