/** What the way-back figure says. */

import { sayFixed } from "./numbers.js";

const LEVEL = 0.5; // degrees around 90 that are neither up nor down

/**
 * @param {{degrees: number, stepDegrees: number, loss: number, accuracy: number}} turned
 * @param {number} nSteps
 * @param {number} since the step at which it was turned
 * @param {{loss: number, accuracy: number}} backprop
 * @returns {string}
 */
export function describeTurned({ degrees, stepDegrees, loss, accuracy }, nSteps, since, backprop) {
  const now = `After ${nSteps} steps its loss is ${sayFixed(loss)}, ${percent(accuracy)} read right`;
  const when = since ? ` since step ${since}` : "";
  if (degrees === 0) {
    return `B is (W²)ᵀ${when}: the step is the gradient, and this is backprop. ${now}.`;
  }
  return (
    `With B turned by ${degrees}°${when}, the step of all weights together is ${sayFixed(stepDegrees, 0)}° ` +
    `off the gradient: ${judge(stepDegrees)}. ${now}; by backprop it is ` +
    `${sayFixed(backprop.loss)}, and ${percent(backprop.accuracy)}.`
  );
}

/** @param {number} degrees */
function judge(degrees) {
  if (Math.abs(degrees - 90) <= LEVEL) return "neither up nor down";
  if (degrees > 90) return "uphill";
  const share = Math.cos((degrees * Math.PI) / 180) ** 2;
  return `downhill, with ${percent(share)} (cos²) of the progress that can be promised`;
}

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)}\u00a0%`;
