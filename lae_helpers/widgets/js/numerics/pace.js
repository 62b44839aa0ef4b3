/**
 * How fast a descent is shown: in seconds, whatever the frames. After a touch, of the loss or of the
 * weights, no singular vector turns by much more than `TURN` degrees a second at first; both that bound
 * and the steps a second grow with the time since, so that what is slow is passed over.
 *
 * @typedef {object} Pace
 * @property {number} seconds watched since the last touch, at pace one
 * @property {number} steps since then
 * @property {number} due steps that the clock allows now, a fraction included
 * @property {number} room degrees that may be turned now; negative after a step that turned by more
 * @property {number} perStep degrees that the last steps turned by, each
 * @property {number} most steps of the last frame, by which those of the next may grow
 */

const TURN = 20; // degrees a second at the touch
const TURN_GROWTH = 1.7; // seconds in which that grows e-fold
const FIRST_STEPS = 24; // a second, at the touch
const STEP_GROWTH = 1.5; // seconds in which the steps since the touch grow e-fold
const MOST_STEPS = 6000; // a second
const LONGEST_WAIT = 0.25; // seconds after one step, however far it turned
const LONGEST_SAVING = 0.05; // seconds of which what was not used is kept

/** @returns {Pace} that of a touch */
export function startPace() {
  return { seconds: 0, steps: 0, due: 1, room: 0, perStep: 0, most: 1 };
}

/** @param {Pace} pace @returns {number} degrees a second */
const turnRate = ({ seconds }) => TURN * Math.exp(seconds / TURN_GROWTH);

/** @param {Pace} pace @returns {number} steps a second */
const stepRate = ({ steps }) => Math.min(FIRST_STEPS + steps / STEP_GROWTH, MOST_STEPS);

/**
 * Let time pass.
 *
 * @param {Pace} pace
 * @param {number} seconds of watching, times the speed
 * @returns {number} whole steps to take now
 */
export function passTime(pace, seconds) {
  const saved = Math.max(seconds, LONGEST_SAVING);
  pace.seconds += seconds;
  pace.due = Math.min(pace.due + stepRate(pace) * seconds, 1 + stepRate(pace) * saved);
  pace.room = Math.min(pace.room + turnRate(pace) * seconds, turnRate(pace) * saved);
  if (pace.room < 0) return 0;
  const turning = pace.perStep > 0 ? 1 + pace.room / pace.perStep : Infinity;
  return Math.floor(Math.min(pace.due, turning, 2 * pace.most + 1));
}

/**
 * Account for what was done.
 *
 * @param {Pace} pace
 * @param {number} steps
 * @param {number} turned degrees, by the vector that turned most
 */
export function spend(pace, steps, turned) {
  if (steps === 0) return;
  pace.steps += steps;
  pace.due = Math.max(pace.due - steps, 0);
  pace.perStep = turned / steps;
  pace.room = Math.max(pace.room - turned, -LONGEST_WAIT * turnRate(pace));
  pace.most = steps;
}
