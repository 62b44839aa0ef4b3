/** What the ladder figure says, in words and numbers. */

import { LADDER, findGroup } from "../numerics/ladder.js";
import {
  determinant,
  distanceBetween,
  findSingularValues,
  nearestOrthogonal,
  nearestSigns,
} from "../numerics/two_by_two.js";
import { sayFixed, sayNumber } from "./numbers.js";

/** @param {number} change @param {number} tolerance */
export function sayChange(change, tolerance) {
  if (Math.abs(change) <= tolerance) return "still";
  return (change > 0 ? "+" : "") + sayNumber(change);
}

/**
 * @param {import("../numerics/two_by_two.js").Matrix2} G
 * @param {number[]} changes of the four losses
 * @param {import("../numerics/two_by_two.js").Limits} limits
 * @returns {string}
 */
export function describeLadder(G, changes, limits) {
  const [, smallest] = findSingularValues(G);
  const group = findGroup(G, limits.tolerance);
  const describe = { "{±1}²": describeSigns, "O(2)": describeTurn, "GL(2)": describeStretch }[
    group
  ];
  const what = describe(G);
  const distance = distanceBetween(G, group === "O(2)" ? nearestSigns(G) : nearestOrthogonal(G));
  const effect = describeEffect(changes, limits.tolerance, group, distance);
  const edge = smallest <= limits.floor * (1 + 1e-6) ? ` ${describeEdge(limits.floor)}` : "";
  return `${what}: ${effect}${edge}`;
}

/**
 * Of entries that make no G, while a reader is on the way to others.
 *
 * @param {import("../numerics/two_by_two.js").Matrix2} entries
 * @param {import("../numerics/two_by_two.js").Limits} limits
 */
export function describeRefused(entries, { floor }) {
  const [, smallest] = findSingularValues(entries);
  const det = determinant(entries);
  const why =
    det === 0
      ? "det G = 0 is not in GL(2), there is no G⁻¹"
      : `their smallest singular value, ${sayNumber(smallest)}, is below ${floor}`;
  return `The entries as typed are not let in: ${why}. The arrows stay where they were until the entries make a G.`;
}

/** @param {import("../numerics/two_by_two.js").Matrix2} G */
function describeSigns([[a], [, d]]) {
  if (a > 0 && d > 0) return "G is the identity, which is in every one of the groups";
  return `G = diag(${[a, d].map((entry) => (entry > 0 ? "1" : "−1")).join(", ")}) only flips signs`;
}

/** @param {import("../numerics/two_by_two.js").Matrix2} G */
function describeTurn(G) {
  const angle = (Math.atan2(G[1][0], G[0][0]) * 180) / Math.PI;
  const kind =
    determinant(G) > 0
      ? `a rotation by ${sayAngle(angle)}`
      : `a reflection, with its mirror at ${sayAngle(angle / 2)}`;
  return `G is ${kind}, orthogonal but no flip of signs`;
}

/** @param {number} angle in degrees */
function sayAngle(angle) {
  return `${sayFixed(angle, 1)}°`;
}

/** @param {import("../numerics/two_by_two.js").Matrix2} G */
function describeStretch(G) {
  const [largest, smallest] = findSingularValues(G);
  return `G is not orthogonal, its singular values are ${sayNumber(largest)} and ${sayNumber(smallest)}`;
}

/**
 * @param {number[]} changes of the four losses
 * @param {number} tolerance
 * @param {import("../numerics/ladder.js").LadderGroup} group the smallest that holds G
 * @param {number} distance to the next smaller one
 */
function describeEffect(changes, tolerance, group, distance) {
  const moved = LADDER.map((_, i) => i).filter((i) => Math.abs(changes[i]) > tolerance);
  if (group === "{±1}²") return "all four needles stay still.";
  if (moved.length === 0 || (group === "GL(2)" && moved.length < 2)) {
    const near = group === "O(2)" ? "the flips of signs" : "O(2)";
    return `but only by ${sayNumber(distance)} away from ${near}, and what that changes, of the order of its square, is lost below 10⁻⁹.`;
  }
  const moves = moved
    .map(
      (i, at) =>
        `${at ? "that" : "the loss"} with the ${LADDER[i].name}${at ? "" : " changes"} by ${sayChange(changes[i], tolerance)}`,
    )
    .join(", ");
  const still =
    group === "O(2)"
      ? "the other three needles stay still."
      : "none and product see only W₂W₁, which G leaves as it is.";
  return `${moves}; ${still}`;
}

/** @param {number} floor */
function describeEdge(floor) {
  return `det G = 0 is not in GL(2), there is no G⁻¹: here the smallest singular value stops at ${floor}, and only “reflect” or typing leads to the other sign.`;
}
