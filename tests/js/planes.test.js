import assert from "node:assert/strict";
import { test } from "node:test";

import {
  curvatureBound,
  followGradient,
  findMinima,
  imbalanceAt,
  makeScalarLoss,
  samplePlane,
  scalarGradient,
  scalarLoss,
  traceContour,
} from "../../lae_helpers/widgets/js/numerics/landscape.js";
import { LADDER, changeLosses, findGroup } from "../../lae_helpers/widgets/js/numerics/ladder.js";
import {
  blend,
  determinant,
  distanceBetween,
  drawMatrix,
  findSingularValues,
  invertMatrix,
  isAllowed,
  moveColumn,
  multiplyMatrices,
  nearestOrthogonal,
  nearestSigns,
} from "../../lae_helpers/widgets/js/numerics/two_by_two.js";
import { mulberry32 } from "../../lae_helpers/widgets/js/numerics/random.js";
import { assertNearly, differentiate } from "./nearly.js";

/** @typedef {import("../../lae_helpers/widgets/js/numerics/two_by_two.js").Matrix2} Matrix2 */

const limits = { floor: 0.05, entry: 2, tolerance: 1e-9 };
const uniform = mulberry32(11);
const matrices = Array.from({ length: 200 }, () => drawMatrix(uniform));
const losses = /** @type {const} */ (["none", "product", "sum"]).map((name) =>
  makeScalarLoss(name, 1.3, 0.4),
);

test("the scalar gradient is that of the scalar loss, and vanishes at the minima", () => {
  for (const loss of losses) {
    const at = Float64Array.of(0.7, -1.1);
    assertNearly(
      scalarGradient(loss, at[0], at[1]),
      differentiate(([w1, w2]) => scalarLoss(loss, w1, w2), at),
      1e-8,
    );
    const { shape, product, value } = findMinima(loss);
    const [w1, w2] = shape === "curve" ? [product, 1] : [Math.sqrt(product), Math.sqrt(product)];
    assertNearly([...scalarGradient(loss, w1, w2), scalarLoss(loss, w1, w2)], [0, 0, value]);
  }
});

test("with steps of one over the bound no path rises, and without a sum w1² − w2² keeps its sign", () => {
  for (const loss of losses) {
    const [w1, w2] = [-0.9, 1.7];
    const path = followGradient(loss, w1, w2, 1 / curvatureBound(loss, w1, w2));
    assert.ok(path.arrived);
    const heights = path.w1.map((x, i) => scalarLoss(loss, x, path.w2[i]));
    assert.ok(heights.every((height, i) => i === 0 || height <= heights[i - 1] + 1e-15));
    assert.ok(imbalanceAt(path, path.nSteps) <= 0);
  }
});

test("contours of a plane are straight, and those of a bowl are round", () => {
  const places = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
  const plane = places.flatMap((y) => places.map((x) => x + 2 * y));
  const straight = traceContour(plane, places, 0.3);
  assert.ok(straight.length > 0);
  for (let i = 0; i < straight.length; i += 2) {
    assertNearly([straight[i] + 2 * straight[i + 1]], [0.3]);
  }
  const bowl = places.flatMap((y) => places.map((x) => x * x + y * y));
  const round = traceContour(bowl, places, 0.5);
  for (let i = 0; i < round.length; i += 2) {
    assertNearly([Math.hypot(round[i], round[i + 1])], [Math.SQRT1_2], 1e-3);
  }
});

test("at a saddle the two lines pass on their own sides", () => {
  const segments = traceContour([1, -1, -1, 1], [0, 1], 0.1);
  assert.equal(segments.length, 8);
  // The centre is below the level, so each line cuts off a corner that is above it.
  for (let i = 0; i < 8; i += 4) {
    const [x, y] = [segments[i] + segments[i + 2], segments[i + 1] + segments[i + 3]];
    assert.ok((x < 1 && y < 1) || (x > 1 && y > 1));
  }
});

test("the plane is sampled row by row, from the least w2 up", () => {
  const [loss] = losses;
  const values = samplePlane(loss, [-1, 2]);
  assertNearly(values, [
    scalarLoss(loss, -1, -1),
    scalarLoss(loss, 2, -1),
    scalarLoss(loss, -1, 2),
    scalarLoss(loss, 2, 2),
  ]);
});

test("2 × 2 matrices: inverses, singular values, nearest orthogonal matrices", () => {
  for (const G of matrices) {
    assertNearly(multiplyMatrices(G, invertMatrix(G)).flat(), [1, 0, 0, 1]);
    const [largest, smallest] = findSingularValues(G);
    assertNearly([largest * smallest], [Math.abs(determinant(G))]);
    assertNearly([largest ** 2 + smallest ** 2], [G.flat().reduce((sum, x) => sum + x * x, 0)]);
    const Q = nearestOrthogonal(G);
    assertNearly(findSingularValues(Q), [1, 1]);
    assertNearly([distanceBetween(G, Q)], [Math.hypot(largest - 1, smallest - 1)]);
    assert.ok(distanceBetween(G, Q) <= distanceBetween(G, nearestSigns(G)) + 1e-12);
  }
});

test("a column goes where it is wanted, or as far as it is let", () => {
  for (const G of matrices.filter((matrix) => isAllowed(matrix, limits))) {
    /** @type {[number, number]} */
    const wanted = [6 * uniform() - 3, 6 * uniform() - 3];
    const moved = moveColumn(G, 1, wanted, limits);
    assert.ok(isAllowed(moved, limits));
    assert.ok(determinant(moved) * determinant(G) > 0);
    assertNearly([moved[0][0], moved[1][0]], [G[0][0], G[1][0]], 0);
    /** @type {[number, number]} */
    const near = [G[0][1] + 1e-3, G[1][1] - 1e-3];
    const there = moveColumn(G, 1, near, limits);
    if (Math.max(...near.map(Math.abs)) <= 2) assertNearly([there[0][1], there[1][1]], near, 0);
  }
});

test("nonsense is not let in as a G", () => {
  const nonsense = [
    null,
    "G",
    [],
    [1, 2],
    [[1, 0]],
    [[1, 0], [0]],
    [
      [1, 0],
      [0, NaN],
    ],
    [
      [1, 0],
      [0, 3],
    ],
    [
      [1, 1],
      [1, 1],
    ],
  ];
  for (const value of nonsense) assert.ok(!isAllowed(value, limits));
  assert.ok(
    isAllowed(
      [
        [1, 0],
        [0, 1],
      ],
      limits,
    ),
  );
});

test("a path from one G to another keeps away from det G = 0", () => {
  for (let i = 0; i + 1 < matrices.length; i += 1) {
    const [from, to] = [matrices[i], matrices[i + 1]];
    assertNearly(blend(from, to, 1).flat(), to.flat(), 0);
    if (determinant(from) * determinant(to) < 0) continue;
    assertNearly(blend(from, to, 0).flat(), from.flat());
    const least = Math.min(findSingularValues(from)[1], findSingularValues(to)[1]);
    for (let t = 0; t <= 1; t += 0.1) {
      assert.ok(findSingularValues(blend(from, to, t))[1] >= least - 1e-12);
    }
  }
});

test("the losses of the ladder are those of their formulas where a stretch is simple", () => {
  const settings = { variances: [4, 1], lam: 1, lams: [0.5, 1.5] };
  /** @type {Matrix2} */
  const double = [
    [2, 0],
    [0, 1],
  ];
  // W2 = diag(√0.8, √0.5) = W1 before; twice the first column of W2 and half the first row of W1.
  const sum = 0.8 * (4 + 1 / 4 - 2);
  assertNearly(changeLosses(double, settings), [0, 0, sum, 0.5 * sum]);
});

test("on the ladder no loss falls, and each stays still on its own group", () => {
  const settings = { variances: [5, 3], lam: 0.3, lams: [0.2, 0.4] };
  const still = { "GL(2)": 2, "O(2)": 3, "{±1}²": 4 };
  for (const start of matrices) {
    for (const G of [start, nearestOrthogonal(start), nearestSigns(start)]) {
      const count = still[findGroup(G, limits.tolerance)];
      changeLosses(G, settings).forEach((change, i) => {
        assert.ok(change >= -1e-12, LADDER[i].name);
        assert.equal(Math.abs(change) < 1e-9, i < count, LADDER[i].name);
      });
    }
  }
});
