/**
 * Arrays out of NumPy's files, and into them.
 *
 * @typedef {object} Table
 * @property {Float64Array} numbers a sample a row
 * @property {number} rows
 * @property {number} columns
 * @property {string[] | null} names of the columns
 * @property {[number, number] | null} shape of the image that a row is
 * @property {string[] | null} labels of the rows
 * @property {string[]} notes what was left out, a sentence each
 * @property {string} python how NumPy or pandas reads the same numbers; FILE stands for the name
 */

/**
 * The array in a file of version 1 to 3, real numbers of any size and order.
 *
 * One function with all that it needs, so that its text can go to a worker.
 *
 * @param {Uint8Array} bytes
 * @returns {Table}
 * @throws {RangeError} a sentence that says what is wrong, and what would do
 */
export function readNpy(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const END = "The file ends before its array does: copy it again.";

  /** @typedef {(at: number, little: boolean) => number | bigint} Read */
  /** @type {Record<string, Read>} */
  const readers = {
    f8: (at, little) => view.getFloat64(at, little),
    f4: (at, little) => view.getFloat32(at, little),
    f2: (at, little) => toHalf(view.getUint16(at, little)),
    i8: (at, little) => view.getBigInt64(at, little),
    u8: (at, little) => view.getBigUint64(at, little),
    i4: (at, little) => view.getInt32(at, little),
    u4: (at, little) => view.getUint32(at, little),
    i2: (at, little) => view.getInt16(at, little),
    u2: (at, little) => view.getUint16(at, little),
    i1: (at) => view.getInt8(at),
    u1: (at) => view.getUint8(at),
    b1: (at) => view.getUint8(at),
  };

  /** A number of sixteen bits. @param {number} bits */
  function toHalf(bits) {
    const fraction = bits & 1023;
    const exponent = (bits >> 10) & 31;
    const sign = bits >> 15 ? -1 : 1;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : fraction * 2 ** -24);
  }

  /** The text of the header, and where the numbers begin. */
  function readHeader() {
    if (bytes.length < 12) throw new RangeError(END);
    const start = bytes[6] > 1 ? 12 : 10;
    const begin = start + (bytes[6] > 1 ? view.getUint32(8, true) : view.getUint16(8, true));
    return { begin, header: new TextDecoder().decode(bytes.subarray(start, begin)) };
  }

  /** @param {RegExpExecArray | null} dtype @param {string} kind */
  function checkKind(dtype, kind) {
    if (Object.hasOwn(readers, kind)) return;
    const what = dtype ? `dtype ${dtype[2]}${dtype[3]}` : "records of several columns";
    throw new RangeError(
      `The array holds ${what}, not real numbers: save it by np.save(name, X.astype(float)).`,
    );
  }

  /** The sides of a row: a length, or height and width. @param {number[]} shape */
  function checkShape(shape) {
    const rest = shape.slice(1);
    const inner = shape.length > 3 ? rest.filter((side) => side !== 1) : rest;
    if (inner.length === 1 || inner.length === 2) return inner;
    const said = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
    throw new RangeError(
      `The array has the shape ${said}: save one of shape (samples, columns), or images of shape (samples, height, width).`,
    );
  }

  const { begin, header } = readHeader();
  const dtype = /'descr':\s*'([<>|=]?)([a-zA-Z])(\d*)/.exec(header);
  const sides = /'shape':\s*\(([^)]*)\)/.exec(header);
  if (bytes[6] > 3 || !sides) {
    throw new RangeError("The header of this NPY file cannot be read: save it by np.save again.");
  }
  const [, order, letter, digits] = dtype ?? ["", "", "", ""];
  checkKind(dtype, letter + digits);
  const size = Number(digits);
  const read = readers[letter + digits];
  const shape = (sides[1].match(/\d+/g) ?? []).map(Number);
  const inner = checkShape(shape);
  const [rows] = shape;
  const [height, width = 1] = inner;
  const columns = height * width;
  if (begin + rows * columns * size > bytes.length) throw new RangeError(END);
  const fortran = /'fortran_order':\s*True/.test(header);
  const little = order !== ">";
  const numbers = new Float64Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1, at += 1) {
      const place = fortran ? i + rows * (Math.floor(j / width) + height * (j % width)) : at;
      numbers[at] = Number(read(begin + place * size, little));
    }
  }
  const flat = shape.length > 3 ? `.reshape(${rows}, ${inner.join(", ")})` : "";
  return {
    numbers,
    rows,
    columns,
    names: null,
    shape: inner.length === 2 ? [height, width] : null,
    labels: null,
    notes: [],
    python: `np.load(FILE)${flat}`,
  };
}

/**
 * Images as a file that `np.load` reads.
 *
 * @param {Float64Array} numbers row by row
 * @param {number[]} shape
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeNpy(numbers, shape) {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const text = `${header.padEnd(117)}\n`;
  const bytes = new Uint8Array(128 + numbers.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0]);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), 128);
  return bytes;
}
