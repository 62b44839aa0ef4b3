import assert from "node:assert/strict";
import { test } from "node:test";

import { readCsv } from "../../lae_helpers/widgets/js/numerics/csv.js";
import { readNpy, writeNpy } from "../../lae_helpers/widgets/js/numerics/npy.js";
import { learnTable } from "../../lae_helpers/widgets/js/numerics/tables.js";
import { assertNearly } from "./nearly.js";

/** @template T @param {Generator<number, T>} steps @returns {T} */
function finish(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    assert.ok(value >= 0 && value <= 1);
  }
}

/** @param {string} text */
const encode = (text) => new TextEncoder().encode(text);
/** @param {string} text */
const read = (text) => finish(readCsv(encode(text)));
/** @param {string} text */
const rowsOf = (text) => {
  const { numbers, columns } = read(text);
  return Array.from({ length: numbers.length / columns }, (_, i) =>
    Array.from(numbers.subarray(i * columns, (i + 1) * columns)),
  );
};

const PLAIN = [
  [1, 2.5],
  [-3, 4e2],
  [5, 0],
];

test("separators, decimal commas, quotes, blank lines and line ends of every kind", () => {
  const files = [
    "1,2.5\n-3,4e2\n5,0\n",
    "1;2.5\r\n-3;4e2\r\n\r\n5;0",
    "1\t2.5\r-3\t4e2\r5\t0\r",
    "1;2,5\n-3;400,0\n5;0",
    "1\t2,5\n-3\t4e2\n5\t0",
    '"1","2.5"\n"-3", "4e2"\n5,"0"',
    "\ufeff1,2.5\n-3,4e2\n5,0",
    "1 2.5\n -3   4e2\n5 0\n",
    " 1 , +2.5\n-3,400\n5,.0",
    "a,b\n1,2.5\n-3,4e2\n5,0",
    'a;"b\nand c"\n1;2,5\n-3;4e2\n5;0',
  ];
  for (const file of files) assert.deepEqual(rowsOf(file), PLAIN, file);
  const wide = Uint8Array.from([0xff, 0xfe, ...Buffer.from("1,2.5\n-3,4e2\n5,0", "utf16le")]);
  assert.deepEqual(Array.from(finish(readCsv(wide)).numbers), PLAIN.flat());
});

test("headers and columns are told from numbers", () => {
  const flowers = read("length,width,species\n1,2,iris\n3,4,rose\n5,7,oak\n");
  assert.deepEqual(flowers.names, ["length", "width"]);
  assert.deepEqual(flowers.labels, ["iris", "rose", "oak"]);
  assert.deepEqual(flowers.notes, ["The column “species” names the rows."]);
  assert.equal(flowers.python, "pd.read_csv(FILE, usecols=range(0, 2)).to_numpy(float)");
  const indexed = read(",0,1\n0,5,6\n1,7,9\n2,7,7\n");
  assert.deepEqual(Array.from(indexed.numbers), [5, 6, 7, 9, 7, 7]);
  assert.deepEqual(indexed.notes, ["The first column counts the rows and was left out."]);
  const named = read("row;x\nanna;1,5\nbert;2\ncleo;3");
  assert.deepEqual(named.labels, ["anna", "bert", "cleo"]);
  assert.equal(
    named.python,
    'pd.read_csv(FILE, sep=";", decimal=",", usecols=range(1, 2)).to_numpy(float)',
  );
  const two = read("town,x,street\na,1,b\nc,2,d\ne,3,f\n");
  assert.deepEqual(two.labels, ["a", "c", "e"]);
  assert.equal(
    read("x,town,y\n1,a,2\n3,b,4\n5,c,7").python,
    "pd.read_csv(FILE, usecols=[0, 2]).to_numpy(float)",
  );
  assert.ok(two.notes.includes("The column “street” holds text and was left out."));
  const digits = read("label,pixel0,pixel1\n7,0,255\n1,3,4\n2,2,2\n");
  assert.deepEqual([digits.labels, digits.columns], [["7", "1", "2"], 2]);
  assert.equal(read("1,2\n3,4").names, null);
  assert.equal(read("1,2\n3,4").python, "pd.read_csv(FILE, header=None).to_numpy(float)");
  assert.deepEqual(read("0,1,2\n5,6,9\n7,7,7").names, ["0", "1", "2"]);
});

test("what is wrong with a text is said with its line, and what would do", () => {
  /** @type {[string, RegExp][]} */
  const files = [
    ["", /^The file is empty: it needs/],
    ["\n \n", /^The file is empty/],
    ["a,b\n1,2\n3\n", /^Line 3 has 1 cells, but line 1 has 2: give every line as many/],
    ["1,2\n3,4\n\n5,6,7", /^Line 4 has 3 cells, but line 1 has 2/],
    ["a,b\n1,2\n3,four\n5,6", /^Line 3, column “b”: “four” is no number; correct it/],
    ["1,2\n3,\n5,6", /^Line 2, column 2: the number is missing; fill it in, or leave/],
    ["a,b\n1,NA\n3,2\n5,6", /^Line 2, column “b”: the number is missing/],
    ["a,b\n1,2\n3,inf\n5,6", /^Line 3, column “b”: “inf” is no number/],
    ["a,b\nx,y\nz,w", /^No column of the file holds numbers/],
    ["PK\0\0", /^The file is no text: save the table as CSV/],
  ];
  for (const [file, message] of files) assert.throws(() => read(file), { message }, file);
});

/** @param {string} text @param {{even?: boolean}} [options] */
const learn = (text, { even = false } = {}) =>
  finish(learnTable({ bytes: encode(text) }, { even, most: 64, nShown: 10 }));

test("what is wrong with a table is said too", () => {
  /** @type {[string, RegExp][]} */
  const files = [
    ["1,2", /^The table has one row: at least three/],
    ["1,2\n3,4", /^The table has 2 rows/],
    ["1,2\n1,2\n1,2", /^All rows are the same/],
    ["PK,2", /^The file is an archive/],
  ];
  for (const [file, message] of files) assert.throws(() => learn(file), { message });
  const large = { numbers: new Float64Array(2001 * 2001), rows: 2001, columns: 2001 };
  const table = { ...large, names: null, shape: null, labels: null, notes: [], python: "" };
  assert.throws(() => finish(learnTable({ table }, { even: false, most: 1, nShown: 1 })), {
    message: /^The table is too large for a page, 2001 × 2001/,
  });
});

test("a table of other units is brought to where λ reaches it, and says by what", () => {
  const { variances, factor, total, mean, notes } = learn(
    "a,b,c\n1e6,0,3\n-1e6,0,3\n0,3,3\n0,-3,3",
  );
  assert.deepEqual([factor, notes], [3.16e-6, ["One column is constant and takes no part."]]);
  assertNearly(
    variances,
    [5e11, 4.5, 0].map((v) => v * 3.16e-6 ** 2),
    1e-9,
  );
  assertNearly([total / variances[0], mean[2] / 3], [1 + 9e-12, 3.16e-6], 1e-12);
  const even = learn("a,b,c\n1e6,0,3\n-1e6,0,3\n0,3,3\n0,-3,3", { even: true });
  assertNearly(even.variances, [1, 1, 0], 1e-12);
  assert.equal(even.factor, 1);
});

test("rows to look at are one of each label, or at even distances", () => {
  assert.deepEqual(learn("x,name\n1,b\n2,a\n4,b\n8,a").chosen, [1, 0]);
  const many = Array.from({ length: 21 }, (_, i) => `${i * i},${i}`).join("\n");
  assert.deepEqual(learn(many).chosen, [0, 2, 4, 6, 8, 11, 13, 15, 17, 20]);
});

test("what is written for NumPy is read back", () => {
  const numbers = Float64Array.from({ length: 24 }, (_, i) => Math.sin(i));
  const found = readNpy(writeNpy(numbers, [4, 2, 3]));
  assertNearly(found.numbers, numbers, 0);
  assert.deepEqual([found.rows, found.columns, found.shape], [4, 6, [2, 3]]);
});
