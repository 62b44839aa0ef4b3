/** How far a prediction is from what is true, as a share of what it could have been. */

/**
 * @typedef {"choice" | "order" | "number" | "point" | "curve"} Kind
 * @typedef {{limits: [number, number], label: string, log: boolean}} Axis
 * @typedef {{distance: number, hit: boolean}} Judgement
 */

/** @param {Axis} axis @param {number} value @returns {number} its place, from 0 to 1 */
export function shareOf({ limits: [low, high], log }, value) {
  const scale = log ? Math.log : Number;
  return (scale(value) - scale(low)) / (scale(high) - scale(low));
}

/** @param {Axis} axis @param {number} share @returns {number} the value there */
export function valueAt({ limits: [low, high], log }, share) {
  return log ? low * (high / low) ** share : low + share * (high - low);
}

/** @param {number[]} guess @param {number[]} truth @returns {number} pairs in the other order */
export function countInversions(guess, truth) {
  const rank = new Map(truth.map((option, place) => [option, place]));
  const places = guess.map((option) => rank.get(option) ?? 0);
  let count = 0;
  for (let i = 0; i < places.length; i += 1) {
    for (let j = i + 1; j < places.length; j += 1) count += Number(places[i] > places[j]);
  }
  return count;
}

/**
 * @param {Kind} kind
 * @param {number[]} guess
 * @param {number[]} truth
 * @param {Axis[]} axes
 * @param {number} tolerance what is still a hit
 * @returns {Judgement}
 */
export function judge(kind, guess, truth, axes, tolerance) {
  const distance = measure(kind, guess, truth, axes);
  return { distance, hit: distance <= tolerance + 1e-12 };
}

/** @param {Kind} kind @param {number[]} guess @param {number[]} truth @param {Axis[]} axes */
function measure(kind, guess, truth, axes) {
  if (kind === "choice") return Number(guess[0] !== truth[0]);
  if (kind === "order") {
    const pairs = (truth.length * (truth.length - 1)) / 2;
    return pairs ? countInversions(guess, truth) / pairs : 0;
  }
  /** @param {Axis} axis @param {number} i */
  const apart = (axis, i) => Math.abs(shareOf(axis, guess[i]) - shareOf(axis, truth[i]));
  if (kind === "number") return apart(axes[0], 0);
  if (kind === "point") return Math.hypot(apart(axes[0], 0), apart(axes[1], 1));
  return truth.reduce((sum, _height, i) => sum + apart(axes[1], i), 0) / truth.length;
}

/**
 * A stroke of the pen: heights between two places follow a line; what nothing has touched yet takes
 * the height of the nearest that has been.
 *
 * @param {number[]} positions increasing
 * @param {number[]} heights NaN where nothing is drawn; changed here
 * @param {[number, number]} from place and height
 * @param {[number, number]} to
 */
export function drawStroke(positions, heights, from, to) {
  const [[left, start], [right, end]] = from[0] <= to[0] ? [from, to] : [to, from];
  const nearest = positions.reduce(
    (best, x, i) => (Math.abs(x - to[0]) < Math.abs(positions[best] - to[0]) ? i : best),
    0,
  );
  heights[nearest] = to[1];
  positions.forEach((x, i) => {
    if (x < left || x > right || right === left) return;
    heights[i] = start + ((x - left) / (right - left)) * (end - start);
  });
}

/** @param {number[]} heights @returns {number[]} with what is missing taken from the nearest */
export function fillGaps(heights) {
  const drawn = heights.flatMap((height, i) => (Number.isFinite(height) ? [i] : []));
  if (!drawn.length) return heights;
  return heights.map((height, i) =>
    Number.isFinite(height)
      ? height
      : heights[drawn.reduce((a, b) => (Math.abs(b - i) < Math.abs(a - i) ? b : a))],
  );
}
