/**
 * What the loss and the transpose gap were on the way, in stretches: a new one begins when another
 * loss is chosen, and when a group element has acted.
 *
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
