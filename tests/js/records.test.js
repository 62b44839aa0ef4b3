import assert from "node:assert/strict";
import { test } from "node:test";

import {
  findFloor,
  lastEpochOf,
  pickLayer,
  summarizeRecord,
  traceMeans,
} from "../../lae_helpers/widgets/js/numerics/feedback_runs.js";
import {
  codeTerm,
  rebuildImage,
  shareKept,
  squaredErrors,
} from "../../lae_helpers/widgets/js/numerics/rebuilding.js";
import {
  predictSpectrum,
  readBackVariances,
  traceSpectrum,
} from "../../lae_helpers/widgets/js/numerics/shrinkage.js";
import { assertNearly } from "./nearly.js";

/** @type {[number, number]} */
const spread = [0.5, 1.5];
const record = {
  seeds: [0, 1],
  accuracies: [
    [0.1, 0.1],
    [0.62, 0.7],
  ],
  weightAngles: [
    [
      [90, 80],
      [90, 100],
    ],
    [
      [10, 20],
      [20, 40],
    ],
  ],
  gains: [
    [
      [1, 1],
      [1, 1],
    ],
    [
      [0.5, 1],
      [1, 1],
    ],
  ],
  errorAngles: [
    [
      [90, 90],
      [90, 90],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ],
};

test("the summary of an epoch takes means over the seeds", () => {
  const { at, accuracy, lowest, highest, layers } = summarizeRecord(record, 7);
  assert.equal(at, lastEpochOf(record));
  assertNearly([accuracy, lowest, highest], [0.66, 0.62, 0.7]);
  assert.deepEqual(layers, [
    { angle: 15, gain: 0.75, errorAngle: 6 },
    { angle: 30, gain: 1, errorAngle: 7 },
  ]);
});

test("the axis of accuracies begins at a ten below all of them after an epoch", () => {
  assert.equal(findFloor([record]), 60);
  assert.equal(findFloor([{ ...record, accuracies: [[0.1], [0.7]] }]), 70);
  assert.equal(findFloor([{ ...record, accuracies: [[0.1], [0.99]] }]), 80);
  assert.equal(findFloor([]), 80);
});

test("tables are cut by layer and by epoch", () => {
  assert.deepEqual(pickLayer(record.weightAngles, 1), [
    [80, 100],
    [20, 40],
  ]);
  assert.deepEqual(traceMeans(record.accuracies, 0), [[0, 0.1]]);
});

test("errors add up from the last, and shares begin at none", () => {
  const errors = squaredErrors([4, 1], 0.5);
  assertNearly(errors, [5.5, 1.5, 0.5]);
  assertNearly([shareKept(errors, 0), shareKept(errors, 1)], [0, 4 / 5.5]);
  assertNearly([shareKept([0, 0], 1)], [1]);
});

test("an image is rebuilt term by term", () => {
  const basis = { directions: Int8Array.of(1, 2, -1, 0), scales: [0.5, 2], mean: [10, 20] };
  assertNearly(rebuildImage(basis, [4, 3], 0), [10, 20]);
  const terms = [codeTerm(basis, 4, 0), codeTerm(basis, 3, 1)];
  assertNearly(
    rebuildImage(basis, [4, 3], 2),
    basis.mean.map((mean, p) => mean + terms[0][p] + terms[1][p]),
  );
});

test("variances come back from the singular values that theory predicts", () => {
  const variances = [5, 2, 0.5];
  const { decoder } = predictSpectrum("sum", 0.3, variances, spread);
  assertNearly(readBackVariances(decoder ?? [], 0.3), variances);
  assert.equal(predictSpectrum("product", 0.3, variances, spread).decoder, null);
  assertNearly(readBackVariances([0], 0.3), [0.3]);
  assert.ok(Number.isNaN(readBackVariances([1], 0.3)[0]));
});

test("curves of the spectrum pass through what theory says at each strength", () => {
  const variances = [5, 2, 0.5];
  for (const regularizer of /** @type {const} */ (["product", "sum", "non-uniform sum"])) {
    traceSpectrum(regularizer, variances, [0.01, 3], spread).forEach((curve, i) => {
      assert.equal(curve[0][0], 0.01);
      for (const [lam, value] of curve) {
        const { map, decoder } = predictSpectrum(regularizer, lam, variances, spread);
        assertNearly([value], [(decoder ?? map)[i]], 1e-7);
      }
    });
  }
});

test("a curve of what is given up from the start has no points", () => {
  assert.deepEqual(traceSpectrum("sum", [1, 0.001], [0.01, 3], spread)[1], []);
});
