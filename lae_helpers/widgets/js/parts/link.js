/** The explorer's state as text: three lines of Python, and the fragment of an address. */

import { ownDataOf } from "./own_data.js";
import { GROUPS } from "../numerics/random.js";
import { REGULARIZERS } from "../numerics/regularizers.js";

const KEY = "#explorer=";
const MOST_ENTRIES = 500;
const MOST_STEPS = 1e6;
/** @type {import("../traits.d.ts").Range} */
const RATES = [1e-12, 1e6];
/** @type {(keyof Settings)[]} */
const SETTINGS = [
  "problem",
  "regularizer",
  "lam",
  "n_components",
  "seed",
  "start_size",
  "learning_rate",
];

/**
 * @typedef {import("../traits.d.ts").ExplorerTraits} Traits
 * @typedef {import("../traits.d.ts").Model<Traits>} Model
 * @typedef {Pick<Traits, "problem" | "regularizer" | "lam" | "n_components" | "seed" | "start_size"
 *   | "learning_rate">} Settings
 * @typedef {Settings & Pick<Traits, "walk"> & {figure?: number | string}} LinkState
 */

/**
 * Three lines of Python that give the same weights; before them what reads a reader's own data.
 *
 * @param {Model} model
 * @param {import("../numerics/descent.js").Descent} descent
 * @returns {string}
 */
export function toPython(model, descent) {
  const entries = descent.walk.map(
    (entry) => `(${entry.map((part) => JSON.stringify(part)).join(", ")})`,
  );
  const data = model.get("problem") === "data" ? "X" : JSON.stringify(model.get("problem"));
  const size = descent.size === 1 ? "" : `, start_size=${descent.size}`;
  const settings = `n_components=${model.get("n_components")}, seed=${model.get("seed")}${size}`;
  const own = model.get("problem") === "data" ? (ownDataOf(model)?.lines ?? []) : [];
  return [
    ...own,
    "from lae_helpers import recover_from_decoder, replay",
    `model = replay(${data}, ${settings}, walk=[${entries.join(", ")}])`,
    "recovered = recover_from_decoder(model)",
  ].join("\n");
}

/**
 * @param {Model} model
 * @param {import("../numerics/descent.js").Descent} descent
 * @param {number | string} figure its label, or where it has none its place on the page
 * @returns {string} a fragment, the leading # included
 */
export function toFragment(model, descent, figure) {
  const state = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
  return KEY + encodeURIComponent(JSON.stringify({ figure, ...state, walk: descent.walk }));
}

/** @param {unknown} value @param {number} least @param {number} most @returns {value is number} */
const isWhole = (value, least, most) => Number.isInteger(value) && isWithin(value, least, most);

/** @param {unknown} value @param {number} least @param {number} most @returns {value is number} */
const isWithin = (value, least, most) =>
  typeof value === "number" && value >= least && value <= most;

/**
 * The state in a fragment; null if the fragment is about something else, or another figure.
 *
 * @param {string} fragment
 * @param {Model} model whose problems there are
 * @param {(figure: number | string) => boolean} isMeant whether a label, or in older links a place
 *   on the page, stands for this figure
 * @returns {LinkState | null}
 * @throws {Error} if the fragment is damaged
 */
export function fromFragment(fragment, model, isMeant) {
  if (!fragment.startsWith(KEY)) return null;
  /** @type {unknown} */
  const read = JSON.parse(decodeURIComponent(fragment.slice(KEY.length)));
  if (!isRecord(read)) throw new RangeError("it is no list of settings");
  /** @type {Record<string, unknown>} */
  const state = { start_size: 1, ...read }; // older links begin at size 1 without saying so
  const { figure } = state;
  if ((typeof figure === "string" || isWhole(figure, 0, Infinity)) && !isMeant(figure)) return null;
  if (!isSound(state, model)) throw new RangeError("a part of it is missing or out of range");
  if (state.walk.length > MOST_ENTRIES) {
    throw new RangeError(`its walk has more than ${MOST_ENTRIES} turns`);
  }
  const steps = state.walk.reduce((sum, entry) => sum + (entry.length === 4 ? entry[3] : 0), 0);
  if (steps > MOST_STEPS) {
    throw new RangeError(`its walk has more than ${MOST_STEPS.toLocaleString("en-GB")} steps`);
  }
  return state;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {Record<string, unknown>} state @param {Model} model @returns {state is LinkState} */
function isSound(state, model) {
  const { problem, regularizer, lam, n_components, seed, start_size, learning_rate, walk } = state;
  const problems = model.get("_problems");
  const limits = model.get("_limits");
  return (
    typeof problem === "string" &&
    Object.hasOwn(problems, problem) &&
    isOneOf(regularizer, REGULARIZERS) &&
    isWithin(lam, ...limits.lam) &&
    isWhole(n_components, 1, mostComponents(problems[problem])) &&
    isWhole(seed, ...limits.seed) &&
    isWithin(start_size, ...limits.start_size) &&
    isWithin(learning_rate, ...limits.learning_rate) &&
    Array.isArray(walk) &&
    walk.every((entry) => isEntry(entry, limits))
  );
}

/** @param {unknown} value @param {string[]} names */
const isOneOf = (value, names) => typeof value === "string" && names.includes(value);

/** @param {unknown} entry of a walk @param {import("../traits.d.ts").ExplorerLimits} limits */
function isEntry(entry, limits) {
  if (!Array.isArray(entry)) return false;
  if (entry.length === 2) {
    const [group, seed] = entry;
    return isOneOf(group, GROUPS) && isWhole(seed, ...limits.seed);
  }
  const [regularizer, lam, rate, steps] = entry;
  return (
    entry.length === 4 &&
    isOneOf(regularizer, REGULARIZERS) &&
    isWithin(lam, ...limits.lam) &&
    isWithin(rate, ...RATES) &&
    isWhole(steps, 1, Infinity)
  );
}

/** @param {import("../traits.d.ts").ProblemDescription} problem @returns {number} the largest k */
export function mostComponents({ variances, spectrum }) {
  return Math.min(variances.length, spectrum.length);
}
