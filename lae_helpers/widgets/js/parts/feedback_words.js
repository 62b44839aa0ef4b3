/** What the feedback figure says. */

import { summarizeRecord } from "../numerics/feedback_runs.js";

/** @param {number} share @returns {string} */
export const sayPercent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {number} count @returns {string} */
export const sayEpochs = (count) => `${count} epoch${count === 1 ? "" : "s"}`;

/** @param {number} angle @returns {string} */
export const sayDegrees = (angle) => `${angle.toFixed(0)}°`;

/**
 * @param {string} network
 * @param {number} epoch
 * @param {number} last
 * @param {{label: string, record: import("../numerics/feedback_runs.js").FeedbackRecord}[]} shown
 */
export function describeRuns(network, epoch, last, shown) {
  const begin =
    epoch === 0
      ? `${network}, before any training`
      : `${network}, after ${epoch} of ${last} epochs`;
  if (shown.length === 0) return `${begin}. Choose a rule to see how it did.`;
  const found = shown.map(({ label, record }) =>
    describeRun(label, summarizeRecord(record, epoch), epoch),
  );
  return `${begin}; test accuracy, and angle of the feedback to the transpose from layer 2 on: ${found.join("; ")}.`;
}

/**
 * @param {string} label
 * @param {ReturnType<typeof summarizeRecord>} summary
 * @param {number} epoch which a run may not have reached
 */
function describeRun(label, { at, accuracy, lowest, highest, layers }, epoch) {
  const name = at < epoch ? `${label} (ended after ${sayEpochs(at)})` : label;
  const spread =
    lowest === highest ? "" : ` (${(100 * lowest).toFixed(1)} to ${(100 * highest).toFixed(1)})`;
  return `${name} ${sayPercent(accuracy)}${spread} at ${layers.map(({ angle }) => sayDegrees(angle)).join(", ")}`;
}
