/**
 * What the loss and the transpose gap were on the way, in stretches: a new one begins when another
 * loss is chosen, and when a group element has acted.
 *
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("./regularizers.js").Penalty} Penalty
 * @typedef {import("./regularizers.js").Regularizer} Regularizer
 * @typedef {object} Record
 * @property {number} step
 * @property {number} reconstruction
 * @property {number} penalty
 * @property {number} gap
 * @typedef {object} Stretch
 * @property {Regularizer} regularizer
 * @property {number} lam
 * @property {number} minimum of the loss in this stretch
 * @property {number} from step; where one stretch ends the next begins
 * @property {Record[]} records the first of all stands at step 0
 */

import { transposeGap } from "./autoencoder.js";
import { lossOf } from "./loss.js";
import { makePenalty } from "./regularizers.js";

const RECORD_EVERY = 1.04; // times the steps since the stretch began

/**
 * @param {Stretch[]} history
 * @param {number} step
 * @returns {boolean} whether the curves need a record
 */
export function needsRecord(history, step) {
  const { from, records } = history[history.length - 1];
  const last = records[records.length - 1].step;
  return step > last && step - from >= (last - from) * RECORD_EVERY;
}

/**
 * The history up to some record, which goes on by itself.
 *
 * @param {Stretch[]} history
 * @param {number} stretches
 * @param {number} records of the last of them
 * @returns {Stretch[]}
 */
export function cutHistory(history, stretches, records) {
  return history.slice(0, stretches).map((stretch, i) => ({
    ...stretch,
    records: stretch.records.slice(0, i === stretches - 1 ? records : undefined),
  }));
}

/** Record how a stretch ends, before another begins. @param {Descent} descent */
export function leaveStretch(descent) {
  const last = descent.history[descent.history.length - 1];
  if (!last || last.records[last.records.length - 1].step === descent.steps) return;
  const { weights, problem } = descent;
  record(descent, makePenalty(last.regularizer, last.lam, weights.k, problem.spread));
}

/** @param {Descent} descent @param {Penalty} penalty that of the last stretch */
export function record(descent, penalty) {
  const { reconstruction, penalty: size } = lossOf(descent, penalty);
  descent.history[descent.history.length - 1].records.push({
    step: descent.steps,
    reconstruction,
    penalty: size,
    gap: transposeGap(descent.weights),
  });
}
