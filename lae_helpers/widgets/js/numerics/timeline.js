/**
 * Moments of a descent, to go back to: some two hundred, as many as the directions have turned for,
 * thinned out as it goes on. Each is exact: weights, and the walk that leads there.
 *
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {{kind: "loss" | "action", text: string}} Mark what was touched right after a moment
 * @typedef {object} Moment
 * @property {number} step
 * @property {number} entries of the walk
 * @property {number} last steps of the last of them
 * @property {number} stretches of the history
 * @property {number} records of the last of them
 * @property {import("./descent.js").Values} values
 * @property {import("./rate.js").Rate & {moved: boolean}} state
 * @property {Mark | null} mark
 * @typedef {object} Timeline
 * @property {Moment[]} moments those before the present one
 * @property {number} every degrees of turning between two
 * @property {number} turned degrees since the last
 * @property {Float64Array | null} vectors singular vectors of W2 when last looked at
 */

import { leftSingularVectors } from "./linear_algebra.js";
import { cutHistory } from "./history.js";

const MOST = 240;
const FIRST_EVERY = 1.5; // degrees
const STEPS_EVERY = 1.1; // times the steps since the last touch: where nothing turns
const FADED = 1e-3; // of the size of the start: what is below has no direction worth a name
const DEGREES = 180 / Math.PI;

/** @returns {Timeline} */
export const startTimeline = () => ({
  moments: [],
  every: FIRST_EVERY,
  turned: 0,
  vectors: null,
});

/**
 * See how far the singular vectors have turned since the last look, and keep the moment if it is due.
 *
 * @param {Descent} descent
 * @returns {number} degrees, of the one that turned most
 */
export function lookAt(descent) {
  const { timeline, weights, size } = descent;
  const { vectors, values } = leftSingularVectors(weights.W, weights.n, weights.k);
  const alive = values.filter((value) => value >= FADED * size).length;
  const turned = timeline.vectors
    ? largestTurn(timeline.vectors, vectors, weights.n, weights.k, alive)
    : 0;
  timeline.vectors = vectors;
  timeline.turned += turned;
  if (isDue(descent)) keepMoment(descent, null);
  return turned;
}

/**
 * How far any of the first vectors has turned from what it was, wherever in the order that stands now.
 *
 * @param {Float64Array} before n × k
 * @param {Float64Array} after n × k
 * @param {number} n
 * @param {number} k
 * @param {number} alive
 */
function largestTurn(before, after, n, k, alive) {
  let least = 1;
  for (let j = 0; j < alive; j += 1) {
    let best = 0;
    for (let m = 0; m < k; m += 1) {
      let cosine = 0;
      for (let i = 0; i < n; i += 1) cosine += after[i * k + j] * before[i * k + m];
      best = Math.max(best, Math.abs(cosine));
    }
    least = Math.min(least, best || 1); // nothing was there
  }
  return Math.acos(least) * DEGREES;
}

/** @param {Descent} descent */
function isDue({ timeline, history, steps }) {
  const last = timeline.moments[timeline.moments.length - 1];
  if (!last) return true;
  if (steps === last.step) return false;
  const { from } = history[history.length - 1];
  const since = Math.max(last.step - from, 0);
  return timeline.turned >= timeline.every || steps - from >= since * STEPS_EVERY + 1;
}

/**
 * Keep the present moment.
 *
 * @param {Descent} descent
 * @param {Mark | null} mark
 */
export function keepMoment(descent, mark) {
  const { timeline, walk, history, weights } = descent;
  const { moments } = timeline;
  const last = moments[moments.length - 1];
  if (mark?.kind === "loss" && last?.mark?.kind === "loss") {
    last.mark = mark; // of one drag of the strength
    return;
  }
  const entry = walk[walk.length - 1];
  moments.push({
    step: descent.steps,
    entries: walk.length,
    last: entry?.length === 4 ? entry[3] : 0,
    stretches: history.length,
    records: history[history.length - 1]?.records.length ?? 0,
    values: { W: weights.W.slice(), V: weights.V.slice() },
    state: {
      rate: descent.rate,
      chosenFor: descent.chosenFor,
      chosenAt: descent.chosenAt,
      lookAt: descent.lookAt,
      moved: descent.moved,
    },
    mark,
  });
  timeline.turned = 0;
  if (moments.length > MOST) thinOut(timeline);
}

/** Drop every second moment, of those without a mark if that is enough. @param {Timeline} timeline */
function thinOut(timeline) {
  const { moments } = timeline;
  const marked = moments.filter(({ mark }) => mark).length;
  timeline.moments = moments.filter(
    ({ mark }, i) => i % 2 === 0 || (mark !== null && marked < MOST / 4),
  );
  timeline.every *= 2;
}

/**
 * The descent as it was: what goes on from it takes nothing from the other.
 *
 * @param {Descent} descent
 * @param {number} index of a moment
 * @returns {Descent}
 */
export function returnTo(descent, index) {
  const { timeline, weights } = descent;
  const { step, entries, last, stretches, records, values, state } = timeline.moments[index];
  const walk = structuredClone(descent.walk.slice(0, entries));
  const entry = walk[walk.length - 1];
  if (entry?.length === 4) entry[3] = last;
  return {
    ...descent,
    ...state,
    walk,
    steps: step,
    weights: { ...weights, W: values.W.slice(), V: values.V.slice() },
    history: cutHistory(descent.history, stretches, records),
    timeline: { ...timeline, moments: timeline.moments.slice(0, index), turned: 0, vectors: null },
    diverged: false,
    stationary: false,
  };
}
