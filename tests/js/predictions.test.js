import assert from "node:assert/strict";
import { test } from "node:test";

import {
  countInversions,
  drawStroke,
  fillGaps,
  judge,
  shareOf,
  valueAt,
} from "../../lae_helpers/widgets/js/numerics/predictions.js";

const LINEAR = { limits: /** @type {[number, number]} */ ([-1, 3]), label: "", log: false };
const LOG = { limits: /** @type {[number, number]} */ ([0.01, 100]), label: "", log: true };

test("shares and values of an axis undo each other", () => {
  for (const axis of [LINEAR, LOG]) {
    for (const share of [0, 0.25, 0.5, 1]) {
      assert.ok(Math.abs(shareOf(axis, valueAt(axis, share)) - share) < 1e-12);
    }
  }
  assert.equal(valueAt(LINEAR, 0.5), 1);
  assert.ok(Math.abs(valueAt(LOG, 0.5) - 1) < 1e-12);
});

test("inversions are the pairs that stand the other way round", () => {
  assert.equal(countInversions([2, 0, 1], [2, 0, 1]), 0);
  assert.equal(countInversions([1, 0, 2], [2, 0, 1]), 3);
  assert.equal(countInversions([0, 2, 1], [2, 0, 1]), 1);
});

test("a judgement is a share of what could have been", () => {
  assert.deepEqual(judge("choice", [1], [1], [], 0), { distance: 0, hit: true });
  assert.deepEqual(judge("choice", [0], [1], [], 0), { distance: 1, hit: false });
  assert.deepEqual(judge("order", [1, 0, 2], [2, 0, 1], [], 0), { distance: 1, hit: false });
  assert.deepEqual(judge("number", [0], [1], [LINEAR], 0.25), { distance: 0.25, hit: true });
  assert.deepEqual(judge("number", [0], [1], [LINEAR], 0.24), { distance: 0.25, hit: false });
  const decade = judge("number", [10], [1], [LOG], 0.2);
  assert.ok(Math.abs(decade.distance - 0.25) < 1e-12 && !decade.hit);
  const point = judge("point", [2, 3], [-1, -1], [LINEAR, LINEAR], 0);
  assert.ok(Math.abs(point.distance - 1.25) < 1e-12);
  const curve = judge("curve", [0, 1, 2], [1, 1, 1], [LINEAR, LINEAR], 0);
  assert.ok(Math.abs(curve.distance - 0.5 / 3) < 1e-12);
});

test("a stroke draws a line over the places that it passes, whichever way it goes", () => {
  const positions = [0, 1, 2, 3, 4];
  for (const way of [
    [
      [1, 10],
      [3, 30],
    ],
    [
      [3, 30],
      [1, 10],
    ],
  ]) {
    const heights = [5, NaN, NaN, NaN, NaN];
    const [from, to] = /** @type {[number, number][]} */ (way);
    drawStroke(positions, heights, from, to);
    assert.deepEqual(heights, [5, 10, 20, 30, NaN]);
    assert.deepEqual(fillGaps(heights), [5, 10, 20, 30, 30]);
  }
  const dot = positions.map(() => NaN);
  drawStroke(positions, dot, [2.2, 7], [2.2, 7]);
  assert.deepEqual(dot, [NaN, NaN, 7, NaN, NaN]);
  assert.deepEqual(fillGaps(dot), [7, 7, 7, 7, 7]);
});
