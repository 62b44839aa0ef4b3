import assert from "node:assert/strict";
import { test } from "node:test";

import {
  GROUPS,
  drawFromGroup,
  drawNormals,
  mulberry32,
} from "../../lae_helpers/widgets/js/numerics/random.js";
import {
  invert,
  leftSingularVectors,
  orthogonalize,
} from "../../lae_helpers/widgets/js/numerics/linear_algebra.js";
import { assertNearly, drawNumbers, identity, multiply, transpose } from "./nearly.js";

test("Q of a matrix is orthogonal, and R is upper triangular with a positive diagonal", () => {
  for (const k of [1, 2, 5, 16]) {
    const matrix = drawNumbers(k * k, k);
    const Q = orthogonalize(matrix, k);
    assertNearly(multiply(transpose(Q, k), Q, k), identity(k));
    const R = multiply(transpose(Q, k), matrix, k);
    R.forEach((entry, at) => {
      const [i, j] = [Math.floor(at / k), at % k];
      if (i === j) assert.ok(entry > 0);
      if (i > j) assert.ok(Math.abs(entry) < 1e-12);
    });
  }
});

test("columns that nearly coincide are still made orthogonal", () => {
  const Q = orthogonalize(Float64Array.of(1, 1, 1e-9, 0), 2);
  assertNearly(multiply(transpose(Q, 2), Q, 2), identity(2));
});

test("an inverse inverts, rows that need a pivot too", () => {
  for (const matrix of [Float64Array.of(0, 1, 2, 3), drawNumbers(25, 3), drawNumbers(256, 4)]) {
    const k = Math.sqrt(matrix.length);
    assertNearly(multiply(matrix, invert(matrix, k), k), identity(k), 1e-9);
  }
});

test("singular values and left singular vectors are those that a product was made of", () => {
  const [rows, columns] = [6, 3];
  const left = orthogonalize(drawNumbers(rows * rows, 1), rows);
  const right = orthogonalize(drawNumbers(columns * columns, 2), columns);
  const values = [3, 0.5, 1e-7];
  const scaled = Float64Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    return left[i * rows + j] * values[j];
  });
  const found = leftSingularVectors(multiply(scaled, right, columns), rows, columns);
  assertNearly(found.values, values);
  const cosines = multiply(transpose(found.vectors, columns), left, rows);
  for (let j = 0; j < columns; j += 1) {
    assertNearly([Math.abs(cosines[j * rows + j])], [1], 1e-8);
  }
});

test("the vector of a singular value of zero is zero", () => {
  const { values, vectors } = leftSingularVectors(Float64Array.of(2, 0, 0, 0, 0, 0), 3, 2);
  assertNearly(values, [2, 0]);
  assertNearly(vectors, [1, 0, 0, 0, 0, 0]);
});

test("the generator is mulberry32", () => {
  const uniform = mulberry32(0);
  // The numbers that tests/explorer/test_random.py has, over 2³².
  assertNearly(
    [uniform(), uniform()],
    [1144304738, 1416247].map((n) => n / 2 ** 32),
    0,
  );
});

test("normal numbers are of mean 0 and variance 1, and an odd count begins as an even one", () => {
  const numbers = drawNormals(mulberry32(7), 20_000);
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  assertNearly([mean, variance], [0, 1], 0.03);
  assertNearly(drawNormals(mulberry32(7), 5), numbers.slice(0, 5), 0);
});

test("elements of the groups are in them", () => {
  const k = 4;
  for (let seed = 0; seed < 20; seed += 1) {
    for (const group of GROUPS) {
      const { G, inverse } = drawFromGroup(group, seed, k);
      assertNearly(multiply(G, inverse, k), identity(k), 1e-12);
      const { values } = leftSingularVectors(G, k, k);
      if (group === "GL(k)") assert.ok(values[0] <= 2 && values[k - 1] >= 0.5);
      else assertNearly(values, [1, 1, 1, 1]);
      if (group === "{±1}^k") {
        assert.ok(G.includes(-1));
        assertNearly(G.map(Math.abs), identity(k), 0);
      }
    }
  }
});
