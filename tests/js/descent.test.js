import assert from "node:assert/strict";
import { test } from "node:test";

import { REGULARIZERS, makePenalty } from "../../lae_helpers/widgets/js/numerics/regularizers.js";
import { GROUPS } from "../../lae_helpers/widgets/js/numerics/random.js";
import {
  describeDescent,
  judgeAction,
  portray,
} from "../../lae_helpers/widgets/js/numerics/portrait.js";
import {
  act,
  advance,
  retrace,
  startDescent,
} from "../../lae_helpers/widgets/js/numerics/descent.js";
import { lossOf, minimumOf } from "../../lae_helpers/widgets/js/numerics/loss.js";
import { assertNearly } from "./nearly.js";

/** @type {import("../../lae_helpers/widgets/js/numerics/descent.js").Problem} */
const problem = {
  spectrum: Float64Array.of(5, 4, 3, 2, 1, 0.5),
  rest: 0.25,
  reference: null,
  variances: [5, 4, 3, 2, 1, 0.5],
  saddle: null,
  spread: [0.5, 1.5],
};

/** @param {number} [seed] */
const begin = (seed = 0) => startDescent(problem, 3, seed, 1);

test("a descent taken again ends at the very weights", () => {
  const descent = begin();
  advance(descent, "none", 0.3, 0, 40);
  for (const group of GROUPS) {
    assert.ok(act(descent, group));
    advance(descent, "non-uniform sum", 0.3, 0, 25);
  }
  advance(descent, "sum", 0.3, 0.01, 7);
  const entries = structuredClone(descent.walk);
  const again = begin();
  while (entries.length) retrace(again, entries, 1000);
  assertNearly(again.weights.W, descent.weights.W, 0);
  assertNearly(again.weights.V, descent.weights.V, 0);
  assert.deepEqual(again.walk, descent.walk);
  assert.equal(again.steps, 40 + 3 * 25 + 7);
});

test("under every loss the descent comes to its minimum, and knows", () => {
  for (const regularizer of REGULARIZERS) {
    const descent = begin();
    const penalty = makePenalty(regularizer, 1, 3, problem.spread);
    for (let i = 0; i < 20_000 && !descent.stationary; i += 1) {
      advance(descent, regularizer, 1, 0, 20);
    }
    assert.ok(descent.stationary, regularizer);
    assertNearly([lossOf(descent, penalty).total], [minimumOf(descent, penalty)], 1e-9);
  }
});

test("steps of one kind are one entry", () => {
  const descent = begin();
  for (let i = 0; i < 5; i += 1) advance(descent, "sum", 0.3, 0, 2);
  assert.equal(descent.walk.length, 1);
  assert.equal(descent.walk[0][3], 10);
});

test("a rate that is too large ends in divergence, and nothing goes on from there", () => {
  const descent = begin();
  advance(descent, "none", 0.3, 1, 1000);
  assert.ok(descent.diverged);
  const { steps } = descent;
  advance(descent, "none", 0.3, 0.001, 10);
  assert.equal(descent.steps, steps);
  assert.match(
    describeDescent(descent, "none", 0.3, portray(descent, "none", 0.3)),
    /^Diverged after/,
  );
});

test("an action that would make the weights too large is refused and leaves them alone", () => {
  const descent = begin();
  let seed = 0;
  while (act(descent, "GL(k)", seed)) seed += 1;
  const { W } = descent.weights;
  const kept = W.slice();
  assert.ok(!act(descent, "GL(k)", seed));
  assertNearly(W, kept, 0);
  assert.equal(descent.walk.length, seed);
});

test("what an action did is said: seen by the loss or not", () => {
  const before = { reconstruction: 1, penalty: 2, total: 3 };
  const seen = { reconstruction: 1, penalty: 2.5, total: 3.5 };
  const unseen = judgeAction("O(k)", before, before, 8);
  assert.match(unseen.verdict, /^loss unchanged, nothing pulls/);
  assert.ok(Object.values(unseen.parts).every(({ same }) => same));
  const { parts, verdict } = judgeAction("O(k)", before, seen, 8);
  assert.match(verdict, /^loss 3 → 3\.5, .* orbit of O\(k\)/);
  assert.deepEqual(parts.reconstruction, { same: true, said: "unchanged" });
  assert.deepEqual(parts.penalty, { same: false, said: "2 → 2.5" });
  assert.match(judgeAction("O(k)", before, null, 8).verdict, /^refused/);
});
