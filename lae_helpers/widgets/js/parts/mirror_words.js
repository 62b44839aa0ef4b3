/** What the mirror figure says. */

import { sayFixed } from "./numbers.js";

/**
 * @typedef {import("../traits.d.ts").Model<import("../traits.d.ts").MirrorTraits>} Model
 * @typedef {{angle: number, gain: number}} Found
 */

/**
 * @param {Model} model
 * @param {string} label
 * @param {number} count batches of this run
 * @param {Found} found
 */
export function describeMirror(model, label, count, { angle, gain }) {
  const [rest, restGain] = model.get("rests")[label];
  const { run } = model.get("_settings");
  const drive = model.get("_rules")[label].noise ? "noise" : "activity";
  const begin = count ? `After ${count} of ${run} batches of ${drive}` : `Before any ${drive}`;
  return (
    `${begin}, B is ${sayFixed(angle, 1)}° from Wᵀ and ${sayFixed(gain)} times as long as W. ` +
    `On average it comes to rest ${sayFixed(rest, 1)}° away, ${sayFixed(restGain)} times as long.`
  );
}

/**
 * The needle of B, rings where each drive would let it rest, and what they say.
 *
 * @param {Model} model
 * @param {string} chosen
 * @param {Found} found
 * @returns {[import("./feedback_compass.js").Needle[], string]}
 */
export function describeNeedles(model, chosen, found) {
  const looks = model.get("looks");
  const rings = Object.entries(model.get("rests")).map(([label, [angle, gain]]) => ({
    ...looks[label],
    angle,
    gain,
    ring: true,
  }));
  return [
    [...rings, { ...looks[chosen], ...found }],
    `B points ${sayFixed(found.angle, 0)}° away from Wᵀ, ${sayFixed(found.gain)} times as long`,
  ];
}
