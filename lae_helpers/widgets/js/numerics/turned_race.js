/** Two networks from the same weights: one learns by backprop, the other through a turned way back. */

import { drawStart, lookAt, stepAngle, takeStep, transposed, turnWayBack } from "./turned_back.js";

/**
 * @typedef {import("./turned_back.js").Task} Task
 * @typedef {import("./turned_back.js").Weights} Weights
 * @typedef {ReturnType<typeof makeRace>} Race
 */

/**
 * @param {Task} task
 * @param {number} rate of the steps of both
 * @param {number} seed of the weights and of the direction in which B turns
 */
export function makeRace(task, rate, seed) {
  const nOutputs = task.widths[2];
  const { weights: plain, H } = drawStart(seed, task.widths);
  const turned = copy(plain);
  let seenPlain = lookAt(plain, task, transposed(plain.W2, nOutputs));
  let seenTurned = turn(0);
  const losses = { backprop: [seenPlain.loss], turned: [seenTurned.loss] };
  let last = { degrees: NaN, begun: 0 }; // the angle of the last step, and the step from which it held

  /** @param {number} degrees */
  function turn(degrees) {
    const B = turnWayBack(turned.W2, H, nOutputs, degrees);
    const seen = lookAt(turned, task, B);
    const stepDegrees = stepAngle(seen.gradient, seen.update);
    return { ...seen, B, degrees, transpose: transposed(turned.W2, nOutputs), stepDegrees };
  }
  return {
    losses,
    get nSteps() {
      return losses.turned.length - 1;
    },
    /** @returns {number} the share that backprop's network reads right */
    get backpropAccuracy() {
      return seenPlain.accuracy;
    },
    /** The turned network as it is, and its next step through a way back at this angle. @param {number} degrees */
    at(degrees) {
      if (seenTurned.degrees !== degrees) seenTurned = turn(degrees);
      return seenTurned;
    },
    /** The step since which it has learned at this angle. @param {number} degrees */
    since(degrees) {
      return degrees === last.degrees ? last.begun : this.nSteps;
    },
    /** @param {number} degrees */
    step(degrees) {
      last = { degrees, begun: this.since(degrees) };
      takeStep(turned, this.at(degrees).update, rate);
      takeStep(plain, seenPlain.gradient, rate);
      seenPlain = lookAt(plain, task, transposed(plain.W2, nOutputs));
      seenTurned = turn(degrees);
      losses.backprop.push(seenPlain.loss);
      losses.turned.push(seenTurned.loss);
    },
  };
}

/** @param {Weights} weights @returns {Weights} */
function copy({ W1, b1, W2, b2 }) {
  return { W1: W1.slice(), b1: b1.slice(), W2: W2.slice(), b2: b2.slice() };
}
