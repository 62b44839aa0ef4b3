import assert from "node:assert/strict";
import { test } from "node:test";

import { REGULARIZERS, makePenalty } from "../../lae_helpers/widgets/js/numerics/autoencoder.js";
import { GROUPS } from "../../lae_helpers/widgets/js/numerics/draws.js";
import {
  describeAction,
  describeWalk,
  portray,
} from "../../lae_helpers/widgets/js/numerics/portrait.js";
import {
  act,
  advance,
  lossOf,
  minimumOf,
  retrace,
  startWalk,
} from "../../lae_helpers/widgets/js/numerics/walk.js";
import { assertNearly } from "./nearly.js";

/** @type {import("../../lae_helpers/widgets/js/numerics/walk.js").Problem} */
const problem = {
  spectrum: Float64Array.of(5, 4, 3, 2, 1, 0.5),
  rest: 0.25,
  reference: null,
  variances: [5, 4, 3, 2, 1, 0.5],
  saddle: null,
  spread: [0.5, 1.5],
};

/** @param {number} [seed] */
const begin = (seed = 0) => startWalk(problem, 3, seed, 1);

test("a walk taken again ends at the very weights", () => {
  const walk = begin();
  advance(walk, "none", 0.3, 0, 40);
  for (const group of GROUPS) {
    assert.ok(act(walk, group));
    advance(walk, "non-uniform sum", 0.3, 0, 25);
  }
  advance(walk, "sum", 0.3, 0.01, 7);
  const entries = structuredClone(walk.entries);
  const again = begin();
  while (entries.length) retrace(again, entries, 1000);
  assertNearly(again.weights.W, walk.weights.W, 0);
  assertNearly(again.weights.V, walk.weights.V, 0);
  assert.deepEqual(again.entries, walk.entries);
  assert.equal(again.steps, 40 + 3 * 25 + 7);
});

test("under every loss the walk comes to its minimum, and knows", () => {
  for (const regularizer of REGULARIZERS) {
    const walk = begin();
    const penalty = makePenalty(regularizer, 1, 3, problem.spread);
    for (let i = 0; i < 20_000 && !walk.stationary; i += 1) advance(walk, regularizer, 1, 0, 20);
    assert.ok(walk.stationary, regularizer);
    assertNearly([lossOf(walk, penalty).total], [minimumOf(walk, penalty)], 1e-9);
  }
});

test("steps of one kind are one entry", () => {
  const walk = begin();
  for (let i = 0; i < 5; i += 1) advance(walk, "sum", 0.3, 0, 2);
  assert.equal(walk.entries.length, 1);
  assert.equal(walk.entries[0][3], 10);
});

test("a rate that is too large ends in divergence, and nothing goes on from there", () => {
  const walk = begin();
  advance(walk, "none", 0.3, 1, 1000);
  assert.ok(walk.diverged);
  const { steps } = walk;
  advance(walk, "none", 0.3, 0.001, 10);
  assert.equal(walk.steps, steps);
  assert.match(describeWalk(walk, "none", 0.3, portray(walk, "none", 0.3)), /^Diverged after/);
});

test("an action that would make the weights too large is refused and leaves them alone", () => {
  const walk = begin();
  let seed = 0;
  while (act(walk, "GL(k)", seed)) seed += 1;
  const { W } = walk.weights;
  const kept = W.slice();
  assert.ok(!act(walk, "GL(k)", seed));
  assertNearly(W, kept, 0);
  assert.equal(walk.entries.length, seed);
});

test("what an action did is said: seen by the loss or not", () => {
  const before = { reconstruction: 1, penalty: 2, total: 3 };
  const seen = { reconstruction: 1, penalty: 2.5, total: 3.5 };
  assert.match(describeAction("G", "O(k)", before, before, 8), /cannot see it/);
  assert.match(describeAction("G", "O(k)", before, seen, 8), /penalty 2 → 2\.5.*orbit of O\(k\)/);
  assert.match(describeAction("G", "O(k)", before, null, 8), /refused/);
});
