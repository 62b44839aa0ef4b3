/** What the explorer says of its motion: in a line beside its controls, and to those who hear. */

import { CLOSE } from "../numerics/portrait.js";
import { sayFigures } from "./numbers.js";

const BREATH = 4000; // milliseconds between two reports of something found

/**
 * @typedef {import("./explorer_session.js").Session} Session
 * @typedef {import("../numerics/portrait.js").Portrait} Portrait
 */

/** @param {Portrait} portrait */
const countFound = ({ angles }) => angles.filter((angle) => angle <= CLOSE).length;

/** @param {Portrait} portrait */
const sayFound = (portrait) =>
  `${countFound(portrait)} of ${portrait.angles.length} directions found`;

/** @param {Session} session @returns {string} */
function sayState(session) {
  const state = session.state();
  if (state === "retracing") {
    return `retracing the recorded steps, ${Math.floor(100 * session.progress())} %`;
  }
  if (session.timeline().looking) return "looking back";
  if (state === "resting") return "at rest: every change starts it again";
  if (state === "diverged") return "diverged";
  if (state === "paused") return "paused";
  const { stepsPerSecond } = session.pace();
  return stepsPerSecond ? `${sayFigures(stepsPerSecond, 2)} steps a second` : "running";
}

/** @param {Session} session @param {Portrait} portrait */
export function sayStatus(session, portrait) {
  const { steps } = session.descent();
  return `Step ${steps.toLocaleString("en-GB")}, ${sayState(session)} · ${sayFound(portrait)}`;
}

/** News for those who hear, while it runs: that it stopped, and how many directions are found by now. */
export function makeReporter() {
  let state = "";
  let found = 0;
  let last = 0;

  /** @param {Session} session @param {Portrait} portrait @returns {string} empty if there are none */
  return (session, portrait) => {
    const now = session.state();
    const ended = now !== state && (now === "resting" || now === "diverged");
    const count = countFound(portrait);
    const time = performance.now();
    const more = now === "playing" && count > found && time - last > BREATH;
    if (now !== "playing" || count < found || more) found = count;
    state = now;
    if (ended) return `${now === "resting" ? "At rest" : "Diverged"}, ${sayFound(portrait)}.`;
    if (!more) return "";
    last = time;
    return `${sayFound(portrait)}.`;
  };
}
