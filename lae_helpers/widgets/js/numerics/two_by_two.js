/**
 * Two by two matrices: their geometry, and paths among the invertible ones.
 *
 * @typedef {[[number, number], [number, number]]} Matrix2 rows
 * @typedef {[number, number]} Pair
 * @typedef {{floor: number, entry: number, tolerance: number}} Limits the least singular value and
 *   the largest entry of a G that is let in; how near zero counts as zero
 */

/** @param {Matrix2} A @param {Matrix2} B @returns {Matrix2} */
export function multiplyMatrices([[a, b], [c, d]], [[e, f], [g, h]]) {
  return [
    [a * e + b * g, a * f + b * h],
    [c * e + d * g, c * f + d * h],
  ];
}

/** @param {Matrix2} G */
export function determinant([[a, b], [c, d]]) {
  return a * d - b * c;
}

/** @param {Matrix2} G @returns {Matrix2} */
export function invertMatrix(G) {
  const [[a, b], [c, d]] = G;
  const det = determinant(G);
  return [
    [d / det, -b / det],
    [-c / det, a / det],
  ];
}

/**
 * G as the map z → pz + qz̄ of the complex plane: p turns and scales, q reflects and scales.
 * The singular values are |p| + |q| and ||p| − |q||, and det G = |p|² − |q|².
 *
 * @param {Matrix2} G @returns {{p: Pair, q: Pair}}
 */
function splitTurnAndReflection([[a, b], [c, d]]) {
  return { p: [(a + d) / 2, (c - b) / 2], q: [(a - d) / 2, (c + b) / 2] };
}

/** @param {Pair} p @param {Pair} q @returns {Matrix2} */
function joinTurnAndReflection(p, q) {
  return [
    [p[0] + q[0], q[1] - p[1]],
    [p[1] + q[1], p[0] - q[0]],
  ];
}

/** @param {Matrix2} G @returns {Pair} descending */
export function findSingularValues(G) {
  const { p, q } = splitTurnAndReflection(G);
  const [turn, reflection] = [Math.hypot(...p), Math.hypot(...q)];
  // The smaller as |det| over the larger: a difference would lose its digits near det G = 0.
  const largest = turn + reflection;
  return [largest, largest > 0 ? Math.abs(determinant(G)) / largest : 0];
}

/** The orthogonal factor of G's polar decomposition. @param {Matrix2} G @returns {Matrix2} */
export function nearestOrthogonal(G) {
  const { p, q } = splitTurnAndReflection(G);
  const kept = determinant(G) > 0 ? p : q;
  const size = Math.hypot(...kept);
  /** @type {Pair} */
  const unit = [kept[0] / size, kept[1] / size];
  return determinant(G) > 0
    ? joinTurnAndReflection(unit, [0, 0])
    : joinTurnAndReflection([0, 0], unit);
}

/** The closest of the four diag(±1, ±1). @param {Matrix2} G @returns {Matrix2} */
export function nearestSigns([[a], [, d]]) {
  return [
    [a < 0 ? -1 : 1, 0],
    [0, d < 0 ? -1 : 1],
  ];
}

/** Frobenius norm of A − B. @param {Matrix2} A @param {Matrix2} B */
export function distanceBetween([[a, b], [c, d]], [[e, f], [g, h]]) {
  return Math.hypot(a - e, b - f, c - g, d - h);
}

/** G diag(1, −1): the second image turned round. @param {Matrix2} G @returns {Matrix2} */
export function reflectSecond([[a, b], [c, d]]) {
  return [
    [a, -b],
    [c, -d],
  ];
}

/** The rotation by an angle. @param {number} angle in degrees @returns {Matrix2} */
export function rotationBy(angle) {
  const radians = (angle * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  return [
    [cosine, -sine],
    [sine, cosine],
  ];
}

/** Within so much of a place that leaves a needle still, a hand means that place. */
const NEAR = 0.1;

/**
 * Where a hand that drags a column of G means it to go: onto a flip of signs, onto a right angle
 * with the other column where that has length one, onto length one, or where it is.
 *
 * @param {Matrix2} G
 * @param {number} j 0 or 1
 * @param {Pair} wanted
 * @returns {Pair}
 */
export function snapColumn(G, j, [x, y]) {
  const [ox, oy] = [G[0][1 - j], G[1][1 - j]];
  /** @type {Pair[]} */
  const places = j === 0 ? [[1, 0], [-1, 0]] : [[0, 1], [0, -1]]; // prettier-ignore
  if (Math.abs(Math.hypot(ox, oy) - 1) < 1e-9) places.push([-oy, ox], [oy, -ox]);
  const place = places.find(([px, py]) => Math.hypot(x - px, y - py) < NEAR);
  if (place) return place;
  const length = Math.hypot(x, y);
  return Math.abs(length - 1) < NEAR / 2 ? [x / length, y / length] : [x, y];
}

/** The closest flip of signs, if it is close. @param {Matrix2} G @returns {Matrix2} */
export function snapToSigns(G) {
  const signs = nearestSigns(G);
  return distanceBetween(G, signs) < NEAR * Math.SQRT2 ? signs : G;
}

/** @param {unknown} value @returns {value is Pair} */
const isPair = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));

/**
 * Whether the figure lets this in as a G.
 *
 * @param {unknown} value
 * @param {Limits} limits
 * @returns {value is Matrix2}
 */
export function isAllowed(value, { floor, entry }) {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [first, second] = value;
  if (!isPair(first) || !isPair(second)) return false;
  const isSmall = [...first, ...second].every((number) => Math.abs(number) <= entry);
  return isSmall && findSingularValues([first, second])[1] >= floor * (1 - 1e-9);
}

/** @param {Matrix2} G @param {number} j 0 or 1 @param {Pair} column @returns {Matrix2} */
function replaceColumn([[a, b], [c, d]], j, [x, y]) {
  return j === 0
    ? [
        [x, b],
        [y, d],
      ]
    : [
        [a, x],
        [c, y],
      ];
}

/**
 * Move one column of G towards where it is wanted, and no further than GL(2) with its limits goes.
 *
 * With the other column h fixed, the smallest singular value is at least the floor f where
 * |b| ≥ f √(1 + a²/(|h|² − f²)), a and b being the parts of the column along h and across it. Each
 * side of h is a convex set: first b is raised to its edge, then, where that leaves the square of
 * entries allowed, the column stops on the way from where it was.
 *
 * @param {Matrix2} G allowed
 * @param {number} j 0 or 1
 * @param {Pair} wanted
 * @param {Limits} limits
 * @returns {Matrix2}
 */
export function moveColumn(G, j, wanted, limits) {
  const { floor, entry } = limits;
  const [x, y] = wanted.map((part) => Math.max(-entry, Math.min(entry, part)));
  const direct = replaceColumn(G, j, [x, y]);
  const sameSide = determinant(direct) * determinant(G) > 0;
  if (sameSide && isAllowed(direct, limits)) return direct;
  const held = [G[0][1 - j], G[1][1 - j]];
  const length = Math.hypot(...held);
  const [ux, uy] = [held[0] / length, held[1] / length];
  const side = Math.sign(uy * -G[0][j] + ux * G[1][j]);
  const along = x * ux + y * uy;
  const room = Math.sqrt(Math.max(length ** 2 - floor ** 2, 1e-12));
  const across = side * Math.max(side * (y * ux - x * uy), floor * Math.hypot(1, along / room));
  const raised = replaceColumn(G, j, [along * ux - across * uy, along * uy + across * ux]);
  return isAllowed(raised, limits) ? raised : stopBefore(G, raised, limits);
}

/**
 * The last allowed matrix on the segment from one that is to one that is not.
 *
 * @param {Matrix2} from
 * @param {Matrix2} to
 * @param {Limits} limits
 */
function stopBefore(from, to, limits) {
  /** @param {number} t @returns {Matrix2} */
  const at = (t) => {
    const [[a, b], [c, d]] = from;
    const [[e, f], [g, h]] = to;
    return [
      [a + t * (e - a), b + t * (f - b)],
      [c + t * (g - c), d + t * (h - d)],
    ];
  };
  let [good, bad] = [0, 1];
  for (let i = 0; i < 50; i += 1) {
    const middle = (good + bad) / 2;
    if (isAllowed(at(middle), limits)) good = middle;
    else bad = middle;
  }
  return good === 0 ? from : at(good);
}

/**
 * A point of a path from one G to another that never meets det G = 0; the other at once, if the two
 * have determinants of different signs, for then there is no such path.
 *
 * The larger of p and q changes by a spiral; their ratio, less than one in size, along a segment.
 * The smallest singular value stays above the smaller one of the two ends.
 *
 * @param {Matrix2} from @param {Matrix2} to @param {number} t from 0 to 1 @returns {Matrix2}
 */
export function blend(from, to, t) {
  const turning = determinant(from) > 0;
  if (t >= 1 || turning !== determinant(to) > 0) return to;
  const [start, end] = [from, to].map((G) => {
    const { p, q } = splitTurnAndReflection(G);
    return turning ? { main: p, rest: q } : { main: q, rest: p };
  });
  const turnBy = divideComplex(end.main, start.main);
  const size = Math.hypot(...start.main) * Math.hypot(...turnBy) ** t;
  const angle = Math.atan2(start.main[1], start.main[0]) + t * Math.atan2(turnBy[1], turnBy[0]);
  const [before, after] = [start, end].map(({ main, rest }) => divideComplex(rest, main));
  const ratio = [before[0] + t * (after[0] - before[0]), before[1] + t * (after[1] - before[1])];
  /** @type {Pair} */
  const main = [size * Math.cos(angle), size * Math.sin(angle)];
  /** @type {Pair} */
  const rest = [main[0] * ratio[0] - main[1] * ratio[1], main[0] * ratio[1] + main[1] * ratio[0]];
  return turning ? joinTurnAndReflection(main, rest) : joinTurnAndReflection(rest, main);
}

/** @param {Pair} z @param {Pair} w @returns {Pair} */
function divideComplex([a, b], [c, d]) {
  const size = c ** 2 + d ** 2;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
}

/**
 * A well-conditioned G of either sign of the determinant.
 *
 * @param {() => number} random from 0 to 1 @returns {Matrix2}
 */
export function drawMatrix(random) {
  const [large, small] = [1.1 + 0.7 * random(), 0.4 + 0.6 * random()];
  const angles = [2 * Math.PI * random(), 2 * Math.PI * random()];
  const [main, rest] = [(large + small) / 2, (large - small) / 2].map(
    (size, i) => /** @type {Pair} */ ([size * Math.cos(angles[i]), size * Math.sin(angles[i])]),
  );
  return random() < 0.5 ? joinTurnAndReflection(main, rest) : joinTurnAndReflection(rest, main);
}
