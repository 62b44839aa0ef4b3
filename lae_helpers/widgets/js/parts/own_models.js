/** A figure's model with a reader's own data in the place of its own. */

import { writeDoubles } from "./bytes.js";

/**
 * @typedef {import("./own_data.js").Own} Own
 * @typedef {import("./own_data.js").Kind} Kind
 * @typedef {import("../traits.d.ts").ExplorerTraits} Explorer
 * @typedef {import("../traits.d.ts").LadderTraits} Ladder
 * @typedef {import("../traits.d.ts").ReconstructionTraits} Reconstruction
 * @typedef {import("../traits.d.ts").SpectrumTraits} Spectrum
 */

const MOST_DIRECTIONS = 16; // to compare with
const USUAL_WIDTH = 8;
const NOTHING = 1e-12; // of the largest variance
const FIRST_CODE = 16; // numbers kept, where there are as many

const ADAPT = {
  explorer: adaptExplorer,
  ladder: adaptLadder,
  reconstruction: adaptReconstruction,
  spectrum: adaptSpectrum,
};

/**
 * What stands in for a model: it takes the traits that it does not hold from there, and gives none back.
 *
 * @param {Own} own
 * @param {Kind} kind of the figure
 * @param {object} model
 * @returns {object}
 * @throws {RangeError} a sentence, where the figure cannot be one of these data
 */
export function makeStandIn(own, kind, model) {
  /** @typedef {(...values: unknown[]) => void} Listener */
  /**
   * @typedef {{get: (name: string) => unknown, on: (type: string, listener: Listener) => void,
   *            widget_manager: unknown}} AnyModel
   */
  const first = /** @type {AnyModel} */ (model);
  const state = /** @type {Record<string, unknown>} */ (
    ADAPT[kind](own, /** @type {never} */ (model))
  );
  const adapted = new Set(Object.keys(state).map((name) => `change:${name}`));
  /** @type {Map<string, Set<Listener>>} */
  const listeners = new Map();
  /** @param {string} type */
  const of = (type) => listeners.get(type) ?? new Set();
  /** @param {string} name @param {unknown} value */
  const change = (name, value) => {
    state[name] = value;
    for (const listener of [...of(`change:${name}`)]) listener(standIn, value);
  };
  /** Do as the model is told, by Python or by a sentence of the page. @param {string} type */
  const obey = (type) => {
    const name = type.replace("change:", "");
    change(name, first.get(name));
  };
  const standIn = {
    own,
    widget_manager: first.widget_manager,
    /** @param {string} name */
    get: (name) => (Object.hasOwn(state, name) ? state[name] : first.get(name)),
    /** @param {string} name @param {unknown} value */
    set(name, value) {
      if (!Object.is(standIn.get(name), value)) change(name, value);
    },
    /** @param {string} type @param {Listener} listener */
    on(type, listener) {
      if (!listeners.has(type) && !adapted.has(type)) first.on(type, () => obey(type));
      listeners.set(type, new Set([...of(type), listener]));
    },
    /** @param {string} type @param {Listener} listener */
    off: (type, listener) => of(type).delete(listener),
    save_changes() {},
    send() {},
  };
  return standIn;
}

/**
 * Matrix entries in eight bits, as `lae_helpers.widgets.quantization` has them: a scale a row.
 *
 * @param {Float64Array} rows
 * @param {number} count of the rows
 * @returns {{integers: DataView, scales: DataView}}
 */
function quantizeRows(rows, count) {
  const length = rows.length / count;
  const scales = Float64Array.from({ length: count }, (_, i) => {
    const row = rows.subarray(i * length, (i + 1) * length);
    return (row.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1) / 127;
  });
  const integers = Int8Array.from(rows, (x, at) => Math.round(x / scales[Math.floor(at / length)]));
  return { integers: new DataView(integers.buffer), scales: new DataView(scales.buffer) };
}

/**
 * @param {Own} own
 * @param {import("../traits.d.ts").Model<Explorer>} model
 * @returns {Partial<Explorer>}
 */
function adaptExplorer({ variances, directions, total, layout }, model) {
  const spectrum = Array.from(variances);
  const kept = spectrum.reduce((sum, variance) => sum + variance, 0);
  const rank = spectrum.filter((variance) => variance > NOTHING * spectrum[0]).length;
  const problems = Object.entries(model.get("_problems"));
  const { integers, scales } = quantizeRows(directions, spectrum.length);
  const data = {
    spectrum,
    rest: Math.max(0, total - kept),
    reference: null,
    variances: spectrum.slice(0, MOST_DIRECTIONS),
    saddle: null,
    spread: problems[0][1].spread,
    basis: null,
    layout,
    preset: null,
  };
  const nothing = new DataView(new ArrayBuffer(0));
  return {
    problem: "data",
    n_components: Math.max(1, Math.min(USUAL_WIDTH, rank)),
    learning_rate: 0,
    playing: false,
    walk: [],
    _problems: { data, ...Object.fromEntries(problems.filter(([, problem]) => problem.preset)) },
    _basis: integers,
    _basis_scales: scales,
    _encoder: nothing,
    _decoder: nothing,
    _request: ["", 0],
  };
}

/**
 * As many of a reader's own variances as there were.
 *
 * @param {Own} own
 * @param {import("../traits.d.ts").Model<Spectrum>} model
 */
function adaptSpectrum(own, model) {
  const alive = own.variances.filter((variance) => variance > NOTHING * own.variances[0]);
  const variances = Array.from(alive).slice(0, model.get("variances").length);
  return { variances, measured: [] };
}

/** The two largest of a reader's own variances. @param {Own} own */
function adaptLadder({ variances: [first, second] }) {
  if (!(first > second && second > NOTHING * first)) {
    throw new RangeError(
      "This figure needs two different variances above zero, which these data do not have: it keeps those it had.",
    );
  }
  return { variances: /** @type {[number, number]} */ ([first, second]) };
}

/**
 * The rows of a reader's own data that are shown, and their codes.
 *
 * @param {Own} own
 * @returns {Partial<Reconstruction>}
 */
function adaptReconstruction({ layout, mean, directions, variances, total, ...own }) {
  const [n, m] = [mean.length, variances.length];
  const bars = "names" in layout;
  const differences = own.samples.map((x, at) => x - mean[at % n]);
  const shown = bars ? differences : own.samples;
  const low = shown.reduce((least, x) => Math.min(least, x), 0);
  const most = shown.reduce((largest, x) => Math.max(largest, x), 0);
  const high = low === 0 && most <= 1 && !bars ? 1 : most;
  const levels = Uint8Array.from(shown, (x) => Math.round((255 * (x - low)) / (high - low || 1)));
  const codes = Float64Array.from({ length: own.chosen.length * m }, (_, at) =>
    dot(differences, Math.floor(at / m) * n, directions, (at % m) * n, n),
  );
  const { integers, scales } = quantizeRows(directions, m);
  const kept = variances.reduce((sum, variance) => sum + variance, 0);
  return {
    k: Math.min(FIRST_CODE, m),
    image: own.chosen[0],
    images: own.chosen,
    labels: own.labels ? own.chosen.map((row) => /** @type {string[]} */ (own.labels)[row]) : [],
    n_samples: own.rows,
    features: layout,
    pixel_range: [low, high],
    pixels: new DataView(levels.buffer),
    mean: writeDoubles(bars ? mean.map(() => 0) : mean),
    directions: integers,
    scales,
    codes: writeDoubles(codes),
    errors_beyond: writeDoubles(own.beyond),
    variances: writeDoubles(variances),
    variance_beyond: Math.max(0, total - kept),
  };
}

/** @type {(a: Float64Array, i: number, b: Float64Array, j: number, length: number) => number} */
function dot(a, i, b, j, length) {
  let sum = 0;
  for (let p = 0; p < length; p += 1) sum += a[i + p] * b[j + p];
  return sum;
}
