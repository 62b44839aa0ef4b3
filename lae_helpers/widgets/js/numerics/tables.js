/**
 * A reader's own table: read, centred, decomposed, and what figures need of it.
 *
 * @typedef {import("./npy.js").Table} Table
 * @typedef {{bytes: Uint8Array, table?: undefined} | {table: Table, bytes?: undefined}} Given
 * @typedef {import("./pca.js").Decomposition & {
 *   rows: number, columns: number, names: string[] | null, shape: [number, number] | null,
 *   labels: string[] | null, notes: string[], python: string,
 *   factor: number, evened: boolean, chosen: number[], samples: Float64Array, beyond: Float64Array,
 * }} Learned `factor` is what the numbers were multiplied by; `samples` are the rows `chosen`, and
 *   `beyond` what of their squares no direction holds
 */

import { readCsv } from "./csv.js";
import { readNpy } from "./npy.js";
import { decompose } from "./pca.js";

/**
 * One function with all that it needs but those that it imports, so that its text can go to a worker.
 *
 * @param {Given} given
 * @param {{even: boolean, most: number, nShown: number}} options `even` divides every column by its
 *   spread, `most` directions are wanted, and `nShown` rows
 * @returns {Generator<number, Learned>} which gives the share done
 * @throws {RangeError} a sentence that says what is wrong, and what would do
 */
export function* learnTable({ bytes, table }, { even, most, nShown }) {
  const MOST_NUMBERS = 2e7;
  const MOST_SIDE = 2000;
  const USUAL = [0.5, 50]; // the largest variance: here λ and the step sizes of the figures reach it
  const AIM = 5;
  const NOTHING = 1e-20; // of a squared distance: less is rounding

  /** @param {Uint8Array} file @returns {Generator<number, Table>} */
  function* read(file) {
    const begins = (/** @type {number[]} */ ...start) => start.every((byte, i) => file[i] === byte);
    if (begins(0x93, 0x4e, 0x55, 0x4d)) return readNpy(file);
    if (begins(0x50, 0x4b)) {
      throw new RangeError(
        "The file is an archive (such as .npz or .xlsx): save its one table as CSV or NPY.",
      );
    }
    if (begins(0x1f, 0x8b)) throw new RangeError("The file is compressed: unpack it first.");
    return yield* readCsv(file);
  }

  /** @param {Table} found */
  function check({ numbers, rows, columns }) {
    const count = rows === 1 ? "one row" : `${rows} rows`;
    if (rows < 3) {
      throw new RangeError(`The table has ${count}: at least three are needed, one a sample.`);
    }
    if (numbers.length > MOST_NUMBERS || Math.min(rows, columns) > MOST_SIDE) {
      throw new RangeError(
        `The table is too large for a page, ${rows} × ${columns}: at most 20 million numbers, and at most ${MOST_SIDE} rows or ${MOST_SIDE} columns. Leave some out.`,
      );
    }
    const wrong = numbers.findIndex((number) => !Number.isFinite(number));
    if (wrong >= 0) {
      throw new RangeError(
        `Row ${Math.floor(wrong / columns)}, column ${wrong % columns} (counted from 0) holds ${numbers[wrong]}, no number: leave such rows out, or fill them in.`,
      );
    }
  }

  /** The spread of every column, and how many have none. @param {Table} found */
  function measure({ numbers, rows, columns }) {
    const mean = new Float64Array(columns);
    const spread = new Float64Array(columns);
    for (let at = 0; at < numbers.length; at += 1) mean[at % columns] += numbers[at] / rows;
    for (let at = 0; at < numbers.length; at += 1) {
      spread[at % columns] = Math.max(
        spread[at % columns],
        Math.abs(numbers[at] - numbers[at % columns]),
      );
    }
    const constant = spread.filter((most_) => most_ === 0).length;
    if (constant === columns) {
      throw new RangeError(
        "All rows are the same: nothing varies, so that nothing can be learned.",
      );
    }
    spread.forEach((reach, j) => {
      let sum = 0;
      for (let at = j; at < numbers.length; at += columns) {
        sum += ((numbers[at] - mean[j]) / (reach || 1)) ** 2;
      }
      spread[j] = reach * Math.sqrt(sum / rows);
    });
    return { spread, constant };
  }

  /** Ten rows or so to look at: one of each label, or at even distances. @param {Table} found */
  function choose({ labels, rows }) {
    const names = [...new Set(labels ?? [])].sort();
    if (labels && names.length <= nShown) return names.map((name) => labels.indexOf(name));
    const length = Math.min(nShown, rows);
    return Array.from({ length }, (_, i) => Math.floor((i * (rows - 1)) / (length - 1)));
  }

  /**
   * What no direction holds of a sample's squared distance from the mean.
   *
   * @param {import("./pca.js").Decomposition} parts
   * @param {Float64Array} sample
   */
  function measureRest({ mean, directions, variances }, sample) {
    const n = mean.length;
    const rest = sample.map((x, p) => x - mean[p]);
    const whole = rest.reduce((sum, x) => sum + x * x, 0);
    for (let j = 0; j < variances.length; j += 1) {
      const direction = directions.subarray(j * n, (j + 1) * n);
      const code = rest.reduce((sum, x, p) => sum + x * direction[p], 0);
      rest.forEach((x, p) => (rest[p] = x - code * direction[p]));
    }
    const left = rest.reduce((sum, x) => sum + x * x, 0);
    return left > NOTHING * whole ? left : 0;
  }

  const found = table ?? (yield* share(read(/** @type {Uint8Array} */ (bytes)), 0, 0.4));
  check(found);
  const { rows, columns } = found;
  const numbers = table ? found.numbers.slice() : found.numbers;
  const { spread, constant } = measure(found);
  const notes = [...found.notes];
  if (constant === 1) notes.push("One column is constant and takes no part.");
  if (constant > 1) notes.push(`${constant} columns are constant and take no part.`);
  if (even) numbers.forEach((x, at) => (numbers[at] = x / (spread[at % columns] || 1)));
  const chosen = choose(found);
  const samples = Float64Array.from(
    chosen.flatMap((row) => Array.from(numbers.subarray(row * columns, (row + 1) * columns))),
  );
  const parts = yield* share(decompose(numbers, rows, columns, most), 0.4, 1);
  const [largest] = parts.variances;
  const usual = largest >= USUAL[0] && largest <= USUAL[1];
  const factor = usual ? 1 : Number(Math.sqrt(AIM / largest).toPrecision(3));
  const scaled = {
    mean: parts.mean.map((x) => x * factor),
    variances: parts.variances.map((x) => x * factor * factor),
    samples: samples.map((x) => x * factor),
    total: parts.total * factor * factor,
  };
  const { numbers: _, ...rest } = found;
  const learned = { ...rest, ...parts, ...scaled };
  return {
    ...learned,
    notes,
    factor,
    evened: even,
    chosen,
    beyond: Float64Array.from(chosen.keys(), (i) =>
      measureRest(learned, scaled.samples.slice(i * columns, (i + 1) * columns)),
    ),
  };

  /** @type {<T>(steps: Generator<number, T>, from: number, to: number) => Generator<number, T>} */
  function* share(steps, from, to) {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      yield from + (to - from) * value;
    }
  }
}
