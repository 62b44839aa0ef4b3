/**
 * What the recorded runs say at one epoch.
 *
 * @typedef {object} FeedbackRecord values by epoch and seed, those of a layer in a further list
 * @property {number[]} seeds
 * @property {number[][]} accuracies
 * @property {number[][][]} weightAngles
 * @property {number[][][]} gains
 * @property {number[][][]} errorAngles
 */

/** @param {number[]} values */
export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param {FeedbackRecord} record @returns {number} the last epoch that it holds */
export const lastEpochOf = (record) => record.accuracies.length - 1;

/**
 * Where the axis of the accuracies begins: a multiple of ten below all of them after an epoch.
 *
 * @param {FeedbackRecord[]} records
 * @returns {number} percent, at most 80
 */
export function findFloor(records) {
  const learned = records.flatMap(({ accuracies }) => accuracies.slice(1).flat());
  return Math.min(80, 10 * Math.floor(10 * Math.min(1, ...learned) + 1e-9));
}

/** @param {FeedbackRecord[]} records @returns {number} whole percents above all accuracies, from 90 */
export function findCeiling(records) {
  const all = records.flatMap(({ accuracies }) => accuracies.flat());
  return Math.min(100, Math.max(90, Math.ceil(100 * Math.max(0, ...all) + 0.5)));
}

/**
 * @param {number[][]} table by epoch and seed
 * @param {number} until the last epoch to take
 * @returns {[number, number][]} epochs and means over the seeds
 */
export const traceMeans = (table, until) =>
  table.slice(0, until + 1).map((values, epoch) => [epoch, meanOf(values)]);

/**
 * @param {number[][][]} table by epoch, seed and layer
 * @param {number} layer counted from zero
 * @returns {number[][]} by epoch and seed
 */
export const pickLayer = (table, layer) =>
  table.map((seeds) => seeds.map((layers) => layers[layer]));

/**
 * @param {FeedbackRecord} record
 * @param {number} epoch at most the last one of the record is taken
 */
export function summarizeRecord(record, epoch) {
  const at = Math.min(epoch, lastEpochOf(record));
  const nLayers = record.gains[at][0].length;
  const layers = Array.from({ length: nLayers }, (_, layer) => {
    const [angle, gain, errorAngle] = [record.weightAngles, record.gains, record.errorAngles].map(
      (table) => meanOf(table[at].map((values) => values[layer])),
    );
    return { angle, gain, errorAngle };
  });
  const shares = record.accuracies[at];
  return {
    at,
    accuracy: meanOf(shares),
    lowest: Math.min(...shares),
    highest: Math.max(...shares),
    layers,
  };
}
