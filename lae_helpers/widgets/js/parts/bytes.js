/** Numbers out of the binary traits, and into them. */

/** @param {DataView} view @returns {Float64Array} */
export function readDoubles(view) {
  return new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** @param {DataView} view @returns {Int8Array} */
export function readSmallIntegers(view) {
  return new Int8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** @param {DataView} view @returns {Uint8Array} */
export function readPixels(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** @param {Float64Array} numbers @returns {DataView} */
export function writeDoubles(numbers) {
  return new DataView(numbers.slice().buffer);
}
